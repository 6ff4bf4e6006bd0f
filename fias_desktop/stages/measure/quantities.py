"""The quantities measured on one body. Angles in degrees, lengths in parts of the person's own leg, arm or torso."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from fias_desktop.domain.geometry import joint_angle_deg, lean_deg, line_deviation_deg
from fias_desktop.stages.measure.body import JOINT, UP, Array, Body

Values = dict[str, float]
Trust = dict[str, float]

_ANGLES = {
    f"{name}_{side}": tuple(f"{side}_{joint}" for joint in joints)
    for side in ("left", "right")
    for name, joints in {
        "knee": ("hip", "knee", "ankle"),
        "hip": ("shoulder", "hip", "knee"),
        "elbow": ("shoulder", "elbow", "wrist"),
        "armpit": ("elbow", "shoulder", "hip"),
    }.items()
}
_CORNERS = [np.array([JOINT[joints[i]] for joints in _ANGLES.values()]) for i in range(3)]
_SIDES = ("left", "right")
_LEAST_WEIGHT = 0.05
# What a full lunge shows (medians of 140 recorded inline lunges of UI-PRMD): feet 0.8 leg lengths apart fore-aft, one knee
# 0.42 higher than the other, the rear shin 75 degrees further forward than the front one. `stagger` is 1 there, 0 in a
# squat.
_FEET_APART, _KNEES_APART, _SHINS_APART_DEG = 0.8, 0.42, 75.0


def measure_body(body: Body) -> tuple[Values, Trust]:
    """Every quantity of one body with its confidence 0..1 (the lowest score of the joints it needs)."""
    values: Values = {"depth": float(body.depth)}
    trust: Trust = {}
    for part in _PARTS:
        part(body, values, trust)
    return values, trust


def sideness(body: Body) -> float:
    """How side-on the camera sees the body: 1 from the side, 0 from the front or back."""
    return math.sqrt(max(0.0, 1.0 - math.cos(math.radians(body.view_deg)) ** 2))


def _joint_angles(body: Body, values: Values, trust: Trust) -> None:
    """Knee, hip, elbow and armpit angles, each side; from the picture itself as far as the body is seen from the side."""
    weight = min(max((sideness(body) - 0.75) / 0.2, 0.0), 1.0)
    flat = joint_angle_deg(*(body.xy[corner] for corner in _CORNERS))
    deep = joint_angle_deg(*(body.points[corner] for corner in _CORNERS)) if body.depth else flat
    for i, (name, joints) in enumerate(_ANGLES.items()):
        sagittal = weight if not name.startswith(("elbow", "armpit")) else 0.0
        values[name] = float(sagittal * flat[i] + (1.0 - sagittal) * deep[i])
        trust[name] = body.confidence(*joints)
        if not body.depth and weight < 0.5 and not name.startswith("armpit"):
            values[name] = math.nan
    values["knee_difference"] = abs(float(deep[0] - deep[4]))
    for name in ("knee", "hip", "elbow"):
        _both_sides(name, values, trust)


def _both_sides(name: str, values: Values, trust: Trust) -> None:
    """The mean of left and right, weighted by how well each is seen."""
    weights = [max(trust[f"{name}_{side}"], _LEAST_WEIGHT) ** 2 for side in _SIDES]
    pairs = [(values[f"{name}_{side}"], weight) for side, weight in zip(_SIDES, weights, strict=True)]
    known = [(value, weight) for value, weight in pairs if value == value]
    total = sum(weight for _, weight in known)
    values[f"{name}_angle"] = sum(value * weight for value, weight in known) / total if known else math.nan
    trust[f"{name}_angle"] = max(trust[f"{name}_{side}"] for side in _SIDES)


def _trunk(body: Body, values: Values, trust: Trust) -> None:
    shoulders, hips = body.mid("shoulder"), body.mid("hip")
    values["trunk_lean"] = float(lean_deg(shoulders, hips, UP, body.fore))
    values["trunk_tilt"] = float(lean_deg(shoulders, hips, UP, body.left))
    trunk = shoulders - hips
    length = body.torso_m if body.depth else max(body.torso_m, float(np.linalg.norm(trunk)))
    values["trunk_rise"] = math.degrees(math.asin(min(max(float(trunk @ UP) / max(length, 1e-6), -1.0), 1.0)))
    # What lies forward when the chest faces the floor: breastbone direction against up.
    chest = np.cross(body.at("left_shoulder") - body.at("right_shoulder"), trunk)
    values["chest_up"] = float(chest @ UP) / max(float(np.linalg.norm(chest)), 1e-9) if body.depth else math.nan
    trust["trunk_lean"] = trust["trunk_tilt"] = body.confidence(
        "left_shoulder", "right_shoulder", "left_hip", "right_hip"
    )


def _heights(body: Body, values: Values, trust: Trust) -> None:
    """How high the pelvis is above the lower foot, and the shoulders above the supporting hands."""
    feet = (body.at("left_ankle"), body.at("right_ankle"))
    height = [float((body.mid("hip") - foot) @ UP) / body.leg_m for foot in feet]
    values["hip_height"] = max(height)
    values["hip_height_mean"] = sum(height) / 2
    trust["hip_height"] = body.confidence("left_hip", "right_hip", "left_ankle", "right_ankle")
    hands = (body.at("left_wrist"), body.at("right_wrist"))
    above = [float((body.mid("shoulder") - hand) @ UP) / body.arm_m for hand in hands]
    values["shoulder_height"] = sum(above) / 2
    values["shoulder_height_max"] = max(above)
    values["hand_gap"] = abs(above[0] - above[1])
    trust["shoulder_height"] = max(body.score[JOINT["left_wrist"]], body.score[JOINT["right_wrist"]])
    values["hand_above_foot"] = float((sum(hands) / 2 - sum(feet) / 2) @ UP) / body.leg_m  # type: ignore[operator]
    values["hand_above_head"] = min(float((hand - body.at("nose")) @ UP) for hand in hands) / body.torso_m


def _feet(body: Body, values: Values, trust: Trust) -> None:
    """Where the feet and knees are, fore-aft in leg lengths and sideways in shoulder widths."""
    ankle = body.at("left_ankle") - body.at("right_ankle")
    knee = body.at("left_knee") - body.at("right_knee")
    shoulders = float(np.linalg.norm(body.at("left_shoulder") - body.at("right_shoulder")))
    values["foot_split"] = abs(float(ankle @ body.fore)) / body.leg_m
    values["foot_spread"] = abs(float(ankle @ body.left)) / max(shoulders, 1e-6)
    values["foot_apart"] = math.hypot(float(ankle[0]), float(ankle[2])) / body.leg_m
    values["knee_gap"] = abs(float(knee @ UP)) / body.leg_m
    values["knee_ankle_ratio"] = abs(float(knee @ body.left)) / max(abs(float(ankle @ body.left)), 0.05)
    across = abs(body.xy[JOINT["left_ankle"], 0] - body.xy[JOINT["right_ankle"], 0])
    values["knee_ankle_ratio_2d"] = float(
        abs(body.xy[JOINT["left_knee"], 0] - body.xy[JOINT["right_knee"], 0]) / max(across, 1e-6)
    )
    trust["foot_spread"] = trust["foot_split"] = body.confidence("left_ankle", "right_ankle")
    trust["knee_ankle_ratio"] = body.confidence("left_knee", "right_knee", "left_ankle", "right_ankle")
    front = "left" if float(ankle @ body.fore) > 0 else "right"
    rear = "right" if front == "left" else "left"
    values["front_is_left"] = float(front == "left")
    for name, side in (("front", front), ("rear", rear)):
        values[f"{name}_knee_angle"] = values[f"knee_{side}"]
        trust[f"{name}_knee_angle"] = trust[f"knee_{side}"]
        shank = body.at(f"{side}_knee") - body.at(f"{side}_ankle")
        values[f"{name}_shin_lean"] = math.degrees(math.atan2(float(shank @ body.fore), float(shank @ UP)))
        thigh = body.at(f"{side}_knee") - body.at(f"{side}_hip")
        values[f"{name}_thigh_lean"] = math.degrees(math.atan2(float(thigh @ body.fore), -float(thigh @ UP)))
    shins = (values["rear_shin_lean"] - values["front_shin_lean"]) / _SHINS_APART_DEG
    values["stagger"] = (values["foot_split"] / _FEET_APART + values["knee_gap"] / _KNEES_APART + shins) / 3
    past = [
        float((body.at(f"{side}_knee") - body.at(f"{side}_foot_index")) @ body.fore) / body.torso_m for side in _SIDES
    ]
    values["knee_past_toe"] = past[0] if front == "left" else past[1]
    values["knees_past_toes"] = sum(past) / 2


def _balance(body: Body, values: Values, trust: Trust) -> None:
    """How far ahead of the ankles the body's weight is, in leg lengths: well below 0 it must be resting on something."""
    # Segment masses (Winter, table 4.1): trunk, head and arms 0.678 acting near 0.6 of the trunk's length, two thighs
    # 0.200, two shanks and feet 0.122.
    shoulders, hips, knees, ankles = (body.mid(pair) for pair in ("shoulder", "hip", "knee", "ankle"))
    centre = 0.678 * (hips + 0.6 * (shoulders - hips)) + 0.2 * (hips + knees) / 2 + 0.122 * (knees + ankles) / 2
    values["balance"] = float((centre - ankles) @ body.fore) / body.leg_m
    values["weight_lean"] = float(lean_deg(centre, ankles, UP, body.fore))


