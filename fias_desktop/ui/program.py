"""The running program: application, bridge and window, from the first to the last moment."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from fias_desktop.domain.errors import FiasError
from fias_desktop.settings import Settings
from fias_desktop.ui import theme, translation
from fias_desktop.ui.bridge import Bridge, CameraLike, EngineLike, MakeEngine
from fias_desktop.ui.crash_dialog import CrashReporter
from fias_desktop.ui.display import drop_foreign_qt_paths
from fias_desktop.ui.main_window import MainWindow

log = logging.getLogger(__name__)


class Program:
    """`make_engine` and `list_cameras` can be handed in; by default they are the real ones."""

    def __init__(
        self,
        settings: Settings,
        make_engine: MakeEngine | None = None,
        list_cameras: Callable[[], Sequence[CameraLike]] | None = None,
    ) -> None:
        self.app = make_application(settings)
        self.bridge = Bridge(make_engine or (lambda wake: _live_engine(settings, wake)), list_cameras or _cameras)
        self.reporter = CrashReporter(self.bridge.report)
        self.reporter.install()
        self.window = MainWindow(self.bridge, settings, lambda look: theme.apply(self.app, look))
        self.reporter.window = self.window
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
        self.bridge.close()
        self.reporter.uninstall()

    def _follow_the_desktop(self) -> None:
        if self.window.settings.theme == "system":
            self.window.set_theme(theme.resolve("system"))


def make_application(settings: Settings) -> QApplication:
    """The QApplication with translations and look."""
    app = QApplication.instance()
    if app is None:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
        app = QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("FIAS")
    app.setDesktopFileName("fias-desktop")
    translation.install(app, settings.language)
    theme.apply(app, theme.resolve(settings.theme))
    return app


def _live_engine(settings: Settings, wake: Callable[[], None]) -> EngineLike:
    # Imported on the bridge's worker thread: torch and mediapipe take seconds, the window is there meanwhile.
    from fias_desktop.engine.live import LiveEngine

    drop_foreign_qt_paths()
    return LiveEngine(settings, wake)


def _cameras() -> Sequence[CameraLike]:
    from fias_desktop.stages.capture import list_cameras

    return list_cameras()
