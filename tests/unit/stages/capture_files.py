"""Small videos, images and a stream server made by the tests themselves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

UInt8 = NDArray[np.uint8]


def picture(index: int, size: tuple[int, int] = (160, 120)) -> UInt8:
    """A picture (RGB) that tells its index and which way is up: the top left quarter is red, brightness grows."""
    image = np.full((size[1], size[0], 3), 40 + index * 4 % 160, dtype=np.uint8)
    image[: size[1] // 2, : size[0] // 2] = (230, 20, 20)
    return image


def write_video(
    path: Path,
    frames: int = 30,
    fps: int = 30,
    size: tuple[int, int] = (160, 120),
    rotation: int = 0,
    moments_ms: Sequence[int] | None = None,
    faststart: bool = True,
) -> Path:
    """An H.264 MP4; `rotation` goes into the metadata only, `moments_ms` makes the rate vary."""
    options = {"movflags": "faststart"} if faststart else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(
            "libx264", rate=fps, options={"preset": "ultrafast", "tune": "zerolatency", "crf": "12"}
        )
        stream.width, stream.height, stream.pix_fmt = size[0], size[1], "yuv420p"
        if rotation:
            stream.set_display_rotation(rotation)
        stream.codec_context.time_base = Fraction(1, 1000) if moments_ms else Fraction(1, fps)
        for i in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(i, size), format="rgb24")
            frame.pts = moments_ms[i] if moments_ms else i
            frame.time_base = stream.codec_context.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def write_image(path: Path, image: UInt8) -> Path:
    """An image file by its suffix; works on non-ASCII paths everywhere."""
    path.write_bytes(cv2.imencode(path.suffix, cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1].tobytes())
    return path


@contextmanager
def stream_server(mode: str, program: str = "capture_server.py") -> Iterator[str]:
    """The address (host:port) of a server in a process of its own; the program's docstring names the modes."""
    command = [sys.executable, str(Path(__file__).with_name(program)), mode]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        yield f"127.0.0.1:{child.stdout.readline().strip()}"
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
