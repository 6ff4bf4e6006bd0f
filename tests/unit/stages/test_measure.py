"""Measuring: exact figures give their own angles back, whichever side the camera stands; what it cannot see is NaN."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from fias_desktop.domain.exercises import ExerciseRule, Rule, camera_side
from fias_desktop.domain.types import Measurement
from fias_desktop.resources import exercise_rules
from fias_desktop.stages.measure import Measurer, body_check, judge, view_advice
from tests.unit.stages.stick_figure import (
    FOREARM,
    SIZE,
    UPPER_ARM,
    Array,
    lunge,
    on_back,
    pose,
    push_up,
    sit,
    squat,
    standing,
)

HEADINGS = (0.0, 45.0, 90.0, -60.0, 180.0)


def measured(points: Array, heading_deg: float = 0.0, world: bool = True) -> Measurement:
    return Measurer(exercise_rules()).measure(pose(points, 0.0, heading_deg, world))


def rule_of(exercise: str) -> ExerciseRule:
    return next(rule for rule in exercise_rules() if rule.exercise == exercise)


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_view_is_the_heading_against_the_camera(heading: float) -> None:
    assert measured(standing(), heading).view_deg == pytest.approx(abs(heading), abs=2.0)


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_squat_measures_the_same_from_every_side(heading: float) -> None:
    values = measured(squat(1.0), heading).quantities
    # Hips 0.45 legs above the ankles and 0.24 m behind them, with 0.42 m segments.
    assert values["hip_height"] == pytest.approx(0.45, abs=0.02)
    assert values["knee_angle"] == pytest.approx(65.0, abs=4.0)
    assert values["trunk_lean"] == pytest.approx(40.0, abs=2.0)
    assert values["stagger"] < 0.15
    assert abs(values["weight_lean"]) < 12.0


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_lunge_is_staggered_and_a_squat_is_not(heading: float) -> None:
    values = measured(lunge(1.0), heading).quantities
    assert values["stagger"] > 0.7
    assert values["foot_split"] == pytest.approx(0.8 / 0.84, abs=0.05)
    assert values["front_knee_angle"] < 110.0


def test_sitting_puts_the_weight_behind_the_feet() -> None:
    assert measured(sit(1.0), 90.0).quantities["weight_lean"] < -12.0


@pytest.mark.parametrize("heading", (0.0, 45.0, 90.0))
@pytest.mark.parametrize("depth, shoulders_m", [(0.0, 0.53), (0.5, 0.34), (1.0, 0.15)])
def test_a_push_up_is_low_when_the_elbows_are_bent(heading: float, depth: float, shoulders_m: float) -> None:
    values = measured(push_up(depth), heading).quantities
    reach = math.hypot(shoulders_m, 0.07)
    cosine = (UPPER_ARM**2 + FOREARM**2 - reach**2) / (2 * UPPER_ARM * FOREARM)
    assert values["shoulder_height"] == pytest.approx(shoulders_m / (UPPER_ARM + FOREARM), abs=0.03)
    assert values["elbow_angle"] == pytest.approx(math.degrees(math.acos(cosine)), abs=3.0)
    assert values["chest_up"] < -0.9


@pytest.mark.parametrize("heading", (0.0, 45.0, 90.0))
def test_the_hip_line_tells_piked_from_sagging_hips(heading: float) -> None:
    lines = [measured(push_up(0.0, sag), heading).quantities["hip_line"] for sag in (-0.15, 0.0, 0.15)]
    assert lines[0] > 15.0 and abs(lines[1]) < 3.0 and lines[2] < -15.0


@pytest.mark.parametrize(
    "points, posture",
    [
        (standing(), "standing"),
        (squat(1.0), "standing"),
        (lunge(1.0), "standing"),
        (push_up(0.0), "support"),
        (push_up(1.0), "support"),
        (on_back(1.0), "lying"),
        (standing(0.95, lean_deg=85.0, back=0.2), "bent"),
    ],
)
@pytest.mark.parametrize("heading", (0.0, 60.0, 90.0))
def test_postures(points: Array, posture: str, heading: float) -> None:
    assert measured(points, heading).posture == posture


def test_one_odd_pose_does_not_change_the_posture() -> None:
    measurer = Measurer(exercise_rules())
    figures = [push_up(0.0)] * 10 + [standing()] * 3 + [push_up(0.0)] * 5
    postures = [measurer.measure(pose(points, i / 30)).posture for i, points in enumerate(figures)]
    assert set(postures) == {"support"}


def test_without_depth_only_what_the_view_shows_is_measured() -> None:
    front, side = (measured(squat(0.8), heading, world=False).quantities for heading in (0.0, 90.0))
    assert math.isnan(front["knee_angle"]) and math.isnan(front["trunk_lean"])
    assert side["knee_angle"] == pytest.approx(measured(squat(0.8), 90.0).quantities["knee_angle"], abs=5.0)
    assert math.isnan(side["foot_spread"]) and front["foot_spread"] > 0.5


def test_without_depth_the_height_of_the_hips_is_that_of_the_person() -> None:
    measurer = Measurer(exercise_rules())
    heights = [measurer.measure(pose(squat(d), i / 30, 0.0, world=False)).quantities for i, d in enumerate((0.0, 1.0))]
    assert heights[0]["hip_height"] > 0.9
    assert heights[1]["hip_height"] == pytest.approx(0.45, abs=0.1)


def test_a_missing_joint_is_no_number_and_no_crash() -> None:
    complete = pose(squat(0.5), 0.0, 90.0)
    nothing = np.full_like(complete.xy, np.nan)
    empty = replace(complete, xy=nothing, world=np.full((33, 3), np.nan), score=np.zeros(33, np.float32))
    assert math.isnan(Measurer(exercise_rules()).measure(empty).quantities["hip_height"])


def test_a_hidden_side_borrows_its_twin() -> None:
    seen = pose(squat(1.0), 0.0, 90.0)
    assert seen.world is not None
    world, xy, score = seen.world.copy(), seen.xy.copy(), seen.score.copy()
    for joint in (24, 26, 28, 30, 32):
        world[joint], xy[joint], score[joint] = np.nan, np.nan, 0.0
    half = Measurer(exercise_rules()).measure(replace(seen, world=world, xy=xy, score=score))
    assert half.quantities["hip_height"] == pytest.approx(0.45, abs=0.03)
    assert half.confidence["knee_angle"] == pytest.approx(0.95)
    assert half.confidence["knee_ankle_ratio"] == 0.0


def test_every_rule_has_its_quantity_and_confidence() -> None:
    measurement = measured(squat(0.5))
    for rule in exercise_rules():
        assert rule.signal in measurement.quantities
        assert {row.quantity for row in rule.rules} <= set(measurement.confidence)
        assert {gate.quantity for gate in rule.gates} <= set(measurement.quantities)


def test_measuring_is_cheap() -> None:
    measurer, poses = Measurer(exercise_rules()), [pose(squat(0.5), i / 30) for i in range(200)]
    spent = []
    for each in poses:
        begin = time.thread_time()
        measurer.measure(each)
        spent.append(time.thread_time() - begin)
    assert np.median(spent) < 0.0015  # 0.25 ms on the development machine; wide, because tests share theirs


def test_nobody_is_told_to_come_into_the_picture() -> None:
    ok, missing, advice = body_check(None, SIZE)
    assert not ok and missing == ("body",) and advice


def test_a_whole_body_is_accepted_and_a_cut_one_told_to_step_back() -> None:
    whole = pose(standing(), 0.0, 20.0)
    assert body_check(whole, SIZE) == (True, (), "")
    near = replace(whole, xy=(whole.xy - 360) * 2.2 + 360)
    ok, missing, advice = body_check(near, SIZE)
    assert not ok and "feet" in missing and "tep back" in advice


def test_a_person_at_the_edge_is_told_to_move_and_a_far_one_to_come() -> None:
    whole = pose(standing(), 0.0, 0.0)
    aside = replace(whole, xy=whole.xy + np.array([660, 0]))
    assert body_check(aside, SIZE)[2].startswith("Move to the middle")
    far = replace(whole, xy=(whole.xy - 360) * 0.3 + 360)
    assert body_check(far, SIZE)[2].startswith("Come closer")


def test_a_hidden_far_arm_is_not_missing_from_the_side() -> None:
    seen = pose(standing(), 0.0, 90.0)
    score = seen.score.copy()
    score[[12, 14, 16]] = 0.1
    assert body_check(replace(seen, score=score), SIZE)[0]


def series(exercise_points: list[Array], heading: float) -> list[Measurement]:
    measurer = Measurer(exercise_rules())
    return [measurer.measure(pose(points, i / 30, heading)) for i, points in enumerate(exercise_points)]


def depths(figure: Callable[[float], Array], deepest: float) -> list[Array]:
    shape = (1 - np.cos(2 * np.pi * np.arange(61) / 60)) / 2
    return [figure(float(d)) for d in deepest * shape]


def test_a_shallow_squat_gives_evidence_of_it_at_its_bottom() -> None:
    found = judge(rule_of("squat"), series(depths(squat, 0.35), 90.0), 0.0, 1.0, 2.0)
    worst = found[0]
    assert worst.error == "too_shallow" and worst.excess > 0
    assert worst.time_s == pytest.approx(1.0, abs=0.2)
    assert worst.joints and worst.confidence > 0.5


def test_a_good_squat_gives_evidence_without_excess() -> None:
    found = judge(rule_of("squat"), series(depths(squat, 1.0), 90.0), 0.0, 1.0, 2.0)
    assert found and all(item.excess == 0 for item in found)


def test_sagging_hips_are_judged_from_the_side_only() -> None:
    def saggy(depth: float) -> Array:
        return push_up(depth, sag=0.15)

    side = judge(rule_of("push_up"), series(depths(saggy, 1.0), 90.0), 0.0, 1.0, 2.0)
    front = judge(rule_of("push_up"), series(depths(saggy, 1.0), 0.0), 0.0, 1.0, 2.0)
    assert "hips_sag" in {item.error for item in side if item.excess > 0}
    assert "hips_sag" not in {item.error for item in front}


def test_a_quantity_that_is_hardly_seen_is_not_judged() -> None:
    dim = [replace(m, confidence=dict.fromkeys(m.confidence, 0.1)) for m in series(depths(squat, 1.0), 90.0)]
    assert judge(rule_of("squat"), dim, 0.0, 1.0, 2.0) == ()


def test_a_rule_of_the_top_is_judged_at_the_top() -> None:
    row = Rule("r", "squat", "hip_height", "ratio", "top", (0.95, 1.1), "too_shallow", ("side",), (), 1, "test")
    found = judge(replace(rule_of("squat"), rules=(row,)), series(depths(squat, 1.0), 90.0), 0.0, 1.0, 2.0)
    assert found[0].value > 0.9


def test_the_view_that_hides_a_rule_asks_for_another() -> None:
    assert "sideways" in view_advice(rule_of("push_up"), 0.0)
    assert camera_side(10.0) == "front" and camera_side(45.0) == "oblique" and camera_side(90.0) == "side"
    assert camera_side(170.0) == "back"
