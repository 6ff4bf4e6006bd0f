"""When a short cue is given and in which words: deterministic, during a repetition or at its end.

A cue is on time within 1.5 s of the fault, the bottom of the repetition (QEVD live coaching): it costs no model and no
wait. `early` is asked while a repetition is still under way, as soon as its fault is sure; `update` when it is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fias_desktop.coach.evidence import DEFAULT_SEVERITY, errors_of, recognised, told_of
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.words import PRAISE_CODE
from fias_desktop.domain.exercises import ExerciseRule
from fias_desktop.domain.types import Advice, Evidence, Repetition

SOURCE = "cue"
ON_TIME_S = 1.5
# Between two corrections, and before praise that can wait.
PAUSE_S = 4.0
# The same correction again only when this many repetitions passed since it was given, or so much time (repetitions that
# are too shallow may not count at all).
REPEAT_AFTER = 2
REPEAT_S = 8.0
PRAISE_EVERY = 3
# A fault is mended when it was measured and is gone, or after so many repetitions in which nothing more was seen of it.
MENDED_AFTER = 2


@dataclass
class _Said:
    """What was said so far. `repetitions` seen; per exercise and error: `at` which of them and when it was last cued,
    `clean` repetitions since; how many wordings were used; when the last cue and correction were."""

    repetitions: int = 0
    good_in_a_row: int = 0
    at: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    clean: dict[tuple[str, str], int] = field(default_factory=dict)
    wordings: dict[tuple[str, ...], int] = field(default_factory=dict)
    cue_s: float = float("-inf")
    correction_s: float = float("-inf")


class CueTimer:
    """Chooses at most one correction per repetition: the gravest error first. Who mended an error is told so by its
    name; other praise comes now and then. The same words never come twice in a row for an error."""

    def __init__(self, rules: Sequence[ExerciseRule] = (), language: str = "en") -> None:
        self._rules = {rule.rule_id: rule for exercise in rules for rule in exercise.rules}
        self._words = words_of(language)
        self.reset()

    def reset(self) -> None:
        """Forget what was said (a new source)."""
        self._said = _Said()

    def early(self, repetition: Repetition, errors: Sequence[str], now_s: float) -> Advice | None:
        """The correction for a repetition that is still under way and its errors as far as they are sure by now; None
        when nothing is to be said of it (yet)."""
        return self._correction(repetition, errors, self._said.repetitions + 1, now_s)

    def update(
        self, repetition: Repetition, errors: Sequence[str] | None = None, now_s: float | None = None
    ) -> Advice | None:
        """The cue for a graded repetition, or None. `errors` are those that are sure enough to be called out (default:
        its form and what was measured outside its range), `now_s` is the time of the stream at which it is given
        (default: the repetition's end). Corrections later than 1.5 s after the bottom and praise later than that after
        the end are left out."""
        now_s = repetition.end_s if now_s is None else now_s
        errors = errors_of(repetition, self._rules) if errors is None else errors
        if now_s < self._said.cue_s:
            self.reset()  # the stream began again
        self._said.repetitions += 1
        if not repetition.evidence:
            return None
        mended = self._follow(repetition, errors)
        correction = self._correction(repetition, errors, self._said.repetitions, now_s)
        if correction is not None or now_s - repetition.end_s > ON_TIME_S or self._said.cue_s > repetition.start_s:
            return correction
        return self._praise_mended(repetition, mended, now_s) if mended else self._praise(repetition, now_s)

    def _follow(self, repetition: Repetition, errors: Sequence[str]) -> str:
        """Count what is good; the gravest error that was cued and is mended by now, or nothing."""
        said = self._said
        good = repetition.form == PRAISE_CODE and repetition.counted and not errors
        said.good_in_a_row = said.good_in_a_row + 1 if good else 0
        mended = []
        for exercise, error in said.clean:
            if exercise != repetition.exercise:
                continue
            gone = repetition.counted and error not in errors
            said.clean[exercise, error] = said.clean[exercise, error] + 1 if gone else 0
            if gone and said.clean[exercise, error] >= (1 if self._inside(repetition, error) else MENDED_AFTER):
                mended.append(error)
        return max(mended, key=lambda error: self._severity(error, repetition.exercise), default="")

    def _correction(self, repetition: Repetition, errors: Sequence[str], number: int, now_s: float) -> Advice | None:
        said = self._said
        late = now_s - repetition.bottom_s > ON_TIME_S
        if late or said.correction_s > repetition.start_s or now_s - said.correction_s < PAUSE_S:
            return None
        for error in self._in_order(repetition, errors) if repetition.evidence else ():
            key = repetition.exercise, error
            before, before_s = said.at.get(key, (-REPEAT_AFTER - 1, float("-inf")))
            if number - before > REPEAT_AFTER or now_s - before_s > REPEAT_S:
                said.at[key], said.clean[key], said.correction_s = (number, now_s), 0, now_s
                wordings = self._words.error(*key).cues
                severity = self._severity(error, repetition.exercise)
                proofs = self._proofs(repetition, error) or (recognised(repetition, error),)
                return self._say(key, error, severity, wordings, proofs, now_s)
        return None

    def _praise_mended(self, repetition: Repetition, error: str, now_s: float) -> Advice:
        key = repetition.exercise, error
        del self._said.clean[key]
        self._said.good_in_a_row = 0
        proofs = self._measured(repetition, error) or repetition.evidence
        return self._say((*key, "mended"), PRAISE_CODE, 0, self._words.error(*key).mended, proofs, now_s)

    def _praise(self, repetition: Repetition, now_s: float) -> Advice | None:
        good = self._said.good_in_a_row
        if not good or good % PRAISE_EVERY or now_s - self._said.cue_s < PAUSE_S:
            return None
        wordings = self._words.praise_cues.get(repetition.exercise, self._words.praise_cues[""])
        return self._say((repetition.exercise, PRAISE_CODE), PRAISE_CODE, 0, wordings, repetition.evidence, now_s)

    def _say(
        self,
        key: tuple[str, ...],
        code: str,
        severity: int,
        wordings: Sequence[str],
        proofs: tuple[Evidence, ...],
        now_s: float,
    ) -> Advice:
        """The next wording in turn."""
        used = self._said.wordings.get(key, 0)
        self._said.wordings[key] = used + 1
        self._said.cue_s = now_s
        return Advice(code, severity, wordings[used % len(wordings)], proofs, SOURCE, now_s)

    def _in_order(self, repetition: Repetition, errors: Sequence[str]) -> list[str]:
        """Gravest first; of equal ones the repetition's own form first."""
        return sorted(errors, key=lambda error: (-self._severity(error, repetition.exercise), error != repetition.form))

    def _severity(self, error: str, exercise: str) -> int:
        found = (rule.severity for rule in self._rules.values() if (rule.exercise, rule.error) == (exercise, error))
        return max(found, default=DEFAULT_SEVERITY)

    def _measured(self, repetition: Repetition, error: str) -> tuple[Evidence, ...]:
        told = zip(repetition.evidence, told_of(repetition, self._rules), strict=True)
        return tuple(original for original, row in told if row.error == error)

    def _proofs(self, repetition: Repetition, error: str) -> tuple[Evidence, ...]:
        """The measurements that show the error."""
        told = zip(repetition.evidence, told_of(repetition, self._rules), strict=True)
        return tuple(original for original, row in told if row.error == error and row.excess > 0)

    def _inside(self, repetition: Repetition, error: str) -> bool:
        return bool(self._measured(repetition, error)) and not self._proofs(repetition, error)
