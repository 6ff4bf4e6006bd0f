"""Legs at their own length: what the picture and the person's size say where the estimated depth says too little.

Seen from the front, an estimator may take a body that squats for a smaller one that hardly bends: its legs come out
shorter than they were, and in the picture it is smaller than a body standing there would be. But bones keep their
length, and as long as the feet stay where they are the body stays as far away. So its size in the picture is remembered
from when it was largest there, and each thigh and shank gets the depth that its length leaves it (C. J. Taylor,
Reconstruction of Articulated Objects from Point Correspondences in a Single Uncalibrated Image, CVIU 80(3), 2000).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.skeleton import BLAZEPOSE33

Array = NDArray[np.float64]

# Rows of shoulders, hips, knees and ankles, left before right; of legs the thighs, then the shanks.
_ROWS = np.array(
    BLAZEPOSE33.indices(
        *(f"{side}_{joint}" for joint in ("shoulder", "hip", "knee", "ankle") for side in ("left", "right"))
    )
)
_UPPER, _LOWER, _ANKLES = slice(2, 6), slice(4, 8), slice(6, 8)
# Sizes grow to what is seen within this time and fade in that one.
_GROW_S, _FADE_S = 0.3, 60.0
# The feet stay while the middle of the ankles keeps within this part of a leg's length in the picture.
_FEET_STAY = 0.12
# The largest of noisy lengths is a little too long. No body looks smaller than this from bending alone.
_SLACK, _SMALLEST = 0.97, 0.6
# A limb that leaves the picture's plane by this little may point either way (metres).
_EITHER_WAY_M = 0.03


@dataclass(frozen=True)
class Legs:
    """`points` float64 (33, 3) metres in camera axes (x right, y down, z away), knees and ankles of legs that have
    their own length; `shrunk`: how much smaller the body is in the picture than its landmarks say (1: not at all);
    `leg_m`: the remembered length of a leg."""

    points: Array
    shrunk: float
    leg_m: float


class LegMemory:
    """Remembers the legs of one person, and how large it is in the picture, from pose to pose."""

    def __init__(self) -> None:
        self._lengths_m: Array = np.zeros(2)
        self._px_per_m = 0.0
        self._feet_px: Array = np.full(2, np.inf)

    def restore(self, space: Array, xy: Array, step_s: float) -> Legs:
        """World landmarks (33, 3) in camera axes, metres, beside their pixels (33, 2), `step_s` after the last ones.
        Where a joint of trunk or legs is missing nothing is restored."""
        joints, pixels = space[_ROWS], xy[_ROWS]
        limbs = joints[_LOWER] - joints[_UPPER]
        lengths_m: Array = np.sqrt((limbs**2).sum(axis=1)).reshape(2, 2).mean(axis=1)
        px_per_m = _spread(pixels) / max(_spread(joints[:, :2]), 1e-6)
        if not (0.0 < px_per_m < math.inf and math.isfinite(float(lengths_m.sum()))):
            return Legs(space, 1.0, float(lengths_m.sum()))
        self._remember(lengths_m, px_per_m, pixels[_ANKLES].mean(axis=0), max(step_s, 0.0))
        shrunk = min(max(px_per_m / self._px_per_m, _SMALLEST), 1.0)
        points = space.copy()
        restored = _stretched(limbs, np.repeat(self._lengths_m, 2) * _SLACK, shrunk)
        points[_ROWS[4:6]] = joints[2:4] + restored[:2]
        points[_ROWS[6:8]] = points[_ROWS[4:6]] + restored[2:]
        return Legs(points, shrunk, float(self._lengths_m.sum()))

    def _remember(self, lengths_m: Array, px_per_m: float, feet_px: Array, step_s: float) -> None:
        grow, fade = 1.0 - math.exp(-step_s / _GROW_S), math.exp(-step_s / _FADE_S)
        known_m = self._lengths_m if self._lengths_m.any() else lengths_m
        self._lengths_m = np.maximum(known_m * fade, known_m + (lengths_m - known_m) * grow)
        moved_px = math.hypot(*(feet_px - self._feet_px).tolist())
        if not moved_px < _FEET_STAY * px_per_m * float(self._lengths_m.sum()):
            self._feet_px, self._px_per_m = feet_px, px_per_m
        self._px_per_m = max(self._px_per_m * fade, self._px_per_m + (px_per_m - self._px_per_m) * grow)


def _spread(points: Array) -> float:
    """Root of the summed squared distances (N, 2) from their middle."""
    return float(np.sqrt(((points - points.mean(axis=0)) ** 2).sum()))


def _stretched(limbs: Array, lengths_m: Array, shrunk: float) -> Array:
    """Limbs (4, 3) as long as they are, by their depth alone; the picture's part of them is as small as it looks."""
    plane, depth = limbs[:, :2] * shrunk, limbs[:, 2]
    missing = np.maximum(lengths_m**2 - (plane**2).sum(axis=1) - depth**2, 0.0)
    towards = depth / np.sqrt(depth**2 + _EITHER_WAY_M**2)
    further = towards * (np.sqrt(depth**2 + missing) - np.abs(depth))
    return np.concatenate([plane, (depth + further)[:, None]], axis=1)
