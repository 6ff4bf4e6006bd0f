"""One pose as a body: its points in a frame of up, fore and left, its own lengths, and where the camera stands.

The frame: `up` is against the picture's y axis (the camera is taken to be roughly level), `fore` is horizontal and points
where the person faces, `left` is the person's left. World landmarks (metres) are used where a pose has them; otherwise the
picture's own coordinates stand in with a depth of zero, scaled by the person's own size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.geometry import distance
from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Pose

Array = NDArray[np.float64]
JOINT = {name: index for index, name in enumerate(BLAZEPOSE33.joints)}
SIDES = ("left", "right")
UP = np.array([0.0, -1.0, 0.0])

# Segments in the order of `Body.lengths_m`, with their share of the torso's length (Winter, Biomechanics and Motor Control
# of Human Movement, 4th ed., fig. 4.1: fractions of stature over the torso's 0.288).
_SEGMENTS = (
    ("left_shoulder", "left_elbow"),
    ("right_shoulder", "right_elbow"),
    ("left_elbow", "left_wrist"),
    ("right_elbow", "right_wrist"),
    ("left_hip", "left_knee"),
    ("right_hip", "right_knee"),
    ("left_knee", "left_ankle"),
    ("right_knee", "right_ankle"),
)
_TORSO_M = 0.5
_SIDE, _FRONT = 0.85, 0.6
_IN_TORSOS = np.array([0.186, 0.186, 0.146, 0.146, 0.245, 0.245, 0.246, 0.246]) / 0.288
_FROM = np.array([JOINT[a] for a, _ in _SEGMENTS])
_TO = np.array([JOINT[b] for _, b in _SEGMENTS])
_TWIN = np.array(BLAZEPOSE33.mirror)
_PAIRS = {
    name: (JOINT[f"left_{name}"], JOINT[f"right_{name}"])
    for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index", "ear")
}


@dataclass(frozen=True)
class Body:
    """`points` float64 (33, 3) metres (x right, y down, z away from the camera), `xy` float64 (33, 2) pixels, `score`
    float64 (33,); unit vectors `fore` and `left` (3,); `leg_m` and `arm_m` the person's own lengths; `view_deg` 0 facing
    the camera, 90 side-on, 180 away; `depth` false when the points have no real depth."""

    points: Array
    xy: Array
    score: Array
    fore: Array
    left: Array
    leg_m: float
    arm_m: float
    torso_m: float
    view_deg: float
    depth: bool

    def at(self, joint: str) -> Array:
        """One joint (3,)."""
        return np.asarray(self.points[JOINT[joint]])

    def mid(self, pair: str) -> Array:
        """The middle of a left and right joint (3,)."""
        left, right = _PAIRS[pair]
        return np.asarray((self.points[left] + self.points[right]) / 2)

    def flat(self, pair: str) -> Array:
        """The middle of a left and right joint in the picture, with a depth of zero (3,), pixels."""
        left, right = _PAIRS[pair]
        return np.append((self.xy[left] + self.xy[right]) / 2, 0.0)

    @property
    def sideness(self) -> float:
        """1 seen from the side, 0 from the front or the back."""
        return math.sin(math.radians(self.view_deg))

    @property
    def shows_fore(self) -> bool:
        """Whether what lies ahead or behind can be measured: with depth, or from the side."""
        return self.depth or self.sideness > _SIDE

    @property
    def shows_left(self) -> bool:
        """Whether what lies sideways can be measured: with depth, or from the front or back."""
        return self.depth or self.sideness < _FRONT


class BodyBuilder:
    """Makes a `Body` of every pose of one person, remembering the person's size and heading from one to the next."""

    HEADING_S = 0.25
    SIZE_S = 20.0

    def __init__(self) -> None:
        self._time_s = 0.0
        self._fore: Array | None = None
        self._torso_px = 0.0
        self._limbs_m = np.zeros(2)

    def build(self, pose: Pose) -> Body:
        """The body of this pose; poses are handed in as time goes on."""
        step_s = pose.time_s - self._time_s
        if not 0 <= step_s < 1.0:
            self._fore, self._torso_px, self._limbs_m, step_s = None, 0.0, np.zeros(2), 0.0
        self._time_s = pose.time_s
        xy = _with_twins(pose.xy)
        points = _with_twins(pose.world) if pose.world is not None else self._flat(xy, step_s)
        depth = pose.world is not None
        fore = self._smooth(_facing(points) if depth else _facing_flat(points, pose.score), step_s)
        arm_m, leg_m = self._limbs(points, depth, step_s)
        torso_m = _torso(points) if depth else _TORSO_M
        view_deg = math.degrees(math.acos(min(max(-float(fore[2]), -1.0), 1.0)))
        if not depth:
            # Without depth all of the body lies in the picture's plane: ahead is right or left of it, and so is sideways.
            fore, left = np.array([math.copysign(1.0, fore[0]), 0.0, 0.0]), np.array([1.0, 0.0, 0.0])
        else:
            left = np.array([-fore[2], 0.0, fore[0]])
        return Body(points, xy, pose.score.astype(np.float64), fore, left, leg_m, arm_m, torso_m, view_deg, depth)

    def _limbs(self, points: Array, depth: bool, step_s: float) -> tuple[float, float]:
        """Length of an arm and of a leg: the mean of both sides, or without depth the longest seen of late."""
        lengths = distance(points[_FROM], points[_TO])
        sides = np.array(
            [[lengths[0] + lengths[2], lengths[1] + lengths[3]], [lengths[4:7:2].sum(), lengths[5:8:2].sum()]]
        )
        if depth:
            arm_m, leg_m = sides.mean(axis=1)
        else:
            usual = np.array([_IN_TORSOS[:4].sum(), _IN_TORSOS[4:].sum()]) / 2 * _TORSO_M
            seen = np.clip(np.nan_to_num(sides.max(axis=1)), 0.8 * usual, 1.25 * usual)
            self._limbs_m = np.maximum(seen, self._limbs_m * np.exp(-step_s / self.SIZE_S))
            arm_m, leg_m = self._limbs_m
        return float(arm_m), float(leg_m)

    def _flat(self, xy: Array, step_s: float) -> Array:
        """Picture coordinates in metres, hip-centred, by the largest size seen of late (limbs only ever look short)."""
        limbs = np.nan_to_num(distance(xy[_FROM], xy[_TO]) / _IN_TORSOS)
        seen = max(float(np.nan_to_num(_torso(xy))), float(np.sort(limbs)[-3]))
        self._torso_px = max(seen, self._torso_px * float(np.exp(-step_s / self.SIZE_S)))
        hips = (xy[_PAIRS["hip"][0]] + xy[_PAIRS["hip"][1]]) / 2
        points = np.zeros((len(xy), 3))
        points[:, :2] = (xy - hips) * (_TORSO_M / max(self._torso_px, 1e-6))
        return points

    def _smooth(self, fore: Array, step_s: float) -> Array:
        if self._fore is not None:
            keep = float(np.exp(-step_s / self.HEADING_S))
            fore = _unit(keep * self._fore + (1 - keep) * fore, self._fore)
        if np.isfinite(fore).all():
            self._fore = fore
        return fore


