"""Cues on the annotated real clips: the whole program, pose estimation included. Few of them show a sure fault."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fias_desktop.coach.cues import ON_TIME_S, SOURCE
from fias_desktop.domain.types import Advice
from trainer.judge.cue_replay import POSE_S
from trainer.judge.cue_scores import Fault, Said, matched
from trainer.judge.evaluate_clips import read_annotations

_SURE = 0.6


@dataclass(frozen=True)
class ClipCues:
    """One clip: its sure `faults` and how many got their cue `in_time`; corrections `said`, of which `false` ones fell
    where nobody did the exercise or into a repetition that is surely correct. `seconds` long."""

    faults: int
    in_time: int
    said: int
    false: int
    seconds: float


def clip_cues(folder: Path) -> list[ClipCues]:
    """Every annotated clip of a folder through the program."""
    # Only here: it loads pose estimation and the whole coach.
    from fias_desktop.engine.batch import analyse

    found = []
    for truth in read_annotations(folder):
        analysis = analyse(folder / truth["file"], coach=False)
        found.append(judged_clip(truth, analysis.advice, analysis.source.seconds))
    return found


def judged_clip(truth: dict[str, Any], advice: tuple[Advice, ...], seconds: float) -> ClipCues:
    """The corrections of one clip beside its annotation."""
    said = [Said(cue.time_s + POSE_S, cue.code) for cue in advice if cue.source == SOURCE and cue.severity > 0]
    sure = [
        rep for rep in truth["reps"] if float(rep["confidence"]) >= _SURE and rep["form"] not in ("correct", "unclear")
    ]
    faults = [Fault(str(truth["exercise"]), str(rep["form"]), float(rep["bottom_s"]), 1.0, True) for rep in sure]
    in_time = sum(pair >= 0 for pair in matched(said, faults))
    false = sum(_false(cue, truth["reps"]) for cue in said)
    return ClipCues(len(faults), in_time, len(said), false, seconds)


def _false(cue: Said, reps: list[dict[str, Any]]) -> bool:
    meant = [rep for rep in reps if float(rep["start_s"]) <= cue.time_s <= float(rep["end_s"]) + ON_TIME_S]
    return all(rep["form"] == "correct" and float(rep["confidence"]) >= _SURE for rep in meant)
