"""Form by hand-made measures: angles and lengths at the bottom of a movement, and logistic regression on them.

The measures work on windows in the picture (x, y) and in three dimensions alike; in the picture they are what the
camera shows of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from fias_desktop.domain.geometry import distance, joint_angle_deg
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Float32, Float64, Int64
from trainer.judge.metrics import fast_auroc

NAMES = (
    "straighter knee", "more bent knee", "hip angle", "hip height", "knees to ankles", "least knees to ankles",
    "trunk lean", "most trunk lean", "hands over shoulders", "straighter elbow", "hip sway", "knee difference",
)  # fmt: skip
NAMES_3D = (*NAMES, "lean forward", "most lean forward", "lean aside", "most lean aside")
PENALTIES = (0.003, 0.01, 0.03, 0.1, 0.3)
_LOW = 0.15  # of the way down: samples this near the lowest hip are the bottom
_LIMIT = 4.0  # standard deviations


def measures(joints: Float32, dimensions: int) -> Float64:
    """`NAMES` of windows (N, T, V, C) whose first `dimensions` channels are a position, y up: (N, 12); in three
    dimensions `NAMES_3D` (N, 16), the person facing +z."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # what is never seen is not a number until the end
        return np.stack([_measured(window[..., :dimensions]) for window in joints])


def _measured(window: Float32) -> Float64:
    points = np.where((window == 0).all(axis=-1, keepdims=True), np.nan, window).astype(np.float64)
    low = _bottom(points)
    values = np.concatenate([_angles(points, low), _lengths(points, low)])[[0, 1, 2, 6, 7, 8, 3, 4, 9, 5, 10, 11]]
    if points.shape[2] == 3:
        values = np.append(values, _leans(points, low))
    return np.asarray(np.nan_to_num(values), np.float64)


def _at(points: Float64, name: str) -> Float64:
    return np.asarray(points[:, COCO17_FEET.index(name)])


def _middle(points: Float64, pair: str) -> Float64:
    return (_at(points, f"left_{pair}") + _at(points, f"right_{pair}")) / 2


def _bottom(points: Float64) -> Bool:
    height = _middle(points, "hip")[:, 1] - _middle(points, "ankle")[:, 1]
    lowest, highest = np.nanmin(height), np.nanmax(height)
    return np.asarray(height <= lowest + _LOW * (highest - lowest), np.bool_)


def _sides(points: Float64, joints: Sequence[str], low: Bool) -> list[float]:
    """The angle at the middle one of three joints at the bottom, left and right."""
    corners = [[_at(points, f"{side}_{joint}") for joint in joints] for side in ("left", "right")]
    return [float(np.nanmedian(joint_angle_deg(*three)[low])) for three in corners]


def _angles(points: Float64, low: Bool) -> Float64:
    knees = _sides(points, ("hip", "knee", "ankle"), low)
    hips = _sides(points, ("shoulder", "hip", "knee"), low)
    elbows = _sides(points, ("shoulder", "elbow", "wrist"), low)
    trunk = _middle(points, "shoulder") - _middle(points, "hip")
    lean = np.degrees(np.arccos(np.clip(trunk[:, 1] / np.linalg.norm(trunk, axis=1), -1, 1)))
    return np.array([max(knees), min(knees), min(hips), np.nanmedian(lean[low]), np.nanmax(lean), max(elbows)])


def _leans(points: Float64, low: Bool) -> Float64:
    trunk = _middle(points, "shoulder") - _middle(points, "hip")
    forward, aside = (np.degrees(np.arctan2(trunk[:, axis], trunk[:, 1])) for axis in (2, 0))
    return np.array([
        np.nanmedian(forward[low]), np.nanmax(np.abs(forward)), abs(np.nanmedian(aside[low])), np.nanmax(np.abs(aside)),
    ])  # fmt: skip


def _lengths(points: Float64, low: Bool) -> Float64:
    """In torso lengths, the window's unit."""
    hip, ankle = _middle(points, "hip"), _middle(points, "ankle")
    knees = distance(_at(points, "left_knee"), _at(points, "right_knee"))
    feet = np.maximum(distance(_at(points, "left_ankle"), _at(points, "right_ankle")), 0.1)
    hands = _middle(points, "wrist")[:, 1] - _middle(points, "shoulder")[:, 1]
    across = np.delete(hip, 1, axis=1)
    sway = float(np.linalg.norm(np.nanmax(across, axis=0) - np.nanmin(across, axis=0)))
    both = _sides(points, ("hip", "knee", "ankle"), low)
    ratio = knees / feet
    return np.array([
        np.nanmedian((hip - ankle)[low, 1]), np.nanmedian(ratio[low]), np.nanmin(ratio), np.nanmedian(hands[low]),
        sway, abs(both[0] - both[1]),
    ])  # fmt: skip


@dataclass(frozen=True, eq=False)
class Logistic:
    """Logistic regression on standardised measures: `middle`, `spread`, `weight` (F,) and `bias`."""

    middle: Float64
    spread: Float64
    weight: Float64
    bias: float

    def score(self, values: Float64) -> Float64:
        """Log odds of rows (N, F)."""
        return np.asarray(_standard(values, self.middle, self.spread) @ self.weight + self.bias)


def _standard(values: Float64, middle: Float64, spread: Float64) -> Float64:
    return np.clip((values - middle) / spread, -_LIMIT, _LIMIT)


def fit_logistic(values: Float64, positive: Bool, penalty: float) -> Logistic:
    """Fit to rows (N, F) with their truth (N,), `penalty` on the squared weights."""
    middle, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    rows = _standard(values, middle, spread)
    sign = np.where(positive, 1.0, -1.0)

    def loss(parameters: Float64) -> tuple[float, Float64]:
        margin = sign * (rows @ parameters[1:] + parameters[0])
        slope = -sign / (1.0 + np.exp(np.clip(margin, -50, 50))) / len(rows)
        gradient = np.concatenate([[slope.sum()], slope @ rows + 2 * penalty * parameters[1:]])
        return float(np.logaddexp(0.0, -margin).mean() + penalty * (parameters[1:] ** 2).sum()), gradient

    found = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return Logistic(middle, spread, np.asarray(found[1:]), float(found[0]))


def fit_by_people(values: Float64, positive: Bool, person: Int64) -> Logistic:
    """The same with the penalty that is best when each of these people in turn is left out."""

    def left_out(penalty: float) -> float:
        scores = np.zeros(len(values))
        for one in np.unique(person):
            rest = person != one
            scores[~rest] = fit_logistic(values[rest], positive[rest], penalty).score(values[~rest])
        return fast_auroc(scores, positive)

    return fit_logistic(values, positive, max(PENALTIES, key=left_out))
