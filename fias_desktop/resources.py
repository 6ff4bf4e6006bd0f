"""Where the bundled files lie, and how they are read. Nothing else in the program knows a resource path."""

from __future__ import annotations

import hashlib
import os
import sys
import tomllib
from math import inf
from pathlib import Path
from typing import Any

import platformdirs

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ExerciseRule, Gate, Rule
from fias_desktop.domain.model_card import ModelSpec, TrainingData

APP_NAME = "fias-desktop"
DEFAULT_MODEL = "res_tcn_sim"
DEFAULT_COACH = "coach.gguf"


def root() -> Path:
    """The folder of the bundled files: beside the package in a checkout, inside it once installed or frozen."""
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [Path(frozen) / "resources"] if frozen else []
    package = Path(__file__).resolve().parent
    candidates += [package / "_resources", package.parent / "resources"]
    for path in candidates:
        if path.is_dir():
            return path
    raise FiasError("The program's own files are missing.", "Install FIAS Desktop again.")


def cache_dir() -> Path:
    """The user's cache folder (made when needed); FIAS_HOME moves it and the data folder (tests, portable use)."""
    home = os.environ.get("FIAS_HOME")
    path = Path(home) / "cache" if home else Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))
    return _made(path)


def data_dir() -> Path:
    """The user's data folder (made when needed): settings, workouts, imported models."""
    home = os.environ.get("FIAS_HOME")
    path = Path(home) / "data" if home else Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))
    return _made(path)


def _made(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FiasError(
            f"The folder {path} cannot be made: {error.strerror}.",
            "Free some space or set FIAS_HOME to another folder.",
        ) from error
    return path


def coach_model() -> Path:
    """The bundled language model."""
    return root() / "coach" / DEFAULT_COACH


def model_dir(model_id: str) -> Path:
    """The folder of a bundled or imported recogniser; FiasError with the known ids when there is none."""
    for base in (data_dir() / "models", root() / "models"):
        if (base / model_id / "card.toml").is_file():
            return base / model_id
    known = ", ".join(sorted(model_ids()))
    hint = f"Known models: {known}. Choose one in the settings." if known else "Install FIAS Desktop again."
    raise FiasError(f"The model {model_id!r} is not there.", hint)


def model_ids() -> set[str]:
    """The ids of every recogniser that is there."""
    bases = (data_dir() / "models", root() / "models")
    return {card.parent.name for base in bases for card in base.glob("*/card.toml")}


def read_card(folder: Path) -> ModelSpec:
    """Parse `card.toml` of a model folder; FiasError when it is missing or does not fit."""
    table = _toml(folder / "card.toml")
    try:
        data = tuple(TrainingData(**row) for row in table.pop("training_data", []))
        return ModelSpec(training_data=data, **table)
    except TypeError as error:
        raise FiasError(f"The model card in {folder} is not complete: {error}.", "Import the model again.") from error


def exercise_rules() -> tuple[ExerciseRule, ...]:
    """The rules of resources/exercises.toml as domain values."""
    table = _toml(root() / "exercises.toml")
    return tuple(_exercise(name, row) for name, row in table["exercise"].items())


def _exercise(name: str, row: dict[str, Any]) -> ExerciseRule:
    rules = tuple(
        Rule(
            rule_id=rule_id,
            exercise=name,
            expected=(float(rule.pop("expected_low")), float(rule.pop("expected_high"))),
            views=tuple(rule.pop("views")),
            joints=tuple(rule.pop("joints")),
            **rule,
        )
        for rule_id, rule in row.pop("rule", {}).items()
    )
    gates = tuple(
        Gate(
            gate_id=gate_id,
            allowed=(float(gate.pop("low", -inf)), float(gate.pop("high", inf))),
            views=tuple(gate.pop("views")),
            **gate,
        )
        for gate_id, gate in row.pop("gate", {}).items()
    )
    return ExerciseRule(exercise=name, rules=rules, gates=gates, posture=tuple(row.pop("posture")), **row)


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError as error:
        raise FiasError(f"{path.name} is missing in {path.parent}.", "Install FIAS Desktop again.") from error
    except tomllib.TOMLDecodeError as error:
        raise FiasError(f"{path} is damaged: {error}.", "Install FIAS Desktop again.") from error


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
