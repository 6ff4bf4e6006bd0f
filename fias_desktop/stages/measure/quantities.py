"""The quantities measured on one body: angles in degrees, lengths in parts of the person's own leg, arm or torso.

A quantity that the pose does not show (no depth, wrong side) is NaN. Names are those of resources/exercises.toml.
"""

from __future__ import annotations

import math

import numpy as np

from fias_desktop.domain.geometry import joint_angle_deg, lean_deg, line_deviation_deg
from fias_desktop.stages.measure.body import JOINT, SIDES, UP, Array, Body
from fias_desktop.stages.measure.stance import measure_stance

_ANGLES = {
    f"{name}_{side}": tuple(f"{side}_{joint}" for joint in joints)
    for name, joints in {
        "knee": ("hip", "knee", "ankle"),
        "hip": ("shoulder", "hip", "knee"),
        "elbow": ("shoulder", "elbow", "wrist"),
    }.items()
    for side in SIDES
}
_CORNERS = [np.array([JOINT[joints[i]] for joints in _ANGLES.values()]) for i in range(3)]
# A side that is hardly seen still weighs this much, so that a mean never divides by nothing.
_LEAST_WEIGHT = 0.05
# Legs and trunk move in the picture's plane as the camera comes round to the side: the picture is then surer than the
# estimated depth. Between these two values of `Body.sideness` one takes over from the other.
_PICTURE_FROM, _PICTURE_FULL = 0.75, 0.95

# Which joints a quantity rests on. The better seen side counts, except where both are needed.
_RESTS_ON: dict[str, tuple[str, ...]] = {
    "knee_angle": ("hip", "knee", "ankle"),
    "hip_angle": ("shoulder", "hip", "knee"),
    "elbow_angle": ("shoulder", "elbow", "wrist"),
    "trunk_lean": ("shoulder", "hip"),
    "trunk_tilt": ("shoulder", "hip"),
    "hip_height": ("hip", "ankle"),
    "shoulder_height": ("shoulder", "wrist"),
    "knees_past_toes": ("knee", "foot_index"),
    "knee_past_toe": ("knee", "foot_index"),
    "hip_line": ("shoulder", "hip", "ankle"),
    "elbow_flare": ("shoulder", "elbow", "hip"),
}
_RESTS_ON_BOTH: dict[str, tuple[str, ...]] = {
    "knee_ankle_ratio": ("knee", "ankle"),
    "foot_spread": ("ankle",),
    "front_knee_angle": ("hip", "knee", "ankle"),
    "rear_knee_angle": ("hip", "knee", "ankle"),
}


def measure_body(body: Body) -> tuple[dict[str, float], dict[str, float]]:
    """Every quantity of one body, and how surely those that rules judge are known (0..1, from the joints' scores)."""
    values = {"depth": float(body.depth)}
    _joint_angles(body, values)
    _trunk(body, values)
    _heights(body, values)
    _support(body, values)
    values.update(measure_stance(body, values))
    best = {name: max(_seen(body, side, joints) for side in SIDES) for name, joints in _RESTS_ON.items()}
    both = {name: min(_seen(body, side, joints) for side in SIDES) for name, joints in _RESTS_ON_BOTH.items()}
    return values, best | both


def _seen(body: Body, side: str, joints: tuple[str, ...]) -> float:
    return float(min(body.score[JOINT[f"{side}_{joint}"]] for joint in joints))


def _joint_angles(body: Body, values: dict[str, float]) -> None:
    """Knee, hip and elbow angles of each side, and of both together by how well each is seen."""
    share = min(max((body.sideness - _PICTURE_FROM) / (_PICTURE_FULL - _PICTURE_FROM), 0.0), 1.0)
    flat = joint_angle_deg(*(body.xy[corner] for corner in _CORNERS))
    deep = joint_angle_deg(*(body.points[corner] for corner in _CORNERS))
    if not body.depth and share < 0.5:
        flat = deep = np.full(len(flat), math.nan)
    legs = share * flat + (1.0 - share) * deep
    for i, name in enumerate(_ANGLES):
        values[name] = float(deep[i] if name.startswith("elbow") else legs[i])
    values["knee_difference"] = abs(float(deep[0] - deep[1]))
    for name, joints in (("knee", ("knee", "ankle")), ("hip", ("hip", "knee")), ("elbow", ("elbow", "wrist"))):
        values[f"{name}_angle"] = _by_sight(body, name, joints, values)


