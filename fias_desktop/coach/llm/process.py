"""One running child process with llama.cpp in it, seen from the parent: start, send, receive, kill."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from fias_desktop.coach.llm.limits import own_bytes

Message = dict[str, Any]
GONE: Message = {"event": "gone"}
CHILD_FLAG = "--coach-child"
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def child_command() -> list[str]:
    """How the child is started: by its module, or by a flag of the frozen program (which has no modules to run)."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG]
    return [sys.executable, "-m", "fias_desktop.coach.llm.child"]


def _environment() -> dict[str, str]:
    """The parent's environment, with this very package on the path and without proxies (there is no network use)."""
    kept = {name: value for name, value in os.environ.items() if name.lower() not in _PROXIES}
    root = str(Path(__file__).resolve().parents[3])
    kept["PYTHONPATH"] = os.pathsep.join(part for part in (root, kept.get("PYTHONPATH", "")) if part)
    return kept


class LlmProcess:
    """A child and the thread that reads from it. `events` ends with `GONE` when the child does, whatever the reason.

    `gpu` tells whether the model is on the GPU or on its way there, `note` why it is not, `refusal` why it could not be
    loaded; `over` names the limit for which the child was killed. Each is "" for nothing."""

    def __init__(self, memory_bytes: int, command: list[str] | None = None) -> None:
        self.memory_bytes = memory_bytes
        self.begun_s = time.monotonic()
        self._process = subprocess.Popen(
            command or child_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.events: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.loaded = threading.Event()
        self.gpu = False
        self.note = ""
        self.refusal = ""
        self.over = ""
        self._watched = psutil.Process(self._process.pid)
        self._reader = threading.Thread(target=self._read, name="coach-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the child still runs."""
        return self._process.poll() is None

    @property
    def own_bytes(self) -> int:
        """The memory that it holds for itself (see `llm_limits`); 0 when it is gone."""
        return own_bytes(self._watched)

    def stop_for(self, limit: str) -> None:
        """Kill it because it is over a limit; whoever reads `events` finds its end there."""
        self.over = limit
        self._process.kill()

    def send(self, message: Message) -> None:
        """Hand a message to the child; one that is gone shows through `events`, not here."""
        pipe = self._process.stdin
        assert pipe is not None
        try:
            pipe.write(json.dumps(message).encode() + b"\n")
            pipe.flush()
        except (OSError, ValueError):
            return

    def kill(self) -> None:
        """End the child now and wait for it and its reader."""
        self._process.kill()
        self._process.wait()
        self._reader.join(timeout=1.0)
        self._close_pipes()

    def end(self, wait_s: float = 0.5) -> None:
        """Close its input, which ends it; kill it when that takes longer than `wait_s`."""
        pipe = self._process.stdin
        assert pipe is not None
        with contextlib.suppress(OSError):  # its end of the pipe may be gone already
            pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=wait_s)
        self.kill()

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                continue

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        try:
            for line in pipe:
                message: Message = json.loads(line)
                self._note(message)
                self.events.put(message)
        except (ValueError, TypeError, KeyError):
            self._process.kill()  # whatever this is, it is not our child speaking
        self.events.put(GONE)

    def _note(self, message: Message) -> None:
        if message["event"] == "loading":
            self.gpu = True
        elif message["event"] == "loaded":
            self.gpu, self.note = bool(message.get("gpu")), str(message.get("note", ""))
            self.loaded.set()
        elif message["event"] == "failed" and not self.loaded.is_set():
            self.refusal = str(message["message"])
