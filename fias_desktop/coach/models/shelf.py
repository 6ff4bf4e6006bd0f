"""The folder of a person's language models: what is in it, how a file gets in, and how it leaves."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import psutil

from fias_desktop import resources
from fias_desktop.coach.llm.gguf_file import GgufHeader, read_header
from fias_desktop.domain.errors import FiasError

FOLDER_NAME = "models-coach"
# What stays free on the disk for everything else.
RESERVE_BYTES = 256 << 20
CHUNK_BYTES = 4 << 20
# The share of the free memory that a model may take; `gguf_file.check_memory` refuses above it.
MEMORY_SHARE = 0.9
# Networks in GGUF files that do not write text.
_NO_LANGUAGE = {"bert", "clip", "nomic-bert", "jina-bert-v2", "t5encoder", "wavtokenizer-dec", "whisper"}
# Names of llama.cpp's file types.
_QUANTISATIONS = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 32: "BF16",
}  # fmt: skip

OnProgress = Callable[[int, int], None]  # bytes done, bytes in all
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class ShelfModel:
    """A model on this machine. `problem` says why it cannot be used; "" for a good one."""

    path: Path
    place: Literal["bundled", "shelf", "elsewhere"]
    name: str
    size_bytes: int
    architecture: str = ""
    quantisation: str = ""
    licence: str = ""
    problem: str = ""
    header: GgufHeader | None = None

    def memory_bytes(self, context: int) -> int:
        """An estimate of the memory it takes with this context, which is at most its own."""
        if self.header is None:
            return self.size_bytes
        known = self.header.keys.get(f"{self.header.architecture}.context_length", context)
        return self.header.needed_bytes(min(context, int(known)) if isinstance(known, int) and known > 0 else context)


class Shelf:
    """The models in one folder, with the bundled one before them. May be used by several threads."""

    def __init__(self, folder: Path, bundled: Path, reserve_bytes: int = RESERVE_BYTES) -> None:
        self.folder, self.bundled = folder, bundled
        self._reserve_bytes = reserve_bytes
        self._known: dict[tuple[Path, int, int], ShelfModel] = {}

    def models(self, also: Sequence[Path] = ()) -> tuple[ShelfModel, ...]:
        """The bundled model, those of the folder by name, and `also` (chosen elsewhere); damaged ones with a reason."""
        own = sorted(self._files(), key=lambda path: path.name.lower())
        elsewhere = [path for path in also if path not in (self.bundled, *own)]
        return (
            self._model(self.bundled, "bundled"),
            *(self._model(path, "shelf") for path in own),
            *(self._model(path, "elsewhere") for path in elsewhere),
        )

    def import_file(self, source: Path, on_progress: OnProgress, cancelled: Cancelled) -> Path | None:
        """Copy a GGUF file into the folder: checked first, whole or not at all; None when it was cancelled.

        FiasError for what is no usable model, a model or a name that is there already, and too little space.
        """
        refuse(read_header(source), source.name)
        make_folder(self.folder)
        target = self.folder / f"{source.stem}.gguf"
        size = source.stat().st_size
        if self._same(source, size, cancelled) or cancelled():
            return None
        if target.exists():
            raise FiasError(
                f"Another model with the name {target.name} is there already.",
                "Rename the file that you want to import, or delete the other model first.",
            )
        check_space(self.folder, size, self._reserve_bytes)
        return self._copy(source, target, size, on_progress, cancelled)

    def delete(self, path: Path) -> None:
        """Delete a model of the folder; FiasError for the bundled one and for anything outside the folder."""
        inside = path.parent.resolve() == self.folder.resolve() and path.suffix == ".gguf"
        if not inside or path.resolve() == self.bundled.resolve():
            raise FiasError(f"{path.name} is not one of your models, so it is not deleted.", "Delete it by hand.")
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FiasError(
                f"{path.name} cannot be deleted: {error.strerror}.", "Close what uses it and try again."
            ) from error

    def _files(self) -> list[Path]:
        try:
            return [path for path in self.folder.glob("*.gguf") if path.is_file()]
        except OSError:
            return []

    def _model(self, path: Path, place: Literal["bundled", "shelf", "elsewhere"]) -> ShelfModel:
        try:
            state = path.stat()
        except OSError as error:
            return ShelfModel(path, place, path.stem, 0, problem=f"It cannot be read: {error.strerror}.")
        key = (path, state.st_size, state.st_mtime_ns)
        if key not in self._known:
            self._known[key] = _looked_at(path, place, state.st_size)
        return self._known[key]

    def _same(self, source: Path, size: int, cancelled: Cancelled) -> bool:
        """Whether the copying was cancelled while comparing; FiasError when the same model is there already."""
        for model in self.models():
            if model.size_bytes != size:
                continue
            same = source.samefile(model.path) or _equal(source, model.path, cancelled)
            if same is None:
                return True
            if same:
                raise FiasError(
                    f"This model is there already: {model.name} ({model.path.name}).", "Choose “Use” there."
                )
        return False

    def _copy(
        self, source: Path, target: Path, size: int, on_progress: OnProgress, cancelled: Cancelled
    ) -> Path | None:
        part = target.with_name(f"{target.name}.import")
        try:
            with source.open("rb") as read, part.open("wb") as write:
                complete = _copy_bytes(read, write, size, on_progress, cancelled)
            if complete:
                read_header(part)
                part.replace(target)
            return target if complete else None
        except OSError as error:
            raise disk_error(error, target.name) from error
        finally:
            part.unlink(missing_ok=True)


def default_shelf() -> Shelf:
    """The shelf in the user's data folder."""
    return Shelf(resources.data_dir() / FOLDER_NAME, resources.coach_model())


