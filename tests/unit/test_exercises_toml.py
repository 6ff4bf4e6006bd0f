"""resources/exercises.toml: complete, consistent with the domain, and every number with its source."""

from __future__ import annotations

import math

import pytest

from fias_desktop.domain.exercises import ERRORS, EXERCISES, ExerciseRule, Gate, Rule
from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.resources import exercise_rules
from fias_desktop.stages.measure.posture import POSTURES

RULES = exercise_rules()
ROWS = [row for rule in RULES for row in rule.rules]
GATES = [gate for rule in RULES for gate in rule.gates]
VIEWS = {"front", "oblique", "side", "back"}


def test_every_counted_exercise_has_its_rule() -> None:
    assert sorted(rule.exercise for rule in RULES) == sorted(EXERCISES)


def test_every_form_error_is_measured_by_some_rule() -> None:
    for rule in RULES:
        assert {row.error for row in rule.rules} == set(ERRORS[rule.exercise])


def test_rule_ids_are_unique_across_exercises() -> None:
    ids = [row.rule_id for row in ROWS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.exercise)
def test_hysteresis_and_durations_are_plausible(rule: ExerciseRule) -> None:
    assert 0 < rule.min_range < 0.5 and rule.top_enter - 0.05 <= rule.bottom_enter + rule.min_range
    assert 0 < rule.min_s < 1.0 < rule.max_hold_s < rule.max_s
    assert rule.max_s >= 10.0
    assert rule.posture and set(rule.posture) <= set(POSTURES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.rule_id)
def test_a_rule_says_where_its_numbers_come_from(row: Rule) -> None:
    assert len(row.source) > 20 and row.source.strip() == row.source
    assert row.expected[0] < row.expected[1]
    assert row.unit in ("deg", "ratio", "s") and row.phase in ("top", "bottom", "whole")
    assert row.views and set(row.views) <= VIEWS
    assert row.joints and set(row.joints) <= set(BLAZEPOSE33.joints)
    assert 1 <= row.severity <= 3


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: f"{gate.gate_id}-{gate.quantity}")
def test_a_gate_has_a_limit_a_margin_and_a_reason(gate: Gate) -> None:
    low, high = gate.allowed
    assert low < high and (math.isfinite(low) or math.isfinite(high))
    assert gate.margin > 0 and gate.phase in ("bottom", "whole", "change")
    assert set(gate.views) <= VIEWS and gate.reason and not gate.reason.endswith(".")
