"""How long MS-G3D takes on one CPU thread, against its layers as the authors lay them out; prints JSON.

OMP_NUM_THREADS=1 python benchmarks/msg3d.py [--frames 40] [--repeats 40] [--onnx]

Both networks have the same weights and windows; their forward passes take turns in one process. The plain one is
MS-G3D in the official order: windows unfolded into copies, an einsum over all scales, the scales brought beside the
channels, then one convolution; every branch with its own entering convolution and batch norm; channels first, float32,
torch eager. `--onnx` also times ours as it is exported, in ONNX Runtime.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.in_turns import batch_of, beside_plain, exported
from fias_desktop.domain.skeleton import COCO17
from fias_desktop.models.msg3d_stf import (
    DILATIONS,
    MSG3D,
    STAGES,
    WINDOWS,
    MSG3DConfig,
    disentangled,
    space_time_graph,
    undirected_graph,
)

CHANNELS, CLASSES, SCALES, SPACE_TIME_SCALES = 3, 60, 13, 6


class PlainGraphConv(nn.Module):
    """What is heard at every scale, brought beside the channels, then mixed. Joints may be those of a window."""

    adjacency: Tensor

    def __init__(self, graph: Tensor, channels: int, out: int, scales: int) -> None:
        super().__init__()
        self.scales = scales
        self.register_buffer("adjacency", disentangled(graph, scales).flatten(0, 1))
        self.residual = nn.Parameter(torch.zeros_like(self.adjacency))
        self.mlp = nn.Sequential(nn.Conv2d(scales * channels, out, 1), nn.BatchNorm2d(out), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T, V)."""
        n, channels, frames, joints = x.shape
        heard = torch.einsum("vu,nctu->nctv", self.adjacency + self.residual, x)
        heard = heard.view(n, channels, frames, self.scales, joints).permute(0, 3, 1, 2, 4).contiguous()
        return cast(Tensor, self.mlp(heard.view(n, self.scales * channels, frames, joints)))


