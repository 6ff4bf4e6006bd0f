from __future__ import annotations

from dataclasses import replace

import numpy as np

from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import UInt8
from fias_desktop.store.draw import Overlay, draw
from tests.fakes import squatting_pose

POSE = squatting_pose(0.0)
BLACK = np.zeros((360, 640, 3), np.uint8)


def colour_at(image: UInt8, joint: str) -> UInt8:
    x, y = POSE.xy[BLAZEPOSE33.index(joint)]
    return np.asarray(image[round(float(y)), round(float(x))])


def test_the_picture_itself_is_left_alone() -> None:
    drawn = draw(BLACK, Overlay(POSE, label="squat_correct 90%", counter="squat: 3"))
    assert not BLACK.any()
    assert drawn.any()


def test_hot_joints_are_lighter_than_cold_ones() -> None:
    drawn = draw(BLACK, Overlay(POSE, ("left_knee", "right_knee"), (1.0, 0.0)))
    assert colour_at(drawn, "left_knee").sum() > colour_at(drawn, "right_knee").sum() + 200


def test_the_face_is_never_drawn() -> None:
    drawn = draw(BLACK, Overlay(POSE, ("nose", "left_knee"), (1.0, 0.5)))
    assert not colour_at(drawn, "nose").any()


def test_unseen_joints_are_left_out() -> None:
    hidden = replace(POSE, score=np.zeros(33, np.float32), xy=np.full((33, 2), np.nan, np.float32))
    assert not draw(BLACK, Overlay(hidden)).any()
    assert not draw(BLACK, Overlay(None)).any()


def test_text_beyond_ascii_does_not_break() -> None:
    assert draw(BLACK, Overlay(None, label="schräg ü", counter="x")).any()
