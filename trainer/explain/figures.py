"""Figures of merit of a heat map whose truth is known: does it point at what is at fault, and does the network agree?

J. Zhang et al.: Top-down Neural Attention by Excitation Backprop, IJCV 2018 (pointing game); V. Petsiuk, A. Das,
K. Saenko: RISE, BMVC 2018 (deletion and insertion); the share of energy inside is that of H. Wang et al.: Score-CAM,
CVPR Workshops 2020.

Shapes: N windows, T samples, V joints. `heat` float32 (N, T, V) >= 0, `fault` bool (N, T, V) the places at fault, which
are known ones, and `known` bool (N, T, V).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from fias_desktop.domain.types import Bool, Float32, Float64, Int64
from trainer.judge.metrics import rank_correlation

COUNTS = (0, 1, 2, 3, 4, 6, 8, 11, 15)  # joints hidden at a time; the curve ends with all that are known
_TINY = float(np.finfo(np.float32).tiny)


def point_joints(heat: Float32, fault: Bool) -> Float64:
    """1 where the joint with the most heat over time is one at fault at some time, else 0, (N,); no heat misses."""
    total = heat.sum(axis=1)
    hits = np.take_along_axis(fault.any(axis=1), total.argmax(axis=1)[:, None], axis=1)[:, 0]
    return np.asarray(hits & total.any(axis=1), np.float64)


def point_places(heat: Float32, fault: Bool) -> Float64:
    """1 where the place in joint and time with the most heat is one at fault, else 0, (N,); no heat misses."""
    flat = heat.reshape(len(heat), -1)
    hits = np.take_along_axis(fault.reshape(len(heat), -1), flat.argmax(axis=1)[:, None], axis=1)[:, 0]
    return np.asarray(hits & flat.any(axis=1), np.float64)


def energy_joints(heat: Float32, fault: Bool) -> Float64:
    """The share of all heat that is on joints at fault at some time, (N,)."""
    total = heat.sum(axis=1, dtype=np.float64)
    return np.asarray((total * fault.any(axis=1)).sum(axis=1) / np.maximum(total.sum(axis=1), _TINY))


def energy_places(heat: Float32, fault: Bool) -> Float64:
    """The share of all heat that is on joints while they are at fault, (N,)."""
    total = heat.sum(axis=(1, 2), dtype=np.float64)
    return np.asarray((heat * fault).sum(axis=(1, 2), dtype=np.float64) / np.maximum(total, _TINY))


def chance_joints(fault: Bool, known: Bool) -> Float64:
    """What pointing and energy over joints are for heat that knows nothing, (N,): the share of the joints that are
    known at some time and at fault at some time."""
    return np.asarray(fault.any(axis=1).sum(axis=1) / np.maximum(known.any(axis=1).sum(axis=1), 1), np.float64)


def chance_places(fault: Bool, known: Bool) -> Float64:
    """The same over joint and time, (N,): the share of the known places that are at fault."""
    return np.asarray(fault.sum(axis=(1, 2)) / np.maximum(known.sum(axis=(1, 2)), 1), np.float64)


def hottest_first(heat: Float32, known: Bool) -> Int64:
    """The joints of one window (T, V) that are known at some time by their heat over time, hottest first."""
    joints = np.flatnonzero(known.any(axis=0))
    return np.asarray(joints[np.argsort(-heat.sum(axis=0)[joints], kind="stable")], np.int64)


def areas(prob: Callable[[Bool], Float64], orders: Int64, joints: int) -> tuple[Float64, Float64]:
    """Areas under the curves of deletion and of insertion of each of M orders (M, K) of the same K joints, each (M,).

    `prob` gives the probability of the class for R sets of hidden joints, bool (R, V) -> (R,); equal sets are asked
    for once. The curves run over the share of the joints hidden (or shown), 0 to 1, by the trapezoid rule between
    `COUNTS`. A good map has a small area of deletion and a large one of insertion.
    """
    width = orders.shape[1]
    counts = np.array([*(count for count in COUNTS if count < width), width])
    deleted = hidden_sets(orders, counts, joints)
    # Showing the hottest k of K is hiding the coolest K - k: the order from its other end.
    inserted = hidden_sets(orders[:, ::-1], width - counts, joints)
    rows = np.stack([deleted, inserted]).reshape(-1, joints)
    unique, place = np.unique(rows, axis=0, return_inverse=True)
    curves = prob(unique)[np.ravel(place)].reshape(2, len(orders), len(counts))
    below = np.trapz(curves, counts / width, axis=-1)
    return np.asarray(below[0]), np.asarray(below[1])


def hidden_sets(orders: Int64, counts: Int64, joints: int) -> Bool:
    """For each order (M, K) and count (S,) which joints its beginning hides, bool (M, S, V)."""
    rank = np.full((len(orders), joints), joints, np.int64)
    np.put_along_axis(rank, orders, np.broadcast_to(np.arange(orders.shape[1]), orders.shape), axis=1)
    return np.asarray(rank[:, None, :] < counts[None, :, None])


def similarity(first: Float32, second: Float32, known: Bool) -> Float64:
    """Pearson's correlation of two maps of each window over its known places, (N,); NaN where one of them is flat."""
    found = []
    for one, other, where in zip(first, second, known, strict=True):
        a, b = one[where].astype(np.float64), other[where].astype(np.float64)
        flat = a.size < 2 or np.ptp(a) == 0 or np.ptp(b) == 0
        found.append(np.nan if flat else float(np.corrcoef(a, b)[0, 1]))
    return np.array(found, np.float64)


def agreement(streams: Float32, known: Bool) -> Float64:
    """Mean rank correlation of the heat of the joints between all pairs of streams (S, N, T, V), (N,); NaN for one."""
    if len(streams) < 2:
        return np.full(streams.shape[1], np.nan)
    joints = streams.sum(axis=2)
    found = []
    for number, where in enumerate(known.any(axis=1)):
        pairs = [rank_correlation(a[where], b[where]) for a, b in combinations(joints[:, number], 2)]
        found.append(float(np.mean(pairs)))
    return np.array(found, np.float64)


def mean_interval(values: Float64, subject: Int64, seed: int = 0, draws: int = 1000) -> tuple[float, float, float]:
    """The mean of values (N,) that are not NaN with its 95 % interval (low, high): a bootstrap over subjects (N,),
    since the windows of one athlete are not independent of each other. NaN without values."""
    there = ~np.isnan(values)
    if not there.any():
        return (float("nan"),) * 3
    _, number = np.unique(subject[there], return_inverse=True)
    sums, counts = np.bincount(number, values[there]), np.bincount(number)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=draws)
    low, high = np.quantile(drawn @ sums / (drawn @ counts), (0.025, 0.975))
    return float(values[there].mean()), float(low), float(high)
