"""The coach's voice through Qt TextToSpeech: silent, and clear about it, where there is no engine or no voice."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QLocale, QLoggingCategory, QObject, QTimer, Signal, Slot

from fias_desktop.settings import Settings
from fias_desktop.ui import names

if TYPE_CHECKING:
    from fias_desktop.ui.speech_engine import Opened, SpeechEngine, Voice

_BEGINS_MS = 3000
_STOPS_MS = 400
_RETRY_MS = 30_000
# A text of n letters never takes longer, even at the slowest rate.
_LONGEST_MS, _LETTER_MS = 5000, 400


class Readiness(Enum):
    """Whether there is a voice at all."""

    NOT_LOADED = "not loaded"
    LOADING = "loading"
    READY = "ready"
    ABSENT = "absent"
    FAILED = "failed"


class QtSpeaker(QObject):
    """A `coach.voice.Speaker` in the window's thread. `changed` says that readiness or voices are other ones.

    `engines` are tried in this order; by default those that are found on this machine. Nothing is loaded before `load`.
    """

    changed = Signal()

    def __init__(self, engines: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.finished: Callable[[], None] = lambda: None
        self.readiness = Readiness.NOT_LOADED
        self._engines, self._left = engines, list[str]()
        self._engine: SpeechEngine | None = None
        self._voices: tuple[Voice, ...] = ()
        self._reason = ""
        self._chosen, self._rate, self._volume = "", 0.0, 1.0
        self._speaking = self._begun = self._stopping = False
        self._longest_ms = 0
        self._retry = QDeadlineTimer(0)
        self._watch = QTimer(self)
        self._watch.setSingleShot(True)
        self._watch.timeout.connect(self._too_late)

    @property
    def speaking(self) -> bool:
        """From a `say` that was taken until `finished` is called."""
        return self._speaking

    def load(self) -> None:
        """Look for an engine, unless one is there; the window does so after its first picture."""
        if self.readiness in (Readiness.LOADING, Readiness.READY):
            return
        # A desktop without PipeWire is no news for the log; Qt looks for it when the module is loaded.
        QLoggingCategory.setFilterRules("qt.multimedia.symbolsresolver=false")
        try:
            from fias_desktop.ui.speech_engine import usable_engines
        except ImportError as error:
            self._be(Readiness.ABSENT, str(error))
            return
        self._left = list(usable_engines() if self._engines is None else self._engines)
        self._reason = ""
        self._try_next()

    def use(self, settings: Settings) -> None:
        """Voice (by its name; empty for the usual one), rate and volume from the next words on."""
        self._chosen = settings.speech_voice
        self._rate, self._volume = settings.speech_rate, settings.speech_volume
        if self._engine is not None and self.readiness is Readiness.READY:
            self._engine.tune(self._rate, self._volume)

    def voices(self, locale: str) -> tuple[str, ...]:
        """The names of the voices for the language of a locale, the best first."""
        return tuple(dict.fromkeys(voice.name for voice in self._for(locale)))

    def say(self, text: str, locale: str) -> bool:
        """Begin to speak; False when this cannot be said here. An engine that failed is tried again now and then."""
        if self.readiness is Readiness.FAILED and self._retry.hasExpired():
            self.load()
        voices = self._for(locale)
        if self._engine is None or self.readiness is not Readiness.READY or self._speaking or not voices:
            return False
        voice = next((voice for voice in voices if voice.name == self._chosen), voices[0])
        # speech-dispatcher's first voice of a locale may be any; elsewhere the system's own choice is better.
        by_name = voice.name == self._chosen or self._engine.name == "speechd"
        self._speaking, self._begun, self._stopping = True, False, False
        self._longest_ms = _LONGEST_MS + _LETTER_MS * len(text)
        self._watch.start(_BEGINS_MS)
        self._engine.say(text, voice, by_name)
        return True

    def stop(self) -> None:
        """Fall silent at once; `finished` follows."""
        if self._engine is not None and self._speaking:
            self._stopping = True
            self._watch.start(_STOPS_MS)
            self._engine.stop()

    def state_text(self, locale: str) -> str:
        """What a person should know of the voice for the language of a locale; empty when all is well."""
        if self.readiness in (Readiness.NOT_LOADED, Readiness.LOADING):
            return self.tr("Looking for a voice …")
        if self.readiness is Readiness.ABSENT:
            missing = self.tr("This machine has no speech engine. Everything the coach says is on the screen.")
            remedy = self.tr("To hear it: sudo apt-get install speech-dispatcher speech-dispatcher-espeak-ng")
            return names.paragraph(missing, remedy) if sys.platform.startswith("linux") else missing
        if self.readiness is Readiness.FAILED:
            return self.tr("The speech engine does not answer ({0}). Everything is on the screen.").format(self._reason)
        if not self._for(locale):
            language = QLocale.languageToString(QLocale(locale).language())
            text = self.tr("There is no voice for this language ({0}). Install one in the system's settings.")
            return text.format(language)
        return ""

    def close(self) -> None:
        """Silence and release the engine; `finished` is not called any more."""
        self.finished = lambda: None
        self._drop_engine()
        self._be(Readiness.NOT_LOADED, "")

    def _for(self, locale: str) -> list[Voice]:
        wanted = QLocale(locale)
        fits = [voice for voice in self._voices if voice.language == wanted.language()]
        if self._engine is not None and self._engine.name == "speechd":
            fits.sort(key=lambda voice: len(voice.name))  # `English (America)` before `English (America, New York)`
        return sorted(fits, key=lambda voice: voice.locale != wanted.name())

    def _try_next(self) -> None:
        self._drop_engine()
        if not self._left:
            self._retry.setRemainingTime(_RETRY_MS)
            self._be(Readiness.FAILED if self._reason else Readiness.ABSENT, self._reason)
            return
        from fias_desktop.ui.speech_engine import SpeechEngine

        self._be(Readiness.LOADING, self._reason)
        self._engine = SpeechEngine(self._left.pop(0), self)
        self._engine.opened.connect(self._on_opened)
        self._engine.began.connect(self._on_began)
        self._engine.ended.connect(self._on_ended)
        self._engine.failed.connect(self._on_failed)

    def _drop_engine(self) -> None:
        engine, self._engine = self._engine, None
        self._voices = ()
        self._watch.stop()
        self._speaking = False
        if engine is not None:
            engine.disconnect(self)
            engine.close()
            engine.deleteLater()

    def _be(self, readiness: Readiness, reason: str) -> None:
        self.readiness, self._reason = readiness, reason
        self.changed.emit()

    @Slot(object)
    def _on_opened(self, opened: Opened) -> None:
        if opened.problem or self._engine is None:
            self._reason = opened.problem
            self._try_next()
            return
        self._voices = opened.voices
        self._engine.tune(self._rate, self._volume)
        self._be(Readiness.READY, "")

    @Slot()
    def _on_began(self) -> None:
        self._begun = True
        if not self._stopping:
            self._watch.start(self._longest_ms)

    @Slot()
    def _on_ended(self) -> None:
        # An engine is also ready before it begins.
        if self._begun:
            self._end()

    @Slot(str)
    def _on_failed(self, reason: str) -> None:
        if self.readiness is Readiness.READY:
            self._retry.setRemainingTime(_RETRY_MS)
            self._be(Readiness.FAILED, reason)
            self._end()

    def _too_late(self) -> None:
        """The engine keeps silent about the end of the words: go on without it."""
        if self._engine is not None and not self._stopping:
            self._engine.stop()
        self._end()

    def _end(self) -> None:
        self._watch.stop()
        if self._speaking:
            self._speaking = False
            self.finished()
