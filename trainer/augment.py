"""Random changes to training windows, as another camera, another body or a worse picture would make them.

Every function takes and gives windows float32 (N, T, V, C) whose unknown joints are 0 in all channels, and draws a
change of its own for each of them. Channels are x, y and, where there are three, the score.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from fias_desktop.domain.skeleton import Skeleton

MIN_KNOWN_FRAMES = 8  # a window is used live once half a second of it is known
_FEET = ("ankle", "heel", "foot_index")


@dataclass(frozen=True)
class Augmentation:
    """How strong each change is: ranges are symmetric half-widths, `*_share` is the share of windows changed."""

    rotation_rad: float = 0.2
    scale: float = 0.1
    shear: float = 0.1
    warp_frames: float = 2.0
    noise: float = 0.02
    score: float = 0.1
    drop_share: float = 0.25
    drop_joints: float = 0.12
    feet_share: float = 0.1
    late_start_share: float = 0.2


def augment(joints: Tensor, skeleton: Skeleton, settings: Augmentation, rng: torch.Generator) -> Tensor:
    """All changes in the order in which a camera, a person and an estimator would make them."""
    joints = mirror(joints, skeleton, rng)
    joints = warp_time(joints, settings.warp_frames, rng)
    joints = turn(joints, settings, rng)
    joints = blur(joints, settings, rng)
    joints = drop_joints(joints, settings, rng)
    joints = drop_feet(joints, skeleton, settings.feet_share, rng)
    return start_late(joints, skeleton, settings.late_start_share, rng)


def known(joints: Tensor) -> Tensor:
    """Bool (N, T, V): whether a joint is known, that is not 0 in every channel."""
    return joints.ne(0).any(dim=-1)


def _uniform(count: int, half_width: float, rng: torch.Generator) -> Tensor:
    return (torch.rand(count, generator=rng) * 2 - 1) * half_width


def _chosen(count: int, share: float, rng: torch.Generator) -> Tensor:
    return torch.rand(count, generator=rng) < share


def mirror(joints: Tensor, skeleton: Skeleton, rng: torch.Generator) -> Tensor:
    """Half of the windows seen in a mirror: x changes its sign, left joints become right ones."""
    flipped = joints[:, :, list(skeleton.mirror)].clone()
    flipped[..., 0] *= -1
    return torch.where(_chosen(len(joints), 0.5, rng)[:, None, None, None], flipped, joints)


def warp_time(joints: Tensor, frames: float, rng: torch.Generator) -> Tensor:
    """Speed up one part of the window and slow down the other by up to `frames` samples; first and last stay.

    Between two known samples a joint is interpolated, otherwise the earlier sample is taken.
    """
    count, length = joints.shape[:2]
    grid = torch.arange(length, dtype=torch.float32)
    bump = torch.sin(grid * torch.pi / (length - 1))
    position = (grid + _uniform(count, frames, rng)[:, None] * bump).clamp(0, length - 1)
    before = position.floor().long()
    row = torch.arange(count)[:, None]
    early, late = joints[row, before], joints[row, (before + 1).clamp(max=length - 1)]
    weight = (position - before)[:, :, None, None] * (known(early) & known(late))[..., None]
    return early + weight * (late - early)


def turn(joints: Tensor, settings: Augmentation, rng: torch.Generator) -> Tensor:
    """Rotate in the picture's plane, scale and shear around the origin (the hips)."""
    count = len(joints)
    angle = _uniform(count, settings.rotation_rad, rng)
    size = 1 + _uniform(count, settings.scale, rng)
    slant = _uniform(count, settings.shear, rng)
    cos, sin = angle.cos() * size, angle.sin() * size
    matrix = torch.stack([cos, sin, slant * cos - sin, slant * sin + cos], dim=1).view(count, 1, 2, 2)
    return torch.cat([joints[..., :2] @ matrix, joints[..., 2:]], dim=-1)


def blur(joints: Tensor, settings: Augmentation, rng: torch.Generator) -> Tensor:
    """Jitter of the estimator: noise on every known position, its strength per window, and on the score."""
    strength = torch.rand(len(joints), 1, 1, 1, generator=rng)
    noisy = joints + torch.randn(joints.shape, generator=rng) * strength * settings.noise
    if joints.shape[-1] > 2:
        noisy[..., 2] = (
            joints[..., 2] + torch.randn(joints.shape[:3], generator=rng) * strength[..., 0] * settings.score
        )
        noisy[..., 2].clamp_(0.05, 1.0)
    return noisy * known(joints)[..., None]


def drop_joints(joints: Tensor, settings: Augmentation, rng: torch.Generator) -> Tensor:
    """Hide random joints for the whole of some windows."""
    count, _, places, _ = joints.shape
    hit = _chosen(count, settings.drop_share, rng)[:, None]
    lost = hit & (torch.rand(count, places, generator=rng) < settings.drop_joints)
    return joints * ~lost[:, None, :, None]


def drop_feet(joints: Tensor, skeleton: Skeleton, share: float, rng: torch.Generator) -> Tensor:
    """Legs out of the picture: hide feet, in half of these windows the knees too."""
    feet = torch.tensor([any(part in name for part in _FEET) for name in skeleton.joints])
    knees = torch.tensor(["knee" in name for name in skeleton.joints])
    lost = _chosen(len(joints), share, rng)[:, None] & (feet | (knees & _chosen(len(joints), 0.5, rng)[:, None]))
    return joints * ~lost[:, None, :, None]


def start_late(joints: Tensor, skeleton: Skeleton, share: float, rng: torch.Generator) -> Tensor:
    """The first seconds of a person: hide a random number of first samples and centre on what is left."""
    count, length = joints.shape[:2]
    hidden = torch.randint(1, length - MIN_KNOWN_FRAMES + 1, (count,), generator=rng)
    hidden = hidden * _chosen(count, share, rng)
    kept = joints * (torch.arange(length) >= hidden[:, None])[:, :, None, None]
    return torch.where((hidden > 0)[:, None, None, None], centred(kept, skeleton), kept)


def centred(joints: Tensor, skeleton: Skeleton) -> Tensor:
    """Move the origin to the median middle of the hips, where both are known in some sample."""
    hips = skeleton.indices("left_hip", "right_hip")
    both = known(joints)[:, :, hips].all(dim=2)
    middle = joints[:, :, hips, :2].mean(dim=2).masked_fill(~both[..., None], torch.nan)
    origin = middle.nanmedian(dim=1).values.nan_to_num(0.0)
    moved = joints.clone()
    moved[..., :2] -= origin[:, None, None]
    return moved * known(joints)[..., None]
