"""Where and when a form error is: the ground truth for explanations of simulated repetitions."""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.athlete.performance import Span
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Float64

_KNEES = ("left_knee", "right_knee")
_ANKLES = ("left_ankle", "right_ankle")
_FEET = (*_ANKLES, "left_heel", "right_heel", "left_foot_index", "right_foot_index")
_HIPS = ("left_hip", "right_hip")
_SHOULDERS = ("left_shoulder", "right_shoulder")
_ELBOWS = ("left_elbow", "right_elbow")

# The joints that are not where they should be. An error of the trunk shows in its two ends.
JOINTS_AT_FAULT: dict[tuple[str, str], tuple[str, ...]] = {
    ("squat", "too_shallow"): (*_HIPS, *_KNEES),
    ("squat", "knees_inward"): _KNEES,
    ("squat", "feet_too_close"): _FEET,
    ("squat", "forward_lean"): (*_SHOULDERS, *_HIPS),
    ("squat", "knees_past_toes"): _KNEES,
    ("lunge", "too_high"): (*_HIPS, *_KNEES),
    ("lunge", "knee_past_toe"): _KNEES,
    ("lunge", "trunk_lean"): (*_SHOULDERS, *_HIPS),
    ("push_up", "hips_sag"): _HIPS,
    ("push_up", "hips_pike"): _HIPS,
    ("push_up", "elbows_flared"): _ELBOWS,
    ("push_up", "too_shallow"): (*_SHOULDERS, *_ELBOWS),
}
# Errors of the posture are there throughout a repetition, the others around its bottom.
_THROUGHOUT = {("squat", "feet_too_close"), ("push_up", "hips_sag"), ("push_up", "hips_pike")}
_LOW_SHARE = 0.5  # of the way down: the half of a repetition, in time, around its bottom


def at_fault(span: Span, times_s: Float64) -> Bool:
    """Which joints of coco17feet are at fault when, (T, 21), in one repetition with its errors."""
    result = np.zeros((len(times_s), COCO17_FEET.num_joints), np.bool_)
    whole = (times_s >= span.start_s) & (times_s <= span.end_s)
    first = span.bottom_s - _LOW_SHARE * (span.bottom_s - span.start_s)
    last = span.bottom_s + _LOW_SHARE * (span.end_s - span.bottom_s)
    low = (times_s >= first) & (times_s <= last)
    for error, _ in span.errors:
        key = (span.exercise, error)
        joints = np.array(COCO17_FEET.indices(*JOINTS_AT_FAULT[key]))
        result[np.ix_(whole if key in _THROUGHOUT else low, joints)] = True
    return result
