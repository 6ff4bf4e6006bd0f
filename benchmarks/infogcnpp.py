"""How much faster InfoGCN++ is than a plain network of the released layers, and what a frame of a stream costs.

OMP_NUM_THREADS=1 python benchmarks/infogcnpp.py [--frames 64] [--solver euler] [--repeats 40] [--json FILE]

Both networks have the same weights, window and single thread, run in evaluation mode and take turns within one process;
their answers are compared. The plain one is laid out as its authors do: channels first, a convolution for each of three
topologies, batch norms by themselves, attention as two products and a softmax, every layer in its own arrangement of
axes. `names only` leaves out the decoder of future joints in both, as the graph that the application loads does.

The stream's cost is the median of `--repeats` frames that begin after so many: it must not grow once the span is full.
"""

from __future__ import annotations

import argparse
import json
from functools import reduce
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.in_turns import batch_of, difference, exported, medians_s
from fias_desktop.domain.skeleton import COCO17
from fias_desktop.models.infogcnpp import (
    FUTURE_JOINTS,
    GraphConv,
    InfoGCNpp,
    InfoGCNppConfig,
    joint_graph,
    positional_encoding,
)
from fias_desktop.models.infogcnpp_online import InfoGCNppStream
from fias_desktop.models.ode import integrate

CHANNELS, CLASSES, WIDTH, DEPTH, HEADS, STEPS, TOPOLOGIES = 3, 10, 64, 4, 4, 3, 3


