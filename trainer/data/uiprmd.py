"""UI-PRMD (Vakanski et al. 2018): optical motion capture of rehabilitation movements, correct and deliberately
incorrect.

Movements 1 (deep squat) and 3 (inline lunge) teach their exercises, movement 2 (hurdle step) is a movement that is
none of ours; 4 (side lunge) is left out as it is neither, and 5 to 10 stay unseen, to judge rejection. Correct
repetitions carry the `_correct` class. Incorrect squats with knees inward (rule tags) carry `squat_knees_inward`;
other incorrect repetitions show errors without a class and are left out: neither "correct" nor another class would be
true.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, Int64
from trainer.data.sequence import UNLABELLED, MotionSequence, joined

FILE, TAGS = "uiprmd_vicon_25hz.npz", "uiprmd_squat_lunge_rep_tags.csv"
NAME, LICENCE = "UI-PRMD", "public domain dedication (data set's site)"
SPLITS: dict[str, tuple[int, ...]] = {"train": (1, 2, 3, 4, 5, 6), "validation": (7,), "test": (8,)}
SQUAT, HURDLE_STEP, LUNGE = 1, 2, 3
_ACTIVE_SHARE = 0.12
_HIPS = COCO17_FEET.indices("left_hip", "right_hip")


@dataclass(frozen=True)
class _Row:
    movement: int
    subject: int
    episode: int
    correct: bool


def read(folder: Path, movements: tuple[int, ...], subjects: tuple[int, ...]) -> list[MotionSequence]:
    """The repetitions of those movements and subjects, one sequence each; without those with zeroed markers."""
    data = np.load(folder / FILE, allow_pickle=False)
    xyz, offsets, meta = data["xyz_mm"], data["offsets"], data["meta"]
    knees_inward = _knees_inward(folder / TAGS)
    sequences = []
    for number, numbers in enumerate(meta.tolist()):
        row = _Row(numbers[0], numbers[1], numbers[2], bool(numbers[3]))
        points = xyz[offsets[number] : offsets[number + 1]]
        if row.movement not in movements or row.subject not in subjects or bool((points == 0).all(axis=-1).any()):
            continue
        joints = _y_up(points)
        key = (row.movement, row.subject, row.episode, row.correct)
        labels = _labels(joints, row, key in knees_inward)
        sequences.append(MotionSequence(joints, labels, float(data["fps"]), row.subject, NAME))
    return sequences


def training_sets(folder: Path, split: str) -> list[MotionSequence]:
    """The repetitions of a split joined into sets of up to five by subject and movement."""
    sets = []
    for movement in (SQUAT, HURDLE_STEP, LUNGE):
        for subject in SPLITS[split]:
            sequences = read(folder, (movement,), (subject,))
            sets += [joined(sequences[i : i + 5]) for i in range(0, len(sequences), 5)]
    return sets


def _y_up(points_mm: Float32) -> Float32:
    """Global millimetres with z up -> metres with y up, standing on the floor."""
    joints = np.stack([points_mm[..., 0], points_mm[..., 2], -points_mm[..., 1]], axis=-1) / 1000.0
    joints[..., 1] -= np.percentile(joints[..., 1], 0.5)
    return np.asarray(joints, dtype=np.float32)


def _labels(joints: Float32, row: _Row, knees_inward: bool) -> Int64:
    """The class of each frame: that of the repetition while the hips are lowered, idle before and after."""
    idle = LABELS.index("idle")
    labels = np.full(len(joints), idle, np.int64)
    if row.movement == HURDLE_STEP:
        return labels
    height = joints[:, _HIPS, 1].mean(axis=1)
    drop = height.max() - height
    active = np.flatnonzero(drop > _ACTIVE_SHARE * drop.max())
    labels[active[0] : active[-1] + 1] = _class(row, knees_inward)
    return labels


def _class(row: _Row, knees_inward: bool) -> int:
    if row.correct:
        return LABELS.index("squat_correct" if row.movement == SQUAT else "lunge_correct")
    return LABELS.index("squat_knees_inward") if row.movement == SQUAT and knees_inward else UNLABELLED


def _knees_inward(path: Path) -> set[tuple[int, int, int, bool]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (int(row["m"]), int(row["s"]), int(row["e"]), row["correct"] == "1") for row in rows if row["valgus"] == "True"
    }
