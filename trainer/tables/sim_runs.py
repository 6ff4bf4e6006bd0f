"""Train many networks on simulated athletes by one recipe and keep what each of them says to the same test windows."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from torch import nn

from fias_desktop.domain.types import Float32
from fias_desktop.models.registry import build
from trainer.learn.calibrate import answer
from trainer.learn.fit import Examples, fit
from trainer.recipe import Recipe
from trainer.tables.lifting import Lifter, lift, train_lifter
from trainer.tables.sim_common import BACK, FRONT, SIDES, WINDOWS, Draw, ViewSet, joined, make_views
from trainer.train import task_of

SEEN, LIFTED, EXACT = "2D", "3D lifted", "3D exact"
BOTH = "both"
VIEWS = (FRONT, BACK, BOTH)
TEST_MOMENTS = 2  # in every repetition
ANSWERS = "answers.npz"


@dataclass(frozen=True)
class Amount:
    """How many windows there are: of a side to train with, of a side to judge by, and to teach the lifter with."""

    train: int
    test: int = 2000
    lifter: int = 3000
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Material:
    """The windows of either side, to train with and to judge by, and the network that lifts them."""

    train: dict[str, ViewSet]
    test: dict[str, ViewSet]
    lifter: Lifter


@dataclass(frozen=True)
class Job:
    """One training: `name` for people, the recipe with its seed, what the network sees (`SEEN`, `LIFTED`, `EXACT`),
    and from which side it is trained (one of `VIEWS`)."""

    name: str
    recipe: Recipe
    source: str
    view: str
    amount: Amount

    def folder(self, runs: Path) -> Path:
        """Where its answers are kept: another recipe or other data have another folder."""
        spec = replace(self.recipe.spec, id="", title="", limits="")
        key = repr((spec, self.recipe.optimisation, self.recipe.augmentation, self.source, self.view, self.amount))
        return runs / f"{self.name}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def make_material(amount: Amount, cache_folder: Path, workers: int = 1) -> Material:
    """All windows, simulated or from the cache, and the lifter, trained or from there."""
    train = make_views(Draw(amount.train, "train", amount.seed), cache_folder, workers)
    test = make_views(test_draw(amount), cache_folder, workers)
    lessons = make_views(Draw(amount.lifter, "lifter", amount.seed, sides=("all",)), cache_folder, workers)
    return Material(train, test, _lifter(lessons["all"], amount, cache_folder))


def test_draw(amount: Amount) -> Draw:
    """The test windows: fixed, whatever is trained."""
    return Draw(amount.test, "test", amount.seed, TEST_MOMENTS)


def _lifter(lessons: ViewSet, amount: Amount, folder: Path) -> Lifter:
    path = folder / f"lifter-{amount.seed}-{hashlib.sha256(lessons.seen.tobytes()).hexdigest()[:12]}.pt"
    network = Lifter()
    if path.is_file():
        network.load_state_dict(torch.load(path, weights_only=True))
        return network.eval()
    network = train_lifter(lessons, amount.seed)
    torch.save(network.state_dict(), path)
    return network


# Every training of a process uses the same windows.
_kept_material = cache(make_material)


def examples_of(views: ViewSet, source: str, lifter: Lifter, frames: int) -> Examples:
    """Windows as a network sees them, every second sample of them where it takes half as many."""
    joints = views.exact if source == EXACT else lift(lifter, views.seen) if source == LIFTED else views.seen
    step = WINDOWS.frames // frames
    thinned = np.ascontiguousarray(joints[:, step - 1 :: step])
    return Examples(torch.from_numpy(thinned), torch.from_numpy(views.label), torch.from_numpy(views.errors))


def seen_from(sides: dict[str, ViewSet], view: str) -> ViewSet:
    """The training windows of a side. Of both: half of the athletes from the front and the others from the back, so
    that there are as many windows, of as many athletes, as of one side."""
    if view != BOTH:
        return sides[view]
    return joined([part.of(part.performance % 2 == number) for number, part in enumerate(sides[s] for s in SIDES)])


def train_all(jobs: Sequence[Job], runs: Path, cache_folder: Path, workers: int, minutes: float) -> Iterator[Job]:
    """Train what has no answers yet, `workers` at a time, giving each job when it is done; none is begun after that
    many minutes. A job that was interrupted goes on at its last epoch."""
    until = time.monotonic() + 60 * minutes  # one clock for all processes of a machine
    waiting = [job for job in jobs if not (job.folder(runs) / ANSWERS).is_file()]
    if workers <= 1:
        yield from (job for job in waiting if _train(job, runs, cache_folder, until))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(_train, job, runs, cache_folder, until) for job in waiting]
        for done in as_completed(running):
            job = done.result()
            if job is not None:
                yield job


def _train(job: Job, runs: Path, cache_folder: Path, until: float) -> Job | None:
    """One training and its answers; None when there is no time left to begin it."""
    if time.monotonic() > until:
        return None
    material = _kept_material(job.amount, cache_folder)
    frames, folder = job.recipe.spec.frames, job.folder(runs)
    train = examples_of(seen_from(material.train, job.view), job.source, material.lifter, frames)
    torch.manual_seed(job.recipe.optimisation.seed)
    network = fit(build(job.recipe.spec), train, None, task_of(job.recipe), job.recipe.optimisation, folder, True)
    save_answers(network, material, job.source, frames, folder)
    return job


def save_answers(network: nn.Module, material: Material, source: str, frames: int, folder: Path) -> None:
    """Write the logits of all test windows, by side."""
    tests = {side: examples_of(material.test[side], source, material.lifter, frames) for side in SIDES}
    logits = {side: answer(network, test).logits for side, test in tests.items()}
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "answers.part.npz"
    np.savez(part, **logits)
    part.replace(folder / ANSWERS)


def read_answers(job: Job, runs: Path) -> dict[str, Float32] | None:
    """Logits (N, K) of the test windows by side; None when the job is not done."""
    path = job.folder(runs) / ANSWERS
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as data:
        return {side: data[side] for side in SIDES}
