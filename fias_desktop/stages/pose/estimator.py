"""People in a picture: who stands where, as 33 landmarks each (BlazePose through MediaPipe's PoseLandmarker).

V. Bazarevsky et al., BlazePose: On-device Real-time Body Pose Tracking, 2020.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Frame, Pose
from fias_desktop.stages.pose.task import pose_task
from fias_desktop.stages.quiet_imports import kept_environment, quiet_native_log

if TYPE_CHECKING:
    from mediapipe.tasks.python.vision import PoseLandmarker

NOT_FOLLOWED = -1  # the track_id of a pose before the tracker has seen it
_REHEARSED = threading.Event()


class PoseEstimator(Protocol):
    """Anything that finds people in pictures of one source, one after the other."""

    device: str
    """What is really used, in words."""

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        """Everybody in the picture, in no particular order; empty when nobody is there. FiasError when it fails."""
        ...

    def close(self) -> None:
        """Give the resources back."""
        ...


def make_pose_estimator(*, gpu: bool = False, max_people: int = 3, task: Path | None = None) -> PoseEstimator:
    """MediaPipe's pose estimator; `task` is a person's own `.task` file (lite or heavy), None the bundled "full" one.

    The first call on a machine builds the model file (under a second). FiasError when that or the start fails.
    """
    return MediaPipePose(pose_task(task), gpu=gpu, max_people=max_people)


class MediaPipePose:
    """PoseLandmarker in VIDEO mode: detects, then follows from frame to frame. Not thread-safe: one thread uses it.

    It starts anew by itself when time goes backwards or the picture's size changes.
    """

    def __init__(self, task: bytes, *, gpu: bool = False, max_people: int = 3) -> None:
        self._task = task
        self._max_people = max_people
        self._gpu = gpu
        self._last_ms, self._last_s = -1, 0.0
        self._size: tuple[int, int] | None = None
        self.device = "GPU" if gpu else "CPU"
        self._landmarker: PoseLandmarker | None = self._start()
        _rehearse(task)

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        """Up to `max_people` poses of one frame; see `PoseEstimator`."""
        height, width = frame.image.shape[:2]
        if self._size not in (None, (width, height)) or frame.time_s < self._last_s:
            self.reset()
        self._size, self._last_s = (width, height), frame.time_s
        # Two frames may fall into one millisecond; the estimator wants strictly increasing ones.
        self._last_ms = max(round(frame.time_s * 1000), self._last_ms + 1)
        result = self._detect(np.ascontiguousarray(frame.image), self._last_ms)
        people = list(zip(result.pose_landmarks, result.pose_world_landmarks, strict=True))[: self._max_people]
        return tuple(_pose(frame, (width, height), marks, world) for marks, world in people)

    def reset(self) -> None:
        """Start a fresh landmarker, about 0.1 s; nothing is done when it has seen no frame yet."""
        if self._landmarker is not None and self._last_ms < 0:
            return
        self.close()
        self._last_ms, self._last_s, self._size = -1, 0.0, None
        self._landmarker = self._start()

    def close(self) -> None:
        """Stop the landmarker; `estimate` raises FiasError from here on until `reset`."""
        landmarker, self._landmarker = self._landmarker, None
        # A graph that failed says so again when it is closed.
        with suppress(RuntimeError, ValueError):
            if landmarker is not None:
                landmarker.close()

    def _start(self) -> PoseLandmarker:
        if self._gpu:
            try:
                return _landmarker(self._task, self._max_people, gpu=True)
            except (RuntimeError, ValueError, NotImplementedError) as error:
                self._give_up_gpu(error)
        try:
            return _landmarker(self._task, self._max_people, gpu=False)
        except (RuntimeError, ValueError) as error:
            raise FiasError(
                f"The pose estimator cannot start: {_reason(error)}.",
                "Choose another pose model, or install FIAS Desktop again.",
            ) from error

    def _give_up_gpu(self, error: Exception) -> None:
        self._gpu = False
        self.device = f"CPU (GPU delegate failed: {_reason(error)})"

    def _detect(self, image: np.ndarray[Any, np.dtype[np.uint8]], time_ms: int) -> Any:
        try:
            return self._detect_once(image, time_ms)
        except (RuntimeError, ValueError) as error:
            if not self._gpu:
                raise _failure(error) from error
            # Some drivers accept the delegate and fail at the first picture.
            self._give_up_gpu(error)
        self.close()
        self._landmarker = self._start()
        try:
            return self._detect_once(image, time_ms)
        except (RuntimeError, ValueError) as error:
            raise _failure(error) from error

    def _detect_once(self, image: np.ndarray[Any, np.dtype[np.uint8]], time_ms: int) -> Any:
        from mediapipe import Image, ImageFormat

        if self._landmarker is None:
            raise ValueError("it was closed")
        return self._landmarker.detect_for_video(Image(image_format=ImageFormat.SRGB, data=image), time_ms)


def _landmarker(task: bytes, max_people: int, *, gpu: bool) -> PoseLandmarker:
    """A running PoseLandmarker. The model goes in as bytes: paths that are not ASCII fail on Windows."""
    with kept_environment(), quiet_native_log():
        from mediapipe.tasks.python import BaseOptions, vision

        delegate = BaseOptions.Delegate.GPU if gpu else BaseOptions.Delegate.CPU
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=task, delegate=delegate),
            running_mode=vision.RunningMode.VIDEO,
            # A single pose would switch on the graph's own smoothing, which lags by several frames.
            num_poses=max(max_people, 2),
        )
        return vision.PoseLandmarker.create_from_options(options)


def _rehearse(task: bytes) -> None:
    """Let the native library give its one warning of this process, about the first person it projects, unseen.

    With thresholds of 0 it takes an empty picture for a person; this costs 0.2 s, once.
    """
    if _REHEARSED.is_set():
        return
    _REHEARSED.set()
    with kept_environment(), quiet_native_log(), suppress(RuntimeError, ValueError):
        from mediapipe import Image, ImageFormat
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=task),
            min_pose_detection_confidence=0.0,
            min_pose_presence_confidence=0.0,
        )
        with vision.PoseLandmarker.create_from_options(options) as landmarker:
            landmarker.detect(Image(image_format=ImageFormat.SRGB, data=np.zeros((32, 64, 3), np.uint8)))


def _pose(frame: Frame, size: tuple[int, int], landmarks: Sequence[Any], world: Sequence[Any]) -> Pose:
    """Normalised landmarks (x and y in 0..1 of the picture) as a pose in pixels; the score is the visibility."""
    table = np.array([(mark.x, mark.y, mark.visibility) for mark in landmarks], dtype=np.float32)
    metres = np.array([(mark.x, mark.y, mark.z) for mark in world], dtype=np.float32)
    xy = table[:, :2] * np.array(size, dtype=np.float32)
    score = np.clip(table[:, 2], 0.0, 1.0)
    return Pose(frame.index, frame.time_s, NOT_FOLLOWED, xy, score, metres, size)


def _failure(error: Exception) -> FiasError:
    return FiasError(
        f"The pose estimator failed: {_reason(error)}.",
        "Start the source again; if it goes on, install the program again.",
    )


def _reason(error: Exception) -> str:
    """The last clause of a native error message, short enough for a status bar."""
    text = re.sub(r"\(mediapipe/[^)]*\)|RET_CHECK failure|INTERNAL:", "", str(error))
    # A failed check is reported as its condition with the message stuck to it: "egl_initializedUnable to ...".
    clauses = [clause.strip(" .;:\n") for clause in re.split(r"[;\n]|(?<=[a-z])(?=[A-Z][a-z]+ )", text)]
    said = [clause for clause in clauses if clause] or [type(error).__name__]
    return said[-1][:100]
