"""What a recogniser says to windows nobody trained on, and how good that is: shares named right, class by class."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import group_of
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Bool, Float32, Int64
from fias_desktop.models.contract import Batch
from fias_desktop.models.model_files import WEIGHTS
from fias_desktop.models.registry import build
from fias_desktop.resources import read_card
from trainer.learn.augment import known


@dataclass(frozen=True, eq=False)
class Seen:
    """What a network says to N windows: `logits` float32 (N, K), `error_logits` float32 (N, E) or None, and `pooled`
    float32 (N, C), what its heads see."""

    logits: Float32
    error_logits: Float32 | None
    pooled: Float32

    def of(self, rows: Bool | Int64) -> Seen:
        """The answers to these windows."""
        errors = None if self.error_logits is None else self.error_logits[rows]
        return Seen(self.logits[rows], errors, self.pooled[rows])


def load_model(folder: Path) -> tuple[ModelSpec, nn.Module]:
    """Card and network of a model's or of a finished run's folder; FiasError when it has no whole weights."""
    spec = read_card(folder)
    network = build(spec)
    try:
        network.load_state_dict(load_file(folder / WEIGHTS))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise FiasError(f"{folder / WEIGHTS} cannot be used: {error}.", "Give the folder of a finished run.") from error
    return spec, network.eval()


@torch.inference_mode()
def look(network: nn.Module, joints: Float32, size: int = 128) -> Seen:
    """Show windows (N, T, V, C) to a network in evaluation mode, in order."""
    network.eval()
    logits, errors, pooled = [], [], []
    for start in range(0, len(joints), size):
        batch = torch.from_numpy(joints[start : start + size])
        output = network(Batch(batch, known(batch)))
        logits.append(output.logits)
        assert output.pooled is not None  # every network of the registry gives it
        pooled.append(output.pooled)
        if output.error_logits is not None:
            errors.append(output.error_logits)
    return Seen(torch.cat(logits).numpy(), torch.cat(errors).numpy() if errors else None, torch.cat(pooled).numpy())


@dataclass(frozen=True, eq=False)
class Judged:
    """What came out on one held-out set, window by window: `predicted` and `label` int64 (N,), `known` bool (N,)."""

    name: str
    labels: tuple[str, ...]
    predicted: Int64
    label: Int64
    known: Bool

    def accuracy(self) -> float:
        """Share of windows whose fine class is right."""
        return float((self.predicted == self.label).mean())

    def group_accuracy(self) -> float:
        """Share of windows whose exercise (or idleness) is right."""
        groups = np.array([group_of(label) for label in self.labels])
        return float((groups[self.predicted] == groups[self.label]).mean())

    def recall(self, label: str) -> float:
        """Share of one class's windows that were named right; NaN when the set has none."""
        rows = self.label == self.labels.index(label)
        return float((self.predicted[rows] == self.label[rows]).mean()) if rows.any() else float("nan")

    def kept(self) -> float:
        """Share of windows that are not called unknown."""
        return float(self.known.mean())


def judge(
    name: str, labels: tuple[str, ...], probs: Float32, label: Int64, scores: Float32, threshold: float
) -> Judged:
    """Compare probabilities (N, K) with labels (N,), and rejection scores (N,) with the threshold."""
    return Judged(name, labels, np.asarray(probs.argmax(axis=1)), label, scores <= threshold)


def print_table(sets: tuple[Judged, ...], console: Console) -> None:
    """One row a class, one column a held-out set."""
    table = Table("class", *(f"{one.name} ({len(one.label)})" for one in sets))
    for label in sets[0].labels:
        table.add_row(label, *(_percent(one.recall(label)) for one in sets))
    table.add_section()
    table.add_row("all classes", *(_percent(one.accuracy()) for one in sets))
    table.add_row("exercise", *(_percent(one.group_accuracy()) for one in sets))
    table.add_row("known", *(_percent(float(one.known.mean())) for one in sets))
    console.print(table)


def _percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.1f} %"


@dataclass(frozen=True, eq=False)
class Named:
    """Windows or whole repetitions with what they are and what they were named: `label`, `predicted` int64 (N,)."""

    label: Int64
    predicted: Int64


def per_window(probs: Float32, label: Int64) -> Named:
    """Every window by itself."""
    return Named(label, np.asarray(probs.argmax(axis=1), np.int64))


def per_repetition(probs: Float32, label: Int64, repetition: Int64) -> Named:
    """Every repetition (a number >= 0) by the mean of its windows' log-probabilities; its class is the commonest."""
    numbers, place = np.unique(repetition[repetition >= 0], return_inverse=True)
    inside = np.flatnonzero(repetition >= 0)
    sums = np.zeros((len(numbers), probs.shape[1]))
    votes = np.zeros((len(numbers), probs.shape[1]), np.int64)
    np.add.at(sums, place, np.log(np.maximum(probs[inside], 1e-12)))
    np.add.at(votes, (place, label[inside]), 1)
    return Named(np.asarray(votes.argmax(axis=1), np.int64), np.asarray(sums.argmax(axis=1), np.int64))
