from __future__ import annotations

import pytest

from fias_desktop.coach.guard import check
from fias_desktop.coach.phrasebook import phrase
from fias_desktop.domain.exercises import ERRORS
from fias_desktop.domain.types import ExerciseSet
from tests.unit.coach.coach_sets import correct_set, facts, knees_in_set, repetition, rules, unmeasured_set


def test_it_says_where_when_how_much_and_what_next() -> None:
    advice = phrase(facts(knees_in_set()), time_s=9.0)
    assert advice.text == (
        "You did 3 squats, 2 of them correct. In repetition 2 your knees moved inward at the bottom: the knee spacing"
        " was 0.72 times the ankle spacing, where at least 0.85 is expected. In the next set, push your knees out over"
        " your toes."
    )
    assert (advice.code, advice.severity, advice.source, advice.time_s) == ("knees_inward", 3, "phrasebook", 9.0)


def test_it_praises_a_correct_set_and_names_progress() -> None:
    advice = phrase(facts(correct_set(previous=knees_in_set())))
    assert advice.text.startswith("Well done: all 4 squats were correct.")
    assert "Last time 2 of 3 were correct, now 4 of 4: a step forward." in advice.text
    assert (advice.code, advice.severity) == ("correct", 0)


def test_there_is_no_advice_without_a_measurement() -> None:
    with pytest.raises(ValueError, match="measurement"):
        phrase(facts(unmeasured_set()))


@pytest.mark.parametrize(("exercise", "error"), [(name, code) for name, codes in ERRORS.items() for code in codes])
@pytest.mark.parametrize("measured", [True, False])
def test_every_error_has_sentences_that_the_checker_accepts(exercise: str, error: str, measured: bool) -> None:
    rows = [rule for entry in rules() if entry.exercise == exercise for rule in entry.rules]
    values = {}
    for rule in rows:
        low, high = rule.expected
        wrong = (
            low - 0.3 * abs(low) if error in ("knees_inward", "feet_too_close", "hips_sag") else high + 0.3 * abs(high)
        )
        right = high if error in ("knees_inward", "feet_too_close") else (low + high) / 2
        if measured or rule.error != error:
            values[rule.rule_id] = wrong if rule.error == error else right
    rep = repetition(1, error, values, exercise=exercise)
    found = facts(ExerciseSet(exercise, 0.0, 3.0, (rep,), f"{exercise}_correct", 0.8))
    assert found.findings[0].error == error
    assert (found.findings[0].worst is not None) == measured
    assert check(phrase(found).text, found) == ()
