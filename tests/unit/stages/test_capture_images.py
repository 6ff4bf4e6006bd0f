"""Folders of images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Frame
from fias_desktop.stages.capture.images import natural_key
from fias_desktop.stages.capture.opening import open_source
from tests.unit.stages.capture_files import UInt8, write_image


def grey(level: int, size: tuple[int, int] = (64, 48)) -> UInt8:
    return np.full((size[1], size[0], 3), level, dtype=np.uint8)


def frames_of(text: str) -> list[Frame]:
    source = open_source(text)
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    source.close()
    return frames


def test_images_play_in_natural_order_at_thirty(tmp_path: Path) -> None:
    for number in (10, 2, 1):
        write_image(tmp_path / f"img{number}.png", grey(number * 10))
    (tmp_path / "notes.txt").write_text("no image")
    source = open_source(str(tmp_path))
    assert (source.info.kind, source.info.fps, source.info.frames, source.info.size) == ("images", 30.0, 3, (64, 48))
    frames = frames_of(str(tmp_path))
    assert [int(frame.image[5, 5, 0]) for frame in frames] == [10, 20, 100]
    np.testing.assert_allclose([frame.time_s for frame in frames], [0, 1 / 30, 2 / 30])


def test_a_given_rate(tmp_path: Path) -> None:
    for number in range(3):
        write_image(tmp_path / f"{number}.jpg", grey(100))
    assert [frame.time_s for frame in frames_of(f"{tmp_path}?fps=25")] == [0.0, 0.04, 0.08]


@pytest.mark.parametrize("options", ["fps=0", "fps=many", "fsp=25", "fps=1e9"])
def test_a_wrong_rate_is_a_clear_message(tmp_path: Path, options: str) -> None:
    write_image(tmp_path / "1.png", grey(1))
    with pytest.raises(FiasError, match="folder"):
        open_source(f"{tmp_path}?{options}")


def test_sizes_follow_the_first_without_distortion(tmp_path: Path) -> None:
    write_image(tmp_path / "1.png", grey(200, (80, 60)))
    write_image(tmp_path / "2.png", grey(200, (60, 120)))
    second = frames_of(str(tmp_path))[1].image
    assert second.shape == (60, 80, 3)
    assert second[30, 40, 0] == 200
    assert second[30, 2, 0] == 0


def test_damaged_images_are_left_out_and_said(tmp_path: Path) -> None:
    write_image(tmp_path / "1.png", grey(10))
    (tmp_path / "2.png").write_bytes(b"not an image")
    (tmp_path / "3.png").touch()
    write_image(tmp_path / "4.png", grey(40))
    source = open_source(str(tmp_path))
    levels = []
    while (frame := source.read()) is not None:
        levels.append(int(frame.image[0, 0, 0]))
    assert levels == [10, 40]
    assert source.info.frames == 2
    assert "2 images" in source.info.note


def test_non_ascii_folder(tmp_path: Path) -> None:
    folder = tmp_path / "Kniebeugen für Ännchen 深蹲"
    folder.mkdir()
    write_image(folder / "bild ä.png", grey(7))
    assert len(frames_of(str(folder))) == 1


def test_a_folder_without_images_is_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(FiasError, match="no pictures"):
        open_source(str(tmp_path))
    (tmp_path / "broken.png").write_bytes(b"\x89PNG nothing more")
    with pytest.raises(FiasError, match="no pictures"):
        open_source(str(tmp_path))


def test_natural_order() -> None:
    names = ["b1", "a10", "a2", "A1", "10", "9"]
    assert sorted(names, key=natural_key) == ["9", "10", "A1", "a2", "a10", "b1"]
