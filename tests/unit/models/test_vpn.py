"""VPN: its equations by hand, its switches, and that it learns from pictures what joints do not tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.skeleton import COCO17_FEET, NTU25
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.i3d import I3D, I3DConfig, map_shape
from fias_desktop.models.vpn import (
    ATTENTIONS,
    COUPLED,
    DISSOCIATED,
    NONE,
    SPATIAL,
    VPN,
    Embedding,
    PoseGraph,
    PoseNetwork,
    VPNConfig,
    attention_loss,
    coupled,
    embedding_loss,
    evenly,
    loss,
    normalised,
    pictures,
    unit,
    weighted_graph,
)

BACKBONE = I3DConfig(width=8, last="Mixed_3b")
CONFIG = VPNConfig(
    joints=21,
    channels=3,
    classes=3,
    visual=map_shape(BACKBONE, 4, 28),
    frames=4,
    size=28,
    poses=5,
    width=8,
    hidden=16,
    embedded=12,
)


def _network(**changes: object) -> VPN:
    torch.manual_seed(0)
    return VPN(replace(CONFIG, **changes), weighted_graph(COCO17_FEET), I3D(BACKBONE))  # type: ignore[arg-type]


def _batch(windows: int = 6, frames: int = 4, size: int = 28) -> Batch:
    generator = torch.Generator().manual_seed(2)
    joints = torch.randn(windows, 16, 21, 3, generator=generator)
    clip = torch.randint(0, 256, (windows, frames, size, size, 3), generator=generator, dtype=torch.uint8)
    mask = torch.ones(joints.shape[:3], dtype=torch.bool)
    return Batch(joints, mask, clip, torch.arange(windows) % 3)


def _gradient(network: nn.Module, name: str) -> float:
    total = 0.0
    for parameter in network.get_submodule(name).parameters():
        total += 0.0 if parameter.grad is None else float(parameter.grad.abs().sum())
    return total


def test_the_graph_weighs_bones_more_than_other_pairs() -> None:
    graph = weighted_graph(NTU25)
    assert torch.equal(graph, graph.T)
    assert graph.diagonal().abs().sum() == 0
    assert set(graph[~torch.eye(25, dtype=torch.bool)].tolist()) == {2.0, 5.0}
    assert int((graph == 5.0).sum()) == 2 * len(NTU25.inward)
    child, parent = NTU25.inward[0]
    assert graph[child, parent] == 5.0


def test_equation_1_by_hand() -> None:
    graph = torch.tensor([[0.0, 5.0], [5.0, 0.0]])
    torch.testing.assert_close(normalised(graph), torch.tensor([[1.0, 5.0], [5.0, 1.0]]) / 6)
    layer = PoseGraph(graph, poses=2, channels=1, out=1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[[1.0]], [[10.0]]]))  # another weight for every pose
    out = layer(torch.tensor([6.0, 0.0, 0.0, 6.0]).view(1, 1, 2, 2))
    torch.testing.assert_close(out.view(2, 2), torch.tensor([[1.0, 5.0], [50.0, 10.0]]))


def test_the_coupler_is_the_product_of_both_inflated() -> None:
    spatial, temporal = torch.tensor([[[0.5, 1.0]]]), torch.tensor([[0.25, 0.75]])
    found = coupled(spatial, temporal)
    assert found.shape == (1, 2, 1, 2)
    torch.testing.assert_close(found[0, :, 0], torch.tensor([[0.125, 0.25], [0.375, 0.75]]))


def test_attention_of_places_lies_in_0_to_1_and_that_of_times_sums_to_1() -> None:
    aux = _network()(_batch()).aux
    _, steps, rows, columns = CONFIG.visual
    assert aux["spatial_attention"].shape == (6, rows, columns)
    assert ((aux["spatial_attention"] > 0) & (aux["spatial_attention"] < 1)).all()
    assert aux["temporal_attention"].shape == (6, steps)
    torch.testing.assert_close(aux["temporal_attention"].sum(dim=1), torch.ones(6))
    product = aux["spatial_attention"][:, None] * aux["temporal_attention"][..., None, None]
    torch.testing.assert_close(aux["attention"], product)


def test_points_have_length_1_whatever_the_weights() -> None:
    embedding = Embedding(visual=4 * 9, pose=9, embedded=7)
    assert float(unit(embedding.visual.detach() * 50).norm()) == pytest.approx(1.0, abs=1e-5)
    features, latent = torch.rand(5, 4, 2, 3, 3), torch.randn(5, 9)
    first = embedding(features, latent)
    for points in first:
        torch.testing.assert_close(points.norm(dim=1), torch.ones(5))
    with torch.no_grad():
        embedding.pose.mul_(30.0)
    torch.testing.assert_close(embedding(features, latent)[1], first[1])


def test_f_s_is_the_sum_over_time_at_every_place() -> None:
    embedding = Embedding(visual=2 * 4, pose=4, embedded=3)
    features = torch.rand(1, 2, 3, 2, 2)
    wanted = F.normalize(F.linear(features.sum(dim=2).reshape(1, 8), embedding.visual), dim=1)
    torch.testing.assert_close(embedding(features, torch.rand(1, 4))[0], wanted)


def test_the_modulated_map_is_weighted_and_kept() -> None:
    """f' = f + A o f, pooled."""
    network, batch = _network().eval(), _batch()
    output = network(batch)
    features = network.visual_map(batch.clip)
    wanted = (features * (1 + output.aux["attention"][:, None])).mean(dim=(2, 3, 4))
    assert output.pooled is not None
    torch.testing.assert_close(output.pooled, wanted)
    torch.testing.assert_close(output.logits, network.head(wanted))


