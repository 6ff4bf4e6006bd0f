"""Heat by hiding: how much of a class's score goes when a joint is not known any more.

M. D. Zeiler, R. Fergus: Visualizing and Understanding Convolutional Networks, ECCV 2014. Joints are hidden as the
program's own check hides them (`fias_desktop.stages.explain.without`): 0 in every channel.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from fias_desktop.domain.types import Float32, Int64
from trainer.explain.model import Model, Score


@torch.inference_mode()
def drops(model: Model, joints: Float32, target: Int64, score: Score, parts: int = 1) -> Float32:
    """What the score loses without each joint in each of `parts` equal spans of the window, float32 (N, parts, V)."""
    x, classes = torch.from_numpy(np.array(joints, np.float32)), torch.from_numpy(target)
    whole = model.score(model.answer(x).logits, classes, score)
    spans = np.array_split(np.arange(joints.shape[1]), parts)
    rows = [
        torch.stack([whole - model.score(model.answer(_hidden(x, span, v)).logits, classes, score)
                     for v in range(joints.shape[2])], dim=1)
        for span in spans
    ]  # fmt: skip
    return np.asarray(torch.stack(rows, dim=1).numpy(), np.float32)


def occlusion(model: Model, joints: Float32, target: Int64, score: Score, parts: int = 1) -> Float32:
    """Heat (N, T, V): the score lost without the joint in that span of time, never below 0."""
    lost = np.maximum(drops(model, joints, target, score, parts), 0)
    lengths = [len(span) for span in np.array_split(np.arange(joints.shape[1]), parts)]
    return np.repeat(lost, lengths, axis=1)


def _hidden(x: Tensor, span: Int64, joint: int) -> Tensor:
    hidden = x.clone()
    hidden[:, span[0] : span[-1] + 1, joint] = 0.0
    return hidden
