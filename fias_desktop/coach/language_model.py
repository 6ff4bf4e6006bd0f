"""The language model: llama.cpp in a child process, streamed, cancellable at once; a crash in it is only a message."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fias_desktop.coach.gguf_file import ANOTHER, GgufHeader, check_memory, read_header
from fias_desktop.coach.llm_process import LlmProcess, Message
from fias_desktop.coach.prompt import Prompt
from fias_desktop.domain.errors import FiasError

STOP_LIMIT_S = 0.2
LOAD_LIMIT_S = 120.0
ANSWER_LIMIT_S = 60.0
MAX_CRASHES = 3
MAX_CONTEXT = 2048
MAX_TOKENS = 160

OnText = Callable[[str], None]


@dataclass(frozen=True)
class Reply:
    """An answer: `first_words_s` is the time from the request to the first characters (NaN when none came)."""

    text: str
    cancelled: bool
    first_words_s: float
    total_s: float
    tokens: int


class LanguageModelProtocol(Protocol):
    """Anything that answers a prompt with text, piece by piece."""

    @property
    def bundled(self) -> bool:
        """Whether it is the project's own model, which needs no instructions."""
        ...

    def ask(self, prompt: Prompt, on_text: OnText, *, temperature: float = 0.4, seed: int = 0) -> Reply:
        """Answer; `on_text` gets the whole text so far, again and again. FiasError when it cannot."""
        ...

    def cancel(self) -> None:
        """Stop the answer that is being written, from any thread."""
        ...


class LanguageModel:
    """A GGUF file served by a child process. `ask` may be called from one thread at a time, the rest from any."""

    def __init__(
        self, path: Path, threads: int = 1, command: list[str] | None = None, max_tokens: int = MAX_TOKENS
    ) -> None:
        self.path = path
        self._threads = threads
        self._max_tokens = max_tokens
        self._command = command
        self._header: GgufHeader | None = None
        self._child: LlmProcess | None = None
        self._guard = threading.Lock()
        self._request = 0
        self._cancelled = 0
        self._answering = False
        self._crashes = 0

    @property
    def bundled(self) -> bool:
        """Whether the file was trained here (it says so in its header)."""
        return self._header is not None and self._header.bundled

    @property
    def ready(self) -> bool:
        """Whether the model is loaded and its child alive."""
        child = self._child
        return child is not None and child.loaded.is_set() and child.alive

    @property
    def pid(self) -> int | None:
        """The child's process id, None when there is no child."""
        child = self._child
        return child.pid if child is not None and child.alive else None

    def start(self) -> None:
        """Check the file and begin to load it in the child; returns at once. FiasError for a file that cannot do."""
        with self._guard:
            if self._child is not None and self._child.alive:
                return
            self._drop()
            self._header = read_header(self.path)
            check_memory(self._header, self.path.name, self._context(self._header))
            self._child = self._launch(self._header)

    def close(self) -> None:
        """End the child, and an answer being written with it."""
        with self._guard:
            child, self._child = self._child, None
        if child is not None:
            child.end()

    def cancel(self) -> None:
        """Stop the answer being written; the child is killed and started anew when it does not stop in 0.2 s."""
        with self._guard:
            if self._answering and self._child is not None:
                self._cancelled = self._request
                self._child.events.put({"event": "cancel", "id": self._request})

    def ask(self, prompt: Prompt, on_text: OnText, *, temperature: float = 0.4, seed: int = 0) -> Reply:
        """Answer a prompt (see the protocol); a child that is gone is started again, three times in a row at most."""
        if self._crashes >= MAX_CRASHES:
            raise FiasError(f"The language model {self.path.name} stopped {MAX_CRASHES} times in a row.", ANOTHER)
        self.start()
        with self._guard:
            child = self._child
            self._request += 1
            self._answering = True
        if child is None:
            raise FiasError("The language model was closed.", "Start again.")
        try:
            return _Answer(self, child, self._request, on_text).run(self._message(prompt, temperature, seed))
        finally:
            with self._guard:
                self._answering = False

    def restart(self, child: LlmProcess) -> None:
        """Kill this child and begin to load the model again."""
        child.kill()
        with self._guard:
            if self._child is not child:
                return
            self._child = None
        self.start()

    def crashed(self, child: LlmProcess) -> FiasError:
        """Note that a child ended by itself; the next request starts another one."""
        child.kill()
        with self._guard:
            closed = self._child is not child
            if not closed:
                self._child = None
                self._crashes += 1
        if closed:
            return FiasError("The language model was closed.", "Start again.")
        return FiasError(f"The language model {self.path.name} stopped unexpectedly.", "It starts again when asked.")

    def was_cancelled(self, request: int) -> bool:
        """Whether this request was cancelled, be its answer written already or not."""
        with self._guard:
            return self._cancelled == request

    def succeeded(self) -> None:
        """Note an answer: crashes count only in a row."""
        self._crashes = 0

    def refused(self, child: LlmProcess, why: str) -> FiasError:
        """Note that llama.cpp refused a file or a request."""
        if not child.loaded.is_set():
            self.crashed(child)
            return FiasError(f"The language model {self.path.name} could not be loaded: {why}.", ANOTHER)
        return FiasError(f"The language model {self.path.name} could not answer: {why}.", ANOTHER)

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _launch(self, header: GgufHeader) -> LlmProcess:
        try:
            child = LlmProcess(self._command)
        except OSError as error:
            raise FiasError(f"The language model's process cannot start: {error.strerror}.", "Start again.") from error
        load = {"op": "load", "path": str(self.path), "threads": self._threads, "context": self._context(header)}
        child.send(load)
        return child

    @staticmethod
    def _context(header: GgufHeader) -> int:
        known = header.keys.get(f"{header.architecture}.context_length", MAX_CONTEXT)
        return min(int(known), MAX_CONTEXT) if isinstance(known, int) and known > 0 else MAX_CONTEXT

    def _message(self, prompt: Prompt, temperature: float, seed: int) -> Message:
        return {
            "op": "ask",
            "id": self._request,
            "text": prompt.text,
            "instructions": prompt.instructions,
            "temperature": temperature,
            "seed": seed,
            "max_tokens": self._max_tokens,
        }


