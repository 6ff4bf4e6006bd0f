"""A model of a folder as the recogniser of the program: calibrated, on the device that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import INPUT_X_GRADIENT, ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.domain.types import FeatureMap, Float32, Prediction, Recognition, UInt8, Window
from fias_desktop.models.model_files import ONNX, mismatch, read_weights
from fias_desktop.stages.recognise.runners import OnnxRunner, Runner, TorchRunner
from fias_desktop.stages.recognise.scores import rejection_scores, sigmoid, softmax

if TYPE_CHECKING:
    from torch import nn

Answer = TypeVar("Answer")


class Recogniser(Protocol):
    """Anything that names the movement in a window. `device` says in words what it runs on."""

    spec: ModelSpec
    device: str

    def recognise(self, window: Window) -> Recognition:
        """Name one window, with the feature map and head weight that explain the answer."""
        ...

    def probs(self, windows: Sequence[Window]) -> Float32:
        """Class probabilities float32 (N, K) of windows, in one batch."""
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...


def load_recogniser(folder: Path, spec: ModelSpec, device: str = "auto") -> Recogniser:
    """The recogniser of a model folder on the wished device (`auto`, `cpu`, `cuda`, `mps`).

    FiasError with the next step when a file is missing, empty, damaged or does not fit the card.
    """
    arrays = read_weights(folder, spec)
    runner, words = _runner(folder, spec, device)
    return NetworkRecogniser(spec, words, runner, _head(arrays, spec), folder)


def _head(arrays: dict[str, NDArray[Any]], spec: ModelSpec) -> Float32:
    """The weight (K, C) of the head on the last maps of all streams side by side: each stream's by its share."""
    if spec.explanation == INPUT_X_GRADIENT:  # what explains is given for the classes themselves
        return np.tile(np.eye(len(spec.labels), dtype=np.float32) / len(spec.streams), len(spec.streams))
    names = [f"streams.{kind}.head.weight" for kind in spec.streams]
    heads = [arrays[name] for name in names if name in arrays] or [arrays.get("head.weight", np.empty((0, 0)))]
    if len(heads) != len(spec.streams) or any(len(head) != len(spec.labels) for head in heads):
        raise mismatch(spec, f"the head is not one of {len(spec.labels)} classes")
    return np.asarray(np.concatenate(heads, axis=1) / len(heads), dtype=np.float32)


def _runner(folder: Path, spec: ModelSpec, device: str) -> tuple[Runner, str]:
    """The fastest way to run the model on the device, and the device in words."""
    from fias_desktop.models.registry import load_network, resolve_device  # torch: a second to import

    found = resolve_device(device)
    if found.name == "cpu" and (folder / ONNX).is_file():
        return OnnxRunner(folder, spec), found.words
    try:
        network = load_network(folder, spec, found.name)
    except MemoryError:
        return OnnxRunner(folder, spec), f"CPU ({found.words} has too little memory)"
    silent = _without_maps(network, spec, found.name) if spec.explanation == INPUT_X_GRADIENT else None
    return TorchRunner(network, found.name, silent), found.words


def _without_maps(network: nn.Module, spec: ModelSpec, device: str) -> nn.Module:
    """The same network, whose parameters it shares, without the maps that explain its answers."""
    from fias_desktop.models.registry import build

    silent = build(spec)
    silent.load_state_dict(network.state_dict(), assign=True)
    return silent.eval().to(device)


class NetworkRecogniser:
    """A network with its calibration: softmax at the card's temperature and a threshold on the rejection score."""

    def __init__(
        self,
        spec: ModelSpec,
        device: str,
        runner: Runner,
        head_weight: Float32,
        folder: Path | None = None,
    ) -> None:
        self.spec = spec
        self.device = device
        self._runner = runner
        self._head_weight = head_weight
        self._folder = folder
        self._shape = (spec.frames, skeleton(spec.skeleton).num_joints, spec.channels)

    def recognise(self, window: Window) -> Recognition:
        """Name one window, with the last map (C, T', V) of every stream; ValueError when the window does not fit."""
        batch = self._batch([window])
        answer = self._ask(lambda runner: runner(*batch))
        probs = softmax(answer.logits, self.spec.temperature)
        score = float(rejection_scores(self.spec.labels, probs)[0])
        prediction = Prediction(
            model_id=self.spec.id,
            labels=self.spec.labels,
            probs=probs[0],
            span_s=(float(window.time_s[0]), float(window.time_s[-1])),
            known=score <= self.spec.rejection_threshold,
            rejection_score=score,
            error_probs=None if answer.errors is None else sigmoid(answer.errors[0]),
            error_labels=self.spec.errors,
        )
        maps, spec = self._maps(answer.features), self.spec
        return Recognition(prediction, maps, self._head_weight, len(window.joints), spec.explanation, spec.coordinates)

    def _maps(self, features: Float32) -> tuple[FeatureMap, ...]:
        """The maps of the only window, a stream each."""
        kinds = self.spec.streams
        parts = np.split(features[0], len(kinds))
        return tuple(FeatureMap(kind, part) for kind, part in zip(kinds, parts, strict=True))

    def probs(self, windows: Sequence[Window]) -> Float32:
        """Class probabilities float32 (N, K) of windows, in one batch."""
        batch = self._batch(windows)
        return softmax(self._ask(lambda runner: runner.logits(*batch)), self.spec.temperature)

    def close(self) -> None:
        """Nothing to free: the network goes with the object."""

    def _batch(self, windows: Sequence[Window]) -> tuple[Float32, UInt8 | None]:
        """What a runner is given: the joints of the windows and their clips."""
        joints = np.stack([window.joints for window in windows])
        if joints.shape[1:] != self._shape:
            raise ValueError(f"windows of shape {joints.shape[1:]} do not fit the model's {self._shape}")
        return joints, self._clips(windows)

    def _ask(self, question: Callable[[Runner], Answer]) -> Answer:
        """The runner's answer, or that of the CPU when the device is out of memory."""
        try:
            return question(self._runner)
        except MemoryError:
            return question(self._on_cpu())

    def _clips(self, windows: Sequence[Window]) -> UInt8 | None:
        """The clips of the windows, (N, T', S, S, 3), for a model that looks at them."""
        spec = self.spec
        if not spec.clip_frames:
            return None
        clips = [window.clip for window in windows if window.clip is not None]
        wanted = (spec.clip_frames, spec.clip_pixels, spec.clip_pixels, 3)
        if len(clips) < len(windows) or any(clip.shape != wanted for clip in clips):
            raise ValueError(f"this model needs a clip of shape {wanted} in every window")
        return np.stack(clips)

    def _on_cpu(self) -> Runner:
        """From now on run on the CPU, and say so."""
        if self._folder is None or self.device.startswith("CPU"):
            raise FiasError("The recogniser ran out of memory.", "Close other programs and start again.")
        self._runner, _ = _runner(self._folder, self.spec, "cpu")
        self.device = f"CPU ({self.device} ran out of memory)"
        return self._runner
