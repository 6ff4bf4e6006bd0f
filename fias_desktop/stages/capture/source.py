"""What every source of pictures offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fias_desktop.domain.types import Frame


@dataclass(frozen=True)
class SourceInfo:
    """What is known about a source.

    `name` is for people and never holds a password; `kind` is `camera`, `video`, `images`, `stream` or `demo`; `fps`
    is the source's own rate; `size` (width, height) px as delivered, upright; `frames` the number of pictures or None
    where nobody knows; `live` pictures come when they come, the others carry their moment in `Frame.time_s` and are
    paced by whoever plays them; `note` is a sentence a person should read (a file that is cut off), or empty.
    """

    name: str
    kind: str
    fps: float
    size: tuple[int, int]
    frames: int | None
    live: bool
    note: str = ""


class Source(Protocol):
    """A source of pictures, used by one thread: the one that opened it also reads and closes it."""

    @property
    def info(self) -> SourceInfo:
        """What is known so far; a file may learn while it plays that it is damaged."""
        ...

    def read(self) -> Frame | None:
        """The next picture (waits for it); None at the end; FiasError when the source was lost."""
        ...

    def close(self) -> None:
        """Give everything back; harmless when repeated."""
        ...
