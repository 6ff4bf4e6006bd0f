"""Form by a network: a compact Res-TCN that says whether a repetition is wrong, and which rule tags it carries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Float32, Float64
from fias_desktop.models.contract import Output
from fias_desktop.models.res_tcn import COMPACT, ResTCN, ResTCNConfig
from trainer.judge.evaluate import look
from trainer.judge.form_windows import TAGS
from trainer.learn.augment import Augmentation, augment
from trainer.learn.fit import Examples, Task, fit
from trainer.recipe import Optimisation

LABELS = ("correct", "wrong")
TAG_WEIGHT, SMOOTHING = 0.5, 0.1


@dataclass(frozen=True)
class FormRecipe:
    """`width` of the network and the share of its activations that is dropped, every how many samples of a window it
    sees (`step`), and how it is fitted.

    In three dimensions there are as many fewer windows as there are cameras: more epochs (`times_3d`) make up for some
    of it.
    """

    width: int = 64
    dropout: float = 0.3
    step: int = 1
    epochs: int = 12
    times_3d: int = 3
    batch: int = 64
    learning_rate: float = 3e-3
    weight_decay: float = 0.05
    seed: int = 0


def optimisation(recipe: FormRecipe, coordinates: int) -> Optimisation:
    """What the training loop needs of a recipe."""
    return Optimisation(
        epochs=recipe.epochs * (recipe.times_3d if coordinates == 3 else 1),
        minutes=float("inf"),
        batch=recipe.batch,
        learning_rate=recipe.learning_rate,
        weight_decay=recipe.weight_decay,
        ema=0.99,
        seed=recipe.seed,
        bfloat16=False,
    )


def train_form(
    joints: Float32, wrong: Bool, tags: Float32, coordinates: int, recipe: FormRecipe, run: Path
) -> torch.nn.Module:
    """Teach a fresh network windows (N, T, V, 3) with their truth (N,) and tags (N, 5); goes on with the run in `run`
    where there is one. `coordinates`: 2 (x, y, score) or 3 (x, y, z)."""
    torch.manual_seed(recipe.seed)
    layout = replace(COMPACT, dropout=recipe.dropout)
    network = ResTCN(ResTCNConfig(len(COCO17_FEET.joints), 3, len(LABELS), recipe.width, len(TAGS), layout))
    label = torch.from_numpy(wrong.astype(np.int64))
    examples = Examples(torch.from_numpy(_seen(joints, recipe)), label, torch.from_numpy(tags))
    run.mkdir(parents=True, exist_ok=True)
    return fit(network, examples, None, _task(coordinates, recipe), optimisation(recipe, coordinates), run, resume=True)


def _seen(joints: Float32, recipe: FormRecipe) -> Float32:
    """Every `step`-th sample, the last one among them."""
    return np.ascontiguousarray(joints[:, ::-1][:, :: recipe.step][:, ::-1])


def _task(coordinates: int, recipe: FormRecipe) -> Task:
    # Form is a matter of a few degrees: the picture is turned and slanted less than where exercises are told apart.
    settings = Augmentation(
        rotation_rad=0.08,
        shear=0.05,
        warp_frames=1.0,
        feet_share=0.05,
        late_start_share=0.1 if coordinates == 2 else 0.0,
    )

    def change(joints: Tensor, rng: torch.Generator) -> Tensor:
        return augment(joints, COCO17_FEET, settings, rng, coordinates)

    def loss(output: Output, examples: Examples) -> Tensor:
        value = F.cross_entropy(output.logits, examples.label, label_smoothing=SMOOTHING)
        if output.error_logits is None or examples.errors is None:
            return value
        return value + TAG_WEIGHT * F.binary_cross_entropy_with_logits(output.error_logits, examples.errors)

    return Task(LABELS, change, loss)


def form_scores(network: torch.nn.Module, joints: Float32, recipe: FormRecipe) -> Float64:
    """Log odds of windows (N, T, V, 3) being wrong, and of each tag: (N, 1 + 5)."""
    seen = look(network, _seen(joints, recipe))
    assert seen.error_logits is not None  # the network was built with tag heads
    wrong = (seen.logits[:, 1] - seen.logits[:, 0])[:, None]
    return np.asarray(np.concatenate([wrong, seen.error_logits], axis=1), np.float64)
