"""Time as a value that tests can hand in."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Anything that tells monotonic seconds."""

    def now_s(self) -> float:
        """Monotonic seconds from an arbitrary origin."""
        ...


class SystemClock:
    """The machine's monotonic clock."""

    def now_s(self) -> float:
        """Monotonic seconds, as `time.monotonic`."""
        return time.monotonic()
