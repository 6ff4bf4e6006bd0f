"""A window on a scripted engine, and no complaint from Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fias_desktop.engine.view import Event, LiveView
from fias_desktop.settings import Settings
from fias_desktop.ui.bridge import CameraLike
from fias_desktop.ui.main_window import MainWindow
from fias_desktop.ui.program import Program
from tests.fakes import FakeCamera, ScriptedEngine

_HARMLESS = ("propagateSizeHints", "This plugin does not support")


@pytest.fixture(autouse=True)
def no_qt_complaint() -> Iterator[None]:
    """Qt may not warn: a warning is a layout, a signal or a style that does not work."""
    said: list[str] = []

    def note(kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            said.append(text or "")

    before = qInstallMessageHandler(note)
    yield
    qInstallMessageHandler(before)
    assert not [text for text in said if not any(part in text for part in _HARMLESS)]


@dataclass
class Desk:
    """The program under test with its scripted engine."""

    qtbot: QtBot
    settings: Settings = field(default_factory=lambda: Settings(language="en", theme="dark"))
    cameras: tuple[CameraLike, ...] = (FakeCamera(0, "Integrated Webcam"), FakeCamera(2, "USB Camera"))
    fps: float = 0.0
    speech_engines: tuple[str, ...] = ()
    engines: list[ScriptedEngine] = field(default_factory=list)
    program: Program | None = None

    def open(self, source: str = "demo") -> MainWindow:
        """Open the window and wait until the engine was told the source."""
        self.program = Program(self.settings, self._make, lambda: self.cameras, self.speech_engines)
        self.program.open(source)
        self.program.window.resize(1280, 720)
        self.qtbot.waitUntil(lambda: bool(self.engines) and ("start", source) in self.engine.commands)
        return self.window

    def _make(self, wake: object) -> ScriptedEngine:
        assert callable(wake)
        self.engines.append(ScriptedEngine(wake, fps=self.fps))
        return self.engines[-1]

    @property
    def engine(self) -> ScriptedEngine:
        """The scripted engine."""
        return self.engines[-1]

    @property
    def window(self) -> MainWindow:
        """The window."""
        assert self.program is not None
        return self.program.window

    def show(self, view: LiveView) -> None:
        """Let the engine show a picture, and wait until the window has it."""
        self.qtbot.waitUntil(lambda: self.window.bridge.starting == 0)
        self.engine.show(view)
        self.qtbot.waitUntil(lambda: self.window.page.canvas.view is view)

    def tell(self, *events: Event) -> None:
        """Let the engine tell events, and wait until they were delivered."""
        self.engine.tell(*events)
        self.qtbot.waitUntil(lambda: self.window.bridge.idle)

    def wait_for(self, *command: object) -> None:
        """Wait until the engine got a command."""
        self.qtbot.waitUntil(lambda: command in self.engine.commands)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    """A program to open; closed at the end whatever happened."""
    made = Desk(qtbot)
    yield made
    if made.program is not None:
        made.program.close()
        made.program.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
