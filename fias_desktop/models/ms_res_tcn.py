"""MS-Res-TCN, the refined network of Train, Diagnose and Fix: Res-TCN and a second stream that sees chosen joints only.

J. Hou, T. S. Kim, A. Reiter: Train, Diagnose and Fix: Interpretable Approach for Fine-grained Action Recognition, 2017.
Layer 1 is a convolution of each stream, and for l >= 2, with X the main stream and X' the targeted-attention stream,

    X_l  = X_(l-1)  + F(W_l, X_(l-1))   + H(W_l^P, X'_l)                                  (11)
    X'_l = X'_(l-1) + F(W'_l, X'_(l-1)) + H(W_l^P, X_l)                                   (12)
    F(W_l, X_(l-1)) = W_l * ReLU(X_(l-1)),  F(W'_l, X'_(l-1)) = W'_l * ReLU(X'_(l-1))     (13), (14)
    H(W_l^P, X'_l) = ReLU(W_l^P * X'_l) on even l, 0 on odd l: from attention to main     (15)
    H(W_l^P, X_l)  = ReLU(W_l^P * X_l)  on odd l,  0 on even l: from main to attention    (16)

One pipe runs at each layer, so that the stream that gives is finished before the one that takes, and nothing is
circular. Both streams are concatenated, pooled over time and named by one linear head.

The article leaves the pipes' size open. Ours are a convolution of kernel 1 and of the layer's own width with a batch
norm before the ReLU: a pipe is to say how much of which filter passes, not to look at movement again. The attention
stream is as wide as the main one. No code was released for this network, so that nothing can be compared with.

Deviations are those of Res-TCN (models/res_tcn.py). Joints are masked after the input's batch norm, which both streams
share: a masked joint is 0 in every sample. The gradient by the input is written out, as there, so that an exported
graph holds it; a joint of the attention stream has part in both streams.

Shapes: N windows, C channels, T samples, V joints, K classes, D channels inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.res_tcn import LAYOUTS, PUBLISHED, Layout, SameConv, Unit, scale_of, slope, with_input

ATTEND = "attend_"  # a card's `params` name the joints of the attention stream: attend_left_knee = 1


@dataclass(frozen=True)
class MSResTCNConfig:
    """`joints` V, `channels` C of the input, `classes` K, `attended` the indices of the joints that the attention
    stream sees, `width` of each stream's first convolution, `errors` E of the multi-label head (0: none), `explained`
    as in Res-TCN. ValueError when no joint is attended, one twice, or one that the skeleton lacks."""

    joints: int
    channels: int
    classes: int
    attended: tuple[int, ...]
    width: int = 64
    errors: int = 0
    layout: Layout = PUBLISHED
    explained: bool = False

    def __post_init__(self) -> None:
        fits = self.attended and len(set(self.attended)) == len(self.attended)
        if not fits or not set(self.attended) <= set(range(self.joints)):
            raise ValueError(f"attended joints {self.attended} are not some of {self.joints}, each once")


class Pipe(nn.Module):
    """What one stream lends the other: convolution, batch norm, ReLU (equations 15 and 16)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = SameConv(channels, channels, 1)
        self.bn = nn.BatchNorm1d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(N, D, T) of the giving stream -> what is added to the other."""
        return F.relu(self.bn(self.conv(x)))

    def backward_of(self, gradient: Tensor, given: Tensor) -> Tensor:
        """The gradient (N, K, D, T) of what came in from that of what was `given` (N, D, T)."""
        through = (gradient * slope(self.bn, given)[:, None]).flatten(0, 1)
        return self.conv.gradient_of(through, given.shape[-1]).view_as(gradient)


class Stream(nn.Module):
    """One stream: a first convolution, residual units, and the norm before pooling."""

    def __init__(self, config: MSResTCNConfig) -> None:
        super().__init__()
        layout = config.layout
        widths = [config.width, *(config.width * times for times, _ in layout.units)]
        self.entry = SameConv(config.joints * config.channels, config.width, layout.entry)
        self.units = nn.ModuleList(
            Unit(before, now, layout, stride)
            for (before, now), (_, stride) in zip(pairwise(widths), layout.units, strict=True)
        )
        self.bn = nn.BatchNorm1d(widths[-1])


@dataclass(frozen=True, eq=False)
class _Seen:
    """What the backward pass needs: the activations before each unit's convolution of either stream, what each pipe
    gave, and the last activations of either stream, (N, D, T) each."""

    main: list[Tensor]
    attention: list[Tensor]
    pipes: list[Tensor]
    last: tuple[Tensor, Tensor]


class MSResTCN(nn.Module):
    """Two streams with alternating pipes, concatenated, mean over time, linear head."""

    mask: Tensor

    def __init__(self, config: MSResTCNConfig) -> None:
        super().__init__()
        self.config = config
        inputs, last = config.joints * config.channels, config.layout.units[-1][0] * config.width
        self.data_bn = nn.BatchNorm1d(inputs)
        self.main, self.attention = Stream(config), Stream(config)
        self.pipes = nn.ModuleList(Pipe(config.width * times) for times, _ in config.layout.units)
        self.head = nn.Linear(2 * last, config.classes)
        self.error_head = nn.Linear(2 * last, config.errors) if config.errors else None
        mask = torch.zeros(config.joints, config.channels)
        mask[list(config.attended)] = 1.0
        self.register_buffer("mask", mask.view(inputs, 1), persistent=False)  # follows from the configuration

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K) and, where the configuration asks for it, what explains them: see `with_input`."""
        signal = self.data_bn(batch.joints.flatten(2).transpose(1, 2))
        seen = self._through(signal)
        pooled = torch.cat(seen.last, dim=1).mean(dim=2)
        logits = self.head(pooled)
        errors = None if self.error_head is None else self.error_head(pooled)
        if self.training or not self.config.explained:
            return Output(logits, (), error_logits=errors, pooled=pooled)
        explained = with_input(self.gradients(batch.joints.shape[1], seen), batch.joints)
        identity = torch.eye(self.config.classes, device=pooled.device, dtype=pooled.dtype)
        return Output(logits, (explained,), identity, error_logits=errors, pooled=pooled)

    def _through(self, signal: Tensor) -> _Seen:
        """Both streams, layer by layer, from the normalised input (N, V C, T)."""
        x, target = self.main.entry(signal), self.attention.entry(signal * self.mask)
        main, attention, pipes = [], [], []
        for number, (unit, own, pipe) in enumerate(zip(self.main.units, self.attention.units, self.pipes, strict=True)):
            x, before = unit(x)
            target, own_before = own(target)
            given = pipe(target if _to_main(number) else x)
            x, target = (x + given, target) if _to_main(number) else (x, target + given)
            main.append(before)
            attention.append(own_before)
            pipes.append(given)
        return _Seen(main, attention, pipes, (F.relu(self.main.bn(x)), F.relu(self.attention.bn(target))))

    def gradients(self, frames: int, seen: _Seen) -> Tensor:
        """The gradient of every logit by the input, (N, K, V C, T)."""
        x, target = self._at_last(seen)
        for number in reversed(range(len(self.pipes))):
            pipe, given = cast(Pipe, self.pipes[number]), seen.pipes[number]
            if _to_main(number):
                target = target + pipe.backward_of(x, given)
            else:
                x = x + pipe.backward_of(target, given)
            x = cast(Unit, self.main.units[number]).backward_of(x, seen.main[number])
            target = cast(Unit, self.attention.units[number]).backward_of(target, seen.attention[number])
        at_norm = self.main.entry.gradient_of(x.flatten(0, 1), frames)
        at_norm = at_norm + self.attention.entry.gradient_of(target.flatten(0, 1), frames) * self.mask
        at_input = at_norm * scale_of(self.data_bn)[:, None]
        return at_input.view(*x.shape[:2], -1, frames)

    def _at_last(self, seen: _Seen) -> tuple[Tensor, Tensor]:
        """The gradient (N, K, D, T) of the logits by the last layer of each stream."""
        halves = self.head.weight.chunk(2, dim=1)
        each = zip(halves, (self.main.bn, self.attention.bn), seen.last, strict=True)
        main, attention = (
            (half / last.shape[-1])[None, :, :, None] * slope(norm, last)[:, None] for half, norm, last in each
        )
        return main, attention


