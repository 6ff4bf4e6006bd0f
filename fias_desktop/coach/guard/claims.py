"""Checks by pairs of words: a part with a fault is a claim, a part with a direction an order.

The tables of the languages map such pairs to errors, so that new sentences made of known words are understood.
"""

from __future__ import annotations

from collections.abc import Iterator

from fias_desktop.coach.guard.directions import spared
from fias_desktop.coach.guard.faults import blank
from fias_desktop.coach.guard.known import Known, Sentence


def claim_objections(sentence: Sentence, known: Known) -> Iterator[str]:
    """A pair of words that only errors have which were not found."""
    exercise, words = known.facts.exercise, known.lexicon.faults
    told = {finding.error for finding in known.facts.findings}
    text = without_told(sentence.plain, known)
    for (where, error), pattern in words.claims.items():
        match = pattern.search(text) if where == exercise and error not in told else None
        if match and not _claims_told(match[0], known):
            yield f"It speaks of a fault that was not found: {match[0].lower()}."


def turned_objections(sentence: Sentence, known: Known) -> Iterator[str]:
    """An order that moves a part the wrong way for the main fault."""
    if not known.facts.findings:
        return
    key, words = (known.facts.exercise, known.facts.findings[0].error), known.lexicon.faults
    if key not in words.turned:
        return
    text = without_told(sentence.plain, known)
    yield from _undone(sentence.plain, known)
    yield from _caused(sentence.plain, known)
    for match in words.turned[key].finditer(text):
        if not known.lexicon.warned.search(text[: match.start()]) and not _claims_told(match[0], known):
            yield f"It leads astray from what helps against {known.error_name(key[1])}: {match[0].lower()}."


def _undone(text: str, known: Known) -> Iterator[str]:
    """What helps, with a "not" before it."""
    error = known.facts.findings[0].error
    for match in known.lexicon.faults.advice[known.facts.exercise, error].finditer(known.without_faults(text)):
        denied = known.lexicon.undone.search(text[: match.end()], max(match.start() - 12, 0))
        if denied and denied.end() <= match.end():
            yield f"It says the opposite of what helps against {known.error_name(error)}: {match[0].lower()}."


def _caused(text: str, known: Known) -> Iterator[str]:
    """The main fault itself as an order."""
    error = known.facts.findings[0].error
    for match in known.lexicon.faults.said[known.facts.exercise, error].finditer(text):
        before = text[: match.start()]
        if known.lexicon.caused.search(before) and not known.lexicon.warned.search(before):
            yield f"It says the opposite of what helps against {known.error_name(error)}: {match[0].lower()}."


def without_told(text: str, known: Known) -> str:
    """The text without the faults that are told; one that reads like an order stays."""
    text = spared(known.without_faults(text), known)
    for finding in known.facts.findings:
        key = (known.facts.exercise, finding.error)
        for table in (known.lexicon.faults.said, known.lexicon.faults.claims):
            if key in table:
                text = table[key].sub(lambda match: blank(match, known), text)
    return text


def _claims_told(text: str, known: Known) -> bool:
    """Two errors can sound alike; the words are fine when they fit one that was found beside the main one."""
    keys = [(known.facts.exercise, finding.error) for finding in known.facts.findings[1:]]
    words = known.lexicon.faults
    tables = (words.said, words.advice)
    return any(key in table and table[key].search(text) for key in keys for table in tables)
