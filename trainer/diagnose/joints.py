"""Joints at which two classes differ although the network hardly looks at them: what an attention stream is for.

How far two classes differ at a joint is read off the data, one joint and one quantity at a time (Cohen's d); how much
the network makes of a joint is its share of input x gradient of one logit less the other. A joint whose share of the
first is larger than its share of the second is neglected.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from fias_desktop.domain.exercises import camera_side
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import Skeleton, skeleton
from fias_desktop.domain.types import Float32, Float64, Int64
from fias_desktop.models.contract import Batch
from fias_desktop.models.res_tcn import ResTCN
from trainer.diagnose.confusions import Pair
from trainer.learn.augment import known
from trainer.simulate.dataset import WindowSet

QUANTILES = (0.1, 0.9)  # over the samples of a window: a fault shows at one end of a movement or all along
MIN_OF_A_SIDE = 3  # athletes of either class seen from one side, for that side to count
CLEAREST, SHUFFLES = 4, 30
PAIRS, PROPOSED = 3, 4


@dataclass(frozen=True, eq=False)
class JointEvidence:
    """One pair of classes at every joint: `effect` float64 (V,) how far they differ, in standard deviations, and
    `attention` float64 (V,) the network's share of input x gradient."""

    pair: Pair
    effect: Float64
    attention: Float64

    @property
    def separability(self) -> Float64:
        """Each joint's share of all effects, (V,)."""
        return np.asarray(self.effect / max(float(self.effect.sum()), 1e-12))

    @property
    def neglect(self) -> Float64:
        """How much larger a joint's share is in the data than in the network, (V,)."""
        return self.separability - self.attention


def evidence_of(network: ResTCN, windows: WindowSet, spec: ModelSpec, pairs: Sequence[Pair]) -> list[JointEvidence]:
    """The pairs of classes at every joint; the network must explain its answers (`explained`)."""
    topology, labels = skeleton(spec.skeleton), spec.labels
    found = []
    for pair in pairs:
        first, second = labels.index(pair.first), labels.index(pair.second)
        rows = np.flatnonzero((windows.label == first) | (windows.label == second))
        both = part_of(windows, rows)
        effect = effect_sizes(both, np.asarray(both.label == second, np.int64), topology)
        attention = attention_shares(network, both.joints, first, second, spec.coordinates)
        found.append(JointEvidence(pair, effect, attention))
    return found


def part_of(windows: WindowSet, rows: Int64) -> WindowSet:
    """The windows of these rows."""
    return WindowSet(**{field.name: getattr(windows, field.name)[rows] for field in fields(WindowSet)})


def effect_sizes(windows: WindowSet, which: Int64, topology: Skeleton, seed: int = 0) -> Float64:
    """Cohen's d of the classes `which` (N,) 0 and 1 of windows at every joint, (V,), over the `CLEAREST` of its
    quantities; 0 where the classes cannot be told apart.

    Athletes are compared, not windows, those of one athlete being alike, and only with athletes seen from the same side
    (front, oblique, side, back); d squared is averaged over the sides. What the same athletes give with their classes
    shuffled is taken off, since the largest of many quantities are never 0.
    """
    each, kind, side = _by_athlete(windows, which, topology)
    rng = np.random.default_rng(seed)
    chance = np.mean([_squared_effect(each, _shuffled(kind, side, rng), side) for _ in range(SHUFFLES)], axis=0)
    return np.asarray(np.sqrt(np.maximum(_squared_effect(each, kind, side) - chance, 0.0)), np.float64)


def _by_athlete(windows: WindowSet, which: Int64, topology: Skeleton) -> tuple[Float64, Int64, Int64]:
    """The mean quantities (A, V, Q) of every athlete, class and side that comes up, with the class and the side."""
    names = [camera_side(abs(float(angle))) for angle in windows.azimuth_deg]
    keys = np.stack([windows.subject, which, np.unique(names, return_inverse=True)[1]], axis=1)
    found, number = np.unique(keys, axis=0, return_inverse=True)
    values = _quantities(windows.joints, topology)
    known_sum, count = np.zeros((2, len(found), *values.shape[1:]))
    np.add.at(known_sum, number.ravel(), np.nan_to_num(values))
    np.add.at(count, number.ravel(), np.isfinite(values))
    means = np.where(count > 0, known_sum / np.maximum(count, 1), np.nan)
    return means, np.asarray(found[:, 1], np.int64), np.asarray(found[:, 2], np.int64)


def _shuffled(kind: Int64, side: Int64, rng: np.random.Generator) -> Int64:
    """The classes (A,) dealt out anew among the athletes of each side."""
    dealt = kind.copy()
    for number in np.unique(side):
        rows = np.flatnonzero(side == number)
        dealt[rows] = rng.permutation(kind[rows])
    return dealt


def _quantities(joints: Float32, topology: Skeleton) -> Float64:
    """What is compared, (N, V, Q): how far a joint is from the hips across and how high it is, the smaller and the
    larger of itself and its partner on the other side, and how far the two are apart; each at some quantiles over the
    window, NaN where it is not known.

    Left and right change places with the camera and with the leading leg: nothing here says which is which.
    """
    seen, partner = joints.astype(np.float64), list(topology.mirror)
    seen[~joints.any(axis=-1)] = np.nan
    own, others = np.stack([np.abs(seen[..., 0]), seen[..., 1]]), seen[:, :, partner]
    both = np.stack([own, np.stack([np.abs(others[..., 0]), others[..., 1]])])
    apart = np.moveaxis(np.abs(seen - others)[..., :2], -1, 0)
    values = np.concatenate([np.fmin(*both), np.fmax(*both), apart])
    return np.concatenate([np.moveaxis(_quantile(values, share), 0, -1) for share in QUANTILES], axis=-1)


