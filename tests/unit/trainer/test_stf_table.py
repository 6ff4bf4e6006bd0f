"""STF's ablation at a tiny size: both data sets, kept runs, averaged networks and the tables."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.contract import Batch, FeatureTensor, Output
from fias_desktop.models.msg3d_stf import FocusModule
from fias_desktop.models.streams import JOINT
from trainer.learn.augment import NOTHING, known
from trainer.learn.focus import Averaged, Focus
from trainer.learn.trial import Trace
from trainer.tables import nucla, stf
from trainer.tables.public_common import RECIPES
from trainer.tables.public_networks import MSG3D_STF, STGCNPP, NetworkConfig, build
from trainer.tables.stf_data import SIMULATED, Ground, Simulated, StfRecipe, read, simulated_ground
from trainer.tables.stf_runs import METHODS, ROWS, Part, Runs, answers, config_of, explanations, share_of, start_from

M1, M4, M5 = ROWS[0], ROWS[3], ROWS[4]


@pytest.fixture(scope="module")
def recipe() -> StfRecipe:
    """The reduced recipe made tiny."""
    whole = read(RECIPES / "stf.toml")
    return replace(
        whole,
        name="tiny",
        msg3d=NetworkConfig(MSG3D_STF, 6, scales=3, space_time_scales=1),
        stgcnpp=NetworkConfig(STGCNPP, 12, 6),
        optimisation=replace(whole.optimisation, batch=16, learning_rate=1e-2),
        simulated=Simulated(NOTHING, 4, 1, 8, 3.0, 64, 60, 20, 1),
    )


@pytest.fixture(scope="module")
def ground(recipe: StfRecipe) -> Ground:
    """Tiny simulated windows."""
    return simulated_ground(recipe, None)


class Says(nn.Module):
    """A network that gives the same logits to every window."""

    def __init__(self, logits: list[float]) -> None:
        super().__init__()
        self.logits = torch.tensor(logits)

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K) and one map."""
        count = len(batch.joints)
        return Output(self.logits.expand(count, -1), (FeatureTensor("block2", torch.ones(count, 1, 2, 3)),))


def _joints(count: int = 2) -> Tensor:
    return torch.ones(count, 4, 3, 3)


@pytest.mark.parametrize("name", ["stf", "stf_full"])
def test_the_recipes_are_complete_and_their_networks_can_be_built(name: str) -> None:
    whole = read(RECIPES / f"{name}.toml")
    assert bool(whole.reduced) == (not name.endswith("full")) and whole.shares == (1.0, 0.2)
    for row in (M1, M4, ROWS[5]):
        network = build(config_of(whole, Part(1.0, row.plain, 0, row.parts[0])), nucla.SPACE, 10, JOINT)
        x = torch.randn(1, 8, 20, 3)
        assert network.eval()(Batch(x, known(x))).logits.shape == (1, 10)


def test_a_recipe_that_lacks_something_is_refused(tmp_path: Path) -> None:
    text = (RECIPES / "stf.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text.replace("tuning_rate", "rate"), encoding="utf-8")
    with pytest.raises(FiasError, match="tuning_rate"):
        read(wrong)
    with pytest.raises(FiasError, match="cannot be read"):
        read(tmp_path / "none.toml")


def test_probabilities_are_averaged_and_features_keep_their_networks_name() -> None:
    pair = Averaged([Says([2.0, 0.0]), Says([0.0, 1.0])])
    output = pair(Batch(_joints(), torch.ones(2, 4, 3, dtype=torch.bool)))
    expected = (torch.tensor([2.0, 0.0]).softmax(0) + torch.tensor([0.0, 1.0]).softmax(0)) / 2
    assert torch.allclose(output.logits.softmax(dim=1), expected.expand(2, -1))
    assert torch.allclose(output.logits.exp().sum(dim=1), torch.ones(2))
    assert [feature.name for feature in output.features] == ["0/block2", "1/block2"]


def test_a_network_with_a_module_starts_as_the_one_it_is_tuned_from(recipe: StfRecipe, ground: Ground) -> None:
    bare = build(config_of(recipe, Part(1.0, False, 0)), ground.space, 10, JOINT).eval()
    part = Part(1.0, False, 0, Focus(guidance=0.01))
    network = build(config_of(recipe, part), ground.space, 10, JOINT).eval()
    assert any(isinstance(module, FocusModule) for module in network.modules())
    start_from(network, bare)
    x = ground.test.joints[:4]
    with torch.no_grad():
        one, other = (each(Batch(x, known(x))).logits for each in (bare, network))
    torch.testing.assert_close(one, other)


def test_only_the_training_that_was_asked_for_is_watched(recipe: StfRecipe, ground: Ground, tmp_path: Path) -> None:
    trace, runs = Trace(), Runs(recipe, tmp_path)
    runs.trained(ground, Part(1.0, True, 0, Focus(divergence=0.1)), trace.of)
    assert sum(trace.windows) == ground.tuning_epochs * 64  # not the four epochs of the network it is tuned from
    assert len(list(tmp_path.rglob("checkpoint.pt"))) == 2


def test_a_share_is_drawn_once_for_a_seed(ground: Ground) -> None:
    few = share_of(ground.train, Part(0.25, False, 3))
    assert len(few) == 16 and torch.equal(few.joints, share_of(ground.train, Part(0.25, True, 3, Focus())).joints)
    assert not torch.equal(few.joints, share_of(ground.train, Part(0.25, False, 4)).joints)


def test_what_is_explained_has_known_errors_and_is_named_right(
    recipe: StfRecipe, ground: Ground, tmp_path: Path
) -> None:
    assert ground.explained is not None
    assert ground.explained.cases.fault.any(axis=(1, 2)).all()
    runs = Runs(recipe, tmp_path / "runs")
    places = [runs.work(ground, row, 1.0, 0) for row in (M1, M5)]
    before = [path.stat().st_mtime_ns for path in sorted(tmp_path.rglob("checkpoint.pt"))]
    assert len(before) == 4  # MS-G3D, M1 and the two networks of M5
    assert [runs.work(ground, row, 1.0, 0) for row in (M1, M5)] == places
    assert [path.stat().st_mtime_ns for path in sorted(tmp_path.rglob("checkpoint.pt"))] == before
    for place in places:
        said, found = answers(place), explanations(place)
        assert said is not None and found is not None
        rows, scores = found
        named = said.scores.argmax(axis=1)[ground.explained.rows[rows]]
        assert (named == ground.explained.cases.target[rows]).all()
        assert len(scores) == len(METHODS) and all(len(one.point) == len(rows) for one in scores)
        assert np.allclose(np.exp(said.scores).sum(axis=1), 1, atol=1e-4)
    assert int(answers(places[1]).parameters) > 2 * int(answers(places[0]).parameters)  # type: ignore[union-attr]

    given = Namespace(seeds=1, epochs=None, out=tmp_path, recipe=RECIPES / "stf.toml")
    stf.report(runs, (ground,), given)
    lines = (tmp_path / "stf.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3 and all(line.startswith(SIMULATED) for line in lines[1:])
    assert "Reduced recipe" in (tmp_path / "stf.md").read_text(encoding="utf-8")
