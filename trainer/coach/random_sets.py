"""Random sets, from which the prompts of the training text are made by the program's own code.

Every set is a plain `ExerciseSet`: what the coach is trained on is what it is served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fias_desktop.coach.words import LOW_SIDE
from fias_desktop.domain.exercises import CLASS_OF_ERROR, ExerciseRule, Rule
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Evidence, ExerciseSet, JointHeat, Repetition

# Shares of sets with no correct repetition wanted, mixed, and all correct.
_MIX = (0.2, 0.5, 0.3)
# The spread of plausible values around an expected range, in units, where the range itself is open or wide.
_REACH = {"deg": 45.0, "ratio": 0.6, "s": 2.0}
# Of the sets with an error: how often the heat lies on its joints, and how often the last set had the same errors.
_PLAUSIBLE = 0.6
_SHARED = 0.6


@dataclass(frozen=True)
class _Plan:
    """What one set is to be: the share of faulty repetitions and the errors that may occur, the rules that cannot be
    measured from where the camera stands, and the share of repetitions whose form nobody knows."""

    faulty: float
    errors: tuple[str, ...]
    hidden: tuple[str, ...]
    unsure: float


def random_set(rng: np.random.Generator, rules: Sequence[ExerciseRule]) -> ExerciseSet:
    """A set of any exercise, with or without errors, heat, rejected repetitions and a previous set."""
    exercise = rules[int(rng.integers(len(rules)))]
    plan = _plan(rng, exercise)
    previous = None
    if rng.random() < 0.5:
        previous = _set(rng, exercise, _plan_before(rng, exercise, plan), None)
    return _set(rng, exercise, plan, previous)


def _plan(rng: np.random.Generator, exercise: ExerciseRule) -> _Plan:
    kind = int(rng.choice(3, p=_MIX))
    errors = sorted({rule.error for rule in exercise.rules})
    count = 1 if rng.random() < 0.65 else 2
    chosen = tuple(str(error) for error in rng.choice(errors, size=min(count, len(errors)), replace=False))
    views = {view for rule in exercise.rules for view in rule.views}
    view = str(rng.choice(sorted(views)))
    hidden = tuple(rule.rule_id for rule in exercise.rules if view not in rule.views and rng.random() < 0.9)
    faulty = (1.0, float(rng.uniform(0.1, 0.9)), 0.0)[kind]
    unsure = float(rng.choice([0.0, 0.25, 1.0], p=[0.86, 0.06, 0.08]))
    return _Plan(faulty, chosen if faulty else (), hidden, unsure)


def _plan_before(rng: np.random.Generator, exercise: ExerciseRule, plan: _Plan) -> _Plan:
    """The last set: often with the same errors, as people do not mend them at once."""
    before = _plan(rng, exercise)
    if before.errors and plan.errors and rng.random() < _SHARED:
        return replace(before, errors=plan.errors, hidden=plan.hidden)
    return before


def _set(rng: np.random.Generator, exercise: ExerciseRule, plan: _Plan, previous: ExerciseSet | None) -> ExerciseSet:
    counted = 0 if rng.random() < 0.04 else _length(rng)
    rejected = int(rng.integers(1, 5)) if counted == 0 or rng.random() < 0.3 else 0
    reps: list[Repetition] = []
    start = float(rng.uniform(0.0, 60.0))
    centres = {rule.rule_id: float(rng.uniform(0.1, 0.9)) for rule in exercise.rules}
    for number in range(counted + rejected):
        length = float(rng.uniform(1.2, 4.5))
        reps.append(_repetition(rng, exercise, plan, number, start, length, number < counted, centres))
        start += length + float(rng.uniform(0.2, 1.0))
    label, prob = _label(rng, exercise.exercise, plan)
    heat = _heat(rng, _focus(rng, exercise, plan)) if rng.random() < 0.85 else ()
    return ExerciseSet(exercise.exercise, reps[0].start_s, start, tuple(reps), label, prob, heat, previous)


def _length(rng: np.random.Generator) -> int:
    """Mostly about eight repetitions, at times up to forty."""
    if rng.random() < 0.12:
        return int(rng.integers(15, 41))
    return int(np.clip(rng.gamma(2.2, 3.6), 1, 40))


def _label(rng: np.random.Generator, exercise: str, plan: _Plan) -> tuple[str, float]:
    known = [CLASS_OF_ERROR[exercise, e] for e in plan.errors if (exercise, e) in CLASS_OF_ERROR]
    if plan.unsure == 1.0 and rng.random() < 0.5:
        return "idle", float(rng.uniform(0.2, 0.6))
    named = known[0] if known and rng.random() < 0.8 else f"{exercise}_correct"
    return named, float(np.clip(rng.beta(6, 1.2), 0.3, 0.999))


def _repetition(
    rng: np.random.Generator,
    exercise: ExerciseRule,
    plan: _Plan,
    number: int,
    start: float,
    length: float,
    counted: bool,
    centres: dict[str, float],
) -> Repetition:
    faulty = bool(plan.errors) and rng.random() < plan.faulty
    errors = [error for error in plan.errors if rng.random() < 0.75] or list(plan.errors[:1]) if faulty else []
    bottom = start + length * float(rng.uniform(0.35, 0.65))
    evidence = tuple(
        _evidence(rng, rule, rule.error in errors, start, bottom, length, centres[rule.rule_id])
        for rule in exercise.rules
        if rule.rule_id not in plan.hidden
    )
    form = errors[0] if errors else ("unknown" if rng.random() < plan.unsure else "correct")
    reason = "" if counted else "not deep enough"
    return Repetition(exercise.exercise, number, start, bottom, start + length, counted, reason, form, 80.0, evidence)


def _evidence(
    rng: np.random.Generator, rule: Rule, wrong: bool, start: float, bottom: float, length: float, centre: float
) -> Evidence:
    moment = bottom if rule.phase == "bottom" else start + length * float(rng.uniform(0.0, 1.0))
    value = _wrong_value(rng, rule) if wrong else _right_value(rng, rule, centre)
    return Evidence(
        rule_id=rule.rule_id,
        quantity=rule.quantity,
        value=value,
        unit=rule.unit,
        expected=_varied(rng, rule),
        time_s=moment,
        frame_index=int(30 * moment),
        joints=rule.joints,
        saliency_share=float(rng.uniform(0.0, 0.6)),
        confidence=float(rng.uniform(0.35, 1.0)),
        error=rule.error,
    )


def _low_side(rule: Rule) -> bool:
    return rule.error in LOW_SIDE


def _wrong_value(rng: np.random.Generator, rule: Rule) -> float:
    low, high = rule.expected
    step = _REACH.get(rule.unit, 1.0) * float(rng.beta(1.3, 2.5)) + 0.02 * _REACH.get(rule.unit, 1.0)
    if low == -high and rng.random() < 0.4:
        return low - step
    return max(low - step, 0.05 if low > 0 else low - step) if _low_side(rule) else high + step


def _right_value(rng: np.random.Generator, rule: Rule, centre: float) -> float:
    """Near the athlete's own centre, inside the part of the range next to the bound that matters."""
    low, high = rule.expected
    reach = min(high - low, 1.5 * _REACH.get(rule.unit, 1.0))
    base = low + reach * centre if _low_side(rule) else high - reach * centre
    spread = reach * float(rng.choice([0.02, 0.08, 0.2]))
    return float(np.clip(base + rng.normal(0.0, spread), low, high))


