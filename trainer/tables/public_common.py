"""What the tables of public benchmarks share: recipes with variants, runs that are kept, and their answers.

Every run (variant, fold, stream, seed) has a folder of its own under `runs/tables`, named by what it depends on; a
finished one is not repeated and a stopped one goes on. Two runs work at the same time, one thread each, which on a
CPU is faster for networks this small than one run on two threads.
"""

from __future__ import annotations

import hashlib
import math
import multiprocessing
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import redirect_stdout
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Bool, Float32, Int64
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.infogcnpp import foresight_loss, frame_loss
from fias_desktop.models.streams import JOINT
from trainer.data.sequence import SkeletonSequence
from trainer.learn.augment import Augmentation, known
from trainer.learn.fit import CURVES, Examples, Task, fit
from trainer.learn.focus import with_focus
from trainer.learn.trial import Watch
from trainer.recipe import Focus, Optimisation
from trainer.tables.public_networks import NetworkConfig, build
from trainer.tables.public_windows import Cutting, Space, changed, examples_of, judged_windows

RUNS = Path("runs/tables")
RECIPES = Path(__file__).parents[1] / "recipes"
ANSWERS = "answers.npz"
FINAL = "final"
BATCH = 256
NO_FOCUS = Focus()


@dataclass(frozen=True)
class Variant:
    """One way to train: its name, network, windows, optimisation and augmentation, whether sequences with doubtful
    labels teach too, how strongly windows are mixed (see `Mixing`), and the weights of the focus losses."""

    name: str
    network: NetworkConfig
    cutting: Cutting
    optimisation: Optimisation
    augmentation: Augmentation
    doubtful: bool = True
    mixing: float = 0.0
    focus: Focus = NO_FOCUS


@dataclass(frozen=True)
class PublicRecipe:
    """The variants that are compared on validation folds (`validated`) and those that are judged on the test set
    (`final`, the first is the table's main one). `reduced` says what the full recipe would do more, or is empty.
    `table` names a table of its own; empty, it is the benchmark's."""

    name: str
    reduced: str
    validated: tuple[Variant, ...]
    final: tuple[Variant, ...]
    table: str = ""


@dataclass(frozen=True)
class Fold:
    """Who teaches and who judges; `own` (N,) is false for judges that are copies of a teacher under another name;
    `doubtful` names teachers whose labels the rest of the training data contradicts."""

    train: tuple[SkeletonSequence, ...]
    test: tuple[SkeletonSequence, ...]
    own: Bool
    doubtful: frozenset[str] = frozenset()

    def teachers(self, doubtful: bool) -> tuple[SkeletonSequence, ...]:
        """Those who teach, with or without the doubtful ones."""
        return self.train if doubtful else tuple(one for one in self.train if one.name not in self.doubtful)


@dataclass(frozen=True)
class Benchmark:
    """A data set, its classes and coordinates, the names of its validation folds, and how a fold is read."""

    name: str
    labels: tuple[str, ...]
    space: Space
    validation: tuple[str, ...]
    fold: Callable[[Path, str], Fold]


@dataclass(frozen=True)
class Run:
    """One training of one network: what it depends on, and `minutes` as its limit."""

    benchmark: Benchmark
    variant: Variant
    fold: str
    stream: str
    seed: int
    minutes: float = math.inf

    def folder(self, runs: Path = RUNS) -> Path:
        """Its folder, other for other settings; the time limit does not count."""
        mark = hashlib.sha256(_settings(self.variant).encode()).hexdigest()[:8]
        return runs / self.benchmark.name / f"{self.variant.name}-{mark}" / self.fold / f"{self.stream}-{self.seed}"


def _settings(value: Any) -> str:
    """Settings that differ from their defaults: one that is added later does not make finished runs others."""
    chosen = []
    for part in fields(value):
        own = getattr(value, part.name)
        if own != part.default:
            chosen.append(f"{part.name}=({_settings(own)})" if is_dataclass(own) else f"{part.name}={own!r}")
    return ", ".join(chosen)


@dataclass(frozen=True, eq=False)
class RunAnswers:
    """What a run says to the judges: mean log-probabilities `scores` (N, K), true `label` and `own` (N,), minutes and
    epochs of training, and the number of parameters."""

    scores: Float32
    label: Int64
    own: Bool
    minutes: float = 0.0
    parameters: int = 0
    epochs: float = 0.0

    def hits(self) -> Bool:
        """Which are right (N,)."""
        return np.asarray(self.scores.argmax(axis=1) == self.label)


