"""Mend moments in which the estimator takes a person's left limbs for the right ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fias_desktop.domain.skeleton import BLAZEPOSE33, Skeleton
from fias_desktop.domain.types import Float32, Int64, Pose

MAX_HELD_S = 0.25  # a disagreement that lasts longer is believed
MAX_STEP_S = 0.12  # over a longer step limbs may really have changed places
_MIN_JUMP = 0.15  # body sizes; smaller exchanges do no harm
_BETTER = 0.5


class SwapRepair:
    """Exchanges both arms or both legs back when that fits the frame before far better, and only for a moment."""

    def __init__(self) -> None:
        self._limbs = (
            _limbs(BLAZEPOSE33, "knee ankle heel foot_index"),
            _limbs(BLAZEPOSE33, "elbow wrist pinky index"),
        )
        self._mirror = np.array(BLAZEPOSE33.mirror)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._last: Pose | None = None
        self._since_s: list[float | None] = [None for _ in self._limbs]

    def mend(self, pose: Pose, size: float) -> Pose:
        """The pose with arms and legs on the side they were on; `size` is the torso's length in pixels."""
        last, order = self._last, np.arange(len(pose.xy))
        if last is not None and 0 < pose.time_s - last.time_s <= MAX_STEP_S:
            for group, limbs in enumerate(self._limbs):
                if self._swapped(group, limbs, last.xy, pose, size):
                    order[limbs] = self._mirror[limbs]
        else:
            self._since_s = [None for _ in self._limbs]
        if (order != np.arange(len(order))).any():
            world = None if pose.world is None else pose.world[order]
            pose = replace(pose, xy=pose.xy[order], score=pose.score[order], world=world)
        self._last = pose
        return pose

    def _swapped(self, group: int, limbs: Int64, last: Float32, pose: Pose, size: float) -> bool:
        jump = _mean_distance(pose.xy[limbs], last[limbs]) / size
        jump_back = _mean_distance(pose.xy[self._mirror[limbs]], last[limbs]) / size
        if not (jump > _MIN_JUMP and jump_back < _BETTER * jump):
            self._since_s[group] = None
            return False
        since_s = self._since_s[group]
        self._since_s[group] = pose.time_s if since_s is None else since_s
        return pose.time_s - (self._since_s[group] or pose.time_s) <= MAX_HELD_S


def _limbs(topology: Skeleton, parts: str) -> Int64:
    return np.array(topology.indices(*(f"{side}_{part}" for part in parts.split() for side in ("left", "right"))))


def _mean_distance(a: Float32, b: Float32) -> float:
    return float(np.hypot(*(a - b).T).mean())