def _quantile(values: Float64, share: float) -> Float64:
    """The known value (Q, N, V) of (Q, N, T, V) nearest to a quantile over T; NaN where none is known."""
    count = np.isfinite(values).sum(axis=2, keepdims=True)
    place = np.rint(share * np.maximum(count - 1, 0)).astype(np.int64)
    found: Float64 = np.take_along_axis(np.sort(values, axis=2), place, axis=2)[:, :, 0]  # NaN comes last
    return found


def _squared_effect(each: Float64, kind: Int64, side: Int64) -> Float64:
    """d squared (V,) of quantities (A, V, Q) of athletes: the mean over sides, and over the clearest."""
    total, weight = np.zeros(each.shape[1:]), 0
    for number in np.unique(side):
        one, other = (each[(side == number) & (kind == value)] for value in (0, 1))
        if min(len(one), len(other)) >= MIN_OF_A_SIDE:
            total += (len(one) + len(other)) * _on_one_side(one, other)
            weight += len(one) + len(other)
    return np.asarray(np.sort(total / max(weight, 1), axis=1)[:, -CLEAREST:].mean(axis=1))


def _on_one_side(one: Float64, other: Float64) -> Float64:
    """d squared of each quantity of each joint, (V, Q); 0 where it is hardly ever known."""
    n, m = (np.isfinite(part).sum(axis=0) for part in (one, other))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a joint that no window shows
        gap = np.nanmean(one, axis=0) - np.nanmean(other, axis=0)
        spread = (n * np.nanvar(one, axis=0) + m * np.nanvar(other, axis=0)) / np.maximum(n + m - 2, 1)
    fits = (np.minimum(n, m) >= MIN_OF_A_SIDE) & (spread > 1e-12)
    return np.asarray(np.where(fits, gap**2 / np.where(fits, spread, 1.0), 0.0))


@torch.no_grad()
def attention_shares(
    network: ResTCN, joints: Float32, first: int, second: int, coordinates: int = 2, size: int = 128
) -> Float64:
    """The share (V,) of each joint in what tells the logits of two classes apart: input x gradient of their difference
    at every joint of each window (N, T, V, C), as shares of the window, then averaged."""
    network.eval()
    shares = []
    for start in range(0, len(joints), size):
        batch = torch.from_numpy(joints[start : start + size])
        values = network(Batch(batch, known(batch))).features[-1].values
        channels = network.config.channels
        by_class, x = values[:, :-channels].unflatten(1, (-1, channels)), values[:, -channels:]
        heat = _heat(by_class[:, first] - by_class[:, second], x, coordinates).mean(dim=1)
        shares.append(heat / heat.sum(dim=1, keepdim=True).clamp_min(1e-12))
    return np.asarray(torch.cat(shares).mean(dim=0).numpy(), np.float64)


def _heat(gradient: Tensor, x: Tensor, coordinates: int) -> Tensor:
    """Input x gradient (N, T, V) of windows `x` (N, C, T, V) by a gradient of that shape, as the program shows it
    (stages/explain.py): positions are counted from every known joint of the sample in turn, sizes averaged."""
    own, seen = (gradient * x).sum(dim=1), x.ne(0).any(dim=1).to(x.dtype)
    others = torch.einsum("nctv,nctu->ntvu", gradient[:, :coordinates], x[:, :coordinates])
    sizes = torch.einsum("ntvu,ntu->ntv", (own[..., None] - others).abs(), seen)
    return sizes * seen / seen.sum(dim=2, keepdim=True).clamp_min(1.0)


def neglected(evidence: Sequence[JointEvidence]) -> Float64:
    """The neglect (V,) over several pairs, 0 where the network looks enough, as a mean weighted by importance."""
    each = [np.maximum(one.neglect, 0.0) for one in evidence]
    return np.asarray(np.average(each, axis=0, weights=_importance(evidence)))


def _importance(evidence: Sequence[JointEvidence]) -> Float64:
    """The weight of each pair: the windows it loses, times its largest effect, for the shares of a pair whose classes
    no single joint tells apart are noise."""
    return np.array([max(one.pair.lost, 1) * max(float(one.effect.max()), 1e-6) for one in evidence])


def propose(evidence: Sequence[JointEvidence], topology: Skeleton, count: int = PROPOSED) -> tuple[str, ...]:
    """The joints to give the attention stream: of those at which the classes differ more than at an average joint the
    most neglected, left and right together since training mirrors, at most `count` and at least one (or one pair)."""
    differs = np.average([one.separability for one in evidence], axis=0, weights=_importance(evidence))
    neglect = neglected(evidence)
    partners = sorted({tuple(sorted({v, partner})) for v, partner in enumerate(topology.mirror)})
    ranked = sorted(partners, key=lambda both: -float(neglect[list(both)].mean()))
    fitting = [both for both in ranked if differs[list(both)].mean() >= 1 / topology.num_joints] or ranked[:1]
    chosen = list(fitting[0])
    for both in fitting[1:]:
        if neglect[list(both)].mean() > 0 and len(chosen) + len(both) <= count:
            chosen += both
    return tuple(topology.joints[v] for v in sorted(chosen))
