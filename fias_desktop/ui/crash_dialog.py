"""What nobody foresaw: caught at the two last places, and shown with the details to copy."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from fias_desktop.domain.errors import FiasError

log = logging.getLogger(__name__)


def details_of(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> str:
    """Everything a developer asks for, as text."""
    lines = traceback.format_exception(kind, error, trace)
    return f"FIAS Desktop on {platform.platform()}, Python {platform.python_version()}\n\n{''.join(lines)}"


class CrashDialog(QDialog):
    """Calm words; the details only when asked for."""

    def __init__(self, summary: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong"))
        self.details = details
        title = QLabel(self.tr("Something went wrong inside FIAS"))
        title.setObjectName("Heading")
        text = QLabel(
            self.tr(
                "You can go on, but a part of the program may have stopped; starting FIAS again helps. "
                "If it happens again, please send the details to the developers."
            )
        )
        text.setWordWrap(True)
        reason = QLabel(summary)
        reason.setObjectName("Muted")
        reason.setWordWrap(True)
        self.text = QPlainTextEdit(details)
        self.text.setReadOnly(True)
        self.text.setMinimumHeight(180)
        self.text.setAccessibleName(self.tr("Details"))
        self.text.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for widget in (title, text, reason, self.text, self._buttons()):
            layout.addWidget(widget)
        self.setMinimumWidth(460)

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        self.show_button = QPushButton(self.tr("Show details"))
        self.copy_button = QPushButton(self.tr("Copy details"))
        self.close_button = QPushButton(self.tr("Go on"))
        self.close_button.setProperty("primary", True)
        self.close_button.setDefault(True)
        self.show_button.clicked.connect(self._toggle)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details))
        self.close_button.clicked.connect(self.accept)
        box.addButton(self.show_button, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(self.close_button, QDialogButtonBox.ButtonRole.AcceptRole)
        return box

    def _toggle(self) -> None:
        self.text.setVisible(not self.text.isVisible())
        self.show_button.setText(self.tr("Hide details") if self.text.isVisible() else self.tr("Show details"))
        self.adjustSize()


class CrashReporter(QObject):
    """Takes over `sys.excepthook` and `threading.excepthook` while it is installed.

    Foreseen errors (`FiasError`) go to `on_fias_error`; others open one dialog at a time. What comes from another
    thread is handed over without a payload.
    """

    _woken = Signal()

    def __init__(self, on_fias_error: Callable[[FiasError], None]) -> None:
        super().__init__()
        self._on_fias_error = on_fias_error
        self._waiting: deque[tuple[str, str]] = deque()
        self._errors: deque[FiasError] = deque()
        self.dialog: CrashDialog | None = None
        self.window: QWidget | None = None
        self._old: tuple[object, object] | None = None
        self._woken.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch from now on."""
        self._old = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread

    def uninstall(self) -> None:
        """Give both hooks back."""
        if self._old is not None:
            sys.excepthook, threading.excepthook = self._old  # type: ignore[assignment]
            self._old = None
        if self.dialog is not None:
            self.dialog.close()

    def _caught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        self._caught(args.exc_type, args.exc_value, args.exc_traceback)

    def _caught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, (KeyboardInterrupt, SystemExit)):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        if isinstance(error, FiasError):
            self._errors.append(error)
        else:
            details = details_of(kind, error, trace)
            log.error("unexpected error\n%s", details)
            self._waiting.append((f"{kind.__name__}: {error}", details))
        self._woken.emit()

    def _show(self) -> None:
        while self._errors:
            self._on_fias_error(self._errors.popleft())
        if self.dialog is not None or not self._waiting:
            return
        summary, details = self._waiting.popleft()
        self.dialog = CrashDialog(summary, details, self.window)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
        self._waiting = deque(dict.fromkeys(self._waiting))
        self._woken.emit()
