"""From 21 joints to a body: tapered limbs, a trunk of ellipsoids, clothes, hands, shoes and a head with a face.

Everything is in metres and in the world's axes (x right, y up, z towards the viewer); `render` projects it. Thickness
goes with the length of the trunk, so that a child and a tall adult both look like people. Proportions of limbs are
drawn by eye to look like an adult in sports clothes; nothing here claims to be anthropometry.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.stages.capture.head import face_texture

Vector = NDArray[np.floating[Any]]
Colour = tuple[int, int, int]
_J = {name: i for i, name in enumerate(COCO17_FEET.joints)}
_UP = np.array([0.0, 1.0, 0.0])
# Trunk length (mid-shoulder to mid-hip) for which the thicknesses below are given, metres.
_TRUNK_M = 0.50
STEPS = np.linspace(0.0, 1.0, 64)


@dataclass(frozen=True)
class Outfit:
    """The colours of one athlete (red, green, blue)."""

    skin: Colour = (226, 172, 138)
    hair: Colour = (66, 44, 36)
    shirt: Colour = (30, 138, 152)
    shorts: Colour = (44, 54, 84)
    socks: Colour = (240, 240, 236)
    shoes: Colour = (238, 106, 72)
    sole: Colour = (250, 250, 246)


@dataclass(frozen=True, eq=False)
class Limb:
    """A round limb from `a` to `b` (3,) with `radius` (64,) at even steps from a to b, metres."""

    a: Vector
    b: Vector
    radius: Vector
    colour: Colour
    flat_a: bool = False
    flat_b: bool = False


@dataclass(frozen=True, eq=False)
class Solid:
    """An ellipsoid: `centre` (3,), `axes` (3, 3) half axes as columns (left, up, front), metres; `textured` for the
    head."""

    centre: Vector
    axes: Vector
    colour: Colour
    textured: bool = False


Part = Limb | Solid
# The first is the athlete of the default demo; a seed chooses another.
OUTFITS: tuple[Outfit, ...] = (
    Outfit(),
    Outfit(skin=(150, 100, 72), hair=(30, 24, 24), shirt=(232, 180, 60), shorts=(52, 52, 58), shoes=(70, 150, 210)),
    Outfit(skin=(240, 196, 168), hair=(172, 112, 56), shirt=(196, 72, 84), shorts=(58, 66, 78), shoes=(60, 70, 88)),
    Outfit(skin=(108, 70, 52), hair=(24, 20, 20), shirt=(92, 152, 92), shorts=(178, 184, 196), shoes=(236, 200, 70)),
    Outfit(skin=(214, 160, 118), hair=(36, 30, 32), shirt=(104, 96, 176), shorts=(36, 40, 50), shoes=(230, 96, 120)),
)


@lru_cache(maxsize=64)
def _profile(radii: tuple[tuple[float, float], ...], start: float = 0.0, end: float = 1.0) -> Vector:
    """Radii at even steps through control points (position, radius), smoothed; `start`..`end` cuts a piece out."""
    at, value = zip(*radii, strict=True)
    fine = np.interp(np.linspace(0, 1, 257), at, value)
    padded = np.pad(fine, 16, mode="edge")
    smooth = np.convolve(padded, np.ones(33) / 33, mode="valid")
    return np.asarray(np.interp(start + (end - start) * STEPS, np.linspace(0, 1, 257), smooth))


_UPPER_ARM = ((0.0, 0.048), (0.2, 0.052), (0.5, 0.048), (0.8, 0.042), (1.0, 0.040))
_FOREARM = ((0.0, 0.040), (0.2, 0.045), (0.5, 0.039), (0.85, 0.028), (1.0, 0.027))
_THIGH = ((0.0, 0.088), (0.25, 0.088), (0.6, 0.072), (0.9, 0.056), (1.0, 0.053))
_SHIN = ((0.0, 0.052), (0.12, 0.050), (0.32, 0.058), (0.6, 0.046), (0.85, 0.034), (1.0, 0.036))
_YOKE = ((0.0, 0.050), (0.4, 0.054), (1.0, 0.074))
_NECK = ((0.0, 0.058), (0.4, 0.052), (1.0, 0.052))


def build(joints: Vector, outfit: Outfit, fingers: bool = True) -> list[Part]:
    """The solids of one person; `joints` (21, 3) metres of coco17feet, all finite. Without `fingers` (a person who is
    small in the picture) they are drawn as one."""
    p = {name: joints[i] for name, i in _J.items()}
    frame = _Frame.of(p)
    parts: list[Part] = []
    for side in ("left", "right"):
        parts += _leg(p, side, frame, outfit) + _arm(p, side, frame, outfit, fingers)
    return parts + _trunk(p, frame, outfit) + _head(p, frame, outfit)


@dataclass(frozen=True, eq=False)
class _Frame:
    """The trunk's own axes and the body's thickness scale."""

    shoulders: Vector
    hips: Vector
    up: Vector
    left: Vector
    front: Vector
    hip_left: Vector
    hip_front: Vector
    scale: float

    @staticmethod
    def of(p: dict[str, Vector]) -> _Frame:
        shoulders = (p["left_shoulder"] + p["right_shoulder"]) / 2
        hips = (p["left_hip"] + p["right_hip"]) / 2
        up = _unit(shoulders - hips)
        left = _unit(_across(p["left_shoulder"] - p["right_shoulder"], up))
        hip_left = _unit(_across(p["left_hip"] - p["right_hip"], up))
        scale = float(np.linalg.norm(shoulders - hips)) / _TRUNK_M
        return _Frame(
            shoulders, hips, up, left, _cross(left, up), hip_left, _cross(hip_left, up), min(max(scale, 0.5), 1.6)
        )


def _unit(v: Vector) -> Vector:
    return np.asarray(v / max(float(np.sqrt(v @ v)), 1e-6))


def _cross(a: Vector, b: Vector) -> Vector:
    """np.cross for two single vectors, without its overhead."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def _across(v: Vector, axis: Vector) -> Vector:
    """The share of `v` that is square to the unit vector `axis`."""
    return np.asarray(v - axis * (v @ axis))


