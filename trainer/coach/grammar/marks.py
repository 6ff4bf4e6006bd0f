"""Where a text says what the facts decide: marks around it while it is made, spans once it is done."""

from __future__ import annotations

from dataclasses import dataclass

# Private use characters: no wording has them.
_OPEN, _CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True)
class Marked:
    """A text, and the spans (first character, one behind the last) of what another set would have otherwise."""

    text: str
    decisive: tuple[tuple[int, int], ...]


def mark(text: str) -> str:
    """The text as decisive; marks may be nested."""
    return f"{_OPEN}{text}{_CLOSE}"


def plain(text: str) -> str:
    """The text without marks."""
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def capitalised(text: str) -> str:
    """The text with a capital letter at the beginning, behind its marks."""
    begin = len(text) - len(text.lstrip(_OPEN))
    return text[:begin] + text[begin : begin + 1].upper() + text[begin + 1 :]


def unmarked(text: str) -> Marked:
    """The text without marks, and the outermost marked spans."""
    spans, depth, begin, at = [], 0, 0, 0
    for character in text:
        if character == _OPEN:
            begin = begin if depth else at
            depth += 1
        elif character == _CLOSE:
            depth -= 1
            if not depth:
                spans.append((begin, at))
        else:
            at += 1
    return Marked(plain(text), tuple(spans))
