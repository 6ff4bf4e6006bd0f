"""The table of full recipes: every network is in it, a trial is made once, and short tables leave results alone."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest

from fias_desktop.domain.errors import FiasError
from tests.unit.trainer.test_public_tables import NET, STORY, TINY
from trainer.learn.trial import Trial
from trainer.tables import command, public_common, public_report, recipes, stf, stf_data
from trainer.tables.public_common import RECIPES
from trainer.tables.recipes import Row
from trainer.tables.stf_runs import Runs

TRIAL = Trial(1000, 64, 0.5, 4.0, 3.0, 2.0, 640, 10)


def test_every_network_of_every_full_recipe_is_tried(tmp_path: Path) -> None:
    rows = list(recipes.rows_of(tmp_path))
    full = {path.stem for path in RECIPES.glob("*_full.toml")}
    assert {row.recipe for row in rows} == full | {"stgcnpp_streams", "crossview"}
    assert len({(row.recipe, row.network, row.data) for row in rows}) == len(rows)
    for name in ("nucla_full", "penn_full", "sport_full", "nucla_models_full"):
        wanted = [variant.network.words for variant in public_common.read_recipe(RECIPES / f"{name}.toml").final]
        assert sorted(row.network for row in rows if row.recipe == name) == sorted(wanted)
    ablated = [row.network for row in rows if row.recipe == "stf_full" and row.data == stf_data.NUCLA]
    losses = ["none", "L_c", "L_d, L_c", "L_d, L_c, L_G", "L_e", "none", "L_d, L_c", "L_e"]
    assert [words.rpartition(": ")[2] for words in ablated] == losses


def test_a_network_of_a_public_table_goes_over_all_of_its_data_or_over_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIAS_DATA", str(tmp_path))
    variant = replace(NET, optimisation=replace(NET.optimisation, epochs=30))
    whole, part = (recipes._public("tiny", TINY, variant, tmp_path / str(limit)).tried(limit) for limit in (None, 8))
    assert whole.whole_epoch and (whole.windows, whole.epochs) == (12, 30)
    assert not part.whole_epoch and (part.windows, part.epoch_windows) == (8, 12)
    assert whole.parameters == part.parameters and whole.epoch_minutes == pytest.approx(12 / whole.rate / 60)


def test_a_trial_is_made_once_and_the_table_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int | None] = []

    def tried(limit: int | None) -> Trial:
        made.append(limit)
        return TRIAL

    row = Row("crossview", "a network", "some", 128, tried, trainings=24, at_once=2)
    monkeypatch.setattr(recipes, "rows_of", lambda folder: iter([row, replace(row, data="other")]))
    given = ["recipes", "--kept", str(tmp_path / "kept"), "--out", str(tmp_path)]
    assert command.main([*given, "--report"]) == 0
    assert not made and not (tmp_path / "recipes.csv").exists()
    for _ in range(2):
        assert command.main(given) == 0
    assert made == [128, 128]
    with (tmp_path / "recipes.csv").open(newline="", encoding="utf-8") as file:
        first, second = csv.DictReader(file)
    assert (first["data"], second["data"]) == ("some", "other")
    assert (first["learnt from"], first["falls"], first["trainings"]) == ("trial", "yes", "24")
    assert float(first["minutes an epoch"]) == pytest.approx(640 / 4 / 60, rel=1e-4)
    assert float(first["hours in all"]) == pytest.approx(10 * 640 / 4 / 3600 * 12, rel=1e-4)
    with pytest.raises(FiasError, match="no full recipe 'crossviews'"):
        command.main([*given, "--recipes", "crossviews"])
    assert command.main([*given, "--windows", "64"]) == 0
    assert made == [128, 128, 64, 64]
    assert "--windows 64" in (tmp_path / "recipes.md").read_text(encoding="utf-8")


def test_choosing_a_recipe_leaves_the_rows_of_others_in_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials = iter([TRIAL, replace(TRIAL, rate=math.nan)])
    rows = [Row(name, "a network", "some", 128, lambda limit: next(trials)) for name in ("crossview", "nucla_full")]
    monkeypatch.setattr(recipes, "rows_of", lambda folder: iter(rows))
    given = ["recipes", "--kept", str(tmp_path / "kept"), "--out", str(tmp_path), "--recipes"]
    found = []
    for name in ("crossview", "nucla_full"):
        assert command.main([*given, name]) == 0
        with (tmp_path / "recipes.csv").open(newline="", encoding="utf-8") as file:
            found.append([(row["recipe"], row["falls"], row["windows/s"]) for row in csv.DictReader(file)])
    assert found[0] == [("crossview", "yes", "4")]
    assert found[1] == [("crossview", "yes", "4"), ("nucla_full", "", "")]


def test_a_shortened_table_says_so_and_leaves_the_result_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIAS_DATA", str(tmp_path))
    text = (RECIPES / "nucla.toml").read_text(encoding="utf-8")
    for old, new in (
        ("width = 32", "width = 12"),
        ("frames = 20", "frames = 8"),
        ('"gcn_hold", "gcn_long", ', '"gcn"] #'),
    ):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "tiny.toml").write_text(text, encoding="utf-8")
    (tmp_path / "tiny.md").write_text("a result", encoding="utf-8")
    places = ["--recipe", str(tmp_path / "tiny.toml"), "--runs", str(tmp_path / "runs"), "--out", str(tmp_path)]
    short = [*places, "--epochs", "1", "--jobs", "1", "--streams", "joint", "--variants", "gcn"]
    assert public_report.run_command(TINY, STORY, short) == 0
    said = (tmp_path / "tiny_short.md").read_text(encoding="utf-8")
    assert "Cut short" in said and "from 60 epochs" in said and "--epochs 1" in said and "1 of 1 epochs" in said
    assert public_report.run_command(TINY, STORY, [*short, "--validate"]) == 0
    assert {path.name for path in tmp_path.glob("tiny*.md")} == {
        "tiny.md", "tiny_short.md", "tiny_short_validation.md"
    }  # fmt: skip
    assert (tmp_path / "tiny.md").read_text(encoding="utf-8") == "a result"
    whole = public_common.read_recipe(tmp_path / "tiny.toml")
    assert public_common.shortened(whole, "tiny", None) is whole


def test_a_shortened_ablation_says_so_and_trains_apart(tmp_path: Path) -> None:
    whole = stf_data.read(RECIPES / "stf_full.toml")
    short = stf_data.shortened(whole, 1)
    assert stf_data.shortened(whole, None) is whole and whole.table == "stf"
    assert (short.nucla.epochs, short.nucla.tuning_epochs, short.simulated.epochs) == (1, 1, 1)
    assert short.table == "stf_short" and "Cut short" in short.reduced
    given = stf.parser().parse_args(["--epochs", "1", "--out", str(tmp_path)])
    stf.report(Runs(short, tmp_path), (), given)
    assert {path.name for path in tmp_path.iterdir()} == {"stf_short.md", "stf_short.csv"}
    said = (tmp_path / "stf_short.md").read_text(encoding="utf-8")
    assert "Cut short" in said and "--epochs 1" in said
