"""From a repetition's measurements to evidence: every rule of its exercise, judged at its own moment and view."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fias_desktop.domain.exercises import ExerciseRule, Rule, camera_side
from fias_desktop.domain.types import Evidence, Measurement

# Fractions of a repetition that count as its bottom and its top.
_BOTTOM_S = 0.15
_LEAST_CONFIDENCE = 0.3


def judge(
    rule: ExerciseRule, measurements: Sequence[Measurement], start_s: float, bottom_s: float, end_s: float
) -> tuple[Evidence, ...]:
    """All rules of an exercise that could be judged over one repetition, the largest excess (relative) first.

    `measurements` may reach beyond the repetition. A rule is judged at its phase, on the measurements whose view and
    confidence allow it; a quantity that is NaN there is left out.
    """
    inside = [m for m in measurements if start_s <= m.time_s <= end_s]
    found = [evidence for row in rule.rules if (evidence := _judge_rule(row, inside, bottom_s)) is not None]
    return tuple(sorted(found, key=relative_excess, reverse=True))


def relative_excess(evidence: Evidence) -> float:
    """The excess in widths of the expected range: 0 inside it."""
    low, high = evidence.expected
    return evidence.excess / max(high - low, 1e-6)


def view_advice(rule: ExerciseRule, view_deg: float) -> str:
    """What to do so that the most of an exercise's rules can be judged; empty when this view already shows them."""
    view = camera_side(view_deg)
    hidden = [row for row in rule.rules if view not in row.views]
    if not hidden:
        return ""
    needs_side = all("side" in row.views for row in hidden)
    return "Turn sideways to the camera." if needs_side else "Turn to face the camera."


def _judge_rule(rule: Rule, inside: Sequence[Measurement], bottom_s: float) -> Evidence | None:
    usable = [m for m in _phase(rule.phase, inside, bottom_s) if _usable(rule, m)]
    if not usable:
        return None
    values = np.array([m.quantities[rule.quantity] for m in usable])
    value = float(np.median(values))
    moment = usable[int(np.argmin(np.abs(values - value)))]
    confidence = float(np.median([m.confidence.get(rule.quantity, 1.0) for m in usable]))
    return Evidence(
        rule_id=rule.rule_id,
        quantity=rule.quantity,
        value=value,
        unit=rule.unit,
        expected=rule.expected,
        time_s=moment.time_s,
        frame_index=moment.frame_index,
        joints=rule.joints,
        confidence=confidence,
        error=rule.error,
    )


def _phase(phase: str, inside: Sequence[Measurement], bottom_s: float) -> Sequence[Measurement]:
    if phase == "whole" or not inside:
        return inside
    if phase == "bottom":
        near = [m for m in inside if abs(m.time_s - bottom_s) <= _BOTTOM_S]
        return near or [min(inside, key=lambda m: abs(m.time_s - bottom_s))]
    length_s = inside[-1].time_s - inside[0].time_s
    edges = (inside[0].time_s + 0.1 * length_s, inside[-1].time_s - 0.1 * length_s)
    return [m for m in inside if not edges[0] < m.time_s < edges[1]]


def _usable(rule: Rule, measurement: Measurement) -> bool:
    value = measurement.quantities.get(rule.quantity, float("nan"))
    seen = measurement.confidence.get(rule.quantity, 1.0) >= _LEAST_CONFIDENCE
    return bool(np.isfinite(value)) and seen and camera_side(measurement.view_deg) in rule.views
