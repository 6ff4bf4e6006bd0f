"""`python -m trainer tables stf [--seeds N] [--minutes M]`: does it pay to train where a network looks?

The STF paper's tables 4 and 5: accuracy on N-UCLA and on simulated exercises, and on the latter whether the heat lies
on the joints at fault, for the article's losses one after the other, with all and with a fifth of the training data, on
MS-G3D and on ST-GCN++.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from fias_desktop.domain.types import Float64, Int64
from trainer.data.catalogue import folder as data_folder
from trainer.explain.figures import chance_joints, mean_interval
from trainer.explain.judge import Scores
from trainer.explain.table import better, mean
from trainer.run import CACHE
from trainer.tables.public_common import RECIPES
from trainer.tables.report import RESULTS, Cell, Report, share_interval, write
from trainer.tables.stf_data import (
    NUCLA,
    SIMULATED,
    TABLE,
    Ground,
    StfRecipe,
    nucla_ground,
    read,
    shortened,
    simulated_ground,
)
from trainer.tables.stf_runs import FOCUS, METHODS, ROWS, RUNS, Answers, Row, Runs, answers, explanations

TITLE = "Training where a network looks: the losses of STF"
COLUMNS = (
    "data", "share %", "network", "losses", "seeds", "n", "accuracy %", "low %", "high %", "without copies %",
    "explained", "joint", "joint low", "joint high", "chance", "energy", "deletion better", "better low",
    "better high", "parameters", "minutes",
)  # fmt: skip
EXPLAIN_COLUMNS = (
    "share %", "network", "losses", "method", "explained", "joint", "low", "high", "joint and time", "energy",
    "energy in joint and time", "checked", "deletion better", "better low", "better high", "stability",
    "joint less M1 or ST-GCN++", "difference low", "difference high", "both right",
)  # fmt: skip
Key = tuple[str, float, str]


@dataclass(frozen=True, eq=False)
class Told:
    """One seed of a row: what it said, and, where errors are known, which windows it names right and the figures of
    each method on them."""

    answers: Answers
    explained: tuple[Int64, list[Scores]] | None


Found = dict[Key, list[Told]]


def main(argv: Sequence[str]) -> int:
    """Train what is missing and write the tables after every row; 0."""
    given = parser().parse_args(list(argv))
    recipe = shortened(read(given.recipe), given.epochs)
    runs, console, until = Runs(recipe, given.runs), Console(), time.monotonic() + 60 * given.minutes
    grounds = grounds_of(recipe, given)
    for seed, row, share, ground in plan(recipe, grounds, given.seeds):
        if given.report or time.monotonic() > until:
            break
        place = runs.work(ground, row, share, seed)
        told = answers(place)
        assert told is not None
        right = float((told.scores.argmax(axis=1) == ground.test.label.numpy()).mean())
        words = f"{ground.name} {100 * share:.0f} % {row.name} seed {seed}: {right:.4f}"
        console.print(f"{words} ({float(told.minutes):.1f} min)", highlight=False)
        report(runs, grounds, given)
    report(runs, grounds, given)
    return 0


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    own = argparse.ArgumentParser(prog=f"python -m trainer tables {TABLE}", description=__doc__)
    own.add_argument("--recipe", type=Path, default=RECIPES / f"{TABLE}.toml")
    own.add_argument("--seeds", type=int, default=1, help="how many seeds")
    own.add_argument("--data", nargs="+", choices=(NUCLA, SIMULATED), default=[NUCLA, SIMULATED])
    own.add_argument("--epochs", type=int, help="instead of the recipe's, to try it out: writes stf_short")
    own.add_argument("--minutes", type=float, default=math.inf, help="begin no row after that")
    own.add_argument("--report", action="store_true", help="train nothing, write the tables of what is there")
    own.add_argument("--runs", type=Path, default=RUNS)
    own.add_argument("--cache", type=Path, default=CACHE, help="where simulated windows are kept")
    own.add_argument("--out", type=Path, default=RESULTS)
    return own


def grounds_of(recipe: StfRecipe, given: argparse.Namespace) -> tuple[Ground, ...]:
    """The data sets that were asked for."""
    makers: dict[str, Callable[[], Ground]] = {
        NUCLA: lambda: nucla_ground(recipe, data_folder()),
        SIMULATED: lambda: simulated_ground(recipe, given.cache),
    }
    return tuple(makers[name]() for name in given.data)


def plan(recipe: StfRecipe, grounds: Sequence[Ground], seeds: int) -> Iterator[tuple[int, Row, float, Ground]]:
    """Every row in the order of work: the article's first, with all the data first."""
    for seed in range(seeds):
        for plain in (False, True):
            for share in recipe.shares:
                for ground in grounds:
                    yield from ((seed, row, share, ground) for row in ROWS if row.plain == plain)


