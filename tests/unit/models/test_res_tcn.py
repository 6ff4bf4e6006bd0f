"""Res-TCN: its sizes, its gradients written out, and its place in the program."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, GROUPS, LABELS
from fias_desktop.domain.model_card import INPUT_X_GRADIENT, ModelSpec
from fias_desktop.domain.types import FeatureMap, Window
from fias_desktop.models.contract import Batch
from fias_desktop.models.registry import build
from fias_desktop.models.res_tcn import COMPACT, PUBLISHED, Layout, ResTCN, ResTCNConfig, SameConv
from fias_desktop.resources import read_card
from fias_desktop.stages.explain import saliency_of
from fias_desktop.stages.recognise import load_recogniser
from tests.unit.models.sample_networks import lively
from trainer.export import write_model


def spec_of(**changes: object) -> ModelSpec:
    values: dict[str, object] = {
        "id": "tiny", "title": "Tiny", "network": "res_tcn", "labels": LABELS, "groups": GROUPS, "errors": ERROR_LABELS,
        "skeleton": "coco17feet", "frames": 40, "rate_hz": 15.0, "channels": 3, "normalisation": "torso",
        "rejection_threshold": 1.0, "temperature": 1.0, "licence": "Apache-2.0", "training_data": (),
        "limits": "Test.",
        "explanation": INPUT_X_GRADIENT, "params": {"width": 12, "units": 3},
    }  # fmt: skip
    return ModelSpec(**(values | changes))  # type: ignore[arg-type]


def windows(count: int, frames: int = 40, joints: int = 21) -> torch.Tensor:
    values = torch.randn(count, frames, joints, 3, generator=torch.Generator().manual_seed(5))
    values[:, :, 4] = 0.0  # a joint that is not known
    return values


def test_published_size_with_the_articles_input() -> None:
    """Two people of 25 joints in three dimensions and 60 classes."""
    network = ResTCN(ResTCNConfig(joints=50, channels=3, classes=60))
    trainable = sum(p.numel() for p in network.parameters()) - 2 * 150  # less the input's batch norm, which is ours
    assert trainable == 1_874_492


@pytest.mark.parametrize("length", [40, 39, 20, 7])
@pytest.mark.parametrize(("kernel", "stride"), [(8, 1), (8, 2), (5, 2), (1, 1), (1, 2)])
def test_same_padding_and_its_transpose(length: int, kernel: int, stride: int) -> None:
    torch.manual_seed(0)
    conv = SameConv(3, 4, kernel, stride).double()
    x = torch.randn(2, 3, length, dtype=torch.float64, requires_grad=True)
    y = conv(x)
    assert y.shape[-1] == -(-length // stride)
    given = torch.randn_like(y)
    (wanted,) = torch.autograd.grad(y, x, given)
    torch.testing.assert_close(conv.gradient_of(given, length), wanted)


@pytest.mark.parametrize("layout", [COMPACT, Layout(((1, 1), (2, 2), (2, 1)), 8, 8, 0.5)])
def test_what_explains_is_the_gradient_by_the_input_and_the_input(layout: Layout) -> None:
    torch.manual_seed(0)
    network = lively(ResTCN(ResTCNConfig(21, 3, 10, 8, 2, layout, explained=True)))
    joints = windows(2).requires_grad_()
    output = network(Batch(joints, torch.ones(2, 40, 21, dtype=torch.bool)))
    values = output.features[-1].values
    assert values.shape == (2, 11 * 3, 40, 21)
    by_class = values.unflatten(1, (11, 3))
    for target in (0, 7):
        (gradient,) = torch.autograd.grad(output.logits[:, target].sum(), joints, retain_graph=True)
        torch.testing.assert_close(by_class[:, target], gradient.permute(0, 3, 1, 2), rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(by_class[:, 10], joints.permute(0, 3, 1, 2))


def test_no_maps_while_training_or_unasked() -> None:
    asked = ResTCN(ResTCNConfig(21, 3, 10, 8, layout=COMPACT, explained=True)).train()
    silent = ResTCN(ResTCNConfig(21, 3, 10, 8, layout=COMPACT)).eval()
    for network in (asked, silent):
        assert network(Batch(windows(2), torch.ones(2, 40, 21, dtype=torch.bool))).features == ()


def test_loss_falls_on_one_batch() -> None:
    torch.manual_seed(0)
    network = build(spec_of())
    joints, target = windows(16), torch.arange(16) % 10
    optimiser = torch.optim.AdamW(network.parameters(), 1e-2)
    losses = []
    for _ in range(30):
        loss = torch.nn.functional.cross_entropy(network(Batch(joints, joints.ne(0).any(-1))).logits, target)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.2 * losses[0]


@pytest.mark.parametrize("streams", [("joint",), ("joint", "bone_motion")])
def test_exported_model_names_and_explains(tmp_path: Path, streams: tuple[str, ...]) -> None:
    torch.manual_seed(0)
    spec = spec_of(streams=streams)
    network = build(spec, explained=True).eval()
    for module in network.modules():
        if isinstance(module, ResTCN):
            lively(module)
    folder = write_model(tmp_path / "tiny", spec, {k: v.numpy() for k, v in network.state_dict().items()})
    recogniser = load_recogniser(folder, read_card(folder), "cpu")
    joints = windows(1)[0].numpy()
    mask = np.ones((40, 21), np.bool_)
    window = Window(joints, mask, np.arange(40) / 15.0, np.arange(40))
    recognition = recogniser.recognise(window)
    expected = network(Batch(torch.from_numpy(joints)[None], torch.from_numpy(mask)[None]))
    np.testing.assert_allclose(recognition.prediction.probs, expected.logits.softmax(1)[0].detach().numpy(), atol=1e-5)
    np.testing.assert_allclose(recogniser.probs([window])[0], recognition.prediction.probs, atol=1e-6)
    saliency = saliency_of(recognition, "squat_correct", "logit")
    assert saliency.values.shape == (40, 21)
    assert saliency.method.startswith("input x gradient")
    last = FeatureMap(INPUT_X_GRADIENT, expected.features[-1].values[0].detach().numpy())
    parts = np.split(last.values, len(streams))
    maps = tuple(FeatureMap(kind, part) for kind, part in zip(streams, parts, strict=True))
    by_torch = replace(recognition, features=maps)
    np.testing.assert_allclose(saliency.values, saliency_of(by_torch, "squat_correct", "logit").values, atol=1e-5)
    assert saliency.values.any() and not saliency.values[:, 4].any()  # nobody has seen that joint


def test_unknown_number_of_units_is_refused() -> None:
    with pytest.raises(FiasError, match="asks for 4 units"):
        build(spec_of(params={"units": 4}))


def test_published_layout_is_the_default() -> None:
    network = build(spec_of(params={}))
    assert isinstance(network, ResTCN)
    assert network.config.layout == PUBLISHED
