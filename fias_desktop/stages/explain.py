"""Why: heat on every joint and sample of a window, and whether it can be trusted.

R. R. Selvaraju et al.: Grad-CAM, ICCV 2017. For the last feature map before a mean over (T', V) and a linear head the
gradient is known without a backward pass: d logit_k / d A_c = W[k, c] / (T' V), so the map of class k is
ReLU(sum over c of W[k, c] A_c) / (T' V). The map of a probability follows with the Jacobian of the softmax.

A network of S fused streams names classes by the mean of their log-probabilities, which are, up to a term that is the
same for every class, the mean of their logits (models/fusion.py). With the streams' maps A_s and heads W_s the map of
class k is therefore ReLU(1/S sum over s and c of W_s[k, c] A_s,c) / (T' V): the same formula, with channels and heads
side by side. A stream's own map keeps its terms of that sum only: before the ReLU the streams add up to the fusion.

A network without a map over joints gives the gradient of its classes by the input (models/res_tcn.py) and is explained
by input x gradient (A. Shrikumar et al., 2016). A position means nothing without an origin: counted from the middle of
the hips, the hips are always 0 and never have heat, though they are what sags in a push-up. So it is counted from every
known joint u of the sample in turn, and the sizes are averaged: mean over u of |(x_v - x_u) g_v + s_v h_v|, with the
gradients g by the position x and h by the score s. On simulated errors the hottest joint is at fault more often than
from the hips, at no further pass (docs/adr/0011). A contribution counts by its size, for or against.

An error class is explained against the correct class of its exercise: what makes it this error instead of good form.
On simulated errors, whose joints are known, this finds them more often than the class by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from fias_desktop.domain.exercises import IDLE, group_of, is_exercise_class
from fias_desktop.domain.model_card import EXPLANATIONS, GRAD_CAM
from fias_desktop.domain.types import FeatureMap, Float32, Int64, Prediction, Recognition, Saliency, Window

if TYPE_CHECKING:
    from torch import nn

Score = Literal["contrast", "logit", "prob"]
POSITIONS = "joint"  # the stream whose channels are positions
DELETED_JOINTS = 4
RANDOM_CONTROLS = 4


def saliency_of(
    recognition: Recognition, target: str | None = None, score: Score = "contrast", stream: str | None = None
) -> Saliency:
    """Heat of a class (the predicted one by default) from the last feature map, in closed form, as (T, V).

    `score` is what the heat explains: the `contrast` of an error class with good form (of other classes the logit), the
    `logit`, or the `prob`, whose map is empty where the network is certain.
    `stream` names the one stream whose share is asked for (ValueError when there is none); by default all of them.
    While the person idles or the movement is unknown and no target is asked for, the map is 0 and its target empty.
    """
    prediction = recognition.prediction
    length, joints = recognition.features[-1].values.shape[1:]
    frames = recognition.frames or length
    method = f"{EXPLANATIONS[recognition.explanation]} ({', '.join(filter(None, (stream, score)))}, closed form)"
    if target is None and (prediction.label == IDLE or not prediction.known):
        return Saliency(np.zeros((frames, joints), dtype=np.float32), "", method)
    target = target or prediction.label
    weights = _logit_gradient(prediction, prediction.labels.index(target), score) @ recognition.head_weight
    asked = _asked(recognition, weights, stream)
    if recognition.explanation == GRAD_CAM:
        signed = np.sum([np.tensordot(part, one.values, axes=1) for part, one in asked], axis=0)
        heat = np.maximum(signed, 0) / (length * joints)
    else:
        heat = np.sum([_of_input(one, part, recognition.coordinates) for part, one in asked], axis=0)
    return Saliency(resize(np.asarray(heat, np.float32), frames), target, method)


def _asked(recognition: Recognition, weights: Float32, stream: str | None) -> list[tuple[Float32, FeatureMap]]:
    """Every stream, or the one that is asked for, with its part of the weights, which stand side by side."""
    features = recognition.features
    if stream is not None and stream not in (one.name for one in features):
        raise ValueError(f"there is no stream {stream!r}, only {', '.join(one.name for one in features)}")
    if recognition.explanation == GRAD_CAM:
        parts = np.split(weights, np.cumsum([len(one.values) for one in features])[:-1])
    else:
        parts = np.split(weights, len(features))
    return [(part, one) for part, one in zip(parts, features, strict=True) if stream in (None, one.name)]


def _of_input(stream: FeatureMap, weights: Float32, coordinates: int) -> Float32:
    """Input x gradient (T, V) of classes by their weights (K,); positions are counted from every joint that is known,
    bones and motions as they are."""
    channels = len(stream.values) // (len(weights) + 1)
    by_class, x = stream.values[:-channels], stream.values[-channels:]
    gradient = np.tensordot(weights, by_class.reshape(len(weights), channels, *x.shape[1:]), axes=1)
    own, known = (gradient * x).sum(axis=0), x.any(axis=0)
    if stream.name != POSITIONS:
        return np.asarray(np.abs(own), np.float32)
    others = np.einsum("ctv,ctu->tvu", gradient[:coordinates], x[:coordinates])
    sizes = np.einsum("tvu,tu->tv", np.abs(own[..., None] - others), known.astype(np.float32))
    return np.asarray(sizes * known / np.maximum(known.sum(axis=1, keepdims=True), 1), np.float32)


def _logit_gradient(prediction: Prediction, target: int, score: Score) -> Float32:
    """Derivative (K,) of the score by the logits: a one for the logit, less a one for the correct class in contrast, a
    row of the softmax's Jacobian for the prob."""
    labels, ones = prediction.labels, np.eye(len(prediction.labels), dtype=np.float32)
    if score == "prob":
        return np.asarray(prediction.probs[target] * (ones[target] - prediction.probs), dtype=np.float32)
    label = labels[target]
    good = f"{group_of(label)}_correct" if is_exercise_class(label) else label
    if score == "logit" or good not in labels or label == good:
        return np.asarray(ones[target])
    return np.asarray(ones[target] - ones[labels.index(good)])


