"""Pictures of the program for the README and for looking at every change: the real window on the real engine.

    python benchmarks/screenshots.py docs/screens [--source demo] [--scenes live settings] [--language de]

Needs no display. Each scale factor runs in a process of its own, because Qt reads it only once. A recorded video as the
source (`--source clip.mp4`) is good for looking, but do not publish pictures of people who were not asked.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fias_desktop.ui.program import Program

SCENES = ("live", "light", "moment", "menu", "settings", "error")
ON_REQUEST = ("ghost", "models")
# Logical sizes by scale: 200 % of 960x540 is a screen of 1920x1080.
SIZES = {1: ((1280, 720), (1920, 1080)), 2: ((960, 540), (1280, 720))}
PATIENCE_S = 90.0


def main() -> int:
    """Take every picture; the exit code."""
    options = _parser().parse_args()
    if options.scale:
        return _photograph(options)
    for scale in SIZES:
        command = [sys.executable, __file__, *sys.argv[1:], "--scale", str(scale)]
        with tempfile.TemporaryDirectory() as home:
            environment = os.environ | {"QT_SCALE_FACTOR": str(scale), "FIAS_HOME": home}
            environment.setdefault("QT_QPA_PLATFORM", "offscreen")
            environment.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false;*.debug=false")
            code = subprocess.run(command, env=environment, check=False).returncode
        if code:
            return code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--source", default="demo")
    parser.add_argument("--scenes", nargs="+", choices=SCENES + ON_REQUEST, default=list(SCENES))
    parser.add_argument("--repetitions", type=int, default=3, help="wait for so many before the first picture")
    parser.add_argument("--language", default="en")
    parser.add_argument("--scale", type=int, choices=SIZES, help=argparse.SUPPRESS)
    return parser


def _photograph(options: argparse.Namespace) -> int:
    from fias_desktop.settings import Settings
    from fias_desktop.ui.program import Program

    options.folder.mkdir(parents=True, exist_ok=True)
    program = Program(Settings(theme="dark", language=options.language, mirror=False))
    program.window.resize(*SIZES[options.scale][0])
    program.open(options.source)
    try:
        ready = _wait(program, lambda: _has_enough(program, options.repetitions))
        if not ready:
            print("no repetition was counted in time: the pictures show what there is", file=sys.stderr)
        for scene in options.scenes:
            _take(program, scene, options)
    finally:
        program.close()
    return 0


def _has_enough(program: Program, repetitions: int) -> bool:
    view = program.bridge.view
    return view is not None and view.counted >= repetitions and bool(view.joint_heat)


def _wait(program: Program, done: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    """Let the window live until something is so, or patience ends."""
    end_s = time.monotonic() + patience_s
    while time.monotonic() < end_s and not done():
        _settle(program, 0.05)
    return done()


def _settle(program: Program, seconds: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    # Not QTest.qWait: it would keep the engine's threads from running.
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _take(program: Program, scene: str, options: argparse.Namespace) -> None:
    window = program.window
    if scene == "light":
        window.change(theme="light")
    elif scene == "error":
        window.change(theme="dark")
        _open_a_text_file(program)
    window.change(ghost_ms=200 if scene == "ghost" else 0)
    if scene == "ghost":
        _wait(program, lambda: program.bridge.view is not None and program.bridge.view.ghost is not None, 20.0)
    for width, height in SIZES[options.scale]:
        window.resize(width, height)
        _settle(program, 0.6)
        if scene == "moment" and window.page.side.counter.marks:
            window.page.side.counter.marks[-1].click()
            _settle(program, 0.3)
        name = f"{scene}-{width}x{height}-{options.scale}00.png"
        if scene in ("settings", "models"):
            _grab_settings(program, options.folder / name, models=scene == "models")
        elif scene == "menu":
            _grab_menu(program, options.folder / name)
        else:
            window.grab().save(str(options.folder / name))
        window.page.moment.dismiss()
        print(options.folder / name)


def _grab_settings(program: Program, path: Path, models: bool) -> None:
    program.window.open_settings()
    page = program.window.settings_page
    assert page is not None
    if models:
        page.open_models()
    _settle(program, 1.0 if models else 0.3)
    shown = page.models if models and page.models is not None else page
    shown.grab().save(str(path))
    shown.reject()
    page.reject()


def _grab_menu(program: Program, path: Path) -> None:
    button = program.window.page.side.source_button
    program.window.picker.menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
    _settle(program, 0.3)
    program.window.picker.menu.grab().save(str(path))
    program.window.picker.menu.close()


def _open_a_text_file(program: Program) -> None:
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes.mp4"
        notes.write_text("This is not a video.", encoding="utf-8")
        program.window.open_source(str(notes))
        banners = program.window.page.banners
        _wait(program, lambda: any(banner.level == "error" for banner in banners.banners), 30.0)


if __name__ == "__main__":
    sys.exit(main())
