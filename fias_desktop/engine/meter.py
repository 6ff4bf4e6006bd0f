"""Frames per second over the last moments, and a running median of milliseconds."""

from __future__ import annotations

from collections import deque
from statistics import median

_SPAN_S = 2.0
_KEEP = 60


class RateMeter:
    """How often something happens, in events per second over the last two seconds."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def tick(self, now_s: float) -> None:
        """It happened now (monotonic seconds)."""
        self._times.append(now_s)
        while self._times[0] < now_s - _SPAN_S:
            self._times.popleft()

    @property
    def per_s(self) -> float:
        """Events per second; 0 until there are two."""
        times = tuple(self._times)
        span = times[-1] - times[0] if len(times) > 1 else 0.0
        return (len(times) - 1) / span if span > 0 else 0.0


class MedianMeter:
    """The median of the last sixty values: steady enough to read, quick enough to be true."""

    def __init__(self) -> None:
        self._values: deque[float] = deque(maxlen=_KEEP)

    def add(self, value: float) -> None:
        """One more value."""
        self._values.append(value)

    @property
    def value(self) -> float:
        """The median; 0 before the first value."""
        return median(tuple(self._values)) if self._values else 0.0