def report(runs: Runs, grounds: Sequence[Ground], given: argparse.Namespace) -> None:
    """Write both tables from the answers there are."""
    found: Found = {}
    for seed, row, share, ground in plan(runs.recipe, grounds, given.seeds):
        place = runs.place(ground, row, share, seed)
        if (said := answers(place)) is not None:
            found.setdefault((ground.name, share, row.name), []).append(Told(said, explanations(place)))
    keys = [(ground, share, row) for ground in grounds for share in runs.recipe.shares for row in ROWS]
    there = [(ground, share, row) for ground, share, row in keys if (ground.name, share, row.name) in found]
    name, command, notes = runs.recipe.table, command_of(given), notes_of(runs.recipe, grounds)
    rows = tuple(cells(ground, share, row, found[ground.name, share, row.name]) for ground, share, row in there)
    write(Report(name, TITLE, command, notes, COLUMNS, rows), given.out)
    lines = [line for ground, share, row in there for line in explained_rows(ground, share, row, found)]
    if lines:
        title = f"{TITLE}: explanations"
        write(Report(f"{name}_explain", title, command, notes, EXPLAIN_COLUMNS, tuple(lines)), given.out)


def cells(ground: Ground, share: float, row: Row, told: Sequence[Told]) -> tuple[Cell, ...]:
    """A row: mean accuracy of the seeds with Wilson's interval for one test set, and the figures of the focus Q."""
    hits = np.mean([one.answers.scores.argmax(axis=1) == ground.test.label.numpy() for one in told], axis=0)
    low, high = share_interval(round(float(hits.sum())), len(hits))[1:]
    own = None if ground.own.all() else 100 * float(hits[ground.own].mean())
    accuracy = (len(told), len(hits), 100 * float(hits.mean()), 100 * low, 100 * high, own)
    size = int(told[0].answers.parameters), float(np.mean([float(one.answers.minutes) for one in told]))
    head = (ground.name, 100 * share, row.name, row.losses)
    return (*head, *accuracy, *focus_cells(ground, told), *size)


def focus_cells(ground: Ground, told: Sequence[Told]) -> tuple[Cell, ...]:
    """The main figures of Q, over all seeds; empty where errors are not known."""
    if ground.explained is None:
        return (None,) * 9
    scores, rows = together(told, METHODS.index(FOCUS))
    cases, subject = ground.explained.cases, ground.explained.subject[rows]
    chance = mean(chance_joints(cases.fault[rows], cases.known[rows]))
    point = mean_interval(scores.point, subject)
    return (len(rows), *point, chance, mean(scores.energy), *mean_interval(better(scores), subject))


def together(told: Sequence[Told], method: int) -> tuple[Scores, Int64]:
    """The figures of a method of all seeds, one after the other, and the windows they are of."""
    each = [one.explained for one in told if one.explained is not None]
    names = vars(each[0][1][method])
    joined = {name: np.concatenate([vars(scores[method])[name] for _, scores in each]) for name in names}
    return Scores(**joined), np.concatenate([rows for rows, _ in each])


def explained_rows(ground: Ground, share: float, row: Row, found: Found) -> Iterator[tuple[Cell, ...]]:
    """One line for each method of a row."""
    told = found[ground.name, share, row.name]
    if ground.explained is None:
        return
    first = next(one for one in ROWS if one.plain == row.plain)
    for number, method in enumerate(METHODS):
        scores, rows = together(told, number)
        subject = ground.explained.subject[rows]
        gain = _gain(ground, told, found.get((ground.name, share, first.name), []), number) if row != first else _NONE
        yield (
            100 * share, row.name, row.losses, method, len(rows), *mean_interval(scores.point, subject),
            mean(scores.point_place), mean(scores.energy), mean(scores.energy_place),
            int((~np.isnan(scores.deletion)).sum()), *mean_interval(better(scores), subject), mean(scores.stability),
            *gain,
        )  # fmt: skip


