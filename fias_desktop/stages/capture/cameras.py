"""Cameras: their names without Qt, and a source that notices within two seconds when one is gone."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.clock import Clock, SystemClock
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Frame
from fias_desktop.stages.capture.source import SourceInfo

LOST_AFTER_S = 2.0
OPEN_LIMIT_S = 8.0  # some drivers take seconds to wake
_LIST_LIMIT_S = 8.0
_WIDTH, _HEIGHT, _FPS = 640, 480, 30.0
_VIDEO_CAPTURE = 0x00000001 | 0x00001000  # V4L2_CAP_VIDEO_CAPTURE and its multi-planar form
_QUERYCAP = 0x80685600  # VIDIOC_QUERYCAP: _IOR('V', 0, struct v4l2_capability), 104 bytes


@dataclass(frozen=True)
class CameraName:
    """A camera: its `index` for OpenCV and its `name` for people."""

    index: int
    name: str


def list_cameras() -> tuple[CameraName, ...]:
    """The cameras of this machine by name, in index order; empty when there are none or nobody can tell."""
    if sys.platform.startswith("linux"):
        return linux_cameras()
    if sys.platform == "darwin":
        return parse_macos(_said(["system_profiler", "SPCameraDataType", "-json"]))
    if sys.platform == "win32":
        return parse_windows(_said(["powershell", "-NoProfile", "-NonInteractive", "-Command", _POWERSHELL]))
    return ()


def linux_cameras(names: Path = Path("/sys/class/video4linux"), devices: Path = Path("/dev")) -> tuple[CameraName, ...]:
    """Cameras from the kernel's list; nodes that only carry metadata are left out."""
    found = []
    for node in names.glob("video*"):
        digits = node.name.removeprefix("video")
        if digits.isdigit() and _captures(devices / node.name, node):
            found.append(CameraName(int(digits), _text(node / "name") or node.name))
    return tuple(sorted(found, key=lambda camera: camera.index))


def _captures(device: Path, node: Path) -> bool:
    """Whether a node delivers pictures: asked of the driver; where that is not allowed, the first node of a device."""
    import fcntl  # there is none on Windows

    reply = bytearray(104)
    try:
        with device.open("rb", buffering=0) as file:
            fcntl.ioctl(file, _QUERYCAP, reply)
    except OSError:
        return (_text(node / "index") or "0") == "0"
    capabilities, device_caps = struct.unpack_from("<II", reply, 84)
    has_own = capabilities & 0x80000000
    return bool((device_caps if has_own else capabilities) & _VIDEO_CAPTURE)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


_POWERSHELL = (
    "[Console]::OutputEncoding=[Text.Encoding]::UTF8;"
    "Get-PnpDevice -Class Camera,Image -PresentOnly -Status OK -ErrorAction SilentlyContinue"
    " | Select-Object FriendlyName | ConvertTo-Json -Compress"
)


def _said(command: list[str]) -> str:
    """What a system tool prints within the time limit, or nothing."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_LIST_LIMIT_S,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", errors="replace")


def parse_macos(text: str) -> tuple[CameraName, ...]:
    """Names from `system_profiler SPCameraDataType -json`, ordered by unique id as OpenCV does."""
    rows: list[dict[str, Any]] = _json(text, {}).get("SPCameraDataType", [])
    rows = sorted(rows, key=lambda row: str(row.get("spcamera_unique-id", "")))
    return tuple(CameraName(i, str(row.get("_name", f"Camera {i}"))) for i, row in enumerate(rows))


def parse_windows(text: str) -> tuple[CameraName, ...]:
    """Names from PowerShell's JSON: one object, a list of objects, or nothing. The order is the system's own."""
    rows = _json(text, [])
    rows = [rows] if isinstance(rows, dict) else rows
    return tuple(CameraName(i, str(row.get("FriendlyName") or f"Camera {i}")) for i, row in enumerate(rows))


def _json(text: str, empty: Any) -> Any:
    try:
        return json.loads(text) or empty
    except ValueError:
        return empty


def find_camera(wanted: str, cameras: tuple[CameraName, ...]) -> CameraName:
    """The camera with that index, or whose name is or holds `wanted` (any case); FiasError when none or several do."""
    wanted = wanted.strip()
    known = ", ".join(f"{camera.index} {camera.name}" for camera in cameras)
    hint = f"Known cameras: {known}." if known else "Plug a camera in, or open a video file or the demo."
    if wanted.isdecimal():
        index = int(wanted)
        # An index is worth trying even where names cannot be listed.
        return next((camera for camera in cameras if camera.index == index), CameraName(index, f"number {index}"))
    exact = [camera for camera in cameras if camera.name.casefold() == wanted.casefold()]
    part = [camera for camera in cameras if wanted.casefold() in camera.name.casefold()]
    if len(exact) == 1 or len(part) == 1:
        return (exact or part)[0]
    if not part:
        raise FiasError(f"There is no camera called {wanted!r}.", hint)
    raise FiasError(f"{len(part)} cameras are called {wanted!r}.", f"{hint} Choose one by its number.")


class Device(Protocol):
    """The part of cv2.VideoCapture that is used."""

    def read(self) -> tuple[bool, NDArray[np.uint8] | None]:
        """Wait for a picture: (worked, BGR image)."""
        ...

    def release(self) -> None:
        """Give the device back."""
        ...


def open_device(index: int) -> Device | None:
    """OpenCV's capture for a camera, asked for MJPG 640x480 at 30 fps and a short buffer; None when it stays shut."""
    if sys.platform.startswith("linux") and not Path(f"/dev/video{index}").exists():
        return None  # OpenCV would say so on the error stream
    backend = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}.get(sys.platform)
    capture = cv2.VideoCapture(index, backend if backend is not None else cv2.CAP_ANY)
    if not capture.isOpened():
        return None
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, _WIDTH)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, _HEIGHT)
    capture.set(cv2.CAP_PROP_FPS, _FPS)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture


