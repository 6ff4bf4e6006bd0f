"""Training windows from simulated athletes and motion capture, seen by virtual cameras through an estimator's noise."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from fias_desktop.domain.athlete import make_performance, random_body
from fias_desktop.domain.exercises import IDLE, LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Float32, Float64, Int64, UInt8
from fias_desktop.stages.windowing import make_window
from trainer.data import cmu, uiprmd
from trainer.data.sequence import UNLABELLED, MotionSequence
from trainer.simulate.noise import observe
from trainer.simulate.script import random_script
from trainer.simulate.view import random_view

VERSION = 3  # of the simulation; a cached data set of another version is not used
SIMULATED, UIPRMD, CMU = 0, 1, 2
SOURCES = ("simulated", uiprmd.NAME, cmu.NAME)
SHARES = {SIMULATED: 0.82, UIPRMD: 0.14, CMU: 0.04}
LABEL_S = 1.0  # a window's class is what its last second shows most
WINDOWS_A_VIEW, CHUNK = 8, 250
IDLE_OF_A_SET = 2  # windows of rest among those of a view in which an exercise is shown
_RATES_HZ = (24.0, 25.0, 30.0, 30.0, 60.0)
_GRID_HZ = 30.0
_SPLIT_SEED = {"train": 0, "validation": 1, "test": 2}


@dataclass(frozen=True, eq=False)
class WindowSet:
    """N windows: `joints` float32 (N, T, V, C) as `make_window` gives them (unknown joints 0), `label` int64 (N,)
    indices into `LABELS`, `subject` int64 (N,) (bodies, or people of the data set), `source` uint8 (N,) index into
    `SOURCES`."""

    joints: Float32
    label: Int64
    subject: Int64
    source: UInt8

    def __len__(self) -> int:
        return len(self.label)


def make_dataset(
    n: int, seed: int, split: str, spec: ModelSpec, cache: Path | None = None, workers: int = 2
) -> WindowSet:
    """About `n` windows of a split (train, validation, test: other bodies, other people), the same for the same seed.

    Motion capture is taken from FIAS_DATA where that is set; without it everything is simulated. The result is kept
    under `cache` when given.
    """
    folder = Path(os.environ["FIAS_DATA"]) if os.environ.get("FIAS_DATA") else None
    key = hashlib.sha256(
        repr((n, seed, split, spec.skeleton, spec.frames, spec.rate_hz, VERSION, folder is None)).encode()
    )
    path = cache / f"windows-{split}-{key.hexdigest()[:12]}.npz" if cache else None
    if path and path.is_file():
        with np.load(path, allow_pickle=False) as data:
            return WindowSet(data["joints"], data["label"], data["subject"], data["source"])
    jobs = [
        _Job(count, source, seed, split, number, spec, folder)
        for number, (count, source) in enumerate(_plan(n, folder))
    ]
    result = _concatenated(_all(jobs, workers))
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, joints=result.joints, label=result.label, subject=result.subject, source=result.source)
    return result


def _all(jobs: list[_Job], workers: int) -> list[WindowSet]:
    """The results of all jobs, in their order; a single worker is this process itself."""
    if workers <= 1:
        return [_run(job) for job in jobs]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_be_nice) as pool:
        return list(pool.map(_run, jobs))


def _be_nice() -> None:
    """Making windows takes minutes on every core; the person's other programs come first."""
    if hasattr(os, "nice"):
        os.nice(5)


@dataclass(frozen=True)
class _Job:
    count: int
    source: int
    seed: int
    split: str
    number: int
    spec: ModelSpec
    folder: Path | None


def _plan(n: int, folder: Path | None) -> Iterator[tuple[int, int]]:
    shares = SHARES if folder else {SIMULATED: 1.0}
    for source, share in shares.items():
        count = round(n * share)
        yield from ((min(CHUNK, count - done), source) for done in range(0, count, CHUNK))


def _run(job: _Job) -> WindowSet:
    rng = np.random.default_rng((job.seed, _SPLIT_SEED[job.split], job.number))
    draw = _drawer(job)
    rows: list[tuple[Float32, int, int]] = []
    while len(rows) < job.count:
        rows += _windows(draw(rng), job.spec, rng)
    rows = rows[: job.count]
    return WindowSet(
        np.stack([joints for joints, _, _ in rows]),
        np.array([label for _, label, _ in rows], np.int64),
        np.array([subject for _, _, subject in rows], np.int64),
        np.full(len(rows), job.source, np.uint8),
    )


