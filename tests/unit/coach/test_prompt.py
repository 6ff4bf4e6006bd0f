from __future__ import annotations

from fias_desktop.coach.prompt import INSTRUCTIONS, build_prompt
from tests.unit.coach.coach_sets import correct_set, facts, knees_in_set


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
    assert lines[-1] == "Advice:"


def test_the_face_is_never_told() -> None:
    assert "nose" not in build_prompt(facts(knees_in_set())).text


def test_the_previous_set_is_told() -> None:
    text = build_prompt(facts(correct_set(previous=knees_in_set()))).text
    assert "Last set: 2 of 3 correct, now better" in text
    assert "Fault: none found" in text


def test_instructions_are_shown_only_for_other_models() -> None:
    prompt = build_prompt(facts(correct_set()))
    assert prompt.shown(bundled=True) == prompt.text
    assert prompt.shown(bundled=False) == f"{INSTRUCTIONS}\n\n{prompt.text}"
