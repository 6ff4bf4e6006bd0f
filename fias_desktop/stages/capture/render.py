"""The painter of the demo: one athlete in a plain room, seen by a pinhole camera.

The solids of `mannequin` are projected and drawn from far to near by `raster`; a soft shadow lies on the floor. The
picture is a function of joints, camera and outfit alone, so that the same performance always gives the same video.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete import Camera
from fias_desktop.stages.capture import mannequin, raster
from fias_desktop.stages.capture.room import paint_room

UInt8 = NDArray[np.uint8]
Float = NDArray[np.floating[Any]]
_SHADOW_STEP = 4  # the shadow is drawn this much smaller: it is soft anyway
_SHADOW_DARK = 0.42
_SHADOW_HIGH_M = 0.55  # at this height a limb's shadow has faded to a third
_CREASE_M = 0.04  # over what width creases between limbs are darkened
_FINGERS_PX = 200.0  # pixels a metre from which on single fingers are drawn


class Renderer:
    """Draws one athlete for one camera; the empty `room`, uint8 (H, W, 3) RGB, is painted once."""

    def __init__(
        self, camera: Camera, outfit: mannequin.Outfit | None = None, mat_at: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        self._camera = camera
        self._outfit = outfit or mannequin.Outfit()
        self._texture = mannequin.texture_of(self._outfit)
        self.room = paint_room(camera, mat_at)
        self.room.setflags(write=False)

    def draw(self, joints: Float) -> UInt8:
        """A picture uint8 (H, W, 3) RGB of a person with `joints` (21, 3) metres, world axes, floor at y = 0."""
        picture = self.room.copy()
        view = _View.of(self._camera, joints)
        parts = mannequin.build(joints, self._outfit, fingers=view.scale >= _FINGERS_PX)
        _darken(picture, self._shadow_mask([part for part in parts if isinstance(part, mannequin.Limb)]))
        shapes = self._shapes(parts, view)
        canvas = _canvas(raster.box_of(shapes), self._camera.size)
        if canvas is not None:
            for shape in sorted(shapes, key=_depth, reverse=True):
                raster.draw(canvas, shape)
            raster.compose(canvas, picture, max(round(_CREASE_M * view.scale), 3))
        return picture

    def _shapes(self, parts: list[mannequin.Part], view: _View) -> list[raster.Shape]:
        limbs = [part for part in parts if isinstance(part, mannequin.Limb)]
        solids = [part for part in parts if isinstance(part, mannequin.Solid)]
        points = np.array([p for limb in limbs for p in (limb.a, limb.b)] + [solid.centre for solid in solids])
        xy, depth = self._camera.project(points)
        scale = self._camera.focal_px / depth
        place = np.concatenate([xy, ((depth - view.depth) * view.scale)[:, None]], axis=1).tolist()
        ends = 2 * len(limbs)
        return [
            *(_capsule(limb, place[2 * i], place[2 * i + 1], scale[2 * i : 2 * i + 2]) for i, limb in enumerate(limbs)),
            *(self._ellipsoid(solid, place[ends + i], float(scale[ends + i])) for i, solid in enumerate(solids)),
        ]

    def _ellipsoid(self, solid: mannequin.Solid, place: list[float], scale: float) -> raster.EllipsoidShape:
        axes = (self._camera.rotation @ solid.axes * scale).astype(np.float32)
        texture = self._texture if solid.textured else None
        return raster.EllipsoidShape((place[0], place[1], place[2]), axes, solid.colour, texture)

    def _shadow_mask(self, limbs: list[mannequin.Limb]) -> UInt8:
        """What the limbs take from the light on the floor right below them, at a quarter of the picture's size: sharp
        and dark where they touch it, faint where they are high above."""
        width, height = self._camera.size
        mask = np.zeros((height // _SHADOW_STEP + 1, width // _SHADOW_STEP + 1), dtype=np.uint8)
        ends = np.array([p for limb in limbs for p in (limb.a, limb.b)])
        high = np.maximum(ends[:, 1].reshape(-1, 2).mean(axis=1), 0.0)
        xy, depth = self._camera.project(ends * np.array([1.0, 0.0, 1.0]))
        scale = self._camera.focal_px / depth.reshape(-1, 2).mean(axis=1) / _SHADOW_STEP
        pixels = np.round(np.clip(xy / _SHADOW_STEP, -4000, 4000) * 16).astype(int).reshape(-1, 2, 2)
        for i in np.argsort(-high):
            thick = max(round(float(limbs[i].radius.max() * 1.5 * scale[i])), 1)
            a, b = pixels[i].tolist()
            cv2.line(mask, a, b, int(255 * np.exp(-high[i] / _SHADOW_HIGH_M)), thick, cv2.LINE_AA, 4)
        soft = max(round(float(scale.mean()) * 0.05), 1) * 2 + 1
        return np.asarray(cv2.GaussianBlur(mask, (soft, soft), 0), dtype=np.uint8)


def _darken(picture: UInt8, mask: UInt8) -> None:
    """Lay a shadow `mask` of 1/_SHADOW_STEP of the size over the picture, in place."""
    left, top, wide, high = cv2.boundingRect(mask)
    if wide == 0:
        return
    step = _SHADOW_STEP
    whole = cv2.resize(mask[top : top + high, left : left + wide], (wide * step, high * step))
    target = picture[top * step : (top + high) * step, left * step : (left + wide) * step]
    light = 255 - cv2.convertScaleAbs(whole[: target.shape[0], : target.shape[1]], alpha=_SHADOW_DARK)
    target[...] = cv2.multiply(target, cv2.merge([light, light, light]), scale=1 / 255)


@dataclass(frozen=True)
class _View:
    """The depth of the body's middle (m) and pixels a metre there."""

    depth: float
    scale: float

    @staticmethod
    def of(camera: Camera, joints: Float) -> _View:
        middle = float(camera.project(joints)[1].mean())
        return _View(middle, camera.focal_px / middle)


def _canvas(box: tuple[float, float, float, float], size: tuple[int, int]) -> raster.Canvas | None:
    left, top = max(int(box[0]) - 2, 0), max(int(box[1]) - 2, 0)
    right, bottom = min(int(box[2]) + 3, size[0]), min(int(box[3]) + 3, size[1])
    return raster.Canvas((left, top), (right - left, bottom - top)) if left < right and top < bottom else None


def _capsule(limb: mannequin.Limb, a: list[float], b: list[float], scale: Float) -> raster.CapsuleShape:
    radius = limb.radius * (scale[0] + (scale[1] - scale[0]) * mannequin.STEPS)
    return raster.CapsuleShape(
        (a[0], a[1], a[2]), (b[0], b[1], b[2]), radius.astype(np.float32), limb.colour, limb.flat_a, limb.flat_b
    )


def _depth(shape: raster.Shape) -> float:
    return (shape.a[2] + shape.b[2]) / 2 if isinstance(shape, raster.CapsuleShape) else shape.centre[2]
