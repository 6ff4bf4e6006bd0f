"""The console script `fias`: starts the window, or hands over to the command line.

Nothing but the standard library is imported before `main` has limited the numerical libraries to one thread each: they
look at the environment only once, and numpy's idle threads alone would keep a core busy.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `fias` with these arguments (the process's own by default); the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    if given[:1] in (["--probe"], ["--coach-child"]):
        return _child(given)
    if not (3, 11) <= sys.version_info[:2] <= (3, 12):
        found = f"{sys.version_info.major}.{sys.version_info.minor}"
        print(f"fias: Python 3.11 or 3.12 is needed; this is {found}.", file=sys.stderr)
        print("      Install one of them, then: make run PYTHON=/path/to/python3.12", file=sys.stderr)
        return 1
    from fias_desktop.cli import COMMANDS, guarded, main_with

    if given and given[0] in COMMANDS:
        return main_with(given)
    options = window_parser().parse_args(given)
    return guarded(lambda: _window("demo" if options.demo else options.source or ""))


def window_parser() -> argparse.ArgumentParser:
    """The options of the window; the commands have a parser of their own in `cli`."""
    parser = argparse.ArgumentParser(
        prog="fias",
        description="FIAS Desktop: a coach that sees, counts and explains. Without a command the window opens.",
        epilog="Commands without a window: fias analyse VIDEO..., fias doctor, fias bench (each with --help).",
    )
    parser.add_argument("--source", help="camera:NAME, camera:0, a video file, a folder, an http or rtsp address, demo")
    parser.add_argument("--demo", action="store_true", help="watch the rendered athlete; no camera is needed")
    return parser


def _window(source: str) -> int:
    from fias_desktop import settings as stored
    from fias_desktop.domain.errors import FiasError

    try:
        from fias_desktop.ui.app import run

        return run(source, stored.load())
    except ImportError as error:
        raise FiasError(
            f"The window's libraries could not be loaded: {error}.",
            "Run fias doctor to see what is missing. Videos can be analysed without a window: fias analyse VIDEO",
        ) from error


def _child(given: list[str]) -> int:
    """The short-lived helper processes of an installed program, which has no Python of its own to start them with."""
    if given[0] == "--coach-child":
        from fias_desktop.coach.llm.child import main as serve

        return serve()
    from fias_desktop.stages.capture.probe import probe_main

    return probe_main(given[1] if len(given) > 1 else "")


if __name__ == "__main__":
    sys.exit(main())
