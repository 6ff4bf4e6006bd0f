"""One turn of the loop on a tiny run: diagnosed, refined, compared; and the parts whose answers are known."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, LABELS
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.models.contract import Batch
from fias_desktop.models.registry import build
from fias_desktop.models.res_tcn import PUBLISHED, ResTCN, ResTCNConfig
from fias_desktop.resources import read_card
from trainer.diagnose import command, fix
from trainer.diagnose.compare import COLUMNS, comparison
from trainer.diagnose.confusions import Pair, confused_pairs, recalls
from trainer.diagnose.decoded_windows import comparable, layers_shown
from trainer.diagnose.filters import responses_of
from trainer.diagnose.joints import JointEvidence, attention_shares, effect_sizes, propose
from trainer.diagnose.refined_recipe import recipe_text
from trainer.diagnose.views import AZIMUTHS_DEG, likeness, same_moments
from trainer.finish import finish
from trainer.learn.fit import fit
from trainer.recipe import read_recipe
from trainer.run import examples_of
from trainer.simulate.dataset import WindowSet, make_dataset
from trainer.train import RECIPE, task_of

CORRECT, CLOSE = LABELS.index("squat_correct"), LABELS.index("squat_feet_too_close")
TINY = """
[model]
id = "tiny"
title = "Tiny"
network = "res_tcn"
skeleton = "coco17feet"
frames = 40
rate_hz = 15.0
channels = 3
normalisation = "torso"
licence = "Apache-2.0"
limits = "Test."
params = { width = 16, units = 3 }
explanation = "input_x_gradient"

[data]
train = 250
validation = 200

[optimisation]
epochs = 1
minutes = inf
batch = 32
threads = 1
bfloat16 = false
device = "cpu"

