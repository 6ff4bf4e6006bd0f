"""ST-GCN++, the recogniser of FIAS.

H. Duan, J. Wang, K. Chen, D. Lin: PYSKL: Towards Good Practices for Skeleton Action Recognition,
ACM MM 2022.
The categorical loss is that of the FIAS paper: cross-entropy over the fine classes and, weighted, over their groups.

Deliberate deviations from the official network, none of which changes a number:

- one person per window, so there is no person axis;
- the six temporal branches are entered by one pointwise convolution instead of six (the same weights, side by side);
- channels lie last, and the backward passes are those of models/cpu_ops.py; a graph convolution that widens mixes
  neighbours first while training (the sums are the same);
- `width` shrinks every layer by the same rule, for machines without a GPU; 64 is the published network.

Joints that are not known are 0 in the input, in every channel.

Shapes: N windows, C channels, T frames, V joints, K classes, G groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.models import cpu_ops
from fias_desktop.models.contract import Batch, FeatureTensor, Output

DILATIONS = (1, 2, 3, 4)
BRANCHES = len(DILATIONS) + 2  # a max-pool and a plain branch beside the dilated convolutions
STAGES = (1, 1, 1, 1, 2, 2, 2, 4, 4, 4)  # width of each block, in units of `width`
STAGES_OF = {6: (1, 1, 2, 2, 4, 4), len(STAGES): STAGES}  # by the number of blocks; six are for reduced recipes
PARTS = ("_gcn", "_tcn", "")  # the three feature maps of a block: after its graph, its temporal convolution, its end


@dataclass(frozen=True)
class STGCNppConfig:
    """`joints` V, `channels` C of the input (2: x, y; 3: and score), `classes` K, `width` of the first block,
    `errors` E of the multi-label head beside the classes (0: none), `stages` the width of each block in units of
    `width`: a block wider than the one before it halves the frames."""

    joints: int
    channels: int
    classes: int
    width: int = 64
    errors: int = 0
    stages: tuple[int, ...] = STAGES


def branch_widths(channels: int) -> tuple[int, ...]:
    """How many channels each of the six temporal branches has: equal shares, the remainder on the first."""
    share = channels // BRANCHES
    return (channels - share * (BRANCHES - 1), *(share,) * (BRANCHES - 1))


class GraphConv(nn.Module):
    """Spatial graph convolution with a trainable adjacency (3, V, V): features first, then their neighbours."""

    def __init__(self, graph: Tensor, channels: int, out: int) -> None:
        super().__init__()
        self.adjacency = nn.Parameter(graph.clone())
        self.conv = nn.Conv2d(channels, len(graph) * out, 1)
        self.bn = nn.BatchNorm2d(out)
        self.down = (
            nn.Identity() if channels == out else nn.Sequential(nn.Conv2d(channels, out, 1), nn.BatchNorm2d(out))
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T, V)."""
        widens = self.bn.num_features > x.shape[1]
        mixed = self._widened(x) if widens and cpu_ops.quick(x) else self._mixed(x)
        return F.relu_(self.bn(mixed) + normed(self.down, x))

    def _mixed(self, x: Tensor) -> Tensor:
        return aggregate(cpu_ops.pointwise(self.conv, x), self.adjacency)

    def _widened(self, x: Tensor) -> Tensor:
        """The same sum in the other order, neighbours first: less to do where there are more channels afterwards."""
        subsets, out, channels = len(self.adjacency), self.bn.num_features, x.shape[1]
        weight = self.conv.weight.view(subsets, out, channels).transpose(0, 1).reshape(out, subsets * channels, 1, 1)
        bias = torch.einsum("kvw,kc->cw", self.adjacency, cast(Tensor, self.conv.bias).view(subsets, out))
        mixed = cpu_ops.pointwise_weights(neighbours(x, self.adjacency), weight)
        return mixed + bias[:, None].to(mixed.dtype)


