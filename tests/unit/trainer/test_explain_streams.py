"""Agreement of the heat of a network's streams, on cases whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.models.registry import build
from fias_desktop.resources import DEFAULT_MODEL, model_dir, read_card
from tests.unit.trainer.explain_cases import ERROR, JOINTS, joints_of, targets_of, windows_of
from trainer import explain_eval
from trainer.explain.judge import Entry
from trainer.explain.model import Model, load, model_of
from trainer.explain.streams import COLUMNS as STREAM_COLUMNS
from trainer.explain.streams import EVERY_PAIR, pairs_of, stream_rows
from trainer.export import write_model
from trainer.learn.fit import CURVES
from trainer.learn.run_facts import FACTS


@pytest.fixture(scope="module")
def spec() -> ModelSpec:
    return replace(read_card(model_dir(DEFAULT_MODEL)), temperature=1.0)


@pytest.fixture(scope="module")
def stgcnpp() -> Model:
    return load(model_dir("stgcnpp_sim"))


def test_streams_that_look_alike_agree_and_others_are_at_chance() -> None:
    rng, known = np.random.default_rng(0), np.ones((400, 5, JOINTS), np.bool_)
    heat = rng.random((400, 5, JOINTS)).astype(np.float32)
    other = rng.random((400, 5, JOINTS)).astype(np.float32)
    other[0] = 0.0  # a stream without heat says nothing
    alike, apart = pairs_of(np.stack([heat, 3 * heat, other]), ("joint", "bone", "joint_motion"), known)[:2]
    assert (alike.names, apart.names) == ("joint and bone", "joint and joint_motion")
    np.testing.assert_allclose(alike.correlation, 1.0)
    assert (alike.same == 1.0).all()
    assert np.isnan(apart.correlation[0]) and np.isnan(apart.same[0])
    assert abs(np.nanmean(apart.correlation)) < 0.05
    assert abs(np.nanmean(apart.same) - 1 / JOINTS) < 0.04


def test_only_known_joints_of_streams_are_compared() -> None:
    known = np.zeros((1, 1, JOINTS), np.bool_)
    known[..., :4] = True
    first, second = np.zeros((2, 1, 1, JOINTS), np.float32)
    first[..., :5], second[..., :5] = (1, 2, 3, 4, 9), (1, 2, 3, 4, 0)
    (pair,) = pairs_of(np.stack([first, second]), ("joint", "bone"), known)
    assert pair.correlation[0] == pytest.approx(1.0)
    assert pair.same[0] == 1.0


def test_a_model_of_several_streams_gets_a_row_for_every_pair(spec: ModelSpec, stgcnpp: Model) -> None:
    fused = replace(spec, network="stgcnpp", streams=("joint", "bone", "joint_motion"), explanation="grad_cam",
                    params={"width": 12, "blocks": 6})  # fmt: skip
    rows = stream_rows(model_of(fused, build(fused)), joints_of(3), targets_of(3), np.arange(3))
    assert [row[1] for row in rows] == [
        "joint and bone", "joint and joint_motion", "bone and joint_motion", EVERY_PAIR,
    ]  # fmt: skip
    assert all(len(row) == len(STREAM_COLUMNS) for row in rows)
    assert rows[0][-1] == pytest.approx(1 / JOINTS)
    assert stream_rows(stgcnpp, joints_of(3), targets_of(3), np.arange(3)) == ()


def test_the_table_of_streams_is_written_for_models_that_have_several(tmp_path: Path, spec: ModelSpec) -> None:
    fused = replace(spec, id="two", network="stgcnpp", streams=("joint", "bone"), explanation="grad_cam", errors=(),
                    params={"width": 12, "blocks": 6})  # fmt: skip
    arrays = {name: values.numpy() for name, values in build(fused).state_dict().items()}
    for head in (values for name, values in arrays.items() if name.endswith(".head.weight")):
        head[:] = np.arange(len(LABELS))[:, None] == ERROR  # so that every stream has heat
    several, single = Entry(write_model(tmp_path / "two", fused, arrays)), Entry(model_dir(DEFAULT_MODEL))
    windows = replace(windows_of(8), joints=joints_of(8))
    truth, right = explain_eval.truth_of(windows, 0.0), np.arange(8) < 6
    tables = explain_eval.Tables("the command", tmp_path)
    asked = np.ones(8, np.bool_)
    explain_eval.write_streams([single], [right], asked, windows, truth, tables)
    assert not (tmp_path / "explain_streams.csv").exists()
    (several.folder / CURVES).write_text("epoch\n1\n2\n", encoding="utf-8")
    (several.folder / FACTS).write_text('{"train": 99}', encoding="utf-8")
    explain_eval.write_streams([single, several], [right, right], asked, windows, truth, tables)
    said = (tmp_path / "explain_streams.md").read_text(encoding="utf-8")
    assert "`two` (a reduced run: 99 windows, epochs: 2) names 6 of 8" in said
    text = (tmp_path / "explain_streams.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[:3] for row in text[1:]] == [["two", "joint and bone", "6"], ["two", EVERY_PAIR, "6"]]
    with pytest.raises(FiasError, match="names no error right"):
        explain_eval.write_streams([several], [~asked], asked, windows, truth, tables)
    given = explain_eval._parser().parse_args(["--only-streams"])
    assert explain_eval.command_of(given).endswith("--only-streams")
