"""Squat, lunge and push-up as programmes of key poses, with every form error as a continuous severity 0..1.

What is called correct follows common coaching standards: squat to about parallel or deeper with the knees over the feet
(Myer et al. 2014, The back squat); lunge with both knees near 90 degrees, the front knee behind the toes, trunk upright;
push-up with a straight line from ankles to shoulders, elbows bent to 90 degrees or more and 20 to 60 degrees off the trunk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete.body import Body
from fias_desktop.domain.athlete.kinematics import JOINT
from fias_desktop.domain.athlete.pose import STAND, Float, change, mirror
from fias_desktop.domain.athlete.push_up import push_up_maker
from fias_desktop.domain.athlete.steps import Ranges, SetPlan, Step, balanced, draw, posture, solve

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
        {"raise": (45, 80), "azimuth": (-42, -28), "reach": (0.42, 0.6), "hang": 0.3, "out": 0.7, "up": -1.0, "front": 0},
        {"raise": (60, 90), "azimuth": (-42, -28), "reach": (0.42, 0.7), "hang": 0.4, "out": 0.7, "up": -1.0, "front": 0},
    ),
    "hips": (
        {"raise": (8, 16), "azimuth": (30, 80), "reach": (0.7, 0.82), "hang": 0.0, "out": 1.0, "up": 0.0, "front": -0.5},
        {"raise": (8, 18), "azimuth": (30, 80), "reach": (0.7, 0.82), "hang": 0.0, "out": 1.0, "up": 0.0, "front": -0.5},
    ),
    "crossed": (
        {"raise": (65, 85), "azimuth": (-65, -45), "reach": (0.45, 0.6), "hang": 0.0, "out": 0.2, "up": -1, "front": 0.4},
        {"raise": (65, 85), "azimuth": (-65, -45), "reach": (0.45, 0.6), "hang": 0.0, "out": 0.2, "up": -1, "front": 0.4},
    ),
    "goblet": (
        {"raise": (50, 75), "azimuth": (-45, -30), "reach": (0.4, 0.55), "hang": 0.0, "out": 0.2, "up": -1, "front": 0.3},
        {"raise": (50, 75), "azimuth": (-45, -30), "reach": (0.4, 0.55), "hang": 0.0, "out": 0.2, "up": -1, "front": 0.3},
    ),
    "barbell": (
        {"raise": (85, 120), "azimuth": (85, 120), "reach": (0.4, 0.75), "hang": 0.0, "out": 0.4, "up": -1, "front": -0.5},
        {"raise": (85, 120), "azimuth": (85, 120), "reach": (0.4, 0.75), "hang": 0.0, "out": 0.4, "up": -1, "front": -0.5},
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
        {"raise": (140, 160), "azimuth": (-110, -70), "reach": (0.35, 0.5), "out": 1.0, "up": 0.2, "front": 0.1, "hang": 0},
        {"raise": (140, 160), "azimuth": (-110, -70), "reach": (0.35, 0.5), "out": 1.0, "up": 0.2, "front": 0.1, "hang": 0},
    ),
}
SQUAT_ARMS = ("front", "front", "swing", "clasped", "hips", "crossed", "goblet", "barbell", "sides", "overhead", "head")
LUNGE_ARMS = ("hips", "hips", "sides", "sides", "clasped", "crossed", "goblet", "barbell", "front", "swing", "overhead")
LUNGES = ("forward", "reverse", "split")

# A pose of the exercise: depth 0 (top) to 1 (bottom), and which leg leads (lunges).
Maker = Callable[[float, bool], Float]


@dataclass(frozen=True)
class Rhythm:
    """Timing of a set: share of the way down, holds at the bottom and the top, slowing and shallowing over the set."""

    down: float
    bottom_s: float
    top_s: float
    slowing: float
    shallower: float


def exercise_steps(plan: SetPlan, body: Body, rng: np.random.Generator) -> list[Step]:
    """The steps of a set of squats, lunges or push-ups, starting with the pose at the top (0 s)."""
    rhythm = _rhythm(plan, rng)
    if plan.exercise == "squat":
        return _simple_set(plan, squat_maker(plan, body, rng), rhythm, rng)
    if plan.exercise == "push_up":
        return _simple_set(plan, push_up_maker(plan, body, rng), rhythm, rng)
    return _lunge_set(plan, body, rhythm, rng)


def _rhythm(plan: SetPlan, rng: np.random.Generator) -> Rhythm:
    pause = float(rng.choice([0.0, 0.15, 0.5, 1.0, 1.8], p=[0.25, 0.25, 0.25, 0.15, 0.1]) * rng.uniform(0.7, 1.3))
    return Rhythm(
        down=float(rng.uniform(0.4, 0.64)),
        bottom_s=float(rng.choice([0.0, 0.1, 0.4, 0.9], p=[0.4, 0.3, 0.2, 0.1])),
        top_s=pause if plan.pause_s is None else plan.pause_s,
        slowing=float(rng.uniform(0.0, 0.04)),
        shallower=float(rng.uniform(0.0, 0.015)),
    )


def _repetition(rhythm: Rhythm, plan: SetPlan, number: int, rng: np.random.Generator) -> tuple[float, float, float]:
    """Seconds down and up of one repetition, and its depth (1 = as planned)."""
    seconds = plan.tempo_s * (1 + rhythm.slowing * number) * float(rng.normal(1.0, 0.06))
    down = float(np.clip(rhythm.down + rng.normal(0, 0.03), 0.3, 0.7))
    depth = float(np.clip(1 - rhythm.shallower * number + rng.normal(0, 0.02), 0.85, 1.05))
    return seconds * down, seconds * (1 - down), depth


def _simple_set(plan: SetPlan, make: Maker, rhythm: Rhythm, rng: np.random.Generator) -> list[Step]:
    top = make(0.0, False)
    steps = [Step(top, 0.0)]
    for number in range(plan.repetitions):
        down_s, up_s, depth = _repetition(rhythm, plan, number, rng)
        bottom = make(depth, False)
        steps.append(Step(top, rhythm.top_s * float(rng.uniform(0.7, 1.3)), "start"))
        steps.append(Step(bottom, down_s, "bottom"))
        steps.append(Step(bottom, rhythm.bottom_s * float(rng.uniform(0.6, 1.4))))
        steps.append(Step(top, up_s, "end"))
    return steps


def squat_maker(plan: SetPlan, body: Body, rng: np.random.Generator) -> Maker:
    """A squat's poses between standing and the bottom."""
    close, inward = plan.wrong("feet_too_close"), plan.wrong("knees_inward")
    lean, past, shallow = plan.wrong("forward_lean"), plan.wrong("knees_past_toes"), plan.wrong("too_shallow")
    depth = float(rng.uniform()) if plan.depth is None else plan.depth
    arms = plan.arms or str(rng.choice(SQUAT_ARMS))
    stance = float(rng.uniform(0.17, 0.33))
    stance = stance if not close else 0.165 - 0.115 * close
    toe_out = float(rng.uniform(0, 12) + 60 * max(stance - 0.17, 0.0))
    top = _with_arms(STAND, arms, 0, rng, {"x": stance, "foot": toe_out, "lean": float(rng.uniform(0, 5))})
    bottom = _with_arms(top, arms, 1, rng, {"py": 0.58 - 0.27 * depth + 0.27 * shallow, "nod": float(rng.uniform(-30, 0))})
    own_lean = float(rng.uniform(20, 42)) * (1 - 0.5 * shallow) + 26 * lean - 12 * past
    out = float(rng.uniform(-14, 3)) if stance > 0.12 else float(rng.uniform(-10, 5))
    bottom = change(
        bottom,
        {
            "lean": own_lean,
            "valgus": out * (1 - inward) + (14 + 34 * inward) * (inward > 0),
            "pitch": float(rng.uniform(5, 18)) * past,
            "px": float(rng.normal(0, 0.01)),
            "side": float(rng.normal(0, 1.5)),
        },
    )
    ahead = float(rng.uniform(0.15, 0.5))
    top, bottom = balanced(top, body, ahead), balanced(bottom, body, ahead + 0.45 * past)
    return lambda share, _: top + (bottom - top) * share


