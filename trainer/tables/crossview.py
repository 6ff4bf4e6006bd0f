"""`python -m trainer tables crossview`: the cross-view table of the FIAS paper (its Table 1) on simulated athletes.

Eight modalities (joints, bones and their motion, in 2D and in 3D), trained from the front, from the back and from both,
and each tested from all three, on athletes and cameras that no training saw.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fias_desktop.domain.types import Float32, Window
from fias_desktop.models.streams import STREAMS
from fias_desktop.resources import DEFAULT_MODEL, read_card, root
from fias_desktop.stages.recognise import Recogniser, load_recogniser
from trainer.recipe import Recipe
from trainer.tables.crossview_report import FUSED, NAME, Scores, write_shipped, write_tables
from trainer.tables.lifting import lifting_error
from trainer.tables.scores import Score, fused, score
from trainer.tables.sim_command import RUNS, Line, command_of, job_of, parser_of, recipe_of, recipe_words
from trainer.tables.sim_common import CACHE, SIDES, WINDOWS, ViewSet, make_views
from trainer.tables.sim_runs import (
    BOTH,
    EXACT,
    LIFTED,
    SEEN,
    VIEWS,
    Amount,
    Job,
    Material,
    make_material,
    read_answers,
    test_draw,
    train_all,
)  # fmt: skip

BATCH = 64


def main(argv: Sequence[str]) -> int:
    """Train what is missing and write the table after every training; 0."""
    given = _parser().parse_args(argv)
    recipe, amount = recipe_of(given)
    model = given.model or root() / "models" / DEFAULT_MODEL
    if given.shipped:
        tests = make_views(test_draw(amount), CACHE, given.workers)
        write_shipped(shipped_scores(model, tests), command_of(NAME, given) + " --shipped", given.out)
        return 0
    jobs = [job for seed in range(given.seeds) for job in jobs_of(recipe, amount, seed, _lines(given))]
    material = make_material(amount, CACHE, given.workers)
    table = table_of(jobs, recipe, material, given)
    if not given.report:
        report(table)
        for job in train_all(jobs, RUNS, CACHE, given.workers, given.minutes):
            print(f"{job.name} is done", flush=True)
            report(table)
    report(table)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(NAME, __doc__)
    parser.add_argument("--exact", action="store_true", help="also train on exact 3D, as motion capture would give it")
    parser.add_argument("--shipped", action="store_true", help="train nothing, judge the shipped model alone")
    parser.add_argument("--model", type=Path, help="folder of the model to judge beside (default: the shipped one)")
    return parser


def _lines(given: argparse.Namespace) -> list[Line]:
    """The modalities in the order of training: a table that is cut short then compares 2D with 3D."""
    sources = (SEEN, LIFTED, EXACT) if given.exact else (SEEN, LIFTED)
    return [Line(source, stream) for stream in STREAMS if stream in given.streams for source in sources]


def jobs_of(recipe: Recipe, amount: Amount, seed: int, lines: Sequence[Line]) -> list[Job]:
    """One training for each modality and view."""
    return [job_of(recipe, amount, seed, line, view) for line in lines for view in VIEWS]


@dataclass(frozen=True, eq=False)
class Table:
    """What a report needs beside the answers: they alone change while networks are trained."""

    jobs: Sequence[Job]
    tests: Mapping[str, ViewSet]
    shipped: Mapping[str, Score]
    command: str
    notes: tuple[str, ...]
    out: Path


def table_of(jobs: Sequence[Job], recipe: Recipe, material: Material, given: argparse.Namespace) -> Table:
    """The table to be filled, with the shipped model already judged."""
    command = command_of(NAME, given) + (" --exact" if given.exact else "")
    shipped = shipped_scores(given.model or root() / "models" / DEFAULT_MODEL, material.test)
    notes = (recipe_words(recipe, given), *_data_notes(material))
    return Table(jobs, material.test, shipped, command, notes, given.out)


def report(table: Table) -> None:
    """Write tables and plots from the answers there are."""
    scores = scores_of(table.jobs, table.tests, RUNS)
    if scores:
        write_tables(scores, table.shipped, table.command, table.notes, table.out)


def _data_notes(material: Material) -> tuple[str, ...]:
    views = material.test[SIDES[0]]
    errors = {side: lifting_error(material.lifter, test) for side, test in material.test.items()}
    athletes, repetitions = len(np.unique(views.performance)), len(np.unique(views.repetition[views.repetition >= 0]))
    wrong = ", ".join(
        f"{error:.2f} from the {side} (all depths 0: {flat:.2f})" for side, (error, flat) in errors.items()
    )
    return (
        f"Test set, fixed for all rows: {len(views)} windows a side of {athletes} simulated athletes ({repetitions}"
        " repetitions, two windows in the second half of each; the rest is idleness, dozens of other movements)."
        " Bodies, movements, cameras and estimator errors are drawn anew: no training saw them. Front and back show the"
        " same moments. Cameras as in FIAS: front 0, ±45°, back 180, ±135°, with ±12° of scatter.",
        "Training from both sides uses as many windows of as many athletes as from one: half of the athletes from the"
        " front, the others from the back.",
        "3D lifted: x and y as the simulated estimator sees them, depth guessed frame by frame by a small network"
        " (Martinez et al. 2017) that learnt from other simulated athletes all around, as the paper's 3D is lifted from"
        f" 2D. Its mean depth error in torso lengths: {wrong}. 3D exact: the athlete's true joints in camera axes, as"
        " perfect motion capture would give them.",
        "Intervals: bootstrap over athletes, 95 %, of the mean over seeds; `seed spread`: best less worst seed.",
    )


def scores_of(jobs: Sequence[Job], tests: Mapping[str, ViewSet], runs: Path) -> Scores:
    """The score of every modality, training and test view that has answers, and of the four streams together."""
    answers: dict[tuple[str, str, str], list[Mapping[str, Float32]]] = {}
    for job in jobs:
        found = read_answers(job, runs)
        if found is not None:
            answers.setdefault((job.source, job.recipe.spec.streams[0], job.view), []).append(found)
    for source, view in {(source, view) for source, _, view in answers}:
        streams = [answers.get((source, stream, view), []) for stream in STREAMS]
        if min(len(networks) for networks in streams):
            answers[source, FUSED, view] = [fused(four) for four in zip(*streams, strict=False)]
    return {(*key, test): score(networks, tests, _sides(test)) for key, networks in answers.items() for test in VIEWS}


def _sides(test: str) -> tuple[str, ...]:
    return SIDES if test == BOTH else (test,)


def shipped_scores(folder: Path, tests: Mapping[str, ViewSet]) -> dict[str, Score]:
    """What the model in a folder says to the same windows, by test view; empty when its windows are others."""
    spec = read_card(folder)
    if (spec.frames, spec.rate_hz, spec.skeleton) != (WINDOWS.frames, WINDOWS.rate_hz, WINDOWS.skeleton):
        return {}
    recogniser = load_recogniser(folder, spec, "cpu")
    logits = {side: _log_probs(recogniser, views.seen[..., : spec.channels]) for side, views in tests.items()}
    recogniser.close()
    return {test: score([logits], tests, _sides(test)) for test in VIEWS}


def _log_probs(recogniser: Recogniser, joints: Float32) -> Float32:
    """What the program itself would say to windows (N, T, V, C): log-probabilities (N, K)."""
    time_s = np.arange(joints.shape[1]) / WINDOWS.rate_hz
    windows = [Window(one, one.any(axis=-1), time_s, np.arange(len(one))) for one in joints]
    parts = [recogniser.probs(windows[first : first + BATCH]) for first in range(0, len(windows), BATCH)]
    return np.asarray(np.log(np.concatenate(parts) + 1e-12), np.float32)
