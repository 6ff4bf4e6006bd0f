"""A performance: sets and other movements one after the other, as continuous motion with exact truth.

Between rests the motion is quintic with zero acceleration at the key poses: the minimum-jerk profile where the movement
stops (Flash and Hogan 1985), a smooth passage where it flows on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete.body import Body
from fias_desktop.domain.athlete.exercises import exercise_steps, label_of
from fias_desktop.domain.athlete.kinematics import joints_of
from fias_desktop.domain.athlete.movements import FLOOR, movement_steps
from fias_desktop.domain.athlete.pose import INDEX, PARAMS, STAND, Float, change, place
from fias_desktop.domain.athlete.steps import SetPlan, Step
from fias_desktop.domain.exercises import EXERCISES, IDLE
from fias_desktop.domain.types import Float32, Float64, Repetition

_CROUCH: Float = change(
    STAND,
    {
        "py": 0.42,
        "lean": 55.0,
        "pitch": 30.0,
        "plant": 1.0,
        "hx": 0.25,
        "hy": 0.05,
        "hz": 0.55,
        "nod": -20.0,
        "pz": 0.05,
    },
)
_SWAY = {
    "px": 0.006,
    "pz": 0.008,
    "lean": 0.8,
    "side": 0.5,
    "twist": 0.8,
    "look": 2.0,
    "nod": 1.5,
    "l_raise": 1.5,
    "r_raise": 1.5,
}


@dataclass(frozen=True)
class Span:
    """One repetition's time with its fine class, its bottom, and all its form errors with their severities (0..1)."""

    start_s: float
    bottom_s: float
    end_s: float
    exercise: str
    label: str
    errors: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class Performance:
    """What the athlete does from 0 to `duration_s`: `poses` (K, P) world poses at `times_s` (K,) with `speeds` (K, P).

    `repetitions` are the exact truth; `spans` are the same with every error, in order; what lies between is idle.
    """

    body: Body
    times_s: Float64
    poses: Float
    speeds: Float
    sway: Float
    repetitions: tuple[Repetition, ...]
    spans: tuple[Span, ...]

    @property
    def duration_s(self) -> float:
        """The end of the last movement, seconds."""
        return float(self.times_s[-1])

    def joints(self, time_s: NDArray[np.float64]) -> Float32:
        """Joints of coco17feet at `time_s` (T,) seconds -> (T, 21, 3) float32 metres, floor at y = 0."""
        times = np.clip(np.asarray(time_s, np.float64), 0.0, self.duration_s)
        joints = joints_of(self._poses(times) + self._sway(times), self.body)
        # Nobody sinks into the floor: what interpolation would push below it is lifted as a whole.
        lowest = joints[..., 1].min(axis=1)
        joints[..., 1] -= np.minimum(lowest, 0.0)[:, None]
        return joints

    def label(self, time_s: float) -> str:
        """The fine class at that time; `idle` between repetitions."""
        number = bisect_right(self.spans, time_s, key=lambda span: span.start_s) - 1
        return self.spans[number].label if number >= 0 and time_s < self.spans[number].end_s else IDLE

    def _poses(self, times: Float64) -> Float:
        key = np.clip(np.searchsorted(self.times_s, times, side="right") - 1, 0, len(self.times_s) - 2)
        length = (self.times_s[key + 1] - self.times_s[key])[:, None]
        s = (times[:, None] - self.times_s[key][:, None]) / length
        s3, s4, s5 = s**3, s**4, s**5
        rise = 10 * s3 - 15 * s4 + 6 * s5
        value = self.poses[key] * (1 - rise) + self.poses[key + 1] * rise
        value += self.speeds[key] * length * (s - 6 * s3 + 8 * s4 - 3 * s5)
        return np.asarray(value + self.speeds[key + 1] * length * (-4 * s3 + 7 * s4 - 3 * s5))

    def _sway(self, times: Float64) -> Float:
        """Nobody stands perfectly still: three slow sines on a few parameters (rows: frequency Hz, phase,
        amplitude)."""
        frequency, phase, amplitude = self.sway
        waves = np.sin(2 * np.pi * frequency * times[:, None, None] + phase) * amplitude
        return np.asarray(waves.sum(axis=1))


def make_performance(sets: Sequence[SetPlan], body: Body, seed: int, heading_deg: float = 0.0) -> Performance:
    """Perform the sets in order, standing at the origin and facing `heading_deg`; the same seed gives the same
    motion."""
    builder = _Builder(body, np.random.default_rng(seed), heading_deg)
    for number, plan in enumerate(sets):
        builder.perform(plan, last=number == len(sets) - 1)
    return builder.finish()


