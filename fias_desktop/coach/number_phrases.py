"""The phrases in which the numbers of a set may be said: what stands before a number decides which number it is.

The bundled model writes under them (see number_rule.py): words are free, a digit is only possible inside a phrase. A
sentence takes its measured numbers from one group. The checker still reads the whole text afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fias_desktop.coach import words
from fias_desktop.coach.evidence import Facts, Finding, Measured

_BEFORE_LEADS = (
    "Last time ", "last time ", "Last set ", "last set ", "last set, ", "when ", "with ", "had ", "from ", "same, ",
)  # fmt: skip
_CORRECT_LEADS = ("and ", ": ", "; ")


@dataclass(frozen=True)
class NumberPhrases:
    """`common` phrases fit into any sentence, `opening` ones only at its beginning; of the `groups` a sentence uses
    one."""

    common: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()


def phrases_from(values: Mapping[str, Any]) -> NumberPhrases:
    """Back from plain lists (JSON)."""
    groups = tuple(tuple(group) for group in values["groups"])
    return NumberPhrases(tuple(values["common"]), tuple(values["opening"]), groups)


def number_phrases(facts: Facts) -> NumberPhrases:
    """The phrases of a set's facts."""
    groups = [*(_measured(measured) for measured in _told(facts)), _spread(facts), _before(facts)]
    return NumberPhrases(
        common=tuple(_counts(facts) + _faults(facts)),
        opening=tuple(_openings(facts)),
        groups=tuple(tuple(group) for group in groups if group),
    )


def _told(facts: Facts) -> list[Measured]:
    found = [finding.worst for finding in facts.findings if finding.worst is not None]
    return found + ([facts.good] if facts.good is not None else [])


def _openings(facts: Facts) -> list[str]:
    """How the set's own count of correct repetitions may begin a sentence."""
    if not facts.counted or not facts.judged:
        return []
    name = words.exercise_name(facts.exercise, facts.counted)
    return [f"{facts.correct} of {facts.counted} {name}", f"{facts.correct} of your {facts.counted} {name}"]


def _counts(facts: Facts) -> list[str]:
    """The number of repetitions, and of the correct ones, where a sentence speaks of this set."""
    if not facts.counted:
        return []
    name = words.exercise_name(facts.exercise, facts.counted)
    found = [f"{facts.counted} {name}"]
    if facts.before is not None:
        found.append(f"now {facts.correct} of {facts.counted}")
    if facts.judged and facts.correct:
        pair = f"{facts.correct} of {facts.counted}"
        found += [f"{lead}{pair}" for lead in _CORRECT_LEADS]
        found += [f"{lead}{facts.correct} of your {facts.counted} {name}" for lead in _CORRECT_LEADS]
        found.append(f"{facts.correct} of them")
    return found


def _faults(facts: Facts) -> list[str]:
    total = facts.counted or facts.rejected
    found: list[str] = []
    for finding in facts.findings:
        if finding.worst is not None:
            found += [f"{word} {finding.worst.repetition}" for word in ("repetition", "Repetition")]
    if facts.findings:
        found += _often(facts.findings[0], total, ("in ", "In ", ", "))
        found.append(f"{facts.findings[0].count} of {total} times")
    for finding in facts.findings[1:]:
        name = words.error_words(facts.exercise, finding.error).name
        found += _often(
            finding, total, (f"{name} in ", f"{name}, in ", f"{name}, seen in ", f"{name}, which I saw in ")
        )
    return found


def _often(finding: Finding, total: int, leads: Sequence[str]) -> list[str]:
    return [f"{lead}{finding.count} {link} {total}" for lead in leads for link in ("of", "out of")]


def _measured(measured: Measured) -> list[str]:
    """The value behind the quantity's name, and the bound."""
    proof = words.spoken(measured.evidence)
    place = words.PHASES[measured.phase]
    leads = [
        f"{proof.name} was ",
        f"{proof.name} of ",
        f"{proof.name} {place} was ",
        f"{proof.name} was fine {place}: ",
    ]
    leads.append(f"{proof.name} in repetition {measured.repetition} was ")
    return [f"{lead}{proof.amount}" for lead in leads] + [proof.limit]


def _spread(facts: Facts) -> list[str]:
    row = facts.steadiness
    if row is None:
        return []
    amount = words.number(row.spread, row.unit) + words.unit_name(row.quantity, row.unit)
    return [f"within {amount}", f"by {amount}"]


def _before(facts: Facts) -> list[str]:
    if facts.before is None:
        return []
    return [f"{lead}{facts.before.correct} of {facts.before.counted}" for lead in _BEFORE_LEADS]
