from __future__ import annotations

import itertools

import pytest

from fias_desktop.coach.languages import LANGUAGES, words_of
from fias_desktop.coach.prompt import build_prompt, numbers
from fias_desktop.coach.request import TOPICS, VOICES, Request
from fias_desktop.domain.exercises import ERRORS
from tests.unit.coach.coach_sets import correct_set, facts, knees_in_set

EVERY_REQUEST = [Request(*row) for row in itertools.product(TOPICS, VOICES, LANGUAGES)]


def test_the_prompt_tells_class_values_ranges_heat_and_counts() -> None:
    lines = build_prompt(facts(knees_in_set())).text.splitlines()
    assert lines[0] == "Set: 3 squats, 2 of 3 correct"
    assert lines[1] == "Seen as: knees moving inward, 93 percent"
    assert lines[2] == (
        "Fault: knees moving inward in 1 of 3, worst in repetition 2 at the bottom:"
        " knee spacing 0.72 times the ankle spacing, expected at least 0.85"
    )
    assert lines[3] == "Good at the bottom: knee angle 90 degrees, expected at most 105"
    assert lines[4] == "Hottest: left knee 24, right knee 21, left hip 11 percent, most at the bottom"
    assert lines[5] == "Parts: beginning left hip, bottom left knee, end right knee"
    assert lines[-3:] == ["Wanted: advice after the set", "Voice: calm", "Advice:"]


def test_the_chinese_prompt_tells_the_same_numbers() -> None:
    finished = facts(knees_in_set(correct_set()))
    english, chinese = (build_prompt(finished, Request(language=language)) for language in LANGUAGES)
    assert sorted(numbers(english)) == sorted(numbers(chinese))
    assert chinese.text.splitlines()[0] == "本組：3下深蹲，3下中2下正確"
    assert "第2下最低點：膝蓋間距0.72倍腳踝間距，應該至少0.85" in chinese.text


def test_the_face_is_never_told() -> None:
    assert "nose" not in build_prompt(facts(knees_in_set())).text


def test_the_previous_set_is_told_with_the_fault_it_had() -> None:
    text = build_prompt(facts(correct_set(previous=knees_in_set()))).text
    assert "Last set: 2 of 3 correct, now better" in text
    assert "Fault: none found" in text
    worse = build_prompt(facts(knees_in_set(previous=knees_in_set()))).text
    assert "Last set: 2 of 3 correct, this fault in 1, now same" in worse


@pytest.mark.parametrize("request_", EVERY_REQUEST, ids=str)
def test_only_what_is_wanted_differs_between_requests(request_: Request) -> None:
    found, words = facts(knees_in_set()), words_of(request_.language)
    text = build_prompt(found, request_).text
    plain = build_prompt(found, Request(language=request_.language)).text
    assert text.splitlines()[:-3] == plain.splitlines()[:-3]
    assert words.topics[request_.topic] in text
    assert words.voices[request_.voice] in text


def test_instructions_and_the_athletes_words_are_only_for_other_models() -> None:
    prompt = build_prompt(facts(correct_set()), Request("why", "brief", "en", "Why so low?"))
    assert prompt.shown(bundled=True) == prompt.text
    assert "Why so low?" not in prompt.text
    assert prompt.shown(bundled=False) == f"{prompt.instructions}\n\n{prompt.text}"
    assert "Why so low?" in prompt.instructions and "brief" in prompt.instructions


def test_every_language_has_every_word() -> None:
    english, chinese = LANGUAGES["en"], LANGUAGES["zh_TW"]
    assert english.errors.keys() == chinese.errors.keys() == {(name, code) for name in ERRORS for code in ERRORS[name]}
    for table in ("exercises", "quantities", "below_zero", "measures", "phases", "praise_cues", "topics", "voices"):
        assert getattr(english, table).keys() == getattr(chinese, table).keys(), table
    for key, words in chinese.errors.items():
        assert len(words.cues) == len(set(words.cues)) >= 2 and words.mended, key
        assert max(len(cue) for cue in words.cues) <= 10, key
    assert max(len(cue.split()) for words in english.errors.values() for cue in words.cues) <= 6


def test_other_languages_are_answered_in_english() -> None:
    assert words_of("de").language == "en" and words_of("").language == "en"
    assert words_of("zh_TW").language == words_of("zh-Hant-TW").language == "zh_TW"
