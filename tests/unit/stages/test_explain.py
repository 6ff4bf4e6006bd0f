from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
import torch

from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.model_card import INPUT_X_GRADIENT
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import FeatureMap, Float32, Prediction, Recognition, Saliency, Window
from fias_desktop.models.contract import Batch
from fias_desktop.models.fusion import StreamNetwork
from fias_desktop.models.graph import spatial_graph
from fias_desktop.models.stgcnpp import STGCNpp, STGCNppConfig
from fias_desktop.models.streams import bone_parents
from fias_desktop.stages.explain import Score, grad_cam_autograd, joint_heat, resize, saliency_of, trust

PARENTS = bone_parents(COCO17_FEET)
KNEE = COCO17_FEET.index("left_knee")


def _window(frames: int = 40) -> Window:
    joints = np.random.default_rng(0).normal(size=(frames, 21, 3)).astype(np.float32)
    return Window(joints, np.ones((frames, 21), np.bool_), np.arange(frames) / 15.0, np.arange(frames))


def _network(seed: int = 0) -> STGCNpp:
    torch.manual_seed(seed)
    network = STGCNpp(STGCNppConfig(21, 3, 10, 12), spatial_graph(COCO17_FEET)).eval()
    torch.nn.init.normal_(network.head.weight, std=0.1)
    for block in network.blocks:  # so that the last features differ from place to place
        torch.nn.init.normal_(block.tcn.bn.weight, std=3.0)  # type: ignore[union-attr, arg-type]
    return network


@torch.no_grad()
def _recognition(network: STGCNpp, window: Window) -> Recognition:
    output = network(Batch(torch.from_numpy(window.joints.copy())[None], torch.from_numpy(window.mask.copy())[None]))
    probs = output.logits.softmax(dim=1)[0].numpy()
    prediction = Prediction("tiny", LABELS, probs, (0.0, 2.6), known=True)
    last = FeatureMap("block9", output.features[-1].values[0].numpy())
    return Recognition(prediction, (last,), network.head.weight.numpy(), len(window.joints))


def _known(features: Float32, label: str = "squat_correct") -> Recognition:
    """A sure prediction over features (C, T', V) whose head reads channel 0 for every class."""
    probs = np.zeros(10, np.float32)
    probs[LABELS.index(label)] = 1.0
    head = np.zeros((10, len(features)), np.float32)
    head[:, 0] = 1.0
    return Recognition(Prediction("tiny", LABELS, probs, (0.0, 2.6), True), (FeatureMap("last", features),), head, 40)


@pytest.mark.parametrize("score", ["logit", "prob"])
@pytest.mark.parametrize("target", ["squat_correct", "push_up_elbow"])
def test_the_closed_form_is_what_a_backward_pass_gives(target: str, score: Literal["logit", "prob"]) -> None:
    network, window = _network(), _window()
    closed = saliency_of(_recognition(network, window), target, score)
    backward = grad_cam_autograd(network, window, "block9", LABELS.index(target), score)
    expected = resize(backward, 40)
    assert closed.target == target
    assert expected.max() > 0
    assert np.abs(closed.values - expected).max() < 1e-5 * expected.max()


STREAM_KINDS = ("joint", "bone", "joint_motion")


def _fused() -> tuple[StreamNetwork, Recognition]:
    """A network of three streams that differ, and what it says to the window."""
    network = StreamNetwork({kind: _network(seed) for seed, kind in enumerate(STREAM_KINDS)}, PARENTS, 2).eval()
    window = _window()
    with torch.no_grad():
        batch = Batch(torch.from_numpy(window.joints.copy())[None], torch.from_numpy(window.mask.copy())[None])
        output = network(batch)
    assert output.head_weight is not None
    named = {one.name: one.values[0].numpy() for one in output.features}
    maps = tuple(FeatureMap(kind, named[f"{kind}/block9"]) for kind in STREAM_KINDS)
    prediction = Prediction("tiny", LABELS, output.logits.softmax(dim=1)[0].numpy(), (0.0, 2.6), known=True)
    return network, Recognition(prediction, maps, output.head_weight.detach().numpy(), len(window.joints))


