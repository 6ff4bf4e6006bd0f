"""The Feature Map Decoder: what a layer of Res-TCN holds, as a moving skeleton.

J. Hou, T. S. Kim, A. Reiter: Train, Diagnose and Fix: Interpretable Approach for Fine-grained Action Recognition, 2017,
section 4.1. X_l (N_l, T_l) is the residual sum of layer l, before any batch norm; layer 1 is the first convolution.

    W^_1(i) = (w_1(i)(f/2) + w_1(i)(f/2 + 1)) / 2      a first-layer filter, compressed into one sample          (6)
    x^_l(t) = sum_i W^_1(i) x_l(i)(t)                  the decoded skeleton, within the first block             (7)
    X_l = W~_l X_(l-1) + W_l * ReLU(X_(l-1))           layers s at which a block begins: 5 and 8              (8), (9)
    x'_l(t) = sum_i W^_s(i) (x_l(i)(t) - x_s(i)(t)) + W~_s(i) x_s(i)(t)     back by one block               (10)

A layer of a later block goes back block by block: (10) with that block's first layer s, then up-sampled to the block
before, and so on to (7). For l = s equation 10 is the transpose of the shortcut alone, W~_s(i) x_s(i).

Counted from 0, a filter of length 8 keeps its taps 3 and 4. With "same" padding these saw samples t and t + 1: what is
decoded at t stands for t + 1/2. A filter of odd length keeps its middle tap, one of length 1 its only one.

The compact layout. Its first convolution has length 1, so that (6) compresses nothing and a primitive is a posture
instead of a motion; and each of its three units halves the samples, so that each is a block of its own (s = 2, 3, 4).
Such a block has no later layers whose additions x_l - x_s could be told apart, so that equation 10 keeps its second
term only: X_l is decoded through the transposes of the shortcuts of layers l to 2, up-sampled at each.

Up-sampling, which the article leaves open, is linear, each sample standing for the middle of the pair it came from.
Biases are left where they are: the article writes its layers without them, and in the decoded sequence they add one
constant posture. "The mean skeleton is added back" is here the inverse of the input's batch norm.

Decoding is a transpose, not an inverse: directions come back, sizes do not, unless the first filters are orthonormal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from fias_desktop.models.res_tcn import ResTCN, SameConv, Unit, scale_of

_TINY = 1e-6  # a channel that the batch norm has all but switched off has no way back


@dataclass(frozen=True, eq=False)
class Hidden:
    """The hidden representations of N windows: `layers[l - 1]` is X_l, float32 (N, N_l, T_l), for l = 1 to L."""

    layers: tuple[Tensor, ...]

    def at(self, layer: int) -> Tensor:
        """X_l by the article's count; ValueError when there is no such layer."""
        if not 1 <= layer <= len(self.layers):
            raise ValueError(f"there are layers 1 to {len(self.layers)}, not {layer}")
        return self.layers[layer - 1]


@torch.no_grad()
def hidden(network: ResTCN, joints: Tensor) -> Hidden:
    """All X_l of windows (N, T, V, C), the network in evaluation mode."""
    network.eval()
    x = network.entry(network.data_bn(joints.flatten(2).transpose(1, 2)))
    layers = [x]
    for unit in network.units:
        x, _ = unit(x)
        layers.append(x)
    return Hidden(tuple(layers))


@torch.no_grad()
def decode(network: ResTCN, seen: Hidden, layer: int) -> Tensor:
    """X_l of N windows as skeletons: float32 (N, T, V, C), in the windows' own units (equations 6 to 10)."""
    return denormalised(network, decoded(network, seen, layer))


@torch.no_grad()
def decoded(network: ResTCN, seen: Hidden, layer: int) -> Tensor:
    """The same before the mean skeleton is added back: (N, V C, T), in units of the input's batch norm."""
    values = seen.at(layer)
    for start in range(layer, 1, -1):
        unit = cast(Unit, network.units[start - 2])
        if unit.shortcut is not None:
            first = seen.at(start) if _has_later_layers(network, start) else values
            values = upsampled(retrieved(unit, values, first), seen.at(start - 1).shape[-1])
    return torch.einsum("id,nit->ndt", compressed(network.entry), values)


def _has_later_layers(network: ResTCN, start: int) -> bool:
    """Whether the block that layer `start` begins has further layers."""
    units = list(network.units)
    return start - 1 < len(units) and cast(Unit, units[start - 1]).shortcut is None


def retrieved(unit: Unit, values: Tensor, first: Tensor) -> Tensor:
    """Equation 10: `values` (N, N_s, T) of a layer of the block that `unit` begins, and X_s itself (`first`), as
    channels of the block before, (N, N_(s-1), T)."""
    assert unit.shortcut is not None  # where a block begins
    through = torch.einsum("io,nit->not", compressed(unit.conv), values - first)
    return through + torch.einsum("io,nit->not", compressed(unit.shortcut), first)


def compressed(conv: SameConv) -> Tensor:
    """Equation 6: every filter as one sample, (filters, channels), the mean of its inner two taps; of an odd length the
    middle one."""
    length = conv.kernel_size[0]
    return conv.weight[:, :, (length - 1) // 2 : length // 2 + 1].mean(dim=2)


def upsampled(values: Tensor, length: int) -> Tensor:
    """(N, D, T) -> (N, D, length), linear in time; as they are where the length is right already."""
    if values.shape[-1] == length:
        return values
    return F.interpolate(values, size=length, mode="linear", align_corners=False)


def denormalised(network: ResTCN, values: Tensor) -> Tensor:
    """Values (N, V C, T) in units of the input's batch norm as windows (N, T, V, C): the mean skeleton added back."""
    norm, config = network.data_bn, network.config
    scale, mean = scale_of(norm), cast(Tensor, norm.running_mean)
    inverse = torch.where(scale.abs() > _TINY, 1 / scale, torch.zeros_like(scale))
    joints = (values - norm.bias[:, None]) * inverse[:, None] + mean[:, None]
    return joints.transpose(1, 2).reshape(len(values), -1, config.joints, config.channels)


@torch.no_grad()
def primitives(network: ResTCN) -> Tensor:
    """The first filters as moving skeletons around the mean one: float32 (filters, taps, V, C), each scaled so that its
    largest value is one standard deviation of its channel.

    Where they have length 1 they are postures; there the filters of the first unit are shown instead, its gates
    multiplied with those postures and with the scale of the batch norm between (its ReLU is left out).
    """
    filters = network.entry.weight
    if network.config.layout.entry == 1:
        unit = cast(Unit, network.units[0])
        gates = unit.conv.weight * scale_of(unit.bn)[None, :, None]
        filters = torch.einsum("oik,id->odk", gates, compressed(network.entry))
    size = filters.abs().amax(dim=(1, 2), keepdim=True).clamp_min(_TINY)
    return denormalised(network, filters / size + network.data_bn.bias[:, None])
