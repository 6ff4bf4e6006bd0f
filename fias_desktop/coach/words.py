"""How the coach names things: one `Words` for each language, and how measurements are spoken.

The values are in `english.py` and `chinese.py`; `languages.py` chooses. Advice carries a code next to its text, so that
the window can show its own names for exercises and errors.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from fias_desktop.domain.types import Evidence

PRAISE_CODE = "correct"
UNKNOWN_CODE = "unknown"
FACE_JOINTS = ("nose", "eye", "ear", "mouth")
# Errors that show in a value that is too low; all others show in one that is too high.
LOW_SIDE = ("knees_inward", "feet_too_close", "hips_sag")
DECIMALS: dict[str, int] = {"deg": 0, "s": 1, "ratio": 2, "%": 0}
# What the network named and nothing measured: the value counts repetitions.
RECOGNISED = "recognised"


@dataclass(frozen=True)
class ErrorWords:
    """How one form error is spoken of.

    `name` is a noun phrase ("knees moving inward"), `said` a clause about the past ("your knees moved inward"), `tip`
    an order ("push your knees out over your toes"), `cues` short orders of at most six words, `mended` short praise
    for who corrected it, `parts` the body parts it is about.
    """

    name: str
    said: str
    tip: str
    cues: tuple[str, ...]
    mended: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True)
class PromptWords:
    """The lines of the prompt as format strings; see `prompt.py` for what goes in."""

    none_counted: str
    counted: str
    form_unknown: str
    all_correct: str
    some_correct: str
    none_correct: str
    missed: str
    seen_as: str
    correct_form: str
    unknown_form: str
    fault: str
    fault_place: str
    no_fault: str
    not_judged: str
    good: str
    hottest: str
    hottest_row: str
    comma: str
    parts: str
    spread: str
    steady: str
    uneven: str
    last_set: str
    last_fault: str
    trends: Mapping[str, str]
    wanted: str
    voice: str
    end: str


@dataclass(frozen=True)
class Words:
    """A language of the coach. `units` and `measures` begin with their blank where the language has one; `topics` and
    `voices` name what may be asked of it and how it may speak."""

    language: str
    errors: Mapping[tuple[str, str], ErrorWords]
    other_error: ErrorWords
    exercises: Mapping[str, tuple[str, str]]
    joints: Mapping[str, str]
    quantities: Mapping[str, str]
    below_zero: Mapping[str, str]
    units: Mapping[str, str]
    measures: Mapping[str, str]
    phases: Mapping[str, str]
    at_least: str
    at_most: str
    praise_cues: Mapping[str, tuple[str, ...]]
    topics: Mapping[str, str]
    voices: Mapping[str, str]
    instructions: str
    asked: str
    prompt: PromptWords

    def error(self, exercise: str, error: str) -> ErrorWords:
        """The words for an error; for one without an entry its code is read aloud."""
        known = self.errors.get((exercise, error))
        if known is not None:
            return known
        plain, other = error.replace("_", " "), self.other_error
        return ErrorWords(plain, other.said.format(plain), other.tip, other.cues, other.mended, ())

    def exercise(self, exercise: str, number: int = 1) -> str:
        """`squat`, or `squats` for any other number than 1."""
        plain = exercise.replace("_", " ")
        return self.exercises.get(exercise, (plain, plain + "s"))[0 if number == 1 else 1]

    def joint(self, joint: str) -> str:
        """A joint in words: `left_knee` -> `left knee`."""
        return self.joints.get(joint, joint.replace("_", " "))

    def quantity(self, quantity: str) -> str:
        """A measured quantity in words."""
        plain = quantity.removesuffix("_deg").removesuffix("_ratio").replace("_", " ")
        return self.quantities.get(quantity, plain)

    def name(self, measured: Spoken) -> str:
        """The quantity of a measurement; one below zero is named by its side."""
        plain = self.quantity(measured.quantity)
        return self.below_zero.get(measured.quantity, plain) if measured.turned else plain

    def unit(self, quantity: str, unit: str) -> str:
        """What stands behind a number: ` degrees`, ` shoulder widths`, or nothing."""
        return self.measures.get(quantity, "") if unit == "ratio" else self.units.get(unit, f" {unit}")

    def amount(self, measured: Spoken) -> str:
        """The value with its unit: `88 degrees`."""
        return self.valued(measured.value, measured.quantity, measured.unit)

    def valued(self, value: float, quantity: str, unit: str) -> str:
        """Any value of a quantity with its unit."""
        return number(value, unit) + self.unit(quantity, unit)

    def limit(self, measured: Spoken) -> str:
        """The bound that matters: `at least 0.90`, `at most 105`."""
        low = measured.too_low or math.isinf(measured.high)
        form, value = (self.at_least, measured.low) if low else (self.at_most, measured.high)
        return form.format(number(value, measured.unit))


def number(value: float, unit: str) -> str:
    """A value as it is spoken: whole degrees, tenths of a second, hundredths of a ratio."""
    text = f"{value:.{DECIMALS.get(unit, 1)}f}"
    return text[1:] if float(text) == 0 and text.startswith("-") else text


@dataclass(frozen=True)
class Spoken:
    """A measurement as it is spoken: nobody says "minus 14 degrees", so a value below zero is turned over (`turned`)
    and named by its side. `low` (at least 0) and `high` are the expected bounds."""

    quantity: str
    value: float
    low: float
    high: float
    unit: str
    turned: bool

    @property
    def too_low(self) -> bool:
        """Whether the value lies below the expected range."""
        return self.value < self.low

    @property
    def bounded(self) -> bool:
        """Whether there is a bound worth telling."""
        return self.low > 0 or math.isfinite(self.high)


def spoken(evidence: Evidence) -> Spoken:
    """A measurement as numbers to be said."""
    value, (low, high) = evidence.value, evidence.expected
    turned = value < 0
    if turned:
        value, low, high = -value, -high, -low
    return Spoken(evidence.quantity, value, max(low, 0.0), max(high, 0.0), evidence.unit, turned)