def _backward(network: StreamNetwork, score: Score, target: int, kinds: tuple[str, ...]) -> Float32:
    """Grad-CAM of the streams' last maps side by side, by a backward pass through the mean of the streams' logits."""
    window = _window()
    output = network(Batch(torch.from_numpy(window.joints.copy())[None], torch.from_numpy(window.mask.copy())[None]))
    maps = [one.values for one in output.features if one.name in [f"{kind}/block9" for kind in STREAM_KINDS]]
    logits = [
        each.head(a.mean(dim=(2, 3)))  # type: ignore[operator]
        for each, a in zip(network.streams.values(), maps, strict=True)
    ]
    scores = torch.stack(logits).mean(dim=0) if score == "logit" else output.logits.softmax(dim=1)
    gradients = torch.autograd.grad(scores[0, target], maps)
    parts = {k: (g.mean((2, 3), True) * a).sum(1) for k, g, a in zip(STREAM_KINDS, gradients, maps, strict=True)}
    total = torch.stack([parts[kind] for kind in kinds]).sum(dim=0).clamp(min=0)
    return np.asarray(total[0].detach().numpy(), dtype=np.float32)


@pytest.mark.parametrize("score", ["logit", "prob"])
@pytest.mark.parametrize("stream", [None, "bone", "joint_motion"])
def test_the_closed_form_of_fused_streams_is_what_a_backward_pass_gives(stream: str | None, score: Score) -> None:
    network, recognition = _fused()
    closed = saliency_of(recognition, "squat_correct", score, stream)
    kinds = STREAM_KINDS if stream is None else (stream,)
    expected = resize(_backward(network, score, LABELS.index("squat_correct"), kinds), 40)
    assert expected.max() > 0
    assert np.abs(closed.values - expected).max() < 1e-5 * expected.max()


def test_fused_classes_are_the_head_on_the_maps_side_by_side() -> None:
    _, recognition = _fused()
    pooled = np.concatenate([one.values.mean(axis=(1, 2)) for one in recognition.features])
    logits = torch.from_numpy(recognition.head_weight @ pooled)
    assert np.allclose(logits.softmax(dim=0).numpy(), recognition.prediction.probs, atol=1e-5)


def test_an_unknown_stream_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"'bone_motion'.*joint, bone, joint_motion"):
        saliency_of(_fused()[1], "squat_correct", stream="bone_motion")


@pytest.mark.parametrize("layer", ["block0", "block4_tcn", "block9_gcn"])
def test_any_layer_can_be_asked_for(layer: str) -> None:
    heat = grad_cam_autograd(_network(), _window(), layer, 7)
    assert heat.shape == ({"block0": 40, "block4_tcn": 20, "block9_gcn": 10}[layer], 21)
    assert (heat >= 0).all()


def test_an_unknown_layer_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"block77.*block0_gcn"):
        grad_cam_autograd(_network(), _window(), "block77", 0)


def test_an_error_is_explained_against_good_form() -> None:
    network, window = _network(), _window()
    target, correct = LABELS.index("push_up_elbow"), LABELS.index("push_up_correct")
    closed = saliency_of(_recognition(network, window), "push_up_elbow")
    expected = resize(grad_cam_autograd(network, window, "block9", target, against=correct), 40)
    assert expected.max() > 0
    assert np.abs(closed.values - expected).max() < 1e-5 * expected.max()
    good = _recognition(network, window)
    alone = saliency_of(good, "push_up_correct", "logit").values
    np.testing.assert_array_equal(saliency_of(good, "push_up_correct").values, alone)


def _by_input(gradient: Float32, joints: Float32, name: str = "joint") -> Recognition:
    """A sure squat whose logit has that gradient (C, T, V) by the input (C, T, V); other classes have none."""
    by_class = np.zeros((10, *gradient.shape), np.float32)
    by_class[LABELS.index("squat_correct")] = gradient
    values = np.concatenate([by_class.reshape(-1, *gradient.shape[1:]), joints])
    known = replace(_known(values), explanation=INPUT_X_GRADIENT, head_weight=np.eye(10, dtype=np.float32))
    return replace(known, features=(FeatureMap(name, values),))


def test_input_x_gradient_counts_by_size_whatever_its_sign() -> None:
    gradient, joints = np.zeros((3, 40, 21), np.float32), np.ones((3, 40, 21), np.float32)
    gradient[1, 5, KNEE], joints[1, :, KNEE] = -1.0, 3.0
    heat = saliency_of(_by_input(gradient, joints))
    assert joint_heat(heat)[KNEE] == pytest.approx(1.0)
    assert heat.values[5, KNEE] == pytest.approx(20 / 21 * 2.0)  # as far from each of the 20 others


