"""The trainings of STF's ablation: a network of a row is tuned from one trained without the losses, each in a folder of
its own under `runs/tables/stf`; a finished one is not repeated and a stopped one goes on."""

from __future__ import annotations

import hashlib
import math
from contextlib import redirect_stdout
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fias_desktop.domain.model_card import bare_spec
from fias_desktop.domain.types import Float32, Int64
from fias_desktop.models.contract import Batch, Output
from fias_desktop.models.streams import JOINT
from trainer.data.arrays import keep, kept
from trainer.explain.judge import Scores, scores_of
from trainer.explain.methods import Method, methods_of
from trainer.explain.model import Model, maps_of, model_of
from trainer.learn.augment import known
from trainer.learn.fit import CHECKPOINT, Examples, Task, fit
from trainer.learn.focus import ABLATION, Averaged, with_focus
from trainer.learn.trial import Watch
from trainer.recipe import Focus
from trainer.tables.public_networks import NetworkConfig, build
from trainer.tables.stf_data import Ground, StfRecipe

RUNS = Path("runs/tables/stf")
FOCUS, CONTRAST, GRADIENT = "the focus Q", "Grad-CAM, contrast", "input x gradient, contrast"
METHODS = (FOCUS, CONTRAST, GRADIENT)
BATCH = 256


@dataclass(frozen=True)
class Row:
    """A row: `name`, the `losses` in words, whether its networks are ST-GCN++ (`plain`), and the losses of each of
    them; the probabilities of two are averaged."""

    name: str
    losses: str
    plain: bool
    parts: tuple[Focus, ...]


_WORDS = {"M1": "none", "M2": "L_c", "M3": "L_c, L_d", "M4": "L_c, L_d, L_G", "M5": "L_c, L_d, L_G; L_e apart"}
_APART = Focus(exploration=0.01)
_PLAIN = Focus(divergence=0.1, coherence=0.1)
ROWS = (
    *(Row(f"{name}, MS-G3D", _WORDS[name], False, parts) for name, parts in ABLATION.items()),
    Row("ST-GCN++", "none", True, (Focus(),)),
    Row("ST-GCN++ with STF losses", "L_c, L_d", True, (_PLAIN,)),
    Row("ST-GCN++ with STF losses, two networks", "L_c, L_d; L_e apart", True, (_PLAIN, _APART)),
)


@dataclass(frozen=True)
class Part:
    """One network: a `share` of the training data, its kind, a seed, and the losses it is tuned with (None: it is the
    network that others are tuned from)."""

    share: float
    plain: bool
    seed: int
    focus: Focus | None = None

    @property
    def module(self) -> bool:
        """Whether the network has an STF module: as in the article's table, where what teaches it or explores is."""
        return self.focus is not None and not self.plain and bool(self.focus.guidance or self.focus.exploration)


@dataclass(frozen=True, eq=False)
class Answers:
    """What a row's networks together say to the test windows: log-probabilities `scores` (N, K), the parameters and the
    minutes of training of all of them."""

    scores: Float32
    parameters: Int64
    minutes: Int64


@dataclass(frozen=True, eq=False)
class Named:
    """Which of the windows to explain are named right, int64 (n,)."""

    rows: Int64


