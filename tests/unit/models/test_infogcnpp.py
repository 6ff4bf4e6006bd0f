from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17, NTU25, Skeleton
from fias_desktop.domain.types import Window
from fias_desktop.models.contract import Output
from fias_desktop.models.infogcnpp import (
    FUTURE_JOINTS,
    FUTURE_LATENTS,
    LATENTS,
    GraphConv,
    InfoGCNpp,
    InfoGCNppConfig,
    LossWeights,
    frame_loss,
    future_loss,
    joint_graph,
    loss,
)
from fias_desktop.stages.explain import grad_cam_autograd
from tests.unit.models.sample_networks import batch_of, filled, size_of
from trainer.export import write_onnx

PARITY = "infogcnpp_official_{}_V17_T40_C3_K10_M1.pt"
# What the network gave when it was shown to be the released one (the parity test below), to catch any later change.
EXPECTED_LOGITS = {
    "euler": [1.44272, -2.11438, 3.82745, -2.42025, -1.91291],
    "rk4_38": [1.48218, -2.18516, 3.84915, -2.43215, -1.99552],
}
NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")


def _network(skeleton: Skeleton = COCO17, classes: int = 10, solver: str = "euler") -> InfoGCNpp:
    config = InfoGCNppConfig(skeleton.num_joints, 3, classes, solver=solver)
    return InfoGCNpp(config, joint_graph(skeleton)).eval()


def _small(errors: int = 0, steps: int = 3) -> InfoGCNpp:
    config = InfoGCNppConfig(17, 3, 4, width=16, depth=2, heads=2, errors=errors, steps=steps)
    return filled(InfoGCNpp(config, joint_graph(COCO17)).eval())


def _input(frames: int = 40) -> Tensor:
    count = 2 * frames * 17 * 3
    return torch.cos(0.05 * torch.arange(count, dtype=torch.float64)).float().view(2, frames, 17, 3)


def _released_size(network: InfoGCNpp, classifiers: int) -> int:
    """With what the released network holds beyond ours: classifiers after the first, biases that are added up."""
    biases = sum(2 * module.mix.out_features for module in network.modules() if isinstance(module, GraphConv))
    return size_of(network) + biases + (classifiers - 1) * size_of(network.head)


@pytest.mark.parametrize(
    ("skeleton", "classes", "classifiers", "published"),
    [(COCO17, 60, 10, 605_171), (NTU25, 60, 10, 613_747), (COCO17, 10, 10, 540_671), (COCO17, 14, 4, 534_995)],
)
def test_it_has_the_published_number_of_parameters(
    skeleton: Skeleton, classes: int, classifiers: int, published: int
) -> None:
    """The article's network of 14 actions has a classifier for each quarter of a window, the others have ten."""
    network = _network(skeleton, classes)
    assert _released_size(network, classifiers) == published
    inside = 128
    unused = (classifiers - 1) * (inside * classes + classes)
    assert published - size_of(network) == unused + 2 * (4 * 192 + 2 * 64 + 256)


def test_the_graph_is_symmetric_and_has_two_loops_as_released() -> None:
    graph = joint_graph(COCO17)
    knee, hip = COCO17.index("left_knee"), COCO17.index("left_hip")
    assert torch.equal(graph, graph.T)
    assert float(graph[knee, knee]) == pytest.approx(2 / 4)
    assert float(graph[knee, hip]) == pytest.approx(1 / 4)
    assert float(joint_graph(COCO17, loops=1.0)[knee, knee]) == pytest.approx(1 / 3)


@torch.no_grad()
@pytest.mark.parametrize("solver", ["euler", "rk4_38"])
def test_filled_by_formula_it_gives_the_numbers_it_gave_when_parity_was_shown(solver: str) -> None:
    output = filled(_network(solver=solver))(batch_of(_input()))
    expected = torch.tensor(EXPECTED_LOGITS[solver])
    assert (output.logits[0, :5] - expected).abs().max() / expected.abs().max() < 1e-4


