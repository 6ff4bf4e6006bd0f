"""What codes are called in front of people, in their language: exercises, form errors, quantities, joints, advice."""

from __future__ import annotations

from functools import reduce

from PySide6.QtCore import QCoreApplication

from fias_desktop.coach.words import RECOGNISED
from fias_desktop.domain.exercises import form_of, group_of, is_exercise_class
from fias_desktop.domain.types import Evidence
from fias_desktop.ui.translation import QT_TRANSLATE_NOOP

_EXERCISES = {
    "squat": QT_TRANSLATE_NOOP("names", "Squat"),
    "lunge": QT_TRANSLATE_NOOP("names", "Lunge"),
    "push_up": QT_TRANSLATE_NOOP("names", "Push-up"),
    "idle": QT_TRANSLATE_NOOP("names", "Idle"),
}
_FORMS = {
    "correct": QT_TRANSLATE_NOOP("names", "Good form"),
    "unknown": QT_TRANSLATE_NOOP("names", "Form not judged"),
    "too_shallow": QT_TRANSLATE_NOOP("names", "Too shallow"),
    "knees_inward": QT_TRANSLATE_NOOP("names", "Knees inward"),
    "feet_too_close": QT_TRANSLATE_NOOP("names", "Feet too close"),
    "forward_lean": QT_TRANSLATE_NOOP("names", "Leaning forward"),
    "knees_past_toes": QT_TRANSLATE_NOOP("names", "Knees past toes"),
    "too_high": QT_TRANSLATE_NOOP("names", "Too high"),
    "knee_past_toe": QT_TRANSLATE_NOOP("names", "Knee past toes"),
    "trunk_lean": QT_TRANSLATE_NOOP("names", "Trunk leaning"),
    "hips_sag": QT_TRANSLATE_NOOP("names", "Hips sagging"),
    "hips_pike": QT_TRANSLATE_NOOP("names", "Hips too high"),
    "elbows_flared": QT_TRANSLATE_NOOP("names", "Elbows flared"),
}
_SPEAKERS = {
    "cue": QT_TRANSLATE_NOOP("names", "Cue"),
    "language model": QT_TRANSLATE_NOOP("names", "Language model"),
    "phrasebook": QT_TRANSLATE_NOOP("names", "Phrasebook"),
}
_REGIONS = {
    "arms": QT_TRANSLATE_NOOP("names", "Arms"),
    "hips": QT_TRANSLATE_NOOP("names", "Hips"),
    "knees": QT_TRANSLATE_NOOP("names", "Knees"),
    "feet": QT_TRANSLATE_NOOP("names", "Feet"),
    "legs": QT_TRANSLATE_NOOP("names", "Legs"),
}
_QUANTITIES = {
    "knee_angle": QT_TRANSLATE_NOOP("names", "Knee angle"),
    "front_knee_angle": QT_TRANSLATE_NOOP("names", "Front knee angle"),
    "rear_knee_angle": QT_TRANSLATE_NOOP("names", "Rear knee angle"),
    "hip_angle": QT_TRANSLATE_NOOP("names", "Hip angle"),
    "elbow_angle": QT_TRANSLATE_NOOP("names", "Elbow angle"),
    "armpit_angle": QT_TRANSLATE_NOOP("names", "Upper arm angle"),
    "trunk_lean": QT_TRANSLATE_NOOP("names", "Trunk lean"),
    "trunk_tilt": QT_TRANSLATE_NOOP("names", "Trunk tilt"),
    "foot_spread": QT_TRANSLATE_NOOP("names", "Foot distance"),
    "knee_ankle_ratio": QT_TRANSLATE_NOOP("names", "Knee to foot distance"),
    "knee_ankle_ratio_2d": QT_TRANSLATE_NOOP("names", "Knee to foot distance"),
    "knee_past_toe": QT_TRANSLATE_NOOP("names", "Knee past toes"),
    "knees_past_toes": QT_TRANSLATE_NOOP("names", "Knees past toes"),
    "hip_line": QT_TRANSLATE_NOOP("names", "Hip line"),
}
_WORDS = {
    "left": QT_TRANSLATE_NOOP("names", "left"),
    "right": QT_TRANSLATE_NOOP("names", "right"),
    "foot_index": QT_TRANSLATE_NOOP("names", "toes"),
    "shoulder": QT_TRANSLATE_NOOP("names", "shoulder"),
    "elbow": QT_TRANSLATE_NOOP("names", "elbow"),
    "wrist": QT_TRANSLATE_NOOP("names", "wrist"),
    "hip": QT_TRANSLATE_NOOP("names", "hip"),
    "knee": QT_TRANSLATE_NOOP("names", "knee"),
    "ankle": QT_TRANSLATE_NOOP("names", "ankle"),
    "heel": QT_TRANSLATE_NOOP("names", "heel"),
}


def _translate(text: str) -> str:
    return QCoreApplication.translate("names", text)


