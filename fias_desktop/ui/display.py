"""Is there a display to open a window on? Asked before Qt is loaded: Qt itself would end the program without a word."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping

from fias_desktop.domain.errors import FiasError

_OFFSCREEN = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")
# What PySide6 needs of a Debian or Ubuntu system to show a window: library -> package.
_ALWAYS = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_XCB = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def drop_foreign_qt_paths() -> None:
    """Forget the Qt folders that OpenCV writes into the environment: its plug-ins do not fit this Qt."""
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if "cv2" in os.environ.get(name, ""):
            del os.environ[name]


def check_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> None:
    """FiasError with a remedy when no window can be shown here."""
    if not platform.startswith("linux"):
        return
    chosen = environment.get("QT_QPA_PLATFORM", "").split(":")[0]
    offscreen = chosen in _OFFSCREEN
    x11 = not offscreen and chosen != "wayland" and bool(environment.get("DISPLAY"))
    wayland = not offscreen and chosen != "xcb" and bool(environment.get("WAYLAND_DISPLAY"))
    if not offscreen and not x11 and not wayland:
        raise FiasError(
            "There is no display to open the window on.",
            "Start FIAS in a desktop session (over ssh: ssh -X), or analyse videos without a window: "
            "fias analyse VIDEO --json FILE",
        )
    missing = missing_packages(_ALWAYS | (_XCB if x11 and not wayland else {}))
    if missing:
        raise FiasError("Some system libraries are missing.", f"Run: sudo apt-get install {' '.join(missing)}")
    if x11 and not wayland and not _x_answers():
        raise FiasError(
            f"The display {environment['DISPLAY']} does not answer.",
            "Check the DISPLAY variable and that you may use that display, then start FIAS again.",
        )


def missing_packages(libraries: Mapping[str, str]) -> list[str]:
    """The packages of those libraries that cannot be loaded."""
    return sorted({package for library, package in libraries.items() if not _loads(library)})


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _x_answers() -> bool:
    """Whether the X server of DISPLAY lets us in."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    answers = bool(xcb.xcb_connection_has_error(connection) == 0)
    xcb.xcb_disconnect(connection)
    return answers
