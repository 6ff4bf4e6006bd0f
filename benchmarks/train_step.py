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
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import cast

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.models.contract import Batch
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.stgcnpp import DILATIONS, STAGES, STGCNpp, STGCNppConfig, branch_widths

FRAMES, CHANNELS, CLASSES = 40, 3, 10
COMPARED = 8  # windows whose gradients are compared


class PlainGraphConv(nn.Module):
    """One convolution for all subsets, then a sum over subsets and neighbours."""

    def __init__(self, graph: Tensor, channels: int, out: int) -> None:
        super().__init__()
        self.A = nn.Parameter(graph.clone())
        self.conv, self.bn = nn.Conv2d(channels, 3 * out, 1), nn.BatchNorm2d(out)
        self.down = nn.Sequential(nn.Conv2d(channels, out, 1), nn.BatchNorm2d(out)) if channels != out else None

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T, V)."""
        n, _, frames, joints = x.shape
        each = self.conv(x).view(n, 3, -1, frames, joints)
        mixed = self.bn(torch.einsum("nkctv,kvw->nctw", each, self.A).contiguous())
        return F.relu(mixed + (x if self.down is None else self.down(x)))


class PlainTemporalConv(nn.Module):
    """Six branches side by side, each entered by a convolution of its own."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        widths = branch_widths(channels)
        self.branches = nn.ModuleList()
        for width, dilation in zip(widths, DILATIONS, strict=False):
            shape = ((3, 1), (stride, 1), (dilation, 0), (dilation, 1))
            self.branches.append(nn.Sequential(*_entering(channels, width), nn.Conv2d(width, width, *shape)))
        pool = nn.MaxPool2d((3, 1), (stride, 1), (1, 0))
        self.branches.append(nn.Sequential(*_entering(channels, widths[4]), pool))
        self.branches.append(nn.Conv2d(channels, widths[5], 1, (stride, 1)))
        self.transform = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels, 1))
        self.bn = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C, T/stride, V)."""
        return cast(Tensor, self.bn(self.transform(torch.cat([branch(x) for branch in self.branches], dim=1))))


def _entering(channels: int, width: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(channels, width, 1), nn.BatchNorm2d(width), nn.ReLU()


class PlainBlock(nn.Module):
    """Graph convolution, temporal convolution, residual."""

    def __init__(self, graph: Tensor, channels: int, out: int, stride: int, first: bool) -> None:
        super().__init__()
        self.gcn, self.tcn, self.first = PlainGraphConv(graph, channels, out), PlainTemporalConv(out, stride), first
        same = first or (channels == out and stride == 1)
        self.residual = None if same else nn.Sequential(nn.Conv2d(channels, out, 1, (stride, 1)), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T/stride, V)."""
        temporal = self.tcn(self.gcn(x))
        if self.first:
            return F.relu(temporal)
        return F.relu(temporal + (x if self.residual is None else self.residual(x)))


class PlainNetwork(nn.Module):
    """Ten blocks, mean over frames and joints, linear head."""

    def __init__(self, graph: Tensor, width: int) -> None:
        super().__init__()
        self.joints = graph.shape[-1]
        self.data_bn = nn.BatchNorm1d(self.joints * CHANNELS)
        widths = [width * stage for stage in STAGES]
        strides = [1] + [1 + (now > before) for before, now in pairwise(STAGES)]
        rows = zip([CHANNELS, *widths[:-1]], widths, strides, strict=True)
        self.blocks = nn.ModuleList(PlainBlock(graph, a, b, s, first=i == 0) for i, (a, b, s) in enumerate(rows))
        self.head = nn.Linear(widths[-1], CLASSES)

    def forward(self, joints: Tensor) -> Tensor:
        """(N, T, V, C) -> logits (N, K)."""
        n, frames = joints.shape[:2]
        flat = self.data_bn(joints.permute(0, 2, 3, 1).reshape(n, -1, frames))
        x = flat.view(n, self.joints, CHANNELS, frames).permute(0, 2, 3, 1).contiguous()
        for block in self.blocks:
            x = block(x)
        return cast(Tensor, self.head(x.mean(dim=(2, 3))))


