"""Counting: every view, tempo and depth counts once; what is no repetition is refused with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from fias_desktop.domain.exercises import GROUPS
from fias_desktop.domain.types import Evidence, Pose, Repetition, TimelineSample
from fias_desktop.resources import exercise_rules
from fias_desktop.stages.measure import Measurer
from fias_desktop.stages.repetitions import RepetitionCounter, grade
from tests.unit.stages.stick_figure import Array, cycle, film, lunge, on_back, pose, push_up, sit, squat, standing

FIGURES: dict[str, Callable[[float], Array]] = {"squat": squat, "lunge": lunge, "push_up": push_up}
RULES = exercise_rules()


def count(poses: list[Pose], samples: list[TimelineSample] | None = None) -> list[Repetition]:
    """The ledger of a film, the samples handed in as time passes."""
    measurer, counter, ledger = Measurer(RULES), RepetitionCounter(RULES), list[Repetition]()
    waiting = list(samples or [])
    for each in poses:
        ledger += counter.update(measurer.measure(each))
        while waiting and waiting[0].time_s <= each.time_s:
            ledger += counter.inform(waiting.pop(0))
    return ledger + list(counter.finish())


def counted(ledger: list[Repetition]) -> list[str]:
    return [rep.exercise for rep in ledger if rep.counted]


def said(group: str, seconds: float, prob: float = 0.9, known: bool = True) -> list[TimelineSample]:
    rest = (1.0 - prob) / (len(GROUPS) - 1)
    probs = tuple(prob if name == group else rest for name in GROUPS)
    label = group if group == "idle" else f"{group}_correct"
    return [TimelineSample(t, label, group, prob, known, probs) for t in np.arange(0.5, seconds, 0.1).tolist()]


def then(*parts: Iterator[Array]) -> Iterator[Array]:
    for part in parts:
        yield from part


@pytest.mark.parametrize("exercise", FIGURES)
@pytest.mark.parametrize("heading", (0.0, 45.0, 90.0, 180.0))
def test_repetitions_count_from_every_side(exercise: str, heading: float) -> None:
    assert counted(count(film(cycle(FIGURES[exercise], 3, 2.0), heading))) == [exercise] * 3


@pytest.mark.parametrize("exercise", FIGURES)
@pytest.mark.parametrize("tempo_s", (0.8, 4.0, 10.0))
def test_fast_and_slow_repetitions_count(exercise: str, tempo_s: float) -> None:
    assert counted(count(film(cycle(FIGURES[exercise], 2, tempo_s), 45.0))) == [exercise] * 2


def test_repetitions_without_a_rest_between_them_count() -> None:
    assert counted(count(film(cycle(squat, 4, 1.2, rest_s=0.1), 90.0))) == ["squat"] * 4


def test_shallow_repetitions_are_repetitions() -> None:
    assert counted(count(film(cycle(lambda d: squat(0.45 * d), 3, 1.5), 90.0))) == ["squat"] * 3


def test_start_bottom_and_end_are_where_they_are() -> None:
    (rep,) = count(film(cycle(squat, 1, 2.0, rest_s=1.0), 90.0))
    assert rep.start_s == pytest.approx(1.3, abs=0.25)
    assert rep.bottom_s == pytest.approx(2.0, abs=0.15)
    assert rep.end_s == pytest.approx(2.7, abs=0.25)


@pytest.mark.parametrize("heading", (0.0, 90.0))
def test_squats_and_push_ups_count_without_depth(heading: float) -> None:
    assert counted(count(film(cycle(squat, 3, 2.0), heading, world=False))) == ["squat"] * 3
    assert counted(count(film(cycle(push_up, 3, 2.0), 90.0, world=False))) == ["push_up"] * 3


def test_a_repetition_under_way_at_the_start_counts() -> None:
    film_ = film(cycle(squat, 2, 2.0, rest_s=0.0), 90.0)[20:]
    again = [pose_at(each, i) for i, each in enumerate(film_)]
    assert counted(count(again)) == ["squat"] * 2


def pose_at(each: Pose, index: int) -> Pose:
    return Pose(index, index / 30.0, 0, each.xy, each.score, each.world, each.image_size)


def test_a_repetition_cut_at_the_bottom_by_the_end_is_refused() -> None:
    ledger = count(film(cycle(squat, 2, 2.0), 90.0)[: 30 * 4 + 5])
    assert [rep.counted for rep in ledger] == [True, False]
    assert "ended before the top" in ledger[1].reason


def test_standing_and_swaying_is_nothing() -> None:
    assert count(film(cycle(lambda d: standing(1.0 - 0.02 * d, lean_deg=8.0 * d), 5, 1.5), 30.0)) == []


def test_bending_over_is_refused() -> None:
    ledger = count(film(cycle(lambda d: standing(1.0 - 0.2 * d, lean_deg=88.0 * d, back=0.25 * d), 2, 2.0), 90.0))
    assert counted(ledger) == []


def test_sitting_down_and_standing_up_is_refused_from_the_side() -> None:
    ledger = count(film(cycle(sit, 2, 3.0), 90.0))
    assert counted(ledger) == [] and all("weight" in rep.reason for rep in ledger)


def test_sitting_down_for_long_is_refused_from_the_front() -> None:
    down, held, up = ([sit(d) for d in path] for path in (np.linspace(0, 1, 30), np.ones(210), np.linspace(1, 0, 30)))
    ledger = count(film(iter([standing()] * 30 + down + held + up + [standing()] * 30), 0.0))
    assert counted(ledger) == []


def test_a_bench_press_is_no_push_up() -> None:
    assert counted(count(film(cycle(lambda d: on_back(1.0 - d), 3, 2.0), 70.0))) == []


def test_one_knee_bent_sideways_is_no_squat() -> None:
    def side_lunge(depth: float) -> Array:
        points = standing(1.0 - 0.3 * depth, lean_deg=30.0 * depth, back=0.15 * depth, spread=0.3 + 0.7 * depth)
        points[[23, 24], 1] += 0.35 * depth
        return points

    assert counted(count(film(cycle(side_lunge, 2, 2.0), 0.0))) == []


def test_getting_down_to_the_floor_and_up_again_is_refused() -> None:
    down = [squat(float(d)) for d in np.linspace(0, 1, 30)]
    there = then(iter([standing()] * 30 + down + [push_up(0.0)] * 30), cycle(push_up, 2, 1.6), iter(down[::-1]))
    ledger = count(film(then(there, iter([standing()] * 30)), 60.0))
    assert counted(ledger) == ["push_up"] * 2


def test_a_pose_lost_for_a_moment_does_not_lose_the_repetition() -> None:
    poses = film(cycle(squat, 2, 2.0), 45.0)
    assert counted(count([p for p in poses if not 1.2 < p.time_s < 1.7])) == ["squat"] * 2


def test_odd_poses_add_nothing() -> None:
    poses = film(cycle(squat, 3, 2.0), 45.0)
    for i in range(7, len(poses), 25):
        poses[i] = pose(squat(1.0), poses[i].time_s, 45.0)
    assert counted(count(poses)) == ["squat"] * 3


def test_much_smaller_movements_after_full_ones_are_something_else() -> None:
    small = cycle(lambda d: squat(0.2 * d), 2, 1.0)
    assert counted(count(film(then(cycle(squat, 3, 2.0), small), 90.0))) == ["squat"] * 3


def test_every_candidate_comes_once_and_numbers_go_up() -> None:
    ledger = count(film(then(cycle(squat, 2, 2.0), cycle(lunge, 2, 2.0)), 45.0))
    assert [(rep.exercise, rep.index) for rep in ledger] == [("squat", 1), ("squat", 2), ("lunge", 1), ("lunge", 2)]
    assert all(rep.reason for rep in ledger)


def test_the_recogniser_confirms() -> None:
    ledger = count(film(cycle(squat, 2, 2.0), 45.0), said("squat", 6.0))
    assert counted(ledger) == ["squat"] * 2 and all("agrees by 90%" in rep.reason for rep in ledger)


def test_a_sure_recogniser_refuses_what_it_takes_for_idle() -> None:
    ledger = count(film(cycle(squat, 2, 2.0), 45.0), said("idle", 6.0, prob=0.98))
    assert counted(ledger) == [] and "takes it for idle" in ledger[0].reason


def test_a_recogniser_that_does_not_know_the_movement_leaves_it_to_geometry() -> None:
    ledger = count(film(cycle(squat, 2, 2.0), 45.0), said("idle", 6.0, known=False))
    assert counted(ledger) == ["squat"] * 2 and "did not know" in ledger[0].reason


@pytest.mark.parametrize("knows", (True, False))
def test_an_odd_posture_ends_a_repetition_only_when_nobody_knows_what_is_done(knows: bool) -> None:
    measurer, counter, ledger = Measurer(RULES), RepetitionCounter(RULES), list[Repetition]()
    samples = said("squat", 8.0)
    for each in film(cycle(squat, 1, 4.0), 45.0):
        measurement = measurer.measure(each)
        if 2.0 < each.time_s < 3.0:
            measurement = replace(measurement, posture="support")
        ledger += counter.update(measurement)
        while knows and samples and samples[0].time_s <= each.time_s:
            ledger += counter.inform(samples.pop(0))
    assert counted(ledger + list(counter.finish())) == (["squat"] if knows else [])


def test_the_first_poses_after_a_loss_are_not_believed() -> None:
    poses = film(iter([standing()] * 120), 45.0)
    found_anew = [pose(squat(1.0), each.time_s, 45.0) for each in poses[60:64]]
    assert count(poses[:45] + found_anew + poses[64:]) == []


def test_a_slow_repetition_is_under_way_until_its_bottom_is_held_too_long() -> None:
    measurer, counter = Measurer(RULES), RepetitionCounter(RULES)
    for each in film(iter([standing()] * 30 + [squat(float(d)) for d in np.linspace(0, 1, 60)]), 45.0):
        counter.update(measurer.measure(each))
    assert counter.under_way("squat", 4.0) and not counter.under_way("push_up", 4.0)
    assert not counter.under_way("squat", 12.0)


def test_a_silent_recogniser_is_not_waited_for() -> None:
    measurer, counter = Measurer(RULES), RepetitionCounter(RULES)
    for each in film(cycle(squat, 1, 2.0, rest_s=1.5), 45.0):
        for rep in counter.update(measurer.measure(each)):
            assert each.time_s <= rep.end_s + 1.1
            return
    pytest.fail("the repetition was not decided before the film ended")


def rep(**changes: float) -> Repetition:
    return Repetition("squat", 1, 1.0, 2.0, 3.0, True, "because")


def fact(error: str, value: float, expected: tuple[float, float] = (0.0, 40.0), confidence: float = 0.9) -> Evidence:
    return Evidence(error, "q", value, "deg", expected, 2.0, 60, ("left_knee",), confidence=confidence, error=error)


def forms(label: str, prob: float = 0.9) -> list[TimelineSample]:
    return [TimelineSample(t, label, "squat", prob, True) for t in np.arange(1.0, 4.0, 0.1).tolist()]


def test_nothing_judged_is_unknown() -> None:
    graded = grade(rep(), (), ())
    assert graded.form == "unknown" and graded.score == 0.0


def test_all_inside_is_correct_with_a_full_score() -> None:
    graded = grade(rep(), (fact("too_shallow", 20.0), fact("forward_lean", 10.0)), ())
    assert graded.form == "correct" and graded.score == 100.0 and len(graded.evidence) == 2


def test_the_heaviest_measured_error_names_the_form_and_costs_points() -> None:
    graded = grade(rep(), (fact("too_shallow", 42.0), fact("forward_lean", 45.0)), ())
    assert graded.form == "forward_lean" and 60.0 < graded.score < 70.0


def test_an_unsure_measurement_is_no_error() -> None:
    assert grade(rep(), (fact("too_shallow", 60.0, confidence=0.2),), ()).form == "correct"


def test_a_confident_class_names_the_form_where_nothing_was_measured() -> None:
    assert grade(rep(), (), forms("squat_knees_inward")).form == "knees_inward"
    assert grade(rep(), (), forms("squat_correct")).form == "correct"
    assert grade(rep(), (), forms("squat_knees_inward", prob=0.4)).form == "unknown"


@pytest.mark.parametrize(("side", "form"), [("side", "unknown"), ("oblique", "knees_inward"), ("", "knees_inward")])
def test_an_error_that_cannot_be_seen_from_the_side_is_not_believed_there(side: str, form: str) -> None:
    assert grade(rep(), (), forms("squat_knees_inward"), side).form == form
    assert grade(rep(), (fact("too_shallow", 20.0),), forms("squat_knees_inward"), "side").form == "correct"


def test_a_clear_measurement_refutes_a_class_that_is_not_sure() -> None:
    inside = (fact("knees_inward", 20.0),)
    assert grade(rep(), inside, forms("squat_knees_inward", prob=0.7)).form == "correct"
    assert grade(rep(), inside, forms("squat_knees_inward", prob=0.95)).form == "knees_inward"


def test_a_slight_excess_is_forgiven_when_the_recogniser_sees_good_form() -> None:
    slight = (fact("too_shallow", 41.0),)
    assert grade(rep(), slight, ()).form == "too_shallow"
    assert grade(rep(), slight, forms("squat_correct")).form == "correct"
