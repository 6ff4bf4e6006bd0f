"""What the body is doing as a whole: standing, in a push-up, lying, sitting on the floor, hanging, bent over."""

from __future__ import annotations

from collections.abc import Mapping

STANDING, SUPPORT, LYING, SEATED, HANGING, BENT, UNKNOWN = (
    "standing",
    "support",
    "lying",
    "seated",
    "hanging",
    "bent",
    "unknown",
)
POSTURES = (STANDING, SUPPORT, LYING, SEATED, HANGING, BENT, UNKNOWN)

# A trunk below this rise over the horizontal (degrees) is carried by hands or floor; squats seldom come below 25.
_TRUNK_DOWN_DEG = 50.0
_TRUNK_FLAT_DEG = 15.0
# On the hands the trunk may rise this far (hands on a bench or table), the weight being this far ahead of the feet: far
# beyond what a body that stands can balance. Hands reach that high above the feet, in leg lengths.
_INCLINE_DEG = 65.0
_WEIGHT_AHEAD_DEG = 32.0
_HANDS_HIGH = 0.9
# Pelvis above the lowest knee or ankle, in leg lengths: legs that stand carry it higher, legs that lie do not.
_LEGS_LYING = 0.6
_PELVIS_ON_FLOOR = 0.3
# The upward part of where the chest faces.
_CHEST_DOWN = -0.4
_CHEST_UP = 0.3
_WEIGHT_BEHIND = -0.3
_HANDS_OVERHEAD = 0.3


def posture_of(values: Mapping[str, float]) -> str:
    """The posture of one body by its measured quantities; `unknown` when trunk or legs are not seen."""
    rise, legs = values["trunk_rise"], values["hip_above_legs"]
    if rise != rise or legs != legs:
        return UNKNOWN
    if _on_hands(values):
        return SUPPORT
    if rise < _TRUNK_DOWN_DEG and legs < _LEGS_LYING:
        if values["chest_up"] > _CHEST_UP:
            return SEATED if rise > _TRUNK_DOWN_DEG / 2 else LYING
        if rise < _TRUNK_FLAT_DEG:
            return LYING
    if rise < _TRUNK_FLAT_DEG:
        return BENT
    if legs < _PELVIS_ON_FLOOR and values["balance"] < _WEIGHT_BEHIND:
        return SEATED
    return HANGING if values["hand_above_head"] > _HANDS_OVERHEAD else STANDING


def _on_hands(values: Mapping[str, float]) -> bool:
    """Chest to the floor, the weight far ahead of the feet, hands under the shoulders and not far above the feet."""
    chest_down = values["chest_up"] < _CHEST_DOWN or not values["depth"]
    hands_low = values["supporting_hand"] > 0.15 and values["hand_above_foot"] < _HANDS_HIGH
    leaning = values["trunk_rise"] < _INCLINE_DEG and values["weight_lean"] > _WEIGHT_AHEAD_DEG
    return bool(chest_down and hands_low and leaning)


class PostureFilter:
    """Lets a posture change only after it was seen for a while: one odd frame does not end a push-up."""

    HOLD_S = 0.2

    def __init__(self) -> None:
        self._posture = UNKNOWN
        self._other = UNKNOWN
        self._since_s = 0.0

    def update(self, posture: str, time_s: float) -> str:
        """The settled posture at this moment."""
        if posture == self._posture:
            self._other = posture
        elif posture != self._other:
            self._other, self._since_s = posture, time_s
        if self._posture == UNKNOWN or (posture != self._posture and not 0 <= time_s - self._since_s < self.HOLD_S):
            self._posture = posture
        return self._posture
