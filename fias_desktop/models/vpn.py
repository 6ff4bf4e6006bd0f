"""VPN, a video-pose network: joints say where and when to look in the picture.

S. Das, S. Sharma, R. Dai, F. Bremond, M. Thonnat: VPN: Learning Video-Pose Embedding for Activities of Daily Living,
ECCV 2020, equations 1 to 6 and tables 1, 2 and 4. The visual backbone is any network that turns pictures into a map
(the paper's is I3D up to `Mixed_5c`); it is handed over, so that this file knows none.

How the text is read where it leaves a choice:

- equation 1: each of the t_p poses has weights of its own (`t_p number of GCNs`), and no activation follows; the pose
  joins its output through a pointwise projection (`a residual connection`);
- equation 2: the maps of the pose backbone are flattened before W_h, without pooling;
- equations 3 and 4: f_s keeps the places of the map (m n c values, summed over time), z_1 has m n; T_v and T_p have no
  bias, and their Frobenius norms are 1;
- equation 6: the norm of a single weight A_s(j) is its absolute value;
- without the coupler (table 2) the maps modulated by A_S and by A_T are pooled apart and lie side by side before the
  head (separable spatio-temporal attention);
- without the embedding the classification loss counts in full.

Deliberate deviations from the paper:

- joints may be two-dimensional with a score; unknown ones are 0;
- inference is one crop: no fully convolutional one with a maximum over places.

The released code differs from the paper in its adjacency (all zero), in its embedding loss (absolute differences, not
normalised), in its attention regulariser, and in pooling and dense layers inside the pose backbone: the paper is
followed.

What the picture says has no map over joints: how the joints steer the answer is explained by input x gradient, and a
card has to say so. The gradient is written out, so that an exported graph holds it; it is 0 at samples whose pose is
not one of the t_p. Where that is not asked for the features given are those of the pose backbone.

Shapes: N windows, C channels, T samples, V joints, K classes; t_p poses; a visual map of c channels, t_c steps, m rows
and n columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import INPUT_X_GRADIENT
from fias_desktop.domain.skeleton import Skeleton
from fias_desktop.models.contract import Batch, FeatureTensor, Output

BONE, OTHER = 5.0, 2.0  # alpha and beta, the weights of pairs of joints
CLASS_SHARE = 0.8  # lambda_1 of equation 5
REGULARISER = 1e-5  # lambda_2 of equation 5
# What the pose does to the visual map, from tables 1, 2 and 4: nothing, weights for places, weights for places and
# weights for times apart, or both coupled (the whole network).
NONE, SPATIAL, DISSOCIATED, COUPLED = "none", "spatial", "dissociated", "coupled"
ATTENTIONS = (NONE, SPATIAL, DISSOCIATED, COUPLED)
SPATIAL_MAP, TEMPORAL_MAP, COUPLED_MAP = "spatial_attention", "temporal_attention", "attention"
VISUAL_POINT, POSE_POINT = "visual_embedding", "pose_embedding"


@dataclass(frozen=True)
class VPNConfig:
    """`joints` V, `channels` C, `classes` K; `frames` and `size` (pixels) of the pictures that the visual backbone gets
    and `visual` (c, t_c, m, n), the map it makes of them. `poses` t_p, `width` of the graph convolution (the three
    convolutions have once, once and twice that), `hidden` of equation 2, `embedded` D_e of equation 3. `attention` is
    one of `ATTENTIONS`; `embedding` and `trained_visual` (else the visual backbone is frozen) are switches.
    `explained`: answers in evaluation mode come with the gradient of every class by the joints and the joints; `errors`
    E of the multi-label head (0: none)."""

    joints: int
    channels: int
    classes: int
    visual: tuple[int, int, int, int] = (1024, 8, 7, 7)
    frames: int = 64
    size: int = 224
    poses: int = 20
    width: int = 64
    hidden: int = 256
    embedded: int = 256
    dropout: float = 0.3
    attention: str = COUPLED
    embedding: bool = True
    trained_visual: bool = True
    explained: bool = False
    errors: int = 0

    def __post_init__(self) -> None:
        if self.attention not in ATTENTIONS:
            raise ValueError(f"unknown attention {self.attention!r}; known: {', '.join(ATTENTIONS)}")
        if self.explained and self.attention == NONE:
            raise ValueError("without attention the joints have no part in the answer")


def weighted_graph(skeleton: Skeleton, bone: float = BONE, other: float = OTHER) -> Tensor:
    """E of the paper, float32 (V, V): `bone` between joined joints, `other` between others, 0 on the diagonal."""
    weights = torch.full((skeleton.num_joints, skeleton.num_joints), other)
    for child, parent in skeleton.inward:
        weights[child, parent] = weights[parent, child] = bone
    return weights.fill_diagonal_(0.0)


def normalised(graph: Tensor) -> Tensor:
    """D^-1/2 (E + I) D^-1/2 of equation 1, with D the row sums of E + I."""
    whole = graph + torch.eye(len(graph))
    scale = whole.sum(dim=1).rsqrt()
    return scale[:, None] * whole * scale


def evenly(values: Tensor, count: int) -> Tensor:
    """`count` entries of the second axis, uniformly from the first to the last (some twice where there are fewer)."""
    return values[:, chosen(values.shape[1], count).to(values.device)]


def chosen(length: int, count: int) -> Tensor:
    """Which of `length` entries `evenly` takes, int64 (count,)."""
    return torch.linspace(0, length - 1, count).round().long()


def pictures(clip: Tensor, frames: int, size: int) -> Tensor:
    """A clip uint8 (N, T', H, W, 3) as the visual backbone takes it: float32 (N, 3, frames, size, size), -1..1."""
    taken = evenly(clip, frames).permute(0, 1, 4, 2, 3)
    flat = taken.flatten(0, 1).float() / 127.5 - 1.0
    if flat.shape[-2:] != (size, size):
        flat = F.interpolate(flat, (size, size), mode="bilinear", antialias=True)
    return flat.view(-1, frames, 3, size, size).transpose(1, 2)


class PoseGraph(nn.Module):
    """Equation 1: every pose by a graph convolution of its own."""

    graph: Tensor

    def __init__(self, graph: Tensor, poses: int, channels: int, out: int) -> None:
        super().__init__()
        self.register_buffer("graph", normalised(graph))
        self.weight = nn.Parameter(torch.randn(poses, channels, out) * channels**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, t_p, V) -> (N, C', t_p, V)."""
        heard = torch.einsum("nctv,wv->nctw", x, self.graph)
        return torch.einsum("nctw,tcd->ndtw", heard, self.weight)

    def gradient_of(self, gradient: Tensor) -> Tensor:
        """The gradient (R, C, t_p, V) of the input from that of the output, (R, C', t_p, V)."""
        return torch.einsum("rctw,wv->rctv", torch.einsum("rdtw,tcd->rctw", gradient, self.weight), self.graph)


class PoseBackbone(nn.Module):
    """Graph convolutions with a residual connection, then three convolutions over poses and joints."""

    def __init__(self, config: VPNConfig, graph: Tensor) -> None:
        super().__init__()
        self.poses, width = config.poses, config.width
        self.graph = PoseGraph(graph, config.poses, config.channels, width)
        self.residual = nn.Conv2d(config.channels, width, 1)
        self.convs = nn.Sequential(_conv(width, width), _conv(width, width), _conv(width, 2 * width))

    def forward(self, joints: Tensor) -> tuple[FeatureTensor, FeatureTensor]:
        """(N, T, V, C) -> the maps after the graph (N, width, t_p, V) and h*, (N, 2 width, t_p, V)."""
        x = evenly(joints, self.poses).permute(0, 3, 1, 2)
        graph = self.graph(x) + self.residual(x)
        return FeatureTensor("graph", graph), FeatureTensor("pose", self.convs(graph))

    def gradient_of(self, gradient: Tensor, graph: Tensor, frames: int) -> Tensor:
        """The gradient (N, K, C, T, V) of the joints from that of h*, (N, K, 2 width, t_p, V), where the maps after the
        graph were (N, width, t_p, V); batch norms in evaluation mode."""
        seen = [graph]
        for block in self.convs:
            seen.append(block(seen[-1]))
        classes = gradient.shape[1]
        blocks = [cast(nn.Sequential, block) for block in self.convs]
        for block, after in zip(reversed(blocks), reversed(seen[1:]), strict=True):
            conv, norm = cast(nn.Conv2d, block[0]), cast(nn.BatchNorm2d, block[1])
            passed = gradient * (after.gt(0) * scale_of(norm)[:, None, None])[:, None]
            back = F.conv_transpose2d(passed.flatten(0, 1), conv.weight, padding=1)
            gradient = back.view(-1, classes, *back.shape[1:])
        rows = gradient.flatten(0, 1)
        at_poses = self.graph.gradient_of(rows) + F.conv_transpose2d(rows, self.residual.weight)
        places = F.one_hot(chosen(frames, self.poses), frames).to(rows)
        return torch.einsum("nkcpv,pt->nkctv", at_poses.view(-1, classes, *at_poses.shape[1:]), places)


def scale_of(norm: nn.BatchNorm2d) -> Tensor:
    """What a batch norm in evaluation mode multiplies each channel by, (C,)."""
    return norm.weight / torch.sqrt(cast(Tensor, norm.running_var) + norm.eps)


def _conv(channels: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU())


class Latent(nn.Sequential):
    """z = W_z tanh(W_h h* + b_h) + b_z, before equation 2."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__(nn.Flatten(), nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs))

    def gradient_of(self, gradient: Tensor, pose: Tensor) -> Tensor:
        """The gradient (N, K, C, t_p, V) of the map h* (N, C, t_p, V) from that of z, (N, K, outputs)."""
        first, last = cast(nn.Linear, self[1]), cast(nn.Linear, self[3])
        seen = first(pose.flatten(1)).tanh()
        at_hidden = gradient @ last.weight * (1 - seen.square())[:, None]
        found: Tensor = (at_hidden @ first.weight).view(*gradient.shape[:2], *pose.shape[1:])
        return found


def coupled(spatial: Tensor, temporal: Tensor) -> Tensor:
    """inflate(A_S) o inflate(A_T): (N, m, n) and (N, t_c) -> A_ST (N, t_c, m, n)."""
    return spatial[:, None] * temporal[:, :, None, None]


class Embedding(nn.Module):
    """Equations 3 and 4: two linear maps of unit norm into one space, and the points on its unit sphere."""

    def __init__(self, visual: int, pose: int, embedded: int) -> None:
        super().__init__()
        self.visual = nn.Parameter(torch.randn(embedded, visual) * visual**-0.5)
        self.pose = nn.Parameter(torch.randn(embedded, pose) * pose**-0.5)

    def forward(self, features: Tensor, latent: Tensor) -> tuple[Tensor, Tensor]:
        """A visual map (N, c, t_c, m, n) and z_1 (N, m n) -> two points of length 1, (N, D_e) each."""
        summed = features.sum(dim=2).flatten(1)
        points = (F.linear(summed, unit(self.visual)), F.linear(latent, unit(self.pose)))
        return F.normalize(points[0], dim=1), F.normalize(points[1], dim=1)


def unit(weight: Tensor) -> Tensor:
    """The matrix by its Frobenius norm: the constraint of equation 4 holds at every step."""
    norm: Tensor = weight.norm()
    return weight / norm


class VPN(nn.Module):
    """Visual map, pose backbone, attention, spatial embedding, average, dropout, linear head."""

    def __init__(self, config: VPNConfig, graph: Tensor, visual: nn.Module) -> None:
        """`graph` (V, V) as `weighted_graph` makes it; `visual` takes (N, 3, frames, size, size) to `config.visual`."""
        super().__init__()
        self.config = config
        self.visual = visual.requires_grad_(config.trained_visual)
        channels, steps, rows, columns = config.visual
        needs_pose = config.embedding or config.attention != NONE
        inputs = 2 * config.width * config.poses * config.joints
        self.pose = PoseBackbone(config, graph) if needs_pose else None
        self.places = Latent(inputs, config.hidden, rows * columns) if needs_pose else None
        self.times = Latent(inputs, config.hidden, steps) if config.attention in (DISSOCIATED, COUPLED) else None
        places = rows * columns
        self.embedding = Embedding(channels * places, places, config.embedded) if config.embedding else None
        self.dropout = nn.Dropout(config.dropout)
        pooled = channels * (2 if config.attention == DISSOCIATED else 1)
        self.head = nn.Linear(pooled, config.classes)
        self.error_head = nn.Linear(pooled, config.errors) if config.errors else None

    def train(self, mode: bool = True) -> VPN:
        """A frozen visual backbone keeps its batch statistics."""
        super().train(mode)
        if not self.config.trained_visual:
            self.visual.eval()
        return self

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K), maps of the pose backbone, and in `aux` the weights and points that the loss and people look
        at: `spatial_attention` (N, m, n), `temporal_attention` (N, t_c), `attention` (N, t_c, m, n),
        `visual_embedding` and `pose_embedding` (N, D_e), as far as the configuration has them.

        FiasError without pictures; ValueError when the visual backbone does not fit the configuration.
        """
        features = self.visual_map(batch.clip)
        maps: tuple[FeatureTensor, ...] = ()
        aux: dict[str, Tensor] = {}
        if self.pose is not None:
            maps = self.pose(batch.joints)
            aux = self._looked_at(features, maps[-1].values)
        pooled = self._modulated(features, aux)
        logits = self.head(self.dropout(pooled))
        errors = None if self.error_head is None else self.error_head(pooled)
        identity = None
        if self.config.explained and not self.training:
            gradients = self.gradients(features, (maps[0].values, maps[1].values), aux, batch.joints.shape[1])
            maps, identity = (with_input(gradients, batch.joints),), torch.eye(self.config.classes).to(logits)
        return Output(logits, maps, identity, aux=aux, error_logits=errors, pooled=pooled)

    def gradients(self, features: Tensor, maps: tuple[Tensor, Tensor], aux: dict[str, Tensor], frames: int) -> Tensor:
        """The gradient of every logit by the joints, (N, K, C, T, V): through the weights of equation 2."""
        graph, pose = maps
        by_place, by_time = self._asked(features, aux)
        spatial = aux[SPATIAL_MAP][:, None]
        at_places = (by_place * spatial * (1 - spatial)).flatten(2)
        gradient = cast(Latent, self.places).gradient_of(at_places, pose)
        if self.times is not None:
            temporal = aux[TEMPORAL_MAP][:, None]
            at_times = temporal * (by_time - (by_time * temporal).sum(dim=2, keepdim=True))
            gradient = gradient + self.times.gradient_of(at_times, pose)
        return cast(PoseBackbone, self.pose).gradient_of(gradient, graph, frames)

    def _asked(self, features: Tensor, aux: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """The gradient of every logit by A_S, (N, K, m, n), and by A_T, (N, K, t_c)."""
        channels, kind = features.shape[1], self.config.attention
        share = features / features[0, 0].numel()
        first, last = self.head.weight[:, :channels], self.head.weight[:, -channels:]
        over_time = share * aux[TEMPORAL_MAP][:, None, :, None, None] if kind == COUPLED else share
        over_place = share * aux[SPATIAL_MAP][:, None, None] if kind == COUPLED else share
        return (
            torch.einsum("kc,ncmr->nkmr", first, over_time.sum(dim=2)),
            torch.einsum("kc,nct->nkt", last, over_place.sum(dim=(3, 4))),
        )

    def visual_map(self, clip: Tensor | None) -> Tensor:
        """The map f (N, c, t_c, m, n) of the pictures; no gradient reaches a frozen backbone."""
        if clip is None:
            raise FiasError(
                "This model needs the picture of the person as well as the joints.",
                "Use it with a camera or a video, or choose a model that needs joints only.",
            )
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.config.trained_visual):
            found: Tensor = self.visual(pictures(clip, self.config.frames, self.config.size))
        if found.shape[1:] != self.config.visual:
            raise ValueError(f"the visual map is {tuple(found.shape[1:])}, the configuration says {self.config.visual}")
        return found

    def _looked_at(self, features: Tensor, pose: Tensor) -> dict[str, Tensor]:
        """Weights of equation 2 and points of equation 4 by name."""
        latent, aux = cast(nn.Module, self.places)(pose), {}
        if self.config.attention != NONE:
            aux[SPATIAL_MAP] = latent.sigmoid().unflatten(1, self.config.visual[2:])
        if self.times is not None:
            aux[TEMPORAL_MAP] = self.times(pose).softmax(dim=1)
        if self.config.attention == COUPLED:
            aux[COUPLED_MAP] = coupled(aux[SPATIAL_MAP], aux[TEMPORAL_MAP])
        if self.embedding is not None:
            aux[VISUAL_POINT], aux[POSE_POINT] = self.embedding(features, latent)
        return aux

    def _modulated(self, features: Tensor, aux: dict[str, Tensor]) -> Tensor:
        """f' = f + A o f, averaged over time and place: (N, c), or (N, 2c) with both kinds of weights apart."""
        kind, plain = self.config.attention, features.mean(dim=(2, 3, 4))
        if kind == NONE:
            return plain
        if kind == COUPLED:
            return plain + _weighted(features, aux[COUPLED_MAP])
        by_place = plain + _weighted(features, aux[SPATIAL_MAP][:, None])
        if kind == SPATIAL:
            return by_place
        by_time = plain + _weighted(features, aux[TEMPORAL_MAP][:, :, None, None])
        return torch.cat([by_place, by_time], dim=1)


def with_input(gradients: Tensor, joints: Tensor) -> FeatureTensor:
    """What `stages.explain` needs, (N, (K + 1) C, T, V): gradients (N, K, C, T, V), then the input (N, T, V, C)."""
    values = torch.cat([gradients, joints.permute(0, 3, 1, 2)[:, None]], dim=1)
    return FeatureTensor(INPUT_X_GRADIENT, values.flatten(1, 2))


def _weighted(features: Tensor, weights: Tensor) -> Tensor:
    """The mean over time and place of f (N, c, t_c, m, n) times weights that broadcast to (N, t_c, m, n): (N, c)."""
    return (features * weights[:, None]).mean(dim=(2, 3, 4))


class PoseNetwork(nn.Module):
    """The pose backbone with a head of its own: what joints alone can tell."""

    def __init__(self, config: VPNConfig, graph: Tensor) -> None:
        super().__init__()
        self.pose = PoseBackbone(config, graph)
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(2 * config.width, config.classes)

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K) of the joints; the clip is not looked at."""
        maps = self.pose(batch.joints)
        pooled = maps[-1].values.mean(dim=(2, 3))
        return Output(self.head(self.dropout(pooled)), maps, self.head.weight, pooled=pooled)


def embedding_loss(output: Output) -> Tensor:
    """L_e of equation 4: the squared distance of both points, averaged over the batch; 0 without an embedding."""
    if VISUAL_POINT not in output.aux:
        return output.logits.new_zeros(())
    return (output.aux[VISUAL_POINT] - output.aux[POSE_POINT]).square().sum(dim=1).mean()


def attention_loss(output: Output) -> Tensor:
    """L_a of equation 6, averaged over the batch; weights that the network does not have add nothing."""
    total, aux = output.logits.new_zeros(()), output.aux
    if SPATIAL_MAP in aux:
        total = total + aux[SPATIAL_MAP].abs().sum(dim=(1, 2)).mean()
    if TEMPORAL_MAP in aux:
        total = total + (1 - aux[TEMPORAL_MAP]).square().sum(dim=1).mean()
    return total


def loss(output: Output, batch: Batch) -> Tensor:
    """L of equation 5 for a batch with targets; ValueError without them."""
    if batch.target is None:
        raise ValueError("the loss needs targets")
    classes = F.cross_entropy(output.logits, batch.target)
    share = CLASS_SHARE if VISUAL_POINT in output.aux else 1.0
    return share * classes + (1 - share) * embedding_loss(output) + REGULARISER * attention_loss(output)
