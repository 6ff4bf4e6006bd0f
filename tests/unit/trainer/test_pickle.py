"""Pickles with skeletons: the layout of pyskl is read, and nothing in a pickle is ever run."""

from __future__ import annotations

import builtins
import copyreg
import functools
import io
import operator
import os
import pickle
import struct
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from trainer.data import pyskl_pickle, safe_pickle

MARK = "ran.txt"
_BYTES8 = struct.pack("<Q", 2**40)


def _annotation(number: int = 0, people: int = 1, frames: int = 3, **changes: Any) -> dict[str, Any]:
    keypoint = np.random.default_rng(number).uniform(10, 200, (people, frames, 17, 2)).astype(np.float16)
    annotation = {
        "frame_dir": f"clip{number}",
        "label": number,
        "img_shape": (240, 320),
        "original_shape": (240, 320),
        "total_frames": frames,
        "keypoint": keypoint,
        "keypoint_score": np.full((people, frames, 17), 0.9, np.float16),
    }
    return annotation | changes


def _write(folder: Path, *annotations: dict[str, Any], protocol: int = 4) -> Path:
    path = folder / "set.pkl"
    names = [annotation.get("frame_dir") for annotation in annotations]
    content = {"split": {"xsub_train": names[:1], "xsub_val": names[1:]}, "annotations": list(annotations)}
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    return path


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_annotations_become_sequences(tmp_path: Path, protocol: int) -> None:
    given = [_annotation(0), _annotation(1, label=np.int64(1))]
    first, second = pyskl_pickle.read(_write(tmp_path, *given, protocol=protocol))
    np.testing.assert_array_equal(first.points, given[0]["keypoint"][0].astype(np.float32))
    assert (first.skeleton, first.frame, first.size) == ("coco17", "pixels", (320, 240))
    assert (first.name, first.video, first.action, second.action) == ("clip0", "clip0", 0, 1)
    assert first.known.all()
    assert first.track().xy.shape == (3, 17, 2)


def test_arrays_by_newer_numpy_are_read_too(tmp_path: Path) -> None:
    path = _write(tmp_path, _annotation(), protocol=2)
    content = path.read_bytes()
    assert b"cnumpy.core.multiarray\n" in content
    path.write_bytes(content.replace(b"cnumpy.core.multiarray\n", b"cnumpy._core.multiarray\n"))
    assert len(pyskl_pickle.read(path)) == 1


def test_byte_order_and_memory_order_are_kept(tmp_path: Path) -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    content = {"big": values.astype(">f4"), "fortran": np.asfortranarray(values), "flags": values > 3}
    path = tmp_path / "arrays.pkl"
    for protocol in (2, 4, 5):
        path.write_bytes(pickle.dumps(content, protocol=protocol))
        loaded = safe_pickle.load(path)
        assert isinstance(loaded, dict)
        for name, array in content.items():
            np.testing.assert_array_equal(loaded[name].values, array)


def test_a_split_is_read_by_its_name(tmp_path: Path) -> None:
    path = _write(tmp_path, _annotation(0), _annotation(1), _annotation(2))
    assert [(s.name, s.split) for s in pyskl_pickle.read(path, "xsub_val")] == [
        ("clip1", "xsub_val"),
        ("clip2", "xsub_val"),
    ]
    with pytest.raises(FiasError, match=r"set\.pkl: it has no split 'other', only xsub_train, xsub_val"):
        pyskl_pickle.read(path, "other")


def test_everybody_who_is_seen_becomes_a_sequence(tmp_path: Path) -> None:
    two = _annotation(0, people=3)
    two["keypoint"][2] = 0
    two["keypoint_score"][2] = 0
    two["keypoint_score"][1, 2, 5] = 0
    first, second = pyskl_pickle.read(_write(tmp_path, two))
    assert (first.name, second.name, first.video) == ("clip0 (person 0)", "clip0 (person 1)", "clip0")
    assert np.isnan(second.points[2, 5]).all()
    assert not second.known[2, 5]


