"""The perceive thread: a frame becomes a pose, a measurement, perhaps a repetition, and a picture to show."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import ExerciseSet
from fias_desktop.engine.board import Board, TimedFrame
from fias_desktop.engine.ledger import Ledger
from fias_desktop.engine.parts import settle_memory
from fias_desktop.engine.picture import Picture
from fias_desktop.engine.pipeline import SAMPLE_EVERY_S, Perceived, Perceiver, Reasoned
from fias_desktop.engine.view import Event, GestureSeen, Problem, SetDone, SourceState
from fias_desktop.settings import Settings
from fias_desktop.stages.pose import PoseEstimator

STALLED_AFTER_S = 2.0
_POLL_S = 0.1
_LAST_RESULT_WAIT_S = 1.0


def _pose_of(settings: Settings) -> tuple[bool, str]:
    """What an estimator is made of: another one needs another estimator."""
    return settings.pose_gpu, settings.pose_model


class PerceiveLoop:
    """Runs in a thread of its own; it owns the pose estimator, the tracker and the ledger.

    `perceiver` is handed in without an estimator, because the reason thread reads its buffer from the start; `on_set`
    gets every finished set (the coach's turn to speak).
    """

    def __init__(
        self,
        board: Board,
        make_estimator: Callable[[Settings], PoseEstimator],
        perceiver: Perceiver,
        ledger: Ledger,
        picture: Picture,
        on_set: Callable[[ExerciseSet], None],
    ) -> None:
        self._board = board
        self._make_estimator = make_estimator
        self._perceiver = perceiver
        self._ledger = ledger
        self._picture = picture
        self._on_set = on_set
        self._newest: Reasoned | None = None
        self._asked_s = -math.inf
        self._answered_s = -math.inf
        self._was_playing = True
        self._last_frame_at_s = math.inf
        self._stalled = False
        self._finished = False

    def run(self) -> None:
        """Until the engine stops: `ClosedError` leaves from the mailbox."""
        wanted = _pose_of(self._board.settings)
        estimator = self._started()
        try:
            self._perceiver.use(estimator)
            settle_memory()
            while True:
                if _pose_of(self._board.settings) != wanted:
                    wanted = _pose_of(self._board.settings)
                    estimator.close()
                    estimator = self._started()
                    self._perceiver.use(estimator)
                self._turn()
        finally:
            estimator.close()

    def _started(self) -> PoseEstimator:
        """The estimator that the settings ask for; the bundled one where a person's own file cannot be used."""
        settings = self._board.settings
        try:
            return self._make_estimator(settings)
        except FiasError as error:
            if not settings.pose_model:
                raise
            hint = f"{error.hint} Until then the bundled pose model is used.".strip()
            self._board.tell(Problem(error.user_message, hint))
        return self._make_estimator(settings.model_copy(update={"pose_model": ""}))

    def _turn(self) -> None:
        timed = self._board.frames.take(_POLL_S)
        for command in self._board.commands.take_all():
            command()
        self._follow_playing()
        self._take_results()
        if timed is not None:
            self._see(timed)
        else:
            self._without_frame()

    def _see(self, timed: TimedFrame) -> None:
        self._last_frame_at_s = timed.available_s
        if self._stalled:
            self._stalled = False
            self._board.tell(SourceState("", "open", "The pictures are back."))
        seen = self._perceiver.perceive(timed.frame)
        # What the reason thread found out meanwhile belongs on this picture.
        self._take_results()
        if self._was_playing:
            self._count(seen)
            self._ask(timed.frame.time_s)
        if seen.gesture and self._board.source_live:
            self._board.tell(GestureSeen(timed.frame.time_s))
        self._picture.publish(timed, seen, self._ledger, self._newest)

    def _count(self, seen: Perceived) -> None:
        if seen.measurement is not None:
            self._tell(self._ledger.measured(seen.measurement))
        else:
            self._tell(self._ledger.passed(seen.frame.time_s))

    def _ask(self, time_s: float) -> None:
        """Ask for a window at every tenth of a second of the source's time that has passed."""
        end_s = math.floor(time_s / SAMPLE_EVERY_S + 1e-6) * SAMPLE_EVERY_S
        if end_s > self._asked_s or end_s < self._asked_s - SAMPLE_EVERY_S:
            self._asked_s = end_s
            self._board.windows.put(end_s)

    def _take_results(self) -> None:
        for reasoned in self._board.reasoned.take_all():
            self._newest = reasoned
            self._answered_s = reasoned.sample.time_s
            self._picture.note(reasoned)
            self._tell(self._ledger.reasoned(reasoned))

    def _without_frame(self) -> None:
        if self._board.ended.is_set():
            self._end()
            return
        silent_s = self._board.clock.now_s() - self._last_frame_at_s
        watching = self._board.source_open.is_set() and (self._board.source_live or self._was_playing)
        if watching and silent_s > STALLED_AFTER_S and not self._stalled:
            self._stalled = True
            self._board.tell(SourceState("", "stalled", "No new picture has come for two seconds."))

    def _end(self) -> None:
        """The recording is over: wait for the last window, decide what is open, and say so once."""
        waited_s = self._board.clock.now_s() - self._last_frame_at_s
        if self._finished or (self._answered_s < self._asked_s and waited_s < _LAST_RESULT_WAIT_S):
            return
        self._finished = True
        events = self._ledger.finish()
        self._tell(events)
        for event in events:
            if isinstance(event, SetDone):
                self._sum_up(event.finished)
        self._board.tell(SourceState("", "ended"))

    def _sum_up(self, finished: ExerciseSet) -> None:
        """The last picture stays: it shows the whole set, with what was only decided at the end."""
        view = self._board.latest()
        if view is not None and finished.counted:
            counted, last = len(finished.counted), finished.counted[-1]
            self._board.publish(replace(view, exercise=finished.exercise, counted=counted, last_repetition=last))

    def _follow_playing(self) -> None:
        """A pause of a live source closes the running set, so that the coach can speak; a recording only waits."""
        playing = self._board.playing
        if self._was_playing and not playing and self._board.source_live:
            self._tell(self._ledger.finish())
        self._was_playing = playing

    def _tell(self, events: list[Event]) -> None:
        self._board.tell(*events)
        for event in events:
            if isinstance(event, SetDone):
                self._on_set(event.finished)
