"""Training windows from simulated athletes and motion capture, seen by virtual cameras through an estimator's noise."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from fias_desktop.domain.athlete import Performance, at_fault, make_performance, random_body
from fias_desktop.domain.exercises import ERROR_LABELS, IDLE, LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Bool, Float32, Float64, Int64, UInt8, Window
from fias_desktop.stages.windowing import make_window
from trainer.data import cmu, uiprmd
from trainer.data.arrays import keep, kept
from trainer.data.sequence import UNLABELLED, SkeletonSequence
from trainer.simulate.noise import observe
from trainer.simulate.script import random_script
from trainer.simulate.view import BACK_DEG, FRONT_DEG, random_view

VERSION = 6  # of the simulation; a cached data set of another version is not used
SIMULATED, UIPRMD, CMU = 0, 1, 2
SOURCES = ("simulated", uiprmd.NAME, cmu.NAME)
SHARES = {SIMULATED: 0.82, UIPRMD: 0.14, CMU: 0.04}
LABEL_S = 0.4  # a window's class is what its last moments show most
JOIN_S = 1.0  # shorter pauses between two repetitions belong to the set
WINDOWS_A_VIEW, CHUNK = 10, 250
IDLE_OF_A_SET = 2  # windows of rest among those of a view in which an exercise is shown
_RATES_HZ = (24.0, 25.0, 30.0, 30.0, 60.0)
_GRID_HZ = 30.0
_SPLIT_SEED = {"train": 0, "validation": 1, "test": 2}
CAMERAS: dict[str, tuple[float, ...]] = {"all": (), "front": FRONT_DEG, "back": BACK_DEG, "both": FRONT_DEG + BACK_DEG}


@dataclass(frozen=True)
class Scenario:
    """How windows are drawn: `cameras` (a key of `CAMERAS`: all around, or as in the FIAS data set), `moments` (`any`,
    or `repetition`: only in the second half of repetitions, and rest), `mocap`: with motion capture where there is
    some."""

    cameras: str = "all"
    moments: str = "any"
    mocap: bool = True


LIVE = Scenario()


@dataclass(frozen=True, eq=False)
class WindowSet:
    """N windows: `joints` float32 (N, T, V, C) as `make_window` gives them (unknown joints 0), `label` int64 (N,)
    indices into `LABELS`, `subject` int64 (N,) (bodies, or people of the data set), `source` uint8 (N,) index into
    `SOURCES`, `errors` float32 (N, E) severities 0..1 of `ERROR_LABELS` (NaN: not known), `repetition` int64 (N,) a
    number of its own for each repetition and view (-1: rest), `azimuth_deg` float32 (N,) of the camera, -180..180, and
    `fault` bool (N, T, V): which joints are at fault when, in simulated windows."""

    joints: Float32
    label: Int64
    subject: Int64
    source: UInt8
    errors: Float32
    repetition: Int64
    azimuth_deg: Float32
    fault: Bool

    def __len__(self) -> int:
        return len(self.label)


@dataclass(frozen=True, eq=False)
class _Row:
    window: Window
    label: int
    subject: int
    errors: Float32
    repetition: int
    azimuth_deg: float
    fault: Bool


def make_dataset(
    n: int,
    seed: int,
    split: str,
    spec: ModelSpec,
    cache: Path | None = None,
    workers: int = 2,
    scenario: Scenario = LIVE,
) -> WindowSet:
    """About `n` windows of a split (train, validation, test: other bodies, other people), the same for the same seed.

    Motion capture is taken from FIAS_DATA where that is set; without it everything is simulated. The result is kept
    under `cache` when given.
    """
    folder = Path(os.environ["FIAS_DATA"]) if scenario.mocap and os.environ.get("FIAS_DATA") else None
    values = (n, seed, split, spec.skeleton, spec.frames, spec.rate_hz, VERSION, folder is None, scenario)
    path = cache / f"windows-{split}-{hashlib.sha256(repr(values).encode()).hexdigest()[:12]}.npz" if cache else None
    if path and path.is_file():
        return kept(path, WindowSet)
    jobs = [
        _Job(count, source, seed, split, number, spec, folder, scenario)
        for number, (count, source) in enumerate(_plan(n, folder))
    ]
    result = concatenated(_all(jobs, workers))
    if path:
        keep(path, result)
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
    scenario: Scenario


def _plan(n: int, folder: Path | None) -> Iterator[tuple[int, int]]:
    shares = SHARES if folder else {SIMULATED: 1.0}
    for source, share in shares.items():
        count = round(n * share)
        yield from ((min(CHUNK, count - done), source) for done in range(0, count, CHUNK))


def _run(job: _Job) -> WindowSet:
    rng = np.random.default_rng((job.seed, _SPLIT_SEED[job.split], job.number))
    draw = _drawer(job)
    rows: list[_Row] = []
    views = 0
    while len(rows) < job.count:
        rows += _rows(draw(rng), job, (job.number * 100_000 + views) * 100, rng)
        views += 1
    return _stacked(rows[: job.count], job.source)


def _stacked(rows: list[_Row], source: int) -> WindowSet:
    return WindowSet(
        joints=np.stack([row.window.joints for row in rows]),
        label=np.array([row.label for row in rows], np.int64),
        subject=np.array([row.subject for row in rows], np.int64),
        source=np.full(len(rows), source, np.uint8),
        errors=np.stack([row.errors for row in rows]),
        repetition=np.array([row.repetition for row in rows], np.int64),
        azimuth_deg=np.array([row.azimuth_deg for row in rows], np.float32),
        fault=np.stack([row.fault for row in rows]),
    )


def _drawer(job: _Job) -> Callable[[np.random.Generator], SkeletonSequence]:
    if job.source == SIMULATED or job.folder is None:
        first = (job.number + 1) * 10_000 + _SPLIT_SEED[job.split] * 100_000_000
        return lambda rng: simulated(rng, first + int(rng.integers(10_000)))
    if job.source == UIPRMD:
        sequences = uiprmd.training_sets(job.folder, job.split)
    else:
        # Two performers: one teaches, the other judges.
        sequences = [s for s in cmu.read(job.folder) if (s.subject == 113) == (job.split == "train")]
    return lambda rng: _excerpt(sequences[int(rng.integers(len(sequences)))], rng)


def simulated(rng: np.random.Generator, subject: int) -> SkeletonSequence:
    """One simulated athlete's spell before the camera, sampled at 30 Hz, with all that is known about it."""
    performance = make_performance(random_script(rng), random_body(rng), int(rng.integers(2**31)))
    start = rng.uniform(0, max(performance.duration_s - 30.0, 0.0))
    times = np.arange(start, min(performance.duration_s, start + 30.0), 1 / _GRID_HZ)
    labels, errors, repetition, fault = _truth(performance, times)
    joints = performance.joints(times)
    return SkeletonSequence(
        joints,
        labels,
        _GRID_HZ,
        SOURCES[SIMULATED],
        subject=subject,
        errors=errors,
        repetition=repetition,
        fault=fault,
    )


