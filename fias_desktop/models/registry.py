"""From a model card to a network with its weights on a device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from fias_desktop.models.i3d import I3D, LAST, LAYERS, WIDTH, I3DConfig, map_shape
from fias_desktop.models.infogcnpp import InfoGCNpp, InfoGCNppConfig, joint_graph
from fias_desktop.models.model_files import mismatch, read_weights
from fias_desktop.models.ms_res_tcn import MSResTCN
from fias_desktop.models.ms_res_tcn import config_of as ms_res_tcn_config
from fias_desktop.models.msg3d_stf import MSG3D, MSG3DConfig, undirected_graph
from fias_desktop.models.msg3d_stf import STAGES as MSG3D_STAGES
from fias_desktop.models.ode import SOLVERS
from fias_desktop.models.res_tcn import LAYOUTS, PUBLISHED, ResTCN, ResTCNConfig
from fias_desktop.models.stgcnpp import STAGES, STAGES_OF, STGCNpp, STGCNppConfig
from fias_desktop.models.streams import JOINT, STREAMS, bone_parents
from fias_desktop.models.vpn import ATTENTIONS, VPN, VPNConfig, weighted_graph


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
        "ms_res_tcn": partial(_ms_res_tcn, explained=explained),
        "infogcnpp": _infogcnpp,
        "msg3d_stf": _msg3d_stf,
        "vpn": partial(_vpn, explained=explained),
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


def _ms_res_tcn(spec: ModelSpec, explained: bool) -> nn.Module:
    return MSResTCN(ms_res_tcn_config(spec, explained))


def _infogcnpp(spec: ModelSpec) -> nn.Module:
    """`params`: width, depth, heads, steps, cycle, `solver` (its number in `SOLVERS`) and `loops` of the graph."""
    topology, params, usual = skeleton(spec.skeleton), spec.params, InfoGCNppConfig
    solver, solvers = params.get("solver", 0), tuple(SOLVERS)
    if not 0 <= solver < len(solvers):
        raise FiasError(f"The model {spec.id} asks for solver {solver}.", f"Known: {', '.join(solvers)}, from 0 on.")
    sizes = (topology.num_joints, spec.channels, len(spec.labels))
    with _sizes_that_fit(spec):
        config = InfoGCNppConfig(
            *sizes,
            width=params.get("width", usual.width),
            depth=params.get("depth", usual.depth),
            heads=params.get("heads", usual.heads),
            errors=len(spec.errors),
            steps=params.get("steps", usual.steps),
            solver=solvers[solver],
            cycle=params.get("cycle", usual.cycle),
        )
    return InfoGCNpp(config, joint_graph(topology, float(params.get("loops", 2))))


def _msg3d_stf(spec: ModelSpec) -> nn.Module:
    """`params`: width, scales, space_time_scales, and `focus0` to `focus2`: 1 where a block has an STF module."""
    topology, params, usual = skeleton(spec.skeleton), spec.params, MSG3DConfig
    with _sizes_that_fit(spec):
        config = MSG3DConfig(
            topology.num_joints,
            spec.channels,
            len(spec.labels),
            width=params.get("width", usual.width),
            errors=len(spec.errors),
            scales=params.get("scales", usual.scales),
            space_time_scales=params.get("space_time_scales", usual.space_time_scales),
            focus=tuple(i for i in range(len(MSG3D_STAGES)) if params.get(f"focus{i}")),
        )
    return MSG3D(config, undirected_graph(topology))


def _vpn(spec: ModelSpec, explained: bool) -> nn.Module:
    """`params`: `visual_width` of I3D and `visual_last` (the number of its last endpoint in `LAYERS`), poses, width,
    hidden, embedded (0: no embedding) and `attention` (its number in `ATTENTIONS`)."""
    topology, params, usual, names = skeleton(spec.skeleton), spec.params, VPNConfig, tuple(LAYERS)
    if not spec.clip_frames or not spec.clip_pixels:
        raise FiasError(
            f"The card of the model {spec.id} asks for no pictures.", "Give it clip_frames and clip_pixels."
        )
    with _sizes_that_fit(spec):
        kind = _numbered(ATTENTIONS, params.get("attention", ATTENTIONS.index(usual.attention)), "attention")
        last = _numbered(names, params.get("visual_last", names.index(LAST)), "visual_last")
        visual = I3DConfig(width=params.get("visual_width", WIDTH), last=last)
        config = VPNConfig(
            topology.num_joints,
            spec.channels,
            len(spec.labels),
            visual=map_shape(visual, spec.clip_frames, spec.clip_pixels),
            frames=spec.clip_frames,
            size=spec.clip_pixels,
            poses=params.get("poses", usual.poses),
            width=params.get("width", usual.width),
            hidden=params.get("hidden", usual.hidden),
            embedded=params.get("embedded", usual.embedded),
            attention=kind,
            embedding=params.get("embedded", usual.embedded) > 0,
            explained=explained,
            errors=len(spec.errors),
        )
    return VPN(config, weighted_graph(topology), I3D(visual))


def _numbered(names: tuple[str, ...], number: int, what: str) -> str:
    """A name by its number, for cards hold numbers only; ValueError when there is none."""
    if not 0 <= number < len(names):
        raise ValueError(f"{what} {number} is none of 0 to {len(names) - 1}")
    return names[number]


@contextmanager
def _sizes_that_fit(spec: ModelSpec) -> Iterator[None]:
    """A size that its network refuses is a fault of the card."""
    try:
        yield
    except ValueError as error:
        raise FiasError(f"The card of the model {spec.id} does not fit: {error}.", "Import the model again.") from error


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
