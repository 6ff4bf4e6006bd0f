"""Runs the real `fias` in a process of its own, as a person would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import av

from fias_desktop.stages.capture.opening import open_source

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 180


def fias(*arguments: str | Path, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `fias` with its data under `home`; no display unless `environment` says otherwise."""
    values = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    values |= {"FIAS_HOME": str(home), "COLUMNS": "200", "PYTHONPATH": str(ROOT)} | environment
    command = [sys.executable, "-m", "fias_desktop", *map(str, arguments)]
    return subprocess.run(command, cwd=home, env=values, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)


def assert_message(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 1, a message with a next step in plain words, no traceback."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "unexpected" not in done.stderr, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert any(line.startswith("fias: ") for line in lines), done.stderr
    assert any(line.startswith("      ") for line in lines), "no next step: " + done.stderr
    for word in words:
        assert word in done.stderr


def render_demo(path: Path, demo: str, start_s: float = 0.0, end_s: float = 1e9) -> int:
    """Write the part of a demo between two times into a video file; the number of pictures."""
    source = open_source(demo)
    count = 0
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=int(source.info.fps))
        stream.width, stream.height = source.info.size
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "23"}
        while (frame := source.read()) is not None and frame.time_s < end_s:
            if frame.time_s < start_s:
                continue
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame.image, format="rgb24")))
            count += 1
        container.mux(stream.encode(None))
    source.close()
    return count
