"""The one training loop of every network here: AdamW, a cosine schedule, averaged weights, curves and checkpoints.

It runs on the CPU, on CUDA and on MPS, and as it is under `torchrun` on several devices or machines.
`Optimisation.batch` is the batch of all processes together: each takes its share of the rows, so that the number of
processes changes the speed and not the run. (Batch norms: see `devices.spread`.)

All randomness of an epoch follows from the seed, the epoch's number and the process. A run that was stopped and goes
on therefore gives on the CPU the very weights of one that was not, as long as the schedule follows epochs and not the
clock (`minutes = inf`, or a limit that is not reached first).
"""

from __future__ import annotations

import copy
import csv
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from torch import Tensor, nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.contract import Batch, Output
from trainer.learn.augment import known
from trainer.learn.compiled import Compiled
from trainer.learn.devices import agreed, average_over_processes, launched, mean_over_processes, spread
from trainer.learn.run_facts import write_facts
from trainer.recipe import Optimisation

if TYPE_CHECKING:
    from lightning_fabric import Fabric

CURVES, CHECKPOINT = "curves.csv", "checkpoint.pt"
COLUMNS = ("epoch", "minutes", "learning_rate", "loss", "accuracy", "held_out_loss", "held_out_accuracy")
Row = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Examples:
    """Windows to learn from or to judge by: `joints` float32 (N, T, V, C), `label` int64 (N,), and `errors` float32
    (N, E), the severity 0..1 of each form error (NaN: not known), or None. `clip` uint8 (N, T', S, S, 3) are the
    person's pictures, where the source of the data has them.

    Windows that belong together, `siblings` in a row, go through training side by side: what they have in common
    cancels out of the gradient."""

    joints: Tensor
    label: Tensor
    errors: Tensor | None = None
    clip: Tensor | None = None
    siblings: int = 1

    def __len__(self) -> int:
        return len(self.label)

    def of(self, rows: Tensor) -> Examples:
        """The examples of these rows."""
        errors, clip = (None if values is None else values[rows] for values in (self.errors, self.clip))
        return Examples(self.joints[rows], self.label[rows], errors, clip, self.siblings)

    def to(self, device: torch.device) -> Examples:
        """The same on a device."""
        errors, clip = (None if values is None else values.to(device) for values in (self.errors, self.clip))
        return Examples(self.joints.to(device), self.label.to(device), errors, clip, self.siblings)

    def batch(self) -> Batch:
        """All of them as a network takes them."""
        return Batch(self.joints, known(self.joints), self.clip, self.label)

    def batches(self, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """All windows in order, `size` at a time."""
        for start in range(0, len(self), size):
            yield self.joints[start : start + size], self.label[start : start + size]

    def epoch(self, size: int, idle: int | None, idle_share: float, rng: torch.Generator) -> list[Tensor]:
        """Rows of full batches in random order: every exercise window, and idle ones up to their share of the whole."""
        label = self.label.cpu()
        exercise = torch.arange(len(self)) if idle is None else torch.nonzero(label != idle).flatten()
        idling = exercise[:0] if idle is None else torch.nonzero(label == idle).flatten()
        wanted = round(len(exercise) * idle_share / (1 - idle_share))
        drawn = idling[torch.randperm(len(idling), generator=rng)[:wanted]]
        rows = torch.cat([exercise, drawn]).view(-1, self.siblings)
        rows = rows[torch.randperm(len(rows), generator=rng)].flatten()
        size = min(max(size // self.siblings, 1) * self.siblings, len(rows))
        return [rows[start : start + size] for start in range(0, len(rows) - size + 1, size)]


@dataclass(frozen=True, eq=False)
class Task:
    """What is learnt: the classes, how windows (N, T, V, C) are changed by chance (the generator is on their device),
    the loss of one batch, and the class whose share of an epoch is limited by `Optimisation.idle_share`.
    `change_whole` changes joints and pictures alike, in place of `change`."""

    labels: tuple[str, ...]
    change: Callable[[Tensor, torch.Generator], Tensor]
    loss: Callable[[Output, Examples], Tensor]
    idle: int | None = None
    change_whole: Callable[[Examples, torch.Generator], Examples] | None = None

    def changed(self, examples: Examples, rng: torch.Generator) -> Examples:
        """The examples of one batch as chance has them."""
        if self.change_whole is not None:
            return self.change_whole(examples, rng)
        return replace(examples, joints=self.change(examples.joints, rng))


@dataclass(frozen=True, eq=False)
class Material:
    """All that a run is made of beside its network: examples to learn from and others to look at, the task, and what
    is done with the finished network in the run's folder."""

    train: Examples
    validation: Examples
    task: Task
    finish: Callable[[Path, nn.Module], None]


def fit(
    network: nn.Module,
    train: Examples,
    held_out: Examples | None,
    task: Task,
    options: Optimisation,
    run: Path,
    resume: bool = False,
) -> nn.Module:
    """Train until epochs, minutes or patience are used up; gives the averaged network on the CPU, in evaluation mode.

    Every epoch ends with a checkpoint and a row of the curves in `run`; a stop loses at most the epoch it falls into.
    `resume` goes on from the checkpoint where there is one. The held-out examples are only looked at, unless
    `options.patience` asks to stop by them. FiasError when `run` holds another run or the loss is no longer a number.
    """
    found = (run / CHECKPOINT).exists()
    if found and not resume:
        raise FiasError(f"The folder {run} holds a run already.", "Choose another folder, or resume the run.")
    if options.patience and held_out is None:
        raise FiasError("Without held out examples there is nothing to be patient about.", "Set patience = 0.")
    fabric = launched(options)
    fitting = _Fitting(fabric, network, task, options, run)
    if fabric.is_global_zero:
        write_facts(run, options, fabric, len(train), 0 if held_out is None else len(held_out))
    if fabric.broadcast(found):
        fitting.load()
    fitting.go_on(train.to(fabric.device), None if held_out is None else held_out.to(fabric.device))
    return fitting.averaged.cpu()


class _Fitting:
    """A run in progress: network, averaged weights, optimiser, and how far it has come."""

    def __init__(self, fabric: Fabric, network: nn.Module, task: Task, options: Optimisation, run: Path) -> None:
        self.fabric, self.task, self.options, self.run = fabric, task, options, run
        self.averaged = copy.deepcopy(network).to(fabric.device).eval().requires_grad_(False)
        self.network = spread(fabric, network)
        self.averaged.load_state_dict(self.network.state_dict())
        self.console = Console(quiet=not fabric.is_global_zero)
        self.forward = Compiled(self.network, self.console) if options.compile else self.network
        self.optimiser = torch.optim.AdamW(_groups(self.network, options.weight_decay), lr=options.learning_rate)
        self.rng = torch.Generator(fabric.device)
        self.epoch, self.steps, self.minutes = 0, 0, 0.0
        self.best, self.waited = math.inf, 0
        self.rows: list[Row] = []

    def go_on(self, train: Examples, held_out: Examples | None) -> None:
        """Run the epochs that are left."""
        console = self.console
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            while not self._finished():
                order = torch.Generator().manual_seed(_seed(self.options.seed, self.epoch))
                batches = train.epoch(self.options.batch, self.task.idle, self.options.idle_share, order)
                bar = progress.add_task(f"epoch {self.epoch + 1}", total=len(batches))
                learnt = self._epoch(train, batches, progress, bar)
                text = self._end_of_epoch(learnt, held_out)
                progress.update(bar, description=text)
                if not console.is_terminal:
                    console.print(text, highlight=False)

    def learning_rate(self, step_share: float = 0.0) -> float:
        """A short linear warm-up, then a cosine down to 0 over the run: epochs or minutes, whichever is further."""
        options = self.options
        share = min(max((self.epoch + step_share) / options.epochs, self.minutes / options.minutes), 1.0)
        warm = min(1.0, (share + 1e-3) / options.warm_up) if options.warm_up else 1.0
        return options.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * share))

    def _finished(self) -> bool:
        options = self.options
        impatient = options.patience > 0 and self.waited >= options.patience
        return self.epoch >= options.epochs or self.minutes >= options.minutes or impatient

    def _epoch(self, train: Examples, batches: list[Tensor], progress: Progress, bar: TaskID) -> tuple[float, float]:
        """One epoch over batches of rows: mean loss and accuracy on the changed examples."""
        rank, world = self.fabric.global_rank, self.fabric.world_size
        seed = _seed(self.options.seed, self.epoch, rank)
        self.rng.manual_seed(seed)
        torch.manual_seed(seed)  # for networks that draw by themselves, such as dropout
        self.network.train()
        sums, seen = torch.zeros(2, device=self.fabric.device), 0
        started, before = time.monotonic(), self.minutes
        for number, rows in enumerate(batches):
            self.minutes = agreed(self.fabric, before + (time.monotonic() - started) / 60)
            if self.minutes >= self.options.minutes:
                break
            share = len(rows) // world
            mine = rows[rank * share : (rank + 1) * share].to(self.fabric.device)
            sums += self._step(train.of(mine), self.learning_rate(number / len(batches)))
            seen += share
            progress.advance(bar)
        loss, hits = mean_over_processes(self.fabric, sums).tolist()
        if not math.isfinite(loss):
            raise FiasError(f"The loss is no number in epoch {self.epoch + 1}.", "Try a smaller learning rate.")
        return loss / max(seen, 1), hits / max(seen, 1)

    def _step(self, examples: Examples, learning_rate: float) -> Tensor:
        """Learn from one batch; its summed loss and hits (2,), left on the device."""
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate
        examples = self.task.changed(examples, self.rng)
        with self.fabric.autocast():
            output = self.forward(examples.batch())
        output = _in_float32(output)
        value = self.task.loss(output, examples)
        self.optimiser.zero_grad()
        self.fabric.backward(value)
        average_over_processes(self.fabric, self.network)
        nn.utils.clip_grad_norm_(self.network.parameters(), self.options.clip_norm)
        self.optimiser.step()
        self._average_steps()
        hits = (output.logits.detach().argmax(1) == examples.label).sum()
        return torch.stack([value.detach() * len(examples), hits.to(value.dtype)])

    @torch.no_grad()
    def _average_steps(self) -> None:
        """An exponential moving average that forgets its first steps faster: of use after a few hundred."""
        keep = min(self.options.ema, self.steps / (10 + self.steps))
        now = self.network.state_dict()
        pairs = [(average, now[name]) for name, average in self.averaged.state_dict().items()]
        floating = [pair for pair in pairs if pair[0].is_floating_point()]
        torch._foreach_lerp_([average for average, _ in floating], [value for _, value in floating], 1 - keep)
        for average, value in pairs:
            if not average.is_floating_point():
                average.copy_(value)
        self.steps += 1

    def _end_of_epoch(self, learnt: tuple[float, float], held_out: Examples | None) -> str:
        """Judge, write checkpoint and curves; the epoch in words."""
        rate = self.learning_rate(1.0)
        self.epoch += 1
        judged = (math.nan, math.nan)
        if held_out is not None and self.fabric.is_global_zero:
            judged = judged_by(self.averaged, held_out, self.task)
        judged = self.fabric.broadcast(judged)
        self._watch(judged)
        self.rows.append((self.epoch, self.minutes, rate, *learnt, *judged))
        if self.fabric.is_global_zero:
            self.save()
            _write_curves(self.run / CURVES, self.rows)
        self.fabric.barrier()
        seen = f"epoch {self.epoch}: {self.minutes:.1f} min, loss {learnt[0]:.3f}, seen {learnt[1]:.3f}"
        return seen + ("" if held_out is None else f", held out {judged[1]:.3f} (loss {judged[0]:.3f})")

    def _watch(self, judged: tuple[float, float]) -> None:
        value = judged[0] if self.options.watch == "loss" else -judged[1]
        self.waited = 0 if value < self.best else self.waited + 1
        self.best = min(self.best, value)

    def save(self) -> None:
        """Write the checkpoint whole or not at all."""
        state = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": (self.epoch, self.steps, self.minutes, self.best, self.waited),
            "rows": self.rows,
        }
        part = self.run / (CHECKPOINT + ".part")
        torch.save(state, part)
        part.replace(self.run / CHECKPOINT)

    def load(self) -> None:
        """Go on from the checkpoint that the first process reads; FiasError when it is of another network."""
        read = torch.load(self.run / CHECKPOINT, weights_only=True) if self.fabric.is_global_zero else {}
        state: dict[str, Any] = self.fabric.broadcast(read)
        try:
            self.network.load_state_dict(state["network"])
            self.averaged.load_state_dict(state["averaged"])
            self.optimiser.load_state_dict(state["optimiser"])
        except (RuntimeError, ValueError, KeyError) as error:
            raise FiasError(f"The checkpoint in {self.run} is of another network.", "Start a new run.") from error
        self.epoch, self.steps, self.minutes, self.best, self.waited = state["progress"]
        self.rows = [tuple(row) for row in state["rows"]]


