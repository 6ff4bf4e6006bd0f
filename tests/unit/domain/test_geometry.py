from __future__ import annotations

import numpy as np
import pytest

from fias_desktop.domain.geometry import joint_angle_deg, torso_scale
from fias_desktop.domain.skeleton import COCO17
from fias_desktop.domain.types import Float64


def _standing(height: float) -> Float64:
    """A front view of a standing person (17, 2), y down, with a torso of `height`."""
    x = {"shoulder": 0.35, "elbow": 0.4, "wrist": 0.42, "hip": 0.2, "knee": 0.2, "ankle": 0.2}
    y = {"shoulder": 0.0, "elbow": 0.62, "wrist": 1.1, "hip": 1.0, "knee": 1.85, "ankle": 2.7}
    points = np.zeros((17, 2))
    for i, joint in enumerate(COCO17.joints):
        side, _, part = joint.partition("_")
        if part in x:
            points[i] = (x[part] * (1 if side == "left" else -1), y[part])
        else:
            points[i] = (0.0, -0.4)
    return np.asarray(points * height)


def test_right_angle_in_two_and_three_dimensions() -> None:
    assert joint_angle_deg(np.array([1.0, 0]), np.zeros(2), np.array([0, 2.0])) == pytest.approx(90)
    assert joint_angle_deg(np.array([1.0, 0, 0]), np.zeros(3), np.array([0, 0, 2.0])) == pytest.approx(90)


def test_an_angle_without_a_side_is_nan() -> None:
    assert np.isnan(joint_angle_deg(np.zeros(2), np.zeros(2), np.ones(2)))


def test_torso_scale_is_proportional() -> None:
    small = torso_scale(np.repeat(_standing(50.0)[None], 10, 0), COCO17)
    large = torso_scale(np.repeat(_standing(150.0)[None], 10, 0), COCO17)
    assert small == pytest.approx(50.0, rel=0.1)
    assert large / small == pytest.approx(3.0, rel=1e-6)


def test_torso_scale_survives_a_foreshortened_torso() -> None:
    points = _standing(100.0)
    hips = COCO17.indices("left_hip", "right_hip")
    shoulders = COCO17.indices("left_shoulder", "right_shoulder")
    bent = points.copy()
    lift = np.array([0.0, 80.0])
    for joint in shoulders + COCO17.indices("left_elbow", "right_elbow", "left_wrist", "right_wrist"):
        bent[joint] += lift
    assert np.linalg.norm(bent[shoulders].mean(0) - bent[hips].mean(0)) < 25
    assert torso_scale(np.repeat(bent[None], 10, 0), COCO17) == pytest.approx(100.0, rel=0.15)


def test_nothing_known_gives_nan() -> None:
    assert np.isnan(torso_scale(np.full((5, 17, 2), np.nan), COCO17))
