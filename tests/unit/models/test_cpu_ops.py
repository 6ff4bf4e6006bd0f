from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor, nn

from benchmarks.plain_stgcnpp import PlainNetwork, copy_weights
from benchmarks.train_step import gradient_difference, gradients_of
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.models.contract import Batch
from fias_desktop.models.cpu_ops import neighbours, pointwise, temporal
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.stgcnpp import STGCNpp, STGCNppConfig


def _gradients(run: Callable[[Tensor], Tensor], x: Tensor, parameters: Sequence[Tensor]) -> list[Tensor]:
    """The answer, and gradients of the input and of the parameters for some loss."""
    x = x.clone().requires_grad_()
    answer = run(x)
    return [answer, *torch.autograd.grad(answer.sin().sum(), [x, *parameters])]


def _same(first: list[Tensor], second: list[Tensor]) -> bool:
    return all(torch.allclose(a, b, atol=1e-10) for a, b in zip(first, second, strict=True))


def _input() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(3, 6, 9, 5, generator=generator, dtype=torch.float64).contiguous(
        memory_format=torch.channels_last
    )


@pytest.mark.parametrize("stride", [1, 2])
def test_a_pointwise_convolution_has_the_gradients_autograd_gives(stride: int) -> None:
    conv = nn.Conv2d(6, 10, 1, (stride, 1)).double()
    parameters = list(conv.parameters())
    quick = _gradients(lambda x: pointwise(conv, x), _input(), parameters)
    assert _same(quick, _gradients(conv, _input(), parameters))


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("dilation", [1, 3])
def test_a_temporal_convolution_has_the_gradients_autograd_gives(stride: int, dilation: int) -> None:
    conv = nn.Conv2d(6, 4, (3, 1), (stride, 1), (dilation, 0), (dilation, 1)).double()
    parameters = list(conv.parameters())
    quick = _gradients(lambda x: temporal(conv, x), _input(), parameters)
    assert _same(quick, _gradients(conv, _input(), parameters))


def test_mixing_neighbours_has_the_gradients_autograd_gives() -> None:
    rows, weight = torch.randn(7, 5, 6, dtype=torch.float64), torch.randn(4, 5, dtype=torch.float64, requires_grad=True)
    quick = _gradients(lambda x: neighbours(x, weight), rows, [weight])
    assert _same(quick, _gradients(lambda x: torch.matmul(weight, x), rows, [weight]))


def test_a_bias_in_front_of_a_batch_norm_has_no_gradient_and_autograd_agrees() -> None:
    conv, norm = nn.Conv2d(6, 10, 1).double(), nn.BatchNorm2d(10).double()
    quick = _gradients(lambda x: norm(pointwise(conv, x, normed=True)), _input(), list(conv.parameters()))
    assert _same(quick, _gradients(lambda x: norm(conv(x)), _input(), list(conv.parameters())))
    assert not quick[-1].any()


def test_the_whole_network_learns_what_the_plain_layer_structure_learns() -> None:
    torch.manual_seed(0)
    graph = spatial_graph(COCO17_FEET)
    config = STGCNppConfig(21, 3, 10, 12)
    ours, plain = STGCNpp(config, graph).train(), PlainNetwork(graph, config).train()
    copy_weights(ours, plain)
    windows = torch.randn(4, 40, 21, 3, dtype=torch.float64)
    mine, theirs = gradients_of(ours, plain, windows, torch.tensor([0, 3, 5, 9]))
    assert gradient_difference(mine, theirs) < 1e-9
    assert gradient_difference(mine[::-1], mine[::-1]) == 0.0


def test_mixed_precision_gives_every_parameter_a_gradient_in_its_own_precision() -> None:
    torch.manual_seed(0)
    network = STGCNpp(STGCNppConfig(21, 3, 10, 12), spatial_graph(COCO17_FEET)).train()
    joints = torch.randn(4, 40, 21, 3)
    with torch.autocast("cpu", torch.bfloat16):
        logits = network(Batch(joints, torch.ones(4, 40, 21, dtype=torch.bool))).logits
    torch.nn.functional.cross_entropy(logits.float(), torch.arange(4)).backward()  # type: ignore[no-untyped-call]
    gradients = {name: parameter.grad for name, parameter in network.named_parameters()}
    assert all(gradient is not None and gradient.isfinite().all() for gradient in gradients.values())
    assert {gradient.dtype for gradient in gradients.values() if gradient is not None} == {torch.float32}


def test_what_asks_for_no_gradient_runs_the_ordinary_convolution() -> None:
    conv = nn.Conv2d(6, 10, 1).double()
    with torch.no_grad():
        assert torch.equal(pointwise(conv, _input()), conv(_input()))
