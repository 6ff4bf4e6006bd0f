"""Walking: steps forward, backward and sideways, on the spot, and turns; the standing foot never slides.

Cadence 1.5-2.1 steps a second and step lengths of 0.3-0.45 of stature are ordinary (Perry 1992; Bohannon 1997).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fias_desktop.domain.athlete.pose import INDEX, Float, change
from fias_desktop.domain.athlete.steps import Step

WALKS = ("walk", "walk_back", "march", "turn", "sidestep_walk")


def walk_steps(name: str, count: int, stand: Float, rng: np.random.Generator) -> list[Step]:
    """`count` steps from and back to `stand`, whose arms are kept where they are not hanging."""
    stride = {"walk": 0.75, "walk_back": -0.5, "march": 0.0, "turn": 0.0, "sidestep_walk": 0.0}[name]
    ahead = stride * float(rng.uniform(0.5, 1.15))
    turn = float(rng.uniform(25, 55) * rng.choice([-1, 1])) if name == "turn" else float(rng.normal(0, 4))
    aside = float(rng.uniform(0.3, 0.55) * rng.choice([-1, 1])) if name == "sidestep_walk" else 0.0
    lift = float(rng.uniform(0.25, 0.5)) if name == "march" else float(rng.uniform(0.05, 0.12))
    seconds = float(rng.uniform(0.46, 0.75))
    swing = float(rng.uniform(8, 35)) if stand[INDEX["l_raise"]] < 25 else 0.0
    return _feet_one_after_the_other(stand, count, (ahead, aside, turn, lift), seconds, swing)


def _feet_one_after_the_other(
    stand: Float, count: int, stride: Sequence[float], seconds: float, swing: float
) -> list[Step]:
    """Each foot in turn moves to its place beside the next pelvis position; two keys per step (mid-swing, strike)."""
    ahead, aside, turn, lift = stride
    width = float(stand[INDEX["l_x"]]) * 0.7
    feet = {side: np.array([sign * width, 0.0, 0.0]) for side, sign in (("l_", 1.0), ("r_", -1.0))}
    at, steps = np.zeros(3), [Step(stand, 0.0)]
    first = 0 if aside >= 0 and turn >= 0 else 1
    for number in range(count):
        side, sign = ("l_", 1.0) if (number + first) % 2 == 0 else ("r_", -1.0)
        last = number == count - 1
        new = at + _world(at[2], aside, 0.0 if last else ahead) + np.array([0.0, 0.0, turn])
        target = new + _world(new[2], sign * width, 0.0 if last else 0.5 * ahead)
        middle = (feet[side] + target) / 2
        arms = {"l_raise": -sign * swing, "r_raise": sign * swing, "azimuth": 5.0} if swing and not last else {}
        mid_feet = {**feet, side: middle}
        mid_at = (at + new) / 2
        steps.append(Step(_key(stand, mid_at, mid_feet, {side + "lift": lift, side + "pitch": 25.0}), seconds / 2, flow=True))
        feet[side], at = target, new
        steps.append(Step(_key(stand, at, feet, arms), seconds / 2, flow=True))
    return steps


def _world(yaw_deg: float, aside: float, ahead: float) -> Float:
    angle = np.radians(yaw_deg)
    return np.array([aside * np.cos(angle) + ahead * np.sin(angle), ahead * np.cos(angle) - aside * np.sin(angle), 0.0])


def _key(stand: Float, at: Float, feet: dict[str, Float], values: dict[str, float]) -> Float:
    """`stand` with the pelvis at `at` (x, z, yaw) and feet (x, z, yaw), in the local frame of the spell."""
    out = float(stand[INDEX["l_foot"]])
    placed = {"px": at[0], "pz": at[1], "yaw": at[2]}
    for side, sign in (("l_", 1.0), ("r_", -1.0)):
        x, z, yaw = feet[side]
        placed |= {side + "x": sign * x, side + "z": z, side + "foot": sign * yaw + out}
    return change(stand, {**{k: float(v) for k, v in placed.items()}, **values})
