"""The bridge between the engine's threads and the widgets: the only file that knows both.

The engine wakes the bridge from its own threads without a payload; at most one wake-up is under way at a time. One slot
in the window's thread then takes the newest picture and all events. Commands that may take long (opening a source,
loading a model) run on one worker thread, so that the window stays responsive; what they raise comes back as an event.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.view import Event, History, LiveView, Problem
from fias_desktop.settings import Settings

log = logging.getLogger(__name__)
_CLOSE_S = 6.0
_E = TypeVar("_E", bound=Event)


class EngineLike(Protocol):
    """What the window needs of an engine; `engine.live.LiveEngine` is one, the tests' scripted engine another."""

    def start(self, source: str) -> None:
        """Open a source and show it; an earlier one is closed first."""
        ...

    def stop(self) -> list[str]:
        """Stop every thread; the names of those still alive after two seconds."""
        ...

    def set_playing(self, playing: bool) -> None:
        """Go on or pause."""
        ...

    def apply(self, settings: Settings) -> None:
        """Use new settings from the next window on."""
        ...

    def latest(self) -> LiveView | None:
        """The newest picture, None before the first."""
        ...

    def history(self) -> History:
        """The last 20 s for the strips."""
        ...

    def take_events(self) -> list[Event]:
        """Every event since the last call."""
        ...

    def choose_person(self, x_px: float, y_px: float) -> None:
        """Follow the person at this point of the picture."""
        ...

    def ask_coach(self, question: str = "") -> None:
        """Ask for advice now, or the answer to a question about the workout."""
        ...

    def cancel_coach(self) -> None:
        """Stop the coach at once."""
        ...


