"""A training recipe: one TOML file that says everything a run depends on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import GROUPS, LABELS
from fias_desktop.domain.model_card import ModelSpec, TrainingData
from trainer.augment import Augmentation


@dataclass(frozen=True)
class Optimisation:
    """AdamW with a cosine schedule over the run's progress, which is the larger of epochs and time used.

    Every epoch sees all windows of exercises and a new draw of idle ones, which make up `idle_share` of it.
    `group_weight` is the weight of the group term of the categorical loss; `ema` the decay of the averaged weights per
    step; `rejection_kept` the share of known held-out windows that the rejection threshold keeps.
    """

    epochs: int
    minutes: float
    batch: int = 64
    idle_share: float = 0.45
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    warm_up: float = 0.03
    clip_norm: float = 5.0
    group_weight: float = 1.0
    smoothing: float = 0.05
    ema: float = 0.998
    bfloat16: bool = True
    threads: int = 2
    seed: int = 0
    rejection_kept: float = 0.95


@dataclass(frozen=True)
class Data:
    """How many windows to simulate for training and for validation, and the simulator's seed."""

    train: int
    validation: int
    seed: int = 0


@dataclass(frozen=True)
class Recipe:
    """Everything a run depends on."""

    name: str
    spec: ModelSpec
    data: Data
    optimisation: Optimisation
    augmentation: Augmentation = field(default_factory=Augmentation)


def read_recipe(path: Path) -> Recipe:
    """Parse a recipe; FiasError that names what is wrong with it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        training_data = tuple(TrainingData(**row) for row in table.pop("training_data"))
        model = table.pop("model")
        spec = ModelSpec(
            labels=LABELS,
            groups=GROUPS,
            training_data=training_data,
            rejection_threshold=0.0,
            temperature=1.0,
            **model,
        )
        return Recipe(
            name=path.stem,
            spec=spec,
            data=Data(**table.pop("data")),
            optimisation=Optimisation(**table.pop("optimisation")),
            augmentation=Augmentation(**table.pop("augmentation", {})),
        )
    except OSError as error:
        raise FiasError(f"The recipe {path} cannot be read: {error.strerror}.", "Give the path of a recipe.") from error
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise FiasError(
            f"The recipe {path} is not complete: {error}.", "See trainer/recipes/stgcnpp_sim.toml."
        ) from error
