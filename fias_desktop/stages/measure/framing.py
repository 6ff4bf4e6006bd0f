"""Is the whole body in the picture, and where should the person stand?"""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.types import Bool, Pose
from fias_desktop.stages.measure.body import JOINT

_PARTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "head": (("nose", "left_ear", "right_ear"),),
    "arms": (("left_wrist",), ("right_wrist",)),
    "hips": (("left_hip",), ("right_hip",)),
    "knees": (("left_knee",), ("right_knee",)),
    "feet": (("left_ankle", "left_foot_index"), ("right_ankle", "right_foot_index")),
}
_SEEN = 0.5
_SMALL = 0.25
_MARGIN = 0.01


def body_check(pose: Pose | None, image_size: tuple[int, int]) -> tuple[bool, tuple[str, ...], str]:
    """Whether the whole body is in the picture, the parts that are not, and what to do (empty when all is well).

    A limb hidden behind the body from the side is not missing as long as its twin is seen.
    """
    if pose is None or not np.isfinite(pose.xy).any():
        return False, ("body",), "Stand in front of the camera."
    inside = _inside(pose, image_size)
    missing = tuple(part for part, sides in _PARTS.items() if not _there(pose, inside, sides))
    if missing:
        return False, missing, _advice(pose, image_size, inside)
    if _extent(pose) < _SMALL * min(image_size):
        return False, (), "Come closer to the camera."
    return True, (), ""


def _inside(pose: Pose, size: tuple[int, int]) -> Bool:
    margin = _MARGIN * np.array(size)
    with np.errstate(invalid="ignore"):
        return np.asarray(((pose.xy >= -margin) & (pose.xy <= np.array(size) + margin)).all(axis=1))


def _there(pose: Pose, inside: Bool, sides: tuple[tuple[str, ...], ...]) -> bool:
    """All sides lie inside the picture and at least one of them is seen."""
    lists = [[JOINT[name] for name in side] for side in sides]
    in_picture = all(any(inside[i] for i in side) for side in lists)
    return in_picture and any(pose.score[i] >= _SEEN for side in lists for i in side)


def _extent(pose: Pose) -> float:
    return float(np.nanmax(np.nanmax(pose.xy, axis=0) - np.nanmin(pose.xy, axis=0)))


def _advice(pose: Pose, size: tuple[int, int], inside: Bool) -> str:
    xy = pose.xy[~inside]
    left, right = bool((xy[:, 0] < 0).any()), bool((xy[:, 0] > size[0]).any())
    top, bottom = bool((xy[:, 1] < 0).any()), bool((xy[:, 1] > size[1]).any())
    if (left or right) and not (left and right) and not (top or bottom):
        return "Move to the middle of the picture."
    if top and not bottom and _extent(pose) < 0.8 * size[1]:
        return "Tilt the camera up a little or step back."
    if bottom and not top and _extent(pose) < 0.8 * size[1]:
        return "Tilt the camera down a little or step back."
    if left or right or top or bottom:
        return "Step back until the whole body is in the picture."
    return "Make sure that nothing hides your body and that there is enough light."
