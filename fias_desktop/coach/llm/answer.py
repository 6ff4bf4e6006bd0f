"""One request to a child, from sending it to its last word."""

from __future__ import annotations

import contextlib
import queue
import time
from typing import Protocol

from fias_desktop.coach.llm.limits import Limits
from fias_desktop.coach.llm.process import LlmProcess, Message
from fias_desktop.coach.llm.reply import OnText, Reply
from fias_desktop.domain.errors import FiasError


class Owner(Protocol):
    """The language model that owns the child."""

    limits: Limits

    def restart(self, child: LlmProcess) -> None:
        """Kill this child and begin to load the model again."""
        ...

    def crashed(self, child: LlmProcess) -> FiasError:
        """What to say about a child that ended by itself or over a limit."""
        ...

    def refused(self, child: LlmProcess, why: str) -> FiasError:
        """What to say when llama.cpp refused a file or a request."""
        ...

    def was_cancelled(self, request: int) -> bool:
        """Whether this request was cancelled."""
        ...

    def succeeded(self) -> None:
        """Note an answer."""
        ...


class Answer:
    """One request from sending to its end."""

    def __init__(self, model: Owner, child: LlmProcess, request: int, on_text: OnText) -> None:
        self._model, self._child, self._request, self._on_text = model, child, request, on_text
        self._begun_s = time.monotonic()
        self._loaded_s = self._begun_s
        self._first_s = float("nan")
        self._text = ""
        self._stopping_s: float | None = None

    def run(self, message: Message) -> Reply:
        """Send the request and hear the answer; FiasError when there is none."""
        self._child.send(message)
        while True:
            event = self._next()
            if event is None:
                if self._stopping_s is not None:
                    return self._replaced()
                self._child.stop_for(f"took longer than {self._model.limits.answer_s:g} s to answer")
                raise self._model.crashed(self._child)
            kind, request = event["event"], event.get("id", self._request)
            if kind == "gone":
                if self._stopping_s is not None:
                    return self._replaced()
                raise self._model.crashed(self._child)
            if kind == "failed" and request in (0, self._request):
                raise self._model.refused(self._child, str(event["message"]))
            if kind in ("loaded", "cancel", "text", "done") and request == self._request:
                reply = self._take(kind, event)
                if reply is not None:
                    return reply

    def _take(self, kind: str, event: Message) -> Reply | None:
        if kind == "loaded":
            self._loaded_s = time.monotonic()
        elif kind == "cancel" and self._stopping_s is None:
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
        """The next event, or None when the time to answer or to stop is over (that to load is the watch's)."""
        limits = self._model.limits
        if self._stopping_s is not None:
            until_s = self._stopping_s + limits.stop_s
        elif not self._child.loaded.is_set():
            until_s = float("inf")
        else:
            until_s = self._loaded_s + limits.answer_s
        left_s = max(until_s - time.monotonic(), 0.001)
        try:
            return self._child.events.get(timeout=None if left_s == float("inf") else left_s)
        except queue.Empty:
            return None

    def _replaced(self) -> Reply:
        """Cancelled, but not stopped in time or dead: a new child is loaded, the text so far handed back."""
        with contextlib.suppress(FiasError):  # the next request says so
            self._model.restart(self._child)
        return self._reply(0, True)

    def _reply(self, tokens: int, cancelled: bool) -> Reply:
        return Reply(self._text.strip(), cancelled, self._first_s, time.monotonic() - self._begun_s, tokens)
