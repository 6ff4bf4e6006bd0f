from __future__ import annotations

import numpy as np
import pytest

from fias_desktop.domain.types import Frame
from fias_desktop.engine.pipeline import Perceiver, Reasoned, Reasoner, joint_heat
from fias_desktop.resources import exercise_rules
from fias_desktop.stages.windowing import make_window, track_of
from tests.fake_stages import SIZE, SPEC, ScriptedEstimator, ScriptedRecogniser, ScriptedSource, frames_of
from tests.fakes import squatting_pose

TRACK = track_of(squatting_pose(i / 30, SIZE, index=i) for i in range(90))


def along(reasoner: Reasoner, until_s: float = 2.9) -> list[Reasoned]:
    """What is understood at every tenth of a second of the track, up to `until_s`."""
    return [reasoner.reason(TRACK, end_s) for end_s in np.arange(0.9, until_s + 0.05, 0.1).tolist()]


def test_a_frame_becomes_pose_measurement_and_body_check() -> None:
    perceiver = Perceiver(exercise_rules(), ScriptedEstimator())
    seen = [perceiver.perceive(frame) for frame in frames_of(ScriptedSource(30))]
    assert all(item.pose is not None and item.pose.frame_index == item.frame.index for item in seen)
    assert all(item.measurement is not None for item in seen)
    assert seen[-1].body.ok
    assert len(perceiver.buffer.track().time_s) == 30


def test_without_anybody_there_is_no_measurement_but_a_next_step() -> None:
    perceiver = Perceiver(exercise_rules(), ScriptedEstimator(absent=lambda _: True))
    seen = perceiver.perceive(Frame(0, 0.0, np.zeros((180, 320, 3), np.uint8)))
    assert seen.pose is None
    assert seen.measurement is None
    assert not seen.body.ok
    assert seen.body.advice


def test_a_perceiver_without_an_estimator_says_so() -> None:
    with pytest.raises(ValueError, match="estimator"):
        Perceiver(exercise_rules()).perceive(Frame(0, 0.0, np.zeros((9, 9, 3), np.uint8)))


def test_a_window_becomes_a_sample_with_heat() -> None:
    reasoned = along(Reasoner(ScriptedRecogniser()))[-1]
    assert reasoned.sample.label == "squat_correct"
    assert reasoned.sample.group == "squat"
    assert reasoned.sample.known
    assert sum(reasoned.sample.group_probs) == pytest.approx(1.0)
    assert reasoned.saliency is not None
    assert max(reasoned.joint_heat) == pytest.approx(1.0)
    assert len(reasoned.joint_heat) == len(reasoned.joints) == 21


def test_idle_and_unknown_movements_have_no_heat() -> None:
    for recogniser in (ScriptedRecogniser(lambda _: "idle"), ScriptedRecogniser(lambda _: "unknown")):
        reasoned = along(Reasoner(recogniser))[-1]
        assert reasoned.saliency is None
        assert set(reasoned.joint_heat) == {0.0}
    assert not reasoned.sample.known


def test_one_window_does_not_change_what_was_decided() -> None:
    reasoner = Reasoner(ScriptedRecogniser(lambda end_s: "lunge_correct" if 1.95 < end_s < 2.05 else "squat_correct"))
    reasoned = along(reasoner)[4:]
    assert {each.sample.group for each in reasoned} == {"squat"}
    odd = next(each for each in reasoned if each.sample.window_label == "lunge_correct")
    assert odd.saliency is not None and odd.saliency.target == "squat_correct"


def test_another_person_starts_afresh() -> None:
    reasoner = Reasoner(ScriptedRecogniser(lambda end_s: "squat_correct" if end_s < 3.0 else "idle"))
    assert along(reasoner)[-1].sample.group == "squat"
    other = track_of(squatting_pose(i / 30, SIZE, index=i) for i in range(91, 120))
    assert reasoner.reason(other, 3.9).sample.group == "idle"


def test_a_person_who_left_is_not_recognised_on_old_poses() -> None:
    reasoner = Reasoner(ScriptedRecogniser())
    assert reasoner.reason(TRACK, 3.2).recognition is not None
    gone = reasoner.reason(TRACK, 4.0)
    assert gone.recognition is None
    assert not gone.sample.known
    assert gone.sample.label == "idle"
    assert reasoner.reason(None, 4.0).sample.label == "idle"


def test_trust_fills_both_drops_from_one_batch() -> None:
    recogniser = ScriptedRecogniser()
    reasoner = Reasoner(recogniser)
    reasoned = reasoner.trusted(along(reasoner)[-1])
    assert len(recogniser.batches) == 1
    assert reasoned.saliency is not None
    assert reasoned.saliency.deletion_drop is not None
    assert reasoned.saliency.random_drop is not None


def test_joint_heat_is_of_the_last_second_only() -> None:
    window = make_window(TRACK, SPEC, 2.9)
    assert window is not None
    reasoned = along(Reasoner(ScriptedRecogniser()))[-1]
    assert reasoned.saliency is not None
    values = np.zeros_like(reasoned.saliency.values)
    values[:10, 3] = 1.0
    values[-5:, 7] = 0.5
    heat = joint_heat(type(reasoned.saliency)(values, "squat_correct", "test"), window, 1.0)
    assert heat[7] == pytest.approx(1.0)
    assert heat[3] == 0.0
