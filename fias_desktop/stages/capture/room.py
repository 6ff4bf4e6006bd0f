"""The room behind the athlete: wall, skirting board, wooden floor in perspective and an exercise mat, painted once."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete import Camera

UInt8 = NDArray[np.uint8]
Points = NDArray[np.floating[Any]]
_WALL = (228, 224, 216)
_SKIRTING = (244, 242, 238)
_FLOOR = (197, 166, 130)
_SEAM = (178, 147, 112)
_MAT = (88, 108, 128)
_MAT_EDGE = (104, 126, 148)
_MAT_M = (1.3, 2.4)
_WALL_M = 3.2  # how far the wall stands behind the athlete
_HALF_M = 9.0
_NEAR_M = 0.25


def paint_room(camera: Camera, mat_at: tuple[float, float] = (0.0, 0.0)) -> UInt8:
    """The empty room seen by the camera, uint8 (H, W, 3) RGB. The mat lies along z, its middle at `mat_at` (x, z)."""
    width, height = camera.size
    picture = np.empty((height, width, 3), dtype=np.uint8)
    picture[:] = _WALL
    back, side = _floor_axes(camera)
    floor = _FloorPainter(camera, picture, back, side)
    floor.quad(-9.0, _WALL_M, -_HALF_M, _HALF_M, _FLOOR)
    for k in range(-45, 46):
        across = k * 0.2
        floor.quad(-9.0, _WALL_M, across - 0.006, across + 0.006, _SEAM)
    floor.mat(mat_at, 0.0, _MAT_EDGE)
    floor.mat(mat_at, 0.03, _MAT)
    floor.standing(_WALL_M, 0.0, 0.12, _SKIRTING)
    return _lit(picture)


def _floor_axes(camera: Camera) -> tuple[Points, Points]:
    """Horizontal unit vectors away from the viewer and to the picture's right."""
    away = np.array([camera.rotation[2, 0], 0.0, camera.rotation[2, 2]], dtype=np.float64)
    if float(np.abs(away).max()) < 1e-6:  # straight from above: any direction will do
        away = np.array([0.0, 0.0, -1.0])
    away /= np.linalg.norm(away)
    return away, np.array([-away[2], 0.0, away[0]])


class _FloorPainter:
    """Fills rectangles of the floor or of the wall, given in metres away from the viewer and to the right."""

    def __init__(self, camera: Camera, picture: UInt8, away: Points, right: Points) -> None:
        self._camera, self._picture, self._away, self._right = camera, picture, away, right

    def quad(self, near: float, far: float, left: float, right: float, colour: tuple[int, int, int]) -> None:
        corners = ((near, left), (near, right), (far, right), (far, left))
        self._fill(np.array([self._away * a + self._right * b for a, b in corners]), colour)

    def mat(self, middle: tuple[float, float], border: float, colour: tuple[int, int, int]) -> None:
        half = np.array([_MAT_M[0] / 2 - border, 0.0, _MAT_M[1] / 2 - border])
        signs = np.array([(-1, 0, -1), (1, 0, -1), (1, 0, 1), (-1, 0, 1)])
        self._fill(signs * half + np.array([middle[0], 0.0, middle[1]]), colour)

    def standing(self, away: float, low: float, high: float, colour: tuple[int, int, int]) -> None:
        up = np.array([0.0, 1.0, 0.0])
        corners = ((low, -_HALF_M), (low, _HALF_M), (high, _HALF_M), (high, -_HALF_M))
        self._fill(np.array([self._away * away + self._right * b + up * a for a, b in corners]), colour)

    def _fill(self, corners: Points, colour: tuple[int, int, int]) -> None:
        seen = _clip_near(corners, self._camera)
        if len(seen) < 3:
            return
        xy = np.clip(self._camera.project(seen)[0], -20000, 20000)
        cv2.fillPoly(self._picture, [np.round(xy * 16).astype(np.int32)], colour, cv2.LINE_AA, 4)


def _clip_near(corners: Points, camera: Camera) -> Points:
    """Cut a polygon (N, 3) at a plane just before the camera, so that nothing behind it is projected."""
    depth = (corners - camera.position) @ camera.rotation[2] - _NEAR_M
    kept: list[Points] = []
    for i in range(len(corners)):
        j = (i + 1) % len(corners)
        if depth[i] >= 0:
            kept.append(corners[i])
        if (depth[i] >= 0) != (depth[j] >= 0):
            kept.append(corners[i] + (corners[j] - corners[i]) * (depth[i] / (depth[i] - depth[j])))
    return np.array(kept)


def _lit(picture: UInt8) -> UInt8:
    """A soft light from the upper left and darker corners, with a trace of grain against banding."""
    height, width = picture.shape[:2]
    x = np.linspace(-1, 1, width)[None]
    y = np.linspace(-1, 1, height)[:, None]
    light = 1.03 - 0.07 * ((x + 0.35) ** 2 + 0.7 * (y + 0.3) ** 2)
    grain = np.random.default_rng(1).normal(0.0, 1.2, (height, width))
    return np.asarray(np.clip(picture * light[..., None] + grain[..., None], 0, 255), dtype=np.uint8)
