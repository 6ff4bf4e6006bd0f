"""Random changes to training windows, as another camera, another body or a worse picture would make them.

Every function takes and gives windows float32 (N, T, V, C) whose unknown joints are 0 in all channels, and draws a
change of its own for each of them; the generator is on the windows' device. The first `coordinates` channels are a
position (2: x, y; 3: x, y, z; y up, the origin near the hips), a channel after them is the score. A strength or share
of 0 leaves a change out.
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
    """How strong each change is: ranges are symmetric half-widths, `*_share` is the share of windows changed.

    `rotation_rad` is in the picture's plane; `vertical_rad`, about the vertical axis, needs three coordinates.
    """

    mirror_share: float = 0.5
    rotation_rad: float = 0.2
    vertical_rad: float = 0.3
    scale: float = 0.1
    shear: float = 0.1
    warp_frames: float = 2.0
    noise: float = 0.02
    score: float = 0.1
    drop_share: float = 0.25
    drop_joints: float = 0.12
    feet_share: float = 0.1
    late_start_share: float = 0.2


NOTHING = Augmentation(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def augment(
    joints: Tensor, skeleton: Skeleton, settings: Augmentation, rng: torch.Generator, coordinates: int = 2
) -> Tensor:
    """All changes in the order in which a camera, a person and an estimator would make them."""
    joints = mirror(joints, skeleton, settings.mirror_share, rng)
    joints = warp_time(joints, settings.warp_frames, rng)
    if coordinates == 3:
        joints = rotate_vertical(joints, settings.vertical_rad, rng)
    joints = turn(joints, settings, rng, coordinates)
    joints = blur(joints, settings, rng, coordinates)
    joints = drop_joints(joints, settings, rng)
    joints = drop_feet(joints, skeleton, settings.feet_share, rng)
    return start_late(joints, skeleton, settings.late_start_share, rng, coordinates)


def known(joints: Tensor) -> Tensor:
    """Bool (N, T, V): whether a joint is known, that is not 0 in every channel."""
    return joints.ne(0).any(dim=-1)


def _uniform(count: int, half_width: float, rng: torch.Generator) -> Tensor:
    return (torch.rand(count, generator=rng, device=rng.device) * 2 - 1) * half_width


def _chosen(count: int, share: float, rng: torch.Generator) -> Tensor:
    return torch.rand(count, generator=rng, device=rng.device) < share


def mirror(joints: Tensor, skeleton: Skeleton, share: float, rng: torch.Generator) -> Tensor:
    """A share of the windows seen in a mirror: x changes its sign, left joints become right ones."""
    if not share:
        return joints
    flipped = joints[:, :, list(skeleton.mirror)].clone()
    flipped[..., 0] *= -1
    return torch.where(_chosen(len(joints), share, rng)[:, None, None, None], flipped, joints)


def warp_time(joints: Tensor, frames: float, rng: torch.Generator) -> Tensor:
    """Speed up one part of the window and slow down the other by up to `frames` samples; first and last stay.

    Between two known samples a joint is interpolated, otherwise the earlier sample is taken.
    """
    if not frames:
        return joints
    count, length = joints.shape[:2]
    grid = torch.arange(length, dtype=torch.float32, device=joints.device)
    bump = torch.sin(grid * torch.pi / (length - 1))
    position = (grid + _uniform(count, frames, rng)[:, None] * bump).clamp(0, length - 1)
    before = position.floor().long()
    row = torch.arange(count, device=joints.device)[:, None]
    early, late = joints[row, before], joints[row, (before + 1).clamp(max=length - 1)]
    weight = (position - before)[:, :, None, None] * (known(early) & known(late))[..., None]
    return early + weight * (late - early)


def rotate_vertical(joints: Tensor, half_width_rad: float, rng: torch.Generator) -> Tensor:
    """Walk around the person: rotate x, y, z about the vertical axis by up to `half_width_rad` either way."""
    if not half_width_rad:
        return joints
    angle = _uniform(len(joints), half_width_rad, rng)[:, None, None]
    x, z = joints[..., 0], joints[..., 2]
    turned = torch.stack([x * angle.cos() + z * angle.sin(), joints[..., 1], z * angle.cos() - x * angle.sin()], dim=-1)
    return torch.cat([turned, joints[..., 3:]], dim=-1)


def turn(joints: Tensor, settings: Augmentation, rng: torch.Generator, coordinates: int = 2) -> Tensor:
    """Rotate and shear x and y in the picture's plane, and scale the position, around the origin (the hips)."""
    if not (settings.rotation_rad or settings.scale or settings.shear):
        return joints
    count = len(joints)
    angle = _uniform(count, settings.rotation_rad, rng)
    size = 1 + _uniform(count, settings.scale, rng)
    slant = _uniform(count, settings.shear, rng)
    cos, sin = angle.cos() * size, angle.sin() * size
    matrix = torch.stack([cos, sin, slant * cos - sin, slant * sin + cos], dim=1).view(count, 1, 2, 2)
    depth = joints[..., 2:coordinates] * size[:, None, None, None]
    return torch.cat([joints[..., :2] @ matrix, depth, joints[..., coordinates:]], dim=-1)


