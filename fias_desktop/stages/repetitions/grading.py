"""How good was a repetition: what was measured, together with the recogniser's form class."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fias_desktop.domain.exercises import CLASS_OF_ERROR, ERRORS, HIDDEN_FROM_THE_SIDE, form_of
from fias_desktop.domain.types import Evidence, Repetition, TimelineSample

# A window is named after its last second, so its name lags the movement by about this.
_LAG_S = 0.5
_LEAST_SAMPLES = 3
_LEAST_SHARE = 0.5
_CONFIDENT = 0.6
# The error heads are believed from this mean of the newest windows on, when there are so many from the bottom on and up
# to so long after it; what was measured too must not be quite unlikely to them, and without them be clear.
SURE = 0.6
NEWEST = 4
_LEAST_HINTS = 5
AFTER_S = 1.5
_JUST_BEFORE_S = 0.15
_UNLIKELY = 0.3
_CLEAR = 0.5
# A quantity that shows one half of its error and refutes nothing: who leans forward need not lean sideways.
_ONE_WAY = ("trunk_tilt",)
# An error that was measured and not found is believed of the recogniser only when it is this sure.
_OVERRULES = 0.9
_MEASURED_CONFIDENCE = 0.4
# A value this little outside its range (relative) is no error when the recogniser sees good form, and one this far
# inside refutes an error class.
_SLIGHT = 0.25
_WELL_INSIDE = 1.0
# Ranges are wide because people differ: a quarter of the width beyond it is as wrong as the score can tell.
_PART_OF_RANGE = 0.25
# Errors of too little: below their range. The others lie above it, those of a range about 0 on both sides.
BELOW_RANGE = frozenset({"knees_inward", "feet_too_close", "hips_sag"})


@dataclass(frozen=True)
class ErrorHint:
    """What the network's error heads say of the window that ends at `time_s`: `probs` by `exercise_error`, each by
    itself."""

    time_s: float
    probs: Mapping[str, float]


@dataclass(frozen=True)
class _Opinion:
    """The recogniser's form of one repetition and its mean probability."""

    form: str
    prob: float


def grade(
    rep: Repetition, evidence: Sequence[Evidence], samples: Sequence[TimelineSample], side: str = ""
) -> Repetition:
    """The repetition with `form`, `score` and `evidence`, seen from a `side` (`camera_side`; empty: not known).

    An error that was clearly measured comes first, the heaviest of several; then a confident error class of the
    recogniser, unless it cannot be seen from there; `correct` when something was judged and nothing found, `unknown`
    when nothing could be judged. The score is 100 x (1 - mean excess outside the expected ranges on the side of their
    errors, in quarters of their widths and clipped to 1); it is no probability.
    """
    opinion = _opinion(rep, samples)
    if opinion is not None and side == "side" and (rep.exercise, opinion.form) in HIDDEN_FROM_THE_SIDE:
        opinion = None
    return replace(rep, form=_form(rep.exercise, evidence, opinion), score=_score(evidence), evidence=tuple(evidence))


def suspected_errors(rep: Repetition, hints: Sequence[ErrorHint], side: str = "") -> dict[str, float] | None:
    """How sure the error heads are of every error that can be seen from that side, from the bottom on: the mean of the
    newest windows, which have seen the most of it. None where they have said too little."""
    last_s = min(rep.end_s + _LAG_S, rep.bottom_s + AFTER_S)
    inside = [hint.probs for hint in hints if rep.bottom_s - _JUST_BEFORE_S <= hint.time_s <= last_s]
    if len(inside) < _LEAST_HINTS:
        return None
    newest = inside[-NEWEST:]
    hidden = HIDDEN_FROM_THE_SIDE if side == "side" else frozenset()
    return {
        error: sum(probs.get(f"{rep.exercise}_{error}", 0.0) for probs in newest) / len(newest)
        for error in ERRORS.get(rep.exercise, ())
        if (rep.exercise, error) not in hidden
    }


