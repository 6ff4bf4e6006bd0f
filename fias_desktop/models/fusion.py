"""Networks that look at something made of the joints, and the fusion of several.

Each stream has a network of its own; the answer is the mean of their log-probabilities, as the two- and four-stream
figures of skeleton recognition are reported. With S streams whose heads give l_s = W_s mean(A_s) + b_s from the last
feature maps A_s (C, T', V),

    1/S sum_s log softmax(l_s)_k = 1/S sum_s l_s[k] + a term that is the same for every class k,

so the fused classes are, up to that term, a linear head (W_1, ..., W_S)/S on the pooled maps side by side. An
explanation in closed form therefore needs nothing new: it reads the map `fused` (S C, T', V) and that head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from fias_desktop.models.contract import Batch, FeatureTensor, Output
from fias_desktop.models.streams import to_stream

FUSED = "fused"
STREAM_LOGITS = "stream_logits"  # in `Output.aux`, (S, N, K): what each stream says, since each learns by itself


class StreamNetwork(nn.Module):
    """One network for each stream, all given the same joints, from which each stream is made here."""

    def __init__(self, networks: Mapping[str, nn.Module], parents: Sequence[int], coordinates: int) -> None:
        super().__init__()
        self.streams = nn.ModuleDict(networks)
        self.parents, self.coordinates = tuple(parents), coordinates

    def forward(self, batch: Batch) -> Output:
        """The fused answer, or the only stream's own. Features are named `<stream>/block9`, the last one is `fused`."""
        outputs: dict[str, Output] = {}
        for kind, network in self.streams.items():
            joints = to_stream(batch.joints, kind, self.parents, self.coordinates)
            outputs[kind] = network(replace(batch, joints=joints))
        return fuse(outputs) if len(outputs) > 1 else next(iter(outputs.values()))


def fuse(outputs: Mapping[str, Output]) -> Output:
    """Mean of the streams' log-probabilities and of their error logits, with every stream's features by its name."""
    each = list(outputs.values())
    features = [
        FeatureTensor(f"{kind}/{feature.name}", feature.values)
        for kind, output in outputs.items()
        for feature in output.features
    ]
    maps = [output.features[-1].values for output in each if output.features]
    fused = (FeatureTensor(FUSED, torch.cat(maps, dim=1)),) if len(maps) == len(each) else ()
    weights = [output.head_weight for output in each if output.head_weight is not None]
    pooled = [output.pooled for output in each if output.pooled is not None]
    errors = [output.error_logits for output in each if output.error_logits is not None]
    return Output(
        _mean([output.logits.log_softmax(dim=1) for output in each]),
        (*features, *fused),
        torch.cat(weights, dim=1) / len(each) if len(weights) == len(each) else None,
        aux={STREAM_LOGITS: torch.stack([output.logits for output in each])},
        error_logits=_mean(errors) if errors else None,
        pooled=torch.cat(pooled, dim=1) if len(pooled) == len(each) else None,
    )


def _mean(values: list[Tensor]) -> Tensor:
    return torch.stack(values).mean(dim=0)
