"""Writes an annotated video: H.264 where the encoder is there, MPEG-4 otherwise, whole or not at all."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import UInt8

_TIME_BASE = Fraction(1, 90000)
_CODECS = ("libx264", "libopenh264", "mpeg4")


class VideoWriter:
    """An MP4 that appears under its name only when `close` has succeeded. `size` is (width, height) of the pictures.

    Every method raises FiasError when the disk refuses; the unfinished file is then gone.
    """

    def __init__(self, path: Path, fps: float, size: tuple[int, int]) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._last_pts = -1
        # The encoders want even sides; an odd last row or column is left out.
        self._width, self._height = size[0] // 2 * 2, size[1] // 2 * 2
        try:
            self._container: Any = av.open(str(self._part), "w", format="mp4")
            self._stream = self._add_stream(fps)
        except (OSError, ValueError) as error:
            raise self._failed(error) from error

    def write(self, image: UInt8, time_s: float) -> None:
        """Append a picture (H, W, 3) RGB at its time in seconds."""
        frame = av.VideoFrame.from_ndarray(image[: self._height, : self._width].copy(), format="rgb24")
        self._last_pts = max(round(time_s / _TIME_BASE), self._last_pts + 1)
        frame.pts, frame.time_base = self._last_pts, _TIME_BASE
        try:
            self._container.mux(self._stream.encode(frame))
        except (OSError, ValueError) as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Finish the file and give it its name."""
        try:
            self._container.mux(self._stream.encode(None))
            self._container.close()
            self._part.replace(self._path)
        except (OSError, ValueError) as error:
            raise self._failed(error) from error

    def abandon(self) -> None:
        """Leave nothing behind."""
        try:
            self._container.close()
        except (OSError, ValueError, AttributeError):
            pass  # it is thrown away in any case
        finally:
            self._part.unlink(missing_ok=True)

    def _add_stream(self, fps: float) -> Any:
        codec = next(name for name in _CODECS if name in av.codecs_available)
        stream = self._container.add_stream(codec, rate=Fraction(fps).limit_denominator(1001))
        stream.width, stream.height, stream.pix_fmt = self._width, self._height, "yuv420p"
        stream.codec_context.time_base = _TIME_BASE
        if codec == "libx264":
            stream.options = {"preset": "veryfast", "crf": "21"}
        else:
            stream.codec_context.bit_rate = self._width * self._height * 8
        return stream

    def _failed(self, error: Exception) -> FiasError:
        self.abandon()
        reason = getattr(error, "strerror", None) or str(error)
        return FiasError(
            f"The video {self._path} could not be written: {reason}.", "Free some space or choose another folder."
        )
