"""The lunge: forward, reverse and split. Correct: both knees near 90 degrees at the bottom, the front knee behind the
toes, the trunk upright (Schoenfeld 2010 on knee travel; Farrokhi et al. 2008 on trunk position)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete.body import Body
from fias_desktop.domain.athlete.kinematics import JOINT
from fias_desktop.domain.athlete.pose import INDEX, STAND, Float, change, mirror
from fias_desktop.domain.athlete.steps import SetPlan, Step, balanced, blend, shifted, solve
from fias_desktop.domain.athlete.style import Rhythm, make_rhythm, repetition_of, simple_set, with_arms

LUNGE_ARMS = ("hips", "hips", "sides", "sides", "clasped", "crossed", "goblet", "barbell", "front", "swing", "overhead")
LUNGES = ("forward", "reverse", "split")
_REACH = 0.97  # of the leg's length: the rear knee is hardly ever quite straight


def lunge_steps(plan: SetPlan, body: Body, rng: np.random.Generator) -> list[Step]:
    """The steps of a set of lunges; legs alternate in some sets (never in split lunges)."""
    variant = plan.variant or str(rng.choice(LUNGES))
    rhythm = make_rhythm(plan, rng)
    stand, bottom = lunge_poses(plan, body, rng)
    lead_left = bool(rng.random() < 0.5)
    if variant == "split":
        between = 0.5 * float(bottom[INDEX["l_z"]] + bottom[INDEX["r_z"]])
        rising = {"py": 0.985, "pz": between, "lean": 2.0, "l_pitch": 0.0, "r_pitch": float(rng.uniform(10, 40))}
        top = change(bottom, rising)
        top, bottom = (pose if lead_left else mirror(pose) for pose in (top, bottom))
        return simple_set(plan, lambda share: blend(top, bottom, share), rhythm, rng)
    alternate = rng.random() < 0.5
    if variant == "reverse":
        bottom = shifted(bottom, 0.0, -float(bottom[INDEX["l_z"]]))
    steps = [Step(stand, 0.0)]
    for number in range(plan.repetitions):
        left = lead_left != (alternate and number % 2 == 1)
        steps += _stepping_lunge(plan, (stand, bottom), rhythm, number, left, rng)
    return steps


def _stepping_lunge(
    plan: SetPlan, poses: tuple[Float, Float], rhythm: Rhythm, number: int, left: bool, rng: np.random.Generator
) -> list[Step]:
    """One lunge with a step: feet together, foot in the air, planted and lowest, and back."""
    stand, bottom = poses
    down_s, up_s, depth = repetition_of(rhythm, plan, number, rng)
    low = change(bottom, {"py": float(stand[INDEX["py"]] + (bottom - stand)[INDEX["py"]] * depth)})
    swing = float(rng.uniform(0.3, 0.45))
    out, back = (_in_the_air(stand, low, float(rng.uniform(0.06, 0.18))) for _ in range(2))
    path = [
        Step(stand, rhythm.top_s * float(rng.uniform(0.7, 1.3)), "start"),
        Step(out, down_s * swing, flow=True),
        Step(low, down_s * (1 - swing), "bottom", flow=True),
        Step(low, rhythm.bottom_s * float(rng.uniform(0.6, 1.4))),
        Step(back, up_s * (1 - swing), flow=True),
        Step(stand, up_s * swing, "end", flow=True),
    ]
    return [Step(step.pose if left else mirror(step.pose), step.seconds, step.mark, step.flow) for step in path]


def _in_the_air(stand: Float, low: Float, lift: float) -> Float:
    """Half way of a stepping lunge: the foot that moves is off the floor, the hips have only begun to sink."""
    pose = blend(stand, low, 0.5)
    moving = "l_" if abs(low[INDEX["l_z"]]) > abs(low[INDEX["r_z"]]) else "r_"
    py = 0.75 * stand[INDEX["py"]] + 0.25 * low[INDEX["py"]]
    return change(pose, {moving + "lift": lift, moving + "pitch": 10.0, "py": float(py)})


def lunge_poses(plan: SetPlan, body: Body, rng: np.random.Generator) -> tuple[Float, Float]:
    """A lunge's standing pose and its bottom with the left leg in front, the rear foot at z = 0."""
    high, past, lean = plan.wrong("too_high"), plan.wrong("knee_past_toe"), plan.wrong("trunk_lean")
    depth = float(rng.uniform()) if plan.depth is None else plan.depth
    arms = plan.arms or str(rng.choice(LUNGE_ARMS))
    stand = with_arms(STAND, arms, 0, rng, {"x": float(rng.uniform(0.09, 0.18)), "foot": float(rng.uniform(0, 12))})
    step = float(rng.uniform(0.8, 1.15)) - 0.22 * past - 0.2 * high
    bottom = change(
        with_arms(
            stand, arms, 1, rng, {"lean": float(rng.uniform(0, 12)) + 30 * lean, "nod": float(rng.uniform(-15, 5))}
        ),
        {
            "l_z": step,
            "r_pitch": float(rng.uniform(40, 62)) - 20 * high,
            "py": 0.56 - 0.13 * depth if not high else 0.67 + 0.14 * high,
            "pz": step * 0.6,
            "l_pitch": float(rng.uniform(0, 12)) * max(past - 0.4, 0.0),
            "valgus": float(rng.normal(0, 4)),
            "foot": float(rng.uniform(0, 8)),
            "yaw": float(rng.normal(0, 4)),
            "side": float(rng.normal(0, 2)),
            "twist": float(rng.normal(0, 3)),
        },
    )
    target = float(rng.uniform(-0.15, 0.65)) * (past == 0) + (1.1 + 0.6 * past) * (past > 0)
    return balanced(stand, body), _front_knee_at(bottom, body, target)


