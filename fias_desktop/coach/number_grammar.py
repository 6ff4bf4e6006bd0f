"""Keeps a small model's numbers true while it writes: a grammar (GBNF of llama.cpp) made from the facts of one set.

Words are free. A digit may only be written as part of a phrase that the facts hold, such as `repetition 4`, `knee angle
was 88 degrees` or `at most 105 degrees`; so what stands before a number decides which number it is. A sentence takes
its measured numbers from one measurement. The checker still reads the whole text afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from fias_desktop.coach import words
from fias_desktop.coach.evidence import Facts, Finding, Measured

_FREE = r"[^0-9.!?\n]"
_END = r"[.!?]"
_BEFORE_LEADS = (
    "Last time ",
    "last time ",
    "Last set ",
    "last set ",
    "last set, ",
    "when ",
    "with ",
    "had ",
    "from ",
    "same, ",
)
_CORRECT_LEADS = ("and ", ": ", "; ")


def number_grammar(facts: Facts) -> str:
    """The grammar's text; its start is `root`."""
    common = [*_counts(facts), *_faults(facts)]
    kinds = [_measured(m) for m in _told(facts)] + [_spread(facts), _before(facts)]
    kinds = [kind for kind in kinds if kind]
    lines = [f"free ::= {_FREE}", f"common ::= {_any(common)}" if common else f"common ::= {_FREE}"]
    names = ["plain"]
    lines.append(f"plain ::= ( free | common )* {_END}")
    for number, kind in enumerate(kinds):
        lines += [f"own{number} ::= {_any(kind)}", f"told{number} ::= ( free | common | own{number} )* {_END}"]
        names.append(f"told{number}")
    opening = _openings(facts)
    if opening:
        lines += [f"opening ::= {_any(opening)}", f"first ::= opening ( free | common )* {_END}"]
        names.append("first")
    lines.append(f"sentence ::= {' | '.join(names)}")
    lines.append('root ::= " " sentence ( " " sentence )*')
    return "\n".join(lines)


def _any(phrases: Iterable[str]) -> str:
    return " | ".join(json.dumps(phrase) for phrase in dict.fromkeys(phrases))


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
    if facts.judged and facts.before is not None:
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
