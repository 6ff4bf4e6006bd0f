from __future__ import annotations

import itertools
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.languages import LANGUAGES
from fias_desktop.coach.phrasebook import phrase
from fias_desktop.coach.request import TOPICS, VOICES, Request
from fias_desktop.resources import exercise_rules
from tests.unit.coach.coach_sets import correct_set, facts, knees_in_set
from trainer.coach.corpus import held_out_facts
from trainer.coach.grammar import write
from trainer.coach.judge import judge
from trainer.coach.planted import KINDS, SIDE, plant

FOUND = facts(knees_in_set(correct_set()))
ENGLISH, CHINESE = Request(), Request(language="zh_TW")
EVERY_REQUEST = [Request(*row) for row in itertools.product(TOPICS, VOICES, LANGUAGES)]

TRUE = (
    "Your knees moved inward in 1 of 3. In repetition 2 the knee spacing was 0.72 times the ankle spacing.",
    "You did three squats, and 2 of 3 were correct. Push your knees out over your toes.",
    "Your left knee stood out at the bottom. Rest a little before the next set.",
    "The last set had 4 of 4 correct, and this one has 2 of 3: a small step back.",
)
WRONG = {
    "Your knees moved inward in 2 of 3.": "number",
    "The knee spacing was 0.73 times the ankle spacing.": "number",
    "At most 0.85 was expected for the knee spacing.": "number",
    "Your knees moved inward in repetition 3.": "number",
    "You did five squats.": "number",
    "The last set had 3 of 4 correct.": "number",
    "Your right hip stood out at the bottom.": "joint",
    "Your wrists moved a lot.": "part",
    "Your upper body leaned too far forward.": "error",
    "You cut the depth short.": "error",
    "Good work in your lunges.": "exercise",
    "The bench press comes next.": "exercise",
    "Push your knees in over your toes.": "direction",
    "Your knees moved outward in 1 of 3.": "direction",
    "Your left knee stood out at the end.": "phase",
    "All of your squats were correct.": "claim",
    "This is better than the last set.": "claim",
    "I could not judge the form.": "claim",
    "The knee spacing was very steady.": "claim",
    "Push through the pain.": "unsafe",
    "The elbow angle was fine.": "quantity",
    "做得好。": "language",
}
WRONG_CHINESE = {
    "3下中有2下膝蓋內扣。": "number",
    "第3下膝蓋內扣。": "number",
    "你做了五下深蹲。": "number",
    "右肩在最低點最明顯。": "joint",
    "手腕也要注意。": "part",
    "你蹲得不夠深。": "error",
    "弓箭步做得不錯。": "exercise",
    "把膝蓋往內推，對準腳尖。": "direction",
    "左膝在結束時最明顯。": "phase",
    "3下深蹲全部正確。": "claim",
    "比上一組進步了。": "claim",
    "會痛也要做完。": "unsafe",
    "做得好，nice。": "language",
    "这组做得很好。": "language",
}


@pytest.mark.parametrize("text", TRUE)
def test_what_is_so_passes(text: str) -> None:
    assert judge(text, FOUND, ENGLISH).problems == ()


@pytest.mark.parametrize(("text", "kind"), WRONG.items())
def test_what_is_not_so_is_found(text: str, kind: str) -> None:
    problems = judge(text, FOUND, ENGLISH).problems
    assert kind in {problem.split(":")[0] for problem in problems}, problems


@pytest.mark.parametrize(("text", "kind"), WRONG_CHINESE.items())
def test_what_is_not_so_is_found_in_chinese(text: str, kind: str) -> None:
    problems = judge(text, FOUND, CHINESE).problems
    assert kind in {problem.split(":")[0] for problem in problems}, problems


def test_the_main_error_is_named_or_not() -> None:
    assert judge("Your knees moved inward in 1 of 3.", FOUND, ENGLISH).names_main
    assert judge("The knees fell inward.", FOUND, ENGLISH).names_main
    assert not judge("You did 3 squats.", FOUND, ENGLISH).names_main
    assert judge("All 4 squats were correct.", facts(correct_set()), ENGLISH).names_main


def test_a_verdict_that_does_not_fit_is_no_lookup() -> None:
    assert judge("You nailed all 3 squats!", FOUND, ENGLISH).problems
    assert judge("這3下深蹲可以當範本了。", FOUND, CHINESE).problems


def _held_out(count: int, seed: int) -> list[Facts]:
    return list(islice(held_out_facts(seed, exercise_rules()), count))


def test_true_texts_of_the_grammar_and_the_phrasebook_pass() -> None:
    rng = np.random.default_rng(8)
    for found, request in zip(_held_out(36, 8), EVERY_REQUEST, strict=True):
        for text in (
            write(found, request, rng),
            write(found, request, rng, held_out=True),
            phrase(found, request).text,
        ):
            assert judge(text, found, request).problems == (), (request, text)
            assert judge(text, found, request, whole=False).problems == (), (request, text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_planted_errors_are_found(kind: str, language: str) -> None:
    rng = np.random.default_rng(9)
    request = Request(language=language)
    missed: list[str] = []
    planted = 0
    for found in _held_out(40, 9):
        text = write(found, request, rng, held_out=True)
        wrong = plant(kind, text, found, request, rng)
        if wrong is not None:
            planted += 1
            assert wrong != text
            missed += [wrong] if judge(wrong, found, request).faithful else []
    assert planted >= 5
    assert len(missed) <= 0.05 * planted, missed


def test_what_has_no_place_is_not_planted() -> None:
    rng = np.random.default_rng(1)
    nothing = Facts("squat", 3, 0, 3, "squat_correct", 0.9)
    assert plant("direction", "Keep it up.", nothing, ENGLISH, rng) is None
    assert plant("phase", "Keep it up.", nothing, ENGLISH, rng) is None
    assert plant(SIDE, "Your left knee stood out.", FOUND, ENGLISH, np.random.default_rng(0)) is not None


def test_judge_and_planter_know_nothing_of_the_guard() -> None:
    folder = Path("trainer/coach")
    sources = [*folder.glob("judge/*.py"), *folder.glob("planted/*.py")]
    assert len(sources) > 10
    assert not [path for path in sources if "coach.guard" in path.read_text(encoding="utf-8")]
