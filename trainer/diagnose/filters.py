"""How the filters of a layer answer to windows: over time, and on average to each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from fias_desktop.domain.types import Float32, Float64, Int64
from fias_desktop.models.res_tcn import ResTCN
from trainer.diagnose.decoder import hidden

_BATCH = 256
_TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Responses:
    """What the filters of one layer answer to N windows: |X_l| as z-scores of each filter, float64 (N, filters, T_l),
    so that a filter that always answers alike shows nothing."""

    layer: int
    values: Float64

    def of_class(self, label: Int64, number: int) -> Float64:
        """The mean answer of every filter to the windows of a class, (filters,), in its own standard deviations over
        the windows' means."""
        means = self.values.mean(axis=2)
        spread = np.maximum(means.std(axis=0), _TINY)
        return np.asarray((means[label == number].mean(axis=0) - means.mean(axis=0)) / spread)

    def apart(self, label: Int64, number: int, other: int) -> float:
        """How differently the filters answer to two classes: the mean size of the difference, in standard deviations;
        0 where every filter answers to both alike."""
        return float(np.abs(self.of_class(label, number) - self.of_class(label, other)).mean())


def responses_of(network: ResTCN, joints: Float32, layer: int) -> Responses:
    """The magnitudes of X_l for windows (N, T, V, C)."""
    parts = torch.split(torch.from_numpy(joints), _BATCH)
    size = torch.cat([hidden(network, part).at(layer).abs() for part in parts]).double().numpy()
    mean, spread = size.mean(axis=(0, 2), keepdims=True), size.std(axis=(0, 2), keepdims=True)
    return Responses(layer, np.asarray((size - mean) / np.maximum(spread, _TINY)))
