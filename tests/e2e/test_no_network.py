"""Nothing leaves this machine: no process of the program connects or sends anywhere but to loopback."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.e2e import network_trace
from tests.e2e.command_line import ROOT, render_demo

pytestmark = pytest.mark.skipif(bool(network_trace.missing()), reason=network_trace.missing() or "-")

# 192.0.2.0/24 and 2001:db8::/32 are set aside for documentation: no machine has such an address.
PLANTED = {
    "Python": "import socket; s = socket.socket(); s.settimeout(0.2); s.connect_ex(('192.0.2.1', 443))",
    "a child": "import subprocess, sys; subprocess.run([sys.executable, '-c', \"import socket;"
    " s = socket.socket(); s.settimeout(0.2); s.connect_ex(('192.0.2.1', 443))\"])",
    "without a connection": "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.setblocking(False)\n"
    "try:\n    s.sendto(b'x', ('192.0.2.1', 53))\nexcept OSError:\n    pass",
    "IPv6": "import socket; s = socket.socket(socket.AF_INET6); s.settimeout(0.2)\ns.connect_ex(('2001:db8::1', 443))",
    "native code": "import ctypes; c = ctypes.CDLL(None, use_errno=True); s = c.socket(2, 1 | 2048, 0)\n"
    "c.connect(s, bytes([2, 0, 1, 187, 192, 0, 2, 1]) + bytes(8), 16)",
}
COACH = """
import sys
from pathlib import Path
from fias_desktop.coach.llm.language_model import LanguageModel
from fias_desktop.coach.prompt import Prompt
from fias_desktop.resources import coach_model
model = LanguageModel(coach_model())
model.start()
print(model.ask(Prompt("Set: 3 squats, all correct\\nAdvice:", ""), lambda _: None, max_tokens=20).tokens)
model.close()
"""


def environment(home: Path) -> dict[str, str]:
    """As for a person at home: settings of their own, no proxy."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | {"FIAS_HOME": str(home), "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("name", PLANTED)
def test_a_connection_that_is_tried_is_seen(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PLANTED[name]]
    done, trace = network_trace.traced(command, tmp_path / "trace", environment(tmp_path), tmp_path)
    assert done.returncode == 0, done.stderr
    assert network_trace.outside(trace)


def test_loopback_is_no_other_machine(tmp_path: Path) -> None:
    script = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))\nsocket.socket(10).connect_ex(('::1', 9))"
    done, trace = network_trace.traced(
        [sys.executable, "-c", script], tmp_path / "trace", environment(tmp_path), tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "127.0.0.1" in trace
    assert network_trace.outside(trace) == []


def test_an_answer_of_the_coach_reaches_no_other_machine(tmp_path: Path) -> None:
    done, trace = network_trace.traced(
        [sys.executable, "-c", COACH], tmp_path / "trace", environment(tmp_path), tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0
    assert "llm.child" in trace
    assert network_trace.outside(trace) == []


def test_an_analysis_with_its_advice_reaches_no_other_machine(tmp_path: Path) -> None:
    video, target = tmp_path / "squat.mp4", tmp_path / "out.json"
    render_demo(video, "demo:squat?reps=1&fps=10&size=320x240&tempo=2", 4.0, 9.0)
    command = [sys.executable, "-m", "fias_desktop", "analyse", str(video), "--json", str(target)]
    done, trace = network_trace.traced(command, tmp_path / "trace", environment(tmp_path), tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(target.read_text(encoding="utf-8"))["source"]["frames"] > 0
    assert "llm.child" in trace, "the coach was not there"
    assert network_trace.outside(trace) == []
