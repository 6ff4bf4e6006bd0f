"""`python -m trainer tables ablation`: what augmentation and the losses are worth (the FIAS paper's Table 2).

All networks are trained from both sides and judged on the one test set of the cross-view table, both sides; the rows
that leave nothing out are that table's own.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from matplotlib.figure import Figure

from fias_desktop.domain.types import Float32
from fias_desktop.models.streams import JOINT, STREAMS
from trainer.learn.augment import NOTHING, Augmentation
from trainer.recipe import Recipe
from trainer.tables.report import Cell, Report, save_plot, write
from trainer.tables.scores import difference, score
from trainer.tables.sim_command import RUNS, Line, command_of, job_of, parser_of, recipe_of, recipe_words
from trainer.tables.sim_common import CACHE, SIDES, ViewSet, make_views
from trainer.tables.sim_runs import BOTH, SEEN, Amount, Job, make_material, read_answers, test_draw, train_all

NAME = "ablation"
EVERYTHING, PLAIN, NO_CATEGORICAL = "everything", "neither augmentation nor categorical loss", "no categorical loss"
# The fields of `Augmentation` that belong to each kind of change.
KINDS: dict[str, tuple[str, ...]] = {
    "mirror": ("mirror_share",),
    "rotation": ("rotation_rad",),
    "scale and shear": ("scale", "shear"),
    "time warp": ("warp_frames",),
    "noise": ("noise", "score"),
    "hidden joints and late starts": ("drop_share", "drop_joints", "feet_share", "late_start_share"),
}
# Top-1 accuracy, per cent, of FIAS, Table 2: 2D, with augmentation, with augmentation and categorical loss.
PAPER: dict[tuple[str, str], tuple[float, ...]] = {
    (PLAIN, "2D"): (95.32, 96.49, 92.40, 96.49),
    (NO_CATEGORICAL, "2D, augmentation"): (98.12, 99.53, 97.65, 98.59),
    (EVERYTHING, "2D, augmentation and categorical loss"): (98.12, 98.12, 96.71, 98.12),
}
PAPER_STREAMS = ("joint", "joint_motion", "bone", "bone_motion")
COLUMNS = ("left out", "stream", "accuracy", "low", "high", "by repetition", "group", "difference", "difference low",
           "difference high", "seeds", "paper, %")  # fmt: skip

Answers = list[Mapping[str, Float32]]


@dataclass(frozen=True)
class Row:
    """One row: what is left out of which stream's training."""

    left_out: str
    stream: str


def main(argv: Sequence[str]) -> int:
    """Train what is missing and write the table after every training; 0."""
    given = parser_of(NAME, __doc__).parse_args(argv)
    recipe, amount = recipe_of(given)
    jobs = {
        (row, seed): job_for(row, recipe, amount, seed) for seed in range(given.seeds) for row in rows(given.streams)
    }
    tests = make_views(test_draw(amount), CACHE, given.workers)
    if not given.report:
        make_material(amount, CACHE, given.workers)
        for job in train_all(list(jobs.values()), RUNS, CACHE, given.workers, given.minutes):
            print(f"{job.name} is done", flush=True)
            report(jobs, recipe, tests, given)
    report(jobs, recipe, tests, given)
    return 0


def rows(streams: Sequence[str] = STREAMS) -> list[Row]:
    """Everything that is left out, from the joints first, then the paper's columns for the other streams."""
    joint = (EVERYTHING, PLAIN, NO_CATEGORICAL, "no augmentation", "no multi-label head", *(f"no {k}" for k in KINDS))
    others = [stream for stream in STREAMS if stream != JOINT]
    every = [Row(out, JOINT) for out in joint] + [Row(out, stream) for stream in others for out in joint[:3]]
    return [row for row in every if row.stream in streams]


def job_for(row: Row, recipe: Recipe, amount: Amount, seed: int) -> Job:
    """The training of a row: the cross-view table's own where nothing is left out."""
    full = job_of(recipe, amount, seed, Line(SEEN, row.stream), BOTH)
    if row.left_out == EVERYTHING:
        return full
    changed = without(full.recipe, row.left_out)
    return replace(full, name=f"{row.left_out.replace(' ', '-')}-{row.stream}-{seed}", recipe=changed)