def refuse(header: GgufHeader, name: str) -> None:
    """FiasError for a whole GGUF file that the coach cannot speak with."""
    parts = header.keys.get("split.count", 0)
    if isinstance(parts, int) and parts > 1:
        raise FiasError(f"{name} is only one of {parts} parts of a model.", "Use a model that is a single file.")
    if header.architecture in _NO_LANGUAGE:
        raise FiasError(
            f"{name} is no language model (its architecture is {header.architecture}).", "Choose a chat model."
        )


def free_memory_bytes() -> int:
    """The memory that is free now."""
    return int(psutil.virtual_memory().available)


def fits(needed_bytes: int, free_bytes: int) -> bool:
    """Whether a model may be loaded: as `gguf_file.check_memory` decides."""
    return needed_bytes <= MEMORY_SHARE * free_bytes


def make_folder(folder: Path) -> None:
    """Make the folder of models; FiasError when that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FiasError(
            f"The folder {folder} cannot be made: {error.strerror}.", "Free some space or set FIAS_HOME."
        ) from error


def check_space(folder: Path, more_bytes: int, reserve_bytes: int = RESERVE_BYTES) -> None:
    """FiasError when the disk of the folder has no room for so many bytes more."""
    free = shutil.disk_usage(folder).free
    if more_bytes + reserve_bytes > free:
        raise FiasError(
            f"The disk has {free / 2**30:.1f} GB free, but {(more_bytes + reserve_bytes) / 2**30:.1f} GB are needed.",
            "Free some space and try again.",
        )


def disk_error(error: OSError, name: str) -> FiasError:
    """What went wrong while writing a model, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FiasError(f"The disk is full: {name} could not be written.", "Free some space and try again.")
    return FiasError(f"{name} could not be written: {error.strerror or error}.", "Check the disk and try again.")


def _looked_at(path: Path, place: Literal["bundled", "shelf", "elsewhere"], size: int) -> ShelfModel:
    try:
        header = read_header(path)
        refuse(header, path.name)
    except FiasError as error:
        return ShelfModel(path, place, path.stem, size, problem=error.user_message)
    keys = header.keys
    kind = keys.get("general.file_type", -1)
    return ShelfModel(
        path,
        place,
        str(keys.get("general.name") or path.stem),
        size,
        header.architecture,
        _QUANTISATIONS.get(kind, "") if isinstance(kind, int) else "",
        str(keys.get("general.license.name") or keys.get("general.license") or ""),
        header=header,
    )


def _equal(one: Path, other: Path, cancelled: Cancelled) -> bool | None:
    """Whether two files of the same size hold the same bytes; None when it was cancelled."""
    try:
        with one.open("rb") as a, other.open("rb") as b:
            while not cancelled():
                left = a.read(CHUNK_BYTES)
                if left != b.read(CHUNK_BYTES):
                    return False
                if not left:
                    return True
    except OSError:
        return False
    return None


def _copy_bytes(read: BinaryIO, write: BinaryIO, size: int, on_progress: OnProgress, cancelled: Cancelled) -> bool:
    """Whether everything was copied and is on the disk; False when it was cancelled."""
    done = 0
    on_progress(0, size)
    while chunk := read.read(CHUNK_BYTES):
        if cancelled():
            return False
        write.write(chunk)
        done += len(chunk)
        on_progress(done, size)
    write.flush()
    os.fsync(write.fileno())
    return not cancelled()
