"""Random exercise sets with measurements, as the engine could have finished them: what the bundled coach learns from.

Nothing is recorded from people: forms, values, heat and previous sets are drawn. The expected ranges are those of
resources/exercises.toml, half of the time moved by up to a quarter, so that the model copies bounds and does not learn
them by heart.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fias_desktop.coach import words
from fias_desktop.domain.exercises import CLASS_OF_ERROR, ERRORS, ExerciseRule, Rule
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Evidence, ExerciseSet, JointHeat, Repetition

VIEWS = ("front", "oblique", "side", "back")
MAX_REPETITIONS = 16


@dataclass(frozen=True)
class _Plan:
    """What a drawn set is like: the share of repetitions that show each error, and what the camera can judge."""

    rule: ExerciseRule
    errors: tuple[tuple[str, float], ...]
    visible: tuple[Rule, ...]
    unknown_share: float


def random_set(rng: random.Random, rules: Sequence[ExerciseRule]) -> ExerciseSet:
    """A finished set of one of the exercises in `rules`; half of them with a previous set."""
    plan = _plan(rng, rng.choice(rules))
    finished = _set(rng, plan)
    if rng.random() < 0.5:
        last = _set(rng, _plan(rng, plan.rule))
        finished = replace(finished, previous=last)
    return finished


def _plan(rng: random.Random, rule: ExerciseRule) -> _Plan:
    codes = ERRORS[rule.exercise]
    number = rng.choices((0, 1, 2), (0.3, 0.5, 0.2))[0]
    chosen = rng.sample(codes, min(number, len(codes)))
    view = rng.choice(VIEWS)
    visible = [row for row in rule.rules if view in row.views or (row.error in chosen and rng.random() < 0.7)]
    unknown = rng.choices((0.0, 0.15, 1.0), (0.75, 0.17, 0.08))[0]
    shares = tuple((code, rng.uniform(0.15, 1.2)) for code in chosen)
    return _Plan(rule, shares, tuple(_moved(rng, row) for row in visible), unknown)


def _moved(rng: random.Random, rule: Rule) -> Rule:
    """The rule, half of the time with other bounds."""
    if rng.random() < 0.5:
        return rule
    factor = rng.uniform(0.75, 1.25)
    low, high = rule.expected
    return replace(rule, expected=(low * factor, high * factor))


def _set(rng: random.Random, plan: _Plan) -> ExerciseSet:
    counted = 0 if rng.random() < 0.02 else min(1 + int(rng.expovariate(0.17)), MAX_REPETITIONS)
    rejected = rng.choice((0, 0, 0, 0, 1, 1, 2, 3)) if counted else rng.randint(1, 3)
    order = [True] * counted + [False] * rejected
    rng.shuffle(order)
    repetitions, start_s = [], rng.uniform(0, 60)
    for index, counts in enumerate(order):
        repetitions.append(_repetition(rng, plan, index, start_s, counts, measured=counts or not counted))
        start_s = repetitions[-1].end_s + rng.uniform(0, 1)
    label, prob = _label(rng, plan), rng.uniform(0.35, 1.0)
    return ExerciseSet(
        plan.rule.exercise, repetitions[0].start_s, start_s, tuple(repetitions), label, prob, _heat(rng)
    )


def _repetition(
    rng: random.Random, plan: _Plan, index: int, start_s: float, counted: bool, measured: bool
) -> Repetition:
    length_s = rng.uniform(1.2, 4.0)
    bottom_s = start_s + length_s * rng.uniform(0.4, 0.6)
    errors = [code for code, share in plan.errors if rng.random() < share]
    evidence = tuple(
        _evidence(rng, rule, rule.error in errors, bottom_s if rule.phase != "top" else start_s)
        for rule in plan.visible
        if measured and rng.random() < 0.93
    )
    form = errors[0] if errors else words.PRAISE_CODE
    if not counted or rng.random() < plan.unknown_share:
        form = words.UNKNOWN_CODE
    reason = "counted" if counted else "too small"
    end_s = start_s + length_s
    return Repetition(plan.rule.exercise, index, start_s, bottom_s, end_s, counted, reason, form, 0.0, evidence)


def _evidence(rng: random.Random, rule: Rule, wrong: bool, time_s: float) -> Evidence:
    low, high = rule.expected
    if low == -high and rng.random() < 0.5:
        value = -_value(rng, rule, wrong)
    else:
        value = _value(rng, rule, wrong)
    return Evidence(
        rule_id=rule.rule_id,
        quantity=rule.quantity,
        value=value,
        unit=rule.unit,
        expected=rule.expected,
        time_s=time_s,
        frame_index=int(30 * time_s),
        joints=rule.joints,
        confidence=rng.uniform(0.35, 1.0),
        error=rule.error,
    )


def _value(rng: random.Random, rule: Rule, wrong: bool) -> float:
    """A value that shows the rule's error, or one inside the range near its meaningful bound."""
    low, high = rule.expected
    sided_low = rule.error in words.LOW_SIDE
    bound, other = (low, high) if sided_low else (high, low)
    reach = abs(bound) * (0.6 if wrong else 0.7) + (0.0 if rule.unit == "ratio" else 4.0)
    step = rng.uniform(0.04, 1.0) * reach
    if wrong:
        return bound - step if sided_low else bound + step
    return min(bound + step, other) if sided_low else max(bound - step, other)


def _label(rng: random.Random, plan: _Plan) -> str:
    exercise = plan.rule.exercise
    classes = [CLASS_OF_ERROR[exercise, code] for code, _ in plan.errors if (exercise, code) in CLASS_OF_ERROR]
    if classes and rng.random() < 0.8:
        return classes[0]
    return f"{exercise}_correct"


def _heat(rng: random.Random) -> tuple[JointHeat, ...]:
    if rng.random() < 0.05:
        return ()
    shares = sorted((rng.expovariate(1.0) ** 2 for _ in COCO17_FEET.joints), reverse=True)
    total = sum(shares)
    joints = rng.sample(COCO17_FEET.joints, len(COCO17_FEET.joints))
    return tuple(
        JointHeat(joint, share / total, *(share / total * rng.uniform(0.3, 1.7) for _ in range(3)))
        for joint, share in zip(joints, shares, strict=True)
    )
