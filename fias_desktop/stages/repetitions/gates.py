"""What was that movement? Every gate of an exercise is asked about its geometry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.exercises import ExerciseRule, Gate
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
    """The worst of all gates and of the durations decides."""
    checks = [(_duration_fit(rule, movement), _duration_text(rule, movement))]
    checks += [(fit, gate.reason) for gate in rule.gates if (fit := _gate_fit(gate, movement)) is not None]
    fit, objection = min(checks, key=lambda check: check[0])
    return Verdict(rule.exercise, fit, objection if fit < 1.0 else "")


def _gate_fit(gate: Gate, movement: Movement) -> float | None:
    """1 well inside the allowed values, 0.5 on a limit, 0 well outside; None when this view cannot tell."""
    values = [m.quantities[gate.quantity] for m in _phase(gate.phase, movement) if _view(m.view_deg) in gate.views]
    known = [value for value in values if np.isfinite(value)]
    if not known:
        return None
    value = float(np.median(known))
    low, high = gate.allowed
    inside = min(value - low, high - value)
    return float(np.clip(0.5 + 0.5 * inside / gate.margin, 0.0, 1.0))


def _phase(phase: str, movement: Movement) -> list[Measurement]:
    if phase == "bottom":
        near_s = max(_BOTTOM_SHARE * (movement.end_s - movement.start_s), _BOTTOM_S)
        return [m for m in movement.measurements if abs(m.time_s - movement.bottom_s) <= near_s]
    return [m for m in movement.measurements if not movement.start_s < m.time_s < movement.end_s]


def _duration_fit(rule: ExerciseRule, movement: Movement) -> float:
    seconds = movement.end_s - movement.start_s
    plausible = (movement.cut or seconds >= rule.min_s) and seconds <= rule.max_s
    return 1.0 if plausible and movement.hold_s <= rule.max_hold_s else 0.0


def _duration_text(rule: ExerciseRule, movement: Movement) -> str:
    seconds = movement.end_s - movement.start_s
    if seconds < rule.min_s:
        return f"it took only {seconds:.1f} s"
    if seconds > rule.max_s:
        return f"it took {seconds:.0f} s"
    return f"the bottom was held for {movement.hold_s:.0f} s"


def _view(view_deg: float) -> str:
    if view_deg < 30.0:
        return "front"
    if view_deg > 150.0:
        return "back"
    return "side" if 60.0 <= view_deg <= 120.0 else "oblique"
