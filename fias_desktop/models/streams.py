"""What a network can look at: joints, bones, and the motion of both.

L. Shi, Y. Zhang, J. Cheng, H. Lu: Skeleton-Based Action Recognition with Multi-Stream Adaptive Graph Convolutional
Networks, IEEE TIP 2020. Streams are made of the finished window, inside the network, so that the application, ONNX and
training cannot differ, and motion is always that of the samples the network sees.

A position whose channels are all 0 is not known, and what is made of it is 0 in every channel. A joint of data without
a score that is the origin of every sample would look unknown: such data must not be centred on one joint per sample.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from fias_desktop.domain.skeleton import Skeleton

JOINT, BONE, JOINT_MOTION, BONE_MOTION = "joint", "bone", "joint_motion", "bone_motion"
STREAMS = (JOINT, BONE, JOINT_MOTION, BONE_MOTION)


def bone_parents(skeleton: Skeleton) -> tuple[int, ...]:
    """The joint at the other end of every joint's bone, towards the root; the root is its own."""
    parents = list(range(skeleton.num_joints))
    for child, parent in skeleton.inward:
        parents[child] = parent
    return tuple(parents)


def to_stream(joints: Tensor, kind: str, parents: Sequence[int], coordinates: int = 2) -> Tensor:
    """Joints (N, T, V, C) as a stream of the same shape; ValueError when there is none of that name.

    The first `coordinates` channels are a position (2: x, y; 3: x, y, z); one after them is the score. A bone is its
    joint less its parent, 0 for the root; a motion is the next sample less this one, 0 in the last. Either is known
    where both of its ends are, and its score is the smaller of theirs.
    """
    if kind not in STREAMS:
        raise ValueError(f"unknown stream {kind!r}; known: {', '.join(STREAMS)}")
    known = joints.ne(0).any(dim=-1)
    if kind in (BONE, BONE_MOTION):
        joints, known = _bones(joints, known, list(parents), coordinates)
    return _motion(joints, known, coordinates) if kind in (JOINT_MOTION, BONE_MOTION) else joints


def _bones(joints: Tensor, known: Tensor, parents: list[int], coordinates: int) -> tuple[Tensor, Tensor]:
    own = torch.tensor([parent == child for child, parent in enumerate(parents)], device=joints.device)
    both = known & known[:, :, parents] & ~own
    return _difference(joints, joints[:, :, parents], both, coordinates), both


def _motion(values: Tensor, known: Tensor, coordinates: int) -> Tensor:
    moved = _difference(values[:, 1:], values[:, :-1], known[:, 1:] & known[:, :-1], coordinates)
    return torch.cat([moved, torch.zeros_like(values[:, :1])], dim=1)


def _difference(to: Tensor, start: Tensor, known: Tensor, coordinates: int) -> Tensor:
    """Positions subtracted, the smaller of both scores, 0 where not known."""
    difference = to[..., :coordinates] - start[..., :coordinates]
    if to.shape[-1] > coordinates:
        score = torch.minimum(to[..., coordinates:], start[..., coordinates:])
        difference = torch.cat([difference, score], dim=-1)
    return difference * known[..., None]
