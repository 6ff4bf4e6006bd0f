"""Moments, baselines and the training of the network behind the ghost, all very small."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fias_desktop.domain.model_card import bare_spec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import PoseTrack
from fias_desktop.models.infogcnpp_foresight import foresight_of
from fias_desktop.stages.foresee import ahead_of
from trainer.foresight.judge import (
    best_reach,
    by_network,
    card_figures,
    held,
    joints_of,
    judge,
    kept_up,
    moving,
    velocity,
)
from trainer.foresight.moments import Moments, joined, moments_of, simulated_moments, until
from trainer.foresight.train import examples_of, foresight_recipe, task_of
from trainer.tables import ghost

RECIPE = Path(__file__).parents[3] / "trainer/recipes/infogcnpp_ghost.toml"
SPEC = bare_spec(
    "infogcnpp_foresight", "coco17feet", 20, 20.0,
    {"seen": 12, "steps": 4, "stride": 2, "width": 8, "depth": 1, "heads": 2},
)  # fmt: skip
_BODY = np.random.default_rng(5).uniform(0, 300, (COCO17_FEET.num_joints, 2))
_SPEED_PX_S = np.array([80.0, -30.0])


def _track(seconds: float = 3.0, fps: float = 20.0, speed: float = 1.0) -> PoseTrack:
    """Somebody who glides evenly through the picture."""
    time_s = np.arange(round(seconds * fps) + 1) / fps
    xy = _BODY + speed * time_s[:, None, None] * _SPEED_PX_S
    score = np.full(xy.shape[:2], 0.9, np.float32)
    return PoseTrack("coco17feet", time_s, np.arange(len(time_s)), xy.astype(np.float32), score)


def test_the_future_of_a_moment_is_where_the_track_goes_on() -> None:
    moments = moments_of(_track(), SPEC, [1.5, 2.0])
    assert len(moments) == 2 and moments.seen.all() and moments.joints.shape == (2, 20, 21, 3)
    moved = moments.future - moments.joints[:, -1:, :, :2]
    per_s = moved / ahead_of(SPEC)[None, :, None, None]
    np.testing.assert_allclose(per_s, np.broadcast_to(per_s[0, 0, 0], per_s.shape), atol=1e-3)
    assert per_s[0, 0, 0, 0] > 0 and per_s[0, 0, 0, 1] > 0  # right and, y up, upwards


def test_a_moment_does_not_know_what_comes() -> None:
    track = _track()
    xy = np.array(track.xy)
    xy[track.time_s > 2.0] += 500.0
    other = PoseTrack(track.skeleton, track.time_s, track.frame_index, xy, track.score)
    plain, changed = (moments_of(one, SPEC, [2.0]) for one in (track, other))
    np.testing.assert_array_equal(plain.joints, changed.joints)
    assert not np.allclose(plain.future, changed.future)
    assert float(until(track, 2.0).time_s[-1]) == pytest.approx(2.0)


def test_what_is_not_seen_later_is_not_judged() -> None:
    moments = moments_of(_track(2.0), SPEC, [1.85])
    assert moments.seen[:, 0].all() and not moments.seen[:, 1:].any() and not moments.future[:, 1:].any()
    off = judge(moments, held(moments.joints, SPEC)).off
    assert np.isfinite(off[:, 0]).all() and np.isnan(off[:, 1:]).all()
    assert len(moments_of(_track(), SPEC, [])) == 0


def test_an_even_movement_is_kept_up_exactly_and_held_wrongly() -> None:
    moments = moments_of(_track(), SPEC, [1.5, 2.0, 2.5])
    assert np.nanmax(judge(moments, kept_up(moments.joints, SPEC)).off) < 1e-3
    assert np.nanmin(judge(moments, held(moments.joints, SPEC)).off) > 0.01
    np.testing.assert_allclose(best_reach(moments, SPEC), [2.0, 4.0, 4.0, 4.0])


def test_a_joint_with_a_gap_has_no_velocity() -> None:
    moments = moments_of(_track(), SPEC, [2.0])
    joints = moments.joints.copy()
    joints[:, -3, 4] = 0.0
    assert not velocity(joints)[:, 4].any() and velocity(joints)[:, 5].all()


def test_only_somebody_who_moves_is_moving() -> None:
    both = joined([moments_of(_track(speed=speed), SPEC, [2.0]) for speed in (0.0, 3.0)])
    assert moving(both, SPEC).tolist() == [False, True]
    assert not {0, 1, 2, 3, 4} & set(joints_of("all", SPEC))
    parts = [joint for name in ("trunk", "arms", "legs") for joint in joints_of(name, SPEC)]
    assert sorted(parts) == joints_of("all", SPEC)


def test_simulated_moments_are_kept_and_other_bodies_are_judged(tmp_path: Path) -> None:
    first = simulated_moments(1, 0, "train", SPEC, tmp_path)
    again = simulated_moments(1, 0, "train", SPEC, tmp_path)
    other = simulated_moments(1, 0, "test", SPEC, tmp_path)
    assert len(first) > 10 and np.isfinite(first.joints).all() and np.isfinite(first.future).all()
    np.testing.assert_array_equal(first.joints, again.joints)
    assert len(list(tmp_path.glob("moments-*.npz"))) == 2
    assert first.joints.shape != other.joints.shape or not np.allclose(first.joints, other.joints)


def test_the_recipe_is_complete_and_its_network_fits() -> None:
    recipe = foresight_recipe(RECIPE)
    assert recipe.spec.labels == () and recipe.spec.licence == "Apache-2.0"
    np.testing.assert_allclose(ahead_of(recipe.spec), [0.1, 0.2, 0.3, 0.4])
    network = foresight_of(recipe.spec).eval()
    moments = moments_of(_track(), recipe.spec, [1.5, 2.0])
    assert by_network(network, moments.joints).shape == (2, 4, 21, 2)


def test_training_changes_windows_and_their_future_alike() -> None:
    recipe = replace(foresight_recipe(RECIPE), spec=SPEC)
    moments = moments_of(_track(), SPEC, [1.5, 2.0, 2.5])
    examples, task = examples_of(moments), task_of(recipe)
    assert examples.joints.shape == (3, 24, 21, 3)
    changed = task.change(examples.joints, torch.Generator().manual_seed(2)).numpy()
    later = changed[:, 20:]
    turned = Moments(changed[:, :20], later[..., :2], later[..., 2] > 0)
    # Turned, mirrored or scaled, an even movement stays even.
    assert np.nanmax(judge(turned, kept_up(turned.joints, SPEC)).off) < 1e-3
    assert not np.allclose(changed, examples.joints)


def test_figures_of_the_card_name_methods_and_times() -> None:
    figures = card_figures(moments_of(_track(), SPEC, [1.5, 2.0]), foresight_of(SPEC), SPEC)
    assert {"simulated_network_200ms", "simulated_hold_200ms", "simulated_velocity_300ms"} <= figures.keys()
    assert figures["simulated_velocity_200ms"] < 1e-3 < figures["simulated_hold_200ms"]


class _Holding:
    spec = SPEC

    def predict(self, joints: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        return np.repeat(joints[-1:, :, :2], 4, axis=0)


def test_the_table_knows_what_is_drawn() -> None:
    still, moved = (ghost.Recordings("x", (_track(4.0, speed=speed),)) for speed in (0.0, 60.0))
    drawn, hidden = (list(ghost._live_rows(one, _Holding())) for one in (still, moved))
    assert [row[1] for row in drawn] == list(ghost.AHEAD_S)
    assert all(float(row[3] or 0) > 70 and row[6] is not None for row in drawn)
    assert all(row[3] == 0.0 and row[4] is None for row in hidden)
