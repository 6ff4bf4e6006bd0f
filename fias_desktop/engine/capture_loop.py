"""The capture thread: opens the source, delivers its newest frame, and gets a lost camera back by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Frame
from fias_desktop.engine.board import Board, TimedFrame
from fias_desktop.engine.view import Problem, SourceState
from fias_desktop.stages.capture.source import Source, SourceInfo

_LATE_S = 0.5
_FILES = ("video", "images")
_LIVE_PREFIXES = ("camera", "http://", "https://", "rtsp://", "rtsps://")


def is_live(text: str) -> bool:
    """Whether a source's name means a camera or a stream: one that can come back after it was lost."""
    return text.lower().startswith(_LIVE_PREFIXES)


class CaptureLoop:
    """Runs in a thread of its own. The thread that opens the source closes it.

    Recordings are played by their own times, in real time and paused with the rest; live sources never wait.
    """

    def __init__(self, board: Board, text: str, open_source: Callable[[str], Source], retry_s: float) -> None:
        self._board = board
        self._text = text
        self._open_source = open_source
        self._retry_s = retry_s
        self._first_time_s = 0.0
        self._due_from_s = 0.0
        # An address may hold a password: it is named only by the source itself.
        self._name = "" if "://" in text else text
        self._opened_before = False
        self._last = (-1, 0.0)
        self._last_at_s = 0.0
        self._shift = (0, 0.0)

    def run(self) -> None:
        """Until the source ends, cannot be opened, or the engine stops."""
        while not self._board.stopping.is_set():
            source = self._open()
            if source is None:
                return
            try:
                again = self._deliver(source)
            finally:
                self._board.source_open.clear()
                source.close()
            if not again or self._board.stopping.wait(self._retry_s):
                return

    def _open(self) -> Source | None:
        """The opened source; a live one is tried again until it is there or the engine stops."""
        told = self._opened_before
        while not self._board.stopping.is_set():
            try:
                source = self._open_source(self._text)
            except FiasError as error:
                again = is_live(self._text)
                if not told:
                    self._tell_lost(error, fatal=not again)
                    told = True
                if not again:
                    return None
                self._board.stopping.wait(self._retry_s)
                continue
            self._opened(source.info, back=told)
            return source
        return None

    def _opened(self, info: SourceInfo, back: bool) -> None:
        self._board.source_live = info.live
        self._board.source_open.set()
        self._name = info.name
        if not self._text.strip() and info.kind == "camera":
            # "The first camera" must not become the demo when that camera is lost for a while.
            self._text = f"camera:{info.name}"
        self._board.tell(SourceState(info.name, "open", f"{info.name} is back." if back else info.note))
        self._opened_before = True

    def _deliver(self, source: Source) -> bool:
        """Hand frames on until there are no more; True when the source was lost and may come back."""
        first = True
        while not self._board.stopping.is_set():
            moved = not source.info.live and self._board.wait_while_paused()
            try:
                frame = source.read()
            except FiasError as error:
                return self._lost(source, error)
            if self._board.stopping.is_set():
                return False
            if frame is None:
                return self._over(source)
            if first:
                self._begin(frame)
                first = False
            elif moved:
                self._reschedule(frame)
            self._hand_on(self._shifted(frame), paced=not source.info.live)
        return False

    def _begin(self, frame: Frame) -> None:
        """Frames of a source that came back go on counting where the lost one stopped, with the gap in between."""
        now_s = self._board.clock.now_s()
        index, time_s = self._last
        gap_s = now_s - self._last_at_s if index >= 0 else 0.0
        if index >= 0:
            self._shift = (index + 1 - frame.index, time_s + gap_s - frame.time_s)
        self._first_time_s, self._due_from_s = frame.time_s, now_s

    def _shifted(self, frame: Frame) -> Frame:
        index, time_s = self._shift
        return replace(frame, index=frame.index + index, time_s=frame.time_s + time_s) if index else frame

    def _hand_on(self, frame: Frame, paced: bool) -> None:
        if paced:
            self._wait_until_due(frame)
        now_s = self._board.clock.now_s()
        self._board.captured.tick(now_s)
        self._board.frames.put(TimedFrame(frame, now_s))
        self._last, self._last_at_s = (frame.index, frame.time_s), now_s

    def _wait_until_due(self, frame: Frame) -> None:
        """Sleep until a recording's frame is due."""
        due_s = self._due_from_s + frame.time_s - self._first_time_s
        wait_s = due_s - self._board.clock.now_s()
        if wait_s > 0:
            self._board.stopping.wait(wait_s)
        elif wait_s < -_LATE_S:
            self._reschedule(frame)

    def _reschedule(self, frame: Frame) -> None:
        """This frame is due now: after a pause, or when reading cannot keep up with the recording."""
        self._first_time_s, self._due_from_s = frame.time_s, self._board.clock.now_s()

    def _lost(self, source: Source, error: FiasError) -> bool:
        self._tell_lost(error, fatal=not source.info.live)
        if not source.info.live:
            self._board.ended.set()
        return source.info.live

    def _over(self, source: Source) -> bool:
        """No more frames: the end of a recording, or a live source that went away without a word."""
        if not source.info.live:
            if source.info.kind in _FILES and source.info.note:
                self._board.tell(Problem(source.info.note, "What could be read was shown."))
            self._board.ended.set()
            return False
        gone = FiasError(f"{source.info.name} stopped sending pictures.", "Check the cable or the address.")
        return self._lost(source, gone)

    def _tell_lost(self, error: FiasError, fatal: bool) -> None:
        state = SourceState(self._name, "lost", error.user_message)
        hint = error.hint if fatal else f"{error.hint} It is tried again every {self._retry_s:.0f} seconds.".strip()
        self._board.tell(state, Problem(error.user_message, hint, fatal))
