"""The checker between a language model and the athlete: it compares every sentence with the facts.

Deterministic, and strict rather than clever: a true sentence may be refused, an invented number, body part or fault
should not pass. Its objections are plain words that the window can show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fias_desktop.coach import lexicon, words
from fias_desktop.coach.evidence import Facts, Finding
from fias_desktop.coach.guard_numbers import number_objections, place_objections
from fias_desktop.coach.prompt import build_prompt

MIN_SENTENCES, MAX_SENTENCES = 2, 4
MAX_WORDS = 100
MIN_WORDS = 5
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]?\s+")
_REPEAT_WORDS = 12


def check(text: str, facts: Facts) -> tuple[str, ...]:
    """Objections to a text in words, most basic first; empty when it may be shown."""
    found = list(_shape(text))
    if not text.strip():
        return tuple(found)
    found += _plain(text)
    for sentence in split(text):
        found += number_objections(sentence, facts)
        found += _faults(sentence, facts)
        found += _comparison(sentence, facts)
        found += _steadiness(sentence, facts)
    found += _parts(text, facts)
    found += _exercises(text, facts)
    found += _praise(text, facts)
    found += _main_fault(text, facts)
    return tuple(dict.fromkeys(found))


def split(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in _SENTENCE_END.split(text.strip()) if part]


def _shape(text: str) -> Iterator[str]:
    plain = text.strip()
    count = len(plain.split())
    if not plain:
        yield "the answer is empty"
    elif count < MIN_WORDS or len(split(plain)) < MIN_SENTENCES:
        yield "the answer is too short"
    if count > MAX_WORDS or len(split(plain)) > MAX_SENTENCES:
        yield "the answer is too long"
    if plain and plain.rstrip("\"')")[-1:] not in (".", "!", "?"):
        yield "the answer breaks off"
    if _loops(plain):
        yield "the answer repeats itself"


def _loops(text: str) -> bool:
    """The same sentence twice, or the same twelve words in a row twice."""
    sentences = [sentence.lower() for sentence in split(text)]
    tokens = re.findall(r"[\w.'-]+", text.lower())
    runs = [tuple(tokens[i : i + _REPEAT_WORDS]) for i in range(len(tokens) - _REPEAT_WORDS + 1)]
    return len(set(sentences)) < len(sentences) or len(set(runs)) < len(runs)


def _plain(text: str) -> Iterator[str]:
    for pattern, complaint in (
        (lexicon.MEDICAL, "speaks of health"),
        (lexicon.JARGON, "uses a technical word"),
        (lexicon.MARKUP, "is not plain text"),
    ):
        match = pattern.search(text)
        if match:
            yield f"the answer {complaint}: {match[0].strip()}"
    if any((not character.isprintable() and character != "\n") or ord(character) > 0x2122 for character in text):
        yield "the answer has unreadable characters"


def _faults(sentence: str, facts: Facts) -> Iterator[str]:
    """A fault that was not found, or one that was found and is denied, or told with another one's place or number."""
    told = {finding.error: finding for finding in facts.findings}
    spoken_of: list[Finding] = []
    for (exercise, error), pattern in lexicon.FAULTS.items():
        match = pattern.search(sentence) if exercise == facts.exercise else None
        if match is None:
            continue
        if error in told and _denied(sentence, match, error):
            yield f"denies a fault that was found: {words.error_words(exercise, error).name}"
        elif error in told:
            spoken_of.append(told[error])
        # Two faults of an exercise can sound alike; the sentence is fine when it speaks of one that was found.
        elif not _speaks_of_found(match[0], facts):
            yield f"speaks of a fault that was not found: {words.error_words(exercise, error).name}"
    if len(spoken_of) == 1:
        yield from _moment(sentence, spoken_of[0])
        yield from place_objections(sentence, spoken_of[0], facts)
    unmeasured = lexicon.UNMEASURED.search(sentence)
    if unmeasured and not _speaks_of_found(unmeasured[0], facts):
        yield f"speaks of something that was not measured: {unmeasured[0]}"


