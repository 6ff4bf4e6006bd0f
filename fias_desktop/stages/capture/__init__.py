"""Sources of pictures: cameras, video files, image folders, network streams and the rendered demo."""

import os

from fias_desktop.stages.capture.cameras import CameraName, list_cameras
from fias_desktop.stages.capture.demo import DemoSource
from fias_desktop.stages.capture.opening import open_source
from fias_desktop.stages.capture.probe import PROBE_FLAG, probe_main
from fias_desktop.stages.capture.source import Source, SourceInfo

__all__ = [
    "PROBE_FLAG",
    "CameraName",
    "DemoSource",
    "Source",
    "SourceInfo",
    "list_cameras",
    "open_source",
    "probe_main",
]

# Importing OpenCV points Qt at OpenCV's own plug-ins and fonts; the program's Qt must not find them.
for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    if "cv2" in os.environ.get(_name, ""):
        del os.environ[_name]
