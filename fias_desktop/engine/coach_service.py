"""The coach on a thread of its own: it speaks after a set or when asked, streams its words, and falls silent at
once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Advice, ExerciseSet
from fias_desktop.engine.mailbox import ClosedError, Newest
from fias_desktop.engine.view import AdviceText, Event, Problem
from fias_desktop.settings import Settings

OFF = "off"


@dataclass(frozen=True)
class Spoken:
    """What the coach said about a set: `advice` (checked, or from the phrasebook), the prompt as a person may read
    it, and a `problem` when the language model could not be used."""

    advice: Advice | None
    prompt: str = ""
    problem: FiasError | None = None


class Speaker(Protocol):
    """A coach as the service needs it. `problem` says why its language model cannot be used, if so."""

    device: str
    problem: FiasError | None

    def speak(self, finished: ExerciseSet, on_text: Callable[[str], None]) -> Spoken:
        """Advice about a set; `on_text` gets the whole text so far. Returns early, without advice, when cancelled."""
        ...

    def cancel(self) -> None:
        """Stop the words under way; from any thread."""
        ...

    def close(self) -> None:
        """End the child process."""
        ...


@dataclass(frozen=True)
class _Request:
    number: int
    finished: ExerciseSet


class CoachService:
    """Owns the coach's thread and, through the speaker, its child process.

    A newer request takes the place of one that has not begun; one that is being answered is finished first, unless it
    was cancelled.
    """

    def __init__(self, make: Callable[[Settings], Speaker], tell: Callable[[Event], None], settings: Settings) -> None:
        self._make = make
        self._tell = tell
        self._lock = threading.Lock()
        self._settings = settings
        self._speaker: Speaker | None = None
        self._made_for: tuple[str, int] | None = None
        self._requests: Newest[_Request] = Newest()
        self._number = 0
        self._cancelled = 0
        self._said_problem = ""
        self._stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="fias-coach", daemon=True)
        self.device = "not loaded" if settings.coach_enabled else OFF

    def start(self) -> None:
        """Start the thread; the language model is loaded in the background, before the first request."""
        self.thread.start()

    def apply(self, settings: Settings) -> None:
        """Use these settings from the next request on; switching the coach off also silences it now."""
        with self._lock:
            self._settings = settings
        if not settings.coach_enabled:
            self.cancel()
            self.device = OFF

    def ask(self, finished: ExerciseSet) -> None:
        """Advise on a set; nothing happens while the coach is switched off."""
        with self._lock:
            if not self._settings.coach_enabled:
                return
            self._number += 1
            self._requests.put(_Request(self._number, finished))

    def cancel(self) -> None:
        """Silence every request made so far, at once; the window is told that they are done."""
        with self._lock:
            self._cancelled = self._number
            speaker = self._speaker
        dropped = self._requests.clear()
        if dropped is not None:
            self._tell(AdviceText(dropped.number, "", done=True))
        if speaker is not None:
            speaker.cancel()

    def stop(self) -> None:
        """Let the thread come to its end; the child process is stopped by it."""
        self._stopping.set()
        self.cancel()
        self._requests.close()

    def _run(self) -> None:
        try:
            self._prepare()
            while True:
                request = self._requests.take()
                if request is not None:
                    self._answer(request)
        except ClosedError:
            pass
        finally:
            self._close()

    def _answer(self, request: _Request) -> None:
        speaker = self._prepare()
        if speaker is None or self._silenced(request):
            self._tell(AdviceText(request.number, "", done=True))
            return

        def on_text(text: str) -> None:
            if not self._silenced(request):
                self._tell(AdviceText(request.number, text, done=False))

        spoken = speaker.speak(request.finished, on_text)
        self.device = speaker.device
        self._say_problem(spoken.problem)
        if self._silenced(request) or spoken.advice is None:
            self._tell(AdviceText(request.number, "", done=True, prompt=spoken.prompt))
            return
        self._tell(AdviceText(request.number, spoken.advice.text, True, spoken.advice, spoken.prompt))

    def _silenced(self, request: _Request) -> bool:
        with self._lock:
            return request.number <= self._cancelled

    def _prepare(self) -> Speaker | None:
        """The speaker for the newest settings; None while switched off or stopping."""
        with self._lock:
            settings = self._settings
        if not settings.coach_enabled or self._stopping.is_set():
            self._close()
            return None
        wanted = (settings.coach_model, settings.coach_threads)
        if self._speaker is None or self._made_for != wanted:
            self._close()
            speaker = self._make(settings)
            with self._lock:
                self._speaker, self._made_for = speaker, wanted
            self._said_problem = ""
            self.device = speaker.device
            self._say_problem(speaker.problem)
        return self._speaker

    def _say_problem(self, error: FiasError | None) -> None:
        """A model that cannot be used is reported once, not after every set."""
        if error is not None and str(error) != self._said_problem:
            self._said_problem = str(error)
            hint = f"{error.hint} Until then the phrasebook speaks.".strip()
            self._tell(Problem(error.user_message, hint))

    def _close(self) -> None:
        with self._lock:
            speaker, self._speaker = self._speaker, None
        if speaker is not None:
            speaker.close()
