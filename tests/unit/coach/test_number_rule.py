from __future__ import annotations

from dataclasses import asdict
from itertools import islice

import pytest

from fias_desktop.coach.number_phrases import NumberPhrases, phrases_from
from fias_desktop.coach.number_rule import NumberRule
from fias_desktop.coach.prompt import build_prompt
from fias_desktop.resources import exercise_rules
from trainer.coach.corpus import samples

PHRASES = NumberPhrases(
    common=("repetition 4", "8 squats", "in 3 of 8"),
    opening=("5 of 8 squats",),
    groups=(("knee angle was 120 degrees", "at most 105"), ("foot spacing was 0.51 shoulder widths", "at least 0.62")),
)


def refused_at(text: str, phrases: NumberPhrases = PHRASES) -> str:
    """The text up to the first character that must not be written; empty when all may."""
    rule = NumberRule(phrases)
    for i, character in enumerate(text):
        if not rule.after(text[:i]).permits(character):
            return text[: i + 1]
    return ""


@pytest.mark.parametrize(
    "text",
    [
        " You did 8 squats.",
        " 5 of 8 squats were correct. In repetition 4 the knee angle was 120 degrees, where at most 105 is expected.",
        " Your knees moved in 3 of 8. The foot spacing was 0.51 shoulder widths, and at least 0.62 is right.",
        " The knee angle was 120 degrees. The foot spacing was 0.51 shoulder widths.",
    ],
)
def test_the_given_numbers_may_be_said_in_their_places(text: str) -> None:
    assert refused_at(text) == ""


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (" You did 9 squats.", " You did 9"),
        (" In repetition 5 you", " In repetition 5"),
        (" The knee angle was 105 degrees", " The knee angle was 10"),
        (" Expected is at most 120", " Expected is at most 12"),
        (" The knee angle was 120 degrees, at least 0.62", " The knee angle was 120 degrees, at least 0"),
        (" The knee angle was 120 times", " The knee angle was 120 t"),
        (" The foot spacing was 0.55", " The foot spacing was 0.55"),
        (" Your back was at 30 degrees", " Your back was at 3"),
        (" Then 5 of 8 squats", " Then 5"),
        (" You did 8 lunges", " You did 8 l"),
    ],
)
def test_any_other_number_cannot_be_written(text: str, where: str) -> None:
    assert refused_at(text) == where


def test_a_piece_of_several_characters_must_fit_too() -> None:
    rule = NumberRule(PHRASES)
    assert rule.after(" In repetition ").permits("4")
    assert not rule.after(" In repetition ").permits("42")
    assert rule.after(" You did 8").permits(" squats")
    assert rule.after(" You did 8").permits(" sq")
    assert not rule.after(" You did 8").permits(" push")
    assert rule.after(" You").permits(" did")


def test_without_phrases_there_are_no_digits() -> None:
    assert refused_at(" Well done, keep going!", NumberPhrases()) == ""
    assert refused_at(" You did 3", NumberPhrases()) == " You did 3"


def test_the_phrases_survive_the_way_to_the_child() -> None:
    assert phrases_from(asdict(PHRASES)) == PHRASES


def test_every_generated_advice_can_be_written() -> None:
    for sample in islice(samples(11, exercise_rules()), 40):
        assert refused_at(" " + sample.advice, build_prompt(sample.facts).phrases) == ""
