"""The card that comes with every model: what it is, what it was trained on, and how well it did."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TrainingData:
    """One data set a model was trained on, with the licence that lets us ship the weights."""

    name: str
    licence: str
    sequences: int


@dataclass(frozen=True)
class ModelSpec:
    """The contents of `card.toml` (docs/model-card.md).

    A window is `frames` samples at `rate_hz`; `channels` is 2 (x, y) or 3 (x, y, score); `normalisation` is `torso`.
    `rejection_threshold`: a window whose rejection score is above it is unknown. `params` are the network's own
    settings, handed to the registry. `figures` are measured values by name. `hashes` are SHA-256 by file name.
    """

    id: str
    title: str
    network: str
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    skeleton: str
    frames: int
    rate_hz: float
    channels: int
    normalisation: str
    rejection_threshold: float
    temperature: float
    licence: str
    training_data: tuple[TrainingData, ...]
    limits: str
    params: dict[str, int] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    @property
    def span_s(self) -> float:
        """Seconds from the first to the last sample of a window."""
        return (self.frames - 1) / self.rate_hz
