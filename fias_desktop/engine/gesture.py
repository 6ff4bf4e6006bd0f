"""Both arms raised for a second: how an athlete three metres away starts or pauses."""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Pose

HOLD_S = 1.0
_MAX_GAP_S = 0.3
_MIN_SCORE = 0.5
_JOINTS = BLAZEPOSE33.indices(
    "nose", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist"
)
_HIPS = BLAZEPOSE33.indices("left_hip", "right_hip")


class ArmsRaised:
    """Tells once per raise that both arms were up for `HOLD_S`; the arms must come down before the next."""

    def __init__(self) -> None:
        self._since_s: float | None = None
        self._seen_s = float("-inf")
        self._told = False

    def update(self, pose: Pose | None, time_s: float) -> bool:
        """True at the moment the gesture is complete; short gaps of the pose (0.3 s) do not break it."""
        if pose is not None and arms_up(pose):
            self._since_s = time_s if self._since_s is None else self._since_s
            self._seen_s = time_s
        elif time_s - self._seen_s > _MAX_GAP_S or time_s < self._seen_s:
            self._since_s, self._told = None, False
        complete = self._since_s is not None and self._seen_s - self._since_s >= HOLD_S and not self._told
        self._told = self._told or complete
        return complete


def arms_up(pose: Pose) -> bool:
    """Both wrists above the head, both elbows above the shoulders, the trunk upright, all of it clearly seen."""
    if float(pose.score[_JOINTS].min()) < _MIN_SCORE:
        return False
    nose, left_shoulder, right_shoulder, left_elbow, right_elbow, left_wrist, right_wrist = pose.xy[_JOINTS, 1]
    shoulders = (left_shoulder + right_shoulder) / 2
    head_top = nose - 0.5 * (shoulders - nose)
    upright = shoulders < float(np.nanmean(pose.xy[_HIPS, 1])) if pose.score[_HIPS].max() > 0 else True
    raised = max(left_wrist, right_wrist) < head_top and max(left_elbow, right_elbow) < shoulders
    return bool(upright and nose < shoulders and raised)
