"""InfoGCN++, which answers at every frame and foresees the next ones: the network of the 14 sport actions.

S. Chi, H. Chi, Q. Huang, K. Ramani: InfoGCN++: Learning Representation by Predicting the Future for Online Human
Skeleton-based Action Recognition, IEEE TPAMI 2024, as the article on 14 sport actions describes it; sections and
equations are numbered as there. Within a frame, joints are related by self-attention times learned topologies (section
3.2.2.1); over time, every joint attends to its own past (3.2.2.2, equation 7); a neural ordinary differential equation
carries what is known on to the next frames (3.2.2.4), which the classifier (3.2.2.3, equation 12) and a decoder of
future joints (3.2.2.5) read.

As in the released network, where the text says otherwise: the differential equation relates joints by a fixed graph,
the decoder and the classifier by learned topologies without attention; queries, keys and values come out of a ReLU; a
stage of a solver between two frames has the positional encoding of the frame before it; the default solver is Euler's.
The article's "rk4" is that of a library whose rk4 is the 3/8 rule, here `rk4_38`; `rk4` is the classical one of its
text.

Deliberate deviations from the released network, none of which changes a number:

- one person per window, so there is no person axis;
- one classifier for every frame. The released network always holds ten, of which it uses one unless told otherwise: it
  has 9 classifiers x (D (S + 1) / 2 + 1) K parameters more. The article's has four, one for each quarter of a window,
  which ties it to T: 3 classifiers more;
- the maps of a graph convolution's three topologies are one matrix with one bias; the released three biases are added
  up, 2 C' parameters more in each of the depth + 4 graph convolutions;
- masks and positional encodings are made for the frames that come, so that a checkpoint is not tied to T;
- batch norms in evaluation mode are folded into the products before them.

Explanations: the last feature map, `classifier`, is followed by a mean over joints and a linear head at every frame. It
is the suited one: frame t of its closed form says which joints spoke for a class in the answer at frame t, and the
whole is Grad-CAM of `logits`. It does not say which earlier frame was remembered; input x gradient does. The maps
before it are read by attention: their channels are not evidence for a class.

Joints that are not known are 0 in the input, in every channel.

Shapes: N windows, C channels, T frames, V joints, K classes, D channels inside (`width`), S future frames.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.skeleton import Skeleton
from fias_desktop.models.contract import Batch, FeatureTensor, Output
from fias_desktop.models.graph import adjacency
from fias_desktop.models.ode import SOLVERS, integrate

TOPOLOGIES = 3  # heads of every graph convolution
RELATION_SHARE = 8  # a graph's queries and keys have this many times fewer channels than its input
WAVELENGTH = 10_000.0  # of the slowest sinusoid, over 2 pi, in frames
FUTURE_JOINTS, LATENTS, FUTURE_LATENTS = "future_joints", "latents", "future_latents"  # in `Output.aux`


@dataclass(frozen=True)
class InfoGCNppConfig:
    """`joints` V, `channels` C of the input (2: x, y; 3: and score), `classes` K, `width` D, `depth` blocks of `heads`
    temporal attention heads, `errors` E of the multi-label head beside the classes (0: none), `steps` S future frames,
    `solver` one of `SOLVERS` (models/ode.py). ValueError for an unknown solver and a width that is odd or no multiple
    of the heads.

    `cycle`: 0 counts the positions of a window's frames from its start, as published. Otherwise they are counted modulo
    `cycle` and start anywhere in training, for streams that run on (models/infogcnpp_online.py).
    """

    joints: int
    channels: int
    classes: int
    width: int = 64
    depth: int = 4
    heads: int = 4
    errors: int = 0
    steps: int = 3
    solver: str = "euler"
    cycle: int = 0

    def __post_init__(self) -> None:
        if self.solver not in SOLVERS:
            raise ValueError(f"unknown solver {self.solver!r}; known: {', '.join(SOLVERS)}")
        if self.width % 2 or self.width % self.heads:
            raise ValueError(f"a width of {self.width} does not fit {self.heads} heads")


def joint_graph(skeleton: Skeleton, loops: float = 2.0) -> Tensor:
    """D^-1/2 (A + `loops` I) D^-1/2 with the bones A and the row sums D of A + `loops` I, float32 (V, V).

    Two loops as released; the article has one.
    """
    bones = adjacency(skeleton.num_joints, skeleton.inward)
    matrix = bones + bones.T + loops * torch.eye(skeleton.num_joints)
    scale = matrix.sum(dim=1).rsqrt()
    return scale[:, None] * matrix * scale


def positional_encoding(positions: Tensor, width: int) -> Tensor:
    """Sines and cosines by turns, (T, width), of frame positions (T,)."""
    even = torch.arange(0, width, 2, dtype=torch.float32, device=positions.device)
    angles = positions.to(torch.float32)[:, None] * torch.exp(even * (-math.log(WAVELENGTH) / width))
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


class GraphConv(nn.Module):
    """The sum over three learned topologies of what joints hear of each other, batch norm, shortcut and ReLU."""

    def __init__(self, graph: Tensor, channels: int, out: int) -> None:
        super().__init__()
        self.topology = nn.Parameter(graph.repeat(TOPOLOGIES, 1, 1))
        self.mix = nn.Linear(TOPOLOGIES * channels, out)
        self.bn = nn.BatchNorm1d(out)
        self.down = None if channels == out else nn.Linear(channels, out)
        self.down_bn = None if channels == out else nn.BatchNorm1d(out)
        self._start_as_shortcut()

    def _start_as_shortcut(self) -> None:
        """As released: next to nothing of the neighbours at first."""
        nn.init.normal_(self.mix.weight, 0.0, math.sqrt(2.0 / self.mix.weight.numel()))
        nn.init.zeros_(self.mix.bias)
        nn.init.constant_(self.bn.weight, 1e-6)
        if self.down is not None:
            nn.init.kaiming_normal_(self.down.weight, mode="fan_out")
            nn.init.zeros_(self.down.bias)

    def forward(self, x: Tensor) -> Tensor:
        """(..., V, C) -> (..., V, C'), each frame by itself."""
        joints, channels = x.shape[-2:]
        frames = x.reshape(-1, joints, channels)
        heard = torch.matmul(self.relations(frames), frames).view(-1, TOPOLOGIES * channels)
        rows = frames.view(-1, channels)
        if self.training:
            out = F.relu(self.bn(self.mix(heard)) + self._shortcut(rows))
        else:
            out = F.relu_(self._folded(heard, rows))
        return out.view(*x.shape[:-1], self.mix.out_features)

    def relations(self, frames: Tensor) -> Tensor:
        """What every joint hears of each joint by each topology: (F, V, C) -> (F or 1, V 3, V), joint slowest."""
        joints = frames.shape[1]
        return self.topology.transpose(0, 1).reshape(1, joints * TOPOLOGIES, joints)

    def _shortcut(self, rows: Tensor) -> Tensor:
        if self.down is None or self.down_bn is None:
            return rows
        return cast(Tensor, self.down_bn(self.down(rows)))

    def _folded(self, heard: Tensor, rows: Tensor) -> Tensor:
        weight, bias = with_norm(self.mix, self.bn)
        if self.down is None or self.down_bn is None:
            shortcut = rows + bias
        else:
            down, down_bias = with_norm(self.down, self.down_bn)
            shortcut = F.linear(rows, down, down_bias + bias)
        return torch.addmm(shortcut, heard, weight.t())


def with_norm(linear: nn.Linear, norm: nn.BatchNorm1d) -> tuple[Tensor, Tensor]:
    """Weight (C', C) and bias (C',) of a linear map and the batch norm in evaluation mode after it as one."""
    scale = norm.weight * torch.rsqrt(cast(Tensor, norm.running_var) + norm.eps)
    return linear.weight * scale[:, None], (linear.bias - cast(Tensor, norm.running_mean)) * scale + norm.bias


class AttentiveGraphConv(GraphConv):
    """A graph convolution whose topologies are learned ones times self-attention within the frame (section 3.2.2.1)."""

    def __init__(self, graph: Tensor, channels: int, out: int) -> None:
        super().__init__(graph, channels, out)
        self.inner = max(channels // RELATION_SHARE, 1)
        self.norm = nn.LayerNorm(channels)
        self.relate = nn.Linear(channels, 2 * TOPOLOGIES * self.inner)

    def relations(self, frames: Tensor) -> Tensor:
        """(F, V, C) -> (F, V 3, V)."""
        count, joints, _ = frames.shape
        both = self.relate(self.norm(frames)).view(count, joints, 2, TOPOLOGIES, self.inner)
        queries, keys = both[:, :, 0].transpose(1, 2), both[:, :, 1].permute(0, 2, 3, 1)
        attention = (torch.matmul(queries, keys) * self.inner**-0.5).softmax(dim=-1)
        table: Tensor = (attention * self.topology).transpose(1, 2)
        return table.reshape(count, joints * TOPOLOGIES, joints)


class Block(nn.Module):
    """Causal self-attention over time with queries, keys and values of a graph convolution, and an MLP (equation 7)."""

    def __init__(self, graph: Tensor, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.graph = AttentiveGraphConv(graph, width, 3 * width)
        self.merge = nn.Linear(width, width)
        self.mlp_norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 2 * width)
        self.narrow = nn.Linear(2 * width, width)

    def project(self, x: Tensor) -> tuple[Tensor, ...]:
        """(N, T, V, D) -> queries, keys and values, each (N V, heads, T, D / heads)."""
        n, frames, joints, width = x.shape
        each = self.graph(self.norm(x)).view(n, frames, joints, 3, self.heads, width // self.heads)
        return tuple(part.flatten(0, 1) for part in each.permute(3, 0, 2, 4, 1, 5))

    def finish(self, x: Tensor, heard: Tensor) -> Tensor:
        """The frames (N, T, V, D) and what they heard of the past (N V, heads, T, D / heads) -> (N, T, V, D)."""
        n, frames, joints, width = x.shape
        rows = heard.view(n, joints, self.heads, frames, -1).permute(0, 3, 1, 2, 4).reshape(n, frames, joints, width)
        x = x + self.merge(rows)
        return cast(Tensor, x + self.narrow(F.gelu(self.widen(self.mlp_norm(x)))))

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """(N, T, V, D) -> (N, T, V, D); `mask` bool (T, T) says what a frame sees, None all of its past."""
        queries, keys, values = self.project(x)
        return self.finish(x, F.scaled_dot_product_attention(queries, keys, values, mask, is_causal=mask is None))


class Dynamics(nn.Module):
    """How what is known of a frame changes: f of dz/dt = f(t, z), with the frame's position plus t told to it."""

    def __init__(self, graph: Tensor, width: int) -> None:
        super().__init__()
        self.register_buffer("graph", graph[None].clone(), persistent=False)
        self.first, self.second = nn.Linear(width, width), nn.Linear(width, width)
        self.last = nn.Linear(width, width)

    def forward(self, z: Tensor, encoding: Tensor) -> Tensor:
        """(N, T, V, D) with the encodings (T, D) -> (N, T, V, D)."""
        graph, frames = cast(Tensor, self.graph), (z + encoding[:, None]).flatten(0, 1)
        frames = F.leaky_relu_(self.first(torch.matmul(graph, frames)))
        frames = F.leaky_relu_(self.second(torch.matmul(graph, frames)))
        return cast(Tensor, self.last(frames).view_as(z))


class InfoGCNpp(nn.Module):
    """Embedding, causal blocks, differential equation, decoder of future joints, classifier of every frame."""

    def __init__(self, config: InfoGCNppConfig, graph: Tensor) -> None:
        super().__init__()
        self.config = config
        width, seen = config.width, config.width * (config.steps + 1)
        inside = seen // 2 if config.steps else width
        self.embed = nn.Linear(config.channels, width)
        self.places = nn.Parameter(torch.randn(config.joints, width))
        self.blocks = nn.ModuleList(Block(graph, width, config.heads) for _ in range(config.depth))
        self.blocks.apply(_start_small)
        self.dynamics = Dynamics(graph, width)
        self.decoder = nn.Sequential(GraphConv(graph, width, width), GraphConv(graph, width, width))
        self.to_joints = nn.Linear(width, config.channels)
        self.classifier = nn.Sequential(GraphConv(graph, seen, inside), GraphConv(graph, inside, inside))
        self.head = nn.Linear(inside, config.classes)
        self.error_head = nn.Linear(inside, config.errors) if config.errors else None

    def forward(self, batch: Batch, span: int | None = None) -> Output:
        """Answers at every frame (N, T, K), `logits` that of the last; what each frame foresees is in `aux`.

        In evaluation mode nothing at a frame depends on later ones; in training, the batch norms see all frames.
        `span`: how many frames a frame attends to in each block, itself among them; None: all up to itself. In `aux`:
        `future_joints` (N, S, T, V, C), what frame t expects at frames t + 1, ..., t + S; `future_latents`
        (N, S, T, V, D) and `latents` (N, T, V, D), the same of what is known of a frame, for the loss.
        """
        positions = self.positions(batch.joints)
        mask = None if span is None else band(len(positions), span, positions.device)
        x = self.embedded(batch.joints, positions)
        features: list[FeatureTensor] = []
        for i, block in enumerate(self.blocks):
            features.append(FeatureTensor(f"block{i}", block(x, mask).permute(0, 3, 1, 2)))
            x = features[-1].values.permute(0, 2, 3, 1)  # read from the map, so that the answer has a gradient by it
        future = self.future(x, positions, self.config.steps)
        features.append(FeatureTensor("classifier", self.classified(x, future).permute(0, 3, 1, 2)))
        pooled = features[-1].values.mean(dim=3).transpose(1, 2)
        frames, now = self.head(pooled), pooled[:, -1]
        errors = None if self.error_head is None else self.error_head(now)
        aux = {FUTURE_JOINTS: self.decoded(future), LATENTS: x, FUTURE_LATENTS: future}
        return Output(frames[:, -1], tuple(features), self.head.weight, frames, aux, errors, now)

    def positions(self, joints: Tensor) -> Tensor:
        """The positions (T,) of a window's frames (N, T, V, C)."""
        count = torch.arange(joints.shape[1], device=joints.device)
        if not self.config.cycle or not self.training:
            return count
        return count + torch.randint(self.config.cycle, (1,), device=joints.device)

    def encoding(self, positions: Tensor, like: Tensor) -> Tensor:
        """The encodings (T, D) of positions (T,), which start again after a cycle."""
        wrapped = positions % self.config.cycle if self.config.cycle else positions
        return positional_encoding(wrapped, self.config.width).to(like.dtype)

    def embedded(self, joints: Tensor, positions: Tensor) -> Tensor:
        """Joints (N, T, V, C) -> (N, T, V, D)."""
        told: Tensor = self.places + self.encoding(positions, joints)[:, None]
        return cast(Tensor, self.embed(joints) + told)

    def future(self, x: Tensor, positions: Tensor, steps: int) -> Tensor:
        """What frames (N, T, V, D) will be after 1, ..., `steps` frames, (N, S, T, V, D)."""

        def slope(time: float, z: Tensor) -> Tensor:
            return cast(Tensor, self.dynamics(z, self.encoding(positions + int(time), z)))

        states = integrate(slope, x, steps, self.config.solver)
        return torch.stack(states, dim=1) if states else x.new_zeros(len(x), 0, *x.shape[1:])

    def classified(self, x: Tensor, future: Tensor) -> Tensor:
        """The last feature map (N, T, V, C') of frames and their future (equation 12)."""
        return cast(Tensor, self.classifier(torch.cat([x, *future.unbind(1)], dim=-1)))

    def decoded(self, future: Tensor) -> Tensor:
        """Latents (N, S, T, V, D) -> joints (N, S, T, V, C) (section 3.2.2.5)."""
        return cast(Tensor, self.to_joints(self.decoder(future)))


def _start_small(module: nn.Module) -> None:
    """The released blocks' start, but for the maps of their graph convolutions."""
    if isinstance(module, Block):
        for linear in (module.graph.relate, module.merge, module.widen, module.narrow):
            nn.init.normal_(linear.weight, 0.0, 0.02)
            nn.init.zeros_(linear.bias)


def band(frames: int, span: int, device: torch.device | None = None) -> Tensor:
    """Bool (T, T): frame t (row) sees frames t - `span` + 1, ..., t."""
    index = torch.arange(frames, device=device)
    age = index[:, None] - index
    return (age >= 0) & (age < span)


@dataclass(frozen=True)
class LossWeights:
    """Of the classification, the joints and the latents to come; and the label smoothing: those of the article.

    Its text means the joints' error as it is here (equation 10); its released code, which divides by less, has it
    C V times as large. To train as that code does, let `joints` be 0.1 C V.
    """

    classes: float = 1.0
    joints: float = 0.1
    latents: float = 0.1
    smoothing: float = 0.1


ARTICLE = LossWeights()


def loss(output: Output, batch: Batch, weights: LossWeights = ARTICLE) -> Tensor:
    """The weighted sum of the three losses of a batch with targets; ValueError without them (section 4.1.4)."""
    if batch.target is None or output.frame_logits is None:
        raise ValueError("the loss needs targets and answers at every frame")
    classes = frame_loss(output.frame_logits, batch.target, weights.smoothing)
    return weights.classes * classes + foresight_loss(output, batch, weights)


def foresight_loss(output: Output, batch: Batch, weights: LossWeights = ARTICLE) -> Tensor:
    """The weighted losses of the joints and the latents to come, without those of the classes."""
    joints = future_loss(output.aux[FUTURE_JOINTS], batch.joints, batch.mask)
    latents = future_loss(output.aux[FUTURE_LATENTS], output.aux[LATENTS])
    return weights.joints * joints + weights.latents * latents


def frame_loss(frame_logits: Tensor, target: Tensor, smoothing: float) -> Tensor:
    """Mean cross-entropy over windows and frames, (N, T, K) against int64 (N,) (equation 13, without its 1 / K)."""
    frames = frame_logits.shape[1]
    return F.cross_entropy(frame_logits.flatten(0, 1), target.repeat_interleave(frames), label_smoothing=smoothing)


def future_loss(future: Tensor, values: Tensor, known: Tensor | None = None) -> Tensor:
    """Mean squared error of what each frame foresaw (N, S, T, V, C) of later `values` (N, T, V, C) inside the window.

    Every pair of frames, joint and channel counts the same (equations 10 and 11); joints that are not `known` bool
    (N, T, V) do not count. The sum of squares is divided by pairs x V x C, in the released code, for joints, by pairs
    only: that is C V times this one. Of the latents both sides learn, as released.
    """
    total, count = values.new_zeros(()), values.new_zeros(())
    for step in range(1, min(future.shape[1], values.shape[1] - 1) + 1):
        squares = (future[:, step - 1, :-step] - values[:, step:]).square()
        counts = torch.ones_like(squares[..., :1]) if known is None else known[:, step:, :, None].to(squares.dtype)
        total = total + (squares * counts).sum()
        count = count + counts.sum() * squares.shape[-1]
    return total / count.clamp(min=1)