class PlainSpaceTime(nn.Module):
    """Windows of samples unfolded, one graph convolution over each, a three-dimensional convolution that folds them."""

    def __init__(self, graph: Tensor, widths: tuple[int, int, int], window: int, stride: int) -> None:
        super().__init__()
        channels, self.inner, out = widths
        self.window = window
        self.unfold = nn.Unfold((window, 1), stride=(stride, 1), padding=(window // 2, 0))
        self.gcn = PlainGraphConv(space_time_graph(graph, window), channels, self.inner, SPACE_TIME_SCALES)
        self.fold = nn.Conv3d(self.inner, out, (1, window, 1))
        self.bn = nn.BatchNorm2d(out)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T/stride, V)."""
        n, channels, _, joints = x.shape
        windows = self.unfold(x).view(n, channels, self.window, -1, joints).permute(0, 1, 3, 2, 4).contiguous()
        mixed = self.gcn(windows.view(n, channels, -1, self.window * joints))
        return cast(Tensor, self.bn(self.fold(mixed.view(n, self.inner, -1, self.window, joints)).squeeze(3)))


class PlainTemporalConv(nn.Module):
    """Six branches side by side, each entered by a convolution and left through a batch norm of its own."""

    def __init__(self, channels: int, out: int, stride: int = 1, activated: bool = True) -> None:
        super().__init__()
        width, self.activated = out // (len(DILATIONS) + 2), activated
        self.branches = nn.ModuleList()
        for dilation in DILATIONS:
            conv = nn.Conv2d(width, width, (3, 1), (stride, 1), (dilation, 0), (dilation, 1))
            self.branches.append(nn.Sequential(*_entering(channels, width), conv, nn.BatchNorm2d(width)))
        pool = nn.MaxPool2d((3, 1), (stride, 1), (1, 0))
        self.branches.append(nn.Sequential(*_entering(channels, width), pool, nn.BatchNorm2d(width)))
        self.branches.append(nn.Sequential(nn.Conv2d(channels, width, 1, (stride, 1)), nn.BatchNorm2d(width)))
        same = channels == out and stride == 1
        self.residual = None if same else nn.Sequential(nn.Conv2d(channels, out, 1, (stride, 1)), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T/stride, V)."""
        summed = torch.cat([branch(x) for branch in self.branches], dim=1)
        summed += x if self.residual is None else self.residual(x)
        return F.relu(summed) if self.activated else summed


def _entering(channels: int, width: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(channels, width, 1), nn.BatchNorm2d(width), nn.ReLU()


class PlainBlock(nn.Module):
    """Both pathways, ReLU, a temporal convolution."""

    def __init__(self, graph: Tensor, widths: tuple[int, int, int], stride: int) -> None:
        super().__init__()
        channels, inner, out = widths
        self.spatial = PlainGraphConv(graph, channels, inner, SCALES)
        self.moved = nn.Sequential(PlainTemporalConv(inner, out, stride), PlainTemporalConv(out, out, activated=False))
        self.space_time = nn.ModuleList(PlainSpaceTime(graph, widths, window, stride) for window in WINDOWS)
        self.tcn = PlainTemporalConv(out, out)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T/stride, V)."""
        windows = sum(each(x) for each in self.space_time)
        return cast(Tensor, self.tcn(F.relu(self.moved(self.spatial(x)) + windows, inplace=True)))


class PlainNetwork(nn.Module):
    """Three blocks, mean over frames and joints, linear head."""

    def __init__(self, graph: Tensor) -> None:
        super().__init__()
        self.joints = len(graph)
        self.data_bn = nn.BatchNorm1d(self.joints * CHANNELS)
        outs = [96 * stage for stage, _ in STAGES]
        inners = [outs[0], *outs[:-1]]
        rows = zip([CHANNELS, *outs[:-1]], inners, outs, STAGES, strict=True)
        self.blocks = nn.ModuleList(PlainBlock(graph, (a, b, c), stride) for a, b, c, (_, stride) in rows)
        self.head = nn.Linear(outs[-1], CLASSES)

    def forward(self, joints: Tensor) -> Tensor:
        """(N, T, V, C) -> logits (N, K)."""
        n, frames = joints.shape[:2]
        flat = self.data_bn(joints.permute(0, 2, 3, 1).reshape(n, -1, frames))
        x = flat.view(n, self.joints, CHANNELS, frames).permute(0, 2, 3, 1).contiguous()
        for block in self.blocks:
            x = block(x)
        return cast(Tensor, self.head(x.mean(dim=(2, 3))))


def counterparts(ours: MSG3D) -> Iterator[tuple[str, list[str]]]:
    """Every parameter and statistic of ours by name with those of the plain network that, end to end, are the same."""
    leaving = [*(f"branches.{j}.4" for j in range(4)), "branches.4.4", "branches.5.1"]
    temporal = {
        "enter": [f"branches.{j}.0" for j in range(6)],
        "enter_bn": [f"branches.{j}.1" for j in range(5)],
        **{f"dilated.{j}": [f"branches.{j}.3"] for j in range(4)},
        "bn": leaving,
    }
    for name in ours.state_dict():
        place, _, kind = name.rpartition(".")
        for head, others in temporal.items():
            if (".tcn." in name or ".moved." in name) and ".residual." not in name and place.endswith("." + head):
                stem = place.removesuffix(head)
                yield name, [f"{stem}{other}.{kind}" for other in others]
                break
        else:
            yield name, [_renamed(name)]


def _renamed(name: str) -> str:
    """The plain network's name of a parameter outside the temporal convolutions."""
    pairs: tuple[tuple[str, str], ...] = ()
    if ".spatial." in name:
        pairs = (("scales.residual", "residual"), ("mix.", "mlp.0."), ("bn.", "mlp.1."))
    elif ".space_time." in name:
        pairs = (("scales.residual", "gcn.residual"), ("mix.", "gcn.mlp.0."), ("mix_bn.", "gcn.mlp.1."))
    for old, new in pairs:
        stem, found, rest = name.rpartition("." + old)
        if found:
            return f"{stem}.{new}{rest}"
    return name


def copy_weights(ours: MSG3D, plain: PlainNetwork) -> None:
    """Give the plain network the weights and statistics of ours."""
    state, theirs = ours.state_dict(), plain.state_dict()
    for name, others in counterparts(ours):
        values, targets = state[name], [theirs[other] for other in others]
        if values.dim() == 0:
            continue
        if ".fold.weight" in name:  # ours holds (C', W C), theirs (C', C, 1, W, 1)
            target = targets[0]
            window = target.shape[3]
            values = values.view(len(target), window, -1).transpose(1, 2)
        parts = torch.split(values, [len(target) for target in targets]) if len(targets) > 1 else [values]
        for target, part in zip(targets, parts, strict=True):
            target.copy_(part.reshape(target.shape))


def randomised(network: MSG3D) -> MSG3D:
    """Weights and statistics away from where they start, so that nothing that matters is 0 or 1."""
    for name, values in network.state_dict().items():
        if name.endswith("running_var"):
            values.uniform_(0.5, 2.0)
        elif values.is_floating_point() and values.dim() < 2:
            values.add_(0.2 * torch.randn_like(values))
        elif name.endswith("scales.residual"):
            values.normal_(std=0.02)
    return network.eval()


class Logits(nn.Module):
    """The network as a function of the joints alone."""

    def __init__(self, network: MSG3D) -> None:
        super().__init__()
        self.network = network

    def forward(self, joints: Tensor) -> Tensor:
        """(N, T, V, C) -> (N, K)."""
        return cast(Tensor, self.network(batch_of(joints)).logits)


@torch.no_grad()
def measure(frames: int, repeats: int, onnx: bool) -> dict[str, float]:
    """Medians, ratios to the plain network and largest differences of logits."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    graph = undirected_graph(COCO17)
    ours, plain = randomised(MSG3D(MSG3DConfig(len(graph), CHANNELS, CLASSES), graph)), PlainNetwork(graph).eval()
    copy_weights(ours, plain)
    joints = torch.randn(1, frames, len(graph), CHANNELS)
    calls: dict[str, Callable[[], Tensor]] = {"plain": lambda: cast(Tensor, plain(joints))}
    calls["ours"] = lambda: cast(Tensor, ours(batch_of(joints)).logits)
    if onnx:
        session = exported(Logits(ours), joints, ["logits"])
        calls["ours, ONNX Runtime"] = lambda: session()[0]
    return beside_plain(calls, repeats)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--onnx", action="store_true")
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.frames, arguments.repeats, arguments.onnx), indent=2))


if __name__ == "__main__":
    main()
