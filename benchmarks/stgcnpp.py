"""How long ST-GCN++ takes on one CPU thread, against its layers as the authors lay them out; prints JSON.

OMP_NUM_THREADS=1 python benchmarks/stgcnpp.py [--frames 40] [--repeats 40] [--onnx] [--json FILE]

Both networks have the same weights and windows; their forward passes take turns in one process. The plain one is
ST-GCN++ in the official order: a convolution to three subsets and an einsum over them, six branches with an entering
convolution and a batch norm each; channels first, float32, torch eager. `--onnx` also times ours in ONNX Runtime, as
the program serves it: the exported graph with its last feature map. Times are of the processor, so that other programs
on the machine count less.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.model_card import bare_spec
from fias_desktop.domain.skeleton import COCO17
from fias_desktop.models.contract import Batch
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.stgcnpp import DILATIONS, STAGES, STGCNpp, STGCNppConfig, branch_widths
from trainer.export import write_onnx

CHANNELS, CLASSES, WIDTH = 3, 60, 64


class PlainGraphConv(nn.Module):
    """Features for every subset, then their neighbours by an einsum; batch norm, shortcut, ReLU."""

    def __init__(self, graph: Tensor, channels: int, out: int) -> None:
        super().__init__()
        self.adjacency = nn.Parameter(graph.clone())
        self.conv = nn.Conv2d(channels, len(graph) * out, 1)
        self.bn = nn.BatchNorm2d(out)
        same = channels == out
        self.down = nn.Identity() if same else nn.Sequential(nn.Conv2d(channels, out, 1), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T, V)."""
        n, _, frames, joints = x.shape
        subsets = self.conv(x).view(n, len(self.adjacency), -1, frames, joints)
        mixed = torch.einsum("nkctv,kvw->nctw", subsets, self.adjacency).contiguous()
        return F.relu(self.bn(mixed) + self.down(x))


class PlainTemporalConv(nn.Module):
    """Six branches side by side, each entered by a convolution of its own; batch norm, ReLU, convolution and norm."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        widths = branch_widths(channels)
        self.branches = nn.ModuleList()
        for width, dilation in zip(widths, DILATIONS, strict=False):
            conv = nn.Conv2d(width, width, (3, 1), (stride, 1), (dilation, 0), (dilation, 1))
            self.branches.append(nn.Sequential(*_entering(channels, width), conv))
        pool = nn.MaxPool2d((3, 1), (stride, 1), (1, 0))
        self.branches.append(nn.Sequential(*_entering(channels, widths[-2]), pool))
        self.branches.append(nn.Sequential(nn.Conv2d(channels, widths[-1], 1, (stride, 1))))
        self.merge = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels, 1))
        self.bn = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C, T/stride, V)."""
        return cast(Tensor, self.bn(self.merge(torch.cat([branch(x) for branch in self.branches], dim=1))))


