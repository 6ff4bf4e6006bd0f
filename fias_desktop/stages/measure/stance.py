"""Feet, knees and the body's weight: what tells a squat from a lunge and standing from sitting."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from fias_desktop.domain.geometry import lean_deg
from fias_desktop.stages.measure.body import SIDES, UP, Array, Body

# What a full lunge shows (medians of 140 recorded inline lunges of UI-PRMD): feet 0.8 leg lengths apart fore-aft, one knee
# 0.42 higher than the other, the rear shin leaning 75 degrees further forward than the front one. `stagger` is 1 there,
# 0 in a squat.
_FEET_APART, _KNEES_APART, _SHINS_APART_DEG = 0.8, 0.42, 75.0
# Shares of the body's mass (Winter, Biomechanics and Motor Control of Human Movement, 4th ed., table 4.1): head, arms and
# trunk, acting at 0.6 of the way from hips to shoulders; thighs; shanks with feet.
_UPPER, _THIGHS, _SHANKS, _UPPER_AT = 0.678, 0.2, 0.122, 0.6
# Feet closer together than this say nothing about knees falling inward (metres).
_LEAST_SPREAD_M = 0.05


def measure_stance(body: Body, values: Mapping[str, float]) -> dict[str, float]:
    """Feet, knees and weight; `values` holds the joint angles already measured."""
    ankle = body.at("left_ankle") - body.at("right_ankle")
    left_ahead = float(ankle @ body.fore) > 0
    front, rear = SIDES if left_ahead else SIDES[::-1]
    stance = {
        "foot_apart": math.hypot(float(ankle[0]), float(ankle[2])) / body.leg_m,
        "front_knee_angle": values[f"knee_{front}"],
        "rear_knee_angle": values[f"knee_{rear}"],
    }
    stance.update(_fore_aft(body, ankle, front, rear))
    stance.update(_sideways(body, ankle))
    stance.update(_weight(body))
    return stance


def _fore_aft(body: Body, ankle: Array, front: str, rear: str) -> dict[str, float]:
    """One foot ahead of the other? Knees ahead of the toes, in torso lengths?"""
    knees_apart = abs(float((body.at("left_knee") - body.at("right_knee")) @ UP)) / body.leg_m
    if not body.shows_fore:
        nothing = dict.fromkeys(("foot_split", "knee_past_toe", "knees_past_toes"), math.nan)
        return nothing | {"stagger": knees_apart / _KNEES_APART}
    split = abs(float(ankle @ body.fore)) / body.leg_m
    shin = {side: float(lean_deg(body.at(f"{side}_knee"), body.at(f"{side}_ankle"), UP, body.fore)) for side in SIDES}
    shins_apart = (shin[rear] - shin[front]) / _SHINS_APART_DEG
    past = {side: _past_toe(body, side) for side in SIDES}
    return {
        "foot_split": split,
        "stagger": (split / _FEET_APART + knees_apart / _KNEES_APART + shins_apart) / 3,
        "knee_past_toe": past[front],
        "knees_past_toes": (past["left"] + past["right"]) / 2,
    }


def _past_toe(body: Body, side: str) -> float:
    ahead = (body.at(f"{side}_knee") - body.at(f"{side}_foot_index")) @ body.fore
    return float(ahead) / body.torso_m


def _sideways(body: Body, ankle: Array) -> dict[str, float]:
    """Feet apart in shoulder widths, and the knees' distance in parts of the ankles'."""
    if not body.shows_left:
        return dict.fromkeys(("foot_spread", "knee_ankle_ratio"), math.nan)
    shoulders = float(np.linalg.norm(body.at("left_shoulder") - body.at("right_shoulder")))
    knees = abs(float((body.at("left_knee") - body.at("right_knee")) @ body.left))
    ankles = abs(float(ankle @ body.left))
    return {
        "foot_spread": ankles / max(shoulders, 1e-6),
        "knee_ankle_ratio": knees / ankles if ankles > _LEAST_SPREAD_M else math.nan,
    }


def _weight(body: Body) -> dict[str, float]:
    """Where the centre of mass is, seen from between the ankles: `balance` ahead in leg lengths, `weight_lean` as an angle
    from the vertical. Well behind the feet, something else must carry it."""
    if not body.shows_fore:
        return dict.fromkeys(("balance", "weight_lean"), math.nan)
    shoulders, hips, knees, ankles = (body.mid(pair) for pair in ("shoulder", "hip", "knee", "ankle"))
    upper = hips + _UPPER_AT * (shoulders - hips)
    centre = _UPPER * upper + _THIGHS * (hips + knees) / 2 + _SHANKS * (knees + ankles) / 2
    return {
        "balance": float((centre - ankles) @ body.fore) / body.leg_m,
        "weight_lean": float(lean_deg(centre, ankles, UP, body.fore)),
    }
