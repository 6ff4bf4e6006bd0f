"""From the last moments of a body to where it will be next, in the picture, and how far such answers have been off.

What is foreseen of a moment can be checked as soon as that moment has come. `Record` does so, for as long as somebody
is followed: a ghost is worth drawing only while the ghosts of the last second were right.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import FACE_JOINTS, skeleton
from fias_desktop.domain.types import Bool, Float32, Float64, Window
from fias_desktop.models.model_files import ONNX, check_file, mismatch

KNOWN_WITHIN_S = 0.3  # a joint last seen longer ago has no ghost
RECORD_S = 1.0
MIN_CHECKS = 4
MAX_ERROR = 0.2  # torso lengths, about 10 cm: what was foreseen in the last second may have been so far off
INPUT, OUTPUT = "joints", "future"  # of the ONNX graph


class Predictor(Protocol):
    """Anything that foresees the joints of a window. `spec.params` name its `steps` and their `stride` in frames."""

    spec: ModelSpec

    def predict(self, joints: Float32) -> Float32:
        """Joints (T, V, 3) of a window whose origin is where the hips are now -> places (S, V, 2) in torso lengths, y
        up, after 1, ..., S steps."""
        ...


@dataclass(frozen=True, eq=False)
class Foreseen:
    """What was foreseen at `time_s` of the source: `xy_px` float32 (S + 1, V, 2), pixels (origin top left, y down) now
    and after each step, at `ahead_s` float64 (S + 1,) seconds from now (the first is 0); `known` bool (V,) joints;
    `torso_px`, the pixels of one torso length."""

    time_s: float
    ahead_s: Float64
    xy_px: Float32
    known: Bool
    torso_px: float

    def at(self, time_s: float) -> Float32:
        """Where the joints (V, 2) px are expected at a time of the source, in a straight line between two steps and
        no further than the last one."""
        ahead_s = min(max(time_s - self.time_s, 0.0), float(self.ahead_s[-1]))
        later = min(max(int(self.ahead_s.searchsorted(ahead_s)), 1), len(self.ahead_s) - 1)
        start_s, end_s = self.ahead_s[later - 1], self.ahead_s[later]
        share = np.float32((ahead_s - start_s) / (end_s - start_s))
        return np.asarray(self.xy_px[later - 1] + share * (self.xy_px[later] - self.xy_px[later - 1]))


def ahead_of(spec: ModelSpec) -> Float64:
    """How far ahead a model looks, in seconds (S,), ascending."""
    steps = np.arange(1, spec.params["steps"] + 1, dtype=np.float64)
    return np.asarray(steps * spec.params["stride"] / spec.rate_hz)


def foresee(predictor: Predictor, window: Window, to_px: Callable[[Float32], Float32], torso_px: float) -> Foreseen:
    """What comes after a window whose origin is where the hips are now; `to_px` maps its coordinates (..., 2) to the
    picture."""
    now, known = _now(window)
    places = np.concatenate([now[None], predictor.predict(window.joints)])
    ahead_s = np.concatenate([[0.0], ahead_of(predictor.spec)])
    return Foreseen(float(window.time_s[-1]), ahead_s, to_px(places), known, torso_px)


def _now(window: Window) -> tuple[Float32, Bool]:
    """Where each joint was last seen (V, 2), and whether that was a moment ago (V,)."""
    age = np.argmax(window.mask[::-1], axis=0)  # samples since the joint was known; 0 also where it never was
    rows = len(window.mask) - 1 - age
    places = window.joints[rows, np.arange(window.mask.shape[1]), :2]
    recent = window.time_s[-1] - window.time_s[rows] <= KNOWN_WITHIN_S
    return places, window.mask.any(axis=0) & recent


class Record:
    """How far what was foreseen `ahead_s` ahead was off in the last second. One thread owns it."""

    def __init__(self, ahead_s: float, joints: tuple[str, ...]) -> None:
        self.ahead_s, self.joints = ahead_s, joints
        self._body = np.array([joint not in FACE_JOINTS for joint in joints])
        self._open: deque[Foreseen] = deque()
        self._errors: deque[tuple[float, float]] = deque()

    def add(self, foreseen: Foreseen) -> None:
        """Keep an answer until its moment has come."""
        self._open.append(foreseen)

    def due(self, now_s: float) -> list[Foreseen]:
        """The answers whose moment has come by now, each once, oldest first."""
        found = []
        while self._open and self._open[0].time_s + self.ahead_s <= now_s:
            found.append(self._open.popleft())
        return found

    def judge(self, foreseen: Foreseen, xy_px: Float32, seen: Bool) -> None:
        """Take where the joints (V, 2) really were when the moment had come, and which were `seen` (V,)."""
        both = foreseen.known & seen & self._body
        if both.any():
            at_s = foreseen.time_s + self.ahead_s
            off = np.linalg.norm(foreseen.at(at_s)[both] - xy_px[both], axis=-1)
            self._errors.append((at_s, float(off.mean()) / foreseen.torso_px))

    def error(self, now_s: float) -> float | None:
        """The mean distance in torso lengths of body joints over the last second; None while too few were judged."""
        while self._errors and self._errors[0][0] < now_s - RECORD_S:
            self._errors.popleft()
        if len(self._errors) < MIN_CHECKS:
            return None
        return sum(error for _, error in self._errors) / len(self._errors)


def is_sure(error: float | None) -> bool:
    """Whether a ghost with this record is drawn."""
    return error is not None and error <= MAX_ERROR


class OnnxPredictor:
    """A model folder's network in ONNX Runtime on one CPU thread: a fraction of a millisecond a window.

    FiasError with the next step when a file is missing, damaged or does not fit the card.
    """

    def __init__(self, folder: Path, spec: ModelSpec) -> None:
        # Else it reports to its maker over the network; read once, when it is imported.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        self.spec = spec
        self._shape = (spec.frames, skeleton(spec.skeleton).num_joints, spec.channels)
        path = check_file(folder, ONNX, spec)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its exceptions have no common public base
            raise mismatch(spec, f"{ONNX} does not load ({type(error).__name__})") from error
        if [output.name for output in self._session.get_outputs()] != [OUTPUT]:
            raise mismatch(spec, f"{ONNX} does not give {OUTPUT}")

    def predict(self, joints: Float32) -> Float32:
        """(T, V, 3) -> (S, V, 2); ValueError when the window does not fit."""
        if joints.shape != self._shape:
            raise ValueError(f"a window of {joints.shape}, the model takes {self._shape}")
        return np.asarray(self._session.run([OUTPUT], {INPUT: joints[None]})[0][0], np.float32)
