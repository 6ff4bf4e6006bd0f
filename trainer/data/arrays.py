"""Dataclasses of arrays as npz files: caches that are whole or not there."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import numpy as np

Arrays = TypeVar("Arrays")


def keep(path: Path, arrays: object) -> None:
    """Write every field of a dataclass of arrays, whole or not at all; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez(part, **{field.name: getattr(arrays, field.name) for field in fields(arrays)})  # type: ignore[arg-type]
    part.replace(path)


def kept(path: Path, kind: type[Arrays]) -> Arrays:
    """What `keep` wrote, without unpickling anything."""
    with np.load(path, allow_pickle=False) as data:
        return kind(**{field.name: data[field.name] for field in fields(kind)})  # type: ignore[arg-type]
