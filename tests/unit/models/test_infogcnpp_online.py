from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from fias_desktop.domain.skeleton import COCO17
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.infogcnpp import FUTURE_JOINTS, InfoGCNpp, InfoGCNppConfig, joint_graph
from fias_desktop.models.infogcnpp_online import InfoGCNppStream, OnlineAnswer

SPAN, FRAMES = 6, 20


class _Work(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the numbers that go into every operation of torch."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.numbers = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.numbers += sum(value.numel() for value in args if isinstance(value, Tensor))
        return func(*args, **(kwargs or {}))


def _network(solver: str = "euler", cycle: int = 0) -> InfoGCNpp:
    """A small network in float64 whose batch norms let their graph convolutions through."""
    torch.manual_seed(4)
    config = InfoGCNppConfig(17, 3, 4, width=16, depth=3, heads=2, errors=2, solver=solver, cycle=cycle)
    network = InfoGCNpp(config, joint_graph(COCO17)).double().eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.5, 0.5)
    return network


def _joints() -> Tensor:
    return torch.randn(FRAMES, 17, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(5))


def _at_once(network: InfoGCNpp, joints: Tensor, span: int | None = None) -> Output:
    with torch.no_grad():
        output: Output = network(Batch(joints[None], torch.ones(1, *joints.shape[:2], dtype=torch.bool)), span)
    return output


def _streamed(network: InfoGCNpp, joints: Tensor) -> tuple[list[OnlineAnswer], Tensor]:
    """Every frame's answer, and what joints it expected (T, S, V, C)."""
    stream = InfoGCNppStream(network, SPAN)
    answers, futures = [], []
    for frame in joints:
        answers.append(stream.push(frame))
        futures.append(stream.future())
    return answers, torch.stack(futures)


@pytest.mark.parametrize("solver", ["euler", "rk4_38"])
def test_it_says_of_the_first_frames_what_the_pass_over_a_window_says(solver: str) -> None:
    network, joints = _network(solver), _joints()[:SPAN]
    output = _at_once(network, joints)
    answers, futures = _streamed(network, joints)
    assert output.frame_logits is not None
    assert torch.allclose(torch.stack([a.logits for a in answers]), output.frame_logits[0], atol=1e-8)
    assert torch.allclose(torch.cat([a.feature.values for a in answers], dim=2), output.features[-1].values, atol=1e-8)
    assert torch.allclose(futures, output.aux[FUTURE_JOINTS][0].transpose(0, 1), atol=1e-8)
    assert answers[-1].error_logits is not None and output.error_logits is not None
    assert torch.allclose(answers[-1].error_logits, output.error_logits[0], atol=1e-8)


@pytest.mark.parametrize("cycle", [0, 8])
def test_it_says_ever_after_what_one_pass_over_the_stream_with_a_band_says(cycle: int) -> None:
    network, joints = _network(cycle=cycle), _joints()
    output = _at_once(network, joints, SPAN)
    answers, futures = _streamed(network, joints)
    assert output.frame_logits is not None
    assert torch.allclose(torch.stack([a.logits for a in answers]), output.frame_logits[0], atol=1e-8)
    assert torch.allclose(futures, output.aux[FUTURE_JOINTS][0].transpose(0, 1), atol=1e-8)
    unbounded = _at_once(network, joints).frame_logits
    assert unbounded is not None and not torch.allclose(unbounded[0, -1], output.frame_logits[0, -1], atol=1e-4)


def test_a_frame_tells_on_for_as_many_frames_as_all_blocks_reach_back() -> None:
    network, joints, changed = _network(), _joints(), _joints()
    changed[0] += 1.0
    before, after = (_at_once(network, frames, SPAN).frame_logits for frames in (joints, changed))
    reach = 3 * (SPAN - 1)
    assert before is not None and after is not None
    assert not torch.allclose(before[0, reach], after[0, reach], rtol=0, atol=1e-12)
    assert torch.allclose(before[0, reach + 1 :], after[0, reach + 1 :], rtol=0, atol=1e-12)


def test_a_frame_costs_the_same_however_long_the_stream_has_run() -> None:
    stream, joints = InfoGCNppStream(_network(), SPAN), _joints()
    costs = []
    for frame in (*joints, *joints):
        with _Work() as work:
            stream.push(frame)
        costs.append(work.numbers)
    assert costs[0] < costs[SPAN - 1]
    assert set(costs[SPAN - 1 :]) == {costs[SPAN - 1]}


def test_it_foresees_as_far_as_it_is_asked() -> None:
    stream = InfoGCNppStream(_network(), SPAN)
    with pytest.raises(ValueError, match="no frame"):
        stream.future()
    stream.push(_joints()[0])
    assert stream.future().shape == (3, 17, 3)
    assert torch.allclose(stream.future(5)[:3], stream.future())


def test_after_a_reset_it_begins_anew() -> None:
    network, joints = _network(), _joints()
    stream = InfoGCNppStream(network, SPAN)
    first = [stream.push(frame).logits for frame in joints[:4]]
    stream.reset()
    assert stream.frames == 0
    assert torch.equal(torch.stack([stream.push(frame).logits for frame in joints[:4]]), torch.stack(first))


def test_it_refuses_a_network_in_training_and_a_span_that_does_not_fit() -> None:
    with pytest.raises(ValueError, match="evaluation"):
        InfoGCNppStream(_network().train(), SPAN)
    with pytest.raises(ValueError, match="span"):
        InfoGCNppStream(_network(), 0)
    with pytest.raises(ValueError, match="cycle"):
        InfoGCNppStream(_network(cycle=SPAN - 1), SPAN)