class CameraSource:
    """A camera. A driver may block for ever in a read, so the device lives in a reader thread of its own, which opens,
    reads and releases it; `read` waits for the newest picture at most two seconds."""

    def __init__(
        self,
        camera: CameraName,
        opener: Callable[[int], Device | None] = open_device,
        clock: Clock | None = None,
        lost_after_s: float = LOST_AFTER_S,
    ) -> None:
        """Open a camera; FiasError when it does not open or delivers no picture."""
        self._camera, self._opener, self._clock = camera, opener, clock or SystemClock()
        self._lost_after_s = lost_after_s
        self._ready = threading.Condition()
        self._image: NDArray[np.uint8] | None = None
        self._image_s = 0.0
        self._state = "opening"  # opening | open | lost | refused | closed
        self._index = 0
        self._thread = threading.Thread(target=self._pump, name=f"camera {camera.index}", daemon=True)
        self._thread.start()
        first = self._open_first()
        self._info = self._describe(first)
        self._first: Frame | None = first

    @property
    def info(self) -> SourceInfo:
        """What is known about the camera."""
        return self._info

    def read(self) -> Frame | None:
        """The newest picture (waits for one that has not been given); FiasError when the camera was lost."""
        first, self._first = self._first, None
        return first or self._wait(self._lost_after_s, self._lost)

    def close(self) -> None:
        """Ask the reader thread to release the device and wait for it briefly."""
        with self._ready:
            self._state = "closed"
            self._ready.notify_all()
        self._thread.join(timeout=1.0)

    def _open_first(self) -> Frame:
        try:
            return self._wait(OPEN_LIMIT_S, self._silent)
        except FiasError:
            self.close()
            raise

    def _wait(self, limit_s: float, failure: Callable[[], FiasError]) -> Frame:
        with self._ready:
            self._ready.wait_for(lambda: self._image is not None or self._state not in ("opening", "open"), limit_s)
            image, self._image = self._image, None
            if image is None:
                raise self._refused() if self._state == "refused" else failure()
            if self._index == 0:
                self._start_s = self._image_s
            frame_s = self._image_s - self._start_s
        frame = Frame(self._index, frame_s, np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8))
        self._index += 1
        return frame

    def _pump(self) -> None:
        device = self._opener(self._camera.index)
        if device is None:
            self._turn("refused")
            return
        self._device_fps = float(getattr(device, "get", lambda _: 0.0)(cv2.CAP_PROP_FPS))
        if self._turn("open"):
            while self._take(*device.read()):
                pass
        device.release()

    def _turn(self, state: str) -> bool:
        """Move on unless closed meanwhile."""
        with self._ready:
            if self._state != "closed":
                self._state = state
            self._ready.notify_all()
            return self._state == state

    def _take(self, worked: bool, image: NDArray[np.uint8] | None) -> bool:
        if not worked or image is None:
            self._turn("lost")
            return False
        with self._ready:
            self._image, self._image_s = image, self._clock.now_s()
            self._ready.notify_all()
            return self._state == "open"

    def _describe(self, first: Frame) -> SourceInfo:
        height, width = first.image.shape[:2]
        fps = self._device_fps if 1.0 <= self._device_fps <= 240.0 else _FPS
        return SourceInfo(self._camera.name, "camera", fps, (width, height), None, live=True)

    def _lost(self) -> FiasError:
        return FiasError(f"The camera {self._camera.name} was lost.", "Check its cable.")

    def _silent(self) -> FiasError:
        return FiasError(
            f"The camera {self._camera.name} delivers no picture.",
            "Close other programs that use it, open its shutter, or plug it in again.",
        )

    def _refused(self) -> FiasError:
        device = Path(f"/dev/video{self._camera.index}")
        if sys.platform.startswith("linux") and device.exists() and not _may_open(device):
            return FiasError(
                f"The camera {self._camera.name} may not be used by this account.",
                "Add the account to the group `video` and log in again.",
            )
        return FiasError(
            f"The camera {self._camera.name} could not be opened.",
            "Check that it is plugged in, that no other program uses it and that this program may use cameras;"
            " or open a video file or the demo.",
        )


def _may_open(device: Path) -> bool:
    try:
        with device.open("rb", buffering=0):
            return True
    except PermissionError:
        return False
    except OSError:
        return True
