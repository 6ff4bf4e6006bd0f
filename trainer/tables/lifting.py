"""Depth from a picture: a small network that lifts joints seen in 2D into 3D, frame by frame.

J. Martinez, R. Hossain, J. Romero, J. Little: A Simple Yet Effective Baseline for 3D Human Pose Estimation, ICCV 2017,
at a quarter of its width and with one residual block. It learns from simulated athletes that no table trains or judges
with, from cameras all around.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32
from trainer.tables.sim_common import ViewSet

WIDTH, EPOCHS, BATCH, LEARNING_RATE, DROPOUT = 256, 30, 512, 2e-3, 0.1
EVERY = 4  # neighbouring samples are too alike to be worth learning from
_HIPS = COCO17_FEET.indices("left_hip", "right_hip")


class Lifter(nn.Module):
    """Joints x, y, score (F, V, 3) of single frames to their depth behind the middle of the hips (F, V)."""

    def __init__(self, joints: int = COCO17_FEET.num_joints) -> None:
        super().__init__()
        self.enter = nn.Linear(joints * 3, WIDTH)
        self.block = nn.Sequential(_layer(), _layer())
        self.leave = nn.Linear(WIDTH, joints)

    def forward(self, frames: Tensor) -> Tensor:
        """(F, V, 3) -> (F, V)."""
        entered = torch.relu(self.enter(_centred(frames).flatten(1)))
        depth: Tensor = self.leave(entered + self.block(entered))
        return depth


def _layer() -> nn.Sequential:
    return nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU(), nn.Dropout(DROPOUT))


def _centred(frames: Tensor) -> Tensor:
    """Positions from the middle of the hips of the same frame, unknown joints 0."""
    known = frames.ne(0).any(dim=-1, keepdim=True)
    middle = frames[:, _HIPS, :2].mean(dim=1, keepdim=True)
    return torch.cat([frames[..., :2] - middle, frames[..., 2:]], dim=-1) * known


def train_lifter(views: ViewSet, seed: int = 0, epochs: int = EPOCHS) -> Lifter:
    """A lifter trained on samples of the windows in which both hips are seen, in evaluation mode."""
    torch.manual_seed(seed)
    seen, depth = frames_of(views)
    network = Lifter()
    optimiser = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    steps = epochs * (len(seen) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(steps, 1))
    for _ in range(epochs):
        for rows in torch.split(torch.randperm(len(seen))[: len(seen) // BATCH * BATCH], BATCH):
            known = seen[rows].ne(0).any(dim=-1)
            error = (network(seen[rows]) - depth[rows]).abs()
            optimiser.zero_grad()
            ((error * known).sum() / known.sum()).backward()
            optimiser.step()
            schedule.step()
    return network.eval()


def frames_of(views: ViewSet) -> tuple[Tensor, Tensor]:
    """Frames as they are seen (F, V, 3), and the true depth (F, V) behind the hips of the same frame."""
    seen, exact = (values[:, ::EVERY].reshape(-1, *values.shape[2:]) for values in (views.seen, views.exact))
    usable = (seen[:, _HIPS, 2] > 0).all(axis=1) & exact.any(axis=(1, 2))
    depth = exact[usable][..., 2]
    depth = depth - depth[:, _HIPS].mean(axis=1, keepdims=True)
    return torch.from_numpy(seen[usable]), torch.from_numpy(depth)


@torch.inference_mode()
def lift(network: Lifter, seen: Float32) -> Float32:
    """Windows x, y, score (N, T, V, 3) as x, y, z: the positions as they were seen with the depth that is guessed;
    unknown joints stay 0."""
    frames = torch.from_numpy(seen.reshape(-1, *seen.shape[2:]))
    depth = torch.cat([network(part) for part in torch.split(frames, 8192)]).reshape(seen.shape[:3]).numpy()
    known = seen.any(axis=-1)
    return np.where(known[..., None], np.concatenate([seen[..., :2], depth[..., None]], axis=-1), 0.0).astype(
        np.float32
    )


def lifting_error(network: Lifter, views: ViewSet) -> tuple[float, float]:
    """Mean error of the depth of known joints in torso lengths, and what it is when every depth is taken for 0."""
    seen, depth = frames_of(views)
    known = seen.ne(0).any(dim=-1)
    with torch.inference_mode():
        error = (network(seen) - depth).abs()[known].mean()
    return float(error), float(depth.abs()[known].mean())
