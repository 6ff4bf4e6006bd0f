from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from fias_desktop.domain.skeleton import COCO17, COCO17_FEET, NTU25, Skeleton
from fias_desktop.domain.types import Window
from fias_desktop.models.msg3d_stf import (
    EMBEDDED,
    MSG3D,
    FocusModule,
    MSG3DConfig,
    disentangled,
    listened,
    loss,
    space_time_graph,
    undirected_graph,
)
from fias_desktop.stages.explain import grad_cam_autograd
from tests.unit.models.sample_networks import batch_of, filled, size_of

SCALES = {"scales.residual": 0.02}  # as small beside the fixed graph as in training
PARITY = "msg3d_V17_T40_C3_K10_M1.pt"
# What the network gave when it was shown to be the official one (the parity test below), to catch any later change.
EXPECTED_LOGITS = [-1.51619, 1.24324, 1.56627, -0.64937, -1.50984]
EXPECTED_LAST_MEAN = 2.964856


def _network(
    skeleton: Skeleton = COCO17, classes: int = 10, focus: tuple[int, ...] = (), channels: int = 3, errors: int = 0
) -> MSG3D:
    config = MSG3DConfig(skeleton.num_joints, channels, classes, errors=errors, focus=focus)
    return MSG3D(config, undirected_graph(skeleton)).eval()


def _small(focus: tuple[int, ...] = (), width: int = 12, errors: int = 0) -> MSG3D:
    torch.manual_seed(0)
    config = MSG3DConfig(17, 3, 4, width, errors, scales=4, space_time_scales=2, focus=focus)
    return MSG3D(config, undirected_graph(COCO17)).eval()


def _input(joints: int, channels: int, windows: int = 2, frames: int = 40) -> Tensor:
    count = windows * frames * joints * channels
    return torch.cos(0.05 * torch.arange(count, dtype=torch.float64)).float().view(windows, frames, joints, channels)


@pytest.mark.parametrize(
    ("skeleton", "classes", "published", "persons"),
    [(COCO17, 60, 2_975_763, 2), (NTU25, 60, 3_194_595, 2), (COCO17, 10, 2_956_411, 1)],
)
def test_it_has_exactly_the_published_number_of_parameters(
    skeleton: Skeleton, classes: int, published: int, persons: int
) -> None:
    of_other_persons = (persons - 1) * 2 * 3 * skeleton.num_joints  # of the input norm
    assert size_of(_network(skeleton, classes)) + of_other_persons == published


def test_a_scale_is_the_joints_exactly_so_many_bones_away_and_home() -> None:
    chain = torch.diag(torch.ones(3), 1) + torch.diag(torch.ones(3), -1)
    scales = disentangled(chain, 4)
    assert torch.equal(scales[0], torch.eye(4))
    assert torch.equal(scales[2] > 0, torch.tensor([[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]]) > 0)
    assert scales[3, 0, 3] == pytest.approx(0.5)
    assert scales[3, 1, 1] == 1.0


def test_in_a_window_every_joint_is_tied_to_itself_and_its_neighbours_in_every_sample() -> None:
    pair = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    graph = space_time_graph(pair, 3)
    assert graph.shape == (9, 9)
    assert graph[0].tolist() == [1, 1, 0] * 3
    assert graph[5].tolist() == [0, 0, 1] * 3


def test_every_scale_is_heard_beside_the_others() -> None:
    torch.manual_seed(0)
    x, scales = torch.randn(2, 5, 4, 17), torch.randn(3, 17, 17)
    expected = torch.einsum("kvu,nctu->nkctv", scales, x).flatten(1, 2)
    assert torch.allclose(listened(x, scales), expected, atol=1e-5)
    assert torch.allclose(listened(x, scales.expand(2, -1, -1, -1)), expected, atol=1e-5)


@torch.no_grad()
def test_filled_by_formula_it_gives_the_numbers_it_gave_when_parity_was_shown() -> None:
    output = filled(_network(), SCALES)(batch_of(_input(17, 3)))
    expected = torch.tensor(EXPECTED_LOGITS)
    assert (output.logits[0, :5] - expected).abs().max() / expected.abs().max() < 1e-4
    last = output.features[-1].values
    assert last.shape == (2, 384, 10, 17)
    assert float(last.mean()) == pytest.approx(EXPECTED_LAST_MEAN, rel=1e-4)


