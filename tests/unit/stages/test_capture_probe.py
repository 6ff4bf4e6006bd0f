"""The child that tries foreign files first."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.stages.capture import probe
from tests.unit.stages.capture_files import write_video

NEEDS_SHELL = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for a program is a shell script")


def test_the_verdicts_are_exit_codes(tmp_path: Path) -> None:
    good = write_video(tmp_path / "good.mp4", frames=3)
    bad = tmp_path / "bad.mp4"
    bad.write_text("no video")
    (tmp_path / "none").mkdir()
    assert probe.probe_main(str(good)) == 0
    assert probe.probe_main(str(bad)) == probe.Verdict.NOT_A_VIDEO
    assert probe.probe_main(str(tmp_path / "gone.mp4")) == probe.Verdict.MISSING
    assert probe.probe_main(str(tmp_path / "none")) == probe.Verdict.NO_IMAGES


def test_the_child_loads_no_network(tmp_path: Path) -> None:
    path = write_video(tmp_path / "good.mp4", frames=3)
    code = (
        "import sys; from fias_desktop.stages.capture.probe import probe_main; code = probe_main(sys.argv[1]);"
        "heavy = [m for m in ('torch', 'mediapipe', 'PySide6') if m in sys.modules]; assert not heavy, heavy;"
        "sys.exit(code)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=20)


def test_a_slow_file_is_given_up(tmp_path: Path) -> None:
    path = write_video(tmp_path / "good.mp4", frames=3)
    started = time.monotonic()
    with pytest.raises(FiasError, match="could not be opened within"):
        probe.check_file(path, limit_s=0.001)
    assert time.monotonic() - started < 2.0


@NEEDS_SHELL
def test_a_frozen_program_asks_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a bundle there is no interpreter: the program is called with its own flag and answers by its exit code."""
    called = tmp_path / "called"
    program = tmp_path / "fias"
    program.write_text(f'#!/bin/sh\necho "$@" > "{called}"\nexit 10\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    path = write_video(tmp_path / "good.mp4", frames=3)
    with pytest.raises(FiasError, match="not a video"):
        probe.check_file(path)
    assert called.read_text().split() == ["--probe", str(path)]


@NEEDS_SHELL
def test_a_child_that_crashes_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "fias"
    program.write_text("#!/bin/sh\nkill -SEGV $$\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(FiasError, match="damaged"):
        probe.check_file(write_video(tmp_path / "good.mp4", frames=3))