def read_recipe(path: Path) -> PublicRecipe:
    """Parse a recipe: `base` and, for each of `variants`, what it changes; FiasError that says what is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        changes = table["variants"]
        variants = {name: _variant(name, _merged(table["base"], change)) for name, change in changes.items()}
        validated, final = (tuple(variants[name] for name in table[key]) for key in ("validated", FINAL))
        return PublicRecipe(path.stem, str(table["reduced"]), validated, final, str(table.get("table", "")))
    except OSError as error:
        raise FiasError(f"The recipe {path} cannot be read: {error.strerror}.", "Give the path of a recipe.") from error
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise FiasError(f"The recipe {path} is not complete: {error}.", "See trainer/recipes/nucla.toml.") from error


def _variant(name: str, table: Mapping[str, Any]) -> Variant:
    windows = dict(table["windows"])
    windows["crops"] = tuple((float(start), float(share)) for start, share in windows["crops"])
    return Variant(
        name,
        NetworkConfig(**table["network"]),
        Cutting(**windows),
        Optimisation(**table["optimisation"]),
        Augmentation(**table["augmentation"]),
        bool(table["teachers"]["doubtful"]),
        float(table["teachers"]["mixing"]),
        Focus(**table.get("focus", {})),
    )


def shortened(recipe: PublicRecipe, benchmark: str, epochs: int | None) -> PublicRecipe:
    """The recipe with so many epochs (None: its own), and a table of its own that says so: results stay as they are."""
    if epochs is None:
        return recipe

    def short(variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
        return tuple(replace(one, optimisation=replace(one.optimisation, epochs=epochs)) for one in variants)

    usual = " or ".join(str(number) for number in sorted({one.optimisation.epochs for one in recipe.final}))
    words = f"**Cut short** by `--epochs {epochs}` from {usual} epochs: a trial, no result. {recipe.reduced}".strip()
    table = f"{recipe.table or benchmark}_short"
    return PublicRecipe(recipe.name, words, short(recipe.validated), short(recipe.final), table)


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Tables of settings with some of them changed; TypeError for a table that `base` does not have."""
    if unknown := set(change) - set(base):
        raise TypeError(f"a variant changes {sorted(unknown)[0]!r}, which base does not have")
    return {key: {**values, **change.get(key, {})} for key, values in base.items()}


def work(run: Run, data: Path, runs: Path = RUNS) -> Path:
    """Train and judge one run, unless its answers are there; gives their file."""
    folder = run.folder(runs)
    answers = folder / ANSWERS
    if answers.is_file():
        return answers
    fold, space = run.benchmark.fold(data, run.fold), run.benchmark.space
    started = time.monotonic()
    network = train(run, examples_of(fold.teachers(run.variant.doubtful), space), runs)
    minutes = (time.monotonic() - started) / 60
    test = examples_of(fold.test, space)
    parameters = sum(p.numel() for p in network.parameters())
    scores = answer(network, test, space, run.variant.cutting)
    save(RunAnswers(scores.numpy(), test.label.numpy(), fold.own, minutes, parameters, _epochs(folder)), answers)
    return answers


def train(run: Run, teachers: Examples, runs: Path = RUNS, watch: Watch = lambda task: task) -> nn.Module:
    """A run's network, trained in the run's folder or gone on with there, in evaluation mode."""
    folder, variant = run.folder(runs), run.variant
    folder.mkdir(parents=True, exist_ok=True)
    options = replace(variant.optimisation, seed=run.seed, minutes=run.minutes)
    torch.set_num_threads(options.threads)
    torch.manual_seed(run.seed)
    network = build(variant.network, run.benchmark.space, len(run.benchmark.labels), run.stream)
    with (folder / "log.txt").open("a", encoding="utf-8") as log, redirect_stdout(log):
        return fit(network, teachers, None, watch(task(run, network)), options, folder, resume=True)


def _epochs(folder: Path) -> int:
    """How many epochs the curves of a run hold."""
    return max(len((folder / CURVES).read_text(encoding="utf-8").splitlines()) - 1, 0)


def task(run: Run, network: nn.Module) -> Task:
    """What `fit` needs: random windows, and cross-entropy with smoothed labels, both mixed where the variant asks, and
    the focus losses of the network."""
    space, variant = run.benchmark.space, run.variant
    mixing = Mixing(variant.mixing)

    def change(joints: Tensor, rng: torch.Generator) -> Tensor:
        return mixing.windows(changed(joints, space, variant.cutting, variant.augmentation, rng), rng)

    def loss(output: Output, examples: Examples) -> Tensor:
        if output.frame_logits is not None and not variant.mixing:
            return _of_every_frame(output, examples, variant.optimisation.smoothing, run.stream)
        return mixing.loss(output.logits, examples.label, variant.optimisation.smoothing)

    return Task(run.benchmark.labels, change, with_focus(network, loss, variant.focus))


def _of_every_frame(output: Output, examples: Examples, smoothing: float, stream: str) -> Tensor:
    """The loss of a network that answers at every frame. What it foresees are joints: other streams have no such
    term."""
    assert output.frame_logits is not None
    value = frame_loss(output.frame_logits, examples.label, smoothing)
    if stream != JOINT:
        return value
    return value + foresight_loss(output, Batch(examples.joints, known(examples.joints)))


