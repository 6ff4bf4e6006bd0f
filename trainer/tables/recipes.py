"""`python -m trainer tables recipes [--minutes M]`: does every full recipe start and learn, and what would it take?

Every network of every full recipe, at its full size, goes once over some windows of its own data (a real epoch where
the data are few) by the code of a real training. What was measured is kept under `runs/recipes` and not measured again
unless the recipe changes: delete that folder to begin anew. The dearest come last.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from rich.console import Console

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.registry import build
from fias_desktop.models.streams import JOINT, STREAMS
from trainer.data.catalogue import folder as data_folder
from trainer.learn.fit import Examples, fit
from trainer.learn.trial import Trace, Trial
from trainer.recipe import Focus, read_recipe
from trainer.run import CACHE, one_epoch, try_recipe
from trainer.tables import nucla, penn, sport
from trainer.tables import public_common as public
from trainer.tables import stf_data as stf
from trainer.tables.public_common import FINAL, RECIPES, Benchmark, Variant
from trainer.tables.public_windows import examples_of as sequences_as_examples
from trainer.tables.report import RESULTS, Cell, Report, write
from trainer.tables.sim_command import Line, job_of
from trainer.tables.sim_common import FRONT
from trainer.tables.sim_runs import SEEN, VIEWS, Amount, examples_of, make_material
from trainer.tables.stf_runs import ROWS, Part, Runs, config_of
from trainer.train import task_of

NAME, KEPT = "recipes", Path("runs/recipes")
TITLE = "The full recipes: what an epoch takes without a GPU"
COLUMNS = (
    "recipe", "network", "data", "parameters", "learnt from", "windows", "minutes", "windows/s", "loss at first",
    "loss at the end", "falls", "windows an epoch", "minutes an epoch", "epochs", "trainings", "hours in all",
)  # fmt: skip
WINDOWS = 1024  # of a trial on simulated windows
HALF, HEAVY, ABLATION, LIFTER = 512, 320, 128, 200
_SIMULATED = ("res_tcn_full", "ms_res_tcn_full", "stgcnpp_full", "infogcnpp_full", "stgcnpp_streams", "msg3d_full")
_FEWER = {"stgcnpp_streams": HALF, "msg3d_full": HEAVY}
_PUBLIC: tuple[tuple[str, str, Benchmark, int], ...] = (
    ("nucla_full", stf.NUCLA, nucla.BENCHMARK, len(STREAMS)),
    ("penn_full", "Penn Action", penn.BENCHMARK, len(STREAMS)),
    ("sport_full", "sport of Penn Action", sport.BENCHMARK, 1),
    ("nucla_models_full", stf.NUCLA, nucla.BENCHMARK, len(STREAMS)),
)
_NOTES = (
    "Each network at the full size of its recipe, with the recipe's batches, optimiser, augmentation and losses, by the"
    " code of a real training; the schedule of the learning rate is that of one epoch. It has learnt next to nothing"
    " after that: these are no results.",
    "*learnt from*: `whole epoch` is one of the recipe's own data (but for an incomplete last batch), otherwise the"
    " windows of its kind that were gone through. What `python -m trainer train` takes was also calibrated and judged,"
    " as after a real run (`train RECIPE --trial`).",
    "*minutes*: of that epoch, with compiling where the recipe asks for it; *windows/s*: from the second batch on."
    " *loss at first*, *at the end*: means over the first and the last fifth of the batches, each of other windows.",
    "*minutes an epoch*, *hours in all*: of the recipe's own windows (held-out ones included) and epochs at that speed,"
    " for all *trainings* of such a network: streams, or views and modalities. Without making the windows and without"
    " judging. With shares of the data *epochs* are counted in whole epochs.",
)


@dataclass(frozen=True)
class Row:
    """A network of a recipe: `limit` windows of a trial (None: all), how it is tried with so many, how many such
    `trainings` the recipe has, and how many of them run side by side."""

    recipe: str
    network: str
    data: str
    limit: int | None
    tried: Callable[[int | None], Trial]
    trainings: int = 1
    at_once: int = 1


def main(argv: Sequence[str]) -> int:
    """Try what has not been tried, and write the table after every network; 0."""
    parser = argparse.ArgumentParser(prog=f"python -m trainer tables {NAME}", description=__doc__)
    parser.add_argument("--recipes", nargs="+", help="try only these (default: all)")
    parser.add_argument("--windows", type=int, help="of every trial (default: as many as suit the network)")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no trial after that")
    parser.add_argument("--report", action="store_true", help="try nothing: write the table of what is kept")
    parser.add_argument("--kept", type=Path, default=KEPT)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args(list(argv))
    console, until, done = Console(), time.monotonic() + 60 * given.minutes, dict[Row, Trial]()
    given.kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        rows = tuple(rows_of(Path(folder)))
        chosen = _chosen(rows, given.recipes)
        for row in rows:
            limit = row.limit if given.windows is None else given.windows
            path = given.kept / f"{_mark(row, limit)}.json"
            if not path.is_file():
                if given.report or row.recipe not in chosen or time.monotonic() > until:
                    continue
                with (given.kept / "log.txt").open("a", encoding="utf-8") as log, redirect_stdout(log):
                    trial = row.tried(limit)
                path.write_text(json.dumps(asdict(trial), indent=2), encoding="utf-8")
            done[row] = trial = Trial(**json.loads(path.read_text(encoding="utf-8")))
            words = f"{row.recipe}, {row.network}: {trial.windows} windows in {trial.minutes:.1f} min"
            console.print(f"{words}, loss {trial.first_loss:.3f} to {trial.last_loss:.3f}", highlight=False)
            _write(done, given)
    return 0


def _chosen(rows: Sequence[Row], wanted: Sequence[str] | None) -> set[str]:
    """The names of the recipes to be tried; FiasError for one that is not in the table."""
    known = {row.recipe for row in rows}
    if unknown := set(wanted or ()) - known:
        raise FiasError(f"There is no full recipe {min(unknown)!r}.", f"Known: {', '.join(sorted(known))}.")
    return set(wanted or known)


def _mark(row: Row, limit: int | None) -> str:
    """A name for what is kept: another for another recipe or number of windows."""
    text = (RECIPES / f"{row.recipe}.toml").read_text(encoding="utf-8")
    mark = hashlib.sha256(repr((text, row.network, row.data, limit)).encode()).hexdigest()[:8]
    return f"{row.recipe}-{mark}"


def _write(done: Mapping[Row, Trial], given: argparse.Namespace) -> None:
    cells = tuple(cells_of(row, trial) for row, trial in done.items())
    command = f"python -m trainer tables {NAME}" + ("" if given.windows is None else f" --windows {given.windows}")
    machine = f"{os.cpu_count()} CPU cores; two threads, of crossview one for each of two networks side by side."
    write(Report(NAME, TITLE, command, (machine, *_NOTES), COLUMNS, cells), given.out)


def cells_of(row: Row, trial: Trial) -> tuple[Cell, ...]:
    """The cells of a row."""
    learnt = "whole epoch" if trial.whole_epoch else "trial"
    falls = "" if trial.single_batch else "yes" if trial.last_loss < trial.first_loss else "no"
    hours = trial.whole_minutes * row.trainings / row.at_once / 60
    return (
        row.recipe, row.network, row.data, trial.parameters, learnt, trial.windows, trial.minutes, trial.rate,
        trial.first_loss, trial.last_loss, falls, trial.epoch_windows, trial.epoch_minutes, trial.epochs,
        row.trainings, hours,
    )  # fmt: skip


def rows_of(folder: Path) -> Iterator[Row]:
    """Every network of every full recipe, in the order of work; trainings are kept in `folder` as long as needed."""
    for name in _SIMULATED:
        recipe = read_recipe(RECIPES / f"{name}.toml")

        def tried(limit: int | None, path: Path = RECIPES / f"{name}.toml", most: int = recipe.data.train) -> Trial:
            return try_recipe(path, limit or most)

        yield Row(name, recipe.spec.title, "simulated", _FEWER.get(name, WINDOWS), tried)
    yield _crossview(folder)
    heavy = []
    for name, data, benchmark, trainings in _PUBLIC:
        for variant in public.read_recipe(RECIPES / f"{name}.toml").final:
            row = replace(_public(name, benchmark, variant, folder / name), data=data, trainings=trainings)
            if "msg3d" in variant.network.name:
                heavy.append(row)
            else:
                yield row
    yield from _stf(folder / "stf")
    yield from heavy


def _crossview(folder: Path) -> Row:
    name = "crossview"
    recipe = read_recipe(RECIPES / f"{name}.toml")

    def tried(limit: int | None) -> Trial:
        amount = Amount(limit or recipe.data.train, LIFTER, LIFTER, recipe.data.seed)
        mine = replace(recipe, optimisation=replace(recipe.optimisation, epochs=1))
        job, material = job_of(mine, amount, 0, Line(SEEN, JOINT), FRONT), make_material(amount, CACHE)
        windows = examples_of(material.train[FRONT], SEEN, material.lifter, mine.spec.frames)
        task, options, trace = task_of(job.recipe), job.recipe.optimisation, Trace()
        torch.manual_seed(options.seed)
        network = fit(build(job.recipe.spec), windows, None, trace.of(task), options, folder / name)
        share = len(one_epoch(windows, task, replace(options, batch=1))) / len(windows)
        return trace.trial(network, round(share * recipe.data.train), recipe.optimisation)

    return Row(name, recipe.spec.title, "simulated, one side", WINDOWS, tried, 2 * len(STREAMS) * len(VIEWS), 2)


def _public(name: str, benchmark: Benchmark, variant: Variant, folder: Path) -> Row:
    """A network of a public table, on joints; the other streams' networks are as large."""
    short = replace(variant, optimisation=replace(variant.optimisation, epochs=1))
    run = public.Run(benchmark, short, FINAL, JOINT, 0)

    def tried(limit: int | None) -> Trial:
        teachers = benchmark.fold(data_folder(), FINAL).teachers(variant.doubtful)
        whole = sequences_as_examples(teachers, benchmark.space)
        trace = Trace()
        network = public.train(run, _some(whole, limit), folder, trace.of)
        rows = one_epoch(whole, public.task(run, network), variant.optimisation)
        return trace.trial(network, len(rows), variant.optimisation)

    return Row(name, variant.network.words, benchmark.name, None, tried)


