"""Every English word the coach uses, in one place: names of exercises, errors, joints and quantities, and short cues.

Advice carries a code next to its text, so that the window can show a translation of these constants.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fias_desktop.domain.types import Evidence

PRAISE_CODE = "correct"
UNKNOWN_CODE = "unknown"


@dataclass(frozen=True)
class ErrorWords:
    """How one form error is spoken of.

    `name` is a noun phrase ("knees moving inward"), `said` a clause about the past ("your knees moved inward"), `tip`
    an order ("push your knees out over your toes"), `cue` at most six words, `parts` the body parts it is about.
    """

    name: str
    said: str
    tip: str
    cue: str
    parts: tuple[str, ...]


ERRORS: dict[tuple[str, str], ErrorWords] = {
    ("squat", "too_shallow"): ErrorWords(
        "not going deep enough",
        "you did not go deep enough",
        "sit down until your thighs are level with the floor",
        "Go lower",
        ("hips", "knees", "thighs"),
    ),
    ("squat", "knees_inward"): ErrorWords(
        "knees moving inward",
        "your knees moved inward",
        "push your knees out over your toes",
        "Knees out",
        ("knees", "toes"),
    ),
    ("squat", "feet_too_close"): ErrorWords(
        "feet too close together",
        "your feet were too close together",
        "set your feet as wide as your shoulders",
        "Feet wider",
        ("feet", "shoulders", "ankles"),
    ),
    ("squat", "forward_lean"): ErrorWords(
        "upper body leaning too far forward",
        "your upper body leaned too far forward",
        "lift your chest and keep your back long",
        "Chest up",
        ("upper body", "chest", "back", "shoulders", "hips"),
    ),
    ("squat", "knees_past_toes"): ErrorWords(
        "knees travelling far past the toes",
        "your knees travelled far past your toes",
        "sit back and keep your weight on your heels",
        "Sit back",
        ("knees", "toes", "heels", "hips"),
    ),
    ("lunge", "too_high"): ErrorWords(
        "staying too high",
        "you stayed too high",
        "lower your back knee closer to the floor",
        "Drop your back knee",
        ("knees", "hips"),
    ),
    ("lunge", "knee_past_toe"): ErrorWords(
        "front knee travelling past the toes",
        "your front knee travelled past your toes",
        "take a longer step and keep your front shin upright",
        "Longer step",
        ("knees", "toes", "shin", "ankles"),
    ),
    ("lunge", "trunk_lean"): ErrorWords(
        "upper body leaning over",
        "your upper body leaned over",
        "stay tall and keep your shoulders above your hips",
        "Stay tall",
        ("upper body", "shoulders", "hips"),
    ),
    ("push_up", "hips_sag"): ErrorWords(
        "hips sinking",
        "your hips sank",
        "tighten your belly and keep one straight line from shoulders to heels",
        "Hips up, belly tight",
        ("hips", "belly", "shoulders", "heels", "back"),
    ),
    ("push_up", "hips_pike"): ErrorWords(
        "hips pushed up too high",
        "your hips were pushed up too high",
        "lower your hips into line with your shoulders and heels",
        "Hips down",
        ("hips", "shoulders", "heels"),
    ),
    ("push_up", "elbows_flared"): ErrorWords(
        "elbows flaring out",
        "your elbows flared out",
        "bring your elbows closer to your sides",
        "Elbows in",
        ("elbows", "shoulders", "sides", "arms"),
    ),
    ("push_up", "too_shallow"): ErrorWords(
        "not going low enough",
        "you did not go low enough",
        "lower your chest closer to the floor",
        "Chest lower",
        ("chest", "elbows", "arms"),
    ),
}

PRAISE_CUES: dict[str, str] = {"squat": "Good squat", "lunge": "Good lunge", "push_up": "Good push-up"}
PRAISE_CUE = "Good, keep going"

EXERCISES: dict[str, tuple[str, str]] = {
    "squat": ("squat", "squats"),
    "lunge": ("lunge", "lunges"),
    "push_up": ("push-up", "push-ups"),
}

JOINTS: dict[str, str] = {"left_foot_index": "left toes", "right_foot_index": "right toes"}
FACE_JOINTS = ("nose", "eye", "ear", "mouth")

# Quantities of resources/exercises.toml by name; those that have a side (below zero) are named by it.
QUANTITIES: dict[str, str] = {
    "knee_angle": "knee angle",
    "front_knee_angle": "front knee angle",
    "hip_angle": "hip angle",
    "elbow_angle": "elbow angle",
    "trunk_lean": "lean of the upper body",
    "trunk_tilt": "sideways lean of the upper body",
    "knees_past_toes": "forward knee travel",
    "knee_past_toe": "forward travel of the front knee",
    "knee_ankle_ratio": "knee spacing",
    "foot_spread": "foot spacing",
    "hip_line": "height of the hips above the body line",
    "elbow_flare": "upper arm angle",
}
BELOW_ZERO: dict[str, str] = {
    "trunk_lean": "backward lean of the upper body",
    "hip_line": "depth of the hips below the body line",
}
# Errors that show in a value that is too low; all others show in one that is too high.
LOW_SIDE = ("knees_inward", "feet_too_close", "hips_sag")
UNITS: dict[str, str] = {"deg": " degrees", "s": " seconds", "ratio": "", "%": " percent"}
# What a ratio is measured in.
MEASURES: dict[str, str] = {
    "knee_ankle_ratio": " times the ankle spacing",
    "foot_spread": " shoulder widths",
    "knees_past_toes": " torso lengths",
    "knee_past_toe": " torso lengths",
}
DECIMALS: dict[str, int] = {"deg": 0, "s": 1, "ratio": 2, "%": 0}

PHASES: dict[str, str] = {"beginning": "at the beginning", "bottom": "at the bottom", "end": "at the end"}


def error_words(exercise: str, error: str) -> ErrorWords:
    """The words for an error; for one without an entry its code is read aloud."""
    known = ERRORS.get((exercise, error))
    if known is not None:
        return known
    plain = error.replace("_", " ")
    return ErrorWords(plain, f"there was a fault: {plain}", "slow down and watch this point", "Watch your form", ())


def exercise_name(exercise: str, number: int = 1) -> str:
    """`squat`, or `squats` for any other number than 1."""
    plain = exercise.replace("_", " ")
    return EXERCISES.get(exercise, (plain, plain + "s"))[0 if number == 1 else 1]


def joint_name(joint: str) -> str:
    """A joint in words: `left_knee` -> `left knee`."""
    return JOINTS.get(joint, joint.replace("_", " "))


def quantity_name(quantity: str) -> str:
    """A measured quantity in words."""
    return QUANTITIES.get(quantity, quantity.removesuffix("_deg").removesuffix("_ratio").replace("_", " "))


def number(value: float, unit: str) -> str:
    """A value as it is spoken: whole degrees, tenths of a second, hundredths of a ratio."""
    text = f"{value:.{DECIMALS.get(unit, 1)}f}"
    return text[1:] if float(text) == 0 and text.startswith("-") else text


def unit_name(quantity: str, unit: str) -> str:
    """What stands behind a number, with its leading blank: ` degrees`, ` shoulder widths`, or nothing."""
    return MEASURES.get(quantity, "") if unit == "ratio" else UNITS.get(unit, f" {unit}")


@dataclass(frozen=True)
class Spoken:
    """A measurement as it is spoken: nobody says "minus 14 degrees", so a value below zero is turned over and named
    by its side. `low` (at least 0) and `high` are the expected bounds."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    unit_name: str

    @property
    def amount(self) -> str:
        """The value with its unit: `88 degrees`."""
        return number(self.value, self.unit) + self.unit_name

    @property
    def too_low(self) -> bool:
        """Whether the value lies below the expected range."""
        return self.value < self.low

    @property
    def bounded(self) -> bool:
        """Whether there is a bound worth telling."""
        return self.low > 0 or math.isfinite(self.high)

    @property
    def limit(self) -> str:
        """The bound that matters: `at least 0.90`, `at most 105`."""
        side, value = ("at least", self.low) if self.too_low or math.isinf(self.high) else ("at most", self.high)
        return f"{side} {number(value, self.unit)}"


def spoken(evidence: Evidence) -> Spoken:
    """A measurement in words and numbers."""
    value, (low, high), quantity = evidence.value, evidence.expected, evidence.quantity
    name = quantity_name(quantity)
    if value < 0:
        name, value, low, high = BELOW_ZERO.get(quantity, name), -value, -high, -low
    unit = unit_name(quantity, evidence.unit)
    return Spoken(name, value, max(low, 0.0), max(high, 0.0), evidence.unit, unit)
