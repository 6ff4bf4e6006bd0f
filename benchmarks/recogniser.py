"""How long naming and explaining a window takes on one CPU thread: medians, and ratios against torch.

OMP_NUM_THREADS=1 python benchmarks/recogniser.py [MODEL_ID] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from torch import nn

from fias_desktop.domain.model_card import GRAD_CAM, ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.domain.types import Window
from fias_desktop.models.contract import Batch
from fias_desktop.models.registry import load_network
from fias_desktop.resources import DEFAULT_MODEL, model_dir, read_card
from fias_desktop.stages.explain import grad_cam_autograd, saliency_of, trust
from fias_desktop.stages.recognise import NetworkRecogniser, TorchRunner, load_recogniser

TARGET = "squat_correct"


def median_ms(run: Callable[[], object], repeats: int = 60) -> float:
    """Median milliseconds of a call, after five calls to warm up."""
    for _ in range(5):
        run()
    times: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def random_window(frames: int, joints: int, channels: int, rate_hz: float) -> Window:
    """A window of noise: the time does not depend on what is in it."""
    values = np.random.default_rng(0).normal(size=(frames, joints, channels)).astype(np.float32)
    mask = np.ones((frames, joints), dtype=np.bool_)
    return Window(values, mask, np.arange(frames) / rate_hz, np.arange(frames))


def by_autograd(network: nn.Module, window: Window, spec: ModelSpec, target: int) -> None:
    """The heat of one class as an ordinary backward pass makes it."""
    if spec.explanation == GRAD_CAM:
        grad_cam_autograd(network, window, "block9", target)
        return
    joints = torch.from_numpy(window.joints.copy())[None].requires_grad_()
    logits = network(Batch(joints, torch.from_numpy(window.mask.copy())[None])).logits
    (gradient,) = torch.autograd.grad(logits[0, target], joints)
    (gradient * joints).sum(dim=-1)


def measure(model_id: str) -> dict[str, float]:
    """Medians in milliseconds by name."""
    torch.set_num_threads(1)
    folder = model_dir(model_id)
    spec = read_card(folder)
    window = random_window(spec.frames, skeleton(spec.skeleton).num_joints, spec.channels, spec.rate_hz)
    fast, network = load_recogniser(folder, spec, "cpu"), load_network(folder, spec)
    recognition = fast.recognise(window)
    eager = NetworkRecogniser(spec, "CPU", TorchRunner(network, "cpu"), recognition.head_weight)
    saliency = saliency_of(recognition, TARGET)
    rng = np.random.default_rng(0)
    index = spec.labels.index(TARGET)
    return {
        "recognise, torch": median_ms(lambda: eager.recognise(window)),
        "recognise": median_ms(lambda: fast.recognise(window)),
        "names only": median_ms(lambda: fast.probs([window])),
        "map": median_ms(lambda: saliency_of(recognition, TARGET)),
        "recognise and map": median_ms(lambda: saliency_of(fast.recognise(window), TARGET)),
        "recognise and map, autograd": median_ms(lambda: by_autograd(network, window, spec, index)),
        "trust, one batch": median_ms(lambda: trust(fast.probs, window, saliency, rng)),
        "batch of 16": median_ms(lambda: fast.probs([window] * 16)),
    }


def main() -> None:
    """Print the table; write it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", default=DEFAULT_MODEL)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    medians = measure(arguments.model)
    table = Table("one CPU thread", "median ms", "against recognise")
    for name, value in medians.items():
        table.add_row(name, f"{value:.2f}", f"{value / medians['recognise']:.2f}")
    Console().print(table)
    if arguments.json:
        arguments.json.write_text(json.dumps(medians, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
