from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from torch import Tensor

from fias_desktop.domain.skeleton import COCO17, COCO17_FEET, NTU25, Skeleton
from fias_desktop.domain.types import Window
from fias_desktop.models.contract import Output
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.stgcnpp import STGCNpp, STGCNppConfig, aggregate, branch_widths, categorical_loss, loss
from fias_desktop.stages.explain import grad_cam_autograd
from tests.unit.models.sample_networks import batch_of, filled, size_of

PARITY = "stgcnpp_V17_T40_C3_K10_M1.pt"
# What the network gave when it was shown to be the official one (the parity test below), to catch any later change.
EXPECTED_LOGITS = [-3.53207, 2.16686, 3.57972, -3.82669, -2.5189]
EXPECTED_LAST_MEAN = 1.200212
NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")


def _network(skeleton: Skeleton = COCO17, channels: int = 3, classes: int = 10, width: int = 64) -> STGCNpp:
    config = STGCNppConfig(skeleton.num_joints, channels, classes, width)
    return STGCNpp(config, spatial_graph(skeleton)).eval()


def _input(joints: int, channels: int) -> Tensor:
    count = 2 * 40 * joints * channels
    return torch.cos(0.05 * torch.arange(count, dtype=torch.float64)).float().view(2, 40, joints, channels)


@pytest.mark.parametrize(
    ("skeleton", "classes", "size"), [(COCO17, 60, 1_393_016), (NTU25, 60, 1_403_144), (COCO17, 10, 1_380_166)]
)
def test_it_has_exactly_the_published_number_of_parameters(skeleton: Skeleton, classes: int, size: int) -> None:
    assert size_of(_network(skeleton, classes=classes)) == size


def test_two_channels_need_290_parameters_fewer() -> None:
    assert size_of(_network()) - size_of(_network(channels=2)) == 290


@pytest.mark.parametrize(
    ("channels", "widths"),
    [(64, (14, 10, 10, 10, 10, 10)), (128, (23, 21, 21, 21, 21, 21)), (256, (46, 42, 42, 42, 42, 42))],
)
def test_the_first_branch_takes_the_remainder(channels: int, widths: tuple[int, ...]) -> None:
    assert branch_widths(channels) == widths


def test_aggregation_sums_over_subsets_and_source_joints() -> None:
    torch.manual_seed(0)
    features, adjacency = torch.randn(2, 3 * 5, 4, 17), torch.randn(3, 17, 17)
    expected = torch.einsum("nkctv,kvw->nctw", features.view(2, 3, 5, 4, 17), adjacency)
    assert torch.allclose(aggregate(features, adjacency), expected, atol=1e-5)


@torch.no_grad()
def test_filled_by_formula_it_gives_the_numbers_it_gave_when_parity_was_shown() -> None:
    output = filled(_network())(batch_of(_input(17, 3)))
    expected = torch.tensor(EXPECTED_LOGITS)
    assert (output.logits[0, :5] - expected).abs().max() / expected.abs().max() < 1e-4
    last = output.features[-1].values
    assert last.shape == (2, 256, 10, 17)
    assert float(last.mean()) == pytest.approx(EXPECTED_LAST_MEAN, rel=1e-4)


@torch.no_grad()
def test_unknown_joints_enter_as_zeros_and_any_width_and_length_fit() -> None:
    output = _network(COCO17_FEET, width=24)(batch_of(torch.zeros(1, 33, 21, 3)))
    assert output.logits.shape == (1, 10)
    assert output.features[-1].values.shape == (1, 96, 9, 21)
    assert torch.isfinite(output.logits).all()


def test_group_term_does_not_punish_a_wrong_class_of_the_right_group() -> None:
    groups, target = torch.tensor([0, 1, 1]), torch.tensor([1])
    sure_of_sibling = torch.tensor([[0.0, 0.0, 9.0]])
    sure_of_other = torch.tensor([[9.0, 0.0, 0.0]])
    group_term = [
        float(categorical_loss(logits, target, groups, 1.0) - categorical_loss(logits, target, groups, 0.0))
        for logits in (sure_of_sibling, sure_of_other)
    ]
    assert group_term[0] == pytest.approx(0.0, abs=1e-3)
    assert group_term[1] > 8.0


def test_the_loss_needs_targets() -> None:
    output = Output(torch.zeros(1, 3), ())
    with pytest.raises(ValueError, match="targets"):
        loss(output, batch_of(torch.zeros(1, 4, 5, 3)), torch.tensor([0, 1, 1]))


