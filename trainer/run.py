"""One whole training run: windows, training, calibration, figures; all in one folder that nothing overwrites."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.registry import build
from trainer import held
from trainer.finish import METRICS, finish
from trainer.learn.devices import launched
from trainer.learn.fit import Examples, Material, fit
from trainer.learn.focus import with_focus
from trainer.recipe import HELD, WINDOWS, Recipe, read_recipe
from trainer.simulate.dataset import WindowSet, make_dataset
from trainer.train import RECIPE, new_run, task_of

__all__ = ["CACHE", "METRICS", "examples_of", "run_recipe", "windows_of"]

CACHE = Path("runs/cache")
SPLITS = ("train", "validation", "test")


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
    with fabric.rank_zero_first(local=True):  # the others find the windows in the cache
        material = material_of(recipe)
    torch.manual_seed(recipe.optimisation.seed)
    network = build(recipe.spec)
    try:
        task = replace(material.task, loss=with_focus(network, material.task.loss, recipe.focus))
        network = fit(network, material.train, material.validation, task, recipe.optimisation, run, resume)
    except KeyboardInterrupt as error:
        again = f"python -m trainer train {recipe_path} --out {run} --resume"
        raise FiasError("Stopped. All whole epochs are kept.", f"Go on with: {again}") from error
    if fabric.is_global_zero:
        material.finish(run, network)
    fabric.barrier()
    return run


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