def _varied(rng: np.random.Generator, rule: Rule) -> tuple[float, float]:
    """The rule's own range, sometimes moved, so that bounds are read from the prompt and not known by heart."""
    low, high = rule.expected
    if rng.random() < 0.5:
        return low, high
    step = 0.25 * _REACH.get(rule.unit, 1.0)
    if low == -high:
        high = max(high + float(rng.uniform(-step, step)), 2.0)
        return -high, high
    return (low + _shift(rng, low, step), high + _shift(rng, high, step))


def _shift(rng: np.random.Generator, bound: float, step: float) -> float:
    """Moves a bound by up to `step`, and never across zero."""
    return float(rng.uniform(-min(step, 0.6 * abs(bound)), min(step, 0.6 * abs(bound))))


def _focus(rng: np.random.Generator, exercise: ExerciseRule, plan: _Plan) -> frozenset[str]:
    """The joints that the heat favours: those of the set's errors, or of any rule of the exercise; or none."""
    if rng.random() > _PLAUSIBLE:
        return frozenset()
    rules = [rule for rule in exercise.rules if not plan.errors or rule.error in plan.errors]
    return frozenset(rules[int(rng.integers(len(rules)))].joints)


def _heat(rng: np.random.Generator, focus: frozenset[str]) -> tuple[JointHeat, ...]:
    joints = COCO17_FEET.joints
    favour = np.array([1.2 if joint in focus else 0.0 for joint in joints])
    shares = rng.dirichlet(0.35 + favour)
    parts = rng.dirichlet(0.3 + favour, size=3)
    rows = [
        JointHeat(j, float(s), *(float(p[i]) for p in parts))
        for i, (j, s) in enumerate(zip(joints, shares, strict=True))
    ]
    return tuple(sorted(rows, key=lambda row: -row.share))
