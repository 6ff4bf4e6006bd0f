"""Motion in three dimensions as the program would see it: a virtual camera, the estimator's noise, windows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET, SKELETONS
from fias_desktop.domain.types import Float32, Float64, PoseTrack, Window
from fias_desktop.stages.windowing import make_window
from trainer.data.sequence import SkeletonSequence
from trainer.simulate.noise import observe
from trainer.simulate.view import random_view

PICTURE_HZ = 30.0
SIDES = ("left", "right")
LIMBS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")
# Where the face and the heels are when only the middle of the head, ankles and toes are known: metres to the left and
# ahead of the head; the heel a third of the foot behind the ankle and below it.
FACE = {"nose": (0.0, 0.12), "left_eye": (0.03, 0.1), "right_eye": (-0.03, 0.1), "left_ear": (0.07, 0.0),
        "right_ear": (-0.07, 0.0)}  # fmt: skip
HEELS = ("left_heel", "right_heel")
GUESSED = (*FACE, *HEELS)
_HEEL_BEHIND, _HEEL_DROP_M = 0.3, 0.05


def body_joints(sequence: SkeletonSequence) -> Float32:
    """The sequence's joints as coco17feet (F, 21, 3) in metres, y up, on the floor, facing +z on the whole.

    A depth camera's skeleton has no face and no heels: these are set beside and before the middle of the head and
    behind the ankles (`GUESSED`). Lost joints are taken from the frames around.
    """
    points = _without_gaps(sequence.points)
    joints = points if sequence.skeleton == COCO17_FEET.name else _from_head(points, sequence.skeleton)
    joints = turned_to_camera(joints)
    joints[..., 1] -= np.percentile(joints[..., 1], 0.5)
    return joints


def turned_to_camera(joints: Float32) -> Float32:
    """The same about the vertical axis so that the person on the whole faces +z; (F, 21, 3)."""
    pairs = [(COCO17_FEET.index(f"left_{part}"), COCO17_FEET.index(f"right_{part}")) for part in ("hip", "shoulder")]
    across = np.sum([np.median(joints[:, left] - joints[:, right], axis=0) for left, right in pairs], axis=0)
    angle = np.arctan2(across[2], across[0])
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    return np.asarray(joints @ turn.T, np.float32)


def _without_gaps(points: Float32) -> Float32:
    filled = points.copy()
    frames = np.arange(len(points))
    for joint in np.flatnonzero(np.isnan(points).any(axis=(0, 2))):
        there = np.flatnonzero(np.isfinite(points[:, joint, 0]))
        for axis in range(points.shape[2]):
            filled[:, joint, axis] = np.interp(frames, there, points[there, joint, axis])
    return filled


def _from_head(points: Float32, skeleton: str) -> Float32:
    source = SKELETONS[skeleton]
    joints = np.zeros((len(points), COCO17_FEET.num_joints, 3), np.float32)
    for name in (f"{side}_{limb}" for side in SIDES for limb in LIMBS):
        joints[:, COCO17_FEET.index(name)] = points[:, source.index(name)]
    across = points[:, source.index("left_shoulder")] - points[:, source.index("right_shoulder")]
    left = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    ahead = np.cross(left, np.array([0.0, 1.0, 0.0], np.float32))
    for name, (aside_m, ahead_m) in FACE.items():
        head = points[:, source.index("head")]
        joints[:, COCO17_FEET.index(name)] = head + aside_m * left + ahead_m * ahead
    for side in SIDES:
        ankle, toe = (joints[:, COCO17_FEET.index(f"{side}_{part}")] for part in ("ankle", "foot_index"))
        down = np.array([0, _HEEL_DROP_M, 0], np.float32)
        joints[:, COCO17_FEET.index(f"{side}_heel")] = ankle - _HEEL_BEHIND * (toe - ankle) - down
    return joints


def filmed(
    joints: Float32, rate_hz: float, rng: np.random.Generator, azimuths_deg: tuple[float, ...] = ()
) -> tuple[PoseTrack, float]:
    """A body (F, 21, 3) as a pose estimator reports it behind a random camera, and that camera's azimuth in degrees
    (0 in front of the person, positive to their left). `azimuths_deg`: see `random_view`."""
    times = np.arange(0.0, (len(joints) - 1) / rate_hz + 1e-9, 1 / PICTURE_HZ)
    moved = resampled(joints, rate_hz, times)
    view = random_view(moved, rng, azimuths_deg)
    xy, depth = view.project(moved, times)
    return observe(xy, depth, times, view.camera.size, rng), view.azimuth_deg


def resampled(joints: Float32, rate_hz: float, times_s: Float64) -> Float32:
    """Joints (F, V, D) at other times (T,), linearly."""
    position = np.clip(times_s * rate_hz, 0, len(joints) - 1)
    low = np.floor(position).astype(np.int64)
    high = np.minimum(low + 1, len(joints) - 1)
    share = (position - low)[:, None, None]
    return np.asarray(joints[low] * (1 - share) + joints[high] * share, np.float32)


def windows_at(track: PoseTrack, spec: ModelSpec, ends_s: Sequence[float]) -> list[Window]:
    """The windows of a track that end at these moments, without those that cannot be made."""
    found = (make_window(track, spec, end_s) for end_s in ends_s)
    return [window for window in found if window is not None]