@torch.no_grad()
def test_shapes_and_names_of_what_it_gives() -> None:
    output = _small(errors=5)(batch_of(_input(12)))
    assert output.frame_logits is not None and output.error_logits is not None and output.pooled is not None
    assert torch.equal(output.logits, output.frame_logits[:, -1])
    assert output.frame_logits.shape == (2, 12, 4) and output.error_logits.shape == (2, 5)
    names = {feature.name: tuple(feature.values.shape) for feature in output.features}
    assert names == {"block0": (2, 16, 12, 17), "block1": (2, 16, 12, 17), "classifier": (2, 32, 12, 17)}
    assert {name: tuple(values.shape) for name, values in output.aux.items()} == {
        FUTURE_JOINTS: (2, 3, 12, 17, 3),
        LATENTS: (2, 12, 17, 16),
        FUTURE_LATENTS: (2, 3, 12, 17, 16),
    }


@torch.no_grad()
def test_without_future_steps_it_classifies_what_is_there() -> None:
    output = _small(steps=0)(batch_of(_input(5)))
    assert output.logits.shape == (2, 4)
    assert output.aux[FUTURE_JOINTS].shape == (2, 0, 5, 17, 3)


@torch.no_grad()
def test_an_answer_never_depends_on_later_frames() -> None:
    network, joints, changed = _small(), _input(12), _input(12)
    changed[:, 7:] += 1.0
    before, after = network(batch_of(joints)), network(batch_of(changed))
    assert torch.allclose(before.frame_logits[:, :7], after.frame_logits[:, :7], atol=1e-6)
    assert torch.allclose(before.aux[FUTURE_JOINTS][:, :, :7], after.aux[FUTURE_JOINTS][:, :, :7], atol=1e-6)
    assert not torch.allclose(before.frame_logits[:, 7], after.frame_logits[:, 7], atol=1e-3)


@torch.no_grad()
def test_a_longer_window_says_the_same_about_its_first_frames() -> None:
    network, joints = _small(), _input(30)
    short, long = network(batch_of(joints[:, :10])), network(batch_of(joints))
    assert torch.allclose(short.frame_logits, long.frame_logits[:, :10], atol=1e-5)


@torch.no_grad()
def test_its_last_map_explains_each_frames_answer_and_gives_grad_cam_in_closed_form() -> None:
    network, joints = _small(), _input(6)
    output = network(batch_of(joints))
    last = output.features[-1].values
    answers = torch.einsum("kc,nctv->ntk", output.head_weight, last) / 17 + network.head.bias
    assert torch.allclose(answers, output.frame_logits, atol=1e-5)
    window = Window(joints[0].numpy(), np.ones((6, 17), dtype=np.bool_), np.arange(6) / 15.0, np.arange(6))
    closed = torch.einsum("c,ctv->tv", network.head.weight[2], last[0]).clamp(min=0) / (6 * 17)
    assert np.allclose(grad_cam_autograd(network, window, "classifier", 2), closed.numpy(), atol=1e-6)


def test_its_state_goes_round() -> None:
    first, second = _small(), InfoGCNpp(_small().config, joint_graph(COCO17)).eval()
    second.load_state_dict(first.state_dict())
    with torch.no_grad():
        assert torch.equal(first(batch_of(_input(9))).logits, second(batch_of(_input(9))).logits)


@torch.no_grad()
def test_positions_start_again_after_a_cycle() -> None:
    network = InfoGCNpp(InfoGCNppConfig(17, 3, 4, width=16, heads=2, cycle=8), joint_graph(COCO17)).eval()
    positions = torch.arange(20)
    told = network.encoding(positions, network.places)
    assert torch.equal(told[8:16], told[:8])
    assert torch.equal(network.positions(torch.zeros(1, 5, 17, 3)), torch.arange(5))
    starts = {int(network.train().positions(torch.zeros(1, 5, 17, 3))[0]) for _ in range(60)}
    assert starts <= set(range(8)) and len(starts) > 4


def test_it_refuses_what_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="solver"):
        InfoGCNppConfig(17, 3, 4, solver="midpoint")
    with pytest.raises(ValueError, match="heads"):
        InfoGCNppConfig(17, 3, 4, width=18, heads=4)


