"""`fias analyse` from a video file to the JSON, through every real stage."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import av
import pytest

from tests.e2e.command_line import fias, render_demo

REPETITIONS = 3


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A rendered athlete doing three squats, in a folder and a file whose names are not ASCII."""
    folder = tmp_path_factory.mktemp("übung 深蹲")
    path = folder / "kniebeuge ñ.mp4"
    return path, render_demo(path, f"demo:squat?reps={REPETITIONS}&fps=15&view=35&tempo=2", 4.0, 14.5)


@pytest.fixture(scope="module")
def analysis(video: tuple[Path, int], tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    home = tmp_path_factory.mktemp("home")
    target, drawn = home / "out ü.json", home / "drawn.mp4"
    done = fias("analyse", video[0], "--json", target, "--annotated", drawn, home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(target.read_text(encoding="utf-8")), drawn


def test_the_squats_are_counted(analysis: tuple[dict[str, Any], Path]) -> None:
    counted = [rep for rep in analysis[0]["repetitions"] if rep["counted"]]
    assert [rep["exercise"] for rep in counted] == ["squat"] * REPETITIONS
    assert all(rep["start_s"] < rep["bottom_s"] < rep["end_s"] for rep in counted)


def test_every_picture_was_looked_at(video: tuple[Path, int], analysis: tuple[dict[str, Any], Path]) -> None:
    content = analysis[0]
    assert content["source"]["frames"] == video[1]
    assert content["performance"]["complete"]
    assert content["performance"]["person_share"] > 0.95
    times = [sample["time_s"] for sample in content["timeline"]]
    assert len(times) >= 10 * content["source"]["seconds"] - 2
    assert times == sorted(times)


def test_the_annotated_video_is_as_long_as_the_original(
    video: tuple[Path, int], analysis: tuple[dict[str, Any], Path]
) -> None:
    with av.open(str(analysis[1])) as container:
        assert sum(1 for _ in container.decode(video=0)) == video[1]


def test_every_advice_has_evidence(analysis: tuple[dict[str, Any], Path]) -> None:
    assert all(advice["evidence"] for advice in analysis[0]["advice"])
    assert {advice["source"] for advice in analysis[0]["advice"]} <= {"cue", "language model", "phrasebook"}


def test_several_videos_into_a_folder_and_one_of_them_bad(video: tuple[Path, int], tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_text("this is not a video")
    out = tmp_path / "out"
    out.mkdir()
    short = tmp_path / "short.mp4"
    render_demo(short, "demo:squat?reps=1&fps=8&size=320x240&tempo=1.5", 5.0, 7.0)
    done = fias("analyze", short, bad, short, "--json", out, "--no-coach", home=tmp_path)
    assert done.returncode == 1
    assert "bad.mp4" in done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["short-2.json", "short.json"]


@pytest.mark.clips
def test_a_real_clip_is_counted(tmp_path: Path) -> None:
    folder = os.environ.get("FIAS_CLIPS")
    if not folder:
        pytest.skip("FIAS_CLIPS is not set")
    target = tmp_path / "out.json"
    done = fias("analyse", Path(folder) / "squat_side_6reps.mp4", "--json", target, "--no-coach", home=tmp_path)
    assert done.returncode == 0, done.stderr
    content = json.loads(target.read_text(encoding="utf-8"))
    counted = [rep for rep in content["repetitions"] if rep["counted"]]
    assert len(counted) == 6
    assert {rep["exercise"] for rep in counted} == {"squat"}