def _support(body: Body, values: Values, trust: Trust) -> None:
    """The body's line and elbows in a push-up."""
    shoulders, hips, ankles = body.mid("shoulder"), body.mid("hip"), body.mid("ankle")
    values["hip_line"] = float(line_deviation_deg(shoulders, hips, ankles, UP))
    flat = [np.append(body.xy[[JOINT["left_" + j], JOINT["right_" + j]]].mean(0), 0.0) for j in ("shoulder", "hip", "ankle")]
    values["hip_line_2d"] = float(line_deviation_deg(*flat, UP))
    values["body_rise"] = math.degrees(
        math.asin(min(max(float((shoulders - ankles) @ UP) / max(float(np.linalg.norm(shoulders - ankles)), 1e-6), -1), 1))
    )
    low = min(float((body.at(f"{side}_{joint}") - hips) @ UP) for side in _SIDES for joint in ("knee", "ankle"))
    values["hip_above_legs"] = -low / body.leg_m
    caudal = (hips - shoulders) / max(body.torso_m, 1e-6)
    across = body.at("left_shoulder") - body.at("right_shoulder")
    across = across / max(float(np.linalg.norm(across)), 1e-6)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        arm = body.at(f"{side}_elbow") - body.at(f"{side}_shoulder")
        values[f"flare_{side}"] = math.degrees(math.atan2(sign * float(arm @ across), float(arm @ caudal)))
        trust[f"flare_{side}"] = trust[f"elbow_{side}"]
    w = [max(trust[f"flare_{side}"], 0.05) ** 2 for side in _SIDES]
    values["elbow_flare"] = (values["flare_left"] * w[0] + values["flare_right"] * w[1]) / sum(w)
    values["flare_max"] = max(values["flare_left"] , values["flare_right"] )
    trust["hip_line"] = body.confidence("left_hip", "right_hip")


_PARTS: tuple[Callable[[Body, Values, Trust], None], ...] = (
    _joint_angles,
    _trunk,
    _heights,
    _feet,
    _balance,
    _support,
)
_ = Array