def _with_arms(
    base: Float, arms: str, which: int, rng: np.random.Generator, values: dict[str, float]
) -> Float:
    """The pose with arms in that style (0 top, 1 bottom), slightly different left and right, and other values."""
    drawn = draw(ARMS[arms][which], rng)
    uneven = {"r_" + name: drawn[name] + float(rng.normal(0, 4)) for name in ("raise", "azimuth")}
    return change(base, {**drawn, **uneven, **values})


def lunge_poses(plan: SetPlan, body: Body, rng: np.random.Generator) -> tuple[Float, Float]:
    """A lunge's standing pose and its bottom with the left leg in front, the rear foot at z = 0."""
    high, past, lean = plan.wrong("too_high"), plan.wrong("knee_past_toe"), plan.wrong("trunk_lean")
    depth = float(rng.uniform()) if plan.depth is None else plan.depth
    arms = plan.arms or str(rng.choice(LUNGE_ARMS))
    stand = _with_arms(STAND, arms, 0, rng, {"x": float(rng.uniform(0.09, 0.18)), "foot": float(rng.uniform(0, 12))})
    step = float(rng.uniform(0.8, 1.15)) - 0.22 * past - 0.1 * high
    bottom = change(
        _with_arms(stand, arms, 1, rng, {"lean": float(rng.uniform(0, 12)) + 30 * lean, "nod": float(rng.uniform(-15, 5))}),
        {
            "l_z": step,
            "r_pitch": float(rng.uniform(40, 62)) - 20 * high,
            "py": 0.52 - 0.12 * depth + (0.07 + 0.2 * high) * (high > 0),
            "pz": step * 0.6,
            "l_pitch": float(rng.uniform(0, 12)) * max(past - 0.4, 0.0),
            "valgus": float(rng.normal(0, 4)),
            "foot": float(rng.uniform(0, 8)),
            "yaw": float(rng.normal(0, 4)),
            "side": float(rng.normal(0, 2)),
            "twist": float(rng.normal(0, 3)),
        },
    )
    target = float(rng.uniform(0.0, 0.8)) * (past == 0) + (1.1 + 0.6 * past) * (past > 0)
    return balanced(stand, body), _front_knee_at(bottom, body, target)


