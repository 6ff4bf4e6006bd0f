"""A thread that looks at something now and then, until it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable

TICK_S = 0.1


class Watch:
    """Calls `look` every 0.1 s from its own thread."""

    def __init__(self, look: Callable[[], None], tick_s: float = TICK_S) -> None:
        self._look, self._tick_s = look, tick_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="coach-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for a look under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._tick_s):
            self._look()
