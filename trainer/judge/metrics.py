"""Figures of merit of classifiers and scores: AUROC with its interval, calibration error, confusion, F1, rank
correlation. Counting and ranking is TorchMetrics'; values go in and out as NumPy arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata, spearmanr
from torchmetrics.functional.classification import (
    binary_auroc,
    multiclass_calibration_error,
    multiclass_confusion_matrix,
)

from fias_desktop.domain.types import Float64, Int64

DRAWS = 1000
_TAILS = (0.025, 0.975)


@dataclass(frozen=True, eq=False)
class PerClass:
    """`precision`, `recall` and `f1` float64 (K,) of each class, and `support` int64 (K,): how many there truly are.

    Precision is NaN where a class was never named, recall where it never occurs, F1 where neither.
    """

    precision: Float64
    recall: Float64
    f1: Float64
    support: Int64


def auroc(scores: ArrayLike, positive: ArrayLike) -> float:
    """The probability that a positive (N,) bool has a higher score (N,) than another; NaN when one kind is absent.

    Equal scores count one half.
    """
    values, truth = np.asarray(scores, np.float64), np.asarray(positive, np.bool_)
    if truth.all() or not truth.any():
        return float("nan")
    # TorchMetrics squeezes scores outside 0..1 through a sigmoid, in which large ones become equal: ranks keep order.
    ranks = torch.from_numpy(rankdata(values) / (len(values) + 1))
    return float(binary_auroc(ranks, torch.from_numpy(truth.astype(np.int64))))


def auroc_interval(
    scores: ArrayLike, positive: ArrayLike, seed: int = 0, groups: ArrayLike | None = None, draws: int = DRAWS
) -> tuple[float, float, float]:
    """AUROC with its 95 % bootstrap interval: (value, low, high).

    Rows are drawn with replacement within positives and within negatives; with `groups` (N,), such as people or
    clips, whole groups are drawn, since the windows of one person are not independent of each other.
    """
    values, truth = np.asarray(scores, np.float64), np.asarray(positive, np.bool_)
    rng = np.random.default_rng(seed)
    draw = _within_classes(truth, rng) if groups is None else _whole_groups(np.asarray(groups), rng)
    found = [fast_auroc(values[rows], truth[rows]) for rows in (draw() for _ in range(draws))]
    low, high = np.nanquantile(found, _TAILS) if not np.isnan(found).all() else (np.nan, np.nan)
    return auroc(values, truth), float(low), float(high)


def fast_auroc(values: Float64, truth: NDArray[np.bool_]) -> float:
    """AUROC by the rank sum of H. Mann and D. Whitney (1947): what the bootstrap repeats a thousand times."""
    hits = int(truth.sum())
    misses = len(truth) - hits
    if not hits or not misses:
        return float("nan")
    return float((rankdata(values)[truth].sum() - hits * (hits + 1) / 2) / (hits * misses))


def _within_classes(truth: NDArray[np.bool_], rng: np.random.Generator) -> Callable[[], Int64]:
    kinds = [rows for rows in (np.flatnonzero(truth), np.flatnonzero(~truth)) if len(rows)]
    return lambda: np.concatenate([rng.choice(rows, len(rows)) for rows in kinds])


def _whole_groups(groups: NDArray[Any], rng: np.random.Generator) -> Callable[[], Int64]:
    _, number = np.unique(groups, return_inverse=True)
    members = [np.flatnonzero(number == group) for group in range(int(number.max()) + 1)]
    return lambda: np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])


def ece(probs: ArrayLike, label: ArrayLike, bins: int = 15) -> float:
    """Expected calibration error of probabilities (N, K) with labels (N,): mean gap of confidence and accuracy.

    M. P. Naeini et al., AAAI 2015, over equally wide bins of the largest probability.
    """
    values = torch.from_numpy(np.array(probs, np.float32))
    truth = torch.from_numpy(np.array(label, np.int64))
    found = multiclass_calibration_error(values, truth, num_classes=values.shape[1], n_bins=bins, norm="l1")
    return float(found)


def reliability(probs: ArrayLike, label: ArrayLike, bins: int = 15) -> tuple[Float64, Float64, Int64]:
    """What a reliability plot shows for each bin of confidence: mean confidence, accuracy and count, each (bins,).

    Empty bins are NaN with count 0.
    """
    values = np.asarray(probs, np.float64)
    sure, right = values.max(axis=1), values.argmax(axis=1) == np.asarray(label)
    place = np.minimum((sure * bins).astype(np.int64), bins - 1)
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        confidence = np.bincount(place, sure, bins) / count
        accuracy = np.bincount(place, right, bins) / count
    return confidence, accuracy, np.asarray(count, np.int64)


def confusion(label: ArrayLike, predicted: ArrayLike, k: int) -> Int64:
    """How often each true class (row) was named as each class (column), int64 (k, k)."""
    truth, named = (torch.from_numpy(np.array(values, np.int64)) for values in (label, predicted))
    return np.asarray(multiclass_confusion_matrix(named, truth, num_classes=k).numpy(), np.int64)


def f1_per_class(label: ArrayLike, predicted: ArrayLike, k: int) -> PerClass:
    """Precision, recall and F1 of each of `k` classes."""
    matrix = confusion(label, predicted, k)
    hits, truly, named = np.diag(matrix).astype(np.float64), matrix.sum(axis=1), matrix.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return PerClass(hits / named, hits / truly, 2 * hits / (truly + named), np.asarray(truly, np.int64))


def rank_correlation(first: ArrayLike, second: ArrayLike) -> float:
    """Spearman's correlation of two series (N,); NaN for fewer than three rows or a constant one."""
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(two) == 0:
        return float("nan")
    return float(spearmanr(one, two).statistic)
