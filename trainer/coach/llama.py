"""A small Llama (Touvron et al. 2023): RMS norm, rotary positions, SwiGLU, tied embeddings, no biases.

The rotation turns neighbouring pairs (2i, 2i + 1), as llama.cpp does for this architecture, so the weights are exported
as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

NORM_EPS = 1e-5


@dataclass(frozen=True)
class LlamaConfig:
    """Sizes: `vocabulary` tokens, `width` channels, `layers` blocks, `heads` heads, `hidden` channels of the MLP.

    The larger `rope_base`, the more channels hardly turn over a prompt and can compare content over its length.
    """

    vocabulary: int
    width: int
    layers: int
    heads: int
    hidden: int
    context: int
    rope_base: float = 10_000.0

    @property
    def head_width(self) -> int:
        """Channels of one head."""
        return self.width // self.heads


class Attention(nn.Module):
    """Causal self-attention with rotary positions."""

    def __init__(self, config: LlamaConfig) -> None:
        super().__init__()
        self.heads, self.head_width = config.heads, config.head_width
        self.q = nn.Linear(config.width, config.width, bias=False)
        self.k = nn.Linear(config.width, config.width, bias=False)
        self.v = nn.Linear(config.width, config.width, bias=False)
        self.out = nn.Linear(config.width, config.width, bias=False)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], seen: Tensor | None = None) -> Tensor:
        """x (N, T, width) -> (N, T, width)."""
        batch, steps, width = x.shape
        q, k, v = (
            layer(x).view(batch, steps, self.heads, self.head_width).transpose(1, 2)
            for layer in (self.q, self.k, self.v)
        )
        q, k = rotate(q, turn), rotate(k, turn)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=seen, is_causal=seen is None)
        result: Tensor = self.out(mixed.transpose(1, 2).reshape(batch, steps, width))
        return result


class Block(nn.Module):
    """Attention and a gated MLP, each behind a norm and beside a shortcut."""

    def __init__(self, config: LlamaConfig) -> None:
        super().__init__()
        self.attention_norm = nn.RMSNorm(config.width, eps=NORM_EPS)
        self.attention = Attention(config)
        self.mlp_norm = nn.RMSNorm(config.width, eps=NORM_EPS)
        self.gate = nn.Linear(config.width, config.hidden, bias=False)
        self.up = nn.Linear(config.width, config.hidden, bias=False)
        self.down = nn.Linear(config.hidden, config.width, bias=False)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], seen: Tensor | None = None) -> Tensor:
        """x (N, T, width) -> (N, T, width)."""
        x = x + self.attention(self.attention_norm(x), turn, seen)
        h = self.mlp_norm(x)
        change: Tensor = self.down(F.silu(self.gate(h)) * self.up(h))
        return x + change


class Llama(nn.Module):
    """The network: token numbers (N, T) -> logits (N, T, vocabulary)."""

    def __init__(self, config: LlamaConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = nn.RMSNorm(config.width, eps=NORM_EPS)
        self.apply(self._initialise)

    def _initialise(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)

    def hidden(self, tokens: Tensor, positions: Tensor | None = None, seen: Tensor | None = None) -> Tensor:
        """Normalised last hidden states (N, T, width).

        Tokens stand in a row and see all before them, unless `positions` int64 (N, T) and `seen` bool (N, 1, T, T) say
        otherwise: where each stands, and which tokens (last axis) it sees.
        """
        x = self.embedding(tokens)
        where = torch.arange(tokens.shape[1]) if positions is None else positions[:, None]
        turn = rotation(where, self.config.head_width, self.config.rope_base)
        for block in self.blocks:
            x = block(x, turn, seen)
        result: Tensor = self.norm(x)
        return result

    def logits(self, hidden: Tensor) -> Tensor:
        """Hidden states (..., width) -> logits (..., vocabulary) through the tied embedding."""
        return F.linear(hidden, self.embedding.weight)

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens int64 (N, T) -> logits (N, T, vocabulary)."""
        return self.logits(self.hidden(tokens))


def rotation(positions: Tensor, head_width: int, base: float) -> tuple[Tensor, Tensor]:
    """Cosine and sine (..., T, head_width / 2) of the positions (..., T) at every frequency."""
    angles = positions[..., None] * frequencies(head_width, base)
    return angles.cos(), angles.sin()


def frequencies(head_width: int, base: float) -> Tensor:
    """Radians a position (head_width / 2,), fastest first."""
    turns: Tensor = base ** (-torch.arange(0, head_width, 2) / head_width)
    return turns


def rotate(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Turn neighbouring pairs of channels of x (N, heads, T, head_width) by their position's angle."""
    cosine, sine = turn
    even, odd = x[..., 0::2], x[..., 1::2]
    turned = torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), dim=-1)
    return turned.flatten(-2).to(x.dtype)