def _axes(left: Vector, up: Vector, front: Vector, half: tuple[float, float, float], scale: float) -> Vector:
    return np.asarray(np.stack([left * half[0], up * half[1], front * half[2]], axis=1) * scale)


def _trunk(p: dict[str, Vector], f: _Frame, o: Outfit) -> list[Part]:
    s, spine = f.scale, f.shoulders - f.hips
    width = float(np.linalg.norm(p["left_shoulder"] - p["right_shoulder"])) / s
    hip_width = float(np.linalg.norm(p["left_hip"] - p["right_hip"])) / s
    nape = f.shoulders + f.up * 0.016 * s
    shirt: list[Part] = [
        Solid(
            f.hips + spine * 0.74 + f.front * 0.008 * s,
            _axes(f.left, f.up, f.front, (width * 0.41 + 0.014, 0.185, 0.112), s),
            o.shirt,
        ),
        Solid(
            f.hips + spine * 0.50,
            _axes(f.left, f.up, f.front, (width * 0.27 + hip_width * 0.14 + 0.020, 0.20, 0.100), s),
            o.shirt,
        ),
        Solid(
            f.hips + spine * 0.24,
            _axes(f.hip_left, f.up, f.hip_front, (hip_width * 0.5 + 0.047, 0.17, 0.101), s),
            o.shirt,
        ),
        _limb(p["left_shoulder"], nape, _YOKE, s, o.shirt),
        _limb(p["right_shoulder"], nape, _YOKE, s, o.shirt),
    ]
    pelvis = Solid(
        f.hips - f.up * 0.005 * s,
        _axes(f.hip_left, f.up, f.hip_front, (hip_width * 0.5 + 0.066, 0.120, 0.108), s),
        o.shorts,
    )
    return [*shirt, pelvis]


def _limb(
    a: Vector,
    b: Vector,
    radii: tuple[tuple[float, float], ...],
    scale: float,
    colour: Colour,
    span: tuple[float, float] = (0.0, 1.0),
    grow: float = 0.0,
) -> Limb:
    """A piece `span` of the limb a-b, `grow` metres thicker than the profile (cloth lies over the skin)."""
    radius = (_profile(radii, *span) + grow) * scale
    return Limb(a + (b - a) * span[0], a + (b - a) * span[1], radius, colour)


def _leg(p: dict[str, Vector], side: str, f: _Frame, o: Outfit) -> list[Part]:
    hip, knee, ankle = p[f"{side}_hip"], p[f"{side}_knee"], p[f"{side}_ankle"]
    s = f.scale
    shorts = _limb(hip, knee, _THIGH, s, o.shorts, (0.0, 0.60), 0.011)
    sock = _limb(knee, ankle, _SHIN, s, o.socks, (0.76, 1.0), 0.004)
    return [
        _limb(hip, knee, _THIGH, s, o.skin),
        _limb(knee, ankle, _SHIN, s, o.skin),
        replace(shorts, flat_b=True),
        replace(sock, flat_a=True),
        *_shoe(ankle, p[f"{side}_heel"], p[f"{side}_foot_index"], s, o),
    ]


def _shoe(ankle: Vector, heel: Vector, toe: Vector, s: float, o: Outfit) -> list[Part]:
    along = _unit(toe - heel)
    lift = _unit(_across(ankle - heel, along) + _UP * 1e-3)
    rear, front = heel + along * 0.012 * s, toe - along * 0.012 * s
    upper = ((0.0, 0.036), (0.35, 0.043), (0.7, 0.036), (1.0, 0.029))
    sole = ((0.0, 0.032), (0.3, 0.034), (0.7, 0.038), (1.0, 0.032))
    return [
        _limb(rear - lift * 0.002 * s, front - lift * 0.006 * s, sole, s, o.sole),
        _limb(rear + lift * 0.016 * s, front + lift * 0.008 * s, upper, s, o.shoes),
        _limb(ankle, rear + (front - rear) * 0.35 + lift * 0.02 * s, ((0.0, 0.036), (1.0, 0.040)), s, o.shoes),
    ]


