"""Windows of the public benchmarks: whole sequences as tensors, cut, resampled and normalised when they are needed.

A sequence is kept as `LENGTH` samples over its whole span, so that a random part of it can be cut anew in every epoch.
Joints that are not known are 0 in every channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fias_desktop.domain.skeleton import Skeleton
from fias_desktop.domain.types import Float32, Float64
from trainer.data.sequence import SkeletonSequence
from trainer.learn.augment import Augmentation, augment, known
from trainer.learn.fit import Examples

LENGTH = 96  # samples kept of a sequence; the longest ones have some hundred frames
TORSO_M = 0.5  # metric data are divided by it, so that all data sets have about the same range
MIN_SIZE = 1e-3


@dataclass(frozen=True)
class Cutting:
    """`frames` T of a window. In training it shows a random part of a sequence, at least `least_share` of it, or up to
    `most_share` with the first or last pose held (people wait before and after they move); in
    judging one window is cut for each of `crops` (start, share) and, if `mirrored`, another seen in a mirror.
    3D only: with `facing` a window is turned about the vertical so that the shoulders and hips lie along x; `tilt_rad`
    is how far training windows are tilted towards or away from the camera, as by one that looks down."""

    frames: int
    least_share: float = 0.8
    most_share: float = 1.0
    crops: tuple[tuple[float, float], ...] = ((0.0, 1.0),)
    mirrored: bool = True
    facing: bool = False
    tilt_rad: float = 0.0


@dataclass(frozen=True)
class Space:
    """A benchmark's coordinates: its skeleton, 2 or 3 of them, and whether they are metres (else pixels, whose size
    means nothing: each window is then divided by the spread of its joints)."""

    skeleton: Skeleton
    coordinates: int
    metric: bool

    @property
    def channels(self) -> int:
        """Coordinates, and the score where joints may be missing (2D)."""
        return self.coordinates + (0 if self.metric else 1)


def examples_of(sequences: Sequence[SkeletonSequence], space: Space) -> Examples:
    """Sequences as joints (N, LENGTH, V, C) and their actions."""
    joints = np.stack([_samples(sequence, space) for sequence in sequences])
    return Examples(torch.from_numpy(joints), torch.tensor([sequence.action for sequence in sequences]))


def _samples(sequence: SkeletonSequence, space: Space) -> Float32:
    """One sequence as (LENGTH, V, C): metric data with gaps bridged, 2D data with a score and 0 where unknown."""
    points: Float64 = np.asarray(sequence.points, np.float64)
    points = _bridged(points) if space.metric else points * (1.0, -1.0)  # y up
    position = np.linspace(0, len(points) - 1, LENGTH)
    before = np.floor(position).astype(np.int64)
    after = np.minimum(before + 1, len(points) - 1)
    share = (position - before)[:, None, None]
    out = points[before] * (1 - share) + points[after] * share
    nearest = points[np.round(position).astype(np.int64)]
    out = np.where(np.isnan(out), nearest, out)  # next to a missing joint: the nearer frame, known or not
    if not space.metric:
        out = np.concatenate([out, np.ones_like(out[..., :1])], axis=-1)
        out[np.isnan(out).any(axis=-1)] = 0.0
    return np.asarray(np.nan_to_num(out), np.float32)


def _bridged(points: Float64) -> Float64:
    """Lost joints interpolated in time, each coordinate of each joint by itself."""
    flat, rows = points.reshape(len(points), -1).copy(), np.arange(len(points))
    for column in flat.T:
        lost = np.isnan(column)
        if lost.any() and not lost.all():
            column[lost] = np.interp(rows[lost], rows[~lost], column[~lost])
    return flat.reshape(points.shape)


def cut(joints: Tensor, start: Tensor, share: Tensor, frames: int) -> Tensor:
    """Resample a part of each sequence (N, LENGTH, V, C) to (N, T, V, C); `start` and `share` (N,) of its length.

    Between two known samples a joint is interpolated, otherwise the nearer sample is taken.
    """
    last = joints.shape[1] - 1
    grid = torch.linspace(0, 1, frames, device=joints.device)
    position = ((start[:, None] + grid * share[:, None]) * last).clamp(0, last)
    before = position.floor().long()
    row = torch.arange(len(joints), device=joints.device)[:, None]
    early, late = joints[row, before], joints[row, (before + 1).clamp(max=last)]
    both = (known(early) & known(late))[..., None]
    weight = (position - before)[:, :, None, None]
    return early + torch.where(both, weight, weight.round()) * (late - early)


def normalised(joints: Tensor, space: Space, facing: bool = False) -> Tensor:
    """Windows (N, T, V, C) centred on the mean of their known joints, in torso lengths (metres) or in the root mean
    square distance of the known joints from that centre (pixels)."""
    mask = known(joints)[..., None]
    count = mask.sum(dim=(1, 2), keepdim=True).clamp(min=1)
    place, rest = joints[..., : space.coordinates], joints[..., space.coordinates :]
    place = place - (place * mask).sum(dim=(1, 2), keepdim=True) / count
    if space.metric:
        place = place / TORSO_M
    else:
        square = ((place * mask) ** 2).sum(dim=(1, 2, 3), keepdim=True) / count
        place = place / square.sqrt().clamp(min=MIN_SIZE)
    if facing:
        place = _facing(place, space.skeleton)
    return torch.cat([place, rest], dim=-1) * mask


def _facing(place: Tensor, skeleton: Skeleton) -> Tensor:
    """Turn windows (N, T, V, 3) about the vertical by one angle each: the mean axis of shoulders and hips along x."""
    left, right = skeleton.indices("left_shoulder", "left_hip"), skeleton.indices("right_shoulder", "right_hip")
    axis = (place[:, :, right] - place[:, :, left]).mean(dim=(1, 2))
    angle = torch.atan2(axis[:, 2], axis[:, 0])[:, None, None]
    x, z = place[..., 0], place[..., 2]
    turned_x, turned_z = x * angle.cos() + z * angle.sin(), z * angle.cos() - x * angle.sin()
    return torch.stack([turned_x, place[..., 1], turned_z], dim=-1)


def changed(joints: Tensor, space: Space, cutting: Cutting, settings: Augmentation, rng: torch.Generator) -> Tensor:
    """Training windows: a random part of every sequence, normalised, and changed by the settings."""
    drawn = torch.rand(2, len(joints), generator=rng, device=joints.device)
    share = cutting.most_share - drawn[0] * (cutting.most_share - cutting.least_share)
    windows = normalised(cut(joints, drawn[1] * (1 - share), share, cutting.frames), space, cutting.facing)
    windows = augment(windows, space.skeleton, settings, rng, space.coordinates)
    return _tilted(windows, cutting.tilt_rad, rng) if cutting.tilt_rad else windows


def _tilted(joints: Tensor, half_width_rad: float, rng: torch.Generator) -> Tensor:
    """Turn windows (N, T, V, 3) about the x axis by up to `half_width_rad` either way, each by its own angle."""
    drawn = torch.rand(len(joints), generator=rng, device=joints.device)
    angle = ((drawn * 2 - 1) * half_width_rad)[:, None, None]
    y, z = joints[..., 1], joints[..., 2]
    return torch.stack([joints[..., 0], y * angle.cos() - z * angle.sin(), y * angle.sin() + z * angle.cos()], dim=-1)


def judged_windows(joints: Tensor, space: Space, cutting: Cutting) -> list[Tensor]:
    """The windows of every sequence over which an answer is averaged, each (N, T, V, C)."""
    windows = []
    for start, share in cutting.crops:
        starts, shares = torch.full((len(joints),), start), torch.full((len(joints),), share)
        windows.append(normalised(cut(joints, starts, shares, cutting.frames), space, cutting.facing))
    if cutting.mirrored:
        windows += [_mirrored(window, space.skeleton) for window in windows]
    return windows


def _mirrored(joints: Tensor, skeleton: Skeleton) -> Tensor:
    flipped = joints[:, :, list(skeleton.mirror)].clone()
    flipped[..., 0] *= -1
    return flipped
