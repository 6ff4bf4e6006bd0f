"""Northwestern-UCLA Multiview Action 3D (Wang, Nie, Xia, Wu, Zhu, CVPR 2014): 10 everyday actions by subjects 1 to 10,
seen by three Kinect cameras at once. Non-commercial terms: benchmark only, never in shipped weights.

Protocol: train on views 1 and 2, test on view 3 (464 sequences). Names are those of the data set (`a01_s01_e00_v03`).

Traps: all test sequences of "pick up with two hands" (50) and "drop trash" (45) are exact copies of view 2 in this
file, so the official figure partly tests on the training set: give it with and without them (`copies=False`). Action
ids are not contiguous (7 and 10 do not exist; `ACTIONS` counts through); two sequences of subject 9 have a single frame
(copies of each other); two frames have joints at exactly 0 (lost); the frame rate is not stated and uneven (30 is
nominal).
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np

from fias_desktop.domain.skeleton import KINECT20
from fias_desktop.domain.types import Float32
from trainer.data.archive import open_archive, pieces
from trainer.data.sequence import CAMERA, SkeletonSequence, bad_data, with_nan

FILE, NAME = "nwucla_20joints.npz", "N-UCLA"
LICENCE = "non-commercial"
ACTION_OF_ID = {
    1: "pick up with one hand", 2: "pick up with two hands", 3: "drop trash", 4: "walk around", 5: "sit down",
    6: "stand up", 8: "don", 9: "doff", 11: "throw", 12: "carry",
}  # fmt: skip
ACTIONS = tuple(ACTION_OF_ID.values())
RATE_HZ = 30.0
_ONE_FRAME = frozenset({"a02_s09_e04_v02", "a02_s09_e04_v03"})


def read(folder: Path, views: tuple[int, ...] = (1, 2, 3), copies: bool = True) -> list[SkeletonSequence]:
    """The sequences of those views, `CAMERA` of `KINECT20`; `view` is `1`, `2` or `3`, `video` what all views of one
    performance share. Train is views 1 and 2, test view 3. Without `copies` sequences of view 3 that are those of
    another view are left out."""
    archive = open_archive(folder / FILE)
    xyz = archive.array("xyz", "f", (None, KINECT20.num_joints, 3)).astype(np.float32)
    meta = archive.array("meta", "iu", (None, 4)).tolist()
    names = [f"a{action:02d}_s{subject:02d}_e{episode:02d}_v{view:02d}" for action, subject, episode, view in meta]
    spans = pieces(archive, len(xyz), names, short=_ONE_FRAME)
    others = {_key(xyz[piece]) for row, piece in zip(meta, spans, strict=True) if row[3] != 3}
    sequences = []
    for name, row, piece in zip(names, meta, spans, strict=True):
        if row[0] not in ACTION_OF_ID or row[3] not in (1, 2, 3):
            raise bad_data(FILE, name, f"action {row[0]} or view {row[3]} does not exist")
        copied = row[3] == 3 and _key(xyz[piece]) in others
        if row[3] in views and (copies or not copied):
            sequences.append(_sequence(xyz[piece], row, name))
    return sequences


def _key(points: Float32) -> bytes:
    return sha256(points.tobytes()).digest()


def _sequence(points: Float32, row: list[int], name: str) -> SkeletonSequence:
    action, subject, _, view = row
    if not np.isfinite(points).all():
        raise bad_data(FILE, name, "a position is not a number")
    score = (points != 0).any(axis=-1).astype(np.float32)
    return SkeletonSequence(
        with_nan(points, score),
        np.full(len(points), ACTIONS.index(ACTION_OF_ID[action])),
        RATE_HZ,
        NAME,
        name,
        FILE,
        KINECT20.name,
        CAMERA,
        score,
        ACTIONS,
        movement=ACTION_OF_ID[action],
        subject=subject,
        view=str(view),
        video=name.rpartition("_v")[0],
        split="test" if view == 3 else "train",
    )
