"""From world poses to joints: a trunk, a head and four two-bone limbs solved to their targets.

Axes: x right as seen by a viewer at +z, y up, z towards the viewer; a person with heading 0 faces +z and has the left
side at +x. All functions are vectorised over the leading time axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete.body import Body
from fias_desktop.domain.athlete.pose import INDEX
from fias_desktop.domain.skeleton import COCO17_FEET

Float = NDArray[np.float64]

JOINT: dict[str, int] = {name: i for i, name in enumerate(COCO17_FEET.joints)}
_STRAIGHT = 0.9985
# Where the face lies in the head's frame, fractions of stature: (left, up, front) from the head's centre.
_FACE: dict[str, tuple[float, float, float]] = {
    "nose": (0.0, -0.008, 0.066),
    "left_eye": (0.019, 0.012, 0.056),
    "right_eye": (-0.019, 0.012, 0.056),
    "left_ear": (0.043, 0.0, 0.008),
    "right_ear": (-0.043, 0.0, 0.008),
}
# Mass fractions of segments by their end joints (Winter, table 4.1), lumped to the points used here.
_MASS: tuple[tuple[str, float], ...] = (
    ("shoulder", 0.31),
    ("ear", 0.081),
    ("hip", 0.287),
    ("knee", 0.147),
    ("ankle", 0.075),
    ("elbow", 0.05),
    ("wrist", 0.05),
)


def joints_of(world: Float, body: Body) -> NDArray[np.float32]:
    """World poses (T, P) -> joints of coco17feet (T, 21, 3) metres."""
    result = np.zeros((len(world), COCO17_FEET.num_joints, 3))
    pelvis = _pelvis(world, body)
    yaw, lean, side = _column(world, "yaw"), _column(world, "lean"), _column(world, "side")
    trunk = _rotation(yaw, lean, side)
    twist = yaw + _column(world, "twist")
    mid = pelvis + trunk[..., 1] * (body.trunk_m * (1.0 - _column(world, "curl")))[:, None]
    hip_axis = _rotation(yaw, np.zeros_like(yaw), -_column(world, "roll"))[..., 0]
    shoulder_axis = _rotation(twist, lean, side)[..., 0]
    for sign, name in ((1.0, "left_"), (-1.0, "right_")):
        hip = pelvis + hip_axis * (sign * body.hip_width_m / 2)
        _leg(world, body, sign, name, hip, result)
        shoulder = mid + shoulder_axis * (sign * body.shoulder_width_m / 2)
        _arm(world, body, sign, name, shoulder, trunk[..., 1], result)
    _head(world, body, mid, trunk[..., 1], result)
    return result.astype(np.float32)


def centre_of_mass(joints: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Joints (..., 21, 3) -> the body's centre of mass (..., 3)."""
    total = np.zeros((*joints.shape[:-2], 3))
    for name, mass in _MASS:
        pair = joints[..., [JOINT["left_" + name], JOINT["right_" + name]], :]
        total = total + mass * pair.mean(axis=-2)
    return np.asarray(total)


def two_bone(start: Float, target: Float, upper: float, lower: float, pole: Float) -> tuple[Float, Float]:
    """A limb of two bones from `start` (T, 3) reaching for `target` (T, 3), its middle joint bent towards `pole` (T,
    3): the middle joint and the end, each (T, 3). A target out of reach is approached with the limb nearly straight."""
    axis = target - start
    length = np.linalg.norm(axis, axis=1)
    reach = np.clip(length, abs(upper - lower) + 0.02, (upper + lower) * _STRAIGHT)
    axis = axis / np.maximum(length, 1e-6)[:, None]
    along = (upper**2 - lower**2 + reach**2) / (2 * reach)
    out = np.sqrt(np.maximum(upper**2 - along**2, 0.0))
    bend = pole - axis * np.sum(pole * axis, axis=1, keepdims=True)
    bend = bend / np.maximum(np.linalg.norm(bend, axis=1, keepdims=True), 1e-6)
    return start + axis * along[:, None] + bend * out[:, None], start + axis * reach[:, None]


def _column(world: Float, name: str) -> Float:
    return np.asarray(world[:, INDEX[name]])


def _rotation(yaw_deg: Float, lean_deg: Float, side_deg: Float) -> Float:
    """Yaw, then lean forward, then bend to the left: (T, 3, 3) whose columns are the left, up and front axes."""
    cy, sy = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    cl, sl = np.cos(np.radians(lean_deg)), np.sin(np.radians(lean_deg))
    cs, ss = np.cos(np.radians(side_deg)), np.sin(np.radians(side_deg))
    # Columns of Ry(yaw) Rx(lean) Rz(-side), written out: a positive `side` tips the head towards the left (+x).
    left = np.stack([cy * cs - sy * sl * ss, -cl * ss, -sy * cs - cy * sl * ss], axis=-1)
    up = np.stack([cy * ss + sy * sl * cs, cl * cs, -sy * ss + cy * sl * cs], axis=-1)
    front = np.stack([sy * cl, -sl, cy * cl], axis=-1)
    return np.stack([left, up, front], axis=-1)


