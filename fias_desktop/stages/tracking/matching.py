"""How alike two skeletons are: the distances that following a person and removing duplicates rest on."""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.geometry import torso_scale
from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Float32, Pose

_PARTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
MAIN = np.array(BLAZEPOSE33.indices(*(f"{side}_{part}" for part in _PARTS for side in ("left", "right"))))
TRUNK = np.array(BLAZEPOSE33.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip"))
# The estimator's second opinion on one person lies inside the first and has its trunk there too (measured on clips with
# one person in front of the camera: share inside 0.7-1.0, trunks at most 0.9 torso lengths apart).
_SHARE_INSIDE = 0.65
_TRUNK_APART = 0.9
_JOINTS_APART = 0.4


def body_size(pose: Pose) -> float:
    """The torso's length in pixels (at least 1), foreshortening evened out."""
    size = torso_scale(pose.xy[None], BLAZEPOSE33)
    return max(size, 1.0) if np.isfinite(size) else 1.0


def trunk(xy: Float32) -> Float32:
    """The trunk's middle (2,) of a skeleton (33, 2); NaN when no trunk joint is known."""
    return _known_mean(xy[TRUNK])


def joint_distance(a: Float32, b: Float32, size: float) -> float:
    """Mean distance of the twelve main joints in body sizes; infinite when they share none."""
    apart = np.hypot(*(a[MAIN] - b[MAIN]).T)
    known = apart[np.isfinite(apart)]
    return float(known.mean()) / size if known.size else float("inf")


def same_person(a: Pose, b: Pose) -> bool:
    """Two poses of one frame show one person: joints together, or one box inside the other and trunks together."""
    size = max(body_size(a), body_size(b))
    if joint_distance(a.xy, b.xy, size) < _JOINTS_APART:
        return True
    apart = float(np.hypot(*(trunk(a.xy) - trunk(b.xy)))) / size
    return apart < _TRUNK_APART and share_inside(a, b) > _SHARE_INSIDE


def share_inside(a: Pose, b: Pose) -> float:
    """Which share of the smaller bounding box lies in the other, 0..1."""
    (low_a, high_a), (low_b, high_b) = box(a), box(b)
    common = np.maximum(np.minimum(high_a, high_b) - np.maximum(low_a, low_b), 0.0).prod()
    smaller = min((high_a - low_a).prod(), (high_b - low_b).prod())
    return float(common / smaller) if smaller > 0 else 0.0


def box(pose: Pose) -> tuple[Float32, Float32]:
    """The bounding box of the known joints: top left (2,) and bottom right (2,) pixels; zeros when none is known."""
    known = pose.xy[np.isfinite(pose.xy).all(axis=1)]
    if not len(known):
        return np.zeros(2, np.float32), np.zeros(2, np.float32)
    return known.min(axis=0), known.max(axis=0)


def click_distance(pose: Pose, point: Float32) -> float:
    """How far a click (2,) is from a person, in pixels: the box first, then the nearest joint as a tie-break."""
    low, high = box(pose)
    outside = float(np.hypot(*(point - np.clip(point, low, high))))
    joints = np.hypot(*(pose.xy - point).T)
    nearest = float(np.min(joints[np.isfinite(joints)], initial=1e6))
    return outside + 0.01 * nearest


def prominence(pose: Pose) -> float:
    """How much a pose looks like the person the camera was set up for: large, central, well visible."""
    middle = np.array(pose.image_size, dtype=np.float32) / 2
    off_centre = float(np.hypot(*((trunk(pose.xy) - middle) / middle)))
    if not np.isfinite(off_centre):
        return 0.0
    return body_size(pose) * (1.0 - 0.5 * min(off_centre, 1.0)) * float(pose.score[MAIN].mean())


def _known_mean(points: Float32) -> Float32:
    known = points[np.isfinite(points).all(axis=1)]
    return known.mean(axis=0) if len(known) else np.full(2, np.nan, np.float32)
