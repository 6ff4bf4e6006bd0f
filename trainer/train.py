"""Train a recogniser by a recipe, into a run folder of its own."""

from __future__ import annotations

import csv
import math
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import IDLE, group_of
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.models.contract import Batch
from fias_desktop.models.registry import build
from fias_desktop.models.stgcnpp import loss
from trainer.augment import augment, known
from trainer.recipe import Recipe

Tensors = tuple[Tensor, ...] | list[Tensor]

RECIPE, CURVES, CHECKPOINT = "recipe.toml", "curves.csv", "checkpoint.pt"
COLUMNS = ("epoch", "minutes", "learning_rate", "loss", "accuracy", "held_out_accuracy", "held_out_group_accuracy")


@dataclass(frozen=True, eq=False)
class Examples:
    """Windows to learn from or to judge by: `joints` float32 (N, T, V, C), `label` int64 (N,)."""

    joints: Tensor
    label: Tensor

    def __len__(self) -> int:
        return len(self.label)

    def batches(self, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """All windows in order, `size` at a time."""
        for start in range(0, len(self), size):
            yield self.joints[start : start + size], self.label[start : start + size]

    def epoch(self, size: int, idle: int, idle_share: float, rng: torch.Generator) -> list[Tensor]:
        """Rows of full batches in random order: every exercise window, and idle ones up to their share of the whole."""
        exercise = torch.nonzero(self.label != idle).flatten()
        idling = torch.nonzero(self.label == idle).flatten()
        wanted = round(len(exercise) * idle_share / (1 - idle_share))
        drawn = idling[torch.randperm(len(idling), generator=rng)[:wanted]]
        rows = torch.cat([exercise, drawn])
        rows = rows[torch.randperm(len(rows), generator=rng)]
        return [rows[start : start + size] for start in range(0, len(rows) - size + 1, size)]


def new_run(recipe_path: Path, name: str, out: Path | None) -> Path:
    """A new run's folder with a copy of the recipe; FiasError when it would overwrite another run."""
    run = out or Path("runs") / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}"
    if run.exists():
        raise FiasError(f"The folder {run} is already there.", "Choose another --out, or --resume to go on with it.")
    run.mkdir(parents=True)
    shutil.copyfile(recipe_path, run / RECIPE)
    return run