def without(recipe: Recipe, left_out: str) -> Recipe:
    """The recipe with that left out; ValueError when it is nothing that can be."""
    no_groups = replace(recipe.optimisation, group_weight=0.0)
    if left_out == PLAIN:
        return replace(recipe, augmentation=NOTHING, optimisation=no_groups)
    if left_out == NO_CATEGORICAL:
        return replace(recipe, optimisation=no_groups)
    if left_out == "no augmentation":
        return replace(recipe, augmentation=NOTHING)
    if left_out == "no multi-label head":
        return replace(recipe, spec=replace(recipe.spec, errors=()))
    kind = left_out.removeprefix("no ")
    if kind not in KINDS:
        raise ValueError(f"nothing is called {left_out!r}")
    kept = {f.name: getattr(recipe.augmentation, f.name) for f in fields(Augmentation)}
    return replace(recipe, augmentation=Augmentation(**(kept | dict.fromkeys(KINDS[kind], 0.0))))


def report(
    jobs: Mapping[tuple[Row, int], Job], recipe: Recipe, tests: Mapping[str, ViewSet], given: argparse.Namespace
) -> None:
    """Write table and plot from the answers there are."""
    found: dict[Row, Answers] = {}
    for (row, _), job in jobs.items():
        answers = read_answers(job, RUNS)
        if answers is not None:
            found.setdefault(row, []).append(answers)
    if not found:
        return
    cells = tuple(_cells(row, found, tests) for row in rows() if row in found)
    if any(cell[7] is not None for cell in cells):
        save_plot(plot(cells), NAME, given.out)
    title, notes = "What is lost when something is left out", _notes(recipe, tests, given)
    write(Report(NAME, title, command_of(NAME, given), notes, COLUMNS, cells), given.out)


def _cells(row: Row, found: Mapping[Row, Answers], tests: Mapping[str, ViewSet]) -> tuple[Cell, ...]:
    mine, full = found[row], found.get(Row(EVERYTHING, row.stream))
    one = score(mine, tests, SIDES)
    against: tuple[float | None, ...] = (None, None, None)
    if full is not None and row.left_out != EVERYTHING:
        seeds = min(len(mine), len(full))
        against = difference(mine[:seeds], full[:seeds], tests)
    paper = [values[PAPER_STREAMS.index(row.stream)] for (out, _), values in PAPER.items() if out == row.left_out]
    measured = (one.accuracy, one.low, one.high, one.repetition, one.group)
    return (row.left_out, row.stream, *measured, *against, len(mine), paper[0] if paper else None)


def _notes(recipe: Recipe, tests: Mapping[str, ViewSet], given: argparse.Namespace) -> tuple[str, ...]:
    windows = len(tests[SIDES[0]])
    return (
        recipe_words(recipe, given),
        f"Trained from both sides, judged on the {len(SIDES) * windows} test windows of both sides of the cross-view"
        " table ([crossview.md](crossview.md)), the same for every row. Shares; intervals are a bootstrap over"
        " athletes, 95 %. `difference` is the row less `everything` of the same stream and seeds, window by"
        " window: an interval that includes 0 shows nothing. It does not hold the luck of the seed.",
        "`everything`: all augmentation, categorical loss and multi-label head. The head stays on in all rows but its"
        " own; the paper has none. Last column: FIAS, Table 2, columns `2D Model`, `with augmentation` and `with"
        " Categorical Loss and augmentation` (real video, another test set than that of its Table 1).",
    )


def plot(cells: Sequence[tuple[Cell, ...]]) -> Figure:
    """The differences of all rows as points with intervals, in points of accuracy."""
    shown = [cell for cell in cells if cell[7] is not None]
    figure = Figure(figsize=(8, 2.0 + 0.3 * len(shown)), layout="constrained")
    axes = figure.add_subplot()
    middle, low, high = (100 * np.array([float(cell[i] or 0.0) for cell in shown]) for i in (7, 8, 9))
    place = np.arange(len(shown))[::-1]
    axes.errorbar(middle, place, xerr=[middle - low, high - middle], fmt="o", capsize=3)
    axes.axvline(0.0, color="grey", linewidth=0.8)
    axes.set_yticks(place, [f"{cell[0]} ({str(cell[1]).replace('_', ' ')})" for cell in shown], fontsize=8)
    axes.set_xlabel("points of accuracy against everything (95 %)")
    return figure
