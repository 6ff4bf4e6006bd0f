"""How right answers to the windows of two sides are: by window, by repetition, and how far that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.exercises import IDLE, LABELS, group_of
from fias_desktop.domain.types import Bool, Float32, Int64
from fias_desktop.stages.recognise import softmax
from trainer.tables.sim_common import ViewSet, joined

DRAWS = 1000
_GROUPS = np.array([group_of(label) for label in LABELS])


@dataclass(frozen=True)
class Score:
    """Accuracy over windows with its 95 % interval, over repetitions (their windows taken together), over windows of
    the four groups, and over windows that show an exercise; `windows` and `repetitions` were judged, by networks of
    `seeds` seeds, of which the best and the worst are `spread` apart."""

    accuracy: float
    low: float
    high: float
    repetition: float
    group: float
    active: float
    windows: int
    repetitions: int
    seeds: int
    spread: float


def score(logits: Sequence[Mapping[str, Float32]], tests: Mapping[str, ViewSet], sides: Sequence[str]) -> Score:
    """How right the logits of one network a seed, by side, are on the windows of these sides: the mean over seeds.

    The interval is a bootstrap over athletes (all windows of one come or go together, from whichever side).
    """
    views = joined([tests[side] for side in sides])
    each = [np.concatenate([one[side] for side in sides]) for one in logits]
    each_hits = np.array([one.argmax(axis=1) == views.label for one in each])
    hits, by_seed = each_hits.mean(axis=0), each_hits.mean(axis=1)
    groups = np.mean([_GROUPS[one.argmax(axis=1)] == _GROUPS[views.label] for one in each])
    side_of = np.repeat(np.arange(len(sides)), [len(tests[side]) for side in sides])
    whole = [repetition_hits(one, views, side_of) for one in each]
    low, high = athlete_interval(hits, views.performance)
    active = views.label != LABELS.index(IDLE)
    return Score(
        accuracy=float(hits.mean()),
        low=low,
        high=high,
        repetition=float(np.mean(whole)) if len(whole[0]) else float("nan"),
        group=float(groups),
        active=float(hits[active].mean()) if active.any() else float("nan"),
        windows=len(views),
        repetitions=len(whole[0]),
        seeds=len(each),
        spread=float(np.ptp(by_seed)),
    )


def repetition_hits(logits: Float32, views: ViewSet, side: Int64) -> Bool:
    """Whether each repetition of each side is named right by the mean log-probability of its windows (R,)."""
    rows = views.repetition >= 0
    keys, first, number = np.unique(
        np.stack([side[rows], views.repetition[rows]], axis=1), axis=0, return_index=True, return_inverse=True
    )
    summed = np.zeros((len(keys), logits.shape[1]))
    np.add.at(summed, number.ravel(), np.log(softmax(logits[rows]) + 1e-12))
    return np.asarray(summed.argmax(axis=1) == views.label[rows][first])


def athlete_interval(hits: Float32, athlete: Int64, seed: int = 0) -> tuple[float, float]:
    """95 % interval of the mean of hits (N,), drawing whole athletes (N,) with replacement: one body's windows are
    alike, so that an interval that takes them for independent would be too narrow."""
    _, number = np.unique(athlete, return_inverse=True)
    sums, counts = np.bincount(number, hits), np.bincount(number)
    rows = np.random.default_rng(seed).integers(len(sums), size=(DRAWS, len(sums)))
    means = sums[rows].sum(axis=1) / counts[rows].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def difference(
    logits: Sequence[Mapping[str, Float32]], against: Sequence[Mapping[str, Float32]], tests: Mapping[str, ViewSet]
) -> tuple[float, float, float]:
    """Accuracy of one row less that of another on the same windows of all sides, with its 95 % interval."""
    views = joined(list(tests.values()))
    one, other = (
        np.mean([np.concatenate([seed[side] for side in tests]).argmax(axis=1) == views.label for seed in row], axis=0)
        for row in (logits, against)
    )
    return (float((one - other).mean()), *athlete_interval(one - other, views.performance))


def fused(each: Sequence[Mapping[str, Float32]]) -> dict[str, Float32]:
    """The mean log-probabilities of several networks, by side."""
    return {side: np.mean([np.log(softmax(one[side]) + 1e-12) for one in each], axis=0) for side in each[0]}
