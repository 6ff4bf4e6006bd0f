"""Single pictures of lunges, knee over the toe or correct: 13 MediaPipe landmarks a picture, published under the MIT
licence with an exercise-correction project. Used for evaluation: neither people nor videos are named, so no split of it
can keep them apart, and neighbouring rows are neighbouring frames.

Traps: the picture's size is not stated (`PICTURE`), so angles are not true as they stand; left and right legs come out
equally long at an aspect ratio of 1.85, so 16:9 is likely (`in_pixels(LIKELY_SIZE)`). Elbows, wrists and the rest of
the face are missing; label L is knee over the toe, C correct.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Float32
from trainer.data.sequence import PICTURE, SkeletonSequence, bad_data
from trainer.data.text import numbers, table

FILE, NAME = "lunge_knee_over_toe_mediapipe.csv", "lunge frames"
LICENCE = "MIT"
LIKELY_SIZE = (1920, 1080)
NAMES = ("correct", "knee over toe")
_LABELS = {"C": 0, "L": 1}
_JOINTS = (
    "nose", "left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle", "left_heel", "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip
_COLUMNS = ("label", *(f"{joint}_{axis}" for joint in _JOINTS for axis in "xyzv"))


def read(folder: Path) -> list[SkeletonSequence]:
    """Every picture as a sequence of one frame, named by its row."""
    rows = table(folder / FILE, len(_COLUMNS))
    if tuple(rows[0]) != _COLUMNS:
        raise bad_data(FILE, "", "its first row does not name the 13 landmarks")
    sequences = []
    for row, cells in enumerate(rows[1:], start=2):
        if cells[0] not in _LABELS:
            raise bad_data(FILE, f"row {row}", f"label {cells[0]!r} is neither C nor L")
        values = numbers(FILE, f"row {row}", cells[1:]).reshape(len(_JOINTS), 4)
        sequences.append(_sequence(values, _LABELS[cells[0]], f"row {row}"))
    return sequences


def _sequence(values: Float32, label: int, name: str) -> SkeletonSequence:
    points = np.full((1, BLAZEPOSE33.num_joints, 3), np.nan, np.float32)
    score = np.zeros(points.shape[:2], np.float32)
    joints = BLAZEPOSE33.indices(*_JOINTS)
    points[0, joints], score[0, joints] = values[:, :3], np.clip(values[:, 3], 0, 1)
    return SkeletonSequence(
        points,
        np.array([label]),
        1.0,
        NAME,
        name,
        FILE,
        BLAZEPOSE33.name,
        PICTURE,
        score,
        NAMES,
        movement="lunge",
        correct=not label,
    )
