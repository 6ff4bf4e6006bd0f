"""The unfinished file of a download, and what the server called the version that it is of."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from fias_desktop.coach.models.catalogue import CatalogueEntry
from fias_desktop.coach.models.shelf import disk_error

OpenPart = Callable[[Path, str], BinaryIO]


class PartFile:
    """`<name>.part` beside `<name>.part.tag`; an earlier download goes on where it ends."""

    def __init__(self, folder: Path, entry: CatalogueEntry, open_part: OpenPart | None = None) -> None:
        self.path = folder / f"{entry.file}.part"
        self._tag_path = folder / f"{entry.file}.part.tag"
        self._entry = entry
        self._open = open_part or _open_unbuffered

    def size(self) -> int:
        """How many bytes are there; a part longer than the whole is thrown away."""
        try:
            size = self.path.stat().st_size
        except OSError:
            return 0
        if size > self._entry.size_bytes:
            self.remove()
            return 0
        return size

    def remove(self) -> None:
        """Throw everything away; what cannot be removed now is overwritten by the next download."""
        for path in (self.path, self._tag_path):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def open(self, go_on: bool, tag: str) -> BinaryIO:
        """To write behind what is there, or from the start; FiasError when the disk refuses."""
        try:
            self._tag_path.write_text(json.dumps([self._entry.url, tag]), encoding="utf-8")
            return self._open(self.path, "ab" if go_on else "wb")
        except OSError as error:
            raise disk_error(error, self._entry.file) from error

    def write(self, file: BinaryIO, chunk: bytes) -> None:
        """Write all of it; FiasError when the disk is full: what was written stays."""
        left = memoryview(chunk)
        try:
            while left:
                left = left[file.write(left) :]
        except OSError as error:
            raise disk_error(error, self._entry.file) from error

    def tag(self) -> str:
        """What the server called this version of the file; "" when that is unknown or was another address."""
        try:
            url, tag = json.loads(self._tag_path.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError):
            return ""
        return str(tag) if url == self._entry.url else ""


def _open_unbuffered(path: Path, mode: str) -> BinaryIO:
    # Unbuffered: what was written counts at once, and a full disk is noticed where it happens.
    return path.open(mode, buffering=0)  # type: ignore[return-value]
