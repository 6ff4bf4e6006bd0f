"""The annotated real clips as the whole program sees them, once analysed and then kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from fias_desktop.domain.exercises import CLASS_OF_ERROR, EXERCISES, group_of
from fias_desktop.domain.types import Bool, Float64, Repetition, TimelineSample
from fias_desktop.engine.batch import analyse
from fias_desktop.resources import read_card
from fias_desktop.stages.decide import RULES, UNKNOWN
from trainer.judge.evaluate_clips import ClipScore, read_annotations, recording_of, score_clip
from trainer.judge.stream_scores import Names, Recording, joined

_SURE_FORM = 0.6


@dataclass(frozen=True)
class Found:
    """What of an analysis is judged."""

    timeline: tuple[TimelineSample, ...]
    repetitions: tuple[Repetition, ...]


@dataclass(frozen=True, eq=False)
class Clip:
    """One clip: its annotation, what was found, its score, and at `time_s` (T,) what each window `alone` said and what
    was `decided`, fine classes or `unknown`."""

    truth: dict[str, Any]
    found: Found
    score: ClipScore
    time_s: Float64
    alone: Names
    decided: Names

    def recording(self, alone: bool, fine: bool) -> Recording:
        """The samples beside the truth, as fine classes or as groups. Of repetitions whose fine class nobody knows the
        samples are left out."""
        said = self.alone if alone else self.decided
        exercise = str(self.truth["exercise"])
        if not fine:
            coarse = [name if name == UNKNOWN else group_of(name) for name in said.tolist()]
            return recording_of(self.truth, list(zip(self.time_s.tolist(), coarse, strict=True)))
        reps = [(float(rep["start_s"]), float(rep["end_s"]), _class_of(exercise, rep)) for rep in self.truth["reps"]]
        judged = self._judged([(start, end) for start, end, label in reps if label is None])
        active = joined((start, end, label) for start, end, label in reps if label is not None)
        return Recording(self.time_s[judged], said[judged], active)

    def _judged(self, unclear: Sequence[tuple[float, float]]) -> Bool:
        judged = np.ones(len(self.time_s), np.bool_)
        for start_s, end_s in unclear:
            judged &= (self.time_s < start_s) | (self.time_s > end_s)
        return judged


def analysed_clips(folder: Path, model: Path, cache: Path | None = None) -> list[Clip]:
    """Every annotated clip of a folder, analysed by the program with its own model; kept under `cache` for as long as
    neither the model nor the decision's rules change."""
    version = hashlib.sha256(repr((sorted(read_card(model).hashes.items()), RULES)).encode()).hexdigest()[:12]
    kept = cache / f"clips-{version}" if cache else None
    return [_clip(folder, row, kept) for row in track(read_annotations(folder), "Clips", transient=True)]


def _clip(folder: Path, truth: dict[str, Any], kept: Path | None) -> Clip:
    path = kept / f"{Path(truth['file']).stem}.json" if kept else None
    if path is not None and path.is_file():
        return as_clip(truth, read(path))
    analysis = analyse(folder / truth["file"], coach=False)
    found = Found(analysis.timeline, analysis.repetitions)
    if path is not None:
        keep(path, found)
    return as_clip(truth, found)


def as_clip(truth: dict[str, Any], found: Found) -> Clip:
    """What was found in a clip beside its annotation."""
    return Clip(
        truth,
        found,
        score_clip(truth, found),
        np.array([sample.time_s for sample in found.timeline], np.float64),
        np.array([sample.window_label or UNKNOWN for sample in found.timeline], np.str_),
        np.array([sample.label if sample.known else UNKNOWN for sample in found.timeline], np.str_),
    )


def keep(path: Path, found: Found) -> None:
    """Write what was found, whole or not at all."""
    content = {
        "timeline": [asdict(sample) for sample in found.timeline],
        "repetitions": [asdict(replace(rep, evidence=())) for rep in found.repetitions],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(path)


def read(path: Path) -> Found:
    """What `keep` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Found(
        tuple(TimelineSample(**row | {"group_probs": tuple(row["group_probs"])}) for row in content["timeline"]),
        tuple(Repetition(**row | {"evidence": ()}) for row in content["repetitions"]),
    )


def _class_of(exercise: str, rep: dict[str, Any]) -> str | None:
    """The fine class of an annotated repetition; None where its form is not sure, and what it is where it is none."""
    if exercise not in EXERCISES:
        return exercise
    if float(rep["confidence"]) < _SURE_FORM or rep["form"] == "unclear":
        return None
    return CLASS_OF_ERROR.get((exercise, str(rep["form"])), f"{exercise}_correct")
