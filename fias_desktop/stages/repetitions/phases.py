"""The phase machine: it cuts a body signal into movements from a top over a bottom back to a top.

The signal (pelvis or shoulder height in the person's own leg or arm lengths) is high at the top. The machine knows
nothing of exercises: what a movement was is decided by `gates`.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field, replace
from statistics import median

from fias_desktop.domain.types import Measurement

# A movement begins when the signal has sunk by this share of the least range below the highest value of late.
_ENTER_SHARE = 0.4
_RECENT_TOP_S = 2.0
_LOOK_BACK_S = 4.0
# It is back once it has regained this share of what it lost, and over when it is quite up, stands still or sinks again.
_RETURNED = 0.7
_UP_AGAIN = 0.92
_STILL_S = 0.35
# Start and end lie where the signal leaves and reaches the last tenth of the way; the lowest fifth is its bottom.
_EDGE = 0.1
_LOW = 0.2
# The bottom is taken to be over once this share of the way is regained, or after so long in the lowest fifth.
_RISEN = 0.12
_HELD_S = 0.5
# Another posture for this long ends what was on its way; nobody seen for this long, too.
_AWAY_S = 0.5
_GAP_S = 2.0
# Who was lost for this long (and for some pictures) is found anew, and what is found first is not exact.
_LOST_S = 0.25
_LOST_PICTURES = 3
_SETTLES_S = 0.2
# One odd pose does not make a bottom: the signal is the median of this time.
_FILTER_S = 0.17
# The person's own range is the median of so many counted movements; much less is something else.
_OWN_RANGES = 5
_OWN_SHARE = 0.3
_AROUND_S = 0.3


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
    not completed (empty when it was); `held_s` spans the lowest fifth. `measurements` reach from just before the start
    to just after the end. One that is still `under_way` ends at its newest measurement."""

    start_s: float
    bottom_s: float
    end_s: float
    top: float
    bottom: float
    held_s: tuple[float, float]
    cut: bool
    flaw: str
    measurements: tuple[Measurement, ...]
    under_way: bool = False

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
        after = () if self.under_way else tuple(m for m in self.measurements if m.time_s >= self.end_s)
        return before + after

    @property
    def range(self) -> float:
        """How far the signal went down."""
        return self.top - self.bottom


@dataclass
class _Watch:
    """What the machine remembers: the newest raw values, the filtered trace, the measurements; since when nothing has
    been given back; and the movement under way, if any."""

    raw: deque[tuple[float, float]] = field(default_factory=deque)
    trace: deque[tuple[float, float]] = field(default_factory=deque)
    kept: deque[Measurement] = field(default_factory=deque)
    last_s: float | None = None
    step_s: float = 0.0
    settled_s: float = -math.inf
    left_s: float | None = None
    since_s: float = -math.inf
    down: bool = False
    cut: bool = False
    top: float = math.nan
    bottom: float = math.nan
    bottom_s: float = 0.0

    def go_down(self, top: float, bottom: float, bottom_s: float, cut: bool) -> None:
        self.down, self.cut, self.top, self.bottom, self.bottom_s = True, cut, top, bottom, bottom_s

    def returned(self, value: float) -> bool:
        return value >= self.bottom + _RETURNED * (self.top - self.bottom)

    def highest_after_bottom(self) -> tuple[float, float]:
        """Time and value of the highest point since the bottom, the first of equals."""
        after = [(t, v) for t, v in self.trace if t >= self.bottom_s]
        return max(after, key=lambda item: (item[1], -item[0]))


