"""For every test: Qt without a screen, settings in a temporary folder, no thread left behind, no warning logged."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

_JOIN_S = 3.0


def pytest_configure(config: pytest.Config) -> None:
    """Markers of the fixtures below."""
    config.addinivalue_line("markers", "logs_warnings: this test makes the program log a warning, on purpose")


@pytest.fixture(autouse=True)
def fias_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, cache and data in a folder of this test alone; English whatever the desktop speaks."""
    home = tmp_path / "fias-home"
    monkeypatch.setenv("FIAS_HOME", str(home))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    return home


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Every thread that a test starts must have ended with it."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _JOIN_S
    left = _left(before)
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = _left(before)
    assert not left, f"threads left behind: {', '.join(thread.name for thread in left)}"


def _left(before: set[threading.Thread]) -> list[threading.Thread]:
    # Dummy threads stand for threads of C++ libraries that once called Python: nobody can join them.
    started = [thread for thread in threading.enumerate() if thread not in before]
    return [thread for thread in started if thread.is_alive() and not thread.name.startswith("Dummy")]


class _Warnings(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_warning_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing may log a warning, unless the test is marked `logs_warnings`."""
    handler = _Warnings()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if request.node.get_closest_marker("logs_warnings") is None:
        assert not handler.messages, f"logged: {'; '.join(handler.messages)}"