def _to_main(number: int) -> bool:
    """Whether the pipe of this unit (the first one, number 0, is layer 2) runs from attention to main."""
    return (number + 2) % 2 == 0


def attended_joints(params: Mapping[str, int], joints: Sequence[str]) -> tuple[int, ...]:
    """The indices of the joints that a card's `params` attend to; FiasError when there is none or one is unknown."""
    names = [key.removeprefix(ATTEND) for key, value in params.items() if key.startswith(ATTEND) and value]
    unknown = [name for name in names if name not in joints]
    if unknown or not names:
        said = f"There is no joint {unknown[0]!r}." if unknown else "No joint is named for the attention stream."
        raise FiasError(said, f"Joints of this skeleton: {', '.join(joints)}.")
    return tuple(sorted(joints.index(name) for name in names))


def config_of(spec: ModelSpec, explained: bool = False) -> MSResTCNConfig:
    """The configuration that a card asks for; FiasError when its joints or its number of units are not known."""
    joints = skeleton(spec.skeleton).joints
    width, units = spec.params.get("width", MSResTCNConfig.width), spec.params.get("units", len(PUBLISHED.units))
    if units not in LAYOUTS:
        known = ", ".join(str(count) for count in LAYOUTS)
        raise FiasError(f"The model {spec.id} asks for {units} units.", f"There are networks of {known} units.")
    attended = attended_joints(spec.params, joints)
    sizes = len(joints), spec.channels, len(spec.labels)
    return MSResTCNConfig(*sizes, attended, width, len(spec.errors), LAYOUTS[units], explained)