@dataclass(frozen=True, eq=False)
class Runs:
    """The trainings of one recipe, kept in a folder."""

    recipe: StfRecipe
    folder: Path = RUNS

    def work(self, ground: Ground, row: Row, share: float, seed: int) -> Path:
        """Train and judge a row unless that is done; gives the folder of what it says."""
        place = self.place(ground, row, share, seed)
        if (place / "answers.npz").is_file():
            return place
        parts = [Part(share, row.plain, seed, focus) for focus in row.parts]
        networks = [self.trained(ground, part) for part in parts]
        network = networks[0] if len(networks) == 1 else Averaged(networks)
        scores = answer(network, ground)
        if ground.explained is not None:
            self._explain(ground, network, scores, place)
        size = sum(p.numel() for p in network.parameters())
        minutes = sum(self.minutes(ground, part) for part in parts)
        keep(place / "answers.npz", Answers(scores, np.array(size), np.array(minutes)))
        return place

    def trained(self, ground: Ground, part: Part, watch: Watch = lambda task: task) -> nn.Module:
        """A network, trained now (its own task watched) or before, in evaluation mode."""
        recipe, place = self.recipe, self._place(ground, part)
        tuned = part.focus is not None
        torch.manual_seed(part.seed)
        network = build(config_of(recipe, part), ground.space, len(ground.labels), JOINT)
        if tuned:
            start_from(network, self.trained(ground, replace(part, focus=None)))
        epochs = ground.tuning_epochs if tuned else ground.epochs
        rate = recipe.tuning_rate if tuned else recipe.optimisation.learning_rate
        # Less data, more epochs: between as many epochs and as many steps.
        epochs = round(epochs / math.sqrt(part.share))
        options = replace(recipe.optimisation, epochs=epochs, learning_rate=rate, seed=part.seed)
        place.mkdir(parents=True, exist_ok=True)
        torch.set_num_threads(options.threads)
        task = watch(task_of(ground, network, options.smoothing, part.focus or Focus()))
        with (place / "log.txt").open("a", encoding="utf-8") as log, redirect_stdout(log):
            return fit(network, share_of(ground.train, part), None, task, options, place, resume=True)

    def minutes(self, ground: Ground, part: Part) -> float:
        """Of the training of a network, with those of the one it was tuned from."""
        state = torch.load(self._place(ground, part) / CHECKPOINT, weights_only=True)
        before = 0.0 if part.focus is None else self.minutes(ground, replace(part, focus=None))
        return before + float(state["progress"][2])

    def place(self, ground: Ground, row: Row, share: float, seed: int) -> Path:
        """Where a row's answers are kept."""
        parts = tuple(Part(share, row.plain, seed, focus) for focus in row.parts)
        judged = "" if ground.explained is None else self.recipe.simulated.judged
        return self.folder / f"{ground.name}-answers{judged}" / self._mark(ground, *parts)

    def _place(self, ground: Ground, part: Part) -> Path:
        return self.folder / ground.name / self._mark(ground, part)

    def _mark(self, ground: Ground, *parts: Part) -> str:
        """Other for other training; how a network is judged does not count."""
        settings = self.recipe.nucla if ground.explained is None else self.recipe.simulated.taught
        shared = (self.recipe.optimisation, self.recipe.tuning_rate, settings)
        whole = repr((shared, [(config_of(self.recipe, part), part) for part in parts]))
        return hashlib.sha256(whole.encode()).hexdigest()[:12]

    def _explain(self, ground: Ground, network: nn.Module, scores: Float32, place: Path) -> None:
        assert ground.explained is not None
        cases, rows = ground.explained.cases, ground.explained.rows
        right = np.flatnonzero(scores[rows].argmax(axis=1) == cases.target)
        frames = cases.joints.shape[1]
        spec = bare_spec("msg3d_stf", ground.space.skeleton.name, frames, ground.explained.rate_hz)
        model = model_of(spec, network)
        keep(place / "named.npz", Named(right))
        some = np.arange(len(right)) < self.recipe.simulated.checked
        cases = replace(cases.of(right), checked=some, costly=some)
        nothing = [Scores(*np.empty((len(fields(Scores)), 0)))] * len(METHODS)
        found = scores_of(model, methods(model), cases) if len(right) else nothing
        for number, one in enumerate(found):
            keep(place / f"method{number}.npz", one)


def methods(model: Model) -> tuple[Method, ...]:
    """The ways to explain that are judged, in the order of `METHODS`."""
    last = maps_of(model)[-1]
    names = (
        f"Grad-CAM {last}, prob",
        f"Grad-CAM {last}, contrast",
        "input x gradient from every joint, contrast, size",
    )
    known_ones = {method.name: method for method in methods_of(model)}
    return tuple(known_ones[name] for name in names)


def config_of(recipe: StfRecipe, part: Part) -> NetworkConfig:
    """The sizes of a network."""
    return recipe.stgcnpp if part.plain else replace(recipe.msg3d, focus=part.module)


def start_from(network: nn.Module, trained: nn.Module) -> None:
    """Give a network the weights of one that may lack an STF module, which then starts without effect."""
    found = network.load_state_dict(trained.state_dict(), strict=False)
    strange = [name for name in found.missing_keys if ".focus." not in name]
    assert not strange and not found.unexpected_keys, (strange, found.unexpected_keys)


def share_of(examples: Examples, part: Part) -> Examples:
    """A random share of the examples, the same for all networks of a seed."""
    order = torch.randperm(len(examples), generator=torch.Generator().manual_seed(part.seed))
    return examples.of(order[: round(part.share * len(examples))])


def task_of(ground: Ground, network: nn.Module, smoothing: float, focus: Focus) -> Task:
    """Cross-entropy with smoothed labels, and the focus losses."""

    def loss(output: Output, examples: Examples) -> Tensor:
        return F.cross_entropy(output.logits, examples.label, label_smoothing=smoothing)

    return Task(ground.labels, ground.change, with_focus(network, loss, focus))


@torch.no_grad()
def answer(network: nn.Module, ground: Ground) -> Float32:
    """Log-probabilities (N, K) of the test windows, averaged over how each is cut."""
    network.eval()
    scores = []
    for joints, _ in ground.test.batches(BATCH):
        each = [network(Batch(x, known(x))).logits.log_softmax(dim=1) for x in ground.windows(joints)]
        scores.append(torch.stack(each).mean(dim=0))
    return np.asarray(torch.cat(scores).numpy(), np.float32)


def answers(place: Path) -> Answers | None:
    """What a row said, or None while it has not been asked."""
    path = place / "answers.npz"
    return kept(path, Answers) if path.is_file() else None


def explanations(place: Path) -> tuple[Int64, list[Scores]] | None:
    """Which windows a row names right and the figures of each method on them; None where errors are not known."""
    if not (place / "named.npz").is_file():
        return None
    found: list[Any] = [kept(place / f"method{number}.npz", Scores) for number in range(len(METHODS))]
    return kept(place / "named.npz", Named).rows, found
