"""The running program: application, bridge and window, from the first to the last moment."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from fias_desktop.domain.errors import FiasError
from fias_desktop.settings import Settings
from fias_desktop.ui import theme, translation
from fias_desktop.ui.bridge import Bridge, CameraLike, EngineLike, MakeEngine
from fias_desktop.ui.coach_voice import CoachVoice
from fias_desktop.ui.crash_dialog import CrashReporter
from fias_desktop.ui.display import drop_foreign_qt_paths
from fias_desktop.ui.main_window import MainWindow
from fias_desktop.ui.model_work import Tester
from fias_desktop.ui.speech import QtSpeaker

log = logging.getLogger(__name__)


class Program:
    """`make_engine`, `list_cameras` and the names of speech engines can be handed in; by default they are the real
    ones."""

    def __init__(
        self,
        settings: Settings,
        make_engine: MakeEngine | None = None,
        list_cameras: Callable[[], Sequence[CameraLike]] | None = None,
        speech_engines: Sequence[str] | None = None,
    ) -> None:
        self.app = make_application(settings)
        self.translation = translation.Translation(self.app)
        self.translation.use(settings.language)
        self.bridge = Bridge(
            make_engine or (lambda wake: _live_engine(translation.effective(settings), wake)), list_cameras or _cameras
        )
        self.reporter = CrashReporter(self.bridge.report)
        self.reporter.install()
        self.voice = CoachVoice(settings, QtSpeaker(speech_engines))
        self.window = self._make_window(settings)
        self.app.styleHints().colorSchemeChanged.connect(self._follow_the_desktop)

    def open(self, source: str, problems: Sequence[FiasError] = ()) -> None:
        """Show the window, with what went wrong before, and start on a source."""
        self.window.show()
        self.window.page.canvas.setFocus()
        self.window.open_source(source)
        for problem in problems:
            self.bridge.report(problem)
        self.bridge.open()
        self.bridge.refresh_cameras()

    def _make_window(self, settings: Settings) -> MainWindow:
        window = MainWindow(self.bridge, settings, lambda look: theme.apply(self.app, look), self.voice, _Trial())
        window.language_changed.connect(self._change_language, Qt.ConnectionType.QueuedConnection)
        self.reporter.window = window
        return window

    def _change_language(self) -> None:
        """Texts are set when widgets are made: another window, in the same place and on the same source."""
        old = self.window
        self.translation.use(old.settings.language)
        self.bridge.forget_listeners()
        self.window = self._make_window(old.settings)
        self.window.setGeometry(old.geometry())
        self.window.setWindowState(old.windowState())
        self.window.show()
        old.retire()
        self.window.page.canvas.setFocus()
        self.window.open_source(self.bridge.source)
        self.bridge.refresh_cameras()

    def run(self, source: str, problems: Sequence[FiasError] = ()) -> int:
        """Until the window is closed; the exit code."""
        self.open(source, problems)
        # Qt's loop does not see Python's signals; the window's timers let them through.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.window.close())
        try:
            return self.app.exec()
        finally:
            self.close()

    def close(self) -> None:
        """Stop the engine and give the exception hooks back."""
        self.app.styleHints().colorSchemeChanged.disconnect(self._follow_the_desktop)
        self.window.close()
        self.voice.close()
        self.bridge.close()
        self.reporter.uninstall()
        self.translation.use("en")

    def _follow_the_desktop(self) -> None:
        if self.window.settings.theme == "system":
            self.window.set_theme(theme.resolve("system"))


def make_application(settings: Settings) -> QApplication:
    """The QApplication with its look."""
    app = QApplication.instance()
    if app is None:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
        app = QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("FIAS")
    app.setDesktopFileName("fias-desktop")
    theme.apply(app, theme.resolve(settings.theme))
    return app


def _live_engine(settings: Settings, wake: Callable[[], None]) -> EngineLike:
    # Imported on the bridge's worker thread: torch and mediapipe take seconds, the window is there meanwhile.
    from fias_desktop.engine.live import LiveEngine

    drop_foreign_qt_paths()
    return LiveEngine(settings, wake)


class _Trial:
    """A trial of a language model by the engine, whose libraries are loaded when it is first wanted."""

    def __init__(self) -> None:
        self._trial: Tester | None = None

    def run(self, path: Path, settings: Settings, on_text: Callable[[str], None]) -> None:
        """Runs on the page's own thread."""
        from fias_desktop.engine.coach_trial import CoachTrial

        self._trial = CoachTrial()
        self._trial.run(path, translation.effective(settings), on_text)

    def cancel(self) -> None:
        """Stop it."""
        if self._trial is not None:
            self._trial.cancel()


def _cameras() -> Sequence[CameraLike]:
    from fias_desktop.stages.capture import list_cameras

    return list_cameras()
