"""One pose as a body: its points seen from the person, its own lengths, and where the camera stands.

Points are (fore, left, up) in metres, from the middle of the hips: `up` is against the picture's y axis (the camera is
taken to be roughly level), `fore` is horizontal and points where the person faces, `left` is the person's left. World
landmarks are used where a pose has them; otherwise the picture's own coordinates stand in, scaled by the person's size,
and what then cannot be seen is not measured.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.geometry import distance
from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Pose
from fias_desktop.stages.measure.legs import LegMemory

Array = NDArray[np.float64]
JOINT = {name: index for index, name in enumerate(BLAZEPOSE33.joints)}
SIDES = ("left", "right")

# Limb segments with their share of the torso's length (Winter, Biomechanics and Motor Control of Human Movement, 4th
# ed., fig. 4.1: fractions of stature over the torso's 0.288): upper arms, forearms, thighs, shanks, left before right.
_SEGMENTS = (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))
_FROM = np.array([JOINT[f"{side}_{upper}"] for upper, _ in _SEGMENTS for side in SIDES])
_TO = np.array([JOINT[f"{side}_{lower}"] for _, lower in _SEGMENTS for side in SIDES])
_IN_TORSOS = np.repeat(np.array([0.186, 0.146, 0.245, 0.246]) / 0.288, 2)
_TORSO_M = 0.5
_TWIN = np.array(BLAZEPOSE33.mirror)
_PAIRS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index", "ear")
_LEFT = np.array([JOINT[f"left_{pair}"] for pair in _PAIRS])
_RIGHT = np.array([JOINT[f"right_{pair}"] for pair in _PAIRS])
# Without depth, lengths ahead are seen from at least this side-on and lengths across from at most that (`sideness`).
_SIDE, _FRONT = 0.85, 0.6
# Shoulder joints are this wide in torso lengths (Winter, fig. 4.1: 0.259 of stature at the acromia, less the deltoids).
_SHOULDERS_IN_TORSOS = 0.65


class Point(NamedTuple):
    """A point or a difference of points, metres."""

    fore: float
    left: float
    up: float

    def minus(self, other: Point) -> Point:
        """The difference to another point."""
        return Point(self.fore - other.fore, self.left - other.left, self.up - other.up)

    def between(self, other: Point, share: float = 0.5) -> Point:
        """The point at this share of the way to another one."""
        keep = 1.0 - share
        return Point(*(keep * a + share * b for a, b in zip(self, other, strict=True)))

    def dot(self, other: Point) -> float:
        """The scalar product."""
        return self.fore * other.fore + self.left * other.left + self.up * other.up

    @property
    def length(self) -> float:
        """The length in metres."""
        return math.sqrt(self.dot(self))

    @property
    def lean_deg(self) -> float:
        """How far it leans forward from straight up, -180..180 degrees."""
        return math.degrees(math.atan2(self.fore, self.up))


@dataclass(frozen=True)
class Body:
    """`joints` and `pairs` (the middles of left and right) by name; `points` float64 (33, 3) as above and `xy` float64
    (33, 2) pixels; `stance` the points with legs of their own length (see `legs`) and `leg_scale`, what a height of the
    pelvis is to be multiplied with for it to be in parts of such a leg; `score` by joint; the person's own lengths;
    `view_deg` 0 facing the camera, 90 side-on, 180 away; `depth` false when the points have no real depth."""

    joints: dict[str, Point]
    pairs: dict[str, Point]
    points: Array
    stance: Array
    leg_scale: float
    xy: Array
    score: dict[str, float]
    leg_m: float
    arm_m: float
    torso_m: float
    view_deg: float
    depth: bool

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

    def seen(self, side: str, *joints: str) -> float:
        """The lowest score among some joints of one side."""
        return min(self.score[f"{side}_{joint}"] for joint in joints)


class BodyBuilder:
    """Makes a `Body` of every pose of one person, remembering the person's size and heading from one to the next."""

    HEADING_S = 0.25
    SIZE_S = 20.0

    def __init__(self) -> None:
        self._time_s = 0.0
        self._forget()

    def build(self, pose: Pose) -> Body:
        """The body of this pose; poses are handed in as time goes on, a step back or a gap of 1 s starts afresh."""
        step_s = pose.time_s - self._time_s
        self._time_s = pose.time_s
        if not 0 <= step_s < 1.0:
            self._forget()
        xy = _with_twins(pose.xy)
        depth = pose.world is not None
        space = self._flat(xy, step_s) if pose.world is None else _with_twins(pose.world)
        fore_x, fore_z = self._heading(_facing(space) if depth else _facing_flat(space), step_s)
        axes = (fore_x, fore_z) if depth else _in_picture(fore_x, fore_z)
        points = _from_person(space, *axes)
        rows = [Point(*row) for row in points.tolist()]
        middles = ((points[_LEFT] + points[_RIGHT]) / 2).tolist()
        arm_m, leg_m = self._limbs(points, depth, step_s)
        legs = self._legs.restore(space, xy, step_s) if depth else None
        pairs = {name: Point(*row) for name, row in zip(_PAIRS, middles, strict=True)}
        torso_m = pairs["shoulder"].minus(pairs["hip"]).length if depth else _TORSO_M
        return Body(
            joints=dict(zip(BLAZEPOSE33.joints, rows, strict=True)),
            pairs=pairs,
            points=points,
            stance=points if legs is None else _from_person(legs.points, *axes),
            leg_scale=1.0 / leg_m if legs is None else legs.shrunk / max(legs.leg_m, 1e-6),
            xy=xy,
            score=dict(zip(BLAZEPOSE33.joints, pose.score.tolist(), strict=True)),
            leg_m=leg_m,
            arm_m=arm_m,
            torso_m=torso_m,
            view_deg=math.degrees(math.acos(min(max(-fore_z, -1.0), 1.0))),
            depth=depth,
        )

    def _forget(self) -> None:
        self._fore: tuple[float, float] | None = None
        self._torso_px = 0.0
        self._limbs_m = np.zeros(2)
        self._legs = LegMemory()

    def _flat(self, xy: Array, step_s: float) -> Array:
        """Picture coordinates in metres, from the hips, by the largest size seen of late (limbs only look short)."""
        limbs = np.nan_to_num(distance(xy[_FROM], xy[_TO]) / _IN_TORSOS)
        hips, shoulders = (xy[_LEFT[i]] / 2 + xy[_RIGHT[i]] / 2 for i in (3, 0))
        seen = max(float(np.nan_to_num(distance(shoulders, hips))), float(np.sort(limbs)[-3]))
        self._torso_px = max(seen, self._torso_px * math.exp(-step_s / self.SIZE_S))
        return np.append((xy - hips) * (_TORSO_M / max(self._torso_px, 1e-6)), np.zeros((len(xy), 1)), axis=1)

    def _limbs(self, points: Array, depth: bool, step_s: float) -> tuple[float, float]:
        """Length of an arm and of a leg: the mean of both sides, or without depth the longest seen of late."""
        lengths = distance(points[_FROM], points[_TO]).reshape(2, 2, 2).sum(axis=1)
        if depth:
            arm_m, leg_m = lengths.mean(axis=1).tolist()
            return arm_m, leg_m
        usual = _IN_TORSOS.reshape(2, 4).sum(axis=1) / 2 * _TORSO_M
        seen = np.clip(np.nan_to_num(lengths.max(axis=1)), 0.8 * usual, 1.25 * usual)
        self._limbs_m = np.maximum(seen, self._limbs_m * math.exp(-max(step_s, 0.0) / self.SIZE_S))
        return float(self._limbs_m[0]), float(self._limbs_m[1])

    def _heading(self, seen: tuple[float, float], step_s: float) -> tuple[float, float]:
        """The heading (x, z), smoothed over a quarter of a second and of length 1."""
        last = self._fore
        keep = math.exp(-max(step_s, 0.0) / self.HEADING_S) if last is not None else 0.0
        old_x, old_z = last or (0.0, 0.0)
        x, z = keep * old_x + (1 - keep) * seen[0], keep * old_z + (1 - keep) * seen[1]
        length = math.hypot(x, z)
        if not length > 1e-6:
            return last or (0.0, -1.0)
        self._fore = (x / length, z / length)
        return self._fore