def blur(joints: Tensor, settings: Augmentation, rng: torch.Generator, coordinates: int = 2) -> Tensor:
    """Jitter of the estimator: noise on every known position, its strength per window, and on the score."""
    if not (settings.noise or settings.score):
        return joints
    strength = torch.rand(len(joints), 1, 1, 1, generator=rng, device=rng.device)
    drawn = torch.randn(joints.shape, generator=rng, device=rng.device) * strength
    noisy = joints[..., :coordinates] + drawn[..., :coordinates] * settings.noise
    score = joints[..., coordinates:] + drawn[..., coordinates:] * settings.score
    return torch.cat([noisy, score.clamp(0.05, 1.0)], dim=-1) * known(joints)[..., None]


def drop_joints(joints: Tensor, settings: Augmentation, rng: torch.Generator) -> Tensor:
    """Hide random joints for the whole of some windows."""
    if not (settings.drop_share and settings.drop_joints):
        return joints
    count, _, places, _ = joints.shape
    hit = _chosen(count, settings.drop_share, rng)[:, None]
    lost = hit & (torch.rand(count, places, generator=rng, device=rng.device) < settings.drop_joints)
    return joints * ~lost[:, None, :, None]


def drop_feet(joints: Tensor, skeleton: Skeleton, share: float, rng: torch.Generator) -> Tensor:
    """Legs out of the picture: hide feet, in half of these windows the knees too."""
    if not share:
        return joints
    feet = torch.tensor([any(part in name for part in _FEET) for name in skeleton.joints], device=joints.device)
    knees = torch.tensor(["knee" in name for name in skeleton.joints], device=joints.device)
    lost = _chosen(len(joints), share, rng)[:, None] & (feet | (knees & _chosen(len(joints), 0.5, rng)[:, None]))
    return joints * ~lost[:, None, :, None]


def start_late(joints: Tensor, skeleton: Skeleton, share: float, rng: torch.Generator, coordinates: int = 2) -> Tensor:
    """The first seconds of a person: hide a random number of first samples and centre on what is left."""
    count, length = joints.shape[:2]
    if not share or length <= MIN_KNOWN_FRAMES:
        return joints
    hidden = torch.randint(1, length - MIN_KNOWN_FRAMES + 1, (count,), generator=rng, device=rng.device)
    hidden = hidden * _chosen(count, share, rng)
    shown = torch.arange(length, device=joints.device) >= hidden[:, None]
    kept = joints * shown[:, :, None, None]
    return torch.where((hidden > 0)[:, None, None, None], centred(kept, skeleton, coordinates), kept)


def centred(joints: Tensor, skeleton: Skeleton, coordinates: int = 2) -> Tensor:
    """Move the origin to the median middle of the hips, where both are known in some sample."""
    hips = skeleton.indices("left_hip", "right_hip")
    both = known(joints)[:, :, hips].all(dim=2)
    middle = joints[:, :, hips, :coordinates].mean(dim=2).masked_fill(~both[..., None], torch.nan)
    origin = middle.nanmedian(dim=1).values.nan_to_num(0.0)
    moved = torch.cat([joints[..., :coordinates] - origin[:, None, None], joints[..., coordinates:]], dim=-1)
    return moved * known(joints)[..., None]