class PlainGraph(nn.Module):
    """Neighbours by each topology in turn, a convolution for each, the sum, batch norm, shortcut, ReLU."""

    def __init__(self, graph: Tensor, channels: int, out: int, attends: bool) -> None:
        super().__init__()
        self.topology = nn.Parameter(graph.repeat(TOPOLOGIES, 1, 1))
        self.convs = nn.ModuleList(nn.Conv2d(channels, out, 1) for _ in range(TOPOLOGIES))
        self.bn = nn.BatchNorm2d(out)
        same = channels == out
        self.down = nn.Identity() if same else nn.Sequential(nn.Conv2d(channels, out, 1), nn.BatchNorm2d(out))
        self.norm = nn.LayerNorm(channels) if attends else None
        self.relate = nn.Linear(channels, 2 * TOPOLOGIES * (channels // 8)) if attends else None

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) -> (N, C', T, V)."""
        n, channels, frames, joints = x.shape
        tables = self._tables(x)
        out: Tensor | None = None
        for head, conv in enumerate(self.convs):
            rows = x.permute(0, 2, 3, 1).reshape(n * frames, joints, channels)
            heard = (tables[:, head] @ rows).view(n, frames, joints, channels).permute(0, 3, 1, 2).contiguous()
            out = conv(heard) if out is None else conv(heard) + out
        return F.relu(self.bn(out) + self.down(x))

    def _tables(self, x: Tensor) -> Tensor:
        if self.norm is None or self.relate is None:
            return self.topology[None]
        n, channels, frames, joints = x.shape
        both = self.relate(self.norm(x.permute(0, 2, 3, 1).contiguous())).chunk(2, dim=-1)
        queries, keys = (
            part.reshape(n * frames, joints, TOPOLOGIES, channels // 8).permute(0, 2, 1, 3) for part in both
        )
        scores = torch.einsum("bhid,bhjd->bhij", queries, keys) * (channels // 8) ** -0.5
        return cast(Tensor, scores.softmax(dim=-1) * self.topology[None])


class PlainBlock(nn.Module):
    """Attention over time, joint by joint, and an MLP."""

    def __init__(self, graph: Tensor) -> None:
        super().__init__()
        self.norm, self.graph = nn.LayerNorm(WIDTH), PlainGraph(graph, WIDTH, 3 * WIDTH, attends=True)
        self.merge = nn.Linear(WIDTH, WIDTH)
        self.mlp_norm = nn.LayerNorm(WIDTH)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, WIDTH))

    def forward(self, x: Tensor, joints: int) -> Tensor:
        """(N V, T, D) -> (N V, T, D)."""
        rows, frames, _ = x.shape
        per_joint = self.norm(x).view(-1, joints, frames, WIDTH).permute(0, 3, 2, 1)
        each = self.graph(per_joint).permute(0, 3, 2, 1).reshape(rows, frames, 3 * WIDTH).chunk(3, dim=-1)
        queries, keys, values = (part.reshape(rows, frames, HEADS, -1).transpose(1, 2) for part in each)
        scores = queries @ keys.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        unseen = torch.ones(frames, frames).tril() == 0
        weights = scores.masked_fill(unseen, float("-inf")).softmax(dim=-1)
        x = self.merge((weights @ values).transpose(1, 2).reshape(rows, frames, WIDTH)) + x
        return cast(Tensor, self.mlp(self.mlp_norm(x)) + x)


class PlainDynamics(nn.Module):
    """Two graph convolutions by the fixed graph and a projection, channels first."""

    def __init__(self, graph: Tensor) -> None:
        super().__init__()
        self.graph = graph
        self.first, self.second, self.last = (nn.Conv1d(WIDTH, WIDTH, 1) for _ in range(3))

    def forward(self, time_: float, x: Tensor, frames: int) -> Tensor:
        """(N T, D, V) -> (N T, D, V)."""
        code = positional_encoding(torch.arange(frames) + int(time_), WIDTH)
        x = (x.view(-1, frames, WIDTH, x.shape[-1]) + code[None, :, :, None]).flatten(0, 1)
        x = F.leaky_relu(self.first(torch.einsum("vu,ncu->ncv", self.graph, x)))
        x = F.leaky_relu(self.second(torch.einsum("vu,ncu->ncv", self.graph, x)))
        return cast(Tensor, self.last(x))


class PlainInfoGCNpp(nn.Module):
    """The released layer structure for one person."""

    def __init__(self, graph: Tensor, solver: str) -> None:
        super().__init__()
        self.solver = solver
        seen = WIDTH * (STEPS + 1)
        self.embed, self.places = nn.Linear(CHANNELS, WIDTH), nn.Parameter(torch.randn(len(graph), WIDTH))
        self.blocks = nn.ModuleList(PlainBlock(graph) for _ in range(DEPTH))
        self.dynamics = PlainDynamics(graph)
        self.decoder = nn.Sequential(*(PlainGraph(graph, WIDTH, WIDTH, attends=False) for _ in range(2)))
        self.joints = nn.Conv2d(WIDTH, CHANNELS, 1)
        self.classifier = nn.Sequential(
            PlainGraph(graph, seen, seen // 2, attends=False), PlainGraph(graph, seen // 2, seen // 2, attends=False)
        )
        self.head = nn.Conv1d(seen // 2, CLASSES, 1)

    def forward(self, joints: Tensor, decodes: bool = True) -> tuple[Tensor, Tensor | None]:
        """Joints (N, T, V, C) -> frame logits (N, K, T) and future joints (S N, C, T, V)."""
        n, frames, count, _ = joints.shape
        x = (self.embed(joints) + self.places).permute(0, 2, 1, 3).reshape(n * count, frames, WIDTH)
        x = x + positional_encoding(torch.arange(frames), WIDTH)
        for block in self.blocks:
            x = block(x, count)
        latent = x.view(n, count, frames, WIDTH).permute(0, 3, 2, 1)
        rows = latent.permute(0, 2, 1, 3).reshape(n * frames, WIDTH, count)
        states = integrate(lambda t, z: self.dynamics(t, z, frames), rows, STEPS, self.solver)
        ahead = torch.cat([z.view(n, frames, WIDTH, count).permute(0, 2, 1, 3) for z in states])
        decoded = self.joints(self.decoder(ahead)) if decodes else None
        seen = torch.cat([latent, *ahead.chunk(STEPS)], dim=1)
        return self.head(self.classifier(seen).mean(dim=-1)), decoded


def lively(network: nn.Module) -> None:
    """Batch norms as after training: fresh ones let almost nothing of a graph convolution through."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            assert module.running_mean is not None and module.running_var is not None
            nn.init.normal_(module.running_mean, 0.0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)


def adopt(ours: InfoGCNpp, plain: PlainInfoGCNpp) -> None:
    """Give our network the plain one's weights; its three convolutions of a graph become one map."""
    state = plain.state_dict()
    for name, module in ours.named_modules():
        if isinstance(module, GraphConv):
            maps = [(state.pop(f"{name}.convs.{i}.weight"), state.pop(f"{name}.convs.{i}.bias")) for i in range(3)]
            state[f"{name}.mix.weight"] = torch.cat([weight for weight, _ in maps], dim=1)
            state[f"{name}.mix.bias"] = torch.stack([bias for _, bias in maps]).sum(dim=0)
    names = {"down.0": "down", "down.1": "down_bn", "mlp.0": "widen", "mlp.2": "narrow", "joints.": "to_joints."}

    def ours_of(name: str) -> str:
        return reduce(lambda known, pair: known.replace(*pair), names.items(), name)

    kernels = {name for name, values in state.items() if name.endswith("weight") and values.dim() > 2}
    ours.load_state_dict({ours_of(n): values.flatten(1) if n in kernels else values for n, values in state.items()})


class Answer(nn.Module):
    """What is asked of our network: the frames' logits and, unless only names are wanted, the future joints."""

    def __init__(self, network: InfoGCNpp, decodes: bool) -> None:
        super().__init__()
        self.network, self.decodes = network, decodes

    def forward(self, joints: Tensor) -> tuple[Tensor, ...]:
        """Joints (N, T, V, C) -> frame logits (N, T, K), future joints (N, S, T, V, C)."""
        output = self.network(batch_of(joints))
        return (output.frame_logits, output.aux[FUTURE_JOINTS]) if self.decodes else (output.frame_logits,)


def stream_costs_ms(network: InfoGCNpp, span: int, repeats: int) -> dict[str, float]:
    """Median milliseconds of a frame after a stream has run for so many frames."""
    stream, joints = InfoGCNppStream(network, span), torch.randn(len(network.places), CHANNELS)
    costs: dict[str, float] = {}
    for after in (0, span, 4 * span, 16 * span):
        while stream.frames < after:
            stream.push(joints)
        costs[f"stream, after {after} frames"] = 1e3 * medians_s({"": lambda: stream.push(joints)}, repeats)[""]
    return costs


def measure(frames: int, solver: str, repeats: int) -> dict[str, object]:
    """Medians in milliseconds, their ratios to the plain network's, and how far the answers lie apart."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    graph, joints = joint_graph(COCO17), torch.randn(1, frames, COCO17.num_joints, CHANNELS)
    plain = PlainInfoGCNpp(graph, solver).eval()
    lively(plain)
    ours = InfoGCNpp(InfoGCNppConfig(COCO17.num_joints, CHANNELS, CLASSES, solver=solver), graph).eval()
    adopt(ours, plain)
    full, names = Answer(ours, decodes=True), Answer(ours, decodes=False)
    onnx, onnx_names = exported(full, joints, ["frames", "future"]), exported(names, joints, ["frames"])
    with torch.inference_mode():
        logits, future = plain(joints)
        theirs = logits.transpose(1, 2), future.unflatten(0, (STEPS, 1)).permute(1, 0, 3, 4, 2)
        answers = {"torch": full(joints), "onnx": onnx()}
        taken_s = medians_s(
            {
                "plain": lambda: plain(joints),
                "ours": lambda: full(joints),
                "ours, onnx": onnx,
                "plain, names only": lambda: plain(joints, decodes=False),
                "ours, names only, onnx": onnx_names,
            },
            repeats,
        )
        costs = stream_costs_ms(ours, frames, repeats)
    medians = {name: 1e3 * value for name, value in taken_s.items()}
    plains = {"ours": "plain", "ours, onnx": "plain", "ours, names only, onnx": "plain, names only"}
    return {
        "median_ms": medians | costs,
        "ratio": {name: medians[name] / medians[base] for name, base in plains.items()},
        "difference": {
            n: max(difference(a, b) for a, b in zip(got, theirs, strict=True)) for n, got in answers.items()
        },
    }


def main() -> None:
    """Print the figures as JSON; write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=64)
    parser.add_argument("--solver", default="euler")
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    text = json.dumps(measure(arguments.frames, arguments.solver, arguments.repeats), indent=2)
    print(text)
    if arguments.json:
        arguments.json.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
