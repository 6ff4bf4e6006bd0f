"""UI-PRMD's squats and lunges, correct and deliberately incorrect, as the program would see them from all sides.

Every repetition gives windows (coco17feet, as `make_window` makes them) from virtual cameras around the person through
the estimator's noise, and the same windows in three dimensions.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fias_desktop.domain.geometry import torso_scale
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Float32, Float64, Int64
from trainer.data import uiprmd
from trainer.data.arrays import keep, kept
from trainer.data.sequence import SkeletonSequence
from trainer.judge.views import body_joints, filmed, resampled, windows_at

TAGS = ("shallow", "lean", "tilt", "valgus", "past_toe")
# Cameras around the person: the first of each pair of sides is to their right.
RING_DEG = (0.0, 45.0, 90.0, 135.0, 180.0, -135.0, -90.0, -45.0)
SIDES = ("front", "oblique, front", "side", "oblique, back", "back")
ENDS = (0.7, 0.85, 1.0)  # of a repetition's duration: where its windows end
VERSION = 1
_HIPS = COCO17_FEET.indices("left_hip", "right_hip")


@dataclass(frozen=True, eq=False)
class Repetitions:
    """R repetitions: `squat` bool (R,) (otherwise a lunge), `subject` int64 (R,), `wrong` bool (R,), and `tags` float32
    (R, 5), 1 or 0 for each of `TAGS`: rules on measured angles against the person's own correct repetitions."""

    squat: Bool
    subject: Int64
    wrong: Bool
    tags: Float32


@dataclass(frozen=True, eq=False)
class FormWindows:
    """N windows `joints` float32 (N, T, V, 3) (x, y, score, or x, y, z) of the repetitions `repetition` int64 (N,),
    seen from `ring` int64 (N,) (index into `RING_DEG`; -1: none), ending at `end` int64 (N,) (index into `ENDS`)."""

    joints: Float32
    repetition: Int64
    ring: Int64
    end: Int64

    def of(self, rows: Bool | Int64) -> FormWindows:
        """Some of the windows."""
        return FormWindows(self.joints[rows], self.repetition[rows], self.ring[rows], self.end[rows])

    @property
    def side(self) -> Int64:
        """Index into `SIDES` of each window's camera, (N,)."""
        return np.asarray(np.abs(np.array(RING_DEG))[self.ring] // 45, np.int64)


def read_repetitions(folder: Path) -> tuple[list[SkeletonSequence], Repetitions]:
    """The sequences of movements 1 and 3 and what is known about them."""
    sequences = uiprmd.read(folder, (uiprmd.SQUAT, uiprmd.LUNGE))
    tags = _tags(folder / uiprmd.TAGS)
    squat = uiprmd.MOVEMENTS[uiprmd.SQUAT - 1]
    return sequences, Repetitions(
        np.array([s.movement == squat for s in sequences], np.bool_),
        np.array([s.subject for s in sequences], np.int64),
        np.array([not s.correct for s in sequences], np.bool_),
        np.array([tags[s.name] for s in sequences], np.float32),
    )


def _tags(path: Path) -> dict[str, list[float]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {_name(row): [float(row[tag] == "True") for tag in TAGS] for row in csv.DictReader(file)}


def _name(row: dict[str, str]) -> str:
    correct = "correct" if row["correct"] == "1" else "incorrect"
    return f"m{int(row['m']):02d}_s{int(row['s']):02d}_e{int(row['e']):02d}_{correct}"


def filmed_windows(
    sequences: list[SkeletonSequence], spec: ModelSpec, seed: int = 0, cache: Path | None = None
) -> FormWindows:
    """Windows of every repetition from every place of the ring (each a little off it, at another height and distance);
    kept under `cache` when given."""
    path = cache / f"uiprmd-form-{VERSION}-{len(sequences)}-{seed}.npz" if cache else None
    if path and path.is_file():
        return kept(path, FormWindows)
    rng = np.random.default_rng(seed)
    joints, rows = [], []
    for number, sequence in enumerate(sequences):
        body = body_joints(sequence)
        for ring, azimuth in enumerate(RING_DEG):
            track, _ = filmed(body, sequence.rate_hz, rng, (azimuth,))
            for end, share in enumerate(ENDS):
                for window in windows_at(track, spec, [share * sequence.duration_s]):
                    joints.append(window.joints)
                    rows.append((number, ring, end))
    found = FormWindows(np.stack(joints), *np.array(rows, np.int64).T)
    if path:
        keep(path, found)
    return found


def world_windows(sequences: list[SkeletonSequence], spec: ModelSpec) -> FormWindows:
    """The same moments in three dimensions without noise: torso lengths, y up, origin the median hip, the person facing
    +z; samples before the repetition began are unknown (0)."""
    joints, rows = [], []
    for number, sequence in enumerate(sequences):
        body = body_joints(sequence)
        for end, share in enumerate(ENDS):
            joints.append(_world_window(body, sequence.rate_hz, spec, share * sequence.duration_s))
            rows.append((number, -1, end))
    return FormWindows(np.stack(joints), *np.array(rows, np.int64).T)


def _world_window(body: Float32, rate_hz: float, spec: ModelSpec, end_s: float) -> Float32:
    times: Float64 = end_s - np.arange(spec.frames - 1, -1, -1) / spec.rate_hz
    window = resampled(body, rate_hz, times)
    seen = times >= 0
    window -= np.median(window[seen][:, _HIPS].mean(axis=1), axis=0)
    window /= torso_scale(window[seen], COCO17_FEET)
    window[~seen] = 0.0
    return window
