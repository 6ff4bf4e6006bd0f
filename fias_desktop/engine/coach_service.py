"""The coach on a thread of its own: it speaks after a set or when asked, streams its words, and falls silent at
once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from fias_desktop.coach.languages import words_of
from fias_desktop.coach.llm.options import Options
from fias_desktop.coach.request import Request
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Advice, ExerciseSet
from fias_desktop.engine.mailbox import ClosedError, Newest
from fias_desktop.engine.view import AdviceText, Event, Problem
from fias_desktop.settings import Settings

OFF, NOT_LOADED = "off", "not loaded"


@dataclass(frozen=True)
class Spoken:
    """What the coach said about a set: `advice` (checked, or from the phrasebook), the prompt as a person may read
    it, a `problem` when the language model could not be used, and why words of it were refused (`objections`)."""

    advice: Advice | None
    prompt: str = ""
    problem: FiasError | None = None
    objections: tuple[str, ...] = ()


class Speaker(Protocol):
    """A coach as the service needs it. `problem` says why its language model cannot be used, if so."""

    problem: FiasError | None

    @property
    def device(self) -> str:
        """Where its language model runs at this moment, in words."""
        ...

    def speak(self, finished: ExerciseSet, request: Request, on_text: Callable[[str], None]) -> Spoken:
        """Advice about a set, or the answer to `request.question`; `on_text` gets the whole text so far. Returns early,
        without advice, when cancelled."""
        ...

    def cancel(self) -> None:
        """Stop the words under way; from any thread."""
        ...

    def close(self) -> None:
        """End the child process."""
        ...


@dataclass(frozen=True)
class _Asked:
    number: int
    finished: ExerciseSet
    request: Request


def request_of(settings: Settings, question: str = "") -> Request:
    """What is asked of the coach under these settings."""
    return Request(voice=settings.coach_voice, language=words_of(settings.language).language, question=question)


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
        self._made_for: tuple[str, Options] | None = None
        self._requests: Newest[_Asked] = Newest()
        self._number = 0
        self._cancelled = 0
        self._said_problem = ""
        self._stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="fias-coach", daemon=True)

    @property
    def device(self) -> str:
        """Where the language model runs at this moment, in words."""
        with self._lock:
            speaker, enabled = self._speaker, self._settings.coach_enabled
        if not enabled:
            return OFF
        return speaker.device if speaker is not None else NOT_LOADED

    def start(self) -> None:
        """Start the thread; the language model is loaded in the background, before the first request."""
        self.thread.start()

    def apply(self, settings: Settings) -> None:
        """Use these settings from the next request on; switching the coach off also silences it now."""
        with self._lock:
            self._settings = settings
        if not settings.coach_enabled:
            self.cancel()

    def ask(self, finished: ExerciseSet, question: str = "") -> None:
        """Advise on a set, or answer a question about it; nothing happens while the coach is switched off."""
        with self._lock:
            if not self._settings.coach_enabled:
                return
            self._number += 1
            self._requests.put(_Asked(self._number, finished, request_of(self._settings, question)))

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
                asked = self._requests.take()
                if asked is not None:
                    self._answer(asked)
        except ClosedError:
            pass
        finally:
            self._close()

    def _answer(self, asked: _Asked) -> None:
        number, question = asked.number, asked.request.question
        speaker = self._prepare()
        if speaker is None or self._silenced(asked):
            self._tell(AdviceText(number, "", done=True, question=question))
            return

        def on_text(text: str) -> None:
            if not self._silenced(asked):
                self._tell(AdviceText(number, text, done=False, question=question))

        spoken = speaker.speak(asked.finished, asked.request, on_text)
        self._say_problem(spoken.problem)
        if self._silenced(asked) or spoken.advice is None:
            self._tell(AdviceText(number, "", done=True, prompt=spoken.prompt, question=question))
            return
        text, advice = spoken.advice.text, spoken.advice
        self._tell(AdviceText(number, text, True, advice, spoken.prompt, question, spoken.objections))

    def _silenced(self, asked: _Asked) -> bool:
        with self._lock:
            return asked.number <= self._cancelled

    def _prepare(self) -> Speaker | None:
        """The speaker for the newest settings; None while switched off or stopping."""
        with self._lock:
            settings = self._settings
        if not settings.coach_enabled or self._stopping.is_set():
            self._close()
            return None
        wanted = (settings.coach_model, Options.from_settings(settings))
        if self._speaker is None or self._made_for != wanted:
            self._close()
            speaker = self._make(settings)
            with self._lock:
                self._speaker, self._made_for = speaker, wanted
            self._said_problem = ""
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
