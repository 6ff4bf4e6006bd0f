from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.resources import read_card
from fias_desktop.stages.recognise import rejection_scores, softmax
from trainer.__main__ import main
from trainer.augment import (
    MIN_KNOWN_FRAMES,
    Augmentation,
    augment,
    blur,
    centred,
    drop_feet,
    known,
    mirror,
    start_late,
    turn,
    warp_time,
)
from trainer.calibrate import Answers, best_temperature, threshold
from trainer.evaluate import judge
from trainer.export import card_text
from trainer.recipe import Recipe, read_recipe
from trainer.train import CHECKPOINT, COLUMNS, CURVES, Examples, Training, new_run

RECIPE = Path("trainer/recipes/stgcnpp_sim.toml")
ROOT = Path(__file__).parents[3]


def _rng() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def _windows(count: int = 64) -> torch.Tensor:
    joints = torch.randn(count, 40, 21, 3, generator=_rng())
    joints[..., 2] = 0.9
    joints[:, :5, 3] = 0.0
    return joints


def _recipe(**changes: float) -> Recipe:
    recipe = read_recipe(ROOT / RECIPE)
    options = replace(recipe.optimisation, threads=1, **changes)  # type: ignore[arg-type]
    return replace(recipe, spec=replace(recipe.spec, params={"width": 12}), optimisation=options)


def _easy_examples(count: int) -> Examples:
    """Short windows of three still postures, far apart, with a little noise."""
    postures = torch.randn(3, 1, 21, 3, generator=_rng())
    label = torch.arange(count) % 3
    joints = postures[label] + 0.1 * torch.randn(count, 16, 21, 3, generator=_rng())
    return Examples(joints, label)


def test_unknown_joints_stay_unknown_through_every_change() -> None:
    joints = _windows()
    changed = augment(joints, COCO17_FEET, Augmentation(), _rng())
    assert changed.shape == joints.shape
    assert torch.isfinite(changed).all()
    quiet = blur(turn(joints, Augmentation(), _rng()), Augmentation(), _rng())
    assert torch.equal(known(quiet), known(joints))


def test_a_mirrored_window_exchanges_left_and_right() -> None:
    joints = _windows()
    mirrored = mirror(joints, COCO17_FEET, _rng())
    left, right = COCO17_FEET.indices("left_knee", "right_knee")
    changed = (mirrored != joints).flatten(1).any(dim=1)
    assert 10 < int(changed.sum()) < 54
    assert torch.equal(mirrored[changed][:, :, left, 0], -joints[changed][:, :, right, 0])
    assert torch.equal(mirrored[changed][:, :, left, 1:], joints[changed][:, :, right, 1:])


def test_turning_keeps_lengths_where_it_only_rotates() -> None:
    joints = _windows()
    turned = turn(joints, Augmentation(scale=0.0, shear=0.0), _rng())
    assert torch.allclose(turned[..., :2].norm(dim=-1), joints[..., :2].norm(dim=-1), atol=1e-5)
    angle = torch.atan2(turned[:, 9, 0, 1], turned[:, 9, 0, 0]) - torch.atan2(joints[:, 9, 0, 1], joints[:, 9, 0, 0])
    angle = torch.remainder(angle + torch.pi, 2 * torch.pi) - torch.pi
    assert float(angle.abs().max()) <= 0.2 + 1e-5
    assert float(angle.abs().max()) > 0.15


def test_warping_time_keeps_both_ends_and_never_mixes_with_unknown() -> None:
    joints = _windows()
    warped = warp_time(joints, 2.0, _rng())
    assert torch.allclose(warped[:, [0, -1]], joints[:, [0, -1]], atol=1e-5)
    straight = torch.linspace(0, 1, 40)[None, :, None, None].expand(8, 40, 21, 3) + 1
    bent = warp_time(straight, 2.0, _rng())
    assert float((bent - straight).abs().max()) * 39 == pytest.approx(2.0, abs=0.5)
    assert set(torch.unique(warped[:, :, 3, 2]).tolist()) <= {0.0, joints[0, 9, 3, 2].item()}


