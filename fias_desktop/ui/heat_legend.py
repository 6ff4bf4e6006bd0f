"""The legend: of the heat with the trust figure (does hiding the hottest joints change the network's mind?), and of the
ghost."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from fias_desktop.domain.types import Saliency
from fias_desktop.engine.view import Ghost
from fias_desktop.ui import hud, names, overlay, theme

# The drop must beat the random control by this much, and be twice as large, to be called trustworthy.
_CLEAR_POINTS = 5.0
_SAMPLE_PX = 34  # of the ghost's line before its words


def is_stable(drop: float, random: float) -> bool:
    """Whether hiding the hottest joints lowers the certainty clearly more than hiding random ones (both 0..1)."""
    return (drop - random) * 100 >= _CLEAR_POINTS and drop >= 2 * max(random, 0.0)


class HeatLegend(QWidget):
    """Low to high, `Trust: 34 points` or `Trust: unstable`, and the ghost's line; the tooltip explains."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._stage = parent
        self.trust, self.ghost = "", ""
        self._heated, self._ghost_reason = True, ""
        self._why = ""
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

    def show_parts(self, heated: bool, ghost: Ghost | None) -> bool:
        """Which parts there are: heat, and the ghost that is wanted (None: none); hidden without either. True when the
        place it needs has changed."""
        before = (self.isVisibleTo(self._stage), self.sizeHint())
        words = self._ghost_words(ghost)
        if (heated, *words) != (self._heated, self.ghost, self._ghost_reason):
            self._heated, (self.ghost, self._ghost_reason) = heated, words
            self._tell()
        self.setVisible(self._rows() > 0)
        return before != (self.isVisibleTo(self._stage), self.sizeHint())

    def _ghost_words(self, ghost: Ghost | None) -> tuple[str, str]:
        """The ghost's line, and what it means."""
        if ghost is None:
            return "", ""
        if ghost.pose is None:
            line = self.tr("Ghost: unsure, hidden")
        else:
            line = self.tr("Ghost: {0} s ahead").format(f"{ghost.ahead_s:.1f}")
        reason = self.tr(
            "Dashed: where you are expected to be. It is hidden while it has been wrong in the last second."
        )
        return line, reason

    def _say(self, trust: str, reason: str) -> None:
        if (trust, reason) != (self.trust, self._why):
            self.trust, self._why = trust, reason
            self._tell()

    def _tell(self) -> None:
        """Tooltip, screen readers and size after a change."""
        heat = (self.trust, self._why) if self._heated else ("", "")
        self.setToolTip("\n".join(text for text in (heat[1], self._ghost_reason) if text))
        self.setAccessibleDescription(" ".join(text for text in (*heat, self.ghost, self._ghost_reason) if text))
        self.resize(self.sizeHint())
        self.update()

    def _font(self) -> QFont:
        return hud.font(11, QFont.Weight.Medium)

    def sizeHint(self) -> QSize:
        """Wide enough for its words."""
        metrics = QFontMetrics(self._font())
        heat = (self._title, self.trust, f"{self._low}{self._high}" + " " * 24) if self._heated else ()
        widths = [metrics.horizontalAdvance(text) for text in heat]
        widths += [_SAMPLE_PX + metrics.horizontalAdvance(self.ghost)] if self.ghost else []
        return QSize(max(widths, default=0) + 24, 12 + 17 * self._rows())

    def _rows(self) -> int:
        return (2 + bool(self.trust) if self._heated else 0) + bool(self.ghost)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, bar between low and high, trust."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(7, 10, 15, 205))
        painter.drawRoundedRect(self.rect(), 9, 9)
        painter.setFont(self._font())
        row = QRectF(12, 6, self.width() - 24, 16)
        if self._heated:
            self._paint_heat(painter, row)
        if self.ghost:
            self._paint_ghost(painter, row.translated(0, 17 * (self._rows() - 1)))
        painter.end()

    def _paint_heat(self, painter: QPainter, row: QRectF) -> None:
        painter.setPen(QColor(theme.STAGE_MUTED))
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter), self._title)
        self._paint_bar(painter, row.translated(0, 17))
        painter.setPen(QColor(theme.STAGE_TEXT))
        if self.trust:
            painter.drawText(row.translated(0, 34), int(Qt.AlignmentFlag.AlignVCenter), self.trust)

    def _paint_ghost(self, painter: QPainter, row: QRectF) -> None:
        """A piece of its line, and the words."""
        painter.setPen(overlay.ghost_pen(2.5))
        painter.drawLine(QPointF(row.left(), row.center().y()), QPointF(row.left() + _SAMPLE_PX - 8, row.center().y()))
        painter.setPen(QColor(theme.STAGE_TEXT))
        painter.drawText(row.adjusted(_SAMPLE_PX, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self.ghost)

    def _paint_bar(self, painter: QPainter, row: QRectF) -> None:
        metrics = QFontMetrics(self._font())
        left, right = metrics.horizontalAdvance(self._low) + 7, metrics.horizontalAdvance(self._high) + 7
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter), self._low)
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._high)
        bar = QRectF(row.left() + left, row.center().y() - 4, row.width() - left - right, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(overlay.legend_gradient(bar))
        painter.drawRoundedRect(bar, 4, 4)