class Mixing:
    """Windows of two sequences superposed, and their losses in the same shares (H. Zhang, M. Cisse, Y. Dauphin,
    D. Lopez-Paz, ICLR 2018): share ~ Beta(`strength`, `strength`), one for a batch; 0 mixes nothing.

    Remembers what was mixed from `windows` to the `loss` of the same batch.
    """

    def __init__(self, strength: float) -> None:
        self.strength = strength
        self.share, self.partner = 1.0, torch.zeros(0, dtype=torch.int64)

    def windows(self, joints: Tensor, rng: torch.Generator) -> Tensor:
        """(N, T, V, C) mixed with the same windows in another order; a joint is known where either is."""
        if not self.strength:
            return joints
        seed = int(torch.randint(2**31, (1,), generator=rng, device=rng.device))
        self.share = float(np.random.default_rng(seed).beta(self.strength, self.strength))
        self.partner = torch.randperm(len(joints), generator=rng, device=rng.device)
        return self.share * joints + (1 - self.share) * joints[self.partner]

    def loss(self, logits: Tensor, label: Tensor, smoothing: float) -> Tensor:
        """Cross-entropy with both labels, each by its share."""
        own = F.cross_entropy(logits, label, label_smoothing=smoothing)
        if not self.strength:
            return own
        other = F.cross_entropy(logits, label[self.partner], label_smoothing=smoothing)
        return self.share * own + (1 - self.share) * other


@torch.no_grad()
def answer(network: nn.Module, examples: Examples, space: Space, cutting: Cutting) -> Tensor:
    """Log-probabilities (N, K) of sequences, averaged over their windows."""
    network.eval()
    scores = []
    for joints, _ in examples.batches(BATCH):
        windows = judged_windows(joints, space, cutting)
        each = [network(Batch(window, known(window))).logits.float().log_softmax(dim=1) for window in windows]
        scores.append(torch.stack(each).mean(dim=0))
    return torch.cat(scores)


def save(answers: RunAnswers, path: Path) -> None:
    """Write whole or not at all."""
    part = path.with_suffix(".part.npz")
    facts = np.array([answers.minutes, answers.parameters, answers.epochs])
    np.savez(part, scores=answers.scores, label=answers.label, own=answers.own, facts=facts)
    part.replace(path)


def load(path: Path) -> RunAnswers:
    """The answers of a finished run."""
    with np.load(path, allow_pickle=False) as file:
        minutes, parameters, epochs = file["facts"].tolist()
        return RunAnswers(file["scores"], file["label"], file["own"], minutes, int(parameters), epochs)


def fused(answers: Sequence[RunAnswers]) -> RunAnswers:
    """The mean of several streams' log-probabilities."""
    first = answers[0]
    scores = np.mean([each.scores for each in answers], axis=0).astype(np.float32)
    minutes, parameters = sum(each.minutes for each in answers), sum(each.parameters for each in answers)
    epochs = float(np.mean([each.epochs for each in answers]))
    return RunAnswers(scores, first.label, first.own, minutes, parameters, epochs)


@dataclass
class Runner:
    """Works through runs, `jobs` at a time, and tells `progress` after each. `minutes` are shared by all that are
    missing when it starts."""

    data: Path
    jobs: int = 2
    runs: Path = RUNS
    minutes: float = math.inf
    done: dict[tuple[str, str, str, int], RunAnswers] = field(default_factory=dict)

    def all(self, wanted: Sequence[Run], progress: Callable[[Run], None]) -> None:
        """Every run, from its kept answers or worked out now."""
        missing = [run for run in wanted if not self._take(run)]
        limit = self.minutes * max(self.jobs, 1) / max(len(missing), 1)
        missing = [replace(run, minutes=limit) for run in missing]
        if self.jobs <= 1:
            for run in missing:
                work(run, self.data, self.runs)
                self._take(run)
                progress(run)
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(self.jobs, len(missing) or 1), mp_context=context) as pool:
            futures = {pool.submit(work, run, self.data, self.runs): run for run in missing}
            for future in as_completed(futures):
                future.result()
                self._take(futures[future])
                progress(futures[future])

    def kept(self, wanted: Sequence[Run]) -> None:
        """Only what is finished already."""
        for run in wanted:
            self._take(run)

    def of(self, run: Run) -> RunAnswers | None:
        """The answers of a run that is done."""
        return self.done.get(_key(run))

    def _take(self, run: Run) -> bool:
        path = run.folder(self.runs) / ANSWERS
        if path.is_file():
            self.done[_key(run)] = load(path)
        return path.is_file()


def _key(run: Run) -> tuple[str, str, str, int]:
    return run.variant.name, run.fold, run.stream, run.seed