class Training:
    """One run: network, averaged weights, optimiser, and how far it has come."""

    def __init__(self, recipe: Recipe, run: Path) -> None:
        options = recipe.optimisation
        torch.set_num_threads(options.threads)
        torch.manual_seed(options.seed)
        self.recipe, self.run = recipe, run
        self.rng = torch.Generator().manual_seed(options.seed)
        self.network = build(recipe.spec)
        self.averaged = AveragedModel(self.network, multi_avg_fn=_average(options.ema), use_buffers=True)
        self.optimiser = torch.optim.AdamW(_groups(self.network, options.weight_decay), lr=options.learning_rate)
        self.groups = torch.tensor([recipe.spec.groups.index(group_of(label)) for label in recipe.spec.labels])
        self.idle = recipe.spec.labels.index(IDLE)
        self.epoch, self.minutes = 0, 0.0

    def fit(self, train: Examples, held_out: Examples) -> nn.Module:
        """Run until epochs or minutes are used up; every epoch ends with a row of the curves and a checkpoint.

        Gives the averaged network. The held-out windows are only looked at: nothing is chosen by them.
        """
        options = self.recipe.optimisation
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns) as progress:
            while self.epoch < options.epochs and self.minutes < options.minutes:
                batches = train.epoch(options.batch, self.idle, options.idle_share, self.rng)
                task = progress.add_task(f"epoch {self.epoch + 1}", total=len(batches))
                learnt = self._epoch(train, batches, lambda task=task: progress.advance(task))  # type: ignore[misc]
                self.epoch += 1
                judged = accuracies(self.averaged, held_out, self.groups)
                self._record((self.epoch, self.minutes, self.learning_rate(), *learnt, *judged))
                text = f"epoch {self.epoch}: loss {learnt[0]:.3f}, seen {learnt[1]:.3f}, held out {judged[0]:.3f}"
                progress.update(task, description=text)
                self.save()
        network: nn.Module = self.averaged.module
        return network.eval()

    def learning_rate(self, step_share: float = 0.0) -> float:
        """A short linear warm-up, then a cosine down to 0 over the run: epochs or minutes, whichever is further."""
        options = self.recipe.optimisation
        share = min(max((self.epoch + step_share) / options.epochs, self.minutes / options.minutes), 1.0)
        warm = min(1.0, (share + 1e-3) / options.warm_up)
        return options.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * share))

    def _epoch(self, train: Examples, batches: list[Tensor], advance: Callable[[], None]) -> tuple[float, float]:
        """One epoch over batches of rows: mean loss and accuracy on the augmented windows."""
        losses, hits, started, minutes_before = [0.0], 0, time.monotonic(), self.minutes
        self.network.train()
        for step, rows in enumerate(batches):
            self.minutes = minutes_before + (time.monotonic() - started) / 60
            if self.minutes >= self.recipe.optimisation.minutes:
                break
            value, right = self._step(train.joints[rows], train.label[rows], self.learning_rate(step / len(batches)))
            losses.append(value)
            hits += right
            advance()
        steps = max(len(losses) - 1, 1)
        return sum(losses) / steps, hits / (steps * self.recipe.optimisation.batch)

    def _step(self, joints: Tensor, label: Tensor, learning_rate: float) -> tuple[float, int]:
        options, recipe = self.recipe.optimisation, self.recipe
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate
        changed = augment(joints, skeleton(recipe.spec.skeleton), recipe.augmentation, self.rng)
        batch = Batch(changed, known(changed), target=label)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16):
            output = self.network(batch)
        value = loss(output, batch, self.groups, options.group_weight, options.smoothing)
        self.optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), options.clip_norm)
        self.optimiser.step()
        self.averaged.update_parameters(self.network)
        return float(value.detach()), int((output.logits.argmax(1) == label).sum())

    def _record(self, row: tuple[float, ...]) -> None:
        path = self.run / CURVES
        fresh = not path.exists()
        with path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow(COLUMNS)
            writer.writerow([round(value, 6) for value in row])

    def save(self) -> None:
        """Write the checkpoint whole or not at all."""
        state = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "rng": self.rng.get_state(),
            "epoch": self.epoch,
            "minutes": self.minutes,
        }
        part = self.run / (CHECKPOINT + ".part")
        torch.save(state, part)
        part.replace(self.run / CHECKPOINT)

    def resume(self) -> None:
        """Go on from the run's checkpoint; FiasError when there is none."""
        path = self.run / CHECKPOINT
        if not path.is_file():
            raise FiasError(f"There is no run to resume in {self.run}.", "Give its folder with --out.")
        state = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.rng.set_state(state["rng"])
        self.epoch, self.minutes = int(state["epoch"]), float(state["minutes"])


def _groups(network: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Weight decay on matrices and kernels only, not on biases and batch norms."""
    parameters = list(network.parameters())
    return [
        {"params": [p for p in parameters if p.dim() > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0.0},
    ]


def _average(decay: float) -> Callable[[Tensors, Tensors, Tensor | int], None]:
    """An exponential moving average that forgets its first steps faster, so that it is of use after a few hundred."""

    @torch.no_grad()
    def update(averages: Tensors, values: Tensors, steps: Tensor | int) -> None:
        keep = min(decay, (1 + int(steps)) / (10 + int(steps)))
        for average, value in zip(averages, values, strict=True):
            if average.is_floating_point():
                average.lerp_(value, 1 - keep)
            else:
                average.copy_(value)

    return update


@torch.no_grad()
def accuracies(network: nn.Module, examples: Examples, groups: Tensor, size: int = 128) -> tuple[float, float]:
    """Shares of windows whose fine class and whose group is right."""
    network.eval()
    fine = coarse = 0
    for joints, label in examples.batches(size):
        predicted = network(Batch(joints, known(joints))).logits.argmax(1)
        fine += int((predicted == label).sum())
        coarse += int((groups[predicted] == groups[label]).sum())
    return fine / len(examples), coarse / len(examples)
