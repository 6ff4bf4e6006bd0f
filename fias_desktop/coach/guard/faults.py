"""Checks of faults and advice: only those that were found, at their own moment, and never the wrong way round."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fias_desktop.coach.evidence import Finding
from fias_desktop.coach.guard.directions import spared, without_right
from fias_desktop.coach.guard.known import Known, Sentence
from fias_desktop.coach.guard.lexicon import Key, Numbers

# Inside these "not" belongs to the fault itself ("did not go deep enough").
_NEGATIVE = ("too_shallow", "too_high")
# Advice against the one is the opposite of advice against the other.
_OPPOSITE = {"hips_sag": "hips_pike", "hips_pike": "hips_sag"}
# Heard in every exercise; other exercises' faults only in the coach's own words, as their sentences can be advice here.
_EVERYWHERE = ("knees_inward", "feet_too_close", "elbows_flared")

# How many signs after a fault may still show that it is told.
_AFTER = 2


def spoken_of(text: str, known: Known) -> tuple[Finding, ...]:
    """The findings that a sentence speaks of."""
    said = known.lexicon.faults.said
    return tuple(
        finding
        for finding in known.facts.findings
        if _said(said.get((known.facts.exercise, finding.error)), finding.error, text, known)
    )


def _said(pattern: re.Pattern[str] | None, error: str, text: str, known: Known) -> bool:
    own = known.words.error(known.facts.exercise, error)
    lower = text.lower()
    return bool(pattern and pattern.search(text)) or own.name.lower() in lower or own.said.lower() in lower


def fault_objections(sentence: Sentence, known: Known) -> Iterator[str]:
    """A fault that was not found, one that is denied, or something that nobody measures."""
    told, text = {finding.error for finding in known.facts.findings}, spared(sentence.plain, known)
    for (exercise, error), pattern in known.lexicon.faults.said.items():
        match = pattern.search(sentence.plain if error in told else text)
        if match is None or (exercise != known.facts.exercise and error not in _EVERYWHERE):
            continue
        if exercise == known.facts.exercise and error in told:
            if _denied(sentence.plain, match, error, known):
                yield f"It denies a fault that was found: {known.error_name(error)}."
        # Two faults can sound alike; the sentence is fine when it speaks of one that was found.
        elif not spoken_of(match[0], known):
            yield f"It speaks of a fault that was not found: {match[0].lower()}."
    yield from _elsewhere(sentence, known)
    unmeasured = known.lexicon.unmeasured.search(sentence.text)
    if unmeasured and not spoken_of(unmeasured[0], known):
        yield f"It speaks of something that was not measured: {unmeasured[0].lower()}."


def _elsewhere(sentence: Sentence, known: Known) -> Iterator[str]:
    """The faults of other exercises in the coach's own words."""
    lower = sentence.text.lower()
    for (exercise, _), text in known.words.errors.items():
        if exercise == known.facts.exercise or (text.name not in lower and text.said not in lower):
            continue
        if not sentence.findings:
            yield f"It speaks of a fault that was not found: {text.name}."


def _denied(text: str, match: re.Match[str], error: str, known: Known) -> bool:
    if known.lexicon.denied_before.search(text[: match.start()]):
        return True
    return error not in _NEGATIVE and bool(known.lexicon.denied_inside.search(match[0]))


def moment_objections(sentence: Sentence, numbers: Numbers, known: Known) -> Iterator[str]:
    """With a number in it, a sentence about one measurement may name only the moment at which it was measured."""
    rows = [finding.worst for finding in sentence.findings if finding.worst is not None]
    if not sentence.findings:
        rows = [row for row in known.measured if row.evidence.quantity in sentence.quantities]
    measured = [number for number in numbers.single if number.kind in ("measured", "repetition")]
    if len(rows) != 1 or not (measured or numbers.pairs):
        return
    for phase, pattern in known.lexicon.phases.items():
        match = pattern.search(sentence.text)
        if phase != rows[0].phase and match:
            yield f"It names the wrong moment: {match[0].lower()}."


def advice_objections(sentence: Sentence, known: Known) -> Iterator[str]:
    """Advice that makes a found error worse, or that is about an error that was not found."""
    exercise, words = known.facts.exercise, known.lexicon.faults
    text = spared(sentence.plain, known)
    orders = spared(known.without_faults(sentence.plain), known)
    found = [(exercise, finding.error) for finding in known.facts.findings]
    for key in found:
        if key != found[0] and _OPPOSITE.get(key[1]) == found[0][1]:
            continue
        for match in words.contrary[key].finditer(orders) if key in words.contrary else ():
            if not _meant_well(match, orders, key, found, known):
                yield f"It says the opposite of what helps against {known.error_name(key[1])}: {match[0].lower()}."
    yield from _astray(orders, known)
    if not found and known.lexicon.kept.search(sentence.text):
        return
    for key, pattern in words.advice.items():
        wrong = pattern.search(text) if key[0] == exercise and key not in found else None
        if wrong and not any(words.advice[own].search(wrong[0]) for own in found if own in words.advice):
            yield f"It gives advice for something that was not found: {wrong[0].lower()}."


def _astray(orders: str, known: Known) -> Iterator[str]:
    """A word in advice against the main fault that no such advice needs."""
    if not known.facts.findings:
        return
    key, words = (known.facts.exercise, known.facts.findings[0].error), known.lexicon.faults
    part = known.lexicon.parts.pattern
    if key not in words.astray or not (words.advice[key].search(orders) or part.search(orders)):
        return
    orders = without_right(orders, known)
    for finding in known.facts.findings:
        said = words.said.get((known.facts.exercise, finding.error))
        orders = said.sub(lambda match: blank(match, known), orders) if said is not None else orders
    for match in words.astray[key].finditer(orders):
        if not known.lexicon.warned.search(orders[: match.start()]):
            yield f"It leads astray from what helps against {known.error_name(key[1])}: {match[0].lower()}."


def blank(match: re.Match[str], known: Known) -> str:
    """Nothing in place of a fault that is told; one that reads like an order stays."""
    return (
        "#" * len(match[0])
        if known.lexicon.tells.search(match.string[match.start() : match.end() + _AFTER])
        else match[0]
    )


def _meant_well(match: re.Match[str], text: str, key: Key, found: list[Key], known: Known) -> bool:
    """Whether the wrong way is warned of, or is the right one for another fault that was found."""
    words, before = known.lexicon.faults, text[: match.start()]
    warned = known.lexicon.warned.search(before) or known.lexicon.turned.search(match[0], 1)
    others = [words.advice[other] for other in found if other != key and other in words.advice]
    others += [words.said[other] for other in found if other != key and other in words.said]
    return bool(warned) or any(pattern.search(match[0]) for pattern in others)


def main_fault_objections(text: str, known: Known) -> Iterator[str]:
    """The main fault must be named."""
    if known.facts.findings and known.facts.findings[0] not in spoken_of(text, known):
        yield f"It does not name the main fault: {known.error_name(known.facts.findings[0].error)}."
