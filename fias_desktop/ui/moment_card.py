"""The moment that advice points at: its picture as a still over the live one, the joints marked, the value beside."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Evidence
from fias_desktop.ui import overlay, theme
from fias_desktop.ui.frame_ring import Moment
from fias_desktop.ui.video_canvas import Mapping, fit

_FRAME_PX = 110  # title and caption around the picture
_NEIGHBOURS = {
    "knee": ("hip", "ankle"),
    "hip": ("shoulder", "knee"),
    "elbow": ("shoulder", "wrist"),
    "shoulder": ("hip", "elbow"),
    "ankle": ("knee", "foot_index"),
}


def angle_joints(evidence: Evidence, joint: str) -> tuple[str, str, str] | None:
    """The three joints whose angle the evidence is about, the corner in the middle; None when it is no such angle."""
    side, _, part = joint.partition("_")
    if evidence.unit != "deg" or part not in _NEIGHBOURS or part not in evidence.quantity:
        return None
    a, b = _NEIGHBOURS[part]
    return f"{side}_{a}", joint, f"{side}_{b}"


class MomentPicture(QWidget):
    """The still with its skeleton."""

    def __init__(self) -> None:
        super().__init__()
        self._moment: Moment | None = None
        self._evidence: Evidence | None = None
        self._image = QImage()
        self._mirror = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_moment(self, moment: Moment | None, evidence: Evidence | None, mirror: bool) -> None:
        """Show a kept picture, None for nothing."""
        self._moment, self._evidence, self._mirror = moment, evidence, mirror
        image = moment.image() if moment is not None else QImage()
        self._image = image.flipped(Qt.Orientation.Horizontal) if mirror else image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, skeleton, marked joints, angle."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(theme.STAGE))
        if self._moment is not None:
            self._paint(painter, self._moment)
        painter.end()

    def _paint(self, painter: QPainter, moment: Moment) -> None:
        size = QSize(*moment.size)
        mapping = Mapping(fit(size, QRectF(self.rect())), size, self._mirror)
        painter.drawImage(mapping.picture, self._image)
        if moment.pose is None:
            return
        painter.setClipRect(mapping.picture)
        joints = self._evidence.joints if self._evidence is not None else ()
        unit = max(mapping.picture.height() / 110, 2.0)
        if self._evidence is not None:
            for joint in joints:
                self._paint_angle(painter, moment, mapping, self._evidence, joint)
        style = overlay.OverlayStyle(heat=not joints, highlight=joints)
        overlay.paint_person(painter, moment.pose, moment.view.joint_heat, mapping.to_widget, unit, style)

    def _paint_angle(self, painter: QPainter, moment: Moment, mapping: Mapping, evidence: Evidence, joint: str) -> None:
        corner = angle_joints(evidence, joint)
        if corner is None or moment.pose is None:
            return
        points: list[QPointF] = []
        for name in corner:
            x, y = (float(value) for value in moment.pose.xy[BLAZEPOSE33.index(name)])
            if not (x == x and y == y):
                return
            points.append(mapping.to_widget(x, y))
        colour = QColor("#ffbe55" if evidence.excess > 0 else "#45d19a")
        overlay.angle_sector(painter, points[1], points[0], points[2], mapping.picture.height() / 12, colour)


class MomentCard(QWidget):
    """A card over the dimmed live picture. Escape, a click beside it or the cross goes back."""

    closed = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._stage = parent
        self._card = QWidget(self)
        self._card.setObjectName("Moment")
        self._card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._aspect = 16 / 9
        self.title, self.caption, self.picture = QLabel(), QLabel(), MomentPicture()
        self.title.setObjectName("Heading")
        self.caption.setWordWrap(True)
        self.close_button = QToolButton()
        self.close_button.setFixedSize(30, 30)
        self.close_button.setToolTip(self.tr("Back to the live picture (Esc)"))
        self.close_button.setAccessibleName(self.tr("Back to the live picture"))
        self.close_button.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self._card)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.caption)
        self.set_theme(look)
        self.hide()

    def show_moment(
        self, title: str, caption: str, moment: Moment | None, evidence: Evidence | None, mirror: bool
    ) -> None:
        """Open the card; without a kept picture it says so."""
        self.title.setText(title)
        missing = self.tr("The picture of this moment is no longer kept.")
        self.caption.setText(caption if moment is not None else f"{caption}\n{missing}".strip())
        self.picture.setVisible(moment is not None)
        self._aspect = moment.size[0] / moment.size[1] if moment is not None else 4.0
        self.picture.show_moment(moment, evidence, mirror)
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Cover the parent; the card is as large as the picture's shape allows."""
        area = self._stage.rect()
        self.setGeometry(area)
        margin = max(min(area.width(), area.height()) // 16, 8)
        room = area.adjusted(margin, margin, -margin, -margin)
        frame_px = _FRAME_PX
        width = min(room.width(), max(int((room.height() - frame_px) * self._aspect) + 28, 360))
        height = min(room.height(), int((width - 28) / self._aspect) + frame_px)
        self._card.setGeometry(area.center().x() - width // 2, area.center().y() - height // 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what is below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(4, 6, 10, 190))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card closes it."""
        if not self._card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def dismiss(self) -> None:
        """Back to the live picture."""
        self.hide()
        self.picture.show_moment(None, None, False)
        self.closed.emit()

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the cross."""
        self.close_button.setIcon(theme.icon("close", look.text))