def test_the_joints_loss_is_a_mean_and_the_released_one_is_channels_times_joints_as_much() -> None:
    torch.manual_seed(0)
    future, joints = torch.randn(2, 3, 10, 17, 3), torch.randn(2, 10, 17, 3)
    squares, pairs = torch.zeros(()), 0
    for step in (1, 2, 3):
        squares += (future[:, step - 1, : 10 - step] - joints[:, step:]).square().sum()
        pairs += 2 * (10 - step)
    assert float(future_loss(future, joints)) == pytest.approx(float(squares) / pairs / (3 * 17), rel=1e-5)


def test_unknown_joints_and_frames_after_the_window_do_not_count() -> None:
    joints = torch.zeros(1, 6, 17, 3)
    future, known = torch.zeros(1, 2, 6, 17, 3), torch.ones(1, 6, 17, dtype=torch.bool)
    future[:, 0, -1] = future[:, 1, -2:] = 9.0
    joints[:, 3, 4], known[:, 3, 4] = 5.0, False
    assert float(future_loss(future, joints, known)) == 0.0
    assert float(future_loss(future, joints)) > 0.0


def test_the_frames_loss_is_that_of_every_frame_with_smoothed_targets() -> None:
    logits, target = torch.randn(2, 5, 4, generator=torch.Generator().manual_seed(1)), torch.tensor([1, 3])
    log_probs = logits.log_softmax(dim=-1)
    expected = -0.9 * log_probs[[0, 1], :, target].mean() - 0.1 * log_probs.mean()
    assert float(frame_loss(logits, target, 0.1)) == pytest.approx(float(expected), rel=1e-5)


def test_the_loss_is_the_weighted_sum_and_needs_targets() -> None:
    network, batch = _small(), batch_of(_input(6), torch.tensor([0, 2]))
    output = network(batch)
    parts = [
        float(loss(output, batch, LossWeights(*weights)).detach())
        for weights in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    ]
    assert float(loss(output, batch).detach()) == pytest.approx(parts[0] + 0.1 * parts[1] + 0.1 * parts[2], rel=1e-5)
    with pytest.raises(ValueError, match="targets"):
        loss(output, batch_of(_input(6)))
    with pytest.raises(ValueError, match="every frame"):
        loss(Output(torch.zeros(2, 4), ()), batch)


def test_the_loss_falls_on_one_batch() -> None:
    torch.manual_seed(2)
    network = InfoGCNpp(InfoGCNppConfig(17, 3, 4, width=16, depth=2, heads=2, cycle=8), joint_graph(COCO17))
    batch = batch_of(torch.randn(8, 8, 17, 3), torch.arange(8) % 4)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-2)
    values: list[float] = []
    for _ in range(25):
        value = loss(network(batch), batch)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        values.append(float(value.detach()))
    assert values[-1] < 0.6 * values[0]
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())


