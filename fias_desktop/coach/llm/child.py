"""The child process that runs llama.cpp: JSON lines in, JSON lines out, nothing else.

Started by `language_model.py`. It may be killed at any moment; it ends by itself when its parent does (end of input).
Nothing here opens a network connection.

In:  {"op": "load", "path", "threads", "context", "device", "gpu_layers", "memory_bytes"}
     | {"op": "ask", "id", "text", "instructions", "temperature", "top_p", "seed", "max_tokens", "grammar",
       "said"}
     | {"op": "cancel", "id"}
Out: {"event": "loading", "gpu"} (the GPU is tried) | {"event": "loaded", "bundled", "gpu", "note"}
     | {"event": "text", "id", "text"} (a piece) | {"event": "done", "id", "tokens", "cancelled"}
     | {"event": "failed", "id", "message"}
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from fias_desktop.coach.llm.limits import gigabytes, limit_memory

if TYPE_CHECKING:
    from fias_desktop.coach.llm.engine import Engine

Message = dict[str, Any]
STOPS = ["\nExercise:", "\n\n\n", "<|im_end|>", "<|eot_id|>", "</s>"]
# A model below this size is done sooner than a GPU has begun, which then is free for pose.
SMALL_BYTES = 64 << 20


def main() -> int:
    """Serve until the input ends."""
    lower_priority()
    source, sink = _private_pipes()
    _Child(sink).serve(source)
    return 0


def lower_priority() -> None:
    """Let pose and the window go first, but not so far that a busy machine silences the coach."""
    if hasattr(os, "nice"):
        os.nice(5)
    else:
        import psutil

        psutil.Process().nice(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 16384))


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Keep the pipes for ourselves and send what llama.cpp prints (on 1 and 2) to nowhere."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return source, sink


@dataclass(frozen=True)
class Loaded:
    """A loaded model: `gpu` says where it runs, `note` why not on the GPU that was wished for."""

    engine: Engine
    gpu: bool = False
    note: str = ""


def load_engine(make: Callable[[int], Engine], layers: int, offload: bool, asked_gpu: bool) -> Loaded:
    """Load a model with `make(layers on the GPU)`: on the CPU where llama.cpp knows no GPU (`offload`) or when the GPU
    refuses it; RuntimeError when the CPU does so too."""
    if layers == 0 or not offload:
        return Loaded(make(0), note="this llama.cpp knows no GPU" if asked_gpu and not offload else "")
    try:
        return Loaded(make(layers), gpu=True)
    except RuntimeError:
        return Loaded(make(0), note="the GPU had no room for it")


class _Child:
    """One model, one request at a time; a second thread listens for cancel and for the parent's end."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._engine: Engine | None = None
        self._bundled = False
        self._memory_bytes = 0

    def serve(self, source: IO[bytes]) -> None:
        threading.Thread(target=self._listen, args=(source,), daemon=True).start()
        while True:
            message = self._requests.get()
            try:
                self._load(message) if message["op"] == "load" else self._ask(message)
            except MemoryError:
                self._fail(message, f"it needs more than the {gigabytes(self._memory_bytes)} of memory it may take")
            except (ValueError, RuntimeError, OSError, KeyError, TypeError, IndexError) as error:
                self._fail(message, str(error) or type(error).__name__)

    def _fail(self, message: Message, why: str) -> None:
        self._say({"event": "failed", "id": message.get("id", 0), "message": why})

    def _listen(self, source: IO[bytes]) -> None:
        try:
            for line in source:
                message = json.loads(line)
                if message["op"] == "cancel":
                    self._cancelled.add(message["id"])
                else:
                    self._requests.put(message)
        finally:  # the parent is gone, or says what we do not understand: stop at once, in the middle of a token
            os._exit(0)

    def _say(self, message: Message) -> None:
        try:
            self._sink.write(json.dumps(message).encode() + b"\n")
            self._sink.flush()
        except BrokenPipeError:
            os._exit(0)

    def _load(self, message: Message) -> None:
        import llama_cpp

        from fias_desktop.coach.llm.engine import Engine

        path, threads, context = str(message["path"]), int(message["threads"]), int(message["context"])
        offload, layers = bool(llama_cpp.llama_supports_gpu_offload()), _layers(message)
        self._memory_bytes = int(message["memory_bytes"])
        if layers == 0 or not offload:  # a GPU's driver maps far more than it uses
            limit_memory(self._memory_bytes)
        else:
            self._say({"event": "loading", "gpu": True})
        llama_cpp.llama_backend_init()
        loaded = load_engine(
            lambda n: Engine(path, threads, context, n), layers, offload, asked_gpu=message["device"] == "gpu"
        )
        self._engine = loaded.engine
        self._bundled = self._engine.metadata("fias.prompt") == "facts"
        self._warm_up(self._engine)
        self._say({"event": "loaded", "bundled": self._bundled, "gpu": loaded.gpu, "note": loaded.note})

    @staticmethod
    def _warm_up(engine: Engine) -> None:
        """One token, so that the first request does not pay for the first touch of the weights."""
        from fias_desktop.coach.llm.engine import Sampling

        for _ in engine.write("Exercise:", Sampling(0.0, 1.0, 0, 1), (), lambda: False):
            pass

    def _ask(self, message: Message) -> None:
        if self._engine is None:
            raise RuntimeError("no model is loaded")
        request = int(message["id"])
        for piece in self._pieces(self._engine, message, lambda: request in self._cancelled):
            if piece and request not in self._cancelled:
                self._say({"event": "text", "id": request, "text": piece})
        cancelled = request in self._cancelled
        self._say({"event": "done", "id": request, "tokens": self._engine.written, "cancelled": cancelled})

    def _pieces(self, engine: Engine, message: Message, stopped: Callable[[], bool]) -> Iterator[str]:
        from fias_desktop.coach.llm.engine import Sampling

        sampling = Sampling(
            temperature=float(message["temperature"]),
            top_p=float(message["top_p"]),
            seed=int(message["seed"]),
            max_tokens=int(message["max_tokens"]),
            grammar=str(message["grammar"]),
            said=tuple(map(str, message["said"])),
        )
        text, instructions = str(message["text"]), str(message["instructions"])
        prompt = text if self._bundled else engine.laid_out(f"{instructions}\n\n{text}")
        return engine.write(prompt, sampling, STOPS, stopped)


def _layers(message: Message) -> int:
    """How many layers are wished for on the GPU, be there one or not."""
    device = message["device"]
    if device == "cpu" or (device == "auto" and Path(message["path"]).stat().st_size < SMALL_BYTES):
        return 0
    return int(message["gpu_layers"])


if __name__ == "__main__":
    sys.exit(main())
