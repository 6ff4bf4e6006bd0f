"""Fetching a language model of the catalogue: resumed, checked, one at a time, and only when a person asked for it."""

from __future__ import annotations

import hashlib
import http.client
import ssl
import threading
import time
import urllib.error
from collections import deque
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import BinaryIO, Literal

from fias_desktop.coach.models import web
from fias_desktop.coach.models.catalogue import CatalogueEntry
from fias_desktop.coach.models.part_file import OpenPart, PartFile
from fias_desktop.coach.models.shelf import RESERVE_BYTES, check_space, disk_error, make_folder
from fias_desktop.domain.errors import FiasError

State = Literal["idle", "running", "waiting", "checking", "paused", "done", "failed", "cancelled"]
CLOSE_S = 2.0
AGAIN = "Press “Continue” to try again; what has arrived is kept."
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_REFUSALS = {401: "wants a password", 403: "refuses it", 404: "does not have it", 410: "does not have it any more"}
_SPACE_EVERY_BYTES = 64 << 20
_MARK_EVERY_S, _MARKS = 0.2, 25


@dataclass(frozen=True)
class Limits:
    """Patience and manners; tests are less patient."""

    timeout_s: float = 30.0
    tries: int = 5  # in a row without a single new byte
    first_wait_s: float = 1.0  # doubled after every vain try
    longest_wait_s: float = 60.0
    reserve_bytes: int = RESERVE_BYTES
    chunk_bytes: int = 1 << 18


@dataclass(frozen=True)
class Progress:
    """How far it is. `rate_bytes_s` is that of the last seconds; `left_s` is NaN while nobody can say."""

    state: State = "idle"
    done_bytes: int = 0
    total_bytes: int = 0
    rate_bytes_s: float = 0.0
    left_s: float = float("nan")
    error: FiasError | None = None

    @property
    def active(self) -> bool:
        """Whether a thread is at work on it."""
        return self.state in ("running", "waiting", "checking")


class Downloader:
    """Downloads into one folder. Methods return at once; look at `progress` now and then. Nothing begins by itself.

    `proxy` is an address, "" for none at all, or None for what the environment says.
    """

    def __init__(
        self, folder: Path, proxy: str | None = None, limits: Limits | None = None, open_part: OpenPart | None = None
    ) -> None:
        self.folder = folder
        self._proxy, self._limits, self._open_part = proxy, limits or Limits(), open_part
        self._run: _Run | None = None

    @property
    def entry(self) -> CatalogueEntry | None:
        """What was asked for last."""
        return self._run.entry if self._run is not None else None

    def progress(self) -> Progress:
        """How far the last download is."""
        return self._run.progress() if self._run is not None else Progress()

    def part_bytes(self, entry: CatalogueEntry) -> int:
        """How much of an entry lies in the folder from an earlier, unfinished download."""
        return PartFile(self.folder, entry).size()

    def start(self, entry: CatalogueEntry) -> None:
        """Begin, or go on where an earlier download stopped: only ever called because a person pressed the button.

        FiasError when another one is under way, the file is there already, or the disk has no room.
        """
        if self.progress().active:
            raise FiasError("Another download is under way.", "Wait for it, or pause it first.")
        make_folder(self.folder)
        if (self.folder / entry.file).exists():
            raise FiasError(f"{entry.file} is there already.", "Delete it first to download it again.")
        check_space(self.folder, entry.size_bytes - self.part_bytes(entry), self._limits.reserve_bytes)
        part = PartFile(self.folder, entry, self._open_part)
        self._run = _Run(entry, self.folder / entry.file, part, self._proxy, self._limits, after=self._run)
        self._run.start()

    def pause(self) -> None:
        """Stop and keep what has arrived; `start` with the same entry goes on."""
        if self._run is not None:
            self._run.stop("paused")

    def cancel(self, entry: CatalogueEntry) -> None:
        """Stop, if it is this one, and throw away what has arrived of it, be it from an earlier time."""
        if self._run is not None and self._run.entry.id == entry.id:
            self._run.stop("cancelled")
        else:
            PartFile(self.folder, entry).remove()

    def close(self) -> bool:
        """Pause and wait for the thread, two seconds at most; whether it has ended."""
        self.pause()
        return self._run is None or self._run.join(CLOSE_S)


