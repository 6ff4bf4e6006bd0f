"""What every network takes and gives back. Features are explicit, so that explanations need no hooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """N windows: `joints` float32 (N, T, V, C), `mask` bool (N, T, V), `target` int64 (N,) fine classes or None.

    `clip` uint8 (N, T', S, S, 3), RGB, is the person's picture over the time of the window, as a camera gives it: a
    network that looks at it (its card says how many pictures of what size) makes of it what it needs; None for all
    others (docs/adr/0013)."""

    joints: Tensor
    mask: Tensor
    clip: Tensor | None = None
    target: Tensor | None = None


@dataclass(frozen=True)
class FeatureTensor:
    """A named feature map of a batch: `values` float32 (N, C, T', V)."""

    name: str
    values: Tensor


@dataclass(frozen=True)
class Output:
    """What a network says: `logits` (N, K), `features` from early to late (the last one feeds the pooled linear head
    where `head_weight` (K, C) is given, up to a term that is the same for every class), `frame_logits` (N, T, K) or
    None, `aux` named extra tensors for the loss, `error_logits` (N, E), one for each form error, independent of each
    other, or None, `pooled` (N, C), what the heads see, or None."""

    logits: Tensor
    features: tuple[FeatureTensor, ...]
    head_weight: Tensor | None = None
    frame_logits: Tensor | None = None
    aux: dict[str, Tensor] = field(default_factory=dict)
    error_logits: Tensor | None = None
    pooled: Tensor | None = None


class Network(Protocol):
    """A recognition network: a torch module that maps a `Batch` to an `Output`."""

    def __call__(self, batch: Batch) -> Output:
        """Run the network on N windows."""
        ...
