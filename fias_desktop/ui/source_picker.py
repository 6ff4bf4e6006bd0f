"""Choosing what to watch: cameras by name, a video, pictures, a stream, or the demo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlparse

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QMenu, QWidget

from fias_desktop.ui import theme
from fias_desktop.ui.bridge import CameraLike

VIDEO_ENDINGS = "*.mp4 *.mov *.avi *.mkv *.webm *.m4v *.mpg *.mpeg"


def stands_before(source: str) -> bool:
    """A person stands before it now: a camera or a stream; not a recording or the demo."""
    return source == "" or source.startswith("camera") or bool(_scheme(source))


def is_recording(source: str) -> bool:
    """A video file or a folder of pictures."""
    return not stands_before(source) and not source.startswith("demo")


def _scheme(source: str) -> str:
    scheme = urlparse(source).scheme
    return scheme if scheme in ("http", "https", "rtsp", "rtsps") else ""


def title_of(source: str, cameras: Sequence[CameraLike]) -> str:
    """A short name of a source for buttons and titles."""
    if source.startswith("camera:"):
        number = source.removeprefix("camera:")
        return next((camera.name for camera in cameras if str(camera.index) == number), number)
    if source.startswith("demo"):
        return QCoreApplication.translate("SourcePicker", "Demo")
    if _scheme(source):
        return urlparse(source).netloc
    return Path(source).name if source else QCoreApplication.translate("SourcePicker", "Camera")


class SourcePicker(QObject):
    """Fills a menu with the sources there are. `chosen` gives the text that opens one."""

    chosen = Signal(str)
    refresh_asked = Signal()

    def __init__(self, window: QWidget, look: theme.Theme) -> None:
        super().__init__(window)
        self._window, self._look = window, look
        self._cameras: tuple[CameraLike, ...] = ()
        self._folder = str(Path.home())
        self.menu = QMenu(window)
        self.menu.aboutToShow.connect(self.refresh_asked)
        self.fill()

    def set_cameras(self, cameras: Sequence[CameraLike]) -> None:
        """The cameras that are there now."""
        if tuple(cameras) != self._cameras:
            self._cameras = tuple(cameras)
            self.fill()

    def set_theme(self, look: theme.Theme) -> None:
        """Recolour the icons."""
        self._look = look
        self.fill()

    def fill(self) -> None:
        """Build the menu anew."""
        self.menu.clear()
        for camera in self._cameras:
            self._add("camera", camera.name, partial(self.chosen.emit, f"camera:{camera.index}"))
        if not self._cameras:
            self.menu.addAction(self.tr("No camera found")).setEnabled(False)
        self.menu.addSeparator()
        self._add("film", self.tr("Open a video …"), self.ask_video).setShortcut("Ctrl+O")
        self._add("folder", self.tr("Open a folder of pictures …"), self.ask_folder)
        self._add("link", self.tr("Open a stream …"), self.ask_stream)
        self.menu.addSeparator()
        self._add("demo", self.tr("Demo: a rendered athlete"), lambda: self.chosen.emit("demo"))

    def _add(self, icon: str, text: str, call: Callable[[], None]) -> QAction:
        action = self.menu.addAction(theme.icon(icon, self._look.text), text)
        action.triggered.connect(lambda checked: call())
        return action

    def ask_video(self) -> None:
        """Ask for a video file."""
        kinds = self.tr("Videos") + f" ({VIDEO_ENDINGS});;" + self.tr("All files") + " (*)"
        path, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open a video"), self._folder, kinds)
        self._choose(path)

    def ask_folder(self) -> None:
        """Ask for a folder of pictures."""
        path = QFileDialog.getExistingDirectory(self._window, self.tr("Open a folder of pictures"), self._folder)
        self._choose(path)

    def ask_stream(self) -> None:
        """Ask for the address of a stream."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Open a stream"))
        dialog.setLabelText(self.tr("Address of an MJPEG or RTSP stream:"))
        dialog.setTextValue("http://")
        dialog.resize(420, dialog.sizeHint().height())
        if dialog.exec() == QDialog.DialogCode.Accepted and _scheme(dialog.textValue().strip()):
            self.chosen.emit(dialog.textValue().strip())

    def _choose(self, path: str) -> None:
        if path:
            self._folder = str(Path(path).parent)
            self.chosen.emit(path)
