"""ST-GCN++ laid out plainly, in the authors' order, to measure against: a convolution to three subsets and an einsum
over them, six temporal branches each with an entering convolution and a batch norm of its own; channels first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.models.stgcnpp import DILATIONS, STAGES, STGCNpp, STGCNppConfig, branch_widths


class PlainGraphConv(nn.Module):
    """Features for every subset, then their neighbours by an einsum; batch norm, shortcut, ReLU."""

    def __init__(self, graph: Tensor, channels: int, out: int) -> None:
        super().__init__()
        self.adjacency = nn.Parameter(graph.clone())
        self.conv = nn.Conv2d(channels, len(graph) * out, 1)
        self.bn = nn.BatchNorm2d(out)
        same = channels == out
        self.down = nn.Identity() if same else nn.Sequential(nn.Conv2d(channels, out, 1), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T, V)."""
        n, _, frames, joints = x.shape
        subsets = self.conv(x).view(n, len(self.adjacency), -1, frames, joints)
        mixed = torch.einsum("nkctv,kvw->nctw", subsets, self.adjacency).contiguous()
        return F.relu(self.bn(mixed) + self.down(x))


class PlainTemporalConv(nn.Module):
    """Six branches side by side, each entered by a convolution of its own; batch norm, ReLU, convolution and norm."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        widths = branch_widths(channels)
        self.branches = nn.ModuleList()
        for width, dilation in zip(widths, DILATIONS, strict=False):
            conv = nn.Conv2d(width, width, (3, 1), (stride, 1), (dilation, 0), (dilation, 1))
            self.branches.append(nn.Sequential(*_entering(channels, width), conv))
        pool = nn.MaxPool2d((3, 1), (stride, 1), (1, 0))
        self.branches.append(nn.Sequential(*_entering(channels, widths[-2]), pool))
        self.branches.append(nn.Sequential(nn.Conv2d(channels, widths[-1], 1, (stride, 1))))
        self.merge = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels, 1))
        self.bn = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C, T/stride, V)."""
        return cast(Tensor, self.bn(self.merge(torch.cat([branch(x) for branch in self.branches], dim=1))))


def _entering(channels: int, width: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(channels, width, 1), nn.BatchNorm2d(width), nn.ReLU()


class PlainBlock(nn.Module):
    """Graph convolution, temporal convolution, residual, ReLU."""

    def __init__(self, graph: Tensor, channels: int, out: int, stride: int, first: bool) -> None:
        super().__init__()
        self.gcn, self.tcn, self.first = PlainGraphConv(graph, channels, out), PlainTemporalConv(out, stride), first
        self.residual: nn.Module = nn.Identity()
        if not first and (channels != out or stride != 1):
            self.residual = nn.Sequential(nn.Conv2d(channels, out, 1, (stride, 1)), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T/stride, V)."""
        temporal = self.tcn(self.gcn(x))
        return F.relu(temporal if self.first else temporal + self.residual(x))


class PlainNetwork(nn.Module):
    """Ten blocks, mean over frames and joints, linear head."""

    def __init__(self, graph: Tensor, config: STGCNppConfig) -> None:
        super().__init__()
        self.joints, self.channels = config.joints, config.channels
        self.data_bn = nn.BatchNorm1d(self.joints * self.channels)
        widths = [config.width * stage for stage in STAGES]
        strides = [1] + [1 + (now > before) for before, now in pairwise(STAGES)]
        rows = zip([self.channels, *widths[:-1]], widths, strides, strict=True)
        self.blocks = nn.ModuleList(PlainBlock(graph, a, b, stride, i == 0) for i, (a, b, stride) in enumerate(rows))
        self.head = nn.Linear(widths[-1], config.classes)

    def forward(self, joints: Tensor) -> Tensor:
        """(N, T, V, C) -> logits (N, K)."""
        n, frames = joints.shape[:2]
        flat = self.data_bn(joints.permute(0, 2, 3, 1).reshape(n, -1, frames))
        x = flat.view(n, self.joints, self.channels, frames).permute(0, 2, 3, 1).contiguous()
        for block in self.blocks:
            x = block(x)
        return cast(Tensor, self.head(x.mean(dim=(2, 3))))


def counterparts(ours: STGCNpp) -> Iterator[tuple[str, list[str]]]:
    """Every parameter and statistic of ours by name with those of the plain network that, end to end, are the same."""
    temporal = {
        "enter": [f"branches.{j}.0" for j in range(6)],
        "enter_bn": [f"branches.{j}.1" for j in range(5)],
        **{f"dilated.{j}": [f"branches.{j}.3"] for j in range(4)},
        "merge_bn": ["merge.0"],
        "merge": ["merge.2"],
    }
    for name in ours.state_dict():
        stem, found, rest = name.partition(".tcn.")
        part, _, kind = rest.rpartition(".")
        yield name, [f"{stem}.tcn.{other}.{kind}" for other in temporal.get(part, [part])] if found else [name]


@torch.no_grad()
def copy_weights(ours: STGCNpp, plain: PlainNetwork) -> None:
    """Give the plain network the weights and statistics of ours."""
    state, theirs = ours.state_dict(), plain.state_dict()
    for name, others in counterparts(ours):
        values, targets = state[name], [theirs[other] for other in others]
        if values.dim():
            for target, part in zip(targets, torch.split(values, [len(target) for target in targets]), strict=True):
                target.copy_(part)