class _Builder:
    """Strings steps together in world poses and notes the truth."""

    def __init__(self, body: Body, rng: np.random.Generator, heading_deg: float) -> None:
        self.body, self.rng, self.heading_deg = body, rng, heading_deg
        self.at = (0.0, 0.0)
        self.poses: list[Float] = []
        self.times: list[float] = []
        self.flow: list[bool] = []
        self.repetitions: list[Repetition] = []
        self.spans: list[Span] = []
        self.on_floor = False

    def perform(self, plan: SetPlan, last: bool) -> None:
        """Get into position and do the set."""
        ours = plan.exercise in EXERCISES
        make = exercise_steps if ours else movement_steps
        steps = make(plan, self.body, self.rng)
        self._get_ready(plan.exercise in FLOOR, steps[0].pose)
        marks: dict[str, float] = {}
        for step in steps:
            self._add(step)
            if not step.mark:
                continue
            marks[step.mark] = self.times[-1]
            if step.mark == "end":
                self._note(plan, marks)
                marks = {"start": self.times[-1]}
        if not last:
            self._add(Step(steps[-1].pose, float(self.rng.uniform(0.2, 1.0))))
        self._follow(steps[-1].pose)

    def finish(self) -> Performance:
        """The performance as built."""
        times, poses = np.array(self.times), np.array(self.poses)
        speeds = np.zeros_like(poses)
        for key in np.flatnonzero(self.flow[:-1]):
            if key > 0:
                speeds[key] = (poses[key + 1] - poses[key - 1]) / (times[key + 1] - times[key - 1])
        return Performance(self.body, times, poses, speeds, self._sway(), tuple(self.repetitions), tuple(self.spans))

    def _get_ready(self, floor: bool, first: Float) -> None:
        if self.poses and floor != self.on_floor:
            if self.on_floor:
                self._add(Step(_CROUCH, float(self.rng.uniform(0.6, 1.4))))
                self._add(Step(STAND, float(self.rng.uniform(0.7, 1.3))))
            else:
                self._add(Step(_CROUCH, float(self.rng.uniform(0.7, 1.4))))
        self.on_floor = floor
        self._add(Step(first, float(self.rng.uniform(0.6, 1.4)) if self.poses else 0.0))

    def _add(self, step: Step) -> None:
        world = place(step.pose, self.body, self.at, self.heading_deg)
        seconds = step.seconds
        if self.times and seconds < 1e-3:
            if not step.mark and np.allclose(world, self.poses[-1]):
                return
            seconds = 0.02 if not np.allclose(world, self.poses[-1]) else 1e-3
        self.times.append(self.times[-1] + seconds if self.times else 0.0)
        self.poses.append(world)
        self.flow.append(step.flow)

    def _note(self, plan: SetPlan, marks: dict[str, float]) -> None:
        start, bottom, end = marks["start"], marks["bottom"], marks["end"]
        form = plan.error or "correct"
        self.spans.append(Span(start, bottom, end, plan.exercise, label_of(plan), plan.errors))
        self.repetitions.append(
            Repetition(plan.exercise, len(self.repetitions), start, bottom, end, True, "exact truth", form)
        )

    def _follow(self, pose: Float) -> None:
        """Stand where the last movement led (walking leads somewhere)."""
        world = place(pose, self.body, self.at, self.heading_deg)
        ahead = float(np.hypot(pose[INDEX["l_x"]] - STAND[INDEX["l_x"]], pose[INDEX["l_z"]]))
        if ahead > 1.2 and not self.on_floor:
            self.at = (float(world[INDEX["px"]]), float(world[INDEX["pz"]]))

    def _sway(self) -> Float:
        count = 3
        frequency = self.rng.uniform(0.1, 0.7, (count, len(PARAMS)))
        phase = self.rng.uniform(0, 2 * np.pi, (count, len(PARAMS)))
        amplitude = np.zeros((count, len(PARAMS)))
        for name, size in _SWAY.items():
            amplitude[:, INDEX[name]] = size * self.rng.uniform(0.2, 1.0, count) / 1.7
        return np.stack([frequency, phase, amplitude])


def demo_programme(seed: int = 0) -> tuple[SetPlan, ...]:
    """A pleasant workout: a little life, then squats, lunges and push-ups, correct and with errors."""
    rng = np.random.default_rng(seed)
    tempo = float(rng.uniform(2.0, 2.6))
    return (
        SetPlan("stand", repetitions=1),
        SetPlan("squat", repetitions=4, tempo_s=tempo, arms="front", depth=0.7, pause_s=0.4),
        SetPlan("stand", repetitions=1),
        SetPlan("squat", "knees_inward", 0.9, repetitions=3, tempo_s=tempo, arms="front", depth=0.6, pause_s=0.4),
        SetPlan("drink", repetitions=1),
        SetPlan("lunge", repetitions=4, tempo_s=tempo + 0.3, variant="forward", arms="hips", pause_s=0.5),
        SetPlan("stand", repetitions=1),
        SetPlan(
            "lunge",
            "knee_past_toe",
            0.9,
            repetitions=3,
            tempo_s=tempo + 0.3,
            variant="forward",
            arms="hips",
            pause_s=0.5,
        ),
        SetPlan("stand", repetitions=1),
        SetPlan("push_up", repetitions=4, tempo_s=tempo, variant="full", pause_s=0.3, depth=0.7),
        SetPlan("push_up", "hips_sag", 0.9, repetitions=3, tempo_s=tempo, variant="full", pause_s=0.3, depth=0.7),
        SetPlan("stand", repetitions=1),
    )
