"""The Feature Map Decoder against its equations, sum by sum, and where decoding is exact."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
import torch

from fias_desktop.models.res_tcn import COMPACT, PUBLISHED, Layout, ResTCN, ResTCNConfig, SameConv, Unit
from trainer.diagnose.decoder import compressed, decode, decoded, denormalised, hidden, primitives, upsampled


def network_of(layout: Layout, width: int = 5, joints: int = 4) -> ResTCN:
    torch.manual_seed(0)
    network = ResTCN(ResTCNConfig(joints, 3, 10, width, layout=layout)).eval()
    generator = torch.Generator().manual_seed(3)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            assert module.running_mean is not None and module.running_var is not None
            module.running_mean.normal_(generator=generator)
            module.running_var.uniform_(0.5, 2.0, generator=generator)
            module.weight.data.uniform_(0.5, 1.5, generator=generator)
            module.bias.data.normal_(generator=generator)
    return network


def windows(count: int = 2, frames: int = 40, joints: int = 4) -> torch.Tensor:
    return torch.randn(count, frames, joints, 3, generator=torch.Generator().manual_seed(5))


def weights(conv: torch.nn.Module) -> np.ndarray:  # type: ignore[type-arg]
    return cast(SameConv, conv).weight.detach().numpy()


def test_a_first_layer_of_length_1_is_decoded_exactly() -> None:
    """It is linear: decoded is W^T (W x + b), and with orthonormal filters and no bias the window itself."""
    network, joints = network_of(COMPACT, width=16), windows()
    weight = network.entry.weight[:, :, 0]
    signal = network.data_bn(joints.flatten(2).transpose(1, 2))
    assert network.entry.bias is not None
    wanted = weight.T @ (weight @ signal + network.entry.bias[:, None])
    torch.testing.assert_close(decoded(network, hidden(network, joints), 1), wanted)
    torch.nn.init.zeros_(network.entry.bias)
    torch.nn.init.orthogonal_(network.entry.weight)
    torch.testing.assert_close(decode(network, hidden(network, joints), 1), joints, atol=1e-5, rtol=1e-5)


def test_with_the_pseudo_inverse_in_place_of_the_transpose_any_filters_of_length_1_are_exact() -> None:
    network, joints = network_of(COMPACT, width=16), windows()
    assert network.entry.bias is not None
    torch.nn.init.zeros_(network.entry.bias)
    seen = hidden(network, joints).at(1)
    inverse = torch.linalg.pinv(network.entry.weight[:, :, 0])
    torch.testing.assert_close(denormalised(network, inverse @ seen), joints, atol=1e-5, rtol=1e-5)


def test_compressed_filters_are_the_mean_of_taps_3_and_4_of_8() -> None:
    network = network_of(PUBLISHED)
    taps = weights(network.entry)
    np.testing.assert_allclose(compressed(network.entry).detach(), (taps[:, :, 3] + taps[:, :, 4]) / 2, rtol=1e-6)
    middle = SameConv(3, 4, 5)
    torch.testing.assert_close(compressed(middle), middle.weight[:, :, 2])


def test_a_filter_of_length_8_is_decoded_half_a_frame_late() -> None:
    """One filter that sees one channel through taps 3 and 4: an impulse at sample 20 is seen at 19 and 20."""
    network, joints = network_of(PUBLISHED, width=1), windows(1)
    torch.nn.init.zeros_(network.entry.weight)
    assert network.entry.bias is not None
    torch.nn.init.zeros_(network.entry.bias)
    network.entry.weight.data[0, 7, 3:5] = 1.0
    signal = torch.zeros(1, 12, 40)
    signal[0, 7, 20] = 1.0
    joints = denormalised(network, signal)
    found = decoded(network, hidden(network, joints), 1)[0, 7]
    assert torch.nonzero(found > 0.5).flatten().tolist() == [19, 20]


@pytest.mark.parametrize("layer", range(1, 11))
def test_published_layers_by_the_equations_sum_by_sum(layer: int) -> None:
    network, joints = network_of(PUBLISHED), windows(1)
    seen = hidden(network, joints)
    x = {number: values[0].detach().numpy() for number, values in enumerate(seen.layers, 1)}
    assert [x[number].shape for number in (1, 4, 5, 7, 8, 10)] == [(5, 40)] * 2 + [(10, 20)] * 2 + [(20, 10)] * 2
    values = x[layer]
    for start in (8, 5):
        if layer < start:
            continue
        unit = cast(Unit, network.units[start - 2])
        gates, around = weights(unit.conv), weights(cast(torch.nn.Module, unit.shortcut))
        back = np.zeros((gates.shape[1], values.shape[1]), np.float32)
        for t in range(values.shape[1]):
            for i in range(len(gates)):
                back[:, t] += (gates[i, :, 3] + gates[i, :, 4]) / 2 * (values[i, t] - x[start][i, t])
                back[:, t] += around[i, :, 0] * x[start][i, t]
        values = upsampled(torch.from_numpy(back)[None], 2 * back.shape[1])[0].numpy()
    first = weights(network.entry)
    wanted = sum((first[i, :, 3] + first[i, :, 4])[:, None] / 2 * values[i] for i in range(len(first)))
    np.testing.assert_allclose(decoded(network, seen, layer)[0], wanted, rtol=1e-4, atol=1e-4)


def test_compact_layers_go_back_through_the_shortcuts_alone() -> None:
    network = network_of(COMPACT)
    seen = hidden(network, windows())
    assert [values.shape[-1] for values in seen.layers] == [40, 20, 10, 5]
    values = seen.at(4)
    for level in (4, 3, 2):
        shortcut = cast(SameConv, cast(Unit, network.units[level - 2]).shortcut)
        values = upsampled(shortcut.weight[:, :, 0].T @ values, seen.at(level - 1).shape[-1])
    torch.testing.assert_close(decoded(network, seen, 4), network.entry.weight[:, :, 0].T @ values)


def test_a_shortcut_of_orthonormal_columns_gives_what_the_layer_before_held() -> None:
    """Where the unit adds nothing: every second sample comes back, and what is linear in time between them."""
    network = network_of(COMPACT, width=12)
    unit = cast(Unit, network.units[0])
    assert unit.shortcut is not None and unit.shortcut.bias is not None and unit.conv.bias is not None
    for values in (unit.conv.weight, unit.conv.bias, unit.shortcut.bias):
        torch.nn.init.zeros_(values)
    torch.nn.init.orthogonal_(unit.shortcut.weight)
    still = windows(2)[:, :1].expand(-1, 40, -1, -1).contiguous()
    seen = hidden(network, still)
    torch.testing.assert_close(decoded(network, seen, 2), decoded(network, seen, 1), atol=1e-5, rtol=1e-5)


def test_upsampling_is_linear_in_time() -> None:
    line = torch.arange(10.0)[None, None]
    np.testing.assert_allclose(upsampled(line, 20)[0, 0, 1:-1], np.arange(1, 19) / 2 - 0.25)
    assert upsampled(line, 10) is line


@pytest.mark.parametrize(("layout", "taps"), [(PUBLISHED, 8), (COMPACT, 5)])
def test_filters_are_moving_skeletons_around_the_mean_one(layout: Layout, taps: int) -> None:
    network = network_of(layout)
    found = primitives(network)
    assert found.shape == (5, taps, 4, 3)
    assert network.data_bn.running_mean is not None and network.data_bn.running_var is not None
    mean = network.data_bn.running_mean.view(4, 3)
    spread = torch.sqrt(network.data_bn.running_var + network.data_bn.eps) / network.data_bn.weight
    away = ((found - mean) / spread.view(4, 3)).abs().amax(dim=(1, 2, 3))
    torch.testing.assert_close(away, torch.ones(5))


def test_layers_are_counted_from_1() -> None:
    seen = hidden(network_of(COMPACT), windows())
    with pytest.raises(ValueError, match="layers 1 to 4, not 5"):
        seen.at(5)
