"""I3D, the visual backbone of video-pose networks: Inception-v1 inflated to three dimensions, on RGB.

J. Carreira, A. Zisserman: Quo Vadis, Action Recognition? A New Model and the Kinetics Dataset, CVPR 2017, figure 3.

Layers carry the published endpoint names. Padding is TensorFlow's `same`: ceil(length / stride) outputs, an odd rest of
the padding at the end. Weights that others trained on large collections are not bundled; `load_weights` reads a
safetensors file that a person supplies. Its arrays have the names and shapes of this module's state dict:

| here                              | published TensorFlow, below `RGB/inception_i3d/` | published PyTorch |
|---|---|---|
| `layers.Conv3d_1a_7x7`            | `Conv3d_1a_7x7`                                  | `Conv3d_1a_7x7`   |
| `layers.Mixed_3b.direct`          | `Mixed_3b/Branch_0/Conv3d_0a_1x1`                | `Mixed_3b.b0`     |
| `layers.Mixed_3b.wide.0`          | `Mixed_3b/Branch_1/Conv3d_0a_1x1`                | `Mixed_3b.b1a`    |
| `layers.Mixed_3b.wide.1`          | `Mixed_3b/Branch_1/Conv3d_0b_3x3`                | `Mixed_3b.b1b`    |
| `layers.Mixed_3b.narrow.0`        | `Mixed_3b/Branch_2/Conv3d_0a_1x1`                | `Mixed_3b.b2a`    |
| `layers.Mixed_3b.narrow.1`        | `Mixed_3b/Branch_2/Conv3d_0b_3x3`                | `Mixed_3b.b2b`    |
| `layers.Mixed_3b.pooled`          | `Mixed_3b/Branch_3/Conv3d_0b_1x1`                | `Mixed_3b.b3b`    |
| `head.weight`, `head.bias`        | `Logits/Conv3d_0c_1x1/conv_3d/w`, `b`            | `logits.conv3d`   |
| `<layer>.conv.weight`             | `conv_3d/w`, axes (t, y, x, in, out)             | `conv3d.weight`   |
| `<layer>.bn.weight`               | none: ones                                       | `bn.weight`       |
| `<layer>.bn.bias`                 | `batch_norm/beta`                                | `bn.bias`         |
| `<layer>.bn.running_mean`, `_var` | `batch_norm/moving_mean`, `_variance`            | the same          |

Ours are (out, in, t, y, x). In `Mixed_5b` TensorFlow calls the second convolution of branch 2 `Conv3d_0a_3x3`.

Deliberate deviations, none of which changes the published network's answers:

- `width` shrinks every layer by the same rule and `last` ends the network early, for machines without a GPU; 64 and
  `Mixed_5c` are the published network;
- batch norms follow their batches faster than the published ones (.1 a batch): runs here are short.

Shapes: N clips, C channels, T frames, H rows, W columns, K classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError

WIDTH = 64  # of the first convolution of the published network
EPS = 1e-3  # of the published batch norms
POOL = (2, 7, 7)  # the average over which the published network gives one answer
DROPOUT = 0.5
PICKLES = (b"PK\x03\x04", b"\x80")  # how files of torch.save begin, new and old
_SUPPLY = "Convert the weights to a safetensors file with the names listed in fias_desktop/models/i3d.py."
Triple = tuple[int, int, int]


@dataclass(frozen=True)
class Conv:
    """A cubic convolution with batch norm and ReLU."""

    channels: int
    kernel: int
    stride: int = 1


@dataclass(frozen=True)
class Pool:
    """A maximum over (frames, rows, columns)."""

    kernel: Triple
    stride: Triple


@dataclass(frozen=True)
class Mixed:
    """Channels of an inception module: 1x1, then twice (1x1, 3x3), and the 1x1 behind its max-pool."""

    direct: int
    wide: tuple[int, int]
    narrow: tuple[int, int]
    pooled: int

    @property
    def channels(self) -> int:
        """Of the four branches side by side."""
        return self.direct + self.wide[1] + self.narrow[1] + self.pooled


LAYERS: dict[str, Conv | Pool | Mixed] = {
    "Conv3d_1a_7x7": Conv(64, 7, 2),
    "MaxPool3d_2a_3x3": Pool((1, 3, 3), (1, 2, 2)),
    "Conv3d_2b_1x1": Conv(64, 1),
    "Conv3d_2c_3x3": Conv(192, 3),
    "MaxPool3d_3a_3x3": Pool((1, 3, 3), (1, 2, 2)),
    "Mixed_3b": Mixed(64, (96, 128), (16, 32), 32),
    "Mixed_3c": Mixed(128, (128, 192), (32, 96), 64),
    "MaxPool3d_4a_3x3": Pool((3, 3, 3), (2, 2, 2)),
    "Mixed_4b": Mixed(192, (96, 208), (16, 48), 64),
    "Mixed_4c": Mixed(160, (112, 224), (24, 64), 64),
    "Mixed_4d": Mixed(128, (128, 256), (24, 64), 64),
    "Mixed_4e": Mixed(112, (144, 288), (32, 64), 64),
    "Mixed_4f": Mixed(256, (160, 320), (32, 128), 128),
    "MaxPool3d_5a_2x2": Pool((2, 2, 2), (2, 2, 2)),
    "Mixed_5b": Mixed(256, (160, 320), (32, 128), 128),
    "Mixed_5c": Mixed(384, (192, 384), (48, 128), 128),
}
LAST = "Mixed_5c"


@dataclass(frozen=True)
class I3DConfig:
    """`classes` K of the head (0: none, as a backbone), `width` of the first convolution, and `last`, the endpoint (a
    key of `LAYERS`) whose map is given."""

    classes: int = 0
    width: int = WIDTH
    last: str = LAST

    def __post_init__(self) -> None:
        if self.last not in LAYERS:
            raise ValueError(f"I3D has no endpoint {self.last!r}; it has {', '.join(LAYERS)}")

    def layers(self) -> dict[str, Conv | Pool | Mixed]:
        """The layers up to the last one, in order, with their channels at this width."""
        names = list(LAYERS)
        kept = names[: names.index(self.last) + 1]
        return {name: self._scaled(LAYERS[name]) for name in kept}

    def _scaled(self, layer: Conv | Pool | Mixed) -> Conv | Pool | Mixed:
        if isinstance(layer, Pool):
            return layer
        if isinstance(layer, Conv):
            return Conv(self._share(layer.channels), layer.kernel, layer.stride)
        wide, narrow = ((self._share(a), self._share(b)) for a, b in (layer.wide, layer.narrow))
        return Mixed(self._share(layer.direct), wide, narrow, self._share(layer.pooled))

    def _share(self, channels: int) -> int:
        return max(round(channels * self.width / WIDTH), 1)


def map_shape(config: I3DConfig, frames: int, size: int) -> tuple[int, int, int, int]:
    """The shape (C, T', H', W') of the last endpoint's map of `frames` pictures of `size` x `size` pixels."""
    channels, lengths = 3, [frames, size, size]
    for layer in config.layers().values():
        channels = channels if isinstance(layer, Pool) else layer.channels
        strides = (1, 1, 1) if isinstance(layer, Mixed) else _triple(layer.stride)
        lengths = [-(-length // stride) for length, stride in zip(lengths, strides, strict=True)]
    return channels, lengths[0], lengths[1], lengths[2]


def _triple(value: int | Triple) -> Triple:
    return (value, value, value) if isinstance(value, int) else value


def same_pads(lengths: Sequence[int], kernel: Triple, stride: Triple) -> list[int]:
    """TensorFlow's `same` padding, as `torch.nn.functional.pad` wants it: last axis first, before and after."""
    pads: list[int] = []
    for length, size, step in zip(lengths, kernel, stride, strict=True):
        total = max((-(-length // step) - 1) * step + size - length, 0)
        pads = [total // 2, total - total // 2, *pads]
    return pads


class Unit(nn.Module):
    """Convolution without bias, batch norm, ReLU."""

    def __init__(self, channels: int, plan: Conv) -> None:
        super().__init__()
        self.conv = nn.Conv3d(channels, plan.channels, plan.kernel, plan.stride, bias=False)
        self.bn = nn.BatchNorm3d(plan.channels, eps=EPS)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, H, W) -> (N, C', T/stride, H/stride, W/stride)."""
        kernel, stride = cast(Triple, self.conv.kernel_size), cast(Triple, self.conv.stride)
        padded = F.pad(x, same_pads(x.shape[2:], kernel, stride)) if max(kernel) > 1 else x
        return F.relu_(self.bn(self.conv(padded)))


class MaxPool(nn.Module):
    """The largest value around; what lies outside does not count."""

    def __init__(self, plan: Pool) -> None:
        super().__init__()
        self.plan = plan

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, H, W) -> (N, C, T/stride, ...)."""
        kernel, stride = self.plan.kernel, self.plan.stride
        padded = F.pad(x, same_pads(x.shape[2:], kernel, stride), value=-torch.inf)
        return F.max_pool3d(padded, kernel, stride)


class Inception(nn.Module):
    """Four branches side by side, as in GoogLeNet."""

    def __init__(self, channels: int, plan: Mixed) -> None:
        super().__init__()
        self.direct = Unit(channels, Conv(plan.direct, 1))
        self.wide = nn.Sequential(*_bottleneck(channels, plan.wide))
        self.narrow = nn.Sequential(*_bottleneck(channels, plan.narrow))
        self.pool = MaxPool(Pool((3, 3, 3), (1, 1, 1)))
        self.pooled = Unit(channels, Conv(plan.pooled, 1))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, H, W) -> (N, C', T, H, W)."""
        return torch.cat([self.direct(x), self.wide(x), self.narrow(x), self.pooled(self.pool(x))], dim=1)


def _bottleneck(channels: int, widths: tuple[int, int]) -> tuple[Unit, Unit]:
    return Unit(channels, Conv(widths[0], 1)), Unit(widths[0], Conv(widths[1], 3))


def _layer(channels: int, plan: Conv | Pool | Mixed) -> nn.Module:
    if isinstance(plan, Pool):
        return MaxPool(plan)
    return Unit(channels, plan) if isinstance(plan, Conv) else Inception(channels, plan)


class I3D(nn.Module):
    """The network up to `config.last`, and its head where it has classes."""

    def __init__(self, config: I3DConfig) -> None:
        super().__init__()
        self.config = config
        self.layers, channels = nn.ModuleDict(), 3
        for name, plan in config.layers().items():
            self.layers[name] = _layer(channels, plan)
            channels = channels if isinstance(plan, Pool) else plan.channels
        self.head = nn.Conv3d(channels, config.classes, 1) if config.classes else None

    def forward(self, video: Tensor) -> Tensor:
        """Pictures float32 (N, 3, T, H, W), RGB from -1 to 1, as the map of the last endpoint, (N, C, T', H', W')."""
        for layer in self.layers.values():
            video = layer(video)
        return video

    def endpoints(self, video: Tensor) -> dict[str, Tensor]:
        """The map of every endpoint by its name, in order."""
        maps: dict[str, Tensor] = {}
        for name, layer in self.layers.items():
            video = maps[name] = layer(video)
        return maps

    def logits(self, video: Tensor) -> Tensor:
        """Classes (N, K): averages over two steps of the map, and over time; ValueError without a head."""
        if self.head is None:
            raise ValueError("this I3D has no head: classes is 0")
        features = self(video)
        window = [min(most, length) for most, length in zip(POOL, features.shape[2:], strict=True)]
        pooled = F.dropout(F.avg_pool3d(features, window, 1), DROPOUT, self.training)
        return cast(Tensor, self.head(pooled)).mean(dim=(2, 3, 4))


def load_weights(network: I3D, path: Path) -> None:
    """Put the arrays of a safetensors file into the network.

    Every array of the network must be there in its shape, except the counts of batches; others in the file are left
    alone, such as the head when only a backbone is wanted. FiasError that names the first one missing or misshapen, and
    for a file that does not read, holds values that are not numbers, or is a pickle, which could run a program.
    """
    arrays = _read(path)
    state: dict[str, Tensor] = {}
    for name, wanted in network.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        if name not in arrays:
            raise FiasError(f"The I3D weights in {path.name} do not fit: {name} is missing.", _SUPPLY)
        found = arrays[name]
        if found.shape != tuple(wanted.shape):
            shapes = f"{name} is {found.shape}, not {tuple(wanted.shape)}"
            raise FiasError(f"The I3D weights in {path.name} do not fit: {shapes}.", _SUPPLY)
        if not np.isfinite(found).all():
            raise FiasError(f"The I3D weights in {path.name} hold values that are not numbers: {name}.", _SUPPLY)
        state[name] = torch.from_numpy(found)
    network.load_state_dict(state, strict=False)


def _read(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with path.open("rb") as file:
            begins = file.read(4)
        if begins.startswith(PICKLES):
            raise FiasError(f"{path.name} is a pickled checkpoint, which could run a program when opened.", _SUPPLY)
        arrays: dict[str, NDArray[Any]] = load_file(path)
        return arrays
    except (SafetensorError, OSError, ValueError) as error:
        raise FiasError(f"The I3D weights in {path.name} cannot be read: {error}.", _SUPPLY) from error
