"""How long ST-GCN++ takes on one CPU thread, against its layers as the authors lay them out; prints JSON.

OMP_NUM_THREADS=1 python benchmarks/stgcnpp.py [--frames 40] [--repeats 40] [--onnx] [--json FILE]

Both networks have the same weights and windows; their forward passes take turns in one process. The plain one is
ST-GCN++ in the official order: a convolution to three subsets and an einsum over them, six branches with an entering
convolution and a batch norm each; channels first, float32, torch eager. `--onnx` also times ours in ONNX Runtime, as
the program serves it: the exported graph with its last feature map. Times are of the processor, so that other programs
on the machine count less.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import torch
from torch import Tensor

from benchmarks.in_turns import batch_of, beside_plain, session_of
from benchmarks.plain_stgcnpp import PlainNetwork, copy_weights
from fias_desktop.domain.model_card import bare_spec
from fias_desktop.domain.skeleton import COCO17
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.stgcnpp import STGCNpp, STGCNppConfig
from trainer.export import write_onnx

CHANNELS, CLASSES = 3, 60


def randomised(network: STGCNpp) -> STGCNpp:
    """Weights and statistics away from where they start, so that nothing that matters is 0 or 1."""
    for name, values in network.state_dict().items():
        if name.endswith("running_var"):
            values.uniform_(0.5, 2.0)
        elif values.is_floating_point() and (values.dim() < 2 or name.endswith("adjacency")):
            values.add_(0.2 * torch.randn_like(values))
    return network.eval()


def served(ours: STGCNpp, joints: Tensor) -> Callable[[], Tensor]:
    """Ours in ONNX Runtime, as the program serves it."""
    spec = bare_spec("stgcnpp", COCO17.name, joints.shape[1], 15.0)
    session, values = session_of(lambda path: write_onnx(ours, spec, path)), joints.numpy()
    return lambda: torch.from_numpy(session.run(None, {"joints": values})[0])


@torch.no_grad()
def measure(frames: int, repeats: int, onnx: bool) -> dict[str, float]:
    """Medians, ratios to the plain network and largest differences of logits."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    graph, config = spatial_graph(COCO17), STGCNppConfig(COCO17.num_joints, CHANNELS, CLASSES)
    ours, plain = randomised(STGCNpp(config, graph)), PlainNetwork(graph, config).eval()
    copy_weights(ours, plain)
    joints = torch.randn(1, frames, COCO17.num_joints, CHANNELS)
    batch = batch_of(joints)
    calls: dict[str, Callable[[], Tensor]] = {"plain": lambda: cast(Tensor, plain(joints))}
    calls["ours"] = lambda: cast(Tensor, ours(batch).logits)
    if onnx:
        calls["ours, ONNX Runtime"] = served(ours, joints)
    return beside_plain(calls, repeats, time.process_time)


def main() -> None:
    """Print the figures as JSON; write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--onnx", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    text = json.dumps(measure(arguments.frames, arguments.repeats, arguments.onnx), indent=2)
    print(text)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
