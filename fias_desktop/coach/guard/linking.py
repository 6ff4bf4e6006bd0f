"""Which measurements a sentence rests on."""

from __future__ import annotations

from fias_desktop.coach.evidence import Facts, Finding, Measured
from fias_desktop.coach.guard.known import Known, Sentence
from fias_desktop.coach.words import RECOGNISED


def links_of(sentence: Sentence, known: Known) -> tuple[int, ...]:
    """The indices into the facts' evidence: of the faults that are named, the measurements that are told, for advice
    the main fault's, for steadiness all of its quantity; none for counts alone."""
    facts, text = known.facts, sentence.text
    found = [index for finding in sentence.findings for index in _of_finding(finding, facts)]
    steady = facts.steadiness
    if steady is not None and (known.lexicon.steady.search(text) or known.lexicon.uneven.search(text)):
        found += [i for i, row in enumerate(facts.evidence) if row.quantity == steady.quantity]
    elif not sentence.findings:
        rows = [row for row in known.measured if row.evidence.quantity in sentence.quantities]
        found += [index for row in rows for index in _of_measured(row, facts)]
    if not found and facts.findings and _advises(text, known):
        found = list(_of_finding(facts.findings[0], facts))
    return tuple(dict.fromkeys(found))


def _advises(text: str, known: Known) -> bool:
    key = (known.facts.exercise, known.facts.findings[0].error)
    pattern = known.lexicon.faults.advice.get(key)
    tip = known.words.error(*key).tip
    return bool(pattern and pattern.search(text)) or tip.lower() in text.lower()


def _of_finding(finding: Finding, facts: Facts) -> tuple[int, ...]:
    if finding.worst is not None:
        return _of_measured(finding.worst, facts)
    rows = enumerate(facts.evidence)
    return tuple(i for i, row in rows if row.quantity == RECOGNISED and row.error == finding.error)


def _of_measured(measured: Measured, facts: Facts) -> tuple[int, ...]:
    """The facts keep both bounds of a measurement, a finding only its own: the rest is the same."""
    told = measured.evidence
    own = (told.rule_id, told.value, told.time_s)
    return tuple(i for i, row in enumerate(facts.evidence) if (row.rule_id, row.value, row.time_s) == own)[:1]
