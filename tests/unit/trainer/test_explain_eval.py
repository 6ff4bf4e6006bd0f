"""Explanations judged: each figure on cases whose answer is known, each method on networks that are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, Float64, Window
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.registry import build
from fias_desktop.resources import DEFAULT_MODEL, model_dir, read_card
from fias_desktop.stages.explain import grad_cam_autograd, resize
from tests.unit.trainer.explain_cases import (
    ERROR,
    FRAMES,
    GOOD,
    HIP,
    JOINTS,
    KNEE,
    fault_of,
    joints_of,
    targets_of,
    windows_of,
)
from trainer import explain_eval
from trainer.explain import figures, gradients, maps, occlusion
from trainer.explain.judge import Cases, Scores, checks, scores_of
from trainer.explain.methods import AS_BUILT, PLAIN, RANDOM, Method, methods_of, paired, random_heat
from trainer.explain.model import Model, load, maps_of, model_of
from trainer.explain.table import Judged, Truth, chosen, goal_note, rows_of
from trainer.judge.evaluate import load_model


class Linear(nn.Module):
    """A network whose logit of one class is a weighted sum of the input, and 0 for all others."""

    def __init__(self, weight: Float32, target: int = ERROR) -> None:
        super().__init__()
        self.weight, self.target = nn.Parameter(torch.from_numpy(weight)), target

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K)."""
        value = (batch.joints * self.weight).sum(dim=(1, 2, 3))
        return Output(value[:, None] * torch.eye(len(LABELS))[self.target], ())


