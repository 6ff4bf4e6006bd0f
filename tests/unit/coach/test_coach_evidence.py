from __future__ import annotations

from dataclasses import replace

from fias_desktop.coach.evidence import errors_of, gather, rank_evidence
from fias_desktop.coach.words import RECOGNISED
from fias_desktop.domain.types import ExerciseSet
from tests.unit.coach.coach_sets import (
    HEAT,
    correct_set,
    evidence,
    facts,
    knees_in_set,
    repetition,
    rules,
    unmeasured_set,
)

BY_ID = {rule.rule_id: rule for exercise in rules() for rule in exercise.rules}


def test_the_main_fault_comes_first_with_its_worst_repetition_and_moment() -> None:
    found = facts(knees_in_set())
    main = found.findings[0]
    assert main.error == "knees_inward"
    assert main.count == 1
    assert main.worst is not None
    assert (main.worst.repetition, main.worst.phase) == (2, "bottom")
    assert found.evidence[0] == knees_in_set().repetitions[1].evidence[1]
    assert (found.counted, found.correct) == (3, 2)


def test_a_frequent_grave_error_outweighs_a_rare_light_one() -> None:
    reps = (
        repetition(1, "knees_inward", {"squat_knees_inward": 0.6, "squat_feet_too_close": 0.7}),
        repetition(2, "knees_inward", {"squat_knees_inward": 0.6, "squat_feet_too_close": 0.5}),
    )
    found = facts(ExerciseSet("squat", 0, 6, reps, "squat_knees_inward", 0.9))
    assert [finding.error for finding in found.findings] == ["knees_inward", "feet_too_close"]
    assert [finding.count for finding in found.findings] == [2, 1]


def test_an_uncertain_measurement_is_no_error() -> None:
    rep = repetition(1, "unknown", {})
    unsure = replace(rep, evidence=(evidence("squat_knees_inward", 0.5, confidence=0.1),))
    assert errors_of(unsure, BY_ID) == ()


def test_only_the_side_that_an_error_is_about_counts() -> None:
    deep = repetition(1, "unknown", {"squat_too_shallow": 15})
    assert errors_of(deep, BY_ID) == ()
    shallow = repetition(1, "unknown", {"squat_too_shallow": 120})
    assert errors_of(shallow, BY_ID) == ("too_shallow",)


def test_a_repetition_graded_correct_has_no_errors() -> None:
    assert errors_of(repetition(1, "correct", {"squat_too_shallow": 106}), BY_ID) == ()


def test_an_error_that_was_only_seen_by_the_network_has_no_measurement() -> None:
    rep = repetition(1, "knees_inward", {"squat_too_shallow": 90})
    found = facts(ExerciseSet("squat", 0, 3, (rep,), "squat_knees_inward", 0.9))
    assert found.findings[0].error == "knees_inward"
    assert found.findings[0].worst is None
    assert found.good is not None
    proof = found.evidence[0]
    assert (proof.quantity, proof.value, proof.error) == (RECOGNISED, 1, "knees_inward")
    assert proof.time_s == rep.bottom_s
    assert [row.quantity for row in found.evidence[1:]] == ["knee_angle"]


def test_a_measured_error_needs_no_word_of_the_network() -> None:
    assert all(row.quantity != RECOGNISED for row in facts(knees_in_set()).evidence)


def test_the_last_set_tells_how_often_it_had_the_main_error() -> None:
    again = facts(knees_in_set(previous=knees_in_set())).before
    first = facts(knees_in_set(previous=correct_set())).before
    assert again is not None and first is not None
    assert (again.main_count, first.main_count) == (1, 0)


def test_heat_leaves_out_the_face_and_tells_the_parts() -> None:
    found = facts(knees_in_set())
    assert [row.joint for row in found.hottest] == ["left_knee", "right_knee", "left_hip"]
    assert found.hottest_phase == "bottom"
    assert found.thirds == ("left_hip", "left_knee", "right_knee")


def test_hips_that_sink_are_not_praised_for_not_being_too_high() -> None:
    values = {"push_up_hips_sag": -20.0, "push_up_hips_pike": -20.0}
    rep = repetition(1, "hips_sag", values, exercise="push_up")
    found = facts(ExerciseSet("push_up", 0, 3, (rep,), "push_up_arched_back", 0.9))
    assert [finding.error for finding in found.findings] == ["hips_sag"]
    assert found.good is None


def test_the_trend_compares_shares_of_correct_repetitions() -> None:
    worse, better = knees_in_set(previous=correct_set()), correct_set(previous=knees_in_set())
    same = correct_set(previous=correct_set(2))
    trends = [found.before.trend for found in map(facts, (worse, better, same)) if found.before]
    assert trends == ["worse", "better", "same"]


def test_a_previous_set_of_another_exercise_is_not_compared() -> None:
    other = replace(correct_set(), exercise="lunge")
    assert facts(correct_set(previous=other)).before is None


def test_sets_of_unknown_form_are_not_compared() -> None:
    unknown = replace(correct_set(), repetitions=(repetition(1, "unknown", {"squat_too_shallow": 90}),))
    assert facts(correct_set(previous=unknown)).before is None
    assert facts(replace(unknown, previous=correct_set())).before is None


def test_steadiness_needs_three_repetitions() -> None:
    assert facts(correct_set(2)).steadiness is None
    steady = facts(correct_set(4)).steadiness
    assert steady is not None
    assert steady.steady
    assert steady.spread == 3


def test_rejected_repetitions_speak_only_when_none_counted() -> None:
    small = repetition(1, "unknown", {"squat_too_shallow": 130}, counted=False)
    alone = gather(ExerciseSet("squat", 0, 3, (small,), "squat_correct", 0.8, HEAT), rules())
    assert (alone.counted, alone.rejected) == (0, 1)
    assert alone.findings[0].error == "too_shallow"
    mixed = (small, repetition(2, "correct", {"squat_too_shallow": 90}))
    assert facts(ExerciseSet("squat", 0, 6, mixed, "squat_correct", 0.8, HEAT)).findings == ()


def test_nothing_measured_means_no_evidence() -> None:
    assert rank_evidence(unmeasured_set(), rules()) == ()
    assert len(rank_evidence(knees_in_set(), rules())) == 6
