"""The half of InfoGCN++ that foresees: its attention, where it begins, unknown joints, its ONNX file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import bare_spec
from fias_desktop.models.infogcnpp import Block
from fias_desktop.models.infogcnpp_foresight import attended, foresight_loss, foresight_of, held, straight_on
from fias_desktop.resources import read_card
from fias_desktop.stages.foresee import OnnxPredictor
from trainer.foresight.export import write_files

PARAMS = {"seen": 12, "steps": 4, "stride": 2, "width": 16, "depth": 2, "heads": 2}
SPEC = bare_spec("infogcnpp_foresight", "coco17feet", 20, 20.0, PARAMS)


def _windows(count: int = 3) -> torch.Tensor:
    torch.manual_seed(0)
    joints = torch.randn(count, 20, 21, 3)
    joints[..., 2] = torch.rand(count, 20, 21) * 0.8 + 0.2
    return joints


def test_attention_written_out_is_that_of_the_block() -> None:
    torch.manual_seed(1)
    network = foresight_of(SPEC).eval()
    block, x = cast(Block, network.blocks[0]), torch.randn(2, 12, 21, 16)
    with torch.no_grad():
        own = block(x, None)
        torch.testing.assert_close(attended(block, x, last=False), own)
        torch.testing.assert_close(attended(block, x, last=True), own[:, -1:])


def test_a_fresh_network_goes_straight_on_and_wears_down() -> None:
    network = foresight_of(SPEC).eval()
    time = torch.arange(20, dtype=torch.float32)
    joints = _windows(1)
    joints[..., 0], joints[..., 1] = time[None, :, None] - 19.0, 0.5
    with torch.no_grad():
        foreseen = network(joints)
    assert foreseen.shape == (1, 4, 21, 2)
    reach = foreseen[0, :, 0, 0]
    assert 1.0 < reach[0] < 2.0 and (reach.diff() > 0).all() and reach[-1] < 4.0
    torch.testing.assert_close(foreseen[..., 1], torch.full((1, 4, 21), 0.5))


def test_frames_before_those_seen_do_not_matter() -> None:
    network = foresight_of(SPEC).eval()
    torch.nn.init.normal_(network.to_joints.weight)
    joints = _windows()
    other = joints.clone()
    other[:, :8] = 0.0
    with torch.no_grad():
        torch.testing.assert_close(network(other), network(joints))
        other[:, 8] = 0.0
        assert not torch.allclose(network(other), network(joints))


def test_an_unknown_joint_stays_where_it_was() -> None:
    joints = _windows()
    joints[:, 15:, 4] = 0.0
    torch.testing.assert_close(held(joints)[:, -1, 4], joints[:, 14, 4, :2])
    joints[:, :, 4] = 0.0
    assert not held(joints)[:, :, 4].any()


def test_the_loss_is_the_mean_distance_of_what_was_seen() -> None:
    foreseen = torch.zeros(1, 2, 3, 2)
    future = torch.tensor([3.0, 4.0]).expand(1, 2, 3, 2)
    seen = torch.zeros(1, 2, 3, dtype=torch.bool)
    assert float(foresight_loss(foreseen, future, seen)) == 0.0
    seen[0, 0, 1] = True
    assert float(foresight_loss(foreseen, future, seen)) == pytest.approx(5.0, rel=1e-4)


def test_the_straight_line_is_fitted_through_the_last_frames() -> None:
    weights = straight_on(foresight_of(SPEC).config)
    assert weights.shape == (4, 12) and not weights[:, :7].any()
    torch.testing.assert_close(weights.sum(dim=1), torch.zeros(4), atol=1e-6, rtol=0)


@pytest.mark.parametrize("wrong", [{"width": 15}, {"heads": 3}, {"seen": 2}, {"steps": 0}])
def test_sizes_that_do_not_fit_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"network|width"):
        foresight_of(replace(SPEC, params=PARAMS | wrong))


def test_the_onnx_file_answers_as_the_network(tmp_path: Path) -> None:
    network = foresight_of(SPEC).eval()
    torch.nn.init.normal_(network.to_joints.weight, std=0.1)
    arrays = {name: np.ascontiguousarray(values.numpy()) for name, values in network.state_dict().items()}
    folder = write_files(tmp_path / "model", SPEC, network, arrays)
    card, joints = read_card(folder), _windows()
    joints[1, 5:, 3] = 0.0
    predictor = OnnxPredictor(folder, card)
    with torch.no_grad():
        expected = network(joints).numpy()
    found = np.stack([predictor.predict(window) for window in joints.numpy()])
    np.testing.assert_allclose(found, expected, atol=1e-5)
    with pytest.raises(ValueError, match="window"):
        predictor.predict(joints[0, :5].numpy())
    (folder / "model.onnx").write_bytes(b"something else")
    with pytest.raises(FiasError, match="damaged"):
        OnnxPredictor(folder, card)
