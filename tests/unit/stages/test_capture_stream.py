"""Streams from a server in a second process: steady, stalling, dying, silent, locked."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.stages.capture.opening import open_source
from fias_desktop.stages.capture.source import Source
from fias_desktop.stages.capture.stream import OPEN_LIMIT_S, READ_LIMIT_S, StreamSource, public_name
from tests.unit.stages.capture_files import stream_server


def read_until_lost(source: Source) -> tuple[int, float, FiasError]:
    """How many pictures came, how long the last read waited, and what was raised."""
    for count in range(1000):
        started = time.monotonic()
        try:
            source.read()
        except FiasError as error:
            source.close()
            return count, time.monotonic() - started, error
    raise AssertionError("the stream never ended")


def test_a_steady_stream() -> None:
    with stream_server("steady") as address:
        source = open_source(f"http://{address}/video")
        assert (source.info.kind, source.info.live, source.info.size) == ("stream", True, (160, 120))
        frames = [source.read() for _ in range(45)]
        source.close()
    assert all(frame is not None for frame in frames)
    times = [frame.time_s for frame in frames if frame is not None]
    assert times[0] == 0.0
    assert all(b > a for a, b in pairwise(times))
    assert 0.9 < times[-1] < 3.0
    assert 15 < source.info.fps < 45  # measured on the stream: pictures arrive unevenly


def test_a_stalled_stream_is_lost_after_two_seconds() -> None:
    with stream_server("stall") as address:
        count, waited, error = read_until_lost(open_source(f"http://{address}/video"))
    assert count >= 14
    assert 1.0 < waited < 3.5
    assert "was lost" in error.user_message
    assert error.hint


def test_a_server_that_dies_is_lost() -> None:
    with stream_server("die") as address:
        count, waited, error = read_until_lost(open_source(f"http://{address}/video"))
    assert count >= 10
    assert waited < 3.0
    assert "was lost" in error.user_message


def test_rtsp_plays_and_a_stall_is_lost() -> None:
    with stream_server("stall", "capture_rtsp_server.py") as address:
        source = StreamSource(f"rtsp://anna:pa55word@{address}/live", read_limit_s=1.0)
        assert source.info.name == f"rtsp://{address}/live"
        assert (source.info.kind, source.info.size, source.info.fps) == ("stream", (160, 120), 25.0)
        frame = source.read()
        assert frame is not None
        assert frame.image[60, 80, 0] > 200 > 60 > frame.image[60, 80, 1]
        count, waited, error = read_until_lost(source)
    assert count > 10
    assert 0.5 < waited < 3.0
    assert "was lost" in error.user_message


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_silent_server_is_given_up_in_time(scheme: str) -> None:
    with stream_server("silent") as address:
        started = time.monotonic()
        with pytest.raises(FiasError, match=r"did not answer|does not answer"):
            StreamSource(f"{scheme}://{address}/video", open_limit_s=1.0)
        assert 0.8 < time.monotonic() - started < 2.5


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_nobody_there(scheme: str) -> None:
    with pytest.raises(FiasError, match="does not answer"):
        open_source(f"{scheme}://127.0.0.1:9/video")


def test_a_web_page_is_no_stream() -> None:
    with stream_server("page") as address, pytest.raises(FiasError, match="with a video"):
        open_source(f"http://{address}/video")


def test_a_wrong_path() -> None:
    with stream_server("steady") as address, pytest.raises(FiasError, match="no stream at this path"):
        open_source(f"http://{address}/nothing")


def test_a_password_opens_and_is_never_shown() -> None:
    with stream_server("secret") as address:
        source = open_source(f"http://anna:pa55word@{address}/video?token=pa55word")
        assert source.info.name == f"http://{address}/video"
        source.close()
        with pytest.raises(FiasError, match="password") as caught:
            open_source(f"http://anna:wr0ng@{address}/video?token=wr0ng")
    assert "wr0ng" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_no_message_holds_the_password() -> None:
    with pytest.raises(FiasError) as caught:
        open_source("rtsp://anna:pa55word@127.0.0.1:9/live?pwd=pa55word")
    assert "pa55word" not in str(caught.value)
    assert "anna" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_the_limits_promised() -> None:
    assert (OPEN_LIMIT_S, READ_LIMIT_S) == (5.0, 2.0)


def test_public_names() -> None:
    assert public_name("rtsp://u:p@cam.local:554/live?key=1") == "rtsp://cam.local:554/live"
    assert public_name("http://cam/video") == "http://cam/video"
    assert public_name("http://u:p@cam:notaport/video") == "http://cam/video"
