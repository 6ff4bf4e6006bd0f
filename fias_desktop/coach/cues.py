"""When a short cue is given: deterministic, at once after a repetition, with a pause between cues.

A cue is on time within 1.5 s of the fault (QEVD live coaching): it costs no model and no wait, so the only delay is
that of the repetition's end.
"""

from __future__ import annotations

from collections.abc import Sequence

from fias_desktop.coach import words
from fias_desktop.coach.evidence import DEFAULT_SEVERITY, errors_of, told_of
from fias_desktop.domain.exercises import ExerciseRule, Rule
from fias_desktop.domain.types import Advice, Evidence, Repetition

SOURCE = "cue"
PAUSE_S = 4.0
# The same cue again only when this many repetitions passed since it was given.
REPEAT_AFTER = 2
PRAISE_EVERY = 3
ON_TIME_S = 1.5


class CueTimer:
    """Chooses at most one cue per repetition: the gravest error first, praise now and then."""

    def __init__(self, rules: Sequence[ExerciseRule] = ()) -> None:
        self._rules = {rule.rule_id: rule for exercise in rules for rule in exercise.rules}
        self.reset()

    def reset(self) -> None:
        """Forget what was said (a new source or set)."""
        self._last_s = float("-inf")
        self._seen = 0
        self._said_at: dict[tuple[str, str], int] = {}
        self._good_in_a_row = 0

    def update(self, repetition: Repetition, now_s: float | None = None) -> Advice | None:
        """The cue for a graded repetition, or None. `now_s` is the time of the stream at which it is given (default:
        the repetition's end); later than 1.5 s after the end nothing is said."""
        now = repetition.end_s if now_s is None else now_s
        if now < self._last_s:
            self.reset()  # the stream began again
        self._seen += 1
        if not repetition.evidence or now - repetition.end_s > ON_TIME_S:
            return None
        errors = self._errors(repetition)
        if repetition.form == words.PRAISE_CODE and repetition.counted:
            self._good_in_a_row += 1
        else:
            self._good_in_a_row = 0
        if now - self._last_s < PAUSE_S:
            return None
        if errors:
            return self._correction(repetition, errors, now)
        return self._praise(repetition, now)

    def _errors(self, repetition: Repetition) -> list[str]:
        """Gravest first; of equal ones the repetition's own form first."""
        errors = errors_of(repetition, self._rules)
        return sorted(errors, key=lambda error: (-self._severity(error, repetition.exercise), error != repetition.form))

    def _severity(self, error: str, exercise: str) -> int:
        found = (rule.severity for rule in self._rules.values() if (rule.exercise, rule.error) == (exercise, error))
        return max(found, default=DEFAULT_SEVERITY)

    def _correction(self, repetition: Repetition, errors: list[str], now_s: float) -> Advice | None:
        for error in errors:
            if self._may_say(repetition.exercise, error):
                text = words.error_words(repetition.exercise, error).cue
                severity = self._severity(error, repetition.exercise)
                return self._say(repetition, error, severity, text, now_s, _proofs(repetition, error, self._rules))
        return None

    def _praise(self, repetition: Repetition, now_s: float) -> Advice | None:
        due = self._good_in_a_row > 0 and self._good_in_a_row % PRAISE_EVERY == 0
        if not due or not self._may_say(repetition.exercise, words.PRAISE_CODE):
            return None
        text = words.PRAISE_CUES.get(repetition.exercise, words.PRAISE_CUE)
        return self._say(repetition, words.PRAISE_CODE, 0, text, now_s, repetition.evidence)

    def _may_say(self, exercise: str, code: str) -> bool:
        said = self._said_at.get((exercise, code))
        return said is None or self._seen - said > REPEAT_AFTER

    def _say(
        self, repetition: Repetition, code: str, severity: int, text: str, now_s: float, proofs: tuple[Evidence, ...]
    ) -> Advice:
        self._last_s = now_s
        self._said_at[repetition.exercise, code] = self._seen
        return Advice(code, severity, text, proofs, SOURCE, now_s)


def _proofs(repetition: Repetition, error: str, rules: dict[str, Rule]) -> tuple[Evidence, ...]:
    """The measurements of this error, or all of the repetition's where the error has none of its own."""
    told = zip(repetition.evidence, told_of(repetition, rules), strict=True)
    own = tuple(original for original, row in told if row.error == error and row.excess > 0)
    return own or repetition.evidence
