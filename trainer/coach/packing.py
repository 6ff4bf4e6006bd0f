"""Several answers to one prompt in one row: what they have in common is computed once.

Prompts are four times as long as answers. A row holds the tokens that its samples share, then the rest of each sample
as a branch: a branch stands where it would stand alone and sees the shared tokens and itself only, so that every
sample has the loss that it would have in a row of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

IGNORED = -100
SHARED, PADDING = 0, -1
LENGTH_STEP = 32


@dataclass(frozen=True)
class Encoded:
    """A sample: the tokens of prompt, advice and end, the length of its prompt, and whether each token says what the
    facts decide (empty: none does)."""

    tokens: list[int]
    prompt: int
    decisive: Sequence[bool] = ()


@dataclass(frozen=True)
class Row:
    """A packed row, one entry a token: its `positions`, its branch (`branches`: 0 shared, then 1, 2, ...), the next
    token to be learnt (`target`, -100 for none), and whether that is a decisive one."""

    tokens: list[int]
    positions: list[int]
    branches: list[int]
    target: list[int]
    decisive: list[bool]


@dataclass(frozen=True)
class TokenBatch:
    """`tokens`, `positions` int64 (N, T), padded with zeros; `seen` bool (N, 1, T, T), whether a token (third axis)
    sees another (last axis); `target` int64 (N, T), -100 outside the advice; `decisive` bool (N, T)."""

    tokens: Tensor
    positions: Tensor
    seen: Tensor
    target: Tensor
    decisive: Tensor


def pack(samples: Sequence[Encoded]) -> Row:
    """A row of samples."""
    common = shared_length(samples)
    first = samples[0].tokens[:common]
    row = Row(list(first), list(range(common)), [SHARED] * common, [IGNORED] * common, [False] * common)
    for branch, sample in enumerate(samples, start=1):
        inputs, following = sample.tokens[common:-1], sample.tokens[common + 1 :]
        row.tokens.extend(inputs)
        row.positions.extend(range(common, common + len(inputs)))
        row.branches.extend([branch] * len(inputs))
        row.target.extend(token if common + i + 1 >= sample.prompt else IGNORED for i, token in enumerate(following))
        row.decisive.extend(sample.decisive[common + 1 :] or [False] * len(inputs))
    return row


def shared_length(samples: Sequence[Encoded]) -> int:
    """How many first tokens all have in common, at most their prompts less the last token of the shortest."""
    most = min(sample.prompt for sample in samples) - 1
    rows = [sample.tokens for sample in samples]
    return next((i for i in range(most) if len({row[i] for row in rows}) > 1), most)


def collate(rows: Sequence[Row]) -> TokenBatch:
    """Rows to one batch, padded to a multiple of 32: every new length costs the processor's kernels time and memory."""
    longest = -(-max(len(row.tokens) for row in rows) // LENGTH_STEP) * LENGTH_STEP
    tokens, positions = (torch.zeros(len(rows), longest, dtype=torch.long) for _ in range(2))
    branches = torch.full((len(rows), longest), PADDING)
    target = torch.full((len(rows), longest), IGNORED)
    decisive = torch.zeros(len(rows), longest, dtype=torch.bool)
    for i, row in enumerate(rows):
        length = len(row.tokens)
        for tensor, values in ((tokens, row.tokens), (positions, row.positions), (branches, row.branches)):
            tensor[i, :length] = torch.tensor(values)
        target[i, :length] = torch.tensor(row.target)
        decisive[i, :length] = torch.tensor(row.decisive)
    return TokenBatch(tokens, positions, visible(branches), target, decisive)


def visible(branches: Tensor) -> Tensor:
    """bool (N, 1, T, T) of the branches (N, T): a token sees what stands before it in its own branch or is shared."""
    before = torch.ones(branches.shape[1], branches.shape[1], dtype=torch.bool).tril()
    own = branches[:, :, None] == branches[:, None, :]
    shared = (branches == SHARED)[:, None, :]
    return ((own | shared) & before)[:, None]
