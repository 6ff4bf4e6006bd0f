from __future__ import annotations

import numpy as np
import pytest

from fias_desktop.domain.types import Advice, Evidence, Float32, Pose, Prediction, Saliency, Window


def _zeros(*shape: int) -> Float32:
    return np.zeros(shape, np.float32)


def _pose(scores: int = 33) -> Pose:
    return Pose(0, 0.0, -1, _zeros(33, 2), _zeros(scores), None, (640, 480))


def _evidence(value: float) -> Evidence:
    return Evidence("squat_knee", "knee_deg", value, "deg", (50.0, 90.0), 1.0, 30, ("left_knee",))


def test_arrays_cannot_be_written() -> None:
    pose = _pose()
    with pytest.raises(ValueError, match="read-only"):
        pose.xy[0, 0] = 1.0


def test_a_value_does_not_freeze_the_array_it_was_made_from() -> None:
    xy = np.zeros((33, 2), np.float32)
    Pose(0, 0.0, -1, xy, _zeros(33), None, (640, 480))
    xy[0, 0] = 1.0
    assert xy[0, 0] == 1.0


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match=r"Pose\.score has shape"):
        _pose(scores=17)
    with pytest.raises(ValueError, match=r"Window\.mask"):
        Window(_zeros(40, 21, 3), np.zeros((40, 17), np.bool_), np.zeros(40), np.zeros(40, np.int64))


def test_probabilities_sum_to_one() -> None:
    with pytest.raises(ValueError, match="sum"):
        Prediction("m", ("a", "b"), np.array([0.2, 0.2], np.float32), (0.0, 1.0), True)
    prediction = Prediction("m", ("a", "b"), np.array([0.2, 0.8], np.float32), (0.0, 1.0), True)
    assert prediction.label == "b"
    assert prediction.prob == pytest.approx(0.8)


@pytest.mark.parametrize("bad", [np.float32(np.nan), np.float32(-0.1)])
def test_saliency_is_finite_and_not_negative(bad: np.float32) -> None:
    with pytest.raises(ValueError, match="saliency"):
        Saliency(np.full((4, 3), bad, np.float32), "squat_correct", "test")


def test_advice_needs_a_measurement() -> None:
    with pytest.raises(ValueError, match="measurement"):
        Advice("squat_correct", 0, "Well done.", (), "phrasebook")


@pytest.mark.parametrize(("value", "excess"), [(70.0, 0.0), (40.0, 10.0), (95.0, 5.0)])
def test_excess_is_the_distance_to_the_expected_range(value: float, excess: float) -> None:
    assert _evidence(value).excess == pytest.approx(excess)