def test_feet_can_leave_the_picture_but_the_rest_stays() -> None:
    changed = drop_feet(_windows(), COCO17_FEET, 1.0, _rng())
    assert not known(changed)[:, :, COCO17_FEET.index("left_heel")].any()
    assert known(changed)[:, :, COCO17_FEET.index("left_hip")].all()


def test_a_late_start_leaves_half_a_second_and_is_centred_on_it() -> None:
    started = start_late(_windows(), COCO17_FEET, 1.0, _rng())
    frames = known(started).any(dim=2)
    assert int(frames.sum(dim=1).min()) >= MIN_KNOWN_FRAMES
    assert not frames[:, 0].any()
    assert frames[:, -1].all()
    hips = COCO17_FEET.indices("left_hip", "right_hip")
    middle = started[0][frames[0]][:, hips, :2].mean(dim=1).median(dim=0).values
    assert torch.allclose(middle, torch.zeros(2), atol=1e-5)
    assert torch.allclose(centred(started, COCO17_FEET), started, atol=1e-5)


def test_training_learns_writes_its_curves_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    examples = _easy_examples(288)
    training = Training(_recipe(epochs=3, minutes=5.0, batch=32, ema=0.7, learning_rate=4e-3), tmp_path)
    assert not training.fit(examples, examples).training
    rows = [row.split(",") for row in (tmp_path / CURVES).read_text(encoding="utf-8").splitlines()]
    assert tuple(rows[0]) == COLUMNS
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    losses = [float(row[COLUMNS.index("loss")]) for row in rows[1:]]
    assert losses[2] < 0.6 * losses[0]
    assert (tmp_path / CHECKPOINT).is_file()

    resumed = Training(_recipe(epochs=4, minutes=5.0, batch=32), tmp_path)
    resumed.resume()
    assert resumed.epoch == 3
    before = training.averaged.state_dict()
    assert all(torch.equal(values, before[name]) for name, values in resumed.averaged.state_dict().items())


def test_an_epoch_sees_every_exercise_window_and_idle_ones_by_their_share() -> None:
    label = torch.tensor([0] * 80 + [7] * 20)
    rows = torch.cat(Examples(torch.zeros(100, 1, 1, 3), label).epoch(10, 0, 0.5, _rng()))
    assert sorted(rows[rows >= 80].tolist()) == list(range(80, 100))
    assert int((rows < 80).sum()) == 20
    assert len(set(rows.tolist())) == 40


def test_training_stops_when_its_minutes_are_used_up(tmp_path: Path) -> None:
    training = Training(_recipe(epochs=100, minutes=1e-6, batch=16), tmp_path)
    examples = _easy_examples(32)
    training.fit(examples, examples)
    assert training.epoch == 1


def test_the_learning_rate_warms_up_and_ends_at_nothing(tmp_path: Path) -> None:
    training = Training(_recipe(epochs=10, minutes=60.0), tmp_path)
    peak = training.recipe.optimisation.learning_rate
    assert training.learning_rate() < 0.1 * peak
    training.epoch = 1
    assert training.learning_rate() > 0.9 * peak
    training.minutes = 60.0
    assert training.learning_rate() == pytest.approx(0.0, abs=1e-9)


def test_a_run_never_overwrites_another(tmp_path: Path) -> None:
    new_run(ROOT / RECIPE, "first", tmp_path / "run")
    with pytest.raises(FiasError, match="already there"):
        new_run(ROOT / RECIPE, "first", tmp_path / "run")


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
    assert judged.figures()["held_out_kept"] == pytest.approx(0.75)


def test_the_command_line_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(tmp_path / "nothing")]) == 1
    assert "missing" in capsys.readouterr().err
