from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import UInt8
from fias_desktop.store.video_writer import VideoWriter


def noise(seed: int, size: tuple[int, int] = (320, 240)) -> UInt8:
    return np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 200 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)], check=False)
    if mounted.returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_times_and_colours_survive(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "out.mp4", 25.0, (64, 48))
    times = [0.0, 0.04, 0.08, 0.5, 0.54]
    for time_s in times:
        image = np.zeros((48, 64, 3), np.uint8)
        image[..., 0] = 200
        writer.write(image, time_s)
    writer.close()
    with av.open(str(tmp_path / "out.mp4")) as container:
        frames = list(container.decode(video=0))
    assert [float(frame.time) for frame in frames] == pytest.approx(times, abs=0.001)
    red, green, blue = frames[0].to_ndarray(format="rgb24")[24, 32]
    assert red > 150 > 60 > max(green, blue)


def test_odd_sides_lose_one_row_and_column(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "out.mp4", 30.0, (65, 49))
    writer.write(np.zeros((49, 65, 3), np.uint8), 0.0)
    writer.close()
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (64, 48)


def test_nothing_has_the_final_name_before_the_end(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "out.mp4", 30.0, (320, 240))
    writer.write(noise(0), 0.0)
    assert not (tmp_path / "out.mp4").exists()
    writer.close()
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


def test_an_abandoned_video_leaves_nothing(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "out.mp4", 30.0, (320, 240))
    writer.write(noise(0), 0.0)
    writer.abandon()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_error_with_a_next_step_and_no_half_file(small_disk: Path) -> None:
    writer = VideoWriter(small_disk / "out.mp4", 30.0, (320, 240))
    with pytest.raises(FiasError, match="No space") as caught:
        for i in range(200):
            writer.write(noise(i), i / 30)
        writer.close()
    assert "space" in caught.value.hint
    assert list(small_disk.iterdir()) == []


def test_a_disk_that_fills_at_the_very_end_leaves_no_half_file(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * 190_000)
    writer = VideoWriter(small_disk / "out.mp4", 30.0, (320, 240))
    with pytest.raises(FiasError):
        for i in range(3):
            writer.write(noise(i), i / 30)
        writer.close()
    assert [path.name for path in small_disk.iterdir()] == ["filler"]
