"""InfoGCN++ on a stream: one frame in, one answer out, at a cost that does not depend on how long the stream has run.

Every block relates a frame to its past by the keys and values of earlier frames only, so these are kept, of the newest
`span` frames, instead of being made again (equation 7 with the keys t - span + 1, ..., t). The answers are those of one
pass over the whole stream in which a frame sees `span` frames in each block, `network(batch, span)`; for the first
`span` frames that is the ordinary pass over a window. Later answers are not those of a window that has slid along: what
is kept of a frame also tells of frames that are no longer kept, up to depth x (span - 1) frames back.

Positions: frame t of the stream, counted from the last `reset`, is told position t, modulo the network's `cycle` where
it has one. A kept frame keeps its position. A network without a cycle has learned positions 0 to T - 1 of its windows
only: let it stream longer than that only between resets, or train it with a cycle of at least the span.

Joints must come as the network has learned them, but by a normalisation that stays the same for the whole stream: what
is kept of earlier frames cannot be normalised again.

Shapes: C channels, V joints, K classes, D channels inside, S future frames, H heads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from fias_desktop.models.contract import FeatureTensor
from fias_desktop.models.infogcnpp import Block, InfoGCNpp


@dataclass(frozen=True)
class OnlineAnswer:
    """The answer at one frame: `logits` (K,), `error_logits` (E,) or None, and the `classifier` map (1, C', 1, V), of
    which the closed form explains this answer with the network's head."""

    logits: Tensor
    feature: FeatureTensor
    error_logits: Tensor | None = None


class _Memory:
    """Keys and values of a block's newest frames, (V, H, up to `span`, D / H); their order does not matter."""

    def __init__(self, like: Tensor, span: int) -> None:
        joints, heads, _, width = like.shape
        self.keys, self.values = (like.new_empty(joints, heads, span, width) for _ in range(2))

    def heard(self, query: Tensor, key: Tensor, value: Tensor, frame: int) -> Tensor:
        """Keep a frame, each (V, H, 1, D / H), in place of the oldest, and attend to all that are kept."""
        span = self.keys.shape[2]
        self.keys[:, :, frame % span], self.values[:, :, frame % span] = key[:, :, 0], value[:, :, 0]
        kept = min(frame + 1, span)
        return F.scaled_dot_product_attention(query, self.keys[:, :, :kept], self.values[:, :, :kept])


class InfoGCNppStream:
    """The state of one person's stream. ValueError for a network in training or a `span` beyond its cycle."""

    def __init__(self, network: InfoGCNpp, span: int) -> None:
        if network.training:
            raise ValueError("a stream needs a network in evaluation mode")
        if span < 1 or 0 < network.config.cycle < span:
            raise ValueError(f"a span of {span} frames does not fit a cycle of {network.config.cycle}")
        self.network, self.span = network, span
        self.reset()

    def reset(self) -> None:
        """Forget every frame: the next one is the first."""
        self.frames = 0
        self._memories: list[_Memory] = []
        self._latent: Tensor | None = None

    @torch.inference_mode()
    def push(self, joints: Tensor) -> OnlineAnswer:
        """The answer at the next frame, from its joints (V, C) of the network's dtype, 0 where they are not known."""
        network, positions = self.network, self._positions(joints)
        x = network.embedded(joints[None, None], positions)
        for i, block in enumerate(network.blocks):
            x = self._through(cast(Block, block), i, x)
        self._latent = x
        self.frames += 1
        last = network.classified(x, network.future(x, positions, network.config.steps))
        now = last.mean(dim=(0, 1, 2))
        errors = None if network.error_head is None else network.error_head(now)
        return OnlineAnswer(network.head(now), FeatureTensor("classifier", last.permute(0, 3, 1, 2)), errors)

    @torch.inference_mode()
    def future(self, steps: int | None = None) -> Tensor:
        """The joints (S, V, C) expected 1, ..., `steps` frames after the newest; ValueError before the first frame.

        Step s lies s / rate seconds ahead: at 15 Hz, the default three steps are 0.07, 0.13 and 0.2 s. Steps beyond the
        network's own go on with the same equation but were not learned.
        """
        if self._latent is None:
            raise ValueError("no frame has come yet")
        wanted = self.network.config.steps if steps is None else steps
        positions = torch.tensor([self.frames - 1], device=self._latent.device)
        return self.network.decoded(self.network.future(self._latent, positions, wanted))[0, :, 0]

    def _positions(self, joints: Tensor) -> Tensor:
        return torch.tensor([self.frames], device=joints.device)

    def _through(self, block: Block, index: int, x: Tensor) -> Tensor:
        query, key, value = block.project(x)
        if index == len(self._memories):
            self._memories.append(_Memory(key, self.span))
        return block.finish(x, self._memories[index].heard(query, key, value, self.frames))
