"""A trial of a recipe: one epoch by the code of a real run, and what it says of the whole."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from fias_desktop.models.contract import Output
from trainer.__main__ import main
from trainer.learn.fit import Examples, Task, fit, judged_by
from trainer.learn.trial import Trace, Trial
from trainer.recipe import Optimisation
from trainer.run import try_recipe

RECIPE = Path(__file__).parents[3] / "trainer/recipes/stgcnpp_sim.toml"
TRIAL = Trial(
    parameters=1234567, windows=700, minutes=1.5, rate=20.0, first_loss=3.0, last_loss=2.0, epoch_windows=120000,
    epochs=60, judged=3600, held_out_loss=2.5,
)  # fmt: skip


class Says(nn.Module):
    """The first joint's coordinates as logits, scaled by the only weight."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, batch: Examples) -> Output:
        """Logits (N, 3)."""
        return Output(self.scale * batch.joints[:, 0, 0], ())


def _learns_nothing(output: Output, examples: Examples) -> torch.Tensor:
    return output.logits.sum() * 0 + 1.0


def test_every_batch_that_is_learnt_from_is_traced_and_none_that_is_looked_at(tmp_path: Path) -> None:
    options = Optimisation(1, 5.0, batch=8, bfloat16=False, threads=1, device="cpu")
    examples, trace = Examples(torch.randn(43, 4, 2, 3), torch.zeros(43, dtype=torch.int64)), Trace()
    task = trace.of(Task(("a", "b", "c"), lambda joints, _: joints, _learns_nothing))
    network = fit(Says(), examples, examples, task, options, tmp_path)
    judged_by(network, examples, task)
    assert trace.losses == [1.0] * 5 and trace.windows == [8] * 5
    trial = trace.trial(network, 1000, replace(options, epochs=7))
    assert (trial.parameters, trial.windows, trial.epoch_windows, trial.epochs) == (1, 40, 1000, 7)
    assert trial.limit_minutes == 5.0 and not trial.whole_epoch and trace.trial(network, 40, options).whole_epoch


def test_speed_leaves_the_first_batch_out_and_losses_are_those_of_the_ends() -> None:
    trace = Trace()
    trace.started_s, trace.clock_s = 40.0, [100.0 + 2 * number for number in range(10)]
    trace.losses, trace.windows = [5.0, 4.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 2.0, 1.0], [64] * 10
    trial = trace.trial(Says(), 640, Optimisation(1, math.inf))
    assert trial.rate == 32.0 and trial.minutes == pytest.approx(78 / 60)
    assert (trial.first_loss, trial.last_loss) == (4.5, 1.5)


def test_what_the_whole_takes() -> None:
    assert TRIAL.epoch_minutes == pytest.approx(103.0)
    assert TRIAL.whole_minutes == pytest.approx(60 * 103.0)
    assert replace(TRIAL, limit_minutes=45.0).whole_minutes == 45.0
    for words in ("1,234,567", "20.0 (", "3.000 at first, 2.000 at the end", "2.500", "103.0 minutes", "103.0 hours"):
        assert words in TRIAL.words
    unknown = replace(TRIAL, rate=math.nan).words
    assert "not known from a single batch" in unknown and "nan" not in unknown


def test_a_recipe_is_tried_at_its_own_size_and_nothing_but_windows_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FIAS_DATA", raising=False)
    text = RECIPE.read_text(encoding="utf-8")
    for old, new in (
        ("width = 32", "width = 12, blocks = 6"),
        ("minutes = 45", "minutes = inf\nbatch = 16\nthreads = 1"),
    ):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "tiny.toml"
    path.write_text(text, encoding="utf-8")
    trial = try_recipe(path, 64)
    assert 16 <= trial.windows <= 64 and trial.windows % 16 == 0
    assert trial.rate > 0 and math.isfinite(trial.held_out_loss)
    # All exercise windows and a share of rest: of 64 windows as of 60,000.
    assert trial.windows <= round(trial.epoch_windows / 60000 * 64) < trial.windows + 16
    assert (trial.epochs, trial.judged) == (40, 5000)
    assert [one.name for one in (tmp_path / "runs").iterdir()] == ["cache"]
    assert main(["train", str(path), "--trial", "64"]) == 0
    said = capsys.readouterr().out
    assert f"{trial.parameters:,}" in said and "the whole recipe    40 epochs" in said


@pytest.mark.parametrize("more", [["--out", "run"], ["--resume"], ["--minutes", "3"]])
def test_a_trial_is_no_run(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(RECIPE), "--trial", *more]) == 1
    assert "keeps nothing" in capsys.readouterr().err


def test_a_trial_needs_windows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(RECIPE), "--trial", "0"]) == 1
    assert "shows nothing" in capsys.readouterr().err
