"""How much faster a training step is than one of the plain layer structure, and that it learns the same.

OMP_NUM_THREADS=2 python benchmarks/train_step.py [--width 64] [--batch 64] [--repeats 7] [--json FILE]

Both networks have the same weights, windows in memory, batch, threads and optimiser; their steps (forward, backward,
AdamW) take turns within one run. The plain one is ST-GCN++ as its authors lay it out: six temporal branches each with
its own entering convolution and batch norm, the graph convolution as an einsum, channels first, float32, torch eager.
"""

from __future__ import annotations

import argparse
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.in_turns import batch_of, medians_s
from benchmarks.plain_stgcnpp import PlainNetwork, copy_weights, counterparts
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.stgcnpp import STGCNpp, STGCNppConfig

FRAMES, CHANNELS, CLASSES = 40, 3, 10
COMPARED = 8  # windows whose gradients are compared


def gradient_difference(gradients: list[Tensor], expected: list[Tensor]) -> float:
    """Norm of the difference of two gradients, all parameters together, relative to the expected one's."""
    difference = sum(float((a.double() - b.double()).square().sum()) for a, b in zip(gradients, expected, strict=True))
    return float((difference / sum(float(b.double().square().sum()) for b in expected)) ** 0.5)


def gradients_of(ours: STGCNpp, plain: PlainNetwork, windows: Tensor, label: Tensor) -> list[list[Tensor]]:
    """The gradients of both networks, in the same order and shapes, in the precision of the windows."""
    ours, plain = copy.deepcopy(ours).to(windows.dtype), copy.deepcopy(plain).to(windows.dtype)
    _backward(ours(batch_of(windows)).logits, label)
    _backward(plain(windows), label)
    learnt = dict(ours.named_parameters())
    rows = [(learnt[name], names) for name, names in counterparts(ours) if name in learnt]
    mine = [_grad(parameter) for parameter, _ in rows]
    theirs = [torch.cat([_grad(plain.get_parameter(name)) for name in names]) for _, names in rows]
    return [mine, theirs]


def _grad(parameter: Tensor) -> Tensor:
    if parameter.grad is None:
        raise ValueError("a parameter got no gradient")
    return parameter.grad


def _backward(logits: Tensor, label: Tensor) -> None:
    F.cross_entropy(logits, label).backward()  # type: ignore[no-untyped-call]


def compare(ours: STGCNpp, plain: PlainNetwork, windows: Tensor, label: Tensor) -> dict[str, float]:
    """Relative differences of gradients: of the two networks in float64, and of rounding in float32.

    With fresh weights rounding is magnified on its way through ten batch norms, in any layout, so that only float64
    tells whether two networks compute the same; float32 is held against the plain network's float64.
    """
    mine, theirs = gradients_of(ours, plain, windows.double(), label)
    mine_single, theirs_single = gradients_of(ours, plain, windows, label)
    return {
        "gradients, ours against plain, float64": gradient_difference(mine, theirs),
        "gradients, plain float32 against float64": gradient_difference(theirs_single, theirs),
        "gradients, ours float32 against float64": gradient_difference(mine_single, theirs),
    }


def measure(width: int, batch: int, repeats: int) -> dict[str, float]:
    """Differences of gradients, and median seconds of each kind of step."""
    torch.manual_seed(0)
    graph = spatial_graph(COCO17_FEET)
    config = STGCNppConfig(graph.shape[-1], CHANNELS, CLASSES, width)
    ours, plain = STGCNpp(config, graph).train(), PlainNetwork(graph, config).train()
    nn.init.normal_(ours.head.weight, std=0.1)
    copy_weights(ours, plain)
    joints, label = torch.randn(batch, FRAMES, graph.shape[-1], CHANNELS), torch.randint(CLASSES, (batch,))
    windows = batch_of(joints)

    def half() -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            return cast(Tensor, ours(windows).logits.float())

    found = compare(ours, plain, joints[:COMPARED], label[:COMPARED])
    steps = {
        "plain, float32": _step(plain, lambda: cast(Tensor, plain(joints)), label),
        "ours, float32": _step(ours, lambda: cast(Tensor, ours(windows).logits), label),
        "ours, bfloat16": _step(ours, half, label),
    }
    return found | medians_s(steps, repeats, warm_up=1)


def _step(network: nn.Module, answer: Callable[[], Tensor], label: Tensor) -> Callable[[], None]:
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-5)

    def step() -> None:
        optimiser.zero_grad()
        _backward(answer(), label)
        optimiser.step()

    return step


def main() -> None:
    """Print the table; write it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, nargs="+", default=[64, 32])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    console, table = Console(), Table("width", "step", "median s", "windows/s", "as fast as plain")
    figures: dict[str, dict[str, float]] = {}
    for width in arguments.width:
        figures[str(width)] = found = measure(width, arguments.batch, arguments.repeats)
        for name, value in found.items():
            if name.startswith("gradients"):
                console.print(f"width {width}: {name}: {value:.1e}")
                continue
            speed, ratio = arguments.batch / value, found["plain, float32"] / value
            table.add_row(str(width), name, f"{value:.3f}", f"{speed:.0f}", f"{ratio:.2f}")
    console.print(f"{torch.get_num_threads()} threads, batch {arguments.batch}, torch {torch.__version__}")
    console.print(table)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
