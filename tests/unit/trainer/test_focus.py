from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.skeleton import COCO17
from fias_desktop.models.contract import Batch, FeatureTensor, Output
from fias_desktop.models.fusion import STREAM_LOGITS
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.msg3d_stf import MSG3D, MSG3DConfig, undirected_graph
from fias_desktop.models.stgcnpp import STGCNpp, STGCNppConfig
from trainer.learn.fit import Examples, Task, fit
from trainer.learn.focus import (
    ABLATION,
    Focus,
    distance,
    exploration,
    focus_maps,
    focus_terms,
    min_max,
    module_maps,
    resized,
    with_focus,
)
from trainer.recipe import Optimisation

ALL = Focus(exploration=0.01, divergence=0.1, coherence=0.1, guidance=0.01)
TERMS = {
    "exploration": Focus(exploration=1.0),
    "divergence": Focus(divergence=1.0),
    "coherence": Focus(coherence=1.0),
}


def _network(kind: str) -> nn.Module:
    torch.manual_seed(0)
    network: STGCNpp | MSG3D
    if kind == "stgcnpp":
        network = STGCNpp(STGCNppConfig(17, 3, 4, width=12, stages=(1, 2, 4)), spatial_graph(COCO17))
    else:
        config = MSG3DConfig(17, 3, 4, width=12, scales=3, space_time_scales=2, focus=(1, 2))
        network = MSG3D(config, undirected_graph(COCO17))
    nn.init.normal_(network.head.weight, std=0.3)
    return network.train()


def _examples(count: int = 6) -> Examples:
    rng = torch.Generator().manual_seed(1)
    return Examples(torch.randn(count, 12, 17, 3, generator=rng), torch.arange(count) % 4)


def _output(network: nn.Module, examples: Examples) -> Output:
    joints = examples.joints
    output: Output = network(Batch(joints, torch.ones(joints.shape[:3], dtype=torch.bool)))
    return output


def _cross_entropy(output: Output, examples: Examples) -> Tensor:
    return F.cross_entropy(output.logits, examples.label)


def _gradients(network: nn.Module, value: Tensor) -> list[Tensor]:
    found = torch.autograd.grad(value, list(network.parameters()), allow_unused=True)
    return [gradient for gradient in found if gradient is not None]


def test_the_ablation_is_that_of_the_article_and_explores_apart() -> None:
    assert [len(networks) for networks in ABLATION.values()] == [1, 1, 1, 1, 2]
    assert not ABLATION["M1"][0].wanted
    explorer = ABLATION["M5"][1]
    assert ABLATION["M5"][0] == ABLATION["M4"][0]
    assert (explorer.exploration, explorer.divergence, explorer.coherence, explorer.guidance) == (0.01, 0, 0, 0)


@pytest.mark.parametrize("kind", ["stgcnpp", "msg3d"])
def test_the_last_map_is_grad_cam_of_the_probability_in_closed_form(kind: str) -> None:
    network, examples = _network(kind), _examples()
    output = _output(network, examples)
    last, probs = module_maps(output, 1)[-1], output.logits.softmax(dim=1)
    (ours,) = focus_maps(probs[:, :1], [last])
    assert output.head_weight is not None
    jacobian = probs[:, :1] * (torch.eye(4)[0] - probs)
    closed = torch.einsum("nk,kc,nctv->ntv", jacobian, output.head_weight, last).relu()
    assert ours.shape == (6, 3, 17)
    assert torch.allclose(ours, min_max(closed), atol=1e-3)


@pytest.mark.parametrize("kind", ["stgcnpp", "msg3d"])
@pytest.mark.parametrize("term", list(TERMS))
def test_each_term_gives_finite_gradients_of_second_order(kind: str, term: str) -> None:
    network, examples = _network(kind), _examples()
    value = focus_terms(network, _output(network, examples), examples.joints, TERMS[term])
    gradients = _gradients(network, value)
    assert torch.isfinite(value)
    assert all(torch.isfinite(gradient).all() for gradient in gradients)
    assert sum(float(gradient.abs().sum()) for gradient in gradients) > 0


def test_gradients_of_second_order_agree_with_differences() -> None:
    network, examples = _network("msg3d").double().train(), _examples(4)
    examples = replace(examples, joints=examples.joints.double())
    wanted = Focus(exploration=0.3, divergence=0.7, coherence=1.0)

    def value() -> Tensor:
        return focus_terms(network, _output(network, examples), examples.joints, wanted)

    names, parameters = zip(*network.named_parameters(), strict=True)
    gradients = torch.autograd.grad(value(), parameters, allow_unused=True)
    for name, place in (
        ("blocks.2.tcn.enter.weight", (4, 7, 0, 0)),
        ("blocks.2.space_time.0.mix.weight", (3, 5, 0, 0)),
    ):
        index, around = names.index(name), []
        gradient = gradients[index]
        for step in (-1e-7, 1e-7):
            parameters[index].data[place] += step
            around.append(float(value().detach()))
            parameters[index].data[place] -= step
        assert gradient is not None
        assert (around[1] - around[0]) / 2e-7 == pytest.approx(float(gradient[place]), rel=1e-3, abs=1e-7)


