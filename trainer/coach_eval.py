"""`python -m trainer coach-eval`: is what the coach says true, understandable and varied, and does the guard hold?

A GGUF file speaks about held-out sets through the child process, guard and phrasebook that serve the person; a second
checker reads every text. Writes coach, coach_questions, coach_variety, coach_objections and coach_planted into
docs/results (for another model than the bundled one with the file's name behind `coach`).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from rich.progress import track

from fias_desktop.coach.coach import Coach
from fias_desktop.domain.exercises import ExerciseRule
from fias_desktop.resources import coach_model, exercise_rules
from trainer.coach.corpus import ANSWERS
from trainer.coach.evaluation.cases import Case, questions, same_errors, summaries
from trainer.coach.evaluation.figures import Texts, training_texts
from trainer.coach.evaluation.planting import planted_texts, true_texts
from trainer.coach.evaluation.tables import (
    objection_table,
    planted_table,
    question_table,
    summary_table,
    variety_table,
)
from trainer.coach.evaluation.telling import Told, served, tell
from trainer.coach.train import CoachRecipe, read_recipe
from trainer.tables.report import RESULTS, Report, write

SUMMARIES, QUESTIONS, VARIETY, PLANTED = PARTS = ("summaries", "questions", "variety", "planted")
_RECIPE = Path(__file__).parent / "recipes" / "coach.toml"


def main(argv: Sequence[str]) -> int:
    """Measure one model and write its tables; FiasError when it cannot be loaded or fails."""
    given = parse(argv)
    rules = exercise_rules()
    if PLANTED in given.only:
        _write_planted(given, rules)
    if {*given.only} - {PLANTED}:
        path = given.model or coach_model()
        with served(path, given.threads) as coach:
            write_spoken(coach, given, rules)
    return 0


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options of the command."""
    return _parser().parse_args(list(argv))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer coach-eval", description=__doc__)
    parser.add_argument("--model", type=Path, help="a GGUF file (default: the bundled one)")
    parser.add_argument("--name", help="of the tables (default: coach, or coach_FILE for another model)")
    parser.add_argument("--sets", type=int, default=1000, help="held-out sets, each in both languages")
    parser.add_argument("--errors", type=int, default=10, help="errors, each with ten sets in both languages")
    parser.add_argument("--planted", type=int, default=1000, help="texts with a planted error in each language")
    parser.add_argument("--training-texts", type=int, dest="training",
                        help="of the recipe, to look texts up in (default: all)")  # fmt: skip
    parser.add_argument("--recipe", type=Path, default=_RECIPE, help="whose training texts they are")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="some of the tables")
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser


def write_spoken(coach: Coach, given: argparse.Namespace, rules: Sequence[ExerciseRule]) -> None:
    """The tables of what a model says."""
    name, command, label = name_of(given), command_of(given), _label(given)
    if SUMMARIES in given.only:
        told = _told(coach, summaries(given.sets, rules), "Summaries")
        trained, count = _trained(given, rules)
        made = summary_table(name, f"The coach: summaries by {label}", command, told, trained, notes_of(given, count))
        write(made, given.out)
        _show(made, given.out)
        write(objection_table(f"{name}_objections", f"What was refused: {label}", command, told), given.out)
    if QUESTIONS in given.only:
        told = _told(coach, questions(given.sets, rules), "Questions")
        write(question_table(f"{name}_questions", f"The coach: answers by {label}", command, told, ()), given.out)
    if VARIETY in given.only:
        groups = [_told(coach, cases, "Same error") for cases in same_errors(given.errors, rules)]
        note = "Ten held-out sets with the same main error in one voice, summaries. Repeated: whatever the numbers."
        made = variety_table(f"{name}_variety", f"The coach: ten sets, {label}", command, groups, (note,))
        write(made, given.out)


def _told(coach: Coach, cases: Sequence[Case], what: str) -> list[Told]:
    return list(tell(coach, track(cases, what)))


def _trained(given: argparse.Namespace, rules: Sequence[ExerciseRule]) -> tuple[Texts, int]:
    recipe = read_recipe(given.recipe)
    count = texts_of(recipe) if given.training is None else given.training
    return training_texts(count, recipe.seed, rules), count


def texts_of(recipe: CoachRecipe) -> int:
    """How many texts a recipe trains on: each of its sets has several."""
    return recipe.steps * recipe.batch * ANSWERS


def notes_of(given: argparse.Namespace, count: int) -> tuple[str, ...]:
    """What a reader of the main table must know."""
    return (
        f"{given.sets} held-out sets (combination and seed never trained on), each in both languages, voices in turn;"
        f" {given.threads} thread of llama.cpp.",
        f"Verbatim: the whole text is among {count} training texts of {given.recipe.name}.",
        "Times of the second row are what the person waits for: first words of the first answer, and the whole advice"
        " with second tries. Length: English words, Chinese characters (median).",
    )


def _write_planted(given: argparse.Namespace, rules: Sequence[ExerciseRule]) -> None:
    planted = planted_texts(given.planted, rules)
    true = true_texts(given.planted, rules)
    made = planted_table("coach_planted", "The guard on planted errors", command_of(given), planted, true)
    write(made, given.out)
    _show(made, given.out)


def _show(report: Report, out: Path) -> None:
    print((out / f"{report.name}.md").read_text(encoding="utf-8"))


def name_of(given: argparse.Namespace) -> str:
    """The tables' name: that of the bundled model has none behind it."""
    if given.name:
        return str(given.name)
    return "coach" if given.model is None else "coach_" + re.sub(r"\W+", "_", given.model.stem).lower()


def _label(given: argparse.Namespace) -> str:
    return "the bundled model" if given.model is None else given.model.name


def command_of(given: argparse.Namespace) -> str:
    """The command that makes these tables again."""
    parts = ["python -m trainer coach-eval"]
    parts += [f"--model {given.model.name}"] if given.model else []
    parts += [f"--{name} {getattr(given, name)}" for name in ("sets", "planted", "errors", "threads")
              if getattr(given, name) != _parser().get_default(name)]  # fmt: skip
    parts += [f"--training-texts {given.training}"] if given.training is not None else []
    parts += [f"--only {' '.join(given.only)}"] if tuple(given.only) != PARTS else []
    return " ".join(parts)