def test_losses_by_hand() -> None:
    aux = {
        "visual_embedding": torch.tensor([[1.0, 0.0]]),
        "pose_embedding": torch.tensor([[0.0, 1.0]]),
        "spatial_attention": torch.tensor([[[0.5, 0.25]]]),
        "temporal_attention": torch.tensor([[0.25, 0.75]]),
    }
    output = Output(torch.tensor([[0.0, 0.0]]), (), aux=aux)
    assert float(embedding_loss(output)) == pytest.approx(2.0)
    assert float(attention_loss(output)) == pytest.approx(0.75 + 0.75**2 + 0.25**2)
    batch = replace(_batch(1), target=torch.tensor([0]))
    wanted = 0.8 * 0.693147 + 0.2 * 2.0 + 1e-5 * 1.375
    assert float(loss(output, batch)) == pytest.approx(wanted, abs=1e-6)
    plain = Output(output.logits, ())
    assert float(loss(plain, batch)) == pytest.approx(0.693147, abs=1e-6)
    with pytest.raises(ValueError, match="targets"):
        loss(output, replace(batch, target=None))


@pytest.mark.parametrize("embedding", [True, False])
@pytest.mark.parametrize("attention", ATTENTIONS)
def test_switches_take_away_what_they_name(attention: str, embedding: bool) -> None:
    network, batch = _network(attention=attention, embedding=embedding, dropout=0.0), _batch()
    output = network(batch)
    assert output.logits.shape == (6, 3)
    wanted = {
        NONE: set(),
        SPATIAL: {"spatial_attention"},
        DISSOCIATED: {"spatial_attention", "temporal_attention"},
        COUPLED: {"spatial_attention", "temporal_attention", "attention"},
    }[attention]
    points = {"visual_embedding", "pose_embedding"} if embedding else set()
    assert set(output.aux) == wanted | points
    assert [feature.name for feature in output.features] == (["graph", "pose"] if set(output.aux) else [])
    other = network.train()(replace(batch, joints=batch.joints.flip(0)))
    same = torch.allclose(other.logits, network(batch).logits)
    assert same == (attention == NONE)  # without attention the joints do not change the answer
    F.cross_entropy(output.logits, batch.target).backward()  # type: ignore[arg-type,no-untyped-call]
    if output.features:
        assert (_gradient(network, "pose") > 0) == (attention != NONE)


def test_the_embedding_teaches_both_sides() -> None:
    network, batch = _network(attention=NONE), _batch()
    embedding_loss(network(batch)).backward()  # type: ignore[no-untyped-call]
    assert _gradient(network, "visual") > 0
    assert _gradient(network, "pose") > 0
    assert _gradient(network, "places") > 0


def test_an_unknown_attention_is_named() -> None:
    with pytest.raises(ValueError, match="everywhere"):
        replace(CONFIG, attention="everywhere")


def test_maps_of_the_pose_backbone_have_joints_for_columns() -> None:
    graph, pose = _network()(_batch()).features
    assert graph.values.shape == (6, 8, 5, 21)
    assert pose.values.shape == (6, 16, 5, 21)
    assert (pose.values >= 0).all()


