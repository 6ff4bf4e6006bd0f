"""Checks of measured numbers: given in this unit, of the quantity that is named, and in the part that they play."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fias_desktop.coach.guard.known import Known, Sentence, Told
from fias_desktop.coach.guard.lexicon import BOUND, HIGH, LOW, SPREAD, VALUE, Number, Numbers

_NOT_SO = {
    LOW: "is not the lower bound",
    HIGH: "is not the upper bound",
    BOUND: "is not an expected value",
    SPREAD: "is not how much the repetitions differed",
    VALUE: "is not what was measured",
}
_UNITS = {"deg": " degrees", "s": " seconds"}


def measure_objections(found: Numbers, sentence: Sentence, known: Known) -> Iterator[str]:
    """Objections to the measured values, percents and repetition numbers of a sentence."""
    yield from _unknown_quantity(sentence, known)
    yield from _of_another(sentence, known)
    for number in found.single:
        if number.kind == "other":
            yield f"{number.text} has a unit that was not measured."
        elif number.kind == "percent" and not any(abs(value - number.value) <= 0.5 for value in _percents(known)):
            yield f"{number.text} percent is not a number of this set."
        elif number.kind == "repetition":
            yield from _repetition(number, sentence, known)
        elif number.kind == "measured":
            yield from _measured(number, sentence, known)
            yield from _praised(number, sentence, known)


def _percents(known: Known) -> list[float]:
    return [100 * known.facts.prob, *(100 * row.share for row in known.facts.hottest)]


def _unknown_quantity(sentence: Sentence, known: Known) -> Iterator[str]:
    for name in known.unsaid:
        rest = sentence.text.lower()
        for longer in known.names:
            rest = rest.replace(longer, "#") if name in longer else rest
        if name in rest:
            yield f"It names something that was not measured: {name}."
            return
    for match in known.lexicon.measures.finditer(known.lexicon.parts.idioms.sub(" ", sentence.text)):
        if not any(match[0].lower() in name for name in known.names):
            yield f"It names something that was not measured: {match[0].lower()}."


def _of_another(sentence: Sentence, known: Known) -> Iterator[str]:
    """A sentence about one fault may not prove it with the measurement of something else."""
    if len(sentence.findings) != 1 or not sentence.quantities:
        return
    worst, steady = sentence.findings[0].worst, known.facts.steadiness
    own = {worst.evidence.quantity} if worst is not None else set()
    own |= {steady.quantity} if steady is not None else set()
    for quantity in sentence.quantities:
        if quantity not in own:
            yield f"It proves a fault with the measurement of something else: {known.words.quantity(quantity)}."


def _repetition(number: Number, sentence: Sentence, known: Known) -> Iterator[str]:
    rows = {finding.error: finding.worst.repetition for finding in known.facts.findings if finding.worst}
    blamed = [known.finding_of(quantity) for quantity in sentence.quantities]
    own = sentence.findings or tuple(finding for finding in blamed if finding is not None)
    if number.value not in rows.values():
        yield f"Repetition {number.value:.0f} is not one that was told ({number.text})."
    elif len(own) == 1 and rows.get(own[0].error) != number.value:
        yield f"Repetition {number.value:.0f} belongs to another fault ({number.text})."


def _measured(number: Number, sentence: Sentence, known: Known) -> Iterator[str]:
    units = (number.unit,) if number.unit else ("ratio",) if number.role in (VALUE, SPREAD) else ("deg", "s", "ratio")
    name = _name_of(number, sentence, known)
    rows = [row for row in known.told if row.unit in units and _fits(row, number, name)]
    if not _among(number, rows):
        yield f"{number.text}{_UNITS.get(number.unit, '')} was not measured here."
    elif not _among(number, [row for row in rows if row.role in _roles(number)]):
        yield f"{number.text} {_NOT_SO[number.role]}."


def _praised(number: Number, sentence: Sentence, known: Known) -> Iterator[str]:
    """A value that shows a fault may not be called good."""
    good = known.lexicon.good_value.search(sentence.text)
    if number.role != VALUE or sentence.findings or good is None:
        return
    name = _name_of(number, sentence, known)
    blamed = {f.worst.evidence.quantity for f in known.facts.findings if f.worst is not None}
    rows = [row for row in known.told if row.name.lower() == name and row.role == VALUE]
    if rows and all(row.quantity in blamed for row in rows):
        yield f"It calls a value good that shows a fault: {good[0].lower()}."


def _name_of(number: Number, sentence: Sentence, known: Known) -> str:
    """The quantity that a number is given to: the one named last before it, else the first after it; "" for none."""
    names = known.names_in(sentence.text)
    before = [name for place, name in names if place < number.at]
    return before[-1] if before else names[0][1] if names else ""


def _fits(row: Told, number: Number, name: str) -> bool:
    named = not name or row.name.lower() == name
    return named and (not number.quantities or row.quantity in number.quantities)


def _roles(number: Number) -> tuple[str, ...]:
    """A bound without a word which one may be either."""
    return (LOW, HIGH) if number.role == BOUND else (number.role,)


def _among(number: Number, rows: list[Told]) -> bool:
    """Whether the shown digits are one of the values, rounded to as many decimals as are shown; nobody rounds a ratio
    to a whole number."""
    decimals = len(number.text.replace(",", ".").partition(".")[2])
    return any(
        math.isfinite(row.value)
        and abs(row.value - number.value)
        <= (0.0051 if row.unit == "ratio" and not decimals else 0.5 * 10**-decimals + 1e-9)
        for row in rows
    )