class Curved(Linear):
    """The same through a function that is no straight line."""

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K)."""
        logits = super().forward(batch).logits
        return Output(torch.tanh(0.3 * logits) + 0.02 * logits**2, ())


@pytest.fixture(scope="module")
def spec() -> ModelSpec:
    return replace(read_card(model_dir(DEFAULT_MODEL)), temperature=1.0)


@pytest.fixture(scope="module")
def stgcnpp() -> Model:
    return load(model_dir("stgcnpp_sim"))


def _weight(seed: int = 1) -> Float32:
    return (0.02 * np.random.default_rng(seed).normal(size=(FRAMES, JOINTS, 3))).astype(np.float32)


def _cases(joints: Float32) -> Cases:
    count, fault = len(joints), fault_of(len(joints))
    return Cases(joints, targets_of(count), fault, fault, np.ones(count, np.bool_), np.ones(count, np.bool_))


def test_perfect_heat_scores_one_and_its_opposite_nothing() -> None:
    fault = fault_of(4)
    ones = (figures.point_joints, figures.point_places, figures.energy_joints, figures.energy_places)
    for figure in ones:
        np.testing.assert_allclose(figure(fault.astype(np.float32), fault), 1.0)
        np.testing.assert_allclose(figure((~fault.any(axis=1, keepdims=True) * fault.any()).astype(np.float32)
                                          * np.ones_like(fault), fault), 0.0)  # fmt: skip
        np.testing.assert_allclose(figure(np.zeros_like(fault, np.float32), fault), 0.0)  # no heat, no hit


def test_random_heat_is_at_chance() -> None:
    count = 2000
    fault, known = fault_of(count), np.ones((count, FRAMES, JOINTS), np.bool_)
    known[:, :, 0] = False
    heat = (np.random.default_rng(0).random(fault.shape) * known).astype(np.float32)
    over_joints, over_places = figures.chance_joints(fault, known), figures.chance_places(fault, known)
    assert over_joints[0] == pytest.approx(2 / 20) and over_places[0] == pytest.approx(40 / 800)
    assert figures.point_joints(heat, fault).mean() == pytest.approx(over_joints[0], abs=0.03)
    assert figures.point_places(heat, fault).mean() == pytest.approx(over_places[0], abs=0.03)
    assert figures.energy_joints(heat, fault).mean() == pytest.approx(over_joints[0], abs=0.01)
    assert figures.energy_places(heat, fault).mean() == pytest.approx(over_places[0], abs=0.01)


def test_energy_in_time_counts_only_while_at_fault() -> None:
    fault, heat = fault_of(1), np.zeros((1, FRAMES, JOINTS), np.float32)
    heat[0, :, KNEE] = 1.0  # the right joint throughout, at fault for half of the time
    assert figures.energy_joints(heat, fault) == pytest.approx([1.0])
    assert figures.energy_places(heat, fault) == pytest.approx([0.5])


def test_deletion_and_insertion_of_a_linear_score_are_exact() -> None:
    """With p = 1 - sum of the hidden joints' weights the curve is a polygon whose area is known."""
    weights = np.array([0.5, 0.3, 0.2, 0.0])
    asked: list[int] = []

    def prob(hidden: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Float64:
        asked.append(len(hidden))
        return np.asarray(1.0 - hidden @ weights)

    orders = np.array([[0, 1, 2, 3], [3, 2, 1, 0], [0, 1, 2, 3]])
    deletion, insertion = figures.areas(prob, orders, 4)
    best = ((1 + 0.5) / 2 + (0.5 + 0.2) / 2 + (0.2 + 0.0) / 2 + 0.0) / 4
    worst = ((1 + 1) / 2 + (1 + 0.8) / 2 + (0.8 + 0.5) / 2 + (0.5 + 0.0) / 2) / 4
    np.testing.assert_allclose(deletion, [best, worst, best])
    np.testing.assert_allclose(insertion, [1 - best, 1 - worst, 1 - best])
    assert asked == [8]  # 1 + 1 ends and 2 x 3 beginnings: equal sets are asked for once


def test_only_known_joints_are_hidden_hottest_first() -> None:
    heat, known = np.zeros((FRAMES, JOINTS), np.float32), np.ones((FRAMES, JOINTS), np.bool_)
    heat[:, [3, 7, 5]] = [3.0, 2.0, 1.0]
    known[:, 7] = False
    order = figures.hottest_first(heat, known)
    assert order[:2].tolist() == [3, 5] and 7 not in order and len(order) == JOINTS - 1


def test_hiding_what_carries_the_class_beats_random_orders(spec: ModelSpec) -> None:
    weight = np.zeros((FRAMES, JOINTS, 3), np.float32)
    weight[:, [KNEE, HIP], 2] = 0.1
    model, joints = model_of(spec, Linear(weight)), np.abs(joints_of(3)) + 0.5
    heat = np.zeros((3, FRAMES, JOINTS), np.float32)
    heat[:, :, [KNEE, HIP]] = [2.0, 1.0]
    deletion, insertion, random = checks(model, _cases(joints), [heat, 2.0 - heat])
    assert (deletion[0] < random).all() and (insertion[0] > random).all()
    assert (deletion[1] > random).all() and (insertion[1] < random).all()


@pytest.mark.parametrize("baseline", [gradients.unknown, gradients.median_pose])
def test_integrated_gradients_sum_to_the_gain_over_the_baseline(spec: ModelSpec, baseline: gradients.Baseline) -> None:
    model, joints = model_of(spec, Curved(_weight())), joints_of()
    joints[:, :, 4] = 0.0  # never known
    joints[:, 3:6, 8] = 0.0  # not known for a while
    parts = gradients.integrated(model, joints, targets_of(3), "logit", baseline, steps=64)
    with torch.no_grad():
        top, base = (model.answer(torch.from_numpy(x)).logits[:, ERROR] for x in (joints, baseline(joints)))
    np.testing.assert_allclose(parts.sum(axis=(1, 2, 3)), (top - base).numpy(), atol=1e-4)
    assert not parts[:, :, 4].any() and not parts[:, 3:6, 8].any()


def test_a_linear_score_needs_one_step_and_its_gradient_is_its_weight(spec: ModelSpec) -> None:
    weight, joints = _weight(), joints_of()
    model = model_of(spec, Linear(weight))
    np.testing.assert_allclose(gradients.gradient(model, joints, targets_of(3), "contrast")[1], weight, atol=1e-6)
    once = gradients.integrated(model, joints, targets_of(3), "logit", gradients.unknown, steps=1)
    np.testing.assert_allclose(once, gradients.input_x_gradient(model, joints, targets_of(3), "logit"), atol=1e-6)


def test_contrast_is_against_good_form_where_there_is_some(spec: ModelSpec) -> None:
    model = model_of(spec, Linear(_weight()))
    logits, target = torch.arange(10.0)[None].repeat(3, 1), torch.tensor([ERROR, GOOD, 0])
    assert model.score(logits, target, "contrast").tolist() == [ERROR - GOOD, GOOD, 0]
    assert model.score(logits, target, "logit").tolist() == [ERROR, GOOD, 0]


def test_heat_from_every_joint_does_not_depend_on_the_origin(spec: ModelSpec) -> None:
    """The hips, from whose middle positions are counted, have heat when they carry the class."""
    weight = np.zeros((FRAMES, JOINTS, 3), np.float32)
    weight[:, HIP, 1] = 1.0
    model, joints = model_of(spec, Linear(weight)), joints_of(1)
    joints[:, :, HIP, :2] = 0.0
    joints[:, :, 3] = 0.0
    moved = joints + np.array([0.7, -0.4, 0.0], np.float32) * joints.any(axis=-1, keepdims=True)
    here, there = (gradients.from_every_joint(model, x, targets_of(1), "contrast", "size") for x in (joints, moved))
    np.testing.assert_allclose(here, there, atol=1e-5)
    assert here.sum(axis=1)[0].argmax() == HIP and not here[:, :, 3].any()
    by_input = gradients.heat_of(gradients.input_x_gradient(model, joints, targets_of(1), "contrast"), "size")
    assert not by_input[:, :, HIP].any()  # what input x gradient cannot see
    others = np.delete(joints[0, :, :, 1], [HIP, 3], axis=1)
    np.testing.assert_allclose(here[0, :, HIP], np.abs(others).sum(axis=1) / 20, rtol=1e-4)


def test_occlusion_finds_what_a_linear_score_loses(spec: ModelSpec) -> None:
    weight, joints = _weight(), joints_of(2)
    model = model_of(spec, Linear(weight))
    lost = occlusion.drops(model, joints, targets_of(2), "logit", parts=3)
    for part, span in enumerate(np.array_split(np.arange(FRAMES), 3)):
        expected = (joints * weight)[:, span].sum(axis=(1, 3))
        np.testing.assert_allclose(lost[:, part], expected, atol=1e-4)
    heat = occlusion.occlusion(model, joints, targets_of(2), "logit", parts=3)
    assert heat.shape == (2, FRAMES, JOINTS) and (heat >= 0).all()


def test_grad_cam_of_a_batch_is_the_programs_own(stgcnpp: Model) -> None:
    joints, (_, network) = joints_of(2), load_model(model_dir("stgcnpp_sim"))
    windows = [Window(one, np.ones((FRAMES, JOINTS), np.bool_), np.arange(40) / 15.0, np.arange(40)) for one in joints]
    for layer, score in (("block9_gcn", "prob"), ("block6", "logit")):
        found = maps.grad_cam(stgcnpp, joints, targets_of(2), layer, score)  # type: ignore[arg-type]
        for heat, window in zip(found, windows, strict=True):
            own = grad_cam_autograd(network, window, layer, ERROR, score)  # type: ignore[arg-type]
            np.testing.assert_allclose(heat, resize(own, FRAMES), atol=1e-5 * max(own.max(), 1e-12))


def test_what_is_built_in_is_input_x_gradient_of_the_contrast_from_every_joint() -> None:
    model, joints = load(model_dir(DEFAULT_MODEL)), joints_of(2)
    built = maps.as_built(model, joints, targets_of(2), "contrast")
    by_hand = gradients.from_every_joint(model, joints, targets_of(2), "contrast", "size")
    np.testing.assert_allclose(built, by_hand, atol=1e-4 * by_hand.max())


def test_every_method_gives_heat_for_every_place(stgcnpp: Model) -> None:
    methods = methods_of(stgcnpp)
    names = [method.name for method in methods]
    assert {AS_BUILT, PLAIN, RANDOM} <= set(names) and len(set(names)) == len(names)
    joints = joints_of(1)
    joints[:, :, 2] = 0.0
    quick = [method for method in methods if not method.costly]
    for method in quick:
        heat = method.heat(stgcnpp, joints, targets_of(1))
        assert heat.shape == (1, FRAMES, JOINTS) and heat.dtype == np.float32, method.name
        assert np.isfinite(heat).all() and (heat >= 0).all(), method.name
    assert not random_heat(stgcnpp, joints, targets_of(1))[:, :, 2].any()


def test_pairs_share_their_heat(spec: ModelSpec) -> None:
    heat = np.zeros((1, FRAMES, JOINTS), np.float32)
    heat[:, :, KNEE] = 1.0
    both = paired(lambda model, joints, target: heat)(model_of(spec, Linear(_weight())), joints_of(1), targets_of(1))
    assert np.flatnonzero(both.sum(axis=(0, 1))).tolist() == COCO17_FEET.indices("left_knee", "right_knee")


def test_streams_are_layers_together_and_agree_with_themselves(spec: ModelSpec) -> None:
    fused = replace(spec, network="stgcnpp", streams=("joint", "bone"), params={"width": 12, "blocks": 6},
                    explanation="grad_cam")  # fmt: skip
    model = model_of(fused, build(fused))
    assert maps_of(model)[-3:] == ("block5_gcn", "block5_tcn", "block5")
    joints = joints_of(2)
    together = maps.grad_cam(model, joints, targets_of(2), "block5", "contrast")
    built = maps.as_built(model, joints, targets_of(2), "contrast")
    np.testing.assert_allclose(together, built, atol=1e-5 * built.max())
    streams = maps.stream_heat(model, joints, targets_of(2))
    known = np.ones((2, FRAMES, JOINTS), np.bool_)
    assert streams.shape == (2, 2, FRAMES, JOINTS)
    heat = np.random.default_rng(0).random((2, FRAMES, JOINTS)).astype(np.float32)
    np.testing.assert_allclose(figures.agreement(np.stack([heat, heat]), known), 1.0)
    assert np.isnan(figures.agreement(heat[None], known)).all()


def test_similarity_is_a_correlation_over_known_places() -> None:
    heat = np.random.default_rng(0).random((2, FRAMES, JOINTS)).astype(np.float32)
    known = np.ones((2, FRAMES, JOINTS), np.bool_)
    known[:, :, 5] = False
    other = 2.0 * heat + 1.0
    other[:, :, 5] = -9.0
    np.testing.assert_allclose(figures.similarity(heat, other.astype(np.float32), known), 1.0, atol=1e-5)
    assert np.isnan(figures.similarity(heat, np.zeros_like(heat), known)).all()


def test_an_interval_is_over_athletes_not_windows() -> None:
    values, subject = np.repeat([0.0, 1.0] * 10, 50), np.repeat(np.arange(20), 50)
    found, low, high = figures.mean_interval(values, subject)
    assert found == 0.5 and low < 0.35 and high > 0.65  # twenty people, not a thousand windows
    assert np.isnan(figures.mean_interval(np.array([np.nan]), np.array([0]))).all()


def test_noise_moves_known_positions_only(spec: ModelSpec) -> None:
    joints = joints_of(1)
    joints[:, :, 2] = 0.0
    moved = gradients.with_noise(model_of(spec, Linear(_weight())), joints, 0.01, np.random.default_rng(0)) - joints
    assert not moved[:, :, 2].any() and not moved[..., 2].any()
    assert np.std(moved[:, :, 3:, :2]) == pytest.approx(0.01, rel=0.1)


def test_slow_methods_and_checks_run_where_they_are_asked_for(spec: ModelSpec) -> None:
    model, cases = model_of(spec, Linear(_weight())), _cases(joints_of(4))
    some = np.array([True, False, True, False])
    methods = (Method("quick", random_heat, 1), Method("slow", random_heat, 99))
    quick, slow = scores_of(model, methods, replace(cases, checked=some, costly=some))
    assert not np.isnan(quick.point).any() and np.isnan(slow.point).tolist() == (~some).tolist()
    for scores in (quick, slow):
        assert np.isnan(scores.deletion).tolist() == np.isnan(scores.stability).tolist() == (~some).tolist()


def test_athletes_are_for_choosing_or_for_reporting_and_few_windows_each() -> None:
    windows = windows_of(60)
    truth = explain_eval.truth_of(windows, 0.4)
    assert not set(truth.subject[truth.choosing]) & set(truth.subject[~truth.choosing])
    assert len(set(truth.subject[truth.choosing])) == 4  # of ten
    kept = explain_eval.few_of_each(np.arange(60) % 3 != 0, windows.subject, 2)
    assert (np.bincount(windows.subject[kept]) == 2).all() and not kept[::3].any()


def test_the_choice_is_made_on_the_choosing_windows_and_among_quick_methods() -> None:
    truth = explain_eval.truth_of(windows_of(60), 0.5)
    liked, disliked = truth.choosing.astype(np.float64), (~truth.choosing).astype(np.float64)
    methods = (Method("a", random_heat, 1), Method("b", random_heat, 1), Method("slow", random_heat, 99))
    found = tuple(_scores(point) for point in (disliked, liked, np.ones(60)))
    one = Judged("toy", methods, np.arange(60), found, (1.0, 1.0, 1.0))
    assert chosen(one, truth) == "b"
    reported = [row[3] for row in rows_of([one], truth, ~truth.choosing)]
    assert reported == [1.0, 0.0, 1.0]


def test_goals_are_held_against_the_same_windows() -> None:
    truth = explain_eval.truth_of(windows_of(60), 0.5)
    good = Judged("good", (Method(AS_BUILT, random_heat, 1),), np.arange(60), (_scores(np.ones(60)),), (1.0,))
    bar = Judged("bar", (Method(PLAIN, random_heat, 1),), np.arange(30, 60), (_scores(np.zeros(30)),), (1.0,))
    note = goal_note(good, AS_BUILT, bar, truth)
    assert "1.000 (1.000 to 1.000) above" in note and "missed" not in note
    assert f"{int((~truth.choosing[30:]).sum())} windows" in note


def test_models_of_different_windows_are_not_compared(spec: ModelSpec) -> None:
    assert explain_eval.common_spec([spec, spec]) is spec
    with pytest.raises(FiasError, match="same windows"):
        explain_eval.common_spec([spec, replace(spec, frames=64)])


def test_the_bar_is_always_there() -> None:
    asked = explain_eval.entries_of([DEFAULT_MODEL])
    assert [entry.bar for entry in asked] == [False, True]
    both = explain_eval.entries_of([DEFAULT_MODEL, explain_eval.BAR_MODEL])
    assert [entry.bar for entry in both] == [False, False]


def test_the_command_writes_its_tables(tmp_path: Path) -> None:
    small = ["--windows", "60", "--each", "2", "--checked", "1", "--models", DEFAULT_MODEL]
    assert explain_eval.main([*small, "--cache", str(tmp_path / "cache"), "--out", str(tmp_path)]) == 0
    for name in ("explain.md", "explain.csv", "explain.png", "explain_common.md", "explain_errors.md"):
        assert (tmp_path / name).is_file(), name
    text = (tmp_path / "explain.md").read_text()
    assert "Chosen for `res_tcn_sim`" in text and PLAIN in text and AS_BUILT in text


def test_the_tables_of_one_model_can_have_a_name_of_their_own() -> None:
    given = explain_eval._parser().parse_args(["--models", "stgcnpp_sim", "--name", "explain_stgcnpp"])
    assert explain_eval.command_of(given).endswith("--models stgcnpp_sim --name explain_stgcnpp")
    assert "--name" not in explain_eval.command_of(explain_eval._parser().parse_args([]))


def _scores(point: Float64) -> Scores:
    """Figures that all say the same."""
    return Scores(point, point, point, point, point, np.zeros_like(point), point, np.ones_like(point), point, point)


def test_truth_holds_chance() -> None:
    truth: Truth = explain_eval.truth_of(windows_of(6), 0.5)
    np.testing.assert_allclose(truth.chance, 2 / JOINTS)
