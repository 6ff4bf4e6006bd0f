"""Stills of push-ups and squats, up and down, with 33 landmarks each: the samples of Google's ML Kit pose
classification (Apache-2.0). Used for evaluation.

Traps: no header row; the picture's size and the landmarks' scores are not stated; several stills come from one video,
named in `frame__VIDEO__NUMBER`, and many from screenshots of unknown videos.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fias_desktop.domain.skeleton import BLAZEPOSE33
from trainer.data.sequence import PIXELS, SkeletonSequence, bad_data
from trainer.data.text import numbers, table

FILE, NAME = "mlkit_fitness_pose_samples.csv", "ML Kit fitness samples"
LICENCE = "Apache-2.0"
NAMES = ("pushups_down", "pushups_up", "squats_down", "squats_up")


def read(folder: Path) -> list[SkeletonSequence]:
    """Every still as a sequence of one frame, `PIXELS` with depth of `BLAZEPOSE33`; all landmarks have score 1."""
    sequences = []
    for name, label, *cells in table(folder / FILE, 2 + 3 * BLAZEPOSE33.num_joints):
        if label not in NAMES:
            raise bad_data(FILE, name, f"label {label!r} is none of {', '.join(NAMES)}")
        sequences.append(
            SkeletonSequence(
                numbers(FILE, name, cells).reshape(1, BLAZEPOSE33.num_joints, 3),
                np.array([NAMES.index(label)]),
                1.0,
                NAME,
                name,
                FILE,
                BLAZEPOSE33.name,
                PIXELS,
                names=NAMES,
                movement=label.replace("_", " "),
                video=name.split("__")[1] if name.startswith("frame__") else name,
            )
        )
    return sequences
