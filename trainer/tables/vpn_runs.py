"""The trainings of the video-pose table: one small network each, and what it says to the same test clips."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32
from fias_desktop.models.contract import Batch
from fias_desktop.models.i3d import I3D, I3DConfig, map_shape
from fias_desktop.models.vpn import COUPLED, DISSOCIATED, NONE, VPN, PoseNetwork, VPNConfig, loss, weighted_graph
from trainer.learn.augment import known
from trainer.simulate.appearance import HELD, SPEC, AppearanceSet, Shape, make_set

ANSWERS = "answers.npz"
POSE, VIDEO, FULL = "pose alone", "video alone", "video and pose: VPN"
NO_COUPLER, NO_EMBEDDING, NO_ATTENTION = "VPN without coupler", "VPN without embedding", "VPN without attention"
ROWS = (POSE, VIDEO, NO_COUPLER, NO_EMBEDDING, NO_ATTENTION, FULL)
# Attention and embedding of each row with pictures.
SWITCHES: dict[str, tuple[str, bool]] = {
    VIDEO: (NONE, False),
    NO_COUPLER: (DISSOCIATED, True),
    NO_EMBEDDING: (COUPLED, False),
    NO_ATTENTION: (NONE, True),
    FULL: (COUPLED, True),
}
SHAPE = Shape()
_PER_SCENE = len(HELD)
_WARM_STEPS = 30
_MIRRORED = torch.tensor([-1.0, 1.0, 1.0])  # x, y, score


@dataclass(frozen=True)
class SmallRecipe:
    """What all rows share: scenes to train with and to judge by (each is a clip of every class), the pictures, `epochs`
    of batches of `batch` clips, the largest `learning_rate` (AdamW, a short warm-up, then a cosine); `width` and `last`
    of I3D; `poses`, `pose_width`, `hidden` and `embedded` of VPN."""

    train: int = 600
    test: int = 200
    shape: Shape = SHAPE
    epochs: int = 11
    batch: int = 24
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    width: int = 16
    last: str = "Mixed_3c"
    poses: int = 8
    pose_width: int = 16
    hidden: int = 64
    embedded: int = 64
    data_seed: int = 0


@dataclass(frozen=True)
class Job:
    """One training: a row of the table and a seed of weights, order and mirrors."""

    row: str
    recipe: SmallRecipe
    seed: int

    def folder(self, runs: Path) -> Path:
        """Where its answers are kept: another recipe has another folder."""
        mark = hashlib.sha256(repr(self.recipe).encode()).hexdigest()[:8]
        return runs / f"{self.row.replace(' ', '-').replace(':', '')}-{self.seed}-{mark}"


@dataclass(frozen=True, eq=False)
class Answers:
    """Logits float32 (N, K) of the test clips, the number of parameters, and CPU minutes of training."""

    logits: Float32
    parameters: int
    minutes: float


@dataclass(frozen=True, eq=False)
class Clips:
    """Clips as tensors: `clip` uint8 (N, T', S, S, 3), `joints` float32 (N, T, V, C), `label` int64 (N,)."""

    clip: Tensor
    joints: Tensor
    label: Tensor

    @staticmethod
    def of(found: AppearanceSet) -> Clips:
        """The same without a copy."""
        return Clips(*(torch.from_numpy(values) for values in (found.clip, found.joints, found.label)))

    def batch(self, rows: Tensor) -> Batch:
        """The clips of these rows."""
        joints = self.joints[rows]
        return Batch(joints, known(joints), self.clip[rows], self.label[rows])


def build(row: str, recipe: SmallRecipe) -> nn.Module:
    """A row's network with fresh weights."""
    backbone = I3DConfig(width=recipe.width, last=recipe.last)
    attention, embedding = SWITCHES.get(row, (NONE, False))
    config = VPNConfig(
        joints=COCO17_FEET.num_joints,
        channels=SPEC.channels,
        classes=len(HELD),
        visual=map_shape(backbone, recipe.shape.frames, recipe.shape.pixels),
        frames=recipe.shape.frames,
        size=recipe.shape.pixels,
        poses=recipe.poses,
        width=recipe.pose_width,
        hidden=recipe.hidden,
        embedded=recipe.embedded,
        attention=attention,
        embedding=embedding,
    )
    graph = weighted_graph(COCO17_FEET)
    return PoseNetwork(config, graph) if row == POSE else VPN(config, graph, I3D(backbone))


def work(job: Job, cache: Path, runs: Path) -> Path:
    """Train and judge, unless the answers are there; gives their file."""
    path = job.folder(runs) / ANSWERS
    if path.is_file():
        return path
    train = Clips.of(data(job.recipe, "train", cache))
    test = Clips.of(data(job.recipe, "test", cache))
    torch.manual_seed(job.seed)
    network, started = build(job.row, job.recipe), time.process_time()
    for epoch, value in enumerate(fit(network, train, job.recipe, job.seed)):
        print(f"{job.row}, seed {job.seed}, epoch {epoch + 1}: loss {value:.3f}", flush=True)
    parameters = sum(p.numel() for p in network.parameters())
    save(Answers(answer(network, test), parameters, (time.process_time() - started) / 60), path)
    return path


def data(recipe: SmallRecipe, split: str, cache: Path) -> AppearanceSet:
    """The clips of a split, rendered or from the cache."""
    return make_set(recipe.train if split == "train" else recipe.test, recipe.data_seed, split, recipe.shape, cache)


def fit(network: nn.Module, clips: Clips, recipe: SmallRecipe, seed: int) -> Iterator[float]:
    """Train in place, giving the mean loss of every epoch."""
    rng = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    step, steps = 0, recipe.epochs * len(order(len(clips.label), recipe.batch, rng))
    for _ in range(recipe.epochs):
        network.train()
        values = []
        for rows in order(len(clips.label), recipe.batch, rng):
            for group in optimiser.param_groups:
                group["lr"] = recipe.learning_rate * rate(step, steps)
            batch = mirrored(clips.batch(rows), rng)
            value = loss(network(batch), batch)
            optimiser.zero_grad()
            value.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            values.append(float(value.detach()))
            step += 1
        yield float(np.mean(values))


def rate(step: int, steps: int) -> float:
    """The share of the largest learning rate: a linear warm-up, then a cosine down to 0."""
    return min(1.0, (step + 1) / _WARM_STEPS) * 0.5 * (1 + math.cos(math.pi * step / steps))


def order(clips: int, size: int, rng: torch.Generator) -> list[Tensor]:
    """Rows of batches of whole scenes, in random order: a batch holds each of its scenes with every class, so that
    what scenes differ in cancels out of the gradient."""
    scenes = torch.randperm(clips // _PER_SCENE, generator=rng)
    rows = (scenes[:, None] * _PER_SCENE + torch.arange(_PER_SCENE)).flatten()
    size = min(max(size // _PER_SCENE, 1) * _PER_SCENE, len(rows))
    return [rows[start : start + size] for start in range(0, len(rows) - size + 1, size)]


def mirrored(batch: Batch, rng: torch.Generator) -> Batch:
    """Half of the scenes of a batch seen in a mirror, pictures and joints alike."""
    scenes = len(batch.joints) // _PER_SCENE
    turned = (torch.rand(scenes, generator=rng) < 0.5).repeat_interleave(_PER_SCENE)
    joints = batch.joints[:, :, list(COCO17_FEET.mirror)] * _MIRRORED
    joints = torch.where(turned[:, None, None, None], joints, batch.joints)
    clip = batch.clip
    if clip is not None:
        clip = torch.where(turned[:, None, None, None, None], clip.flip(3), clip)
    return Batch(joints, known(joints), clip, batch.target)


@torch.no_grad()
def answer(network: nn.Module, clips: Clips, size: int = 60) -> Float32:
    """Logits (N, K) of all clips, in their order."""
    network.eval()
    parts = [network(clips.batch(rows)).logits for rows in torch.split(torch.arange(len(clips.label)), size)]
    return np.asarray(torch.cat(parts).numpy(), np.float32)


def save(answers: Answers, path: Path) -> None:
    """Write whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez(part, logits=answers.logits, facts=np.array([answers.parameters, answers.minutes]))
    part.replace(path)


def read(path: Path) -> Answers | None:
    """The answers of a finished training; None when there are none."""
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as file:
        parameters, minutes = file["facts"].tolist()
        return Answers(file["logits"], int(parameters), minutes)
