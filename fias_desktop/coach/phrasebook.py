"""Advice from fixed sentences: what speaks when no language model is there, or when its answer did not hold."""

from __future__ import annotations

from fias_desktop.coach import words
from fias_desktop.coach.evidence import Before, Facts, Finding, Measured
from fias_desktop.domain.types import Advice

SOURCE = "phrasebook"
_TREND = {"better": "a step forward", "worse": "a small step back", "same": "about the same"}


def phrase(facts: Facts, time_s: float = 0.0) -> Advice:
    """Two to four sentences about the set; ValueError when nothing was measured (no advice without evidence)."""
    text = " ".join(sentences(facts))
    return Advice(code_of(facts), severity_of(facts), text, facts.evidence, SOURCE, time_s)


def code_of(facts: Facts) -> str:
    """The code of the heaviest error, `correct`, or `unknown` where the form was not judged."""
    if facts.findings:
        return facts.findings[0].error
    return words.PRAISE_CODE if facts.correct else words.UNKNOWN_CODE


def severity_of(facts: Facts) -> int:
    """The heaviest error's severity; 0 for praise."""
    return facts.findings[0].severity if facts.findings else 0


def sentences(facts: Facts) -> list[str]:
    """The advice, sentence by sentence: the count, what was found or good, what to do next, the last set."""
    out = [_opening(facts)]
    if facts.findings:
        out += [_fault(facts, facts.findings[0]), _next(facts)]
    else:
        out += [_good(facts.good)] if facts.good else []
        out.append(_keep(facts))
    if facts.before is not None:
        out.append(_before(facts, facts.before))
    return out


def _opening(facts: Facts) -> str:
    name = words.exercise_name(facts.exercise, facts.counted)
    if facts.counted == 0:
        return f"No full {words.exercise_name(facts.exercise)} was counted in this set."
    if not facts.judged:
        return f"You did {facts.counted} {name}, but the form could not be judged."
    if facts.correct == facts.counted:
        return (
            f"Well done: all {facts.counted} {name} were correct."
            if facts.counted > 1
            else f"A good {name}, well done."
        )
    return f"You did {facts.counted} {name}, {facts.correct or 'none'} of them correct."


def _fault(facts: Facts, finding: Finding) -> str:
    said = words.error_words(facts.exercise, finding.error).said
    if finding.worst is None:
        return f"{said[0].upper()}{said[1:]} in {finding.count} of {facts.counted or facts.rejected} repetitions."
    place = f"In repetition {finding.worst.repetition} {said} {words.PHASES[finding.worst.phase]}"
    proof = words.spoken(finding.worst.evidence)
    return f"{place}: the {proof.name} was {proof.amount}, where {proof.limit} is expected."


def _good(good: Measured) -> str:
    proof = words.spoken(good.evidence)
    place = words.PHASES[good.phase]
    return f"The {proof.name} was {proof.amount} {place}, as it should be: {proof.limit}."


def _next(facts: Facts) -> str:
    tip = words.error_words(facts.exercise, facts.findings[0].error).tip
    return f"In the next set, {tip}."


def _keep(facts: Facts) -> str:
    if facts.counted == 0:
        return "Move slowly through the whole way down and up, with your whole body in the picture."
    return "Keep moving exactly like this in the next set." if facts.correct else "Keep your whole body in the picture."


def _before(facts: Facts, before: Before) -> str:
    last = f"Last time {before.correct} of {before.counted} were correct, now {facts.correct} of {facts.counted}"
    return f"{last}: {_TREND[before.trend]}."