def _stf(folder: Path) -> Iterator[Row]:
    """The networks of STF's ablation that learn something different: a network that others are tuned from, and those
    tuned by each set of losses. On simulated windows only the first and the article's M4: the rest differ in weights
    of the losses alone."""
    name = "stf_full"
    recipe = stf.read(RECIPES / f"{name}.toml")
    for data in (stf.NUCLA, stf.SIMULATED):
        seen: list[Part] = []
        for row in ROWS:
            for focus in (None, *(one for one in row.parts if one.wanted)):
                part = Part(1.0, row.plain, 0, focus)
                wanted = data == stf.NUCLA or focus is None or focus == ROWS[3].parts[0]
                if part not in seen and wanted:
                    seen.append(part)
                    yield _ablated(name, recipe, data, part, folder)


def _ablated(name: str, recipe: stf.StfRecipe, data: str, part: Part, folder: Path) -> Row:
    def tried(limit: int | None) -> Trial:
        ground, windows = _ground(recipe, data, limit)
        few = replace(ground, train=_some(ground.train, limit), epochs=1, tuning_epochs=1)
        trace = Trace()
        network = Runs(recipe, folder / str(limit)).trained(few, part, trace.of)
        settings = recipe.nucla if data == stf.NUCLA else recipe.simulated
        epochs = settings.epochs if part.focus is None else settings.tuning_epochs
        # What is not tuned by a loss is tuned without one, as long.
        lengths = [epochs, settings.tuning_epochs] if part.focus is None else [epochs]
        whole = sum(round(length / math.sqrt(share)) * share for length in lengths for share in recipe.shares)
        return replace(trace.trial(network, windows, recipe.optimisation), epochs=whole)

    network = f"{config_of(recipe, part).words}: {_losses(part.focus)}"
    return Row(name, network, data, HEAVY if part.plain else ABLATION, tried)


def _ground(recipe: stf.StfRecipe, data: str, limit: int | None) -> tuple[stf.Ground, int]:
    """The data set, of simulated windows no more than `limit`, and how many an epoch of the whole recipe has."""
    batch = recipe.optimisation.batch
    if data == stf.NUCLA:
        ground = stf.nucla_ground(recipe, data_folder())
        return ground, len(ground.train) // batch * batch
    most = recipe.simulated.train
    few = replace(recipe.simulated, train=limit or most, test=LIFTER, explained=1)
    return stf.simulated_ground(replace(recipe, simulated=few), CACHE), most // batch * batch


def _losses(focus: Focus | None) -> str:
    if focus is None:
        return "none"
    given = {"L_e": focus.exploration, "L_d": focus.divergence, "L_c": focus.coherence, "L_G": focus.guidance}
    return ", ".join(name for name, weight in given.items() if weight)


def _some(examples: Examples, limit: int | None) -> Examples:
    """So many of the examples, drawn once and for all."""
    order = torch.randperm(len(examples), generator=torch.Generator().manual_seed(0))
    return examples.of(order[: limit or len(examples)])
