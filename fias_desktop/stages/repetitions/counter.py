"""Which movements are repetitions: geometry proposes, the recogniser's groups confirm, every decision has a reason."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from fias_desktop.domain.exercises import GROUPS, ExerciseRule
from fias_desktop.domain.types import Measurement, Repetition, TimelineSample
from fias_desktop.stages.repetitions.gates import Verdict, verdict_of
from fias_desktop.stages.repetitions.phases import Movement, PhaseMachine, PhaseSpec

# Geometry and recogniser count as two witnesses of equal weight (a logarithmic opinion pool: the odds multiply, so a
# repetition counts from a sum of one on). Geometry is never believed more than this, nor above one less this refuted.
_SUREST = 0.8
# Where the recogniser says nothing, geometry decides alone: at the limit of a gate, or well inside when the movement
# was seen and not known.
_LIMIT = 0.5
_DECISIVE = 0.75
_WAIT_S = 0.7
# A window sees the last 2.6 s and is named after its last second, so it lags the movement it names.
_LAG_S = 0.5
_MEMORY_S = 40.0
_FRESH_S = 1.0  # how old the newest word of the recogniser may be


@dataclass(frozen=True)
class _Pending:
    """A movement that waits for the recogniser's word on its end."""

    machine: PhaseMachine
    movement: Movement
    verdicts: tuple[Verdict, ...]


class RepetitionCounter:
    """Counts repetitions of every exercise at once. Each candidate is given back exactly once, counted or not."""

    def __init__(self, rules: tuple[ExerciseRule, ...]) -> None:
        self._rules = {rule.exercise: rule for rule in rules}
        self._machines = [(PhaseMachine(spec), exercises) for spec, exercises in _specs(rules)]
        self._samples: deque[TimelineSample] = deque()
        self._pending: list[_Pending] = []
        self._index = dict.fromkeys(self._rules, 0)
        self._now_s = 0.0

    def update(self, measurement: Measurement) -> tuple[Repetition, ...]:
        """Take one measurement; the repetitions decided by now."""
        self._now_s = max(self._now_s, measurement.time_s)
        decided = self._decided_group(measurement.time_s)
        for machine, exercises in self._machines:
            movement = machine.update(measurement, expected=decided in exercises)
            if movement is not None:
                self._propose(machine, movement, exercises)
        return self._decide()

    def inform(self, sample: TimelineSample) -> tuple[Repetition, ...]:
        """Take one sample of the recogniser; the repetitions decided by now."""
        self._samples.append(sample)
        while self._samples[0].time_s < sample.time_s - _MEMORY_S:
            self._samples.popleft()
        return self._decide()

    def under_way(self, exercise: str, time_s: float) -> bool:
        """Whether at this time a repetition of this exercise has begun that may still count: its bottom not held for
        too long, or complete and not decided yet."""
        if any(verdict.exercise == exercise for item in self._pending for verdict in item.verdicts):
            return True
        waits = (machine.down_since(time_s) for machine, exercises in self._machines if exercise in exercises)
        return any(wait is not None and wait <= self._rules[exercise].max_hold_s for wait in waits)

    def so_far(self) -> Repetition | None:
        """The repetition under way: counted when its bottom is over and it would count by what is known of it,
        otherwise only named after what the person is known to be doing. None without one. Asking decides nothing."""
        named: Repetition | None = None
        decided = self._decided_group(self._now_s)
        for machine, exercises in self._machines:
            movement = machine.so_far()
            if movement is None:
                continue
            rep = self._judged(movement, tuple(verdict_of(self._rules[name], movement) for name in exercises))
            if rep.counted and machine.past_bottom(movement):
                return rep
            if decided in exercises:
                named = replace(rep, exercise=decided, counted=False, reason="It is still under way.")
        return named

    def finish(self) -> tuple[Repetition, ...]:
        """The source ended: everything still open is decided."""
        for machine, exercises in self._machines:
            movement = machine.finish()
            if movement is not None:
                self._propose(machine, movement, exercises)
        return self._decide(last=True)

    def _decided_group(self, time_s: float) -> str:
        """What the person is known to be doing; empty when nobody said so of late."""
        newest = self._samples[-1] if self._samples else None
        fresh = newest is not None and newest.known and abs(time_s - newest.time_s) <= _FRESH_S
        return newest.group if newest is not None and fresh else ""

    def _propose(self, machine: PhaseMachine, movement: Movement, exercises: tuple[str, ...]) -> None:
        verdicts = tuple(verdict_of(self._rules[name], movement) for name in exercises)
        self._pending.append(_Pending(machine, movement, verdicts))

    def _decide(self, last: bool = False) -> tuple[Repetition, ...]:
        done = [item for item in self._pending if last or self._ready(item.movement)]
        self._pending = [item for item in self._pending if item not in done]
        return tuple(self._decided(item) for item in done)

    def _ready(self, movement: Movement) -> bool:
        heard_s = self._samples[-1].time_s if self._samples else float("-inf")
        return heard_s >= movement.end_s + _LAG_S / 2 or self._now_s >= movement.end_s + _WAIT_S

    def _decided(self, item: _Pending) -> Repetition:
        rep = self._judged(item.movement, item.verdicts)
        if rep.counted:
            item.machine.learn(item.movement)
            self._index[rep.exercise] = rep.index
        return rep

    def _judged(self, movement: Movement, verdicts: tuple[Verdict, ...]) -> Repetition:
        groups = self._heard(movement)
        best = max(verdicts, key=lambda verdict: verdict.fit + _vote(verdict.exercise, groups))
        counted, reason = _judgement(best, movement, groups)
        return Repetition(
            exercise=best.exercise,
            index=self._index[best.exercise] + 1 if counted else 0,
            start_s=movement.start_s,
            bottom_s=movement.bottom_s,
            end_s=movement.end_s,
            counted=counted,
            reason=reason,
        )

    def _heard(self, movement: Movement) -> dict[str, float] | None:
        """Mean group probabilities over the span: None when the recogniser said nothing of it, empty when it mostly did
        not know the movement."""
        first_s, last_s = movement.start_s + _LAG_S, movement.end_s + _LAG_S
        inside = [s for s in self._samples if first_s <= s.time_s <= last_s and s.group_probs]
        known = [sample.group_probs for sample in inside if sample.known]
        if not inside or 2 * len(known) < len(inside):
            return {} if inside else None
        return {group: sum(row[i] for row in known) / len(known) for i, group in enumerate(GROUPS)}