class PhaseMachine:
    """Finds movements in one signal. Feed measurements in the order of time."""

    def __init__(self, spec: PhaseSpec) -> None:
        self.spec = spec
        self._own: deque[float] = deque(maxlen=_OWN_RANGES)
        self._watch = _Watch()
        self._begun = False

    def learn(self, movement: Movement) -> None:
        """This movement counted: from now on much smaller ones are taken for something else."""
        self._own.append(movement.range)

    @property
    def least_range(self) -> float:
        """How deep a movement must be: the exercise's least range, or a share of the person's own."""
        own = _OWN_SHARE * median(self._own) if self._own else 0.0
        return max(self.spec.min_range, own)

    def update(self, measurement: Measurement, expected: bool = False) -> Movement | None:
        """Take one measurement; a movement when one has just been completed or given up.

        While it is `expected`, because the person is known to be doing this exercise, another posture is taken for an
        error of measuring and ends nothing.
        """
        watch, time_s = self._watch, measurement.time_s
        first, self._begun = not self._begun, True
        if watch.last_s is not None and not 0 <= time_s - watch.last_s <= _GAP_S:
            self._watch = watch = _Watch()
        if measurement.posture not in self.spec.postures and not expected:
            return self._away(time_s)
        watch.left_s = None
        raw = measurement.quantities.get(self.spec.signal, math.nan)
        if not math.isfinite(raw) or not self._settled_again(time_s):
            return None
        self._remember(measurement, raw)
        if watch.down:
            return self._ascent()
        self._leave_top(first)
        return None

    def down_since(self, time_s: float) -> float | None:
        """Seconds since the deepest point of the movement under way; None without one."""
        return time_s - self._watch.bottom_s if self._watch.down else None

    def so_far(self) -> Movement | None:
        """The movement under way as far as it has come; None without one."""
        if not self._watch.down:
            return None
        return replace(self._movement(""), end_s=self._watch.trace[-1][0], under_way=True)

    def past_bottom(self, movement: Movement) -> bool:
        """Whether a movement under way is deep enough and will not go much deeper."""
        time_s, value = self._watch.trace[-1]
        risen = value - movement.bottom >= _RISEN * movement.range
        return movement.range >= self.least_range and (risen or time_s - movement.held_s[0] >= _HELD_S)

    def finish(self) -> Movement | None:
        """The source ended: what was nearly back at the top is completed, what was on its way is given up."""
        watch = self._watch
        if not watch.down:
            return None
        returned = watch.returned(watch.highest_after_bottom()[1])
        return self._give_up("" if returned else "the recording ended before the top was reached again")

    def _give_up(self, flaw: str) -> Movement | None:
        """Start afresh; the movement that was under way when it was deep enough."""
        movement = self._movement(flaw) if self._watch.down else None
        self._watch = _Watch()
        return movement if movement is not None and movement.range >= self.least_range else None

    def _away(self, time_s: float) -> Movement | None:
        watch = self._watch
        watch.left_s = time_s if watch.left_s is None else watch.left_s
        if time_s - watch.left_s < _AWAY_S or watch.last_s is None:
            return None
        return self._give_up("the posture changed in the middle")

    def _settled_again(self, time_s: float) -> bool:
        """Whether the person was followed without a break for a while."""
        watch = self._watch
        passed_s = time_s - watch.last_s if watch.last_s is not None else 0.0
        if watch.step_s and passed_s > max(_LOST_S, _LOST_PICTURES * watch.step_s):
            watch.settled_s = time_s + _SETTLES_S
        elif passed_s:
            watch.step_s = passed_s
        watch.last_s = time_s
        return time_s >= watch.settled_s

    def _remember(self, measurement: Measurement, raw: float) -> None:
        watch, time_s = self._watch, measurement.time_s
        watch.kept.append(measurement)
        watch.raw.append((time_s, raw))
        while watch.raw[0][0] < time_s - _FILTER_S:
            watch.raw.popleft()
        middle_s = (watch.raw[0][0] + time_s) / 2
        watch.trace.append((middle_s, median(value for _, value in watch.raw)))
        horizon_s = time_s - self.spec.max_s - 2 * _LOOK_BACK_S
        while watch.trace[0][0] < horizon_s:
            watch.trace.popleft()
        while watch.kept[0].time_s < horizon_s:
            watch.kept.popleft()

    def _leave_top(self, first: bool) -> None:
        """At the top: has it begun to go down? Only the very first measurement may be on the way already: who is low
        later on came up from the floor or into the picture."""
        watch = self._watch
        time_s, value = watch.trace[-1]
        if first and value < self.spec.top_enter:
            watch.go_down(self.spec.top_enter, value, time_s, cut=True)
        elif value < self._highest(time_s, _RECENT_TOP_S) - _ENTER_SHARE * self.spec.min_range:
            watch.go_down(self._highest(time_s, _LOOK_BACK_S), value, time_s, cut=False)

    def _highest(self, time_s: float, span_s: float) -> float:
        begin_s = max(time_s - span_s, self._watch.since_s)
        return max(value for t, value in self._watch.trace if t >= begin_s)

    def _ascent(self) -> Movement | None:
        """On the way: is it back, or lost?"""
        watch = self._watch
        time_s, value = watch.trace[-1]
        if value < watch.bottom:
            watch.bottom, watch.bottom_s = value, time_s
        after_s, after = watch.highest_after_bottom()
        if watch.returned(after) and self._settled(time_s, value, after_s, after):
            movement = self._movement("")
            watch.down, watch.since_s = False, movement.end_s
            return movement if movement.range >= self.least_range else None
        lost = time_s - watch.bottom_s > self.spec.max_s
        return self._give_up("the top was not reached again") if lost else None

    def _settled(self, time_s: float, value: float, after_s: float, after: float) -> bool:
        watch = self._watch
        up = value >= watch.bottom + _UP_AGAIN * (watch.top - watch.bottom)
        sinking = value < after - _ENTER_SHARE * self.spec.min_range
        return up or sinking or time_s - after_s > _STILL_S

    def _movement(self, flaw: str) -> Movement:
        watch = self._watch
        begin_s = max(watch.since_s, watch.bottom_s - self.spec.max_s)
        descent = [(t, v) for t, v in watch.trace if begin_s <= t <= watch.bottom_s]
        ascent = [(t, v) for t, v in watch.trace if t >= watch.bottom_s]
        edge = _EDGE * (watch.top - watch.bottom)
        start_s = next((t for t, v in reversed(descent) if v >= watch.top - edge), descent[0][0])
        after = max(v for _, v in ascent)
        near_top = after - min(edge, _EDGE * (after - watch.bottom))
        end_s = ascent[-1][0] if flaw else next(t for t, v in ascent if v >= near_top)
        low = watch.bottom + _LOW * (watch.top - watch.bottom)
        held = [t for t, v in descent + ascent if v <= low]
        return Movement(
            start_s=start_s,
            bottom_s=watch.bottom_s,
            end_s=end_s,
            top=watch.top,
            bottom=watch.bottom,
            held_s=(min(held), max(held)),
            cut=watch.cut,
            flaw=flaw,
            measurements=tuple(m for m in watch.kept if start_s - _AROUND_S <= m.time_s <= end_s + _AROUND_S),
        )
