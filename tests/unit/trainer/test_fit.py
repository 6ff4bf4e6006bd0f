from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.contract import Batch, Output
from trainer.learn.calibrate import answer
from trainer.learn.fit import CHECKPOINT, COLUMNS, CURVES, Examples, Task, fit, judged_by
from trainer.learn.run_facts import FACTS
from trainer.recipe import Optimisation

OPTIONS = Optimisation(
    epochs=4, minutes=float("inf"), batch=16, learning_rate=1e-2, ema=0.7, bfloat16=False, threads=1, device="cpu"
)


class SmallNetwork(nn.Module):
    """Any skeleton, any number of classes; with batch norm and dropout, so that all kinds of state are there."""

    def __init__(self, joints: int, channels: int, classes: int) -> None:
        super().__init__()
        self.inner = nn.Linear(joints * channels, 16)
        self.bn = nn.BatchNorm1d(16)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(16, classes)

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K) of the mean posture."""
        hidden = F.relu(self.bn(self.inner(batch.joints.mean(dim=1).flatten(1))))
        return Output(self.head(self.drop(hidden)), ())


def _network() -> SmallNetwork:
    torch.manual_seed(0)
    return SmallNetwork(5, 3, 4)


def _examples(count: int = 96) -> Examples:
    rng = torch.Generator().manual_seed(1)
    postures = torch.randn(4, 1, 5, 3, generator=rng)
    label = torch.arange(count) % 4
    return Examples(postures[label] + 0.3 * torch.randn(count, 8, 5, 3, generator=rng), label)


def _noisy(joints: Tensor, rng: torch.Generator) -> Tensor:
    return joints + 0.05 * torch.randn(joints.shape, generator=rng)


def _loss(output: Output, examples: Examples) -> Tensor:
    return F.cross_entropy(output.logits, examples.label)


TASK = Task(("a", "b", "c", "d"), _noisy, _loss)


class StoppedError(Exception):
    """What a person's Ctrl+C is to the loop."""


def _stopping_after(steps: int) -> Task:
    """The same task, until the run is interrupted in the middle of an epoch."""
    left = iter(range(steps))

    def change(joints: Tensor, rng: torch.Generator) -> Tensor:
        if next(left, None) is None:
            raise StoppedError
        return _noisy(joints, rng)

    return replace(TASK, change=change)


def _rows(run: Path) -> list[list[str]]:
    return [row.split(",") for row in (run / CURVES).read_text(encoding="utf-8").splitlines()]


def test_a_network_of_any_kind_learns_and_its_run_is_kept(tmp_path: Path) -> None:
    network = fit(_network(), _examples(), _examples(40), TASK, OPTIONS, tmp_path / "run")
    assert not network.training
    rows = _rows(tmp_path / "run")
    assert tuple(rows[0]) == COLUMNS
    assert [row[0] for row in rows[1:]] == ["1", "2", "3", "4"]
    assert float(rows[-1][COLUMNS.index("loss")]) < 0.6 * float(rows[1][COLUMNS.index("loss")])
    assert float(rows[-1][COLUMNS.index("held_out_accuracy")]) > 0.9
    facts = json.loads((tmp_path / "run" / FACTS).read_text(encoding="utf-8"))
    assert facts["seed"] == 0
    assert facts["train"] == 96
    assert facts["starts"][0]["torch"] == torch.__version__
    assert facts["starts"][0]["device"] == "cpu"
    assert facts["starts"][0]["code"]


def test_a_run_that_was_interrupted_ends_with_the_very_same_weights(tmp_path: Path) -> None:
    whole = fit(_network(), _examples(), _examples(40), TASK, OPTIONS, tmp_path / "whole")
    with pytest.raises(StoppedError):
        fit(_network(), _examples(), _examples(40), _stopping_after(15), OPTIONS, tmp_path / "cut")
    assert len(_rows(tmp_path / "cut")) == 1 + 2  # six steps an epoch: two are whole, the third is lost
    torch.manual_seed(99)
    resumed = fit(_network(), _examples(), _examples(40), TASK, OPTIONS, tmp_path / "cut", resume=True)
    expected = whole.state_dict()
    assert all(torch.equal(values, expected[name]) for name, values in resumed.state_dict().items())
    states = [torch.load(tmp_path / run / CHECKPOINT, weights_only=True) for run in ("whole", "cut")]
    assert all(torch.equal(states[0]["network"][name], states[1]["network"][name]) for name in expected)
    without_clock = [[row[:1] + row[2:] for row in _rows(tmp_path / run)] for run in ("whole", "cut")]
    assert without_clock[0] == without_clock[1]
    assert len(json.loads((tmp_path / "cut" / FACTS).read_text(encoding="utf-8"))["starts"]) == 2


def test_to_resume_what_never_began_is_to_begin(tmp_path: Path) -> None:
    fit(_network(), _examples(), None, TASK, replace(OPTIONS, epochs=1), tmp_path / "run", resume=True)
    assert len(_rows(tmp_path / "run")) == 2


