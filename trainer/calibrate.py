"""After training: a temperature for honest probabilities and a threshold that tells known movement from unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from fias_desktop.domain.types import Float32, Int64
from fias_desktop.models.contract import Batch
from fias_desktop.stages.recognise import Rejection, softmax
from trainer.augment import known
from trainer.train import Examples

SHRINKAGE = 0.05  # of the covariance towards a multiple of the identity
TEMPERATURES = np.geomspace(0.25, 4.0, 81)


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network says to N windows: `logits` float32 (N, K), `pooled` float32 (N, C) last features, `label`."""

    logits: Float32
    pooled: Float32
    label: Int64


@torch.no_grad()
def answer(network: nn.Module, examples: Examples, size: int = 128) -> Answers:
    """Run a network over examples, in evaluation mode and in order."""
    network.eval()
    logits, pooled = [], []
    for joints, _ in examples.batches(size):
        output = network(Batch(joints, known(joints)))
        # Only these two are kept: the feature maps of a whole data set would fill the memory.
        logits.append(output.logits)
        pooled.append(output.features[-1].values.mean(dim=(2, 3)))
    return Answers(torch.cat(logits).numpy(), torch.cat(pooled).numpy(), examples.label.numpy())


def best_temperature(answers: Answers) -> float:
    """The temperature under which the right classes are most probable (C. Guo et al., ICML 2017)."""
    rows = np.arange(len(answers.label))
    losses = [-np.log(softmax(answers.logits, float(t))[rows, answers.label] + 1e-12).mean() for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def fit_rejection(answers: Answers, classes: int) -> Rejection:
    """Class means and one shared covariance of the pooled features, as a whitening matrix (C, C)."""
    pooled = answers.pooled.astype(np.float64)
    means = np.stack([pooled[answers.label == k].mean(axis=0) for k in range(classes)])
    gaps = pooled - means[answers.label]
    covariance = gaps.T @ gaps / len(gaps)
    share = np.trace(covariance) / len(covariance)
    covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * share * np.eye(len(covariance))
    values, vectors = np.linalg.eigh(covariance)
    whitening = vectors / np.sqrt(values)
    return Rejection(whitening.astype(np.float32), (means @ whitening).astype(np.float32))


def threshold(scores: Float32, kept: float) -> float:
    """The rejection score below which this share of known windows lies."""
    return float(np.quantile(scores, kept))


def recalls(predicted: Int64, label: Int64, classes: int) -> NDArray[np.float64]:
    """Share (K,) of each class's windows that were named right; NaN for a class without windows."""
    hits = np.bincount(label[predicted == label], minlength=classes)
    counts = np.bincount(label, minlength=classes)
    return np.asarray(np.where(counts, hits / np.maximum(counts, 1), np.nan))
