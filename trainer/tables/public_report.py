"""The tables of a public benchmark: accuracy by stream and seed, beside published figures; classes; validation."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from rich.console import Console

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Bool, Int64
from fias_desktop.models.streams import STREAMS
from trainer.data.catalogue import folder as data_folder
from trainer.judge.metrics import confusion, f1_per_class
from trainer.tables.public_common import (
    FINAL,
    RECIPES,
    RUNS,
    Benchmark,
    PublicRecipe,
    Run,
    RunAnswers,
    Runner,
    Variant,
    fused,
    read_recipe,
    shortened,
)
from trainer.tables.report import RESULTS, Cell, Report, save_plot, seed_interval, share_interval, write

FUSED = "fused"
COLUMNS = ("network", "stream", "seed", "n", "right", "accuracy %", "low %", "high %")
OWN_COLUMNS = ("n without copies", "accuracy % without copies", "low % without", "high % without")


@dataclass(frozen=True)
class Published:
    """A published accuracy in percent, and where it stands."""

    name: str
    streams: str
    accuracy: float
    source: str


@dataclass(frozen=True)
class Goal:
    """What the main variant should reach with one stream or `fused`: percent, as the mean over seeds."""

    words: str
    stream: str
    accuracy: float


@dataclass(frozen=True)
class Story:
    """What a benchmark's table says beside its figures; `copies` asks for columns without copied judges. `own_notes`
    are of the benchmark's own table alone, as its goals are."""

    title: str
    goals: tuple[Goal, ...]
    published: tuple[Published, ...]
    notes: tuple[str, ...]
    copies: bool = False
    own_notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Of the table of accuracies."""
        return (*COLUMNS, *OWN_COLUMNS) if self.copies else COLUMNS


def run_command(benchmark: Benchmark, story: Story, argv: Sequence[str]) -> int:
    """`python -m trainer tables NAME`: train what is missing, judge, write the tables after every run."""
    parser = argparse.ArgumentParser(prog=f"python -m trainer tables {benchmark.name}", description=story.title)
    parser.add_argument("--recipe", type=Path, default=RECIPES / f"{benchmark.name}.toml")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's, to try it out: writes NAME_short")
    parser.add_argument("--minutes", type=float, default=math.inf, help="for all runs that are left together")
    parser.add_argument("--jobs", type=int, default=2, help="runs at the same time, each with the recipe's threads")
    parser.add_argument("--streams", nargs="+", choices=STREAMS, default=list(STREAMS))
    parser.add_argument("--variants", nargs="+", help="only these of the recipe")
    parser.add_argument("--validate", action="store_true", help="compare the variants without looking at the test set")
    parser.add_argument("--report", action="store_true", help="train nothing: write the tables of what is finished")
    parser.add_argument("--runs", type=Path, default=RUNS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args(list(argv))
    recipe, console = shortened(read_recipe(given.recipe), benchmark.name, given.epochs), Console()
    runner = Runner(data_folder(), given.jobs, given.runs, given.minutes)
    variants = recipe.validated if given.validate else recipe.final
    variants = tuple(variant for variant in variants if not given.variants or variant.name in given.variants)
    folds = benchmark.validation if given.validate else (FINAL,)
    if not variants:
        known = ", ".join(variant.name for variant in (recipe.validated if given.validate else recipe.final))
        raise FiasError(f"The recipe {recipe.name} has none of {', '.join(given.variants)}.", f"Known: {known}.")
    wanted = [
        Run(benchmark, variant, fold, stream, seed)
        for seed in range(given.seeds)
        for variant in variants
        for fold in folds
        for stream in given.streams
    ]
    command = _command(benchmark, given)

    def tell(run: Run) -> None:
        answers = runner.of(run)
        if answers is not None:
            words = f"{run.variant.name} {run.fold} {run.stream} seed {run.seed}: {answers.hits().mean():.4f}"
            console.print(f"{words} ({answers.epochs:.0f} epochs, {answers.minutes:.1f} min)", highlight=False)
        if given.validate:
            named = replace(benchmark, name=recipe.table or benchmark.name)
            write_validation(named, wanted, runner, command + " --validate", given.out)
        else:
            write_final(benchmark, story, recipe, wanted, runner, command, given.out)

    if given.report:
        runner.kept(wanted)
    else:
        runner.all(wanted, tell)
    tell(wanted[-1])
    return 0


def _command(benchmark: Benchmark, given: argparse.Namespace) -> str:
    """The command that makes the table again."""
    words = f"python -m trainer tables {benchmark.name} --seeds {given.seeds}"
    if given.recipe.stem != benchmark.name:
        words += f" --recipe trainer/recipes/{given.recipe.name}"
    if given.epochs is not None:
        words += f" --epochs {given.epochs}"
    return words if given.streams == list(STREAMS) else f"{words} --streams {' '.join(given.streams)}"


def write_final(
    benchmark: Benchmark,
    story: Story,
    recipe: PublicRecipe,
    wanted: Sequence[Run],
    runner: Runner,
    command: str,
    out: Path,
) -> None:
    """Accuracies, published figures and goals; F1 and confusion of the main variant. A recipe with a table of its own
    has neither of these two nor goals: they belong to the benchmark's."""
    rows, main = [], recipe.final[0]
    for variant in recipe.final:
        rows += _rows(story, variant, wanted, runner)
    rows += [_published(story, line) for line in story.published]
    goals = [] if recipe.table else [_goal(goal, main, wanted, runner) for goal in story.goals]
    told = story.notes if recipe.table else (*story.notes, *story.own_notes)
    notes = [*goals, *told, *_recipe_notes(recipe, wanted, runner)]
    if not recipe.table and (together := _fused_by_seed(main, wanted, runner)):
        _write_classes(benchmark, main, together, command, out)
    name = recipe.table or benchmark.name
    write(Report(name, story.title, command, tuple(notes), story.columns, tuple(rows)), out)