def _truth(performance: Performance, times: Float64) -> tuple[Int64, Float32, Int64, Bool]:
    """Class (F,), severities (F, E), repetition (F,) and joints at fault (F, V) at the times (F,) of a performance.

    A pause of less than `JOIN_S` between two repetitions has their class: it is part of the set.
    """
    labels = np.full(len(times), LABELS.index(IDLE), np.int64)
    errors = np.zeros((len(times), len(ERROR_LABELS)), np.float32)
    repetition = np.full(len(times), -1, np.int64)
    fault = np.zeros((len(times), performance.joints(times[:1]).shape[1]), np.bool_)
    previous_s = -np.inf
    for number, span in enumerate(performance.spans):
        start_s = previous_s if span.start_s - previous_s < JOIN_S else span.start_s
        rows = (times >= start_s) & (times < span.end_s)
        labels[rows], repetition[rows] = LABELS.index(span.label), number
        for error, severity in span.errors:
            errors[rows, ERROR_LABELS.index(f"{span.exercise}_{error}")] = severity
        fault |= at_fault(span, times)
        previous_s = span.end_s
    return labels, errors, repetition, fault


def _excerpt(sequence: SkeletonSequence, rng: np.random.Generator) -> SkeletonSequence:
    """Up to 20 s of a long take, at a slightly other tempo, so that one camera suits it."""
    frames = int(20 * sequence.rate_hz)
    first = int(rng.integers(max(len(sequence.labels) - frames, 0) + 1))
    part = sequence.part(slice(first, first + frames))
    return replace(part, rate_hz=sequence.rate_hz * float(rng.uniform(0.8, 1.35)))


