"""No display, or libraries missing: said before Qt is loaded, with the remedy."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.ui import display


def test_without_a_display_the_remedy_is_named() -> None:
    with pytest.raises(FiasError) as caught:
        display.check_display({}, "linux")
    assert "no display" in caught.value.user_message and "fias analyse" in caught.value.hint


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_always_have_one(platform: str) -> None:
    display.check_display({}, platform)


def test_offscreen_needs_none() -> None:
    display.check_display({"QT_QPA_PLATFORM": "offscreen"}, "linux")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 is asked on Linux only")
def test_a_display_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    with pytest.raises(FiasError, match=":4711"):
        display.check_display({"DISPLAY": ":4711"}, "linux")


def test_missing_libraries_become_packages() -> None:
    libraries = {"libnot-there.so.9": "libnot-there9", "libc.so.6": "libc6", "libno.so.1": "libno1"}
    if sys.platform.startswith("linux"):
        assert display.missing_packages(libraries) == ["libno1", "libnot-there9"]


def test_opencv_s_qt_folders_are_forgotten_and_a_person_s_own_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/x/site-packages/cv2/qt/plugins")
    monkeypatch.setenv("QT_QPA_FONTDIR", "/usr/share/fonts/mine")
    display.drop_foreign_qt_paths()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert os.environ["QT_QPA_FONTDIR"] == "/usr/share/fonts/mine"


def test_the_display_is_asked_before_qt_is_loaded() -> None:
    script = "import sys, fias_desktop.ui.app; print(any(name.startswith('PySide6') for name in sys.modules))"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == "False"
