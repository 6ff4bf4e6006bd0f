"""A training recipe: one TOML file that says everything a run depends on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERROR_LABELS, GROUPS, LABELS
from fias_desktop.domain.model_card import ModelSpec, TrainingData
from trainer.learn.augment import Augmentation

WINDOWS, HELD = "windows", "held"


@dataclass(frozen=True)
class Optimisation:
    """AdamW with a cosine schedule over the run's progress, which is the larger of epochs and time used.

    Every epoch sees all windows of exercises and a new draw of idle ones, which make up `idle_share` of it. `batch` is
    that of all processes together. `minutes = inf` leaves the schedule to the epochs alone.
    `group_weight` is the weight of the group term of the categorical loss, `error_weight` that of the multi-label
    head; `ema` the decay of the averaged weights per step; `bfloat16` mixed precision; `compile` runs the steps through
    torch.compile (the loss then sees no feature maps; worth it for runs of many minutes); `device` is one of `auto`,
    `cpu`, `cuda`, `mps`; `patience` stops after so many epochs without a better held-out `watch` (`loss` or
    `accuracy`), 0 never; `rejection_kept` is the share of known held-out windows that the rejection threshold keeps;
    `class_bias` calibrates with a bias of each class beside the temperature.
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
    error_weight: float = 1.0
    ema: float = 0.998
    bfloat16: bool = True
    compile: bool = False
    threads: int = 2
    seed: int = 0
    device: str = "auto"
    patience: int = 0
    watch: str = "loss"
    rejection_kept: float = 0.95
    class_bias: bool = False


@dataclass(frozen=True)
class Focus:
    """The weights of the terms of STF's equation 6 (learn/focus.py); 0 leaves a term out."""

    exploration: float = 0.0
    divergence: float = 0.0
    coherence: float = 0.0
    guidance: float = 0.0

    @property
    def wanted(self) -> bool:
        """Whether there is anything to add to the loss."""
        return any((self.exploration, self.divergence, self.coherence, self.guidance))


@dataclass(frozen=True)
class Data:
    """How many windows to simulate for training and for validation, and the simulator's seed. `source` is what they
    are: `windows` of movement, or `held`: scenes of rendered athletes, each once for all that hands may hold."""

    train: int
    validation: int
    seed: int = 0
    source: str = WINDOWS


@dataclass(frozen=True)
class Recipe:
    """Everything a run depends on."""

    name: str
    spec: ModelSpec
    data: Data
    optimisation: Optimisation
    augmentation: Augmentation = field(default_factory=Augmentation)
    focus: Focus = field(default_factory=Focus)


def read_recipe(path: Path) -> Recipe:
    """Parse a recipe; FiasError that names what is wrong with it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        training_data = tuple(TrainingData(**row) for row in table.pop("training_data"))
        usual = {"labels": LABELS, "groups": GROUPS, "errors": ERROR_LABELS}
        spec = ModelSpec(
            training_data=training_data,
            rejection_threshold=0.0,
            temperature=1.0,
            **(usual | table.pop("model")),
        )
        return Recipe(
            name=path.stem,
            spec=spec,
            data=Data(**table.pop("data")),
            optimisation=Optimisation(**table.pop("optimisation")),
            augmentation=Augmentation(**table.pop("augmentation", {})),
            focus=Focus(**table.pop("focus", {})),
        )
    except OSError as error:
        raise FiasError(f"The recipe {path} cannot be read: {error.strerror}.", "Give the path of a recipe.") from error
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise FiasError(
            f"The recipe {path} is not complete: {error}.", "See trainer/recipes/stgcnpp_sim.toml."
        ) from error
