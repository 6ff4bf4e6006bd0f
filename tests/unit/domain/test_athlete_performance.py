"""Sets performed by the athlete: exact truth, errors that grow with their severity, nothing impossible."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.athlete import MOVEMENTS, Performance, SetPlan, demo_programme, make_performance, random_body
from fias_desktop.domain.athlete.kinematics import JOINT
from fias_desktop.domain.exercises import CLASS_OF_ERROR, ERRORS, IDLE, LABELS
from fias_desktop.domain.geometry import joint_angle_deg

Pose = NDArray[np.float64]
EVERY_ERROR = [(exercise, error) for exercise, errors in ERRORS.items() for error in errors]


def _set(plan: SetPlan, seed: int = 0) -> Performance:
    return make_performance([plan], random_body(np.random.default_rng(seed)), seed)


def _bottom(plan: SetPlan, seed: int) -> Pose:
    performance = _set(plan, seed)
    return np.asarray(performance.joints(np.array([performance.repetitions[-1].bottom_s]))[0], np.float64)


def _point(joints: Pose, name: str) -> Pose:
    return np.asarray((joints[JOINT["left_" + name]] + joints[JOINT["right_" + name]]) / 2)


def _angle(joints: Pose, a: str, b: str, c: str) -> float:
    sides = [joint_angle_deg(*(joints[JOINT[side + n]] for n in (a, b, c))) for side in ("left_", "right_")]
    return float(np.mean(sides))


def _width(joints: Pose, name: str) -> float:
    return float(np.abs(joints[JOINT["left_" + name], 0] - joints[JOINT["right_" + name], 0]))


def _lean_deg(joints: Pose) -> float:
    trunk = _point(joints, "shoulder") - _point(joints, "hip")
    return float(np.degrees(np.arctan2(np.hypot(trunk[0], trunk[2]), trunk[1])))


def _past_toes(joints: Pose) -> float:
    return float(_point(joints, "knee")[2] - _point(joints, "foot_index")[2])


def _front_knee(joints: Pose) -> float:
    """How far the foremost ankle's knee is ahead of its toes."""
    side = max(("left_", "right_"), key=lambda s: joints[JOINT[s + "ankle"], 2])
    return float(joints[JOINT[side + "knee"], 2] - joints[JOINT[side + "foot_index"], 2])


def _hips_above_line(joints: Pose) -> float:
    shoulder, hip, ankle = (_point(joints, name)[1:] for name in ("shoulder", "hip", "ankle"))
    share = (hip[1] - ankle[1]) / (shoulder[1] - ankle[1])
    return float(hip[0] - (ankle[0] + share * (shoulder[0] - ankle[0])))


def _flare_deg(joints: Pose) -> float:
    return float(
        np.mean(
            [
                joint_angle_deg(*(joints[JOINT[s + n]] for n in ("hip", "shoulder", "elbow")))
                for s in ("left_", "right_")
            ]
        )
    )


# What each error changes, and in which direction.
SIGNS: dict[tuple[str, str], tuple[Callable[[Pose], float], int]] = {
    ("squat", "too_shallow"): (lambda j: _angle(j, "hip", "knee", "ankle"), 1),
    ("squat", "knees_inward"): (lambda j: _width(j, "knee") / _width(j, "ankle"), -1),
    ("squat", "feet_too_close"): (lambda j: _width(j, "ankle") / _width(j, "hip"), -1),
    ("squat", "forward_lean"): (_lean_deg, 1),
    ("squat", "knees_past_toes"): (_past_toes, 1),
    ("lunge", "too_high"): (lambda j: _angle(j, "hip", "knee", "ankle"), 1),
    ("lunge", "knee_past_toe"): (_front_knee, 1),
    ("lunge", "trunk_lean"): (_lean_deg, 1),
    ("push_up", "hips_sag"): (_hips_above_line, -1),
    ("push_up", "hips_pike"): (_hips_above_line, 1),
    ("push_up", "elbows_flared"): (_flare_deg, 1),
    ("push_up", "too_shallow"): (lambda j: _angle(j, "shoulder", "elbow", "wrist"), 1),
}


