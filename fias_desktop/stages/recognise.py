"""From windows to class probabilities, with what an explanation needs.

On the CPU the network runs in ONNX Runtime (2 to 3 times as fast as torch there), on CUDA and MPS in torch.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import IDLE, group_of
from fias_desktop.domain.model_card import INPUT_X_GRADIENT, ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.domain.types import FeatureMap, Float32, Prediction, Recognition, Window
from fias_desktop.models.model_files import ONNX, check_file, mismatch, read_weights

if TYPE_CHECKING:
    from torch import nn

ERRORS_OUTPUT = "errors"  # of the ONNX graph, where the model has error heads


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


@dataclass(frozen=True, eq=False)
class RawAnswer:
    """What a network says to N windows: `logits` float32 (N, K), `features` (N, C, T', V), the last map (of all
    streams, their channels side by side), `errors` (N, E), the logits of the form errors, or None."""

    logits: Float32
    features: Float32
    errors: Float32 | None = None


class Runner(Protocol):
    """Runs a network on joints float32 (N, T, V, C); MemoryError when the device has too little memory."""

    def __call__(self, joints: Float32) -> RawAnswer:
        """One batch."""
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
        return TorchRunner(load_network(folder, spec, found.name), found.name), found.words
    except MemoryError:
        return OnnxRunner(folder, spec), f"CPU ({found.words} has too little memory)"


class OnnxRunner:
    """ONNX Runtime on one CPU thread: the other cores belong to pose and to the window."""

    def __init__(self, folder: Path, spec: ModelSpec) -> None:
        # Else it reports to its maker over the network; read once, when it is imported.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        path = check_file(folder, ONNX, spec)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its exceptions have no common public base
            raise mismatch(spec, f"{ONNX} does not load ({type(error).__name__})") from error
        self._outputs = ["logits", "features", *([ERRORS_OUTPUT] if spec.errors else [])]
        if self._outputs != [output.name for output in self._session.get_outputs()]:
            raise mismatch(spec, f"{ONNX} does not give {', '.join(self._outputs)}")

    def __call__(self, joints: Float32) -> RawAnswer:
        """One batch."""
        return RawAnswer(*self._session.run(self._outputs, {"joints": joints}))


class TorchRunner:
    """torch on CUDA, MPS or, for models without an ONNX file, the CPU."""

    def __init__(self, network: nn.Module, device: str) -> None:
        self._network = network
        self._device = device

    def __call__(self, joints: Float32) -> RawAnswer:
        """One batch; MemoryError when the device has too little memory."""
        import torch

        from fias_desktop.models.contract import Batch

        try:
            with torch.inference_mode():
                values = torch.from_numpy(joints).to(self._device)
                output = self._network(Batch(values, torch.ones_like(values[..., 0], dtype=torch.bool)))
                errors = output.error_logits
                return RawAnswer(
                    output.logits.float().cpu().numpy(),
                    output.features[-1].values.float().cpu().numpy(),
                    None if errors is None else errors.float().cpu().numpy(),
                )
        except torch.OutOfMemoryError as error:
            raise MemoryError(str(error)) from error


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
        answer = self._run([window])
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
        return softmax(self._run(windows).logits, self.spec.temperature)

    def close(self) -> None:
        """Nothing to free: the network goes with the object."""

    def _run(self, windows: Sequence[Window]) -> RawAnswer:
        joints = np.stack([window.joints for window in windows])
        if joints.shape[1:] != self._shape:
            raise ValueError(f"windows of shape {joints.shape[1:]} do not fit the model's {self._shape}")
        try:
            return self._runner(joints)
        except MemoryError:
            return self._on_cpu()(joints)

    def _on_cpu(self) -> Runner:
        """From now on run on the CPU, and say so."""
        if self._folder is None or self.device.startswith("CPU"):
            raise FiasError("The recogniser ran out of memory.", "Close other programs and start again.")
        self._runner, _ = _runner(self._folder, self.spec, "cpu")
        self.device = f"CPU ({self.device} ran out of memory)"
        return self._runner


def softmax(logits: Float32, temperature: float = 1.0) -> Float32:
    """Probabilities (N, K) of logits (N, K) divided by the temperature."""
    scaled = (logits - logits.max(axis=1, keepdims=True)) / temperature
    exps = np.exp(scaled)
    return np.asarray(exps / exps.sum(axis=1, keepdims=True), dtype=np.float32)


def sigmoid(logits: Float32) -> Float32:
    """Probabilities of logits, each by itself."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), dtype=np.float32)


def rejection_scores(labels: Sequence[str], probs: Float32) -> Float32:
    """How much each row (N, K) looks like none of the exercises, (N,) in 0..1: 1 less the named exercise's probability.

    The maximum softmax probability of D. Hendrycks and K. Gimpel (ICLR 2017), over exercises instead of classes, since
    a squat of uncertain form is still a squat. 0 where idle is named: that class holds all movements that are not ours.
    """
    names = [group_of(label) for label in labels]
    groups = sorted(set(names))
    per_group = np.stack([probs[:, [name == group for name in names]].sum(axis=1) for group in groups], axis=1)
    named = per_group.argmax(axis=1)
    idle = np.array([group == IDLE for group in groups])[named]
    return np.where(idle, 0.0, 1.0 - per_group.max(axis=1)).astype(np.float32)