def _entering(channels: int, width: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(channels, width, 1), nn.BatchNorm2d(width), nn.ReLU()


class PlainBlock(nn.Module):
    """Graph convolution, temporal convolution, residual, ReLU."""

    def __init__(self, graph: Tensor, channels: int, out: int, stride: int, first: bool) -> None:
        super().__init__()
        self.gcn, self.tcn, self.first = PlainGraphConv(graph, channels, out), PlainTemporalConv(out, stride), first
        self.residual: nn.Module = nn.Identity()
        if not first and (channels != out or stride != 1):
            self.residual = nn.Sequential(nn.Conv2d(channels, out, 1, (stride, 1)), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T/stride, V)."""
        temporal = self.tcn(self.gcn(x))
        return F.relu(temporal if self.first else temporal + self.residual(x))


class PlainNetwork(nn.Module):
    """Ten blocks, mean over frames and joints, linear head."""

    def __init__(self, graph: Tensor) -> None:
        super().__init__()
        self.joints = graph.shape[-1]
        self.data_bn = nn.BatchNorm1d(self.joints * CHANNELS)
        widths = [WIDTH * stage for stage in STAGES]
        strides = [1] + [1 + (now > before) for before, now in pairwise(STAGES)]
        rows = zip([CHANNELS, *widths[:-1]], widths, strides, strict=True)
        self.blocks = nn.ModuleList(PlainBlock(graph, a, b, stride, i == 0) for i, (a, b, stride) in enumerate(rows))
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
    """Every parameter and statistic of ours by name with those of the plain network that, end to end, are the same."""
    temporal = {
        "enter": [f"branches.{j}.0" for j in range(6)],
        "enter_bn": [f"branches.{j}.1" for j in range(5)],
        **{f"dilated.{j}": [f"branches.{j}.3"] for j in range(4)},
        "merge_bn": ["merge.0"],
        "merge": ["merge.2"],
    }
    for name in ours.state_dict():
        stem, found, rest = name.partition(".tcn.")
        part, _, kind = rest.rpartition(".")
        yield name, [f"{stem}.tcn.{other}.{kind}" for other in temporal.get(part, [part])] if found else [name]


def copy_weights(ours: STGCNpp, plain: PlainNetwork) -> None:
    """Give the plain network the weights and statistics of ours."""
    state, theirs = ours.state_dict(), plain.state_dict()
    for name, others in counterparts(ours):
        values, targets = state[name], [theirs[other] for other in others]
        if values.dim():
            for target, part in zip(targets, torch.split(values, [len(target) for target in targets]), strict=True):
                target.copy_(part)


def randomised(network: STGCNpp) -> STGCNpp:
    """Weights and statistics away from where they start, so that nothing that matters is 0 or 1."""
    for name, values in network.state_dict().items():
        if name.endswith("running_var"):
            values.uniform_(0.5, 2.0)
        elif values.is_floating_point() and (values.dim() < 2 or name.endswith("adjacency")):
            values.add_(0.2 * torch.randn_like(values))
    return network.eval()


def exported(ours: STGCNpp, joints: Tensor) -> Callable[[], Tensor]:
    """Ours in ONNX Runtime on one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stgcnpp.onnx"
        write_onnx(ours, bare_spec("stgcnpp", COCO17.name, joints.shape[1], 15.0), path)
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    values = joints.numpy()
    return lambda: torch.from_numpy(session.run(None, {"joints": values})[0])


def medians_ms(runs: dict[str, Callable[[], Tensor]], repeats: int) -> dict[str, float]:
    """Median milliseconds of every run, taken in turns after five rounds that are not counted."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats + 5):
        for name, run in runs.items():
            start = time.process_time()
            run()
            times[name].append(1e3 * (time.process_time() - start))
    return {name: statistics.median(each[5:]) for name, each in times.items()}


@torch.no_grad()
def measure(frames: int, repeats: int, onnx: bool) -> dict[str, float]:
    """Medians, ratios to the plain network and largest differences of logits relative to the largest of its."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    graph = spatial_graph(COCO17)
    ours = randomised(STGCNpp(STGCNppConfig(COCO17.num_joints, CHANNELS, CLASSES, WIDTH), graph))
    plain = PlainNetwork(graph).eval()
    copy_weights(ours, plain)
    joints = torch.randn(1, frames, COCO17.num_joints, CHANNELS)
    batch = Batch(joints, torch.ones_like(joints[..., 0], dtype=torch.bool))
    runs: dict[str, Callable[[], Tensor]] = {"plain": lambda: cast(Tensor, plain(joints))}
    runs["ours"] = lambda: cast(Tensor, ours(batch).logits)
    if onnx:
        runs["ours, ONNX Runtime"] = exported(ours, joints)
    expected = plain(joints)
    found = {f"{name}, ms": value for name, value in medians_ms(runs, repeats).items()}
    for name, run in list(runs.items())[1:]:
        found[f"{name}, of plain"] = found[f"{name}, ms"] / found["plain, ms"]
        found[f"{name}, difference"] = float((run() - expected).abs().max() / expected.abs().max())
    return found


def main() -> None:
    """Print the figures as JSON; write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--onnx", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    text = json.dumps(measure(arguments.frames, arguments.repeats, arguments.onnx), indent=2)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