[[training_data]]
name = "simulated"
licence = "Apache-2.0 (trainer/simulate)"
sequences = 0
"""


@pytest.fixture(scope="module")
def simulated_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("FIAS_DATA", raising=False)
        yield


@pytest.fixture(scope="module")
def tiny_run(tmp_path_factory: pytest.TempPathFactory, simulated_only: None) -> Path:
    """A finished run; what `python -m trainer train` does, with the windows kept beside it."""
    folder = tmp_path_factory.mktemp("loop")
    run, cache = folder / "run", folder / "cache"
    run.mkdir()
    (run / RECIPE).write_text(TINY, encoding="utf-8")
    recipe = read_recipe(run / RECIPE)
    counts = {"train": recipe.data.train, "validation": recipe.data.validation, "test": recipe.data.validation}
    sets = [make_dataset(n, 0, split, recipe.spec, cache, workers=1) for split, n in counts.items()]
    torch.manual_seed(0)
    examples = examples_of(sets[0]), examples_of(sets[1])
    network = fit(build(recipe.spec), *examples, task_of(recipe), recipe.optimisation, run)
    finish(run, recipe, network, *sets)
    return run


def test_a_run_is_diagnosed(tiny_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cache = tiny_run.parent / "cache"
    before = set(cache.iterdir())
    assert command.main([str(tiny_run), "--repetitions", "3", "--cache", str(cache)]) == 0
    assert set(cache.iterdir()) == before  # the run's own validation windows and no others
    folder = tiny_run / "diagnosis"
    page = (folder / "diagnosis.md").read_text(encoding="utf-8")
    for chapter in ("Weakest classes", "Neglected joints", "Decoded sequences", "Filters", "From several sides"):
        assert f"## {chapter}" in page
    pictures = [part.split(")")[0] for part in page.split("](")[1:]]
    assert len(pictures) >= 7
    assert all((folder / name).stat().st_size > 1000 for name in pictures)
    with (folder / "joints.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    proposed = {row["joint"] for row in rows if row["proposed"]}
    assert len(rows) == 21 and 1 <= len(proposed) <= 4
    said = capsys.readouterr().out
    assert f"python -m trainer fix {tiny_run} --joints" in said
    assert set(said.rsplit("--joints ", 1)[1].strip().split(",")) == proposed


def test_a_run_is_refined_and_compared(tiny_run: Path) -> None:
    cache, out = tiny_run.parent / "cache", tiny_run.with_name("run-fix-left_knee-right_knee")
    given = [str(tiny_run), "--joints", "left_knee, right_knee", "--cache", str(cache)]
    assert fix.main(given) == 0
    recipe, own = read_recipe(out / RECIPE), read_recipe(tiny_run / RECIPE)
    assert recipe.spec.network == "ms_res_tcn"
    assert recipe.spec.params == {"width": 16, "units": 3, "attend_left_knee": 1, "attend_right_knee": 1}
    assert (recipe.data, recipe.optimisation, recipe.augmentation) == (own.data, own.optimisation, own.augmentation)
    assert read_card(out).params == recipe.spec.params
    with (out / "comparison.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1][0] == "all windows" and rows[1][1] == "200"
    assert float(rows[1][8]) == pytest.approx(float(rows[1][5]) - float(rows[1][2]), abs=1e-5)
    page = (out / "comparison.md").read_text(encoding="utf-8")
    assert "bootstrap" in page and "another simulator" not in page
    with pytest.raises(FiasError, match="already there"):
        fix.main(given)


def test_what_cannot_be_refined_is_refused_before_anything_is_made(tiny_run: Path, tmp_path: Path) -> None:
    with pytest.raises(FiasError, match="'tail'"):
        fix.fix(tiny_run, ["tail"], out=tmp_path / "new")
    with pytest.raises(FiasError, match="No joint"):
        fix.fix(tiny_run, [], out=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_recipe_reads_back_as_it_was_written() -> None:
    table = tomllib.loads(TINY)
    assert tomllib.loads(recipe_text(table)) == table


def _windows(count: int, close: float) -> WindowSet:
    """Squats seen from the front, four windows to an athlete; every other athlete has the feet closer by `close`."""
    rng = np.random.default_rng(0)
    athlete = np.arange(count) // 4
    error = athlete % 2 == 1
    joints = rng.normal(0.0, 0.01, (count, 12, 21, 3)) + rng.normal(0.0, 0.1, (count // 4, 1, 21, 3))[athlete]
    for joint, side in zip(COCO17_FEET.indices("left_ankle", "right_ankle"), (1.0, -1.0), strict=True):
        joints[:, :, joint, 0] += side * (0.6 - close * error[:, None])
    return WindowSet(
        joints=joints.astype(np.float32),
        label=np.where(error, CLOSE, CORRECT).astype(np.int64),
        subject=athlete.astype(np.int64),
        source=np.zeros(count, np.uint8),
        errors=np.zeros((count, len(ERROR_LABELS)), np.float32),
        repetition=np.arange(count) // 2,
        azimuth_deg=np.zeros(count, np.float32),
        fault=np.zeros((count, 12, 21), np.bool_),
    )


def test_effects_are_found_where_classes_differ_and_nowhere_else() -> None:
    windows = _windows(320, close=0.3)
    effect = effect_sizes(windows, (windows.label == CLOSE).astype(np.int64), COCO17_FEET)
    ankles = COCO17_FEET.indices("left_ankle", "right_ankle")
    assert (effect[ankles] > 2.0).all()
    assert np.delete(effect, ankles).max() < 0.8
    assert np.median(np.delete(effect, ankles)) < 0.3
    same = _windows(320, close=0.0)
    assert effect_sizes(same, (same.label == CLOSE).astype(np.int64), COCO17_FEET).max() < 0.8


def test_the_network_looks_where_its_weights_are() -> None:
    network = ResTCN(ResTCNConfig(21, 3, len(LABELS), 4, explained=True)).eval()
    elbow = COCO17_FEET.index("left_elbow")
    network.entry.weight.data.view(4, 21, 3, 8)[:, [v for v in range(21) if v != elbow]] = 0.0
    shares = attention_shares(network, _windows(8, 0.3).joints, CORRECT, CLOSE)
    assert shares[elbow] == pytest.approx(1.0)
    assert shares.sum() == pytest.approx(1.0)


def test_what_the_network_makes_of_a_joint_is_what_the_program_shows() -> None:
    """The formula of the program's heat, joint by joint, with a gradient by autograd."""
    torch.manual_seed(0)
    network = ResTCN(ResTCNConfig(21, 3, len(LABELS), 4, explained=True)).eval()
    joints = torch.from_numpy(_windows(4, 0.3).joints[:1]).clone()
    joints[:, :, 3] = 0.0
    joints.requires_grad_()
    logits = network(Batch(joints, joints.ne(0).any(dim=-1))).logits[0]
    (gradient,) = torch.autograd.grad(logits[CORRECT] - logits[CLOSE], joints)
    x, g = joints.detach().numpy()[0], gradient.numpy()[0]
    heat = np.zeros((12, 21))
    seen = [u for u in range(21) if u != 3]
    for t, v in np.ndindex(12, 21):
        if v != 3:
            away = [((x[t, v, :2] - x[t, u, :2]) * g[t, v, :2]).sum() + x[t, v, 2] * g[t, v, 2] for u in seen]
            heat[t, v] = np.mean(np.abs(away))
    wanted = heat.mean(axis=0) / heat.mean(axis=0).sum()
    found = attention_shares(network, joints.detach().numpy(), CORRECT, CLOSE)
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-6)


def _evidence(effect: dict[str, float], attention: dict[str, float]) -> JointEvidence:
    shares = [np.array([part.get(joint, 0.0) for joint in COCO17_FEET.joints]) for part in (effect, attention)]
    return JointEvidence(Pair("squat_correct", "squat_feet_too_close", 10, 0.3), *shares)


