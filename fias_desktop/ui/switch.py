"""A check box that looks like a switch."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

_WIDTH, _HEIGHT = 38, 22


class Switch(QCheckBox):
    """On or off, with the keyboard and the accessibility of a check box."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFixedSize(_WIDTH + 4, _HEIGHT + 4)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """The switch alone; its name stands beside it."""
        return QSize(_WIDTH + 4, _HEIGHT + 4)

    def hitButton(self, pos: object) -> bool:
        """All of it can be clicked."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """A track with a knob; a ring while it has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        on = self.isChecked()
        track = QRectF(2, 2, _WIDTH, _HEIGHT)
        colour = (
            palette.color(QPalette.ColorRole.Highlight) if on else palette.color(QPalette.ColorRole.PlaceholderText)
        )
        if not self.isEnabled():
            colour.setAlpha(90)
        ring = palette.color(QPalette.ColorRole.WindowText) if self.hasFocus() else QColor(0, 0, 0, 0)
        painter.setPen(QPen(ring, 2))
        painter.setBrush(colour)
        painter.drawRoundedRect(track, _HEIGHT / 2, _HEIGHT / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffffff"))
        x = track.right() - _HEIGHT / 2 if on else track.left() + _HEIGHT / 2
        painter.drawEllipse(QPointF(x, track.center().y()), _HEIGHT / 2 - 4, _HEIGHT / 2 - 4)
        painter.end()
