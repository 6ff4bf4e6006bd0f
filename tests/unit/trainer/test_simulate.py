"""Simulated training windows: cameras, occlusion, the estimator's noise, and balanced, reproducible sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.athlete import SetPlan, make_performance, random_body
from fias_desktop.domain.exercises import CLASS_OF_ERROR, IDLE, LABELS, group_of
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, Float64
from trainer.data.sequence import SkeletonSequence
from trainer.recipe import read_recipe
from trainer.simulate.dataset import label_at, make_dataset, simulated
from trainer.simulate.noise import observe
from trainer.simulate.occlusion import hidden_share
from trainer.simulate.script import SEVERITY, random_script
from trainer.simulate.view import random_view

SIZE = (640, 480)
LEFT = COCO17_FEET.index("left_elbow")
RIGHT = COCO17_FEET.index("right_elbow")


def _spec() -> ModelSpec:
    return read_recipe(Path(__file__).parents[3] / "trainer/recipes/stgcnpp_sim.toml").spec


def _squats(seed: int = 0) -> tuple[Float32, Float64]:
    performance = make_performance([SetPlan("squat", repetitions=3)], random_body(np.random.default_rng(seed)), seed)
    times = np.arange(0.0, performance.duration_s, 1 / 30)
    return performance.joints(times), times


def _side_view(joints: Float32) -> tuple[Float32, Float32]:
    """Seen from the person's left: (T, V, 2) px and depth (T, V) m."""
    xy = np.stack([320 - 150 * joints[..., 2], 400 - 150 * joints[..., 1]], axis=-1)
    return xy.astype(np.float32), (3.0 - joints[..., 0]).astype(np.float32)


def _torso_px(xy: NDArray[np.float32]) -> float:
    shoulders = xy[:, COCO17_FEET.indices("left_shoulder", "right_shoulder")].mean(axis=1)
    hips = xy[:, COCO17_FEET.indices("left_hip", "right_hip")].mean(axis=1)
    return float(np.median(np.linalg.norm(shoulders - hips, axis=-1)))


def test_cameras_stand_all_around_and_see_the_person() -> None:
    joints, times = _squats()
    sides, shares = [], []
    for seed in range(60):
        view = random_view(joints, np.random.default_rng(seed))
        xy, depth = view.project(joints, times)
        assert (depth > 0).all()
        inside = ((xy >= 0) & (xy <= view.camera.size)).all(axis=-1).mean()
        shares.append(inside)
        sides.append(np.sign(view.camera.position[[0, 2]]).tolist())
    assert {tuple(side) for side in sides} >= {(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)}
    assert np.median(shares) > 0.98


def test_the_far_arm_is_hidden_from_the_side() -> None:
    joints, _ = _squats()
    standing = joints[:5]
    xy, depth = _side_view(standing)
    hidden = hidden_share(xy, depth, _torso_px(xy))
    assert hidden[:, RIGHT].mean() > 0.5 > hidden[:, LEFT].mean()


def test_hidden_joints_are_less_sure_and_less_exact() -> None:
    joints, times = _squats()
    xy, depth = _side_view(joints)
    errors, scores = [], []
    for seed in range(8):
        track = observe(xy, depth, times, SIZE, np.random.default_rng(seed))
        truth = xy[track.frame_index]
        errors.append(np.median(np.linalg.norm(track.xy - truth, axis=-1), axis=0) / _torso_px(xy))
        scores.append(np.median(track.score, axis=0))
    error, score = np.median(errors, axis=0), np.median(scores, axis=0)
    assert error[RIGHT] > error[LEFT]
    assert score[RIGHT] < 0.7 < 0.9 < score[LEFT]
    assert 0.005 < error[LEFT] < 0.08


def test_joints_outside_the_picture_lose_their_score() -> None:
    joints, times = _squats()
    xy, depth = _side_view(joints)
    low = xy + np.array([0.0, 120.0], np.float32)
    ankle = COCO17_FEET.index("left_ankle")
    track = observe(low, depth, times, SIZE, np.random.default_rng(1))
    assert np.median(track.score[:, ankle]) < 0.3
    assert np.median(track.score[:, COCO17_FEET.index("left_shoulder")]) > 0.8


def test_scripts_show_every_class_and_enough_else() -> None:
    rng = np.random.default_rng(0)
    plans = [plan for _ in range(400) for plan in random_script(rng)]
    errors = {(plan.exercise, plan.error) for plan in plans if plan.exercise in ("squat", "lunge", "push_up")}
    assert {("squat", None), ("squat", "knees_inward"), ("lunge", "too_high"), ("push_up", "hips_sag")} <= errors
    assert len({plan.exercise for plan in plans}) > 40
    assert all(plan.severity >= SEVERITY[0] for plan in plans if plan.error)
    second = {(plan.exercise, plan.error, error) for plan in plans for error, _ in plan.also}
    assert second
    assert not second & {("squat", "knees_inward", "feet_too_close"), ("lunge", "too_high", "knee_past_toe")}
    assert all((exercise, error) not in CLASS_OF_ERROR for exercise, _, error in second)


def test_the_label_is_what_the_last_moments_show_most() -> None:
    idle, squat = LABELS.index(IDLE), LABELS.index("squat_correct")
    labels = np.r_[np.full(60, idle), np.full(60, squat)]
    sequence = SkeletonSequence(np.zeros((120, 21, 3), np.float32), labels, 30.0, "simulated")
    assert label_at(sequence, 2.1) == idle
    assert label_at(sequence, 2.3) == squat


def test_a_simulated_spell_is_labelled_throughout() -> None:
    sequence = simulated(np.random.default_rng(2), 7)
    assert sequence.subject == 7
    assert sequence.duration_s <= 30.1
    assert ((sequence.labels >= 0) & (sequence.labels < len(LABELS))).all()


def test_data_sets_are_balanced_reproducible_and_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIAS_DATA", raising=False)
    spec = _spec()
    made = make_dataset(200, 1, "train", spec, tmp_path, workers=1)
    again = make_dataset(200, 1, "train", spec, tmp_path, workers=1)
    np.testing.assert_array_equal(made.joints, again.joints)
    assert len(list(tmp_path.glob("windows-train-*.npz"))) == 1
    assert made.joints.shape == (200, spec.frames, 21, spec.channels)
    assert np.isfinite(made.joints).all()
    groups = [group_of(LABELS[label]) for label in made.label]
    assert 0.2 < groups.count("idle") / 200 < 0.6
    assert {"lunge", "push_up", "squat"} <= set(groups)
    test = make_dataset(16, 1, "test", spec, workers=1)
    assert not set(test.subject.tolist()) & set(made.subject.tolist())
