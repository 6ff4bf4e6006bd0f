"""Named skeleton topologies and the one table of joint names that maps between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEFT, RIGHT = "left_", "right_"


@dataclass(frozen=True)
class Skeleton:
    """A topology: joint names, bones as (child, parent) indices pointing towards the root, and the root joint."""

    name: str
    joints: tuple[str, ...]
    inward: tuple[tuple[int, int], ...]
    root: int

    @property
    def num_joints(self) -> int:
        """How many joints it has (V)."""
        return len(self.joints)

    def index(self, joint: str) -> int:
        """The index of a joint by name; ValueError when the topology lacks it."""
        return self.joints.index(joint)

    def indices(self, *joints: str) -> list[int]:
        """Indices of several joints by name."""
        return [self.index(joint) for joint in joints]

    @property
    def mirror(self) -> tuple[int, ...]:
        """For every joint the index of its left/right partner (itself on the midline)."""
        return tuple(self.index(_other_side(joint)) for joint in self.joints)


def _other_side(joint: str) -> str:
    if joint.startswith(LEFT):
        return RIGHT + joint.removeprefix(LEFT)
    if joint.startswith(RIGHT):
        return LEFT + joint.removeprefix(RIGHT)
    return joint


def _skeleton(name: str, joints: str, bones: str, root: str) -> Skeleton:
    names = tuple(joints.split())
    pairs = (bone.split(">") for bone in bones.split())
    inward = tuple((names.index(child), names.index(parent)) for child, parent in pairs)
    return Skeleton(name, names, inward, names.index(root))


_COCO = (
    "nose left_eye right_eye left_ear right_ear left_shoulder right_shoulder left_elbow right_elbow left_wrist"
    " right_wrist left_hip right_hip left_knee right_knee left_ankle right_ankle"
)
# The COCO graph of pyskl: rooted at the nose, hips hanging on the shoulders.
_COCO_BONES = (
    "left_ankle>left_knee left_knee>left_hip right_ankle>right_knee right_knee>right_hip left_hip>left_shoulder"
    " right_hip>right_shoulder left_wrist>left_elbow left_elbow>left_shoulder right_wrist>right_elbow"
    " right_elbow>right_shoulder left_shoulder>nose right_shoulder>nose left_eye>nose left_ear>left_eye"
    " right_eye>nose right_ear>right_eye"
)
_FEET = " left_heel right_heel left_foot_index right_foot_index"
_FEET_BONES = " left_heel>left_ankle right_heel>right_ankle left_foot_index>left_ankle right_foot_index>right_ankle"

COCO17 = _skeleton("coco17", _COCO, _COCO_BONES, "nose")
COCO17_FEET = _skeleton("coco17feet", _COCO + _FEET, _COCO_BONES + _FEET_BONES, "nose")

BLAZEPOSE33 = _skeleton(
    "blazepose33",
    "nose left_eye_inner left_eye left_eye_outer right_eye_inner right_eye right_eye_outer left_ear right_ear"
    " left_mouth right_mouth left_shoulder right_shoulder left_elbow right_elbow left_wrist right_wrist left_pinky"
    " right_pinky left_index right_index left_thumb right_thumb left_hip right_hip left_knee right_knee left_ankle"
    " right_ankle left_heel right_heel left_foot_index right_foot_index",
    "left_eye_inner>nose left_eye>left_eye_inner left_eye_outer>left_eye left_ear>left_eye_outer right_eye_inner>nose"
    " right_eye>right_eye_inner right_eye_outer>right_eye right_ear>right_eye_outer left_mouth>nose right_mouth>nose"
    " left_shoulder>nose right_shoulder>nose left_elbow>left_shoulder right_elbow>right_shoulder left_wrist>left_elbow"
    " right_wrist>right_elbow left_pinky>left_wrist right_pinky>right_wrist left_index>left_wrist"
    " right_index>right_wrist left_thumb>left_wrist right_thumb>right_wrist left_hip>left_shoulder"
    " right_hip>right_shoulder left_knee>left_hip right_knee>right_hip left_ankle>left_knee right_ankle>right_knee"
    " left_heel>left_ankle right_heel>right_ankle left_foot_index>left_heel right_foot_index>right_heel",
    "nose",
)
KINECT20 = _skeleton(
    "kinect20",
    "hip_center spine shoulder_center head left_shoulder left_elbow left_wrist left_hand right_shoulder right_elbow"
    " right_wrist right_hand left_hip left_knee left_ankle left_foot_index right_hip right_knee right_ankle"
    " right_foot_index",
    "spine>hip_center shoulder_center>spine head>shoulder_center left_shoulder>shoulder_center left_elbow>left_shoulder"
    " left_wrist>left_elbow left_hand>left_wrist right_shoulder>shoulder_center right_elbow>right_shoulder"
    " right_wrist>right_elbow right_hand>right_wrist left_hip>hip_center left_knee>left_hip left_ankle>left_knee"
    " left_foot_index>left_ankle right_hip>hip_center right_knee>right_hip right_ankle>right_knee"
    " right_foot_index>right_ankle",
    "hip_center",
)
NTU25 = _skeleton(
    "ntu25",
    "hip_center spine neck head left_shoulder left_elbow left_wrist left_hand right_shoulder right_elbow right_wrist"
    " right_hand left_hip left_knee left_ankle left_foot_index right_hip right_knee right_ankle right_foot_index"
    " shoulder_center left_hand_tip left_thumb right_hand_tip right_thumb",
    "hip_center>spine spine>shoulder_center neck>shoulder_center head>neck left_shoulder>shoulder_center"
    " left_elbow>left_shoulder left_wrist>left_elbow left_hand>left_wrist right_shoulder>shoulder_center"
    " right_elbow>right_shoulder right_wrist>right_elbow right_hand>right_wrist left_hip>hip_center left_knee>left_hip"
    " left_ankle>left_knee left_foot_index>left_ankle right_hip>hip_center right_knee>right_hip right_ankle>right_knee"
    " right_foot_index>right_ankle left_hand_tip>left_thumb left_thumb>left_hand right_hand_tip>right_thumb"
    " right_thumb>right_hand",
    "shoulder_center",
)
PENN13 = _skeleton(
    "penn13",
    "head left_shoulder right_shoulder left_elbow right_elbow left_wrist right_wrist left_hip right_hip left_knee"
    " right_knee left_ankle right_ankle",
    "left_shoulder>head right_shoulder>head left_elbow>left_shoulder right_elbow>right_shoulder left_wrist>left_elbow"
    " right_wrist>right_elbow left_hip>left_shoulder right_hip>right_shoulder left_knee>left_hip right_knee>right_hip"
    " left_ankle>left_knee right_ankle>right_knee",
    "head",
)
SKELETONS: dict[str, Skeleton] = {s.name: s for s in (BLAZEPOSE33, COCO17, COCO17_FEET, KINECT20, NTU25, PENN13)}
FACE_JOINTS = frozenset(
    joint for joint in BLAZEPOSE33.joints if any(part in joint for part in ("nose", "eye", "ear", "mouth"))
)


def skeleton(name: str) -> Skeleton:
    """The topology of that name; ValueError with the known names otherwise."""
    if name not in SKELETONS:
        raise ValueError(f"unknown skeleton {name!r}; known: {', '.join(SKELETONS)}")
    return SKELETONS[name]


def mapping(source: Skeleton, target: Skeleton) -> NDArray[np.int64]:
    """For every joint of `target` its index in `source`, int64 (V_target,); ValueError when one is missing."""
    missing = [joint for joint in target.joints if joint not in source.joints]
    if missing:
        raise ValueError(f"{source.name} has no {', '.join(missing)}")
    return np.array([source.index(joint) for joint in target.joints], dtype=np.int64)
