from __future__ import annotations

import itertools

import pytest

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.guard import check
from fias_desktop.coach.languages import LANGUAGES
from fias_desktop.coach.phrasebook import declined, phrase
from fias_desktop.coach.request import SUMMARY, TOPICS, VOICES, Request
from fias_desktop.domain.exercises import ERRORS
from fias_desktop.domain.types import ExerciseSet
from tests.unit.coach.coach_sets import correct_set, facts, knees_in_set, repetition, rules, unmeasured_set

EVERY_REQUEST = [Request(*row) for row in itertools.product(TOPICS, VOICES, LANGUAGES)]


def test_it_says_where_when_how_much_and_what_next() -> None:
    advice = phrase(facts(knees_in_set()), time_s=9.0)
    for said in ("2 of", "3 squats", "repetition 2", "your knees moved inward at the bottom", "0.72", "at least 0.85"):
        assert said in advice.text
    assert "push your knees out over your toes" in advice.text
    assert (advice.code, advice.severity, advice.source, advice.time_s) == ("knees_inward", 3, "phrasebook", 9.0)


def test_the_same_set_gets_the_same_words_and_other_sets_others() -> None:
    texts = {phrase(facts(correct_set(number))).text.replace(str(number), "N") for number in range(2, 12)}
    assert phrase(facts(correct_set(5))).text == phrase(facts(correct_set(5))).text
    assert len(texts) >= 4


def test_it_praises_a_correct_set_and_names_progress() -> None:
    advice = phrase(facts(correct_set(previous=knees_in_set())))
    assert "all 4 squats were correct" in advice.text.lower() or "4 of 4 squats were correct" in advice.text
    assert "2 of 3" in advice.text and ("step forward" in advice.text or "better" in advice.text)
    assert (advice.code, advice.severity) == ("correct", 0)


def test_there_is_no_advice_without_a_measurement() -> None:
    with pytest.raises(ValueError, match="measurement"):
        phrase(facts(unmeasured_set()))


def test_what_is_not_the_coachs_is_declined() -> None:
    found = facts(knees_in_set())
    assert "doctor" in declined("health", found, Request()).text
    assert "醫師" in declined("health", found, Request(language="zh_TW")).text
    assert "this workout" in declined("other", found, Request()).text


def _set(exercise: str, error: str, measured: bool) -> ExerciseSet:
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
    return ExerciseSet(exercise, 0.0, 3.0, (rep,), f"{exercise}_correct", 0.8)


@pytest.mark.parametrize(("exercise", "error"), [(name, code) for name, codes in ERRORS.items() for code in codes])
@pytest.mark.parametrize("measured", [True, False])
def test_every_error_has_sentences_that_the_guard_accepts(exercise: str, error: str, measured: bool) -> None:
    found = facts(_set(exercise, error, measured))
    assert found.findings[0].error == error
    assert (found.findings[0].worst is not None) == measured
    for request in EVERY_REQUEST:
        text = phrase(found, request).text
        assert check(text, found, request) == (), (request, text)


@pytest.mark.parametrize(
    "found",
    [
        facts(knees_in_set()),
        facts(knees_in_set(correct_set())),
        facts(correct_set(1)),
        facts(correct_set(6, knees_in_set())),
        facts(correct_set(6, correct_set())),
        facts(ExerciseSet("squat", 0, 3, (repetition(1, "unknown", {"squat_too_shallow": 90}),), "idle", 0.4)),
        facts(
            ExerciseSet("squat", 0, 3, (repetition(1, "unknown", {"squat_too_shallow": 90}, "squat", False),), "", 0.4)
        ),
    ],
    ids=("fault", "fault again", "one correct", "better", "same", "not judged", "none counted"),
)
def test_every_topic_voice_and_language_passes_the_guard(found: Facts) -> None:
    for request in EVERY_REQUEST:
        text = phrase(found, request).text
        assert check(text, found, request) == (), (request, text)


def test_a_lively_voice_is_livelier_and_a_brief_one_brief() -> None:
    found = facts(correct_set(6))
    calm, lively, brief = (phrase(found, Request(SUMMARY, voice)).text for voice in VOICES)
    assert "!" in lively and "!" not in calm
    assert len(brief) < len(calm)
