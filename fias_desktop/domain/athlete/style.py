"""What sets of different exercises share: arm styles, rhythm, and the way from the top to the bottom and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.athlete.pose import Float, change
from fias_desktop.domain.athlete.steps import Ranges, SetPlan, Step, draw

# Arms at the top and at the bottom of a squat or lunge.
ARMS: dict[str, tuple[Ranges, Ranges]] = {
    "front": (
        {"raise": (5, 90), "azimuth": (-8, 15), "reach": (0.85, 0.99), "hang": 1.0},
        {"raise": (75, 100), "azimuth": (-12, 15), "reach": (0.85, 0.99), "hang": 1.0},
    ),
    "swing": (
        {"raise": (5, 25), "azimuth": (40, 90), "reach": (0.93, 0.99), "hang": 1.0},
        {"raise": (60, 95), "azimuth": (-20, 10), "reach": (0.55, 0.95), "hang": 1.0, "out": 0.6, "up": -1.0},
    ),
    "clasped": (
        {
            "raise": (45, 80),
            "azimuth": (-42, -28),
            "reach": (0.42, 0.6),
            "hang": 0.3,
            "out": 0.7,
            "up": -1.0,
            "front": 0,
        },
        {
            "raise": (60, 90),
            "azimuth": (-42, -28),
            "reach": (0.42, 0.7),
            "hang": 0.4,
            "out": 0.7,
            "up": -1.0,
            "front": 0,
        },
    ),
    "hips": (
        {
            "raise": (8, 16),
            "azimuth": (30, 80),
            "reach": (0.7, 0.82),
            "hang": 0.0,
            "out": 1.0,
            "up": 0.0,
            "front": -0.5,
        },
        {
            "raise": (8, 18),
            "azimuth": (30, 80),
            "reach": (0.7, 0.82),
            "hang": 0.0,
            "out": 1.0,
            "up": 0.0,
            "front": -0.5,
        },
    ),
    "crossed": (
        {
            "raise": (65, 85),
            "azimuth": (-65, -45),
            "reach": (0.45, 0.6),
            "hang": 0.0,
            "out": 0.2,
            "up": -1,
            "front": 0.4,
        },
        {
            "raise": (65, 85),
            "azimuth": (-65, -45),
            "reach": (0.45, 0.6),
            "hang": 0.0,
            "out": 0.2,
            "up": -1,
            "front": 0.4,
        },
    ),
    "goblet": (
        {
            "raise": (50, 75),
            "azimuth": (-45, -30),
            "reach": (0.4, 0.55),
            "hang": 0.0,
            "out": 0.2,
            "up": -1,
            "front": 0.3,
        },
        {
            "raise": (50, 75),
            "azimuth": (-45, -30),
            "reach": (0.4, 0.55),
            "hang": 0.0,
            "out": 0.2,
            "up": -1,
            "front": 0.3,
        },
    ),
    "barbell": (
        {
            "raise": (85, 120),
            "azimuth": (85, 120),
            "reach": (0.4, 0.75),
            "hang": 0.0,
            "out": 0.4,
            "up": -1,
            "front": -0.5,
        },
        {
            "raise": (85, 120),
            "azimuth": (85, 120),
            "reach": (0.4, 0.75),
            "hang": 0.0,
            "out": 0.4,
            "up": -1,
            "front": -0.5,
        },
    ),
    "sides": (
        {"raise": (3, 15), "azimuth": (30, 100), "reach": (0.93, 0.99), "hang": (0.6, 1.0)},
        {"raise": (3, 20), "azimuth": (0, 100), "reach": (0.93, 0.99), "hang": (0.8, 1.0)},
    ),
    "overhead": (
        {"raise": (155, 178), "azimuth": (30, 90), "reach": (0.9, 0.99), "hang": (0.0, 0.5)},
        {"raise": (150, 175), "azimuth": (20, 90), "reach": (0.9, 0.99), "hang": (0.0, 0.6)},
    ),
    "head": (
        {
            "raise": (140, 160),
            "azimuth": (-110, -70),
            "reach": (0.35, 0.5),
            "out": 1.0,
            "up": 0.2,
            "front": 0.1,
            "hang": 0,
        },
        {
            "raise": (140, 160),
            "azimuth": (-110, -70),
            "reach": (0.35, 0.5),
            "out": 1.0,
            "up": 0.2,
            "front": 0.1,
            "hang": 0,
        },
    ),
}

# A pose of the exercise at a depth from 0 (top) to 1 (bottom).
Maker = Callable[[float], Float]


@dataclass(frozen=True)
class Rhythm:
    """Timing of a set: share of the way down, holds at the bottom and the top, slowing and shallowing over the set."""

    down: float
    bottom_s: float
    top_s: float
    slowing: float
    shallower: float


def make_rhythm(plan: SetPlan, rng: np.random.Generator) -> Rhythm:
    """How this set is paced: rests at the top and the bottom, and how fatigue slows it and makes it shallower."""
    pause = float(rng.choice([0.0, 0.15, 0.5, 1.0, 1.8], p=[0.25, 0.25, 0.25, 0.15, 0.1]) * rng.uniform(0.7, 1.3))
    return Rhythm(
        down=float(rng.uniform(0.4, 0.64)),
        bottom_s=float(rng.choice([0.0, 0.1, 0.4, 0.9], p=[0.4, 0.3, 0.2, 0.1])),
        top_s=pause if plan.pause_s is None else plan.pause_s,
        slowing=float(rng.uniform(0.0, 0.04)),
        shallower=float(rng.uniform(0.0, 0.015)),
    )


def repetition_of(rhythm: Rhythm, plan: SetPlan, number: int, rng: np.random.Generator) -> tuple[float, float, float]:
    """Seconds down and up of one repetition, and its depth (1 = as planned)."""
    seconds = plan.tempo_s * (1 + rhythm.slowing * number) * float(rng.normal(1.0, 0.06))
    down = float(np.clip(rhythm.down + rng.normal(0, 0.03), 0.3, 0.7))
    depth = float(np.clip(1 - rhythm.shallower * number + rng.normal(0, 0.02), 0.85, 1.05))
    return seconds * down, seconds * (1 - down), depth


def simple_set(plan: SetPlan, make: Maker, rhythm: Rhythm, rng: np.random.Generator) -> list[Step]:
    """The steps of a set that goes down from one pose and up to it again, beginning with that pose (0 s)."""
    top = make(0.0)
    steps = [Step(top, 0.0)]
    for number in range(plan.repetitions):
        down_s, up_s, depth = repetition_of(rhythm, plan, number, rng)
        bottom = make(depth)
        steps.append(Step(top, rhythm.top_s * float(rng.uniform(0.7, 1.3)), "start"))
        steps.append(Step(bottom, down_s, "bottom"))
        steps.append(Step(bottom, rhythm.bottom_s * float(rng.uniform(0.6, 1.4))))
        steps.append(Step(top, up_s, "end"))
    return steps


def with_arms(base: Float, arms: str, which: int, rng: np.random.Generator, values: dict[str, float]) -> Float:
    """The pose with arms in that style (0 top, 1 bottom), slightly different left and right, and other values."""
    drawn = draw(ARMS[arms][which], rng)
    uneven = {"r_" + name: drawn[name] + float(rng.normal(0, 4)) for name in ("raise", "azimuth")}
    return change(base, {**drawn, **uneven, **values})
