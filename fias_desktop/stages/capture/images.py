"""A folder of images played as a video."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Frame
from fias_desktop.stages.capture.probe import check_file, image_files
from fias_desktop.stages.capture.source import SourceInfo

DEFAULT_FPS = 30.0


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sort key in which `frame2` comes before `frame10`."""
    parts = re.findall(r"(\d+)|(\D+)", name.casefold())
    return [(0, int(digits), "") if digits else (1, 0, text) for digits, text in parts]


class ImagesSource:
    """The images of a folder in natural order at `fps`; all are fitted into the size of the first."""

    def __init__(self, folder: Path, fps: float = DEFAULT_FPS) -> None:
        """Open a folder; FiasError when it is missing, forbidden or holds nothing that can be read."""
        check_file(folder)
        self._paths = sorted(image_files(folder), key=lambda path: natural_key(path.name))
        self._skipped = 0
        self._next_path = 0
        self._index = 0
        self._first = self._load()
        if self._first is None:
            raise FiasError(f"The folder {folder.name} holds no pictures that can be read.", "Choose another folder.")
        self._size = (self._first.shape[1], self._first.shape[0])
        self._fps = fps
        self._name = folder.name

    @property
    def info(self) -> SourceInfo:
        """What is known about the folder; damaged images are counted out as they are met."""
        note = f"{self._skipped} images could not be read and were left out." if self._skipped else ""
        frames = len(self._paths) - self._skipped
        return SourceInfo(self._name, "images", self._fps, self._size, frames, live=False, note=note)

    def read(self) -> Frame | None:
        """The next image; None at the end."""
        image, self._first = self._first if self._first is not None else self._load(), None
        if image is None:
            return None
        frame = Frame(self._index, self._index / self._fps, fit(image, self._size))
        self._index += 1
        return frame

    def close(self) -> None:
        """Nothing stays open."""
        self._next_path = len(self._paths)
        self._first = None

    def _load(self) -> NDArray[np.uint8] | None:
        while self._next_path < len(self._paths):
            path = self._paths[self._next_path]
            self._next_path += 1
            image = load_image(path)
            if image is not None:
                return image
            self._skipped += 1
        return None


def load_image(path: Path) -> NDArray[np.uint8] | None:
    """An image file as uint8 (H, W, 3) RGB, upright by its EXIF orientation; None when it cannot be read.

    The bytes are read by Python: OpenCV's own reader fails on non-ASCII paths on Windows.
    """
    try:
        data = np.fromfile(path, dtype=np.uint8)
    except OSError:
        return None
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    return None if image is None else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def fit(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale into `size` (width, height) without distortion, black around what is left over."""
    height, width = image.shape[:2]
    if (width, height) == size:
        return image
    scale = min(size[0] / width, size[1] / height)
    inner = (max(round(width * scale), 1), max(round(height * scale), 1))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    result = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    result[top : top + inner[1], left : left + inner[0]] = cv2.resize(image, inner, interpolation=interpolation)
    return result
