"""Camera names on three systems, choosing by name, and a camera that freezes, is unplugged or does not open."""

from __future__ import annotations

import json
import threading
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.stages.capture.cameras import (
    CameraName,
    CameraSource,
    find_camera,
    linux_cameras,
    list_cameras,
    parse_macos,
    parse_windows,
)
from fias_desktop.stages.capture.opening import open_source
from tests.unit.stages.capture_files import UInt8

CAMERAS = (CameraName(0, "Integrated Webcam"), CameraName(2, "USB Cam"), CameraName(4, "USB Cam HD"))


class ScriptedCamera:
    """A device that gives `good` pictures and then fails, or freezes until it is let go."""

    def __init__(self, good: int, then: str = "fail", period_s: float = 0.005) -> None:
        self._good, self._then, self._period_s = good, then, period_s
        self.let_go = threading.Event()
        self.released_by = ""
        self.opened_by = threading.current_thread().name

    def read(self) -> tuple[bool, UInt8 | None]:
        self._good -= 1
        if self._good < 0:
            if self._then == "freeze":
                self.let_go.wait(10.0)
            return False, None
        time.sleep(self._period_s)
        return True, np.full((48, 64, 3), (255, 0, 0), dtype=np.uint8)

    def release(self) -> None:
        self.released_by = threading.current_thread().name


def open_camera(device: ScriptedCamera | None, lost_after_s: float = 0.2) -> CameraSource:
    return CameraSource(CAMERAS[0], opener=lambda _: device, lost_after_s=lost_after_s)


def test_pictures_come_as_rgb_with_rising_times() -> None:
    device = ScriptedCamera(10_000)
    source = open_camera(device)
    frames = [source.read() for _ in range(5)]
    source.close()
    assert (source.info.name, source.info.kind, source.info.live) == ("Integrated Webcam", "camera", True)
    assert source.info.size == (64, 48)
    assert all(frame is not None and tuple(frame.image[0, 0]) == (0, 0, 255) for frame in frames)
    times = [frame.time_s for frame in frames if frame is not None]
    assert times[0] == 0.0
    assert all(b > a for a, b in pairwise(times))


def test_the_thread_that_reads_releases_and_ends() -> None:
    device = ScriptedCamera(10_000)
    before = set(threading.enumerate())
    source = open_camera(device)
    source.close()
    source.close()
    assert device.released_by == "camera 0"
    assert set(threading.enumerate()) == before


def test_only_the_newest_picture_is_kept() -> None:
    source = open_camera(ScriptedCamera(10_000, period_s=0.01))
    first = source.read()
    time.sleep(0.3)
    started = time.monotonic()
    second = source.read()
    source.close()
    assert first is not None
    assert second is not None
    assert second.time_s - first.time_s > 0.2
    assert time.monotonic() - started < 0.1


def test_an_unplugged_camera_is_lost() -> None:
    source = open_camera(ScriptedCamera(4))
    with pytest.raises(FiasError, match="The camera Integrated Webcam was lost") as caught:
        for _ in range(20):
            source.read()
    source.close()
    assert caught.value.hint


def test_a_frozen_camera_is_lost_in_time() -> None:
    device = ScriptedCamera(3, then="freeze")
    source = open_camera(device)
    with pytest.raises(FiasError, match="was lost"):
        for _ in range(20):
            started = time.monotonic()
            source.read()
    assert time.monotonic() - started < 1.0
    device.let_go.set()
    source.close()
    assert device.released_by == "camera 0"


def test_a_camera_that_does_not_open() -> None:
    with pytest.raises(FiasError, match="could not be opened"):
        open_camera(None)


def test_a_camera_without_a_first_picture() -> None:
    device = ScriptedCamera(0)
    with pytest.raises(FiasError, match="delivers no picture"):
        open_camera(device)
    assert device.released_by == "camera 0"


def test_linux_names_come_from_the_kernel(tmp_path: Path) -> None:
    for number, index, name in ((0, "0", "Integrated Webcam"), (1, "1", "Integrated Webcam"), (10, "0", "Ü Cam")):
        node = tmp_path / f"video{number}"
        node.mkdir()
        (node / "name").write_text(name + "\n", encoding="utf-8")
        (node / "index").write_text(index + "\n")
    found = linux_cameras(tmp_path, tmp_path / "no-devices")
    assert found == (CameraName(0, "Integrated Webcam"), CameraName(10, "Ü Cam"))
    assert linux_cameras(tmp_path / "none", tmp_path) == ()


def test_macos_names_in_opencv_order() -> None:
    rows = [
        {"_name": "Studio Display Camera", "spcamera_unique-id": "0xB"},
        {"_name": "FaceTime HD", "spcamera_unique-id": "0xA"},
    ]
    text = json.dumps({"SPCameraDataType": rows})
    assert parse_macos(text) == (CameraName(0, "FaceTime HD"), CameraName(1, "Studio Display Camera"))
    assert parse_macos("not json") == ()


def test_windows_names() -> None:
    one = '{"FriendlyName":"HD Webcam"}'
    assert parse_windows(one) == (CameraName(0, "HD Webcam"),)
    assert parse_windows(f'[{one},{{"FriendlyName":null}}]') == (CameraName(0, "HD Webcam"), CameraName(1, "Camera 1"))
    assert parse_windows("") == ()


@pytest.mark.parametrize(
    ("wanted", "index"), [("0", 0), ("integrated", 0), ("USB CAM", 2), ("usb cam hd", 4), (" HD ", 4), ("7", 7)]
)
def test_a_camera_by_index_or_part_of_its_name(wanted: str, index: int) -> None:
    assert find_camera(wanted, CAMERAS).index == index


def test_no_or_several_cameras_of_a_name() -> None:
    with pytest.raises(FiasError, match="no camera called 'GoPro'") as caught:
        find_camera("GoPro", CAMERAS)
    assert "0 Integrated Webcam" in caught.value.hint
    with pytest.raises(FiasError, match="2 cameras"):
        find_camera("usb", CAMERAS)


@pytest.mark.skipif(bool(list_cameras()), reason="this machine has a camera")
@pytest.mark.parametrize("text", ["camera", "camera:", "camera:0", "camera:Webcam", "Camera:7", "0"])
def test_asked_for_a_camera_where_there_is_none(text: str) -> None:
    with pytest.raises(FiasError) as caught:
        open_source(text)
    assert "amera" in caught.value.user_message
    assert caught.value.hint
