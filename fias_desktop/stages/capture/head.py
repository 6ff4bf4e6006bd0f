"""The map of the head: hair, brows, eyes, cheeks and mouth, painted once and wrapped round the skull when drawn.

The map is stereographic, centred on the face: a point (left, up, front) of the unit sphere lies at
(left, -up) / (1 + front) times a quarter of the map's width from its middle. The picture is drawn as the viewer of the
face sees it turned about, i.e. the person's left is on the right of the map.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]
_SIZE = 256
_OVER = 4  # drawn this much larger, then averaged: smooth edges


@lru_cache(maxsize=16)
def face_texture(skin: Colour, hair: Colour) -> NDArray[np.uint8]:
    """The map, uint8 (256, 256, 3) RGB, read-only."""
    size = _SIZE * _OVER
    canvas = np.empty((size, size, 3), dtype=np.uint8)
    canvas[:] = skin
    _blush(canvas)
    _hair(canvas, hair)
    for side in (-1.0, 1.0):
        _eye(canvas, side, skin, hair)
    _mouth(canvas, skin)
    texture = cv2.resize(canvas, (_SIZE, _SIZE), interpolation=cv2.INTER_AREA)
    texture.setflags(write=False)
    return np.asarray(texture)


def _at(left: float, up: float) -> tuple[float, float]:
    """Map pixels of a point of the face given by its left and up on the unit sphere (front half)."""
    front = max(1.0 - left * left - up * up, 0.0) ** 0.5
    scale = _SIZE * _OVER / 4 / (1 + front)
    return _SIZE * _OVER / 2 + left * scale, _SIZE * _OVER / 2 - up * scale


def _fill(canvas: NDArray[np.uint8], points: list[tuple[float, float]], colour: Colour) -> None:
    cv2.fillPoly(canvas, [np.array([_at(*p) for p in points], dtype=np.int32)], colour)


def _oval(left: float, up: float, wide: float, high: float, tilt: float = 0.0) -> list[tuple[float, float]]:
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    x, y = wide * np.cos(turn), high * np.sin(turn)
    c, s = np.cos(tilt), np.sin(tilt)
    return [(left + c * a - s * b, up + s * a + c * b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]


def _mix(a: Colour, b: Colour, share: float) -> Colour:
    r, g, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return r, g, blue


def _blush(canvas: NDArray[np.uint8]) -> None:
    soft = canvas.copy()
    for side in (-1.0, 1.0):
        _fill(soft, _oval(0.46 * side, -0.22, 0.17, 0.11), (226, 128, 112))
    width = _SIZE * _OVER // 24 | 1
    blurred = cv2.GaussianBlur(soft, (width, width), 0)
    cv2.addWeighted(canvas, 0.45, blurred, 0.55, 0, dst=canvas)


def _hair(canvas: NDArray[np.uint8], hair: Colour) -> None:
    """Everything outside the face: a hairline over the brow, sideburns down to the ears, the back of the head."""
    size = _SIZE * _OVER
    mask = np.full((size, size), 255, dtype=np.uint8)
    outline = [
        (0.0, 0.56), (0.22, 0.58), (0.46, 0.52), (0.66, 0.36), (0.80, 0.14), (0.84, -0.02), (0.93, -0.06),
        (0.97, -0.22), (0.92, -0.38),
    ]  # fmt: skip
    right = [_at(*p) for p in outline]
    # Below the ears the face goes on to the neck: leave the whole chin and throat bare.
    right += [(size * 0.86, size * 0.74), (size * 0.80, size)]
    left = [(size - x, y) for x, y in right]
    cv2.fillPoly(mask, [np.array(right + left[::-1], dtype=np.int32)], 0)
    canvas[mask > 0] = hair


def _eye(canvas: NDArray[np.uint8], side: float, skin: Colour, hair: Colour) -> None:
    x, y = 0.33 * side, 0.10
    _fill(canvas, _oval(x, y, 0.150, 0.090), _mix(skin, (120, 70, 60), 0.35))
    _fill(canvas, _oval(x, y - 0.004, 0.135, 0.078), (250, 250, 248))
    _fill(canvas, _oval(x, y, 0.066, 0.074), (78, 52, 40))
    _fill(canvas, _oval(x, y, 0.034, 0.038), (22, 18, 18))
    _fill(canvas, _oval(x - 0.02, y + 0.026, 0.017, 0.017), (255, 255, 255))
    lid = [(x - 0.155, y + 0.02), (x - 0.08, y + 0.085), (x + 0.08, y + 0.085), (x + 0.155, y + 0.02)]
    _fill(canvas, [*lid, (x + 0.08, y + 0.055), (x - 0.08, y + 0.055)], _mix(hair, (20, 14, 12), 0.6))
    brow = [(x - 0.19, y + 0.195), (x - 0.02 * side, y + 0.265), (x + 0.19, y + 0.195)]
    _fill(canvas, [*brow, (x + 0.185, y + 0.160), (x - 0.02 * side, y + 0.210), (x - 0.185, y + 0.160)], hair)


def _mouth(canvas: NDArray[np.uint8], skin: Colour) -> None:
    lips = _mix(skin, (176, 66, 66), 0.72)
    _fill(canvas, _oval(0.0, -0.20, 0.10, 0.035), _mix(skin, (120, 70, 50), 0.22))
    _fill(
        canvas,
        [(-0.21, -0.43), (-0.10, -0.455), (0.0, -0.45), (0.10, -0.455), (0.21, -0.43), (0.12, -0.50), (0.0, -0.525),
         (-0.12, -0.50)],
        lips,
    )  # fmt: skip
    _fill(canvas, [(-0.17, -0.445), (0.0, -0.465), (0.17, -0.445), (0.0, -0.485)], (250, 246, 242))
