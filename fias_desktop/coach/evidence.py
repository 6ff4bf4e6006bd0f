"""What matters in a set: the measured facts, ranked. Everything the coach says comes from the `Facts` made here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fias_desktop.coach import words
from fias_desktop.domain.exercises import ExerciseRule, Rule
from fias_desktop.domain.types import Evidence, ExerciseSet, JointHeat, Repetition

MAX_FINDINGS = 2
MIN_CONFIDENCE = 0.3
DEFAULT_SEVERITY = 2
# A spread below this share of the expected range is called steady, above twice of it uneven.
STEADY_SHARE = 0.25


@dataclass(frozen=True)
class Measured:
    """One measurement with its place: repetition number (from 1) and part of the movement."""

    evidence: Evidence
    repetition: int
    phase: str


@dataclass(frozen=True)
class Finding:
    """One form error of the set: in how many repetitions (`count`), and where it was worst (None: never measured)."""

    error: str
    count: int
    worst: Measured | None
    severity: int
    weight: float


@dataclass(frozen=True)
class Steadiness:
    """How much the exercise's best measured quantity differed between repetitions (largest less smallest)."""

    quantity: str
    unit: str
    spread: float
    steady: bool


@dataclass(frozen=True)
class Before:
    """The previous set of the same exercise; `trend` of this one against it is better, worse or same; `main_count` is
    how many of its repetitions had what is now the main error."""

    counted: int
    correct: int
    trend: str
    main_count: int = 0


