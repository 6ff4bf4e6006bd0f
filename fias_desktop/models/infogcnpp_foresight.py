"""The half of InfoGCN++ that foresees: its encoder, its differential equation and its decoder of future joints, alone.

The network is that of fias_desktop/models/infogcnpp.py (citation there; sections and equations are numbered likewise):
attention within a frame (section 3.2.2.1), causal attention over time (3.2.2.2, equation 7), a neural ordinary
differential equation that carries the last frame on (3.2.2.4), a decoder of its states (3.2.2.5) and the loss of the
joints to come (equation 10), here at the last frame of a window only, the one that is drawn.

Deliberate deviations, all for a ghost that is drawn on a picture:

- there is no classifier, and nothing is learnt of classes; the last block is asked about the last frame only;
- a step of the differential equation is `stride` frames long, and only the last `seen` frames of a window are attended
  to: older ones only help to measure the body;
- joints come with two channels more, how far they were from where they are now, and joints that are not known now are
  taken where they were last known;
- what is decoded is added to an extrapolation in a straight line: for each step ahead one learned weight for every
  frame's distance from now, the same for all joints. It begins as a constant velocity that is worn down, so that the
  network has only to say what such an extrapolation misses;
- the loss is the mean distance, not its square: estimators make errors that are no movement.

Shapes: N windows, T frames (of which the last F are seen), V joints, D channels inside (`width`), S steps ahead of
`stride` / rate seconds each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.models.infogcnpp import (
    Block,
    Dynamics,
    GraphConv,
    joint_graph,
    positional_encoding,
)
from fias_desktop.models.ode import integrate

CHANNELS = 5  # x, y, their distance from now, the score
_FITTED_FRAMES = 5  # a velocity is the slope of a line through these
_LASTING_FRAMES = 4.0  # after so many frames a velocity has worn down to 1 / e: estimators tremble


@dataclass(frozen=True)
class ForesightConfig:
    """`seen` frames are looked at; `steps` S of `stride` frames are foreseen; width, depth and heads as in InfoGCN++.
    ValueError when they do not fit each other."""

    joints: int
    seen: int = 12
    steps: int = 4
    stride: int = 2
    width: int = 32
    depth: int = 2
    heads: int = 4

    def __post_init__(self) -> None:
        if self.width % 2 or self.width % self.heads:
            raise ValueError(f"a width of {self.width} does not fit {self.heads} heads")
        if self.seen < _FITTED_FRAMES or min(self.steps, self.stride, self.depth) < 1:
            raise ValueError("a network that foresees needs frames, steps and blocks")


class Foresight(nn.Module):
    """Joints (N, T, V, 3) of x, y (torso lengths, the hips of the last frame at the origin, y up) and score, 0 where
    not known -> where they will be after 1, ..., S steps, (N, S, V, 2) in the same coordinates."""

    def __init__(self, config: ForesightConfig, graph: Tensor) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.embed = nn.Linear(CHANNELS, width)
        self.places = nn.Parameter(torch.randn(config.joints, width))
        self.blocks = nn.ModuleList(Block(graph, width, config.heads) for _ in range(config.depth))
        self.dynamics = Dynamics(graph, width)
        self.decoder = nn.Sequential(GraphConv(graph, width, width), GraphConv(graph, width, width))
        self.to_joints = nn.Linear(width, 2)
        nn.init.zeros_(self.to_joints.weight)
        nn.init.zeros_(self.to_joints.bias)
        self.straight = nn.Parameter(straight_on(config))

    def forward(self, joints: Tensor) -> Tensor:
        """(N, T, V, 3) -> (N, S, V, 2)."""
        joints = joints[:, -self.config.seen :]
        places = held(joints)
        now = places[:, -1:]
        # What is not known must not look like a jump.
        moved = torch.where(joints[..., 2:] > 0, places - now, torch.zeros_like(places))
        n, frames = moved.shape[:2]
        straight = torch.matmul(self.straight, moved.reshape(n, frames, -1)).view(n, -1, *moved.shape[2:])
        return now + straight + self._bent(torch.cat([places, moved, joints[..., 2:]], dim=-1))

    def _bent(self, seen: Tensor) -> Tensor:
        """What the straight line misses, (N, S, V, 2), from (N, F, V, CHANNELS)."""
        config, positions = self.config, torch.arange(seen.shape[1], device=seen.device)
        x = self.embed(seen) + self.places + positional_encoding(positions, config.width).to(seen.dtype)[:, None]
        for number, block in enumerate(self.blocks):
            x = attended(cast(Block, block), x, number == len(self.blocks) - 1)

        def slope(time: float, z: Tensor) -> Tensor:
            now = positions[-1:] + config.stride * int(time)
            return cast(Tensor, self.dynamics(z, positional_encoding(now, config.width).to(z.dtype)))

        states = torch.cat(integrate(slope, x, config.steps, "euler"), dim=1)
        return cast(Tensor, self.to_joints(self.decoder(states)))


def attended(block: Block, x: Tensor, last: bool) -> Tensor:
    """What a block makes of frames (N, F, V, D), of the last one alone (N, 1, V, D) where that is wanted.

    The same as the block's own answer; for so few frames written out it is faster than the fused attention.
    """
    queries, keys, values = block.project(x)
    if last:
        queries, x = queries[..., -1:, :], x[:, -1:]
    relation = torch.matmul(queries * queries.shape[-1] ** -0.5, keys.transpose(-1, -2))
    if not last:
        frames = x.shape[1]
        later = torch.ones(frames, frames, dtype=torch.bool, device=x.device).triu(1)
        relation = relation.masked_fill(later, float("-inf"))
    return block.finish(x, torch.matmul(relation.softmax(dim=-1), values))


def foresight_of(spec: ModelSpec) -> Foresight:
    """The network of a card with fresh weights; `params` are those of `ForesightConfig`. ValueError when they do not
    fit each other."""
    topology = skeleton(spec.skeleton)
    return Foresight(ForesightConfig(topology.num_joints, **spec.params), joint_graph(topology))


def held(joints: Tensor) -> Tensor:
    """Places (N, F, V, 2) of joints (N, F, V, 3) whose unknown ones stay where they were last known, 0 before that."""
    frames = [joints[:, 0, :, :2]]
    for frame in joints.unbind(1)[1:]:
        frames.append(torch.where(frame[..., 2:] > 0, frame[..., :2], frames[-1]))
    return torch.stack(frames, dim=1)


def straight_on(config: ForesightConfig) -> Tensor:
    """The weights (S, F) of frames' distances from now in a constant velocity that is worn down: the slope of the line
    through the last frames, times how far it reaches by each step."""
    ages = torch.arange(_FITTED_FRAMES - 1, -1, -1, dtype=torch.float32)
    centred = ages.mean() - ages
    weights = torch.zeros(config.seen)
    weights[-_FITTED_FRAMES:] = centred / centred.square().sum()
    ahead = config.stride * torch.arange(1, config.steps + 1, dtype=torch.float32)
    return (_LASTING_FRAMES * (1 - torch.exp(-ahead / _LASTING_FRAMES)))[:, None] * weights


def foresight_loss(foreseen: Tensor, future: Tensor, seen: Tensor) -> Tensor:
    """The mean distance of what was foreseen (N, S, V, 2) from the `future` (N, S, V, 2) where it was `seen`, bool
    (N, S, V)."""
    distance = (foreseen - future).square().sum(dim=-1).add(1e-8).sqrt()
    return (distance * seen).sum() / seen.sum().clamp(min=1)
