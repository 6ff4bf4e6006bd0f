"""The counter on the picture's corner: exercise, repetitions and form in type that is read from three metres."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath

from fias_desktop.domain.exercises import EXERCISES, IDLE, form_of, is_exercise_class
from fias_desktop.engine.view import LiveView
from fias_desktop.ui import names, theme

# Fractions of the picture's height. Digits are about 0.73 of their font's size high: 0.2 makes them 1/7 of the picture.
_NUMBER, _TITLE, _FORM, _PAD, _MARGIN = 0.2, 0.05, 0.055, 0.028, 0.026
_GAP = 1.0
_BESIDE = 2.2  # times the room at the left of a narrow picture: the height of a picture with as large a counter
_PLATE = QColor(7, 10, 15, 205)
_LEVELS = {"good": QColor("#45d19a"), "warn": QColor("#ffbe55"), "none": QColor(theme.STAGE_MUTED)}


@dataclass(frozen=True)
class HudState:
    """What the counter says. `level` colours the form: `good`, `warn` or `none`."""

    title: str
    count: int | None
    form: str
    level: str = "none"

    @property
    def sentence(self) -> str:
        """The same for a screen reader."""
        parts = [self.title, "" if self.count is None else str(self.count), self.form]
        return names.listed(*(part for part in parts if part))


def state_of(view: LiveView | None) -> HudState | None:
    """The counter for a picture; None before the first one."""
    if view is None:
        return None
    exercise = _exercise(view)
    title = names.exercise(exercise) if exercise else ""
    count = (view.counted if exercise == view.exercise else 0) if exercise else None
    if view.pose is None and not title:
        return HudState(QCoreApplication.translate("hud", "Nobody in the picture"), None, "")
    sample = view.sample
    if sample is not None and not sample.known:
        unknown = QCoreApplication.translate("hud", "Movement not known")
        return HudState(title or unknown, count, unknown if title else "")
    form, level = _form(view)
    if not title and sample is not None and not is_exercise_class(sample.label):
        title = names.label(sample.label)  # a model of other classes: what it names
    return HudState(title or QCoreApplication.translate("hud", "Ready"), count, form, level)


def _exercise(view: LiveView) -> str:
    """The exercise that is counted; before the first repetition the one that is recognised; or empty."""
    if view.exercise in EXERCISES:
        return view.exercise
    sample = view.sample
    return sample.group if sample is not None and sample.known and sample.group in EXERCISES else ""


def _form(view: LiveView) -> tuple[str, str]:
    """The form of the last repetition of this exercise, else an error that the recogniser sees now: nothing is praised
    before it was done."""
    last = view.last_repetition
    code = "unknown"
    if last is not None and last.counted and last.exercise == view.exercise and view.counted:
        code = last.form
    elif view.sample is not None and view.sample.label != IDLE and view.sample.group == _exercise(view):
        seen = form_of(view.sample.label)
        code = seen if seen != "correct" else "unknown"
    if code == "unknown":
        return "", "none"
    return names.form(code), "good" if code == "correct" else "warn"


def font(pixels: float, weight: QFont.Weight = QFont.Weight.DemiBold) -> QFont:
    """The interface font at a size in widget pixels."""
    result = QFont()
    result.setPixelSize(max(int(pixels), 9))
    result.setWeight(weight)
    return result


def fitted(text: str, pixels: float, width: float, weight: QFont.Weight = QFont.Weight.DemiBold) -> QFont:
    """The largest font up to `pixels` in which the text is not wider than `width`."""
    result = font(pixels, weight)
    wide = QFontMetricsF(result).horizontalAdvance(text)
    return result if wide <= width else font(pixels * width / wide, weight)


def paint(painter: QPainter, picture: QRectF, state: HudState) -> QRectF:
    """Draw the plate into the picture's top left corner, or beside the picture where it leaves room at its left; the
    rectangle it covers."""
    base = min(picture.height(), picture.width() * 0.75)
    pad, margin = base * _PAD, base * _MARGIN
    room = picture.left() - 2 * margin - pad * 3.2  # a little less than there is: hinted type is not exactly as wide
    beside = room >= base * 0.4
    height = min(picture.height(), max(base, picture.left() * _BESIDE)) if beside else base
    limit = room if beside else max(picture.width() * 0.3, min(picture.width() * 0.5, base * 0.4))
    count = "" if state.count is None else str(state.count)
    rows = [
        (state.title, fitted(state.title, height * _TITLE, limit), QColor(theme.STAGE_TEXT)),
        (count, fitted(count, height * _NUMBER, limit, QFont.Weight.Bold), QColor("#ffffff")),
        (state.form, fitted(state.form, height * _FORM, limit), _LEVELS[state.level]),
    ]
    rows = [row for row in rows if row[0]]
    heights = [_row_height(text, row_font) for text, row_font, _ in rows]
    width = max(QFontMetricsF(row_font).horizontalAdvance(text) for text, row_font, _ in rows) + pad * 2.4
    gaps = pad * _GAP * (len(rows) - 1)
    left = picture.left() - width - pad * 0.4 - margin if beside else picture.left() + margin
    plate = QRectF(left, picture.top() + margin, width + pad * 0.4, sum(heights) + gaps + pad * 2)
    _plate(painter, plate, _LEVELS[state.level], pad)
    y = plate.top() + pad
    for (text, row_font, colour), row_height in zip(rows, heights, strict=True):
        _row(painter, plate.left() + pad * 1.5, y, text, row_font, colour)
        y += row_height + pad * _GAP
    return plate


def _row_height(text: str, row_font: QFont) -> float:
    metrics = QFontMetricsF(row_font)
    return metrics.capHeight() if text.isdigit() else metrics.capHeight() + metrics.descent() * 0.6


def _row(painter: QPainter, x: float, y: float, text: str, row_font: QFont, colour: QColor) -> None:
    painter.setFont(row_font)
    painter.setPen(colour)
    painter.drawText(QPointF(x, y + QFontMetricsF(row_font).capHeight()), text)


def _plate(painter: QPainter, plate: QRectF, accent: QColor, pad: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    path = QPainterPath()
    path.addRoundedRect(plate, pad, pad)
    painter.fillPath(path, _PLATE)
    bar = QRectF(plate.left() + pad * 0.45, plate.top() + pad, pad * 0.32, plate.height() - pad * 2)
    painter.setBrush(accent)
    painter.drawRoundedRect(bar, bar.width() / 2, bar.width() / 2)


def paint_chip(painter: QPainter, at: QPointF, text: str, pixels: float, right: bool = False) -> QRectF:
    """A small label on a dark plate whose top left (or, with `right`, top right) corner is `at`."""
    chip_font = font(pixels)
    metrics = QFontMetricsF(chip_font)
    width, height = metrics.horizontalAdvance(text) + pixels * 1.4, pixels * 2.0
    plate = QRectF(at.x() - (width if right else 0.0), at.y(), width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_PLATE)
    painter.drawRoundedRect(plate, height / 2, height / 2)
    painter.setFont(chip_font)
    painter.setPen(QColor(theme.STAGE_TEXT))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
    return plate