def resize(heat: Float32, frames: int) -> Float32:
    """Linear interpolation over time, (T', V) -> (T, V), each feature standing at the middle of what it sees."""
    return _resizer(len(heat), frames) @ np.asarray(heat, dtype=np.float32)


@lru_cache(maxsize=16)
def _resizer(length: int, frames: int) -> Float32:
    """Interpolation weights (T, T'). A stride of s puts feature i at sample s i, not at the middle of its s samples."""
    positions = np.arange(length) * max(round(frames / length), 1)
    rows = [np.interp(np.arange(frames), positions, one) for one in np.eye(length)]
    return np.stack(rows, axis=1).astype(np.float32)


def grad_cam_autograd(
    network: nn.Module,
    window: Window,
    layer: str,
    target: int,
    score: Literal["logit", "prob"] = "logit",
    against: int | None = None,
) -> Float32:
    """Grad-CAM by a backward pass: any named feature map of the network, float32 (T', V), not resized. `against` takes
    the score of another class off that of the target.

    `layer` is a feature's name (`block9`, `block9_gcn`, ...); ValueError when the network has none of that name.
    """
    import torch

    from fias_desktop.models.contract import Batch

    device = next(network.parameters()).device
    joints = torch.from_numpy(window.joints.copy())[None].to(device)
    with torch.enable_grad():
        output = network(Batch(joints, torch.from_numpy(window.mask.copy())[None].to(device)))
        named = {feature.name: feature.values for feature in output.features}
        if layer not in named:
            raise ValueError(f"the network has no layer {layer!r}; it has {', '.join(named)}")
        scores = output.logits.softmax(dim=1) if score == "prob" else output.logits
        value = scores[0, target] if against is None else scores[0, target] - scores[0, against]
        (gradient,) = torch.autograd.grad(value, named[layer])
    heat = (gradient.mean(dim=(2, 3), keepdim=True) * named[layer]).sum(dim=1).clamp(min=0)
    return np.asarray(heat[0].detach().cpu().numpy(), dtype=np.float32)


def joint_heat(saliency: Saliency) -> Float32:
    """Each joint's share of the heat, float32 (V,): they sum to 1, or are all 0 when there is no heat."""
    total = saliency.values.sum(axis=0)
    return np.asarray(total / max(float(total.sum()), np.finfo(np.float32).tiny), dtype=np.float32)


def trust(
    probs: Callable[[Sequence[Window]], Float32],
    window: Window,
    saliency: Saliency,
    rng: np.random.Generator,
    target: int | None = None,
) -> Saliency:
    """Check the heat of a class (index `target`; the window's most probable one by default) by deletion: hide the
    hottest joints and, as a control, as many others.

    One batch of the window, the window without its `DELETED_JOINTS` hottest joints and `RANDOM_CONTROLS` windows
    without random ones. A map worth trusting costs the class more probability than the control does. A saliency
    without heat is given back as it is.
    """
    known = np.flatnonzero(window.mask.any(axis=0))
    heat = saliency.values.sum(axis=0)[known]
    if not heat.any():
        return saliency
    count = min(DELETED_JOINTS, len(known))
    hottest = known[np.argsort(heat)[-count:]]
    randoms = [rng.choice(known, count, replace=False) for _ in range(RANDOM_CONTROLS)]
    answers = probs([window, *(without(window, joints) for joints in (hottest, *randoms))])
    of_class = answers[:, int(answers[0].argmax()) if target is None else target]
    drops = of_class[0] - of_class[1:]
    return replace(saliency, deletion_drop=float(drops[0]), random_drop=float(drops[1:].mean()))


def without(window: Window, joints: Int64) -> Window:
    """The window with these joints (indices) unknown throughout: masked, 0 in every channel."""
    values, mask = window.joints.copy(), window.mask.copy()
    values[:, joints] = 0.0
    mask[:, joints] = False
    return replace(window, joints=values, mask=mask)
