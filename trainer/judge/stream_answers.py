"""What a recogniser says along continuous streams, ten windows a second: made once and kept, since it is slow."""

from __future__ import annotations

import hashlib
import math
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Bool, Float32, Float64, Int64, PoseTrack, Window
from fias_desktop.engine.pipeline import POSE_STALE_S, SAMPLE_EVERY_S
from fias_desktop.resources import read_card
from fias_desktop.stages.recognise import Recogniser, load_recogniser, rejection_scores
from fias_desktop.stages.windowing import make_window
from trainer.simulate.dataset import VERSION
from trainer.simulate.streams import make_stream

_BATCH = 64


@dataclass(frozen=True, eq=False)
class Answers:
    """A recogniser's answers along one stream at `time_s` float64 (T,): `probs` float32 (T, K) of `LABELS`, `known`
    bool (T,), `seen` bool (T,) false where there was no window; and the stream's exact truth, its R repetitions:
    `start_s`, `end_s` (R,) and `label` int64 (R,); `azimuth_deg` of the camera."""

    time_s: Float64
    probs: Float32
    known: Bool
    seen: Bool
    start_s: Float64
    end_s: Float64
    label: Int64
    azimuth_deg: float


def simulated_answers(
    model: Path, seed: int, count: int, cache: Path | None = None, workers: int = 1, seconds: float = math.inf
) -> list[Answers]:
    """The answers of the model in that folder to the first `count` simulated streams of a seed, kept under `cache`;
    only to the first `seconds` of each when given."""
    spec = read_card(model)
    version = hashlib.sha256(repr((VERSION, sorted(spec.hashes.items()), seconds)).encode()).hexdigest()[:12]
    folder = cache / f"streams-{version}" if cache else None
    shares = [range(first, count, max(workers, 1)) for first in range(max(workers, 1))]
    jobs = [_Job(model, seed, tuple(share), folder, seconds) for share in shares if len(share)]
    if len(jobs) == 1:
        parts = [_run(jobs[0])]
    else:
        with ProcessPoolExecutor(len(jobs), mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_run, jobs))
    numbered = sorted(pair for part in parts for pair in part)
    return [answers for _, answers in numbered]


@dataclass(frozen=True)
class _Job:
    model: Path
    seed: int
    numbers: tuple[int, ...]
    folder: Path | None
    seconds: float


def _run(job: _Job) -> list[tuple[int, Answers]]:
    recogniser: Recogniser | None = None
    results = []
    for number in job.numbers:
        path = job.folder / f"{job.seed}-{number}.npz" if job.folder else None
        if path is not None and path.is_file():
            results.append((number, _read(path)))
            continue
        if recogniser is None:
            recogniser = load_recogniser(job.model, read_card(job.model), "cpu")
        answers = _simulated(recogniser, job, number)
        if path is not None:
            _write(path, answers)
        results.append((number, answers))
    return results


def _simulated(recogniser: Recogniser, job: _Job, number: int) -> Answers:
    stream = make_stream(job.seed, number)
    time_s, probs, known, seen = answer_track(recogniser, stream.track, min(stream.seconds, job.seconds))
    spans = [span for span in stream.spans if span.start_s < time_s[-1]]
    return Answers(
        time_s,
        probs,
        known,
        seen,
        np.array([span.start_s for span in spans], np.float64),
        np.array([span.end_s for span in spans], np.float64),
        np.array([LABELS.index(span.label) for span in spans], np.int64),
        stream.azimuth_deg,
    )


def answer_track(recogniser: Recogniser, track: PoseTrack, seconds: float) -> tuple[Float64, Float32, Bool, Bool]:
    """Times (T,), probabilities (T, K), known (T,) and seen (T,) of the windows that the application would cut."""
    time_s = np.arange(int(seconds / SAMPLE_EVERY_S) + 1) * SAMPLE_EVERY_S
    found = [(i, window) for i, end_s in enumerate(time_s) if (window := _window(recogniser.spec, track, end_s))]
    rows = np.array([i for i, _ in found], np.int64)
    probs = np.zeros((len(time_s), len(recogniser.spec.labels)), np.float32)
    for first in range(0, len(found), _BATCH):
        batch = [window for _, window in found[first : first + _BATCH]]
        probs[rows[first : first + _BATCH]] = recogniser.probs(batch)
    seen = np.zeros(len(time_s), np.bool_)
    seen[rows] = True
    scores = rejection_scores(recogniser.spec.labels, probs)
    return time_s, probs, seen & (scores <= recogniser.spec.rejection_threshold), seen


def _window(spec: ModelSpec, track: PoseTrack, end_s: float) -> Window | None:
    last = int(track.time_s.searchsorted(end_s, side="right")) - 1
    if last < 0 or end_s - float(track.time_s[last]) > POSE_STALE_S:
        return None
    return make_window(track, spec, float(end_s))


def _write(path: Path, answers: Answers) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, **{field.name: getattr(answers, field.name) for field in fields(Answers)})
    part.replace(path)


def _read(path: Path) -> Answers:
    with np.load(path, allow_pickle=False) as data:
        values = {field.name: data[field.name] for field in fields(Answers)}
    return Answers(**(values | {"azimuth_deg": float(values["azimuth_deg"])}))
