"""The networks of the public benchmarks: one of every paper that sees joints alone."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.fusion import StreamNetwork
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.infogcnpp import InfoGCNpp, InfoGCNppConfig, joint_graph
from fias_desktop.models.msg3d_stf import MSG3D, MSG3DConfig, undirected_graph
from fias_desktop.models.res_tcn import Layout, ResTCN, ResTCNConfig
from fias_desktop.models.stgcnpp import STAGES_OF, STGCNpp, STGCNppConfig
from fias_desktop.models.streams import bone_parents
from trainer.tables.public_windows import Space

STGCNPP, TCN, INFOGCNPP, MSG3D_STF = "stgcnpp", "tcn", "infogcnpp", "msg3d_stf"
KERNEL, UNITS = 5, ((1, 1), (1, 2), (1, 1), (2, 2), (2, 1))  # of the small Res-TCN


@dataclass(frozen=True)
class NetworkConfig:
    """`name` one of the builders', `width` of its first block, how many `blocks` (stgcnpp, infogcnpp), `dropout` (tcn),
    `scales` of samples and `space_time_scales` of windows (msg3d_stf), and whether its last block has an STF module
    (`focus`)."""

    name: str
    width: int
    blocks: int = 10
    dropout: float = 0.3
    scales: int = 13
    space_time_scales: int = 6
    focus: bool = False

    @property
    def words(self) -> str:
        """The network as a table names it."""
        if self.name == TCN:
            return f"Res-TCN of {len(UNITS)} units, width {self.width}"
        if self.name == MSG3D_STF:
            return f"{'STF on ' if self.focus else ''}MS-G3D, width {self.width}, {self.scales} scales"
        return f"{'ST-GCN++' if self.name == STGCNPP else 'InfoGCN++'}, width {self.width}, {self.blocks} blocks"


def build(config: NetworkConfig, space: Space, classes: int, stream: str) -> nn.Module:
    """One stream's network with fresh weights; it is given joints and makes the stream itself."""
    builders = {STGCNPP: _stgcnpp, TCN: _tcn, INFOGCNPP: _infogcnpp, MSG3D_STF: _msg3d_stf}
    if config.name not in builders:
        raise FiasError(f"There is no network {config.name!r} for this table.", f"Choose one of {', '.join(builders)}.")
    network = builders[config.name](config, space, classes)
    return StreamNetwork({stream: network}, bone_parents(space.skeleton), space.coordinates)


def _stgcnpp(config: NetworkConfig, space: Space, classes: int) -> nn.Module:
    joints, stages = space.skeleton.num_joints, STAGES_OF[config.blocks]
    sizes = STGCNppConfig(joints, space.channels, classes, config.width, 0, stages)
    return STGCNpp(sizes, spatial_graph(space.skeleton))


def _tcn(config: NetworkConfig, space: Space, classes: int) -> nn.Module:
    layout = Layout(UNITS, KERNEL, KERNEL, config.dropout)
    return ResTCN(ResTCNConfig(space.skeleton.num_joints, space.channels, classes, config.width, 0, layout))


def _infogcnpp(config: NetworkConfig, space: Space, classes: int) -> nn.Module:
    sizes = space.skeleton.num_joints, space.channels, classes
    return InfoGCNpp(InfoGCNppConfig(*sizes, config.width, config.blocks), joint_graph(space.skeleton))


def _msg3d_stf(config: NetworkConfig, space: Space, classes: int) -> nn.Module:
    sizes = space.skeleton.num_joints, space.channels, classes
    graph, last = undirected_graph(space.skeleton), (2,)
    scales = config.scales, config.space_time_scales
    return MSG3D(MSG3DConfig(*sizes, config.width, 0, *scales, last if config.focus else ()), graph)
