"""Heat from the gradient of a score by the input.

K. Simonyan et al.: Deep Inside Convolutional Networks, ICLR Workshop 2014 (gradient); A. Shrikumar et al.: Not Just a
Black Box, 2016 (input x gradient); M. Sundararajan et al.: Axiomatic Attribution for Deep Networks, ICML 2017
(integrated gradients); D. Smilkov et al.: SmoothGrad, 2017.

Attributions are signed, float32 (N, T, V, C), and 0 where a joint is not known, but for the gradient by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from fias_desktop.domain.types import Float32, Int64
from trainer.explain.model import Model, Score

Sign = Literal["size", "positive"]
Attribution = Callable[[Model, Float32, Int64], Float32]
Baseline = Callable[[Float32], Float32]


def heat_of(attributions: Float32, sign: Sign) -> Float32:
    """Heat (N, T, V) of attributions (N, T, V, C): their sum over channels, by its size or only what is for the
    class."""
    summed = attributions.sum(axis=-1)
    return np.asarray(np.abs(summed) if sign == "size" else np.maximum(summed, 0), np.float32)


def gradient(model: Model, joints: Float32, target: Int64, score: Score) -> Float32:
    """The gradient of the score by every channel of every place."""
    x = torch.from_numpy(np.array(joints, np.float32)).requires_grad_()
    with torch.enable_grad():
        logits = model.answer(x).logits
        (found,) = torch.autograd.grad(model.score(logits, torch.from_numpy(target), score).sum(), x)
    return _numpy(found)


def input_x_gradient(model: Model, joints: Float32, target: Int64, score: Score) -> Float32:
    """The input, counted from the middle of the hips, times the gradient."""
    return joints * gradient(model, joints, target, score)


def from_every_joint(model: Model, joints: Float32, target: Int64, score: Score, sign: Sign) -> Float32:
    """Heat (N, T, V) of input x gradient, counted from every joint of the sample that is known, and averaged.

    Input x gradient depends on where the origin is. From the middle of the hips the hips are always 0 and never have
    heat, though they are what sags in a push-up. Here sum over u of |(x_v - x_u) g_v + s_v h_v| over the known joints
    u, with g the gradient by the position x and h that by the score s; or of the positive part.
    """
    gradients, at = gradient(model, joints, target, score), model.spec.coordinates
    known = joints.any(axis=-1)
    own = (gradients * joints).sum(axis=-1)
    others = np.einsum("ntvc,ntuc->ntvu", gradients[..., :at], joints[..., :at])
    shares = own[..., None] - others
    parts = np.abs(shares) if sign == "size" else np.maximum(shares, 0)
    total = np.einsum("ntvu,ntu->ntv", parts, known.astype(np.float32))
    return np.asarray(total * known / np.maximum(known.sum(axis=2, keepdims=True), 1), np.float32)


def integrated(
    model: Model, joints: Float32, target: Int64, score: Score, baseline: Baseline, steps: int = 16
) -> Float32:
    """Integrated gradients on the straight way from the baseline, by the midpoint rule; they sum to the score's gain
    over the baseline as `steps` grows."""
    start = baseline(joints)
    total = np.zeros_like(joints)
    for step in range(steps):
        total += gradient(model, start + np.float32((step + 0.5) / steps) * (joints - start), target, score)
    return np.asarray((joints - start) * total / steps, np.float32)


def smooth_gradient(
    model: Model, joints: Float32, target: Int64, score: Score, noise: float = 0.03, samples: int = 8
) -> Float32:
    """The mean gradient over windows whose known joints shake by `noise` torso lengths."""
    rng = np.random.default_rng(0)
    shaken = [gradient(model, with_noise(model, joints, noise, rng), target, score) for _ in range(samples)]
    return np.asarray(np.mean(shaken, axis=0), np.float32)


def with_noise(model: Model, joints: Float32, size: float, rng: np.random.Generator) -> Float32:
    """Windows (N, T, V, C) whose known positions are moved by normal noise of `size` torso lengths."""
    known = joints.any(axis=-1, keepdims=True)
    moved = np.array(joints, np.float32)
    moved[..., : model.spec.coordinates] += known * rng.normal(0, size, (*joints.shape[:-1], model.spec.coordinates))
    return moved


def unknown(joints: Float32) -> Float32:
    """The baseline of a window in which no joint is known: 0 in every channel."""
    return np.zeros_like(joints)


def median_pose(joints: Float32) -> Float32:
    """The baseline of a person who stays in the window's median pose: each joint's median over the samples in which it
    is known, in every channel; a place that is not known stays so, and has no share."""
    known = joints.any(axis=-1, keepdims=True)
    counted = known | ~known.any(axis=1, keepdims=True)  # a joint that is never known has a median of 0
    medians = np.nanmedian(np.where(counted, joints, np.nan), axis=1, keepdims=True)
    return np.where(known, medians, 0.0).astype(np.float32)


def _numpy(values: Tensor) -> Float32:
    return np.asarray(values.detach().numpy(), np.float32)
