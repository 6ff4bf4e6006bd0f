"""The numbers of a sentence, each with its kind and what stands next to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

REPETITION, LOW, HIGH, PAIR, AMOUNT, COUNT = "repetition", "at least", "at most", "pair", "amount", "count"


@dataclass(frozen=True)
class Number:
    """One number (`whole` is that of a pair, `unit` in words or empty) and its place in the sentence."""

    kind: str
    value: float
    whole: float
    unit: str
    start: int
    end: int


ReadNumbers = Callable[[str], list[Number]]
Pattern = tuple[str, re.Pattern[str]]


def read(text: str, patterns: tuple[Pattern, ...]) -> list[Number]:
    """The numbers of a sentence by the first pattern that takes each; groups: `a` (the value), `b` (the whole of a
    pair), `unit`."""
    found: list[Number] = []
    free = text
    for kind, pattern in patterns:
        for match in pattern.finditer(free):
            groups = match.groupdict()
            whole = float(groups["b"]) if groups.get("b") else 0.0
            unit = (groups.get("unit") or "").strip()
            found.append(Number(kind, float(groups["a"]), whole, unit, match.start(), match.end()))
        free = pattern.sub(lambda match: re.sub(r"\d", "#", match.group()), free)
    return sorted(found, key=lambda number: number.start)
