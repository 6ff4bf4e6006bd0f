"""The checker between a language model and the athlete: it compares every sentence with the facts.

Deterministic, and strict rather than clever: a true sentence may be refused, an invented number, body part or fault
should not pass. Its objections are plain sentences that the window can show.
"""

from __future__ import annotations

from collections.abc import Iterator

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.guard import claims, directions, faults, parts, shape, whole
from fias_desktop.coach.guard.counts import count_objections
from fias_desktop.coach.guard.known import Known, Sentence, known_of
from fias_desktop.coach.guard.linking import links_of
from fias_desktop.coach.guard.measures import measure_objections
from fias_desktop.coach.request import FIRST, PROGRESS, SUMMARY, WHY, Request

_NAMES_FAULT = (SUMMARY, WHY, FIRST)


def check(text: str, facts: Facts, request: Request | None = None) -> tuple[str, ...]:
    """Objections to a text in words, most basic first; empty when it may be shown."""
    known = known_of(facts, request)
    found = list(shape.shape_objections(text, known))
    if not text.strip():
        return tuple(found)
    found += shape.language_objections(text, known)
    plain = known.lexicon.tidy(text)
    for sentence in _sentences(plain, known):
        found += _sentence_objections(sentence, known)
    found += whole.exercise_objections(plain, known)
    found += whole.progress_objections(plain, known)
    if known.request.topic in _NAMES_FAULT:
        found += faults.main_fault_objections(plain, known)
    return tuple(dict.fromkeys(found))


def so_far(text: str, facts: Facts, request: Request | None = None) -> str:
    """What may be shown of a text that is still being written: its whole sentences before the first that does not
    hold."""
    known = known_of(facts, request)
    end = 0
    for part in known.lexicon.split(text):
        start = text.index(part, end)
        whole_sentence = start + len(part) < len(text) or part[-1] in known.lexicon.closed
        if not whole_sentence or any(_one_objection(part, known)):
            break
        end = start + len(part)
    return text[:end]


def _one_objection(part: str, known: Known) -> Iterator[str]:
    yield from shape.language_objections(part, known)
    plain = known.lexicon.tidy(part)
    for sentence in _sentences(plain, known):
        yield from _sentence_objections(sentence, known)
    yield from whole.exercise_objections(plain, known)


def links(text: str, facts: Facts, request: Request | None = None) -> tuple[tuple[int, ...], ...]:
    """For each sentence (see `split`) the indices into `facts.evidence` of the measurements that it rests on."""
    known = known_of(facts, request)
    return tuple(links_of(sentence, known) for sentence in _sentences(known.lexicon.tidy(text), known))


def split(text: str, language: str = "en") -> list[str]:
    """The sentences of a text."""
    known = known_of(Facts("", 0, 0, 0, "", 0.0), Request(language=language))
    return known.lexicon.split(text)


def _sentences(text: str, known: Known) -> list[Sentence]:
    asked = known.request.topic == PROGRESS
    compared = known.lexicon.compared
    found: list[Sentence] = []
    for part in known.lexicon.split(text):
        plain = known.without_names(part)
        compares = asked or bool(compared.search(part))
        found.append(Sentence(part, plain, faults.spoken_of(plain, known), known.named(part), compares))
    return found


def _sentence_objections(sentence: Sentence, known: Known) -> Iterator[str]:
    numbers = known.lexicon.numbers(sentence.text)
    yield from count_objections(numbers, sentence, known)
    yield from measure_objections(numbers, sentence, known)
    yield from faults.fault_objections(sentence, known)
    yield from faults.moment_objections(sentence, numbers, known)
    yield from faults.advice_objections(sentence, known)
    yield from claims.claim_objections(sentence, known)
    yield from claims.turned_objections(sentence, known)
    yield from directions.direction_objections(sentence, known)
    yield from whole.comparison_objections(sentence, known)
    yield from whole.steadiness_objections(sentence, known)
    yield from whole.praise_objections(sentence, known)
    yield from whole.strange_objections(sentence, numbers, known)
    yield from parts.part_objections(sentence, known)
