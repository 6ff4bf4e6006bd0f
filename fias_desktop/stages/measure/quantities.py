"""The quantities measured on one body: angles in degrees, lengths in parts of the person's own leg, arm or torso.

A quantity that the pose does not show (no depth, wrong side) is NaN. Names are those of resources/exercises.toml.
"""

from __future__ import annotations

import math

import numpy as np

from fias_desktop.domain.geometry import joint_angle_deg, line_deviation_deg
from fias_desktop.stages.measure.body import JOINT, SIDES, Body
from fias_desktop.stages.measure.stance import measure_stance

Values = dict[str, float]

_ANGLES = ("knee_left", "knee_right", "hip_left", "hip_right", "elbow_left", "elbow_right")
_CORNERS = tuple(
    np.array([JOINT[f"{side}_{corners[i]}"] for corners in rows for side in SIDES])
    for rows in [(("hip", "knee", "ankle"), ("shoulder", "hip", "knee"), ("shoulder", "elbow", "wrist"))]
    for i in range(3)
)
_LINE = np.array([[JOINT[f"{side}_{joint}"] for side in SIDES] for joint in ("shoulder", "hip", "ankle")])
_UP, _UP_IN_PICTURE = np.array([0.0, 0.0, 1.0]), np.array([0.0, -1.0])
# A side that is hardly seen still weighs this much, so that a mean never divides by nothing.
_LEAST_WEIGHT = 0.05
_LEAST_BEND_DEG = 10.0
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


def measure_body(body: Body) -> tuple[Values, Values]:
    """Every quantity of one body, and how surely those that rules judge are known (0..1, from the joints' scores)."""
    values = {"depth": float(body.depth)}
    _joint_angles(body, values)
    _trunk(body, values)
    _heights(body, values)
    _push_up(body, values)
    values.update(measure_stance(body, values))
    sure = {name: max(body.seen(side, *joints) for side in SIDES) for name, joints in _RESTS_ON.items()}
    sure.update({name: min(body.seen(side, *joints) for side in SIDES) for name, joints in _RESTS_ON_BOTH.items()})
    return values, sure


def _joint_angles(body: Body, values: Values) -> None:
    """Knee, hip and elbow angles of each side, and of both together by how well each is seen."""
    share = min(max((body.sideness - _PICTURE_FROM) / (_PICTURE_FULL - _PICTURE_FROM), 0.0), 1.0)
    deep = joint_angle_deg(*(body.points[corner] for corner in _CORNERS))
    legs = joint_angle_deg(*(body.stance[corner] for corner in _CORNERS))
    if share > 0.0:
        legs = (1.0 - share) * legs + share * joint_angle_deg(*(body.xy[corner] for corner in _CORNERS))
    if not body.depth and share < 0.5:
        deep = legs = np.full(len(_ANGLES), math.nan)
    values.update(zip(_ANGLES[:4], legs[:4].tolist(), strict=True))
    values.update(zip(_ANGLES[4:], deep[4:].tolist(), strict=True))
    values["knee_difference"] = abs(float(deep[0] - deep[1]))
    values["knee_angle"] = _by_sight(body, "knee", ("knee", "ankle"), values)
    values["hip_angle"] = _by_sight(body, "hip", ("hip", "knee"), values)
    values["elbow_angle"] = _by_sight(body, "elbow", ("elbow", "wrist"), values)
    # Much below 1 it is a bow, much above 1 the legs are folded up behind.
    values["knee_share"] = (180.0 - values["knee_angle"]) / max(180.0 - values["hip_angle"], _LEAST_BEND_DEG)


def _by_sight(body: Body, name: str, joints: tuple[str, ...], values: Values) -> float:
    left, right = (max(body.seen(side, *joints), _LEAST_WEIGHT) ** 2 for side in SIDES)
    return (left * values[f"{name}_left"] + right * values[f"{name}_right"]) / (left + right)


def _trunk(body: Body, values: Values) -> None:
    """How the trunk stands: its lean forward and to the left, its rise over the horizontal, where the chest faces."""
    trunk = body.pairs["shoulder"].minus(body.pairs["hip"])
    across = body.joints["left_shoulder"].minus(body.joints["right_shoulder"])
    values["trunk_lean"] = trunk.lean_deg if body.shows_fore else math.nan
    values["trunk_tilt"] = math.degrees(math.atan2(trunk.left, trunk.up)) if body.shows_left else math.nan
    length = max(body.torso_m, trunk.length, 1e-6)
    values["trunk_rise"] = math.degrees(math.asin(min(max(trunk.up / length, -1.0), 1.0)))
    # The upward part of the direction the chest faces: -1 to the floor, 1 to the ceiling.
    chest = (across.left * trunk.up - across.up * trunk.left, across.up * trunk.fore - across.fore * trunk.up)
    up = across.fore * trunk.left - across.left * trunk.fore
    values["chest_up"] = up / max(math.hypot(*chest, up), 1e-9) if body.depth else math.nan


def _heights(body: Body, values: Values) -> None:
    """The pelvis above the lower foot (a raised knee does not lower it), the shoulders above the hands."""
    joints, pairs = body.joints, body.pairs
    hips, shoulders = pairs["hip"].up, pairs["shoulder"].up
    ankles = min(joints[f"{side}_ankle"].up for side in SIDES)
    knees = min(joints[f"{side}_knee"].up for side in SIDES)
    wrists = [joints[f"{side}_wrist"].up for side in SIDES]
    values["hip_height"] = (hips - ankles) * body.leg_scale
    values["hip_above_legs"] = (hips - min(ankles, knees)) / body.leg_m
    values["shoulder_height"] = (shoulders - pairs["wrist"].up) / body.arm_m
    values["supporting_hand"] = (shoulders - min(wrists)) / body.arm_m
    values["hand_lift"] = (max(wrists) - min(wrists)) / body.arm_m
    values["hand_above_foot"] = (pairs["wrist"].up - pairs["ankle"].up) / body.leg_m
    values["hand_above_head"] = (min(wrists) - joints["nose"].up) / body.torso_m


def _push_up(body: Body, values: Values) -> None:
    """The line of shoulders, hips and ankles (positive: hips above it), and how far the elbows point outwards."""
    from_side = body.sideness > _PICTURE_FROM
    line = (body.xy if from_side else body.points)[_LINE].mean(axis=1)
    up = _UP_IN_PICTURE if from_side else _UP
    values["hip_line"] = (
        float(line_deviation_deg(line[0], line[1], line[2], up)) if body.depth or body.shows_fore else math.nan
    )
    caudal = body.pairs["hip"].minus(body.pairs["shoulder"])
    across = body.joints["left_shoulder"].minus(body.joints["right_shoulder"])
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        arm = body.joints[f"{side}_elbow"].minus(body.joints[f"{side}_shoulder"])
        outwards = sign * arm.dot(across) * caudal.length
        flare = math.degrees(math.atan2(outwards, arm.dot(caudal) * across.length))
        values[f"flare_{side}"] = flare if body.depth else math.nan
    values["elbow_flare"] = _by_sight(body, "flare", ("elbow",), values)
