"""`python -m trainer tables ghost`: how well the pose 0.1, 0.2 and 0.3 s ahead is foreseen, and what of it is drawn."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.domain.types import Float32, Float64, Int64, PoseTrack
from fias_desktop.engine.parts import GHOST_MODEL
from fias_desktop.resources import model_dir, read_card
from fias_desktop.stages.foresee import MAX_ERROR, Foreseen, OnnxPredictor, Predictor, Record, foresee, is_sure
from fias_desktop.stages.windowing import joints_at, make_window_now
from trainer.data import pushups
from trainer.foresight.judge import (
    HOLD,
    MOVED,
    NETWORK,
    VELOCITY,
    WORN,
    best_reach,
    held,
    joints_of,
    judge,
    kept_up,
    moving,
    step_of,
)
from trainer.foresight.moments import Moments, joined, moments_of, simulated_moments, until
from trainer.judge.push_up_rules import watch
from trainer.run import CACHE
from trainer.tables.report import Cell, Report, write

AHEAD_S = (0.1, 0.2, 0.3)
TEST_VIEWS, FITTING_VIEWS = 150, 40
EVERY_S = 0.1
METHODS = (HOLD, VELOCITY, WORN, NETWORK)
PARTS = (("all", "all"), ("moving", "all"), ("moving", "trunk"), ("moving", "arms"), ("moving", "legs"))
_COLUMNS = (
    "poses", "moments", "joints", "ahead (s)", "number", *METHODS, "network less than hold, %",
    "network less than velocity, %", "recordings better than both",
)  # fmt: skip
_NOTES = (
    "Mean distance in torso lengths (about half a metre) between where a joint was foreseen and where the program's "
    "own estimator saw it later, so that its noise is in every figure; faces left out. `moving`: moments after which "
    f"the body has moved by {MOVED} torso lengths or more within 0.3 s.",
    "`hold`: the last pose. `velocity`: the line through the last 5 samples (0.2 s). `worn velocity`: the same, for "
    "each step as many samples long as was best on other simulated moments. `network`: the model as it is shipped, "
    "trained on simulated movement alone.",
    "Simulated: 150 bodies it has not seen, through the simulated estimator. Clips: the annotated real clips. "
    "Push-ups: the 106 real push-up clips. Real poses come from the program's own estimator and tracker.",
)
_LIVE_COLUMNS = (
    "poses", "ahead (s)", "answers", "drawn, %", "error drawn", "hold drawn", "error hidden", "hold hidden",
)  # fmt: skip
_LIVE_NOTES = (
    "What the program does with the answers, one every 0.1 s: a ghost is drawn while the mean error of the answers "
    f"that could be checked in the last second is at most {MAX_ERROR} torso lengths. Mean errors of the body's joints "
    "in torso lengths of what was drawn and of what was hidden, and of the pose held at the same moments.",
)


@dataclass(frozen=True)
class Recordings:
    """Poses of one kind: each recording's `tracks`, and how they are called."""

    name: str
    tracks: tuple[PoseTrack, ...]


def main(argv: Sequence[str]) -> int:
    """Measure and write docs/results/ghost.md and ghost_live.md; real poses where FIAS_CLIPS and FIAS_DATA are set."""
    parser = argparse.ArgumentParser(prog="python -m trainer tables ghost", description=__doc__)
    parser.add_argument("--model", type=Path, help="a model's folder (default: the program's own)")
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    given = parser.parse_args(list(argv))
    folder = given.model or model_dir(GHOST_MODEL)
    predictor = OnnxPredictor(folder, read_card(folder))
    spec, command = predictor.spec, "python -m trainer tables ghost"
    fitting = simulated_moments(FITTING_VIEWS, 0, "validation", spec, CACHE)
    methods = _Methods(predictor, best_reach(fitting, spec))
    simulated = simulated_moments(TEST_VIEWS, 0, "test", spec, CACHE)
    rows = list(_rows("simulated", [simulated], methods))
    live: list[tuple[Cell, ...]] = []
    for recordings in _real():
        moments = [moments_of(track, spec, _ends(track)) for track in recordings.tracks]
        rows += _rows(recordings.name, [one for one in moments if len(one)], methods)
        live += _live_rows(recordings, predictor)
    write(Report("ghost", "The pose ahead, foreseen", command, _NOTES, _COLUMNS, tuple(rows)), given.out)
    if live:
        write(Report("ghost_live", "The ghost as drawn", command, _LIVE_NOTES, _LIVE_COLUMNS, tuple(live)), given.out)
    return 0


@dataclass(frozen=True, eq=False)
class _Methods:
    """Everything that foresees, by name."""

    predictor: Predictor
    reach: Float64

    def foreseen(self, joints: Float32) -> dict[str, Float32]:
        """Places (N, S, V, 2) of windows (N, T, V, 3), by method."""
        spec = self.predictor.spec
        return {
            HOLD: held(joints, spec),
            VELOCITY: kept_up(joints, spec),
            WORN: kept_up(joints, spec, self.reach),
            NETWORK: np.stack([self.predictor.predict(window) for window in joints]),
        }


