"""Which classes a network is weak on, and which two it takes for each other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fias_desktop.domain.exercises import IDLE
from fias_desktop.domain.types import Int64
from trainer.judge.metrics import confusion
from trainer.tables.report import share_interval


@dataclass(frozen=True)
class ClassRecall:
    """How many of the `n` windows of a class are named right: a share with its Wilson 95 % interval, and the class they
    are most often taken for instead (empty where all are right)."""

    label: str
    n: int
    recall: float
    low: float
    high: float
    taken_for: str


@dataclass(frozen=True)
class Pair:
    """Two classes of which `lost` windows were named as the other one, a `share` of the windows of both."""

    first: str
    second: str
    lost: int
    share: float


def recalls(labels: tuple[str, ...], label: Int64, predicted: Int64) -> list[ClassRecall]:
    """Every class that occurs, the weakest first."""
    matrix = confusion(label, predicted, len(labels))
    found = []
    for k in np.flatnonzero(matrix.sum(axis=1)):
        n, hits = int(matrix[k].sum()), int(matrix[k, k])
        others = np.where(np.arange(len(labels)) == k, 0, matrix[k])
        taken_for = labels[int(others.argmax())] if others.any() else ""
        found.append(ClassRecall(labels[k], n, *share_interval(hits, n), taken_for))
    return sorted(found, key=lambda one: one.recall)


def confused_pairs(labels: tuple[str, ...], label: Int64, predicted: Int64) -> list[Pair]:
    """Pairs of exercise classes that occur, the largest share of windows lost to each other first.

    Idle is left out: it is taken for an exercise in the moments before and after a repetition, which no joint tells.
    """
    matrix = confusion(label, predicted, len(labels))
    present = [k for k in np.flatnonzero(matrix.sum(axis=1)) if labels[k] != IDLE]
    pairs = []
    for a, b in combinations(present, 2):
        lost, both = int(matrix[a, b] + matrix[b, a]), int(matrix[[a, b]].sum())
        pairs.append(Pair(labels[a], labels[b], lost, lost / both))
    return sorted(pairs, key=lambda pair: -pair.share)
