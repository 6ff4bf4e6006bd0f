"""From logits to probabilities, and how much a window looks like nothing the model knows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fias_desktop.domain.exercises import IDLE, group_of, is_exercise_class
from fias_desktop.domain.types import Float32


def softmax(logits: Float32, temperature: float = 1.0) -> Float32:
    """Probabilities (N, K) of logits (N, K) divided by the temperature."""
    scaled = (logits - logits.max(axis=1, keepdims=True)) / temperature
    exps = np.exp(scaled)
    return np.asarray(exps / exps.sum(axis=1, keepdims=True), dtype=np.float32)


def sigmoid(logits: Float32) -> Float32:
    """Probabilities of logits, each by itself."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), dtype=np.float32)


def rejection_scores(labels: Sequence[str], probs: Float32) -> Float32:
    """How much each row (N, K) looks like none of the exercises, (N,) in 0..1: 1 less the named exercise's probability.

    The maximum softmax probability of D. Hendrycks and K. Gimpel (ICLR 2017), over exercises instead of classes, since
    a squat of uncertain form is still a squat. 0 where idle is named: that class holds all movements that are not ours.
    A class that is no exercise stands for itself.
    """
    names = [group_of(label) if is_exercise_class(label) else label for label in labels]
    groups = sorted(set(names))
    per_group = np.stack([probs[:, [name == group for name in names]].sum(axis=1) for group in groups], axis=1)
    named = per_group.argmax(axis=1)
    idle = np.array([group == IDLE for group in groups])[named]
    return np.where(idle, 0.0, 1.0 - per_group.max(axis=1)).astype(np.float32)
