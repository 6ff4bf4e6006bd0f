"""The phase machine: it cuts a body signal into movements from a top over a bottom back to a top.

The signal (pelvis or shoulder height in the person's own leg or arm lengths) is high at the top. The machine knows nothing
of exercises: what a movement was is decided by `gates`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.types import Measurement

# A movement begins when the signal has sunk by this share of the least range below the highest value of the last seconds.
_ENTER_SHARE = 0.4
_RECENT_TOP_S = 2.0
_LOOK_BACK_S = 4.0
# It is back once it has regained this share of what it lost, and over when it is quite up, stands still or sinks again.
_RETURNED = 0.7
_UP_AGAIN = 0.92
_STILL_S = 0.35
# Start and end lie where the signal leaves and reaches the last tenth of the way.
_EDGE = 0.1
_AWAY_S = 0.5
_GAP_S = 2.0
_FILTER_S = 0.17
_OWN_RANGES = 5
_OWN_SHARE = 0.3


@dataclass(frozen=True)
class PhaseSpec:
    """What the machine watches: `signal` in these `postures`; at least `min_range` deep, at most `max_s` long. Below
    `top_enter` at the very beginning, the first movement is taken to have begun before."""

    signal: str
    postures: frozenset[str]
    top_enter: float
    min_range: float
    max_s: float


@dataclass(frozen=True)
class Movement:
    """One way down and up. `top`, `bottom` are signal values; `cut` when its start was not seen; `flaw` says why it was
    not completed (empty when it was); `held_s` spans the lowest fifth. `measurements` reach from just before the start to
    just after the end."""

    start_s: float
    bottom_s: float
    end_s: float
    top: float
    bottom: float
    held_s: tuple[float, float]
    cut: bool
    flaw: str
    measurements: tuple[Measurement, ...]

    @property
    def hold_s(self) -> float:
        """The time spent in the lowest fifth."""
        return self.held_s[1] - self.held_s[0]

    @property
    def low(self) -> tuple[Measurement, ...]:
        """The measurements of the lowest fifth."""
        return tuple(m for m in self.measurements if self.held_s[0] <= m.time_s <= self.held_s[1])

    @property
    def high(self) -> tuple[Measurement, ...]:
        """The measurements of the top, just before the start (where it was seen) and just after the end."""
        before = () if self.cut else tuple(m for m in self.measurements if m.time_s <= self.start_s)
        return before + tuple(m for m in self.measurements if m.time_s >= self.end_s)

    @property
    def range(self) -> float:
        """How far the signal went down."""
        return self.top - self.bottom


class PhaseMachine:
    """Finds movements in one signal. Feed measurements in the order of time."""

    def __init__(self, spec: PhaseSpec) -> None:
        self.spec = spec
        self._own: deque[float] = deque(maxlen=_OWN_RANGES)
        self._reset()

    def learn(self, movement: Movement) -> None:
        """This movement counted: from now on much smaller ones are taken for something else."""
        self._own.append(movement.range)

    @property
    def least_range(self) -> float:
        """How deep a movement must be: the exercise's least range, or a share of the person's own."""
        own = _OWN_SHARE * float(np.median(self._own)) if self._own else 0.0
        return max(self.spec.min_range, own)

    def update(self, measurement: Measurement) -> Movement | None:
        """Take one measurement; a movement when one has just been completed or given up."""
        time_s = measurement.time_s
        if self._last_s is not None and not 0 <= time_s - self._last_s <= _GAP_S:
            self._reset()
        if measurement.posture not in self.spec.postures:
            return self._away(time_s)
        self._left_s = None
        raw = measurement.quantities.get(self.spec.signal, float("nan"))
        if not np.isfinite(raw):
            return None
        self._last_s = time_s
        self._remember(measurement, raw)
        return self._step()

    def finish(self) -> Movement | None:
        """The source ended: what was nearly back at the top is completed, what was on its way is given up."""
        if not self._down:
            return None
        after = max((value for t, value in self._trace if t >= self._bottom_s), default=self._bottom)
        flaw = "" if self._returned(after) else "the recording ended before the top was reached again"
        movement = self._movement(flaw)
        self._reset()
        return movement if movement.range >= self.least_range else None

    def _reset(self) -> None:
        self._trace: deque[tuple[float, float]] = deque()
        self._kept: deque[Measurement] = deque()
        self._raw: deque[tuple[float, float]] = deque()
        self._last_s: float | None = None
        self._left_s: float | None = None
        self._since_s = -np.inf
        self._down = False
        self._cut = False
        self._top = self._bottom = np.nan
        self._bottom_s = 0.0

    def _away(self, time_s: float) -> Movement | None:
        """The posture does not fit: after half a second what was on its way is given up."""
        self._left_s = time_s if self._left_s is None else self._left_s
        if time_s - self._left_s < _AWAY_S or self._last_s is None:
            return None
        movement = self._movement("the posture changed in the middle") if self._down else None
        self._reset()
        return movement if movement is not None and movement.range >= self.least_range else None

    def _remember(self, measurement: Measurement, raw: float) -> None:
        time_s = measurement.time_s
        self._kept.append(measurement)
        self._raw.append((time_s, raw))
        while self._raw[0][0] < time_s - _FILTER_S:
            self._raw.popleft()
        values = [value for _, value in self._raw]
        middle_s = (self._raw[0][0] + time_s) / 2
        self._trace.append((middle_s, float(np.median(values))))
        horizon_s = time_s - self.spec.max_s - 2 * _LOOK_BACK_S
        while self._trace[0][0] < horizon_s:
            self._trace.popleft()
        while self._kept[0].time_s < horizon_s:
            self._kept.popleft()

    def _step(self) -> Movement | None:
        time_s, value = self._trace[-1]
        if not self._down:
            self._watch_top(time_s, value)
            return None
        if value < self._bottom:
            self._bottom, self._bottom_s = value, time_s
        after_s, after = max(
            ((t, v) for t, v in self._trace if t >= self._bottom_s), key=lambda item: (item[1], -item[0])
        )
        if self._returned(after) and self._settled(time_s, value, after_s, after):
            return self._complete()
        if time_s - self._bottom_s > self.spec.max_s:
            movement = self._movement("the top was not reached again")
            self._reset()
            return movement
        return None

    def _watch_top(self, time_s: float, value: float) -> None:
        if len(self._trace) == 1 and value < self.spec.top_enter:
            self._down, self._cut, self._top = True, True, self.spec.top_enter
            self._bottom, self._bottom_s = value, time_s
            return
        recent = [v for t, v in self._trace if t >= max(time_s - _RECENT_TOP_S, self._since_s)]
        if value < max(recent) - _ENTER_SHARE * self.spec.min_range:
            self._down, self._cut = True, False
            begin_s = max(time_s - _LOOK_BACK_S, self._since_s)
            self._top = max(v for t, v in self._trace if t >= begin_s)
            self._bottom, self._bottom_s = value, time_s

    def _returned(self, after: float) -> bool:
        return after >= self._bottom + _RETURNED * (self._top - self._bottom)

    def _settled(self, time_s: float, value: float, after_s: float, after: float) -> bool:
        up = value >= self._bottom + _UP_AGAIN * (self._top - self._bottom)
        sinking = value < after - _ENTER_SHARE * self.spec.min_range
        return up or sinking or time_s - after_s > _STILL_S

    def _complete(self) -> Movement | None:
        movement = self._movement("")
        self._down = False
        self._since_s = movement.end_s
        return movement if movement.range >= self.least_range else None

    def _movement(self, flaw: str) -> Movement:
        before = [(t, v) for t, v in self._trace if max(self._since_s, self._bottom_s - self.spec.max_s) <= t]
        descent = [(t, v) for t, v in before if t <= self._bottom_s]
        ascent = [(t, v) for t, v in before if t >= self._bottom_s]
        edge = _EDGE * (self._top - self._bottom)
        start_s = next((t for t, v in reversed(descent) if v >= self._top - edge), descent[0][0])
        after = max(v for _, v in ascent)
        end_s = next(t for t, v in ascent if v >= after - min(edge, _EDGE * (after - self._bottom)))
        low = self._bottom + 0.2 * (self._top - self._bottom)
        held = [t for t, v in before if v <= low]
        return Movement(
            start_s=start_s,
            bottom_s=self._bottom_s,
            end_s=end_s if not flaw else ascent[-1][0],
            top=self._top,
            bottom=self._bottom,
            held_s=(held[0], held[-1]) if held else (self._bottom_s, self._bottom_s),
            cut=self._cut,
            flaw=flaw,
            measurements=tuple(m for m in self._kept if start_s - 0.3 <= m.time_s <= end_s + 0.3),
        )
