"""The line at the bottom: source, speed, devices in use, offline, and what the program is not."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from fias_desktop.engine.view import Devices
from fias_desktop.ui import names, theme
from fias_desktop.ui.engine_words import engine_text


class ElidedLabel(QLabel):
    """A label that shortens its text with an ellipsis instead of being cut; the tooltip has the whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """May shrink to a few letters."""
        wide = QFontMetrics(self.font()).horizontalAdvance(self.text()[:3] + "…") if self.text() else 0
        return QSize(min(wide, self.sizeHint().width()), super().sizeHint().height())

    def sizeHint(self) -> QSize:
        """The whole text."""
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 4, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        text = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)


def short_device(device: str) -> str:
    """`CPU (GPU delegate failed: ...)` -> `CPU`, `CUDA: NVIDIA ...` -> `CUDA`."""
    return device.split(" (")[0].split(":")[0].strip() or "–"


class StatusBar(QWidget):
    """Short facts with the reasons in their tooltips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("StatusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(28)
        self.source, self.speed, self.pose = self._item(), self._item(), self._item()
        self.network, self.coach, self.offline, self.medical = self._item(), self._item(), self._item(), self._item()
        self._mark = QLabel()
        self._mark.setFixedSize(14, 14)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(18)
        for item in (self.source, self.speed, self.pose, self.network, self.coach):
            layout.addWidget(item)
        layout.addStretch(1)
        right = QHBoxLayout()
        right.setSpacing(6)
        right.addWidget(self._mark)
        right.addWidget(self.offline)
        layout.addLayout(right)
        layout.addWidget(self.medical)
        self.offline.setText(self.tr("Offline"))
        self.offline.setToolTip(self.tr("Everything runs on this machine. Nothing is sent anywhere."))
        self.medical.setText(self.tr("Not a medical device"))
        self.medical.setToolTip(
            self.tr("FIAS gives training hints. It does not diagnose and does not replace a doctor.")
        )

    def _item(self) -> ElidedLabel:
        label = ElidedLabel()
        label.setObjectName("Small")
        return label

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the less important facts where there is no room for all."""
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 60
        for item in (self.medical, self.source, self.speed, self.offline, self.pose, self.network, self.coach):
            room -= item.sizeHint().width() + 18 if item.text() else 0
            item.setVisible(bool(item.text()) and (room >= 0 or item is self.medical))

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the icon."""
        self._mark.setPixmap(theme.icon("offline", look.good).pixmap(QSize(14, 14)))

    def set_source(self, name: str) -> None:
        """The source's name."""
        self.source.setText(name)
        self.source.setToolTip(self.tr("Source: {0}").format(name))
        self._fit()

    def set_speed(
        self, shown_fps: float, lag_ms: float, source_fps: float, pose_fps: float, heat_age_ms: float
    ) -> None:
        """Measured speed: shown pictures per second and their age when they were painted."""
        self.speed.setText(self.tr("{0} fps · lag {1} ms").format(f"{shown_fps:.0f}", f"{lag_ms:.0f}"))
        self.speed.setToolTip(
            self.tr("Shown: {0} fps, source: {1} fps, pose: {2} fps. Heat is {3} ms old.").format(
                f"{shown_fps:.1f}", f"{source_fps:.1f}", f"{pose_fps:.1f}", f"{heat_age_ms:.0f}"
            )
        )

    def clear_speed(self) -> None:
        """No pictures come: there is no speed."""
        self.speed.clear()
        self.speed.setToolTip("")
        self._fit()

    def clear(self) -> None:
        """Nothing is measured and no device is in use."""
        self.clear_speed()
        for item in (self.pose, self.network, self.coach):
            item.clear()
            item.setToolTip("")
        self._fit()

    def set_devices(self, devices: Devices) -> None:
        """Which device each stage really uses; why, in the tooltip."""
        for item, name, device in (
            (self.pose, self.tr("Pose"), devices.pose),
            (self.network, self.tr("Network"), devices.network),
            (self.coach, self.tr("Coach"), devices.language_model),
        ):
            item.setText(names.titled(name, engine_text(short_device(device))))
            item.setToolTip(names.titled(name, engine_text(device)))
        self._fit()
