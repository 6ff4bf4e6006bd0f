"""The whole program in a real window: the command line, a display, the demo, a picture, and a clean end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.types import UInt8

pytestmark = pytest.mark.xvfb
PATIENCE_S = 150.0


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of 1280 by 720 that nobody sees."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed (apt-get install xvfb)")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x720x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


def _screen(display: str) -> UInt8:
    """What is on the screen, uint8 (H, W, 3)."""
    image_grab = pytest.importorskip("PIL.ImageGrab", reason="Pillow takes the picture of the screen")
    return np.asarray(image_grab.grab(xdisplay=display).convert("RGB"))


def _shows_the_demo(screen: UInt8) -> bool:
    """The stage on the left is a lit room with many shades, no longer the dark stage with a line of text."""
    stage = screen[80:420, 120:860].astype(int)
    return bool(stage.mean() > 90 and stage.std() > 15)


def test_the_program_opens_shows_the_demo_and_ends_cleanly(display: str, tmp_path: Path) -> None:
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "FIAS_HOME": str(tmp_path / "größe")}
    command = [sys.executable, "-m", "fias_desktop", "--demo"]
    said = tmp_path / "said.txt"
    with said.open("w", encoding="utf-8") as output:
        program = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            end_s = time.monotonic() + PATIENCE_S
            while not _shows_the_demo(_screen(display)) and program.poll() is None and time.monotonic() < end_s:
                time.sleep(0.3)
            assert program.poll() is None, said.read_text(encoding="utf-8")
            assert _shows_the_demo(_screen(display))
            program.send_signal(signal.SIGTERM)
            assert program.wait(15) == 0
        finally:
            program.kill()
            program.wait(5)
    text = said.read_text(encoding="utf-8")
    assert "Traceback" not in text and "still alive" not in text, text


def test_without_a_display_the_program_says_so(tmp_path: Path) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    command = [sys.executable, "-m", "fias_desktop"]
    done = subprocess.run(
        command, env=environment | {"FIAS_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False
    )
    if sys.platform.startswith("linux"):
        assert done.returncode == 1 and "no display" in done.stderr and "Traceback" not in done.stderr