@torch.no_grad()
def test_any_length_skeleton_and_number_of_channels_fit_and_errors_have_a_head() -> None:
    config = MSG3DConfig(21, 2, 6, width=12, errors=5, scales=4, space_time_scales=2)
    network = MSG3D(config, undirected_graph(COCO17_FEET)).eval()
    output = network(batch_of(torch.zeros(1, 33, 21, 2)))
    assert [feature.name for feature in output.features][-2:] == ["block2_gcn", "block2"]
    assert [tuple(feature.values.shape[1:]) for feature in output.features[1::2]] == [
        (12, 33, 21),
        (24, 17, 21),
        (48, 9, 21),
    ]
    assert output.logits.shape == (1, 6)
    assert output.error_logits is not None
    assert output.error_logits.shape == (1, 5)
    assert output.pooled is not None
    assert output.head_weight is not None
    assert torch.allclose(output.pooled @ output.head_weight.t() + network.head.bias, output.logits, atol=1e-6)
    assert torch.isfinite(output.logits).all()


@pytest.mark.parametrize(("width", "scales", "focus"), [(16, 13, ()), (96, 13, (3,)), (96, 2, (2,))])
def test_what_does_not_fit_is_refused(width: int, scales: int, focus: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"branches|focus"):
        MSG3DConfig(17, 3, 10, width, scales=scales, focus=focus)


@torch.no_grad()
def test_fresh_focus_modules_change_nothing_and_trained_ones_do() -> None:
    plain, focused = _small(), _small(focus=(0, 1, 2))
    missing = focused.load_state_dict(plain.state_dict(), strict=False)
    assert missing.missing_keys
    assert all(".focus." in name for name in missing.missing_keys)
    batch = batch_of(torch.randn(2, 16, 17, 3))
    expected, output = plain(batch), focused(batch)
    assert not expected.aux
    assert torch.allclose(output.logits, expected.logits, atol=1e-5)
    assert {name: tuple(beta.shape) for name, beta in output.aux.items()} == {
        f"{EMBEDDED}0": (2, 16, 17),
        f"{EMBEDDED}1": (2, 16, 17),
        f"{EMBEDDED}2": (2, 8, 17),
    }
    assert all(beta.min() >= 0 and beta.max() <= 1 for beta in output.aux.values())
    for module in focused.modules():
        if isinstance(module, FocusModule):
            nn.init.normal_(module.to_rows.weight, std=0.5)
    assert not torch.allclose(focused(batch).logits, expected.logits, atol=1e-3)


def test_training_gives_every_parameter_a_finite_gradient_and_differences_agree() -> None:
    network, batch = _small(focus=(2,)).double().train(), batch_of(torch.randn(3, 12, 17, 3).double())
    names, parameters = zip(*network.named_parameters(), strict=True)
    gradients = torch.autograd.grad(network(batch).logits.square().sum(), parameters)
    assert all(torch.isfinite(gradient).all() for gradient in gradients)
    for name, place in (("space_time.1.scales.residual", (1, 20, 40)), ("space_time.0.mix.weight", (3, 5, 0, 0))):
        index, around = names.index(f"blocks.1.{name}"), []
        for step in (-1e-7, 1e-7):
            with torch.no_grad():
                parameters[index][place] += step
                around.append(float(network(batch).logits.square().sum()))
                parameters[index][place] -= step
        assert (around[1] - around[0]) / 2e-7 == pytest.approx(float(gradients[index][place]), rel=1e-4)


def test_the_loss_falls_on_one_batch_and_needs_targets() -> None:
    network = _small(focus=(2,)).train()
    batch = batch_of(torch.randn(8, 12, 17, 3), torch.arange(8) % 4)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-2)
    losses = []
    for _ in range(6):
        value = loss(network(batch), batch)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(float(value.detach()))
    assert losses[-1] < 0.5 * losses[0]
    with pytest.raises(ValueError, match="targets"):
        loss(network(batch), batch_of(batch.joints))


@torch.no_grad()
def test_a_state_dict_makes_the_same_network_of_a_fresh_one() -> None:
    first = filled(_small(focus=(1,)), SCALES)
    torch.manual_seed(1)
    second = _small(focus=(1,))
    second.load_state_dict(first.state_dict())
    batch = batch_of(torch.randn(1, 12, 17, 3))
    assert torch.equal(first(batch).logits, second(batch).logits)
    assert not any("fixed" in name for name in first.state_dict())


def test_its_heat_is_a_map_and_in_closed_form_that_of_a_backward_pass() -> None:
    network = filled(_small(), SCALES)
    joints = _input(17, 3, windows=1, frames=16)
    window = Window(joints[0].numpy(), np.ones((16, 17), dtype=np.bool_), np.arange(16) / 10, np.arange(16))
    with torch.no_grad():
        last = network(batch_of(joints)).features[-1].values[0]
    for target in range(4):
        heat = grad_cam_autograd(network, window, "block2", target)
        assert heat.shape == (4, 17)
        closed = torch.einsum("c,ctv->tv", network.head.weight[target].detach(), last).relu() / (4 * 17)
        assert np.allclose(heat, closed.numpy(), atol=1e-6)
    assert grad_cam_autograd(network, window, "block1_gcn", 0).shape == (8, 17)