@pytest.mark.parametrize(
    ("kind", "focus"), [("stgcnpp", replace(ALL, guidance=0.0)), ("msg3d", ALL), ("msg3d", Focus(guidance=0.1))]
)
def test_the_terms_fall_on_one_batch(kind: str, focus: Focus) -> None:
    network, examples = _network(kind), _examples()
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3)
    values = []
    for _ in range(8):
        value = focus_terms(network, _output(network, examples), examples.joints, focus)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        values.append(float(value.detach()))
    assert min(values[-3:]) < values[0]


def test_guidance_teaches_only_beta_and_needs_modules() -> None:
    network, examples = _network("msg3d"), _examples()
    value = focus_terms(network, _output(network, examples), examples.joints, Focus(guidance=1.0))
    pairs = zip(
        dict(network.named_parameters()),
        torch.autograd.grad(value, list(network.parameters()), allow_unused=True),
        strict=True,
    )
    taught = {name for name, gradient in pairs if gradient is not None and bool(gradient.any())}
    assert any(".focus.beta." in name for name in taught)
    assert not any(name.startswith(("head.", "blocks.2.tcn.")) for name in taught)
    plain = _network("stgcnpp")
    with pytest.raises(FiasError, match="STF modules"):
        focus_terms(plain, _output(plain, examples), examples.joints, Focus(guidance=1.0))


@pytest.mark.parametrize("kind", ["stgcnpp", "msg3d"])
def test_a_saturated_softmax_gives_no_nan(kind: str) -> None:
    network, examples = _network(kind), _examples()
    head = network.get_parameter("head.weight")
    head.data *= 1e4
    focus = ALL if kind == "msg3d" else replace(ALL, guidance=0.0)
    output = _output(network, examples)
    assert float(output.logits.detach().softmax(dim=1).max()) == 1.0
    value = focus_terms(network, output, examples.joints, focus)
    assert torch.isfinite(value)
    assert all(torch.isfinite(gradient).all() for gradient in _gradients(network, value))


def test_a_map_without_heat_stays_empty_and_others_reach_from_0_to_1() -> None:
    heat = torch.stack([torch.zeros(2, 3), torch.arange(6.0).view(2, 3) + 5])
    found = min_max(heat)
    assert not found[0].any()
    assert float(found[1].min()) == 0.0
    assert float(found[1].max()) == pytest.approx(1.0)


def test_maps_are_stretched_to_the_longer_one() -> None:
    short = torch.tensor([[[0.0], [1.0]]])
    assert resized(short, 4).flatten().tolist() == [0.0, 0.5, 1.0, 1.0]
    assert resized(short, 2) is short
    assert float(distance(short, torch.tensor([[[0.0], [0.5], [1.0], [0.0]]]))) == pytest.approx(1.0)


def test_exploring_hides_what_was_looked_at() -> None:
    network, examples = _network("stgcnpp").eval(), _examples()
    target = torch.zeros(6, dtype=torch.int64)
    probs = _output(network, examples).logits.softmax(dim=1)[:, 0]
    seen = exploration(network, examples.joints, torch.zeros(6, 3, 17), target)
    assert torch.allclose(seen, probs.mean())
    empty = _output(network, replace(examples, joints=torch.zeros_like(examples.joints)))
    hidden = exploration(network, examples.joints, torch.ones(6, 3, 17), target)
    assert torch.allclose(hidden, empty.logits.softmax(dim=1)[0, 0])


def test_exploring_leaves_running_statistics_as_they_are() -> None:
    network, examples = _network("stgcnpp"), _examples()
    before = {name: value.clone() for name, value in network.named_buffers() if "running" in name}
    exploration(network, examples.joints, torch.ones(6, 3, 17), torch.zeros(6, dtype=torch.int64))
    after = dict(network.named_buffers())
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert all(module.momentum == 0.1 for module in network.modules() if isinstance(module, nn.BatchNorm2d))


def test_what_cannot_be_used_is_refused_with_a_hint() -> None:
    network, examples = _network("stgcnpp"), _examples()
    output = _output(network, examples)
    refused = {
        "feature maps": replace(output, features=()),
        "Fused streams": replace(output, aux={STREAM_LOGITS: output.logits[None]}),
        "full precision": replace(
            output, features=tuple(FeatureTensor(one.name, one.values.bfloat16()) for one in output.features)
        ),
    }
    for words, unusable in refused.items():
        with pytest.raises(FiasError, match=words):
            focus_terms(network, unusable, examples.joints, Focus(divergence=0.1))


def test_it_is_the_loss_of_a_task_and_held_out_windows_are_judged_without_it(tmp_path: Path) -> None:
    network, examples = _network("msg3d"), _examples(8)
    loss = with_focus(network, _cross_entropy, ALL)
    with torch.no_grad():
        output = _output(network, examples)
        assert float(loss(output, examples)) == float(_cross_entropy(output, examples))
    assert float(with_focus(network, _cross_entropy, Focus())(output, examples)) == float(
        _cross_entropy(output, examples)
    )
    options = Optimisation(
        epochs=2, minutes=float("inf"), batch=4, ema=0.5, bfloat16=False, threads=1, device="cpu", idle_share=0.0
    )
    task = Task(("a", "b", "c", "d"), lambda joints, rng: joints, loss)
    fitted = fit(network, examples, examples, task, options, tmp_path / "run")
    assert all(torch.isfinite(value).all() for value in fitted.state_dict().values())
