"""Network streams: MJPEG over HTTP and RTSP, through PyAV."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import av

from fias_desktop.domain.clock import Clock, SystemClock
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Frame
from fias_desktop.stages.capture.source import SourceInfo
from fias_desktop.stages.capture.video import picture_of

SCHEMES = ("http", "https", "rtsp", "rtsps")
OPEN_LIMIT_S = 5.0
READ_LIMIT_S = 2.0
_FALLBACK_FPS = 30.0
_CHECK = "Check the address, the network and that the camera is switched on."


def public_name(url: str) -> str:
    """An address fit to be shown: without user name, password and query."""
    parts = urlsplit(url)
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


class StreamSource:
    """A network stream, read as it comes. What stops sending for two seconds, or hangs up, is lost (FiasError)."""

    def __init__(
        self,
        url: str,
        clock: Clock | None = None,
        open_limit_s: float = OPEN_LIMIT_S,
        read_limit_s: float = READ_LIMIT_S,
    ) -> None:
        """Open a stream; FiasError within five seconds when nothing usable answers. No message holds the password."""
        self._name = public_name(url)
        self._clock = clock or SystemClock()
        self._container = _open(url, self._name, (open_limit_s, read_limit_s))
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "SLICE"  # frame threads would hold pictures back
        self._frames: Iterator[av.VideoFrame] = self._container.decode(self._stream)
        # A recording behind an address has an end, a camera has none.
        self._endless = self._container.duration is None
        self._index = 0
        try:
            self._first: Frame | None = self._decoded()
        except FiasError:
            self._container.close()
            raise
        if self._first is None:
            self._container.close()
            raise FiasError(f"{self._name} sends no video.", _CHECK)
        height, width = self._first.image.shape[:2]
        self._size = (width, height)
        self._rate = _RateMeter(float(self._stream.average_rate or _FALLBACK_FPS))

    @property
    def info(self) -> SourceInfo:
        """What is known; `fps` is measured once a second's worth of pictures has come."""
        return SourceInfo(self._name, "stream", self._rate.fps, self._size, None, live=True)

    def read(self) -> Frame | None:
        """The next picture; None when a recording ends; FiasError when the stream was lost."""
        frame, self._first = self._first or self._decoded(), None
        if frame is not None:
            self._rate.add(frame.time_s)
        return frame

    def close(self) -> None:
        """Hang up."""
        self._frames = iter(())
        self._first = None
        self._container.close()

    def _decoded(self) -> Frame | None:
        try:
            picture = next(self._frames, None)
        except (av.FFmpegError, OSError):
            # `from None`: the original message spells out the address with its password.
            raise self._lost() from None
        if picture is None:
            if self._endless:
                raise self._lost()
            return None
        now_s = self._clock.now_s()
        if self._index == 0:
            self._start_s = now_s
        frame = Frame(self._index, now_s - self._start_s, picture_of(picture))
        self._index += 1
        return frame

    def _lost(self) -> FiasError:
        return FiasError(f"The stream {self._name} was lost.", _CHECK)


@dataclass
class _RateMeter:
    """Pictures per second over the last second or so; the announced rate until then."""

    fps: float
    _since_s: float | None = None
    _count: int = 0

    def add(self, time_s: float) -> None:
        if self._since_s is None:
            self._since_s = time_s
            return
        self._count += 1
        if time_s - self._since_s >= 1.0:
            self.fps = self._count / (time_s - self._since_s)
            self._since_s, self._count = time_s, 0


def _open(url: str, name: str, limits_s: tuple[float, float]) -> av.container.InputContainer:
    options = {"fflags": "nobuffer", "flags": "low_delay"}
    if urlsplit(url).scheme.startswith("rtsp"):
        options["rtsp_transport"] = "tcp"  # UDP loses packets and is often blocked
    started_s = time.monotonic()
    try:
        container = av.open(url, timeout=limits_s, options=options)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise FiasError(f"{name} {_reason(error, time.monotonic() - started_s, limits_s[0])}.", _CHECK) from None
    if not container.streams.video:
        container.close()
        raise FiasError(f"{name} answers, but not with a video.", _CHECK)
    return container


def _reason(error: Exception, waited_s: float, limit_s: float) -> str:
    # An interrupted RTSP handshake is reported as invalid data: the clock decides first.
    if isinstance(error, av.ExitError) or waited_s >= limit_s - 0.1:
        return f"did not answer within {limit_s:.0f} seconds"
    if isinstance(error, av.HTTPUnauthorizedError | av.HTTPForbiddenError):
        return "asks for a user name and a password (http://user:password@...)"
    if isinstance(error, av.HTTPNotFoundError):
        return "answers, but there is no stream at this path"
    if isinstance(error, av.InvalidDataError | av.EOFError):
        return "answers, but not with a video"
    # An input/output error stands for an unknown host as well as for an answer that breaks off.
    return "does not answer with a video" if getattr(error, "errno", None) == errno.EIO else "does not answer"
