"""The pose model as one `.task` bundle, built on first use from the two models inside the mediapipe wheel.

A bundle is a zip, stored and not deflated, of the detector as it is and of the landmark model with image metadata
(mean 0, standard deviation 255).
"""

from __future__ import annotations

import gc
import hashlib
import io
import zipfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import cache_dir
from fias_desktop.settings import write_atomically
from fias_desktop.stages.quiet_imports import kept_environment

_DETECTOR = "pose_detection/pose_detection.tflite"
_LANDMARKS = "pose_landmark/pose_landmark_full.tflite"
_ENTRIES = ("pose_detector.tflite", "pose_landmarks_detector.tflite")
_FORMAT = b"1"  # raise it when the way of building changes
_ZIP_DATE = (2020, 1, 1, 0, 0, 0)  # fixed, so that the same models give the same bytes


def wheel_models() -> Path:
    """The folder of the models that mediapipe brings along; nothing is imported for it."""
    spec = find_spec("mediapipe")
    if spec is None or not spec.submodule_search_locations:
        raise FiasError("The pose estimator (mediapipe) is not installed.", "Install FIAS Desktop again.")
    return Path(spec.submodule_search_locations[0]) / "modules"


def pose_task(path: Path | None = None) -> bytes:
    """The bundle's content: of a person's own `.task` file, or ours from the cache, built when missing or damaged.

    FiasError when a file is missing or damaged. A cache that cannot be kept (a full disk) only costs time.
    """
    return _foreign(path) if path is not None else _own(wheel_models())


def _foreign(path: Path) -> bytes:
    hint = "Choose another .task file, or none to use the one that comes with the program."
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FiasError(f"The pose model {path} cannot be read: {error.strerror or error}.", hint) from error
    if not _is_whole(content):
        raise FiasError(f"{path} is not a pose model, or it is damaged.", hint)
    return content


def _own(models: Path) -> bytes:
    detector, landmarks = _read(models / _DETECTOR), _read(models / _LANDMARKS)
    name = f"pose_full_{hashlib.sha256(_FORMAT + detector + landmarks).hexdigest()[:16]}.task"
    content = b""
    with suppress(OSError, FiasError):  # not there yet, or not readable: it is written anew
        content = (cache_dir() / name).read_bytes()
    if not _is_whole(content):
        content = _bundle(detector, landmarks)
        with suppress(FiasError):
            write_atomically(cache_dir() / name, content)
    return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FiasError(
            f"This version of mediapipe brings no pose model ({path.name}).",
            "Install mediapipe 0.10.21, or choose a pose model file (.task) in the settings.",
        ) from error


def _is_whole(content: bytes) -> bool:
    """Both models are there and every checksum is right."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            return set(_ENTRIES) <= set(bundle.namelist()) and bundle.testzip() is None
    except (zipfile.BadZipFile, EOFError, NotImplementedError):
        return False


def _bundle(detector: bytes, landmarks: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in zip(_ENTRIES, (detector, _with_metadata(landmarks)), strict=True):
            bundle.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content)
    return target.getvalue()


def _with_metadata(landmarks: bytes) -> bytes:
    """Say that pictures go in as (pixel - 0) / 255."""
    with kept_environment():
        from mediapipe.tasks.python.metadata.metadata_writers import metadata_writer
    writer = metadata_writer.MetadataWriter.create(bytearray(landmarks))
    writer.add_image_input([0.0], [255.0])
    model, _ = writer.populate()
    # The writer sits in a reference cycle and its finaliser fails, aloud, when it only runs as the interpreter ends.
    del writer
    gc.collect()
    return bytes(model)