def _rows(sequence: SkeletonSequence, job: _Job, first: int, rng: np.random.Generator) -> list[_Row]:
    """Some windows of one sequence from one random camera; repetitions are numbered from `first` on."""
    if sequence.duration_s < 1.0:
        return []
    times = np.arange(0, sequence.duration_s, 1 / float(rng.choice(_RATES_HZ)))
    joints = sequence.at(times)
    view = random_view(joints, rng, CAMERAS[job.scenario.cameras])
    xy, depth = view.project(joints, times)
    track = observe(xy, depth, times, view.camera.size, rng)
    rows = []
    for end_s, label in _moments(sequence, job.scenario.moments, rng):
        window = make_window(track, job.spec, end_s)
        if window is not None:
            rows.append(_row(window, sequence, end_s, label, first, view.azimuth_deg))
    return rows


def _row(window: Window, sequence: SkeletonSequence, end_s: float, label: int, first: int, azimuth_deg: float) -> _Row:
    """A window with what is known at its end; a joint is at fault only where it is known."""
    frames = np.clip((window.time_s * sequence.rate_hz).round().astype(np.int64), 0, len(sequence.labels) - 1)
    last = _frame_of(sequence, end_s, label)
    errors = np.full(len(ERROR_LABELS), np.nan, np.float32) if sequence.errors is None else sequence.errors[last]
    number = -1 if sequence.repetition is None else int(sequence.repetition[last])
    fault = np.zeros_like(window.mask) if sequence.fault is None else sequence.fault[frames] & window.mask
    repetition = first + number if number >= 0 and label != LABELS.index(IDLE) else -1
    return _Row(window, label, sequence.subject, errors, repetition, azimuth_deg, fault)


def _frame_of(sequence: SkeletonSequence, end_s: float, label: int) -> int:
    """The last frame before `end_s` that has the window's class."""
    last = min(round(end_s * sequence.rate_hz), len(sequence.labels) - 1)
    same = np.flatnonzero(sequence.labels[: last + 1] == label)
    return int(same[-1]) if len(same) else last


def _moments(sequence: SkeletonSequence, moments: str, rng: np.random.Generator) -> list[tuple[float, int]]:
    """When the windows of a view end, and their classes: little rest where there is exercise."""
    ends = rng.uniform(0.6, sequence.duration_s, 3 * WINDOWS_A_VIEW)
    labelled = [(float(end_s), label_at(sequence, float(end_s))) for end_s in ends]
    active = [pair for pair in labelled if pair[1] not in (UNLABELLED, LABELS.index(IDLE))]
    if moments == "repetition":
        active = _in_second_halves(sequence, rng)
    idle = [pair for pair in labelled if pair[1] == LABELS.index(IDLE)]
    return active[:WINDOWS_A_VIEW] + idle[: IDLE_OF_A_SET if active else WINDOWS_A_VIEW]


def _in_second_halves(sequence: SkeletonSequence, rng: np.random.Generator) -> list[tuple[float, int]]:
    """One moment in the second half of each repetition (from a quarter after its middle on), in random order."""
    if sequence.repetition is None:
        return []
    moments = []
    for number in rng.permutation(np.unique(sequence.repetition[sequence.repetition >= 0])):
        frames = np.flatnonzero(sequence.repetition == number)
        first, last = np.quantile(frames, (0.65, 1.0))
        end_s = float(rng.uniform(first, last)) / sequence.rate_hz
        label = int(sequence.labels[frames[len(frames) // 2]])
        if label != UNLABELLED and end_s > 0.6:
            moments.append((end_s, label))
    return moments


def label_at(sequence: SkeletonSequence, end_s: float) -> int:
    """The commonest class of the moment before `end_s`; `UNLABELLED` when most of it has none."""
    times: Float64 = np.linspace(max(end_s - LABEL_S, 0.0), end_s, 9)
    index = np.clip((times * sequence.rate_hz).round().astype(np.int64), 0, len(sequence.labels) - 1)
    values, counts = np.unique(sequence.labels[index], return_counts=True)
    return int(values[counts.argmax()])


def concatenated(parts: list[WindowSet]) -> WindowSet:
    """Several sets of windows as one, in their order."""
    arrays = {field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(WindowSet)}
    return WindowSet(**arrays)
