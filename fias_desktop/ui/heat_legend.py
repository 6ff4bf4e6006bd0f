"""The legend of the heat with the trust figure: does hiding the hottest joints change the network's mind?"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from fias_desktop.domain.types import Saliency
from fias_desktop.ui import hud, names, overlay, theme

# The drop must beat the random control by this much, and be twice as large, to be called trustworthy.
_CLEAR_POINTS = 5.0


def is_stable(drop: float, random: float) -> bool:
    """Whether hiding the hottest joints lowers the certainty clearly more than hiding random ones (both 0..1)."""
    return (drop - random) * 100 >= _CLEAR_POINTS and drop >= 2 * max(random, 0.0)


class HeatLegend(QWidget):
    """Low to high, and `Trust: 34 points` or `Trust: unstable`; the tooltip explains."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.trust = ""
        self._low, self._high = self.tr("low"), self.tr("high")
        self._title = self.tr("Why: heat on the joints")
        self.setAccessibleName(self._title)
        self.show_saliency(None)

    def show_saliency(self, saliency: Saliency | None) -> None:
        """The newest explanation."""
        if saliency is None or saliency.deletion_drop is None or saliency.random_drop is None:
            self._say("", self.tr("The warmer a joint, the more it mattered for what the network named."))
            return
        drop, random = saliency.deletion_drop, saliency.random_drop
        text = self.tr("Trust: {0} points").format(f"{drop * 100:.0f}")
        if not is_stable(drop, random):
            text = self.tr("Trust: unstable")
        reason = self.tr(
            "Hiding the hottest joints lowers the certainty of “{0}” by {1} points (random joints: {2}). "
            "Unstable means: not clearly more than random joints."
        )
        self._say(text, reason.format(names.label(saliency.target), f"{drop * 100:.0f}", f"{random * 100:.0f}"))

    def _say(self, trust: str, reason: str) -> None:
        if (trust, reason) == (self.trust, self.toolTip()):
            return
        self.trust = trust
        self.setToolTip(reason)
        self.setAccessibleDescription(f"{trust} {reason}")
        self.resize(self.sizeHint())
        self.update()

    def _font(self) -> QFont:
        return hud.font(11, QFont.Weight.Medium)

    def sizeHint(self) -> QSize:
        """Wide enough for its words."""
        metrics = QFontMetrics(self._font())
        texts = (self._title, self.trust, f"{self._low}{self._high}" + " " * 24)
        return QSize(max(metrics.horizontalAdvance(text) for text in texts) + 24, 62 if self.trust else 46)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, bar between low and high, trust."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(7, 10, 15, 205))
        painter.drawRoundedRect(self.rect(), 9, 9)
        painter.setFont(self._font())
        row = QRectF(12, 6, self.width() - 24, 16)
        painter.setPen(QColor(theme.STAGE_MUTED))
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter), self._title)
        self._paint_bar(painter, row.translated(0, 17))
        painter.setPen(QColor(theme.STAGE_TEXT))
        if self.trust:
            painter.drawText(row.translated(0, 34), int(Qt.AlignmentFlag.AlignVCenter), self.trust)
        painter.end()

    def _paint_bar(self, painter: QPainter, row: QRectF) -> None:
        metrics = QFontMetrics(self._font())
        left, right = metrics.horizontalAdvance(self._low) + 7, metrics.horizontalAdvance(self._high) + 7
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter), self._low)
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._high)
        bar = QRectF(row.left() + left, row.center().y() - 4, row.width() - left - right, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(overlay.legend_gradient(bar))
        painter.drawRoundedRect(bar, 4, 4)
