"""What the benchmarks of networks share: calls that take turns within one process, and ONNX Runtime on one thread."""

from __future__ import annotations

import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import onnxruntime
import torch
from torch import Tensor, nn

from fias_desktop.models.contract import Batch

WARM_UP = 5


def medians_s(
    calls: Mapping[str, Callable[[], object]],
    repeats: int,
    warm_up: int = WARM_UP,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Median seconds of every call; they take turns, after rounds that are not counted."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats + warm_up):
        for name, call in calls.items():
            start = clock()
            call()
            times[name].append(clock() - start)
    return {name: statistics.median(each[warm_up:]) for name, each in times.items()}


def beside_plain(
    calls: Mapping[str, Callable[[], Tensor]], repeats: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Of answers to one window: median milliseconds and, of all but the first call, the ratio of its median to the
    first one's and the largest difference of its answer relative to the largest number of the first one's."""
    (first, plain), *others = calls.items()
    medians, expected = medians_s(calls, repeats, clock=clock), plain()
    found = {f"{name}, ms": 1e3 * value for name, value in medians.items()}
    for name, call in others:
        found[f"{name}, of {first}"] = medians[name] / medians[first]
        found[f"{name}, difference"] = difference(call(), expected)
    return found


def difference(ours: Tensor, theirs: Tensor) -> float:
    """The largest difference, relative to the largest number."""
    return float((ours - theirs).abs().max() / theirs.abs().max())


def batch_of(joints: Tensor) -> Batch:
    """Windows (N, T, V, C) in which every joint was seen."""
    return Batch(joints, torch.ones_like(joints[..., 0], dtype=torch.bool))


def session_of(write: Callable[[Path], object]) -> onnxruntime.InferenceSession:
    """ONNX Runtime on one thread with the graph that `write` puts into a file."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        write(path)
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def exported(answer: nn.Module, joints: Tensor, outputs: Sequence[str]) -> Callable[[], list[Tensor]]:
    """A call of ONNX Runtime with a network of joints (N, T, V, C) alone, as a graph of opset 17 and a free N."""

    def write(path: Path) -> None:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the TorchScript exporter announces its age
            torch.onnx.export(
                answer.eval(),
                (joints.repeat(2, 1, 1, 1),),
                str(path),
                dynamo=False,
                opset_version=17,
                input_names=["joints"],
                output_names=list(outputs),
                dynamic_axes={name: {0: "windows"} for name in ("joints", *outputs)},
            )

    session, values = session_of(write), joints.numpy()
    return lambda: [torch.from_numpy(each) for each in session.run(list(outputs), {"joints": values})]
