"""The coach's voice in the window: the queue on the Qt speaker, and the settings on both."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from fias_desktop.coach.voice import Kind, VoiceQueue, kind_of
from fias_desktop.domain.types import Advice
from fias_desktop.settings import Settings
from fias_desktop.ui import translation
from fias_desktop.ui.speech import QtSpeaker


class CoachVoice(QObject):
    """Speaks cues and advice in the coach's language. `changed` says that `state_text` or `voices` are other ones;
    `on_duck` hears when other sound should give way.

    All of it belongs to the window's thread.
    """

    changed = Signal()

    def __init__(
        self,
        settings: Settings,
        speaker: QtSpeaker | None = None,
        on_duck: Callable[[bool], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._speaker = speaker or QtSpeaker()
        self._queue = VoiceQueue(self._speaker, on_duck=on_duck)
        self._speaker.changed.connect(self.changed)
        self.locale = "en_US"
        self.use(settings)

    @property
    def speaking(self) -> bool:
        """Something is being said."""
        return self._speaker.speaking

    def begin(self) -> None:
        """Look for an engine; call it once the first picture is there."""
        self._speaker.load()

    def use(self, settings: Settings) -> None:
        """Another voice, rate, volume or language; or silence at once."""
        language = translation.effective(settings).language
        self.locale = "zh_TW" if language.lower().startswith("zh") else "en_US"
        self._speaker.use(settings)
        self._queue.set_muted(not settings.speech_enabled)
        self.changed.emit()

    def say(self, advice: Advice) -> None:
        """A cue or a piece of advice, when its turn comes."""
        self._queue.put(advice.text, self.locale, kind_of(advice))

    def sample(self, settings: Settings, text: str, locale: str) -> None:
        """Say something with these settings now, even while muted; `use` gives back the saved ones."""
        self._speaker.load()
        self._speaker.use(settings)
        self._queue.put(text, locale, Kind.SAMPLE)

    def set_paused(self, paused: bool) -> None:
        """No cue while paused; the coach may speak, for a pause of a live source is what ends a set."""
        self._queue.set_paused(paused, advice=True)

    def clear(self) -> None:
        """Another source: silence."""
        self._queue.clear()

    def voices(self) -> tuple[str, ...]:
        """The names of the voices for the coach's language."""
        return self._speaker.voices(self.locale)

    def state_text(self) -> str:
        """Why nothing is heard, in plain words; empty when there is a voice."""
        return self._speaker.state_text(self.locale)

    def close(self) -> None:
        """Silence, and the end of the engine."""
        self._queue.clear()
        self._speaker.close()
