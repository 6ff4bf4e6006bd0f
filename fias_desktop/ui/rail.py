"""The rail of buttons at the left edge."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QVBoxLayout, QWidget, QWidgetAction

from fias_desktop.ui import theme
from fias_desktop.ui.mute_button import MuteButton

MAX_DELAY_S = 10.0
_STEPS_A_SECOND = 2


class DelayMenu(QMenu):
    """A slider for the delayed view, 0 to 10 s in half seconds."""

    delay_changed = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.slider, self.label = QSlider(Qt.Orientation.Horizontal), QLabel()
        self.slider.setRange(0, int(MAX_DELAY_S * _STEPS_A_SECOND))
        self.slider.setPageStep(_STEPS_A_SECOND)
        self.slider.setMinimumSize(220, 22)  # a lower one cuts its knob
        self.slider.setAccessibleName(self.tr("Delay of the picture in seconds"))
        self.slider.valueChanged.connect(self._moved)
        title = QLabel(self.tr("Delayed view"))
        title.setObjectName("Heading")
        note = QLabel(self.tr("See yourself a few seconds later, after the movement."))
        note.setObjectName("Muted")
        note.setWordWrap(True)
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(10, 6, 10, 8)
        for widget in (title, note, self.slider, self.label):
            layout.addWidget(widget)
        action = QWidgetAction(self)
        action.setDefaultWidget(box)
        self.addAction(action)
        self._say(0)

    @property
    def delay_s(self) -> float:
        """The chosen delay."""
        return self.slider.value() / _STEPS_A_SECOND

    def set_delay(self, delay_s: float) -> None:
        """Choose a delay."""
        self.slider.setValue(round(delay_s * _STEPS_A_SECOND))

    def _moved(self, value: int) -> None:
        self._say(value)
        self.delay_changed.emit(value / _STEPS_A_SECOND)

    def _say(self, value: int) -> None:
        text = self.tr("{0} s").format(f"{value / _STEPS_A_SECOND:.1f}") if value else self.tr("Off: live")
        self.label.setText(text)


class Rail(QWidget):
    """Icon buttons with names for tooltips and screen readers."""

    def __init__(self, look: theme.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._buttons: list[tuple[QToolButton, str]] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 8, 0, 8)
        self._box.setSpacing(4)
        self.source = self._button("camera", self.tr("Choose a source"))
        self.play = self._button("play", self.tr("Start or pause (Space, or raise both arms for a second)"))
        self.mirror = self._button("mirror", self.tr("Mirror the picture (M)"), checkable=True)
        self.heat = self._button("heat", self.tr("Show why: heat on the joints (H)"), checkable=True)
        self.delay = self._button("delay", self.tr("Delayed view"))
        self.panel = self._button("panel", self.tr("Show or hide the coach's panel (P)"), checkable=True)
        self.mute = MuteButton(look, "V")
        row = QHBoxLayout()
        row.addWidget(self.mute)
        self._box.addLayout(row)
        self._box.addStretch(1)
        self.fullscreen = self._button("fullscreen", self.tr("Full screen (F11)"))
        self.settings = self._button("settings", self.tr("Settings"))
        self.play.setProperty("primary", True)
        for button in (self.source, self.delay):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.delay_menu = DelayMenu(self)
        self.delay.setMenu(self.delay_menu)
        self._playing = False
        self.set_theme(look)

    def _button(self, icon: str, name: str, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setCheckable(checkable)
        button.setFixedSize(36, 36)
        button.setIconSize(QSize(20, 20))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout()
        row.addWidget(button)
        self._box.addLayout(row)
        self._buttons.append((button, icon))
        return button

    def set_playing(self, playing: bool, ended: bool = False) -> None:
        """The main button shows what a press does next."""
        self._playing = playing
        name = "replay" if ended else "pause" if playing else "play"
        self._buttons[1] = (self.play, name)
        self.play.setIcon(theme.icon(name, self._look.on_accent))

    def set_full_screen(self, on: bool) -> None:
        """The icon shows what a press does next."""
        name = "fullscreen-exit" if on else "fullscreen"
        self._buttons = [(b, name if b is self.fullscreen else old) for b, old in self._buttons]
        self.fullscreen.setIcon(theme.icon(name, self._look.text))

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the icons."""
        self._look = look
        self.mute.set_theme(look)
        for button, name in self._buttons:
            button.setIcon(theme.icon(name, look.on_accent if button is self.play else look.text))
