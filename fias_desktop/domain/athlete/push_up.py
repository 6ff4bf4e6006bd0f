"""The push-up on toes, on the knees, and with raised hands.

Correct: ankles, hips and shoulders nearly in a line, elbows 20 to 60 degrees off the trunk and bent to 90 degrees or
more at the bottom (Cogley et al. 2005 on hand width; ACSM's guidelines on the push-up test).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.athlete.body import Body
from fias_desktop.domain.athlete.pose import STAND, Float, change
from fias_desktop.domain.athlete.steps import SetPlan
from fias_desktop.domain.athlete.style import Maker

PUSH_UPS = ("full", "full", "full", "knee", "incline")
_WRIST_M = 0.05


@dataclass(frozen=True)
class PushUpStyle:
    """One person's push-up. Lengths in metres; `sag_deg` is how far the hip angle is from straight (positive: hips
    low)."""

    on_knees: bool
    bench_m: float
    lowest_m: float
    hand_half_m: float
    hand_ahead_m: float
    flare_deg: float
    sag_top_deg: float
    sag_bottom_deg: float
    foot_pitch_deg: float
    feet_x: float
    nod_deg: float


def push_up_maker(plan: SetPlan, body: Body, rng: np.random.Generator) -> Maker:
    """A push-up's poses between straight arms (0) and the bottom (1)."""
    style = _style(plan, body, rng)
    pivot, line_m = _pivot(style, body)
    arm = body.arm_m * 0.985
    aside = style.hand_half_m - body.shoulder_width_m / 2
    high = style.bench_m + _WRIST_M + float(np.sqrt(max(arm**2 - aside**2 - style.hand_ahead_m**2, 0.01)))
    top_shoulder = _shoulder(style, body, pivot, line_m, high, style.sag_top_deg)
    hand_z = float(top_shoulder[0]) + style.hand_ahead_m
    low = style.bench_m + style.lowest_m

    def make(share: float) -> Float:
        height = high + (low - high) * min(share, 1.02)
        sag = style.sag_top_deg + (style.sag_bottom_deg - style.sag_top_deg) * share
        return _pose(style, body, pivot, line_m, height, sag, hand_z)

    return make


def _style(plan: SetPlan, body: Body, rng: np.random.Generator) -> PushUpStyle:
    variant = plan.variant or str(rng.choice(PUSH_UPS))
    flared, shallow = plan.wrong("elbows_flared"), plan.wrong("too_shallow")
    bend = _bend_deg(plan, rng)
    depth = float(rng.uniform()) if plan.depth is None else plan.depth
    width = float(rng.uniform(0.95, 1.45)) + 0.25 * flared
    flare = 70 + 20 * flared if flared else float(rng.uniform(15, 52))
    return PushUpStyle(
        on_knees=variant == "knee",
        bench_m=float(rng.uniform(0.25, 0.6)) if variant == "incline" else 0.0,
        lowest_m=((0.24 - 0.12 * depth) if not shallow else 0.25 + 0.07 * shallow) * body.stature_m,
        hand_half_m=width * body.shoulder_width_m / 2,
        hand_ahead_m=(float(rng.uniform(-0.07, 0.05)) + 0.03 * flared) * body.stature_m,
        flare_deg=flare,
        sag_top_deg=bend * float(rng.uniform(0.55, 0.95)),
        sag_bottom_deg=bend,
        foot_pitch_deg=float(rng.uniform(55, 80)),
        feet_x=float(rng.uniform(0.03, 0.2)),
        nod_deg=float(rng.uniform(-45, 15)),
    )


def _bend_deg(plan: SetPlan, rng: np.random.Generator) -> float:
    sag, pike = plan.wrong("hips_sag"), plan.wrong("hips_pike")
    if sag > 0:
        return 10 + 28 * sag
    # Many good push-ups are a little piked: ML Kit's stills have a median of 10 degrees, quartiles -2 and 18.
    return -(14 + 35 * pike) if pike > 0 else float(np.clip(rng.normal(-5, 8), -19, 9))


def _pivot(style: PushUpStyle, body: Body) -> tuple[Float, float]:
    """Where the rigid line of the body turns, (z, y) metres, and the length from there to the hips."""
    if style.on_knees:
        return np.array([0.0, 0.06]), body.thigh_m
    pitch = np.radians(style.foot_pitch_deg)
    back = -np.cos(pitch) * body.toe_m + np.sin(pitch) * body.ankle_m
    return np.array([back, np.cos(pitch) * body.ankle_m + np.sin(pitch) * body.toe_m]), body.leg_m * 0.998


def _shoulder(
    style: PushUpStyle, body: Body, pivot: Float, line_m: float, height: float, sag_deg: float
) -> tuple[float, float, float, float]:
    """Shoulder and hip (z, y, z, y) when the shoulders are at `height` and the hips are bent by `sag_deg`."""
    sag = np.radians(sag_deg)
    reach = np.sqrt(line_m**2 + body.trunk_m**2 + 2 * line_m * body.trunk_m * np.cos(sag))
    rise = np.arcsin(np.clip((height - pivot[1]) / reach, -0.95, 0.95))
    leg = rise - np.arcsin(body.trunk_m * np.sin(sag) / reach)
    shoulder = pivot + reach * np.array([np.cos(rise), np.sin(rise)])
    hip = pivot + line_m * np.array([np.cos(leg), np.sin(leg)])
    return float(shoulder[0]), float(shoulder[1]), float(hip[0]), float(hip[1])


def _pose(
    style: PushUpStyle, body: Body, pivot: Float, line_m: float, height: float, sag_deg: float, hand_z: float
) -> Float:
    z, y, hip_z, hip_y = _shoulder(style, body, pivot, line_m, height, sag_deg)
    leg = body.leg_m
    flare = np.radians(style.flare_deg)
    return change(
        STAND,
        {
            "pz": hip_z / leg,
            "py": (hip_y - body.ankle_m) / leg,
            "lean": 90 - float(np.degrees(np.arctan2(y - hip_y, z - hip_z))),
            "nod": style.nod_deg,
            "plant": 1.0,
            "hx": style.hand_half_m / leg,
            "hy": (style.bench_m + _WRIST_M) / leg,
            "hz": hand_z / leg,
            "out": float(np.sin(flare)),
            "up": -float(np.cos(flare)),
            "front": -0.2,
            "foot": 0.0,
            "x": style.feet_x,
            **_feet(style, body),
        },
    )


def _feet(style: PushUpStyle, body: Body) -> dict[str, float]:
    leg = body.leg_m
    if not style.on_knees:
        return {"z": -body.toe_m / leg, "pitch": style.foot_pitch_deg, "knee_up": -1.0}
    pitch = np.radians(80.0)
    raised = np.radians(style.foot_pitch_deg - 52.0)
    ankle_z, ankle_y = -body.shank_m * np.cos(raised), 0.06 + body.shank_m * np.sin(raised)
    above = np.cos(pitch) * body.ankle_m + np.sin(pitch) * body.toe_m
    ahead = body.toe_m - np.cos(pitch) * body.toe_m + np.sin(pitch) * body.ankle_m
    return {
        "z": float(ankle_z - ahead) / leg,
        "lift": float(max(ankle_y - above, 0.0)) / leg,
        "pitch": 80.0,
        "knee_up": -1.0,
    }