def _seed(*values: int) -> int:
    """One well-mixed seed from several numbers."""
    return int(np.random.SeedSequence(values).generate_state(1, np.uint64)[0])


def _groups(network: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Weight decay on matrices and kernels only, not on biases and batch norms."""
    parameters = list(network.parameters())
    return [
        {"params": [p for p in parameters if p.dim() > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0.0},
    ]


def _in_float32(output: Output) -> Output:
    """The losses are computed in full precision whatever the network ran in."""
    frames, errors = output.frame_logits, output.error_logits
    return replace(
        output,
        logits=output.logits.float(),
        frame_logits=None if frames is None else frames.float(),
        aux={name: values.float() for name, values in output.aux.items()},
        error_logits=None if errors is None else errors.float(),
    )


def _write_curves(path: Path, rows: list[Row]) -> None:
    part = path.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([round(value, 6) for value in row] for row in rows)
    part.replace(path)


@torch.no_grad()
def judged_by(network: nn.Module, examples: Examples, task: Task, size: int = 128) -> tuple[float, float]:
    """Mean loss on examples as they are, and the share of them whose class is right."""
    network.eval()
    loss, hits = 0.0, 0
    for rows in torch.split(torch.arange(len(examples)), size):
        part = examples.of(rows.to(examples.joints.device))
        output = network(part.batch())
        loss += float(task.loss(output, part)) * len(part)
        hits += int((output.logits.argmax(1) == part.label).sum())
    return loss / len(examples), hits / len(examples)
