"""The small networks of the public benchmarks: ST-GCN++ and Res-TCN."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.fusion import StreamNetwork
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.res_tcn import Layout, ResTCN, ResTCNConfig
from fias_desktop.models.stgcnpp import STAGES_OF, STGCNpp, STGCNppConfig
from fias_desktop.models.streams import bone_parents
from trainer.tables.public_windows import Space

STGCNPP, TCN = "stgcnpp", "tcn"
KERNEL, UNITS = 5, ((1, 1), (1, 2), (1, 1), (2, 2), (2, 1))  # of the small Res-TCN


@dataclass(frozen=True)
class NetworkConfig:
    """`name` stgcnpp or tcn, `width` of its first block, how many `blocks` (stgcnpp), `dropout` (tcn)."""

    name: str
    width: int
    blocks: int = 10
    dropout: float = 0.3

    @property
    def words(self) -> str:
        """The network as a table names it."""
        if self.name == STGCNPP:
            return f"ST-GCN++, width {self.width}, {self.blocks} blocks"
        return f"Res-TCN of {len(UNITS)} units, width {self.width}"


def build(config: NetworkConfig, space: Space, classes: int, stream: str) -> nn.Module:
    """One stream's network with fresh weights; it is given joints and makes the stream itself."""
    if config.name == STGCNPP:
        graph = spatial_graph(space.skeleton)
        stages = STAGES_OF[config.blocks]
        sizes = STGCNppConfig(space.skeleton.num_joints, space.channels, classes, config.width, 0, stages)
        network: nn.Module = STGCNpp(sizes, graph)
    elif config.name == TCN:
        layout = Layout(UNITS, KERNEL, KERNEL, config.dropout)
        network = ResTCN(ResTCNConfig(space.skeleton.num_joints, space.channels, classes, config.width, 0, layout))
    else:
        raise FiasError(f"There is no network {config.name!r} for this table.", f"Choose {STGCNPP} or {TCN}.")
    return StreamNetwork({stream: network}, bone_parents(space.skeleton), space.coordinates)
