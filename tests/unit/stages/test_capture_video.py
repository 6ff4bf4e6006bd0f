"""Video files: rate, moments, rotation, and every way in which a file can be bad."""

from __future__ import annotations

import os
import sys
import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Frame
from fias_desktop.stages.capture.opening import open_source
from fias_desktop.stages.capture.source import Source
from tests.unit.stages.capture_files import write_video


def drain(source: Source) -> list[Frame]:
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    source.close()
    return frames


def test_sixty_frames_a_second_stay_sixty(tmp_path: Path) -> None:
    source = open_source(str(write_video(tmp_path / "fast.mp4", frames=60, fps=60)))
    assert source.info.fps == pytest.approx(60.0)
    assert source.info.frames == 60
    assert (source.info.kind, source.info.live, source.info.note) == ("video", False, "")
    frames = drain(source)
    assert [frame.index for frame in frames] == list(range(60))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(60) / 60, atol=1e-4)


@pytest.mark.parametrize(
    ("rotation", "size", "corner"),
    [(0, (160, 120), "tl"), (90, (120, 160), "bl"), (-90, (120, 160), "tr"), (180, (160, 120), "br")],
)
def test_rotation_metadata_turns_the_picture(tmp_path: Path, rotation: int, size: tuple[int, int], corner: str) -> None:
    source = open_source(str(write_video(tmp_path / "phone.mp4", frames=3, rotation=rotation)))
    assert source.info.size == size
    image = drain(source)[0].image
    assert image.shape == (size[1], size[0], 3)
    h, w = size[1] // 4, size[0] // 4
    corners = {"tl": image[h, w], "tr": image[h, -w], "bl": image[-h, w], "br": image[-h, -w]}
    red = {name: int(pixel[0]) - int(pixel[2]) for name, pixel in corners.items()}
    assert max(red, key=lambda name: red[name]) == corner
    assert red[corner] > 100


def test_a_varying_rate_keeps_its_true_moments(tmp_path: Path) -> None:
    moments = [0, 33, 66, 200, 233, 500, 533, 900]
    path = write_video(tmp_path / "phone.mp4", frames=8, moments_ms=moments)
    frames = drain(open_source(str(path)))
    np.testing.assert_allclose([frame.time_s * 1000 for frame in frames], moments, atol=1.5)


def test_time_starts_at_zero_and_rises(tmp_path: Path) -> None:
    path = write_video(tmp_path / "late.mp4", frames=5, moments_ms=[400, 433, 466, 500, 533])
    times = [frame.time_s for frame in drain(open_source(str(path)))]
    assert times[0] == 0.0
    assert all(b > a for a, b in pairwise(times))


def test_pictures_are_rgb_and_read_only(tmp_path: Path) -> None:
    image = drain(open_source(str(write_video(tmp_path / "red.mp4", frames=1))))[0].image
    assert image[20, 20, 0] > 180 > 90 > image[20, 20, 2]
    assert not image.flags.writeable


def test_a_path_with_any_letters(tmp_path: Path) -> None:
    folder = tmp_path / "Übung – 深蹲 №1"
    folder.mkdir()
    source = open_source(str(write_video(folder / "sjöberg ü?fps=3.mp4", frames=4)))
    assert source.info.name == "sjöberg ü?fps=3.mp4"
    assert len(drain(source)) == 4
    plain = write_video(folder / "plain ü.mp4", frames=2)
    assert len(drain(open_source(plain.as_uri()))) == 2


def test_a_cut_off_file_plays_what_is_there_and_says_so(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mp4", frames=120, size=(320, 240))
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.6)])
    source = open_source(str(cut))
    assert "cut off" in source.info.note
    expected = source.info.frames
    frames = drain(source)
    assert expected is not None
    assert 20 < len(frames) < 120
    assert abs(len(frames) - expected) <= 2


def test_damage_in_the_middle_does_not_crash(tmp_path: Path) -> None:
    path = write_video(tmp_path / "hurt.mp4", frames=60, size=(320, 240))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + len(data) // 4] = np.random.default_rng(0).bytes(len(data) // 4)
    path.write_bytes(data)
    frames = drain(open_source(str(path)))
    assert 1 <= len(frames) <= 60


def bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Every bad file with a word of the message it must lead to."""
    text = folder / "notes.mp4"
    text.write_text("Monday: squats\n" * 200)
    empty = folder / "empty.mp4"
    empty.touch()
    tail_lost = write_video(folder / "tail.mp4", frames=60, faststart=False)
    tail_lost.write_bytes(tail_lost.read_bytes()[: tail_lost.stat().st_size // 2])
    return {
        "text": (text, "not a video"),
        "empty": (empty, "empty"),
        "missing": (folder / "nowhere.mp4", "does not exist"),
        "tail lost": (tail_lost, "cut off"),
    }


@pytest.mark.parametrize("kind", ["text", "empty", "missing", "tail lost"])
def test_a_bad_file_is_a_clear_message(tmp_path: Path, kind: str) -> None:
    path, word = bad_files(tmp_path)[kind]
    with pytest.raises(FiasError) as caught:
        open_source(str(path))
    assert word in caught.value.user_message
    assert path.name in caught.value.user_message
    assert caught.value.hint


def test_a_sound_file_alone_is_not_a_video(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))
    with pytest.raises(FiasError, match="not a video"):
        open_source(str(path))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_forbidden_file_is_a_clear_message(tmp_path: Path) -> None:
    path = write_video(tmp_path / "secret.mp4", frames=2)
    path.chmod(0)
    with pytest.raises(FiasError, match="may not be read"):
        open_source(str(path))


def test_an_impossible_path_is_a_clear_message() -> None:
    with pytest.raises(FiasError):
        open_source("a" * 5000 + ".mp4")
    with pytest.raises(FiasError):
        open_source("bad\0name.mp4")
