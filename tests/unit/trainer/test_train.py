from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, LABELS
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.fusion import STREAM_LOGITS
from fias_desktop.models.registry import build
from fias_desktop.resources import read_card
from fias_desktop.stages.recognise import rejection_scores, softmax
from trainer.__main__ import main
from trainer.export import card_text
from trainer.finish import PREDICTIONS, error_aurocs, finish
from trainer.judge.evaluate import Seen, judge, load_model
from trainer.judge.metrics import ece
from trainer.learn.augment import known
from trainer.learn.calibrate import Answers, best_temperature, calibration, fold, threshold
from trainer.learn.fit import COLUMNS, CURVES, Examples, fit
from trainer.recipe import Recipe, read_recipe
from trainer.run import METRICS, run_recipe
from trainer.simulate.dataset import SOURCES, WindowSet
from trainer.train import new_run, task_of

RECIPE = Path("trainer/recipes/stgcnpp_sim.toml")
ROOT = Path(__file__).parents[3]
LUNGE, SQUAT = LABELS.index("lunge_correct"), LABELS.index("squat_correct")
SHALLOW = ERROR_LABELS.index("squat_too_shallow")


def _rng() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def _recipe(**changes: float) -> Recipe:
    recipe = read_recipe(ROOT / RECIPE)
    options = replace(recipe.optimisation, threads=1, compile=False, device="cpu", **changes)  # type: ignore[arg-type]
    return replace(recipe, spec=replace(recipe.spec, params={"width": 12, "blocks": 6}), optimisation=options)


def _easy_examples(count: int) -> Examples:
    """Short windows of three still postures, far apart, with a little noise; the first error goes with the squat."""
    postures = torch.randn(3, 1, 21, 3, generator=_rng())
    place = torch.arange(count) % 3
    joints = postures[place] + 0.1 * torch.randn(count, 16, 21, 3, generator=_rng())
    label = torch.tensor([0, LUNGE, SQUAT])[place]
    errors = torch.zeros(count, len(ERROR_LABELS))
    errors[label == SQUAT, 0] = 0.6
    return Examples(joints, label, errors)


