"""What is true of a set, in the form in which a text's mentions are compared with it."""

from __future__ import annotations

from dataclasses import dataclass

from fias_desktop.coach.evidence import Facts, Measured
from fias_desktop.coach.words import Words, number, spoken


@dataclass(frozen=True)
class Amount:
    """One measurement that may be told: the names of its quantity, its shown value, its unit in words, its bound
    (`low`: at least; None: no bound is told), the part of the movement, and the error that it proves ("" for none)."""

    names: tuple[str, ...]
    value: float
    unit: str
    bound: float | None
    low: bool
    phase: str
    repetition: int
    error: str
    role: str


FAULT, GOOD, SPREAD = "fault", "good", "spread"


def amounts(facts: Facts, words: Words) -> tuple[Amount, ...]:
    """The worst measurement of every fault, the good one, and the spread."""
    rows = [_amount(f.worst, words, f.error, FAULT) for f in facts.findings if f.worst is not None]
    if facts.good is not None:
        rows.append(_amount(facts.good, words, "", GOOD))
    steady = facts.steadiness
    if steady is not None:
        names = (words.quantity(steady.quantity),)
        shown, unit = float(number(steady.spread, steady.unit)), words.unit(steady.quantity, steady.unit).strip()
        rows.append(Amount(names, shown, unit, None, False, "", 0, "", SPREAD))
    return tuple(rows)


def _amount(measured: Measured, words: Words, error: str, role: str) -> Amount:
    said = spoken(measured.evidence)
    low = said.too_low or said.high == float("inf")
    bound = said.low if low else said.high
    return Amount(
        names=(words.name(said),),
        value=float(number(said.value, said.unit)),
        unit=words.unit(said.quantity, said.unit).strip(),
        bound=float(number(bound, said.unit)),
        low=low,
        phase=measured.phase,
        repetition=measured.repetition,
        error=error,
        role=role,
    )


def hot_places(facts: Facts) -> set[tuple[str, str]]:
    """The joints that stood out, each with the part of the movement in which it did."""
    if facts.thirds is None or not facts.hottest:
        return set()
    rows = {(row.joint, facts.hottest_phase) for row in facts.hottest}
    return rows | set(zip(facts.thirds, ("beginning", "bottom", "end"), strict=True))
