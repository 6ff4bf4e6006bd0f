from __future__ import annotations

import math
from pathlib import Path

import pytest

from fias_desktop.coach.coach import Coach
from fias_desktop.coach.guard import check
from fias_desktop.coach.language_model import LanguageModel, OnText, Reply
from fias_desktop.coach.prompt import Prompt
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
        self.asked: list[tuple[str, float, int]] = []
        self.cancelled = False

    def ask(self, prompt: Prompt, on_text: OnText, *, temperature: float = 0.4, seed: int = 0) -> Reply:
        self.asked.append((prompt.text, temperature, seed))
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


def test_a_true_answer_is_taken_and_streamed() -> None:
    heard: list[str] = []
    coach = Coach(ScriptedModel(TRUE), rules())
    advice = coach.advise(knees_in_set(), heard.append)
    assert advice is not None
    assert (advice.text, advice.source, advice.code) == (TRUE, "language model", "knees_inward")
    assert heard[0] == "2"
    assert heard[-1] == TRUE
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
    assert cold < warm
    assert seed != other
    assert coach.last is not None
    assert "speaks of health: hurt" in " ".join(coach.last.attempts[0].objections)


def test_what_fails_twice_is_replaced_by_the_phrasebook() -> None:
    heard: list[str] = []
    coach = Coach(ScriptedModel(FALSE, FALSE), rules())
    advice = coach.advise(knees_in_set(), heard.append)
    assert advice is not None
    assert advice.source == "phrasebook"
    assert heard[-1] == advice.text
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
