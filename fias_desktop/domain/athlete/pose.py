"""The pose vocabulary: one vector of named parameters describes any posture of the athlete.

A *local* pose stands at the origin facing +z and counts sides outwards, so that left and right are alike: positions
are in leg lengths, arm reach in arm lengths, angles in degrees. `place` turns it into a *world* pose in metres, in
which feet and planted hands have world coordinates; interpolating two world poses therefore leaves a planted foot
exactly where it is.

Parameters
    px py pz    pelvis centre: left, up (above the standing ankle), forward
    yaw         heading, 0 facing +z, positive turning to the person's left
    lean        trunk forward (90: face down, -90: lying on the back)
    side        trunk towards the left;  twist: shoulders to the left;  roll: left hip up
    curl        share by which a rounded back shortens the trunk;  nod, look: head down, to the left
    arms        raise (0 hanging, 180 overhead), azimuth (0 forward, 90 outward, -90 across the chest),
                reach (1 straight), hang (1: the two angles are taken from the vertical, not from the trunk),
                out/up/front: where the elbow points, plant (1: the hand is at hx hy hz)
    legs        x z (outward, forward) of the flat foot's ankle, lift, foot (toe out), pitch (heel raised),
                valgus (knee turned inward), knee_up (knee points up instead of forward)
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete.body import Body

Float = NDArray[np.float64]

CENTRAL = ("px", "py", "pz", "yaw", "lean", "side", "twist", "roll", "curl", "nod", "look")
ARM = ("raise", "azimuth", "reach", "hang", "out", "up", "front", "plant", "hx", "hy", "hz")
LEG = ("x", "z", "lift", "foot", "pitch", "valgus", "knee_up")
SIDES = ("l_", "r_")
PARAMS: tuple[str, ...] = CENTRAL + tuple(side + name for side in SIDES for name in ARM + LEG)
INDEX: dict[str, int] = {name: i for i, name in enumerate(PARAMS)}

_HALF = len(ARM) + len(LEG)
_MIRROR = np.r_[
    0 : len(CENTRAL),
    len(CENTRAL) + _HALF : len(CENTRAL) + 2 * _HALF,
    len(CENTRAL) : len(CENTRAL) + _HALF,
]
_MIRROR_SIGN = np.array([-1.0 if name in ("px", "yaw", "side", "twist", "roll", "look") else 1.0 for name in PARAMS])

Change = Mapping[str, float]


def both_sides(name: str) -> tuple[str, ...]:
    """The parameters that a name stands for: itself, or that of both sides."""
    return (name,) if name in INDEX else tuple(side + name for side in SIDES)


def change(base: Float, values: Change) -> Float:
    """A copy of the local pose (P,) with parameters replaced; a name without `l_`/`r_` sets both sides."""
    result = base.copy()
    for name, value in values.items():
        for full in both_sides(name):
            result[INDEX[full]] = value
    return result


def mirror(pose: Float) -> Float:
    """The local pose (P,) with left and right exchanged."""
    return np.asarray(pose[_MIRROR] * _MIRROR_SIGN)


STAND: Float = change(
    np.zeros(len(PARAMS)),
    {
        "py": 0.985,
        "raise": 8.0,
        "azimuth": 70.0,
        "reach": 0.97,
        "hang": 0.5,
        "out": 0.4,
        "up": -0.1,
        "front": -1.0,
        "x": 0.16,
        "foot": 10.0,
    },
)


def place(local: Float, body: Body, at: tuple[float, float] = (0.0, 0.0), heading_deg: float = 0.0) -> Float:
    """The local pose (P,) as a world pose of `body` standing at `at` (x, z) metres and facing `heading_deg`."""
    world = local.copy()
    leg = body.leg_m
    angle = np.radians(heading_deg)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))

    def put(x_name: str, z_name: str, outward: float) -> None:
        x, z = local[INDEX[x_name]] * leg * outward, local[INDEX[z_name]] * leg
        world[INDEX[x_name]] = at[0] + x * cos + z * sin
        world[INDEX[z_name]] = at[1] - x * sin + z * cos

    put("px", "pz", 1.0)
    world[INDEX["py"]] = local[INDEX["py"]] * leg + body.ankle_m
    world[INDEX["yaw"]] += heading_deg
    for side, outward in zip(SIDES, (1.0, -1.0), strict=True):
        put(side + "x", side + "z", outward)
        put(side + "hx", side + "hz", outward)
        world[INDEX[side + "hy"]] *= leg
        world[INDEX[side + "lift"]] *= leg
        world[INDEX[side + "foot"]] = heading_deg + outward * local[INDEX[side + "foot"]]
    return world
