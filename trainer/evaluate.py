"""How good a recogniser is on windows nobody trained on: shares named right, class by class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from fias_desktop.domain.exercises import group_of
from fias_desktop.domain.types import Bool, Float32, Int64


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

    def figures(self) -> dict[str, float]:
        """The numbers for the model card, by name."""
        values = {
            "accuracy": self.accuracy(),
            "group_accuracy": self.group_accuracy(),
            "kept": float(self.known.mean()),
        }
        prefix = self.name.lower().replace(" ", "_").replace("-", "_")
        return {f"{prefix}_{key}": round(value, 4) for key, value in values.items()}


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