def _front_knee_at(bottom: Float, body: Body, target: float) -> Float:
    """The lunge with its front knee at `target` (share of the way from ankle to toe), rear knee above the floor."""

    def miss(joints: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        knee, ankle = joints[:, JOINT["left_knee"], 2], joints[:, JOINT["left_ankle"], 2]
        return np.asarray(knee - ankle - target * body.toe_m)

    def rear_knee(joints: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        return np.asarray(np.minimum(joints[:, JOINT["right_knee"], 1] - 0.07, 0.0))

    placed = solve(bottom, body, "pz", (0.1, 1.2), miss)
    low = float(placed[1])
    placed = solve(placed, body, "py", (low, low + 0.35), rear_knee)
    return _within_reach(solve(placed, body, "pz", (0.1, 1.2), miss), body)


def _within_reach(bottom: Float, body: Body) -> Float:
    """A shorter step where the rear leg could not reach its foot: hips and front foot come back together."""
    ankle_z, ankle_y = _rear_ankle(bottom, body)
    height = float(bottom[INDEX["py"]]) * body.leg_m + body.ankle_m - ankle_y
    farthest = ankle_z + float(np.sqrt(max((_REACH * body.leg_m) ** 2 - height**2, 0.0)))
    excess = max(float(bottom[INDEX["pz"]]) - farthest / body.leg_m, 0.0)
    return change(bottom, {"l_z": float(bottom[INDEX["l_z"]]) - excess, "pz": float(bottom[INDEX["pz"]]) - excess})


def _rear_ankle(bottom: Float, body: Body) -> tuple[float, float]:
    """Forward and up (m) of the rear ankle with the ball of the foot planted and the heel raised."""
    pitch = np.radians(bottom[INDEX["r_pitch"]])
    ahead = body.toe_m * (1 - np.cos(pitch)) + body.ankle_m * np.sin(pitch)
    up = body.ankle_m * np.cos(pitch) + body.toe_m * np.sin(pitch)
    return float(bottom[INDEX["r_z"]] * body.leg_m + ahead), float(up)
