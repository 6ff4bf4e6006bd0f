"""What was that movement? Every gate of an exercise is asked about its geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.exercises import ExerciseRule, Gate, camera_side
from fias_desktop.domain.types import Measurement
from fias_desktop.stages.repetitions.phases import Movement

# The bottom is looked at within this share of the movement's length, but not less than these seconds each way.
_BOTTOM_SHARE, _BOTTOM_S = 0.08, 0.1


@dataclass(frozen=True)
class Verdict:
    """How well a movement fits an exercise by geometry: `fit` 0..1 (0.5 is the limit) and what speaks against it."""

    exercise: str
    fit: float
    objection: str


def verdict_of(rule: ExerciseRule, movement: Movement) -> Verdict:
    """The worst of duration, depth and all gates decides."""
    checks = [
        (_duration_fit(rule, movement), _duration_text(rule, movement)),
        (_depth_fit(rule, movement), "it did not go down far enough"),
    ]
    checks += [(fit, gate.reason) for gate in rule.gates if (fit := _gate_fit(gate, movement)) is not None]
    fit, objection = min(checks, key=lambda check: check[0])
    return Verdict(rule.exercise, fit, objection if fit < 1.0 else "")


def _gate_fit(gate: Gate, movement: Movement) -> float | None:
    """1 well inside the allowed values, 0.5 on a limit, 0 well outside; None when this view cannot tell."""
    value = _gate_value(gate, movement)
    if not np.isfinite(value):
        return None
    low, high = gate.allowed
    inside = min(value - low, high - value)
    return float(np.clip(0.5 + 0.5 * inside / gate.margin, 0.0, 1.0))


def _gate_value(gate: Gate, movement: Movement) -> float:
    """The quantity at the bottom, or how it changed from the top to the low part of the movement."""
    if gate.phase == "change":
        return _median(gate, movement.low) - _median(gate, movement.high)
    if gate.phase == "whole":
        return _median(gate, movement.measurements)
    return _median(gate, _bottom(movement))


def _median(gate: Gate, measurements: Sequence[Measurement]) -> float:
    values = [m.quantities[gate.quantity] for m in measurements if camera_side(m.view_deg) in gate.views]
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else float("nan")


def _bottom(movement: Movement) -> list[Measurement]:
    near_s = max(_BOTTOM_SHARE * (movement.end_s - movement.start_s), _BOTTOM_S)
    return [m for m in movement.measurements if abs(m.time_s - movement.bottom_s) <= near_s]


def _duration_fit(rule: ExerciseRule, movement: Movement) -> float:
    """1 or 0: a movement whose start was cut off must last half as long as a whole one, one under way may still be
    short."""
    seconds = movement.end_s - movement.start_s
    least_s = 0.0 if movement.under_way else rule.min_s / 2 if movement.cut else rule.min_s
    # Who is low for long before anything else was seen sat or knelt there.
    hold_s = rule.max_hold_s / 4 if movement.cut else rule.max_hold_s
    return float(least_s <= seconds <= rule.max_s and movement.hold_s <= hold_s)


def _depth_fit(rule: ExerciseRule, movement: Movement) -> float:
    """0.5 where the signal just passes the level that a bottom must reach, 1 a third of the least range below it."""
    below = (rule.bottom_enter - movement.bottom) / (rule.min_range / 3)
    return float(np.clip(0.5 + 0.5 * below, 0.0, 1.0))


def _duration_text(rule: ExerciseRule, movement: Movement) -> str:
    seconds = movement.end_s - movement.start_s
    if seconds < rule.min_s:
        return f"it took only {seconds:.1f} s"
    if seconds > rule.max_s:
        return f"it took {seconds:.0f} s"
    return f"the bottom was held for {movement.hold_s:.0f} s"
