"""The methods that are compared, by name: each maps windows to heat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np

from fias_desktop.domain.skeleton import skeleton
from fias_desktop.domain.types import Float32, Int64
from trainer.explain.gradients import (
    from_every_joint,
    gradient,
    heat_of,
    input_x_gradient,
    integrated,
    median_pose,
    smooth_gradient,
    unknown,
)
from trainer.explain.maps import as_built, grad_cam
from trainer.explain.model import Model, Score, maps_of
from trainer.explain.occlusion import occlusion

AS_BUILT, RANDOM = "as built", "random"
PLAIN_LAYER = "block9_gcn"  # the last spatial unit of ST-GCN++
PLAIN = f"Grad-CAM {PLAIN_LAYER}, prob"  # the released recipe of FIAS
COSTLY_PASSES = 6
Heat = Callable[[Model, Float32, Int64], Float32]


@dataclass(frozen=True)
class Method:
    """A way to explain: `heat` maps a model, joints float32 (N, T, V, C) and classes int64 (N,) to heat float32
    (N, T, V) >= 0, in about as many `passes` of the network, forward or backward."""

    name: str
    heat: Heat
    passes: int

    @property
    def costly(self) -> bool:
        """Whether it is too slow to be run on all windows."""
        return self.passes > COSTLY_PASSES


def methods_of(model: Model) -> tuple[Method, ...]:
    """All methods that fit the network: Grad-CAM only where it has maps over joints."""
    return (*_SIMPLE, *_cams(model), *_SLOW, Method(RANDOM, random_heat, 0))


def plain(model: Model) -> tuple[Method, ...]:
    """Only the bar that others are held against; nothing for networks without that layer."""
    return tuple(method for method in methods_of(model) if method.name == PLAIN)


def random_heat(model: Model, joints: Float32, target: Int64) -> Float32:
    """Uniform noise on the known places: the control."""
    # A window's own noise, wherever it stands in a batch.
    seeds = [abs(int(1e6 * float(window.sum(dtype=np.float64)))) for window in joints]
    noise = [np.random.default_rng(seed).random(joints.shape[1:3], np.float32) for seed in seeds]
    return np.asarray(np.stack(noise) * joints.any(axis=-1), np.float32)


def paired(heat: Heat) -> Heat:
    """Each joint with the heat of its left or right partner as well: errors are mostly of both sides."""

    def both(model: Model, joints: Float32, target: Int64) -> Float32:
        found = heat(model, joints, target)
        return np.asarray(found + found[:, :, list(skeleton(model.spec.skeleton).mirror)], np.float32)

    return both


def _built(model: Model, joints: Float32, target: Int64) -> Float32:
    return as_built(model, joints, target, "contrast")


def _times_input(score: Score) -> Heat:
    return lambda model, joints, target: heat_of(input_x_gradient(model, joints, target, score), "size")


def _for_the_class(model: Model, joints: Float32, target: Int64) -> Float32:
    return heat_of(input_x_gradient(model, joints, target, "contrast"), "positive")


def _slope(model: Model, joints: Float32, target: Int64) -> Float32:
    return np.asarray(np.abs(gradient(model, joints, target, "contrast")).sum(axis=-1), np.float32)


def _every_joint(model: Model, joints: Float32, target: Int64) -> Float32:
    return from_every_joint(model, joints, target, "contrast", "size")


def _every_joint_for(model: Model, joints: Float32, target: Int64) -> Float32:
    return from_every_joint(model, joints, target, "contrast", "positive")


def _integrated(steps: int) -> Heat:
    return lambda m, joints, target: heat_of(integrated(m, joints, target, "contrast", unknown, steps), "size")


def _from_median(model: Model, joints: Float32, target: Int64) -> Float32:
    return heat_of(integrated(model, joints, target, "contrast", median_pose, 16), "size")


def _smooth(model: Model, joints: Float32, target: Int64) -> Float32:
    return np.asarray(np.abs(smooth_gradient(model, joints, target, "contrast")).sum(axis=-1), np.float32)


def _hidden(parts: int) -> Heat:
    return lambda model, joints, target: occlusion(model, joints, target, "contrast", parts)


_SIMPLE = (
    Method(AS_BUILT, _built, 2),
    Method("input x gradient, logit, size", _times_input("logit"), 2),
    Method("input x gradient, contrast, size", _times_input("contrast"), 2),
    Method("input x gradient, contrast, positive", _for_the_class, 2),
    Method("input x gradient from every joint, contrast, size", _every_joint, 2),
    Method("input x gradient from every joint, contrast, positive", _every_joint_for, 2),
    Method("as built, left and right together", paired(_built), 2),
    Method("gradient, contrast", _slope, 2),
)
_SLOW = (
    Method("integrated gradients from unknown, 4 steps, contrast, size", _integrated(4), 8),
    Method("integrated gradients from unknown, 16 steps, contrast, size", _integrated(16), 32),
    Method("integrated gradients from the median pose, 16 steps, contrast, size", _from_median, 32),
    Method("SmoothGrad, 8 windows, contrast", _smooth, 16),
    Method("occlusion by joint, contrast", _hidden(1), 22),
    Method("occlusion by joint and third of time, contrast", _hidden(3), 64),
)


def _cams(model: Model) -> Iterator[Method]:
    """Grad-CAM of the last three maps by every score, and of two earlier ones."""
    names = maps_of(model)
    for layer in names[-3:]:
        for score in get_args(Score):
            yield Method(f"Grad-CAM {layer}, {score}", _cam(layer, score), 3)
    # A third and two thirds of the way: where networks name the three maps of each block these are ends of blocks.
    for layer in dict.fromkeys(names[3 * (len(names) * i // 9) + 2] for i in (1, 2) if len(names) > 3):
        if layer not in names[-3:]:
            yield Method(f"Grad-CAM {layer}, contrast", _cam(layer, "contrast"), 3)


def _cam(layer: str, score: Score) -> Heat:
    return lambda model, joints, target: grad_cam(model, joints, target, layer, score)