def test_a_position_is_counted_from_every_known_joint_so_that_the_origin_means_nothing() -> None:
    rng = np.random.default_rng(0)
    gradient, joints = rng.normal(size=(2, 3, 40, 21)).astype(np.float32)
    joints[:, :, 4] = 0.0  # not known
    moved = joints.copy()
    moved[:2, :, np.arange(21) != 4] += 5.0
    heat = saliency_of(_by_input(gradient, joints)).values
    np.testing.assert_allclose(saliency_of(_by_input(gradient, moved)).values, heat, rtol=1e-3, atol=1e-4)
    assert not heat[:, 4].any()
    wanted = [
        abs(((joints[:2, 7, 2] - joints[:2, 7, u]) * gradient[:2, 7, 2]).sum() + joints[2, 7, 2] * gradient[2, 7, 2])
        for u in range(21)
        if u != 4
    ]
    assert heat[7, 2] == pytest.approx(np.mean(wanted), rel=1e-4)


def test_bones_and_motions_have_no_origin_to_lose() -> None:
    rng = np.random.default_rng(1)
    gradient, bones = rng.normal(size=(2, 3, 40, 21)).astype(np.float32)
    heat = saliency_of(_by_input(gradient, bones, "bone")).values
    np.testing.assert_allclose(heat, np.abs((gradient * bones).sum(axis=0)), rtol=1e-4, atol=1e-6)


def test_heat_stands_where_the_feature_is() -> None:
    features = np.zeros((4, 10, 21), np.float32)
    features[0, 5, KNEE] = 1.0
    values = saliency_of(_known(features)).values
    assert values.shape == (40, 21)
    assert int(values.argmax()) == 20 * 21 + KNEE
    assert joint_heat(saliency_of(_known(features)))[KNEE] == pytest.approx(1.0)


def test_an_empty_map_stays_empty_and_is_never_divided_by_zero() -> None:
    empty = saliency_of(_known(np.zeros((4, 10, 21), np.float32)))
    assert not empty.values.any()
    assert not joint_heat(empty).any()
    saturated = saliency_of(_known(np.ones((4, 10, 21), np.float32)), score="prob")
    assert not saturated.values.any()


def test_nothing_is_explained_while_idle_or_unknown() -> None:
    features = np.ones((4, 10, 21), np.float32)
    idle = saliency_of(_known(features, "idle"))
    squat = _known(features)
    unknown = saliency_of(replace(squat, prediction=replace(squat.prediction, known=False)))
    for saliency in (idle, unknown):
        assert saliency.target == ""
        assert not saliency.values.any()


@pytest.mark.parametrize(("length", "frames"), [(10, 40), (16, 64), (25, 100), (13, 50)])
def test_resizing_keeps_samples_of_the_stride_and_constant_maps(length: int, frames: int) -> None:
    heat = np.random.default_rng(0).random((length, 3)).astype(np.float32)
    assert np.allclose(resize(heat, frames)[::4][:length], heat)
    assert np.allclose(resize(np.ones((length, 3), np.float32), frames), 1.0)


def _knee_matters(windows: Sequence[Window]) -> Float32:
    """A recogniser that sees a squat as long as the left knee is known."""
    probs = np.full((len(windows), 10), 0.02, np.float32)
    for row, window in zip(probs, windows, strict=True):
        row[7] = 0.82 if window.mask[:, KNEE].any() else 0.12
        row[0] = 1.0 - row[1:].sum()
    return probs


def test_hiding_the_joint_that_matters_costs_more_than_hiding_others() -> None:
    values = np.zeros((40, 21), np.float32)
    values[:, KNEE] = 1.0
    batches: list[int] = []

    def probs(windows: Sequence[Window]) -> Float32:
        batches.append(len(windows))
        return _knee_matters(windows)

    checked = trust(probs, _window(), Saliency(values, "squat_correct", "test"), np.random.default_rng(0))
    assert batches == [6]
    assert checked.deletion_drop == pytest.approx(0.7, abs=1e-5)
    assert checked.random_drop is not None
    assert checked.random_drop < 0.7


def test_joints_that_are_not_in_the_picture_are_no_control() -> None:
    window = _window()
    mask = window.mask.copy()
    mask[:, [i for i in range(21) if i != KNEE]] = False
    values = np.zeros((40, 21), np.float32)
    values[:, KNEE] = 1.0
    saliency = Saliency(values, "squat_correct", "test")
    checked = trust(_knee_matters, replace(window, mask=mask), saliency, np.random.default_rng(0))
    assert checked.random_drop == checked.deletion_drop == pytest.approx(0.7, abs=1e-5)


def test_without_heat_there_is_nothing_to_check() -> None:
    empty = Saliency(np.zeros((40, 21), np.float32), "", "test")
    assert trust(_knee_matters, _window(), empty, np.random.default_rng(0)) is empty