def _by_sight(body: Body, name: str, joints: tuple[str, ...], values: dict[str, float]) -> float:
    weights = [max(_seen(body, side, joints), _LEAST_WEIGHT) ** 2 for side in SIDES]
    return sum(w * values[f"{name}_{side}"] for w, side in zip(weights, SIDES, strict=True)) / sum(weights)


def _trunk(body: Body, values: dict[str, float]) -> None:
    """How the trunk stands: its lean forward and to the left, its rise over the horizontal, where the chest faces."""
    shoulders, hips = body.mid("shoulder"), body.mid("hip")
    trunk = shoulders - hips
    values["trunk_lean"] = float(lean_deg(shoulders, hips, UP, body.fore)) if body.shows_fore else math.nan
    values["trunk_tilt"] = float(lean_deg(shoulders, hips, UP, body.left)) if body.shows_left else math.nan
    length = max(body.torso_m, float(np.linalg.norm(trunk)), 1e-6)
    values["trunk_rise"] = math.degrees(math.asin(min(max(_up(trunk) / length, -1.0), 1.0)))
    chest = np.cross(body.at("left_shoulder") - body.at("right_shoulder"), trunk)
    values["chest_up"] = _up(chest) / max(float(np.linalg.norm(chest)), 1e-9) if body.depth else math.nan


def _heights(body: Body, values: dict[str, float]) -> None:
    """The pelvis above the lower foot (a raised knee does not lower it), the shoulders above the hands."""
    hips, shoulders = body.mid("hip"), body.mid("shoulder")
    values["hip_height"] = max(_up(hips - body.at(f"{side}_ankle")) for side in SIDES) / body.leg_m
    legs = [body.at(f"{side}_{joint}") for side in SIDES for joint in ("knee", "ankle")]
    values["hip_above_legs"] = max(_up(hips - point) for point in legs) / body.leg_m
    above = [_up(shoulders - body.at(f"{side}_wrist")) / body.arm_m for side in SIDES]
    values["shoulder_height"] = (above[0] + above[1]) / 2
    values["supporting_hand"] = max(above)
    values["hand_above_foot"] = _up(body.mid("wrist") - body.mid("ankle")) / body.leg_m
    values["hand_above_head"] = min(_up(body.at(f"{side}_wrist") - body.at("nose")) for side in SIDES) / body.torso_m


def _support(body: Body, values: dict[str, float]) -> None:
    """The line of shoulders, hips and ankles (positive: hips above it), and how far the elbows point outwards."""
    shoulders, hips = body.mid("shoulder"), body.mid("hip")
    flat = body.flat if body.sideness > _PICTURE_FROM else body.mid
    line = float(line_deviation_deg(flat("shoulder"), flat("hip"), flat("ankle"), UP))
    values["hip_line"] = line if body.depth or body.shows_fore else math.nan
    caudal = (hips - shoulders) / max(body.torso_m, 1e-6)
    across = body.at("left_shoulder") - body.at("right_shoulder")
    across = across / max(float(np.linalg.norm(across)), 1e-6)
    for side, outwards in zip(SIDES, (across, -across), strict=True):
        arm = body.at(f"{side}_elbow") - body.at(f"{side}_shoulder")
        flare = math.degrees(math.atan2(float(arm @ outwards), float(arm @ caudal)))
        values[f"flare_{side}"] = flare if body.depth else math.nan
    values["elbow_flare"] = _by_sight(body, "flare", ("elbow",), values)


def _up(vector: Array) -> float:
    return float(vector @ UP)
