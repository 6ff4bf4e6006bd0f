"""From pose vectors to joints: rigid bones, feet that stay where they are, sides that mirror."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.athlete import average_body, random_body
from fias_desktop.domain.athlete.kinematics import JOINT, centre_of_mass, joints_of, two_bone
from fias_desktop.domain.athlete.pose import STAND, change, mirror, place
from fias_desktop.domain.athlete.steps import balanced
from fias_desktop.domain.skeleton import COCO17_FEET

BODY = average_body()


def _joints(values: dict[str, float], heading_deg: float = 0.0) -> NDArray[np.float64]:
    world = place(change(STAND, values), BODY, heading_deg=heading_deg)
    return np.asarray(joints_of(world[None], BODY)[0], np.float64)


def test_standing_is_as_tall_as_the_body_and_faces_the_viewer() -> None:
    joints = _joints({})
    assert joints[JOINT["nose"], 1] / BODY.stature_m == pytest.approx(0.92, abs=0.03)
    assert joints[JOINT["nose"], 2] > joints[JOINT["left_ear"], 2]
    assert joints[JOINT["left_shoulder"], 0] > 0 > joints[JOINT["right_shoulder"], 0]
    assert joints[:, 1].min() == pytest.approx(0.01, abs=0.005)


@pytest.mark.parametrize(
    "values",
    [
        {"py": 0.4, "lean": 40.0, "pz": -0.3},
        {"raise": 170.0, "azimuth": 90.0},
        {"py": 0.1, "lean": -90.0, "z": 0.9, "pitch": -70.0},
        {"side": 30.0, "twist": 40.0, "l_lift": 0.4, "r_raise": 100.0, "r_reach": 0.4},
    ],
)
def test_bones_keep_their_lengths(values: dict[str, float]) -> None:
    joints = _joints(values)

    def length(a: str, b: str) -> float:
        return float(np.linalg.norm(joints[JOINT[a]] - joints[JOINT[b]]))

    for side in ("left_", "right_"):
        assert length(side + "hip", side + "knee") == pytest.approx(BODY.thigh_m, abs=1e-4)
        assert length(side + "knee", side + "ankle") == pytest.approx(BODY.shank_m, abs=1e-4)
        assert length(side + "shoulder", side + "elbow") == pytest.approx(BODY.upper_arm_m, abs=1e-4)
        assert length(side + "elbow", side + "wrist") == pytest.approx(BODY.forearm_m, abs=1e-4)


def test_a_turned_person_is_the_same_person() -> None:
    ahead, aside = _joints({"py": 0.5, "lean": 30.0}), _joints({"py": 0.5, "lean": 30.0}, heading_deg=90.0)
    turned = np.stack([ahead[:, 2], ahead[:, 1], -ahead[:, 0]], axis=-1)
    np.testing.assert_allclose(aside, turned, atol=1e-4)


def test_mirror_exchanges_the_sides() -> None:
    pose = change(STAND, {"l_z": 0.5, "l_raise": 90.0, "twist": 20.0, "px": 0.1, "side": 10.0})
    left, right = (joints_of(place(p, BODY)[None], BODY)[0] for p in (pose, mirror(pose)))
    np.testing.assert_allclose(right, left[list(COCO17_FEET.mirror)] * [-1, 1, 1], atol=1e-5)


def test_valgus_brings_the_knees_together() -> None:
    def apart(valgus: float) -> float:
        joints = _joints({"py": 0.5, "pz": -0.3, "valgus": valgus})
        return float(joints[JOINT["left_knee"], 0] - joints[JOINT["right_knee"], 0])

    assert apart(-15.0) > apart(0.0) > apart(20.0)


def test_planted_hands_stay_when_the_trunk_moves() -> None:
    hands = {"plant": 1.0, "hx": 0.3, "hy": 0.1, "hz": 0.45, "lean": 80.0, "pz": -0.1}
    before, after = _joints({**hands, "py": 0.5}), _joints({**hands, "py": 0.54, "side": 5.0})
    wrists = [JOINT["left_wrist"], JOINT["right_wrist"]]
    np.testing.assert_allclose(before[wrists], after[wrists], atol=0.01)


def test_a_squat_in_balance_sends_the_hips_back() -> None:
    for seed in range(10):
        body = random_body(np.random.default_rng(seed))
        pose = balanced(change(STAND, {"py": 0.45, "lean": 35.0}), body)
        joints = joints_of(place(pose, body)[None], body)[0]
        feet = joints[[JOINT["left_ankle"], JOINT["left_foot_index"]], 2]
        assert feet[0] - 0.02 < centre_of_mass(joints)[2] < feet[1]
        assert joints[JOINT["left_hip"], 2] < joints[JOINT["left_ankle"], 2] - 0.1


def test_a_limb_out_of_reach_points_at_its_target() -> None:
    start, target = np.zeros((1, 3)), np.array([[0.0, -3.0, 0.0]])
    middle, end = two_bone(start, target, 0.4, 0.4, np.array([[0.0, 0.0, 1.0]]))
    assert end[0, 1] == pytest.approx(-0.8, abs=0.01)
    assert middle[0, 2] >= 0.0
