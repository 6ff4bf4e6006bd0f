"""The table of continuous streams: rows, plots and the paper's figures, from made-up answers and clips."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.types import Repetition, TimelineSample
from trainer.judge.evaluate_clips import score_clip
from trainer.judge.stream_answers import Answers
from trainer.judge.stream_scores import score
from trainer.tables import stream, stream_clips
from trainer.tables.stream_clips import Clip, Found, as_clip
from trainer.tables.stream_plot import timelines

TRUTH: dict[str, Any] = {
    "file": "a.mp4", "exercise": "squat", "count_best": 2, "count_range": [2, 2], "idle_spans": [],
    "reps": [
        {"start_s": 1.0, "bottom_s": 2.0, "end_s": 3.0, "form": "knees_inward", "confidence": 0.9},
        {"start_s": 3.2, "bottom_s": 4.0, "end_s": 5.0, "form": "forward_lean", "confidence": 0.9},
        {"start_s": 7.0, "bottom_s": 8.0, "end_s": 9.0, "form": "correct", "confidence": 0.3},
    ],
}  # fmt: skip


def answers(seed: int) -> Answers:
    """Squats from 2 to 6 s, said with a fifth of errors."""
    rng, time_s = np.random.default_rng(seed), np.arange(0, 10.0, 0.1)
    said = np.where((time_s > 2.2) & (time_s < 6.2), LABELS.index("squat_correct"), LABELS.index("idle"))
    said = np.where(rng.random(len(said)) < 0.2, rng.integers(len(LABELS), size=len(said)), said)
    probs = np.full((len(time_s), len(LABELS)), 0.02, np.float32)
    probs[np.arange(len(time_s)), said] = 0.82
    known = rng.random(len(time_s)) < 0.9
    label = np.array([LABELS.index("squat_correct")])
    return Answers(time_s, probs, known, np.ones_like(known), np.array([2.0]), np.array([6.0]), label, 0.0)


def clip() -> Clip:
    times = np.arange(0, 10.0, 0.1).tolist()
    timeline = tuple(
        TimelineSample(t, "squat_correct" if t < 6 else "idle", "squat" if t < 6 else "idle", 0.9, True, (), "unknown")
        for t in times
    )
    reps = tuple(Repetition("squat", i, b - 1, b, b + 1, True, "because") for i, b in ((1, 2.0), (2, 4.0)))
    return as_clip(TRUTH, Found(timeline, reps))


def test_clips_keep_what_was_said_beside_the_truth() -> None:
    one = clip()
    assert one.score == score_clip(TRUTH, one.found)
    decided, alone = one.recording(alone=False, fine=False), one.recording(alone=True, fine=False)
    assert score([decided], ("squat",)).stability == pytest.approx(41 / 62, abs=0.03)
    assert set(alone.names.tolist()) == {"unknown"}


def test_fine_truth_leaves_unsure_forms_out_and_takes_errors_without_a_class_for_correct() -> None:
    fine = clip().recording(alone=False, fine=True)
    assert [each.name for each in fine.active] == ["squat_knees_inward", "squat_correct"]
    assert not ((fine.time_s >= 7.0) & (fine.time_s <= 9.0)).any()


def test_the_table_has_ours_beside_the_papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIAS_CLIPS", raising=False)
    monkeypatch.setattr(
        stream, "simulated_answers", lambda model, seed, count, cache, workers: [answers(i) for i in range(count)]
    )
    assert stream.main(["--streams", "3", "--out", str(tmp_path)]) == 0
    text = (tmp_path / "stream.md").read_text()
    assert "| simulated | groups, decided | squat |" in text
    assert "| FIAS paper | groups | all | 0.478 |" in text
    assert (tmp_path / "stream.png").stat().st_size > 1000 and (tmp_path / "stream.csv").is_file()


def test_tuning_prints_rules(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        stream, "simulated_answers", lambda model, seed, count, cache, workers: [answers(i) for i in range(count)]
    )
    assert stream.main(["--tune", "--tune-streams", "2", "--tries", "20"]) == 0
    assert "enter_per_s" in capsys.readouterr().out


def test_analyses_are_kept_until_the_model_or_the_rules_change(tmp_path: Path) -> None:
    one = clip()
    stream_clips.keep(tmp_path / "a.json", one.found)
    assert stream_clips.read(tmp_path / "a.json") == one.found
    assert json.loads((tmp_path / "a.json").read_text())["repetitions"][0]["exercise"] == "squat"


def test_a_plot_has_a_strip_for_every_recording() -> None:
    judged = stream.simulated([answers(0), answers(1)])
    shown = [("a", judged.groups_alone[0], judged.groups[0]), ("b", judged.groups_alone[1], judged.groups[1])]
    assert len(timelines(shown).axes) == 2
