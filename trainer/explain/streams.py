"""How far the streams of one network look at the same joints.

Joints, bones and their motions are learnt by networks of their own. Where their heat agrees, one of them speaks for
the others; where it does not, the fused map hides that they have different reasons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fias_desktop.domain.types import Bool, Float32, Float64, Int64
from trainer.explain.figures import mean_interval
from trainer.explain.maps import stream_heat
from trainer.explain.model import Model
from trainer.judge.metrics import rank_correlation
from trainer.tables.report import Cell

COLUMNS = (
    "model", "streams", "windows", "rank correlation", "low", "high", "same hottest joint", "same low", "same high",
    "chance",
)  # fmt: skip
EVERY_PAIR = "every pair"
CHUNK = 50
NOTE = (
    "*rank correlation* (Spearman) of the heat of the known joints, summed over time, between two streams' own maps of"
    " the class that is named; *same hottest joint*: share of windows whose hottest joint is the same; *chance*: that"
    " share for heat that knows nothing, one over the number of known joints. Means over windows with 95 % bootstrap"
    " intervals over athletes; a bone stands at its far joint. Windows in which a stream has no heat are left out of"
    " its pairs."
)


@dataclass(frozen=True, eq=False)
class Pair:
    """Two streams, by their names: the `correlation` and the `same` hottest joint (0 or 1) of n windows, each float64
    (n,), NaN where one of them has no heat."""

    names: str
    correlation: Float64
    same: Float64


def pairs_of(heat: Float32, names: tuple[str, ...], known: Bool) -> tuple[Pair, ...]:
    """Every pair of streams whose heat is (S, N, T, V), where bool (N, T, V) places are known."""
    joints = heat.sum(axis=2, dtype=np.float64)
    there = known.any(axis=1)
    return tuple(
        Pair(f"{names[i]} and {names[j]}", *_compared(joints[i], joints[j], there))
        for i, j in combinations(range(len(names)), 2)
    )


def _compared(first: Float64, second: Float64, known: Bool) -> tuple[Float64, Float64]:
    """Rank correlation and equality of the hottest joint, (N,) each, of heat (N, V) on known joints bool (N, V)."""
    correlation, same = (np.full(len(known), np.nan) for _ in range(2))
    for number, where in enumerate(known):
        one, other = first[number, where], second[number, where]
        if one.any() and other.any():
            correlation[number] = rank_correlation(one, other)
            same[number] = float(one.argmax() == other.argmax())
    return correlation, same


def stream_rows(model: Model, joints: Float32, target: Int64, subject: Int64) -> tuple[tuple[Cell, ...], ...]:
    """The rows of one model on windows (N, T, V, C) of athletes (N,): every pair of its streams, and their mean; none
    for a model of one stream."""
    spec = model.spec
    if len(spec.streams) < 2:
        return ()
    starts = range(0, len(joints), CHUNK)
    parts = [stream_heat(model, joints[i : i + CHUNK], target[i : i + CHUNK]) for i in starts]
    known = np.asarray(joints.any(axis=-1))
    pairs = pairs_of(np.concatenate(parts, axis=1), spec.streams, known)
    chance = float(np.mean(1 / np.maximum(known.any(axis=1).sum(axis=1), 1)))
    return tuple((spec.id, *_figures(pair, subject), chance) for pair in (*pairs, _every(pairs)))


def _every(pairs: tuple[Pair, ...]) -> Pair:
    """The mean of all pairs, window by window, where each of them has a figure."""
    correlation, same = (np.mean([getattr(pair, name) for pair in pairs], axis=0) for name in ("correlation", "same"))
    return Pair(EVERY_PAIR, correlation, same)


def _figures(pair: Pair, subject: Int64) -> Iterator[Cell]:
    yield pair.names
    yield int((~np.isnan(pair.same)).sum())
    yield from mean_interval(pair.correlation, subject)
    yield from mean_interval(pair.same, subject)
