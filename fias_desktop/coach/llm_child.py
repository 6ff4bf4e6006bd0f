"""The child process that runs llama.cpp: JSON lines in, JSON lines out, nothing else.

Started by `language_model.py`. It may be killed at any moment; it ends by itself when its parent does (end of input).
Nothing here opens a network connection.

In:  {"op": "load", "path", "threads", "context"} | {"op": "ask", "id", "text", "instructions", "temperature", "seed",
     "max_tokens"} | {"op": "cancel", "id"}
Out: {"event": "loaded", "name", "chat"} | {"event": "text", "id", "text"} (a piece)
     | {"event": "done", "id", "tokens", "cancelled"} | {"event": "failed", "id", "message"}
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llama_cpp import Llama

Message = dict[str, Any]
STOPS = ["\nExercise:", "\n\n\n", "<|im_end|>", "<|eot_id|>", "</s>"]


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


class _Child:
    """One model, one request at a time; a second thread listens for cancel and for the parent's end."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._model: Llama | None = None
        self._bundled = False

    def serve(self, source: IO[bytes]) -> None:
        threading.Thread(target=self._listen, args=(source,), daemon=True).start()
        while True:
            message = self._requests.get()
            try:
                self._load(message) if message["op"] == "load" else self._ask(message)
            except (ValueError, RuntimeError, OSError, KeyError, TypeError, IndexError) as error:
                self._say(
                    {"event": "failed", "id": message.get("id", 0), "message": str(error) or type(error).__name__}
                )

    def _listen(self, source: IO[bytes]) -> None:
        for line in source:
            message = json.loads(line)
            if message["op"] == "cancel":
                self._cancelled.add(message["id"])
            else:
                self._requests.put(message)
        os._exit(0)  # the parent is gone: stop at once, in the middle of a token if need be

    def _say(self, message: Message) -> None:
        try:
            self._sink.write(json.dumps(message).encode() + b"\n")
            self._sink.flush()
        except BrokenPipeError:
            os._exit(0)

    def _load(self, message: Message) -> None:
        from llama_cpp import Llama

        threads = int(message["threads"])
        self._model = Llama(
            model_path=message["path"],
            n_ctx=int(message["context"]),
            n_threads=threads,
            n_threads_batch=threads,
            n_gpu_layers=0,
            verbose=False,
        )
        metadata = self._model.metadata
        self._bundled = metadata.get("fias.prompt") == "facts"
        chat = not self._bundled and "tokenizer.chat_template" in metadata
        self._warm_up()
        self._say({"event": "loaded", "name": metadata.get("general.name", ""), "chat": chat})

    def _warm_up(self) -> None:
        """One token, so that the first request does not pay for the first touch of the weights."""
        if self._model is not None:
            self._model.create_completion("Exercise:", max_tokens=1)

    def _ask(self, message: Message) -> None:
        request = int(message["id"])
        tokens = 0
        stream = self._stream(message)
        for piece in stream:
            if request in self._cancelled:
                break
            tokens += 1
            if piece:
                self._say({"event": "text", "id": request, "text": piece})
        cancelled = request in self._cancelled
        self._say({"event": "done", "id": request, "tokens": tokens, "cancelled": cancelled})

    def _stream(self, message: Message) -> Iterator[str]:
        if self._model is None:
            raise RuntimeError("no model is loaded")
        sampling = {
            "max_tokens": int(message["max_tokens"]),
            "temperature": float(message["temperature"]),
            "seed": int(message["seed"]),
            "top_p": 0.95,
            "min_p": 0.05,
            "repeat_penalty": 1.0,
            "stream": True,
        }
        text, instructions = str(message["text"]), str(message["instructions"])
        if not self._bundled and "tokenizer.chat_template" in self._model.metadata:
            chat = [{"role": "user", "content": f"{instructions}\n\n{text}"}]
            for chunk in self._model.create_chat_completion(messages=chat, stop=STOPS, **sampling):
                yield chunk["choices"][0]["delta"].get("content") or ""
        else:
            prompt = text if self._bundled else f"{instructions}\n\n{text}"
            for chunk in self._model.create_completion(prompt, stop=STOPS, **sampling):
                yield chunk["choices"][0]["text"]


if __name__ == "__main__":
    sys.exit(main())
