"""After training: a temperature for honest probabilities and a threshold that tells known movement from unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from fias_desktop.domain.exercises import IDLE, group_of, is_exercise_class
from fias_desktop.domain.types import Float32, Int64
from fias_desktop.stages.recognise import rejection_scores, softmax
from trainer.learn.fit import Examples

_RIDGE = 1e-3  # on the bias of a class: one without windows keeps its own
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
    parts = torch.split(torch.arange(len(examples)), size)
    logits = [network(examples.of(rows).batch()).logits for rows in parts]
    return Answers(torch.cat(logits).numpy(), examples.label.numpy())


def best_temperature(answers: Answers) -> float:
    """The temperature under which the right classes are most probable (C. Guo et al., ICML 2017)."""
    rows = np.arange(len(answers.label))
    losses = [-np.log(softmax(answers.logits, float(t))[rows, answers.label] + 1e-12).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


@dataclass(frozen=True, eq=False)
class Calibration:
    """Probabilities are softmax((logits + `bias`) / `temperature`), with `bias` float32 (K,)."""

    temperature: float
    bias: Float32


def calibration(answers: Answers, class_bias: bool) -> Calibration:
    """The temperature, and where asked for a bias of each class with it, under which the right classes are most
    probable (A. Alexandari et al., ICML 2020: bias-corrected temperature scaling)."""
    temperature, bias = best_temperature(answers), np.zeros(answers.logits.shape[1], np.float32)
    if not class_bias:
        return Calibration(temperature, bias)
    logits, label = torch.from_numpy(answers.logits).double(), torch.from_numpy(answers.label)
    sharpness = torch.tensor([1 / temperature], dtype=torch.float64, requires_grad=True)
    shift = torch.zeros(logits.shape[1], dtype=torch.float64, requires_grad=True)
    search = torch.optim.LBFGS([sharpness, shift], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        search.zero_grad()
        value = nn.functional.cross_entropy(logits * sharpness + shift, label) + _RIDGE * shift.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    search.step(loss)  # type: ignore[no-untyped-call]
    found = 1 / float(sharpness.detach())
    return Calibration(found, (shift.detach() * found).float().numpy())


def fold(network: nn.Module, bias: Float32) -> None:
    """Add a bias of each class to the network's head (to that of each stream), so that nobody else need know of it."""
    for name, values in network.named_parameters():
        if name == "head.bias" or name.endswith(".head.bias"):
            values.data += torch.from_numpy(bias)


def threshold(labels: tuple[str, ...], answers: Answers, temperature: float, kept: float) -> float:
    """The rejection score that keeps this share of the exercise windows whose exercise is named right; 1, which keeps
    everything, where none is. A class that is no exercise stands for itself."""
    probs = softmax(answers.logits, temperature)
    groups = np.array([group_of(label) if is_exercise_class(label) else label for label in labels])
    right = (groups[probs.argmax(axis=1)] == groups[answers.label]) & (groups[answers.label] != IDLE)
    scores = rejection_scores(labels, probs)[right]
    return float(np.quantile(scores, kept)) if len(scores) else 1.0
