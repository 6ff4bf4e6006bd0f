"""Runs a command under strace and lists its attempts, and those of its children, to reach another machine."""

from __future__ import annotations

import ipaddress
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

TIMEOUT_S = 300
# What begins a connection or sends without one; execve shows which programs were looked at.
_CALLS = "connect,sendto,sendmsg,sendmmsg,execve"
_ADDRESS = re.compile(r'(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)")')


def missing() -> str:
    """Why strace cannot be used here; "" when it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-f", "-e", "trace=execve", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "strace may not trace here"


def traced(
    command: Sequence[str], log: Path, env: Mapping[str, str], cwd: Path
) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the command to its end; its result and the trace of every process, native code included."""
    options = ["-f", "-qq", "--seccomp-bpf", "-s", "400", "-e", f"trace={_CALLS}", "-e", "signal=none", "-o", str(log)]
    done = subprocess.run(
        ["strace", *options, *command],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
        env=dict(env),
        cwd=cwd,
    )
    return done, log.read_text(encoding="utf-8", errors="replace")


def outside(trace: str) -> list[str]:
    """The lines of a trace that address another machine, whether they succeeded or not."""
    return [line for line in trace.splitlines() if any(_is_outside(found) for found in _ADDRESS.findall(line))]


def _is_outside(found: tuple[str, str]) -> bool:
    return not ipaddress.ip_address(found[0] or found[1]).is_loopback
