"""A start from which the coach can copy.

What matters in an advice is copied from the prompt: a number, a body part. A network finds out how by itself, but only
after many steps: one layer must tell every token which tokens come before it, and the next must look for the place
where the present tokens came before (an induction head: Olsson et al., "In-context Learning and Induction Heads",
2022). Both are laid out here in the first two layers; training is free to change them.

The residual stream begins as: channel 0 constant, then `content` (the token's random embedding), then a copy of a
projection of the token before, then one of the token before that.
"""

from __future__ import annotations

import torch
from torch import Tensor

from fias_desktop.domain.errors import FiasError
from trainer.coach.llama import Attention, Block, Llama, LlamaConfig, frequencies

CONSTANT = 0.1
SPREAD = 0.02
# Positions turn the fast channels of a head; those slower than this (radians a token) carry content over a prompt.
SLOW = 0.006
LOOK = 7.0
MATCH = 1.9
COPY = 2.0


@torch.no_grad()
def lay_out_copying(model: Llama, seed: int = 0) -> None:
    """Write the heads into a freshly initialised network of two layers or more."""
    plan = _Plan(model.config, torch.Generator().manual_seed(seed))
    weight = model.embedding.weight
    weight[:, 0] = CONSTANT
    weight[:, plan.before[0] :] = 0.0
    blocks = [block for block in model.blocks if isinstance(block, Block)]
    for block in blocks:
        block.attention.out.weight.mul_(0.3)
        block.down.weight.mul_(0.3)
    for offset in (1, 2):
        plan.look_back(blocks[0].attention, head=offset - 1, offset=offset)
    for head in range(model.config.heads - 1):
        plan.look_up(blocks[1].attention, head, pair=head % 2 == 1)


class _Plan:
    """Which channels hold what, and the random projections."""

    def __init__(self, config: LlamaConfig, generator: torch.Generator) -> None:
        self.width, self.size = config.width, config.head_width
        self.turn = frequencies(config.head_width, config.rope_base)
        self.slow = [row for i, speed in enumerate(self.turn.tolist()) if speed < SLOW for row in (2 * i, 2 * i + 1)]
        share = len(self.slow)
        self.before = (config.width - 2 * share, config.width - share)
        self.share = share
        content = self.before[0] - 1
        if content < self.size:
            raise FiasError("The network is too narrow for copying heads.", "Raise `width`, or `copy_heads = false`.")
        self.named = _orthonormal(share, content, generator)
        self.generator = generator
        self.content = slice(1, self.before[0])
        # Channels with a spread of SPREAD come out of the norm with about this size.
        mean_square = (CONSTANT**2 + content * SPREAD**2) / config.width
        self.constant_seen = CONSTANT / mean_square**0.5
        self.content_seen = SPREAD / mean_square**0.5

    def look_back(self, attention: Attention, head: int, offset: int) -> None:
        """A head that attends `offset` tokens back and writes that token's name into its own channels."""
        rows = slice(head * self.size, (head + 1) * self.size)
        angle = offset * self.turn
        query, key = torch.zeros(self.size), torch.zeros(self.size)
        query[0::2] = LOOK
        key[0::2], key[1::2] = LOOK * angle.cos(), LOOK * angle.sin()
        for layer, values in ((attention.q, query), (attention.k, key)):
            layer.weight[rows] = 0.0
            layer.weight[rows, 0] = values / self.constant_seen
        attention.v.weight[rows] = 0.0
        attention.v.weight[rows.start : rows.start + self.share, self.content] = 0.3 * self.named
        attention.out.weight[:, rows] = 0.0
        start = self.before[offset - 1]
        gain = SPREAD / self.content_seen / 0.3 * (1.5 if offset == 1 else 1.0)
        for i in range(self.share):
            attention.out.weight[start + i, rows.start + i] = gain

    def look_up(self, attention: Attention, head: int, pair: bool) -> None:
        """A head that attends where the present token (`pair`: and the one before it) came just before, and copies."""
        rows = slice(head * self.size, (head + 1) * self.size)
        query, key = torch.zeros(self.size, self.width), torch.zeros(self.size, self.width)
        half = self.share // 2
        for i, row in enumerate(self.slow):
            if pair and i >= half:
                query[row, self.before[0] + i] = MATCH
                key[row, self.before[1] + i] = 1.5 * MATCH
            else:
                query[row, self.content] = MATCH * self.named[i]
                key[row, self.before[0] + i] = MATCH
        attention.q.weight[rows], attention.k.weight[rows] = query, key
        copied = _orthonormal(self.size, self.before[0] - 1, self.generator)
        attention.v.weight[rows] = 0.0
        attention.v.weight[rows, self.content] = 0.3 * copied
        attention.out.weight[:, rows] = 0.0
        attention.out.weight[self.content, rows] = COPY * SPREAD / self.content_seen / 0.3 * copied.T


def _orthonormal(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    """Random orthonormal rows (rows, columns)."""
    square: Tensor = torch.linalg.qr(torch.randn(columns, rows, generator=generator)).Q
    return square.T.contiguous()
