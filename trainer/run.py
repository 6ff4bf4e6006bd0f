"""One whole training run: windows, training, calibration, figures; all in one folder that nothing overwrites.

A trial is the same run with one epoch over few windows, to see what the whole one would take.
"""

from __future__ import annotations

import csv
import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.contract import Output
from fias_desktop.models.registry import build
from trainer import held
from trainer.finish import METRICS, finish
from trainer.learn.devices import launched
from trainer.learn.fit import CURVES, Examples, Material, Task, fit
from trainer.learn.focus import with_focus
from trainer.recipe import HELD, WINDOWS, Optimisation, Recipe, read_recipe
from trainer.simulate.dataset import WindowSet, make_dataset
from trainer.train import RECIPE, new_run, task_of

__all__ = ["CACHE", "METRICS", "Trace", "Trial", "Watch", "examples_of", "run_recipe", "try_recipe", "windows_of"]

CACHE = Path("runs/cache")
SPLITS = ("train", "validation", "test")
LEAST_HELD_OUT = 64  # windows of a trial
Watch = Callable[[Task], Task]


@dataclass(frozen=True)
class Trial:
    """What one epoch over few windows tells of a whole run: the network's `parameters`, the `windows` learnt from and
    the `minutes` that took, windows a second (`rate`, from the second batch on, since the first may compile; NaN for
    a single batch), the mean loss of the first and of the last fifth of the batches, and the held-out loss (NaN: none).

    Of the whole run: the windows of an epoch, those of them that are only looked at (`judged`), epochs, and its limit.
    """

    parameters: int
    windows: int
    minutes: float
    rate: float
    first_loss: float
    last_loss: float
    epoch_windows: int
    epochs: float
    judged: int = 0
    limit_minutes: float = math.inf
    held_out_loss: float = math.nan

    @property
    def whole_epoch(self) -> bool:
        """Whether the trial was an epoch of the whole run."""
        return self.windows == self.epoch_windows

    @property
    def single_batch(self) -> bool:
        """Whether there was but one batch, which tells neither speed nor progress."""
        return math.isnan(self.rate)

    @property
    def epoch_minutes(self) -> float:
        """Of the whole run, as if looking at a window took as long as learning from it."""
        return (self.epoch_windows + self.judged) / self.rate / 60

    @property
    def whole_minutes(self) -> float:
        """All epochs, or the recipe's limit where that comes first."""
        return min(self.epochs * self.epoch_minutes, self.limit_minutes)

    @property
    def words(self) -> str:
        """What a person wants to know before the whole run, a line each."""
        speed = "not known from a single batch" if self.single_batch else f"{self.rate:.1f}"
        return "\n".join(
            (
                f"One epoch over {self.windows:,} windows took {self.minutes:.1f} minutes; nothing of it is kept.",
                f"parameters          {self.parameters:,}",
                f"windows a second    {speed} ({torch.get_num_threads()} threads)",
                f"loss                {self.first_loss:.3f} at first, {self.last_loss:.3f} at the end of the epoch",
                f"held-out loss       {self.held_out_loss:.3f}",
                f"an epoch            {self.epoch_windows:,} windows: {_duration(self.epoch_minutes)}",
                f"the whole recipe    {self.epochs:g} epochs: {_duration(self.whole_minutes)}",
                "Not counted: making the windows at first, and judging at the end.",
            )
        )


def _duration(minutes: float) -> str:
    if math.isnan(minutes):
        return "not known"
    return f"{minutes:.1f} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"