@dataclass(frozen=True)
class Facts:
    """Everything that may be said about a set. `evidence` is ranked, most important first, and may be empty."""

    exercise: str
    counted: int
    rejected: int
    correct: int
    label: str
    prob: float
    findings: tuple[Finding, ...] = ()
    good: Measured | None = None
    hottest: tuple[JointHeat, ...] = ()
    hottest_phase: str = ""
    thirds: tuple[str, str, str] | None = None
    steadiness: Steadiness | None = None
    before: Before | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether the form of any counted repetition is known."""
        return self.correct > 0 or bool(self.findings)


def gather(finished: ExerciseSet, rules: Sequence[ExerciseRule] = ()) -> Facts:
    """The facts of a set, by the rules of its exercise (severity, phase and error of every measured quantity)."""
    by_id = {rule.rule_id: rule for exercise in rules for rule in exercise.rules}
    numbered = _numbered(finished)
    findings = _findings(numbered, by_id)
    hottest = tuple(heat for heat in finished.heat if not _is_face(heat.joint))[:3]
    return Facts(
        exercise=finished.exercise,
        counted=len(finished.counted),
        rejected=len(finished.repetitions) - len(finished.counted),
        correct=sum(rep.form == words.PRAISE_CODE for rep in finished.counted),
        label=finished.label,
        prob=finished.prob,
        findings=findings[:MAX_FINDINGS],
        good=_good(numbered, by_id, findings),
        hottest=hottest,
        hottest_phase=_peak(hottest[0]) if hottest else "",
        thirds=_thirds(finished.heat),
        steadiness=_steadiness(numbered, by_id),
        before=_before(finished, by_id, findings),
        evidence=_recognised(finished, numbered, by_id, findings) + _ranked(numbered, by_id, findings),
    )


def rank_evidence(finished: ExerciseSet, rules: Sequence[ExerciseRule] = ()) -> tuple[Evidence, ...]:
    """The measurements of a set, most important first: those of the heaviest errors, then what was good."""
    return gather(finished, rules).evidence


def _numbered(finished: ExerciseSet) -> list[tuple[int, Repetition]]:
    """Counted repetitions with their numbers from 1; all of them where none counted."""
    return list(enumerate(finished.counted or finished.repetitions, start=1))


def errors_of(repetition: Repetition, rules: dict[str, Rule]) -> tuple[str, ...]:
    """The errors of one repetition: its form, and what was measured outside its range unless the form is correct."""
    if repetition.form == words.PRAISE_CODE:
        return ()
    measured = [e.error for e in told_of(repetition, rules) if e.error and _counts(e)]
    named = [] if repetition.form == words.UNKNOWN_CODE else [repetition.form]
    return tuple(dict.fromkeys(named + measured))


def told_of(repetition: Repetition, rules: dict[str, Rule]) -> tuple[Evidence, ...]:
    """A repetition's measurements with the error that each can prove, and only the bound that this error is about:
    a knee bent more than expected does not make a squat too shallow."""
    return tuple(_told(evidence, rules) for evidence in repetition.evidence)


def _told(evidence: Evidence, rules: dict[str, Rule]) -> Evidence:
    error = evidence.error or (rules[evidence.rule_id].error if evidence.rule_id in rules else "")
    low, high = evidence.expected
    if not error or low == -high:
        return replace(evidence, error=error)
    return replace(evidence, error=error, expected=(low, math.inf) if error in words.LOW_SIDE else (-math.inf, high))


def _counts(evidence: Evidence) -> bool:
    return evidence.excess > 0 and evidence.confidence >= MIN_CONFIDENCE and _finite(evidence)


def _finite(evidence: Evidence) -> bool:
    return math.isfinite(evidence.value) and not any(math.isnan(bound) for bound in evidence.expected)


def expected_span(evidence: Evidence) -> float:
    """The width of the expected range; where it is open on one side, the size of its one bound."""
    low, high = evidence.expected
    if math.isfinite(high - low):
        return max(high - low, 1e-6)
    return max((abs(bound) for bound in (low, high) if math.isfinite(bound)), default=1.0) or 1.0


def _relative_excess(evidence: Evidence) -> float:
    return min(evidence.excess / expected_span(evidence), 1.0)


def phase_of(repetition: Repetition, evidence: Evidence, rule: Rule | None = None) -> str:
    """The part of the movement a measurement belongs to: beginning, bottom or end."""
    if rule is not None and rule.phase == "bottom":
        return "bottom"
    if rule is not None and rule.phase == "top":
        return "beginning"
    duration = max(repetition.end_s - repetition.start_s, 1e-6)
    offset = (evidence.time_s - repetition.bottom_s) / duration
    if abs(offset) <= 0.2:
        return "bottom"
    return "beginning" if offset < 0 else "end"


def _findings(numbered: Sequence[tuple[int, Repetition]], rules: dict[str, Rule]) -> tuple[Finding, ...]:
    errors = dict.fromkeys(error for _, rep in numbered for error in errors_of(rep, rules))
    found = [_finding(error, numbered, rules) for error in errors]
    return tuple(sorted(found, key=lambda finding: -finding.weight))


def _finding(error: str, numbered: Sequence[tuple[int, Repetition]], rules: dict[str, Rule]) -> Finding:
    """Weight = share of repetitions x severity x confidence x (1 + relative excess)."""
    having = [(i, rep) for i, rep in numbered if error in errors_of(rep, rules)]
    proofs = [
        Measured(e, i, phase_of(rep, e, rules.get(e.rule_id)))
        for i, rep in having
        for e in told_of(rep, rules)
        if e.error == error and _counts(e)
    ]
    worst = max(proofs, key=lambda m: _relative_excess(m.evidence) * m.evidence.confidence, default=None)
    severity = max((rule.severity for rule in rules.values() if rule.error == error), default=DEFAULT_SEVERITY)
    trust = worst.evidence.confidence * (1 + _relative_excess(worst.evidence)) if worst else 0.5
    return Finding(error, len(having), worst, severity, len(having) / len(numbered) * severity * trust)


def _good(
    numbered: Sequence[tuple[int, Repetition]], rules: dict[str, Rule], findings: Sequence[Finding]
) -> Measured | None:
    """The surest measurement inside its range, of a quantity that has no finding, from a repetition without errors."""
    faulty = {finding.error for finding in findings}
    # One quantity can serve two rules (hips too low, too high): where one is broken the other is no praise.
    blamed = {rule.quantity for rule in rules.values() if rule.error in faulty}
    inside = [
        Measured(e, i, phase_of(rep, e, rules.get(e.rule_id)))
        for i, rep in numbered
        for e in told_of(rep, rules)
        if _praises(e) and e.quantity not in blamed
    ]
    return max(inside, key=lambda m: (m.evidence.confidence, _severity(m.evidence, rules), -m.repetition), default=None)


def _praises(evidence: Evidence) -> bool:
    """Inside its range, sure enough, and with a bound that can be told."""
    sure = _finite(evidence) and evidence.confidence >= MIN_CONFIDENCE
    return sure and evidence.excess == 0 and words.spoken(evidence).bounded


def _severity(evidence: Evidence, rules: dict[str, Rule]) -> int:
    rule = rules.get(evidence.rule_id)
    return rule.severity if rule else DEFAULT_SEVERITY


def _ranked(
    numbered: Sequence[tuple[int, Repetition]], rules: dict[str, Rule], findings: Sequence[Finding]
) -> tuple[Evidence, ...]:
    """The measurements as they came, with both bounds."""
    weight = {finding.error: finding.weight for finding in findings}

    def key(pair: tuple[Evidence, Evidence]) -> tuple[float, float, float]:
        told = pair[1]
        return (-weight.get(told.error, 0.0) * (told.excess > 0), -_relative_excess(told), -told.confidence)

    pairs = [pair for _, rep in numbered for pair in zip(rep.evidence, told_of(rep, rules), strict=True)]
    return tuple(original for original, _ in sorted((pair for pair in pairs if _finite(pair[0])), key=key))


def _recognised(
    finished: ExerciseSet, numbered: Sequence[tuple[int, Repetition]], rules: dict[str, Rule], found: Sequence[Finding]
) -> tuple[Evidence, ...]:
    """For a main error that only the network saw: in how many repetitions, where none is expected."""
    if not found or found[0].worst is not None:
        return ()
    rep = next(rep for _, rep in numbered if found[0].error in errors_of(rep, rules))
    return (recognised(rep, found[0].error, found[0].count, finished.heat),) if rep.evidence else ()


def recognised(rep: Repetition, error: str, count: int = 1, heat: Sequence[JointHeat] = ()) -> Evidence:
    """The network's word for an error in `count` repetitions, of which `rep` is the first; joints: the hottest ones."""
    frame = min(rep.evidence, key=lambda row: abs(row.time_s - rep.bottom_s)).frame_index if rep.evidence else 0
    joints = tuple(row.joint for row in heat if not _is_face(row.joint))[:2]
    rule_id = f"{words.RECOGNISED}_{error}"
    limits = (0.0, 0.0)
    return Evidence(rule_id, words.RECOGNISED, count, "repetitions", limits, rep.bottom_s, frame, joints, error=error)


