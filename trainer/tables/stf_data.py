"""The recipe of STF's ablation, and the two data sets it is done on: N-UCLA, and simulated exercises whose errors are
known in joint and time."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.model_card import bare_spec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Float32, Int64
from trainer.explain.judge import Cases, at_fault, own_fault
from trainer.explain_eval import few_of_each
from trainer.learn.augment import Augmentation, augment
from trainer.learn.fit import Examples
from trainer.recipe import Optimisation
from trainer.simulate.dataset import Scenario, WindowSet, make_dataset
from trainer.tables import nucla
from trainer.tables.public_common import FINAL
from trainer.tables.public_networks import MSG3D_STF, STGCNPP, NetworkConfig
from trainer.tables.public_windows import Cutting, Space, changed, examples_of, judged_windows

TABLE = "stf"
NUCLA, SIMULATED = "N-UCLA", "simulated"
SIMULATED_SPACE = Space(COCO17_FEET, coordinates=2, metric=False)
SCENARIO = Scenario(moments="repetition", mocap=False)
SEED, EACH = 71, 2  # of windows that nothing else uses; windows of one athlete that are explained


@dataclass(frozen=True)
class Nucla:
    """How N-UCLA is cut and changed, the epochs of a network before tuning and those of tuning it, with all the
    training data."""

    windows: Cutting
    augmentation: Augmentation
    epochs: int
    tuning_epochs: int


@dataclass(frozen=True)
class Simulated:
    """The same of simulated exercises: windows of `frames` samples at `rate_hz`, how many to `train` with and to `test`
    by, how many of them are to be `explained` at most, and how many of those named right are `checked` by deletion."""

    augmentation: Augmentation
    epochs: int
    tuning_epochs: int
    frames: int
    rate_hz: float
    train: int
    test: int
    explained: int
    checked: int

    @property
    def taught(self) -> Simulated:
        """What a trained network depends on."""
        return replace(self, test=0, explained=0, checked=0)

    @property
    def judged(self) -> str:
        """What only the judging depends on."""
        return f"-{self.test}-{self.explained}-{self.checked}"


@dataclass(frozen=True)
class StfRecipe:
    """What all rows share. `shares` of the training data, the largest first; `tuning_rate` is the learning rate of
    tuning; `reduced` says what the full recipe would do more, or is empty; `table` names the files of the results."""

    name: str
    reduced: str
    shares: tuple[float, ...]
    tuning_rate: float
    msg3d: NetworkConfig
    stgcnpp: NetworkConfig
    optimisation: Optimisation
    nucla: Nucla
    simulated: Simulated
    table: str = TABLE


def shortened(recipe: StfRecipe, epochs: int | None) -> StfRecipe:
    """The recipe with so many epochs of training and of tuning (None: its own) in every row with all the data, and a
    table of its own that says so: results stay as they are."""
    if epochs is None:
        return recipe
    words = f"**Cut short** by `--epochs {epochs}`: a trial, no result. {recipe.reduced}".strip()
    nucla, simulated = (
        replace(recipe.nucla, epochs=epochs, tuning_epochs=epochs),
        replace(recipe.simulated, epochs=epochs, tuning_epochs=epochs),
    )
    return replace(recipe, reduced=words, nucla=nucla, simulated=simulated, table=f"{recipe.table}_short")


def read(path: Path) -> StfRecipe:
    """Parse a recipe; FiasError that says what is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return StfRecipe(
            path.stem,
            str(table["reduced"]),
            tuple(float(share) for share in table["shares"]),
            float(table["tuning_rate"]),
            NetworkConfig(MSG3D_STF, **table["msg3d"]),
            NetworkConfig(STGCNPP, **table["stgcnpp"]),
            Optimisation(epochs=1, minutes=math.inf, **table["optimisation"]),  # epochs are those of the data set
            _nucla(table["nucla"]),
            Simulated(**{**table["simulated"], "augmentation": Augmentation(**table["simulated"]["augmentation"])}),
        )
    except OSError as error:
        raise FiasError(f"The recipe {path} cannot be read: {error.strerror}.", "Give the path of a recipe.") from error
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise FiasError(f"The recipe {path} is not complete: {error}.", "See trainer/recipes/stf.toml.") from error


def _nucla(table: dict[str, Any]) -> Nucla:
    crops = tuple((float(start), float(share)) for start, share in table["windows"]["crops"])
    windows = Cutting(**{**table["windows"], "crops": crops})
    return Nucla(windows, Augmentation(**table["augmentation"]), table["epochs"], table["tuning_epochs"])


@dataclass(frozen=True, eq=False)
class Ground:
    """A data set as the table needs it: how training windows are changed, the windows over which an answer is averaged,
    `own` bool (N,) of the test windows that are no copies of a training window, and what can be explained there."""

    name: str
    labels: tuple[str, ...]
    space: Space
    train: Examples
    test: Examples
    own: Bool
    change: Callable[[Tensor, torch.Generator], Tensor]
    windows: Callable[[Tensor], list[Tensor]]
    epochs: int
    tuning_epochs: int
    explained: Explained | None = None


@dataclass(frozen=True, eq=False)
class Explained:
    """Test windows with an error whose joints are known: their `rows` int64 (n,) among the test windows, the cases, and
    int64 `subject` (n,)."""

    rows: Int64
    cases: Cases
    subject: Int64
    rate_hz: float


def nucla_ground(recipe: StfRecipe, data: Path) -> Ground:
    """Cameras 1 and 2 teach, without doubtful labels; camera 3 judges."""
    fold, settings, space = nucla.fold(data, FINAL), recipe.nucla, nucla.SPACE
    return Ground(
        NUCLA,
        nucla.BENCHMARK.labels,
        space,
        examples_of(fold.teachers(doubtful=False), space),
        examples_of(fold.test, space),
        fold.own,
        lambda joints, rng: changed(joints, space, settings.windows, settings.augmentation, rng),
        lambda joints: judged_windows(joints, space, settings.windows),
        settings.epochs,
        settings.tuning_epochs,
    )


def simulated_ground(recipe: StfRecipe, cache: Path | None) -> Ground:
    """Windows that end in the second half of a repetition, and rest; cameras all around; other athletes judge."""
    settings = recipe.simulated
    spec = bare_spec(MSG3D_STF, COCO17_FEET.name, settings.frames, settings.rate_hz)
    train, test = (
        make_dataset(count, SEED, split, spec, cache, 1, SCENARIO)
        for count, split in ((settings.train, "train"), (settings.test, "test"))
    )
    return Ground(
        SIMULATED,
        LABELS,
        SIMULATED_SPACE,
        _examples(train),
        _examples(test),
        np.ones(len(test), np.bool_),
        lambda joints, rng: augment(joints, COCO17_FEET, settings.augmentation, rng),
        lambda joints: [joints],
        settings.epochs,
        settings.tuning_epochs,
        _explained(test, settings),
    )


def _examples(windows: WindowSet) -> Examples:
    return Examples(torch.from_numpy(windows.joints), torch.from_numpy(windows.label))


def _explained(windows: WindowSet, settings: Simulated) -> Explained:
    """Some windows of error classes in random order, a few of each athlete."""
    found = np.flatnonzero(few_of_each(at_fault(windows), windows.subject, EACH))
    rows = np.random.default_rng(0).permutation(found)[: settings.explained]
    joints: Float32 = windows.joints[rows]
    none = np.zeros(len(rows), np.bool_)  # which are checked is known once they are named
    cases = Cases(joints, windows.label[rows], windows.fault[rows], own_fault(windows)[rows], none, none)
    return Explained(rows, cases, windows.subject[rows], settings.rate_hz)
