"""A pinhole camera: world metres to pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.floating[Any]]
_NEAR_M = 0.05


@dataclass(frozen=True, eq=False)
class Camera:
    """`rotation` (3, 3) takes world directions to camera axes (x right, y down, z forward); `position` (3,) metres;
    `focal_px`; `size` (width, height) px, principal point in the middle."""

    position: Float
    rotation: Float
    focal_px: float
    size: tuple[int, int]

    @staticmethod
    def look_at(
        position: Float, target: Float, focal_px: float, size: tuple[int, int], roll_deg: float = 0.0
    ) -> Camera:
        """A camera at `position` (3,) m looking at `target` (3,) m; `roll_deg` turns the picture clockwise."""
        eye = np.asarray(position, dtype=np.float64)
        forward = np.asarray(target, dtype=np.float64) - eye
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, (0.0, 1.0, 0.0))
        right = right / np.linalg.norm(right)
        down = np.cross(forward, right)
        c, s = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
        return Camera(eye, np.stack([c * right + s * down, c * down - s * right, forward]), focal_px, size)

    def project(self, points: Float) -> tuple[Float, Float]:
        """World points (..., 3) m -> (pixels (..., 2), origin top left, y down; depth (...) m along the viewing
        axis)."""
        local = (np.asarray(points) - self.position) @ self.rotation.T
        depth = np.maximum(local[..., 2], _NEAR_M)
        centre = np.array(self.size, dtype=np.float64) / 2
        return local[..., :2] * (self.focal_px / depth)[..., None] + centre, depth