def normed(layers: nn.Module, x: Tensor) -> Tensor:
    """Nothing, or a pointwise convolution and its batch norm: the residual connections."""
    if isinstance(layers, nn.Identity):
        return x
    conv, norm = cast(nn.Sequential, layers)
    return cast(Tensor, norm(cpu_ops.pointwise(cast(nn.Conv2d, conv), x, normed=norm.training)))


def neighbours(x: Tensor, adjacency: Tensor) -> Tensor:
    """What every joint hears of its neighbours: (N, C, T, V) with (K, V, V) -> (N, K C, T, V), subset slowest."""
    n, channels, frames, joints = x.shape
    subsets = len(adjacency)
    weight = adjacency.permute(2, 0, 1).reshape(joints * subsets, joints)
    heard = cpu_ops.neighbours(x.permute(0, 2, 3, 1).reshape(n * frames, joints, channels), weight)
    return heard.view(n, frames, joints, subsets * channels).permute(0, 3, 1, 2)


def aggregate(features: Tensor, adjacency: Tensor) -> Tensor:
    """Sum over subsets k and joints v: (N, 3C, T, V), subset slowest, with (3, V, V) -> (N, C, T, V).

    Written as one matrix product over (v, k) with channels last, which needs no copy of channels-last features.
    """
    n, channels, frames, joints = features.shape
    subsets = len(adjacency)
    stacked = features.permute(0, 2, 3, 1).reshape(n * frames, joints * subsets, channels // subsets)
    weight = adjacency.permute(2, 1, 0).reshape(joints, joints * subsets)
    mixed = cpu_ops.neighbours(stacked, weight)
    return mixed.view(n, frames, joints, channels // subsets).permute(0, 3, 1, 2)


class TemporalConv(nn.Module):
    """Multi-scale temporal convolution: four dilated convolutions of length 3, a max-pool of 3 and a plain branch."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.widths = branch_widths(channels)
        self.enter = nn.Conv2d(channels, channels, 1)
        self.enter_bn = nn.BatchNorm2d(channels - self.widths[-1])  # the plain branch has none
        self.dilated = nn.ModuleList(
            nn.Conv2d(width, width, (3, 1), (stride, 1), (dilation, 0), (dilation, 1))
            for width, dilation in zip(self.widths, DILATIONS, strict=False)
        )
        self.merge_bn = nn.BatchNorm2d(channels)
        self.merge = nn.Conv2d(channels, channels, 1)
        self.bn = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C, T/stride, V), without an activation at the end."""
        inside = cpu_ops.pointwise(self.enter, x, self.training)
        entered, plain = torch.split(inside, [sum(self.widths[:-1]), self.widths[-1]], dim=1)
        parts = torch.split(F.relu_(self.enter_bn(entered)), list(self.widths[:-1]), dim=1)
        branches = [
            cpu_ops.temporal(cast(nn.Conv2d, conv), part, self.training)
            for conv, part in zip(self.dilated, parts, strict=False)
        ]
        branches.append(F.max_pool2d(parts[-1], (3, 1), (self.stride, 1), (1, 0)))
        branches.append(plain[:, :, :: self.stride])
        merged = F.relu_(self.merge_bn(torch.cat(branches, dim=1)))
        return cast(Tensor, self.bn(cpu_ops.pointwise(self.merge, merged, self.training)))


class Block(nn.Module):
    """Graph convolution, temporal convolution, residual, ReLU. The first block has no residual of its own."""

    def __init__(self, graph: Tensor, channels: int, out: int, stride: int, first: bool) -> None:
        super().__init__()
        self.gcn = GraphConv(graph, channels, out)
        self.tcn = TemporalConv(out, stride)
        self.first = first
        same = channels == out and stride == 1
        self.residual: nn.Module = nn.Identity()
        if not first and not same:
            self.residual = nn.Sequential(nn.Conv2d(channels, out, 1, (stride, 1)), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, C, T, V) -> outputs of the graph and the temporal convolution and of the block, (N, C', T/stride, V)."""
        spatial = self.gcn(x)
        temporal = self.tcn(spatial)
        return spatial, temporal, F.relu(temporal) if self.first else F.relu_(temporal + normed(self.residual, x))


class STGCNpp(nn.Module):
    """Input normalisation, ten blocks, mean over frames and joints, linear head."""

    def __init__(self, config: STGCNppConfig, graph: Tensor) -> None:
        super().__init__()
        self.config = config
        self.data_bn = nn.BatchNorm1d(config.joints * config.channels)
        widths = [config.width * stage for stage in config.stages]
        inputs = [config.channels, *widths[:-1]]
        strides = [1] + [1 + (now > before) for before, now in pairwise(config.stages)]
        self.blocks = nn.ModuleList(
            Block(graph, before, now, stride, first=i == 0)
            for i, (before, now, stride) in enumerate(zip(inputs, widths, strides, strict=True))
        )
        self.head = nn.Linear(widths[-1], config.classes)
        nn.init.normal_(self.head.weight, 0.0, 0.01)
        nn.init.zeros_(self.head.bias)
        self.error_head = nn.Linear(widths[-1], config.errors) if config.errors else None

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K) and the features of every block, `block0_gcn`, `block0_tcn`, `block0`, ... `block9`."""
        x = self.normalised(batch.joints)
        features: list[FeatureTensor] = []
        for i, block in enumerate(self.blocks):
            outputs = block(x)
            features += [FeatureTensor(f"block{i}{part}", y) for part, y in zip(PARTS, outputs, strict=True)]
            x = outputs[-1]
        pooled = x.mean(dim=(2, 3))
        errors = None if self.error_head is None else self.error_head(pooled)
        return Output(self.head(pooled), tuple(features), self.head.weight, error_logits=errors, pooled=pooled)

    def normalised(self, joints: Tensor) -> Tensor:
        """(N, T, V, C) -> (N, C, T, V), each joint and channel with its own batch statistics."""
        n, frames, count, channels = joints.shape
        flat = self.data_bn(joints.reshape(n * frames, count * channels))
        x: Tensor = flat.view(n, frames, count, channels).permute(0, 3, 1, 2)
        return x.contiguous(memory_format=torch.channels_last)


def categorical_loss(logits: Tensor, target: Tensor, groups: Tensor, weight: float, smoothing: float = 0.0) -> Tensor:
    """Cross-entropy over fine classes plus `weight` times the one over groups (FIAS, categorical loss).

    `logits` (N, K), `target` int64 (N,), `groups` int64 (K,): the group of every class. The probability of a group is
    the sum of its classes' probabilities.
    """
    fine = F.cross_entropy(logits, target, label_smoothing=smoothing)
    if not weight:
        return fine
    log_probs = logits.log_softmax(dim=1)
    per_group = [log_probs[:, groups == g].logsumexp(dim=1) for g in range(int(groups.max()) + 1)]
    return fine + weight * F.nll_loss(torch.stack(per_group, dim=1), groups[target])


def error_loss(logits: Tensor, severity: Tensor, active: Tensor) -> Tensor:
    """Mean binary cross-entropy of the multi-label head: logits (N, E) against severities (N, E) above 0.

    NaN severities are not known and rows that are not `active` bool (N,) show no exercise: neither counts.
    """
    counts = active[:, None] & severity.isfinite()
    target = (severity > 0).to(logits.dtype)
    each = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (each * counts).sum() / counts.sum().clamp(min=1)


def loss(output: Output, batch: Batch, groups: Tensor, weight: float = 2.0, smoothing: float = 0.0) -> Tensor:
    """The categorical loss of a batch with targets; ValueError without them."""
    if batch.target is None:
        raise ValueError("the loss needs targets")
    return categorical_loss(output.logits, batch.target, groups, weight, smoothing)
