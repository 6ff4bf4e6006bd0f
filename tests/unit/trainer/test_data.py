"""Motion capture as sequences: readers on small files of the data sets' shape, and on the real ones where present."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, LABELS
from fias_desktop.domain.skeleton import COCO17_FEET
from trainer.data import cmu, uiprmd
from trainer.data.sequence import UNLABELLED, SkeletonSequence, joined

IDLE, CORRECT = LABELS.index("idle"), LABELS.index("squat_correct")
INWARD = LABELS.index("squat_knees_inward")
_CMU_PARTS = ("clavicle", "humerus", "radius", "wrist", "hipjoint", "femur", "tibia", "foot", "toes")
needs_data = pytest.mark.skipif(not os.environ.get("FIAS_DATA"), reason="FIAS_DATA names no folder with motion capture")


_TAG_ROWS = (
    "m,s,e,correct,shallow,lean,tilt,valgus,past_toe\n"
    "1,2,1,0,True,False,False,True,False\n1,2,2,0,False,True,False,False,True\n"
)


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
    (folder / uiprmd.TAGS).write_text(_TAG_ROWS, encoding="utf-8")


def test_a_correct_repetition_is_labelled_while_the_hips_are_low(tmp_path: Path) -> None:
    _write(tmp_path, [(1, 2, 1, 1)])
    (sequence,) = uiprmd.read(tmp_path, (1,), (2,))
    assert sequence.subject == 2
    assert sequence.labels[0] == IDLE == sequence.labels[-1]
    assert sequence.labels[50] == CORRECT
    assert sequence.points[..., 1].min() == pytest.approx(0.0, abs=0.01)
    assert sequence.points[0, 0, 1] > sequence.points[0, 20, 1]


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
    def part(x: float, label: int) -> SkeletonSequence:
        joints = np.zeros((30, 21, 3), np.float32)
        joints[..., 0], joints[..., 1] = x, np.linspace(0, 1.7, 21)
        return SkeletonSequence(joints, np.full(30, label), 30.0, "test", subject=1)

    both = joined([part(0.0, IDLE), part(2.0, CORRECT)])
    assert np.abs(both.points[..., 0]).max() < 0.01
    assert both.labels[0] == IDLE
    assert both.labels[-1] == CORRECT
    assert both.labels[33] == UNLABELLED


def test_tags_become_errors_and_everything_else_stays_unknown(tmp_path: Path) -> None:
    _write(tmp_path, [(1, 2, 1, 0), (1, 2, 2, 0), (1, 2, 3, 1)])
    tagged, leaning, correct = (sequence.errors for sequence in uiprmd.read(tmp_path))
    assert tagged is not None
    assert leaning is not None
    assert correct is not None
    shallow, inward, lean = (
        ERROR_LABELS.index(f"squat_{code}") for code in ("too_shallow", "knees_inward", "forward_lean")
    )
    assert tagged[50, [shallow, inward]].tolist() == [1, 1]
    assert np.isnan(tagged[50, lean])
    assert leaning[50, lean] == 1
    assert np.isnan(leaning[50, shallow])
    assert not correct.any()


def test_a_sequence_is_read_between_its_frames() -> None:
    joints = np.zeros((2, 21, 3), np.float32)
    joints[1] = 1.0
    sequence = SkeletonSequence(joints, np.zeros(2, np.int64), 10.0, "test")
    np.testing.assert_allclose(sequence.at(np.array([0.05]))[0], 0.5)


def _sequence(**changes: Any) -> SkeletonSequence:
    joints = np.ones((3, 21, 3), np.float32)
    sequence = SkeletonSequence(joints, np.zeros(3, np.int64), 10.0, "test", "squat 7", "some.npz")
    return replace(sequence, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"points": np.full((3, 21, 3), np.nan, np.float32)}, "frame 0, nose: the position is not a number"),
        ({"points": np.ones((3, 20, 3), np.float32), "score": None}, r"shape \(3, 20, 3\), expected \(frames, 21"),
        ({"points": np.ones((0, 21, 3), np.float32), "labels": np.zeros(0, int), "score": None}, "it is empty"),
        ({"labels": np.array([0, 10, 0])}, "label 10 is none of the 10 classes"),
        ({"labels": np.array([0, -2, 0])}, "label -2"),
        ({"labels": np.zeros(2, int)}, "2 rows of labels for 3 frames"),
        ({"score": np.full((3, 21), 1.5, np.float32)}, "score outside 0..1"),
        ({"score": np.full((3, 21), np.nan, np.float32)}, "score outside 0..1"),
        ({"rate_hz": 0.0}, "frame rate"),
        ({"rate_hz": float("nan")}, "frame rate"),
        ({"skeleton": "octopus8"}, "octopus8"),
        ({"frame": "furlongs"}, "furlongs"),
        ({"errors": np.zeros((2, 12), np.float32)}, "2 rows of errors"),
    ],
)
def test_what_does_not_fit_is_refused_by_file_and_sequence(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(FiasError, match=rf"some\.npz, sequence squat 7: .*{words}"):
        _sequence(**changes)


def test_missing_joints_may_be_nan_and_arrays_cannot_be_changed() -> None:
    score = np.ones((3, 21), np.float32)
    score[1, 4] = 0
    points = np.ones((3, 21, 3), np.float32)
    points[1, 4] = np.nan
    sequence = _sequence(points=points, score=score)
    assert not sequence.known[1, 4]
    assert sequence.known.sum() == 62
    with pytest.raises(ValueError, match="read-only"):
        sequence.points[0] = 0


def test_only_pixels_become_a_pose_track() -> None:
    shares = np.full((2, 33, 3), 0.5, np.float32)
    sequence = SkeletonSequence(shares, np.zeros(2, np.int64), 20.0, "test", skeleton="blazepose33", frame="picture")
    with pytest.raises(FiasError, match="not in pixels"):
        sequence.track()
    track = sequence.in_pixels((640, 480)).track()
    assert track.xy[1, 0].tolist() == [320, 240]
    assert track.time_s.tolist() == [0, 0.05]
    with pytest.raises(FiasError, match="not in shares"):
        _sequence().in_pixels((640, 480))


def test_takes_are_labelled_by_frame(tmp_path: Path) -> None:
    names = sorted({f"{side}{part}" for side in "lr" for part in _CMU_PARTS} | {"head"})
    given = np.array([1, 1, 2, 2], np.int8)
    points = np.arange(4 * len(names) * 3, dtype=np.float32).reshape(4, len(names), 3)
    np.savez(tmp_path / cmu.FILE, joints=names, actions=["Jog", "Squat"], X_13_29=points, y_13_29=given)
    (take,) = cmu.read(tmp_path)
    assert take.labels.tolist() == [IDLE, IDLE, UNLABELLED, UNLABELLED]
    assert (take.subject, take.movement) == (113, "Jog, Squat")
    np.savez(tmp_path / cmu.FILE, joints=names, actions=["Jog", "Squat"], X_13_29=points, y_13_29=given + 1)
    with pytest.raises(FiasError, match="13_29: a label that is none of the 2 actions"):
        cmu.read(tmp_path)


@needs_data
def test_real_squats_look_human() -> None:
    sequences = uiprmd.read(Path(os.environ["FIAS_DATA"]), (1,), (7,))
    assert len(sequences) >= 15
    for sequence in sequences:
        shoulder = sequence.points[:, COCO17_FEET.index("left_shoulder")]
        ankle = sequence.points[:, COCO17_FEET.index("left_ankle")]
        assert 1.0 < shoulder[0, 1] - ankle[0, 1] < 1.6


@needs_data
def test_real_cmu_takes_are_upright_and_mostly_idle() -> None:
    sequences = cmu.read(Path(os.environ["FIAS_DATA"]))
    assert {sequence.subject for sequence in sequences} == {113, 114}
    for sequence in sequences:
        assert set(np.unique(sequence.labels)) <= {IDLE, UNLABELLED}
        nose, ankle = (sequence.points[:, COCO17_FEET.index(name), 1] for name in ("nose", "left_ankle"))
        assert 1.2 < np.median(nose - ankle) < 1.9
