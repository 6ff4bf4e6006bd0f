"""The squat. Correct: to about parallel or deeper, knees over the feet, weight over the middle of the foot (Myer et al. 2014,
The back squat: a proposed assessment of functional deficits)."""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.athlete.body import Body
from fias_desktop.domain.athlete.pose import STAND, change
from fias_desktop.domain.athlete.steps import SetPlan, balanced
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
    height = 0.6 + 0.25 * shallow if shallow else 0.58 - 0.27 * depth
    bottom = with_arms(top, arms, 1, rng, {"py": height, "nod": float(rng.uniform(-30, 0))})
    own_lean = float(rng.uniform(20, 42)) * (1 - 0.5 * shallow) + 26 * lean - 12 * past
    out = float(rng.uniform(-14, 3)) if stance > 0.12 else float(rng.uniform(-10, 5))
    bottom = change(
        bottom,
        {
            "lean": own_lean,
            "valgus": out * (1 - inward) + (10 + 24 * inward) * (inward > 0),
            "pitch": float(rng.uniform(5, 18)) * past,
            "px": float(rng.normal(0, 0.01)),
            "side": float(rng.normal(0, 1.5)),
        },
    )
    ahead = float(rng.uniform(0.15, 0.5))
    top, bottom = balanced(top, body, ahead), balanced(bottom, body, ahead + 0.45 * past)
    return lambda share: top + (bottom - top) * share


def _stance(close: float, rng: np.random.Generator) -> float:
    """Half the distance between the ankles in leg lengths: hip to shoulder width, sometimes a wide (sumo) stance."""
    if close:
        return 0.165 - 0.115 * close
    return float(rng.uniform(0.33, 0.46) if rng.random() < 0.2 else rng.uniform(0.17, 0.33))
