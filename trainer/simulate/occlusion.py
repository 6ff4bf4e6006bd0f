"""Which joints a camera cannot see because the body itself is in the way."""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, Float64

# Capsules of the body by their end joints, and their radius in torso lengths.
_CAPSULES: tuple[tuple[str, str, float], ...] = (
    ("left_shoulder", "left_hip", 0.17),
    ("right_shoulder", "right_hip", 0.17),
    ("left_shoulder", "right_hip", 0.17),
    ("left_hip", "left_knee", 0.13),
    ("right_hip", "right_knee", 0.13),
    ("left_knee", "left_ankle", 0.09),
    ("right_knee", "right_ankle", 0.09),
    ("left_shoulder", "left_elbow", 0.08),
    ("right_shoulder", "right_elbow", 0.08),
    ("left_ear", "right_ear", 0.17),
)
_BEHIND_M = 0.09  # a joint this far behind a capsule's middle is covered by it


def hidden_share(xy: Float32, depth: Float32, torso_px: float) -> Float64:
    """How hidden each joint is, 0..1 (T, 21), from pixels (T, 21, 2) and depth (T, 21) m."""
    hidden = np.zeros(depth.shape)
    for first, second, radius in _CAPSULES:
        a, b = COCO17_FEET.index(first), COCO17_FEET.index(second)
        cover = _cover(xy, depth, a, b, radius * torso_px)
        cover[:, [a, b]] = 0.0
        np.maximum(hidden, cover, out=hidden)
    return hidden


def _cover(xy: Float32, depth: Float32, a: int, b: int, radius_px: float) -> Float64:
    x, y = (xy[..., axis] - xy[:, a, None, axis] for axis in (0, 1))
    ax, ay = (xy[:, b, None, axis] - xy[:, a, None, axis] for axis in (0, 1))
    along = np.clip((x * ax + y * ay) / np.maximum(ax**2 + ay**2, 1e-6), 0.0, 1.0)
    away = np.hypot(x - along * ax, y - along * ay) / radius_px
    capsule_depth = depth[:, a, None] + along * (depth[:, b, None] - depth[:, a, None])
    behind = np.clip((depth - capsule_depth - _BEHIND_M) / 0.08, 0.0, 1.0)
    return np.asarray(np.clip(1.6 - away, 0.0, 1.0) * behind)