def titled(title: str, text: str) -> str:
    """`Squat: Knees inward`."""
    return QCoreApplication.translate("names", "{0}: {1}").format(title, text)


def listed(*parts: str) -> str:
    """`head, arms`."""
    return QCoreApplication.translate("names", ", ").join(parts)


def in_sentences(*parts: str) -> str:
    """Texts without a full stop as sentences one after the other: `Too shallow. Knee angle 118°`."""
    return QCoreApplication.translate("names", ". ").join(parts)


def paragraph(*sentences: str) -> str:
    """Whole sentences one after the other, without a space where the language has none; empty ones are left out."""
    joint = QCoreApplication.translate("engine", "{0} {1}")
    shown = [sentence for sentence in sentences if sentence]
    return reduce(joint.format, shown) if shown else ""


def _humanise(code: str) -> str:
    return code.replace("_", " ").strip().capitalize()


def exercise(code: str) -> str:
    """`push_up` -> `Push-up`; an exercise that has no name here is shown as its code in plain words."""
    return _translate(_EXERCISES[code]) if code in _EXERCISES else _humanise(code)


def form(code: str) -> str:
    """The name of a form state: `correct`, `unknown` or an error code."""
    return _translate(_FORMS[code]) if code in _FORMS else _humanise(code)


def label(code: str) -> str:
    """A fine class in words: `squat_knees_inward` -> `Squat: knees inward`; one that is no exercise by its code."""
    if code == "idle" or not is_exercise_class(code):
        return exercise(code)
    return titled(exercise(group_of(code)), form(form_of(code)) if form_of(code) != "unknown" else code)


def speaker(source: str) -> str:
    """Who speaks: the cue, the language model or the phrasebook."""
    return _translate(_SPEAKERS[source]) if source in _SPEAKERS else _humanise(source)


def region(code: str) -> str:
    """A part of the body in the heat strip."""
    return _translate(_REGIONS[code])


def quantity(code: str) -> str:
    """A measured quantity in words: `knee_angle` -> `Knee angle`."""
    if code in _QUANTITIES:
        return _translate(_QUANTITIES[code])
    return _humanise(code.removesuffix("_deg").removesuffix("_ratio"))


def joint(code: str) -> str:
    """`left_foot_index` -> `left toes`."""
    side, _, part = code.partition("_")
    if side not in ("left", "right"):
        return _word(code)
    return QCoreApplication.translate("names", "{0} {1}").format(_word(side), _word(part))


def _word(code: str) -> str:
    return _translate(_WORDS[code]) if code in _WORDS else code.replace("_", " ")


def amount(value: float, unit: str, more: int = 0) -> str:
    """A value with its unit: `87°`, `1.2 s`, `0.85`; with so many more decimals."""
    if unit == "deg":
        return f"{value:.{more}f}°"
    if unit == "s":
        return QCoreApplication.translate("names", "{0} s").format(f"{value:.{1 + more}f}")
    return f"{value:.{2 + more}f}"


def span(value: float, expected: tuple[float, float], unit: str) -> str:
    """What was expected of a value: the limit that it breaks, or the range; of that one side only where the other is so
    far out that it says nothing."""
    low, high = expected
    at_most, at_least = f"≤ {amount(high, unit)}", f"≥ {amount(low, unit)}"
    if not low <= value <= high:
        return at_least if value < low else at_most
    if low <= (1.0 if unit == "deg" else 0.0):
        return at_most
    return at_least if high >= (179.0 if unit == "deg" else 9.0) else f"{amount(low, unit)} – {amount(high, unit)}"


def judged(quantity_code: str, value: float, unit: str, expected: tuple[float, float]) -> str:
    """A measurement against what was expected: `Knee angle 118°, expected ≤ 100°`; what only the network saw says
    so."""
    if quantity_code == RECOGNISED:
        once = QCoreApplication.translate("names", "Seen by the network in 1 repetition, not measured")
        often = QCoreApplication.translate("names", "Seen by the network in {0} repetitions, not measured")
        return once if value == 1 else often.format(f"{value:.0f}")
    text = QCoreApplication.translate("names", "{0} {1}, expected {2}")
    limit = min(max(value, expected[0]), expected[1])
    # Just outside, but rounded to the limit itself, it would seem to be inside.
    more = int(value != limit and amount(value, unit) == amount(limit, unit))
    return text.format(quantity(quantity_code), amount(value, unit, more), span(value, expected, unit))


def measured(evidence: Evidence) -> str:
    """A piece of evidence as `judged` says it."""
    return judged(evidence.quantity, evidence.value, evidence.unit, evidence.expected)


def moment(time_s: float) -> str:
    """Seconds since the source's start as minutes and seconds: `0:12.4`."""
    minutes, seconds = divmod(max(time_s, 0.0), 60.0)
    return f"{int(minutes)}:{seconds:04.1f}"
