"""Decoded sequences as they can be looked at beside the windows they came from."""

from __future__ import annotations

import torch

from fias_desktop.domain.types import Float32
from fias_desktop.models.res_tcn import ResTCN
from trainer.diagnose.decoder import decoded, denormalised, hidden

_TINY = 1e-6


@torch.no_grad()
def comparable(network: ResTCN, joints: Float32, reference: Float32, layer: int) -> Float32:
    """X_l of windows (N, T, V, C), decoded, as float32 (N, T, V, C).

    A transpose gives directions back, not sizes, and biases add one constant posture. So the average over the windows
    of `reference` (M, T, V, C) is put in the place of what is decoded from them on average, and one factor for the
    whole layer makes its spread theirs: what differs between joints, times and windows is the decoder's.
    """
    shown, others = torch.from_numpy(joints), torch.from_numpy(reference)
    usual = decoded(network, hidden(network, others), layer)
    signal = network.data_bn(others.flatten(2).transpose(1, 2))
    middle, average = usual.mean(dim=(0, 2), keepdim=True), signal.mean(dim=(0, 2), keepdim=True)
    factor = (signal - average).std() / (usual - middle).std().clamp_min(_TINY)
    values = decoded(network, hidden(network, shown), layer)
    found: Float32 = denormalised(network, (values - middle) * factor + average).numpy()
    return found


def layers_shown(network: ResTCN) -> tuple[int, ...]:
    """The layers whose sequences are shown: 1, 4, 7, 10 of the published layout (article, figure 4), all of a shorter
    one."""
    count = 1 + len(network.units)
    return tuple(range(1, count + 1, 3)) if count > 6 else tuple(range(1, count + 1))
