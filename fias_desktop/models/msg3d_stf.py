"""MS-G3D, and the spatio-temporal focus (STF) built on it.

Z. Liu, H. Zhang, Z. Chen, Z. Wang, W. Ouyang: Disentangling and Unifying Graph Convolutions for Skeleton-Based Action
Recognition, CVPR 2020 (MS-G3D). L. Ke, K.-C. Peng, S. Lyu: Towards To-a-T Spatio-Temporal Focus for Skeleton-Based
Action Recognition, AAAI 2022 (STF); equation numbers are those of STF. Its losses are in `trainer/learn/focus.py`.

MS-G3D sums over K scales: the joints exactly k bones away and the joint itself, symmetrically normalised, plus a
trainable residual R_k. Each of its three blocks has two pathways that are added: joints of one sample at 13 scales and
two temporal convolutions; and joints of 3 and of 5 samples as one graph at 6 scales (the space-time graph: every joint
is tied to itself and its neighbours in every sample of the window). A temporal convolution follows.

Deliberate deviations from the official MS-G3D, none of which changes a number of the published network:

- one person per window, so there is no person axis;
- where the space-time pathway does not widen, it mixes channels before neighbours: samples that windows share are
  mixed once, and one matrix product sums over scales, samples and joints;
- the convolutions that enter a temporal convolution are one, as are the batch norms that leave it;
- channels lie last, and backward passes are those of models/cpu_ops.py;
- the first block widens at once for any number of input channels (the official one does so for 3);
- `width` shrinks every layer by the same rule; 96 is the published network.

STF (equation 1) is X' = sum_k W_k X (A_k + G_k), G_k = alpha(beta(X)). It leaves open where; here, by choice:

- the module sits in the first layer of the pathway of single samples, in the blocks that `focus` names (the published
  six modules cannot be told apart in the paper's figure; a graph of V joints is what alpha gives);
- K = 3, as there: the first three scales of that layer have a G_k;
- beta is three convolutions to one map (N, T, V) with a sigmoid, so that it can be what it is taught, a focus in 0..1;
- alpha is a convolution over time, a mean over it (so that no window length is built in), and a convolution to K V rows
  of V joints; its last layer starts at 0, so that a network starts as the MS-G3D it is tuned from.

Joints that are not known are 0 in the input, in every channel.

The published parameter counts are those for two persons, whose input norm has 2 V C parameters more.

Shapes: N windows, C channels, T frames, V joints, K scales (of heads: classes), W samples of a space-time window, J
places of one sample: V joints, or V K with their scales.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.skeleton import Skeleton
from fias_desktop.models import cpu_ops
from fias_desktop.models.contract import Batch, FeatureTensor, Output
from fias_desktop.models.graph import adjacency

DILATIONS = (1, 2, 3, 4)
BRANCHES = len(DILATIONS) + 2  # a max-pool and a plain branch beside the dilated convolutions
WINDOWS = (3, 5)
STAGES = ((1, 1), (2, 2), (4, 2))  # of each block the width, in units of `width`, and the stride
FOCUS_SCALES = 3  # K of equation 1
EMBEDDED = "focus"  # `Output.aux["focus<i>"]`: beta of the module in block i, (N, T', V)


@dataclass(frozen=True)
class MSG3DConfig:
    """`joints` V, `channels` C of the input (2: x, y; 3: and score), `classes` K, `width` of the first block (6
    divides it), `errors` E of the multi-label head beside the classes (0: none), `scales` of single samples and
    `space_time_scales` of windows, and `focus`: the blocks (0, 1, 2) that have an STF module, none in plain MS-G3D.
    ValueError when they do not fit each other."""

    joints: int
    channels: int
    classes: int
    width: int = 96
    errors: int = 0
    scales: int = 13
    space_time_scales: int = 6
    focus: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.width % BRANCHES:
            raise ValueError(f"a width of {self.width} does not divide into {BRANCHES} branches")
        if not set(self.focus) <= set(range(len(STAGES))) or (self.focus and self.scales < FOCUS_SCALES):
            raise ValueError(f"there is no focus in the blocks {self.focus} with {self.scales} scales")


def undirected_graph(skeleton: Skeleton) -> Tensor:
    """Float32 (V, V) with a one wherever a bone joins two joints."""
    bones = [pair for child, parent in skeleton.inward for pair in ((child, parent), (parent, child))]
    return adjacency(skeleton.num_joints, bones)


def disentangled(graph: Tensor, scales: int) -> Tensor:
    """Normalised adjacency of every scale (K, V, V): ones where exactly k steps away and at home, D^-1/2 A D^-1/2."""
    home = torch.eye(len(graph), dtype=torch.float64)
    step, within, each = (graph.double() + home).clamp(max=1), home, [home]
    for _ in range(scales - 1):
        further = (within @ step).clamp(max=1)
        each.append(further - within + home)
        within = further
    degree = torch.stack(each).sum(dim=2).rsqrt()
    return (degree[:, :, None] * torch.stack(each) * degree[:, None, :]).float()


def space_time_graph(graph: Tensor, window: int) -> Tensor:
    """The graph of a window's W V joints, sample slowest: itself and its neighbours in every sample, (W V, W V)."""
    return (graph + torch.eye(len(graph))).repeat(window, window)