def _drawer(job: _Job) -> Callable[[np.random.Generator], MotionSequence]:
    if job.source == SIMULATED or job.folder is None:
        first = (job.number + 1) * 10_000 + _SPLIT_SEED[job.split] * 100_000_000
        return lambda rng: simulated(rng, first + int(rng.integers(10_000)))
    if job.source == UIPRMD:
        sequences = uiprmd.training_sets(job.folder, job.split)
    else:
        # Two performers: one teaches, the other judges.
        sequences = [s for s in cmu.read(job.folder) if (s.subject == 113) == (job.split == "train")]
    return lambda rng: _excerpt(sequences[int(rng.integers(len(sequences)))], rng)


def simulated(rng: np.random.Generator, subject: int) -> MotionSequence:
    """One simulated athlete's spell before the camera, sampled at 30 Hz."""
    performance = make_performance(random_script(rng), random_body(rng), int(rng.integers(2**31)))
    start = rng.uniform(0, max(performance.duration_s - 30.0, 0.0))
    times = np.arange(start, min(performance.duration_s, start + 30.0), 1 / _GRID_HZ)
    labels = np.array([LABELS.index(performance.label(float(t))) for t in times], np.int64)
    return MotionSequence(performance.joints(times), labels, _GRID_HZ, subject, SOURCES[SIMULATED])


def _excerpt(sequence: MotionSequence, rng: np.random.Generator) -> MotionSequence:
    """Up to 20 s of a long take, at a slightly other tempo, so that one camera suits it."""
    frames = int(20 * sequence.rate_hz)
    first = int(rng.integers(max(len(sequence.labels) - frames, 0) + 1))
    rate = sequence.rate_hz * float(rng.uniform(0.8, 1.35))
    part = slice(first, first + frames)
    return MotionSequence(sequence.joints[part], sequence.labels[part], rate, sequence.subject, sequence.source)


def _windows(sequence: MotionSequence, spec: ModelSpec, rng: np.random.Generator) -> list[tuple[Float32, int, int]]:
    """Some windows of one sequence from one random camera, with their class and subject."""
    if sequence.duration_s < 1.0:
        return []
    times = np.arange(0, sequence.duration_s, 1 / float(rng.choice(_RATES_HZ)))
    joints = sequence.at(times)
    view = random_view(joints, rng)
    xy, depth = view.project(joints, times)
    track = observe(xy, depth, times, view.camera.size, rng)
    rows = []
    for end_s, label in _moments(sequence, rng):
        window = make_window(track, spec, end_s)
        if window is not None:
            rows.append((window.joints, label, sequence.subject))
    return rows


def _moments(sequence: MotionSequence, rng: np.random.Generator) -> list[tuple[float, int]]:
    """When the windows of a view end, and their classes: little rest where there is exercise."""
    ends = rng.uniform(0.6, sequence.duration_s, 3 * WINDOWS_A_VIEW)
    labelled = [(float(end_s), label_at(sequence, float(end_s))) for end_s in ends]
    active = [pair for pair in labelled if pair[1] not in (UNLABELLED, LABELS.index(IDLE))]
    idle = [pair for pair in labelled if pair[1] == LABELS.index(IDLE)]
    return active[:WINDOWS_A_VIEW] + idle[: IDLE_OF_A_SET if active else WINDOWS_A_VIEW]


def label_at(sequence: MotionSequence, end_s: float) -> int:
    """The commonest class of the second before `end_s`; `UNLABELLED` when most of it has none."""
    times: Float64 = np.linspace(max(end_s - LABEL_S, 0.0), end_s, 16)
    index = np.clip((times * sequence.rate_hz).round().astype(np.int64), 0, len(sequence.labels) - 1)
    values, counts = np.unique(sequence.labels[index], return_counts=True)
    return int(values[counts.argmax()])


def _concatenated(parts: list[WindowSet]) -> WindowSet:
    return WindowSet(
        np.concatenate([part.joints for part in parts]),
        np.concatenate([part.label for part in parts]),
        np.concatenate([part.subject for part in parts]),
        np.concatenate([part.source for part in parts]),
    )
