"""How values pass between threads: the newest only, or every one.

A queue between a fast producer and a slow consumer only grows old, so frames and windows travel in a `Newest`; what
must not be lost (events, results) travels in an `Inbox`.
"""

from __future__ import annotations

import threading
import time
from typing import Generic, TypeVar

T = TypeVar("T")


class ClosedError(Exception):
    """The mailbox was closed while somebody waited for it."""


class Newest(Generic[T]):
    """Holds one value; a newer one replaces it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._value: T | None = None
        self._closed = False
        self.replaced = 0

    def put(self, value: T) -> None:
        """Leave a value, replacing one that was not taken; nothing happens after `close`."""
        with self._changed:
            if self._closed:
                return
            self.replaced += self._value is not None
            self._value = value
            self._changed.notify()

    def take(self, timeout_s: float | None = None) -> T | None:
        """Wait for a value and take it; None after `timeout_s`. Raises ClosedError once the mailbox is closed."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        with self._changed:
            while self._value is None and not self._closed:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return None
                self._changed.wait(left)
            if self._closed:
                raise ClosedError
            value, self._value = self._value, None
            return value

    def clear(self) -> T | None:
        """Forget the value that was not taken, and give it back."""
        with self._changed:
            value, self._value = self._value, None
            return value

    def close(self) -> None:
        """Wake everybody who waits; what is left inside is dropped."""
        with self._changed:
            self._closed = True
            self._value = None
            self._changed.notify_all()


class Inbox(Generic[T]):
    """A list that threads add to and one reader empties; nothing is dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: list[T] = []

    def add(self, *values: T) -> None:
        """Append values, keeping their order."""
        with self._lock:
            self._values.extend(values)

    def take_all(self) -> list[T]:
        """Everything added since the last call, oldest first."""
        with self._lock:
            values, self._values = self._values, []
            return values
