"""The two strips: class probabilities over 20 s, and heat by joint and time. Drawn at 5 Hz, never more."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fias_desktop.domain.types import Float32, Float64
from fias_desktop.engine.view import History
from fias_desktop.ui import names, overlay, theme

SPAN_S = 20.0
_RIGHT_S = 1.0  # room for the word at the right end
_PARTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
_ROWS = tuple(f"{side}_{part}" for part in _PARTS for side in ("left", "right"))
_REGIONS = (("arms", 3.0), ("hips", 7.0), ("knees", 9.0), ("feet", 13.0))
_FEW_REGIONS = (("arms", 3.0), ("legs", 8.0), ("feet", 13.0))
_ROOMY_PX = 130
_HUES = {"idle": "#8b98a9", "squat": "#3aa6ff", "lunge": "#b98cff", "push_up": "#ff9e4a"}
_NAMED = 3
_COLUMN_S = 0.1
_GAP_S = 1.0  # where no sample came for longer, nothing is drawn


def class_colour(label: str) -> str:
    """The colour of a class: that of its group."""
    return next((colour for group, colour in _HUES.items() if label.startswith(group)), "#8b98a9")


def broken_at_gaps(times_s: Float64, probs: Float32) -> tuple[Float64, Float32]:
    """Times (samples,) and probabilities (samples, K) with a row of NaN in every gap, over which no line is drawn."""
    gaps = np.flatnonzero(np.diff(times_s) > _GAP_S) + 1
    return np.insert(times_s, gaps, np.nan), np.insert(probs, gaps, np.nan, axis=0)


def heat_image(history: History) -> Float32:
    """Heat of the body joints, float32 (columns, 16) in 0..1, rows from the shoulders to the toes.

    A column stands for a tenth of a second, from the first sample on; those in a gap are NaN."""
    index = [history.joints.index(joint) for joint in _ROWS if joint in history.joints]
    if not history.heat or len(index) != len(_ROWS):
        return np.zeros((0, len(_ROWS)), dtype=np.float32)
    heat = np.nan_to_num(np.asarray(history.heat, dtype=np.float32))[:, index]
    scale = overlay.heat_scale(heat)
    return _by_time(np.asarray(history.heat_times_s), heat / scale if scale > 0 else np.zeros_like(heat))


def _by_time(times_s: Float64, rows: Float32) -> Float32:
    """Rows (samples, V) as they stood at every tenth of a second from the first to the last; NaN inside a gap."""
    moments = np.arange(times_s[0], times_s[-1] + _COLUMN_S / 2, _COLUMN_S)
    latest = np.searchsorted(times_s, moments + _COLUMN_S / 2) - 1
    columns: Float32 = rows[latest]
    before_gap = np.append(np.diff(times_s), 0.0) > _GAP_S
    columns[before_gap[latest] & (moments - times_s[latest] > _COLUMN_S / 2)] = np.nan
    return columns


def _plot(parent: QWidget, name: str) -> pg.PlotWidget:
    plot = pg.PlotWidget(parent)
    plot.setMenuEnabled(False)
    plot.setMouseEnabled(x=False, y=False)
    plot.hideButtons()
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setAccessibleName(name)
    plot.setMinimumHeight(40)
    small = QFont()
    small.setPixelSize(10)
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.setTickFont(small)
        axis.setStyle(tickLength=0)
    plot.getAxis("bottom").setHeight(17)
    plot.getAxis("left").setWidth(42)
    return plot


class Strips(QWidget):
    """Both strips side by side, or one above the other in a narrow place."""

    def __init__(self, look: theme.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Strips")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look = look
        self._curves: dict[str, pg.PlotDataItem] = {}
        self.classes = _plot(self, self.tr("Class probabilities over 20 seconds"))
        self.heat = _plot(self, self.tr("Heat by joint over 20 seconds"))
        self.legend, self.heat_title = QLabel(), QLabel(self.tr("Why: joints that mattered"))
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self._image = pg.ImageItem(axisOrder="col-major")
        self._image.setLookupTable(overlay.colour_table())
        self.heat.addItem(self._image)
        self._set_axes()
        self._lay_out()
        self.set_theme(look)

    def _set_axes(self) -> None:
        self.classes.setRange(xRange=(-SPAN_S, _RIGHT_S), yRange=(-0.04, 1.12), padding=0.0)
        self.classes.getAxis("left").setTicks([[(0, "0"), (0.5, "50 %"), (1, "100 %")]])
        self.heat.setRange(xRange=(-SPAN_S, _RIGHT_S), yRange=(0, len(_ROWS)), padding=0.0)
        self.heat.invertY(True)
        seconds = [[(-15, "−15 s"), (-10, "−10 s"), (-5, "−5 s"), (0, self.tr("now"))]]
        for plot in (self.classes, self.heat):
            plot.getAxis("bottom").setTicks(seconds)

    def _lay_out(self) -> None:
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(12, 8, 12, 6)
        self._box.setSpacing(14)
        for title, plot in ((self.legend, self.classes), (self.heat_title, self.heat)):
            title.setObjectName("Small")
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(title)
            column.addWidget(plot, 1)
            self._box.addLayout(column, 1)

    def set_narrow(self, narrow: bool) -> None:
        """One above the other, for the side panel."""
        self._box.setDirection(QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight)
        self._box.setSpacing(6 if narrow else 14)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many words on the axis as there is room for."""
        regions = _FEW_REGIONS if self.heat.height() < _ROOMY_PX else _REGIONS
        self.heat.getAxis("left").setTicks([[(row, names.region(code)) for code, row in regions]])

    def show_history(self, history: History) -> None:
        """Draw the last 20 s."""
        self._show_classes(history)
        self._show_heat(history)

    def _show_classes(self, history: History) -> None:
        if not history.samples or not history.class_probs:
            for curve in self._curves.values():
                curve.setData([], [])  # its own clear() does not repaint
            self.legend.setText(self.tr("What the network sees"))
            return
        now_s = history.samples[-1].time_s
        times = np.array([sample.time_s - now_s for sample in history.samples])
        probs = np.asarray(history.class_probs, dtype=np.float32)
        shown_times, shown_probs = broken_at_gaps(times, probs)
        for column, label in enumerate(history.labels):
            curve = self._curve(label, probs[:, column].max() > 0.15)
            curve.setData(shown_times, shown_probs[:, column], connect="finite")
        self._name_the_top(history.labels, probs[-1])

    def _curve(self, label: str, strong: bool) -> pg.PlotDataItem:
        if label not in self._curves:
            self._curves[label] = self.classes.plot()
        colour = QColor(class_colour(label))
        colour.setAlpha(255 if strong else 60)
        correct = label.endswith(("correct", "idle"))
        style = Qt.PenStyle.SolidLine if correct else Qt.PenStyle.DashLine
        self._curves[label].setPen(pg.mkPen(colour, width=1.6 if strong else 1.0, style=style))
        return self._curves[label]

    def _name_the_top(self, labels: tuple[str, ...], probs: Float32) -> None:
        """The likeliest classes in the legend, as many as there is room for."""
        order = np.argsort(probs)[::-1][:_NAMED]
        texts = [f"{names.label(labels[i])} {probs[i]:.0%}" for i in order]
        room = self.classes.width()
        parts: list[str] = []
        for i, text in zip(order, texts, strict=True):
            room -= self.legend.fontMetrics().horizontalAdvance(f"● {text}    ")
            if probs[i] >= 0.05 and (room >= 0 or not parts):
                parts.append(
                    f'<span style="color:{class_colour(labels[i])}">●</span>&nbsp;{text.replace(" ", "&nbsp;")}'
                )
        self.legend.setText(" &nbsp; ".join(parts) or self.tr("What the network sees"))
        self.legend.setToolTip("\n".join(texts))

    def _show_heat(self, history: History) -> None:
        image = heat_image(history)
        if len(image) < 2:
            self._image.clear()
            return
        now_s = history.samples[-1].time_s if history.samples else history.heat_times_s[-1]
        start, end = history.heat_times_s[0] - now_s, history.heat_times_s[-1] - now_s
        self._image.setImage(image, autoLevels=False, levels=(0.0, 1.0))
        self._image.setRect(QRectF(start, 0.0, max(end - start, 0.1), float(len(_ROWS))))

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour backgrounds and axes."""
        self._look = look
        for plot in (self.classes, self.heat):
            plot.setBackground(look.card)
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(pg.mkPen(look.border))
                plot.getAxis(side).setTextPen(pg.mkPen(look.muted))