class Trace:
    """Remembers of every batch that is learnt from its loss, its windows, and when that was (seconds, monotonic)."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.windows: list[int] = []
        self.clock_s: list[float] = []
        self.started_s = 0.0

    def of(self, task: Task) -> Task:
        """The same task, watched from now on."""
        self.started_s = time.monotonic()

        def loss(output: Output, examples: Examples) -> Tensor:
            value = task.loss(output, examples)
            if torch.is_grad_enabled():  # held-out examples are only looked at
                self.losses.append(float(value.detach()))
                self.windows.append(len(examples))
                self.clock_s.append(time.monotonic())
            return value

        return replace(task, loss=loss)

    def trial(self, network: nn.Module, epoch_windows: int, options: Optimisation) -> Trial:
        """What was seen, beside the whole run: the windows of its epoch and its options."""
        fifth, spent_s = max(len(self.losses) // 5, 1), self.clock_s[-1] - self.clock_s[0]
        return Trial(
            parameters=sum(values.numel() for values in network.parameters()),
            windows=sum(self.windows),
            minutes=(self.clock_s[-1] - self.started_s) / 60,
            rate=sum(self.windows[1:]) / spent_s if spent_s else math.nan,
            first_loss=float(np.mean(self.losses[:fifth])),
            last_loss=float(np.mean(self.losses[-fifth:])),
            epoch_windows=epoch_windows,
            epochs=options.epochs,
            limit_minutes=options.minutes,
        )


def run_recipe(recipe_path: Path, out: Path | None = None, resume: bool = False, minutes: float | None = None) -> Path:
    """Train by a recipe (or go on with the run in `out`), calibrate and judge; gives the run's folder.

    `minutes` overrides the recipe's limit; a run that is gone on with counts the minutes it has used already. Under
    `torchrun` all processes call this; the first one writes. FiasError when there is nothing to resume.
    """
    if resume and (out is None or not (out / RECIPE).is_file()):
        raise FiasError(f"There is no run to resume in {out or 'no folder'}.", "Give the run's folder with --out.")
    recipe = read_recipe(out / RECIPE if resume and out is not None else recipe_path)
    if minutes is not None:
        recipe = replace(recipe, optimisation=replace(recipe.optimisation, minutes=minutes))
    fabric = launched(recipe.optimisation)
    run = out if resume else _first(fabric, recipe_path, recipe, out)
    assert run is not None
    try:
        _carry_out(fabric, recipe, run, resume)
    except KeyboardInterrupt as error:
        again = f"python -m trainer train {recipe_path} --out {run} --resume"
        raise FiasError("Stopped. All whole epochs are kept.", f"Go on with: {again}") from error
    return run


def try_recipe(recipe_path: Path, windows: int) -> Trial:
    """One epoch of the recipe's own network over so many windows of its kind (less those of rest that an epoch leaves
    out), calibrated and judged as by `run_recipe`, in a folder that is thrown away. FiasError for no windows."""
    if windows < 1:
        raise FiasError(f"A trial of {windows} windows shows nothing.", "Give --trial a number of windows, or nothing.")
    whole = read_recipe(recipe_path)
    few = min(max(windows // 4, LEAST_HELD_OUT), whole.data.validation)
    data = replace(whole.data, train=min(windows, whole.data.train), validation=few)
    options = replace(whole.optimisation, epochs=1, minutes=math.inf)
    recipe, trace = replace(whole, data=data, optimisation=options), Trace()
    with tempfile.TemporaryDirectory() as folder:
        run = new_run(recipe_path, recipe.name, Path(folder) / "run")
        material, network = _carry_out(launched(options), recipe, run, watch=trace.of)
        with (run / CURVES).open(newline="", encoding="utf-8") as file:
            held_out = float(next(csv.DictReader(file))["held_out_loss"])
    share = len(one_epoch(material.train, material.task, replace(options, batch=1))) / data.train
    trial = trace.trial(network, round(share * whole.data.train), whole.optimisation)
    return replace(trial, judged=whole.data.validation, held_out_loss=held_out)


def one_epoch(examples: Examples, task: Task, options: Optimisation) -> Tensor:
    """The rows of the whole batches of an epoch, int64 (n,)."""
    return torch.cat(examples.epoch(options.batch, task.idle, options.idle_share, torch.Generator()))


def _carry_out(
    fabric: Fabric, recipe: Recipe, run: Path, resume: bool = False, watch: Watch = lambda task: task
) -> tuple[Material, nn.Module]:
    """Make the windows, train, calibrate and judge in a run's folder; gives what it was made of and the network."""
    with fabric.rank_zero_first(local=True):  # the others find the windows in the cache
        material = material_of(recipe)
    torch.manual_seed(recipe.optimisation.seed)
    network = build(recipe.spec)
    task = watch(replace(material.task, loss=with_focus(network, material.task.loss, recipe.focus)))
    network = fit(network, material.train, material.validation, task, recipe.optimisation, run, resume)
    if fabric.is_global_zero:
        material.finish(run, network)
    fabric.barrier()
    return material, network


def _first(fabric: Fabric, recipe_path: Path, recipe: Recipe, out: Path | None) -> Path:
    """A new run's folder, made by the first process."""
    made = str(new_run(recipe_path, recipe.name, out)) if fabric.is_global_zero else ""
    return Path(fabric.broadcast(made))


def material_of(recipe: Recipe) -> Material:
    """What the recipe's network learns from and is judged by; FiasError for a source of data that there is not."""
    if recipe.data.source == HELD:
        return held.material_of(recipe, CACHE)
    if recipe.data.source != WINDOWS:
        raise FiasError(f"There is no data called {recipe.data.source!r}.", f"Known: {WINDOWS}, {HELD}.")
    train, validation, test = (windows_of(recipe, split) for split in SPLITS)

    def finished(run: Path, network: nn.Module) -> None:
        finish(run, recipe, network, train, validation, test)

    return Material(examples_of(train), examples_of(validation), task_of(recipe), finished)


def windows_of(recipe: Recipe, split: str) -> WindowSet:
    """The windows of a split, simulated and recorded; made once and kept under runs/cache."""
    count = recipe.data.train if split == "train" else recipe.data.validation
    return make_dataset(count, recipe.data.seed, split, recipe.spec, CACHE)


def examples_of(windows: WindowSet) -> Examples:
    """The windows as tensors."""
    label, errors = torch.from_numpy(windows.label.astype(np.int64)), torch.from_numpy(windows.errors)
    return Examples(torch.from_numpy(windows.joints), label, errors)
