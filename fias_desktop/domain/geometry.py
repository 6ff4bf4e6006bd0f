"""Angles, lengths and the body scale: geometry shared by windowing, measuring and the simulator.

All functions work on trailing coordinate axes of any dimension (2D or 3D) and broadcast over the leading ones;
NaN in, NaN out.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.skeleton import Skeleton

Float = NDArray[np.floating[Any]]

# Segment lengths as a fraction of the torso (mid-shoulder to mid-hip), from the body segment lengths of Winter,
# Biomechanics and Motor Control of Human Movement, 4th ed., fig. 4.1 (fractions of stature; torso 0.288).
_TORSO = 0.288
_SEGMENTS: tuple[tuple[str, str, float], ...] = (
    ("left_shoulder", "left_elbow", 0.186 / _TORSO),
    ("right_shoulder", "right_elbow", 0.186 / _TORSO),
    ("left_hip", "left_knee", 0.245 / _TORSO),
    ("right_hip", "right_knee", 0.245 / _TORSO),
    ("left_knee", "left_ankle", 0.246 / _TORSO),
    ("right_knee", "right_ankle", 0.246 / _TORSO),
)
_SEGMENT_RATIOS = np.array([ratio for *_, ratio in _SEGMENTS], dtype=np.float32)


def distance(a: Float, b: Float) -> Float:
    """Euclidean distance between points (..., D) -> (...)."""
    return np.asarray(np.linalg.norm(np.asarray(a) - np.asarray(b), axis=-1))


def joint_angle_deg(a: Float, b: Float, c: Float) -> Float:
    """The inner angle at `b` between the directions to `a` and `c`, degrees in 0..180, points (..., D) -> (...)."""
    u, v = np.asarray(a) - b, np.asarray(c) - b
    norms = np.linalg.norm(u, axis=-1) * np.linalg.norm(v, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.sum(u * v, axis=-1) / norms
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def midpoint(a: Float, b: Float) -> Float:
    """The middle of two points (..., D)."""
    return np.asarray((np.asarray(a) + np.asarray(b)) / 2)


def torso_scale(points: Float, skeleton: Skeleton) -> float:
    """One body scale for a sequence (T, V, D): the torso's length in the points' own unit, robust to foreshortening.

    Per frame the largest of the torso and of what the limbs imply for it (a segment seen end-on only ever looks too
    short); over the frames the 80th percentile. NaN when nothing can be measured.
    """
    upper, lower, trunk = _segment_joints(skeleton)
    points = np.asarray(points)
    left_shoulder, right_shoulder, left_hip, right_hip = (points[:, joint] for joint in trunk)
    torso = np.linalg.norm((left_shoulder + right_shoulder - left_hip - right_hip) / 2, axis=-1)
    limbs = np.linalg.norm(points.take(upper, axis=1) - points.take(lower, axis=1), axis=-1) / _SEGMENT_RATIOS
    limbs[np.isnan(limbs)] = 0.0
    limbs.sort(axis=1)
    per_frame = np.fmax(torso, limbs[:, -3])
    known = np.sort(per_frame[(per_frame > 0) & (per_frame < np.inf)])
    if not known.size:
        return float("nan")
    # np.percentile(known, 80), written out: this runs for every window of the training.
    place = 0.8 * (known.size - 1)
    low, high = known[int(place)], known[min(int(place) + 1, known.size - 1)]
    return float(low + (place - int(place)) * (high - low))


@cache
def _segment_joints(skeleton: Skeleton) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Indices of the segments' upper and lower joints, and of the trunk's four corners."""
    upper = skeleton.indices(*(segment[0] for segment in _SEGMENTS))
    lower = skeleton.indices(*(segment[1] for segment in _SEGMENTS))
    trunk = skeleton.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    return np.array(upper), np.array(lower), np.array(trunk)


def lean_deg(upper: Float, lower: Float, up: Float, towards: Float) -> Float:
    """How far the segment from `lower` to `upper` leans from `up` in the plane of `up` and `towards`, degrees +-180.

    Positive when it leans in the direction `towards` (unit vectors (D,), points (..., D) -> (...)).
    """
    segment = np.asarray(upper) - lower
    return np.asarray(np.degrees(np.arctan2(segment @ np.asarray(towards), segment @ np.asarray(up))))


def line_deviation_deg(start: Float, middle: Float, end: Float, up: Float) -> Float:
    """How far `middle` lies off the straight line from `start` to `end`: 180 degrees less the angle at `middle`.

    Positive when the middle lies on the side of `up` (a piked hip), negative on the other (a sagging one). Points
    (..., D), `up` (D,) -> (...).
    """
    start, middle, end = np.asarray(start), np.asarray(middle), np.asarray(end)
    along = end - start
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.sum((middle - start) * along, axis=-1, keepdims=True) / np.sum(along**2, axis=-1, keepdims=True)
    side = (middle - start - share * along) @ np.asarray(up)
    return np.asarray(np.copysign(180.0 - joint_angle_deg(start, middle, end), side))