@pytest.mark.parametrize("focus", [(), (2,)])
def test_exported_to_onnx_it_gives_the_same_for_any_number_of_windows(focus: tuple[int, ...], tmp_path: Path) -> None:
    network, path = filled(_small(focus), SCALES), tmp_path / "model.onnx"

    class Logits(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, joints: Tensor) -> tuple[Tensor, Tensor]:
            output = self.network(batch_of(joints))
            return output.logits, output.features[-1].values

    axes = {name: {0: "windows"} for name in ("joints", "logits", "features")}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Logits().eval(),
            (torch.zeros(2, 16, 17, 3),),
            str(path),
            dynamo=False,
            opset_version=17,
            input_names=["joints"],
            output_names=["logits", "features"],
            dynamic_axes=axes,
        )
        joints = _input(17, 3, windows=3, frames=16)
        expected = Logits()(joints)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for ours, theirs in zip(session.run(None, {"joints": joints.numpy()}), expected, strict=True):
        assert _relative(torch.from_numpy(ours), theirs) < 1e-4


def _parity_file() -> Path:
    folder = os.environ.get("FIAS_PARITY")
    if not folder or not (Path(folder) / PARITY).is_file():
        pytest.skip(f"{PARITY} is not there (FIAS_PARITY)")
    return Path(folder) / PARITY


def _sources(ours: str) -> list[str]:
    """The official names of what is, end to end, this entry of ours."""
    if ours.startswith("head."):
        return [ours.replace("head", "fc")]
    if not ours.startswith("blocks."):
        return [ours]
    _, index, part, rest = ours.split(".", 3)
    number = int(index) + 1
    if part == "spatial":
        return [f"sgcn{number}.0.{_graph_part(rest)}"]
    if part == "space_time":
        window, inner = rest.split(".", 1)
        stem = f"gcn3d{number}.gcn3d.{window}"
        outer = inner.startswith(("fold.", "bn."))
        return [f"{stem}.out_{inner.replace('fold', 'conv')}" if outer else f"{stem}.gcn3d.1.{_graph_part(inner)}"]
    if part == "moved":
        place, rest = rest.split(".", 1)
        return [f"sgcn{number}.{int(place) + 1}.{name}" for name in _temporal_parts(rest)]
    return [f"tcn{number}.{name}" for name in _temporal_parts(rest)]


def _graph_part(rest: str) -> str:
    if rest == "scales.residual":
        return "A_res"
    module, kind = rest.rsplit(".", 1)
    return f"mlp.layers.{int(module != 'mix')}.{kind}"


def _temporal_parts(rest: str) -> list[str]:
    module, kind = rest.rsplit(".", 1)
    if module.startswith("residual."):
        return [f"residual.{'bn' if module.endswith('1') else 'conv'}.{kind}"]
    if module.startswith("dilated."):
        return [f"branches.{module.removeprefix('dilated.')}.3.conv.{kind}"]
    places = {
        "enter": [f"{j}.0" for j in range(6)],
        "enter_bn": [f"{j}.1" for j in range(5)],
        "bn": [*(f"{j}.3.bn" for j in range(4)), "4.4", "5.1"],
    }
    return [f"branches.{place}.{kind}" for place in places[module]]


def _from_official(ours: dict[str, Tensor], official: dict[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    """Our entries from the official ones; convolutions that enter side by side become one, as do norms that leave."""
    for name, values in ours.items():
        parts = [official[source] for source in _sources(name)]
        if values.dim() == 0:
            yield name, parts[0]
        elif name.endswith("fold.weight"):  # (C', C, 1, W, 1) there
            yield name, parts[0][:, :, 0, :, 0].transpose(1, 2).reshape(values.shape)
        else:
            yield name, torch.cat(parts).view(values.shape)


def _relative(ours: Tensor, theirs: Tensor) -> float:
    return float((ours - theirs).abs().max() / theirs.abs().max())


@pytest.mark.parity
def test_it_is_the_official_network_number_by_number() -> None:
    official = torch.load(_parity_file(), weights_only=True)
    network = _network()
    network.load_state_dict(dict(_from_official(network.state_dict(), official["state_dict"])))
    with torch.no_grad():
        output = network(batch_of(official["input"][..., 0].permute(0, 2, 3, 1)))
    assert _relative(output.logits, official["output"]) < 1e-5
    features = {feature.name: feature.values for feature in output.features}
    for i in range(3):
        assert _relative(features[f"block{i}"], official[f"tcn{i + 1}"]) < 1e-5
