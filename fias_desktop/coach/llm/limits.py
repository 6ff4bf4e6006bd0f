"""What a child may take: memory, time to load, time to answer, time to stop."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

# Beside what the header lets one expect: Python, llama.cpp's work space for a large vocabulary, room for an error.
MARGIN_BYTES = 512 << 20


@dataclass(frozen=True)
class Limits:
    """`stop_s` is how long a cancelled answer may go on unheard before its child is killed."""

    load_s: float = 120.0
    answer_s: float = 60.0
    stop_s: float = 0.5
    margin_bytes: int = MARGIN_BYTES


def limit_memory(more_bytes: int) -> None:
    """Let this process take at most so much more memory of its own (mapped weights do not count), and write no core
    dump when it dies. Only Linux counts mapped memory here; elsewhere the parent's watch must do."""
    if sys.platform != "linux":
        return
    import resource

    most = 1024 * _status_kb("VmData") + more_bytes
    for kind, wanted in ((resource.RLIMIT_DATA, most), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (value, value))


def own_bytes(process: psutil.Process) -> int:
    """The memory that a process holds for itself alone; 0 when it is gone. Files mapped into it do not count where the
    system tells them apart (Linux, Windows)."""
    try:
        info = process.memory_info()
    except psutil.Error:
        return 0
    private = getattr(info, "private", None)
    return int(private) if private is not None else int(info.rss) - int(getattr(info, "shared", 0))


def gigabytes(count: int) -> str:
    """`0.6 GB`."""
    return f"{count / 2**30:.1f} GB"


def _status_kb(name: str) -> int:
    with Path("/proc/self/status").open(encoding="ascii", errors="replace") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
