"""How far the simulated estimator noise is from the real estimator's: both on the same rendered athletes.

A residual is where the program sees a joint less where it is, in trunk lengths of the picture, after tracking and
smoothing, as the recogniser gets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from fias_desktop.domain.athlete import SetPlan
from fias_desktop.domain.skeleton import BLAZEPOSE33, COCO17_FEET, mapping
from fias_desktop.domain.types import Float64
from fias_desktop.engine.pipeline import Perceiver
from fias_desktop.resources import exercise_rules
from fias_desktop.stages.capture.demo import DemoPlan, DemoSource
from fias_desktop.stages.pose import PoseEstimator
from trainer.simulate.noise import observe

MOVEMENTS = ("stand", "squat", "lunge", "push_up")
VIEWS_DEG = (0.0, 45.0, 90.0, 135.0, 180.0)
FPS, SPAN_S, SKIP_S = 15.0, 5.0, 0.7
_DRAWS = 8  # of the simulated noise, for every real one
_LIMBS = ("elbow", "wrist", "knee", "ankle", "heel", "foot")
LIMB_ROWS = [i for i, joint in enumerate(COCO17_FEET.joints) if any(part in joint for part in _LIMBS)]


@dataclass(frozen=True, eq=False)
class Residuals:
    """`offset` float64 (F, 21, 2) trunk lengths and `score` (F, 21), NaN where nobody was seen, at `rate_hz`."""

    offset: Float64
    score: Float64
    rate_hz: float

    def size(self) -> Float64:
        """Magnitudes (F, 21)."""
        return np.asarray(np.linalg.norm(self.offset, axis=-1))

    def jitter(self) -> Float64:
        """Half the change of the residual from picture to picture (F - 1, 21)."""
        return np.asarray(np.linalg.norm(np.diff(self.offset, axis=0), axis=-1) / 2)


@dataclass(frozen=True)
class Case:
    """One rendered movement seen from one side."""

    movement: str
    view_deg: float
    seed: int

    def source(self) -> DemoSource:
        """The rendered athlete of this case, always the same."""
        sets = (SetPlan(self.movement, repetitions=3 if self.movement != "stand" else 2),)
        return DemoSource(DemoPlan(sets, self.view_deg, 1.0, self.seed, fps=FPS))


def cases(seeds: int) -> Iterator[Case]:
    """Every movement from every side, by `seeds` athletes."""
    yield from (Case(*values) for values in product(MOVEMENTS, VIEWS_DEG, range(1, seeds + 1)))


def real_residuals(case: Case, estimator: PoseEstimator) -> Residuals:
    """What pose estimation and tracking make of the pictures."""
    source, perceiver = case.source(), Perceiver(exercise_rules(), estimator)
    joints = mapping(BLAZEPOSE33, COCO17_FEET)
    trunk_px = _trunk_px(source)
    offsets, scores = [], []
    for _ in range(_frames(source)):
        frame = source.read()
        if frame is None:
            break
        pose = perceiver.perceive(frame).pose
        truth = source.pixels(frame.index)
        offsets.append(np.full((21, 2), np.nan) if pose is None else (pose.xy[joints] - truth) / trunk_px)
        scores.append(np.full(21, np.nan) if pose is None else pose.score[joints].astype(np.float64))
    return _settled(np.array(offsets), np.array(scores))


def simulated_residuals(case: Case) -> tuple[Residuals, ...]:
    """What the noise model makes of the same movement, drawn several times."""
    source = case.source()
    count = _frames(source)
    joints = np.stack([source.joints(i) for i in range(count)])
    xy, depth = source.camera.project(joints)
    times, trunk_px = np.arange(count) / FPS, _trunk_px(source)
    rng = np.random.default_rng((case.seed, int(case.view_deg), MOVEMENTS.index(case.movement)))
    found = []
    for _ in range(_DRAWS):
        track = observe(xy.astype(np.float32), depth.astype(np.float32), times, source.camera.size, rng)
        offset, score = np.full((count, 21, 2), np.nan), np.full((count, 21), np.nan)
        offset[track.frame_index] = (track.xy - xy[track.frame_index]) / trunk_px
        score[track.frame_index] = track.score
        found.append(_settled(offset, score))
    return tuple(found)


def distance(a: Float64, b: Float64) -> float:
    """The Wasserstein-1 distance of two samples of numbers: how far, on average, one must be moved to be the other."""
    shares = np.linspace(0.005, 0.995, 199)
    known = [np.quantile(values[np.isfinite(values)], shares) for values in (a, b)]
    return float(np.abs(known[0] - known[1]).mean())


def _frames(source: DemoSource) -> int:
    return int(min(SPAN_S, source.performance.duration_s) * FPS)


def _settled(offset: Float64, score: Float64) -> Residuals:
    """Without the first moments, in which tracking finds the person."""
    first = int(SKIP_S * FPS)
    return Residuals(offset[first:], score[first:], FPS)


def _trunk_px(source: DemoSource) -> float:
    """The trunk's length in the picture if it were upright at the athlete's distance."""
    joints = source.joints(0)
    _, depth = source.camera.project(joints)
    return float(source.camera.focal_px * source.performance.body.trunk_m / np.median(depth))
