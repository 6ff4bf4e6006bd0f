"""Matching cues with faults, what is due and what is false, on hand-made times."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fias_desktop.domain.athlete import Camera, Span
from fias_desktop.domain.exercises import ERROR_LABELS, EXERCISES, LABELS
from fias_desktop.resources import exercise_rules
from tests.fakes import advice
from trainer.cues import judged, main
from trainer.judge.cue_clips import judged_clip
from trainer.judge.cue_replay import Given
from trainer.judge.cue_scores import Fault, Said, matched
from trainer.judge.cue_streams import Watched, framed
from trainer.judge.cue_truth import excused, faults_of, is_true
from trainer.simulate.view import View

RULES = exercise_rules()
KNEES = ERROR_LABELS.index("squat_knees_inward")
SHALLOW = ERROR_LABELS.index("squat_too_shallow")


def fault(time_s: float, code: str = "knees_inward", due: bool = True) -> Fault:
    return Fault("squat", code, time_s, 1.0, due)


def workout(
    *severities: dict[int, float],
    every_s: float = 3.0,
    azimuth_deg: float = 0.0,
    broken: dict[int, float] | None = None,
    framed: float = 1.0,
) -> Watched:
    """Squats of two seconds with their bottoms in the middle, one every so often; nothing was measured."""
    count, errors = len(severities), len(ERROR_LABELS)
    starts = every_s * np.arange(count)
    severity = np.zeros((count, errors), np.float32)
    for row, planned in zip(severity, severities, strict=True):
        for column, value in planned.items():
            row[column] = value
    outside = np.zeros((count, errors), np.float32)
    for column, value in (broken or {}).items():
        outside[:, column] = value
    nothing = np.zeros((0, 0), np.float32)
    return Watched(
        quantity_names=np.zeros(0, np.str_), confidence_names=np.zeros(0, np.str_), time_s=np.zeros(0),
        quantities=nothing, confidence=nothing,
        view_deg=np.zeros(0, np.float32), whole=np.zeros(0, np.bool_), posture=np.zeros(0, np.str_), ask_s=np.zeros(0),
        probs=np.zeros((0, len(LABELS)), np.float32), seen=np.zeros(0, np.bool_),
        errors=np.zeros((0, errors), np.float32), spans=np.stack([starts, starts + 1.0, starts + 2.0], axis=1),
        exercise=np.full(count, EXERCISES.index("squat"), np.int64), severity=severity, broken=outside,
        framed=np.full(count, framed, np.float32), azimuth_deg=azimuth_deg, seconds=every_s * count,
    )  # fmt: skip


def given(shown_s: float, code: str = "knees_inward") -> Given:
    return Given(shown_s, code, "Knees out", network=True)


def test_a_cue_less_than_a_second_and_a_half_away_is_a_match() -> None:
    assert matched([Said(11.4, "knees_inward")], [fault(10.0)]) == [0]
    assert matched([Said(8.6, "knees_inward")], [fault(10.0)]) == [0]
    assert matched([Said(11.5, "knees_inward")], [fault(10.0)]) == [-1]


def test_a_cue_of_another_error_is_none() -> None:
    assert matched([Said(10.2, "too_shallow")], [fault(10.0)]) == [-1]


def test_matching_is_one_to_one_and_makes_as_many_pairs_as_it_can() -> None:
    # The nearest pair first would leave the second fault alone.
    said = [Said(11.0, "knees_inward"), Said(12.0, "knees_inward")]
    assert matched(said, [fault(9.8), fault(11.1)]) == [0, 1]
    assert matched(said[:1], [fault(10.0), fault(11.2)]) == [-1, 0]


def test_where_one_cue_fits_two_faults_it_is_that_of_the_due_one() -> None:
    assert matched([Said(11.0, "knees_inward")], [fault(10.0), fault(11.1, due=False)]) == [0, -1]


def test_without_cues_or_faults_there_is_no_match() -> None:
    assert matched([], [fault(1.0)]) == [-1]
    assert matched([Said(1.0, "knees_inward")], []) == []


def test_a_fault_is_due_first_and_again_after_its_cooldown() -> None:
    faults = faults_of(workout(*[{KNEES: 0.9}] * 7), RULES)
    assert [(row.time_s, row.due) for row in faults] == [
        (1.0, True), (4.0, False), (7.0, False), (10.0, True), (13.0, False), (16.0, False), (19.0, True),
    ]  # fmt: skip


def test_of_two_faults_the_graver_is_due() -> None:
    faults = faults_of(workout({KNEES: 0.9, SHALLOW: 0.9}), RULES)
    assert {row.code: row.due for row in faults} == {"knees_inward": True, "too_shallow": False}


def test_what_is_slight_or_cannot_be_seen_from_there_need_not_be_told() -> None:
    assert faults_of(workout({KNEES: 0.5}), RULES) == []
    assert faults_of(workout({KNEES: 0.9}, azimuth_deg=-90.0), RULES) == []
    assert len(faults_of(workout({SHALLOW: 0.9}, azimuth_deg=-90.0), RULES)) == 1


def test_who_has_left_the_picture_need_not_be_told() -> None:
    away = workout({KNEES: 0.9}, framed=0.8)
    assert faults_of(away, RULES) == []
    assert [row.due for row in faults_of(away, RULES, framed=0.0)] == [True]


def test_a_true_cue_before_excuses_and_a_false_one_does_not() -> None:
    watched = workout({KNEES: 0.9}, {KNEES: 0.9, SHALLOW: 0.9}, every_s=3.0)
    late = replace(faults_of(watched, RULES)[1], due=True)
    assert late.time_s == 4.0
    assert not excused(watched, [late], [Said(2.5, "knees_inward")])[0].due
    assert excused(watched, [late], [])[0].due


def test_a_cue_is_true_only_where_its_error_is() -> None:
    watched = workout({KNEES: 0.5}, {}, every_s=10.0)
    assert is_true(watched, Said(1.2, "knees_inward"))
    assert is_true(watched, Said(3.4, "knees_inward"))
    assert not is_true(watched, Said(3.6, "knees_inward"))  # over for more than 1.5 s
    assert not is_true(watched, Said(1.2, "too_shallow"))
    assert not is_true(watched, Said(11.2, "knees_inward"))  # a correct one
    assert not is_true(watched, Said(1.2, "hips_sag"))  # no error of this exercise


def test_what_is_outside_the_rules_without_being_planned_is_true() -> None:
    assert is_true(workout({}, broken={SHALLOW: 0.1}), Said(1.2, "too_shallow"))


def test_a_workout_is_judged() -> None:
    watched = workout({KNEES: 0.9}, {}, {KNEES: 0.9}, every_s=10.0)
    found = judged(watched, [given(1.5), given(11.5), given(12.0, "correct"), given(23.0)], RULES, 0.6)
    assert [(row.due, delay) for row, delay in zip(found.faults, found.delays, strict=True)] == [
        (True, pytest.approx(0.5)),
        (True, None),
    ]
    assert found.true == (True, False, True)
    assert found.hits == 1


def test_cues_on_an_annotated_clip() -> None:
    reps = [
        {"start_s": 0.0, "bottom_s": 1.0, "end_s": 2.0, "form": "too_shallow", "confidence": 0.8},
        {"start_s": 4.0, "bottom_s": 5.0, "end_s": 6.0, "form": "correct", "confidence": 0.9},
        {"start_s": 8.0, "bottom_s": 9.0, "end_s": 10.0, "form": "unclear", "confidence": 0.3},
    ]
    cues = tuple(replace(advice(), time_s=time_s) for time_s in (1.3, 5.3, 9.3, 20.0))
    found = judged_clip({"exercise": "squat", "reps": reps}, cues, 25.0)
    assert (found.faults, found.in_time, found.said, found.false) == (1, 1, 4, 2)


def test_the_command_knows_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    assert "--real" in capsys.readouterr().out


def test_the_share_of_the_body_in_the_picture_is_that_around_the_bottom() -> None:
    """A body that stands before the camera, and the same one a second later and five metres aside."""
    camera = Camera.look_at(np.array([0.0, 1.0, 4.0]), np.array([0.0, 1.0, 0.0]), 500.0, (640, 480))
    times_s = np.arange(0.0, 4.0, 0.1)
    joints = np.zeros((len(times_s), 21, 3), np.float32)
    joints[..., 1] = 1.0
    joints[times_s > 2.0, :, 0] = 5.0
    spans = [Span(at_s - 0.5, at_s, at_s + 0.5, "squat", "squat_correct", ()) for at_s in (1.0, 3.0)]
    assert framed(spans, joints, times_s, View(camera, np.zeros(2), 0.0)).tolist() == [1.0, 0.0]