def _window_set(count: int) -> WindowSet:
    """Windows of two data sets, three to a repetition; every other squat is too shallow, as far as it is known."""
    rng = np.random.default_rng(0)
    number = np.arange(count)
    label = np.where(number // 3 % 2 == 0, 0, SQUAT)
    errors = np.zeros((count, len(ERROR_LABELS)), np.float32)
    errors[:, SHALLOW] = np.where(number % 2, 0.7, 0.0)
    errors[number % 5 == 0] = np.nan
    return WindowSet(
        joints=rng.normal(size=(count, 16, 21, 3)).astype(np.float32),
        label=label.astype(np.int64),
        subject=(number // 30).astype(np.int64),
        source=(number * 2 // count).astype(np.uint8),
        errors=errors,
        repetition=np.where(label == 0, -1, number // 3).astype(np.int64),
        azimuth_deg=np.zeros(count, np.float32),
        fault=np.zeros((count, 16, 21), np.bool_),
    )


def test_a_recipe_trains_its_network_and_its_error_heads(tmp_path: Path) -> None:
    recipe, examples = _recipe(epochs=3, minutes=5.0, batch=24, learning_rate=4e-3), _easy_examples(144)
    torch.manual_seed(0)
    network = build(recipe.spec)
    fit(network, examples, None, task_of(recipe), recipe.optimisation, tmp_path)
    rows = [row.split(",") for row in (tmp_path / CURVES).read_text(encoding="utf-8").splitlines()]
    losses = [float(row[COLUMNS.index("loss")]) for row in rows[1:]]
    assert losses[2] < 0.75 * losses[0]
    with torch.no_grad():
        heads = network(Batch(examples.joints, known(examples.joints))).error_logits[:, 0].sigmoid()
    assert float(heads[examples.label == SQUAT].mean()) > 0.15 + float(heads[examples.label == LUNGE].mean())


def test_what_is_not_known_of_errors_and_of_rest_teaches_the_error_heads_nothing() -> None:
    task = task_of(_recipe(group_weight=0.0, smoothing=0.0))
    heads = torch.zeros(3, len(ERROR_LABELS), requires_grad=True)
    errors = torch.full((3, len(ERROR_LABELS)), torch.nan)
    errors[1, 4] = 0.7
    errors[0] = 1.0  # idle: whatever stands there
    label = torch.tensor([0, SQUAT, SQUAT])
    output = Output(torch.zeros(3, len(LABELS)), (), error_logits=heads)
    task.loss(output, Examples(torch.zeros(3, 1, 21, 3), label, errors)).backward()  # type: ignore[no-untyped-call]
    assert heads.grad is not None
    assert torch.nonzero(heads.grad).tolist() == [[1, 4]]


def test_a_run_never_overwrites_another(tmp_path: Path) -> None:
    new_run(ROOT / RECIPE, "first", tmp_path / "run")
    with pytest.raises(FiasError, match="already there"):
        new_run(ROOT / RECIPE, "first", tmp_path / "run")


@pytest.mark.parametrize("path", sorted((ROOT / RECIPE).parent.glob("stgcnpp_*.toml")), ids=lambda path: path.stem)
def test_every_recipe_makes_a_network_that_learns_each_stream_by_itself(path: Path) -> None:
    recipe = read_recipe(path)
    spec = replace(recipe.spec, params={"width": 12, "blocks": 6})
    network, joints = build(spec), torch.randn(2, spec.frames, 21, spec.channels, generator=_rng())
    examples = Examples(joints, torch.tensor([LUNGE, SQUAT]))
    output = network(Batch(joints, known(joints)))
    task_of(recipe).loss(output, examples).backward()  # type: ignore[no-untyped-call]
    heads = [p.grad for name, p in network.named_parameters() if name.endswith("head.weight") and "error" not in name]
    assert len(heads) == len(spec.streams)
    assert all(head is not None and float(head.abs().sum()) > 0 for head in heads)
    if len(heads) > 1:  # what one stream learns does not depend on what the others say
        stacked = output.aux[STREAM_LOGITS].detach()
        louder = torch.cat([stacked[:1], 9 * stacked[1:]]).requires_grad_()
        task_of(recipe).loss(replace(output, aux={STREAM_LOGITS: louder}), examples).backward()  # type: ignore[no-untyped-call]
        alone = stacked[:1].clone().requires_grad_()
        task_of(recipe).loss(replace(output, aux={STREAM_LOGITS: alone}), examples).backward()  # type: ignore[no-untyped-call]
        assert louder.grad is not None
        assert alone.grad is not None
        assert torch.allclose(louder.grad[0] * len(stacked), alone.grad[0], atol=1e-6)


def test_a_recipe_names_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("[data]\ntrain = 1\n", encoding="utf-8")
    with pytest.raises(FiasError, match="not complete"):
        read_recipe(path)
    with pytest.raises(FiasError, match="cannot be read"):
        read_recipe(tmp_path / "none.toml")


def test_the_card_reads_back_as_it_was_written(tmp_path: Path) -> None:
    spec = replace(_recipe().spec, figures={"clips_named": 15.0}, hashes={"weights.safetensors": "0" * 64})
    (tmp_path / "card.toml").write_text(card_text(spec), encoding="utf-8")
    assert read_card(tmp_path) == spec
    assert "medical" in spec.limits
    assert all(part.licence for part in spec.training_data)


def _answers(confidence: float) -> Answers:
    """Sure of class 0 every time, right in 70 of 100 windows."""
    logits = np.zeros((100, 10), np.float32)
    logits[:, 0] = confidence
    return Answers(logits, np.repeat([0, 1], [70, 30]))


def test_overconfidence_is_cooled_down() -> None:
    assert best_temperature(_answers(9.0)) > 1.5
    assert best_temperature(_answers(2.0)) < 1.0


def test_a_bias_of_each_class_is_found_and_goes_into_the_heads() -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(size=(4000, 4)).astype(np.float32) * 2
    label = (honest + rng.gumbel(size=honest.shape)).argmax(axis=1)
    wrong = np.array([1.5, 0.0, -1.0, 0.0], np.float32)
    answers = Answers(3 * (honest + wrong), label)
    found = calibration(answers, class_bias=True)
    assert found.temperature == pytest.approx(3.0, rel=0.1)
    assert np.allclose(found.bias - found.bias.mean(), -3 * (wrong - wrong.mean()), atol=0.5)
    plain = calibration(answers, class_bias=False)
    assert ece(softmax(answers.logits + found.bias, found.temperature), label) < 0.02
    assert ece(softmax(answers.logits, plain.temperature), label) > 0.04


def test_a_folded_bias_shifts_the_fused_answer_of_all_streams() -> None:
    spec = replace(_recipe().spec, streams=("joint", "bone"))
    network, joints = build(spec).eval(), torch.randn(3, 40, 21, 3, generator=_rng())
    bias = np.linspace(-1, 1, 10).astype(np.float32)
    with torch.no_grad():
        before = network(Batch(joints, known(joints)))
        fold(network, bias)
        after = network(Batch(joints, known(joints)))
    expected = (before.logits + torch.from_numpy(bias)).softmax(dim=1)
    assert torch.allclose(after.logits.softmax(dim=1), expected, atol=1e-5)
    assert torch.equal(after.error_logits, before.error_logits)


def test_the_threshold_keeps_its_share_of_exercises_named_right() -> None:
    rng = np.random.default_rng(0)
    label = np.repeat([0, 7], 500)
    logits = np.zeros((1000, 10), np.float32)
    logits[np.arange(1000), label] = rng.uniform(2.5, 9.0, 1000)
    limit = threshold(LABELS, Answers(logits, label), 1.0, 0.9)
    scores = rejection_scores(LABELS, softmax(logits))
    assert float((scores[label == 7] <= limit).mean()) == pytest.approx(0.9, abs=0.01)
    assert (scores[label == 0] <= limit).all()


def test_figures_count_classes_and_groups() -> None:
    probs = np.eye(10, dtype=np.float32)[[7, 8, 0, 1]]
    judged = judge("held_out", LABELS, probs, np.array([7, 7, 0, 0]), np.array([0.1, 0.2, 9.0, 0.1], np.float32), 1.0)
    assert judged.accuracy() == pytest.approx(0.5)
    assert judged.group_accuracy() == pytest.approx(0.75)
    assert judged.recall("squat_correct") == pytest.approx(0.5)
    assert np.isnan(judged.recall("push_up_elbow"))
    assert judged.kept() == pytest.approx(0.75)


def test_a_finished_run_holds_figures_and_answers_for_every_test_window(tmp_path: Path) -> None:
    recipe, windows = _recipe(), _window_set(120)
    recipe = replace(recipe, spec=replace(recipe.spec, frames=16))
    finish(tmp_path, recipe, build(recipe.spec).eval(), windows, windows, windows)
    metrics = json.loads((tmp_path / METRICS).read_text(encoding="utf-8"))
    assert set(metrics) == {SOURCES[0], SOURCES[1]}
    keys = {"accuracy", "group_accuracy", "kept", "repetition_accuracy", "ece", "error_auroc"}
    assert keys <= set(metrics[SOURCES[0]])
    assert list(metrics[SOURCES[0]]["error_auroc_of"]) == ["squat_too_shallow"]
    with np.load(tmp_path / PREDICTIONS, allow_pickle=False) as kept:
        assert np.allclose(kept["probs"].sum(axis=1), 1.0, atol=1e-5)
        assert kept["error_probs"].shape == (120, len(ERROR_LABELS))
        for name in ("label", "subject", "source", "repetition"):
            assert np.array_equal(kept[name], getattr(windows, name))
    spec, _ = load_model(tmp_path)
    assert spec.figures["simulated_accuracy"] == pytest.approx(metrics["simulated"]["accuracy"])
    assert [row.sequences for row in spec.training_data] == [60, 60]


def test_an_error_head_is_judged_where_its_exercise_is_shown_and_the_truth_known() -> None:
    windows, spec = _window_set(120), _recipe().spec
    logits = np.zeros((120, len(ERROR_LABELS)), np.float32)
    logits[:, SHALLOW] = np.nan_to_num(windows.errors[:, SHALLOW], nan=-9.0)
    logits[windows.label == 0, SHALLOW] = 5.0
    seen = Seen(np.zeros((120, 10), np.float32), logits, np.zeros((120, 4), np.float32))
    assert error_aurocs(spec, seen, windows) == {"squat_too_shallow": 1.0}


def test_resuming_needs_a_run(tmp_path: Path) -> None:
    with pytest.raises(FiasError, match="no run to resume"):
        run_recipe(ROOT / RECIPE, tmp_path / "nothing", resume=True)


def test_the_command_line_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(tmp_path / "nothing")]) == 1
    assert "missing" in capsys.readouterr().err
