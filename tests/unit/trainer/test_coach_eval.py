from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from fias_desktop.coach.coach import Coach
from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.llm.language_model import OnText, Reply
from fias_desktop.coach.phrasebook import phrase
from fias_desktop.coach.prompt import Prompt, build_prompt
from fias_desktop.coach.request import SUMMARY, VOICES, Request
from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import exercise_rules
from trainer.coach.corpus import samples
from trainer.coach.evaluate import figures
from trainer.coach.evaluation.cases import QUESTIONS, SAME_ERROR_SETS, Case, questions, same_errors, summaries
from trainer.coach.evaluation.figures import Share, figures_of, training_texts, variety_of
from trainer.coach.evaluation.planting import planted_texts, shares, true_texts
from trainer.coach.evaluation.telling import MAX_FAILURES, tell
from trainer.coach.held_out import held_out
from trainer.coach.train import read_recipe
from trainer.coach_eval import main, name_of, parse, texts_of, write_spoken

RULES = exercise_rules()
WRONG = "Your left eyebrow moved 999 degrees."


class Model:
    """Answers from a table of prompts, with what is wrong where it has none; what is in `failing` fails."""

    def __init__(self, answers: dict[str, str], failing: bool = False) -> None:
        self.answers, self.failing = answers, failing

    @property
    def bundled(self) -> bool:
        return True

    def ask(
        self,
        prompt: Prompt,
        on_text: OnText,
        *,
        temperature: float = 0.4,
        seed: int = 0,
        grammar: str = "",
        max_tokens: int | None = None,
        top_p: float | None = None,
        said: Sequence[str] = (),
    ) -> Reply:
        if self.failing:
            raise FiasError("It failed.", "Try again.")
        text = self.answers.get(prompt.text, WRONG)
        on_text(text)
        return Reply(text, False, 0.02, 0.1, 20)

    def cancel(self) -> None:
        pass


def _answers(cases: Sequence[Case]) -> dict[str, str]:
    return {build_prompt(c.facts, c.request).text: phrase(c.facts, c.request).text for c in cases}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_cases_are_held_out_and_the_same_every_time() -> None:
    cases = summaries(3, RULES)
    assert [case.request.language for case in cases] == ["en", "zh_TW"] * 3
    assert [case.request.voice for case in cases[::2]] == list(VOICES)
    assert all(held_out(case.facts) for case in cases)
    assert cases == summaries(3, RULES)
    assert {case.request.topic for case in questions(5, RULES)} == set(QUESTIONS)


def test_groups_of_the_same_error() -> None:
    groups = same_errors(1, RULES)
    assert [len(group) for group in groups] == [SAME_ERROR_SETS] * 2
    assert {(c.facts.exercise, c.facts.findings[0].error) for group in groups for c in group} == {
        ("squat", "too_shallow")
    }


def test_what_the_guard_refuses_is_told_by_the_phrasebook() -> None:
    cases = summaries(2, RULES)
    answers = _answers(cases[:1])
    told = list(tell(Coach(Model(answers), RULES), cases))
    assert [row.by_model for row in told] == [True, False, False, False]
    assert told[1].first == WRONG
    assert told[1].shown == told[1].phrasebook
    assert [len(row.objections) for row in told] == [1, 2, 2, 2]
    measured = figures(told, 2)
    assert measured.faithful["en"] == 0.5
    assert (measured.faithful_shown, measured.fallback) == (1.0, 0.75)


def test_a_model_that_fails_again_and_again_is_named() -> None:
    cases = summaries(2, RULES)
    told = list(tell(Coach(Model({}, failing=True), RULES), cases[: MAX_FAILURES - 1]))
    assert [(row.first, row.by_model) for row in told] == [("", False)] * 2
    with pytest.raises(FiasError, match="It failed"):
        list(tell(Coach(Model({}, failing=True), RULES), cases))


