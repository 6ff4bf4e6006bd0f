"""The picture: the frame, the skeletons, the counter and the silhouette, painted at the display's rate."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fias_desktop.engine.view import LiveView
from fias_desktop.ui import hud, overlay, silhouette, theme
from fias_desktop.ui.frame_ring import Moment, to_image


@dataclass(frozen=True)
class CanvasOptions:
    """What is drawn: mirrored like a looking-glass, heat, face joints."""

    mirror: bool = True
    heat: bool = True
    face: bool = False


def fit(image: QSize, area: QRectF) -> QRectF:
    """The largest rectangle of the image's aspect in the middle of `area`."""
    if image.isEmpty() or area.isEmpty():
        return QRectF()
    scale = min(area.width() / image.width(), area.height() / image.height())
    width, height = image.width() * scale, image.height() * scale
    return QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height)


@dataclass(frozen=True)
class Mapping:
    """Between frame pixels and the widget, mirrored or not."""

    picture: QRectF
    image: QSize
    mirror: bool

    def to_widget(self, x: float, y: float) -> QPointF:
        """Frame pixels to widget coordinates."""
        u = x / self.image.width()
        across = 1.0 - u if self.mirror else u
        down = y / self.image.height()
        return QPointF(
            self.picture.left() + across * self.picture.width(), self.picture.top() + down * self.picture.height()
        )

    def to_frame(self, at: QPointF) -> tuple[float, float] | None:
        """Widget coordinates to (unmirrored) frame pixels; None outside the picture."""
        if not self.picture.contains(at):
            return None
        across = (at.x() - self.picture.left()) / self.picture.width()
        u = 1.0 - across if self.mirror else across
        return u * self.image.width(), (at.y() - self.picture.top()) / self.picture.height() * self.image.height()


