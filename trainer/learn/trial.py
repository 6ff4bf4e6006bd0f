"""What a short trial of a training tells about the whole one."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from fias_desktop.models.contract import Output
from trainer.learn.fit import Examples, Task
from trainer.recipe import Optimisation

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