class _DroppedError(Exception):
    """The connection broke or the server is busy: worth another try, after `wait_s` where the server named it."""

    def __init__(self, why: str, wait_s: float = 0.0) -> None:
        super().__init__(why)
        self.wait_s = wait_s


class _WrongFileError(Exception):
    """What arrived is not what was promised."""


class _StoppedError(Exception):
    """A person paused or cancelled."""


class _Run:
    """One download from its start to its end, on its own thread, which waits for the one before it to end."""

    def __init__(
        self, entry: CatalogueEntry, target: Path, part: PartFile, proxy: str | None, limits: Limits, after: _Run | None
    ) -> None:
        self.entry = entry
        self._target, self._part, self._proxy, self._limits = target, part, proxy, limits
        self._after = after
        self._lock = threading.Lock()
        self._state: State = "running"
        self._error: FiasError | None = None
        self._wish: State | None = None
        self._stopped, self._cut = threading.Event(), web.Cut()
        self._done_bytes = part.size()
        self._marks: deque[tuple[float, int]] = deque(maxlen=_MARKS)
        self._thread = threading.Thread(target=self._work, name="fias-download", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, timeout_s: float | None = None) -> bool:
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def stop(self, wish: Literal["paused", "cancelled"]) -> None:
        """End with this state; what an ended download left is removed when it is cancelled."""
        with self._lock:
            if self._state in ("running", "waiting", "checking"):
                # Who cancelled and then closes the window still means to cancel.
                self._wish = self._wish if self._wish == "cancelled" else wish
            elif wish == "cancelled" and self._state != "done":
                self._state, self._error = "cancelled", None
                self._part.remove()
        self._stopped.set()
        self._cut()

    def progress(self) -> Progress:
        with self._lock:
            state, done, error = self._wish or self._state, self._done_bytes, self._error
            since = self._marks[0] if self._marks else None
        rate = 0.0
        if state == "running" and since is not None:
            rate = (done - since[1]) / max(time.monotonic() - since[0], _MARK_EVERY_S)
        left = (self.entry.size_bytes - done) / rate if rate > 0 else float("nan")
        return Progress(state, done, self.entry.size_bytes, rate, left, error)

    def _work(self) -> None:
        if self._after is not None:
            self._after.join()
            self._after = None
        state: State = "failed"
        error: FiasError | None = None
        try:
            self._fetch()
            self._check()
            state = "done"
        except _StoppedError:
            state = "paused"
        except _WrongFileError as wrong:
            self._part.remove()
            error = FiasError(
                f"What arrived from {self.entry.host} is not the promised file: {wrong}. It was thrown away.",
                "Try again later, or look for a newer catalogue.",
            )
        except FiasError as failed:
            error = failed
        except OSError as failed:
            error = disk_error(failed, self.entry.file)
        finally:
            self._end(state, error)

    def _end(self, state: State, error: FiasError | None) -> None:
        with self._lock:
            cancelled = self._wish == "cancelled" and state != "done"
            if not cancelled:
                self._state, self._error, self._wish = state, error, None
        if cancelled or state == "done":
            self._part.remove()  # without the lock: a large file takes its time
        if cancelled:
            with self._lock:
                self._state, self._error, self._wish = "cancelled", None, None

    def _fetch(self) -> None:
        """Until the part is complete: ask, take what comes, and ask again for the rest after a break."""
        vain = 0
        while (before := self._part.size()) < self.entry.size_bytes:
            self._set("running", before)
            try:
                self._ask(before)
            except _DroppedError as dropped:
                vain = 0 if self._part.size() > before else vain + 1
                if vain >= self._limits.tries:
                    raise FiasError(f"The download from {self.entry.host} stopped: {dropped}.", AGAIN) from dropped
                self._set("waiting", self._part.size())
                self._stopped.wait(
                    min(dropped.wait_s or self._limits.first_wait_s * 2**vain, self._limits.longest_wait_s)
                )

    def _ask(self, have: int) -> None:
        """One request for what is missing, written behind what is there (or from the start where it must be)."""
        headers: dict[str, str] = {}
        if have > 0:
            tag = self._part.tag()
            headers = {"Range": f"bytes={have}-"} | ({"If-Range": tag} if tag else {})
        try:
            with web.open_url(
                self.entry.url, headers, self._proxy, self._limits.timeout_s, self._cut.register
            ) as response:
                self._take(response, have)
        except urllib.error.HTTPError as error:
            with error:
                self._refused(error, have)
        except (OSError, http.client.HTTPException) as error:
            self._broken(error)

    def _take(self, response: HTTPResponse, have: int) -> None:
        go_on = response.status == 206
        total = _range_total(response, have) if go_on else _number(response.headers.get("Content-Length"))
        if total is not None and total != self.entry.size_bytes:
            raise FiasError(
                f"The file on {self.entry.host} has another size than the catalogue says ({total} bytes instead of"
                f" {self.entry.size_bytes}).",
                "It was probably changed since; look for a newer catalogue.",
            )
        with self._part.open(go_on, _tag(response)) as file:
            self._pour(response, file, have if go_on else 0)

    def _pour(self, response: HTTPResponse, file: BinaryIO, done: int) -> None:
        space_at = done
        self._look(done)
        while done < self.entry.size_bytes:
            chunk = response.read1(self._limits.chunk_bytes)
            self._look(done)
            if not chunk:
                raise _DroppedError("the connection broke")
            if done >= space_at:
                check_space(self._part.path.parent, 0, self._limits.reserve_bytes)
                space_at = done + _SPACE_EVERY_BYTES
            done += len(chunk)
            if done > self.entry.size_bytes:
                raise _WrongFileError("more arrived than the catalogue says")
            self._part.write(file, chunk)
            self._look(done)

    def _refused(self, error: urllib.error.HTTPError, have: int) -> None:
        if error.code == 416 and have > 0:
            self._part.remove()
            raise _DroppedError("the server does not go on") from error
        if error.code in _BUSY:
            wait_s = float(_number(error.headers.get("Retry-After")) or 0)
            raise _DroppedError(f"the server is busy ({error.code})", wait_s) from error
        what = _REFUSALS.get(error.code, "answered with an error")
        if error.code < 400:
            what = "sends us on to an unsafe address"
        raise FiasError(
            f"{self.entry.host} {what} ({error.code}).",
            "Look for a newer catalogue, or fetch the file with a browser and import it.",
        ) from error

    def _broken(self, error: Exception) -> None:
        if self._stopped.is_set():
            raise _StoppedError from error
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise FiasError(
                f"{self.entry.host} cannot prove who it is ({reason.verify_message}).",
                "Check the clock of this machine and its network.",
            ) from error
        raise _DroppedError(str(reason) or "the connection broke") from error

    def _check(self) -> None:
        """Only what has the right hash gets its name."""
        self._set("checking", 0)
        digest, done = hashlib.sha256(), 0
        with self._part.path.open("rb") as file:
            while chunk := file.read(4 << 20):
                digest.update(chunk)
                done += len(chunk)
                self._look(done)
        if digest.hexdigest() != self.entry.sha256:
            raise _WrongFileError("its SHA-256 is not the one in the catalogue")
        self._part.path.replace(self._target)

    def _look(self, done: int) -> None:
        """Note how far it is, and stop when that was asked for."""
        with self._lock:
            self._done_bytes = done
            now = time.monotonic()
            if not self._marks or now - self._marks[-1][0] >= _MARK_EVERY_S:
                self._marks.append((now, done))
        if self._stopped.is_set():
            raise _StoppedError

    def _set(self, state: State, done: int) -> None:
        with self._lock:
            self._state = state
            self._marks.clear()
        self._look(done)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdigit() else None


def _tag(response: HTTPResponse) -> str:
    """What may stand in If-Range: a weak tag does not promise the same bytes."""
    etag = response.headers.get("ETag", "")
    return etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")


def _range_total(response: HTTPResponse, have: int) -> int | None:
    """The whole size in Content-Range; the server must go on exactly where the part ends."""
    unit, _, rest = response.headers.get("Content-Range", "").partition(" ")
    span, _, total = rest.partition("/")
    if unit.lower() != "bytes" or _number(span.partition("-")[0]) != have:
        raise FiasError("The server does not go on where the download stopped.", "Cancel it and start again.")
    return _number(total)