def _parity_file() -> Path:
    folder = os.environ.get("FIAS_PARITY")
    if not folder or not (Path(folder) / PARITY).is_file():
        pytest.skip(f"{PARITY} is not there (FIAS_PARITY)")
    return Path(folder) / PARITY


def _from_official(official: dict[str, Tensor]) -> dict[str, Tensor]:
    """Our parameter names from the official ones; the six entering convolutions become one."""
    state: dict[str, Tensor] = {}

    def copy(ours: str, theirs: str, keys: tuple[str, ...] = ("weight", "bias")) -> None:
        state.update({f"{ours}.{key}": official[f"{theirs}.{key}"] for key in keys})

    copy("data_bn", "backbone.data_bn", NORM)
    copy("head", "cls_head.fc_cls")
    for i in range(10):
        theirs, ours = f"backbone.gcn.{i}", f"blocks.{i}"
        state[f"{ours}.gcn.adjacency"] = official[f"{theirs}.gcn.A"]
        copy(f"{ours}.gcn.conv", f"{theirs}.gcn.conv")
        copy(f"{ours}.gcn.bn", f"{theirs}.gcn.bn", NORM)
        if f"{theirs}.gcn.down.0.weight" in official:
            copy(f"{ours}.gcn.down.0", f"{theirs}.gcn.down.0")
            copy(f"{ours}.gcn.down.1", f"{theirs}.gcn.down.1", NORM)
        if f"{theirs}.residual.conv.weight" in official:
            copy(f"{ours}.residual.0", f"{theirs}.residual.conv")
            copy(f"{ours}.residual.1", f"{theirs}.residual.bn", NORM)
        branches = f"{theirs}.tcn.branches"
        for key in ("weight", "bias"):
            parts = [official[f"{branches}.{j}.0.{key}"] for j in range(5)] + [official[f"{branches}.5.{key}"]]
            state[f"{ours}.tcn.enter.{key}"] = torch.cat(parts)
        for key in NORM[:-1]:
            parts = [official[f"{branches}.{j}.1.{key}"] for j in range(5)]
            state[f"{ours}.tcn.enter_bn.{key}"] = torch.cat(parts)
        state[f"{ours}.tcn.enter_bn.{NORM[-1]}"] = official[f"{branches}.0.1.{NORM[-1]}"]
        for j in range(4):
            copy(f"{ours}.tcn.dilated.{j}", f"{branches}.{j}.3.conv")
        copy(f"{ours}.tcn.merge_bn", f"{theirs}.tcn.transform.0", NORM)
        copy(f"{ours}.tcn.merge", f"{theirs}.tcn.transform.2")
        copy(f"{ours}.tcn.bn", f"{theirs}.tcn.bn", NORM)
    return state


def _relative(ours: Tensor, theirs: Tensor) -> float:
    return float((ours - theirs).abs().max() / theirs.abs().max())


@pytest.mark.parity
def test_it_is_the_official_network_number_by_number() -> None:
    official = torch.load(_parity_file(), weights_only=True)
    network = _network()
    network.load_state_dict(_from_official(official["state_dict"]))
    with torch.no_grad():
        output = network(batch_of(official["input"][:, 0]))
    assert _relative(output.logits, official["output"]) < 1e-5
    features = {feature.name: feature.values for feature in output.features}
    for name in ("block0", "block3", "block4", "block7", "block9_gcn", "block9_tcn", "block9"):
        assert _relative(features[name], official[name]) < 1e-5, name


@pytest.mark.parity
@pytest.mark.parametrize("score", ["logit", "prob"])
@pytest.mark.parametrize("layer", ["block9_gcn", "block9_tcn", "block9"])
def test_its_heat_maps_are_the_official_ones(layer: str, score: str) -> None:
    official = torch.load(_parity_file(), weights_only=True)
    network = _network()
    network.load_state_dict(_from_official(official["state_dict"]))
    theirs = official[f"cam_{layer}_{score}"]
    for sample in range(2):
        joints = official["input"][sample, 0].numpy()
        window = Window(joints, joints[..., 0] < 1e9, range(40), range(40))  # type: ignore[arg-type]
        ours = grad_cam_autograd(network, window, layer, int(official["pred"][sample]), score)  # type: ignore[arg-type]
        assert _relative(torch.from_numpy(ours), theirs[sample]) < 1e-5
