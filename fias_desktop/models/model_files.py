"""The files of a model folder, checked before anything reads them. No torch, and never a pickle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.resources import sha256

WEIGHTS = "weights.safetensors"
ONNX = "model.onnx"
_AGAIN = "Import the model again, or install FIAS Desktop again if it came with the program."


def check_file(folder: Path, name: str, spec: ModelSpec) -> Path:
    """The path of a model file whose SHA-256 is the card's; FiasError when it is missing, empty or another file."""
    path = folder / name
    try:
        size = path.stat().st_size
        digest = sha256(path)
    except OSError as error:
        raise FiasError(f"{name} of the model {spec.id} cannot be read: {error.strerror}.", _AGAIN) from error
    if not size:
        raise FiasError(f"{name} of the model {spec.id} is empty.", _AGAIN)
    if spec.hashes.get(name) != digest:
        raise FiasError(f"{name} of the model {spec.id} is damaged or not the file its card names.", _AGAIN)
    return path


def read_weights(folder: Path, spec: ModelSpec) -> dict[str, NDArray[Any]]:
    """Every array of the checked weights file by name; FiasError when it does not read or holds a number not finite."""
    path = check_file(folder, WEIGHTS, spec)
    try:
        arrays: dict[str, NDArray[Any]] = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise FiasError(f"{WEIGHTS} of the model {spec.id} cannot be read: {error}.", _AGAIN) from error
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise FiasError(f"{WEIGHTS} of the model {spec.id} holds values that are not numbers.", _AGAIN)
    return arrays


def mismatch(spec: ModelSpec, reason: str) -> FiasError:
    """The error for files that are whole but do not fit the card."""
    return FiasError(f"The weights of the model {spec.id} do not fit its card: {reason}.", _AGAIN)
