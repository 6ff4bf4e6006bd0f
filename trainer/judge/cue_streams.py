"""Simulated workouts as the whole program perceives them: what is measured on every pose, what every window says, and
the exact truth beside it. Made once and kept, since it is slow; the cues are then timed on it as often as one likes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from fias_desktop.domain.athlete import Performance, SetPlan, Span, make_performance, random_body
from fias_desktop.domain.exercises import ERROR_LABELS, EXERCISES, ExerciseRule, Rule
from fias_desktop.domain.skeleton import BLAZEPOSE33, COCO17_FEET
from fias_desktop.domain.types import Bool, Float32, Float64, Int64, Measurement, Pose, PoseTrack
from fias_desktop.engine.pipeline import POSE_STALE_S, SAMPLE_EVERY_S
from fias_desktop.resources import exercise_rules, read_card
from fias_desktop.stages.measure import Measurer, judge
from fias_desktop.stages.recognise import Recogniser, load_recogniser
from fias_desktop.stages.repetitions import beyond
from fias_desktop.stages.windowing import make_window
from trainer.data.arrays import keep, kept
from trainer.simulate.dataset import VERSION as SIMULATION
from trainer.simulate.noise import observe
from trainer.simulate.script import random_script
from trainer.simulate.view import View, random_view

VERSION = 2  # of what is kept
SPELLS = (3, 5)
RATES_HZ = (24.0, 25.0, 30.0, 30.0)
# Streams of cues are numbered apart from all other simulated ones.
_SALT = 911
# World landmarks of the program's estimator less the truth, for rendered athletes (4 movements, 5 views, 2 bodies). In
# the picture's plane 0.03 m, mostly the picture's own error. Along the line of sight the standard deviation of a
# constant error is 0.05 m at the shoulders, 0.1 m at knees and wrists and 0.13 m at the feet, in part the same for both
# legs and nearly the same for knee and foot of one leg; 0.4 of that again changes within a second.
_ACROSS_M, _WANDER, _WANDER_S = 0.02, 0.4, 0.6
_HIPS = COCO17_FEET.indices("left_hip", "right_hip")
_PLACES = [BLAZEPOSE33.index(name) for name in COCO17_FEET.joints]
_BOTTOM_S = 0.3
_ALL_VIEWS = ("front", "oblique", "side", "back")


@dataclass(frozen=True, eq=False)
class Watched:
    """One workout of `seconds` before one camera. F pictures: `time_s` float64 (F,), `quantities` float32 (F, Q) and
    `confidence` (F, C) in the order of the names, `view_deg` (F,), `whole` bool (F,), `posture` str (F,). T windows
    asked for at `ask_s` float64 (T,): `probs` float32 (T, K), `seen` bool (T,) false where there was none, `errors`
    float32 (T, E) of `ERROR_LABELS`. R true repetitions: `spans` float64 (R, 3) start, bottom, end, `exercise` int64
    (R,) indices into `EXERCISES`, `severity` float32 (R, E) as planned and `broken` float32 (R, E): how far the exact
    movement is outside what the program's rules expect, in quarters of the range's width. `framed` float32 (R,)
    is the share of the true joints inside the picture around the bottom. `azimuth_deg` of the camera, 0 before the
    athlete."""

    quantity_names: NDArray[np.str_]
    confidence_names: NDArray[np.str_]
    time_s: Float64
    quantities: Float32
    confidence: Float32
    view_deg: Float32
    whole: Bool
    posture: NDArray[np.str_]
    ask_s: Float64
    probs: Float32
    seen: Bool
    errors: Float32
    spans: Float64
    exercise: Int64
    severity: Float32
    broken: Float32
    framed: Float32
    azimuth_deg: float
    seconds: float

    def measurements(self) -> list[Measurement]:
        """What was measured, picture by picture."""
        names, sure = [str(name) for name in self.quantity_names], [str(name) for name in self.confidence_names]
        return [
            Measurement(
                i,
                float(time_s),
                dict(zip(names, self.quantities[i].tolist(), strict=True)),
                dict(zip(sure, self.confidence[i].tolist(), strict=True)),
                float(self.view_deg[i]),
                bool(self.whole[i]),
                str(self.posture[i]),
            )
            for i, time_s in enumerate(self.time_s)
        ]


def watched(model: Path, seed: int, count: int, cache: Path | None = None, workers: int = 1) -> list[Watched]:
    """The first `count` workouts of a seed, seen by the program with the model in that folder; kept under `cache`."""
    hashes = sorted(read_card(model).hashes.items())
    version = hashlib.sha256(repr((VERSION, SIMULATION, hashes)).encode()).hexdigest()[:12]
    folder = cache / f"cues-{version}" if cache else None
    jobs = [_Job(model, seed, tuple(range(first, count, workers)), folder) for first in range(workers)]
    if workers == 1:
        return [each for _, each in _run(jobs[0])]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return [each for _, each in sorted((row for part in pool.map(_run, jobs) for row in part), key=_number)]


def _number(row: tuple[int, Watched]) -> int:
    return row[0]


@dataclass(frozen=True)
class _Job:
    model: Path
    seed: int
    numbers: tuple[int, ...]
    folder: Path | None


def _run(job: _Job) -> list[tuple[int, Watched]]:
    results = []
    recogniser: Recogniser | None = None
    for number in job.numbers:
        path = job.folder / f"{job.seed}-{number}.npz" if job.folder else None
        if path is None or not path.is_file():
            recogniser = recogniser or load_recogniser(job.model, read_card(job.model), "cpu")
            found = watch(recogniser, job.seed, number)
            if path is None:
                results.append((number, found))
                continue
            keep(path, found)
        read = kept(path, Watched)
        results.append((number, replace(read, azimuth_deg=float(read.azimuth_deg), seconds=float(read.seconds))))
    return results


def watch(recogniser: Recogniser, seed: int, number: int) -> Watched:
    """The `number`-th workout of a seed: another body, programme, camera and estimator noise each."""
    rng = np.random.default_rng((_SALT, seed, number))
    performance = make_performance(_programme(rng), random_body(rng), int(rng.integers(2**31)))
    times = np.arange(0, performance.duration_s, 1 / float(rng.choice(RATES_HZ)))
    joints = performance.joints(times)
    view = random_view(joints, rng)
    rules = exercise_rules()
    poses, track = _poses(joints, times, view, rng)
    measured = [measurer.measure(pose) for measurer in [Measurer(rules)] for pose in poses]
    ask_s, probs, seen, errors = _windows(recogniser, track)
    spans = performance.spans
    sure = sorted(measured[0].confidence)
    names = sorted(measured[0].quantities)
    return Watched(
        quantity_names=np.array(names, np.str_),
        confidence_names=np.array(sure, np.str_),
        time_s=np.array([m.time_s for m in measured]),
        quantities=np.array([[m.quantities[name] for name in names] for m in measured], np.float32),
        confidence=np.array([[m.confidence[name] for name in sure] for m in measured], np.float32),
        view_deg=np.array([m.view_deg for m in measured], np.float32),
        whole=np.array([m.whole_body for m in measured], np.bool_),
        posture=np.array([m.posture for m in measured]),
        ask_s=ask_s,
        probs=probs,
        seen=seen,
        errors=errors,
        spans=np.array([(span.start_s, span.bottom_s, span.end_s) for span in spans]).reshape(-1, 3),
        exercise=np.array([EXERCISES.index(span.exercise) for span in spans], np.int64),
        severity=np.array([_severities(span) for span in spans], np.float32).reshape(-1, len(ERROR_LABELS)),
        broken=_broken(performance, rules),
        framed=framed(spans, joints, times, view),
        azimuth_deg=view.azimuth_deg,
        seconds=performance.duration_s,
    )


def _programme(rng: np.random.Generator) -> list[SetPlan]:
    return [plan for _ in range(int(rng.integers(SPELLS[0], SPELLS[1] + 1))) for plan in random_script(rng)]


def framed(spans: Sequence[Span], joints: Float32, times: Float64, view: View) -> Float32:
    """The share (R,) of the true joints (F, 21, 3) at `times` (F,) that lie inside the picture, around each bottom."""
    xy, depth = view.project(joints, times)
    inside = ((xy >= 0) & (xy <= np.array(view.camera.size))).all(axis=-1) & (depth > 0)
    near = [np.abs(times - span.bottom_s) <= _BOTTOM_S for span in spans]
    return np.array([inside[rows].mean() for rows in near], np.float32)


def _severities(span: Span) -> list[float]:
    planned = {f"{span.exercise}_{error}": severity for error, severity in span.errors}
    return [planned.get(name, 0.0) for name in ERROR_LABELS]


def _poses(joints: Float32, times: Float64, view: View, rng: np.random.Generator) -> tuple[list[Pose], PoseTrack]:
    """What the estimator reports of a body (F, 21, 3): poses of 33 landmarks with world coordinates, and the track that
    windows are cut from."""
    xy, depth = view.project(joints, times)
    track = observe(xy, depth, times, view.camera.size, rng)
    rows = track.frame_index
    local = (joints - view.camera.position) @ view.camera.rotation.T
    local = local - local[:, _HIPS].mean(axis=1, keepdims=True)
    noise = np.zeros_like(local)
    noise[rows, :, :2] = (track.xy - xy[rows]) * (depth[rows] / view.camera.focal_px)[..., None]
    noise[..., :2] += rng.normal(0, _ACROSS_M, (1, len(_PLACES), 2))
    shared, own = _depth_errors()
    noise[..., 2] += _restless(times, len(shared), rng) @ shared + _restless(times, len(own), rng) * own
    world = (local + noise).astype(np.float32)
    world -= world[:, _HIPS].mean(axis=1, keepdims=True)
    return [_pose(track, i, world[row], view.camera.size) for i, row in enumerate(rows.tolist())], track


def _restless(times: Float64, count: int, rng: np.random.Generator) -> Float64:
    """Errors (F, count): constant ones of variance 1, and smaller ones that change within `_WANDER_S`."""
    step = float(np.exp(-np.median(np.diff(times)) / _WANDER_S))
    changing = rng.normal(0, 1.0, (len(times), count))
    changing[1:] *= np.sqrt(1 - step**2)
    changing = lfilter([1.0], [1.0, -step], changing, axis=0)
    return np.asarray(rng.normal(0, 1.0, (1, count)) + _WANDER * changing)


def _depth_errors() -> tuple[Float64, Float64]:
    """Metres along the line of sight: what joints share (both legs, each leg, the upper body, each arm: (6, V)) and
    what is their own (V,)."""
    shared, own = np.zeros((6, len(_PLACES))), np.full(len(_PLACES), 0.03)
    for i, joint in enumerate(COCO17_FEET.joints):
        side = 0 if joint.startswith("left") else 1
        if any(part in joint for part in ("knee", "ankle", "heel", "foot")):
            size = 0.75 if "knee" in joint else 1.1
            shared[0, i], shared[1 + side, i] = 0.065 * size, 0.085 * size
        elif "hip" in joint:
            own[i] = 0.008
        else:
            shared[3, i] = 0.045
            shared[4 + side, i] = 0.055 * ("elbow" in joint) + 0.075 * ("wrist" in joint)
    return shared, own


def _pose(track: PoseTrack, i: int, world: Float32, size: tuple[int, int]) -> Pose:
    xy = np.full((BLAZEPOSE33.num_joints, 2), np.nan, np.float32)
    score = np.zeros(BLAZEPOSE33.num_joints, np.float32)
    metres = np.full((BLAZEPOSE33.num_joints, 3), np.nan, np.float32)
    xy[_PLACES], score[_PLACES], metres[_PLACES] = track.xy[i], track.score[i], world
    return Pose(int(track.frame_index[i]), float(track.time_s[i]), 1, xy, score, metres, size)


def _windows(recogniser: Recogniser, track: PoseTrack) -> tuple[Float64, Float32, Bool, Float32]:
    """Every window that the program would ask for, on what was seen by then."""
    ask_s = np.arange(int(track.time_s[-1] / SAMPLE_EVERY_S) + 1) * SAMPLE_EVERY_S
    spec = recogniser.spec
    probs = np.zeros((len(ask_s), len(spec.labels)), np.float32)
    errors = np.zeros((len(ask_s), len(ERROR_LABELS)), np.float32)
    seen = np.zeros(len(ask_s), np.bool_)
    for row, end_s in enumerate(ask_s):
        last = int(track.time_s.searchsorted(end_s - 1e-6)) + 1
        seen_s = float(track.time_s[min(last, len(track.time_s)) - 1])
        window = make_window(_until(track, last), spec, float(end_s)) if end_s - seen_s <= POSE_STALE_S else None
        if window is None:
            continue
        said = recogniser.recognise(window).prediction
        seen[row], probs[row] = True, said.probs
        if said.error_probs is not None:
            errors[row] = said.error_probs
    return ask_s, probs, seen, errors


def _until(track: PoseTrack, last: int) -> PoseTrack:
    return PoseTrack(track.skeleton, track.time_s[:last], track.frame_index[:last], track.xy[:last], track.score[:last])


def _broken(performance: Performance, rules: tuple[ExerciseRule, ...]) -> Float32:
    """How far every true repetition is outside the rules, measured on its exact joints from all sides (R, E)."""
    found = np.zeros((len(performance.spans), len(ERROR_LABELS)), np.float32)
    by_exercise = {rule.exercise: replace(rule, rules=tuple(_everywhere(row) for row in rule.rules)) for rule in rules}
    for row, span in zip(found, performance.spans, strict=True):
        times = np.arange(span.start_s, span.end_s + 1e-6, 1 / 30)
        measured = [m for measurer in [Measurer(rules)] for m in _exactly(measurer, performance.joints(times), times)]
        for evidence in judge(by_exercise[span.exercise], measured, span.start_s, span.bottom_s, span.end_s):
            column = ERROR_LABELS.index(f"{span.exercise}_{evidence.error}")
            row[column] = max(row[column], beyond(evidence))
    return found


def _everywhere(rule: Rule) -> Rule:
    return replace(rule, views=_ALL_VIEWS)


def _exactly(measurer: Measurer, joints: Float32, times: Float64) -> list[Measurement]:
    """The measurements of the true joints (F, 21, 3), seen from the front without any noise."""
    metres = joints - joints[:, _HIPS].mean(axis=1, keepdims=True)
    # The viewer stands at +z: x right, y down, z away.
    metres = metres * (1.0, -1.0, -1.0)
    poses = []
    for i, row in enumerate(metres.astype(np.float32)):
        world = np.full((BLAZEPOSE33.num_joints, 3), np.nan, np.float32)
        xy = np.full((BLAZEPOSE33.num_joints, 2), np.nan, np.float32)
        score = np.zeros(BLAZEPOSE33.num_joints, np.float32)
        world[_PLACES], xy[_PLACES], score[_PLACES] = row, row[:, :2] * 200 + 320, 1.0
        poses.append(Pose(i, float(times[i]), 1, xy, score, world, (640, 640)))
    return [measurer.measure(pose) for pose in poses]
