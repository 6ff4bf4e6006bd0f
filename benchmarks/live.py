"""The real window on a live 640x480, 30 fps stream: age and number of painted pictures, stalls, memory.

    .venv/bin/python benchmarks/live.py --minutes 10 --json figures.json
    xvfb-run -a .venv/bin/python benchmarks/live.py --platform xcb

The stream comes over loopback from a process of its own (mjpeg_server.py) whose CPU is told apart. Figures:

- overlay lag: from a frame being available in the capture thread to that frame painted with its own skeleton
- displayed: different frames painted a second
- blocked: longest gap of a 10 ms Qt timer less 10 ms, after the first picture (99.9th percentile and maximum)
- memory: of the process tree without the server, from minute 2 to the end (from a fifth of the time in shorter runs)
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

# As the console script does it, before numpy is loaded.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402
import psutil  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

TIMER_MS = 10
SETTLE_S = 3.0
MEMORY_FROM_S = 120.0
BARS = {"overlay lag p95": 100.0, "displayed": 25.0, "blocked p99.9": 50.0, "memory growth": 20.0}


@dataclass
class Record:
    """Everything noted while the window runs; times are monotonic seconds."""

    painted: list[tuple[float, float]] = field(default_factory=list)
    ticks: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    own_cpu_s: float = 0.0
    server_cpu_s: float = 0.0
    thread_cpu_s: dict[str, float] = field(default_factory=dict)
    pose_ms: float = 0.0
    network_ms: float = 0.0
    heat_age_ms: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def start_server(source: str) -> tuple[subprocess.Popen[str], str]:
    """The stream's process and its address."""
    script = Path(__file__).with_name("mjpeg_server.py")
    server = subprocess.Popen([sys.executable, str(script), "--source", source], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    port = server.stdout.readline().strip()
    if not port:
        raise SystemExit("the stream's server did not start")
    return server, f"http://127.0.0.1:{port}/"


def tree_mb(own: psutil.Process, without: int) -> float:
    """Resident memory of a process and its children, less the server's, in MB."""
    total = own.memory_info().rss
    for child in own.children(recursive=True):
        if child.pid != without:
            try:
                total += child.memory_info().rss
            except psutil.Error:
                continue
    return total / 1e6


def cpu_s(process: psutil.Process) -> float:
    """CPU seconds of a process so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def thread_cpu_s(process: psutil.Process) -> dict[str, float]:
    """CPU seconds by thread name so far; threads of libraries go by what the system calls them."""
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    found: dict[str, float] = {}
    for each in process.threads():
        name = names.get(each.id) or _system_name(process.pid, each.id)
        found[name] = found.get(name, 0.0) + each.user_time + each.system_time
    return found


def _system_name(pid: int, thread: int) -> str:
    try:
        return "library " + Path(f"/proc/{pid}/task/{thread}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return "libraries"


def watch(url: str, seconds: float, server: psutil.Process) -> Record:
    """Run the window for so long after its first picture."""
    from PySide6.QtCore import Qt, QTimer

    from fias_desktop.engine.view import Problem
    from fias_desktop.settings import Settings
    from fias_desktop.ui.program import Program
    from fias_desktop.ui.video_canvas import PaintMeter

    record, own = Record(), psutil.Process()

    class Meter(PaintMeter):
        def note(self, available_s: float, now_s: float) -> None:
            super().note(available_s, now_s)
            if not record.painted:
                begin()
            record.painted.append((now_s, (now_s - available_s) * 1000))

    program = Program(Settings(source=url, mirror=True))
    program.window.resize(1280, 720)
    canvas = program.window.page.canvas
    canvas.meter = Meter()
    program.bridge.listen(Problem, lambda problem: record.problems.append(problem.message))

    def begin() -> None:
        """The first picture is there: the clock starts."""
        QTimer.singleShot(int(seconds * 1000), finish)
        tick.start(TIMER_MS)
        sample.start(1000)
        record.own_cpu_s, record.server_cpu_s = -cpu_s(own), -cpu_s(server)
        record.thread_cpu_s = thread_cpu_s(own)

    def note_sample() -> None:
        record.memory.append((time.monotonic(), tree_mb(own, server.pid)))
        view = canvas.view
        if view is not None:
            record.pose_ms, record.network_ms = view.rates.pose_ms, view.rates.network_ms
            record.heat_age_ms.append(view.rates.heat_age_ms)

    def finish() -> None:
        record.own_cpu_s += cpu_s(own)
        before = record.thread_cpu_s
        record.thread_cpu_s = {name: spent - before.get(name, 0.0) for name, spent in thread_cpu_s(own).items()}
        record.server_cpu_s += cpu_s(server)
        tick.stop()
        sample.stop()
        program.window.close()

    tick, sample = QTimer(), QTimer()
    tick.setTimerType(Qt.TimerType.PreciseTimer)
    tick.timeout.connect(lambda: record.ticks.append(time.monotonic()))
    sample.timeout.connect(note_sample)
    QTimer.singleShot(60_000, lambda: None if record.painted else finish())
    program.run(url)
    return record


def figures(record: Record, seconds: float) -> dict[str, tuple[float, str]]:
    """Value and unit by name."""
    if len(record.painted) < 10:
        raise SystemExit(f"hardly a picture was painted; problems: {record.problems}")
    times, lags = np.array(record.painted).T
    steady = times >= times[0] + SETTLE_S
    gaps = np.diff(np.array(record.ticks)) * 1000 - TIMER_MS
    lag = lags[steady]
    span_s = times[steady][-1] - times[steady][0]
    return {
        "overlay lag p50": (float(np.percentile(lag, 50)), "ms"),
        "overlay lag p95": (float(np.percentile(lag, 95)), "ms"),
        "overlay lag max": (float(lag.max()), "ms"),
        "displayed": ((int(steady.sum()) - 1) / span_s, "fps"),
        "blocked p99.9": (float(np.percentile(np.maximum(gaps, 0), 99.9)), "ms"),
        "blocked max": (float(max(gaps.max(), 0.0)), "ms"),
        "memory growth": (growth_mb(record.memory, seconds), "MB"),
        "memory at the end": (record.memory[-1][1], "MB"),
        "pose": (record.pose_ms, "ms"),
        "network": (record.network_ms, "ms"),
        "age of the heat": (float(np.median(record.heat_age_ms)), "ms"),
        "own CPU": (100 * record.own_cpu_s / seconds, "% of a core"),
        "server CPU": (100 * record.server_cpu_s / seconds, "% of a core"),
        "seconds": (seconds, "s"),
        **{
            f"CPU {name}": (100 * spent / seconds, "% of a core") for name, spent in sorted(record.thread_cpu_s.items())
        },
    }


def growth_mb(memory: list[tuple[float, float]], seconds: float) -> float:
    """Median of the last samples less the median of those from minute 2 on (a fifth in, in shorter runs)."""
    begin_s = memory[0][0] + (MEMORY_FROM_S if seconds > 2 * MEMORY_FROM_S else seconds / 5)
    later = [mb for at_s, mb in memory if at_s >= begin_s]
    count = max(min(len(later) // 4, 15), 1)
    return float(np.median(later[-count:]) - np.median(later[:count]))


def main() -> int:
    """Measure, print a table, write JSON; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--source", default="demo:squat,lunge", help="what the stream shows: a demo or a video file")
    parser.add_argument("--platform", default="offscreen", help="Qt platform: offscreen, or xcb under Xvfb")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = options.platform
    os.environ["FIAS_HOME"] = tempfile.mkdtemp(prefix="fias-bench-")
    server, url = start_server(options.source)
    try:
        record = watch(url, options.minutes * 60, psutil.Process(server.pid))
    finally:
        server.terminate()
        server.wait(5)
    found = figures(record, options.minutes * 60)
    missed = show(found)
    for problem in dict.fromkeys(record.problems):
        print(f"problem: {problem}")
    if options.json:
        content = {name: {"value": round(value, 3), "unit": unit} for name, (value, unit) in found.items()}
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return int(missed)


def show(found: dict[str, tuple[float, str]]) -> bool:
    """Print the table; whether a bar was missed."""
    missed = False
    for name, (value, unit) in found.items():
        bar = BARS.get(name)
        verdict = ""
        if bar is not None:
            good = value >= bar if name == "displayed" else value <= bar
            missed |= not good
            verdict = f"{'at least' if name == 'displayed' else 'at most'} {bar:g}: {'reached' if good else 'MISSED'}"
        print(f"{name:20} {value:9.1f} {unit:12} {verdict}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