def sure_errors(rep: Repetition, suspected: Mapping[str, float] | None) -> tuple[str, ...]:
    """The errors of a graded repetition that are sure enough to be called out in the middle of a set, surest first:
    those of the heads that nothing measured refutes, and those measured that the heads do not find unlikely. Without
    heads: what was clearly measured, and the repetition's form. Of one that does not count (yet) only the heads can
    be sure, and must be surer."""
    measured: dict[str, float] = {}
    for item in rep.evidence:
        if item.confidence >= _MEASURED_CONFIDENCE and (beyond(item) > 0 or item.quantity not in _ONE_WAY):
            measured[item.error] = max(measured.get(item.error, -math.inf), beyond(item))
    if not rep.counted:
        suspected = {error: prob for error, prob in (suspected or {}).items() if prob >= _OVERRULES}
    if suspected is None:
        named = (rep.form,) if rep.form in ERRORS.get(rep.exercise, ()) and measured.get(rep.form, 0.0) <= 0 else ()
        return (*named, *(error for error, excess in measured.items() if excess > _CLEAR))
    found = [
        error
        for error, prob in suspected.items()
        if (prob >= SURE and measured.get(error, 0.0) > -_WELL_INSIDE)
        or (measured.get(error, 0.0) > _SLIGHT and prob >= _UNLIKELY)
    ]
    return tuple(sorted(found, key=lambda error: -suspected[error]))


def _opinion(rep: Repetition, samples: Sequence[TimelineSample]) -> _Opinion | None:
    inside = [s for s in samples if rep.start_s + _LAG_S <= s.time_s <= rep.end_s + _LAG_S]
    mine = [s for s in inside if s.known and s.group == rep.exercise]
    if len(mine) < max(_LEAST_SAMPLES, _LEAST_SHARE * len(inside)):
        return None
    weight: dict[str, float] = {}
    for sample in mine:
        weight[form_of(sample.label)] = weight.get(form_of(sample.label), 0.0) + sample.prob
    form = max(weight, key=lambda name: weight[name])
    return _Opinion(form, weight[form] / len(mine))


def _form(exercise: str, evidence: Sequence[Evidence], opinion: _Opinion | None) -> str:
    measured = _measured_error(evidence, lenient=opinion is not None and opinion.form == "correct")
    if measured:
        return measured
    if opinion is not None and opinion.prob >= _CONFIDENT and (exercise, opinion.form) in CLASS_OF_ERROR:
        refuted = any(item.error == opinion.form and beyond(item) <= -_WELL_INSIDE for item in evidence)
        if not refuted or opinion.prob >= _OVERRULES:
            return opinion.form
    judged = bool(evidence) or (opinion is not None and opinion.form == "correct")
    return "correct" if judged else "unknown"


def _measured_error(evidence: Sequence[Evidence], lenient: bool) -> str:
    least = _SLIGHT if lenient else 0.0
    sure = [item for item in evidence if item.confidence >= _MEASURED_CONFIDENCE and _relative(item) > least]
    return max(sure, key=_relative).error if sure else ""


def _score(evidence: Sequence[Evidence]) -> float:
    if not evidence:
        return 0.0
    return 100.0 * (1.0 - sum(min(_relative(item), 1.0) for item in evidence) / len(evidence))


def _relative(evidence: Evidence) -> float:
    """The excess on the error's side in quarters of the range's width, 0 within the range."""
    return max(beyond(evidence), 0.0)


def beyond(evidence: Evidence) -> float:
    """How far the value lies beyond the bound that its error is about, below 0 on the good side of it, in quarters of
    the range's width: an elbow bent further than expected is not too shallow."""
    low, high = evidence.expected
    if not evidence.error or low == -high:
        outside = max(low - evidence.value, evidence.value - high)
    else:
        outside = low - evidence.value if evidence.error in BELOW_RANGE else evidence.value - high
    return outside / max(_PART_OF_RANGE * (high - low), 1e-6)
