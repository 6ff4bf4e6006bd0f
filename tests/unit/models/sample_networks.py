"""What the tests of networks share: parameters by a formula, lively batch norms, sizes and batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import torch
from torch import Tensor, nn

from fias_desktop.models.contract import Batch

AnyNetwork = TypeVar("AnyNetwork", bound=nn.Module)


def size_of(network: nn.Module) -> int:
    """How many parameters there are."""
    return sum(parameter.numel() for parameter in network.parameters())


def batch_of(joints: Tensor, target: Tensor | None = None) -> Batch:
    """Windows (N, T, V, C) in which every joint is known."""
    return Batch(joints, torch.ones(joints.shape[:3], dtype=torch.bool), target=target)


def filled(network: AnyNetwork, scales: Mapping[str, float] | None = None) -> AnyNetwork:
    """Every parameter and statistic by a fixed formula of its place, so that numbers kept in tests stay comparable;
    `scales` are of parameters whose names end so."""
    for row, (name, values) in enumerate(network.state_dict().items()):
        if values.dtype != torch.int64:
            place = torch.arange(values.numel(), dtype=torch.float64)
            noise = (torch.sin(12.9898 * place + 78.233 * row) * 43758.5453).frac()
            scale = 0.3 if values.dim() < 2 else (2.0 / values[0].numel()) ** 0.5
            scale = next((own for end, own in (scales or {}).items() if name.endswith(end)), scale)
            offset = 1.0 if name.endswith("running_var") or (values.dim() < 2 and name.endswith("weight")) else 0.0
            values.copy_((offset + scale * noise).view_as(values))
    return network


def lively(network: AnyNetwork) -> AnyNetwork:
    """In evaluation mode, with batch norms that have statistics of their own, as after training."""
    generator = torch.Generator().manual_seed(3)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d):
            assert module.running_mean is not None and module.running_var is not None
            module.running_mean.normal_(generator=generator)
            module.running_var.uniform_(0.5, 2.0, generator=generator)
            module.weight.data.uniform_(-1.5, 1.5, generator=generator)
            module.bias.data.normal_(generator=generator)
    return network.eval()
