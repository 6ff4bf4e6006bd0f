"""The ledger: every repetition with its reason, graded with its evidence and gathered into sets."""

from __future__ import annotations

import math
import statistics
from collections import Counter, deque
from dataclasses import replace

import numpy as np

from fias_desktop.coach.cues import CueTimer
from fias_desktop.domain.exercises import ExerciseRule, camera_side
from fias_desktop.domain.types import Evidence, ExerciseSet, Measurement, Repetition, TimelineSample
from fias_desktop.engine.heat import HeatLog
from fias_desktop.engine.pipeline import Reasoned
from fias_desktop.engine.view import Cue, Event, RepetitionDone, SetDone
from fias_desktop.stages.measure import judge
from fias_desktop.stages.repetitions import ErrorHint, RepetitionCounter, grade, sure_errors, suspected_errors

SET_ENDS_AFTER_S = 4.0
# What a repetition can still need: the longest one, its decision, and some air.
_MEMORY_S = 30.0
# How often a repetition under way is looked at for a fault.
_LOOK_EVERY_S = 0.1


class Ledger:
    """Counts, grades and groups repetitions as measurements and timeline samples come in; gives back events.

    One thread owns it. Times are the source's own seconds. Cues are in the coach's `language`.
    """

    def __init__(self, rules: tuple[ExerciseRule, ...], language: str = "en") -> None:
        self.heat = HeatLog()
        self.repetitions: list[Repetition] = []
        self._rules = {rule.exercise: rule for rule in rules}
        self._counter = RepetitionCounter(rules)
        self._measurements: deque[Measurement] = deque()
        self._samples: deque[TimelineSample] = deque()
        self._hints: deque[ErrorHint] = deque()
        self._set: list[Repetition] = []
        self._previous: dict[str, ExerciseSet] = {}
        self._cues = CueTimer(rules, language)
        self._now_s = 0.0
        self._looked_s = 0.0

    @property
    def exercise(self) -> str:
        """The exercise of the running set; empty between sets."""
        return self._set[0].exercise if self._set else ""

    @property
    def rule(self) -> ExerciseRule | None:
        """How the exercise of the running set is judged; None between sets."""
        return self._rules.get(self.exercise)

    @property
    def counted(self) -> int:
        """Counted repetitions of the running set."""
        return sum(rep.counted for rep in self._set)

    @property
    def last_repetition(self) -> Repetition | None:
        """The newest row of the ledger."""
        return self.repetitions[-1] if self.repetitions else None

    def running_set(self) -> ExerciseSet | None:
        """The running set as far as it has come; None between sets."""
        return self._build() if self._set else None

    def previous_set(self) -> ExerciseSet | None:
        """The set that ended last, whichever its exercise."""
        return max(self._previous.values(), key=lambda done: done.end_s, default=None)

    def measured(self, measurement: Measurement) -> list[Event]:
        """Take one pose's measurement."""
        self._measurements.append(measurement)
        self._now_s = measurement.time_s
        _forget(self._measurements, measurement.time_s - _MEMORY_S)
        events = self._take(self._counter.update(measurement)) + self.passed(measurement.time_s)
        return events + self._look_ahead(measurement.time_s)

    def reasoned(self, reasoned: Reasoned) -> list[Event]:
        """Take what one window said."""
        time_s = reasoned.sample.time_s
        self._samples.append(reasoned.sample)
        hint = _hint(reasoned)
        if hint is not None:
            self._hints.append(hint)
        if reasoned.window is not None and reasoned.saliency is not None:
            self.heat.add(reasoned.window, reasoned.saliency, reasoned.joints)
        keep_s = (self._set[0].start_s if self._set else time_s) - _MEMORY_S
        _forget(self._samples, keep_s)
        _forget(self._hints, keep_s)
        self.heat.forget_before(keep_s)
        return self._take(self._counter.inform(reasoned.sample))

    def passed(self, time_s: float) -> list[Event]:
        """Time goes on, with or without anybody in the picture: a set ends 4 s after its last counted repetition, or
        when a slow one that had begun by then has not become one either."""
        over = self._set and time_s - self._last_counted_s() > SET_ENDS_AFTER_S
        return self._close() if over and not self._counter.under_way(self.exercise, time_s) else []

    def finish(self) -> list[Event]:
        """The source ended, or the athlete paused: decide what is open and close the running set."""
        return self._take(self._counter.finish()) + self._close()

    def _take(self, repetitions: tuple[Repetition, ...]) -> list[Event]:
        events: list[Event] = []
        for rep in repetitions:
            done, errors = self._graded(rep) if rep.counted else (rep, ())
            self.repetitions.append(done)
            if done.counted and self._set and done.exercise != self.exercise:
                events += self._close()
            if done.counted or self._set:
                self._set.append(done)
            events.append(RepetitionDone(done))
            cue = self._cues.update(done, errors, max(self._now_s, done.end_s))
            if cue is not None:
                events.append(Cue(cue))
        return events

    def _look_ahead(self, time_s: float) -> list[Event]:
        """A fault of the repetition under way, as soon as it is sure: at its end it may be too late to be told."""
        if 0 <= time_s - self._looked_s < _LOOK_EVERY_S:
            return []
        self._looked_s = time_s
        rep = self._counter.so_far()
        if rep is None or (self._hints and suspected_errors(rep, tuple(self._hints)) is None):
            return []  # the network will soon have said enough
        cue = self._cues.early(*self._graded(rep), time_s)
        return [Cue(cue)] if cue is not None else []

    def _graded(self, rep: Repetition) -> tuple[Repetition, tuple[str, ...]]:
        """The repetition with its judged evidence, form and score, and the errors that are sure."""
        rule = self._rules.get(rep.exercise)
        evidence: tuple[Evidence, ...] = ()
        if rule is not None:
            found = judge(rule, tuple(self._measurements), rep.start_s, rep.bottom_s, rep.end_s)
            evidence = tuple(self._with_heat(item, rep) for item in found)
        side = self._side(rep)
        suspected = suspected_errors(rep, tuple(self._hints), side)
        graded = grade(rep, evidence, tuple(self._samples), side)
        return graded, sure_errors(graded, suspected)

    def _side(self, rep: Repetition) -> str:
        """From where the camera sees most of the repetition; empty when it was not measured."""
        views = [m.view_deg for m in self._measurements if rep.start_s <= m.time_s <= rep.end_s]
        known = [view for view in views if math.isfinite(view)]
        return camera_side(statistics.median(known)) if known else ""

    def _with_heat(self, evidence: Evidence, rep: Repetition) -> Evidence:
        return replace(evidence, saliency_share=self.heat.share_of(evidence.joints, rep.start_s, rep.end_s))

    def _last_counted_s(self) -> float:
        return max((rep.end_s for rep in self._set if rep.counted), default=self._set[-1].end_s)

    def _close(self) -> list[Event]:
        if not self._set:
            return []
        finished = self._build()
        self._set = []
        self._previous[finished.exercise] = finished
        return [SetDone(finished)]

    def _build(self) -> ExerciseSet:
        counted = tuple(rep for rep in self._set if rep.counted)
        exercise = self.exercise
        label, prob = self._label(exercise, counted)
        previous = self._previous.get(exercise)
        return ExerciseSet(
            exercise=exercise,
            start_s=self._set[0].start_s,
            end_s=self._last_counted_s(),
            repetitions=tuple(self._set),
            label=label,
            prob=prob,
            heat=self.heat.of_repetitions(counted),
            previous=None if previous is None else replace(previous, previous=None),
        )

    def _label(self, exercise: str, counted: tuple[Repetition, ...]) -> tuple[str, float]:
        """The commonest fine class of the exercise inside the repetitions, with its mean probability."""
        inside = [s for s in self._samples if s.group == exercise and s.known and _during(s.time_s, counted)]
        if not inside:
            return f"{exercise}_correct", 0.0
        label = Counter(sample.label for sample in inside).most_common(1)[0][0]
        return label, float(np.mean([sample.prob for sample in inside if sample.label == label]))


def _during(time_s: float, repetitions: tuple[Repetition, ...]) -> bool:
    return any(rep.start_s <= time_s <= rep.end_s for rep in repetitions)


def _hint(reasoned: Reasoned) -> ErrorHint | None:
    prediction = reasoned.recognition.prediction if reasoned.recognition is not None else None
    if prediction is None or prediction.error_probs is None:
        return None
    return ErrorHint(
        reasoned.sample.time_s, dict(zip(prediction.error_labels, prediction.error_probs.tolist(), strict=True))
    )


def _forget(items: deque[Measurement] | deque[TimelineSample] | deque[ErrorHint], before_s: float) -> None:
    while items and items[0].time_s < before_s:
        items.popleft()