class CameraLike(Protocol):
    """A camera to choose by its name."""

    @property
    def index(self) -> int:
        """Its number."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...


MakeEngine = Callable[[Callable[[], None]], EngineLike]
ListCameras = Callable[[], Sequence[CameraLike]]


class Bridge(QObject):
    """Owns the engine. `view_changed` and `cameras_changed` carry nothing: read `view`, `history()` and `cameras`.

    `make_engine` is called with the wake-up function, on the worker thread: building an engine loads heavy libraries.
    """

    view_changed = Signal()
    cameras_changed = Signal()
    _woken = Signal()

    def __init__(self, make_engine: MakeEngine, list_cameras: ListCameras) -> None:
        super().__init__()
        self.view: LiveView | None = None
        self.cameras: tuple[CameraLike, ...] = ()
        self.source = ""
        self._make_engine, self._list_cameras = make_engine, list_cameras
        self._engine: EngineLike | None = None
        self._lock = threading.Lock()
        self._pending = False
        self._closed = False
        self._inbox: deque[Event] = deque()
        self._posted: deque[Event] = deque()
        self._failures: deque[BaseException] = deque()
        self._new_cameras: tuple[CameraLike, ...] | None = None
        self._handlers: dict[type, list[Callable[[Event], None]]] = {}
        self._open = False
        self._starting = 0
        self._commands = ThreadPoolExecutor(1, thread_name_prefix="fias-commands")
        self._finder = ThreadPoolExecutor(1, thread_name_prefix="fias-cameras")
        self._woken.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._command(self._build, fatal=True)

    @property
    def starting(self) -> int:
        """How many sources are being opened now."""
        return self._starting

    @property
    def idle(self) -> bool:
        """Everything that the engine told was delivered."""
        return not (self._pending or self._inbox or self._posted)

    def wake(self) -> None:
        """Something is new; may be called from any thread, any number of times."""
        with self._lock:
            if self._pending or self._closed:
                return
            self._pending = True
        self._woken.emit()

    def listen(self, kind: type[_E], handler: Callable[[_E], None]) -> None:
        """Call `handler` in the window's thread for every event of this kind."""

        def call(event: Event) -> None:
            assert isinstance(event, kind)
            handler(event)

        self._handlers.setdefault(kind, []).append(call)

    def forget_listeners(self) -> None:
        """Another window takes over."""
        self._handlers.clear()
        self.view_changed.disconnect()
        self.cameras_changed.disconnect()

    def open(self) -> None:
        """The window is there: deliver what was kept for it and go on from now."""
        self._open = True
        self.wake()

    def post(self, event: Event) -> None:
        """Show an event that the engine does not know of; kept until the window is there."""
        self._posted.append(event)
        self.wake()

    def report(self, error: FiasError, fatal: bool = False) -> None:
        """Show an error as a banner."""
        self.post(Problem(error.user_message, error.hint, fatal))

    def start(self, source: str) -> None:
        """Open a source; what fails becomes a banner."""
        self.source, self.view = source, None
        self.view_changed.emit()
        # Until the engine has left the old source, its pictures are not this source's.
        self._starting += 1
        self._command(lambda: self._start(source), fatal=True)

    def apply(self, settings: Settings) -> None:
        """Hand new settings to the engine."""
        self._command(lambda: self._ready().apply(settings))

    def set_playing(self, playing: bool) -> None:
        """Go on or pause."""
        self._command(lambda: self._ready().set_playing(playing))

    def choose_person(self, x_px: float, y_px: float) -> None:
        """Follow the person at this point of the picture (unmirrored pixels)."""
        self._command(lambda: self._ready().choose_person(x_px, y_px))

    def ask_coach(self, question: str = "") -> None:
        """Ask for advice now, or the answer to a question about the workout."""
        self._command(lambda: self._ready().ask_coach(question))

    def cancel_coach(self) -> None:
        """Stop the coach at once: not behind other commands."""
        if self._engine is not None:
            self._engine.cancel_coach()

    def history(self) -> History:
        """The last 20 s for the strips; empty before the engine is there."""
        return self._engine.history() if self._engine is not None else History()

    def refresh_cameras(self) -> None:
        """Look for cameras in the background; `cameras_changed` follows."""
        if not self._closed:
            self._finder.submit(self._list_cameras).add_done_callback(self._found)

    def close(self) -> list[str]:
        """Stop the engine and the bridge's own threads; the names of threads still alive."""
        if self._closed:
            return []
        with self._lock:
            self._closed = True
        stopping = self._commands.submit(lambda: self._engine.stop() if self._engine is not None else [])
        self._commands.shutdown(wait=False)
        self._finder.shutdown(wait=False, cancel_futures=True)
        try:
            alive = stopping.result(timeout=_CLOSE_S)
        except TimeoutError:
            alive = ["fias-commands"]
        if alive:
            log.warning("threads still alive at the end: %s", ", ".join(alive))
        return alive

    def _build(self) -> None:
        self._engine = self._make_engine(self.wake)

    def _start(self, source: str) -> None:
        try:
            self._ready().start(source)
        finally:
            self._starting -= 1
            self.wake()

    def _ready(self) -> EngineLike:
        if self._engine is None:
            raise FiasError("The engine could not be started.", "Look at the first message, then start FIAS again.")
        return self._engine

    def _command(self, call: Callable[[], None], fatal: bool = False) -> None:
        if not self._closed:
            self._commands.submit(call).add_done_callback(partial(self._done, fatal))

    def _done(self, fatal: bool, future: Future[None]) -> None:
        error = future.exception()
        if isinstance(error, FiasError):
            self.report(error, fatal)
        elif error is not None:
            self._failures.append(error)
            self.wake()

    def _found(self, future: Future[Sequence[CameraLike]]) -> None:
        if future.cancelled():
            return
        error = future.exception()
        if error is not None:
            log.info("cameras could not be listed: %s", error)
        self._new_cameras = tuple(future.result()) if error is None else ()
        self.wake()

    def _take(self) -> None:
        """The one slot: the newest picture, then every event, each exactly once."""
        with self._lock:
            self._pending = False
        if not self._open or self._closed:
            return
        self._collect()
        if self._new_cameras is not None:
            self.cameras, self._new_cameras = self._new_cameras, None
            self.cameras_changed.emit()
        self._deliver()
        if self._failures:
            error = self._failures.popleft()
            self.wake()
            raise error

    def _collect(self) -> None:
        while self._posted:
            self._inbox.append(self._posted.popleft())
        if self._engine is None:
            return
        self._inbox.extend(self._engine.take_events())
        newest = self._engine.latest()
        if newest is not None and newest is not self.view and not self._starting:
            self.view = newest
            self.view_changed.emit()

    def _deliver(self) -> None:
        # One event at a time: should a handler fail, the ones behind it are delivered by the next wake-up.
        while self._inbox:
            event = self._inbox.popleft()
            if self._inbox:
                self.wake()
            for handler in self._handlers.get(type(event), []):
                handler(event)
