"""Small finished sets for the coach's tests, measured with the bundled rules."""

from __future__ import annotations

from fias_desktop.coach.evidence import Facts, gather
from fias_desktop.domain.exercises import ExerciseRule
from fias_desktop.domain.types import Evidence, ExerciseSet, JointHeat, Repetition
from fias_desktop.resources import exercise_rules

HEAT = (
    JointHeat("nose", 0.30, 0.3, 0.3, 0.3),
    JointHeat("left_knee", 0.24, 0.1, 0.4, 0.2),
    JointHeat("right_knee", 0.21, 0.1, 0.3, 0.3),
    JointHeat("left_hip", 0.11, 0.3, 0.1, 0.2),
)


def rules() -> tuple[ExerciseRule, ...]:
    """The bundled rules."""
    return exercise_rules()


def evidence(rule_id: str, value: float, time_s: float = 1.0, confidence: float = 0.9) -> Evidence:
    """A measurement by a bundled rule."""
    rule = next(rule for exercise in rules() for rule in exercise.rules if rule.rule_id == rule_id)
    return Evidence(
        rule_id, rule.quantity, value, rule.unit, rule.expected, time_s, round(30 * time_s), rule.joints,
        confidence=confidence, error=rule.error,
    )  # fmt: skip


def repetition(
    number: int, form: str, values: dict[str, float], exercise: str = "squat", counted: bool = True
) -> Repetition:
    """The repetition `number` (from 1), three seconds each, measured at its bottom."""
    start = 3.0 * (number - 1)
    found = tuple(evidence(rule_id, value, start + 1.0) for rule_id, value in values.items())
    reason = "" if counted else "not deep enough"
    return Repetition(exercise, number, start, start + 1.0, start + 2.0, counted, reason, form, 80.0, found)


def knees_in_set(previous: ExerciseSet | None = None) -> ExerciseSet:
    """Three squats: the knees moved inward in the second (0.72, at least 0.85 expected), the others are correct."""
    reps = (
        repetition(1, "correct", {"squat_too_shallow": 90, "squat_knees_inward": 1.1}),
        repetition(2, "knees_inward", {"squat_too_shallow": 92, "squat_knees_inward": 0.72}),
        repetition(3, "correct", {"squat_too_shallow": 95, "squat_knees_inward": 1.0}),
    )
    return ExerciseSet("squat", 0.0, 9.0, reps, "squat_knees_inward", 0.93, HEAT, previous)


def correct_set(number: int = 4, previous: ExerciseSet | None = None) -> ExerciseSet:
    """Squats without an error."""
    reps = tuple(repetition(i + 1, "correct", {"squat_too_shallow": 88 + i}) for i in range(number))
    return ExerciseSet("squat", 0.0, 3.0 * number, reps, "squat_correct", 0.97, HEAT, previous)


def unmeasured_set() -> ExerciseSet:
    """A set in which nothing was measured."""
    return ExerciseSet("squat", 0.0, 9.0, (repetition(1, "unknown", {}),), "squat_correct", 0.5, HEAT)


def facts(finished: ExerciseSet) -> Facts:
    """The facts of a set by the bundled rules."""
    return gather(finished, rules())
