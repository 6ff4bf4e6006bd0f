"""Keep native libraries from disturbing the rest of the program: their environment variables and their logging."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# cv2 points these at its own Qt and its own folder when it is imported; Qt and child processes must not see that.
_CV2_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")
# Information and warnings of absl, TensorFlow Lite and EGL; errors and fatal messages pass.
_CHATTER = re.compile(rb"^([IW]\d{4} |INFO: Created TensorFlow|WARNING: All log messages before absl|libEGL warning)")
_ONE_AT_A_TIME = threading.Lock()  # file descriptor 2 belongs to the whole process


@contextmanager
def kept_environment() -> Iterator[None]:
    """Import cv2, or anything that imports it, inside this: the environment is put back as it was."""
    before = {name: os.environ.get(name) for name in _CV2_VARIABLES}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def quiet_native_log() -> Iterator[None]:
    """Hold back what is written to the error stream and print it afterwards without the native libraries' chatter.

    Their own switches (GLOG_minloglevel, TF_CPP_MIN_LOG_LEVEL, ABSL_MIN_LOG_LEVEL) have no effect on mediapipe 0.10.21.
    """
    with _ONE_AT_A_TIME, tempfile.TemporaryFile() as held:
        stream = _redirect(held.fileno())
        try:
            yield
        finally:
            if stream is not None:
                os.dup2(stream, 2)
                os.close(stream)
                held.seek(0)
                _print_again(held.read())


def _redirect(target: int) -> int | None:
    """Point descriptor 2 at `target`; a duplicate of the old one, or None in a program without an error stream."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        stream = os.dup(2)
    except OSError:
        return None
    os.dup2(target, 2)
    return stream


def _print_again(held: bytes) -> None:
    rest = b"".join(line for line in held.splitlines(keepends=True) if not _CHATTER.match(line))
    if rest:
        os.write(2, rest)
