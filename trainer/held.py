"""Runs on rendered athletes: examples with pictures, whose class is what the hands hold.

Joints cannot tell it (`trainer/simulate/appearance`): such a run is for networks that look at the picture as well.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor, nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.models import vpn
from fias_desktop.models.contract import Output
from fias_desktop.models.model_files import WEIGHTS
from fias_desktop.stages.recognise import rejection_scores, softmax
from trainer.export import CARD, card_text
from trainer.finish import METRICS
from trainer.judge.metrics import ece
from trainer.learn.calibrate import Answers, answer, best_temperature, threshold
from trainer.learn.fit import Examples, Material, Task
from trainer.recipe import Recipe
from trainer.simulate.appearance import HELD, SPEC, AppearanceSet, Shape, make_set
from trainer.tables.vpn_runs import mirrored

SOURCE = "rendered athletes"


def material_of(recipe: Recipe, cache: Path | None) -> Material:
    """The recipe's scenes as examples, each once for every class; FiasError when its card asks for other windows, other
    classes or no pictures."""
    spec = recipe.spec
    given, wanted = ((one.skeleton, one.frames, one.rate_hz, one.channels, one.labels) for one in (spec, SPEC))
    if given != wanted or not (spec.clip_frames and spec.clip_pixels) or spec.network != "vpn":
        raise FiasError(
            f"The recipe {recipe.name} does not fit what the hands hold.", "See trainer/recipes/vpn_small.toml."
        )
    train, validation, test = (_examples(recipe, split, cache) for split in ("train", "validation", "test"))

    def finished(run: Path, network: nn.Module) -> None:
        finish(run, recipe, network, validation, test)

    return Material(train, validation, task_of(recipe), finished)


def _examples(recipe: Recipe, split: str, cache: Path | None) -> Examples:
    data, shape = recipe.data, Shape(recipe.spec.clip_frames, recipe.spec.clip_pixels)
    scenes = data.train if split == "train" else data.validation
    return examples_of(make_set(scenes, data.seed, split, shape, cache))


def examples_of(clips: AppearanceSet) -> Examples:
    """The clips as tensors, those of a scene side by side."""
    joints, label, clip = (torch.from_numpy(values) for values in (clips.joints, clips.label, clips.clip))
    return Examples(joints, label, clip=clip, siblings=len(HELD))


def task_of(recipe: Recipe) -> Task:
    """Equation 5 of VPN, on scenes of which half are seen in a mirror, pictures and joints alike."""

    def change(joints: Tensor, rng: torch.Generator) -> Tensor:
        return joints

    def change_whole(examples: Examples, rng: torch.Generator) -> Examples:
        turned = mirrored(examples.batch(), rng)
        return replace(examples, joints=turned.joints, clip=turned.clip)

    def loss(output: Output, examples: Examples) -> Tensor:
        return vpn.loss(output, examples.batch())

    return Task(recipe.spec.labels, change, loss, change_whole=change_whole)


def finish(run: Path, recipe: Recipe, network: nn.Module, validation: Examples, test: Examples) -> None:
    """Calibrate on the validation scenes, judge on the test scenes; write weights, card and metrics."""
    spec = calibrated(recipe, answer(network, validation))
    figures = figures_of(spec, answer(network, test))
    spec = replace(spec, figures={f"held_{name}": value for name, value in figures.items()})
    arrays = {name: np.ascontiguousarray(values.numpy()) for name, values in network.state_dict().items()}
    save_file(arrays, run / WEIGHTS)
    (run / CARD).write_text(card_text(spec), encoding="utf-8")
    (run / METRICS).write_text(json.dumps({SOURCE: figures}, indent=2), encoding="utf-8")


def calibrated(recipe: Recipe, answers: Answers) -> ModelSpec:
    """The recipe's card with temperature, rejection threshold and the number of clips it was trained on."""
    temperature = round(best_temperature(answers), 4)
    clips = recipe.data.train * len(HELD)
    return replace(
        recipe.spec,
        temperature=temperature,
        rejection_threshold=round(
            threshold(recipe.spec.labels, answers, temperature, recipe.optimisation.rejection_kept), 4
        ),
        training_data=tuple(replace(row, sequences=clips) for row in recipe.spec.training_data),
    )


def figures_of(spec: ModelSpec, answers: Answers) -> dict[str, float]:
    """Shares named right, over all clips and by class, the share not called unknown, and the calibration error."""
    probs = softmax(answers.logits, spec.temperature)
    right = probs.argmax(axis=1) == answers.label
    kept = rejection_scores(spec.labels, probs) <= spec.rejection_threshold
    values = {"accuracy": right.mean(), "kept": kept.mean(), "ece": ece(probs, answers.label)}
    values |= {f"named_{label}": right[answers.label == k].mean() for k, label in enumerate(spec.labels)}
    return {name: round(float(value), 4) for name, value in values.items()}
