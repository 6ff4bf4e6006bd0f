"""UTD-MHAD (Chen, Jafari, Kehtarnavaz, ICIP 2015): 27 actions by subjects 1 to 8, one Kinect in front, 30 frames a
second. Terms not stated: evaluation only (movements that are none of ours; lunge and squat seen by another sensor).

Traps: the file's joints are in an order of their own (head first); three of 864 recordings are missing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fias_desktop.domain.skeleton import KINECT20
from trainer.data.archive import open_archive, pieces
from trainer.data.sequence import CAMERA, SkeletonSequence, bad_data

FILE, NAME = "utdmhad_20joints_30fps.npz", "UTD-MHAD"
LICENCE = "not stated"
RATE_HZ = 30.0
EXERCISES = ("lunge", "squat")  # the actions that are exercises of the program
_PARTS = {
    "sho": "shoulder", "elb": "elbow", "wri": "wrist", "hand": "hand", "hip": "hip", "kne": "knee", "ank": "ankle",
    "foot": "foot_index",
}  # fmt: skip


def read(folder: Path) -> list[SkeletonSequence]:
    """Every recording, `CAMERA` of `KINECT20`, with the data set's 27 actions as `names`."""
    archive = open_archive(folder / FILE)
    xyz = archive.array("xyz_m", "f", (None, KINECT20.num_joints, 3)).astype(np.float32)
    actions = tuple(str(name) for name in archive.array("actions", "U", (None,)))
    order = _order([str(joint) for joint in archive.array("joints", "U", (KINECT20.num_joints,))])
    meta = archive.array("meta", "iu", (None, 3)).tolist()
    names = [f"a{action}_s{subject}_t{trial}" for action, subject, trial in meta]
    sequences = []
    for name, (action, subject, trial), piece in zip(names, meta, pieces(archive, len(xyz), names), strict=True):
        if not 1 <= action <= len(actions):
            raise bad_data(FILE, name, f"action {action} is none of the {len(actions)} actions")
        sequences.append(
            SkeletonSequence(
                xyz[piece][:, order],
                np.full(piece.stop - piece.start, action - 1),
                RATE_HZ,
                NAME,
                name,
                FILE,
                KINECT20.name,
                CAMERA,
                names=actions,
                movement=actions[action - 1],
                subject=subject,
                view="front",
                video=f"s{subject}_t{trial}",
            )
        )
    return sequences


def _order(joints: list[str]) -> list[int]:
    """Where each joint of `KINECT20` stands in the file; FiasError when one is missing."""
    known = {_full_name(joint): i for i, joint in enumerate(joints)}
    missing = [joint for joint in KINECT20.joints if joint not in known]
    if missing:
        raise bad_data(FILE, "", f"it has no joint {', '.join(missing)}")
    return [known[joint] for joint in KINECT20.joints]


def _full_name(joint: str) -> str:
    if joint in KINECT20.joints:
        return joint
    return {"l": "left_", "r": "right_"}.get(joint[:1], "") + _PARTS.get(joint[1:], joint)
