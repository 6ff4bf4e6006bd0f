"""One engine of Qt TextToSpeech, kept away from the window's thread where it is slow.

Opening speech-dispatcher with eSpeak NG takes 1.5 s (it lists 13,000 voices), and PySide6 holds Python's lock in a
constructor, so that even a thread of its own would stop the window. A queued call of `setEngine` in another thread
holds no lock; so all that may wait goes through signals to Qt's own slots.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QEventLoop,
    QLocale,
    QMetaObject,
    QObject,
    QPluginLoader,
    Qt,
    QThread,
    Signal,
    Slot,
)
from PySide6.QtTextToSpeech import QTextToSpeech, QVoice

log = logging.getLogger(__name__)

# The languages of the coach and of the window: voices of others are not asked for.
_LANGUAGES = (QLocale.Language.English, QLocale.Language.German, QLocale.Language.Chinese)
# Other systems' engines open quickly, and want the window's thread.
_SLOW = ("speechd",)
# Without an engine until `setEngine`; Qt's own QML type starts in this way.
_NO_ENGINE = "none"
_SILENT = "mock"
_CLOSE_S = 1.0


@dataclass(frozen=True)
class Voice:
    """A voice for a language; `locale` is that of the voice (`en_GB`), `handle` Qt's own value."""

    name: str
    locale: str
    language: QLocale.Language
    handle: QVoice


@dataclass(frozen=True)
class Opened:
    """The engine's answer: its voices, or why it cannot be used."""

    voices: tuple[Voice, ...]
    problem: str


def usable_engines() -> tuple[str, ...]:
    """The engines whose plug-in can be loaded here; never the silent one that is meant for tests."""
    return tuple(name for name in sorted(QTextToSpeech.availableEngines()) if name != _SILENT and _loads(name))


def _loads(name: str) -> bool:
    """Asked beforehand, because Qt writes an error into the log for a plug-in that misses a library."""
    folders = [Path(path) / "texttospeech" for path in QCoreApplication.libraryPaths()]
    files = [file for folder in folders for file in folder.glob(f"*texttospeech_{name}.*")]
    return all(QPluginLoader(str(file)).load() for file in files[:1])


class SpeechEngine(QObject):
    """Opens an engine and speaks. Every call returns at once; `opened` carries an `Opened`.

    `speech` is Qt's own object: it may live in another thread, so it is for looking at only.
    """

    opened = Signal(object)
    began = Signal()
    ended = Signal()
    failed = Signal(str)
    _set_engine = Signal(str)
    _look = Signal()
    _set_locale = Signal(QLocale)
    _set_voice = Signal(QVoice)
    _set_rate = Signal(float)
    _set_volume = Signal(float)
    _say = Signal(str)
    _stop = Signal()

    def __init__(self, name: str, parent: QObject | None = None, threaded: bool | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.speech = QTextToSpeech(_NO_ENGINE)
        self._scout = _Scout(self.speech)
        self._thread: _LoopThread | None = None
        if name in _SLOW if threaded is None else threaded:
            self._thread = _LoopThread("fias-speech")
            for owned in (self.speech, self._scout):
                owned.moveToThread(self._thread.home)
        self._connect()
        self._set_engine.emit(name)
        self._look.emit()

    def _connect(self) -> None:
        queued = Qt.ConnectionType.QueuedConnection
        speech = self.speech
        self._set_engine.connect(speech.setEngine, queued)
        self._look.connect(self._scout.look, queued)
        self._set_locale.connect(speech.setLocale, queued)
        self._set_voice.connect(speech.setVoice, queued)
        self._set_rate.connect(speech.setRate, queued)
        self._set_volume.connect(speech.setVolume, queued)
        self._say.connect(speech.say, queued)
        self._stop.connect(speech.stop, queued)
        self._scout.found.connect(self._on_found, queued)
        speech.stateChanged.connect(self._on_state, queued)
        speech.errorOccurred.connect(self._on_error, queued)

    def tune(self, rate: float, volume: float) -> None:
        """`rate` -1 to 1, 0 is usual; `volume` 0 to 1."""
        self._set_rate.emit(rate)
        self._set_volume.emit(volume)

    def say(self, text: str, voice: Voice, by_name: bool) -> None:
        """Speak; with `by_name` by this very voice, else by the engine's own choice for the voice's locale."""
        self._set_locale.emit(voice.handle.locale())
        if by_name:
            self._set_voice.emit(voice.handle)
        self._say.emit(text)

    def stop(self) -> None:
        """Fall silent; `ended` follows when something was said."""
        self._stop.emit()

    def close(self) -> None:
        """Silence, and the end of the thread."""
        self._stop.emit()
        self.speech.deleteLater()
        if self._thread is not None and not self._thread.end(_CLOSE_S):
            log.info("the speech engine %s does not end", self.name)

    @Slot(object)
    def _on_found(self, opened: Opened) -> None:
        self.opened.emit(opened)

    @Slot(QTextToSpeech.State)
    def _on_state(self, state: QTextToSpeech.State) -> None:
        if state == QTextToSpeech.State.Speaking:
            self.began.emit()
        elif state == QTextToSpeech.State.Ready:
            self.ended.emit()

    @Slot(QTextToSpeech.ErrorReason, str)
    def _on_error(self, reason: QTextToSpeech.ErrorReason, message: str) -> None:
        self.failed.emit(message)


class _LoopThread(threading.Thread):
    """A thread that runs Qt's event loop, from its making to `end`.

    Not a QThread: one that hangs in a speech service that does not answer could not be left behind at the end of the
    program, for Qt aborts when it is destroyed.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._ready = threading.Event()
        self.start()
        self._ready.wait()

    def run(self) -> None:
        self.home, self._loop = QThread.currentThread(), QEventLoop()
        self._ready.set()
        self._loop.exec()
        del self._loop

    def end(self, within_s: float) -> bool:
        """After what is queued for it; whether it ended in time."""
        QMetaObject.invokeMethod(self._loop, "quit", Qt.ConnectionType.QueuedConnection)
        self.join(within_s)
        return not self.is_alive()


class _Scout(QObject):
    """Looks at the voices, in the thread of the engine."""

    found = Signal(object)

    def __init__(self, speech: QTextToSpeech) -> None:
        super().__init__()
        self._speech = speech

    @Slot()
    def look(self) -> None:
        speech = self._speech
        if speech.state() == QTextToSpeech.State.Error:
            self.found.emit(Opened((), speech.errorString()))
            return
        wanted = (*_LANGUAGES, QLocale.Language.C)
        locales = [locale for locale in speech.availableLocales() if locale.language() in wanted]
        voices = (voice for locale in locales for voice in speech.allVoices(locale))
        self.found.emit(Opened(tuple(_known(voices)), ""))


def _known(voices: Iterable[QVoice]) -> Iterable[Voice]:
    """Those of a language that we speak. eSpeak's variants (`German+Adam`) are left out; its Mandarin has no locale."""
    for voice in voices:
        language = voice.locale().language()
        if language == QLocale.Language.C and voice.name().startswith("Chinese (Mandarin"):
            language = QLocale.Language.Chinese
        if language in _LANGUAGES and "+" not in voice.name():
            yield Voice(voice.name(), voice.locale().name(), language, voice)