def test_poses_and_pictures_are_taken_evenly() -> None:
    values = torch.arange(10)[None]
    assert evenly(values, 4).tolist() == [[0, 3, 6, 9]]
    assert evenly(values[:, :2], 4).tolist() == [[0, 0, 1, 1]]
    clip = torch.zeros(1, 8, 6, 6, 3, dtype=torch.uint8)
    clip[:, :, :, 3:] = 255
    found = pictures(clip, 4, 6)
    assert found.shape == (1, 3, 4, 6, 6)
    assert (found[..., :3] == -1).all()
    assert (found[..., 3:] == 1).all()


def test_clips_of_another_size_are_brought_to_the_backbones() -> None:
    """The contract's 224 pixels, for a backbone that takes 28."""
    network = _network().eval()
    assert network(_batch(1, frames=9, size=224)).logits.shape == (1, 3)
    even = torch.full((1, 2, 40, 30, 3), 255, dtype=torch.uint8)
    torch.testing.assert_close(pictures(even, 4, 28), torch.ones(1, 3, 4, 28, 28))


def test_without_pictures_it_says_so() -> None:
    with pytest.raises(FiasError, match="picture") as caught:
        _network()(replace(_batch(), clip=None))
    assert "camera" in caught.value.hint


def test_a_backbone_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="visual map"):
        _network(visual=(30, 2, 4, 4))(_batch())


def test_a_frozen_backbone_stays_as_it_is() -> None:
    network, batch = _network(trained_visual=False).train(), _batch()
    before = {name: values.clone() for name, values in network.visual.state_dict().items()}
    optimiser = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], 0.1)
    loss(network(batch), batch).backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    assert all(torch.equal(values, before[name]) for name, values in network.visual.state_dict().items())
    assert _gradient(network, "head") > 0


def _falls(network: nn.Module, batch: Batch, steps: int) -> tuple[float, float]:
    optimiser = torch.optim.SGD(network.parameters(), 0.01, momentum=0.9)
    values = []
    for _ in range(steps):
        value = loss(network(batch), batch)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        values.append(float(value.detach()))
    return values[0], values[-1]


def test_the_loss_of_one_batch_falls() -> None:
    first, last = _falls(_network(dropout=0.0).train(), _batch(), 30)
    assert last < 0.5 * first


def test_joints_alone_have_a_network_too() -> None:
    torch.manual_seed(0)
    network, batch = PoseNetwork(replace(CONFIG, dropout=0.0), weighted_graph(COCO17_FEET)), _batch()
    output = network(replace(batch, clip=None))
    assert output.head_weight is not None and output.pooled is not None
    torch.testing.assert_close(output.features[-1].values.mean(dim=(2, 3)), output.pooled)
    first, last = _falls(network, batch, 30)
    assert last < 0.7 * first


@torch.no_grad()
def test_weights_go_through_a_file(tmp_path: Path) -> None:
    first, second = _network().eval(), _network().eval()
    for parameter in second.parameters():
        parameter.zero_()
    save_file(first.state_dict(), tmp_path / "weights.safetensors")
    second.load_state_dict(load_file(tmp_path / "weights.safetensors"))
    batch = _batch()
    assert torch.equal(first(batch).logits, second(batch).logits)


def _published() -> VPNConfig:
    return VPNConfig(joints=25, channels=3, classes=60)


def test_the_published_layout_has_these_sizes() -> None:
    """The paper gives no count: these follow from its widths, and from what equation 2 leaves open (256)."""

    class Visual(nn.Module):
        def forward(self, video: Tensor) -> Tensor:
            return torch.zeros(len(video), 1024, 8, 7, 7)

    network = VPN(_published(), weighted_graph(NTU25), Visual())
    sizes = {name: sum(p.numel() for p in part.parameters()) for name, part in network.named_children()}
    convs = 9 * (64 * 64 + 64 * 64 + 64 * 128) + 2 * (64 + 64 + 128)
    assert sizes["pose"] == 20 * 3 * 64 + (3 * 64 + 64) + convs
    assert sizes["places"] == 256 * (128 * 20 * 25 + 1) + 49 * 257
    assert sizes["times"] == 256 * (128 * 20 * 25 + 1) + 8 * 257
    assert sizes["embedding"] == 256 * (1024 * 49 + 49)
    assert sizes["head"] == 60 * 1025
