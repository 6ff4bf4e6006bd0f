from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from fias_desktop.coach.coach import REMEMBERED, Coach
from fias_desktop.coach.guard import check
from fias_desktop.coach.llm.language_model import LanguageModel, OnText, Reply
from fias_desktop.coach.llm.number_grammar import number_grammar
from fias_desktop.coach.prompt import Prompt, build_prompt, numbers
from fias_desktop.coach.request import Request
from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import coach_model
from tests.unit.coach.coach_sets import correct_set, facts, knees_in_set, rules, unmeasured_set

TRUE = "2 of 3 squats were correct. Your knees moved inward in repetition 2. Next time, push your knees out."
FALSE = "You did 9 squats. Your elbows hurt. See a doctor."


class ScriptedModel:
    """Gives prepared answers, word by word; a FiasError among them is raised."""

    bundled = True

    def __init__(self, *answers: str | FiasError) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, float | None, int]] = []
        self.grammars: list[str] = []
        self.said: list[tuple[str, ...]] = []
        self.cancelled = False

    def ask(
        self,
        prompt: Prompt,
        on_text: OnText,
        *,
        temperature: float | None = None,
        seed: int = 0,
        grammar: str = "",
        max_tokens: int | None = None,
        top_p: float | None = None,
        said: Sequence[str] = (),
    ) -> Reply:
        self.asked.append((prompt.text, temperature, seed))
        self.grammars.append(grammar)
        self.said.append(tuple(said))
        answer = self._answers.pop(0)
        if isinstance(answer, FiasError):
            raise answer
        parts = answer.split()
        for end in range(1, len(parts) + 1):
            if self.cancelled:
                return Reply(" ".join(parts[:end]), True, math.nan, 0.1, end)
            on_text(" ".join(parts[:end]))
        return Reply(answer, False, 0.01, 0.1, len(parts))

    def cancel(self) -> None:
        self.cancelled = True


def ignore(_: str) -> None:
    """Hears nothing."""


def test_the_model_is_told_what_was_shown_of_late() -> None:
    model = ScriptedModel(*[TRUE] * (REMEMBERED + 2))
    coach = Coach(model, rules())
    for _ in range(REMEMBERED + 2):
        coach.advise(knees_in_set(), ignore)
    assert model.said[0] == ()
    assert model.said[2] == (TRUE, TRUE)
    assert len(model.said[-1]) == REMEMBERED


def test_a_true_answer_is_taken_and_streamed() -> None:
    heard: list[str] = []
    coach = Coach(ScriptedModel(TRUE), rules())
    advice = coach.advise(knees_in_set(), heard.append)
    assert advice is not None
    assert (advice.text, advice.source, advice.code) == (TRUE, "language model", "knees_inward")
    assert heard == [
        "2 of 3 squats were correct.",
        "2 of 3 squats were correct. Your knees moved inward in repetition 2.",
        TRUE,
        TRUE,
    ]
    assert coach.last is not None
    assert coach.last.prompt == coach.prompt(knees_in_set())


def test_the_second_try_is_at_another_temperature_and_seed() -> None:
    model = ScriptedModel(FALSE, TRUE)
    coach = Coach(model, rules())
    advice = coach.advise(knees_in_set(), ignore)
    assert advice is not None
    assert advice.source == "language model"
    (first, cold, seed), (second, warm, other) = model.asked
    assert first == second
    assert cold is not None and warm is not None and cold < warm
    assert seed != other
    assert coach.last is not None
    assert "speaks of health: hurt" in " ".join(coach.last.attempts[0].objections)


def test_the_model_may_write_no_number_but_those_it_was_told() -> None:
    model = ScriptedModel(TRUE)
    Coach(model, rules()).advise(knees_in_set(), ignore)
    assert model.grammars[0] == number_grammar(numbers(build_prompt(facts(knees_in_set()))))


def test_what_fails_twice_is_replaced_by_the_phrasebook() -> None:
    heard: list[str] = []
    coach = Coach(ScriptedModel(FALSE, FALSE), rules())
    advice = coach.advise(knees_in_set(), heard.append)
    assert advice is not None
    assert advice.source == "phrasebook"
    assert heard == [advice.text]  # nothing of what was false, not even for a moment
    assert check(advice.text, facts(knees_in_set())) == ()


