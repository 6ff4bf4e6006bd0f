"""Checks of directions: which way a part is sent or was, read with the "not" and "less" around it.

A clause that orders may only send a part where that helps against the main fault; one that tells may only tell the
fault and not its opposite.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from fias_desktop.coach.guard.known import Known, Sentence
from fias_desktop.coach.guard.lexicon import DirectionWords, Key

# How far before a direction a "not" may stand, and how far behind it a "less".
_BEFORE, _BEHIND = 26, 12


@dataclass(frozen=True)
class Reading:
    """One direction in a text: where it stands with its negation, whether it is one that helps once that is read,
    whether its clause tells what was rather than what to do, and whether it tells of too much help."""

    start: int
    end: int
    helps: bool
    turned: bool
    tells: bool
    excess: bool


def direction_objections(sentence: Sentence, known: Known) -> Iterator[str]:
    """An order in a direction that does not help, or the opposite of a fault told as one."""
    text = known.without_faults(sentence.plain)
    yield from _opposites(text, known)
    if not known.facts.findings:
        return
    error = known.facts.findings[0].error
    for reading in readings(text, known):
        said = text[reading.start : reading.end]
        if _of_another(said, known):
            continue
        if reading.excess:
            yield f"It tells the opposite of a fault that was found: {said.strip().lower()}."
        elif reading.helps and reading.turned and reading.tells:
            yield f"It denies a fault that was found: {said.strip().lower()}."
        elif not reading.helps and not reading.tells:
            yield f"It says the opposite of what helps against {known.error_name(error)}: {said.strip().lower()}."


def _opposites(text: str, known: Known) -> Iterator[str]:
    exercise, words = known.facts.exercise, known.lexicon.directions
    for finding in known.facts.findings:
        pattern = words.opposite.get((exercise, finding.error))
        for match in pattern.finditer(text) if pattern is not None else ():
            if not _of_another(match[0], known, finding.error):
                yield f"It tells the opposite of a fault that was found: {match[0].strip().lower()}."


def _of_another(text: str, known: Known, error: str = "") -> bool:
    """Whether the words fit another fault that was found than this one (by default: the main one)."""
    faults, directions = known.lexicon.faults, known.lexicon.directions
    this = error or known.facts.findings[0].error
    keys = [(known.facts.exercise, row.error) for row in known.facts.findings if row.error != this]
    tables = (faults.said, faults.claims, *(() if error else (faults.advice, directions.help)))
    return any(key in table and table[key].search(text) for key in keys for table in tables)


def readings(text: str, known: Known) -> tuple[Reading, ...]:
    """The directions of a text that the main fault has to do with."""
    if not known.facts.findings:
        return ()
    return _readings(text, (known.facts.exercise, known.facts.findings[0].error), known.lexicon.directions)


# Several checks read the same sentence.
@lru_cache(maxsize=64)
def _readings(text: str, key: Key, words: DirectionWords) -> tuple[Reading, ...]:
    spans = _clauses(text, words)
    return tuple(row for start, end in spans for row in _of_clause(text, start, end, key, words))


def _clauses(text: str, words: DirectionWords) -> Iterator[tuple[int, int]]:
    start = 0
    for border in words.clause.finditer(text):
        yield start, border.start()
        start = border.end()
    yield start, len(text)


def _of_clause(text: str, start: int, end: int, key: Key, words: DirectionWords) -> Iterator[Reading]:
    tells, excess = _tells(text[start:end], words), bool(words.excess.search(text, start, end))
    for table, good in ((words.help, True), (words.harm, False)):
        for match in table[key].finditer(text, start, end) if key in table else ():
            denied = words.negation.search(text, max(start, match.start() - _BEFORE), match.end())
            less = words.less.search(text, max(start, match.start() - _BEHIND), min(end, match.end() + _BEHIND))
            turned = (denied is not None) != (less is not None)
            first = min(hit.start() for hit in (match, denied, less) if hit is not None)
            yield Reading(first, match.end(), good != turned, turned, tells, good and tells and excess and not turned)


def _tells(clause: str, words: DirectionWords) -> bool:
    past, order = words.past.search(clause), words.order.search(clause)
    return past is not None and (order is None or past.start() < order.start())


def spared(text: str, known: Known) -> str:
    """The text without the directions that only sound wrong: the harm that is warned of, and the fault as it was."""
    for row in readings(text, known):
        warned = row.helps and row.turned and not row.tells
        if warned or (row.tells and not row.helps):
            text = _blanked(text, row, "#")
    return text


def without_right(text: str, known: Known) -> str:
    """The text without the directions that help."""
    for row in readings(text, known):
        text = _blanked(text, row, "#") if row.helps and not row.tells else text
    return text


def without_directions(text: str, known: Known) -> str:
    """The text without any of its directions, which were checked for themselves."""
    for row in readings(text, known):
        text = _blanked(text, row, " ")
    return text


def _blanked(text: str, row: Reading, sign: str) -> str:
    return text[: row.start] + sign * (row.end - row.start) + text[row.end :]
