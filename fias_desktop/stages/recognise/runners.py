"""What runs a network: ONNX Runtime on the CPU (2 to 3 times as fast as torch there), torch on CUDA and MPS."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.domain.types import Float32, UInt8
from fias_desktop.models.model_files import ONNX, check_file, mismatch

if TYPE_CHECKING:
    from torch import Tensor, nn

    from fias_desktop.models.contract import Output

# Of the ONNX graph, where the model has error heads, looks at pictures or makes maps on request.
ERRORS_OUTPUT, CLIP_INPUT, EXPLAIN_INPUT = "errors", "clip", "explain"


@dataclass(frozen=True, eq=False)
class RawAnswer:
    """What a network says to N windows: `logits` float32 (N, K), `features` (N, C, T', V), the last map (of all
    streams, their channels side by side), `errors` (N, E), the logits of the form errors, or None."""

    logits: Float32
    features: Float32
    errors: Float32 | None = None


class Runner(Protocol):
    """Runs a network on joints float32 (N, T, V, C) and, where the model looks at them, clips uint8 (N, T', S, S, 3);
    MemoryError when the device has too little memory."""

    def __call__(self, joints: Float32, clip: UInt8 | None = None) -> RawAnswer:
        """One batch."""
        ...

    def logits(self, joints: Float32, clip: UInt8 | None = None) -> Float32:
        """The logits (N, K) of one batch and nothing else, which is cheaper where maps cost extra."""
        ...


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
        inputs, given = ["joints"], [one.name for one in self._session.get_inputs()]
        if spec.clip_frames:
            inputs.append(CLIP_INPUT)
        self._on_request = EXPLAIN_INPUT in given  # older graphs always make their maps
        if given != [*inputs, *([EXPLAIN_INPUT] if self._on_request else [])]:
            raise mismatch(spec, f"{ONNX} does not take {', '.join(inputs)}")
        self._check_sizes(spec)

    def __call__(self, joints: Float32, clip: UInt8 | None = None) -> RawAnswer:
        """One batch."""
        return RawAnswer(*self._run(self._outputs, joints, clip, explain=True))

    def logits(self, joints: Float32, clip: UInt8 | None = None) -> Float32:
        """The logits (N, K) of one batch; without maps, where the graph makes them on request."""
        return self._run(["logits"], joints, clip, explain=False)[0]

    def _check_sizes(self, spec: ModelSpec) -> None:
        """FiasError when a size that the graph names, after that of the batch, is not the card's."""
        wanted = {
            "joints": (spec.frames, skeleton(spec.skeleton).num_joints, spec.channels),
            CLIP_INPUT: (spec.clip_frames, spec.clip_pixels, spec.clip_pixels, 3),
            "logits": (len(spec.labels),),
            ERRORS_OUTPUT: (len(spec.errors),),
        }
        for one in (*self._session.get_inputs(), *self._session.get_outputs()):
            sizes, fit = tuple(one.shape[1:]), wanted.get(one.name, ())
            if any(isinstance(own, int) and own != card for own, card in zip(sizes, fit, strict=False)):
                raise mismatch(spec, f"{ONNX} has {one.name} of {sizes}, not {fit}")

    def _run(self, outputs: list[str], joints: Float32, clip: UInt8 | None, explain: bool) -> list[Float32]:
        clips = {} if clip is None else {CLIP_INPUT: clip}
        request = {EXPLAIN_INPUT: np.array(explain)} if self._on_request else {}
        answers: list[Float32] = self._session.run(outputs, {"joints": joints, **clips, **request})
        return answers


class TorchRunner:
    """torch on CUDA, MPS or, for models without an ONNX file, the CPU.

    `silent` is the network without the maps, where they cost extra: it is asked when only logits are wanted.
    """

    def __init__(self, network: nn.Module, device: str, silent: nn.Module | None = None) -> None:
        self._network = network
        self._silent = network if silent is None else silent
        self._device = device

    def __call__(self, joints: Float32, clip: UInt8 | None = None) -> RawAnswer:
        """One batch; MemoryError when the device has too little memory."""
        output = self._run(self._network, joints, clip)
        errors = output.error_logits
        return RawAnswer(
            _array(output.logits), _array(output.features[-1].values), None if errors is None else _array(errors)
        )

    def logits(self, joints: Float32, clip: UInt8 | None = None) -> Float32:
        """The logits (N, K) of one batch; MemoryError when the device has too little memory."""
        return _array(self._run(self._silent, joints, clip).logits)

    def _run(self, network: nn.Module, joints: Float32, clip: UInt8 | None) -> Output:
        import torch

        from fias_desktop.models.contract import Batch

        try:
            with torch.inference_mode():
                values = torch.from_numpy(joints).to(self._device)
                clips = None if clip is None else torch.from_numpy(clip).to(self._device)
                output: Output = network(Batch(values, torch.ones_like(values[..., 0], dtype=torch.bool), clips))
                return output
        except torch.OutOfMemoryError as error:
            raise MemoryError(str(error)) from error


def _array(values: Tensor) -> Float32:
    return np.asarray(values.float().cpu().numpy(), np.float32)