def _is_face(joint: str) -> bool:
    return any(part in joint for part in words.FACE_JOINTS)


def _peak(heat: JointHeat) -> str:
    parts = {"beginning": heat.beginning, "bottom": heat.bottom, "end": heat.end}
    return max(parts, key=lambda phase: parts[phase])


def _thirds(heat: Sequence[JointHeat]) -> tuple[str, str, str] | None:
    """The hottest joint of the beginning, the bottom and the end."""
    body = [row for row in heat if not _is_face(row.joint)]
    if not body:
        return None
    return (
        max(body, key=lambda row: row.beginning).joint,
        max(body, key=lambda row: row.bottom).joint,
        max(body, key=lambda row: row.end).joint,
    )


def _steadiness(numbered: Sequence[tuple[int, Repetition]], rules: dict[str, Rule]) -> Steadiness | None:
    """Of the quantity measured in the most repetitions (at least three); None between steady and uneven."""
    values: dict[str, list[Evidence]] = {}
    for _, rep in numbered:
        for evidence in rep.evidence:
            if _finite(evidence) and evidence.confidence >= MIN_CONFIDENCE:
                values.setdefault(evidence.rule_id, []).append(evidence)
    rows = max(values.values(), key=lambda found: (len(found), _severity(found[0], rules)), default=[])
    if len(rows) < 3:
        return None
    spread = float(np.ptp([row.value for row in rows]))
    share = spread / expected_span(rows[0])
    if STEADY_SHARE < share < 2 * STEADY_SHARE:
        return None
    return Steadiness(rows[0].quantity, rows[0].unit, spread, share <= STEADY_SHARE)


def _before(finished: ExerciseSet, rules: dict[str, Rule], findings: Sequence[Finding]) -> Before | None:
    """The comparison with the previous set, when it was the same exercise and both were judged."""
    last = finished.previous
    if last is None or last.exercise != finished.exercise or not (_judged(last) and _judged(finished)):
        return None
    correct = sum(rep.form == words.PRAISE_CODE for rep in last.counted)
    now = sum(rep.form == words.PRAISE_CODE for rep in finished.counted)
    gain = now / len(finished.counted) - correct / len(last.counted)
    trend = "same" if abs(gain) < 0.05 else ("better" if gain > 0 else "worse")
    main = sum(findings[0].error in errors_of(rep, rules) for rep in last.counted) if findings else 0
    return Before(len(last.counted), correct, trend, main)


def _judged(finished: ExerciseSet) -> bool:
    """Whether the form of any counted repetition is known."""
    return any(rep.form != words.UNKNOWN_CODE for rep in finished.counted)
