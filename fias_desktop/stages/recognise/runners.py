"""What runs a network: ONNX Runtime on the CPU (2 to 3 times as fast as torch there), torch on CUDA and MPS."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Float32, UInt8
from fias_desktop.models.model_files import ONNX, check_file, mismatch

if TYPE_CHECKING:
    from torch import nn

# Of the ONNX graph, where the model has error heads or looks at pictures.
ERRORS_OUTPUT, CLIP_INPUT = "errors", "clip"


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
        inputs = [CLIP_INPUT] if spec.clip_frames else []
        if ["joints", *inputs] != [one.name for one in self._session.get_inputs()]:
            raise mismatch(spec, f"{ONNX} does not take {', '.join(['joints', *inputs])}")

    def __call__(self, joints: Float32, clip: UInt8 | None = None) -> RawAnswer:
        """One batch."""
        clips = {} if clip is None else {CLIP_INPUT: clip}
        return RawAnswer(*self._session.run(self._outputs, {"joints": joints, **clips}))


class TorchRunner:
    """torch on CUDA, MPS or, for models without an ONNX file, the CPU."""

    def __init__(self, network: nn.Module, device: str) -> None:
        self._network = network
        self._device = device

    def __call__(self, joints: Float32, clip: UInt8 | None = None) -> RawAnswer:
        """One batch; MemoryError when the device has too little memory."""
        import torch

        from fias_desktop.models.contract import Batch

        try:
            with torch.inference_mode():
                values = torch.from_numpy(joints).to(self._device)
                clips = None if clip is None else torch.from_numpy(clip).to(self._device)
                output = self._network(Batch(values, torch.ones_like(values[..., 0], dtype=torch.bool), clips))
                errors = output.error_logits
                return RawAnswer(
                    output.logits.float().cpu().numpy(),
                    output.features[-1].values.float().cpu().numpy(),
                    None if errors is None else errors.float().cpu().numpy(),
                )
        except torch.OutOfMemoryError as error:
            raise MemoryError(str(error)) from error