def _rows(story: Story, variant: Variant, wanted: Sequence[Run], runner: Runner) -> list[tuple[Cell, ...]]:
    """One variant's rows: every stream and their fusion, for each seed and the mean of seeds."""
    rows: list[tuple[Cell, ...]] = []
    for stream in (*STREAMS, FUSED):
        answers = _by_seed(variant, stream, wanted, runner)
        for seed, one in answers.items():
            cells = _share(one.hits())
            without = (int(one.own.sum()), *_share(one.hits()[one.own])[2:]) if story.copies else ()
            rows.append((_named(variant), _words(stream), str(seed), *cells, *without))
        if len(answers) > 1:
            rows.append(_mean(story, variant, stream, list(answers.values())))
    return rows


def _named(variant: Variant) -> str:
    """The network, whether doubtful labels were kept from it, and whether windows were mixed."""
    doubtful = "" if variant.doubtful else ", without doubtful labels"
    return variant.network.words + doubtful + (", mixed windows" if variant.mixing else "")


def _words(stream: str) -> str:
    return "four streams fused" if stream == FUSED else stream.replace("_", " ")


def _share(hits: Bool) -> tuple[int, int, float, float, float]:
    """n, right, and percent with its interval."""
    value, low, high = share_interval(int(hits.sum()), len(hits))
    return len(hits), int(hits.sum()), 100 * value, 100 * low, 100 * high


def _mean(story: Story, variant: Variant, stream: str, answers: Sequence[RunAnswers]) -> tuple[Cell, ...]:
    spread = seed_interval([100 * float(one.hits().mean()) for one in answers])
    own = seed_interval([100 * float(one.hits()[one.own].mean()) for one in answers])
    n, without = len(answers[0].label), int(answers[0].own.sum())
    row = (_named(variant), _words(stream), f"mean of {len(answers)}", n, None, *spread)
    return (*row, without, *own) if story.copies else row


def _published(story: Story, line: Published) -> tuple[Cell, ...]:
    row = (f"{line.name} (published; {line.source})", line.streams, "", None, None, line.accuracy)
    return (*row, *[None] * (len(story.columns) - len(row)))


def _by_seed(variant: Variant, stream: str, wanted: Sequence[Run], runner: Runner) -> dict[int, RunAnswers]:
    """A stream's finished runs; of the fusion those seeds whose four streams are done."""
    if stream == FUSED:
        return _fused_by_seed(variant, wanted, runner)
    found = {run.seed: runner.of(run) for run in wanted if run.variant == variant and run.stream == stream}
    return {seed: answers for seed, answers in found.items() if answers is not None}


def _fused_by_seed(variant: Variant, wanted: Sequence[Run], runner: Runner) -> dict[int, RunAnswers]:
    streams = [_by_seed(variant, stream, wanted, runner) for stream in STREAMS]
    seeds = set.intersection(*(set(each) for each in streams))
    return {seed: fused([each[seed] for each in streams]) for seed in sorted(seeds)}


def _goal(goal: Goal, main: Variant, wanted: Sequence[Run], runner: Runner) -> str:
    """A goal, what was reached, and whether it is met; both as the mean over seeds."""
    answers = list(_by_seed(main, goal.stream, wanted, runner).values())
    if not answers:
        return f"Goal: {goal.words} >= {goal.accuracy:.1f}: not run yet."
    reached = 100 * float(np.mean([one.hits().mean() for one in answers]))
    verdict = "met" if reached >= goal.accuracy else f"missed by {goal.accuracy - reached:.1f} points"
    return f"Goal: {goal.words} >= {goal.accuracy:.1f}: {reached:.1f} ({_words(goal.stream)}), {verdict}."