def _speaks_of_found(fragment: str, facts: Facts) -> bool:
    told = (finding.error for finding in facts.findings)
    own = [lexicon.FAULTS.get((facts.exercise, error)) for error in told]
    return any(pattern is not None and pattern.search(fragment) for pattern in own)


def _denied(sentence: str, match: re.Match[str], error: str) -> bool:
    if lexicon.DENIED_BEFORE.search(sentence[: match.start()]):
        return True
    return error not in lexicon.NEGATIVE_FAULTS and bool(lexicon.DENIED_INSIDE.search(match[0]))


def _moment(sentence: str, finding: Finding) -> Iterator[str]:
    """With a number in it, a sentence about one fault may name only the moment at which it was measured."""
    if finding.worst is None or not re.search(r"\d", sentence):
        return
    for phase, pattern in lexicon.PHASES.items():
        if phase != finding.worst.phase and pattern.search(sentence):
            yield f"names the wrong moment: {words.PHASES[phase]}"


def _comparison(sentence: str, facts: Facts) -> Iterator[str]:
    if not lexicon.COMPARED.search(sentence):
        return
    if facts.before is None:
        yield "compares with a set that is not known"
        return
    for trend, pattern in lexicon.TRENDS.items():
        if trend != facts.before.trend and pattern.search(sentence):
            yield f"says {trend} than the last set, which is not so"


def _steadiness(sentence: str, facts: Facts) -> Iterator[str]:
    known = facts.steadiness
    if lexicon.STEADY.search(sentence) and not (known and known.steady):
        yield "calls the repetitions steady, which was not measured"
    if lexicon.UNEVEN.search(sentence) and (known is None or known.steady):
        yield "calls the repetitions uneven, which was not measured"


def _parts(text: str, facts: Facts) -> Iterator[str]:
    known, sides = _known_parts(facts)
    for match in lexicon.PART_PATTERN.finditer(text):
        part, side = lexicon.part_name(match), (match["side"] or "").lower()
        if part not in known:
            yield f"names a body part that was not given: {match[0].lower()}"
        elif side and (side, part) not in sides:
            yield f"names the wrong side: {match[0].lower()}"


def _known_parts(facts: Facts) -> tuple[set[str], set[tuple[str, str]]]:
    """Body parts of the prompt, of the told measurements and of the faults' own words; and those with a side."""
    told = [finding.worst for finding in facts.findings if finding.worst] + ([facts.good] if facts.good else [])
    joints = [words.joint_name(joint) for measured in told for joint in measured.evidence.joints]
    own = [words.error_words(facts.exercise, finding.error) for finding in facts.findings]
    texts = [build_prompt(facts).text, *joints, *(f"{w.said} {w.tip} {' '.join(w.parts)}" for w in own)]
    matches = [match for text in texts for match in lexicon.PART_PATTERN.finditer(text)]
    parts = {lexicon.part_name(match) for match in matches} | {part for w in own for part in w.parts}
    return parts, {(match["side"].lower(), lexicon.part_name(match)) for match in matches if match["side"]}


def _exercises(text: str, facts: Facts) -> Iterator[str]:
    for exercise, pattern in lexicon.EXERCISES.items():
        match = pattern.search(text)
        if match and exercise != facts.exercise:
            yield f"names another exercise: {match[0].lower()}"


def _praise(text: str, facts: Facts) -> Iterator[str]:
    """Praise for the whole set only where every repetition was correct."""
    flawless = facts.counted > 0 and facts.correct == facts.counted and not facts.findings
    for sentence in split(text):
        match = lexicon.FLAWLESS.search(sentence)
        if match and not flawless and not lexicon.COMPARED.search(sentence):
            yield f"praises too much: {match[0]}"
    good = lexicon.GOOD_FORM.search(text)
    if good and not facts.correct:
        yield f"praises without a correct repetition: {good[0]}"


def _main_fault(text: str, facts: Facts) -> Iterator[str]:
    if not facts.findings:
        return
    main = facts.findings[0].error
    pattern = lexicon.FAULTS.get((facts.exercise, main))
    own = words.error_words(facts.exercise, main)
    named = pattern.search(text) if pattern else None
    if named is None and own.name not in text and own.said not in text:
        yield f"does not name the main fault: {own.name}"