def test_it_exports_to_onnx_with_a_free_batch_size(tmp_path: Path) -> None:
    network = _small(errors=2)
    spec = ModelSpec(
        id="tiny", title="Tiny", network="infogcnpp", labels=tuple("abcd"), groups=("a",), errors=("e", "f"),
        skeleton="coco17", frames=12, rate_hz=15.0, channels=3, normalisation="torso", rejection_threshold=1.0,
        temperature=1.0, licence="Apache-2.0", training_data=(), limits="Test.",
    )  # fmt: skip
    write_onnx(network, spec, tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    joints = torch.randn(3, 12, 17, 3, generator=torch.Generator().manual_seed(3))
    logits, features, errors = session.run(None, {"joints": joints.numpy()})
    with torch.no_grad():
        output = network(batch_of(joints))
    for theirs, ours in (
        (logits, output.logits),
        (features, output.features[-1].values),
        (errors, output.error_logits),
    ):
        assert _relative(torch.from_numpy(theirs), ours) < 1e-4


def _relative(ours: Tensor, theirs: Tensor) -> float:
    return float((ours - theirs).abs().max() / theirs.abs().max())


def _parity_file(name: str) -> Path:
    folder = os.environ.get("FIAS_PARITY")
    path = Path(folder or "") / PARITY.format(name)
    if not folder or not path.is_file():
        pytest.skip(f"{path.name} is not there (FIAS_PARITY)")
    return path


def _from_released(released: dict[str, Tensor]) -> dict[str, Tensor]:
    """Our parameter names from the released ones; a graph's three convolutions become one map with one bias."""
    state = {"places": released["pos_embedding"][0]}

    def copy(ours: str, theirs: str, keys: tuple[str, ...] = ("weight", "bias")) -> None:
        for key in keys:
            values = released[f"{theirs}.{key}"]
            state[f"{ours}.{key}"] = values.flatten(1) if values.dim() > 2 else values

    def copy_graph(ours: str, theirs: str) -> None:
        state[f"{ours}.topology"] = released[f"{theirs}.shared_topology"]
        maps = [released[f"{theirs}.conv_d.{head}.weight"].flatten(1) for head in range(3)]
        state[f"{ours}.mix.weight"] = torch.cat(maps, dim=1)
        state[f"{ours}.mix.bias"] = torch.stack([released[f"{theirs}.conv_d.{h}.bias"] for h in range(3)]).sum(dim=0)
        copy(f"{ours}.bn", f"{theirs}.bn", NORM)
        if f"{theirs}.down.0.weight" in released:
            copy(f"{ours}.down", f"{theirs}.down.0")
            copy(f"{ours}.down_bn", f"{theirs}.down.1", NORM)

    names = {
        "norm": "0.norm", "graph.norm": "0.fn.to_qkv.attn.ln", "graph.relate": "0.fn.to_qkv.attn.to_qk",
        "merge": "0.fn.to_out.0", "mlp_norm": "1.norm", "widen": "1.fn.net.0", "narrow": "1.fn.net.3",
    }  # fmt: skip
    for i in range(4):
        block = f"temporal_encoder.transformer.layers.{i}"
        copy_graph(f"blocks.{i}.graph", f"{block}.0.fn.to_qkv")
        for ours, theirs in names.items():
            copy(f"blocks.{i}.{ours}", f"{block}.{theirs}")
    for ours, theirs in (("first", "conv1"), ("second", "conv2"), ("last", "proj")):
        copy(f"dynamics.{ours}", f"diffeq_solver.ode_func.{theirs}")
    for i in range(2):
        copy_graph(f"decoder.{i}", f"recon_decoder.{i}")
        copy_graph(f"classifier.{i}", f"cls_decoder.{i}")
    for ours, theirs in (("embed", "to_joint_embedding"), ("to_joints", "recon_decoder.2"), ("head", "c0")):
        copy(ours, theirs)
    return state


@pytest.mark.parity
@pytest.mark.parametrize(("released", "solver"), [("euler", "euler"), ("rk4", "rk4_38")])
def test_it_is_the_released_network_number_by_number(released: str, solver: str) -> None:
    official = torch.load(_parity_file(released), weights_only=True)
    assert sum(v.numel() for k, v in official["state_dict"].items() if not _is_statistic(k)) == 540_671
    network = _network(solver=solver)
    network.load_state_dict(_from_released(official["state_dict"]))
    with torch.no_grad():
        output = network(batch_of(official["input"][..., 0].permute(0, 2, 3, 1)))
    assert _relative(output.frame_logits.transpose(1, 2), official["output"]) < 1e-5
    assert _relative(output.aux[LATENTS].permute(0, 3, 1, 2), official["z_0"]) < 1e-5
    latents = official["z_hat_shifted"].view(3, 2, 64, 40, 17).permute(1, 0, 3, 4, 2)
    joints = official["x_hat"].view(3, 2, 3, 40, 17).permute(1, 0, 3, 4, 2)
    for i in range(3):  # theirs stand at the frame they are about, ours at the frame that foresees it
        assert _relative(output.aux[FUTURE_LATENTS][:, i, : 39 - i], latents[:, i, i + 1 :]) < 1e-5
        assert _relative(output.aux[FUTURE_JOINTS][:, i, : 39 - i], joints[:, i, i + 1 :]) < 1e-5


def _is_statistic(name: str) -> bool:
    return name.endswith((".mask", "running_mean", "running_var", "num_batches_tracked"))
