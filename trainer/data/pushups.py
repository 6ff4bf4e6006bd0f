"""Real push-ups, correct or wrong: 166 clips as 33 landmarks a frame (MediaPipe, by others), and 106 of the clips.

No licence stated: evaluation only, never in shipped weights and never for tuning. The label is one a clip.

Traps: 294 frames have no person (missing); frame rates are mixed (21 to 55); four sequences state neither rate nor
picture size (their points stay `PICTURE`, 30 is nominal). The landmarks are those of another version of the estimator
than the program's: for its own pose run it on the clips.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Float32
from trainer.data.archive import open_archive, pieces
from trainer.data.sequence import PICTURE, SkeletonSequence, bad_data

FILE, CLIPS, NAME = "pushup_mediapipe33.npz", "pushup_clips", "push-up clips"
LICENCE = "none stated"
NAMES = ("correct", "wrong")
NOMINAL_HZ = 30.0


@dataclass(frozen=True)
class Clip:
    """One video of somebody doing push-ups: its file, and whether they are wrong."""

    path: Path
    wrong: bool

    @property
    def name(self) -> str:
        """The name that it shares with its landmark sequence."""
        return self.path.stem


def clips(folder: Path) -> list[Clip]:
    """The clips themselves with their labels, by name; FiasError when there are none."""
    paths = sorted((folder / CLIPS).glob("*.mp4"))
    if not paths:
        raise FiasError(f"There are no clips in {folder / CLIPS}.", "FIAS_DATA names the folder with the data sets.")
    for path in paths:
        if not path.stem.startswith(NAMES):
            raise bad_data(path.name, "", "its name says neither correct nor wrong")
    return [Clip(path, path.stem.startswith("wrong")) for path in paths]


def read(folder: Path) -> list[SkeletonSequence]:
    """Every landmark sequence of `BLAZEPOSE33`, `PIXELS` with depth (`PICTURE` where the size is not known); labels are
    0 (correct) and 1 (wrong). `score` is the estimator's visibility."""
    archive = open_archive(folder / FILE)
    values = archive.array("xyzv", "f", (None, BLAZEPOSE33.num_joints, 4)).astype(np.float32)
    names = [str(name) for name in archive.array("name", "U", (None,))]
    wrong = archive.array("wrong", "iu", (len(names),)).tolist()
    sizes = archive.array("wh", "fiu", (len(names), 2)).tolist()
    rates = archive.array("fps", "f", (len(names),)).tolist()
    sequences = []
    for i, piece in enumerate(pieces(archive, len(values), names)):
        if wrong[i] not in (0, 1):
            raise bad_data(FILE, names[i], f"label {wrong[i]} is neither 0 (correct) nor 1 (wrong)")
        sequence = _sequence(values[piece], int(wrong[i]), rates[i] if rates[i] > 0 else NOMINAL_HZ, names[i])
        width, height = (int(side) for side in sizes[i])
        sequences.append(sequence.in_pixels((width, height)) if width > 0 and height > 0 else sequence)
    return sequences


def _sequence(values: Float32, wrong: int, rate_hz: float, name: str) -> SkeletonSequence:
    known = np.isfinite(values).all(axis=-1)
    if not known.any():
        raise bad_data(FILE, name, "nobody is seen in it")
    return SkeletonSequence(
        np.where(known[..., None], values[..., :3], np.nan),
        np.full(len(values), wrong),
        rate_hz,
        NAME,
        name,
        FILE,
        BLAZEPOSE33.name,
        PICTURE,
        np.where(known, np.clip(values[..., 3], 0, 1), 0).astype(np.float32),
        NAMES,
        movement="push-up",
        correct=not wrong,
        video=name,
    )
