"""Unforeseen errors: caught from both threads, shown calmly, with the details to copy."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from fias_desktop.domain.errors import FiasError
from fias_desktop.ui.crash_dialog import CrashReporter
from tests.ui.looking import click

pytestmark = pytest.mark.logs_warnings


class Reports:
    """An installed reporter and the foreseen errors it passed on."""

    def __init__(self) -> None:
        self.errors: list[FiasError] = []
        self.reporter = CrashReporter(self.errors.append)
        self.reporter.install()


@pytest.fixture
def reports(qtbot: QtBot) -> Iterator[Reports]:
    made = Reports()
    logging.getLogger("fias_desktop.ui.crash_dialog").propagate = False
    yield made
    logging.getLogger("fias_desktop.ui.crash_dialog").propagate = True
    made.reporter.uninstall()


def _raise(error: Exception) -> None:
    try:
        raise error
    except type(error):
        sys.excepthook(type(error), error, error.__traceback__)


def test_an_error_in_the_window_opens_the_dialog_without_a_traceback(qtbot: QtBot, reports: Reports) -> None:
    _raise(ValueError("torso is negative"))
    qtbot.waitUntil(lambda: reports.reporter.dialog is not None)
    dialog = reports.reporter.dialog
    assert dialog is not None and dialog.isVisible() and not dialog.text.isVisible()
    click(dialog.show_button)
    assert dialog.text.isVisible() and "ValueError: torso is negative" in dialog.text.toPlainText()
    click(dialog.copy_button)
    assert "Traceback" in QGuiApplication.clipboard().text()
    click(dialog.close_button)
    qtbot.waitUntil(lambda: reports.reporter.dialog is None)


def test_an_error_in_a_thread_reaches_the_window(qtbot: QtBot, reports: Reports) -> None:
    def fail() -> None:
        raise RuntimeError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert reports.reporter.dialog is None, "not from the other thread"
    qtbot.waitUntil(lambda: reports.reporter.dialog is not None)
    assert reports.reporter.dialog is not None and "in a thread" in reports.reporter.dialog.details


def test_a_foreseen_error_is_passed_on_and_opens_nothing(qtbot: QtBot, reports: Reports) -> None:
    _raise(FiasError("No camera.", "Plug one in."))
    qtbot.waitUntil(lambda: len(reports.errors) == 1)
    assert reports.reporter.dialog is None


def test_the_same_error_many_times_is_shown_once_more_at_most(qtbot: QtBot, reports: Reports) -> None:
    for _ in range(20):
        _raise(KeyError("joint"))
    shown = 0
    for _ in range(5):
        qtbot.wait(30)
        if reports.reporter.dialog is not None:
            shown += 1
            reports.reporter.dialog.accept()
    assert 1 <= shown <= 2


def test_both_hooks_are_given_back(qtbot: QtBot) -> None:
    before = (sys.excepthook, threading.excepthook)
    reporter = CrashReporter(lambda error: None)
    reporter.install()
    assert (sys.excepthook, threading.excepthook) != before
    reporter.uninstall()
    assert (sys.excepthook, threading.excepthook) == before