def test_what_differs_and_is_not_looked_at_is_proposed_on_both_sides() -> None:
    looked_at = {"left_knee": 0.5, "right_knee": 0.5}
    differs = {"left_ankle": 2.0, "right_ankle": 1.0, "left_knee": 2.0, "right_knee": 2.0}
    assert propose([_evidence(differs, looked_at)], COCO17_FEET) == ("left_ankle", "right_ankle")
    assert propose([_evidence({"nose": 1.0}, looked_at)], COCO17_FEET) == ("nose",)
    assert len(propose([_evidence({}, looked_at)], COCO17_FEET)) >= 1


def test_classes_and_pairs_come_weakest_first_and_idle_is_in_no_pair() -> None:
    label = np.repeat([0, CORRECT, CLOSE], 10)
    predicted = label.copy()
    predicted[20:28], predicted[10:12], predicted[0:5] = CORRECT, 0, CORRECT
    found = recalls(LABELS, label, predicted)
    assert [one.label for one in found] == ["squat_feet_too_close", "idle", "squat_correct"]
    assert (found[0].recall, found[0].taken_for) == (0.2, "squat_correct")
    assert confused_pairs(LABELS, label, predicted) == [Pair("squat_correct", "squat_feet_too_close", 8, 0.4)]


def test_a_difference_has_a_paired_interval() -> None:
    test = _windows(400, 0.3)
    rng = np.random.default_rng(1)
    right = np.eye(len(LABELS), dtype=np.float32)[test.label]
    wrong = np.roll(right, 1, axis=1)
    before = np.where((rng.random(400) < 0.5)[:, None], right, wrong)
    after = np.where((rng.random(400) < 0.4)[:, None], right, before)
    rows = {str(row[0]): dict(zip(COLUMNS, row, strict=True)) for row in comparison(LABELS, test, before, after)}
    assert list(rows)[2:4] == ["all windows: the exercise", "all repetitions"]
    means = rows["all classes alike (mean recall)"]
    recall = [float(rows[LABELS[k]]["run"] or 0) for k in (CORRECT, CLOSE)]
    assert float(means["run"] or 0) == pytest.approx(np.mean(recall))
    whole = rows["all windows"]
    assert whole["clear"] == "better"
    assert 0.0 < float(whole["low  "] or 0) < float(whole["difference"] or 0) < float(whole["high  "] or 0)
    same = next(iter(comparison(LABELS, test, before, before)))
    assert same[-4:] == (0.0, 0.0, 0.0, "")


def test_a_moment_is_seen_from_all_sides_and_likeness_is_told(simulated_only: None) -> None:
    spec = read_recipe(Path(__file__).parents[3] / "trainer/recipes/res_tcn_sim.toml").spec
    moments = same_moments(spec, 3)
    assert moments.joints.shape == (3, len(AZIMUTHS_DEG), 40, 21, 3)
    assert np.array_equal(moments.joints, same_moments(spec, 3).joints)
    torch.manual_seed(0)
    found = likeness(ResTCN(ResTCNConfig(21, 3, 10, 8)).eval(), moments)
    assert [one.layer for one in found] == list(range(11))
    assert all(-1.0 <= value <= 1.0 for one in found for value in (one.window, one.across, one.between))
    assert found[0].window == pytest.approx(1.0)
    alike = replace(moments, joints=np.repeat(moments.joints[:, :1], len(AZIMUTHS_DEG), axis=1))
    assert likeness(ResTCN(ResTCNConfig(21, 3, 10, 8)).eval(), alike)[0].across == pytest.approx(1.0)


def test_decoded_windows_have_the_spread_of_what_they_are_compared_with() -> None:
    torch.manual_seed(0)
    network, joints = ResTCN(ResTCNConfig(21, 3, 10, 8, layout=PUBLISHED)).eval(), _windows(40, 0.3).joints
    assert layers_shown(network) == (1, 4, 7, 10)
    for layer in layers_shown(network):
        shown = comparable(network, joints, joints, layer)
        assert shown.shape == joints.shape
        np.testing.assert_allclose(shown.mean(axis=(0, 1)), joints.mean(axis=(0, 1)), atol=1e-4)
        assert shown.std() == pytest.approx(joints.std(), rel=0.3)


def test_filters_answer_differently_to_classes_that_differ() -> None:
    torch.manual_seed(0)
    network, windows = ResTCN(ResTCNConfig(21, 3, 10, 8)).eval(), _windows(80, 0.5)
    answers = responses_of(network, windows.joints, 1)
    assert answers.values.shape == (80, 8, 12)
    assert abs(answers.values.mean()) < 1e-6
    shuffled = np.random.default_rng(0).permutation(windows.label)
    apart = [answers.apart(label, CLOSE, CORRECT) for label in (windows.label, shuffled)]
    assert apart[0] > 3 * apart[1]
