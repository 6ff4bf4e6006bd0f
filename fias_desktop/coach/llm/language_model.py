"""The language model: llama.cpp in a child process, streamed, cancellable at once; a crash in it is only a message."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from fias_desktop.coach.llm.answer import Answer
from fias_desktop.coach.llm.gguf_file import ANOTHER, GgufHeader, check_memory, read_header
from fias_desktop.coach.llm.limits import Limits, gigabytes
from fias_desktop.coach.llm.options import ALL_LAYERS, Options
from fias_desktop.coach.llm.process import LlmProcess, Message
from fias_desktop.coach.llm.reply import LanguageModelProtocol, OnText, Reply
from fias_desktop.coach.llm.watch import Watch
from fias_desktop.coach.prompt import Prompt
from fias_desktop.domain.errors import FiasError

__all__ = ["LanguageModel", "LanguageModelProtocol", "OnText", "Reply"]

MAX_CRASHES = 3
MAX_TOKENS = 160
NOT_LOADED, LOADING, UNLOADED = "not loaded", "loading", "unloaded until it is asked"


class LanguageModel:
    """A GGUF file served by a child process. `ask` may be called from one thread at a time, the rest from any.

    A child that dies is started again at once, three times in a row at most; one over a limit is killed. After
    `options.idle_s` without a request it is ended, and started again by the next one. `close` ends everything.
    """

    def __init__(
        self,
        path: Path,
        options: Options | None = None,
        command: list[str] | None = None,
        max_tokens: int = MAX_TOKENS,
        limits: Limits | None = None,
    ) -> None:
        self.path = path
        self.options = options or Options()
        self.limits = limits or Limits()
        self._max_tokens = max_tokens
        self._command = command
        self._header: GgufHeader | None = None
        self._child: LlmProcess | None = None
        self._watch: Watch | None = None
        self._guard = threading.Lock()
        self._open = False
        self._request = 0
        self._cancelled = 0
        self._answering = False
        self._used_s = 0.0
        self._crashes = 0
        self._without_gpu = False

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

    @property
    def device(self) -> str:
        """Where it really runs (`CPU, 1 thread`, `GPU, all layers`), or why it does not."""
        child = self._child
        if child is None:
            return UNLOADED if self._open and self._crashes == 0 else NOT_LOADED
        if not child.loaded.is_set():
            return NOT_LOADED if child.refusal else LOADING
        if child.gpu:
            layers = self.options.gpu_layers
            return "GPU, all layers" if layers == ALL_LAYERS else f"GPU, {layers} layers"
        note = "the GPU failed" if self._without_gpu else child.note
        text = f"CPU, {self.options.threads} thread{'s' if self.options.threads > 1 else ''}"
        return f"{text}, {note}" if note else text

    def start(self) -> None:
        """Check the file and begin to load it in the child; returns at once. FiasError for a file that cannot do."""
        with self._guard:
            self._open = True
            self._used_s = time.monotonic()
        self._launch()
        with self._guard:
            if self._watch is None and self._open:
                self._watch = Watch(self._look)

    def close(self) -> None:
        """End the child, and an answer being written with it."""
        with self._guard:
            self._open = False
            child, self._child = self._child, None
            watch, self._watch = self._watch, None
        if watch is not None:
            watch.stop()
        if child is not None:
            child.end()

    def cancel(self) -> None:
        """Stop the answer being written; the child is killed and started anew when it does not stop soon."""
        with self._guard:
            if self._answering and self._child is not None:
                self._cancelled = self._request
                self._child.events.put({"event": "cancel", "id": self._request})

    def ask(
        self,
        prompt: Prompt,
        on_text: OnText,
        *,
        temperature: float | None = None,
        seed: int = 0,
        grammar: str = "",
        max_tokens: int | None = None,
        top_p: float | None = None,
        said: Sequence[str] = (),
    ) -> Reply:
        """Answer a prompt (see the protocol)."""
        if self._crashes >= MAX_CRASHES:
            raise FiasError(f"The language model {self.path.name} stopped {MAX_CRASHES} times in a row.", ANOTHER)
        self.start()
        with self._guard:
            child = self._child
            self._request += 1
            self._answering = True
        message: Message = {
            "op": "ask",
            "id": self._request,
            "text": prompt.text,
            "instructions": prompt.instructions,
            "temperature": self.options.temperature if temperature is None else temperature,
            "top_p": self.options.top_p if top_p is None else top_p,
            "seed": seed,
            "max_tokens": self._max_tokens if max_tokens is None else max_tokens,
            "grammar": grammar,
            "said": list(said),
        }
        try:
            if child is None:
                raise self._closed()
            return Answer(self, child, self._request, on_text).run(message)
        finally:
            with self._guard:
                self._answering = False
                self._used_s = time.monotonic()

    def restart(self, child: LlmProcess) -> None:
        """Kill this child and begin to load the model again."""
        child.kill()
        with self._guard:
            if self._child is child:
                self._child = None
        self._launch()

    def crashed(self, child: LlmProcess) -> FiasError:
        """What to say about a child that ended by itself or over a limit; the model begins to load again."""
        with self._guard:
            first = self._child is child
            if first:
                self._child = None
                self._crashes += 1
                self._without_gpu = self._without_gpu or child.gpu
            is_open, again = self._open, self._crashes < MAX_CRASHES
        child.kill()
        if not is_open:
            return self._closed()
        if first and again:
            with contextlib.suppress(FiasError):  # the next request says so
                self._launch()
        why = child.over or "stopped unexpectedly"
        hint = "It starts again by itself." if again else ANOTHER
        return FiasError(f"The language model {self.path.name} {why}.", hint)

    def was_cancelled(self, request: int) -> bool:
        """Whether this request was cancelled, be its answer written already or not."""
        with self._guard:
            return self._cancelled == request

    def succeeded(self) -> None:
        """Note an answer: crashes count only in a row."""
        self._crashes = 0

    def refused(self, child: LlmProcess, why: str) -> FiasError:
        """What to say when llama.cpp refused a file or a request."""
        if child.loaded.is_set():
            return FiasError(f"The language model {self.path.name} could not answer: {why}.", ANOTHER)
        with self._guard:
            if self._child is child:
                self._child = None
                self._crashes += 1
        child.kill()
        return FiasError(f"The language model {self.path.name} could not be loaded: {why}.", ANOTHER)

    def _launch(self) -> None:
        """Begin to load, unless that was done or everything is closed."""
        with self._guard:
            if not self._open or (self._child is not None and self._child.alive):
                return
            old, self._child = self._child, None
            self._header = header = read_header(self.path)
            context = self._context(header)
            check_memory(header, self.path.name, context)
            self._child = self._begin(context, header.needed_bytes(context) + self.limits.margin_bytes)
        if old is not None:
            old.kill()

    def _begin(self, context: int, memory_bytes: int) -> LlmProcess:
        try:
            child = LlmProcess(memory_bytes, self._command)
        except OSError as error:
            raise FiasError(f"The language model's process cannot start: {error.strerror}.", "Start again.") from error
        load: Message = {
            "op": "load",
            "path": str(self.path),
            "threads": self.options.threads,
            "context": context,
            "device": "cpu" if self._without_gpu else self.options.device,
            "gpu_layers": self.options.gpu_layers,
            "memory_bytes": memory_bytes,
        }
        child.send(load)
        return child

    def _context(self, header: GgufHeader) -> int:
        known = header.keys.get(f"{header.architecture}.context_length", 0)
        own = int(known) if isinstance(known, int) and known > 0 else self.options.context
        return min(own, self.options.context)

    def _look(self) -> None:
        """What the watch does: kill what is over a limit, replace what is dead, unload what is idle."""
        child = self._child
        if child is None or child.refusal:
            return
        now, limits = time.monotonic(), self.limits
        if not child.alive:
            self.crashed(child)
        elif not child.loaded.is_set() and now - child.begun_s > limits.load_s:
            child.stop_for(f"was not loaded within {limits.load_s:g} s")
        elif child.own_bytes > child.memory_bytes:
            child.stop_for(f"took more than the {gigabytes(child.memory_bytes)} of memory it may take")
        elif 0.0 < self.options.idle_s < now - self._used_s:
            self._unload(child)

    def _unload(self, child: LlmProcess) -> None:
        with self._guard:
            if self._answering or self._child is not child or time.monotonic() - self._used_s <= self.options.idle_s:
                return
            self._child = None
        child.end()

    @staticmethod
    def _closed() -> FiasError:
        return FiasError("The language model was closed.", "Start again.")
