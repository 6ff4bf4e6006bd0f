"""What a person can get wrong, through the real command line: a message, a next step, exit code 1, nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fias_desktop.resources import DEFAULT_MODEL, model_dir
from tests.e2e.command_line import ROOT, assert_message, fias, render_demo


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "squat.mp4"
    render_demo(path, "demo:squat?reps=1&fps=10&tempo=1.5", 4.0, 7.6)
    return path


@pytest.fixture
def own_model(tmp_path: Path) -> Path:
    """A copy of the bundled recogniser as an imported one of the same id, which comes before it."""
    folder = tmp_path / "data" / "models" / DEFAULT_MODEL
    shutil.copytree(model_dir(DEFAULT_MODEL), folder)
    return folder


def analyse(video: Path, home: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    return fias("analyse", video, "--json", home / "out.json", "--no-coach", *more, home=home)


def test_a_text_file_named_mp4(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("These are my notes about squats.\n" * 50)
    assert_message(analyse(path, tmp_path), "notes.mp4")
    assert not (tmp_path / "out.json").exists()


def test_an_empty_video(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    assert_message(analyse(path, tmp_path), "empty.mp4", "0 bytes")


def test_a_missing_video(tmp_path: Path) -> None:
    assert_message(analyse(tmp_path / "gone ü.mp4", tmp_path), "gone ü.mp4")


def test_a_video_cut_off_in_its_index(tmp_path: Path, video: Path) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(video.read_bytes()[: video.stat().st_size // 2])
    assert_message(analyse(path, tmp_path), "cut.mp4")


def test_a_video_cut_off_in_its_pictures_is_analysed_as_far_as_it_goes(tmp_path: Path, video: Path) -> None:
    import av

    whole = tmp_path / "whole.mkv"
    with (
        av.open(str(video)) as source,
        av.open(str(whole), "w", format="mp4", options={"movflags": "faststart"}) as out,
    ):
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.7)])
    assert_message(analyse(path, tmp_path), "cut off")
    content = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert content["source"]["frames"] > 5
    assert not content["performance"]["complete"]


def test_a_missing_model(tmp_path: Path, video: Path) -> None:
    assert_message(analyse(video, tmp_path, "--model", "gone"), "'gone'", "Choose")


@pytest.mark.parametrize("name", ["weights.safetensors", "model.onnx"])
@pytest.mark.parametrize("damage", ["empty", "garbage", "cut", "missing"])
def test_a_damaged_recogniser(tmp_path: Path, video: Path, own_model: Path, name: str, damage: str) -> None:
    file = own_model / name
    if not file.exists():
        pytest.skip(f"the bundled model has no {name}")
    whole = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes({"empty": b"", "garbage": b"garbage" * 999, "cut": whole[: len(whole) // 2]}[damage])
    done = analyse(video, tmp_path)
    if (name, damage) == ("model.onnx", "missing"):
        assert done.returncode == 0, "the weights alone must do, in torch"
    else:
        assert_message(done)


def test_a_damaged_card(tmp_path: Path, video: Path, own_model: Path) -> None:
    (own_model / "card.toml").write_text("id = [")
    assert_message(analyse(video, tmp_path), "damaged")


@pytest.mark.parametrize("content", [b"", b"GGUF" + b"\xff" * 400, b"not a language model at all"])
def test_a_damaged_language_model_is_named_and_the_phrasebook_speaks(
    tmp_path: Path, video: Path, content: bytes
) -> None:
    gguf = tmp_path / "my model.gguf"
    gguf.write_bytes(content)
    (tmp_path / "data").mkdir()
    settings = {"coach_model": str(gguf)}
    (tmp_path / "data" / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    done = fias("analyse", video, "--json", tmp_path / "out.json", home=tmp_path)
    assert_message(done, "my model.gguf")
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert {advice["source"] for advice in written["advice"]} <= {"phrasebook", "cue"}


def test_a_folder_that_does_not_exist(tmp_path: Path, video: Path) -> None:
    done = fias("analyse", video, "--json", tmp_path / "missing" / "out.json", home=tmp_path)
    assert_message(done, "missing")


def test_an_output_that_would_overwrite_the_video(tmp_path: Path, video: Path) -> None:
    copy = tmp_path / "mine.mp4"
    shutil.copy(video, copy)
    before = copy.read_bytes()
    assert_message(fias("analyse", copy, "--annotated", copy, home=tmp_path), "overwritten")
    assert copy.read_bytes() == before


def test_a_source_without_an_end(tmp_path: Path) -> None:
    assert_message(fias("analyse", "demo", home=tmp_path), "no end")


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "full"
    folder.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    (folder / "filler").write_bytes(b"x" * 36_000)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_keeps_what_can_be_kept(tmp_path: Path, video: Path, full_disk: Path) -> None:
    json_file, drawn = tmp_path / "out.json", full_disk / "drawn.mp4"
    done = fias("analyse", video, "--json", json_file, "--annotated", drawn, "--no-coach", home=tmp_path)
    assert_message(done, "No space left")
    assert json_file.is_file(), "the analysis was lost with the video"
    done = fias("analyse", video, "--json", full_disk / "out.json", "--no-coach", home=tmp_path)
    assert_message(done, "No space left")
    assert [path.name for path in full_disk.iterdir()] == ["filler"]


def test_no_display(tmp_path: Path) -> None:
    assert_message(fias("--demo", home=tmp_path, QT_QPA_PLATFORM=""), "display")


def test_a_home_that_cannot_be_made(tmp_path: Path, video: Path) -> None:
    blocker = tmp_path / "file"
    blocker.touch()
    done = fias("analyse", video, "--no-coach", home=tmp_path, FIAS_HOME=str(blocker / "home"))
    assert_message(done)


def test_ctrl_c_ends_with_130_and_leaves_no_half_file(tmp_path: Path) -> None:
    long = tmp_path / "long.mp4"
    render_demo(long, "demo:squat?reps=12&fps=10&size=320x240", 0.0, 25.0)
    command = [sys.executable, "-m", "fias_desktop", "analyse", str(long), "--annotated", str(tmp_path / "out.mp4")]
    environment = {**os.environ, "FIAS_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    # A shell's background job ignores Ctrl+C and hands that on; the program under test must not inherit it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    part = tmp_path / ".out.mp4.part"
    deadline = time.monotonic() + 60
    while not part.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert not part.exists()
    assert not (tmp_path / "out.mp4").exists()
