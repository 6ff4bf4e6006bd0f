"""Convolutions of graph networks whose backward pass is quick on a CPU, with channels last.

Measured against what autograd runs by itself (float32, AVX-512, windows of 40 x 21): a gradient of the input computed
as the forward convolution it is takes 0.3 to 1 times as long; a gradient of the weight over one long row of places
(T V) instead of a T x V picture 0.4 to 1 times; a bias' gradient as a plain sum 0.1 times. A bias in front of a batch
norm with batch statistics is subtracted again, so its gradient is 0 and is not computed.

On other devices, and where no gradient is asked for, these are the ordinary convolutions: the same numbers.

Shapes: N windows, C channels, T frames, V joints.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.amp import custom_bwd, custom_fwd
from torch.nn import functional as F

_LAST = torch.channels_last


def quick(x: Tensor) -> bool:
    """Whether the quick backward passes are worth it for this input."""
    return x.device.type == "cpu" and torch.is_grad_enabled()


def pointwise(conv: nn.Conv2d, x: Tensor, normed: bool = False) -> Tensor:
    """A 1 x 1 convolution, (N, C, T, V) -> (N, C', T/stride, V). `normed`: a batch norm in training follows."""
    if not quick(x):
        return cast(Tensor, conv(x))
    kept = x[:, :, :: conv.stride[0]] if conv.stride[0] > 1 else x
    return cast(Tensor, _Pointwise.apply(kept, conv.weight, conv.bias, normed))  # type: ignore[no-untyped-call]


def pointwise_weights(x: Tensor, weight: Tensor) -> Tensor:
    """A 1 x 1 convolution by a weight (C', C, 1, 1) without a bias."""
    if quick(x):
        return cast(Tensor, _Pointwise.apply(x, weight, None, False))  # type: ignore[no-untyped-call]
    return F.conv2d(x, weight)


def temporal(conv: nn.Conv2d, x: Tensor, normed: bool = False) -> Tensor:
    """A convolution over frames only, kernel (3, 1), as `conv` says. `normed`: a batch norm in training follows."""
    x = x.contiguous(memory_format=_LAST)
    if not quick(x):
        return cast(Tensor, conv(x))
    stride, dilation = conv.stride[0], int(conv.dilation[0])
    return cast(Tensor, _Temporal.apply(x, conv.weight, conv.bias, stride, dilation, normed))  # type: ignore[no-untyped-call]


def neighbours(rows: Tensor, weight: Tensor) -> Tensor:
    """Every frame's joints mixed by one matrix: rows (F, V, C) with weight (V', V) -> (F, V', C)."""
    if quick(rows):
        return cast(Tensor, _Neighbours.apply(rows, weight))  # type: ignore[no-untyped-call]
    return torch.matmul(weight, rows)


def _bias_gradient(grad: Tensor, bias: bool, normed: bool) -> Tensor | None:
    if not bias:
        return None
    return grad.new_zeros(grad.shape[1]) if normed else grad.sum(dim=(0, 2, 3))


def _weight_gradient(
    grad: Tensor, x: Tensor, weight: Tensor, stride: int = 1, padding: int = 0, dilation: int = 1
) -> Tensor:
    steps = ([stride, 1], [padding, 0], [dilation, 1], False, [0, 0], 1, [False, True, False])
    found = torch.ops.aten.convolution_backward(grad, x, weight, [len(weight)], *steps)
    return cast(Tensor, found[1])


def _one_row(x: Tensor) -> Tensor:
    """(N, C, T, V) as (N, C, 1, T V), channels last, without a copy."""
    n, channels, frames, joints = x.shape
    return x.permute(0, 2, 3, 1).reshape(n, 1, frames * joints, channels).permute(0, 3, 1, 2)


class _Pointwise(torch.autograd.Function):
    @staticmethod
    @custom_fwd(device_type="cpu", cast_inputs=torch.bfloat16)  # type: ignore[untyped-decorator]
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, normed: bool) -> Tensor:
        x = x.contiguous(memory_format=_LAST)
        ctx.save_for_backward(x, weight)
        ctx.bias, ctx.normed = bias is not None, normed
        return F.conv2d(x, weight, bias)

    @staticmethod
    @custom_bwd(device_type="cpu")  # type: ignore[untyped-decorator]
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        grad = grad.contiguous(memory_format=_LAST)
        of_x = F.conv2d(grad, weight.transpose(0, 1)) if ctx.needs_input_grad[0] else None
        of_weight = _weight_gradient(_one_row(grad), _one_row(x), weight)
        return of_x, of_weight, _bias_gradient(grad, ctx.bias, ctx.normed), None


class _Temporal(torch.autograd.Function):
    @staticmethod
    @custom_fwd(device_type="cpu", cast_inputs=torch.bfloat16)  # type: ignore[untyped-decorator]
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, stride: int, dilation: int, normed: bool) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.steps, ctx.normed = (stride, dilation), normed
        return F.conv2d(x, weight, bias, (stride, 1), (dilation, 0), (dilation, 1))

    @staticmethod
    @custom_bwd(device_type="cpu")  # type: ignore[untyped-decorator]
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        stride, dilation = ctx.steps
        grad = grad.contiguous(memory_format=_LAST)
        if stride == 1:
            turned = weight.flip(2).transpose(0, 1)
            of_x = F.conv2d(grad, turned, None, 1, (dilation, 0), (dilation, 1))
        else:
            steps = ([stride, 1], [dilation, 0], [dilation, 1], False, [0, 0], 1, [True, False, False])
            of_x = torch.ops.aten.convolution_backward(grad, x, weight, [len(weight)], *steps)[0]
        of_weight = _weight_gradient(grad, x, weight, stride, dilation, dilation)
        return of_x, of_weight, _bias_gradient(grad, True, ctx.normed), None, None, None


class _Neighbours(torch.autograd.Function):
    @staticmethod
    @custom_fwd(device_type="cpu", cast_inputs=torch.bfloat16)  # type: ignore[untyped-decorator]
    def forward(ctx: Any, rows: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(rows, weight)
        return torch.bmm(weight.expand(len(rows), -1, -1), rows)

    @staticmethod
    @custom_bwd(device_type="cpu")  # type: ignore[untyped-decorator]
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, Tensor]:
        rows, weight = ctx.saved_tensors
        grad = grad.contiguous()
        needed = ctx.needs_input_grad[0]
        of_rows = torch.bmm(weight.t().expand(len(rows), -1, -1), grad) if needed else None
        return of_rows, torch.bmm(grad, rows.transpose(1, 2)).sum(dim=0)