_NONE: tuple[Cell, ...] = (None,) * 4


def _gain(ground: Ground, told: Sequence[Told], bare: Sequence[Told], method: int) -> tuple[Cell, ...]:
    """What a row points better than the network without the losses, on windows that both name right, seed by seed."""
    assert ground.explained is not None
    gains: list[Float64] = []
    subjects: list[Int64] = []
    for mine, its in zip(told, bare, strict=False):
        assert mine.explained is not None and its.explained is not None
        both, i, j = np.intersect1d(mine.explained[0], its.explained[0], return_indices=True)
        gains.append(mine.explained[1][method].point[i] - its.explained[1][method].point[j])
        subjects.append(ground.explained.subject[both])
    if not gains:
        return _NONE
    return (*mean_interval(np.concatenate(gains), np.concatenate(subjects)), sum(map(len, gains)))


def command_of(given: argparse.Namespace) -> str:
    """The command that makes the tables again."""
    recipe = "" if given.recipe.stem == TABLE else f" --recipe trainer/recipes/{given.recipe.name}"
    epochs = "" if given.epochs is None else f" --epochs {given.epochs}"
    return f"python -m trainer tables {TABLE} --seeds {given.seeds}{recipe}{epochs}"


def notes_of(recipe: StfRecipe, grounds: Sequence[Ground]) -> tuple[str, ...]:
    """What a reader must know."""
    sizes, plain = recipe.msg3d, recipe.stgcnpp
    lengths = "; ".join(
        f"{one.name}: {len(one.train)} windows of {one.windows(one.train.joints[:1])[0].shape[1]} samples,"
        f" {one.epochs} epochs and {one.tuning_epochs} of tuning"
        for one in grounds
    )
    reduced = f"**Reduced recipe** (trainer/recipes/{recipe.name}.toml), the same for all rows. {recipe.reduced}"
    return (
        *((reduced,) if recipe.reduced else ()),
        f"MS-G3D of width {sizes.width} with {sizes.scales} and {sizes.space_time_scales} scales, ST-GCN++ of width"
        f" {plain.width} with {plain.blocks} blocks, joints alone. {lengths}. With a share of the data (drawn at"
        " random) the epochs are divided by its root. Every row is tuned from the same network, trained without the"
        f" losses, at a learning rate of {recipe.tuning_rate:g}; M1 and ST-GCN++ are tuned as long, without them.",
        "M1 to M5 and the weights of the losses as in the article's table 5; M4 and M5 have the STF module (in the"
        " last block), whose adjacency L_G teaches. M5 and the last row average the probabilities of two networks, the"
        " second tuned by L_e alone: they are twice as large, so a gain is not that of the loss by itself. The article,"
        " NTU-60 x-sub, joints: 88.8, 89.3, 89.9, 90.7, 91.3; with a fifth of the data M1 79.1 and M5 80.8.",
        f"{NUCLA}: cameras 1 and 2 teach, camera 3 judges, without doubtful training labels; *without copies*: 369 of"
        " the 464 test sequences that are not in the training set under another name."
        f" {SIMULATED}: ten classes, windows that end in the second half of a repetition and rest, cameras all around,"
        " other athletes.",
        "*explained*: windows with an error whose joints are known, a few of each athlete, that the row names right."
        f" Figures of the focus Q (Grad-CAM of the last block, probability), as in [explain](explain.md); other methods"
        f" in [{recipe.table}_explain]({recipe.table}_explain.md). *joint*: pointing game; *chance*: the share of known"
        " joints at fault; *energy*: the share of heat on them; *deletion better*: than random orders.",
        "Intervals: Wilson's 95 % over test windows for accuracy (of several seeds their mean is taken as one),"
        " bootstrap over athletes for explanations. They do not hold the luck of the seed.",
    )