def test_another_run_is_never_overwritten(tmp_path: Path) -> None:
    once = replace(OPTIONS, epochs=1)
    fit(_network(), _examples(), None, TASK, once, tmp_path)
    before = (tmp_path / CHECKPOINT).read_bytes()
    with pytest.raises(FiasError, match="holds a run already"):
        fit(_network(), _examples(), None, TASK, once, tmp_path)
    assert (tmp_path / CHECKPOINT).read_bytes() == before
    with pytest.raises(FiasError, match="another network"):
        fit(SmallNetwork(5, 3, 7), _examples(), None, TASK, OPTIONS, tmp_path, resume=True)


def test_patience_ends_a_run_that_no_longer_gets_better(tmp_path: Path) -> None:
    options = replace(OPTIONS, epochs=30, learning_rate=0.0, patience=3)
    fit(_network(), _examples(), _examples(40), TASK, options, tmp_path / "loss")
    assert len(_rows(tmp_path / "loss")) <= 1 + 8
    fit(_network(), _examples(), _examples(40), TASK, replace(options, watch="accuracy"), tmp_path / "accuracy")
    assert len(_rows(tmp_path / "accuracy")) == 1 + 4
    with pytest.raises(FiasError, match="held out"):
        fit(_network(), _examples(), None, TASK, options, tmp_path / "none")


def test_a_run_ends_when_its_minutes_are_used_up(tmp_path: Path) -> None:
    fit(_network(), _examples(), None, TASK, replace(OPTIONS, epochs=1000, minutes=1e-6), tmp_path)
    assert len(_rows(tmp_path)) == 2


def test_the_learning_rate_warms_up_and_ends_at_nothing(tmp_path: Path) -> None:
    options = replace(OPTIONS, epochs=10, warm_up=0.05)
    fit(_network(), _examples(), None, TASK, options, tmp_path)
    rates = [float(row[COLUMNS.index("learning_rate")]) for row in _rows(tmp_path)[1:]]
    assert rates[0] > 0.9 * options.learning_rate
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == pytest.approx(0.0, abs=1e-9)


def test_a_loss_that_is_no_number_ends_the_run_with_advice(tmp_path: Path) -> None:
    def broken(output: Output, examples: Examples) -> Tensor:
        return _loss(output, examples) * torch.nan

    with pytest.raises(FiasError, match="no number") as error:
        fit(_network(), _examples(), None, replace(TASK, loss=broken), OPTIONS, tmp_path)
    assert "learning rate" in error.value.hint


def test_an_epoch_sees_every_exercise_window_and_idle_ones_by_their_share() -> None:
    label = torch.tensor([0] * 80 + [7] * 20)
    examples, rng = Examples(torch.zeros(100, 1, 1, 3), label), torch.Generator().manual_seed(0)
    rows = torch.cat(examples.epoch(10, 0, 0.5, rng))
    assert sorted(rows[rows >= 80].tolist()) == list(range(80, 100))
    assert int((rows < 80).sum()) == 20
    assert len(set(rows.tolist())) == 40
    assert sorted(torch.cat(examples.epoch(10, None, 0.5, rng)).tolist()) == list(range(100))
    assert [len(rows) for rows in examples.epoch(999, None, 0.5, rng)] == [100]


def test_windows_that_belong_together_stay_side_by_side() -> None:
    label = torch.arange(15) % 3
    examples = Examples(torch.zeros(15, 1, 1, 3), label, siblings=3)
    batches = examples.epoch(7, None, 0.5, torch.Generator().manual_seed(0))
    assert [len(rows) for rows in batches] == [6, 6]
    assert all((rows.view(-1, 3) % 3 == torch.arange(3)).all() for rows in batches)
    assert len(set(torch.cat(batches).tolist())) == 12
    assert torch.cat(batches).tolist() != sorted(torch.cat(batches).tolist())


class _Looking(nn.Module):
    """A network that looks at pictures alone."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(3, 4)

    def forward(self, batch: Batch) -> Output:
        """Logits (N, K) of the mean colour."""
        assert batch.clip is not None and batch.target is not None
        return Output(self.head(batch.clip.float().mean(dim=(1, 2, 3)) / 255), ())


def test_pictures_are_handed_over_and_changed_with_the_joints(tmp_path: Path) -> None:
    colours = torch.tensor([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]], dtype=torch.uint8)
    label = torch.arange(96) % 4
    clip = colours[label][:, None, None, None].expand(-1, 2, 4, 4, -1)
    examples = Examples(torch.randn(96, 8, 5, 3), label, clip=clip, siblings=4)
    seen: list[int] = []

    def change_whole(batch: Examples, rng: torch.Generator) -> Examples:
        assert batch.clip is not None
        seen.append(len(batch.clip))
        return replace(batch, joints=-batch.joints, clip=batch.clip.flip(3))

    task = replace(TASK, change_whole=change_whole)
    options = replace(OPTIONS, epochs=20, batch=12, learning_rate=0.1)
    network = fit(_Looking(), examples, examples, task, options, tmp_path)
    assert judged_by(network, examples, task, size=5)[1] == 1.0
    assert set(seen) == {12}
    assert (answer(network, examples, size=7).logits.argmax(axis=1) == label.numpy()).all()