def _arm(p: dict[str, Vector], side: str, f: _Frame, o: Outfit, fingers: bool) -> list[Part]:
    shoulder, elbow, wrist = p[f"{side}_shoulder"], p[f"{side}_elbow"], p[f"{side}_wrist"]
    s = f.scale
    sleeve = _limb(shoulder, elbow, _UPPER_ARM, s, o.shirt, (0.0, 0.50), 0.007)
    return [
        _limb(shoulder, elbow, _UPPER_ARM, s, o.skin),
        _limb(elbow, wrist, _FOREARM, s, o.skin),
        replace(sleeve, flat_b=True),
        *_hand(wrist, elbow, 1.0 if side == "left" else -1.0, f, o, fingers),
    ]


def _hand(wrist: Vector, elbow: Vector, sign: float, f: _Frame, o: Outfit, fingers: bool) -> list[Part]:
    """Palm, fingers and thumb. A hand goes on along the forearm, but lies flat where it carries the body."""
    s = f.scale
    along = _unit(wrist - elbow)
    planted = float(np.clip((0.16 - wrist[1]) / 0.06, 0.0, 1.0)) * float(np.clip(-along[1] * 2, 0.0, 1.0))
    ahead = _unit(_across(f.up, _UP) + 1e-3 * f.front)
    along = _unit(along * (1 - planted) + ahead * planted)
    inward = _unit(_across(-f.left * sign + f.front * 0.8, along))
    thick = _cross(along, inward)
    palm = Solid(wrist + along * 0.045 * s, _axes(inward, along, thick, (0.038, 0.055, 0.020), s), o.skin)
    thumb = _finger(wrist, along, inward, ((0.022, 0.026), (0.078, 0.060)), ((0.0, 0.014), (1.0, 0.010)), s, o)
    if not fingers:
        return [
            palm,
            thumb,
            Solid(wrist + along * 0.112 * s, _axes(inward, along, thick, (0.032, 0.060, 0.014), s), o.skin),
        ]
    tips = ((-0.024, 0.145), (-0.008, 0.165), (0.008, 0.168), (0.024, 0.155))
    slim = ((0.0, 0.0115), (1.0, 0.0095))
    return [
        palm,
        thumb,
        *(_finger(wrist, along, inward, ((0.075, at), (reach, at * 1.25)), slim, s, o) for at, reach in tips),
    ]


def _finger(
    wrist: Vector,
    along: Vector,
    inward: Vector,
    ends: tuple[tuple[float, float], tuple[float, float]],
    radii: tuple[tuple[float, float], ...],
    s: float,
    o: Outfit,
) -> Limb:
    """A finger between two points given by their way along the hand and towards the thumb, metres."""
    a, b = (wrist + (along * x + inward * y) * s for x, y in ends)
    return _limb(a, b, radii, s, o.skin)


def _head(p: dict[str, Vector], f: _Frame, o: Outfit) -> list[Part]:
    ears = (p["left_ear"] + p["right_ear"]) / 2
    span = p["left_ear"] - p["right_ear"]
    s = max(min(float(np.sqrt(span @ span)) / 0.143, 1.4), 0.7)
    left = _unit(span)
    eyes = (p["left_eye"] + p["right_eye"]) / 2
    # The nose lies before and a little below the line of the ears, the eyes before and above it: together they say
    # which way the face looks, whatever the one or the other convention of their heights.
    front = _unit(_across((p["nose"] + eyes) / 2 - ears - f.up * 0.0, left))
    up = _cross(front, left)
    centre = ears + up * 0.022 * s + front * 0.012 * s
    skull = Solid(centre, _axes(left, up, front, (0.077, 0.118, 0.098), s), o.skin, textured=True)
    crown = Solid(centre + up * 0.030 * s - front * 0.016 * s, _axes(left, up, front, (0.081, 0.098, 0.093), s), o.hair)
    jaw = ears - up * 0.045 * s - front * 0.004 * s
    throat = f.shoulders + f.up * 0.022 * f.scale
    nose = _limb(
        centre + (up * 0.008 + front * 0.092) * s,
        centre + (-up * 0.026 + front * 0.106) * s,
        ((0.0, 0.008), (1.0, 0.0145)),
        s,
        tuple(int(c * 0.97) for c in o.skin),  # type: ignore[arg-type]
    )
    sides = [
        Solid(p[f"{side}_ear"] - left * sign * 0.002, _axes(left, up, front, (0.012, 0.030, 0.019), s), o.skin)
        for side, sign in (("left", 1.0), ("right", -1.0))
    ]
    neck = _limb(throat, jaw, _NECK, f.scale, tuple(int(c * 0.93) for c in o.skin))  # type: ignore[arg-type]
    return [neck, skull, crown, nose, *sides]


def texture_of(outfit: Outfit) -> NDArray[np.uint8]:
    """The painted map of the head, uint8 (N, N, 3) RGB."""
    return face_texture(outfit.skin, outfit.hair)
