"""Arrays out of .npz files that somebody else wrote: checked before they are believed, and before memory is taken."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.errors import FiasError
from trainer.data.sequence import bad_data

MAX_BYTES = 2**28  # of one array: ten times the largest one of the data sets
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Archive:
    """An .npz file: its path and the names of its arrays."""

    path: Path
    names: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file's name, for messages."""
        return self.path.name

    def array(self, name: str, kinds: str, shape: tuple[int | None, ...]) -> NDArray[Any]:
        """The array of that name, if its dtype is one of `kinds` (`f`, `i`, `b`, `U`...) and its shape fits (None: any
        length). FiasError otherwise, when it is damaged, or larger than `MAX_BYTES`; pickles are never opened."""
        if name not in self.names:
            raise bad_data(self.file, "", f"it has no array {name!r}")
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(f"{name}.npy") as member:
                found, dtype = _header(member)
                self._check(name, found, dtype, kinds, shape)
            with zipfile.ZipFile(self.path) as archive, archive.open(f"{name}.npy") as member:
                return np.asarray(np.lib.format.read_array(member, allow_pickle=False))  # type: ignore[no-untyped-call]
        except _BROKEN as error:
            raise bad_data(self.file, "", f"array {name!r} is damaged ({error})") from error

    def _check(
        self, name: str, found: tuple[int, ...], dtype: np.dtype[Any], kinds: str, shape: tuple[int | None, ...]
    ) -> None:
        fits = len(found) == len(shape) and all(want in (None, have) for want, have in zip(shape, found, strict=True))
        if dtype.kind not in kinds or dtype.hasobject:
            raise bad_data(self.file, "", f"array {name!r} holds {dtype}, not one of the kinds {', '.join(kinds)}")
        if not fits:
            wanted = ", ".join("any" if length is None else str(length) for length in shape)
            raise bad_data(self.file, "", f"array {name!r} has shape {found}, expected ({wanted})")
        size = dtype.itemsize
        for length in found:
            size *= length
        if size > MAX_BYTES:
            raise bad_data(self.file, "", f"array {name!r} would take {size / 2**20:,.0f} MiB")


def _header(member: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    version = np.lib.format.read_magic(member)  # type: ignore[no-untyped-call]
    if version not in readers:
        raise ValueError(f"array format {version} is not known")
    shape, _, dtype = readers[version](member)  # type: ignore[no-untyped-call]
    return shape, dtype


def open_archive(path: Path) -> Archive:
    """The archive at `path`; FiasError when there is none or it is damaged."""
    if not path.is_file():
        raise FiasError(f"There is no file {path}.", "FIAS_DATA names the folder with the data sets.")
    try:
        with zipfile.ZipFile(path) as archive:
            names = tuple(name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy"))
    except _BROKEN as error:
        raise bad_data(path.name, "", f"it is damaged or no .npz file ({error})") from error
    return Archive(path, names)


def pieces(
    archive: Archive, rows: int, names: Sequence[str], least: int = 2, short: frozenset[str] = frozenset()
) -> list[slice]:
    """The rows of each sequence by the archive's `offsets`; FiasError when they do not fit, or one of the sequences
    `names` has fewer than `least` frames (those in `short` are known to have one)."""
    offsets = archive.array("offsets", "iu", (len(names) + 1,)).astype(np.int64)
    if offsets[0] != 0 or offsets[-1] != rows or (np.diff(offsets) < 0).any():
        raise bad_data(archive.file, "", f"its offsets do not divide {rows} frames into {len(names)} sequences")
    for name, length in zip(names, np.diff(offsets).tolist(), strict=True):
        if not length:
            raise bad_data(archive.file, name, "it is empty")
        if length < (1 if name in short else least):
            raise bad_data(archive.file, name, f"it has {length} frame{'s' if length > 1 else ''}, fewer than {least}")
    return [slice(int(first), int(end)) for first, end in pairwise(offsets)]
