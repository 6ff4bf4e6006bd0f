"""Exercises, classes and form errors: the one table of names.

The ten fine classes and four coarse groups are those of FIAS (ST-GCN++, section 3.1). Error codes are the product's
own; `CLASS_OF_ERROR` maps those that have a class, the others come from measured values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IDLE = "idle"
LABELS: tuple[str, ...] = (
    "idle",
    "lunge_correct",
    "lunge_knee_pass_toe",
    "lunge_too_high",
    "push_up_arched_back",
    "push_up_correct",
    "push_up_elbow",
    "squat_correct",
    "squat_feet_too_close",
    "squat_knees_inward",
)
GROUPS: tuple[str, ...] = ("idle", "lunge", "push_up", "squat")
EXERCISES: tuple[str, ...] = ("lunge", "push_up", "squat")

ERRORS: dict[str, tuple[str, ...]] = {
    "squat": ("too_shallow", "knees_inward", "feet_too_close", "forward_lean", "knees_past_toes"),
    "lunge": ("too_high", "knee_past_toe", "trunk_lean"),
    "push_up": ("hips_sag", "hips_pike", "elbows_flared", "too_shallow"),
}
# The multi-label heads, in order: every error of every exercise, for errors overlap within one repetition.
ERROR_LABELS: tuple[str, ...] = tuple(f"{exercise}_{code}" for exercise in EXERCISES for code in ERRORS[exercise])
CLASS_OF_ERROR: dict[tuple[str, str], str] = {
    ("squat", "knees_inward"): "squat_knees_inward",
    ("squat", "feet_too_close"): "squat_feet_too_close",
    ("lunge", "too_high"): "lunge_too_high",
    ("lunge", "knee_past_toe"): "lunge_knee_pass_toe",
    ("push_up", "hips_sag"): "push_up_arched_back",
    ("push_up", "elbows_flared"): "push_up_elbow",
}
# Errors across the body, which a camera beside it cannot show: a network that names them there has guessed.
HIDDEN_FROM_THE_SIDE = frozenset({("squat", "knees_inward"), ("squat", "feet_too_close"), ("push_up", "elbows_flared")})
ERROR_OF_CLASS: dict[str, str] = {label: error for (_, error), label in CLASS_OF_ERROR.items()}


def is_exercise_class(label: str) -> bool:
    """Whether a fine class belongs to one of `GROUPS`: others (as what the hands hold) are no movement of ours."""
    return any(label == group or label.startswith(group + "_") for group in GROUPS)


def group_of(label: str) -> str:
    """The coarse group of a fine class; ValueError when it belongs to none."""
    for group in GROUPS:
        if label == group or label.startswith(group + "_"):
            return group
    raise ValueError(f"{label!r} belongs to no exercise group")


def form_of(label: str) -> str:
    """`correct` or the error code that a fine class stands for; `unknown` for idle."""
    return "unknown" if label == IDLE else ERROR_OF_CLASS.get(label, "correct")


def group_probs(labels: tuple[str, ...], probs: NDArray[np.float32]) -> tuple[float, ...]:
    """Probabilities (K,) of fine classes summed into `GROUPS`, in that order."""
    names = [group_of(label) for label in labels]
    return tuple(float(sum(p for p, name in zip(probs, names, strict=True) if name == group)) for group in GROUPS)


def camera_side(view_deg: float) -> str:
    """From where the camera sees a person heading `view_deg` away from it: `front`, `oblique`, `side` or `back`."""
    if view_deg < 30.0:
        return "front"
    if view_deg > 150.0:
        return "back"
    return "side" if 60.0 <= view_deg <= 120.0 else "oblique"


@dataclass(frozen=True)
class Rule:
    """One measured expectation (a row of resources/exercises.toml).

    `quantity` is judged in `phase` (`top`, `bottom`, `whole`) against `expected` (low, high) in `unit`; outside it the
    form error is `error`. `views` are the camera sides (`front`, `oblique`, `side`, `back`) from which it can be
    judged; `source` says where the numbers come from; `joints` are the names a cue may point at; `severity` 1..3.
    """

    rule_id: str
    exercise: str
    quantity: str
    unit: str
    phase: str
    expected: tuple[float, float]
    error: str
    views: tuple[str, ...]
    joints: tuple[str, ...]
    severity: int
    source: str


@dataclass(frozen=True)
class Gate:
    """What the body must look like for a movement to be this exercise at all (how well it is done is a `Rule`).

    `quantity` lies in `allowed` (low, high); within `margin` of a limit it is in doubt. `phase` is `bottom`, `whole` or
    `change` (from the top to the low part of the movement). Judged from the camera sides `views`; `reason` is said when
    a movement is refused for it.
    """

    gate_id: str
    quantity: str
    phase: str
    allowed: tuple[float, float]
    margin: float
    views: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class ExerciseRule:
    """How one exercise is counted: its `signal` (a measured quantity), hysteresis and plausible durations.

    A repetition leaves `top` (signal above `top_enter`), passes `bottom_enter` and comes back. `posture` names the body
    postures in which it may be counted; it lasts `min_s` to `max_s`, of which at most `max_hold_s` at the bottom;
    `gates` tell it from other movements.
    """

    exercise: str
    signal: str
    top_enter: float
    bottom_enter: float
    min_range: float
    min_s: float
    max_s: float
    posture: tuple[str, ...]
    rules: tuple[Rule, ...]
    max_hold_s: float = 4.0
    gates: tuple[Gate, ...] = ()
