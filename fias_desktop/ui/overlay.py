"""Painting the skeleton and its heat on the picture, with the colour map that the legend and the strip share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen, QPolygonF, QRadialGradient

from fias_desktop.domain.skeleton import BLAZEPOSE33, FACE_JOINTS, SKELETONS
from fias_desktop.domain.types import Pose, UInt8

ToWidget = Callable[[float, float], QPointF]

_LIMBS = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("shoulder", "hip"),
    ("hip", "knee"),
    ("knee", "ankle"),
    ("ankle", "heel"),
    ("heel", "foot_index"),
    ("ankle", "foot_index"),
)
_BONES = (
    *((f"{side}_{a}", f"{side}_{b}") for side in ("left", "right") for a, b in _LIMBS),
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
)
_FACE_BONES = (("left_eye", "nose"), ("right_eye", "nose"), ("left_ear", "left_eye"), ("right_ear", "right_eye"))
_BODY_JOINTS = tuple(dict.fromkeys(joint for bone in _BONES for joint in bone))
_FACE = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
_FAINT_SCORE, _LOST_SCORE = 0.5, 0.1
_HOT = 0.65
_STANDS_OUT = 3.5  # times the mean: so warm a joint is clearly more important than the others
_PLAIN = QColor("#dfe9f5")
_OTHERS = QColor(223, 233, 245, 110)
_EDGE = QColor(5, 8, 13, 190)
GHOST = QColor(120, 240, 255, 235)  # a hue that the heat does not have
_GHOST_EDGE = QColor(5, 8, 13, 120)
_GHOST_DASH = (3.0, 2.2)  # line and gap, in line widths


@cache
def colour_table() -> UInt8:
    """256 RGB rows from low to high: `plasma` (perceptually even) without its darkest quarter, lost in the dark."""
    table = pg.colormap.get("plasma").getLookupTable(start=0.25, stop=1.0, nPts=256, alpha=False)
    return np.asarray(table, dtype=np.uint8)


def heat_colour(heat: float) -> QColor:
    """The colour of a heat in 0..1; NaN counts as 0."""
    index = int(np.clip(np.nan_to_num(heat), 0.0, 1.0) * 255)
    return QColor(*(int(channel) for channel in colour_table()[index]))


@cache
def heat_joints(count: int) -> tuple[str, ...]:
    """The joint names of a skeleton with so many joints; empty when there is none."""
    for skeleton in SKELETONS.values():
        if skeleton.num_joints == count:
            return skeleton.joints
    return ()


def heat_scale(heat: NDArray[np.floating[Any]]) -> float:
    """What counts as full heat among these values (any shape); 0 when nothing is warm."""
    if not heat.size or float(heat.max()) <= 1e-9:
        return 0.0
    return max(float(heat.max()), _STANDS_OUT * float(heat.mean()))


def heat_by_joint(heat: tuple[float, ...], face: bool) -> dict[str, float]:
    """Heat per joint name in 0..1: the hottest shown joint is 1 where it stands out, even heat is below the middle of
    the colours (nothing mattered more than the rest), and all is 0 when nothing is warm.

    Face joints are left out, and do not count for the scale, unless `face`.
    """
    names = heat_joints(len(heat))
    shown = {
        name: float(np.nan_to_num(value))
        for name, value in zip(names, heat, strict=False)
        if face or name not in FACE_JOINTS
    }
    scale = heat_scale(np.array(list(shown.values())))
    return {name: max(value, 0.0) / scale if scale > 0 else 0.0 for name, value in shown.items()}


@dataclass(frozen=True)
class OverlayStyle:
    """How the skeleton is drawn: with heat, with face joints, and joints to point at (empty: none)."""

    heat: bool = True
    face: bool = False
    highlight: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Dot:
    at: QPointF
    score: float
    heat: float | None


def paint_person(
    painter: QPainter, pose: Pose, heat: tuple[float, ...], to_widget: ToWidget, unit: float, style: OverlayStyle
) -> None:
    """Draw one person. `to_widget` maps frame pixels to the widget; `unit` is the bone's width in widget pixels."""
    warmth = heat_by_joint(heat, style.face) if style.heat and heat else {}
    dots = _dots(pose, warmth, to_widget, style.face)
    for a, b in _BONES + (_FACE_BONES if style.face else ()):
        if a in dots and b in dots:
            _bone(painter, dots[a], dots[b], unit)
    for name, dot in dots.items():
        _joint(painter, dot, unit * (0.6 if name in _FACE else 1.0))
    for name in style.highlight:
        if name in dots:
            _ring(painter, dots[name].at, unit)


