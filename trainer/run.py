"""One whole training run: windows, training, calibration, figures; all in one folder that nothing overwrites.

A trial is the same run with one epoch over few windows, to see what the whole one would take.
"""

from __future__ import annotations

import csv
import math
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.registry import build
from trainer import held
from trainer.finish import METRICS, finish
from trainer.learn.devices import launched
from trainer.learn.fit import CURVES, Examples, Material, Task, fit
from trainer.learn.focus import with_focus
from trainer.learn.trial import Trace, Trial, Watch
from trainer.recipe import HELD, WINDOWS, Optimisation, Recipe, read_recipe
from trainer.simulate.dataset import WindowSet, make_dataset
from trainer.train import RECIPE, new_run, task_of

__all__ = ["CACHE", "METRICS", "examples_of", "one_epoch", "run_recipe", "try_recipe", "windows_of"]

CACHE = Path("runs/cache")
SPLITS = ("train", "validation", "test")
LEAST_HELD_OUT = 64  # windows of a trial


def run_recipe(recipe_path: Path, out: Path | None = None, resume: bool = False, minutes: float | None = None) -> Path:
    """Train by a recipe (or go on with the run in `out`), calibrate and judge; gives the run's folder.

    `minutes` overrides the recipe's limit; a run that is gone on with counts the minutes it has used already. Under
    `torchrun` all processes call this; the first one writes. FiasError when there is nothing to resume.
    """
    if resume and (out is None or not (out / RECIPE).is_file()):
        raise FiasError(f"There is no run to resume in {out or 'no folder'}.", "Give the run's folder with --out.")
    recipe = read_recipe(out / RECIPE if resume and out is not None else recipe_path)
    if minutes is not None:
        recipe = replace(recipe, optimisation=replace(recipe.optimisation, minutes=minutes))
    fabric = launched(recipe.optimisation)
    run = out if resume else _first(fabric, recipe_path, recipe, out)
    assert run is not None
    try:
        _carry_out(fabric, recipe, run, resume)
    except KeyboardInterrupt as error:
        again = f"python -m trainer train {recipe_path} --out {run} --resume"
        raise FiasError("Stopped. All whole epochs are kept.", f"Go on with: {again}") from error
    return run


def try_recipe(recipe_path: Path, windows: int) -> Trial:
    """One epoch of the recipe's own network over so many windows of its kind (less those of rest that an epoch leaves
    out), calibrated and judged as by `run_recipe`, in a folder that is thrown away. FiasError for no windows."""
    if windows < 1:
        raise FiasError(f"A trial of {windows} windows shows nothing.", "Give --trial a number of windows, or nothing.")
    whole = read_recipe(recipe_path)
    few = min(max(windows // 4, LEAST_HELD_OUT), whole.data.validation)
    data = replace(whole.data, train=min(windows, whole.data.train), validation=few)
    options = replace(whole.optimisation, epochs=1, minutes=math.inf)
    recipe, trace = replace(whole, data=data, optimisation=options), Trace()
    with tempfile.TemporaryDirectory() as folder:
        run = new_run(recipe_path, recipe.name, Path(folder) / "run")
        material, network = _carry_out(launched(options), recipe, run, watch=trace.of)
        with (run / CURVES).open(newline="", encoding="utf-8") as file:
            held_out = float(next(csv.DictReader(file))["held_out_loss"])
    share = len(one_epoch(material.train, material.task, replace(options, batch=1))) / data.train
    trial = trace.trial(network, round(share * whole.data.train), whole.optimisation)
    return replace(trial, judged=whole.data.validation, held_out_loss=held_out)


def one_epoch(examples: Examples, task: Task, options: Optimisation) -> Tensor:
    """The rows of the whole batches of an epoch, int64 (n,)."""
    return torch.cat(examples.epoch(options.batch, task.idle, options.idle_share, torch.Generator()))


def _carry_out(
    fabric: Fabric, recipe: Recipe, run: Path, resume: bool = False, watch: Watch = lambda task: task
) -> tuple[Material, nn.Module]:
    """Make the windows, train, calibrate and judge in a run's folder; gives what it was made of and the network."""
    with fabric.rank_zero_first(local=True):  # the others find the windows in the cache
        material = material_of(recipe)
    torch.manual_seed(recipe.optimisation.seed)
    network = build(recipe.spec)
    task = watch(replace(material.task, loss=with_focus(network, material.task.loss, recipe.focus)))
    network = fit(network, material.train, material.validation, task, recipe.optimisation, run, resume)
    if fabric.is_global_zero:
        material.finish(run, network)
    fabric.barrier()
    return material, network


def _first(fabric: Fabric, recipe_path: Path, recipe: Recipe, out: Path | None) -> Path:
    """A new run's folder, made by the first process."""
    made = str(new_run(recipe_path, recipe.name, out)) if fabric.is_global_zero else ""
    return Path(fabric.broadcast(made))


def material_of(recipe: Recipe) -> Material:
    """What the recipe's network learns from and is judged by; FiasError for a source of data that there is not."""
    if recipe.data.source == HELD:
        return held.material_of(recipe, CACHE)
    if recipe.data.source != WINDOWS:
        raise FiasError(f"There is no data called {recipe.data.source!r}.", f"Known: {WINDOWS}, {HELD}.")
    train, validation, test = (windows_of(recipe, split) for split in SPLITS)

    def finished(run: Path, network: nn.Module) -> None:
        finish(run, recipe, network, train, validation, test)

    return Material(examples_of(train), examples_of(validation), task_of(recipe), finished)


def windows_of(recipe: Recipe, split: str) -> WindowSet:
    """The windows of a split, simulated and recorded; made once and kept under runs/cache."""
    count = recipe.data.train if split == "train" else recipe.data.validation
    return make_dataset(count, recipe.data.seed, split, recipe.spec, CACHE)


def examples_of(windows: WindowSet) -> Examples:
    """The windows as tensors."""
    label, errors = torch.from_numpy(windows.label.astype(np.int64)), torch.from_numpy(windows.errors)
    return Examples(torch.from_numpy(windows.joints), label, errors)
