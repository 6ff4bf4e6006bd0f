"""Readers of the data sets: small files of their shape, every kind of damage, and the real files where present."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.skeleton import BLAZEPOSE33, PENN13, SKELETONS
from trainer.data import cmu, lunge_frames, mlkit, nucla, penn, pushups, uiprmd, utdmhad
from trainer.data.sequence import SkeletonSequence

Arrays = dict[str, NDArray[Any]]
_TAG_HEADER = "m,s,e,correct,shallow,lean,tilt,valgus,past_toe\n"
needs_data = pytest.mark.skipif(not os.environ.get("FIAS_DATA"), reason="FIAS_DATA names no folder with data sets")


@dataclass(frozen=True)
class Sample:
    """A small file of a data set's shape: two sequences of three frames; `points` is its array of positions, `second`
    the name of the second sequence, and `mislabel` gives that one a label that does not exist."""

    file: str
    points: str
    second: str
    arrays: Callable[[], Arrays]
    mislabel: Callable[[Arrays], None]
    read: Callable[[Path], list[SkeletonSequence]]


def _points(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).uniform(10, 90, shape).astype(np.float32)


def _penn() -> Arrays:
    visible = np.ones((6, 13), np.bool_)
    visible[1, 1:4:2] = False
    xy = _points(6, 13, 2)
    xy[1, 3] = 1.0
    return {
        "xy": xy,
        "vis": visible,
        "offsets": np.array([0, 3, 6]),
        "action": np.array(["squat", "bowl"]),
        "view": np.array(["left", "back"]),
        "train": np.array([True, False]),
        "wh": np.array([[320, 240], [100, 200]]),
        "name": np.array(["0001", "0002"]),
    }


def _nucla() -> Arrays:
    points = _points(6, 20, 3)
    points[0, 5] = 0
    return {"xyz": points, "offsets": np.array([0, 3, 6]), "meta": np.array([[8, 1, 0, 1], [12, 2, 4, 3]])}


_UTD_JOINTS = (
    "head shoulder_center spine hip_center lsho lelb lwri lhand rsho relb rwri rhand lhip lkne lank lfoot rhip rkne"
    " rank rfoot"
)


def _utd() -> Arrays:
    points = _points(6, 20, 3)
    return {
        "xyz_m": points,
        "offsets": np.array([0, 3, 6]),
        "meta": np.array([[1, 1, 1], [2, 8, 4]]),
        "actions": np.array(["wave", "squat"]),
        "joints": np.array(_UTD_JOINTS.split()),
    }


def _pushups() -> Arrays:
    values = _points(6, 33, 4) / 100
    values[1] = np.nan
    return {
        "xyzv": values,
        "offsets": np.array([0, 3, 6]),
        "wrong": np.array([0, 1]),
        "name": np.array(["correct4", "wrong7"]),
        "wh": np.array([[640.0, 360.0], [0.0, 0.0]]),
        "fps": np.array([25.0, 0.0]),
    }


def _uiprmd() -> Arrays:
    return {
        "xyz_mm": _points(6, 21, 3),
        "offsets": np.array([0, 3, 6]),
        "meta": np.array([[1, 1, 1, 1, 3], [2, 2, 3, 0, 3]]),
        "fps": np.array(25.0),
    }


def _set(name: str, index: int | tuple[int, int], value: object) -> Callable[[Arrays], None]:
    def change(arrays: Arrays) -> None:
        arrays[name][index] = value

    return change


SAMPLES = {
    "penn": Sample(penn.FILE, "xy", "0002", _penn, _set("action", 1, "yoga"), penn.read),
    "nucla": Sample(nucla.FILE, "xyz", "a12_s02_e04_v03", _nucla, _set("meta", (1, 0), 7), nucla.read),
    "utdmhad": Sample(utdmhad.FILE, "xyz_m", "a2_s8_t4", _utd, _set("meta", (1, 0), 28), utdmhad.read),
    "pushups": Sample(pushups.FILE, "xyzv", "wrong7", _pushups, _set("wrong", 1, 2), pushups.read),
    "uiprmd": Sample(uiprmd.FILE, "xyz_mm", "m02_s02_e03_incorrect", _uiprmd, _set("meta", (1, 0), 11), uiprmd.read),
}
every_sample = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES.keys())


def _write(folder: Path, sample: Sample, arrays: Arrays) -> None:
    np.savez(folder / sample.file, **arrays)
    (folder / uiprmd.TAGS).write_text(_TAG_HEADER, encoding="utf-8")


def _read(folder: Path, key: str) -> list[SkeletonSequence]:
    sample = SAMPLES[key]
    _write(folder, sample, sample.arrays())
    return sample.read(folder)


@every_sample
def test_two_sequences_are_read_with_their_names(tmp_path: Path, sample: Sample) -> None:
    _write(tmp_path, sample, sample.arrays())
    first, second = sample.read(tmp_path)
    assert second.name == sample.second
    assert (first.file, first.skeleton in SKELETONS, len(first.labels)) == (sample.file, True, 3)
    assert np.isfinite(first.points[first.known]).all()
    assert np.isnan(first.points[~first.known]).all()


@every_sample
def test_a_position_that_is_no_number_is_named(tmp_path: Path, sample: Sample) -> None:
    arrays = sample.arrays()
    arrays[sample.points][3:] = np.nan
    _write(tmp_path, sample, arrays)
    with pytest.raises(FiasError, match=rf"{sample.file}, sequence {sample.second}: .*(not a number|nobody is seen)"):
        sample.read(tmp_path)


@every_sample
def test_a_wrong_number_of_joints_is_refused(tmp_path: Path, sample: Sample) -> None:
    arrays = sample.arrays()
    arrays[sample.points] = arrays[sample.points][:, :-1]
    _write(tmp_path, sample, arrays)
    with pytest.raises(FiasError, match=rf"{sample.file}: array '{sample.points}' has shape .* expected"):
        sample.read(tmp_path)


@every_sample
@pytest.mark.parametrize(
    ("offsets", "words"),
    [
        ([0, 6, 6], "SECOND: it is empty"),
        ([0, 5, 6], "SECOND: it has 1 frame, fewer than 2"),
        ([0, 3, 9], "do not divide 6 frames"),
        ([0, 7, 6], "do not divide"),
        ([1, 3, 6], "do not divide"),
        ([0, 6], "array 'offsets' has shape"),
        ([0.0, 3.0, 6.0], "array 'offsets' holds float64"),
    ],
)
def test_sequences_without_frames_or_with_one_are_named(
    tmp_path: Path, sample: Sample, offsets: list[float], words: str
) -> None:
    _write(tmp_path, sample, sample.arrays() | {"offsets": np.array(offsets)})
    with pytest.raises(FiasError, match=f"{sample.file}.*{words.replace('SECOND', sample.second)}"):
        sample.read(tmp_path)


@every_sample
def test_a_label_outside_the_list_is_named(tmp_path: Path, sample: Sample) -> None:
    arrays = sample.arrays()
    sample.mislabel(arrays)
    _write(tmp_path, sample, arrays)
    with pytest.raises(FiasError, match=rf"{sample.file}, sequence .*: .*(none of|does not exist|neither)"):
        sample.read(tmp_path)


@every_sample
def test_a_damaged_archive_is_refused(tmp_path: Path, sample: Sample) -> None:
    _write(tmp_path, sample, sample.arrays())
    path = tmp_path / sample.file
    whole = path.read_bytes()
    for content in (b"", b"no archive at all", whole[: len(whole) // 2], whole[:-30]):
        path.write_bytes(content)
        with pytest.raises(FiasError, match=f"{sample.file}: it is damaged or no .npz file"):
            sample.read(tmp_path)
    spoilt = bytearray(whole)
    start = whole.index(b"NUMPY") + 200
    spoilt[start : start + 20] = bytes(20)
    path.write_bytes(spoilt)
    with pytest.raises(FiasError, match=f"{sample.file}: array .* is damaged"):
        sample.read(tmp_path)
    path.unlink()
    with pytest.raises(FiasError, match=f"There is no file .*{sample.file}"):
        sample.read(tmp_path)


@every_sample
def test_a_missing_array_and_an_array_of_objects_are_refused(tmp_path: Path, sample: Sample) -> None:
    arrays = sample.arrays()
    arrays[sample.points] = np.array([_Evil(tmp_path / "ran.txt")], dtype=object)
    _write(tmp_path, sample, arrays)
    with pytest.raises(FiasError, match=rf"{sample.file}: array '{sample.points}' holds object"):
        sample.read(tmp_path)
    assert not (tmp_path / "ran.txt").exists()
    del arrays[sample.points]
    _write(tmp_path, sample, arrays)
    with pytest.raises(FiasError, match=rf"{sample.file}: it has no array '{sample.points}'"):
        sample.read(tmp_path)


class _Evil:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.path,)


@every_sample
def test_an_array_larger_than_memory_is_refused_unread(tmp_path: Path, sample: Sample) -> None:
    arrays = sample.arrays()
    given = arrays.pop(sample.points)
    _write(tmp_path, sample, arrays)
    header = {"descr": "<f4", "fortran_order": False, "shape": (10**10, *given.shape[1:])}
    with zipfile.ZipFile(tmp_path / sample.file, "a") as archive, archive.open(f"{sample.points}.npy", "w") as member:
        np.lib.format.write_array_header_1_0(member, header)  # type: ignore[no-untyped-call]
        member.write(bytes(64))
    with pytest.raises(FiasError, match=rf"{sample.file}: array '{sample.points}' would take [\d,]+ MiB"):
        sample.read(tmp_path)


def test_hidden_joints_are_missing_or_guessed_and_sides_are_the_persons_own(tmp_path: Path) -> None:
    stored = _penn()["xy"]
    first, second = _read(tmp_path, "penn")
    np.testing.assert_array_equal(first.points[0, PENN13.index("left_knee")], stored[0, PENN13.index("right_knee")])
    assert not first.known[1, [PENN13.index("right_shoulder"), PENN13.index("right_elbow")]].any()
    guessed = penn.read(tmp_path, hidden="guess")[0]
    assert guessed.known[1].sum() == 12  # the placeholder at (1, 1) is no guess
    assert (first.split, second.split, first.size, first.view) == ("train", "test", (320, 240), "left")


def test_lost_joints_and_gaps_in_action_numbers(tmp_path: Path) -> None:
    first, second = _read(tmp_path, "nucla")
    assert not first.known[0, 5]
    assert (first.movement, second.movement, second.names[second.action]) == ("don", "carry", "carry")
    assert (first.split, second.split, second.view, second.subject) == ("train", "test", "3", 2)
    assert [sequence.view for sequence in nucla.read(tmp_path, views=(3,))] == ["3"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("m,s,e,correct,shallow,lean,tilt,past_toe\n", "it has no column valgus"),
        (_TAG_HEADER + "1,1,1,1,False,False,maybe,False,False\n", "row 2: .*neither True nor False"),
        (_TAG_HEADER + "x,1,1,1,False,False,True,False,False\n", "row 2: it does not say which repetition"),
        (_TAG_HEADER + "1,1,1,1,False\n", "row 2: it has 5 cells, expected 9"),
        ("", "it is empty"),
    ],
)
def test_bad_tags_are_named(tmp_path: Path, content: str, words: str) -> None:
    _read(tmp_path, "uiprmd")
    (tmp_path / uiprmd.TAGS).write_text(content, encoding="utf-8")
    with pytest.raises(FiasError, match=f"{uiprmd.TAGS}.*{words}"):
        uiprmd.read(tmp_path)


def test_copies_of_another_camera_can_be_left_out(tmp_path: Path) -> None:
    arrays = _nucla()
    arrays["xyz"][3:] = arrays["xyz"][:3]
    _write(tmp_path, SAMPLES["nucla"], arrays)
    assert len(nucla.read(tmp_path)) == 2
    assert [sequence.view for sequence in nucla.read(tmp_path, copies=False)] == ["1"]


def test_joints_in_another_order_are_sorted(tmp_path: Path) -> None:
    first, _ = _read(tmp_path, "utdmhad")
    stored, order = _utd()["xyz_m"], _UTD_JOINTS.split()
    for name, short in (("hip_center", "hip_center"), ("left_foot_index", "lfoot"), ("right_elbow", "relb")):
        index = SKELETONS["kinect20"].index(name)
        np.testing.assert_array_equal(first.points[:, index], stored[:3, order.index(short)])
    arrays = _utd()
    arrays["joints"][0] = "tail"
    _write(tmp_path, SAMPLES["utdmhad"], arrays)
    with pytest.raises(FiasError, match="it has no joint head"):
        utdmhad.read(tmp_path)


def test_push_ups_say_what_is_not_known(tmp_path: Path) -> None:
    known, unknown = _read(tmp_path, "pushups")
    stored = _pushups()["xyzv"]
    assert (known.frame, known.size, known.rate_hz, known.correct) == ("pixels", (640, 360), 25.0, True)
    np.testing.assert_allclose(known.points[0, 0], stored[0, 0, :3] * [640, 360, 640], rtol=1e-6)
    assert not known.known[1].any()
    assert (unknown.frame, unknown.size, unknown.correct) == ("picture", None, False)


def test_clips_are_listed_by_their_label(tmp_path: Path) -> None:
    with pytest.raises(FiasError, match="There are no clips"):
        pushups.clips(tmp_path)
    (tmp_path / pushups.CLIPS).mkdir()
    for name in ("wrong2.mp4", "correct10.mp4"):
        (tmp_path / pushups.CLIPS / name).touch()
    assert [(clip.name, clip.wrong) for clip in pushups.clips(tmp_path)] == [("correct10", False), ("wrong2", True)]
    (tmp_path / pushups.CLIPS / "other.mp4").touch()
    with pytest.raises(FiasError, match=r"other\.mp4"):
        pushups.clips(tmp_path)


def _lunge_rows(label: str = "L", cell: str = "0.5") -> str:
    joints = (
        "nose left_shoulder right_shoulder left_hip right_hip left_knee right_knee left_ankle right_ankle left_heel"
        " right_heel left_foot_index right_foot_index"
    )
    header = ",".join(["label", *(f"{joint}_{axis}" for joint in joints.split() for axis in "xyzv")])
    return f"{header}\n{label},{','.join([cell] * 52)}\n"


def test_single_pictures_of_lunges(tmp_path: Path) -> None:
    (tmp_path / lunge_frames.FILE).write_text(_lunge_rows(), encoding="utf-8")
    (still,) = lunge_frames.read(tmp_path)
    assert (still.name, still.correct, still.frame, int(still.known.sum())) == ("row 2", False, "picture", 13)
    assert still.known[0, BLAZEPOSE33.index("right_heel")]


def test_stills_of_two_exercises(tmp_path: Path) -> None:
    row = ",".join(["frame__abc__0012.jpg", "squats_down", *map(str, range(99))])
    (tmp_path / mlkit.FILE).write_text(row + "\n", encoding="utf-8")
    (still,) = mlkit.read(tmp_path)
    assert still.points[0, 1].tolist() == [3, 4, 5]
    assert (still.movement, still.video, still.frame) == ("squats down", "abc", "pixels")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "it is empty"),
        (_lunge_rows(label="X"), "row 2: label 'X' is neither"),
        (_lunge_rows(cell="nan"), "row 2: a cell is not a finite number"),
        (_lunge_rows(cell="abc"), "row 2: a cell is not a number"),
        (_lunge_rows() + "L,0.5\n", "row 3: it has 2 cells, expected 53"),
        (_lunge_rows().replace("nose_x", "tail_x"), "does not name the 13 landmarks"),
        ("\udcff\udcfe", "not a table of text"),
    ],
)
def test_a_bad_table_is_named(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / lunge_frames.FILE).write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(FiasError, match=f"{lunge_frames.FILE}.*{words}"):
        lunge_frames.read(tmp_path)


@needs_data
def test_the_real_files_hold_what_is_said_of_them() -> None:
    folder = Path(os.environ["FIAS_DATA"])
    sizes = {
        penn: (2326, 163_841), nucla: (1484, 58_534), utdmhad: (861, 58_299), pushups: (166, 21_487),
        lunge_frames: (1107, 1107), mlkit: (812, 812), uiprmd: (1566, 98_136), cmu: (5, 4845),
    }  # fmt: skip
    for reader, (count, frames) in sizes.items():
        sequences = reader.read(folder)
        assert (len(sequences), sum(len(sequence.labels) for sequence in sequences)) == (count, frames), reader.NAME
    assert sum(clip.wrong for clip in pushups.clips(folder)) == 16
    assert len(pushups.clips(folder)) == 106


@needs_data
@pytest.mark.parametrize("reader", [nucla, utdmhad, uiprmd])
def test_real_knees_bend_forwards(reader: Any) -> None:
    """Left and right, and the direction of y, are right: knees and feet point to where left x up points."""
    forwards = []
    for sequence in reader.read(Path(os.environ["FIAS_DATA"]))[::5]:
        index = SKELETONS[sequence.skeleton].index
        points = sequence.points
        left = points[:, index("left_hip")] - points[:, index("right_hip")]
        front = np.cross(left * [1, 0, 1], [0, 1, 0])
        for side in ("left_", "right_"):
            toes = points[:, index(side + "foot_index")] - points[:, index(side + "ankle")]
            forwards.append((toes * front).sum(axis=1) > 0)
    assert np.concatenate(forwards).mean() > 0.75
