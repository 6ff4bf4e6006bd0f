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
# Pelvis above the lowest knee or ankle, in leg lengths: legs that stand carry it higher, legs that lie do not.
_LEGS_LYING = 0.6
_LEGS_UPRIGHT = 0.85
_PELVIS_ON_FLOOR = 0.3
_CHEST_DOWN = -0.5
_CHEST_UP = 0.3
_WEIGHT_ON_HANDS = 0.45
_WEIGHT_BEHIND = -0.3


def posture_of(values: Mapping[str, float]) -> str:
    """The posture of one body by its measured quantities; `unknown` when trunk or legs are not seen."""
    rise, legs = values["trunk_rise"], values["hip_above_legs"]
    if rise != rise or legs != legs:
        return UNKNOWN
    if rise < _TRUNK_DOWN_DEG and legs < _LEGS_UPRIGHT and _on_hands(values):
        return SUPPORT
    if rise < _TRUNK_DOWN_DEG and legs < _LEGS_LYING:
        if values["chest_up"] > _CHEST_UP:
            return SEATED if rise > 25.0 else LYING
        if rise < _TRUNK_FLAT_DEG:
            return LYING
    if rise < _TRUNK_FLAT_DEG:
        return BENT
    if legs < _PELVIS_ON_FLOOR and values["balance"] < _WEIGHT_BEHIND:
        return SEATED
    return HANGING if values["hand_above_head"] > 0.3 else STANDING


def _on_hands(values: Mapping[str, float]) -> bool:
    """Chest to the floor, the weight far ahead of the feet, hands under the shoulders and not far above the feet."""
    chest_down = values["chest_up"] < _CHEST_DOWN or not values["depth"]
    hands_low = values["supporting_hand"] > 0.15 and values["hand_above_foot"] < _LEGS_LYING
    return bool(chest_down and hands_low and values["balance"] > _WEIGHT_ON_HANDS)


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
