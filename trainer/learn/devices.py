"""Where training runs: one device, or under `torchrun` several processes on one machine or many (Lightning Fabric)."""

from __future__ import annotations

import logging
import os
from typing import Literal, cast

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from fias_desktop.domain.errors import FiasError
from trainer.recipe import Optimisation


def launched(options: Optimisation) -> Fabric:
    """Device and processes: what `torchrun` has started, otherwise one process on the best device there is."""
    world, here = _from_environment("WORLD_SIZE"), _from_environment("LOCAL_WORLD_SIZE")
    if options.batch % world:
        raise FiasError(f"A batch of {options.batch} does not divide among {world} processes.", "Change the batch.")
    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)  # it announces every precision and process
    fabric = Fabric(
        accelerator=options.device,
        strategy="ddp" if world > 1 else "auto",
        devices=here,
        num_nodes=world // here,
        precision=_precision(options),
    )
    torch.set_num_threads(max(options.threads // here, 1))
    fabric.launch()
    return fabric


def spread(fabric: Fabric, network: nn.Module) -> nn.Module:
    """The network on this process's device, with the same weights on all of them.

    Batch norms see the rows of all GPUs. On the CPU, where torch cannot do that, each process normalises with the
    statistics of its own rows; the running statistics are averaged.
    """
    if fabric.world_size > 1:
        for values in network.state_dict().values():
            values.copy_(fabric.broadcast(values))
        if fabric.device.type == "cuda":
            network = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
    return network.to(fabric.device)


@torch.no_grad()
def average_over_processes(fabric: Fabric, network: nn.Module) -> None:
    """The same gradients and running statistics in all processes: their mean, in one message."""
    if fabric.world_size == 1:
        return
    tensors = [p.grad for p in network.parameters() if p.grad is not None]
    tensors += [buffer for buffer in network.buffers() if buffer.is_floating_point()]
    flat = mean_over_processes(fabric, torch.cat([tensor.reshape(-1) for tensor in tensors]))
    for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):  # type: ignore[no-untyped-call]
        tensor.copy_(part.view_as(tensor))


def mean_over_processes(fabric: Fabric, values: Tensor) -> Tensor:
    """The mean of a tensor over all processes."""
    return cast(Tensor, fabric.all_reduce(values, reduce_op="mean"))


def agreed(fabric: Fabric, minutes: float) -> float:
    """The mean of what the clocks of all processes say: their schedules must not differ."""
    if fabric.world_size == 1:
        return minutes
    return float(mean_over_processes(fabric, torch.tensor(minutes, device=fabric.device)))


def _from_environment(name: str) -> int:
    return int(os.environ.get(name, "1"))


def _precision(options: Optimisation) -> Literal["bf16-mixed", "32-true"]:
    """bfloat16 where wished for; on MPS it is not used."""
    mps = torch.backends.mps.is_available() and options.device in ("auto", "mps")
    return "bf16-mixed" if options.bfloat16 and not mps else "32-true"
