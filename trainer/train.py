"""What a recipe asks for, as the training loop needs it: changes to the windows and the loss of a batch."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import torch
from torch import Tensor

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import IDLE, group_of
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.fusion import STREAM_LOGITS
from fias_desktop.models.infogcnpp import FUTURE_JOINTS, foresight_loss
from fias_desktop.models.stgcnpp import categorical_loss, error_loss
from trainer.learn.augment import augment, known
from trainer.learn.fit import Examples, Task
from trainer.recipe import Recipe

__all__ = ["RECIPE", "Examples", "new_run", "task_of"]

RECIPE = "recipe.toml"


def new_run(recipe_path: Path, name: str, out: Path | None) -> Path:
    """A new run's folder with a copy of the recipe; FiasError when it would overwrite another run."""
    run = out or Path("runs") / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}"
    if run.exists():
        raise FiasError(f"The folder {run} is already there.", "Choose another --out, or --resume to go on with it.")
    run.mkdir(parents=True)
    shutil.copyfile(recipe_path, run / RECIPE)
    return run


def task_of(recipe: Recipe) -> Task:
    """The recipe's classes, augmentation and loss.

    The loss is the categorical one, for a network of several streams the mean of those of each stream by itself, and,
    where the network has one, that of the multi-label head over the windows that show an exercise. A network that
    foresees joints also learns these. A window's class is that of its end, so no frame before it is asked for one.
    """
    options, labels = recipe.optimisation, recipe.spec.labels
    topology, idle = skeleton(recipe.spec.skeleton), labels.index(IDLE)
    groups = torch.tensor([recipe.spec.groups.index(group_of(label)) for label in labels])

    def change(joints: Tensor, rng: torch.Generator) -> Tensor:
        return augment(joints, topology, recipe.augmentation, rng, recipe.spec.coordinates)

    def loss(output: Output, examples: Examples) -> Tensor:
        group = groups.to(examples.label.device)
        answers = output.aux.get(STREAM_LOGITS, output.logits[None])
        losses = [
            categorical_loss(logits, examples.label, group, options.group_weight, options.smoothing)
            for logits in answers
        ]
        value = torch.stack(losses).mean()
        if FUTURE_JOINTS in output.aux:
            value = value + foresight_loss(output, Batch(examples.joints, known(examples.joints)))
        if output.error_logits is None or examples.errors is None:
            return value
        active = examples.label != idle
        return value + options.error_weight * error_loss(output.error_logits, examples.errors, active)

    return Task(labels, change, loss, idle)
