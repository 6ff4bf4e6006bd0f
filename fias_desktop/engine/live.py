"""The live engine: three threads around the synchronous pipeline, and the coach beside them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from fias_desktop.coach.languages import words_of
from fias_desktop.domain.clock import Clock, SystemClock
from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.board import Board
from fias_desktop.engine.capture_loop import CaptureLoop
from fias_desktop.engine.coach_service import CoachService
from fias_desktop.engine.ghost import GhostMaker
from fias_desktop.engine.ledger import Ledger
from fias_desktop.engine.mailbox import ClosedError, Inbox
from fias_desktop.engine.parts import Parts, one_thread_each
from fias_desktop.engine.perceive_loop import PerceiveLoop
from fias_desktop.engine.picture import Picture
from fias_desktop.engine.pipeline import Perceiver
from fias_desktop.engine.reason_loop import ReasonLoop
from fias_desktop.engine.view import Devices, Event, History, LiveView, Problem
from fias_desktop.settings import Settings

STOP_WITHIN_S = 2.0


class LiveEngine:
    """Watches one source at a time. One thread commands it; `latest`, `history`, `take_events` and `cancel_coach` may
    be called from any. `start` and `stop` may take seconds.

    `wake` is called from the engine's threads, without a payload, whenever there is a new picture or event.
    """

    def __init__(
        self, settings: Settings, wake: Callable[[], None], parts: Parts | None = None, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._wake = wake
        self._parts = parts or Parts()
        self._clock = clock or SystemClock()
        self._events: Inbox[Event] = Inbox()
        self._watch: _Watch | None = None
        self._coach: CoachService | None = None

    def start(self, source: str) -> None:
        """Watch a source (see `open_source`); one that is being watched is left first. FiasError when the program's own
        files are missing; everything about the source itself comes as an event."""
        self._leave(time.monotonic() + STOP_WITHIN_S)
        one_thread_each()
        if self._coach is None:
            self._coach = CoachService(self._parts.make_speaker, self._tell, self._settings)
            self._coach.start()
        board = Board(self._settings, self._wake, self._clock, self._tell)
        self._watch = _Watch(board, self._parts, self._coach, source)
        self._watch.start()

    def stop(self) -> list[str]:
        """Stop every thread; the names of those still alive after two seconds. Events that were not taken stay."""
        deadline = time.monotonic() + STOP_WITHIN_S
        coach, self._coach = self._coach, None
        if coach is not None:
            coach.stop()
        alive = self._leave(deadline)
        return alive + (_join([coach.thread], deadline) if coach is not None else [])

    def set_playing(self, playing: bool) -> None:
        """Go on or pause."""
        if self._watch is not None:
            self._watch.board.set_playing(playing)

    def apply(self, settings: Settings) -> None:
        """Use new settings: each stage from its next piece of work on. Another source needs `start`."""
        self._settings = settings
        if self._watch is not None:
            self._watch.board.apply(settings)
        if self._coach is not None:
            self._coach.apply(settings)

    def latest(self) -> LiveView | None:
        """The newest picture; None before the first."""
        watch = self._watch
        return watch.ghosts.on(watch.board.latest()) if watch is not None else None

    def history(self) -> History:
        """The last 20 s for the strips."""
        watch = self._watch
        return watch.board.history() if watch is not None else History()

    def take_events(self) -> list[Event]:
        """Every event since the last call, oldest first."""
        return self._events.take_all()

    def choose_person(self, x_px: float, y_px: float) -> None:
        """Follow the person at this point of the picture, from the next frame on."""
        watch = self._watch
        if watch is not None:
            watch.board.commands.add(lambda: watch.perceiver.tracker.choose(x_px, y_px))

    def ask_coach(self, question: str = "") -> None:
        """Advice, or an answer, on the running set or the last one; a Problem when there is none yet."""
        watch = self._watch
        if watch is not None:
            watch.board.commands.add(lambda: watch.ask_coach(question))

    def cancel_coach(self) -> None:
        """Stop the coach at once."""
        coach = self._coach
        if coach is not None:
            coach.cancel()

    def _leave(self, deadline: float) -> list[str]:
        watch, self._watch = self._watch, None
        return watch.stop(deadline) if watch is not None else []

    def _tell(self, event: Event) -> None:
        self._events.add(event)
        self._wake()


class _Watch:
    """Everything that lives as long as one source is watched."""

    def __init__(self, board: Board, parts: Parts, coach: CoachService, source: str) -> None:
        self.board = board
        self._coach = coach
        self._network_device = "loading"
        rules = parts.rules()
        self.perceiver = Perceiver(rules)
        self._ledger = Ledger(rules, words_of(board.settings.language).language)
        picture = Picture(board, self._devices)
        capture = CaptureLoop(board, source, parts.open_source, parts.retry_s)
        perceive = PerceiveLoop(board, parts.make_estimator, self.perceiver, self._ledger, picture, coach.ask)
        self.ghosts = GhostMaker(parts.load_predictor, board.tell)
        reason = ReasonLoop(board, self.perceiver.buffer, parts.load_recogniser, self._on_network, self.ghosts)
        self._threads = [
            self._thread("fias-capture", capture.run, fatal=True),
            self._thread("fias-perceive", perceive.run, fatal=True),
            self._thread("fias-reason", reason.run, fatal=False),
        ]

    def start(self) -> None:
        """Start the three threads."""
        for thread in self._threads:
            thread.start()

    def stop(self, deadline: float) -> list[str]:
        """Flag, close the mailboxes, join until the deadline; the names of the threads still alive."""
        self.board.stop()
        return _join(self._threads, deadline)

    def ask_coach(self, question: str) -> None:
        """Runs in the perceive thread, which owns the ledger."""
        chosen = self._ledger.running_set() or self._ledger.previous_set()
        if chosen is None:
            self.board.tell(Problem("There is no set to speak about yet.", "Do a few repetitions first."))
        else:
            self._coach.ask(chosen, question)

    def _on_network(self, device: str) -> None:
        self._network_device = device

    def _devices(self) -> Devices:
        return Devices(self.perceiver.device, self._network_device, self._coach.device)

    def _thread(self, name: str, body: Callable[[], None], fatal: bool) -> threading.Thread:
        """A thread whose FiasError becomes a banner; anything else reaches `threading.excepthook`."""

        def run() -> None:
            try:
                body()
            except ClosedError:
                pass
            except FiasError as error:
                self.board.tell(Problem(error.user_message, error.hint, fatal))

        return threading.Thread(target=run, name=name, daemon=True)


def _join(threads: list[threading.Thread], deadline: float) -> list[str]:
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0.0))
    return [thread.name for thread in threads if thread.is_alive()]
