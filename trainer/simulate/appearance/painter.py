"""From solids and a camera to a picture: the demo's raster, for any solids and a small square picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete import Camera
from fias_desktop.domain.types import UInt8
from fias_desktop.stages.capture import mannequin, raster

_CREASE_M = 0.04  # over what width creases between limbs are darkened
Float = NDArray[np.floating[Any]]


def paint(picture: UInt8, parts: Sequence[mannequin.Part], camera: Camera, texture: UInt8) -> None:
    """Draw solids over `picture` (S, S, 3), in place; `texture` is wrapped round the solids that are textured."""
    middle_m = float(np.median([camera.project(_centre(part))[1] for part in parts]))
    scale = camera.focal_px / middle_m
    shapes = [_shape(part, camera, middle_m, texture) for part in parts]
    left, top, right, bottom = raster.box_of(shapes)
    width, height = camera.size
    first = max(int(left) - 2, 0), max(int(top) - 2, 0)
    size = min(int(right) + 3, width) - first[0], min(int(bottom) + 3, height) - first[1]
    if min(size) <= 0:
        return
    canvas = raster.Canvas(first, size)
    for shape in sorted(shapes, key=_depth, reverse=True):
        raster.draw(canvas, shape)
    raster.compose(canvas, picture, max(round(_CREASE_M * scale), 3))


def _centre(part: mannequin.Part) -> Float:
    return part.centre if isinstance(part, mannequin.Solid) else (part.a + part.b) / 2


def _shape(part: mannequin.Part, camera: Camera, middle_m: float, texture: UInt8) -> raster.Shape:
    """The solid in pixels; depths are metres behind the middle of the picture's solids, by the scale there."""
    by_depth = camera.focal_px / middle_m
    points = part.centre[None] if isinstance(part, mannequin.Solid) else np.stack([part.a, part.b])
    xy, depth_m = camera.project(points)
    scale = camera.focal_px / depth_m
    at = [(float(x), float(y), float((d - middle_m) * by_depth)) for (x, y), d in zip(xy, depth_m, strict=True)]
    if isinstance(part, mannequin.Solid):
        axes = (camera.rotation @ part.axes * scale[0]).astype(np.float32)
        return raster.EllipsoidShape(at[0], axes, part.colour, texture if part.textured else None)
    radius = part.radius * (scale[0] + (scale[1] - scale[0]) * mannequin.STEPS)
    return raster.CapsuleShape(at[0], at[1], radius.astype(np.float32), part.colour, part.flat_a, part.flat_b)


def _depth(shape: raster.Shape) -> float:
    return (shape.a[2] + shape.b[2]) / 2 if isinstance(shape, raster.CapsuleShape) else shape.centre[2]
