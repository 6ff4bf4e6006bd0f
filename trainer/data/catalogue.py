"""Every data set that can be named on the command line: how it is read, and what it may be used for."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from fias_desktop.domain.errors import FiasError
from trainer.data import cmu, lunge_frames, mlkit, nucla, penn, pushups, uiprmd, utdmhad
from trainer.data.sequence import SkeletonSequence

SHIPPED, EVALUATION, BENCHMARK = "may train shipped weights", "evaluation only", "benchmark only"
SIMULATED_SPELLS = 40


@dataclass(frozen=True)
class DataSet:
    """A data set: its `key` on the command line, its `title`, `licence` and permitted `use`; `stated_rate` is False
    where the frame rate is nominal. `read` takes the folder of the data sets; `about` says what a user of it must
    know."""

    key: str
    title: str
    licence: str
    use: str
    read: Callable[[Path], list[SkeletonSequence]]
    about: str
    stated_rate: bool = True


def simulated_spells(_folder: Path | None = None, count: int = SIMULATED_SPELLS) -> list[SkeletonSequence]:
    """The first spells of simulated athletes, always the same."""
    from trainer.simulate.dataset import simulated  # the simulator itself reads data sets

    return [simulated(np.random.default_rng((0, number)), number) for number in range(count)]


def _about(module: ModuleType) -> str:
    return inspect.cleandoc(module.__doc__ or "")


DATA_SETS = (
    DataSet("uiprmd", uiprmd.NAME, uiprmd.LICENCE, SHIPPED, uiprmd.read, _about(uiprmd)),
    DataSet("cmu", cmu.NAME, cmu.LICENCE, SHIPPED, cmu.read, _about(cmu)),
    DataSet("penn", penn.NAME, penn.LICENCE, BENCHMARK, penn.read, _about(penn), stated_rate=False),
    DataSet("nucla", nucla.NAME, nucla.LICENCE, BENCHMARK, nucla.read, _about(nucla), stated_rate=False),
    DataSet("utdmhad", utdmhad.NAME, utdmhad.LICENCE, EVALUATION, utdmhad.read, _about(utdmhad)),
    DataSet("pushups", pushups.NAME, pushups.LICENCE, EVALUATION, pushups.read, _about(pushups)),
    DataSet("lunge", lunge_frames.NAME, lunge_frames.LICENCE, EVALUATION, lunge_frames.read, _about(lunge_frames)),
    DataSet("mlkit", mlkit.NAME, mlkit.LICENCE, EVALUATION, mlkit.read, _about(mlkit)),
)
SIMULATED = DataSet(
    "simulated",
    "simulated athletes",
    "the project's own",
    SHIPPED,
    simulated_spells,
    f"Spells of simulated athletes, made by `trainer.simulate`; the first {SIMULATED_SPELLS} of any number.",
)


def data_set(key: str) -> DataSet:
    """The data set of that name; FiasError with the known names otherwise."""
    for entry in (*DATA_SETS, SIMULATED):
        if entry.key == key:
            return entry
    known = ", ".join(entry.key for entry in (*DATA_SETS, SIMULATED))
    raise FiasError(f"There is no data set {key!r}.", f"Known are {known}, and files ending in .pkl.")


def folder() -> Path:
    """The folder of the data sets, from FIAS_DATA; FiasError when it is not set or is none."""
    given = os.environ.get("FIAS_DATA", "")
    if not given or not Path(given).is_dir():
        raise FiasError("The folder with the data sets is not known.", "Set FIAS_DATA to it.")
    return Path(given)
