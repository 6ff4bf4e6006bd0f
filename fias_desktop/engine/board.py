"""What the live threads share: mailboxes, the newest picture, the events, the settings and the strips for the plots."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from fias_desktop.domain.clock import Clock
from fias_desktop.domain.types import Frame
from fias_desktop.engine.mailbox import Inbox, Newest
from fias_desktop.engine.meter import RateMeter
from fias_desktop.engine.pipeline import Reasoned
from fias_desktop.engine.view import Event, History, LiveView
from fias_desktop.settings import Settings

HISTORY_S = 20.0


@dataclass(frozen=True)
class TimedFrame:
    """A frame and the monotonic time at which it was available from the source."""

    frame: Frame
    available_s: float


class Board:
    """One run's shared state. Every attribute is safe to use from any thread."""

    def __init__(
        self, settings: Settings, wake: Callable[[], None], clock: Clock, tell: Callable[[Event], None]
    ) -> None:
        self.clock = clock
        self.stopping = threading.Event()
        self.ended = threading.Event()
        self.source_open = threading.Event()
        self.source_live = False
        self.frames: Newest[TimedFrame] = Newest()
        self.windows: Newest[float] = Newest()
        self.reasoned: Inbox[Reasoned] = Inbox()
        self.commands: Inbox[Callable[[], None]] = Inbox()
        self.captured = RateMeter()
        self._wake = wake
        self._tell = tell
        self._lock = threading.Condition()
        self._view: LiveView | None = None
        self._settings = settings
        self._playing = True
        self._strip: deque[Reasoned] = deque()
        self._joints: tuple[str, ...] = ()
        self._labels: tuple[str, ...] = ()

    @property
    def settings(self) -> Settings:
        """The newest settings: a frozen snapshot."""
        with self._lock:
            return self._settings

    def apply(self, settings: Settings) -> None:
        """Hand in new settings; each thread takes them between two pieces of work."""
        with self._lock:
            self._settings = settings

    @property
    def playing(self) -> bool:
        """False while paused."""
        with self._lock:
            return self._playing

    def set_playing(self, playing: bool) -> None:
        """Start or pause; the newest view says so at once."""
        with self._lock:
            self._playing = playing
            if self._view is not None:
                self._view = replace(self._view, playing=playing)
            self._lock.notify_all()
        self.wake()

    def wait_while_paused(self) -> bool:
        """Block until playing or stopping; whether there was anything to wait for."""
        with self._lock:
            paused = not self._playing
            self._lock.wait_for(lambda: self._playing or self.stopping.is_set())
        return paused

    def publish(self, view: LiveView) -> None:
        """Make a view the newest one."""
        with self._lock:
            self._view = view
        self.wake()

    def latest(self) -> LiveView | None:
        """The newest view; None before the first frame."""
        with self._lock:
            return self._view

    def tell(self, *events: Event) -> None:
        """Add events; none is ever dropped, but nobody is told about a source that was left."""
        for event in events:
            if not self.stopping.is_set():
                self._tell(event)

    def wake(self) -> None:
        """Tell whoever shows the engine that there is something new; silent once stopping."""
        if not self.stopping.is_set():
            self._wake()

    def name_strips(self, joints: tuple[str, ...], labels: tuple[str, ...]) -> None:
        """A recogniser was loaded: from now on the strips have these rows; older ones do not fit any more."""
        with self._lock:
            if (joints, labels) != (self._joints, self._labels):
                self._strip.clear()
            self._joints, self._labels = joints, labels

    def add_to_strips(self, reasoned: Reasoned) -> None:
        """Append to the strips and drop what is older than 20 s."""
        with self._lock:
            self._strip.append(reasoned)
            while self._strip[0].sample.time_s < reasoned.sample.time_s - HISTORY_S:
                self._strip.popleft()

    def history(self) -> History:
        """The strips of the last 20 s."""
        with self._lock:
            rows, joints, labels = tuple(self._strip), self._joints, self._labels
        return History(
            samples=tuple(row.sample for row in rows),
            class_probs=tuple(class_probs(row, len(labels)) for row in rows),
            heat_times_s=tuple(row.sample.time_s for row in rows),
            heat=tuple(row.joint_heat or (0.0,) * len(joints) for row in rows),
            joints=joints,
            labels=labels,
        )

    def stop(self) -> None:
        """Let every thread come to its end."""
        self.stopping.set()
        self.frames.close()
        self.windows.close()
        with self._lock:
            self._lock.notify_all()


def class_probs(reasoned: Reasoned, count: int) -> tuple[float, ...]:
    """Probabilities of the fine classes; all 0 where nothing was recognised."""
    if reasoned.recognition is None:
        return (0.0,) * count
    return tuple(float(p) for p in reasoned.recognition.prediction.probs)