def _pelvis(world: Float, body: Body) -> Float:
    """The pelvis (T, 3), lowered where a foot on the floor could not be reached otherwise."""
    pelvis = world[:, [INDEX["px"], INDEX["py"], INDEX["pz"]]].copy()
    for sign, side in ((1.0, "l_"), (-1.0, "r_")):
        ankle = _foot(world, body, side)[0]
        yaw = np.radians(_column(world, "yaw"))
        hip_x = pelvis[:, 0] + np.cos(yaw) * sign * body.hip_width_m / 2
        hip_z = pelvis[:, 2] - np.sin(yaw) * sign * body.hip_width_m / 2
        across = (ankle[:, 0] - hip_x) ** 2 + (ankle[:, 2] - hip_z) ** 2
        high = ankle[:, 1] + np.sqrt(np.maximum((body.leg_m * _STRAIGHT) ** 2 - across, 0.0))
        pelvis[:, 1] = np.minimum(pelvis[:, 1], np.maximum(high, 0.1))
    return pelvis


def _foot(world: Float, body: Body, side: str) -> tuple[Float, Float, Float]:
    """Ankle, heel and toe (T, 3) of one foot; a raised heel turns about the ball, a raised toe about the heel."""
    yaw = np.radians(_column(world, side + "foot"))
    pitch = np.radians(_column(world, side + "pitch"))
    forward = np.stack([np.sin(yaw), np.zeros_like(yaw), np.cos(yaw)], axis=1)
    base = np.stack([_column(world, side + "x"), _column(world, side + "lift"), _column(world, side + "z")], axis=1)
    pivot = np.where(pitch >= 0, body.toe_m, -body.heel_m)
    cos, sin = np.cos(pitch), np.sin(pitch)

    def turned(along: float, high: float) -> Float:
        x = along - pivot
        ahead, up = pivot + cos * x + sin * high, cos * high - sin * x
        return np.asarray(base + forward * ahead[:, None] + np.array([0.0, 1.0, 0.0]) * up[:, None])

    return turned(0.0, body.ankle_m), turned(-body.heel_m, 0.01), turned(body.toe_m, 0.01)


def _leg(world: Float, body: Body, sign: float, name: str, hip: Float, result: Float) -> None:
    side = name[0] + "_"
    ankle, heel, toe = _foot(world, body, side)
    turn = np.radians(_column(world, side + "foot") - sign * _column(world, side + "valgus"))
    pole = np.stack([np.sin(turn), _column(world, side + "knee_up"), np.cos(turn)], axis=1)
    knee, end = two_bone(hip, ankle, body.thigh_m, body.shank_m, pole)
    slip = end - ankle
    result[:, JOINT[name + "hip"]] = hip
    result[:, JOINT[name + "knee"]] = knee
    result[:, JOINT[name + "ankle"]] = end
    result[:, JOINT[name + "heel"]] = heel + slip
    result[:, JOINT[name + "foot_index"]] = toe + slip


def _arm(world: Float, body: Body, sign: float, name: str, shoulder: Float, up: Float, result: Float) -> None:
    side = name[0] + "_"
    high, azimuth = np.radians(_column(world, side + "raise")), np.radians(_column(world, side + "azimuth"))
    free = 1.0 - _column(world, side + "hang")
    frame = _rotation(
        _column(world, "yaw") + _column(world, "twist"), _column(world, "lean") * free, _column(world, "side") * free
    )
    # The shoulder girdle takes part above 60 degrees of elevation (scapulohumeral rhythm, Inman et al. 1944).
    shoulder = shoulder + up * (0.035 * body.stature_m * np.clip(high - np.pi / 3, 0.0, 2.0) / 2.0)[:, None]
    toward = np.stack([sign * np.sin(high) * np.sin(azimuth), -np.cos(high), np.sin(high) * np.cos(azimuth)], axis=-1)
    reach = _column(world, side + "reach")[:, None] * body.arm_m
    hand = shoulder + np.einsum("tij,tj->ti", frame, toward) * reach
    planted = world[:, [INDEX[side + "hx"], INDEX[side + "hy"], INDEX[side + "hz"]]]
    hand = hand + (planted - hand) * _column(world, side + "plant")[:, None]
    pole = np.stack(
        [sign * _column(world, side + "out"), _column(world, side + "up"), _column(world, side + "front")], -1
    )
    elbow, wrist = two_bone(shoulder, hand, body.upper_arm_m, body.forearm_m, np.einsum("tij,tj->ti", frame, pole))
    result[:, JOINT[name + "shoulder"]] = shoulder
    result[:, JOINT[name + "elbow"]] = elbow
    result[:, JOINT[name + "wrist"]] = wrist


def _head(world: Float, body: Body, mid: Float, trunk_up: Float, result: Float) -> None:
    frame = _rotation(
        _column(world, "yaw") + _column(world, "twist") + _column(world, "look"),
        _column(world, "lean") + _column(world, "nod"),
        _column(world, "side"),
    )
    neck = 0.5 * (trunk_up + frame[..., 1])
    centre = mid + neck * body.neck_m
    for name, offset in _FACE.items():
        result[:, JOINT[name]] = centre + frame @ (np.array(offset) * body.stature_m)