def _with_twins(points: NDArray[np.float32]) -> Array:
    """A joint that is missing stands where its left or right twin is: the middle of both is then that of the one seen."""
    filled = points.astype(np.float64)
    missing = np.isnan(filled[:, 0])
    if missing.any():
        filled[missing] = filled[_TWIN[missing]]
    return filled


def _torso(points: Array) -> float:
    shoulders = points[_PAIRS["shoulder"][0]] + points[_PAIRS["shoulder"][1]]
    hips = points[_PAIRS["hip"][0]] + points[_PAIRS["hip"][1]]
    return float(np.linalg.norm(shoulders - hips)) / 2


def _facing(points: Array) -> Array:
    """Horizontal unit vector where the body faces: across shoulders and hips, and along the feet (3,)."""
    across = sum(points[_PAIRS[pair][0]] - points[_PAIRS[pair][1]] for pair in ("shoulder", "hip"))
    feet = sum(points[_PAIRS["foot_index"][side]] - points[_PAIRS["heel"][side]] for side in (0, 1))
    fore = np.array([across[2], 0.0, -across[0]])
    if np.isfinite(feet).all():
        fore += np.array([feet[0], 0.0, feet[2]])
    return _unit(fore, np.array([0.0, 0.0, -1.0]))


def _facing_flat(points: Array, score: NDArray[np.float32]) -> Array:
    """The same without depth: the shoulders' apparent width says how far the body is turned, the feet say which way."""
    across = points[_PAIRS["shoulder"][0]] - points[_PAIRS["shoulder"][1]]
    turn = float(np.clip(across[0] / (0.65 * _TORSO_M), -1.0, 1.0))
    feet = sum(points[_PAIRS["foot_index"][side]] - points[_PAIRS["heel"][side]] for side in (0, 1))
    face = points[JOINT["nose"]] - (points[_PAIRS["ear"][0]] + points[_PAIRS["ear"][1]]) / 2
    trunk = (points[_PAIRS["shoulder"][0]] + points[_PAIRS["shoulder"][1]]) / 2
    # A body that lies or leans on its hands is taken to face the floor; hips are at 0.
    lying = abs(trunk[0]) > 1.2 * abs(trunk[1])
    side = trunk[0] if lying else feet[0] if np.isfinite(feet[0]) else face[0]
    sideways = float(np.copysign(np.sqrt(1.0 - turn**2), side if np.isfinite(side) else 1.0))
    return np.array([sideways, 0.0, -turn])


def _unit(vector: Array, otherwise: Array) -> Array:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 1e-6 else otherwise
