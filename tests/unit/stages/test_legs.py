"""An estimator that takes a squat seen from the front for a smaller body that hardly bends: legs keep their length."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from fias_desktop.domain.types import Measurement, Pose
from fias_desktop.resources import exercise_rules
from fias_desktop.stages.measure import Measurer, judge
from fias_desktop.stages.repetitions import RepetitionCounter
from tests.unit.stages.stick_figure import JOINT, SIZE, Array, lunge, pose, squat, standing

RULES = exercise_rules()
HEADINGS = (0.0, 20.0, 40.0, 180.0)
# Hips 0.45 leg lengths above the ankles bend the knees to this.
DEEP_KNEE_DEG = 65.0
ANKLES = [JOINT["left_ankle"], JOINT["right_ankle"]]


def standing_still(seen: Pose) -> Pose:
    """The pose before a camera that does not follow the hips: the feet are always at the same place."""
    feet = np.array([SIZE[0] / 2, SIZE[1] * 0.9], np.float32)
    return replace(seen, xy=seen.xy - seen.xy[ANKLES].mean(axis=0) + feet)


def squashed(true: Pose, depth: float) -> Pose:
    """World landmarks as MediaPipe gave them of a rendered squat from the front: too large in the picture's plane for
    what the picture shows, and too flat."""
    assert true.world is not None
    world = true.world * np.array([1 + 0.2 * depth, 1 + 0.2 * depth, 1 - 0.6 * depth])
    return standing_still(replace(true, world=world))


def film_of(depths: Iterable[float], heading: float) -> list[Pose]:
    return [squashed(pose(squat(d), i / 30, heading), d) for i, d in enumerate(depths)]


def measure(poses: Iterable[Pose]) -> list[Measurement]:
    return [measurer.measure(each) for measurer in [Measurer(RULES)] for each in poses]


def up_and_down(repetitions: int) -> list[float]:
    rest, steps = [0.0] * 20, np.arange(60) / 60
    once: list[float] = ((1 - np.cos(2 * np.pi * steps)) / 2).tolist()
    return rest + (once + rest) * repetitions


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_squat_that_the_estimator_squashed_is_as_deep_as_the_picture_shows(heading: float) -> None:
    bottom = measure(film_of([0.0] * 20 + np.linspace(0, 1, 30).tolist(), heading))[-1].quantities
    assert bottom["hip_height"] == pytest.approx(0.45, abs=0.06)
    assert bottom["knee_angle"] == pytest.approx(DEEP_KNEE_DEG, abs=12.0)


@pytest.mark.parametrize("heading", HEADINGS)
def test_squashed_squats_count_and_are_not_too_shallow(heading: float) -> None:
    measured = measure(film_of(up_and_down(3), heading))
    counter = RepetitionCounter(RULES)
    ledger = [rep for each in measured for rep in counter.update(each)] + list(counter.finish())
    assert [(rep.exercise, rep.counted) for rep in ledger] == [("squat", True)] * 3
    rule = next(rule for rule in RULES if rule.exercise == "squat")
    for rep in ledger:
        found = judge(rule, measured, rep.start_s, rep.bottom_s, rep.end_s)
        assert [item.excess for item in found if item.error == "too_shallow"] == [0.0]


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_shallow_squat_stays_shallow(heading: float) -> None:
    bottom = measure(film_of([0.0] * 20 + np.linspace(0, 0.35, 30).tolist(), heading))[-1].quantities
    assert bottom["knee_angle"] > 105.0


@pytest.mark.parametrize("figure", [standing(), squat(1.0), lunge(1.0)])
@pytest.mark.parametrize("heading", (0.0, 45.0, 90.0))
def test_who_is_seen_rightly_is_measured_as_before(figure: Array, heading: float) -> None:
    seen = measure([pose(figure, i / 30, heading) for i in range(30)])
    assert seen[-1].quantities["knee_angle"] == pytest.approx(seen[0].quantities["knee_angle"], abs=1.0)
    assert seen[-1].quantities["hip_height"] == pytest.approx(seen[0].quantities["hip_height"], abs=0.01)


def test_who_walks_away_does_not_squat() -> None:
    """The picture of the body shrinks to a half in two seconds, and its feet move with it."""
    horizon = np.array(SIZE) / 2 - [0.0, 100.0]
    poses = []
    for i, share in enumerate([1.0] * 20 + np.linspace(1.0, 0.5, 60).tolist()):
        there = pose(standing(), i / 30, 180.0)
        poses.append(replace(there, xy=(horizon + (there.xy - horizon) * share).astype(np.float32)))
    heights = [each.quantities["hip_height"] for each in measure(poses)]
    assert min(heights) > 0.85


def test_a_leg_that_is_not_seen_is_not_made_up() -> None:
    known = pose(standing(), 0.0, 0.0)
    assert known.world is not None
    world, xy = known.world.copy(), known.xy.copy()
    for joint in (25, 26, 27, 28):
        world[joint], xy[joint] = np.nan, np.nan
    (lost,) = measure([replace(known, world=world, xy=xy)])
    assert np.isnan(lost.quantities["knee_angle"])
    assert np.isnan(lost.quantities["hip_height"])
