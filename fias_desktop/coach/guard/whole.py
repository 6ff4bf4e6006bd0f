"""Checks of what is said about the set as a whole: exercise, praise, the last set, steadiness."""

from __future__ import annotations

from collections.abc import Iterator

from fias_desktop.coach.guard.directions import readings, without_directions
from fias_desktop.coach.guard.known import Known, Sentence
from fias_desktop.coach.guard.lexicon import Numbers
from fias_desktop.coach.request import PROGRESS

_AGAINST_LAST = {"better": "better than", "worse": "worse than", "same": "the same as"}


def strange_objections(sentence: Sentence, numbers: Numbers, known: Known) -> Iterator[str]:
    """A sentence that tells nothing of the set may only have plain words: there is no end to what else could be
    said."""
    facts, words = known.facts, known.lexicon
    key = (facts.exercise, facts.findings[0].error) if facts.findings else ("", "")
    advises = key in words.faults.advice and words.faults.advice[key].search(sentence.plain)
    directed = bool(readings(sentence.plain, known))
    if numbers.single or numbers.pairs or sentence.findings or sentence.quantities or advises or directed:
        yield from _strange_parts(sentence, known)
        return
    text = words.exercises.get(facts.exercise, words.no_last).sub(" ", sentence.plain)
    odd = words.strange(words.parts.pattern.sub(" ", words.parts.idioms.sub(" ", text)))
    if odd:
        yield f"It says something that is not about this set: {odd}."


def _strange_parts(sentence: Sentence, known: Known) -> Iterator[str]:
    """The parts of a sentence that tell nothing of the set."""
    words, facts = known.lexicon, known.facts
    own = [(facts.exercise, finding.error) for finding in facts.findings]
    tables = (words.faults.said, words.faults.claims, words.faults.advice)
    known_words = [table[key] for key in own for table in tables if key in table]
    text = known.without_faults(sentence.plain)
    rest = without_directions(text, known)
    for found in words.part_of_sentence.finditer(text):
        part = found[0]
        if "#" in part or any(sign.isdigit() for sign in part) or any(row.search(part) for row in known_words):
            continue
        plain = words.exercises.get(facts.exercise, words.no_last).sub(" ", rest[found.start() : found.end()])
        odd = words.strange_beside(words.parts.pattern.sub(" ", words.parts.idioms.sub(" ", plain)))
        if odd:
            yield f"It says something that is not about this set: {odd}."


def exercise_objections(text: str, known: Known) -> Iterator[str]:
    """Another exercise is named."""
    for exercise, pattern in known.lexicon.exercises.items():
        match = pattern.search(text)
        if match and exercise != known.facts.exercise:
            yield f"It names another exercise: {match[0].lower()}."


def praise_objections(sentence: Sentence, known: Known) -> Iterator[str]:
    """Praise for the whole set only where every repetition was correct."""
    facts, words = known.facts, known.lexicon
    flawless = facts.counted > 0 and facts.correct == facts.counted and not facts.findings
    match = words.flawless.search(sentence.text)
    if match and not flawless and not _last_flawless(sentence, known):
        yield f"It praises too much: {match[0]}."
    denied = words.no_fault.search(sentence.text)
    if denied and facts.findings:
        yield f"It denies that there was a fault: {denied[0]}."
    none = words.none_correct.search(sentence.text)
    if none and facts.correct:
        yield f"It says that no repetition was correct, which is not so: {none[0]}."
    good = words.good_form.search(sentence.text)
    if good and not facts.correct and not sentence.quantities:
        yield f"It praises without a correct repetition: {good[0]}."


def _last_flawless(sentence: Sentence, known: Known) -> bool:
    """Whether the sentence speaks of a last set in which every repetition was correct."""
    last = known.facts.before
    spoken = known.lexicon.compared.search(sentence.text) is not None
    return spoken and last is not None and last.counted == last.correct > 0


def comparison_objections(sentence: Sentence, known: Known) -> Iterator[str]:
    """A comparison with a set that is not known, or the wrong way round."""
    words, last = known.lexicon, known.facts.before
    missing = words.no_last.search(sentence.text)
    if missing:
        if last is not None:
            yield f"It says that there is no last set, but there is one: {missing[0]}."
        return
    if not sentence.compares:
        return
    if last is None:
        if words.compared.search(sentence.text):
            yield "It compares with a set that is not known."
        return
    if known.facts.judged:
        yield from _trend(sentence.text, last.trend, known)


def _trend(text: str, trend: str, known: Known) -> Iterator[str]:
    words = known.lexicon
    plain = text
    for pattern, told, now in ((words.last_better, "better", "worse"), (words.last_worse, "worse", "better")):
        rest = pattern.sub(" ", plain)
        if rest != plain and trend != now:
            yield f"It says that the last set was {told}, which is not so."
        plain = rest
    for name, pattern in words.trends.items():
        match = pattern.search(plain)
        if match and name != trend:
            yield f"It says that this set was {_AGAINST_LAST[name]} the last one, which is not so: {match[0].lower()}."


def progress_objections(text: str, known: Known) -> Iterator[str]:
    """An answer about progress speaks of the last set, or says that there is none."""
    words = known.lexicon
    if known.request.topic != PROGRESS:
        return
    if known.facts.before is None and not words.no_last.search(text):
        yield "It does not say that there is no last set yet."
    if known.facts.before is not None and not words.compared.search(text):
        yield "It does not compare with the last set."


def steadiness_objections(sentence: Sentence, known: Known) -> Iterator[str]:
    """Steady or uneven only where that was measured."""
    row, words = known.facts.steadiness, known.lexicon
    if words.steady.search(sentence.text) and not (row and row.steady):
        yield "It calls the repetitions steady, which was not measured."
    if words.uneven.search(sentence.text) and (row is None or row.steady):
        yield "It calls the repetitions uneven, which was not measured."
    called = words.steady.search(sentence.text) or words.uneven.search(sentence.text)
    if called and row and sentence.quantities and row.quantity not in sentence.quantities:
        yield f"It calls something else steady or uneven than was measured: {called[0].lower()}."