def paint_bystander(painter: QPainter, pose: Pose, to_widget: ToWidget, unit: float) -> None:
    """Draw somebody who is not followed: thin and grey (a click chooses them)."""
    dots = _dots(pose, {}, to_widget, face=False)
    painter.setPen(QPen(_OTHERS, unit * 0.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for a, b in _BONES:
        if a in dots and b in dots:
            painter.drawLine(dots[a].at, dots[b].at)


def paint_ghost(painter: QPainter, pose: Pose, to_widget: ToWidget, unit: float) -> None:
    """Draw where somebody is expected: thin dashed lines without joints, under the skeleton itself."""
    dots = _dots(pose, {}, to_widget, face=False)
    lines = [(dots[a].at, dots[b].at) for a, b in _BONES if a in dots and b in dots]
    for pen in (QPen(_GHOST_EDGE, unit * 1.25, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap), ghost_pen(unit * 0.75)):
        painter.setPen(pen)
        for start, end in lines:
            painter.drawLine(start, end)


def ghost_pen(width: float) -> QPen:
    """The dashed pen of the ghost, in the picture and in the legend."""
    pen = QPen(GHOST, width, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(list(_GHOST_DASH))
    return pen


def _dots(pose: Pose, warmth: dict[str, float], to_widget: ToWidget, face: bool) -> dict[str, _Dot]:
    names = _BODY_JOINTS + (_FACE if face else ())
    dots = {}
    for name in names:
        index = BLAZEPOSE33.index(name)
        x, y = pose.xy[index]
        score = float(pose.score[index])
        if np.isfinite(x) and np.isfinite(y) and score >= _LOST_SCORE:
            dots[name] = _Dot(to_widget(float(x), float(y)), score, warmth.get(name) if warmth else None)
    return dots


def _colour(dot: _Dot) -> QColor:
    colour = QColor(_PLAIN) if dot.heat is None else heat_colour(dot.heat)
    if dot.score < _FAINT_SCORE:
        colour.setAlpha(120)
    return colour


def _bone(painter: QPainter, a: _Dot, b: _Dot, unit: float) -> None:
    style = Qt.PenStyle.SolidLine if min(a.score, b.score) >= _FAINT_SCORE else Qt.PenStyle.DotLine
    painter.setPen(QPen(_EDGE, unit * 1.7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    if style == Qt.PenStyle.SolidLine:
        painter.drawLine(a.at, b.at)
    gradient = QLinearGradient(a.at, b.at)
    gradient.setColorAt(0.0, _colour(a))
    gradient.setColorAt(1.0, _colour(b))
    painter.setPen(QPen(QBrush(gradient), unit, style, Qt.PenCapStyle.RoundCap))
    painter.drawLine(a.at, b.at)


def _joint(painter: QPainter, dot: _Dot, unit: float) -> None:
    heat = dot.heat or 0.0
    painter.setPen(Qt.PenStyle.NoPen)
    if heat > _HOT and dot.score >= _FAINT_SCORE:
        _glow(painter, dot.at, heat_colour(heat), unit * (2.0 + 2.6 * heat))
    radius = unit * (1.0 + 0.7 * heat)
    painter.setBrush(_EDGE)
    painter.drawEllipse(dot.at, radius + unit * 0.35, radius + unit * 0.35)
    painter.setBrush(_colour(dot))
    painter.drawEllipse(dot.at, radius, radius)


def _glow(painter: QPainter, at: QPointF, colour: QColor, radius: float) -> None:
    gradient = QRadialGradient(at, radius)
    colour.setAlpha(150)
    gradient.setColorAt(0.25, colour)
    faded = QColor(colour)
    faded.setAlpha(0)
    gradient.setColorAt(1.0, faded)
    painter.setBrush(gradient)
    painter.drawEllipse(at, radius, radius)


def _ring(painter: QPainter, at: QPointF, unit: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_EDGE, 1.5), (QColor("#ffffff"), 0.7)):
        painter.setPen(QPen(colour, unit * width))
        painter.drawEllipse(at, unit * 3.6, unit * 3.6)


def legend_gradient(area: QRectF) -> QLinearGradient:
    """The colour map from left (low) to right (high) over `area`."""
    gradient = QLinearGradient(area.topLeft(), area.topRight())
    table = colour_table()
    for step in range(0, 256, 17):
        gradient.setColorAt(step / 255, QColor(*(int(channel) for channel in table[step])))
    return gradient


def angle_sector(painter: QPainter, at: QPointF, a: QPointF, b: QPointF, radius: float, colour: QColor) -> None:
    """A filled sector at a joint between the directions to its two neighbours."""
    start, end = (np.arctan2(point.y() - at.y(), point.x() - at.x()) for point in (a, b))
    sweep = (end - start + np.pi) % (2 * np.pi) - np.pi
    steps = start + sweep * np.linspace(0.0, 1.0, 24)
    points = [at] + [QPointF(at.x() + radius * float(np.cos(s)), at.y() + radius * float(np.sin(s))) for s in steps]
    painter.setPen(QPen(colour, max(radius * 0.06, 1.5)))
    fill = QColor(colour)
    fill.setAlpha(90)
    painter.setBrush(fill)
    painter.drawPolygon(QPolygonF(points))
