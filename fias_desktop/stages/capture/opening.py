"""From what a person typed to an open source."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from urllib.request import url2pathname

from fias_desktop.domain.errors import FiasError
from fias_desktop.stages.capture.cameras import CameraName, CameraSource, find_camera, list_cameras
from fias_desktop.stages.capture.demo import DemoSource, parse_demo
from fias_desktop.stages.capture.images import DEFAULT_FPS, ImagesSource
from fias_desktop.stages.capture.source import Source
from fias_desktop.stages.capture.stream import SCHEMES, StreamSource
from fias_desktop.stages.capture.video import VideoSource

_CAMERA, _DEMO = "camera", "demo"


def open_source(text: str) -> Source:
    """Open a source by its text; FiasError with what to do when that fails.

    - empty: the first camera, or the demo where there is no camera
    - `camera`, `camera:0`, `0`, `camera:Integrated Webcam`: a camera, by index or by a unique part of its name
    - `demo`, `demo:squat?view=45&error=knees_inward`: the rendered athlete (see `demo.parse_demo`)
    - `http://...`, `https://...`, `rtsp://...`: a stream
    - a folder: its images at 30 fps; `folder?fps=25` at 25
    - a file (a path, or its `file://` address): a video
    """
    text = text.strip()
    if not text:
        return _first_camera_or_demo()
    kind, _, rest = text.partition(":")
    if kind.casefold() == _CAMERA:
        return CameraSource(_camera(rest))
    if text.isdecimal() and not _exists(Path(text)):
        return CameraSource(_camera(text))
    if re.match(r"demo($|[:?])", text, re.IGNORECASE):
        return DemoSource(parse_demo(text))
    if "://" in text and urlsplit(text).scheme in SCHEMES:
        return StreamSource(text)
    if text.casefold().startswith("file://"):
        return _open_path(url2pathname(urlsplit(text).path))
    return _open_path(text)


def _first_camera_or_demo() -> Source:
    cameras = list_cameras()
    return CameraSource(cameras[0]) if cameras else DemoSource(parse_demo(_DEMO))


def _camera(wanted: str) -> CameraName:
    cameras = list_cameras()
    if wanted.strip():
        return find_camera(wanted, cameras)
    if not cameras:
        raise FiasError(
            "No camera was found.", "Plug a camera in and try again, or open a video file, a stream or the demo."
        )
    return cameras[0]


def _open_path(text: str) -> Source:
    path = Path(text).expanduser()
    folder, options = path, ""
    if "?" in text and not _exists(path):
        before, _, options = text.rpartition("?")
        folder = Path(before).expanduser()
    if _is_folder(folder):
        return ImagesSource(folder, _fps(options))
    return VideoSource(path)


def _exists(path: Path) -> bool:
    """False also for a text that can be no path at all."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    return _exists(path) and path.is_dir()


def _fps(options: str) -> float:
    given = dict(parse_qsl(options, keep_blank_values=True))
    text = given.pop("fps", str(DEFAULT_FPS))
    try:
        fps = float(text)
    except ValueError:
        fps = 0.0
    if given or not 0.1 <= fps <= 240.0:
        raise FiasError(f"{options!r} cannot be used with a folder.", "Write for example: folder?fps=25")
    return fps