def test_the_share_verbatim_counts_whole_texts() -> None:
    facts = Facts("squat", 3, 0, 3, "squat_correct", 0.9)
    case = Case(summaries(1, RULES)[0].finished, facts, Request())
    found = figures_of(["Well done.", "All 3 squats were correct."], [case, case], frozenset({"Well done."}))
    assert found.verbatim == Share(1, 2)
    assert found.verbatim.percent == 50.0
    assert figures_of(["Well done."], [case], frozenset()).verbatim == Share(0, 0)


def test_training_texts_are_those_that_are_trained_on() -> None:
    made = training_texts(10, 5, RULES)
    assert made == {sample.advice for sample in islice(samples(5, RULES), 10)}
    recipe = read_recipe(Path("trainer/recipes/coach.toml"))
    assert texts_of(recipe) >= recipe.steps * recipe.batch


def test_variety_of_hand_made_texts() -> None:
    same = variety_of(["Knees out now.", "Knees out now."], "en")
    assert (same.distinct, same.repeated) == (0.5, 0.5)
    other = variety_of(["Knees out now.", "Go 3 lower. Rest."], "en")
    assert (other.distinct, other.repeated) == (1.0, 0.0)
    numbered = variety_of(["You did 5 squats.", "You did 7 squats."], "en")
    assert numbered.repeated == 0.5
    chinese = variety_of(["膝蓋往外。", "膝蓋往外。"], "zh_TW")
    assert (chinese.distinct, chinese.repeated) == (0.5, 0.5)
    assert variety_of([""], "en").repeated == 1.0


def test_the_spoken_tables_are_written(tmp_path: Path) -> None:
    cases = summaries(2, RULES) + questions(5, RULES)
    given = parse(["--sets", "2", "--errors", "1", "--training-texts", "40", "--out", str(tmp_path)])
    write_spoken(Coach(Model(_answers(cases)), RULES), given, RULES)
    main_rows = _rows(tmp_path / "coach.csv")
    assert [row["language"] for row in main_rows] == ["English"] * 3 + ["Chinese"] * 3
    assert all(row["faithful, %"].startswith("100.0") for row in main_rows)
    assert {row["by the phrasebook, %"][:4] for row in main_rows if row["by the phrasebook, %"]} == {"0.0 "}
    assert {row["topic"] for row in _rows(tmp_path / "coach_questions.csv")} == {*QUESTIONS[:2], "all"}
    assert [row["errors"] for row in _rows(tmp_path / "coach_variety.csv")] == ["1"] * 4
    text = (tmp_path / "coach.md").read_text(encoding="utf-8")
    assert "python -m trainer coach-eval --sets 2 --errors 1 --training-texts 40" in text
    assert "40 training texts" in text
    assert (tmp_path / "coach_objections.md").is_file()


def test_planted_errors_and_true_texts_are_told_apart() -> None:
    always = planted_texts(8, RULES, guard=_by_marks)
    assert len(always) == 16
    assert {row.kind for row in always} == {
        "joint", "side", "number", "error", "exercise", "direction", "unsafe", "phase",
    }  # fmt: skip
    assert shares(true_texts(2, RULES, guard=_by_marks))[0] == Share(0, 8)
    assert shares(true_texts(2, RULES, guard=lambda *_: ("no",)))[0] == Share(8, 8)


def _by_marks(text: str, facts: Facts, request: Request) -> Sequence[str]:
    return ()


def test_the_command_writes_the_planted_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "planted", "--planted", "8", "--out", str(tmp_path)]) == 0
    rows = _rows(tmp_path / "coach_planted.csv")
    assert len(rows) == 22
    assert "coach-eval --planted 8 --only planted" in capsys.readouterr().out


def test_another_model_gets_its_own_tables() -> None:
    assert name_of(parse([])) == "coach"
    assert name_of(parse(["--model", "Big Model-3B.gguf"])) == "coach_big_model_3b"
    assert name_of(parse(["--model", "x.gguf", "--name", "mine"])) == "mine"
    assert parse([]).sets == 1000
    assert SUMMARY not in QUESTIONS
