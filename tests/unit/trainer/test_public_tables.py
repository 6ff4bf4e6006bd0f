"""The tables of public benchmarks, on tiny made-up data; with FIAS_DATA also their splits."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.skeleton import KINECT20, PENN13
from fias_desktop.models.contract import Batch
from fias_desktop.models.streams import STREAMS
from trainer.data.sequence import CAMERA, PIXELS, SkeletonSequence
from trainer.learn.augment import NOTHING, known
from trainer.recipe import Focus, Optimisation
from trainer.tables import nucla, penn, public_common
from trainer.tables.public_common import FINAL, RECIPES, Benchmark, Fold, PublicRecipe, Run, Runner, Variant
from trainer.tables.public_networks import NetworkConfig, build
from trainer.tables.public_report import Goal, Published, Story, write_final, write_validation
from trainer.tables.public_windows import LENGTH, Cutting, changed, cut, examples_of, judged_windows, normalised

LABELS = ("raise", "lower")
CUTTING = Cutting(8, 0.8, crops=((0.0, 1.0), (0.1, 0.8)))
STORY = Story(
    "Two movements", (Goal("fused", "fused", 99.0),), (Published("Theirs", "one", 90.0, "a book"),), ("n",), True
)


def movement(action: int, number: int, frames: int = 24) -> SkeletonSequence:
    """A Kinect skeleton whose hands go up (0) or down (1)."""
    rng = np.random.default_rng(100 * action + number)
    points = rng.normal(size=(1, 20, 3)).repeat(frames, axis=0) + rng.normal(size=3)
    hands = KINECT20.indices("left_hand", "right_hand")
    points[:, hands, 1] += np.linspace(0, 1.0 if action == 0 else -1.0, frames)[:, None]
    labels = np.full(frames, action)
    return SkeletonSequence(
        points, labels, 30.0, "made up", f"{action}-{number}", "", KINECT20.name, CAMERA, None, LABELS, split="train"
    )


def two_movements(_: Path, name: str) -> Fold:
    """Twelve teachers, and judges of which two are copies in the final fold."""
    train = tuple(movement(action, number) for action in (0, 1) for number in range(6))
    test = tuple(movement(action, number) for action in (0, 1) for number in range(5, 9))
    return Fold(train, test, np.array([one.name not in {"0-5", "1-5"} or name != FINAL for one in test]))


TINY = Benchmark("tiny", LABELS, nucla.SPACE, ("half",), two_movements)
NET = Variant(
    "tcn", NetworkConfig("tcn", 8), CUTTING, Optimisation(1, 5.0, batch=4, bfloat16=False, device="cpu"), NOTHING
)


def clip(score: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> SkeletonSequence:
    points = np.random.default_rng(0).uniform(10, 90, size=(*score.shape, 2)).astype(np.float32)
    points[score == 0] = np.nan
    return SkeletonSequence(
        points,
        np.zeros(len(score), np.int64),
        30.0,
        "made up",
        "c",
        "",
        PENN13.name,
        PIXELS,
        score,
        LABELS,
        size=(100, 100),
    )


@pytest.mark.parametrize("name", ["nucla", "nucla_full", "nucla_models", "penn", "penn_full"])
def test_the_recipes_are_complete(name: str) -> None:
    recipe = public_common.read_recipe(RECIPES / f"{name}.toml")
    assert recipe.final and bool(recipe.validated) == (not recipe.table)
    assert bool(recipe.reduced) == (not name.endswith("full"))
    for variant in recipe.final:
        network = build(variant.network, nucla.SPACE, 10, "bone")
        windows = torch.randn(2, variant.cutting.frames, 20, 3)
        assert network.eval()(Batch(windows, known(windows))).logits.shape == (2, 10)


def test_a_variant_changes_only_what_base_has(tmp_path: Path) -> None:
    text = (RECIPES / "nucla.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text.replace("[variants.gcn]", "[variants.gcn.weather]\nsun = 1"), encoding="utf-8")
    with pytest.raises(FiasError, match="weather"):
        public_common.read_recipe(wrong)


def test_metric_gaps_are_bridged_and_hidden_joints_of_pictures_are_masked() -> None:
    whole = movement(0, 0, frames=LENGTH)
    points, score = whole.points.copy(), np.ones((LENGTH, 20), np.float32)
    points[5, 3], score[5, 3] = np.nan, 0.0
    found = examples_of([replace(whole, points=points, score=score)], nucla.SPACE).joints[0]
    torch.testing.assert_close(found, torch.from_numpy(whole.points.copy()), atol=1e-4, rtol=1e-4)

    score = np.ones((LENGTH, 13), np.float32)
    score[:, 4] = 0.0
    joints = examples_of([clip(score)], penn.SPACE).joints
    assert joints.shape == (1, LENGTH, 13, 3) and not known(joints)[:, :, 4].any()
    moved = normalised(joints, penn.SPACE)
    assert not moved[:, :, 4].any() and (moved[:, :, 5, 2] == 1).all()
    size = moved[..., :2].square().sum(-1)[known(moved)].mean()
    assert float(size) == pytest.approx(1.0, abs=1e-4)


def test_a_window_is_the_part_asked_for() -> None:
    line = torch.linspace(1, 2, LENGTH)[None, :, None, None].expand(2, -1, 1, 1)
    part = cut(line, torch.tensor([0.0, 0.5]), torch.tensor([1.0, 0.5]), 5)[..., 0, 0]
    torch.testing.assert_close(part, torch.stack([torch.linspace(1, 2, 5), torch.linspace(1.5, 2, 5)]))


def test_windows_do_not_depend_on_where_the_person_stands_or_how_large_the_picture_is() -> None:
    joints = examples_of([movement(0, 0)], nucla.SPACE).joints
    torch.testing.assert_close(
        normalised(joints + 3.0, nucla.SPACE), normalised(joints, nucla.SPACE), atol=1e-4, rtol=0
    )
    flat = examples_of([clip(np.ones((9, 13), np.float32))], penn.SPACE).joints
    larger = torch.cat([flat[..., :2] * 3 + 50, flat[..., 2:]], dim=-1)
    torch.testing.assert_close(normalised(larger, penn.SPACE), normalised(flat, penn.SPACE), atol=1e-4, rtol=1e-4)


def test_facing_undoes_a_turn_about_the_vertical() -> None:
    joints = normalised(examples_of([movement(0, 0)], nucla.SPACE).joints, nucla.SPACE)
    cos, sin = np.cos(1.1), np.sin(1.1)
    turn = torch.tensor([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]], dtype=torch.float32)
    straight, turned = (normalised(one, nucla.SPACE, facing=True) for one in (joints, joints @ turn))
    torch.testing.assert_close(turned, straight, atol=1e-4, rtol=1e-4)


def test_training_windows_follow_the_generator_and_judged_ones_are_every_crop_and_its_mirror() -> None:
    joints = examples_of([movement(0, 0), movement(1, 1)], nucla.SPACE).joints
    first, again, other = (
        changed(joints, nucla.SPACE, CUTTING, NOTHING, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again) and not torch.equal(first, other)
    windows = judged_windows(joints, nucla.SPACE, CUTTING)
    assert len(windows) == 4 and {window.shape for window in windows} == {(2, 8, 20, 3)}
    left, right = KINECT20.index("left_hand"), KINECT20.index("right_hand")
    torch.testing.assert_close(windows[2][:, :, left, 0], -windows[0][:, :, right, 0])


def test_runs_are_kept_and_not_repeated_and_the_table_has_every_stream(tmp_path: Path) -> None:
    wanted = [Run(TINY, NET, FINAL, stream, 0) for stream in STREAMS]
    seen: list[str] = []
    runner = Runner(tmp_path, jobs=1, runs=tmp_path / "runs")
    runner.all(wanted, lambda run: seen.append(run.stream))
    Runner(tmp_path, jobs=1, runs=tmp_path / "runs").all(wanted, lambda run: seen.append("again"))
    assert tuple(seen) == STREAMS

    recipe = PublicRecipe("tiny", "The full recipe is larger.", (NET,), (NET,))
    write_final(TINY, STORY, recipe, wanted, runner, "command", tmp_path)
    text = (tmp_path / "tiny.md").read_text(encoding="utf-8")
    for words in ("joint motion", "four streams fused", "Theirs (published; a book)", "Goal: fused", "Reduced recipe"):
        assert words in text
    row = next(line for line in (tmp_path / "tiny.csv").read_text(encoding="utf-8").splitlines() if "fused" in line)
    cells = row.split(",")
    assert cells[4] == "8" and cells[9] == "6"  # eight judges, two of them copies (the network's name has a comma)
    confusion = (tmp_path / "tiny_confusion.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [sum(map(int, line.split(",")[1:])) for line in confusion] == [4, 4]
    assert (tmp_path / "tiny_confusion.png").stat().st_size > 1000


@pytest.mark.parametrize(
    "network",
    [
        NetworkConfig("stgcnpp", 12, 6),
        NetworkConfig("infogcnpp", 16, 2),
        NetworkConfig("msg3d_stf", 12, scales=3, space_time_scales=2, focus=True),
    ],
    ids=lambda network: network.name,
)
@pytest.mark.parametrize("stream", ["joint", "bone_motion"])
def test_every_network_learns_and_is_judged(network: NetworkConfig, stream: str, tmp_path: Path) -> None:
    run = Run(TINY, replace(NET, network=network, optimisation=replace(NET.optimisation, epochs=2)), FINAL, stream, 0)
    answers = public_common.load(public_common.work(run, tmp_path, tmp_path / "runs"))
    assert answers.scores.shape == (8, len(LABELS)) and np.isfinite(answers.scores).all()
    assert answers.parameters > 1000 and network.words.split(",")[0] in {"ST-GCN++", "InfoGCN++", "STF on MS-G3D"}


def test_a_recipe_with_a_table_of_its_own_leaves_the_benchmarks_alone(tmp_path: Path) -> None:
    network = NetworkConfig("msg3d_stf", 12, scales=3, space_time_scales=2, focus=True)
    focused = replace(NET, name="stf", network=network, focus=Focus(coherence=0.1, guidance=0.01))
    wanted = [Run(TINY, variant, FINAL, "joint", 0) for variant in (NET, focused)]
    assert wanted[1].folder() != replace(wanted[1], variant=replace(focused, focus=Focus())).folder()
    runner = Runner(tmp_path, jobs=1, runs=tmp_path / "runs")
    runner.all(wanted, lambda run: None)
    recipe = PublicRecipe("tiny_models", "Small.", (), (NET, focused), table="tiny_models")
    write_final(TINY, replace(STORY, own_notes=("only there",)), recipe, wanted, runner, "command", tmp_path)
    text = (tmp_path / "tiny_models.md").read_text(encoding="utf-8")
    assert "STF on MS-G3D" in text and "Goal" not in text and "only there" not in text
    assert not (tmp_path / "tiny.md").exists() and not (tmp_path / "tiny_confusion.md").exists()


def test_an_unknown_variant_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIAS_DATA", str(tmp_path))
    with pytest.raises(FiasError, match="none of nope") as caught:
        nucla.main(["--variants", "nope", "--runs", str(tmp_path / "runs"), "--out", str(tmp_path)])
    assert "gcn_hold" in caught.value.hint


def test_other_settings_are_another_run_and_a_time_limit_is_not() -> None:
    run = Run(TINY, NET, FINAL, "joint", 0)
    assert run.folder() == replace(run, minutes=1.0).folder()
    assert run.folder() != replace(run, variant=replace(NET, cutting=Cutting(9))).folder()


def test_validation_is_told_by_fold(tmp_path: Path) -> None:
    wanted = [Run(TINY, NET, "half", "joint", 0)]
    runner = Runner(tmp_path, jobs=1, runs=tmp_path / "runs")
    runner.all(wanted, lambda run: None)
    write_validation(TINY, wanted, runner, "command", tmp_path)
    head, row = (tmp_path / "tiny_validation.csv").read_text(encoding="utf-8").splitlines()
    assert head.startswith("variant,fold,n,joint") and row.startswith("tcn,half,8,")


def test_held_poses_stand_still_at_the_ends() -> None:
    joints = examples_of([movement(0, 0)], nucla.SPACE).joints
    held = Cutting(20, 2.0, most_share=2.0)
    windows = changed(joints, nucla.SPACE, held, NOTHING, torch.Generator().manual_seed(0))
    moved = (windows[:, 1:] - windows[:, :-1]).abs().amax(dim=(0, 2, 3)) > 1e-5
    assert 7 <= int(moved.sum()) <= 12  # half of the window


def test_mixed_windows_are_judged_by_both_labels() -> None:
    mixing = public_common.Mixing(1.0)
    joints = torch.stack([torch.full((4, 2, 3), float(value)) for value in (1, 2, 3)])
    mixed = mixing.windows(joints, torch.Generator().manual_seed(3))
    for row, partner in enumerate(mixing.partner.tolist()):
        assert float(mixed[row, 0, 0, 0]) == pytest.approx(
            mixing.share * (row + 1) + (1 - mixing.share) * (partner + 1)
        )
    logits, label = torch.randn(3, 2, generator=torch.Generator().manual_seed(0)), torch.tensor([0, 1, 1])
    each = torch.nn.functional.cross_entropy(logits, label)
    other = torch.nn.functional.cross_entropy(logits, label[mixing.partner])
    assert float(mixing.loss(logits, label, 0.0)) == pytest.approx(
        float(mixing.share * each + (1 - mixing.share) * other)
    )
    assert public_common.Mixing(0.0).windows(joints, torch.Generator()) is joints


def test_doubtful_labels_teach_only_where_the_variant_says_so() -> None:
    fold = replace(two_movements(Path(), FINAL), doubtful=frozenset({"0-1", "1-2"}))
    assert len(fold.teachers(True)) == 12
    assert {"0-1", "1-2"}.isdisjoint(one.name for one in fold.teachers(False)) and len(fold.teachers(False)) == 10


@pytest.mark.skipif("FIAS_DATA" not in os.environ, reason="FIAS_DATA is not set")
def test_no_choice_is_made_by_those_who_judge_in_the_end() -> None:
    data = Path(os.environ["FIAS_DATA"])
    for benchmark, judges, own in ((nucla.BENCHMARK, 464, 369), (penn.BENCHMARK, 1068, 1068)):
        final = benchmark.fold(data, FINAL)
        assert len(final.test) == judges and int(final.own.sum()) == own
        held = {one.name for one in final.test}
        assert len(final.train) - len(final.teachers(False)) == (24 if benchmark is nucla.BENCHMARK else 0)
        for name in benchmark.validation:
            part = benchmark.fold(data, name)
            assert not held & {one.name for one in (*part.train, *part.test)}
            assert not {one.name for one in part.train} & {one.name for one in part.test}
