"""Draws skeleton, heat, label and counter into a picture, for videos that leave the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np

from fias_desktop.domain.skeleton import BLAZEPOSE33, FACE_JOINTS
from fias_desktop.domain.types import Pose, UInt8

_MIN_SCORE = 0.3
_PLAIN = (150, 205, 255)
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_ACROSS = (("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"))
_BODY: tuple[tuple[int, int], ...] = (
    *(bone for bone in BLAZEPOSE33.inward if not {BLAZEPOSE33.joints[joint] for joint in bone} & FACE_JOINTS),
    *((BLAZEPOSE33.index(left), BLAZEPOSE33.index(right)) for left, right in _ACROSS),
)


@dataclass(frozen=True)
class Overlay:
    """What to draw: `heat` 0..1 for each of `joints` by name (empty: a plain skeleton), and up to two lines of text."""

    pose: Pose | None
    joints: tuple[str, ...] = ()
    heat: tuple[float, ...] = ()
    label: str = ""
    counter: str = ""
    notes: Sequence[str] = field(default=())


def draw(image: UInt8, overlay: Overlay) -> UInt8:
    """A copy of a picture (H, W, 3) RGB with the overlay; sizes follow the picture's height."""
    canvas = np.array(image, dtype=np.uint8)
    unit = max(canvas.shape[0], canvas.shape[1]) / 640
    if overlay.pose is not None:
        _skeleton(canvas, overlay.pose, _heat_by_index(overlay), unit)
    if overlay.label:
        _text(canvas, overlay.label, (10 * unit, canvas.shape[0] - 14 * unit), 0.7 * unit)
    if overlay.counter:
        _text(canvas, overlay.counter, (10 * unit, 34 * unit), 1.1 * unit)
    return canvas


def _heat_by_index(overlay: Overlay) -> dict[int, float]:
    return {
        BLAZEPOSE33.index(joint): heat
        for joint, heat in zip(overlay.joints, overlay.heat, strict=True)
        if joint not in FACE_JOINTS
    }


def _skeleton(canvas: UInt8, pose: Pose, heat: dict[int, float], unit: float) -> None:
    seen = (pose.score >= _MIN_SCORE) & np.isfinite(pose.xy).all(axis=1)
    width = max(round(3 * unit), 1)
    for child, parent in _BODY:
        if seen[child] and seen[parent]:
            hot = max(heat.get(child, 0.0), heat.get(parent, 0.0)) * 0.8 if heat else None
            cv2.line(canvas, _pixel(pose, child), _pixel(pose, parent), _colour(hot), width, cv2.LINE_AA)
    for joint, name in enumerate(BLAZEPOSE33.joints):
        if seen[joint] and name not in FACE_JOINTS and (not heat or joint in heat):
            hot = heat.get(joint, 0.0) if heat else None
            radius = round((3 + 4 * (hot or 0.0)) * unit)
            cv2.circle(canvas, _pixel(pose, joint), radius + 1, _BLACK, -1, cv2.LINE_AA)
            cv2.circle(canvas, _pixel(pose, joint), radius, _colour(hot), -1, cv2.LINE_AA)


def _pixel(pose: Pose, joint: int) -> tuple[int, int]:
    x, y = pose.xy[joint]
    return round(float(x)), round(float(y))


def _colour(heat: float | None) -> tuple[int, int, int]:
    """RGB of a heat 0..1 on a perceptually even scale; the plain skeleton's colour without heat."""
    if heat is None:
        return _PLAIN
    red, green, blue = _scale()[round(255 * min(max(heat, 0.0), 1.0))]
    return int(red), int(green), int(blue)


@cache
def _scale() -> UInt8:
    """The upper, visible part of the inferno map as 256 RGB colours."""
    steps = np.linspace(60, 250, 256).round().astype(np.uint8)[:, None]
    return np.asarray(cv2.applyColorMap(steps, cv2.COLORMAP_INFERNO)[:, 0, ::-1], dtype=np.uint8)


def _text(canvas: UInt8, text: str, at: tuple[float, float], scale: float) -> None:
    point = (round(at[0]), round(at[1]))
    plain = text.encode("ascii", "replace").decode()
    thickness = max(round(2 * scale), 1)
    for colour, extra in ((_BLACK, 3 * thickness), (_WHITE, thickness)):
        cv2.putText(canvas, plain, point, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, extra, cv2.LINE_AA)
