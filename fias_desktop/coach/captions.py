"""What was said, as captions beside a recording: SubRip (.srt) and WebVTT (.vtt).

A caption is at most two lines of 42 characters, or 16 where the text is Chinese, and stays as long as it takes to read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fias_desktop.coach.cues import SOURCE
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Advice
from fias_desktop.settings import write_atomically

LINES = 2
LATIN_LINE, WIDE_LINE = 42, 16
# Characters a second of adult captions; the shortest and longest time on the screen.
_LATIN_PER_S, _WIDE_PER_S = 15.0, 7.0
_SHORTEST_MS, _LONGEST_MS, _GAP_MS = 1200, 7000, 40

_WIDE = r"\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPENING, _CLOSING = "（「『《〈【〔［｛“‘", "，。！？；：、）」』》〉】〕］｝”’…"
# What may not be torn apart: a wide character with the marks that belong to it, or a run of others.
_UNIT = re.compile(rf"\s*[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSING}]*|\s*\S")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*")


@dataclass(frozen=True)
class Caption:
    """Shown from `start_ms` until before `end_ms` of the stream."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def captions_of(said: Iterable[Advice]) -> tuple[Caption, ...]:
    """Captions in the order of time, never two at once.

    Everything that was said is there. A text that is still on the screen gives way to a cue once it stood for 1.2 s,
    and goes on after it; ValueError when a time is not finite.
    """
    pages = [page for advice in said for page in _pages(advice)]
    pending = sorted(pages, key=lambda page: page.at_ms)
    captions: list[Caption] = []
    now = 0
    while pending:
        due = [page for page in pending if page.at_ms <= now]
        if not due:
            now = pending[0].at_ms
            continue
        page = next((page for page in due if page.cue), due[0])
        pending.remove(page)
        next_cue = min((other.at_ms for other in pending if other.cue), default=now + _LONGEST_MS)
        end = min(now + page.reading_ms, max(next_cue, now + _SHORTEST_MS))
        captions.append(Caption(now, end, page.lines))
        now = end + _GAP_MS
    return tuple(captions)


def to_srt(captions: Sequence[Caption]) -> str:
    """SubRip. It knows no escapes, so an arrow that would read as a time is written as one character."""
    blocks = [
        f"{number}\n{_time(c.start_ms, ',')} --> {_time(c.end_ms, ',')}\n" + "\n".join(c.lines).replace("-->", "→")
        for number, c in enumerate(captions, 1)
    ]
    return "".join(f"{block}\n\n" for block in blocks)


def to_vtt(captions: Sequence[Caption]) -> str:
    """WebVTT, with `&`, `<` and `>` escaped."""
    blocks = [
        f"{_time(c.start_ms, '.')} --> {_time(c.end_ms, '.')}\n" + "\n".join(map(_escaped, c.lines)) for c in captions
    ]
    return "WEBVTT\n\n" + "".join(f"{block}\n\n" for block in blocks)


def write_captions(path: Path, said: Iterable[Advice]) -> None:
    """Write .srt or .vtt by the file's ending, UTF-8, whole or not at all; FiasError when it is neither or the disk
    refuses."""
    writers = {".srt": to_srt, ".vtt": to_vtt}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise FiasError(f"{path.name} is no name for captions.", "Choose a name that ends with .srt or .vtt.")
    write_atomically(path, write(captions_of(said)).encode())


@dataclass(frozen=True)
class _Page:
    at_ms: int
    cue: bool
    lines: tuple[str, ...]
    reading_ms: int


def _pages(advice: Advice) -> list[_Page]:
    if not math.isfinite(advice.time_s):
        raise ValueError(f"advice at {advice.time_s} s cannot be a caption")
    at_ms = round(advice.time_s * 1000)
    pages = []
    for sentence in _SENTENCE_END.split(_plain(advice.text)):
        lines = wrapped(sentence)
        for first in range(0, len(lines), LINES):
            page = lines[first : first + LINES]
            pages.append(_Page(at_ms, advice.source == SOURCE, page, _reading_ms("".join(page))))
    return pages


def _plain(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def wrapped(sentence: str) -> tuple[str, ...]:
    """Lines that fit, broken at blanks, or between wide characters (best after a mark, never before a closing one)."""
    room = WIDE_LINE if _is_wide(sentence) else LATIN_LINE
    lines: list[str] = []
    line = ""
    for unit in _UNIT.findall(sentence):
        if len((line + unit).strip()) > room and line.strip():
            cut = _after_mark(line)
            lines.append(line[:cut].strip())
            line = line[cut:]
        line += unit
        while len(line.strip()) > room:
            line = line.strip()
            lines.append(line[:room])
            line = line[room:]
    if line.strip():
        lines.append(line.strip())
    return tuple(lines)


def _after_mark(line: str) -> int:
    """Where a line that is full is best cut: behind the last mark of its second half, else at its end."""
    marks = [place + 1 for place, letter in enumerate(line) if letter in "，；：、"]
    return marks[-1] if marks and marks[-1] >= WIDE_LINE // 2 else len(line)


def _is_wide(text: str) -> bool:
    return re.search(f"[{_WIDE}]", text) is not None


def _reading_ms(text: str) -> int:
    per_s = _WIDE_PER_S if _is_wide(text) else _LATIN_PER_S
    return min(max(round(len(text) / per_s * 1000), _SHORTEST_MS), _LONGEST_MS)


def _time(at_ms: int, mark: str) -> str:
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{ms:03d}"


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
