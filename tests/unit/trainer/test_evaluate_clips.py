"""Scoring against annotations: the glossary's words, on made-up clips."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Repetition, TimelineSample
from trainer.judge.evaluate_clips import evaluate_clips, main, markdown, report, score_clip, summary


@dataclass(frozen=True)
class Found:
    timeline: tuple[TimelineSample, ...] = ()
    repetitions: tuple[Repetition, ...] = ()


def annotation(exercise: str = "squat", **changes: Any) -> dict[str, Any]:
    reps = [
        {"start_s": 2.0, "bottom_s": 3.0, "end_s": 4.0, "form": "correct", "confidence": 0.8},
        {"start_s": 4.5, "bottom_s": 5.5, "end_s": 6.5, "form": "too_shallow", "confidence": 0.8},
        {"start_s": 9.0, "bottom_s": 10.0, "end_s": 11.0, "form": "correct", "confidence": 0.4},
    ]
    idle = [{"start_s": 6.5, "end_s": 9.0, "what": "standing"}, {"start_s": 4.0, "end_s": 4.5, "what": "pause"}]
    row = {
        "file": "a.mp4",
        "exercise": exercise,
        "count_best": 3,
        "count_range": [3, 3],
        "reps": reps,
        "idle_spans": idle,
    }
    return row | changes


def rep(bottom_s: float, exercise: str = "squat", form: str = "correct", counted: bool = True) -> Repetition:
    return Repetition(exercise, 1, bottom_s - 1, bottom_s, bottom_s + 1, counted, "because", form)


def samples(spans: dict[str, tuple[float, float]], known: bool = True) -> tuple[TimelineSample, ...]:
    times = np.arange(0.0, 12.0, 0.1).tolist()
    names = [next((name for name, (a, b) in spans.items() if a <= t < b), "idle") for t in times]
    return tuple(TimelineSample(t, name, name, 0.9, known) for t, name in zip(times, names, strict=True))


def test_a_perfect_answer_is_all_right() -> None:
    found = Found(samples({"squat": (2.0, 6.51)}), (rep(3.0), rep(5.5, form="too_shallow"), rep(10.0)))
    score = score_clip(annotation(), found)
    assert score.named_right and score.count_right and score.ghosts == 0 and score.forms == (2, 2)
    assert score.stability == pytest.approx(45 / 65, abs=0.03)
    assert score.response_s == pytest.approx(0.0, abs=0.11)


def test_rejected_repetitions_are_not_counted() -> None:
    found = Found((), (rep(3.0), rep(5.5, counted=False), rep(10.0)))
    score = score_clip(annotation(), found)
    assert score.counted == 2 and not score.count_right


def test_ghosts_lie_in_long_pauses_or_are_another_exercise() -> None:
    found = Found((), (rep(3.0), rep(7.8), rep(4.25), rep(10.0, exercise="lunge")))
    assert score_clip(annotation(), found).ghosts == 2


def test_everything_counted_on_another_exercise_is_a_ghost() -> None:
    score = score_clip(annotation("jump_rope"), Found(samples({"squat": (2.0, 5.0)}), (rep(3.0),)))
    assert score.ghosts == 1 and score.named is None and not score.known


def test_an_unknown_movement_is_not_named_right() -> None:
    score = score_clip(annotation(), Found(samples({"squat": (0.0, 12.0)}, known=False)))
    assert score.named == "unknown" and not score.named_right and score.stability == 0.0


def test_a_second_sure_label_counts_as_agreement() -> None:
    reps = [{"start_s": 2.0, "bottom_s": 3.0, "end_s": 4.0, "form": "correct", "confidence": 0.9}]
    reps[0]["also"] = [["forward_lean", 0.7], ["knees_inward", 0.3]]
    row = annotation(reps=reps)
    assert score_clip(row, Found((), (rep(3.1, form="forward_lean"),))).forms == (1, 1)
    assert score_clip(row, Found((), (rep(3.1, form="knees_inward"),))).forms == (0, 1)
    assert score_clip(row, Found((), (rep(5.0),))).forms == (0, 0)


def test_a_folder_is_scored_and_summed_up(tmp_path: Path) -> None:
    rows = [annotation(), annotation("walk", file="b.mp4", reps=[], count_best=0, count_range=[0, 0], idle_spans=[])]
    (tmp_path / "annotations.json").write_text(json.dumps(rows), encoding="utf-8")
    answers = {"a.mp4": Found(samples({"squat": (2.0, 7.0)}), (rep(3.0), rep(5.5), rep(10.0))), "b.mp4": Found()}
    scores = evaluate_clips(tmp_path, lambda path: answers[path.name])
    figures = summary(scores)
    assert figures["named_right"] == figures["counts_within_range"] == figures["clips_with_a_known_exercise"] == 1
    assert figures["ghosts"] == 0 and (figures["forms_agreed"], figures["forms_compared"]) == (1, 2)
    assert report(scores).row_count == 2
    table = markdown(scores).splitlines()
    assert table[2].startswith("| a | squat | squat |") and "- named right: 1" in table


def test_a_folder_without_annotations_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(FiasError, match=r"no annotations\.json"):
        evaluate_clips(tmp_path, lambda path: Found())


def test_no_folder_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIAS_CLIPS", raising=False)
    with pytest.raises(FiasError, match="No folder"):
        main([])
