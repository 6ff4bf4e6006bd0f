"""The live page: rail, banners, picture, strips and the coach's panel, laid out for any window."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from fias_desktop.ui import theme
from fias_desktop.ui.advice_panel import AdvicePanel
from fias_desktop.ui.banners import BannerArea
from fias_desktop.ui.counter_panel import CounterPanel
from fias_desktop.ui.cue_banner import CueBanner
from fias_desktop.ui.heat_legend import HeatLegend
from fias_desktop.ui.moment_card import MomentCard
from fias_desktop.ui.rail import Rail
from fias_desktop.ui.status_bar import ElidedLabel
from fias_desktop.ui.strips import Strips
from fias_desktop.ui.video_canvas import VideoCanvas, fit

PICTURE_SHARE = 0.70
_WIDE, _SIDE_MIN, _SIDE_MAX = 880, 200, 460
_STRIPS_MIN, _STRIPS_MAX = 104, 240
_SIDE_STRIPS_HEIGHT, _SIDE_FOR_STRIPS = 216, 600


@dataclass(frozen=True)
class Arrangement:
    """Where everything goes. `side` is empty while hidden; with `drawer` it lies over the picture. `strips` is empty
    when they stand in the side panel or have no room."""

    rail: QRect
    banners: QRect
    canvas: QRect
    strips: QRect
    side: QRect
    drawer: bool

    @property
    def strips_in_side(self) -> bool:
        """The strips stand at the foot of the side panel."""
        return self.strips.isEmpty() and not self.drawer and self.side.height() >= _SIDE_FOR_STRIPS


def arrange(size: QSize, aspect: float, panel: bool, banner_height: Callable[[int], int]) -> Arrangement:
    """Lay out a page of this size for a picture of this aspect (width / height).

    The picture's column has at least 70 % of the width. Room that the picture's shape leaves below it goes to the
    strips; a window too narrow for a panel beside the picture gets it as a drawer.
    """
    width, height = size.width(), size.height()
    rail = 52 if width >= 1100 else 44
    beside = panel and width >= _WIDE
    side = min(max(int(width * (1 - PICTURE_SHARE)) - rail, _SIDE_MIN), _SIDE_MAX) if beside else 0
    column = width - rail - side
    top = banner_height(column)
    room = max(height - top, 0)
    spare = room - math.ceil(column / aspect)
    strips = min(spare, _STRIPS_MAX) if spare >= _STRIPS_MIN else 0
    drawer = panel and not beside
    drawn = min(320, int(width * 0.6)) if drawer else side
    return Arrangement(
        rail=QRect(0, 0, rail, height),
        banners=QRect(rail, 0, column, top),
        canvas=QRect(rail, top, column, room - strips),
        strips=QRect(rail, height - strips, column, strips) if strips else QRect(),
        side=QRect(width - drawn, 0, drawn, height) if drawn else QRect(),
        drawer=drawer,
    )


class SourceButton(QPushButton):
    """The source's name with a menu below it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("SourceButton")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._icon, self._arrow, self.label = QLabel(), QLabel(), ElidedLabel()
        self.label.setObjectName("SourceName")
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 10, 0)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self.label, 1)
        layout.addWidget(self._arrow)
        self.set_name("")

    def set_name(self, name: str) -> None:
        """The source that is shown."""
        self.label.setText(name)
        self.setToolTip(self.tr("Source: {0}").format(name))
        self.setAccessibleName(self.tr("Choose a source (now: {0})").format(name))

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the icons."""
        self._icon.setPixmap(theme.icon("camera", look.accent).pixmap(QSize(18, 18)))
        self._arrow.setPixmap(theme.icon("chevron", look.muted).pixmap(QSize(16, 16)))


class SidePanel(QWidget):
    """Source, running set, coach, and the strips when there is no room below the picture."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("SidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.source_button = SourceButton()
        self.counter, self.advice = CounterPanel(look, self), AdvicePanel(look, self)
        self.layout_box = QVBoxLayout(self)
        self.layout_box.setContentsMargins(10, 10, 10, 10)
        self.layout_box.setSpacing(8)
        self.layout_box.addWidget(self.source_button)
        self.layout_box.addWidget(self.counter)
        self.layout_box.addWidget(self.advice, 1)

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour."""
        self.source_button.set_theme(look)
        self.counter.set_theme(look)
        self.advice.set_theme(look)


class LivePage(QWidget):
    """Everything but the status bar. `picture_moved` says that the canvas was laid out anew."""

    picture_moved = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rail = Rail(look, self)
        self.banners = BannerArea(look, self)
        self.canvas = VideoCanvas(self)
        self.strips = Strips(look, self)
        self.side = SidePanel(look, self)
        self.cue = CueBanner(self.canvas)
        self.legend = HeatLegend(self.canvas)
        self.moment = MomentCard(look, self.canvas)
        self.empty_button = QPushButton(self.tr("Choose a source"), self.canvas)
        self.empty_button.setProperty("primary", True)
        self.empty_button.hide()
        self._aspect = 16 / 9
        self._panel, self._drawer, self._full_panel, self._full = True, False, False, False
        self.banners.installEventFilter(self)
        self.rail.panel.clicked.connect(self.toggle_panel)
        self.set_theme(look)

    def set_aspect(self, size: QSize) -> None:
        """The picture's shape: lay out for it."""
        if size.isEmpty():
            return
        aspect = size.width() / size.height()
        if abs(aspect - self._aspect) > 1e-3:
            self._aspect = aspect
            self.lay_out()

    @property
    def panel_shown(self) -> bool:
        """Whether the coach's panel is wanted in this kind of window."""
        if self._full:
            return self._full_panel
        return self._panel if self.width() >= _WIDE else self._drawer

    def toggle_panel(self) -> None:
        """Show or hide the coach's panel."""
        shown = not self.panel_shown
        if self._full:
            self._full_panel = shown
        elif self.width() >= _WIDE:
            self._panel = shown
        else:
            self._drawer = shown
        self.lay_out()

    def set_full_screen(self, on: bool) -> None:
        """Full screen starts with the picture alone."""
        self._full, self._full_panel = on, False
        self.rail.set_full_screen(on)
        self.lay_out()

    def _banner_height(self, width: int) -> int:
        if not self.banners.banners:
            return 0
        return self.banners.heightForWidth(width)

    def lay_out(self) -> None:
        """Put every part in its place."""
        plan = arrange(self.size(), self._aspect, self.panel_shown, self._banner_height)
        self.rail.setGeometry(plan.rail)
        self.rail.panel.setChecked(self.panel_shown)
        self.banners.setGeometry(plan.banners)
        self.canvas.setGeometry(plan.canvas)
        self.side.setVisible(not plan.side.isEmpty())
        self._place_strips(plan)
        self.side.setGeometry(plan.side)
        if plan.drawer:
            self.side.raise_()
        self.place_overlays()
        self.picture_moved.emit()

    def _place_strips(self, plan: Arrangement) -> None:
        inside = plan.strips_in_side
        if inside and self.strips.parentWidget() is not self.side:
            self.side.layout_box.addWidget(self.strips)
            self.strips.setFixedHeight(_SIDE_STRIPS_HEIGHT)
        elif not inside and self.strips.parentWidget() is not self:
            self.side.layout_box.removeWidget(self.strips)
            self.strips.setParent(self)
            self.strips.setMinimumHeight(0)
            self.strips.setMaximumHeight(16_777_215)
        self.strips.set_narrow(inside)
        self.strips.setVisible(inside or not plan.strips.isEmpty())
        if not inside:
            self.strips.setGeometry(plan.strips)

    def place_overlays(self) -> None:
        """Cue, legend and still follow the picture."""
        picture = fit(self.canvas.image_size, QRectF(self.canvas.rect()))
        area = picture if not picture.isEmpty() else QRectF(self.canvas.rect())
        self.cue.place(area)
        hint = self.legend.sizeHint()
        self.legend.resize(hint)
        # Beside the picture where it leaves room, else in its corner.
        beside = self.canvas.width() - area.right() >= hint.width() + 24
        left = area.right() + 12 if beside else area.right() - hint.width() - 12
        self.legend.move(QPointF(left, area.top() + 12).toPoint())
        covered = self.legend.isVisibleTo(self.canvas) and not beside
        self.canvas.chips_top = 12.0 + hint.height() + 8.0 if covered else 12.0
        self.moment.place()
        button = self.empty_button
        button.adjustSize()
        middle = self.canvas.rect().center()
        button.move(middle.x() - button.width() // 2, middle.y() + max(self.canvas.height() // 9, 40))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size, another layout."""
        self.lay_out()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A banner that comes or goes changes the layout."""
        if watched is self.banners and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.HideToParent):
            self.lay_out()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        """A window of 640 by 360 still works."""
        return QSize(600, 320)

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour every part."""
        for part in (self.rail, self.banners, self.strips, self.side, self.moment):
            part.set_theme(look)
