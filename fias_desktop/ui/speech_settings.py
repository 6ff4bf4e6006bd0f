"""The card of the settings page about the coach's voice."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSlider, QWidget

from fias_desktop.settings import Settings
from fias_desktop.ui.cards import Card, Choice
from fias_desktop.ui.coach_voice import CoachVoice
from fias_desktop.ui.switch import Switch

_RATE_STEPS, _VOLUME_STEPS = 10, 100


class SpeechSettings(Card):
    """On or off, voice, rate, volume, and a button to hear them. `changed()` is what the person chose."""

    def __init__(self, settings: Settings, voice: CoachVoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings, self._voice = settings, voice
        self.speak = Switch(self.tr("The coach speaks aloud"))
        self.speak.setChecked(settings.speech_enabled)
        self.voice = Choice()
        self.voice.setAccessibleName(self.tr("Voice"))
        self.voice.setMinimumWidth(200)
        self.voice.setMaximumWidth(240)
        self.voice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.rate = _slider(self.tr("Speed of the voice"), -_RATE_STEPS, _RATE_STEPS)
        self.rate.setValue(round(settings.speech_rate * _RATE_STEPS))
        self.volume = _slider(self.tr("Volume of the voice"), 0, _VOLUME_STEPS)
        self.volume.setValue(round(settings.speech_volume * _VOLUME_STEPS))
        self.test = QPushButton(self.tr("Say something"))
        self.test.setAccessibleName(self.tr("Hear the voice"))
        self.test.clicked.connect(self._say_something)
        self.note = QLabel()
        self.note.setObjectName("BadgeWarn")
        self.note.setWordWrap(True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._show_voices()
        voice.changed.connect(self._show_voices)
        voice.begin()

    def _lay_out(self) -> None:
        self.add_row(self.speak, self.tr("Short cues while you move, advice after a set."))
        self.add_row(self.voice, self.tr("Of the coach's language, from the system."))
        self.add_row(self.rate, self.tr("In the middle it is the voice's own."))
        self.add_row(self.volume, self.tr("Other sound gives way while the coach speaks."))
        self.add_row(self.test, self.tr("With the voice, speed and volume of this page."))
        self.add_widget(self.note)

    def changed(self) -> dict[str, object]:
        """The settings as they stand on the card, by their names."""
        return {
            "speech_enabled": self.speak.isChecked(),
            "speech_voice": self.voice.currentData(),
            "speech_rate": self.rate.value() / _RATE_STEPS,
            "speech_volume": self.volume.value() / _VOLUME_STEPS,
        }

    def _show_voices(self) -> None:
        """The voices there are; a chosen one that is not among them (of the other language, removed) is kept."""
        chosen = self._settings.speech_voice if self.voice.count() == 0 else self.voice.currentData()
        names = self._voice.voices()
        self.voice.clear()
        self.voice.addItem(self.tr("Automatic"), "")
        for name in names:
            self.voice.addItem(name, name)
        if self.voice.findData(chosen) < 0:
            self.voice.addItem(self.tr("{0} (not here)").format(chosen), chosen)
        self.voice.setCurrentIndex(self.voice.findData(chosen))
        state = self._voice.state_text()
        self.note.setText(state)
        self.note.setVisible(bool(state))

    def _say_something(self) -> None:
        texts = {"zh_TW": "很好，膝蓋向外推，慢慢下去。"}
        text = texts.get(self._voice.locale, "Good. Push your knees out, and go down slowly.")
        self._voice.sample(self._settings.model_copy(update=self.changed()), text, self._voice.locale)


def _slider(name: str, low: int, high: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(low, high)
    slider.setPageStep((high - low) // 4)
    slider.setFixedSize(200, 22)
    slider.setAccessibleName(name)
    return slider