def test_three_dimensions_come_without_scores(tmp_path: Path) -> None:
    keypoint = np.ones((1, 4, 25, 3), np.float32)
    keypoint[0, 3] = 0
    path = _write(tmp_path, _annotation(0, keypoint=keypoint, keypoint_score=None, total_frames=4))
    (sequence,) = pyskl_pickle.read(path)
    assert (sequence.skeleton, sequence.frame) == ("ntu25", "camera")
    assert sequence.known.sum() == 75


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"keypoint": np.full((1, 3, 17, 2), np.nan, np.float16)}, "not a number"),
        ({"keypoint_score": np.full((1, 3, 17), np.nan, np.float16)}, "not a number"),
        ({"keypoint": np.ones((1, 3, 16, 2), np.float16)}, "16 joints of 2 values fit no known skeleton"),
        ({"keypoint": np.ones((1, 3, 17, 5), np.float16)}, "17 joints of 5 values"),
        ({"keypoint": np.ones((1, 0, 17, 2), np.float16)}, "it is empty"),
        ({"keypoint": np.ones((0, 3, 17, 2), np.float16)}, "it is empty"),
        ({"keypoint": np.ones((1, 1, 17, 2)), "keypoint_score": np.ones((1, 1, 17)), "total_frames": 1}, "has 1 frame"),
        ({"keypoint_score": np.ones((1, 2, 17), np.float16)}, "keypoint_score does not fit"),
        ({"keypoint_score": np.zeros((1, 3, 17), np.float16)}, "nobody is seen"),
        ({"total_frames": 99}, "not as many as it says"),
        ({"label": 2}, "label 2 is none of the 2 classes"),
        ({"label": -1}, "no label"),
        ({"label": "squat"}, "no label"),
        ({"keypoint": [1, 2, 3]}, "keypoint is no array"),
        ({"keypoint": np.ones((1, 3, 17, 2), np.int64)}, "keypoint is no array"),
    ],
)
def test_a_bad_annotation_is_named(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    path = _write(tmp_path, _annotation(0), _annotation(1, **changes))
    with pytest.raises(FiasError, match=rf"set\.pkl, sequence clip1: .*{words}"):
        pyskl_pickle.read(path, names=("squat", "lunge"))


@pytest.mark.parametrize("content", [{"annotations": []}, {"annotations": "none"}, {}, 7, {"annotations": [7]}])
def test_other_content_is_refused(tmp_path: Path, content: object) -> None:
    path = tmp_path / "set.pkl"
    path.write_bytes(pickle.dumps(content))
    with pytest.raises(FiasError, match=r"set\.pkl"):
        pyskl_pickle.read(path)


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, _annotation())
    whole = path.read_bytes()
    for content in (b"", whole[:200], whole[: len(whole) // 2], whole[:-1], b"\x00" * 50, b"PK\x03\x04 no pickle"):
        path.write_bytes(content)
        with pytest.raises(FiasError, match=r"set\.pkl: it (is damaged|would run)"):
            pyskl_pickle.read(path)
    with pytest.raises(FiasError, match="There is no file"):
        pyskl_pickle.read(tmp_path / "none.pkl")


class _Calls:
    """Pickles as a call."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


class _SetsState:
    """Pickles as an object whose state is set by a call."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return types.SimpleNamespace, (), {"x": _Calls(open, self.path, "w")}


def _eval_text(path: str) -> str:
    return f"open({path!r}, 'w').close()"


ATTACKS: dict[str, Callable[[str], object]] = {
    "open": lambda path: _Calls(open, path, "w"),
    "eval": lambda path: _Calls(builtins.eval, _eval_text(path)),
    "exec": lambda path: _Calls(builtins.exec, _eval_text(path)),
    "system": lambda path: _Calls(os.system, f"touch '{path}'"),
    "touch": lambda path: _Calls(Path.touch, Path(path)),
    "getattr": lambda path: _Calls(operator.call, _Calls(getattr, Path(path), "touch")),
    "partial": lambda path: _Calls(functools.partial(open, path, "w")),
    "methodcaller": lambda path: _Calls(operator.methodcaller("touch"), Path(path)),
    "nested in an object array": lambda path: np.array([_Calls(Path.touch, Path(path)), None], dtype=object),
    "nested in an annotation": lambda path: {"annotations": [_annotation(label=_Calls(Path.touch, Path(path)))]},
    "as a key": lambda path: {_Calls(Path.touch, Path(path)): 1},
    "within the state of an object": _SetsState,
    "copyreg": lambda path: _Calls(copyreg._reconstructor, list, list, _Calls(Path.touch, Path(path))),  # type: ignore[attr-defined]
    "a memory map of numpy": lambda path: _Calls(np.memmap, path, "uint8", "w+", 0, (1,)),
    "a file saved by numpy": lambda path: _Calls(np.savetxt, path, (1.0,)),
    "a pickle within": lambda path: _Calls(pickle.loads, pickle.dumps(_Calls(Path.touch, Path(path)))),
}


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_nothing_in_a_pickle_is_run(tmp_path: Path, attack: Callable[[str], object], protocol: int) -> None:
    mark = tmp_path / MARK
    path = tmp_path / "evil.pkl"
    path.write_bytes(pickle.dumps([_annotation(), attack(str(mark))], protocol=protocol))
    with pytest.raises(FiasError, match=r"evil\.pkl: it would run .*, which is refused; nothing was run"):
        pyskl_pickle.read(path)
    assert not mark.exists()


def _opened(content: bytes) -> None:
    """What an ordinary reader does with the pickle."""
    try:
        loaded = pickle.loads(content)  # noqa: S301
    except (AttributeError, TypeError):
        return
    if isinstance(loaded, io.IOBase):
        loaded.close()


@pytest.mark.parametrize(
    "attack", ["open", "eval", "system", "getattr", "nested in an object array", "copyreg", "a pickle within"]
)
def test_the_attacks_are_real(tmp_path: Path, attack: str) -> None:
    mark = tmp_path / MARK
    _opened(pickle.dumps(ATTACKS[attack](str(mark))))
    assert mark.exists()


HAND_WRITTEN = {
    "an old instance": b"(S'touch ran.txt'\nios\nsystem\n.",
    "an object of a mark": b"(cos\nsystem\nS'touch ran.txt'\no.",
    "a new object": b"\x80\x02cbuiltins\nlist\n)\x81.",
    "an extension": b"\x80\x02\x82\x01.",
    "something persistent": b"Psomewhere\n.",
    "something persistent on the stack": b"\x80\x02K\x01Q.",
    "numpy by another door": b'cnumpy.testing._private.utils\nrunstring\n(S\'open("ran.txt","w")\'\n}tR.',
    "a dotted name": b"\x80\x04\x8c\x05numpy\x8c\x10ndarray.__class__\x93.",
    "a dotted name through numpy": b"\x80\x04\x8c\x05numpy\x8c\x09os.system\x93.",
    "an array of something else": b"cnumpy.core.multiarray\n_reconstruct\n(clist\nlist\n(K\x00tS'b'\ntR.",
    "a change of the reader": b"cnumpy\nndarray\n}(S'x'\nK\x01sb.",
    "a change of the reader's slots": b"cnumpy\nndarray\nN}S'__call__'\nK\x01s\x86b.",
    "a dtype of objects": b"cnumpy\ndtype\n(S'O8'\nK\x00K\x01tR.",
    "a dtype of text": b"\x80\x02cnumpy\ndtype\n(X\x02\x00\x00\x00U9K\x00K\x01tR.",
    "a codec that opens": b"\x80\x02c_codecs\nencode\n(X\x01\x00\x00\x00aX\x03\x00\x00\x00hextR.",
    "a place far away": b"\x80\x02K\x01r\xff\xff\xff\x7f.",
    "a text put far away": b"K\x01p99999999999\n.",
    "more bytes than there are": b"\x80\x04\x8e" + _BYTES8 + b"abc.",
    "more text than there is": b"\x80\x04\x8d" + _BYTES8 + b"abc.",
    "a frame without end": b"\x80\x04\x95" + _BYTES8 + b"K\x01.",
    "a buffer from elsewhere": b"\x80\x05\x97.",
    "an empty stack": b"\x80\x02R.",
}


@pytest.mark.parametrize("content", HAND_WRITTEN.values(), ids=HAND_WRITTEN.keys())
def test_hand_written_programs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "evil.pkl"
    path.write_bytes(content)
    with pytest.raises(FiasError, match=r"evil\.pkl: it (would run|is damaged)"):
        safe_pickle.load(path)
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["evil.pkl"]


def test_the_shape_of_an_array_cannot_exceed_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "set.pkl"
    content = pickle.dumps(np.zeros((7, 3), np.float32), protocol=2)
    assert content.count(b"K\x07K\x03\x86") == 1
    for shape in (
        b"K\xffK\x03\x86",
        b"K\x07J\xff\xff\xff\x7f\x86",
        b"K\x07J\xff\xff\xff\xff\x86",
        b"K\x07G" + b"\x00" * 8 + b"\x86",
    ):
        path.write_bytes(content.replace(b"K\x07K\x03\x86", shape))
        with pytest.raises(FiasError, match=r"set\.pkl: it is damaged"):
            safe_pickle.load(path)


def test_attacks_leave_the_reader_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "evil.pkl"
    for content in HAND_WRITTEN.values():
        path.write_bytes(content)
        with pytest.raises(FiasError):
            safe_pickle.load(path)
    assert len(pyskl_pickle.read(_write(tmp_path, _annotation()))) == 1
