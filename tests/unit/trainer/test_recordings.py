"""The project's own recordings: what the program said of a video becomes classes and repetitions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.types import PoseTrack
from trainer.data import recordings
from trainer.data.sequence import UNLABELLED


def _seen(_: Path) -> recordings.Seen:
    """A person who comes into the picture after half a second, for three seconds."""
    index = np.arange(15, 105)
    track = PoseTrack(
        "blazepose33", index / 30, index, np.full((90, 33, 2), 50, np.float32), np.ones((90, 33), np.float32)
    )
    return recordings.Seen(track, (320, 240), 30.0)


def _analysis(**changes: object) -> dict[str, object]:
    repetitions = [
        {"exercise": "squat", "start_s": 1.0, "end_s": 2.0, "counted": True, "form": "knees_inward"},
        {"exercise": "squat", "start_s": 2.4, "end_s": 3.0, "counted": True, "form": "too_shallow"},
        {"exercise": "lunge", "start_s": 3.1, "end_s": 3.4, "counted": False, "form": "unknown"},
    ]
    return {"schema": 1, "source": {"path": "/films/a.mp4"}, "repetitions": repetitions} | changes


def _record(folder: Path, analysis: object) -> None:
    (folder / "a.mp4").touch()
    (folder / "a.json").write_text(json.dumps(analysis), encoding="utf-8")


def test_recordings_carry_what_the_program_said(tmp_path: Path) -> None:
    _record(tmp_path, _analysis())
    (sequence,) = recordings.read(tmp_path, _seen)
    assert (sequence.name, sequence.size, len(sequence.labels)) == ("a.mp4", (320, 240), 105)
    assert not sequence.known[:15].any()
    assert sequence.known[15:].all()
    said = [LABELS[sequence.labels[frame]] for frame in (20, 45, 66, 80, 98)]
    assert said == ["idle", "squat_knees_inward", "squat_correct", "squat_correct", "idle"]
    assert sequence.repetition is not None
    assert sequence.repetition[[20, 45, 80, 98]].tolist() == [-1, 0, 1, -1]


def test_an_unknown_form_has_no_class(tmp_path: Path) -> None:
    repetition = {"exercise": "push_up", "start_s": 1.0, "end_s": 2.0, "counted": True, "form": "unknown"}
    _record(tmp_path, [_analysis(repetitions=[repetition])])
    (sequence,) = recordings.read(tmp_path, _seen)
    assert sequence.labels[45] == UNLABELLED


@pytest.mark.parametrize(
    ("analysis", "words"),
    [
        (_analysis(schema=2), "no analysis of schema 1"),
        ([3], "no analysis of schema 1"),
        (_analysis(source={}), "does not name its video"),
        (_analysis(source={"path": "/films/b.mp4"}), "b.mp4: the video is not in the same folder"),
        (_analysis(repetitions=[{"counted": True}]), "a.mp4: a repetition lacks"),
        (_analysis(repetitions=[{"exercise": "yoga", "start_s": 0, "end_s": 1, "counted": True, "form": "correct"}]),
         "a.mp4: 'yoga' is none of the exercises"),
    ],
)  # fmt: skip
def test_a_bad_recording_is_named(tmp_path: Path, analysis: object, words: str) -> None:
    _record(tmp_path, analysis)
    with pytest.raises(FiasError, match=f"a.json.*{words}"):
        recordings.read(tmp_path, _seen)


def test_a_folder_without_analyses_or_with_broken_ones(tmp_path: Path) -> None:
    with pytest.raises(FiasError, match="There is no analysis"):
        recordings.read(tmp_path, _seen)
    for text in ("{", '{"schema": NaN}', "[" * 100_000):
        (tmp_path / "a.json").write_text(text, encoding="utf-8")
        with pytest.raises(FiasError, match=r"a\.json: it is no JSON"):
            recordings.read(tmp_path, _seen)
