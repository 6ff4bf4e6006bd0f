"""Work for the page of language models beside the window's thread. The page looks at it; it never calls the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from fias_desktop.domain.errors import FiasError
from fias_desktop.settings import Settings


class Tester(Protocol):
    """Gives a fixed prompt to a model."""

    def run(self, path: Path, settings: Settings, on_text: Callable[[str], None]) -> None:
        """Load the model, ask it, and unload it; `on_text` gets the whole text so far. FiasError when it cannot."""
        ...

    def cancel(self) -> None:
        """Stop, from any thread; `run` then returns."""
        ...


class Work:
    """One job on its own thread. Everything in it may be read from the window's thread at any time.

    A FiasError of the job is kept in `error`; any other reaches the crash dialog through `threading.excepthook`.
    """

    def __init__(self, name: str, job: Callable[[Work], None]) -> None:
        self.done = self.total = 0
        self.text = ""
        self.first_s = float("nan")  # from the start to the first text
        self.all_s = float("nan")
        self.error: FiasError | None = None
        self._job = job
        self._cancelled = threading.Event()
        self._begun_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"fias-models-{name}", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        """Whether it has ended, well or not."""
        return not self._thread.is_alive()

    def cancel(self) -> None:
        """Ask it to end."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        """Whether it was asked to end."""
        return self._cancelled.is_set()

    def report(self, done: int, total: int) -> None:
        """How far the job is."""
        self.done, self.total = done, total

    def say(self, text: str) -> None:
        """The text so far."""
        if text and not self.text:
            self.first_s = time.monotonic() - self._begun_s
        self.text = text

    def _run(self) -> None:
        try:
            self._job(self)
        except FiasError as error:
            self.error = error
        finally:
            self.all_s = time.monotonic() - self._begun_s
