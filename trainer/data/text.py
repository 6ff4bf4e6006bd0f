"""Comma-separated files of landmarks."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Float32
from trainer.data.sequence import bad_data

MAX_BYTES = 2**28


def table(path: Path, columns: int | None = None) -> list[list[str]]:
    """The rows of a file, each of `columns` cells (not given: as many as the first row has); FiasError when it is
    missing, empty, too large or not such a file."""
    if not path.is_file():
        raise FiasError(f"There is no file {path}.", "FIAS_DATA names the folder with the data sets.")
    if path.stat().st_size > MAX_BYTES:
        raise bad_data(path.name, "", "it is too large")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise bad_data(path.name, "", f"it is not a table of text ({error})") from error
    if not rows:
        raise bad_data(path.name, "", "it is empty")
    for number, row in enumerate(rows, start=1):
        if len(row) != (columns or len(rows[0])):
            raise bad_data(path.name, f"row {number}", f"it has {len(row)} cells, expected {columns or len(rows[0])}")
    return rows


def numbers(file: str, name: str, cells: list[str]) -> Float32:
    """The cells as float32; FiasError when one is not a finite number."""
    try:
        values = np.array([float(cell) for cell in cells], np.float32)
    except ValueError as error:
        raise bad_data(file, name, f"a cell is not a number ({error})") from error
    if not np.isfinite(values).all():
        raise bad_data(file, name, "a cell is not a finite number")
    return values
