"""One whole training run: windows, training, calibration, figures; all in one folder that nothing overwrites."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from safetensors.numpy import save_file
from torch import nn

from fias_desktop.domain.model_card import ModelSpec, TrainingData
from fias_desktop.models.model_files import WEIGHTS
from fias_desktop.stages.recognise import rejection_scores, softmax
from trainer.calibrate import Answers, answer, best_temperature, threshold
from trainer.evaluate import Judged, judge, print_table
from trainer.export import CARD, card_text
from trainer.recipe import Recipe, read_recipe
from trainer.simulate.dataset import SOURCES, WindowSet, make_dataset
from trainer.train import RECIPE, Examples, Training, new_run

METRICS = "metrics.json"
CACHE = Path("runs/cache")
SPLITS = ("train", "validation", "test")


def run_recipe(recipe_path: Path, out: Path | None = None, resume: bool = False, minutes: float | None = None) -> Path:
    """Train by a recipe (or go on with the run in `out`), calibrate and judge; gives the run's folder.

    `minutes` overrides the recipe's limit; a run that is gone on with counts the minutes it has used already.
    """
    run = out if resume and out is not None else new_run(recipe_path, recipe_path.stem, out)
    recipe = read_recipe(run / RECIPE)
    if minutes is not None:
        recipe = replace(recipe, optimisation=replace(recipe.optimisation, minutes=minutes))
    training = Training(recipe, run)
    if resume:
        training.resume()
    train, validation, test = (windows_of(recipe, split) for split in SPLITS)
    network = training.fit(examples_of(train), examples_of(validation))
    finish(run, recipe, network, train, validation, test)
    return run


def windows_of(recipe: Recipe, split: str) -> WindowSet:
    """The windows of a split, simulated and recorded; made once and kept under runs/cache."""
    count = recipe.data.train if split == "train" else recipe.data.validation
    return make_dataset(count, recipe.data.seed, split, recipe.spec, CACHE)


def examples_of(windows: WindowSet) -> Examples:
    """The windows as tensors."""
    return Examples(torch.from_numpy(windows.joints), torch.from_numpy(windows.label.astype(np.int64)))


def finish(
    run: Path, recipe: Recipe, network: nn.Module, train: WindowSet, validation: WindowSet, test: WindowSet
) -> None:
    """Calibrate on the validation windows, judge on the test windows; write weights, card and metrics into the run."""
    labels, kept = recipe.spec.labels, recipe.optimisation.rejection_kept
    held_out = answer(network, examples_of(validation))
    temperature = round(best_temperature(held_out), 4)
    spec = replace(
        recipe.spec,
        temperature=temperature,
        rejection_threshold=round(threshold(labels, held_out, temperature, kept), 4),
        training_data=_used(recipe.spec.training_data, train),
    )
    judged = _by_source(spec, answer(network, examples_of(test)), test)
    figures = {key: value for one in judged for key, value in one.figures().items()}
    _write(run, replace(spec, figures=figures), network)
    metrics = {one.name: one.figures() | {label: one.recall(label) for label in labels} for one in judged}
    (run / METRICS).write_text(json.dumps(metrics, indent=2), encoding="utf-8")
    print_table(judged, Console())


def _used(rows: tuple[TrainingData, ...], train: WindowSet) -> tuple[TrainingData, ...]:
    """The recipe's sources with the number of their windows; those without any left out."""
    counts = np.bincount(train.source, minlength=len(SOURCES))
    counted = [replace(row, sequences=int(counts[SOURCES.index(row.name)])) for row in rows]
    return tuple(row for row in counted if row.sequences)


def _by_source(spec: ModelSpec, answers: Answers, test: WindowSet) -> tuple[Judged, ...]:
    """The test windows of each source apart: simulated movement is easier than people."""
    probs = softmax(answers.logits, spec.temperature)
    scores = rejection_scores(spec.labels, probs)
    judged = []
    for number, name in enumerate(SOURCES):
        rows = test.source == number
        if rows.any():
            part = judge(name, spec.labels, probs[rows], answers.label[rows], scores[rows], spec.rejection_threshold)
            judged.append(part)
    return tuple(judged)


def _write(run: Path, spec: ModelSpec, network: nn.Module) -> None:
    arrays = {name: values.numpy() for name, values in network.state_dict().items()}
    save_file({name: np.ascontiguousarray(values) for name, values in arrays.items()}, run / WEIGHTS)
    (run / CARD).write_text(card_text(spec), encoding="utf-8")