def _real() -> Iterator[Recordings]:
    """The real poses there are."""
    clips, data = os.environ.get("FIAS_CLIPS"), os.environ.get("FIAS_DATA")
    if clips:
        seen = (watch(path, CACHE / "clip_poses") for path in sorted(Path(clips).glob("*.mp4")))
        yield Recordings("clips", tuple(one.track() for one in seen if one is not None))
    if data:
        seen = (watch(clip.path, CACHE / "pushups") for clip in pushups.clips(Path(data)))
        yield Recordings("push-ups", tuple(one.track() for one in seen if one is not None))


def _ends(track: PoseTrack) -> list[float]:
    """A picture about every tenth of a second, each with something before it and after it."""
    first, last = float(track.time_s[0]) + 0.6, float(track.time_s[-1]) - 0.4
    rows = np.unique(track.time_s.searchsorted(np.arange(first, max(last, first), EVERY_S)))
    return [float(time_s) for time_s in track.time_s[rows[rows < len(track.time_s)]]]


def _rows(name: str, recordings: Sequence[Moments], methods: _Methods) -> Iterator[tuple[Cell, ...]]:
    """The rows of one kind of poses; recordings are told apart only where there are several."""
    spec = methods.predictor.spec
    moments = joined(recordings)
    of = np.repeat(np.arange(len(recordings)), [len(one) for one in recordings])
    off = {method: judge(moments, found).off for method, found in methods.foreseen(moments.joints).items()}
    moved = moving(moments, spec)
    for which, group in PARTS:
        chosen = moved if which == "moving" else np.ones(len(moments), np.bool_)
        for ahead_s in AHEAD_S:
            step, joints = step_of(spec, ahead_s), joints_of(group, spec)
            part = {method: values[chosen][:, step][:, joints] for method, values in off.items()}
            mean = {method: float(np.nanmean(values)) for method, values in part.items()}
            better = _better(part, of[chosen], len(recordings)) if len(recordings) > 1 else None
            less = [100 * (1 - mean[NETWORK] / mean[method]) for method in (HOLD, VELOCITY)]
            yield (name, which, group, ahead_s, int(chosen.sum()), *(mean[m] for m in METHODS), *less, better)


def _better(part: dict[str, Float64], of: Int64, count: int) -> str:
    """In how many recordings the network is off less than either baseline."""
    wins, judged = 0, 0
    for number in range(count):
        rows = of == number
        if rows.any() and np.isfinite(part[NETWORK][rows]).any():
            means = {method: float(np.nanmean(values[rows])) for method, values in part.items()}
            judged += 1
            wins += means[NETWORK] < min(means[HOLD], means[VELOCITY])
    return f"{wins} of {judged}"


def _live_rows(recordings: Recordings, predictor: Predictor) -> Iterator[tuple[Cell, ...]]:
    """What would have been drawn of all recordings of a kind, for each time ahead."""
    answers = [list(_answers(track, predictor)) for track in recordings.tracks]
    for ahead_s in AHEAD_S:
        pairs = zip(recordings.tracks, answers, strict=True)
        found = np.array([row for track, given in pairs for row in _live(track, given, predictor.spec, ahead_s)])
        drawn = found[:, 0] > 0
        errors = [float(found[rows, i].mean()) if rows.any() else None for rows in (drawn, ~drawn) for i in (1, 2)]
        yield (recordings.name, ahead_s, len(found), 100 * float(drawn.mean()), *errors)


def _answers(track: PoseTrack, predictor: Predictor) -> Iterator[Foreseen]:
    """What is foreseen in a recording, ten times a second."""
    for end_s in _ends(track):
        made = make_window_now(until(track, end_s), predictor.spec, end_s)
        if made is not None:
            window, place = made
            yield foresee(predictor, window, place.to_px, place.scale_px)


def _live(
    track: PoseTrack, answers: Sequence[Foreseen], spec: ModelSpec, ahead_s: float
) -> Iterator[tuple[float, float, float]]:
    """For every answer: whether it was drawn (0 or 1), its error and that of the pose held."""
    record, body = Record(ahead_s, skeleton(spec.skeleton).joints), joints_of("all", spec)
    for answer in answers:
        for earlier in record.due(answer.time_s):
            xy_px, seen = joints_at(track, spec.skeleton, np.array([earlier.time_s + ahead_s]))
            record.judge(earlier, xy_px[0], seen[0])
        xy_px, seen = joints_at(track, spec.skeleton, np.array([answer.time_s + ahead_s]))
        counts = [joint for joint in body if seen[0, joint] and answer.known[joint]]
        if counts:
            errors = [
                float(np.linalg.norm(places[counts] - xy_px[0, counts], axis=-1).mean()) / answer.torso_px
                for places in (answer.at(answer.time_s + ahead_s), answer.xy_px[0])
            ]
            yield float(is_sure(record.error(answer.time_s))), errors[0], errors[1]
        record.add(answer)
