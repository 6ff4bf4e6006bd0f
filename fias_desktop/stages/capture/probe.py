"""Foreign files are tried in a short-lived child process first: open, decode the first picture, look at the others.

A decoder that crashes or hangs on a damaged file takes the child with it, not the program. The child imports PyAV or
OpenCV and numpy, nothing heavier. A frozen program is started as `<program> --probe PATH`; its `__main__` must hand
that flag to `probe_main(path)` before it imports anything else and exit with the answer. The exit code is the verdict,
so that a windowed program without a standard output can give it too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from enum import IntEnum
from pathlib import Path

import av
import cv2
import numpy as np

from fias_desktop.domain.errors import FiasError

PROBE_FLAG = "--probe"
IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
_LIMIT_S = 20.0  # a child takes 0.3 s; a busy machine may need many times that
# A whole folder is decoded: this much more for each picture.
_LIMIT_PER_IMAGE_S = 0.05
_CHOOSE = "Choose another file."
_CHILD = f"import sys; from {__name__} import probe_main; sys.exit(probe_main(sys.argv[1]))"


class Verdict(IntEnum):
    """The child's exit codes. Anything else means that it crashed."""

    GOOD = 0
    NOT_A_VIDEO = 10
    NO_PICTURE = 11
    NO_IMAGES = 12
    REFUSED = 13
    MISSING = 14


_MESSAGES: dict[int, tuple[str, str]] = {
    Verdict.NOT_A_VIDEO: ("{name} is not a video this program can read, or it is cut off.", _CHOOSE),
    Verdict.NO_PICTURE: (
        "{name} holds no picture that can be read.",
        "Record or copy it again, or choose another file.",
    ),
    Verdict.NO_IMAGES: (
        "The folder {name} holds no pictures that can be read.",
        "Choose a folder with JPEG or PNG files.",
    ),
    Verdict.REFUSED: ("{name} may not be read.", "Change the file's permissions or copy it to a folder of yours."),
    # Python's own exit code after an error of ours, which says nothing about the file.
    1: ("{name} could not be checked.", "Start the program again; if that does not help, install it again."),
    Verdict.MISSING: ("{name} does not exist.", "Check the path, or choose the file with the file dialog."),
}


def check_file(path: Path, limit_s: float = _LIMIT_S) -> None:
    """Raise FiasError unless a video file or a folder of images can be opened and gives its first picture.

    Missing, empty and forbidden files are answered at once; the rest is tried in a child process for at most `limit_s`
    seconds.
    """
    _check_without_decoding(path)
    try:
        done = subprocess.run(
            _command(path),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=limit_s + _LIMIT_PER_IMAGE_S * (len(image_files(path)) if path.is_dir() else 0),
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FiasError(f"{path.name} could not be opened within {limit_s:.0f} seconds.", _CHOOSE) from error
    except OSError as error:
        raise FiasError(
            f"{path.name} could not be checked: {error.strerror or error}.", "Close other programs."
        ) from error
    if done.returncode != Verdict.GOOD:
        raise _error(path, done.returncode)


def probe_main(path: str) -> int:
    """Run in the child: the verdict on one file or folder, as an exit code. Never raises for a bad file."""
    try:
        return int(_probe_folder(Path(path)) if Path(path).is_dir() else _probe_video(path))
    except PermissionError:
        return int(Verdict.REFUSED)
    except FileNotFoundError:
        return int(Verdict.MISSING)


def image_files(folder: Path) -> list[Path]:
    """The image files directly inside a folder, in no order."""
    return [path for path in folder.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES and path.is_file()]


def _check_without_decoding(path: Path) -> None:
    try:
        if path.is_dir():
            if not image_files(path):
                raise _error(path, Verdict.NO_IMAGES)
            return
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        raise _error(path, Verdict.MISSING) from error
    except PermissionError as error:
        raise _error(path, Verdict.REFUSED) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise FiasError(f"{path.name} could not be read: {reason or error}.", _CHOOSE) from error
    if empty:
        raise FiasError(f"{path.name} is empty (0 bytes).", "Record or copy it again, or choose another file.")


def _error(path: Path, code: int) -> FiasError:
    message, hint = _MESSAGES.get(code, ("{name} is so damaged that reading it failed; it was not opened.", _CHOOSE))
    return FiasError(message.format(name=path.name or str(path)), hint)


def _command(path: Path) -> list[str]:
    where = str(path.absolute())
    if getattr(sys, "frozen", False):
        return [sys.executable, PROBE_FLAG, where]
    return [sys.executable, "-P", "-c", _CHILD, where]


def _environment() -> dict[str, str]:
    """The child finds the package where this process found it."""
    here = str(Path(__file__).resolve().parents[3])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([here, known]) if known else here, "OMP_NUM_THREADS": "1"}


def _probe_video(path: str) -> Verdict:
    try:
        with av.open(path) as container:
            if not container.streams.video:
                return Verdict.NOT_A_VIDEO
            frame = next(container.decode(video=0), None)
            if frame is None or frame.width < 1 or frame.height < 1:
                return Verdict.NO_PICTURE
            frame.to_ndarray(format="rgb24")
    except (PermissionError, FileNotFoundError):
        raise
    except (av.FFmpegError, ValueError, OSError):
        return Verdict.NOT_A_VIDEO
    return Verdict.GOOD


def _probe_folder(folder: Path) -> Verdict:
    good = 0
    for path in image_files(folder):
        data = np.fromfile(path, dtype=np.uint8)
        # A reduced picture takes the same decoder and a fraction of the time.
        good += len(data) > 0 and cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_8) is not None
    return Verdict.GOOD if good else Verdict.NO_IMAGES
