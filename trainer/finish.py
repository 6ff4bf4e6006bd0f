"""What follows training: calibration on the validation windows, figures on the test windows, all kept in the run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from safetensors.numpy import save_file
from torch import nn

from fias_desktop.domain.exercises import IDLE, group_of
from fias_desktop.domain.model_card import ModelSpec, TrainingData
from fias_desktop.domain.types import Bool, Float32
from fias_desktop.models.model_files import WEIGHTS
from fias_desktop.stages.recognise import rejection_scores, softmax
from trainer.export import CARD, card_text
from trainer.judge.evaluate import Judged, Seen, judge, look, per_repetition, print_table
from trainer.judge.metrics import auroc, ece
from trainer.learn.calibrate import Answers, calibration, fold, threshold
from trainer.recipe import Recipe
from trainer.simulate.dataset import SOURCES, WindowSet

METRICS, PREDICTIONS = "metrics.json", "predictions.npz"
Figures = dict[str, float]


def finish(
    run: Path, recipe: Recipe, network: nn.Module, train: WindowSet, validation: WindowSet, test: WindowSet
) -> None:
    """Calibrate on the validation windows, judge on the test windows; write weights, card, metrics and predictions."""
    spec = calibrated(recipe, network, train, validation)
    seen = look(network, test.joints)
    judged = _by_source(spec, seen, test)
    figures = {one.name: figures_of(spec, one, seen.of(rows), _part(test, rows)) for one, rows in judged}
    shown = {f"{prefix(name)}_{key}": value for name, part in figures.items() for key, value in part.items()}
    spec = replace(spec, figures={key: value for key, value in shown.items() if np.isfinite(value)})
    _write_model(run, spec, network)
    _write_predictions(run, spec, seen, test)
    metrics: dict[str, dict[str, Any]] = {
        one.name: _plain(figures[one.name])
        | {"recall": _plain({label: one.recall(label) for label in spec.labels})}
        | {"error_auroc_of": _plain(error_aurocs(spec, seen.of(rows), _part(test, rows)))}
        for one, rows in judged
    }
    (run / METRICS).write_text(json.dumps(metrics, indent=2), encoding="utf-8")
    print_table(tuple(one for one, _ in judged), Console())


def calibrated(recipe: Recipe, network: nn.Module, train: WindowSet, validation: WindowSet) -> ModelSpec:
    """The recipe's card with temperature, rejection threshold and training data; nothing is chosen on test windows.

    A bias of each class, where the recipe asks for it, goes into the network's head.
    """
    labels, options = recipe.spec.labels, recipe.optimisation
    answers = Answers(look(network, validation.joints).logits, validation.label)
    found = calibration(answers, options.class_bias)
    fold(network, found.bias)
    shifted, temperature = replace(answers, logits=answers.logits + found.bias), round(found.temperature, 4)
    return replace(
        recipe.spec,
        temperature=temperature,
        rejection_threshold=round(threshold(labels, shifted, temperature, options.rejection_kept), 4),
        training_data=_used(recipe.spec.training_data, train),
    )


def figures_of(spec: ModelSpec, judged: Judged, seen: Seen, windows: WindowSet) -> Figures:
    """Figures on the windows of one source: per window, per repetition (the mean of its windows' log-probabilities),
    calibration error, and the mean AUROC of the error heads. NaN where a source cannot say."""
    probs = softmax(seen.logits, spec.temperature)
    each = list(error_aurocs(spec, seen, windows).values())
    named = per_repetition(probs, windows.label, windows.repetition)
    values = {
        "accuracy": judged.accuracy(),
        "group_accuracy": judged.group_accuracy(),
        "kept": judged.kept(),
        "repetition_accuracy": float((named.label == named.predicted).mean()) if len(named.label) else float("nan"),
        "ece": ece(probs, windows.label),
        "error_auroc": float(np.mean(each)) if each else float("nan"),
    }
    return {key: round(value, 4) for key, value in values.items()}


def error_aurocs(spec: ModelSpec, seen: Seen, windows: WindowSet) -> Figures:
    """AUROC of each error head among the windows of its exercise whose severity is known; errors without both kinds of
    windows are left out."""
    if seen.error_logits is None:
        return {}
    groups = np.array([group_of(label) for label in spec.labels])[windows.label]
    found = {}
    for number, error in enumerate(spec.errors):
        severity = windows.errors[:, number]
        rows = np.isfinite(severity) & (groups != IDLE) & np.array([error.startswith(f"{group}_") for group in groups])
        found[error] = auroc(seen.error_logits[rows, number], severity[rows] > 0) if rows.any() else float("nan")
    return {error: round(value, 4) for error, value in found.items() if np.isfinite(value)}


def prefix(name: str) -> str:
    """A data set's name as the card's figures begin with it."""
    return name.lower().replace(" ", "_").replace("-", "_")


def _by_source(spec: ModelSpec, seen: Seen, test: WindowSet) -> list[tuple[Judged, Bool]]:
    """The test windows of each source apart, with their rows: simulated movement is easier than people."""
    probs = softmax(seen.logits, spec.temperature)
    scores = rejection_scores(spec.labels, probs)
    judged = []
    for number, name in enumerate(SOURCES):
        rows = np.asarray(test.source == number)
        if rows.any():
            part = judge(name, spec.labels, probs[rows], test.label[rows], scores[rows], spec.rejection_threshold)
            judged.append((part, rows))
    return judged


def _part(windows: WindowSet, rows: Bool) -> WindowSet:
    return replace(windows, **{key: values[rows] for key, values in vars(windows).items()})


def _used(rows: tuple[TrainingData, ...], train: WindowSet) -> tuple[TrainingData, ...]:
    """The recipe's sources with the number of their windows; those without any left out."""
    counts = np.bincount(train.source, minlength=len(SOURCES))
    counted = [replace(row, sequences=int(counts[SOURCES.index(row.name)])) for row in rows]
    return tuple(row for row in counted if row.sequences)


def _plain(values: Figures) -> dict[str, float | None]:
    """NaN is no JSON."""
    return {key: round(value, 4) if np.isfinite(value) else None for key, value in values.items()}


def _write_model(run: Path, spec: ModelSpec, network: nn.Module) -> None:
    arrays = {name: values.numpy() for name, values in network.state_dict().items()}
    save_file({name: np.ascontiguousarray(values) for name, values in arrays.items()}, run / WEIGHTS)
    (run / CARD).write_text(card_text(spec), encoding="utf-8")


def _write_predictions(run: Path, spec: ModelSpec, seen: Seen, test: WindowSet) -> None:
    """What was said to every test window, so that any other figure can be had without the network."""
    errors = np.empty((len(test), 0), np.float32) if seen.error_logits is None else _sigmoid(seen.error_logits)
    np.savez_compressed(
        run / PREDICTIONS,
        probs=softmax(seen.logits, spec.temperature),
        error_probs=errors,
        label=test.label,
        errors=test.errors,
        subject=test.subject,
        source=test.source,
        repetition=test.repetition,
        azimuth_deg=test.azimuth_deg,
    )


def _sigmoid(logits: Float32) -> Float32:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)
