"""Continuous simulated streams: whole workouts with life between the sets, as a camera and an estimator see them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.athlete import SetPlan, Span, make_performance, random_body
from fias_desktop.domain.types import PoseTrack
from trainer.simulate.noise import observe
from trainer.simulate.script import random_script
from trainer.simulate.view import random_view

RATES_HZ = (24.0, 25.0, 30.0, 30.0, 60.0)
SPELLS = (2, 4)  # scripts strung together: with the usual share of them, two sets of three
# Subjects of streams are numbered apart from those of windows.
_SALT = 77


@dataclass(frozen=True, eq=False)
class Stream:
    """One workout before one camera: the `track` an estimator would report (coco17feet), `seconds` long, with the
    repetitions' `spans` as exact truth; `azimuth_deg` of the camera, 0 in front of the athlete."""

    track: PoseTrack
    spans: tuple[Span, ...]
    seconds: float
    azimuth_deg: float


def make_stream(seed: int, number: int) -> Stream:
    """The `number`-th stream of a seed: another body, programme, camera and estimator noise each."""
    rng = np.random.default_rng((_SALT, seed, number))
    performance = make_performance(_programme(rng), random_body(rng), int(rng.integers(2**31)))
    times = np.arange(0, performance.duration_s, 1 / float(rng.choice(RATES_HZ)))
    joints = performance.joints(times)
    view = random_view(joints, rng)
    xy, depth = view.project(joints, times)
    track = observe(xy, depth, times, view.camera.size, rng)
    return Stream(track, performance.spans, performance.duration_s, view.azimuth_deg)


def _programme(rng: np.random.Generator) -> list[SetPlan]:
    """Several spells, each a set with or without life around it, or life alone."""
    return [plan for _ in range(int(rng.integers(SPELLS[0], SPELLS[1] + 1))) for plan in random_script(rng)]