class ScaleAdjacency(nn.Module):
    """The adjacency (K, V, V) of all scales: the skeleton's, and a trainable residual that starts near 0."""

    fixed: Tensor

    def __init__(self, graph: Tensor, scales: int) -> None:
        super().__init__()
        self.register_buffer("fixed", disentangled(graph, scales), persistent=False)
        self.residual = nn.Parameter(torch.empty_like(self.fixed).uniform_(-1e-6, 1e-6))

    def forward(self) -> Tensor:
        """(K, V receiving, V heard)."""
        return self.fixed + self.residual


class FocusModule(nn.Module):
    """STF module: what of the input matters, beta (N, T, V) in 0..1, and the adjacency that follows, (N, K, V, V)."""

    def __init__(self, joints: int, channels: int, inner: int) -> None:
        super().__init__()
        self.joints = joints
        self.beta = nn.Sequential(
            nn.Conv2d(channels, inner, 1),
            nn.ReLU(),
            nn.Conv2d(inner, inner, (3, 1), padding=(1, 0)),
            nn.ReLU(),
            nn.Conv2d(inner, 1, 1),
            nn.Sigmoid(),
        )
        self.over_time = nn.Conv2d(1, inner, (3, 1), padding=(1, 0))
        self.to_rows = nn.Conv1d(inner, FOCUS_SCALES * joints, 1)
        nn.init.zeros_(self.to_rows.weight)
        nn.init.zeros_(cast(Tensor, self.to_rows.bias))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(N, C, T, V) -> beta (N, T, V) and G (N, K, V receiving, V heard)."""
        embedded: Tensor = self.beta(x)
        heard = F.relu(self.over_time(embedded)).mean(dim=2)
        return embedded[:, 0], self.to_rows(heard).view(-1, FOCUS_SCALES, self.joints, self.joints)


def listened(x: Tensor, scales: Tensor) -> Tensor:
    """What every joint hears at every scale: (N, C, T, V) with (K, V, V) or (N, K, V, V) -> (N, K C, T, V).

    Scale slowest among channels; one matrix product for all scales.
    """
    n, channels, frames, joints = x.shape
    count = scales.shape[-3]
    weight = scales.transpose(-3, -2).flatten(-3, -2)
    rows = x.permute(0, 2, 3, 1)
    if weight.dim() == 2:
        heard = cpu_ops.neighbours(rows.reshape(n * frames, joints, channels), weight)
    else:
        heard = torch.matmul(weight[:, None], rows)
    return heard.view(n, frames, joints, count * channels).permute(0, 3, 1, 2)


class SpatialConv(nn.Module):
    """Multi-scale graph convolution of single samples: neighbours at every scale, then one mix of their channels."""

    def __init__(self, graph: Tensor, channels: int, out: int, scales: int, focus: bool) -> None:
        super().__init__()
        self.scales = ScaleAdjacency(graph, scales)
        self.mix = nn.Conv2d(scales * channels, out, 1)
        self.bn = nn.BatchNorm2d(out)
        self.focus = FocusModule(len(graph), channels, max(out // 8, 8)) if focus else None

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """(N, C, T, V) -> (N, C', T, V), and beta (N, T, V) where there is a focus module."""
        scales, embedded = self.scales(), None
        if self.focus is not None:
            embedded, instance = self.focus(x)
            rest = instance.new_zeros(x.shape[0], len(scales) - FOCUS_SCALES, *scales.shape[1:])
            scales = scales + torch.cat([instance, rest], dim=1)
        mixed = cpu_ops.pointwise(self.mix, listened(x, scales), self.training)
        return F.relu_(self.bn(mixed)), embedded


class SpaceTimeConv(nn.Module):
    """Multi-scale graph convolution of windows of W samples (G3D), which are then folded into one sample each."""

    def __init__(self, graph: Tensor, channels: int, inner: int, out: int, scales: int, window: int) -> None:
        super().__init__()
        self.window = window
        self.scales = ScaleAdjacency(space_time_graph(graph, window), scales)
        self.mix = nn.Conv2d(scales * channels, inner, 1)
        self.mix_bn = nn.BatchNorm2d(inner)
        self.fold = nn.Conv2d(window * inner, out, 1)
        self.bn = nn.BatchNorm2d(out)

    def forward(self, x: Tensor, stride: int) -> Tensor:
        """(N, C, T, V) -> (N, C', T/stride, V), without an activation at the end."""
        n, channels, frames, joints = x.shape
        inner, count = self.mix_bn.num_features, (frames - 1) // stride + 1
        first = self._neighbours_first if inner > channels else self._channels_first
        rows = first(F.pad(x.permute(0, 2, 3, 1), (0, 0, 0, 0, self.window // 2, self.window // 2)), stride)
        mixed = F.relu_(self.mix_bn(rows.view(n, count, joints * self.window, inner).permute(0, 3, 1, 2)))
        folded = mixed.permute(0, 2, 3, 1).reshape(n, count, joints, self.window * inner).permute(0, 3, 1, 2)
        return cast(Tensor, self.bn(cpu_ops.pointwise(self.fold, folded, self.training)))

    def _adjacency(self, joints: int) -> Tensor:
        """(receiving joint, receiving sample, scale, heard sample, heard joint): a window's samples are neighbours."""
        scales: Tensor = self.scales()
        return scales.view(-1, self.window, joints, self.window, joints).permute(2, 1, 0, 3, 4)

    def _channels_first(self, x: Tensor, stride: int) -> Tensor:
        """Mix the channels of every sample for every scale, then sum over scales, samples and joints at once."""
        joints, channels, inner = x.shape[2], x.shape[3], self.mix_bn.num_features
        weight = self.mix.weight.view(inner, -1, channels).transpose(0, 1).reshape(-1, channels)
        rows = self._windows(F.linear(x, weight).view(*x.shape[:2], -1, inner), stride)
        adjacency = self._adjacency(joints).permute(0, 1, 3, 4, 2).reshape(joints * self.window, -1)
        heard = cpu_ops.neighbours(rows, adjacency)
        return heard + cast(Tensor, self.mix.bias).to(heard)

    def _neighbours_first(self, x: Tensor, stride: int) -> Tensor:
        """The same sum in the other order: less to do where there are more channels afterwards.

        Few channels make thin matrices, so that here all windows are the rows of one product.
        """
        joints, channels = x.shape[2:]
        rows = self._windows(x, stride)
        adjacency = self._adjacency(joints).reshape(-1, self.window * joints)
        heard = F.linear(rows.transpose(1, 2).reshape(-1, self.window * joints), adjacency)
        beside = heard.view(rows.shape[0], channels, joints * self.window, -1).permute(0, 2, 3, 1).flatten(2)
        return F.linear(beside, self.mix.weight.flatten(1), self.mix.bias)

    def _windows(self, x: Tensor, stride: int) -> Tensor:
        """Every window of padded samples (N, T, J, C) as rows (N T', W J, C)."""
        last = x.shape[1] - self.window + 1
        windows = torch.stack([x[:, start : start + last : stride] for start in range(self.window)], dim=2)
        return windows.view(-1, self.window * x.shape[2], x.shape[3])


class TemporalConv(nn.Module):
    """Multi-scale temporal convolution with a residual: four dilated of length 3, a max-pool of 3, a plain branch."""

    def __init__(self, channels: int, out: int, stride: int = 1, activated: bool = True) -> None:
        super().__init__()
        self.stride, self.activated, self.branch = stride, activated, out // BRANCHES
        self.enter = nn.Conv2d(channels, out, 1)
        self.enter_bn = nn.BatchNorm2d(out - self.branch)  # the plain branch has none here
        self.dilated = nn.ModuleList(
            nn.Conv2d(self.branch, self.branch, (3, 1), (stride, 1), (dilation, 0), (dilation, 1))
            for dilation in DILATIONS
        )
        self.bn = nn.BatchNorm2d(out)
        self.residual: nn.Module = nn.Identity()
        if channels != out or stride != 1:
            self.residual = nn.Sequential(nn.Conv2d(channels, out, 1, (stride, 1)), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T/stride, V)."""
        inside = cpu_ops.pointwise(self.enter, x, self.training)
        entered, plain = torch.split(inside, [self.enter_bn.num_features, self.branch], dim=1)
        parts = torch.split(F.relu_(self.enter_bn(entered)), self.branch, dim=1)
        branches = [
            cpu_ops.temporal(cast(nn.Conv2d, conv), part, self.training)
            for conv, part in zip(self.dilated, parts, strict=False)
        ]
        branches.append(F.max_pool2d(parts[-1], (3, 1), (self.stride, 1), (1, 0)))
        branches.append(plain[:, :, :: self.stride])
        summed = self.bn(torch.cat(branches, dim=1)) + self._around(x)
        return F.relu_(summed) if self.activated else summed

    def _around(self, x: Tensor) -> Tensor:
        if isinstance(self.residual, nn.Identity):
            return x
        conv, norm = cast(nn.Sequential, self.residual)
        return cast(Tensor, norm(cpu_ops.pointwise(cast(nn.Conv2d, conv), x, self.training)))


class Block(nn.Module):
    """The two pathways added, ReLU, a temporal convolution."""

    def __init__(self, graph: Tensor, config: MSG3DConfig, index: int) -> None:
        super().__init__()
        (before, _), (stage, self.stride) = STAGES[max(index - 1, 0)], STAGES[index]
        inner, out, stride = before * config.width, stage * config.width, self.stride
        channels = inner if index else config.channels
        self.spatial = SpatialConv(graph, channels, inner, config.scales, index in config.focus)
        self.moved = nn.Sequential(TemporalConv(inner, out, stride), TemporalConv(out, out, activated=False))
        self.space_time = nn.ModuleList(
            SpaceTimeConv(graph, channels, inner, out, config.space_time_scales, window) for window in WINDOWS
        )
        self.tcn = TemporalConv(out, out)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """(N, C, T, V) -> the pathways' sum and the block's output (N, C', T/stride, V), and beta (N, T, V) or None."""
        spatial, embedded = self.spatial(x)
        summed = self.moved(spatial)
        for windows in self.space_time:
            summed = summed + windows(x, self.stride)
        graphs = F.relu_(summed)
        return graphs, self.tcn(graphs), embedded


class MSG3D(nn.Module):
    """Input normalisation, three blocks, mean over frames and joints, linear head."""

    def __init__(self, config: MSG3DConfig, graph: Tensor) -> None:
        """`graph` is the skeleton's `undirected_graph`."""
        super().__init__()
        self.config = config
        self.data_bn = nn.BatchNorm1d(config.joints * config.channels)
        self.blocks = nn.ModuleList(Block(graph, config, index) for index in range(len(STAGES)))
        out = config.width * STAGES[-1][0]
        self.head = nn.Linear(out, config.classes)
        self.error_head = nn.Linear(out, config.errors) if config.errors else None

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K), the features `block0_gcn`, `block0`, ... `block2`, and in `aux` beta of every focus module."""
        x = self.normalised(batch.joints)
        features: list[FeatureTensor] = []
        aux: dict[str, Tensor] = {}
        for i, block in enumerate(self.blocks):
            graphs, x, embedded = block(x)
            features += [FeatureTensor(f"block{i}_gcn", graphs), FeatureTensor(f"block{i}", x)]
            if embedded is not None:
                aux[f"{EMBEDDED}{i}"] = embedded
        pooled = x.mean(dim=(2, 3))
        errors = None if self.error_head is None else self.error_head(pooled)
        answer = self.head(pooled)
        return Output(answer, tuple(features), self.head.weight, aux=aux, error_logits=errors, pooled=pooled)

    def normalised(self, joints: Tensor) -> Tensor:
        """(N, T, V, C) -> (N, C, T, V), each joint and channel with its own batch statistics."""
        n, frames, count, channels = joints.shape
        flat = self.data_bn(joints.reshape(n * frames, count * channels))
        x: Tensor = flat.view(n, frames, count, channels).permute(0, 3, 1, 2)
        return x.contiguous(memory_format=torch.channels_last)


def loss(output: Output, batch: Batch, smoothing: float = 0.0) -> Tensor:
    """L_ce of equation 6, the cross-entropy of a batch with targets; ValueError without them."""
    if batch.target is None:
        raise ValueError("the loss needs targets")
    return F.cross_entropy(output.logits, batch.target, label_smoothing=smoothing)
