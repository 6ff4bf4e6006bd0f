"""How far off predictions are, beside what needs no network: the pose held, and its velocity kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import FACE_JOINTS, skeleton
from fias_desktop.domain.types import Bool, Float32, Float64
from fias_desktop.models.infogcnpp_foresight import Foresight
from fias_desktop.stages.foresee import ahead_of
from trainer.foresight.moments import Moments

FITTED_SAMPLES = 5
MOVED = 0.1  # torso lengths in 0.3 s, the mean of the body's joints: from here on somebody moves
MOVED_WITHIN_S = 0.3
_TRUNK, _ARMS, _LEGS = ("shoulder", "hip"), ("elbow", "wrist"), ("knee", "ankle", "heel", "foot")
GROUPS = {"all": _TRUNK + _ARMS + _LEGS, "trunk": _TRUNK, "arms": _ARMS, "legs": _LEGS}
HOLD, VELOCITY, WORN, NETWORK = "hold", "velocity", "worn velocity", "network"
Predict = Callable[[Float32], Float32]  # windows (N, T, V, 3) -> places (N, S, V, 2)


@dataclass(frozen=True, eq=False)
class Judged:
    """Of N moments, S steps and the joints V: `off` float64 (N, S, V), the distance in torso lengths of what one method
    foresaw, NaN where the joint was not known now or not seen then."""

    off: Float64

    def mean(self, rows: Bool, step: int, joints: list[int]) -> float:
        """The mean over moments and joints."""
        return float(np.nanmean(self.off[rows][:, step, joints]))


def judge(moments: Moments, foreseen: Float32) -> Judged:
    """Compare what was foreseen (N, S, V, 2) with what was seen."""
    counts = moments.seen & (moments.joints[:, -1, :, 2] > 0)[:, None]
    off = np.linalg.norm(foreseen.astype(np.float64) - moments.future, axis=-1)
    return Judged(np.where(counts, off, np.nan))


def joints_of(group: str, spec: ModelSpec) -> list[int]:
    """The rows of a group of joints; faces belong to none."""
    names = skeleton(spec.skeleton).joints
    parts = GROUPS[group]
    return [i for i, name in enumerate(names) if name not in FACE_JOINTS and any(part in name for part in parts)]


def moving(moments: Moments, spec: ModelSpec) -> Bool:
    """The moments (N,) in which the body will have moved."""
    step = step_of(spec, MOVED_WITHIN_S)
    off = judge(moments, held(moments.joints, spec)).off[:, step][:, joints_of("all", spec)]
    known = np.isfinite(off)
    mean = np.where(known, off, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(mean >= MOVED)


def step_of(spec: ModelSpec, ahead_s: float) -> int:
    """The step that looks so far ahead."""
    return int(np.abs(ahead_of(spec) - ahead_s).argmin())


def held(joints: Float32, spec: ModelSpec) -> Float32:
    """The last pose as it is."""
    now = joints[:, -1, :, :2]
    return np.repeat(now[:, None], len(ahead_of(spec)), axis=1)


def velocity(joints: Float32) -> Float32:
    """The slope (N, V, 2) of the line through the last samples of each joint, per sample; 0 where one is not known."""
    part = joints[:, -FITTED_SAMPLES:]
    ages = np.arange(FITTED_SAMPLES, dtype=np.float32) - (FITTED_SAMPLES - 1) / 2
    slope = np.einsum("t,ntvc->nvc", ages / (ages**2).sum(), part[..., :2])
    return np.asarray(np.where((part[..., 2] > 0).all(axis=1)[..., None], slope, 0.0), np.float32)


def kept_up(joints: Float32, spec: ModelSpec, reach: Float64 | None = None) -> Float32:
    """The last pose moved on by its velocity: for as long as it is, or `reach` (S,) samples."""
    samples = ahead_of(spec) * spec.rate_hz if reach is None else reach
    moved = velocity(joints)[:, None] * samples[None, :, None, None].astype(np.float32)
    return np.asarray(held(joints, spec) + moved, np.float32)


def best_reach(train: Moments, spec: ModelSpec) -> Float64:
    """For each step ahead how many samples of velocity are best, of those tried, on moments to learn from (S,)."""
    tried = [np.full(len(ahead_of(spec)), reach) for reach in np.arange(0.0, 4.01, 0.25)]
    off = [np.nanmean(judge(train, kept_up(train.joints, spec, reach)).off, axis=(0, 2)) for reach in tried]
    return np.asarray(np.stack(tried)[np.argmin(off, axis=0), np.arange(len(ahead_of(spec)))])


def by_network(network: Foresight, joints: Float32, batch: int = 256) -> Float32:
    """What a network foresees."""
    network.eval()
    with torch.inference_mode():
        parts = [network(part).numpy() for part in torch.split(torch.from_numpy(joints), batch)]
    return np.concatenate(parts)


def card_figures(test: Moments, network: Foresight, spec: ModelSpec) -> dict[str, float]:
    """Mean error in torso lengths over the body's joints, beside the baselines, on all simulated test moments."""
    joints, rows = joints_of("all", spec), np.ones(len(test), np.bool_)
    methods = {
        "network": by_network(network, test.joints),
        "hold": held(test.joints, spec),
        "velocity": kept_up(test.joints, spec),
    }
    return {
        f"simulated_{name}_{round(float(ahead_s) * 1000)}ms": round(judge(test, found).mean(rows, step, joints), 4)
        for name, found in methods.items()
        for step, ahead_s in enumerate(ahead_of(spec))
    }
