"""Motion capture as sequences: readers on small files of the data sets' shape, and on the real ones where present."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.skeleton import COCO17_FEET
from trainer.data import cmu, uiprmd
from trainer.data.sequence import UNLABELLED, MotionSequence, joined

IDLE, CORRECT = LABELS.index("idle"), LABELS.index("squat_correct")
INWARD = LABELS.index("squat_knees_inward")
needs_data = pytest.mark.skipif(not os.environ.get("FIAS_DATA"), reason="FIAS_DATA names no folder with motion capture")


def _repetition() -> NDArray[np.float32]:
    """Millimetres, z up: a stick that sinks by 0.4 m and rises, with a still second before and after."""
    drop = np.r_[np.zeros(25), np.sin(np.linspace(0, np.pi, 50)), np.zeros(25)] * 400
    points = np.zeros((100, 21, 3), np.float32)
    points[..., 0] = np.linspace(-200, 200, 21)
    points[..., 1] = 50
    points[..., 2] = 1700 - 80 * np.arange(21) - drop[:, None] * (np.arange(21) < 13)
    return points


def _write(folder: Path, rows: list[tuple[int, int, int, int]], zeroed: int | None = None) -> None:
    points = [_repetition() for _ in rows]
    if zeroed is not None:
        points[zeroed][30:40, 3] = 0.0
    offsets = np.cumsum([0] + [len(part) for part in points])
    meta = np.array([(*row, 100) for row in rows])
    np.savez(folder / uiprmd.FILE, xyz_mm=np.concatenate(points), offsets=offsets, meta=meta, fps=25.0)
    (folder / uiprmd.TAGS).write_text("m,s,e,correct,valgus\n1,2,1,0,True\n1,2,2,0,False\n", encoding="utf-8")


def test_a_correct_repetition_is_labelled_while_the_hips_are_low(tmp_path: Path) -> None:
    _write(tmp_path, [(1, 2, 1, 1)])
    (sequence,) = uiprmd.read(tmp_path, (1,), (2,))
    assert sequence.subject == 2
    assert sequence.labels[0] == IDLE == sequence.labels[-1]
    assert sequence.labels[50] == CORRECT
    assert sequence.joints[..., 1].min() == pytest.approx(0.0, abs=0.01)
    assert sequence.joints[0, 0, 1] > sequence.joints[0, 20, 1]


def test_wrong_repetitions_teach_only_errors_that_have_a_class(tmp_path: Path) -> None:
    _write(tmp_path, [(1, 2, 1, 0), (1, 2, 2, 0), (2, 2, 1, 1)])
    inward, other = uiprmd.read(tmp_path, (1,), (2,))
    assert inward.labels[50] == INWARD
    assert other.labels[50] == UNLABELLED
    (hurdle,) = uiprmd.read(tmp_path, (2,), (2,))
    assert set(hurdle.labels.tolist()) == {IDLE}


def test_sequences_with_lost_markers_are_dropped(tmp_path: Path) -> None:
    _write(tmp_path, [(1, 2, 1, 1), (1, 2, 2, 1)], zeroed=0)
    assert len(uiprmd.read(tmp_path, (1,), (2,))) == 1


def test_people_are_in_one_split_only() -> None:
    people = [person for split in uiprmd.SPLITS.values() for person in split]
    assert len(people) == len(set(people))


def test_joined_sequences_stand_where_the_last_one_ended() -> None:
    def part(x: float, label: int) -> MotionSequence:
        joints = np.zeros((30, 21, 3), np.float32)
        joints[..., 0], joints[..., 1] = x, np.linspace(0, 1.7, 21)
        return MotionSequence(joints, np.full(30, label), 30.0, 1, "test")

    both = joined([part(0.0, IDLE), part(2.0, CORRECT)])
    assert np.abs(both.joints[..., 0]).max() < 0.01
    assert both.labels[0] == IDLE
    assert both.labels[-1] == CORRECT
    assert both.labels[33] == UNLABELLED


def test_a_sequence_is_read_between_its_frames() -> None:
    joints = np.zeros((2, 21, 3), np.float32)
    joints[1] = 1.0
    sequence = MotionSequence(joints, np.zeros(2, np.int64), 10.0, 0, "test")
    np.testing.assert_allclose(sequence.at(np.array([0.05]))[0], 0.5)
    with pytest.raises(ValueError, match="do not fit"):
        MotionSequence(joints, np.zeros(3, np.int64), 10.0, 0, "test")


@needs_data
def test_real_squats_look_human() -> None:
    sequences = uiprmd.read(Path(os.environ["FIAS_DATA"]), (1,), (7,))
    assert len(sequences) >= 15
    for sequence in sequences:
        shoulder = sequence.joints[:, COCO17_FEET.index("left_shoulder")]
        ankle = sequence.joints[:, COCO17_FEET.index("left_ankle")]
        assert 1.0 < shoulder[0, 1] - ankle[0, 1] < 1.6


@needs_data
def test_real_cmu_takes_are_upright_and_mostly_idle() -> None:
    sequences = cmu.read(Path(os.environ["FIAS_DATA"]))
    assert {sequence.subject for sequence in sequences} == {113, 114}
    for sequence in sequences:
        assert set(np.unique(sequence.labels)) <= {IDLE, UNLABELLED}
        nose, ankle = (sequence.joints[:, COCO17_FEET.index(name), 1] for name in ("nose", "left_ankle"))
        assert 1.2 < np.median(nose - ankle) < 1.9