def _front_knee_at(bottom: Float, body: Body, target: float) -> Float:
    """The lunge with its front knee at `target` (share of the way from ankle to toe), rear knee above the floor."""

    def miss(joints: NDArray[np.floating]) -> NDArray[np.floating]:
        knee, ankle = joints[:, JOINT["left_knee"], 2], joints[:, JOINT["left_ankle"], 2]
        return np.asarray(knee - ankle - target * body.toe_m)

    def rear_knee(joints: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.asarray(np.minimum(joints[:, JOINT["right_knee"], 1] - 0.07, 0.0))

    placed = solve(bottom, body, "pz", (0.1, 1.2), miss)
    low = float(placed[1])
    placed = solve(placed, body, "py", (low, low + 0.35), rear_knee)
    return solve(placed, body, "pz", (0.1, 1.2), miss)


def _lunge_set(plan: SetPlan, body: Body, rhythm: Rhythm, rng: np.random.Generator) -> list[Step]:
    variant = plan.variant or str(rng.choice(LUNGES))
    stand, bottom = lunge_poses(plan, body, rng)
    alternate = variant != "split" and rng.random() < 0.5
    lead_left = bool(rng.random() < 0.5)
    if variant == "split":
        split_top = change(bottom, {"py": 0.985, "lean": 2.0, "r_pitch": float(rng.uniform(15, 45))})
        make: Maker = lambda share, left: _sided(split_top + (bottom - split_top) * share, lead_left)  # noqa: E731
        return _simple_set(plan, make, rhythm, rng)
    steps = [Step(stand, 0.0)]
    for number in range(plan.repetitions):
        left = lead_left if not alternate else bool((number + lead_left) % 2)
        steps += _stepping_lunge(plan, variant, (stand, bottom), (rhythm, number, left), rng)
    return steps


def _stepping_lunge(
    plan: SetPlan,
    variant: str,
    poses: tuple[Float, Float],
    when: tuple[Rhythm, int, bool],
    rng: np.random.Generator,
) -> list[Step]:
    """One lunge with a step: feet together, foot in the air, planted, lowest, and back."""
    stand, bottom = poses
    rhythm, number, left = when
    down_s, up_s, depth = _repetition(rhythm, plan, number, rng)
    low = stand + (bottom - stand) * np.array([1.0 if i != 1 else depth for i in range(len(stand))])
    swing_s = float(rng.uniform(0.25, 0.4))
    if variant == "reverse":
        low = _back(low, float(bottom[_L_Z] - stand[_L_Z]))
    step_out, step_in = (_in_the_air(stand, low, variant, float(rng.uniform(0.05, 0.16))) for _ in range(2))
    path = [
        Step(stand, rhythm.top_s * float(rng.uniform(0.7, 1.3)), "start"),
        Step(step_out, down_s * swing_s, flow=True),
        Step(low, down_s * (1 - swing_s), "bottom"),
        Step(low, rhythm.bottom_s * float(rng.uniform(0.6, 1.4))),
        Step(step_in, up_s * (1 - swing_s), flow=True),
        Step(stand, up_s * swing_s, "end"),
    ]
    return [Step(_sided(step.pose, left), step.seconds, step.mark, step.flow) for step in path]


_L_Z = posture.__defaults__ is not None and 0 or 0