def _recipe_notes(recipe: PublicRecipe, wanted: Sequence[Run], runner: Runner) -> list[str]:
    """How the runs were made: seeds, epochs, minutes, parameters, and what the full recipe would do."""
    notes = [f"Reduced recipe (trainer/recipes/{recipe.name}.toml). {recipe.reduced}"] if recipe.reduced else []
    for variant in recipe.final:
        done = [answers for run in wanted if run.variant == variant and (answers := runner.of(run)) is not None]
        if done:
            epochs, minutes = np.mean([one.epochs for one in done]), sum(one.minutes for one in done)
            size = f"{done[0].parameters:,} parameters a stream; {variant.cutting.frames} samples a window"
            length = f"{epochs:.0f} of {variant.optimisation.epochs} epochs a run (mean)"
            runs = "1 run" if len(done) == 1 else f"{len(done)} runs"
            cost = f"{runs} in {minutes:.0f} minutes together, one CPU thread each"
            notes.append(f"{_named(variant)}: {size}; {length}; {cost}.")
    notes.append("Intervals: Wilson's 95 % over sequences for one seed, Student's t over seeds for means.")
    return notes


def _write_classes(
    benchmark: Benchmark, main: Variant, together: dict[int, RunAnswers], command: str, out: Path
) -> None:
    """Per-class F1 and the confusion matrix, counted over all seeds of the fused main variant."""
    labels, k = benchmark.labels, len(benchmark.labels)
    label = np.concatenate([one.label for one in together.values()])
    predicted = np.concatenate([one.scores.argmax(axis=1) for one in together.values()])
    judged = f"{main.network.words}, four streams fused, {len(together)} seed{'s' * (len(together) > 1)}"
    each = f1_per_class(label, predicted, k)
    rows: list[tuple[Cell, ...]] = [
        (name, int(each.support[i]), float(each.precision[i]), float(each.recall[i]), float(each.f1[i]))
        for i, name in enumerate(labels)
    ]
    rows.append(("mean", len(label), *(float(np.nanmean(v)) for v in (each.precision, each.recall, each.f1))))
    columns = ("class", "n", "precision", "recall", "F1")
    write(
        Report(f"{benchmark.name}_classes", f"{benchmark.name}: classes", command, (judged,), columns, tuple(rows)), out
    )
    matrix = confusion(label, predicted, k)
    save_plot(_confusion_figure(matrix, labels), f"{benchmark.name}_confusion", out)
    lines: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *(int(count) for count in matrix[i])) for i, name in enumerate(labels)
    )
    notes = (judged, "Rows: what it is; columns: what it is named.")
    title = f"{benchmark.name}: confusion"
    write(Report(f"{benchmark.name}_confusion", title, command, notes, ("class", *labels), lines), out)


def _confusion_figure(matrix: Int64, labels: Sequence[str]) -> Figure:
    figure = Figure(figsize=(7, 6), layout="constrained")
    axes = figure.subplots()
    axes.imshow(matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(matrix > 0):
        light = matrix[row, column] > matrix[row].sum() / 2
        axes.text(column, row, str(matrix[row, column]), ha="center", va="center", color="w" if light else "k", size=8)
    axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("named")
    axes.set_ylabel("true")
    return figure


def write_validation(benchmark: Benchmark, wanted: Sequence[Run], runner: Runner, command: str, out: Path) -> None:
    """What was tried on validation folds: accuracy in percent of every stream, and of those done fused."""
    rows: list[tuple[Cell, ...]] = []
    for variant in dict.fromkeys(run.variant for run in wanted):
        for fold in benchmark.validation:
            runs = [run for run in wanted if run.variant == variant and run.fold == fold and run.seed == 0]
            done = {run.stream: answers for run in runs if (answers := runner.of(run)) is not None}
            if not done:
                continue
            shares = [100 * float(done[s].hits().mean()) if s in done else None for s in STREAMS]
            together = fused(list(done.values()))
            n, _, value, low, high = _share(together.hits())
            rows.append((variant.name, fold, n, *shares, value, low, high, together.epochs, together.minutes))
    columns = ("variant", "fold", "n", *STREAMS, "fused %", "low %", "high %", "epochs", "minutes")
    notes = (
        "Only training data: what teaches and what judges is said by the fold. The test set was not looked at.",
        "`fused` is the mean of the streams given. Runs had a limit of time: `epochs` says how far they came.",
    )
    title = f"{benchmark.name}: what was tried on validation folds of the training data"
    write(Report(f"{benchmark.name}_validation", title, command, notes, columns, tuple(rows)), out)
