"""A network as an explanation sees it: its scores, what it says to joints that are hidden, and its layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import numpy as np
import torch
from torch import Tensor, nn

from fias_desktop.domain.exercises import IDLE, group_of
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.domain.types import Float32, Int64, Window
from fias_desktop.models.contract import Batch, FeatureTensor, Output
from fias_desktop.models.registry import build
from fias_desktop.stages.recognise import softmax
from trainer.judge.evaluate import load_model
from trainer.learn.augment import known

Score = Literal["logit", "contrast", "prob"]


@dataclass(frozen=True, eq=False)
class Model:
    """A network in two forms with the same weights: `network` answers only, `explained` comes with its maps. `good`
    int64 (K,) is the class of good form that a class is held against, -1 for a class that has none."""

    spec: ModelSpec
    network: nn.Module
    explained: nn.Module
    good: Int64

    def answer(self, joints: Tensor, explained: bool = False) -> Output:
        """What the network says to joints (N, T, V, C); a place that is 0 in every channel is not known."""
        network = self.explained if explained else self.network
        return cast(Output, network(Batch(joints, known(joints))))

    def score(self, logits: Tensor, target: Tensor, kind: Score) -> Tensor:
        """What is explained, (N,), of logits (N, K) for classes int64 (N,): the `logit`, the `prob`, or the logit less
        that of good form, `contrast`. Of fused streams the logits are log-probabilities; their contrast is the same."""
        of = (logits.softmax(dim=1) if kind == "prob" else logits).gather(1, target[:, None])[:, 0]
        if kind != "contrast":
            return of
        good = torch.from_numpy(self.good)[target]
        return of - logits.gather(1, good.clamp(min=0)[:, None])[:, 0] * (good >= 0)

    @torch.inference_mode()
    def probs(self, windows: Sequence[Window], size: int = 128) -> Float32:
        """Class probabilities float32 (N, K), as the program gives them: at the card's temperature."""
        joints = torch.from_numpy(np.stack([window.joints for window in windows]))
        starts = range(0, len(joints), size)
        logits = torch.cat([self.answer(joints[start : start + size]).logits for start in starts])
        return softmax(logits.numpy(), self.spec.temperature)


def load(folder: Path) -> Model:
    """The model or finished run in a folder, in evaluation mode; FiasError as `load_model`."""
    spec, network = load_model(folder)
    explained = build(spec, explained=True)
    explained.load_state_dict(network.state_dict())
    return model_of(spec, network, explained)


def model_of(spec: ModelSpec, network: nn.Module, explained: nn.Module | None = None) -> Model:
    """A network that is there already; its weights ask for no gradient any more."""
    both = (network, explained or network)
    for one in both:
        one.eval().requires_grad_(False)
    return Model(spec, *both, good_form(spec.labels))


def good_form(labels: Sequence[str]) -> Int64:
    """For every class the index of its exercise's correct class, int64 (K,); -1 for that class itself and for idle."""
    found = []
    for label in labels:
        good = f"{group_of(label)}_correct"
        found.append(labels.index(good) if label != IDLE and good != label and good in labels else -1)
    return np.array(found, np.int64)


@torch.no_grad()
def maps_of(model: Model) -> tuple[str, ...]:
    """The names of the maps over (T', V) of one stream, early to late; empty where the network has none."""
    spec = model.spec
    joints = torch.zeros(1, spec.frames, skeleton(spec.skeleton).num_joints, spec.channels)
    features = [f for f in model.answer(joints).features if f.values.shape[-1] == joints.shape[2]]
    return tuple(dict.fromkeys(layer_of(feature) for feature in features if not _beside(feature, features)))


def layer_of(feature: FeatureTensor) -> str:
    """A map's name without its stream (`bone/block9` is layer `block9` of the stream `bone`)."""
    return feature.name.rpartition("/")[2]


def _beside(feature: FeatureTensor, features: Sequence[FeatureTensor]) -> bool:
    """Whether this is the map of all streams side by side, which is no layer of its own."""
    return "/" not in feature.name and any("/" in other.name for other in features)