def counterparts(ours: STGCNpp) -> Iterator[tuple[str, list[str]]]:
    """Every parameter of ours by name with those of the plain network that, end to end, are the same."""
    for name, _ in ours.named_parameters():
        block, _, rest = name.partition(".tcn.")
        head, _, kind = rest.rpartition(".")
        places: dict[str, list[str]] = {
            "enter": [*(f"branches.{j}.0" for j in range(5)), "branches.5"],
            "enter_bn": [f"branches.{j}.1" for j in range(5)],
            **{f"dilated.{j}": [f"branches.{j}.3"] for j in range(4)},
            "merge_bn": ["transform.0"],
            "merge": ["transform.2"],
            "bn": ["bn"],
        }
        if head:
            yield name, [f"{block}.tcn.{place}.{kind}" for place in places[head]]
        else:
            yield name, [name.replace("adjacency", "A")]


def copy_weights(ours: STGCNpp, plain: PlainNetwork) -> None:
    """Give the plain network the weights of ours."""
    with torch.no_grad():
        for name, others in counterparts(ours):
            targets = [plain.get_parameter(other) for other in others]
            parts = torch.split(ours.get_parameter(name), [len(target) for target in targets])
            for target, part in zip(targets, parts, strict=True):
                target.copy_(part)


def gradient_difference(gradients: list[Tensor], expected: list[Tensor]) -> float:
    """Norm of the difference of two gradients, all parameters together, relative to the expected one's."""
    difference = sum(float((a.double() - b.double()).square().sum()) for a, b in zip(gradients, expected, strict=True))
    return float((difference / sum(float(b.double().square().sum()) for b in expected)) ** 0.5)


def gradients_of(ours: STGCNpp, plain: PlainNetwork, windows: Tensor, label: Tensor) -> list[list[Tensor]]:
    """The gradients of both networks, in the same order and shapes, in the precision of the windows."""
    ours, plain = copy.deepcopy(ours).to(windows.dtype), copy.deepcopy(plain).to(windows.dtype)
    _backward(ours(_batch(windows)).logits, label)
    _backward(plain(windows), label)
    mine = [_grad(ours.get_parameter(name)) for name, _ in counterparts(ours)]
    theirs = [torch.cat([_grad(plain.get_parameter(name)) for name in names]) for _, names in counterparts(ours)]
    return [mine, theirs]


def _grad(parameter: Tensor) -> Tensor:
    if parameter.grad is None:
        raise ValueError("a parameter got no gradient")
    return parameter.grad


def _backward(logits: Tensor, label: Tensor) -> None:
    F.cross_entropy(logits, label).backward()  # type: ignore[no-untyped-call]


def _batch(joints: Tensor) -> Batch:
    return Batch(joints, torch.ones_like(joints[..., 0], dtype=torch.bool))


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
    ours = STGCNpp(STGCNppConfig(graph.shape[-1], CHANNELS, CLASSES, width), graph).train()
    plain = PlainNetwork(graph, width).train()
    nn.init.normal_(ours.head.weight, std=0.1)
    copy_weights(ours, plain)
    joints, label = torch.randn(batch, FRAMES, graph.shape[-1], CHANNELS), torch.randint(CLASSES, (batch,))
    windows = _batch(joints)

    def half() -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            return cast(Tensor, ours(windows).logits.float())

    found = compare(ours, plain, joints[:COMPARED], label[:COMPARED])
    steps = {
        "plain, float32": _step(plain, lambda: cast(Tensor, plain(joints)), label),
        "ours, float32": _step(ours, lambda: cast(Tensor, ours(windows).logits), label),
        "ours, bfloat16": _step(ours, half, label),
    }
    return found | _medians(steps, repeats)


def _step(network: nn.Module, answer: Callable[[], Tensor], label: Tensor) -> Callable[[], None]:
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-5)

    def step() -> None:
        optimiser.zero_grad()
        _backward(answer(), label)
        optimiser.step()

    return step


def _medians(steps: dict[str, Callable[[], None]], repeats: int) -> dict[str, float]:
    """Seconds of every step, taken in turns after one round that is not counted."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(repeats + 1):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each[1:]) for name, each in times.items()}


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
