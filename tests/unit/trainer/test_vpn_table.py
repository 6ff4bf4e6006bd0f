"""The video-pose table at a tiny size: it trains, goes on where it stopped, and says what it measured."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch

from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.models.registry import build as of_card
from trainer.export import write_model
from trainer.recipe import read_recipe
from trainer.simulate.appearance import make_set
from trainer.tables import vpn, vpn_served
from trainer.tables.vpn_runs import FULL, POSE, ROWS, SHAPE, Answers, Clips, SmallRecipe, build, mirrored, order

WRIST = COCO17_FEET.index("left_wrist"), COCO17_FEET.index("right_wrist")


def _answers(hits: list[int], label: list[int]) -> Answers:
    """Answers that are right where `hits` says so."""
    said = [(right + 1 - hit) % 3 for hit, right in zip(hits, label, strict=True)]
    return Answers(np.eye(3, dtype=np.float32)[said], 7, 0.5)


def test_batches_hold_whole_scenes_once() -> None:
    rows = order(15, 6, torch.Generator().manual_seed(0))
    assert [len(batch) for batch in rows] == [6, 6]
    for batch in rows:
        assert (batch.view(-1, 3) % 3 == torch.arange(3)).all()
    assert len(set(torch.cat(rows).tolist())) == 12


def test_mirrors_turn_pictures_and_joints_alike_and_scenes_as_a_whole() -> None:
    clips = Clips.of(make_set(4, 1, "validation", SHAPE))
    before = clips.batch(torch.arange(12))
    after = mirrored(before, torch.Generator().manual_seed(0))
    assert before.clip is not None and after.clip is not None
    turned = (after.clip != before.clip).flatten(1).any(dim=1)
    assert set(turned.view(4, 3).sum(dim=1).tolist()) == {0, 3}
    torch.testing.assert_close(after.clip[turned], before.clip[turned].flip(3))
    torch.testing.assert_close(after.joints[turned][:, :, WRIST[0], 0], -before.joints[turned][:, :, WRIST[1], 0])
    torch.testing.assert_close(after.joints[~turned], before.joints[~turned])


def test_every_row_is_a_network_that_answers() -> None:
    clips = Clips.of(make_set(1, 1, "validation", SHAPE))
    sizes = set()
    for row in ROWS:
        network = build(row, SmallRecipe()).eval()
        assert network(clips.batch(torch.arange(3))).logits.shape == (3, 3)
        sizes.add(sum(p.numel() for p in network.parameters()))
    assert len(sizes) == len(ROWS)


def test_cells_say_what_was_hit() -> None:
    label = [0, 1, 2] * 2
    found = {POSE: [_answers([1, 0, 0] * 2, label)] * 2, FULL: [_answers([1, 1, 0] * 2, label)] * 2}
    cells = dict(zip(vpn.COLUMNS, vpn.cells(POSE, found, np.array(label)), strict=True))
    assert cells["accuracy"] == pytest.approx(1 / 3)
    assert cells["low"] == cells["high"] == pytest.approx(1 / 3)  # every scene is hit alike
    assert (cells["named dumbbell"], cells["named band"], cells["named nothing"]) == (1.0, 0.0, 0.0)
    assert cells["full less this"] == pytest.approx(1 / 3)
    assert dict(zip(vpn.COLUMNS, vpn.cells(FULL, found, np.array(label)), strict=True))["full less this"] is None


def test_the_command_trains_writes_and_goes_on(tmp_path: Path) -> None:
    options = ["--seeds", "1", "--train", "2", "--test", "2", "--epochs", "1", "--runs", str(tmp_path / "runs")]
    options += ["--cache", str(tmp_path / "cache"), "--out", str(tmp_path)]
    assert vpn.main(options) == 0
    with (tmp_path / "vpn.csv").open(encoding="utf-8") as file:
        rows = {row["network"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["chance", *ROWS]
    assert float(rows[POSE]["accuracy"]) == pytest.approx(1 / 3, abs=1e-5)  # whatever it learnt
    text = (tmp_path / "vpn.md").read_text(encoding="utf-8")
    assert "Reduced recipe" in text
    assert "python -m trainer tables vpn --seeds 1 --train 2 --test 2 --epochs 1" in text
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").rglob("answers.npz")}
    assert len(times) == len(ROWS)
    assert vpn.main([*options, "--report"]) == 0
    assert vpn.main(options) == 0
    assert times == {path: path.stat().st_mtime_ns for path in times}


def test_a_model_is_judged_on_pictures_that_the_program_cuts(tmp_path: Path) -> None:
    recipe = read_recipe(Path(__file__).parents[3] / "trainer" / "recipes" / "vpn_small.toml")
    torch.manual_seed(0)
    arrays = {name: values.numpy() for name, values in of_card(recipe.spec).state_dict().items()}
    folder = write_model(tmp_path / "hands", recipe.spec, arrays)
    assert vpn.main(["--served", str(folder), "--scenes", "1", "--out", str(tmp_path)]) == 0
    with (tmp_path / "vpn_served.csv").open(encoding="utf-8") as file:
        rows = {row["pictures"]: row for row in csv.DictReader(file)}
    assert list(rows) == [vpn_served.TRAINED, vpn_served.SERVED]
    assert {row["clips"] for row in rows.values()} == {"3"}
    pairs = vpn_served.pairs_of(recipe.spec, 1)
    for trained, served in zip(pairs.trained, pairs.served, strict=True):
        assert trained.clip is not None and served.clip is not None
        assert served.clip.shape == trained.clip.shape
        # The same person at the same place: far more alike than any other picture of a clip shifted aside.
        near = np.abs(trained.clip.astype(float) - served.clip).mean()
        aside = np.abs(np.roll(trained.clip, 14, axis=2).astype(float) - served.clip).mean()
        assert near < 0.6 * aside
