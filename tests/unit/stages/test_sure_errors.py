"""What is known of a repetition before its end: what is under way, and which errors are sure enough to be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fias_desktop.coach.words import LOW_SIDE
from fias_desktop.domain.exercises import GROUPS
from fias_desktop.domain.types import Evidence, Repetition, TimelineSample
from fias_desktop.resources import exercise_rules
from fias_desktop.stages.measure import Measurer
from fias_desktop.stages.repetitions import (
    ErrorHint,
    RepetitionCounter,
    beyond,
    grade,
    sure_errors,
    suspected_errors,
)
from fias_desktop.stages.repetitions.grading import BELOW_RANGE
from tests.unit.stages.stick_figure import film, squat, standing

RULES = exercise_rules()
REP = Repetition("squat", 1, 1.0, 2.0, 3.0, True, "because")
DOWN = [standing()] * 30 + [squat(float(depth)) for depth in np.linspace(0, 1, 30)]


def so_far(depths: list[float]) -> list[Repetition | None]:
    """What is under way at every picture of a squat that goes down and then to these depths, 30 pictures a second."""
    measurer, counter, found = Measurer(RULES), RepetitionCounter(RULES), []
    for each in film(iter(DOWN + [squat(depth) for depth in depths]), 45.0):
        assert counter.update(measurer.measure(each)) == ()
        found.append(counter.so_far())
    return found


def hints(probs: dict[str, float], first_s: float = 2.0, last_s: float = 3.0) -> list[ErrorHint]:
    times = np.arange(first_s, last_s, 0.1).tolist()
    return [ErrorHint(time_s, {f"squat_{error}": prob for error, prob in probs.items()}) for time_s in times]


def fact(error: str, value: float, confidence: float = 0.9) -> Evidence:
    return Evidence(error, "q", value, "deg", (0.0, 40.0), 2.0, 60, ("left_knee",), confidence=confidence, error=error)


def measured(*facts: Evidence) -> Repetition:
    return replace(REP, evidence=facts)


def test_a_repetition_is_known_soon_after_its_bottom_and_not_on_the_way_down() -> None:
    found = so_far(np.linspace(1.0, 0.6, 15).tolist())
    known = [i for i, rep in enumerate(found) if rep is not None]
    assert found[-1] is not None
    assert (found[-1].exercise, found[-1].counted) == ("squat", True)
    assert found[-1].bottom_s == pytest.approx(2.0, abs=0.1)
    assert 55 < known[0] < 70


def test_a_held_bottom_is_known_before_the_way_up() -> None:
    found = so_far([1.0] * 30)
    assert found[-1] is not None and found[-1].counted


def test_asking_decides_nothing() -> None:
    measurer, counter = Measurer(RULES), RepetitionCounter(RULES)
    for each in film(iter(DOWN + [squat(0.7)] * 10), 45.0):
        counter.update(measurer.measure(each))
    first, second = counter.so_far(), counter.so_far()
    assert first == second
    assert [rep.index for rep in counter.finish() if rep.counted] in ([], [1])


def test_standing_is_nothing_under_way() -> None:
    measurer, counter = Measurer(RULES), RepetitionCounter(RULES)
    for each in film(iter([standing()] * 60), 45.0):
        counter.update(measurer.measure(each))
    assert counter.so_far() is None


def test_what_would_not_count_is_only_named_after_what_the_person_does() -> None:
    measurer, counter = Measurer(RULES), RepetitionCounter(RULES)
    probs = tuple(float(group == "squat") for group in GROUPS)
    poses = list(film(iter([standing()] * 30 + [squat(float(depth)) for depth in np.linspace(0, 0.25, 20)]), 45.0))
    for each in poses:
        counter.update(measurer.measure(each))
    assert counter.so_far() is None
    counter.inform(TimelineSample(poses[-1].time_s, "squat_correct", "squat", 0.9, True, probs))
    rep = counter.so_far()
    assert rep is not None
    assert (rep.exercise, rep.counted) == ("squat", False)


def test_suspicion_is_the_mean_of_the_heads_from_the_bottom_on() -> None:
    said = [*hints({"knees_inward": 0.0}, 1.0, 1.75), *hints({"knees_inward": 0.8})]
    suspected = suspected_errors(REP, said)
    assert suspected is not None
    assert suspected["knees_inward"] == pytest.approx(0.8)
    assert suspected["too_shallow"] == 0.0


def test_too_few_windows_are_no_suspicion() -> None:
    assert suspected_errors(REP, hints({"knees_inward": 0.9}, 2.0, 2.25)) is None
    assert suspected_errors(REP, ()) is None


def test_what_cannot_be_seen_from_the_side_is_not_suspected_there() -> None:
    suspected = suspected_errors(REP, hints({"knees_inward": 0.9, "too_shallow": 0.9}), "side")
    assert suspected is not None
    assert "knees_inward" not in suspected
    assert suspected["too_shallow"] == pytest.approx(0.9)


def test_the_newest_windows_decide() -> None:
    """They have seen the most of the bottom: what grows is believed sooner, and what fades again is not."""
    before, after = hints({"knees_inward": 0.1}, 2.0, 2.45), hints({"knees_inward": 0.9}, 2.5, 2.85)
    suspected = suspected_errors(REP, before + after)
    assert suspected is not None and suspected["knees_inward"] == pytest.approx(0.9)
    fading = [replace(hint, probs={"squat_knees_inward": 1.0 - hint.probs["squat_knees_inward"]}) for hint in after]
    suspected = suspected_errors(REP, before + fading)
    assert suspected is not None and suspected["knees_inward"] == pytest.approx(0.1)


def test_what_comes_later_than_a_cue_may_is_left_out() -> None:
    slow = replace(REP, end_s=6.0)
    suspected = suspected_errors(slow, hints({"knees_inward": 0.9}, 2.0, 3.55) + hints({"knees_inward": 0.1}, 3.6, 6.0))
    assert suspected is not None and suspected["knees_inward"] == pytest.approx(0.9)


def test_errors_of_the_heads_are_sure_unless_a_measurement_refutes_them() -> None:
    assert sure_errors(REP, {"knees_inward": 0.8, "forward_lean": 0.75}) == ("knees_inward", "forward_lean")
    assert sure_errors(REP, {"knees_inward": 0.5}) == ()
    assert sure_errors(measured(fact("knees_inward", 20.0)), {"knees_inward": 0.8}) == ()
    assert sure_errors(measured(fact("knees_inward", 20.0)), {"knees_inward": 0.99}) == ()
    assert sure_errors(measured(fact("knees_inward", 5.0)), {"knees_inward": 0.8}) == ("knees_inward",)


@pytest.mark.parametrize(
    ("error", "inside", "outside", "beyond_the_other_bound"),
    [("too_shallow", 20.0, 50.0, -20.0), ("knees_inward", 20.0, -10.0, 60.0)],
)
def test_an_error_lies_on_one_side_of_its_range(
    error: str, inside: float, outside: float, beyond_the_other_bound: float
) -> None:
    assert beyond(fact(error, inside)) < 0
    assert beyond(fact(error, outside)) > 0
    assert beyond(fact(error, beyond_the_other_bound)) < beyond(fact(error, inside))
    deep = grade(REP, (fact(error, beyond_the_other_bound),), ())
    assert (deep.form, deep.score) == ("correct", 100.0)


def test_a_range_about_zero_has_its_error_on_both_sides() -> None:
    leaning = replace(fact("trunk_lean", -30.0), expected=(-25.0, 25.0))
    assert beyond(leaning) > 0
    assert beyond(replace(leaning, value=30.0)) > 0


def test_the_coach_tells_errors_by_the_same_side() -> None:
    assert set(LOW_SIDE) == BELOW_RANGE


def test_an_upright_trunk_sideways_does_not_refute_a_lean_forward() -> None:
    upright = replace(fact("trunk_lean", 20.0), quantity="trunk_tilt")
    assert sure_errors(measured(upright), {"trunk_lean": 0.8}) == ("trunk_lean",)


def test_measured_errors_are_sure_unless_the_heads_find_them_unlikely() -> None:
    rep = measured(fact("too_shallow", 46.0))
    assert sure_errors(rep, {"too_shallow": 0.4}) == ("too_shallow",)
    assert sure_errors(rep, {"too_shallow": 0.2}) == ()
    assert sure_errors(measured(fact("too_shallow", 46.0, confidence=0.2)), {"too_shallow": 0.4}) == ()


def test_without_heads_only_what_is_clear_and_the_form_are_sure() -> None:
    assert sure_errors(measured(fact("too_shallow", 46.0)), None) == ("too_shallow",)
    assert sure_errors(measured(fact("too_shallow", 41.0)), None) == ()
    assert sure_errors(replace(REP, form="knees_inward"), None) == ("knees_inward",)


def test_of_what_does_not_count_the_heads_must_be_surer() -> None:
    rep = replace(measured(fact("too_shallow", 80.0)), counted=False)
    assert sure_errors(rep, {"too_shallow": 0.8}) == ()
    assert sure_errors(rep, {"too_shallow": 0.95}) == ("too_shallow",)
    assert sure_errors(rep, None) == ()
