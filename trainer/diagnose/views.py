"""Whether decoded skeletons look alike from wherever a repetition is seen (the article's view-point invariance).

The same moment of a simulated repetition is filmed from several sides. None of these athletes comes up in training,
validation or test. A layer is invariant to the view as far as its decoded sequences of one repetition resemble each
other across cameras more than those of other classes do from the same camera.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from fias_desktop.domain.exercises import IDLE, LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Float32, Float64, Int64
from fias_desktop.models.res_tcn import ResTCN
from fias_desktop.stages.windowing import make_window
from trainer.data.sequence import UNLABELLED, SkeletonSequence
from trainer.diagnose.decoder import decoded, hidden
from trainer.simulate.dataset import simulated
from trainer.simulate.noise import observe
from trainer.simulate.view import random_view

STREAM = 78  # the first number of every random stream here, so that no other data set draws the same athletes
AZIMUTHS_DEG = (0.0, 45.0, 90.0, 135.0, 180.0)
RATE_HZ = 30.0
LATE = 0.8  # of a repetition's time: a window that ends here shows most of it
MIN_END_S = 1.0


@dataclass(frozen=True, eq=False)
class Moments:
    """R moments from A sides: `joints` float32 (R, A, T, V, C) and the classes `label` int64 (R,)."""

    joints: Float32
    label: Int64


@dataclass(frozen=True)
class Likeness:
    """Mean cosine of decoded sequences of one layer (0: the input itself): with the windows themselves (`window`), of
    one repetition from two sides (`across`), and of two classes from the same side (`between`), the last two with the
    half-width of their 95 % interval over repetitions, too narrow for `between`, where each comes up many times."""

    layer: int
    window: float
    across: float
    across_half: float
    between: float
    between_half: float


def same_moments(spec: ModelSpec, count: int, seed: int = 0) -> Moments:
    """Windows of `count` repetitions of simulated athletes, each from all of `AZIMUTHS_DEG`."""
    joints: list[Float32] = []
    label: list[int] = []
    number = 0
    while len(joints) < count:
        rng = np.random.default_rng((STREAM, seed, number))
        number += 1
        found = _filmed(simulated(rng, number), spec, rng)
        if found is not None:
            joints.append(found[0])
            label.append(found[1])
    return Moments(np.stack(joints), np.array(label, np.int64))


def _filmed(sequence: SkeletonSequence, spec: ModelSpec, rng: np.random.Generator) -> tuple[Float32, int] | None:
    """One repetition from every side, (A, T, V, C), and its class; None where there is none or a camera misses it."""
    assert sequence.repetition is not None  # simulated sequences know it
    numbers = np.unique(sequence.repetition[sequence.repetition >= 0])
    if not len(numbers):
        return None
    frames = np.flatnonzero(sequence.repetition == rng.choice(numbers))
    label, end_s = int(sequence.labels[frames[len(frames) // 2]]), float(np.quantile(frames, LATE)) / sequence.rate_hz
    if label in (UNLABELLED, LABELS.index(IDLE)) or end_s < MIN_END_S:
        return None
    times = np.arange(max(end_s - spec.span_s - 1.0, 0.0), end_s + 0.2, 1 / RATE_HZ)
    joints = sequence.at(times)
    windows = []
    for azimuth in AZIMUTHS_DEG:
        view = random_view(joints, rng, (azimuth,))
        track = observe(*view.project(joints, times), times, view.camera.size, rng)
        window = make_window(track, spec, end_s)
        if window is None:
            return None
        windows.append(window.joints)
    return np.stack(windows), label


@torch.no_grad()
def likeness(network: ResTCN, moments: Moments, coordinates: int = 2) -> list[Likeness]:
    """The input and every layer, compared on positions alone (scores say what was hidden, not how somebody moved)."""
    count, sides = moments.joints.shape[:2]
    windows = torch.from_numpy(moments.joints).flatten(0, 1)
    seen = hidden(network, windows)
    signal = network.data_bn(windows.flatten(2).transpose(1, 2)) - network.data_bn.bias[:, None]
    each = [signal, *(decoded(network, seen, layer) for layer in range(1, len(seen.layers) + 1))]
    shape = (count, sides, network.config.joints, network.config.channels, -1)
    units = [_units(values.reshape(shape)[..., :coordinates, :].flatten(2).double().numpy()) for values in each]
    return [_likeness(layer, unit, units[0], moments.label) for layer, unit in enumerate(units)]


def _units(values: Float64) -> Float64:
    """Sequences (R, A, F) counted from their average over everything, each of length 1."""
    centred = values - values.mean(axis=(0, 1))
    return np.asarray(centred / np.maximum(np.linalg.norm(centred, axis=2, keepdims=True), 1e-12))


def _likeness(layer: int, unit: Float64, window: Float64, label: Int64) -> Likeness:
    """From sequences (R, A, F) of length 1, and from those of the windows."""
    across_sides = np.einsum("raf,rbf->rab", unit, unit)
    upper = np.triu_indices(unit.shape[1], 1)
    across = across_sides[:, upper[0], upper[1]].mean(axis=1)
    same_side = np.einsum("raf,saf->rs", unit, unit) / unit.shape[1]
    other = label[:, None] != label[None]
    between = np.array([row[mask].mean() for row, mask in zip(same_side, other, strict=True) if mask.any()])
    to_window = float((unit * window).sum(axis=2).mean())
    return Likeness(layer, to_window, float(across.mean()), _half(across), *_mean_and_half(between))


def _mean_and_half(values: Float64) -> tuple[float, float]:
    return (float(values.mean()), _half(values)) if len(values) else (float("nan"), float("nan"))


def _half(values: Float64) -> float:
    return float(1.96 * values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")