@pytest.mark.parametrize(("exercise", "error"), EVERY_ERROR)
def test_an_error_shows_and_grows_with_its_severity(exercise: str, error: str) -> None:
    measure, sign = SIGNS[exercise, error]
    variant = {"squat": "", "lunge": "forward", "push_up": "full"}[exercise]

    def shown(severity: float) -> float:
        plan = SetPlan(exercise, error if severity else None, severity, repetitions=1, variant=variant, depth=0.5)
        return float(np.median([measure(_bottom(plan, seed)) for seed in range(12)]))

    correct, half, full = (sign * shown(severity) for severity in (0.0, 0.5, 1.0))
    assert correct < half < full


@pytest.mark.parametrize("exercise", list(ERRORS))
def test_repetitions_are_counted_in_order_and_labelled(exercise: str) -> None:
    performance = _set(SetPlan(exercise, repetitions=4))
    assert len(performance.repetitions) == 4
    ends = [-1.0]
    for rep in performance.repetitions:
        assert ends[-1] <= rep.start_s < rep.bottom_s < rep.end_s
        assert performance.label(rep.bottom_s) == f"{exercise}_correct"
        ends.append(rep.end_s)
    assert performance.label(performance.duration_s + 1.0) == IDLE


@pytest.mark.parametrize(("exercise", "error"), EVERY_ERROR)
def test_the_class_of_an_error_is_the_tables(exercise: str, error: str) -> None:
    performance = _set(SetPlan(exercise, error, 0.8, repetitions=1))
    rep = performance.repetitions[0]
    assert rep.form == error
    assert performance.label(rep.bottom_s) == CLASS_OF_ERROR.get((exercise, error), f"{exercise}_correct")
    assert performance.label(rep.bottom_s) in LABELS


def test_feet_do_not_slide_in_a_squat() -> None:
    performance = _set(SetPlan("squat", repetitions=2))
    toes = performance.joints(np.arange(performance.repetitions[0].start_s, performance.duration_s, 0.05))[
        :, JOINT["left_foot_index"]
    ]
    assert np.ptp(toes, axis=0).max() < 0.02


def test_hands_do_not_slide_in_a_push_up() -> None:
    performance = _set(SetPlan("push_up", repetitions=2, variant="full"))
    first, last = performance.repetitions[0], performance.repetitions[-1]
    wrists = performance.joints(np.arange(first.start_s, last.end_s, 0.05))[:, JOINT["left_wrist"]]
    assert np.ptp(wrists, axis=0).max() < 0.03


@pytest.mark.parametrize("name", [*MOVEMENTS, *ERRORS])
def test_every_movement_is_finite_above_the_floor_and_no_faster_than_people(name: str) -> None:
    performance = make_performance(
        [SetPlan(name, repetitions=2), SetPlan("stand", repetitions=1)], random_body(np.random.default_rng(1)), 1
    )
    joints = performance.joints(np.arange(0.0, performance.duration_s, 1 / 30))
    speed = np.linalg.norm(np.diff(joints, axis=0), axis=-1) * 30
    assert np.isfinite(joints).all()
    assert joints[..., 1].min() > -0.02
    assert np.percentile(speed, 99.9) < 9.0
    if name in MOVEMENTS:
        assert not performance.repetitions


def test_the_same_seed_gives_the_same_performance() -> None:
    times = np.linspace(0.0, 6.0, 50)
    first, again, other = (_set(SetPlan("lunge"), seed).joints(times) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.05


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="no error of squat"):
        _set(SetPlan("squat", "hips_sag", 1.0))
    with pytest.raises(ValueError, match="unknown"):
        _set(SetPlan("juggling"))


def test_the_demonstration_shows_all_exercises_well_and_wrong() -> None:
    plans = demo_programme(0)
    performance = make_performance(plans, random_body(np.random.default_rng(0)), 0)
    shown = {(rep.exercise, rep.form == "correct") for rep in performance.repetitions}
    assert shown == {(exercise, correct) for exercise in ERRORS for correct in (True, False)}
    assert 60 < performance.duration_s < 240
