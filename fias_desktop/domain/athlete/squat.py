"""The squat. Correct: to about parallel or deeper, knees over the feet, weight over the middle of the foot (Myer et
al. 2014, The back squat: a proposed assessment of functional deficits)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete.body import Body
from fias_desktop.domain.athlete.kinematics import JOINT
from fias_desktop.domain.athlete.pose import STAND, Float, change
from fias_desktop.domain.athlete.steps import SetPlan, balanced, solve
from fias_desktop.domain.athlete.style import Maker, with_arms

SQUAT_ARMS = ("front", "front", "swing", "clasped", "hips", "crossed", "goblet", "barbell", "sides", "overhead", "head")


def squat_maker(plan: SetPlan, body: Body, rng: np.random.Generator) -> Maker:
    """A squat's poses between standing and the bottom."""
    close, inward = plan.wrong("feet_too_close"), plan.wrong("knees_inward")
    lean, past, shallow = plan.wrong("forward_lean"), plan.wrong("knees_past_toes"), plan.wrong("too_shallow")
    depth = float(rng.uniform()) if plan.depth is None else plan.depth
    arms = plan.arms or str(rng.choice(SQUAT_ARMS))
    stance = _stance(close, rng)
    toe_out = float(rng.uniform(0, 12) + 60 * max(stance - 0.17, 0.0))
    top = with_arms(STAND, arms, 0, rng, {"x": stance, "foot": toe_out, "lean": float(rng.uniform(0, 5))})
    height = 0.68 + 0.2 * shallow if shallow else 0.64 - 0.33 * depth
    bottom = with_arms(top, arms, 1, rng, {"py": height, "nod": float(rng.uniform(-30, 0))})
    own_lean = float(rng.uniform(20, 42)) * (1 - 0.5 * shallow) + 26 * lean - 12 * past
    bottom = change(
        bottom,
        {
            "lean": own_lean,
            "pitch": float(rng.uniform(5, 18)) * past,
            "px": float(rng.normal(0, 0.01)),
            "side": float(rng.normal(0, 1.5)),
        },
    )
    ahead = float(rng.uniform(0.15, 0.5))
    top, bottom = balanced(top, body, ahead), balanced(bottom, body, ahead + 0.45 * past)
    # The knees' distance against the ankles': UI-PRMD's correct squats have 1.2 in the median, those with knees
    # inward 0.9.
    ratio = 0.97 - 0.52 * inward if inward else float(rng.uniform(1.0, 1.45))
    bottom = _knees_at(bottom, body, ratio) if not close else change(bottom, {"valgus": float(rng.uniform(-10, 5))})
    return lambda share: top + (bottom - top) * share


def _stance(close: float, rng: np.random.Generator) -> float:
    """Half the distance between the ankles in leg lengths: hip to shoulder width, sometimes a wide (sumo) stance."""
    if close:
        return 0.165 - 0.115 * close
    return float(rng.uniform(0.33, 0.46) if rng.random() < 0.2 else rng.uniform(0.17, 0.33))


def _knees_at(bottom: Float, body: Body, ratio: float) -> Float:
    """The pose with both knees turned so that they are `ratio` times as far apart as the ankles."""

    def miss(joints: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        knees = joints[:, JOINT["left_knee"], 0] - joints[:, JOINT["right_knee"], 0]
        ankles = joints[:, JOINT["left_ankle"], 0] - joints[:, JOINT["right_ankle"], 0]
        return np.asarray(knees - ratio * ankles)

    return solve(bottom, body, "valgus", (-35.0, 45.0), miss)
