"""Two shaded solids, drawn pixel by pixel: a tapered capsule and an ellipsoid, with a depth buffer and soft edges.

A `Canvas` collects albedo, light, depth and coverage over the part of the picture that the body fills; `compose` then
lights it and lays it over a background. Coordinates are pixels with the origin at the top left, x right, y down, and
depth in pixels away from the viewer (metres times the scale of the part). Numpy float32 throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
UInt8 = NDArray[np.uint8]
Colour = tuple[int, int, int]

# Towards the light in camera axes (x right, y down, z away): over the viewer's left shoulder.
LIGHT = np.array([-0.46, -0.62, -0.635], dtype=np.float32)
# Light that falls from everywhere, and how strongly a crease is darkened.
_AMBIENT = 0.50
_CREASE = 0.42
_FAR = np.float32(1e9)
_TINY = 1e-6


@dataclass(frozen=True, eq=False)
class CapsuleShape:
    """A round limb in pixels: ends `a`, `b` (x, y, depth), `radius` float32 (N,) from a to b at even steps, and whether
    its ends are cut flat, as the hem of a sleeve is."""

    a: tuple[float, float, float]
    b: tuple[float, float, float]
    radius: Float32
    colour: Colour
    flat_a: bool = False
    flat_b: bool = False


@dataclass(frozen=True, eq=False)
class EllipsoidShape:
    """An ellipsoid in pixels: `centre` (x, y, depth) and `axes` float32 (3, 3), its three half axes, square to each
    other, as columns in camera axes. With a `texture` (N, N, 3) the surface is painted by the stereographic map of
    `_textured`."""

    centre: tuple[float, float, float]
    axes: Float32
    colour: Colour
    texture: UInt8 | None = None


Shape = CapsuleShape | EllipsoidShape


@dataclass(eq=False)
class Canvas:
    """Buffers (h, w) over one box of the picture whose top left pixel is `origin` (x, y)."""

    origin: tuple[int, int]
    size: tuple[int, int]
    paint: Float32 = field(init=False)
    light: Float32 = field(init=False)
    depth: Float32 = field(init=False)
    cover: Float32 = field(init=False)
    columns: Float32 = field(init=False)
    rows: Float32 = field(init=False)

    def __post_init__(self) -> None:
        width, height = self.size
        self.paint = np.zeros((3, height, width), dtype=np.float32)
        self.light = np.zeros((height, width), dtype=np.float32)
        self.depth = np.full((height, width), _FAR, dtype=np.float32)
        self.cover = np.zeros((height, width), dtype=np.float32)
        self.columns = np.arange(width, dtype=np.float32)[None] + np.float32(self.origin[0])
        self.rows = np.arange(height, dtype=np.float32)[:, None] + np.float32(self.origin[1])

    def window(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice] | None:
        """The slices (rows, columns) of a box in picture coordinates; None when it lies outside."""
        x0, y0 = self.origin
        xs = slice(max(int(left) - 1 - x0, 0), min(int(right) + 3 - x0, self.size[0]))
        ys = slice(max(int(top) - 1 - y0, 0), min(int(bottom) + 3 - y0, self.size[1]))
        return (ys, xs) if xs.start < xs.stop and ys.start < ys.stop else None

    def lay(
        self,
        where: tuple[slice, slice],
        alpha: Float32,
        depth: Float32,
        light: Float32,
        colour: Sequence[float] | Sequence[Float32],
    ) -> None:
        """Lay a surface over what is there: `alpha` 0..1, `depth`, `light` (h, w); `colour` red, green, blue, each a
        number or (h, w)."""
        behind, seen = self.depth[where], self.light[where]
        alpha = alpha * (depth < behind)
        seen += (light - seen) * alpha
        for plane, value in zip(self.paint, colour, strict=True):
            paint = plane[where]
            paint += (value - paint) * alpha
        np.copyto(behind, depth, where=alpha > 0.5)
        cover = self.cover[where]
        np.maximum(cover, alpha, out=cover)


def draw(canvas: Canvas, shape: Shape) -> None:
    """Draw one solid into the canvas."""
    if isinstance(shape, CapsuleShape):
        _draw_capsule(canvas, shape)
    else:
        _draw_ellipsoid(canvas, shape)


def _draw_capsule(canvas: Canvas, shape: CapsuleShape) -> None:
    (ax, ay, az), (bx, by, bz) = shape.a, shape.b
    reach = float(shape.radius.max())
    where = canvas.window(min(ax, bx) - reach, min(ay, by) - reach, max(ax, bx) + reach, max(ay, by) + reach)
    if where is None:
        return
    f32 = np.float32
    ux, uy = f32(bx - ax), f32(by - ay)
    length2 = max(float(ux * ux + uy * uy), _TINY)
    qx, qy = canvas.columns[:, where[1]] - f32(ax), canvas.rows[where[0]] - f32(ay)
    raw = (qx * (ux / f32(length2))) + (qy * (uy / f32(length2)))
    t = np.clip(raw, f32(0), f32(1))
    radius = shape.radius[(t * f32(len(shape.radius) - 1)).astype(np.intp)]
    dx, dy = qx - t * ux, qy - t * uy
    square = dx * dx + dy * dy
    alpha = np.clip(radius - np.sqrt(square) + f32(0.5), f32(0), f32(1))
    length = f32(np.sqrt(length2))
    if shape.flat_b:
        alpha *= np.clip((f32(1) - raw) * length + f32(0.5), f32(0), f32(1))
    if shape.flat_a:
        alpha *= np.clip(raw * length + f32(0.5), f32(0), f32(1))
    height = np.sqrt(np.maximum(radius * radius - square, f32(0)))
    lx, ly, lz = _light_across(float(ux), float(uy), bz - az)
    light = (dx * lx + dy * ly + height * lz) / radius
    canvas.lay(where, alpha, f32(az) + t * f32(bz - az) - height, light, shape.colour)


def _light_across(ux: float, uy: float, uz: float) -> tuple[np.float32, np.float32, np.float32]:
    """The light's share along image x, image y and along the direction that is square to the axis and faces the
    viewer: a limb that points at the viewer is lit on its front, one that lies across is lit on its upper side."""
    norm = max((ux * ux + uy * uy + uz * uz) ** 0.5, _TINY)
    ax, ay, az = ux / norm, uy / norm, uz / norm
    flat = max((ax * ax + ay * ay) ** 0.5, _TINY)
    # Toward the viewer (0, 0, -1) less its share along the axis.
    fx, fy, fz = (ax * az / flat, ay * az / flat, -flat) if flat > 1e-3 else (0.0, 0.0, -1.0)
    lx, ly, lz = (float(v) for v in LIGHT)
    return np.float32(lx), np.float32(ly), np.float32(fx * lx + fy * ly + fz * lz)


def _draw_ellipsoid(canvas: Canvas, shape: EllipsoidShape) -> None:
    cx, cy, cz = shape.centre
    reach = np.sqrt((shape.axes**2).sum(axis=1))
    where = canvas.window(cx - reach[0], cy - reach[1], cx + reach[0], cy + reach[1])
    if where is None:
        return
    f32 = np.float32
    # The axes are square to each other: their inverse is their transpose by their squared lengths.
    inverse = (shape.axes / (shape.axes**2).sum(axis=0)).T
    metric = inverse.T @ inverse
    a = metric[2, 2]
    x, y = canvas.columns[:, where[1]] - f32(cx), canvas.rows[where[0]] - f32(cy)
    slope_x, slope_y = metric[0, 2] / a, metric[1, 2] / a
    qxx, qxy, qyy = metric[0, 0] - a * slope_x**2, metric[0, 1] - a * slope_x * slope_y, metric[1, 1] - a * slope_y**2
    gx, gy = x * qxx + y * qxy, x * qxy + y * qyy
    inside = f32(1) - (x * gx + y * gy)
    steep = np.sqrt(gx * gx + gy * gy) * f32(2) + f32(_TINY)
    alpha = np.clip(inside / steep + f32(0.5), f32(0), f32(1))
    z = -(x * slope_x + y * slope_y) - np.sqrt(np.maximum(inside, f32(0)) / a)
    unit = [row[0] * x + row[1] * y + row[2] * z for row in inverse]
    toward = inverse @ LIGHT
    normal = [x * metric[0, i] + y * metric[1, i] + z * metric[2, i] for i in range(3)]
    norm = np.sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2])
    light = (unit[0] * toward[0] + unit[1] * toward[1] + unit[2] * toward[2]) / np.maximum(norm, f32(_TINY))
    colour = shape.colour if shape.texture is None else _textured(shape.texture, unit)
    canvas.lay(where, alpha, f32(cz) + z, light, colour)


def _textured(texture: UInt8, unit: list[Float32]) -> Sequence[Float32]:
    """Look a surface point up in a stereographic map of the sphere, centred on +z (the face) of the solid's own axes.

    `unit` are the point's coordinates on the unit sphere; the map's edge is at 2 from the centre, so that all but the
    very back is covered; beyond, the edge colour goes on.
    """
    half = texture.shape[0] / 2
    scale = np.float32(half / 2) / np.maximum(1 + unit[2], np.float32(0.05))
    u, v = unit[0] * scale + np.float32(half), -unit[1] * scale + np.float32(half)
    looked_up = cv2.remap(texture, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cv2.split(looked_up.astype(np.float32))


def compose(canvas: Canvas, picture: UInt8, smooth_px: int) -> None:
    """Light the canvas and lay it over `picture` (H, W, 3), in place. `smooth_px` is the width over which the light is
    evened out where solids merge, and creases are looked for where they do not."""
    (x0, y0), (width, height) = canvas.origin, canvas.size
    known = canvas.cover > 0.5
    if not known.any():
        return
    depth = np.minimum(canvas.depth, canvas.depth[known].max())
    kernel = (smooth_px | 1, smooth_px | 1)
    hidden = depth - cv2.blur(depth, kernel)
    even = np.clip(np.float32(1.4) - np.abs(hidden) * np.float32(5.6 / smooth_px), 0, 1)
    weight = cv2.blur(canvas.cover, kernel)
    evened = cv2.blur(canvas.light * canvas.cover, kernel) / np.maximum(weight, np.float32(_TINY))
    light = canvas.light + (evened - canvas.light) * even
    light = np.float32(_AMBIENT) + np.float32((1 - _AMBIENT) * 0.59) * (light + 1)
    light *= 1 - np.clip(hidden * np.float32(_CREASE / 1.6 / smooth_px), 0, np.float32(_CREASE))
    target = picture[y0 : y0 + height, x0 : x0 + width]
    shaded = cv2.merge([cv2.multiply(plane, light, dtype=cv2.CV_8U) for plane in canvas.paint])
    target[...] = cv2.blendLinear(shaded, np.ascontiguousarray(target), canvas.cover, 1 - canvas.cover)


def box_of(shapes: Sequence[Shape]) -> tuple[float, float, float, float]:
    """The box (left, top, right, bottom) in pixels that holds all the solids."""
    boxes = []
    for shape in shapes:
        if isinstance(shape, CapsuleShape):
            (ax, ay, _), (bx, by, _), r = shape.a, shape.b, float(shape.radius.max())
            boxes.append((min(ax, bx) - r, min(ay, by) - r, max(ax, bx) + r, max(ay, by) + r))
        else:
            (cx, cy, _), (rx, ry) = shape.centre, np.sqrt((shape.axes[:2] ** 2).sum(axis=1)).tolist()
            boxes.append((cx - rx, cy - ry, cx + rx, cy + ry))
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
