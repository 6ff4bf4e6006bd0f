"""The athlete's build and camera."""

from __future__ import annotations

import numpy as np
import pytest

from fias_desktop.domain.athlete import Camera, average_body, random_body


def test_bodies_are_human_and_differ() -> None:
    bodies = [random_body(np.random.default_rng(seed)) for seed in range(200)]
    statures = np.array([body.stature_m for body in bodies])
    assert 1.62 < statures.mean() < 1.76
    assert 1.35 < statures.min() < statures.max() < 2.05
    for body in bodies:
        assert 0.42 < body.leg_m / body.stature_m < 0.57
        assert body.upper_arm_m > 0.8 * body.forearm_m


def test_the_same_seed_gives_the_same_body() -> None:
    assert random_body(np.random.default_rng(3)) == random_body(np.random.default_rng(3))


def test_shoulders_and_hips_differ_between_the_sexes() -> None:
    man, woman = average_body("male"), average_body("female")
    assert man.shoulder_width_m / man.hip_width_m > woman.shoulder_width_m / woman.hip_width_m


def test_camera_shows_right_and_up_where_they_are() -> None:
    camera = Camera.look_at(np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 0.0]), 600.0, (640, 480))
    xy, depth = camera.project(np.array([[0.0, 1.0, 0.0], [0.5, 1.0, 0.0], [0.0, 1.5, 0.0]]))
    np.testing.assert_allclose(xy, [[320, 240], [420, 240], [320, 140]], atol=1e-6)
    np.testing.assert_allclose(depth, 3.0)


def test_nearer_points_look_larger() -> None:
    camera = Camera.look_at(np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 0.0]), 600.0, (640, 480))
    xy, _ = camera.project(np.array([[0.5, 1.0, 0.0], [0.5, 1.0, 1.0]]))
    assert xy[1, 0] - 320 == pytest.approx(1.5 * (xy[0, 0] - 320))


def test_roll_turns_the_picture() -> None:
    straight, rolled = (
        Camera.look_at(np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 0.0]), 600.0, (640, 480), roll)
        for roll in (0.0, 90.0)
    )
    point = np.array([0.5, 1.0, 0.0])
    offset = straight.project(point)[0] - (320, 240)
    turned = rolled.project(point)[0] - (320, 240)
    assert np.hypot(*turned) == pytest.approx(np.hypot(*offset))
    assert abs(turned @ offset) < 1e-6
