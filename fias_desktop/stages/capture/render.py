"""The painter of the demo: one athlete in a plain room, seen by a pinhole camera.

The solids of `mannequin` are projected and drawn from far to near by `raster`; a soft shadow lies on the floor. The
picture is a function of joints, camera and outfit alone, so that the same performance always gives the same video.
"""

from __future__ import annotations

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
_MARGIN_M = 0.30  # how far the body reaches beyond its joints (hands, hair, shoes)


class Renderer:
    """Draws one athlete for one camera; the room is painted once."""

    def __init__(self, camera: Camera, outfit: mannequin.Outfit | None = None) -> None:
        self._camera = camera
        self._outfit = outfit or mannequin.Outfit()
        self._texture = mannequin.texture_of(self._outfit)
        self._room = paint_room(camera)
        self._room.setflags(write=False)

    def draw(self, joints: Float) -> UInt8:
        """A picture uint8 (H, W, 3) RGB of a person with `joints` (21, 3) metres, world axes, floor at y = 0."""
        picture = self._room.copy()
        parts = mannequin.build(joints, self._outfit)
        shapes = self._shapes(parts)
        self._shadow(picture, parts)
        canvas = self._canvas(joints)
        if canvas is not None:
            for shape in sorted(shapes, key=_depth, reverse=True):
                raster.draw(canvas, shape)
            raster.compose(canvas, picture, self._crease_px(joints))
        return picture

    def _shapes(self, parts: list[mannequin.Part]) -> list[raster.Shape]:
        limbs = [part for part in parts if isinstance(part, mannequin.Limb)]
        solids = [part for part in parts if isinstance(part, mannequin.Solid)]
        points = np.array([p for limb in limbs for p in (limb.a, limb.b)] + [solid.centre for solid in solids])
        xy, depth = self._camera.project(points)
        scale = self._camera.focal_px / depth
        ends = 2 * len(limbs)
        return [
            *(self._limb(limb, xy[2 * i : 2 * i + 2], scale[2 * i : 2 * i + 2]) for i, limb in enumerate(limbs)),
            *(self._solid(solid, xy[ends + i], float(scale[ends + i])) for i, solid in enumerate(solids)),
        ]

    def _limb(self, limb: mannequin.Limb, xy: Float, scale: Float) -> raster.CapsuleShape:
        mean = float(scale.mean())
        steps = np.linspace(scale[0], scale[1], len(limb.radius))
        # Depth in metres times one common scale keeps the order of near and far between different solids.
        za, zb = (self._depth_px(float(s)) for s in scale)
        del mean
        return raster.CapsuleShape(
            (float(xy[0, 0]), float(xy[0, 1]), za),
            (float(xy[1, 0]), float(xy[1, 1]), zb),
            (limb.radius * steps).astype(np.float32),
            limb.colour,
            limb.flat_a,
            limb.flat_b,
        )

    def _solid(self, solid: mannequin.Solid, xy: Float, scale: float) -> raster.EllipsoidShape:
        axes = (self._camera.rotation @ solid.axes * scale).astype(np.float32)
        texture = self._texture if solid.textured else None
        return raster.EllipsoidShape((float(xy[0]), float(xy[1]), self._depth_px(scale)), axes, solid.colour, texture)
