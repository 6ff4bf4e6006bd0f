"""Dumbbells and resistance bands, in the hands, on the floor or on a stand, as solids of the mannequin's painter.

Every scene holds the same things whatever the class: what is not in the hands lies about. So neither a colour, nor a
shape, nor their number tells the class; only where they are does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.stages.capture.mannequin import STEPS, Colour, Limb, Part, Solid

Vector = NDArray[np.floating[Any]]
DUMBBELL, BAND, NOTHING = "dumbbell", "band", "nothing"
HELD = (DUMBBELL, BAND, NOTHING)  # the classes
SIDES = ("left", "right")
HANDS = (("left",), ("right",), SIDES, SIDES, SIDES, SIDES)  # mostly both
# Strong colours, which clothes and rooms do not have: the question is where things are, not whether they are seen.
COLOURS: tuple[Colour, ...] = (
    (224, 30, 30), (20, 80, 235), (20, 185, 60), (250, 205, 20), (245, 110, 10), (160, 30, 210), (250, 60, 170),
    (10, 200, 215),
)  # fmt: skip
_POST: Colour = (92, 92, 96)
_HANDLE: Colour = (150, 150, 156)
_BAND_M, _HEAD_M = 0.024, 0.075  # radii of a loop band and of a dumbbell's heads, metres
_GRIP_M = 0.085  # from the wrist to the middle of the closed hand
_HANG_SHARE = 0.25  # of the bands that lie about: hanging from a stand, as straight as a stretched one
_STAND_SHARE = 0.25  # of the dumbbells that lie about
_J = {name: i for i, name in enumerate(COCO17_FEET.joints)}


@dataclass(frozen=True, eq=False)
class Thing:
    """One dumbbell or band and where it lies when nobody holds it: `place` (3,) metres (y is the height of its stand, 0
    on the floor), `turn` (3,) a unit vector along it; `size` scales it and `roll_deg` turns it in the hand."""

    kind: str
    colour: Colour
    size: float
    roll_deg: float
    place: Vector
    turn: Vector


@dataclass(frozen=True, eq=False)
class Kit:
    """What is in a scene: `dumbbells` and `bands`, one for each of `hands`, of which one kind may be held, and `rest`,
    which always lies about."""

    hands: tuple[str, ...]
    dumbbells: tuple[Thing, ...]
    bands: tuple[Thing, ...]
    rest: tuple[Thing, ...]


def random_kit(right: Vector, away: Vector, middle: Vector, rng: np.random.Generator) -> Kit:
    """A scene's things around a person at `middle` (3,), seen by a camera with horizontal axes `right` and `away`."""
    hands = HANDS[int(rng.integers(len(HANDS)))]
    colours = {kind: COLOURS[int(rng.integers(len(COLOURS)))] for kind in (DUMBBELL, BAND)}

    def thing(kind: str, colour: Colour) -> Thing:
        aside = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(0.35, 0.95))
        place = middle + right * aside + away * float(rng.uniform(-0.35, 0.6))
        stands = rng.random() < (_STAND_SHARE if kind == DUMBBELL else _HANG_SHARE)
        place[1] = float(rng.uniform(0.5, 1.4)) if stands else 0.0
        angle = float(rng.uniform(0, 2 * np.pi))
        turn = right * np.cos(angle) + away * np.sin(angle)
        return Thing(kind, colour, float(rng.uniform(0.85, 1.3)), float(rng.uniform(-60, 60)), place, turn)

    dumbbells = tuple(thing(DUMBBELL, colours[DUMBBELL]) for _ in hands)
    bands = tuple(thing(BAND, colours[BAND]) for _ in hands)
    kinds = [DUMBBELL] * int(rng.integers(0, 2)) + [BAND] * int(rng.integers(0, 2))
    rest = tuple(thing(kind, COLOURS[int(rng.integers(len(COLOURS)))]) for kind in kinds)
    return Kit(hands, dumbbells, bands, rest)


def solids(kit: Kit, held: str, joints: Vector) -> list[Part]:
    """Every thing of the scene for one pose (21, 3) m: those of the kind `held` in the hands, the others about."""
    parts: list[Part] = []
    for side, dumbbell, band in zip(kit.hands, kit.dumbbells, kit.bands, strict=True):
        parts += _gripped(dumbbell, side, joints) if held == DUMBBELL else lying(dumbbell)
        parts += _stretched(band, side, joints) if held == BAND else lying(band)
    for thing in kit.rest:
        parts += lying(thing)
    return parts


def _gripped(thing: Thing, side: str, joints: Vector) -> list[Part]:
    """A dumbbell across a hand."""
    elbow, wrist = joints[_J[f"{side}_elbow"]], joints[_J[f"{side}_wrist"]]
    along = _unit(wrist - elbow)
    across = joints[_J["left_shoulder"]] - joints[_J["right_shoulder"]]
    first = _unit(across - along * (across @ along) + 1e-3)
    second = np.cross(along, first)
    roll = np.radians(thing.roll_deg)
    return _dumbbell(thing, wrist + along * _GRIP_M, first * np.cos(roll) + second * np.sin(roll))


def _stretched(thing: Thing, side: str, joints: Vector) -> list[Part]:
    """A band from under a foot to the hand."""
    elbow, wrist = joints[_J[f"{side}_elbow"]], joints[_J[f"{side}_wrist"]]
    foot = (joints[_J[f"{side}_heel"]] + joints[_J[f"{side}_foot_index"]]) / 2
    return [_tube(foot, wrist + _unit(wrist - elbow) * _GRIP_M, _BAND_M * thing.size, thing.colour)]


def lying(thing: Thing) -> list[Part]:
    """A thing that nobody holds: on the floor, or on (a band: hanging from) a stand."""
    high = float(thing.place[1])
    floor = thing.place * np.array([1.0, 0.0, 1.0])
    post = [_tube(floor, thing.place, 0.012, _POST)] if high else []
    if thing.kind == DUMBBELL:
        return [*post, *_dumbbell(thing, thing.place + np.array([0.0, 0.06, 0.0]) * thing.size, thing.turn)]
    if high:
        beside = floor + thing.turn * 0.1
        return [*post, _tube(beside, beside + np.array([0.0, high, 0.0]), _BAND_M * thing.size, thing.colour)]
    half = thing.turn * 0.4 * thing.size
    ends = floor + np.array([0.0, 0.02, 0.0])
    return [_tube(ends - half, ends + half, _BAND_M * thing.size, thing.colour)]


def _dumbbell(thing: Thing, centre: Vector, axis: Vector) -> list[Part]:
    size = thing.size
    parts: list[Part] = [_tube(centre - axis * 0.09 * size, centre + axis * 0.09 * size, 0.015, _HANDLE)]
    for sign in (-1.0, 1.0):
        near, far = centre + axis * (0.065 * sign * size), centre + axis * (0.135 * sign * size)
        parts.append(_tube(near, far, _HEAD_M * size, thing.colour, flat=True))
    return parts


def _tube(a: Vector, b: Vector, radius: float, colour: Colour, flat: bool = False) -> Limb:
    return Limb(np.asarray(a), np.asarray(b), np.full_like(STEPS, radius), colour, flat, flat)


def ball(centre: Vector, radius: float, colour: Colour) -> Solid:
    """A ball that lies about and has nothing to do with the class."""
    return Solid(centre, np.eye(3) * radius, colour)


def _unit(v: Vector) -> Vector:
    return np.asarray(v / max(float(np.linalg.norm(v)), 1e-6))