class PaintMeter:
    """How fast pictures reach the screen: the age of each at its first painting, and their rate, over two seconds."""

    SPAN_S = 2.0

    def __init__(self) -> None:
        self._painted: deque[tuple[float, float]] = deque()

    def note(self, available_s: float, now_s: float) -> None:
        """A picture available at `available_s` (monotonic) was painted now."""
        self._painted.append((now_s, (now_s - available_s) * 1000.0))
        while now_s - self._painted[0][0] > self.SPAN_S:
            self._painted.popleft()

    @property
    def fps(self) -> float:
        """Different pictures painted per second."""
        if len(self._painted) < 2:
            return 0.0
        return (len(self._painted) - 1) / max(self._painted[-1][0] - self._painted[0][0], 1e-6)

    @property
    def lag_ms(self) -> float:
        """The median age of a picture when it was painted."""
        ages = sorted(age for _, age in self._painted)
        return ages[len(ages) // 2] if ages else 0.0


class VideoCanvas(QWidget):
    """Paints the newest view. `person_clicked` gives unmirrored frame pixels."""

    person_clicked = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.meter = PaintMeter()
        self.options = CanvasOptions()
        self.stand_here = False
        self.chips_top = 12.0
        self.hud_rect = QRectF()
        self._view: LiveView | None = None
        self._delayed: Moment | None = None
        self._delayed_image = QImage()
        self._delay_s = 0.0
        self._message = ""
        self._painted_index = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Live picture"))
        # The picture has the keyboard unless somebody tabs away, so that Space always starts and pauses.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def view(self) -> LiveView | None:
        """What is shown now."""
        return self._view

    def show_view(self, view: LiveView | None) -> None:
        """Show this picture at the next repaint."""
        self._view = view
        self._painted_index = -1 if view is None else self._painted_index
        state = hud.state_of(view)
        if state is not None and state.sentence != self.accessibleDescription():
            self.setAccessibleDescription(state.sentence)
        self.update()

    def show_delayed(self, moment: Moment | None, delay_s: float) -> None:
        """Show an older picture in the place of the newest, or (None) go back to it; `delay_s` is written on it."""
        self._delay_s = delay_s
        if moment is not self._delayed:
            self._delayed = moment
            self._delayed_image = moment.image() if moment is not None else QImage()
        self.update()

    def show_message(self, text: str) -> None:
        """A line in the middle: what is being waited for; empty to take it away."""
        self._message = text
        self.update()

    def set_options(self, options: CanvasOptions) -> None:
        """Draw differently from now on."""
        self.options = options
        self.update()

    @property
    def image_size(self) -> QSize:
        """The size of the shown frame in its own pixels."""
        if self._view is None:
            return QSize()
        height, width, _ = self._view.frame.image.shape
        return QSize(width, height)

    def mapping(self) -> Mapping:
        """Where the picture lies now."""
        return Mapping(fit(self.image_size, QRectF(self.rect())), self.image_size, self.options.mirror)

    def sizeHint(self) -> QSize:
        """Half a full screen."""
        return QSize(896, 504)

    def minimumSizeHint(self) -> QSize:
        """Small enough for a window at 200 % on a small screen."""
        return QSize(240, 160)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the person there."""
        where = self.mapping().to_frame(event.position())
        if event.button() == Qt.MouseButton.LeftButton and where is not None:
            self.person_clicked.emit(*where)
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame, bystanders, athlete, silhouette, counter: back to front."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.STAGE))
        if self._view is not None and not self.image_size.isEmpty():
            self._paint_view(painter, self._view)
        if self._message:
            self._paint_message(painter)
        painter.end()

    def _paint_view(self, painter: QPainter, view: LiveView) -> None:
        mapping = self.mapping()
        self._paint_image(painter, mapping, view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(mapping.picture)
        self._paint_people(painter, mapping, self._delayed.view if self._delayed is not None else view)
        painter.restore()
        if self.stand_here and self._delay_s == 0:
            silhouette.paint(painter, mapping.picture, view.body.ok)
        state = hud.state_of(view)
        if state is not None:
            self.hud_rect = hud.paint(painter, mapping.picture, state)
        self._paint_chips(painter, mapping.picture, view)
        if view.frame.index != self._painted_index:
            self._painted_index = view.frame.index
            self.meter.note(view.available_s, time.monotonic())

    def _paint_image(self, painter: QPainter, mapping: Mapping, view: LiveView) -> None:
        image = to_image(view.frame) if self._delayed is None else self._delayed_image
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.save()
        if mapping.mirror:
            painter.translate(mapping.picture.left() + mapping.picture.right(), 0.0)
            painter.scale(-1.0, 1.0)
        painter.drawImage(mapping.picture, image)
        painter.restore()

    def _paint_people(self, painter: QPainter, mapping: Mapping, view: LiveView) -> None:
        unit = max(mapping.picture.height() / 105, 2.5)
        for other in view.others:
            overlay.paint_bystander(painter, other, mapping.to_widget, unit)
        if view.ghost is not None and view.ghost.pose is not None:
            overlay.paint_ghost(painter, view.ghost.pose, mapping.to_widget, unit)
        if view.pose is not None:
            style = overlay.OverlayStyle(heat=self.options.heat, face=self.options.face)
            overlay.paint_person(painter, view.pose, view.joint_heat, mapping.to_widget, unit, style)

    def _paint_chips(self, painter: QPainter, picture: QRectF, view: LiveView) -> None:
        pixels = max(picture.height() / 34, 11.0)
        chips = []
        if self._delay_s > 0:
            ready = self._delayed is not None
            text = self.tr("{0} s ago") if ready else self.tr("Delay of {0} s is filling up")
            chips.append(text.format(f"{self._delay_s:.1f}"))
        if not view.playing:
            chips.append(self.tr("Paused"))
        at = QPointF(picture.right() - 12.0, picture.top() + self.chips_top)
        for chip in chips:
            plate = hud.paint_chip(painter, at, chip, pixels, right=True)
            at = QPointF(at.x(), plate.bottom() + pixels * 0.4)

    def _paint_message(self, painter: QPainter) -> None:
        area = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        painter.setPen(QColor(theme.STAGE_TEXT))
        painter.setFont(hud.font(max(self.height() / 28, 15), QFont.Weight.Medium))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        if self._view is not None:
            bounds = painter.boundingRect(area, int(flags), self._message).adjusted(-18, -12, 18, 12)
            painter.setBrush(QColor(7, 10, 15, 215))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(bounds, 12, 12)
            painter.setPen(QColor(theme.STAGE_TEXT))
        painter.drawText(area, int(flags), self._message)
