"""Moments of movement and what came after them: what a network that foresees learns from and is judged by."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.domain.types import Bool, Float32, Float64, PoseTrack
from fias_desktop.stages.foresee import ahead_of
from fias_desktop.stages.windowing import joints_at, make_window_now
from trainer.data.arrays import keep, kept
from trainer.simulate.dataset import VERSION, simulated
from trainer.simulate.noise import observe
from trainer.simulate.view import random_view

MOMENTS_A_VIEW = 40  # of up to 30 s
_CHUNK_VIEWS = 40
_RATES_HZ = (12.0, 15.0, 20.0, 24.0, 25.0, 30.0, 30.0)  # of poses: a machine may not keep up with its camera
_SPLIT_SEED = {"train": 0, "validation": 1, "test": 2}
_SALT = 41  # other athletes than those of the recogniser's windows


@dataclass(frozen=True, eq=False)
class Moments:
    """N moments: `joints` float32 (N, T, V, 3) of `make_window_now`, x and y in torso lengths and the score, and
    `future` float32 (N, S, V, 2), where the same joints were seen one, two, ... steps later in the same frame (0 where
    not `seen`, bool (N, S, V))."""

    joints: Float32
    future: Float32
    seen: Bool

    def __len__(self) -> int:
        return len(self.joints)


def moments_of(track: PoseTrack, spec: ModelSpec, ends_s: Sequence[float]) -> Moments:
    """The moments of a track that can be measured; the future is what the estimator saw later, not the truth."""
    ahead_s = ahead_of(spec)
    steps, joints = len(ahead_s), skeleton(spec.skeleton).num_joints
    found: list[tuple[Float32, Float32, Bool]] = []
    for end_s in ends_s:
        # The window must not know what comes: it is cut from the track as it was then.
        past = until(track, end_s)
        made = make_window_now(past, spec, end_s)
        if made is None:
            continue
        window, place = made
        xy_px, seen = joints_at(track, spec.skeleton, end_s + ahead_s)
        found.append((window.joints, np.where(seen[..., None], place.to_torsos(xy_px), 0.0).astype(np.float32), seen))
    if not found:
        shape = (0, spec.frames, joints, spec.channels)
        return Moments(
            np.empty(shape, np.float32),
            np.empty((0, steps, joints, 2), np.float32),
            np.empty((0, steps, joints), np.bool_),
        )
    return Moments(*(np.stack(column) for column in zip(*found, strict=True)))


def _nothing(frames: int, steps: int, joints: int) -> Moments:
    return Moments(
        np.empty((0, frames, joints, 3), np.float32),
        np.empty((0, steps, joints, 2), np.float32),
        np.empty((0, steps, joints), np.bool_),
    )


def simulated_moments(views: int, seed: int, split: str, spec: ModelSpec, cache: Path, workers: int = 1) -> Moments:
    """The moments of `views` simulated athletes before a camera each, through the estimator's noise; made once and kept
    under `cache`."""
    values = (
        views,
        seed,
        split,
        spec.skeleton,
        spec.frames,
        spec.rate_hz,
        tuple(ahead_of(spec).tolist()),
        VERSION,
        MOMENTS_A_VIEW,
    )
    path = cache / f"moments-{split}-{hashlib.sha256(repr(values).encode()).hexdigest()[:12]}.npz"
    if path.is_file():
        return kept(path, Moments)
    starts = range(0, views, _CHUNK_VIEWS)
    jobs = [_Job(start, min(start + _CHUNK_VIEWS, views), seed, split, spec) for start in starts]
    result = joined(_all(jobs, workers))
    keep(path, result)
    return result


def joined(parts: Sequence[Moments]) -> Moments:
    """Several sets of moments as one, in their order."""
    return Moments(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Moments)))


@dataclass(frozen=True)
class _Job:
    first: int
    end: int
    seed: int
    split: str
    spec: ModelSpec


def _all(jobs: list[_Job], workers: int) -> list[Moments]:
    if workers <= 1:
        return [_run(job) for job in jobs]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=os.nice, initargs=(5,)) as pool:
        return list(pool.map(_run, jobs))


def _run(job: _Job) -> Moments:
    return joined([_of_view(job, number) for number in range(job.first, job.end)])


def _of_view(job: _Job, number: int) -> Moments:
    rng = np.random.default_rng((_SALT, job.seed, _SPLIT_SEED[job.split], number))
    sequence = simulated(rng, number)
    times = np.arange(0, sequence.duration_s, 1 / float(rng.choice(_RATES_HZ)))
    joints = sequence.at(times)
    view = random_view(joints, rng)
    xy, depth = view.project(joints, times)
    track = observe(xy, depth, times, view.camera.size, rng)
    return moments_of(track, job.spec, _ends(track.time_s, rng))


def _ends(time_s: Float64, rng: np.random.Generator) -> list[float]:
    """Random pictures with something before and after them."""
    inside = time_s[(time_s > time_s[0] + 0.6) & (time_s < time_s[-1] - 0.4)]
    return [float(end_s) for end_s in rng.choice(inside, min(MOMENTS_A_VIEW, len(inside)), replace=False)]


def until(track: PoseTrack, end_s: float) -> PoseTrack:
    """A track as it was at a time: nothing after it."""
    count = int(track.time_s.searchsorted(end_s + 1e-6))
    return PoseTrack(
        track.skeleton, track.time_s[:count], track.frame_index[:count], track.xy[:count], track.score[:count]
    )
