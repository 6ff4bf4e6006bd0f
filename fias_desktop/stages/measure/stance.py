"""Feet, knees and the body's weight: what tells a squat from a lunge, and standing from sitting."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fias_desktop.stages.measure.body import SIDES, Body

# What a full lunge shows (medians of 140 recorded inline lunges of UI-PRMD): feet 0.8 leg lengths apart fore-aft, one
# knee 0.42 higher than the other, the rear shin leaning 75 degrees further forward than the front one. `stagger` is 1
# there, 0 in a squat.
_FEET_APART, _KNEES_APART, _SHINS_APART_DEG = 0.8, 0.42, 75.0
# Shares of the body's mass (Winter, Biomechanics and Motor Control of Human Movement, 4th ed., table 4.1): head, arms
# and trunk, acting at 0.6 of the way from hips to shoulders; thighs; shanks with feet.
_UPPER, _THIGHS, _SHANKS, _UPPER_AT = 0.678, 0.2, 0.122, 0.6
# Feet closer together than this say nothing about knees falling inward (metres).
_LEAST_SPREAD_M = 0.05


def measure_stance(body: Body, values: Mapping[str, float]) -> dict[str, float]:
    """Feet, knees and weight; `values` holds the joint angles already measured."""
    joints = body.joints
    apart = joints["left_ankle"].minus(joints["right_ankle"])
    front, rear = SIDES if apart.fore > 0 else SIDES[::-1]
    stance = {
        "foot_apart": math.hypot(apart.fore, apart.left) / body.leg_m,
        "front_knee_angle": values[f"knee_{front}"],
        "rear_knee_angle": values[f"knee_{rear}"],
    }
    stance.update(_fore_aft(body, front, rear))
    stance.update(_sideways(body))
    stance.update(_weight(body))
    return stance


def _fore_aft(body: Body, front: str, rear: str) -> dict[str, float]:
    """One foot ahead of the other? Knees ahead of the toes, in torso lengths?"""
    joints = body.joints
    knees_apart = abs(joints["left_knee"].up - joints["right_knee"].up) / body.leg_m
    if not body.shows_fore:
        nothing = dict.fromkeys(("foot_split", "knee_past_toe", "knees_past_toes"), math.nan)
        return nothing | {"stagger": knees_apart / _KNEES_APART}
    split = (joints[f"{front}_ankle"].fore - joints[f"{rear}_ankle"].fore) / body.leg_m
    shin = {side: joints[f"{side}_knee"].minus(joints[f"{side}_ankle"]).lean_deg for side in SIDES}
    past = {
        side: (joints[f"{side}_knee"].fore - joints[f"{side}_foot_index"].fore) / max(body.torso_m, 1e-6)
        for side in SIDES
    }
    shins_apart = (shin[rear] - shin[front]) / _SHINS_APART_DEG
    return {
        "foot_split": split,
        "stagger": (split / _FEET_APART + knees_apart / _KNEES_APART + shins_apart) / 3,
        "knee_past_toe": past[front],
        "knees_past_toes": (past["left"] + past["right"]) / 2,
    }


def _sideways(body: Body) -> dict[str, float]:
    """Feet apart in shoulder widths, and the knees' distance in parts of the ankles'."""
    if not body.shows_left:
        return dict.fromkeys(("foot_spread", "knee_ankle_ratio"), math.nan)
    joints = body.joints
    shoulders = joints["left_shoulder"].minus(joints["right_shoulder"]).length
    knees = abs(joints["left_knee"].left - joints["right_knee"].left)
    ankles = abs(joints["left_ankle"].left - joints["right_ankle"].left)
    return {
        "foot_spread": ankles / max(shoulders, 1e-6),
        "knee_ankle_ratio": knees / ankles if ankles > _LEAST_SPREAD_M else math.nan,
    }


def _weight(body: Body) -> dict[str, float]:
    """Where the centre of mass is, seen from between the ankles: `balance` ahead in leg lengths, `weight_lean` as an
    angle from the vertical. Well behind the feet, something else must carry it."""
    if not body.shows_fore:
        return dict.fromkeys(("balance", "weight_lean"), math.nan)
    shoulders, hips, knees, ankles = (body.pairs[pair] for pair in ("shoulder", "hip", "knee", "ankle"))
    masses = (
        (_UPPER, hips.between(shoulders, _UPPER_AT)),
        (_THIGHS, hips.between(knees)),
        (_SHANKS, knees.between(ankles)),
    )
    fore = sum(mass * point.fore for mass, point in masses) - ankles.fore
    up = sum(mass * point.up for mass, point in masses) - ankles.up
    return {"balance": fore / body.leg_m, "weight_lean": math.degrees(math.atan2(fore, up))}