def test_a_model_that_fails_is_reported_and_the_phrasebook_speaks() -> None:
    problem = FiasError("It stopped.", "Again.")
    coach = Coach(ScriptedModel(problem), rules())
    advice = coach.advise(knees_in_set(), ignore)
    assert advice is not None
    assert advice.source == "phrasebook"
    assert coach.last is not None
    assert coach.last.problem is problem


def test_without_a_model_the_phrasebook_speaks() -> None:
    coach = Coach(None, rules())
    advice = coach.advise(correct_set(), ignore)
    assert advice is not None
    assert (advice.source, advice.code) == ("phrasebook", "correct")


def test_no_measurement_no_advice_and_nobody_is_asked() -> None:
    model = ScriptedModel()
    assert Coach(model, rules()).advise(unmeasured_set(), ignore) is None
    assert model.asked == []


def test_a_question_is_answered_from_the_set_alone() -> None:
    model = ScriptedModel("In repetition 2 your knees moved inward at the bottom.")
    coach = Coach(model, rules())
    advice = coach.answer(knees_in_set(), Request(question="Why?"), ignore)
    assert advice is not None
    assert (advice.source, advice.code) == ("language model", "knees_inward")
    assert "Wanted: why this point matters most" in model.asked[0][0]
    assert [advice.evidence[i].rule_id for i in advice.links[0]] == ["squat_knees_inward"]


@pytest.mark.parametrize(("question", "said"), [("My knee hurts", "doctor"), ("Who won the cup?", "this workout")])
def test_what_the_coach_must_not_answer_is_never_given_to_the_model(question: str, said: str) -> None:
    model, heard = ScriptedModel(), list[str]()
    advice = Coach(model, rules()).answer(knees_in_set(), Request(question=question), heard.append)
    assert advice is not None
    assert said in advice.text and heard == [advice.text] and model.asked == []


def test_sentences_are_linked_to_what_they_rest_on() -> None:
    advice = Coach(ScriptedModel(TRUE), rules()).advise(knees_in_set(), ignore)
    assert advice is not None and len(advice.links) == 3
    proofs = [[advice.evidence[i].rule_id for i in row] for row in advice.links]
    assert proofs[0] == [] and proofs[1] == ["squat_knees_inward"]


def test_only_whole_sentences_that_hold_are_shown_while_it_writes() -> None:
    heard: list[str] = []
    half = "2 of 3 squats were correct. Your elbows flared out. Keep your knees out."
    Coach(ScriptedModel(half, half), rules()).advise(knees_in_set(), heard.append)
    assert heard[0] == "2 of 3 squats were correct."
    assert not any("elbows" in text for text in heard)


def test_a_cancelled_request_says_so_and_is_not_tried_again() -> None:
    model = ScriptedModel(TRUE, TRUE)
    coach = Coach(model, rules())
    coach.advise(knees_in_set(), lambda _: coach.cancel())
    assert coach.last is not None
    assert coach.last.cancelled
    assert len(model.asked) == 1


def test_the_same_set_is_asked_with_the_same_seed() -> None:
    one, two = ScriptedModel(TRUE), ScriptedModel(TRUE)
    Coach(one, rules()).advise(knees_in_set(), ignore)
    Coach(two, rules()).advise(knees_in_set(), ignore)
    assert one.asked == two.asked


@pytest.mark.skipif(not coach_model().is_file(), reason="the bundled language model has not been made yet")
def test_the_bundled_model_speaks_about_real_sets() -> None:
    model = LanguageModel(Path(coach_model()))
    model.start()
    try:
        coach = Coach(model, rules())
        for finished in (knees_in_set(), correct_set(), correct_set(previous=knees_in_set())):
            advice = coach.advise(finished, ignore)
            assert advice is not None
            assert coach.last is not None
            assert coach.last.problem is None
            assert check(advice.text, facts(finished)) == ()
            assert advice.source == "language model", coach.last.attempts
    finally:
        model.close()
    assert model.bundled
