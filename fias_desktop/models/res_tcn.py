"""Res-TCN, the temporal convolutional network of Train, Diagnose and Fix.

T. S. Kim, A. Reiter: Interpretable 3D Human Action Analysis with Temporal Convolutional Networks, CVPR Workshops 2017,
equations 1 to 4: X_1 = W_1 * X_0, X_l = X_(l-1) + W_l * ReLU(X_(l-1)), and a mean over time before the classes.

All joints of a sample are channels of one signal, so that every filter has weights of its own for every joint and sees,
for instance, how far the knees are apart. There is no map over joints: answers are explained by input x gradient.

Deliberate deviations:

- the input is normalised by a batch norm, with statistics for every joint and channel;
- `COMPACT` is the layout for one person before a camera: three units of kernel 5, each halving the samples, after an
  entry that mixes the joints of one sample; `PUBLISHED` is the network of the article;
- weight decay stands for the article's L1 penalty.

Shapes: N windows, C channels, T samples, V joints, K classes, D channels inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.model_card import INPUT_X_GRADIENT
from fias_desktop.models.contract import Batch, FeatureTensor, Output


@dataclass(frozen=True)
class Layout:
    """`units` as (width in units of the first convolution's, stride), the length of their kernels and of the first
    convolution's (`entry`), and the share of activations dropped while training."""

    units: tuple[tuple[int, int], ...]
    kernel: int
    entry: int
    dropout: float


PUBLISHED = Layout(((1, 1), (1, 1), (1, 1), (2, 2), (2, 1), (2, 1), (4, 2), (4, 1), (4, 1)), 8, 8, 0.5)
COMPACT = Layout(((1, 2), (1, 2), (1, 2)), 5, 1, 0.0)
LAYOUTS = {len(layout.units): layout for layout in (PUBLISHED, COMPACT)}  # by the number of units


@dataclass(frozen=True)
class ResTCNConfig:
    """`joints` V, `channels` C of the input (2: x, y; 3: and score), `classes` K, `errors` E of the multi-label head
    beside the classes (0: none), `width` of the first convolution. `explained`: answers come with the gradient of every
    class by the input, which costs K backward passes; only in evaluation mode."""

    joints: int
    channels: int
    classes: int
    width: int = 64
    errors: int = 0
    layout: Layout = PUBLISHED
    explained: bool = False


class SameConv(nn.Conv1d):
    """A convolution whose padding keeps the length (over the stride); an odd rest goes to the end."""

    def __init__(self, channels: int, out: int, kernel: int, stride: int = 1) -> None:
        super().__init__(channels, out, kernel, stride)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T) -> (N, C', T/stride)."""
        return super().forward(F.pad(x, self._pads(x.shape[-1])))

    def gradient_of(self, gradient: Tensor, length: int) -> Tensor:
        """The gradient (N, C, T) of the input of `length` T from that of the output, (N, C', T/stride)."""
        before, after = self._pads(length)
        whole = F.conv_transpose1d(gradient, self.weight, stride=self.stride)
        missing = before + length + after - whole.shape[-1]  # the end that no output has seen
        return F.pad(whole, (0, missing))[..., before : before + length]

    def _pads(self, length: int) -> tuple[int, int]:
        step, kernel = self.stride[0], self.kernel_size[0]
        wanted = max((-(-length // step) - 1) * step + kernel - length, 0)
        return wanted // 2, wanted - wanted // 2


class Unit(nn.Module):
    """Batch norm, ReLU, dropout and a convolution, added to what came in (equation 4)."""

    def __init__(self, channels: int, out: int, layout: Layout, stride: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm1d(channels)
        self.conv = SameConv(channels, out, layout.kernel, stride)
        self.dropout = layout.dropout
        same = channels == out and stride == 1
        self.shortcut = None if same else SameConv(channels, out, 1, stride)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(N, D, T) -> (N, D', T/stride), and the activations (N, D, T) that the convolution saw."""
        seen = F.relu(self.bn(x))
        mapped = self.conv(F.dropout(seen, self.dropout, self.training))
        return mapped + (x if self.shortcut is None else self.shortcut(x)), seen

    def backward_of(self, gradient: Tensor, seen: Tensor) -> Tensor:
        """The gradient (N, K, D, T) of the input of the unit from that of its output (N, K, D', T/stride)."""
        windows, channels, length = seen.shape
        rows = gradient.flatten(0, 1)
        through = self.conv.gradient_of(rows, length).view(windows, -1, channels, length)
        around = rows if self.shortcut is None else self.shortcut.gradient_of(rows, length)
        return through * slope(self.bn, seen)[:, None] + around.view(windows, -1, channels, length)


class ResTCN(nn.Module):
    """Input normalisation, a convolution, residual units, mean over time, linear head."""

    def __init__(self, config: ResTCNConfig) -> None:
        super().__init__()
        self.config = config
        layout = config.layout
        widths = [config.width, *(config.width * times for times, _ in layout.units)]
        self.data_bn = nn.BatchNorm1d(config.joints * config.channels)
        self.entry = SameConv(config.joints * config.channels, config.width, layout.entry)
        self.units = nn.ModuleList(
            Unit(before, now, layout, stride)
            for (before, now), (_, stride) in zip(pairwise(widths), layout.units, strict=True)
        )
        self.bn = nn.BatchNorm1d(widths[-1])
        self.head = nn.Linear(widths[-1], config.classes)
        self.error_head = nn.Linear(widths[-1], config.errors) if config.errors else None

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K) and, where the configuration asks for it, what explains them: see `with_input`."""
        signal = self.data_bn(batch.joints.flatten(2).transpose(1, 2))
        x, seen = self.entry(signal), []
        for unit in self.units:
            x, activations = unit(x)
            seen.append(activations)
        last = F.relu(self.bn(x))
        pooled = last.mean(dim=2)
        errors = None if self.error_head is None else self.error_head(pooled)
        if self.training or not self.config.explained:
            return Output(self.head(pooled), (), error_logits=errors, pooled=pooled)
        explained = with_input(self.gradients(batch.joints.shape[1], seen, last), batch.joints)
        identity = torch.eye(self.config.classes, device=last.device, dtype=last.dtype)
        return Output(self.head(pooled), (explained,), identity, error_logits=errors, pooled=pooled)

    def gradients(self, frames: int, seen: list[Tensor], last: Tensor) -> Tensor:
        """The gradient of every logit by the input, (N, K, V C, T). Written out instead of left to autograd, so that
        the exported graph holds it too."""
        gradient = (self.head.weight / last.shape[-1])[None, :, :, None] * slope(self.bn, last)[:, None]
        for unit, activations in zip(reversed(self.units), reversed(seen), strict=True):
            gradient = cast(Unit, unit).backward_of(gradient, activations)
        at_norm = self.entry.gradient_of(gradient.flatten(0, 1), frames)
        at_input = at_norm * scale_of(self.data_bn)[:, None]
        return at_input.view(*gradient.shape[:2], -1, frames)


def with_input(gradients: Tensor, joints: Tensor) -> FeatureTensor:
    """What `stages.explain` needs of a network without a map over joints, (N, (K + 1) C, T, V): the gradient of every
    class by the input, from (N, K, V C, T), class slowest, and after them the input itself, from (N, T, V, C)."""
    by_class = gradients.view(*gradients.shape[:2], *joints.shape[2:], -1).permute(0, 1, 3, 4, 2)
    values = torch.cat([by_class, joints.permute(0, 3, 1, 2)[:, None]], dim=1)
    return FeatureTensor(INPUT_X_GRADIENT, values.flatten(1, 2))


def slope(norm: nn.BatchNorm1d, seen: Tensor) -> Tensor:
    """The derivative (N, D, T) of ReLU(batch norm) by its input, from what it gave; the norm in evaluation mode."""
    return seen.gt(0) * scale_of(norm)[:, None]


def scale_of(norm: nn.BatchNorm1d) -> Tensor:
    """What a batch norm in evaluation mode multiplies each channel by, (D,)."""
    return norm.weight / torch.sqrt(cast(Tensor, norm.running_var) + norm.eps)
