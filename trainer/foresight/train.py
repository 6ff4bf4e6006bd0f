"""Training a network that foresees: simulated moments, the one training loop, a model folder at the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from fias_desktop.domain.skeleton import skeleton
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.infogcnpp import FUTURE_JOINTS
from fias_desktop.models.infogcnpp_foresight import Foresight, foresight_loss, foresight_of
from trainer.foresight.moments import Moments, simulated_moments
from trainer.learn.augment import augment
from trainer.learn.fit import Examples, Task, fit
from trainer.recipe import Recipe, read_recipe
from trainer.train import new_run

CACHE = Path("runs/cache")


class _Learning(nn.Module):
    """A network that foresees as the training loop knows networks: of a batch's T + S frames it is shown the first T.
    Its only class says nothing."""

    def __init__(self, network: Foresight, frames: int) -> None:
        super().__init__()
        self.network, self.frames = network, frames

    def forward(self, batch: Batch) -> Output:
        """What is foreseen is in `aux`."""
        foreseen = self.network(batch.joints[:, : self.frames])
        return Output(foreseen.new_zeros(len(foreseen), 1), (), aux={FUTURE_JOINTS: foreseen})


def train(recipe_path: Path, out: Path | None = None, resume: bool = False) -> tuple[Path, Recipe, Foresight]:
    """Train by a recipe (or go on with the run in `out`): the run's folder, the recipe and the network, in evaluation
    mode."""
    recipe = foresight_recipe(recipe_path)
    run = out if resume and out is not None else new_run(recipe_path, recipe.name, out)
    spec, data = recipe.spec, recipe.data
    moments, held_out = (
        simulated_moments(views, data.seed, split, spec, CACHE)
        for split, views in (("train", data.train), ("validation", data.validation))
    )
    torch.manual_seed(recipe.optimisation.seed)
    network = _Learning(foresight_of(spec), spec.frames)
    fitted = fit(
        network, examples_of(moments), examples_of(held_out), task_of(recipe), recipe.optimisation, run, resume
    )
    assert isinstance(fitted, _Learning)
    counted = tuple(replace(row, sequences=data.train) for row in spec.training_data)
    return run, replace(recipe, spec=replace(spec, training_data=counted)), fitted.network


def foresight_recipe(path: Path) -> Recipe:
    """The recipe of a network that knows no classes; FiasError that names what is wrong with it."""
    recipe = read_recipe(path)
    return replace(recipe, spec=replace(recipe.spec, labels=(), groups=(), errors=()))


def examples_of(moments: Moments) -> Examples:
    """Windows and their future as T + S frames (N, T + S, V, 3); the third channel of the future is 1 where it was
    seen."""
    joints, future, seen = (torch.from_numpy(values) for values in (moments.joints, moments.future, moments.seen))
    later = torch.cat([future, seen[..., None].to(future.dtype)], dim=-1)
    return Examples(torch.cat([joints, later], dim=1), torch.zeros(len(joints), dtype=torch.int64))


def task_of(recipe: Recipe) -> Task:
    """The recipe's changes to the windows, and the mean distance of what was foreseen."""
    topology, frames = skeleton(recipe.spec.skeleton), recipe.spec.frames

    def change(joints: Tensor, rng: torch.Generator) -> Tensor:
        return augment(joints, topology, recipe.augmentation, rng)

    def loss(output: Output, examples: Examples) -> Tensor:
        later = examples.joints[:, frames:]
        return foresight_loss(output.aux[FUTURE_JOINTS], later[..., :2], later[..., 2] > 0)

    return Task(("movement",), change, loss)
