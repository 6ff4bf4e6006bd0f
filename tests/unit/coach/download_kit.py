"""What the tests of downloads share: something to fetch, quick limits, and a look at how it ended."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fias_desktop.coach.models.download import Downloader, Limits, Progress
from fias_desktop.domain.errors import FiasError
from tests.unit.coach.model_server import wait_until

CONTENT = os.urandom(1 << 20)
QUICK = Limits(timeout_s=5.0, tries=3, first_wait_s=0.01, longest_wait_s=0.05, reserve_bytes=0, chunk_bytes=1 << 14)


def forget_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the machine's environment between a test and its server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def ended(downloader: Downloader, seconds: float = 8.0) -> Progress:
    """The progress once no thread works any more."""
    wait_until(lambda: not downloader.progress().active, seconds)
    assert downloader.close()
    return downloader.progress()


def failure(downloader: Downloader) -> FiasError:
    """Why it failed, with a next step."""
    progress = ended(downloader)
    assert progress.state == "failed" and progress.error is not None, progress
    assert progress.error.hint
    return progress.error


def names(downloader: Downloader) -> set[str]:
    """What lies in the folder."""
    return {path.name for path in downloader.folder.iterdir()}


def arrived(downloader: Downloader, content: bytes = CONTENT) -> bool:
    """Whether the file is there whole, and nothing beside it."""
    return names(downloader) == {"tiny.gguf"} and (downloader.folder / "tiny.gguf").read_bytes() == content


class NearlyFull:
    """A file on a disk with room for so many bytes; then the system's own "no space left" from /dev/full."""

    def __init__(self, path: Path, mode: str, room: int) -> None:
        self._file, self._room = path.open(mode, buffering=0), room

    def write(self, data: memoryview) -> int:
        """As the disk has room."""
        if self._room == 0:
            with Path("/dev/full").open("wb", buffering=0) as full:
                return full.write(data)
        written = self._file.write(data[: self._room]) or 0
        self._room -= written
        return written

    def __enter__(self) -> NearlyFull:
        return self

    def __exit__(self, *args: object) -> None:
        self._file.close()
