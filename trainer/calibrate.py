"""After training: a temperature for honest probabilities and a threshold that tells known movement from unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from fias_desktop.domain.exercises import IDLE, group_of
from fias_desktop.domain.types import Float32, Int64
from fias_desktop.models.contract import Batch
from fias_desktop.stages.recognise import rejection_scores, softmax
from trainer.augment import known
from trainer.train import Examples

TEMPERATURES = np.geomspace(0.25, 4.0, 81)


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network says to N windows: `logits` float32 (N, K), and their true `label` int64 (N,)."""

    logits: Float32
    label: Int64


@torch.no_grad()
def answer(network: nn.Module, examples: Examples, size: int = 128) -> Answers:
    """Run a network over examples, in evaluation mode and in order."""
    network.eval()
    # Nothing else is kept: the feature maps of a whole data set would fill the memory.
    logits = [network(Batch(joints, known(joints))).logits for joints, _ in examples.batches(size)]
    return Answers(torch.cat(logits).numpy(), examples.label.numpy())


def best_temperature(answers: Answers) -> float:
    """The temperature under which the right classes are most probable (C. Guo et al., ICML 2017)."""
    rows = np.arange(len(answers.label))
    losses = [-np.log(softmax(answers.logits, float(t))[rows, answers.label] + 1e-12).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def threshold(labels: tuple[str, ...], answers: Answers, temperature: float, kept: float) -> float:
    """The rejection score that keeps this share of the exercise windows whose exercise is named right."""
    probs = softmax(answers.logits, temperature)
    groups = np.array([group_of(label) for label in labels])
    right = (groups[probs.argmax(axis=1)] == groups[answers.label]) & (groups[answers.label] != IDLE)
    return float(np.quantile(rejection_scores(labels, probs)[right], kept))
