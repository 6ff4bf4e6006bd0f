"""How a language model runs: device, context, sampling, and when it is unloaded."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

from fias_desktop.settings import Settings
from fias_desktop.ui.cards import Card, Choice

_WIDTH = 150
_MARGINS = (8, 0, 0, 0)


class ModelOptions(Card):
    """The card with these settings. `context_changed` carries nothing: read `context`."""

    context_changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._build()
        self._shown = self._values()
        for control, note in self._notes():
            control.setFixedWidth(_WIDTH)
            self.add_row(control, note)
        self.device.currentIndexChanged.connect(self._enable_layers)
        self.context.valueChanged.connect(lambda _: self.context_changed.emit())
        self._enable_layers()
        for control in self.controls():
            control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever scrolls through the page does not mean to turn the setting under the mouse."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def changes(self) -> dict[str, object]:
        """The settings that a person changed here. One that was left alone keeps even what a control would round."""
        return {key: value for key, value in self._values().items() if value != self._shown[key]}

    def controls(self) -> tuple[QWidget, ...]:
        """From top to bottom."""
        return (self.device, self.layers, self.context, self.temperature, self.top_p, self.idle)

    def _build(self) -> None:
        now = self._settings
        self.device = Choice()
        self.device.setAccessibleName(self.tr("Device for the language model"))
        self.device.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        devices = (("auto", self.tr("Automatic")), ("cpu", "CPU"), ("gpu", "GPU"))
        for key, text in devices:
            self.device.addItem(text, key)
        self.device.setCurrentIndex(self.device.findData(now.coach_device))
        self.layers = _whole(-1, 1000, 1, now.coach_gpu_layers, self.tr("Layers on the graphics card"))
        self.layers.setSpecialValueText(self.tr("All"))
        self.context = _whole(512, 32768, 512, now.coach_context, self.tr("Context"))
        self.temperature = _decimal(0.0, 2.0, 0.1, now.coach_temperature, 2, self.tr("Temperature"))
        self.top_p = _decimal(0.01, 1.0, 0.05, now.coach_top_p, 2, self.tr("Top-p"))
        decimals = 0 if now.coach_idle_minutes.is_integer() else 1
        self.idle = _decimal(0.0, 1440.0, 1.0, now.coach_idle_minutes, decimals, self.tr("Unload when idle"))
        self.idle.setSuffix(self.tr(" min"))
        self.idle.setSpecialValueText(self.tr("Never"))

    def _notes(self) -> tuple[tuple[QWidget, str], ...]:
        return (
            (self.device, self.tr("Automatic takes the graphics card where there is one.")),
            (self.layers, self.tr("Fewer when the memory of the graphics card is too small.")),
            (self.context, self.tr("Tokens that the model can see at once. More needs more memory.")),
            (self.temperature, self.tr("0 is always the same answer; higher varies more.")),
            (self.top_p, self.tr("Lower keeps to the likeliest words.")),
            (self.idle, self.tr("Gives its memory back after a while without advice.")),
        )

    def _values(self) -> dict[str, object]:
        return {
            "coach_device": self.device.currentData(),
            "coach_gpu_layers": self.layers.value(),
            "coach_context": self.context.value(),
            "coach_temperature": self.temperature.value(),
            "coach_top_p": self.top_p.value(),
            "coach_idle_minutes": self.idle.value(),
        }

    def _enable_layers(self) -> None:
        self.layers.setEnabled(self.device.currentData() != "cpu")


def _whole(low: int, high: int, step: int, value: int, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setValue(value)
    _dress(box, name)
    return box


def _decimal(low: float, high: float, step: float, value: float, decimals: int, name: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(decimals)
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setValue(value)
    _dress(box, name)
    return box


def _dress(box: QAbstractSpinBox, name: str) -> None:
    box.setAccessibleName(name)
    box.lineEdit().setTextMargins(*_MARGINS)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by key or click, not by the wheel
