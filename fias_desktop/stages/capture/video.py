"""Video files through PyAV: upright, with each picture's true moment, at the file's own rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Frame
from fias_desktop.stages.capture.probe import check_file
from fias_desktop.stages.capture.source import SourceInfo

_FALLBACK_FPS = 30.0
_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


def picture_of(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """A decoded frame as uint8 (H, W, 3) RGB, turned upright as its display matrix asks (quarter turns)."""
    image: NDArray[np.uint8] = frame.to_ndarray(format="rgb24")
    turn = _TURNS.get(round(frame.rotation / 90) * 90 % 360)
    return image if turn is None else np.asarray(cv2.rotate(image, turn), dtype=np.uint8)


class VideoSource:
    """A video file. A damaged or cut-off file plays up to where it is whole and then ends, with a note in `info`."""

    def __init__(self, path: Path) -> None:
        """Open a file; FiasError when it is missing, forbidden, empty, not a video or damaged from the start."""
        check_file(path)
        try:
            self._container = av.open(str(path))
        except (av.FFmpegError, OSError, ValueError) as error:
            raise FiasError(f"{path.name} could not be opened.", "Choose another file.") from error
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"
        self._frames: Iterator[av.VideoFrame] = self._container.decode(self._stream)
        self._first = self._next()
        if self._first is None:
            self._container.close()
            raise FiasError(f"{path.name} holds no picture that can be read.", "Choose another file.")
        self._start_s = self._moment_s(self._first, 0)
        self._index = 0
        self._last_s = -1.0
        self._info = self._describe(path, self._first)

    @property
    def info(self) -> SourceInfo:
        """What is known about the file; `note` is filled when it turns out to be cut off."""
        return self._info

    def read(self) -> Frame | None:
        """The next picture; None at the end or where the rest cannot be read."""
        frame, self._first = self._first or self._next(), None
        if frame is None:
            self._check_whole()
            return None
        # Broken time stamps must not run backwards: later stages need ascending times.
        time_s = max(self._moment_s(frame, self._index) - self._start_s, self._last_s + 1e-3 if self._index else 0.0)
        result = Frame(self._index, time_s, picture_of(frame))
        self._index, self._last_s = self._index + 1, time_s
        return result

    def close(self) -> None:
        """Close the file."""
        self._frames = iter(())
        self._first = None
        self._container.close()

    def _next(self) -> av.VideoFrame | None:
        try:
            return next(self._frames, None)
        except (av.FFmpegError, OSError):
            self._frames = iter(())
            return None

    def _moment_s(self, frame: av.VideoFrame, index: int) -> float:
        return float(frame.time) if frame.time is not None else index / self._fps()

    def _fps(self) -> float:
        rate = self._stream.average_rate or self._stream.guessed_rate
        return float(rate) if rate else _FALLBACK_FPS

    def _describe(self, path: Path, first: av.VideoFrame) -> SourceInfo:
        sideways = round(first.rotation / 90) % 2 == 1
        size = (first.height, first.width) if sideways else (first.width, first.height)
        frames, note = self._stream.frames or None, ""
        whole = self._frames_within(path.stat().st_size)
        if frames and whole is not None and whole < frames:
            note = (
                f"The file is cut off: about {whole / self._fps():.0f} of {frames / self._fps():.0f} seconds are there."
            )
            frames = whole
        return SourceInfo(path.name, "video", self._fps(), size, frames, live=False, note=note)

    def _frames_within(self, size_bytes: int) -> int | None:
        """How many pictures of the file's index lie inside the file; None where the format has no such index."""
        entries = self._stream.index_entries
        if len(entries) == 0 or len(entries) != self._stream.frames:
            return None
        return sum(bool(entry.pos + entry.size <= size_bytes) for entry in entries)

    def _check_whole(self) -> None:
        expected = self._info.frames
        if expected and self._index < expected - 2 and not self._info.note:
            note = f"The file is damaged: only {self._index} of {expected} pictures could be read."
            self._info = replace(self._info, note=note)