def _specs(rules: tuple[ExerciseRule, ...]) -> list[tuple[PhaseSpec, tuple[str, ...]]]:
    """One machine for all exercises that share a signal, as lenient as the most lenient of them."""
    signals: dict[str, list[ExerciseRule]] = {}
    for rule in rules:
        signals.setdefault(rule.signal, []).append(rule)
    return [
        (
            PhaseSpec(
                signal=signal,
                postures=frozenset(posture for rule in group for posture in rule.posture),
                top_enter=min(rule.top_enter for rule in group),
                min_range=min(rule.min_range for rule in group),
                max_s=max(rule.max_s for rule in group),
            ),
            tuple(rule.exercise for rule in group),
        )
        for signal, group in signals.items()
    ]


def _vote(exercise: str, groups: dict[str, float] | None) -> float:
    return 0.5 * groups.get(exercise, 0.0) if groups else 0.0


def _judgement(verdict: Verdict, movement: Movement, groups: dict[str, float] | None) -> tuple[bool, str]:
    """Whether it counts, and why in plain words."""
    if movement.flaw:
        return False, f"Not counted: {movement.flaw}."
    if verdict.fit < 1.0 - _SUREST:
        return False, f"Not counted: {verdict.objection}."
    if not groups:
        if verdict.fit < (_LIMIT if groups is None else _DECISIVE):
            return False, f"Not counted: {verdict.objection}."
        why = "the recogniser was silent" if groups is None else "the recogniser did not know the movement"
        return True, f"Counted by the body's movement alone ({why})."
    said = groups.get(verdict.exercise, 0.0)
    if min(verdict.fit, _SUREST) + said >= 1.0:
        how = "complete" if verdict.fit >= _DECISIVE else "plausible"
        return True, f"Counted: the movement is {how} and the recogniser agrees by {said:.0%}."
    other = max(groups, key=lambda name: groups[name])
    return False, f"Not counted: the recogniser takes it for {other.replace('_', '-')} ({groups[other]:.0%})."
