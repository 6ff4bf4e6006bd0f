"""Heat as the program gives it, and Grad-CAM of any layer of a network with maps over joints.

R. R. Selvaraju et al.: Grad-CAM, ICCV 2017.
"""

from __future__ import annotations

import numpy as np
import torch

from fias_desktop.domain.types import FeatureMap, Float32, Int64, Prediction, Recognition
from fias_desktop.stages.explain import resize, saliency_of
from fias_desktop.stages.recognise import softmax
from trainer.explain.model import Model, Score, layer_of


@torch.inference_mode()
def recognitions(model: Model, joints: Float32) -> list[Recognition]:
    """What the program would know of each window: its probabilities, the last maps of all streams, the head."""
    output = model.answer(torch.from_numpy(np.array(joints, np.float32)), explained=True)
    assert output.head_weight is not None  # what `saliency_of` explains has a linear head or maps of the classes
    spec, head = model.spec, output.head_weight.numpy()
    probs = softmax(output.logits.numpy(), spec.temperature)
    found = []
    for answer, values in zip(probs, output.features[-1].values.numpy(), strict=True):
        parts = np.split(values, len(spec.streams))
        maps = tuple(FeatureMap(kind, part) for kind, part in zip(spec.streams, parts, strict=True))
        prediction = Prediction(spec.id, spec.labels, answer, (0.0, spec.span_s), known=True)
        found.append(Recognition(prediction, maps, head, spec.frames, spec.explanation, spec.coordinates))
    return found


def as_built(model: Model, joints: Float32, target: Int64, score: Score) -> Float32:
    """The heat (N, T, V) of `saliency_of`."""
    names = [model.spec.labels[k] for k in target]
    pairs = zip(recognitions(model, joints), names, strict=True)
    return np.stack([saliency_of(one, name, score).values for one, name in pairs])


def stream_heat(model: Model, joints: Float32, target: Int64) -> Float32:
    """The share of every stream of a fused network, float32 (S, N, T, V)."""
    pairs = [(one, model.spec.labels[k]) for one, k in zip(recognitions(model, joints), target, strict=True)]
    return np.stack(
        [[saliency_of(one, name, stream=kind).values for one, name in pairs] for kind in model.spec.streams]
    )


def grad_cam(model: Model, joints: Float32, target: Int64, layer: str, score: Score) -> Float32:
    """Grad-CAM (N, T, V) of a layer by a backward pass, as `grad_cam_autograd`; streams add up before the ReLU."""
    x = torch.from_numpy(np.array(joints, np.float32)).requires_grad_()  # so that every layer's gradient is recorded
    with torch.enable_grad():
        output = model.answer(x)
        maps = [feature.values for feature in output.features if layer_of(feature) == layer]
        value = model.score(output.logits, torch.from_numpy(target), score).sum()
        gradients = torch.autograd.grad(value, maps)
    parts = [(g.mean(dim=(2, 3), keepdim=True) * a).sum(dim=1) for g, a in zip(gradients, maps, strict=True)]
    heat = torch.stack(parts).sum(dim=0).clamp(min=0).detach().numpy()
    return np.stack([resize(one, joints.shape[1]) for one in heat])
