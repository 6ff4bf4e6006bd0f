"""The small networks of the public benchmarks: ST-GCN++, and a plain temporal convolution for comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.fusion import StreamNetwork
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.stgcnpp import STAGES_OF, STGCNpp, STGCNppConfig
from fias_desktop.models.streams import bone_parents
from trainer.tables.public_windows import Space

STGCNPP, TCN = "stgcnpp", "tcn"
KERNEL = 5


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
        return f"temporal convolution, width {self.width}"


def build(config: NetworkConfig, space: Space, classes: int, stream: str) -> nn.Module:
    """One stream's network with fresh weights; it is given joints and makes the stream itself."""
    if config.name == STGCNPP:
        graph = spatial_graph(space.skeleton)
        stages = STAGES_OF[config.blocks]
        sizes = STGCNppConfig(space.skeleton.num_joints, space.channels, classes, config.width, 0, stages)
        network: nn.Module = STGCNpp(sizes, graph)
    elif config.name == TCN:
        network = TemporalNet(space.skeleton.num_joints * space.channels, classes, config.width, config.dropout)
    else:
        raise FiasError(f"There is no network {config.name!r} for this table.", f"Choose {STGCNPP} or {TCN}.")
    return StreamNetwork({stream: network}, bone_parents(space.skeleton), space.coordinates)


class TemporalNet(nn.Module):
    """All joints of a sample side by side, convolved over time: pre-activation residual units as in Res-TCN
    (T. S. Kim, A. Reiter, CVPR Workshops 2017), much smaller and with kernels of 5. (N, T, V, C) -> logits."""

    def __init__(self, inputs: int, classes: int, width: int, dropout: float) -> None:
        super().__init__()
        self.data_bn = nn.BatchNorm1d(inputs)
        self.enter = nn.Conv1d(inputs, width, KERNEL, padding=KERNEL // 2)
        sizes = (
            (width, width, 1),
            (width, width, 2),
            (width, width, 1),
            (width, 2 * width, 2),
            (2 * width,) * 2 + (1,),
        )
        self.units = nn.Sequential(*(_Unit(before, after, stride, dropout) for before, after, stride in sizes))
        self.bn = nn.BatchNorm1d(2 * width)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(2 * width, classes)

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K); it has no map of frames and joints."""
        x = self.enter(self.data_bn(batch.joints.flatten(2).transpose(1, 2)))
        pooled = F.relu(self.bn(self.units(x))).mean(dim=2)
        return Output(self.head(self.dropout(pooled)), ())


class _Unit(nn.Module):
    """x + conv(dropout(relu(bn(x)))), with a 1x1 shortcut where the shape changes."""

    def __init__(self, before: int, after: int, stride: int, dropout: float) -> None:
        super().__init__()
        self.bn = nn.BatchNorm1d(before)
        self.dropout = nn.Dropout(dropout)
        self.conv = nn.Conv1d(before, after, KERNEL, stride, KERNEL // 2)
        same = before == after and stride == 1
        self.shortcut: nn.Module = nn.Identity() if same else nn.Conv1d(before, after, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T) -> (N, C', T / stride)."""
        return cast(Tensor, self.shortcut(x) + self.conv(self.dropout(F.relu(self.bn(x)))))