def _with_twins(points: NDArray[np.float32]) -> Array:
    """A joint that is missing stands where its twin of the other side is: the middle of both is then the one seen."""
    filled = points.astype(np.float64)
    missing = np.isnan(filled[:, 0])
    if missing.any():
        filled[missing] = filled[_TWIN[missing]]
    return filled


def _from_person(space: Array, fore_x: float, fore_z: float) -> Array:
    """Camera axes (x right, y down, z away) to (fore, left, up)."""
    turned = np.array([[fore_x, -fore_z, 0.0], [0.0, 0.0, -1.0], [fore_z, fore_x, 0.0]])
    return np.asarray(space @ turned)


def _in_picture(fore_x: float, fore_z: float) -> tuple[float, float]:
    """Without depth the picture shows either what lies ahead or what lies sideways: the nearer of the two."""
    return (math.copysign(1.0, fore_x), 0.0) if abs(fore_x) > abs(fore_z) else (0.0, math.copysign(1.0, fore_z))


def _facing(space: Array) -> tuple[float, float]:
    """Where the body faces (x, z): across shoulders and hips, and along the feet."""
    sums = (space[_LEFT] - space[_RIGHT])[[0, 3]].sum(axis=0)
    feet = (space[_LEFT] + space[_RIGHT])[[7, 6]]
    toes = np.nan_to_num(feet[0] - feet[1])
    return float(sums[2] + toes[0]), float(-sums[0] + toes[2])


def _facing_flat(space: Array) -> tuple[float, float]:
    """The same without depth: the shoulders' apparent width says how far the body is turned, feet or face which way."""
    across = (space[_LEFT[0]] - space[_RIGHT[0]])[0]
    turn = float(np.clip(across / (_SHOULDERS_IN_TORSOS * _TORSO_M), -1.0, 1.0))
    trunk = (space[_LEFT[0]] + space[_RIGHT[0]]) / 2
    feet = (space[_LEFT] + space[_RIGHT])[[7, 6], 0]
    face = space[JOINT["nose"], 0] - (space[_LEFT[8], 0] + space[_RIGHT[8], 0]) / 2
    # A body that lies or leans on its hands is taken to face the floor, its head ahead.
    lying = abs(trunk[0]) > 1.2 * abs(trunk[1])
    cues = (trunk[0] if lying else math.nan, feet[0] - feet[1], face, 1.0)
    side = next(float(cue) for cue in cues if math.isfinite(cue))
    return math.copysign(math.sqrt(1.0 - turn**2), side), -turn