class _Answer:
    """One request from sending to its end."""

    def __init__(self, model: LanguageModel, child: LlmProcess, request: int, on_text: OnText) -> None:
        self._model, self._child, self._request, self._on_text = model, child, request, on_text
        self._begun_s = time.monotonic()
        self._first_s = float("nan")
        self._text = ""
        self._stopping_s: float | None = None

    def run(self, message: Message) -> Reply:
        self._child.send(message)
        while True:
            event = self._next()
            if event is None:
                return self._overdue()
            kind = event["event"]
            if kind == "gone":
                if self._stopping_s is not None:
                    return self._overdue()
                raise self._model.crashed(self._child)
            if kind == "failed":
                raise self._model.refused(self._child, str(event["message"]))
            if kind in ("loaded", "cancel", "text", "done") and event.get("id", self._request) == self._request:
                reply = self._take(kind, event)
                if reply is not None:
                    return reply

    def _take(self, kind: str, event: Message) -> Reply | None:
        if kind == "cancel" and self._stopping_s is None:
            self._stop()
        elif kind == "text" and not self._model.was_cancelled(self._request):
            self._add(str(event["text"]))
        elif kind == "done":
            self._model.succeeded()
            return self._reply(int(event["tokens"]), self._model.was_cancelled(self._request))
        return None

    def _add(self, piece: str) -> None:
        self._text += piece
        if self._text.strip():
            if self._first_s != self._first_s:
                self._first_s = time.monotonic() - self._begun_s
            self._on_text(self._text.strip())

    def _stop(self) -> None:
        self._stopping_s = time.monotonic()
        self._child.send({"op": "cancel", "id": self._request})

    def _next(self) -> Message | None:
        """The next event, or None when the time is over."""
        now = time.monotonic()
        if self._stopping_s is not None:
            until = self._stopping_s + STOP_LIMIT_S
        elif not self._child.loaded.is_set():
            until = self._begun_s + LOAD_LIMIT_S
        else:
            until = self._begun_s + ANSWER_LIMIT_S
        try:
            return self._child.events.get(timeout=max(until - now, 0.001))
        except queue.Empty:
            return None

    def _overdue(self) -> Reply:
        """Neither done nor stopped in time: a new child is loaded while the text so far is handed back."""
        self._model.restart(self._child)
        return self._reply(0, True)

    def _reply(self, tokens: int, cancelled: bool) -> Reply:
        return Reply(self._text.strip(), cancelled, self._first_s, time.monotonic() - self._begun_s, tokens)
