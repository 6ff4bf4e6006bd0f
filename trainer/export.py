"""From a trained run to a model folder: weights, ONNX graph and card, with hashes."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn

from fias_desktop.domain.model_card import INPUT_X_GRADIENT, ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.models.contract import Batch
from fias_desktop.models.model_files import ONNX, WEIGHTS
from fias_desktop.models.registry import build
from fias_desktop.resources import read_card, sha256
from fias_desktop.stages.recognise.runners import CLIP_INPUT, ERRORS_OUTPUT, EXPLAIN_INPUT

CARD = "card.toml"
OPSET = 17
FEATURES = "features"  # of the graph's outputs


class _Graph(nn.Module):
    """The network as ONNX sees it: joints and, where it looks at them, clips in; logits, the last feature map and,
    where there are, error logits out."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, joints: Tensor, clip: Tensor | None = None) -> tuple[Tensor, ...]:
        """The graph's outputs in their order, of joints (N, T, V, C) and clips (N, T', S, S, 3)."""
        output = self.network(Batch(joints, torch.ones_like(joints[..., 0], dtype=torch.bool), clip))
        errors = () if output.error_logits is None else (output.error_logits,)
        return output.logits, output.features[-1].values, *errors


def export_run(run: Path, models: Path, model_id: str) -> Path:
    """Write `models/<model_id>` from a finished run's folder and return it; FiasError when the run is not whole."""
    spec = replace(read_card(run), id=model_id)
    arrays = load_file(run / WEIGHTS)
    return write_model(models / model_id, spec, arrays)


def write_model(folder: Path, spec: ModelSpec, arrays: Mapping[str, NDArray[Any]]) -> Path:
    """Write weights, ONNX graph and card of a network whose parameters are in `arrays` (other arrays travel along)."""
    folder.mkdir(parents=True, exist_ok=True)
    network = build(spec, explained=True).eval()
    network.load_state_dict({name: torch.from_numpy(np.array(arrays[name])) for name in network.state_dict()})
    save_file(dict(arrays), folder / WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)  # safetensors writes a file only its owner can read
    write_onnx(network, spec, folder / ONNX)
    hashes = {name: sha256(folder / name) for name in (WEIGHTS, ONNX)}
    (folder / CARD).write_text(card_text(replace(spec, hashes=hashes)), encoding="utf-8")
    return folder


def write_onnx(network: nn.Module, spec: ModelSpec, path: Path) -> None:
    """Trace the network to ONNX with a free batch size; batch norms are folded into convolutions where they follow one.

    ONNX Runtime folds the rest when it loads the file: a hand-fused graph was measured no faster. Maps that cost extra
    are made on request.
    """
    example = [torch.zeros(2, spec.frames, skeleton(spec.skeleton).num_joints, spec.channels)]
    inputs = ["joints"]
    if spec.clip_frames:
        example.append(torch.zeros(2, spec.clip_frames, spec.clip_pixels, spec.clip_pixels, 3, dtype=torch.uint8))
        inputs.append(CLIP_INPUT)
    outputs = ["logits", FEATURES, *([ERRORS_OUTPUT] if spec.errors else [])]
    axes = {name: {0: "windows"} for name in (*inputs, *outputs)}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the TorchScript exporter announces its age; the newer one needs onnxscript
        torch.onnx.export(
            _Graph(network).eval(),
            tuple(example),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=axes,
        )
    if spec.explanation == INPUT_X_GRADIENT:
        model = onnx.load(path)
        _make_maps_on_request(model.graph)
        onnx.save(model, path)


def _make_maps_on_request(graph: onnx.GraphProto) -> None:
    """Move what only `features` needs into a branch that runs where the new input `explain`, a bool, asks for it; else
    `features` is empty. The rest and all weights stay where they were, seen from the branch too."""
    needed = {output.name for output in graph.output if output.name != FEATURES}
    kept, moved = [], []
    for node in reversed(graph.node):  # who takes comes after who gives
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
        else:
            node.output[:] = ["maps" if name == FEATURES else name for name in node.output]
            moved.append(node)
    nothing = helper.make_tensor("nothing", TensorProto.FLOAT, [0, 0, 0, 0], [])
    empty = helper.make_node("Constant", [], ["maps"], value=nothing)
    branches = {
        name: helper.make_graph(nodes, name, [], [helper.make_tensor_value_info("maps", TensorProto.FLOAT, None)])
        for name, nodes in (("then_branch", moved[::-1]), ("else_branch", [empty]))
    }
    del graph.node[:]
    graph.node.extend([*kept[::-1], helper.make_node("If", [EXPLAIN_INPUT], [FEATURES], **branches)])
    graph.input.append(helper.make_tensor_value_info(EXPLAIN_INPUT, TensorProto.BOOL, []))


def card_text(spec: ModelSpec) -> str:
    """The card as TOML, in the order of `ModelSpec`: values first, then tables."""
    row = asdict(spec)
    data, tables = row.pop("training_data"), {key: row.pop(key) for key in ("params", "figures", "hashes")}
    lines = [_pair(key, value) for key, value in row.items()]
    for part in data:
        lines += ["", "[[training_data]]", *(_pair(key, value) for key, value in part.items())]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(_pair(key, value) for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _pair(key: str, value: object) -> str:
    plain = list(value) if isinstance(value, tuple) else value
    name = key if key.replace("_", "").replace("-", "").isalnum() else json.dumps(key)
    return f"{name} = {json.dumps(plain, ensure_ascii=False)}"
