"""What is foreseen lies where the picture will show it, and is believed only while it comes true."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.model_card import ModelSpec, bare_spec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, PoseTrack
from fias_desktop.stages.foresee import (
    MAX_ERROR,
    MIN_CHECKS,
    RECORD_S,
    Foreseen,
    Record,
    ahead_of,
    foresee,
    is_sure,
)
from fias_desktop.stages.windowing import make_window_now

SPEC = bare_spec("fake", "coco17feet", 20, 20.0, {"seen": 12, "steps": 4, "stride": 2})
SPEED_PX_S = np.array([120.0, -45.0])
_RNG = np.random.default_rng(3)
_BODY = _RNG.uniform(0, 300, (COCO17_FEET.num_joints, 2))


class Oracle:
    """Foresees exactly what it is told about the picture; `place` is set before it is asked."""

    spec: ModelSpec = SPEC

    def __init__(self, future_px: Callable[[float], NDArray[np.float64]], now_s: float) -> None:
        self._future_px, self._now_s = future_px, now_s
        self.to_torsos: Callable[[Float32], Float32]

    def predict(self, joints: Float32) -> Float32:
        future = [self._future_px(self._now_s + ahead_s) for ahead_s in ahead_of(SPEC)]
        return self.to_torsos(np.array(future, np.float32))


def _body_px(time_s: float) -> NDArray[np.float64]:
    """Somebody who moves on evenly while their arms swing."""
    swing = 20.0 * np.sin(2 * np.pi * time_s) * np.linspace(0, 1, COCO17_FEET.num_joints)
    moved: NDArray[np.float64] = _BODY + SPEED_PX_S * time_s + np.stack([swing, 0 * swing], axis=-1)
    return moved


def _track(end_s: float, fps: float = 30.0, lost: tuple[int, ...] = ()) -> PoseTrack:
    time_s = np.arange(round(end_s * fps) + 1) / fps
    score = np.full((len(time_s), COCO17_FEET.num_joints), 0.9, np.float32)
    score[-12:, list(lost)] = 0.0
    xy = np.stack([_body_px(t) for t in time_s]).astype(np.float32)
    return PoseTrack("coco17feet", time_s, np.arange(len(time_s)), xy, score)


def _foreseen(end_s: float = 1.5, lost: tuple[int, ...] = ()) -> Foreseen:
    made = make_window_now(_track(end_s, lost=lost), SPEC)
    assert made is not None
    window, place = made
    oracle = Oracle(_body_px, float(window.time_s[-1]))
    oracle.to_torsos = place.to_torsos
    return foresee(oracle, window, place.to_px, place.scale_px)


@pytest.mark.parametrize("ahead_s", [0.1, 0.2, 0.3, 0.4])
def test_a_perfect_answer_lies_on_the_pixels_of_the_future(ahead_s: float) -> None:
    foreseen = _foreseen()
    np.testing.assert_allclose(foreseen.at(1.5 + ahead_s), _body_px(1.5 + ahead_s), atol=0.02)


def test_now_is_the_pose_that_was_seen_and_the_future_ends_with_the_last_step() -> None:
    foreseen = _foreseen()
    np.testing.assert_allclose(foreseen.at(1.5), _body_px(1.5), atol=0.02)
    np.testing.assert_allclose(foreseen.at(0.3), _body_px(1.5), atol=0.02)
    np.testing.assert_allclose(foreseen.at(7.0), _body_px(1.9), atol=0.02)


def test_between_two_steps_the_body_goes_straight() -> None:
    foreseen = _foreseen()
    np.testing.assert_allclose(foreseen.at(1.65), (_body_px(1.6) + _body_px(1.7)) / 2, atol=0.02)


def test_a_joint_that_was_lost_has_no_ghost() -> None:
    knee = COCO17_FEET.index("left_knee")
    foreseen = _foreseen(lost=(knee,))
    assert not foreseen.known[knee] and foreseen.known.sum() == COCO17_FEET.num_joints - 1


def _judged(off_px: float, answers: int) -> tuple[Record, float]:
    """A record of answers that were all off by so many pixels, and its last moment."""
    record = Record(0.2, COCO17_FEET.joints)
    seen = np.ones(COCO17_FEET.num_joints, np.bool_)
    for number in range(answers):
        foreseen = _foreseen(1.5 + number / 10)
        record.add(foreseen)
        assert record.due(foreseen.time_s + 0.15) == []
        (due,) = record.due(foreseen.time_s + 0.21)
        moment_s = due.time_s + 0.2
        record.judge(due, (_body_px(moment_s) + np.array([off_px, 0.0])).astype(np.float32), seen)
    return record, moment_s


def test_the_record_is_the_distance_in_torso_lengths() -> None:
    torso_px = _foreseen().torso_px
    record, now_s = _judged(0.5 * torso_px, 6)
    assert record.error(now_s) == pytest.approx(0.5, rel=0.02)
    perfect, now_s = _judged(0.0, 6)
    assert perfect.error(now_s) == pytest.approx(0.0, abs=1e-3)


def test_too_few_checks_and_old_ones_are_no_record() -> None:
    few, now_s = _judged(0.0, MIN_CHECKS - 1)
    assert few.error(now_s) is None
    enough, now_s = _judged(0.0, MIN_CHECKS)
    assert enough.error(now_s) is not None and enough.error(now_s + RECORD_S + 0.5) is None


def test_joints_that_nobody_saw_and_faces_do_not_count() -> None:
    record, foreseen = Record(0.2, COCO17_FEET.joints), _foreseen()
    far = np.full((COCO17_FEET.num_joints, 2), 1e4, np.float32)
    for _ in range(MIN_CHECKS):
        record.judge(foreseen, far, np.array(["eye" in joint or joint == "nose" for joint in COCO17_FEET.joints]))
    assert record.error(foreseen.time_s + 0.2) is None


def test_a_ghost_is_drawn_only_with_a_good_record() -> None:
    assert is_sure(0.0) and is_sure(MAX_ERROR) and not is_sure(MAX_ERROR + 0.01) and not is_sure(None)
