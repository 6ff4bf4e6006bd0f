"""What the tables on simulated athletes share: the same moments seen from the front and from the back, in 2D and in 3D.

Every performance is filmed twice, by one camera before and one behind the athlete, and both pictures give windows that
end at the same moments. So a front set and a back set differ in nothing but the camera.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from fias_desktop.domain.exercises import IDLE, LABELS
from fias_desktop.domain.geometry import torso_scale
from fias_desktop.domain.model_card import bare_spec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Float32, Float64, Int64, Window
from fias_desktop.stages.windowing import LIMIT, make_window
from trainer.data.sequence import UNLABELLED, SkeletonSequence
from trainer.simulate.dataset import CAMERAS, VERSION, label_at, simulated
from trainer.simulate.noise import observe
from trainer.simulate.view import View, random_view

CACHE = Path("runs/cache")
FRONT, BACK = "front", "back"
SIDES = (FRONT, BACK)
# The first number of every random stream here: none of the movements that train the shipped model comes up again.
STREAM = 77
SPLITS = {"train": 0, "lifter": 1, "test": 2}
CHUNK = 200
IDLE_OF_A_SET, IDLE_OF_A_VIEW = 2, 6
SECOND_HALF = (0.65, 1.0)  # of the time of a repetition: from a little after its middle to its end
MIN_END_S = 0.6
# How windows are cut, for every network here.
WINDOWS = bare_spec("stgcnpp", COCO17_FEET.name, 40, 15.0)
_RATES_HZ = (24.0, 25.0, 30.0, 30.0, 60.0)
_IDLE = LABELS.index(IDLE)


@dataclass(frozen=True, eq=False)
class ViewSet:
    """N windows from one kind of camera: `seen` float32 (N, T, V, 3) x, y, score as `make_window` gives them, `exact`
    float32 (N, T, V, 3) x right, y up, z away from the camera in torso lengths around the median hip, without any
    error (0 before the performance starts); `label` int64 (N,); `errors` float32 (N, E) severities; `repetition` int64
    (N,) a number of its own for each repetition (-1: rest); `performance` int64 (N,), one athlete each."""

    seen: Float32
    exact: Float32
    label: Int64
    errors: Float32
    repetition: Int64
    performance: Int64

    def __len__(self) -> int:
        return len(self.label)

    def of(self, rows: Bool | Int64) -> ViewSet:
        """The windows of these rows."""
        return ViewSet(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True)
class Draw:
    """What to make: about `windows` a side of a `split`, by `seed`, `per_repetition` moments in each repetition, from
    the cameras of each of `sides` (keys of `CAMERAS`)."""

    windows: int
    split: str
    seed: int = 0
    per_repetition: int = 1
    sides: tuple[str, ...] = SIDES


@dataclass(frozen=True)
class _Job:
    draw: Draw
    number: int


@dataclass(frozen=True, eq=False)
class _Row:
    window: Window
    exact: Float32
    label: int
    errors: Float32
    repetition: int
    performance: int


def make_views(draw: Draw, cache: Path | None = CACHE, workers: int = 2) -> dict[str, ViewSet]:
    """The windows of a draw by side, row by row the same moments; made in pieces that are kept under `cache`."""
    jobs = [_Job(draw, number) for number in range(-(-draw.windows // _size(draw)))]
    missing = [job for job in jobs if cache is None or not _path(cache, job).is_file()]
    made = dict(zip((job.number for job in missing), _all(missing, cache, workers), strict=True))
    pieces = [made[job.number] if job.number in made else _load(_path(cache or CACHE, job), draw.sides) for job in jobs]
    return {side: joined([piece[side] for piece in pieces]) for side in draw.sides}


def joined(parts: Sequence[ViewSet]) -> ViewSet:
    """Several sets as one, in their order."""
    return ViewSet(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(ViewSet)))


def _all(jobs: list[_Job], cache: Path | None, workers: int) -> list[dict[str, ViewSet]]:
    if workers <= 1 or len(jobs) <= 1:
        return [_piece(job, cache) for job in jobs]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_be_nice) as pool:
        return list(pool.map(_piece, jobs, [cache] * len(jobs)))


def _be_nice() -> None:
    if hasattr(os, "nice"):
        os.nice(5)


def _path(cache: Path, job: _Job) -> Path:
    draw = job.draw
    # The number of windows is left out: a larger draw goes on where one of a few pieces ended.
    values = (draw.split, draw.seed, draw.per_repetition, draw.sides, _size(draw), VERSION)
    name = repr((*values, WINDOWS.skeleton, WINDOWS.frames, WINDOWS.rate_hz))
    return cache / f"views-{draw.split}-{hashlib.sha256(name.encode()).hexdigest()[:12]}-{job.number:03}.npz"


def _size(draw: Draw) -> int:
    """Windows of a piece."""
    return min(CHUNK, draw.windows)


def _load(path: Path, sides: tuple[str, ...]) -> dict[str, ViewSet]:
    with np.load(path, allow_pickle=False) as data:
        return {side: ViewSet(*(data[f"{side}_{field.name}"] for field in fields(ViewSet))) for side in sides}


def _piece(job: _Job, cache: Path | None) -> dict[str, ViewSet]:
    """One piece of a draw, written into the cache."""
    rng = np.random.default_rng((STREAM, job.draw.seed, SPLITS[job.draw.split], job.number))
    rows: dict[str, list[_Row]] = {side: [] for side in job.draw.sides}
    count = performance = 0
    while count < _size(job.draw):
        number = job.number * 10_000 + performance
        found = _performance(job, number, rng)
        count += len(found[0])
        for side, part in zip(job.draw.sides, found, strict=True):
            rows[side] += part
        performance += 1
    piece = {side: _stacked(part[: _size(job.draw)]) for side, part in rows.items()}
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
        path = _path(cache, job)
        part_path = path.with_suffix(".part.npz")
        arrays = {f"{side}_{f.name}": getattr(piece[side], f.name) for side in piece for f in fields(ViewSet)}
        np.savez(part_path, **arrays)
        part_path.replace(path)
    return piece


def _stacked(rows: list[_Row]) -> ViewSet:
    return ViewSet(
        seen=np.stack([row.window.joints for row in rows]),
        exact=np.stack([row.exact for row in rows]),
        label=np.array([row.label for row in rows], np.int64),
        errors=np.stack([row.errors for row in rows]),
        repetition=np.array([row.repetition for row in rows], np.int64),
        performance=np.array([row.performance for row in rows], np.int64),
    )


def _performance(job: _Job, number: int, rng: np.random.Generator) -> list[list[_Row]]:
    """The windows of one performance, a list a side; moments that some side cannot see are left out of all."""
    sequence = simulated(rng, number)
    rate_hz = float(rng.choice(_RATES_HZ))
    moments = _moments(sequence, job.draw.per_repetition, rng)
    sides = [_side(sequence, number, moments, side, rate_hz, rng) for side in job.draw.sides]
    whole = [rows for rows in zip(*sides, strict=True) if all(row is not None for row in rows)]
    return [[row for row in column if row is not None] for column in zip(*whole, strict=True)] or [[] for _ in sides]


def _side(
    sequence: SkeletonSequence,
    number: int,
    moments: list[tuple[float, int]],
    side: str,
    rate_hz: float,
    rng: np.random.Generator,
) -> list[_Row | None]:
    """One performance from one camera: a window for each moment, None where too little of the body is seen."""
    times = np.arange(0, sequence.duration_s, 1 / rate_hz)
    joints = sequence.at(times)
    view = random_view(joints, rng, CAMERAS[side])
    track = observe(*view.project(joints, times), times, view.camera.size, rng)
    rows: list[_Row | None] = []
    for end_s, label in moments:
        window = make_window(track, WINDOWS, end_s)
        if window is None:
            rows.append(None)
            continue
        frame = min(round(end_s * sequence.rate_hz), len(sequence.labels) - 1)
        exact = exact_window(sequence, view, window.time_s)
        rows.append(_row(sequence, frame, window, exact, label, number))
    return rows


def _row(sequence: SkeletonSequence, frame: int, window: Window, exact: Float32, label: int, number: int) -> _Row:
    """A window with what is known at its last frame."""
    if sequence.errors is None or sequence.repetition is None:
        raise ValueError("only simulated sequences, which know everything, are used here")
    repetition = int(sequence.repetition[frame])
    own = -1 if repetition < 0 or label == _IDLE else number * 100 + repetition
    return _Row(window, exact, label, sequence.errors[frame], own, number)


def exact_window(sequence: SkeletonSequence, view: View, time_s: Float64) -> Float32:
    """The true joints at the times (T,) in the camera's axes, (T, V, 3): x right, y up, z away from it, in torso
    lengths with the median middle of the hips as origin; 0 before the sequence starts."""
    points = sequence.at(time_s).astype(np.float64) @ view.camera.rotation.T
    points[..., 1] *= -1
    inside = time_s >= 0
    hips = points[inside][:, COCO17_FEET.indices("left_hip", "right_hip")].mean(axis=1)
    points = (points - np.median(hips, axis=0)) / torso_scale(points[inside], COCO17_FEET)
    points = np.clip(points, -LIMIT, LIMIT)
    return np.where(inside[:, None, None], points, 0.0).astype(np.float32)


def _moments(sequence: SkeletonSequence, per_repetition: int, rng: np.random.Generator) -> list[tuple[float, int]]:
    """When windows end and their classes: some moments in the second half of every repetition, and rest."""
    active = _in_repetitions(sequence, per_repetition, rng)
    ends = rng.uniform(MIN_END_S, max(sequence.duration_s, MIN_END_S), 4 * IDLE_OF_A_VIEW)
    idle = [(float(end_s), _IDLE) for end_s in ends if label_at(sequence, float(end_s)) == _IDLE]
    return active + idle[: IDLE_OF_A_SET * per_repetition if active else IDLE_OF_A_VIEW]


def _in_repetitions(sequence: SkeletonSequence, count: int, rng: np.random.Generator) -> list[tuple[float, int]]:
    if sequence.repetition is None:
        return []
    moments = []
    for number in np.unique(sequence.repetition[sequence.repetition >= 0]):
        frames = np.flatnonzero(sequence.repetition == number)
        first, last = np.quantile(frames, SECOND_HALF)
        label = int(sequence.labels[frames[len(frames) // 2]])
        ends = rng.uniform(first, last, count) / sequence.rate_hz
        moments += [(float(end_s), label) for end_s in ends if label != UNLABELLED and end_s > MIN_END_S]
    return moments
