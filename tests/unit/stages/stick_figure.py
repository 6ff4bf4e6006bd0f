"""A stick figure with exact joints for the tests of measuring and counting: limbs are solved to their targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Pose

Array = NDArray[np.float64]
JOINT = {name: i for i, name in enumerate(BLAZEPOSE33.joints)}
THIGH = SHANK = 0.42
TRUNK, UPPER_ARM, FOREARM, FOOT = 0.5, 0.28, 0.26, 0.2
ANKLE_UP = 0.08
SIZE = (1280, 720)
UP = np.array([0.0, 0.0, 1.0])


def at(fore: float, left: float, up: float) -> Array:
    """A point or a step (fore, left, up), metres."""
    return np.array([fore, left, up], dtype=np.float64)


def middle_joint(start: Array, end: Array, upper: float, lower: float, towards: Array) -> Array:
    """The knee or elbow between two ends, bent in the direction `towards`."""
    axis = end - start
    length = min(float(np.linalg.norm(axis)), upper + lower - 1e-6)
    axis = axis / np.linalg.norm(axis)
    along = (upper**2 - lower**2 + length**2) / (2 * length)
    bend = towards - (towards @ axis) * axis
    return np.asarray(start + along * axis + np.sqrt(max(upper**2 - along**2, 0.0)) * bend / np.linalg.norm(bend))


def _body(hips: Array, shoulders: Array, ankles: list[Array], hands: list[Array], toes: Array, elbows: Array) -> Array:
    points = np.zeros((33, 3))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        i = 0 if side == "left" else 1
        hip, shoulder = hips + at(0, 0.1 * sign, 0), shoulders + at(0, 0.18 * sign, 0)
        forward = np.array([1.0, 0.0, 0.05])
        knee = middle_joint(hip, ankles[i], THIGH, SHANK, forward)
        elbow = middle_joint(shoulder, hands[i], UPPER_ARM, FOREARM, elbows * [1, sign, 1])
        parts = {"hip": hip, "knee": knee, "ankle": ankles[i], "shoulder": shoulder, "elbow": elbow, "wrist": hands[i]}
        parts |= {"heel": ankles[i] + [-0.04, 0, -0.06], "foot_index": ankles[i] + toes}
        parts |= dict.fromkeys(("pinky", "index", "thumb"), hands[i])
        for name, point in parts.items():
            points[JOINT[f"{side}_{name}"]] = point
    along = (shoulders - hips) / np.linalg.norm(shoulders - hips)
    for name in BLAZEPOSE33.joints[:11]:
        points[JOINT[name]] = shoulders + 0.22 * along + [0.08, 0, 0]
    return points


def standing(
    height: float = 1.0, lean_deg: float = 0.0, back: float = 0.0, split: float = 0.0, spread: float = 0.3
) -> Array:
    """On the feet: hips at this share of the legs' length, `back` metres behind the ankles, trunk leaning forward, feet
    `split` metres apart fore-aft and `spread` sideways, arms held forward."""
    hips = np.array([-back, 0.0, ANKLE_UP + height * (THIGH + SHANK)])
    lean = np.radians(lean_deg)
    shoulders = hips + TRUNK * np.array([np.sin(lean), 0.0, np.cos(lean)])
    rear_up = 0.12 if split else 0.0
    ankles = [
        np.array([split / 2, spread / 2, ANKLE_UP]),
        np.array([-split / 2, -spread / 2, ANKLE_UP + rear_up]),
    ]
    hands = [shoulders + at(0.4, 0.15 * sign, -0.1) for sign in (1.0, -1.0)]
    return _body(hips, shoulders, ankles, hands, np.array([0.16, 0.0, -0.05]), np.array([0.0, 0.3, -1.0]))


def squat(depth: float) -> Array:
    """A squat, 0 standing to 1 deep, with the weight over the feet."""
    height = 1.0 - 0.55 * depth
    back = 0.24 * np.sin(np.pi / 2 * min(depth, 1.0))
    return standing(height, lean_deg=40.0 * depth, back=float(back))


def lunge(depth: float) -> Array:
    """A lunge with the left foot ahead, 0 standing to 1 deep."""
    return standing(1.0 - 0.45 * depth, split=0.8 * min(1.0, 3 * depth), spread=0.15)


def sit(depth: float) -> Array:
    """Sitting down on a chair, upright: the hips go far behind the feet."""
    return standing(1.0 - 0.5 * depth, lean_deg=5.0, back=0.4 * depth)


def push_up(depth: float, sag: float = 0.0) -> Array:
    """A push-up from straight arms (0) to the chest near the floor (1); hips `sag` metres below the straight line."""
    shoulders = np.array([0.0, 0.0, 0.53 - 0.38 * depth])
    ankle = np.array([-(TRUNK + THIGH + SHANK - 0.02), 0.0, 0.1])
    hips = shoulders + (ankle - shoulders) * TRUNK / (TRUNK + THIGH + SHANK) - [0, 0, sag]
    hips = shoulders + (hips - shoulders) * TRUNK / np.linalg.norm(hips - shoulders)
    ankles = [ankle + at(0, 0.1 * sign, 0) for sign in (1.0, -1.0)]
    hands = [np.array([0.0, 0.25 * sign, 0.0]) for sign in (1.0, -1.0)]
    return _body(hips, shoulders, ankles, hands, np.array([0.02, 0.0, -0.1]), np.array([-1.0, 0.4, 0.0]))


def on_back(press: float) -> Array:
    """Lying face up, hands above the chest (0) or pressed up (1): a bench press."""
    points = push_up(0.0)
    points[:, 2] = 0.6 - points[:, 2]
    for side in ("left", "right"):
        hand = points[JOINT[f"{side}_shoulder"]] + [0.0, 0.0, 0.15 + 0.35 * press]
        for name in ("wrist", "pinky", "index", "thumb"):
            points[JOINT[f"{side}_{name}"]] = hand
    return points


def pose(points: Array, time_s: float = 0.0, heading_deg: float = 0.0, world: bool = True) -> Pose:
    """A pose of (fore, left, up) points seen by a level camera; heading 0 faces it, 90 looks to the picture's right."""
    turn = np.radians(heading_deg)
    fore, left = np.array([np.sin(turn), 0, -np.cos(turn)]), np.array([np.cos(turn), 0, np.sin(turn)])
    space = points @ np.stack([fore, left, [0.0, -1.0, 0.0]])
    space = space - (space[JOINT["left_hip"]] + space[JOINT["right_hip"]]) / 2
    xy = space[:, :2] * 250.0 + np.array(SIZE) / 2
    score = np.full(33, 0.95, np.float32)
    return Pose(round(time_s * 30), time_s, 0, xy.astype(np.float32), score, space if world else None, SIZE)


def cycle(figure: Callable[[float], Array], repetitions: int, tempo_s: float, rest_s: float = 0.6) -> Iterator[Array]:
    """Repetitions of a figure at 30 frames a second, each down and up in `tempo_s`, resting at the top around them."""
    rest = [0.0] * round(rest_s * 30)
    steps = np.arange(round(tempo_s * 30)) / round(tempo_s * 30)
    down_up = list((1 - np.cos(2 * np.pi * steps)) / 2)
    for depth in rest + (down_up + rest) * repetitions:
        yield figure(float(depth))


def film(figures: Iterator[Array], heading_deg: float = 0.0, world: bool = True) -> list[Pose]:
    """The figures as poses, 30 a second."""
    return [pose(points, i / 30.0, heading_deg, world) for i, points in enumerate(figures)]
