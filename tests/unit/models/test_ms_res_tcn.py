"""MS-Res-TCN: its equations written out again, its gradients, its pipes' directions, and its place in a card."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
import pytest
import torch
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, GROUPS, LABELS
from fias_desktop.domain.model_card import INPUT_X_GRADIENT, ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.models.contract import Batch
from fias_desktop.models.ms_res_tcn import MSResTCN, MSResTCNConfig, Pipe, Stream, attended_joints, config_of
from fias_desktop.models.res_tcn import COMPACT, PUBLISHED, Layout, Unit
from tests.unit.models.sample_networks import lively
from trainer.export import write_onnx

KNEES = tuple(COCO17_FEET.indices("left_knee", "right_knee"))


def config(layout: Layout = COMPACT, explained: bool = False, width: int = 6) -> MSResTCNConfig:
    return MSResTCNConfig(21, 3, 10, KNEES, width, 2, layout, explained)


def batch_of(count: int, frames: int = 40) -> Batch:
    values = torch.randn(count, frames, 21, 3, generator=torch.Generator().manual_seed(5))
    values[:, :, 4] = 0.0  # a joint that is not known
    return Batch(values, values.ne(0).any(dim=-1))


def by_the_equations(network: MSResTCN, joints: torch.Tensor) -> torch.Tensor:
    """Equations 11 to 16, layer by layer with l as the article counts it."""

    def residual(stream: Stream, level: int, x: torch.Tensor) -> torch.Tensor:
        unit = cast(Unit, stream.units[level - 2])
        shortcut = x if unit.shortcut is None else unit.shortcut(x)
        return cast(torch.Tensor, shortcut + unit.conv(F.relu(unit.bn(x))))

    signal = network.data_bn(joints.flatten(2).transpose(1, 2))
    masked = signal.clone().unflatten(1, (21, 3))
    masked[:, [v for v in range(21) if v not in KNEES]] = 0.0
    main, attention = network.main.entry(signal), network.attention.entry(masked.flatten(1, 2))
    for level in range(2, 2 + len(network.config.layout.units)):
        pipe = cast(Pipe, network.pipes[level - 2])
        if level % 2 == 0:
            attention = residual(network.attention, level, attention)
            main = residual(network.main, level, main) + F.relu(pipe.bn(pipe.conv(attention)))
        else:
            main = residual(network.main, level, main)
            attention = residual(network.attention, level, attention) + F.relu(pipe.bn(pipe.conv(main)))
    both = [F.relu(network.main.bn(main)), F.relu(network.attention.bn(attention))]
    return cast(torch.Tensor, network.head(torch.cat(both, dim=1).mean(dim=2)))


@pytest.mark.parametrize("layout", [COMPACT, PUBLISHED])
def test_logits_are_those_of_the_equations(layout: Layout) -> None:
    torch.manual_seed(0)
    network, batch = lively(MSResTCN(config(layout))), batch_of(3)
    output = network(batch)
    torch.testing.assert_close(output.logits, by_the_equations(network, batch.joints))
    assert output.error_logits is not None and output.error_logits.shape == (3, 2)
    assert output.pooled is not None and output.pooled.shape == (3, 2 * 6 * layout.units[-1][0])


@pytest.mark.parametrize("layout", [COMPACT, PUBLISHED])
def test_what_explains_is_the_gradient_by_the_input_and_the_input(layout: Layout) -> None:
    torch.manual_seed(0)
    network = lively(MSResTCN(config(layout, explained=True))).double()
    joints = batch_of(2).joints.double().requires_grad_()
    output = network(Batch(joints, torch.ones(2, 40, 21, dtype=torch.bool)))
    by_class = output.features[-1].values.unflatten(1, (11, 3))
    for target in (0, 7):
        (gradient,) = torch.autograd.grad(output.logits[:, target].sum(), joints, retain_graph=True)
        torch.testing.assert_close(by_class[:, target], gradient.permute(0, 3, 1, 2))
    torch.testing.assert_close(by_class[:, 10], joints.permute(0, 3, 1, 2))


def test_the_attention_stream_sees_its_joints_only() -> None:
    torch.manual_seed(0)
    network, batch = lively(MSResTCN(config())), batch_of(1)
    for pipe in network.pipes:
        norm = cast(Pipe, pipe).bn
        torch.nn.init.zeros_(norm.weight)
        torch.nn.init.constant_(norm.bias, -1.0)  # nothing passes
    half = network.head.in_features // 2
    for joint, seen in ((KNEES[0], True), (0, False)):
        other = batch.joints.clone()
        other[:, :, joint] += 1.0
        pooled = [network(Batch(joints, batch.mask)).pooled for joints in (batch.joints, other)]
        assert bool((pooled[0] - pooled[1])[:, half:].abs().max() > 1e-4) is seen
        assert (pooled[0] - pooled[1])[:, :half].abs().max() > 1e-4


def test_pipes_alternate_and_begin_towards_the_main_stream() -> None:
    torch.manual_seed(0)
    network, batch = lively(MSResTCN(config())), batch_of(1)
    half = network.head.in_features // 2

    def changed_by(number: int) -> tuple[bool, bool]:
        before = network(batch).pooled
        norm = cast(Pipe, network.pipes[number]).bn
        norm.bias.data += 5.0
        after = network(batch).pooled
        norm.bias.data -= 5.0
        moved = (after - before).abs()
        return bool(moved[:, :half].max() > 1e-4), bool(moved[:, half:].max() > 1e-4)

    assert changed_by(2) == (True, False)  # l = 4, even: nothing comes back from the main stream afterwards
    assert changed_by(1) == (True, True)  # l = 3, odd: into the attention stream, and from there at l = 4
    assert changed_by(0) == (True, True)  # l = 2, even: into the main stream, and from there at l = 3


def test_no_maps_while_training_or_unasked() -> None:
    for network in (MSResTCN(config(explained=True)).train(), MSResTCN(config()).eval()):
        assert network(batch_of(2)).features == ()


def test_loss_falls_on_one_batch() -> None:
    torch.manual_seed(0)
    network, batch, target = MSResTCN(config()), batch_of(16), torch.arange(16) % 10
    optimiser = torch.optim.AdamW(network.parameters(), 1e-2)
    losses = []
    for _ in range(30):
        loss = F.cross_entropy(network(batch).logits, target)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.2 * losses[0]


def spec() -> ModelSpec:
    params = {"width": 6, "units": 3, "attend_left_knee": 1, "attend_right_knee": 1}
    return ModelSpec(
        id="tiny", title="Tiny", network="ms_res_tcn", labels=LABELS, groups=GROUPS, errors=ERROR_LABELS[:2],
        skeleton="coco17feet", frames=40, rate_hz=15.0, channels=3, normalisation="torso", rejection_threshold=1.0,
        temperature=1.0, licence="Apache-2.0", training_data=(), limits="Test.", explanation=INPUT_X_GRADIENT,
        params=params,
    )  # fmt: skip


def test_an_exported_graph_holds_the_maps(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network, path, batch = lively(MSResTCN(config(explained=True))), tmp_path / "model.onnx", batch_of(3)
    write_onnx(network, spec(), path)
    with torch.no_grad():
        wanted = network(batch)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    logits, maps, _ = session.run(None, {"joints": batch.joints.numpy(), "explain": np.array(True)})
    np.testing.assert_allclose(logits, wanted.logits.numpy(), atol=1e-5)
    size = float(wanted.features[-1].values.abs().max())
    np.testing.assert_allclose(maps / size, wanted.features[-1].values.numpy() / size, atol=1e-5)


def test_weights_do_not_hold_the_mask() -> None:
    assert not any("mask" in name for name in MSResTCN(config()).state_dict())


def test_a_card_names_the_joints_of_the_attention_stream() -> None:
    assert config_of(spec()) == config()
    assert config_of(replace(spec(), params={"attend_left_knee": 1, "attend_nose": 0})).layout == PUBLISHED
    assert (
        attended_joints({"attend_right_knee": 1, "attend_left_knee": 1, "attend_nose": 0}, COCO17_FEET.joints) == KNEES
    )
    with pytest.raises(FiasError, match="No joint is named"):
        attended_joints({"width": 64}, COCO17_FEET.joints)
    with pytest.raises(FiasError, match="'tail'"):
        attended_joints({"attend_tail": 1}, COCO17_FEET.joints)
    with pytest.raises(FiasError, match="asks for 4 units"):
        config_of(replace(spec(), params={"units": 4}))


@pytest.mark.parametrize("attended", [(), (1, 1), (21,)])
def test_joints_that_do_not_fit_are_refused(attended: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="are not some of 21"):
        MSResTCNConfig(21, 3, 10, attended)
