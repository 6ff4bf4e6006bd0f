"""The cue over the picture: one short sentence, large, for a few seconds."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from fias_desktop.ui import hud, theme

_SHOWN_MS = 4500
_LONG = 60  # letters
_COLOURS = {0: "#45d19a", 1: "#ffd27a", 2: "#ffbe55", 3: "#ff8480"}


class CueBanner(QWidget):
    """A plate near the picture's lower edge. Its type is a sixteenth of the picture's height, less for long texts."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text, self._severity, self._pixels, self._hint = "", 0, 28.0, False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self.hide()

    def show_cue(self, text: str, severity: int) -> None:
        """Show a cue for a few seconds."""
        self._timer.start(max(_SHOWN_MS, 60 * len(text)))
        self._set(text, severity, hint=False)

    def show_hint(self, text: str) -> None:
        """Show a standing hint (empty: none); a cue goes before it."""
        if self._timer.isActive():
            return
        if text:
            self._set(text, 0, hint=True)
        elif self._hint:
            self.clear()

    def clear(self) -> None:
        """Nothing to say."""
        self._timer.stop()
        self.text, self._hint = "", False
        self.hide()

    def _set(self, text: str, severity: int, hint: bool) -> None:
        if (text, hint) == (self.text, self._hint) and self.isVisible():
            return
        self.text, self._severity, self._hint = text, severity, hint
        self.setAccessibleName(text)
        self.place(self._picture)
        self.show()
        self.raise_()
        self.update()

    _picture = QRectF()

    def place(self, picture: QRectF) -> None:
        """Lay the plate out for a picture at this place of the parent."""
        self._picture = QRectF(picture)
        if not self.text or picture.isEmpty():
            return
        height = min(picture.height(), picture.width() * 0.75)
        long = self._hint or len(self.text) > _LONG
        self._pixels = max(height / (24 if long else 16), 13.0)
        size = self._text_size(picture.width() * 0.86)
        width, tall = size.width() + self._pixels * 2.2, size.height() + self._pixels * 0.9
        left = picture.center().x() - width / 2
        self.setGeometry(int(left), int(picture.bottom() - tall - height * 0.025), int(width), int(tall))

    def _text_size(self, width: float) -> QSize:
        room = QRectF(0, 0, width - self._pixels * 2.2, 10_000)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        return QFontMetricsF(hud.font(self._pixels)).boundingRect(room, flags, self.text).size().toSize() + QSize(4, 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dark plate, a coloured bar, the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(7, 10, 15, 220))
        painter.drawRoundedRect(plate, self._pixels * 0.5, self._pixels * 0.5)
        colour = QColor(theme.STAGE_MUTED if self._hint else _COLOURS.get(self._severity, _COLOURS[2]))
        painter.setBrush(colour)
        bar = QRectF(QPointF(self._pixels * 0.5, self._pixels * 0.5), plate.bottomRight())
        bar.setWidth(self._pixels * 0.22)
        bar.setBottom(plate.bottom() - self._pixels * 0.5)
        painter.drawRoundedRect(bar, bar.width() / 2, bar.width() / 2)
        painter.setPen(QColor(theme.STAGE_TEXT))
        painter.setFont(hud.font(self._pixels))
        area = plate.adjusted(self._pixels * 1.2, 0, -self._pixels * 0.8, 0)
        painter.drawText(area, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter), self.text)
        painter.end()
