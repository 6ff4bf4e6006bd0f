"""CMU motion capture (mocap.cs.cmu.edu), exercise takes of two performers: movements that are none of the program's
exercises (jumping jacks, jogging, twists...). Free use: may train shipped weights.

Labels of the file are per frame, k meaning actions[k-1]; squats are left without a class, as their form is not known.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32
from trainer.data.archive import Archive, open_archive
from trainer.data.sequence import UNLABELLED, SkeletonSequence, bad_data

FILE, NAME = "cmu_exercise_27joints_30fps.npz", "CMU motion capture"
LICENCE = "free use (mocap.cs.cmu.edu)"
_SQUAT = "Squat"
# Where each joint of coco17feet is found in the take's skeleton; the face is set beside and before the head.
_JOINTS: dict[str, str] = {
    "shoulder": "humerus", "elbow": "radius", "wrist": "wrist", "hip": "femur", "knee": "tibia", "ankle": "foot",
    "foot_index": "toes",
}  # fmt: skip
# The takes store the far end of a bone; the joint at its near end is the far end of the bone before it.
_NEAR_END = {
    "wrist": "radius",
    "humerus": "clavicle",
    "radius": "humerus",
    "femur": "hipjoint",
    "tibia": "femur",
    "foot": "tibia",
}
_FACE = {"nose": (0.0, 0.12), "left_eye": (0.03, 0.1), "right_eye": (-0.03, 0.1), "left_ear": (0.07, 0.0)}


def read(folder: Path) -> list[SkeletonSequence]:
    """Every take as one sequence; subject 113 and 114 stand for the two performers (13 and 14)."""
    archive = open_archive(folder / FILE)
    names = [str(name) for name in archive.array("joints", "U", (None,))]
    actions = tuple(str(name) for name in archive.array("actions", "U", (None,)))
    takes = [name.removeprefix("X_") for name in archive.names if name.startswith("X_")]
    return [_take(archive, take, names, actions) for take in takes]


def _take(archive: Archive, take: str, names: list[str], actions: tuple[str, ...]) -> SkeletonSequence:
    points = archive.array(f"X_{take}", "f", (None, len(names), 3))
    given = archive.array(f"y_{take}", "iu", (len(points),))
    if len(points) < 2 or not np.isfinite(points).all():
        raise bad_data(FILE, take, "fewer than 2 frames, or a position that is not a number")
    if ((given < 1) | (given > len(actions))).any():
        raise bad_data(FILE, take, f"a label that is none of the {len(actions)} actions")
    labels = np.where(given == actions.index(_SQUAT) + 1, UNLABELLED, LABELS.index("idle")).astype(np.int64)
    shown = [actions[k - 1] for k in np.unique(given)]
    return SkeletonSequence(
        _joints(points, names),
        labels,
        30.0,
        NAME,
        take,
        FILE,
        movement=", ".join(shown),
        subject=100 + int(take.split("_")[0]),
    )


def _joints(points: Float32, names: list[str]) -> Float32:
    result = np.zeros((len(points), COCO17_FEET.num_joints, 3), np.float32)
    for side, letter in (("left_", "l"), ("right_", "r")):
        for part, bone in _JOINTS.items():
            near = _NEAR_END.get(bone)
            source = letter + near if near else letter + bone
            result[:, COCO17_FEET.index(side + part)] = points[:, names.index(source)]
        ankle = result[:, COCO17_FEET.index(side + "ankle")]
        toe = result[:, COCO17_FEET.index(side + "foot_index")]
        result[:, COCO17_FEET.index(side + "heel")] = ankle - 0.3 * (toe - ankle) - np.array([0, 0.05, 0], np.float32)
    _set_face(result, points[:, names.index("head")])
    result[..., 1] -= np.percentile(result[..., 1], 0.5)
    return result


def _set_face(result: Float32, head: Float32) -> None:
    left = result[:, COCO17_FEET.index("left_shoulder")] - result[:, COCO17_FEET.index("right_shoulder")]
    left = left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-6)
    front = np.cross(left, np.array([0.0, 1.0, 0.0], np.float32))
    for name, (aside, ahead) in {**_FACE, "right_ear": (-0.07, 0.0)}.items():
        result[:, COCO17_FEET.index(name)] = head + aside * left + ahead * front
