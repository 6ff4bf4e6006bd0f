"""From a model card to a network with its weights on a device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.models.fusion import StreamNetwork
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.model_files import mismatch, read_weights
from fias_desktop.models.res_tcn import LAYOUTS, PUBLISHED, ResTCN, ResTCNConfig
from fias_desktop.models.stgcnpp import STAGES, STAGES_OF, STGCNpp, STGCNppConfig
from fias_desktop.models.streams import JOINT, STREAMS, bone_parents


@dataclass(frozen=True)
class Device:
    """A device by torch's name (`cpu`, `cuda`, `mps`) and in words for the status bar, with the reason."""

    name: str
    words: str


def build(spec: ModelSpec, explained: bool = False) -> nn.Module:
    """The card's network with fresh weights; FiasError when the program does not know it or one of its streams.

    `explained`: its answers come with the maps that explain them, where these cost more than they do anyway.
    """
    builders: dict[str, Callable[[ModelSpec], nn.Module]] = {
        "stgcnpp": _stgcnpp,
        "res_tcn": partial(_res_tcn, explained=explained),
    }
    if spec.network not in builders:
        known = ", ".join(builders)
        raise FiasError(f"The network {spec.network!r} of the model {spec.id} is not known.", f"Known: {known}.")
    _check_streams(spec)
    one = builders[spec.network]
    if spec.streams == (JOINT,):
        return one(spec)
    return StreamNetwork({k: one(spec) for k in spec.streams}, bone_parents(skeleton(spec.skeleton)), spec.coordinates)


def _check_streams(spec: ModelSpec) -> None:
    fits = spec.streams and set(spec.streams) <= set(STREAMS) and len(set(spec.streams)) == len(spec.streams)
    if not fits:
        given = ", ".join(spec.streams) or "none"
        raise FiasError(
            f"The streams of the model {spec.id} are {given}.", f"Name some of {', '.join(STREAMS)}, each once."
        )


def _stgcnpp(spec: ModelSpec) -> nn.Module:
    graph = spatial_graph(skeleton(spec.skeleton))
    width, blocks = spec.params.get("width", STGCNppConfig.width), spec.params.get("blocks", len(STAGES))
    if blocks not in STAGES_OF:
        known = ", ".join(str(count) for count in STAGES_OF)
        raise FiasError(f"The model {spec.id} asks for {blocks} blocks.", f"There are networks of {known} blocks.")
    stages, errors = STAGES_OF[blocks], len(spec.errors)
    return STGCNpp(STGCNppConfig(graph.shape[-1], spec.channels, len(spec.labels), width, errors, stages), graph)


def _res_tcn(spec: ModelSpec, explained: bool) -> nn.Module:
    joints = skeleton(spec.skeleton).num_joints
    width, units = spec.params.get("width", ResTCNConfig.width), spec.params.get("units", len(PUBLISHED.units))
    if units not in LAYOUTS:
        known = ", ".join(str(count) for count in LAYOUTS)
        raise FiasError(f"The model {spec.id} asks for {units} units.", f"There are networks of {known} units.")
    classes, errors = len(spec.labels), len(spec.errors)
    return ResTCN(ResTCNConfig(joints, spec.channels, classes, width, errors, LAYOUTS[units], explained))


def load_network(folder: Path, spec: ModelSpec, device: str = "cpu") -> nn.Module:
    """The card's network with the folder's weights, in evaluation mode; FiasError when files are damaged or misfit."""
    network = build(spec, explained=True)
    arrays = read_weights(folder, spec)
    wanted = network.state_dict()
    missing = sorted(name for name in wanted if name not in arrays and not name.endswith("num_batches_tracked"))
    if missing:
        raise mismatch(spec, f"{missing[0]} is missing")
    state = {name: torch.from_numpy(arrays[name]) for name in wanted if name in arrays}
    try:
        network.load_state_dict(state, strict=False)
    except RuntimeError as error:
        raise mismatch(spec, "some arrays have another shape") from error
    return network.eval().to(device)


def resolve_device(wish: str = "auto") -> Device:
    """The device to use: the one wished for where it is there, else CUDA, then MPS, then the CPU, saying why."""
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if cuda and wish in ("auto", "cuda"):
        return Device("cuda", f"CUDA: {torch.cuda.get_device_name()}")
    if mps and wish in ("auto", "mps"):
        return Device("mps", "MPS: Apple GPU")
    if wish in ("cuda", "mps"):
        return Device("cpu", f"CPU ({wish.upper()} was chosen but is not available)")
    return Device("cpu", "CPU (chosen in the settings)" if wish == "cpu" else "CPU (no CUDA or MPS device)")
