"""What every network of the registry must do, whatever paper it comes from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, LABELS
from fias_desktop.domain.model_card import GRAD_CAM, INPUT_X_GRADIENT, ModelSpec, bare_spec
from fias_desktop.domain.types import Window
from fias_desktop.models.contract import Batch
from fias_desktop.models.model_files import WEIGHTS
from fias_desktop.models.registry import build, load_network
from fias_desktop.resources import sha256
from fias_desktop.stages.explain import saliency_of
from fias_desktop.stages.recognise import load_recogniser
from trainer.export import write_model
from trainer.learn.fit import Examples
from trainer.recipe import Data as DataOf
from trainer.recipe import Optimisation, Recipe
from trainer.train import task_of

FRAMES, JOINTS = 16, 21
PARAMS: dict[str, dict[str, int]] = {
    "stgcnpp": {"width": 12, "blocks": 6},
    "res_tcn": {"width": 16, "units": 3},
    "ms_res_tcn": {"width": 16, "units": 3, "attend_left_knee": 1, "attend_right_knee": 1},
    "infogcnpp": {"width": 16, "depth": 2, "heads": 2, "cycle": 32},
    "msg3d_stf": {"width": 12, "scales": 5, "space_time_scales": 3, "focus2": 1},
    "vpn": {"visual_width": 8, "visual_last": 6, "poses": 8, "width": 8, "hidden": 16, "embedded": 16},
}
CLIP = (4, 24)  # pictures and their side in pixels, of the network that looks at them
NETWORKS = tuple(PARAMS)


def _spec(network: str) -> ModelSpec:
    explanation = INPUT_X_GRADIENT if "res_tcn" in network or network == "vpn" else GRAD_CAM
    spec = bare_spec(network, "coco17feet", FRAMES, 6.0, PARAMS[network])
    frames, pixels = CLIP if network == "vpn" else (0, 0)
    return replace(spec, errors=ERROR_LABELS, explanation=explanation, clip_frames=frames, clip_pixels=pixels)


def _batch(count: int = 6) -> Batch:
    """What every network is given; those that look at joints alone must not mind the clip."""
    rng = torch.Generator().manual_seed(0)
    joints = torch.randn(count, FRAMES, JOINTS, 3, generator=rng)
    clip = torch.randint(256, (count, CLIP[0], CLIP[1], CLIP[1], 3), dtype=torch.uint8, generator=rng)
    known = torch.ones(count, FRAMES, JOINTS, dtype=torch.bool)
    return Batch(joints, known, clip, torch.arange(count) % len(LABELS))


def _window() -> Window:
    batch = _batch(1)
    assert batch.clip is not None
    joints, clip = batch.joints[0].numpy(), batch.clip[0].numpy()
    return Window(joints, np.ones(joints.shape[:2], np.bool_), np.arange(FRAMES) / 6.0, np.arange(FRAMES), clip)


@pytest.mark.parametrize("network", NETWORKS)
def test_answers_have_their_shapes(network: str) -> None:
    torch.manual_seed(0)
    output = build(_spec(network), explained=True).eval()(_batch())
    assert output.logits.shape == (6, len(LABELS))
    assert output.error_logits is not None and output.error_logits.shape == (6, len(ERROR_LABELS))
    last = output.features[-1].values
    assert last.shape[0] == 6 and last.shape[3] == JOINTS
    explained_by_input = _spec(network).explanation == INPUT_X_GRADIENT
    assert last.shape[1] == (len(LABELS) + 1) * 3 or not explained_by_input
    width = len(LABELS) if explained_by_input else last.shape[1]
    assert output.head_weight is not None and output.head_weight.shape == (len(LABELS), width)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_trainers_loss_falls_on_one_batch(network: str) -> None:
    torch.manual_seed(0)
    spec = _spec(network)
    task = task_of(Recipe(network, spec, DataOf(0, 0), Optimisation(epochs=1, minutes=1.0)))
    model, batch = build(spec).train(), _batch()
    assert batch.target is not None
    examples = Examples(batch.joints, batch.target, (torch.rand(6, len(ERROR_LABELS)) > 0.5).float())
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3)
    losses = []
    for _ in range(20):
        value = task.loss(model(batch), examples)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(float(value.detach()))
    assert np.isfinite(losses).all()
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.parametrize("network", NETWORKS)
def test_an_exported_model_answers_and_explains_in_the_program(network: str, tmp_path: Path) -> None:
    """Weights and graph written by the trainer, read by the program: both say the same, with a map for every joint."""
    torch.manual_seed(0)
    spec, model = _spec(network), build(_spec(network)).eval()
    write_model(tmp_path, spec, {name: values.numpy() for name, values in model.state_dict().items()})
    spec = replace(spec, hashes={name: sha256(tmp_path / name) for name in (WEIGHTS, "model.onnx")})
    window = _window()
    recogniser = load_recogniser(tmp_path, spec, "cpu")
    recognition = recogniser.recognise(window)
    expected = F.softmax(model(_batch(1)).logits, dim=1)[0].detach().numpy()
    np.testing.assert_allclose(recognition.prediction.probs, expected, atol=1e-4)
    heat = saliency_of(recognition, "squat_knees_inward").values
    assert heat.shape == (FRAMES, JOINTS)
    assert np.isfinite(heat).all() and (heat >= 0).all()
    recogniser.close()


@pytest.mark.parametrize("network", NETWORKS)
def test_weights_of_other_sizes_are_refused(network: str, tmp_path: Path) -> None:
    spec = _spec(network)
    save_file({name: values.numpy() for name, values in build(spec).state_dict().items()}, tmp_path / WEIGHTS)
    other = replace(spec, params={**spec.params, "width": 24}, hashes={WEIGHTS: sha256(tmp_path / WEIGHTS)})
    with pytest.raises(FiasError, match=r"another shape|is missing"):
        load_network(tmp_path, other)


@pytest.mark.parametrize(
    ("network", "params", "words"),
    [
        ("infogcnpp", {"width": 10, "heads": 4}, "does not fit"),
        ("infogcnpp", {"solver": 7}, "solver 7"),
        ("msg3d_stf", {"width": 10}, "does not fit"),
        ("ms_res_tcn", {"attend_tail": 1}, "no joint 'tail'"),
        ("stgcnpp", {"blocks": 7}, "7 blocks"),
        ("res_tcn", {"units": 4}, "4 units"),
        ("vpn", {"attention": 9}, "attention 9"),
        ("vpn", {"visual_last": 99}, "visual_last 99"),
    ],
)
def test_a_card_that_asks_for_the_impossible_is_refused(network: str, params: dict[str, int], words: str) -> None:
    with pytest.raises(FiasError, match=words):
        build(replace(_spec(network), params=params))


def test_a_card_of_a_video_network_has_to_ask_for_pictures() -> None:
    with pytest.raises(FiasError, match="no pictures"):
        build(replace(_spec("vpn"), clip_frames=0))


def test_joints_without_a_say_in_the_answer_are_not_explained() -> None:
    spec = replace(_spec("vpn"), params={**PARAMS["vpn"], "attention": 0})
    assert build(spec).eval()(_batch()).logits.shape == (6, len(LABELS))
    with pytest.raises(FiasError, match="no part in the answer"):
        build(spec, explained=True)


@pytest.mark.parametrize("attention", [1, 2, 3])
def test_the_written_out_gradient_is_that_of_a_backward_pass(attention: int) -> None:
    torch.manual_seed(0)
    model = build(replace(_spec("vpn"), params={**PARAMS["vpn"], "attention": attention}), explained=True).eval()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d | torch.nn.BatchNorm3d):
            module.running_var.uniform_(0.5, 2.0)  # type: ignore[union-attr]
    batch = _batch(2)
    joints = batch.joints.requires_grad_()
    output = model(replace(batch, joints=joints))
    found = output.features[-1].values.unflatten(1, (len(LABELS) + 1, 3))
    for k in (0, 4):
        (expected,) = torch.autograd.grad(output.logits[:, k].sum(), joints, retain_graph=True)
        wanted = expected.permute(0, 3, 1, 2)
        assert (found[:, k] - wanted).abs().max() < 1e-4 * wanted.abs().max()
    assert torch.equal(found[:, -1], joints.permute(0, 3, 1, 2))
