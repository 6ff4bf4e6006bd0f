"""Checks of the form of a text: whole, neither short nor long, in the language asked for, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fias_desktop.coach.guard.known import Known
from fias_desktop.coach.request import SUMMARY

_REPEAT_WORDS = 12
_WORD = re.compile(r"[\w.'-]+")


def shape_objections(text: str, known: Known) -> Iterator[str]:
    """Objections to the form alone."""
    words = known.lexicon
    plain = text.strip()
    if not plain:
        yield "The answer is empty."
        return
    length = words.summary if known.request.topic == SUMMARY else words.answer
    sentences, count = len(words.split(plain)), words.count_words(plain)
    if sentences < length.sentences[0] or count < length.words[0]:
        yield "The answer is too short."
    if sentences > length.sentences[1] or count > length.words[1]:
        yield "The answer is too long."
    if plain.rstrip("\"')”」』）")[-1:] not in words.closed:
        yield "The answer breaks off."
    if _loops(plain, known):
        yield "The answer repeats itself."


def language_objections(text: str, known: Known) -> Iterator[str]:
    """What is not in the language asked for, and words and signs that a coach does not use."""
    odd = known.lexicon.foreign(text)
    if odd:
        yield odd[0].upper() + odd[1:] + "."
    for pattern, complaint in known.lexicon.banned:
        match = pattern.search(text)
        if match:
            yield f"{complaint[0].upper()}{complaint[1:]}: {match[0].strip()}."


def _loops(text: str, known: Known) -> bool:
    """The same sentence twice, or the same twelve words (in Chinese: signs) in a row twice."""
    sentences = [sentence.lower() for sentence in known.lexicon.split(text)]
    tokens = _WORD.findall(text.lower()) if known.lexicon.language == "en" else list(text)
    runs = [tuple(tokens[i : i + _REPEAT_WORDS]) for i in range(len(tokens) - _REPEAT_WORDS + 1)]
    return len(set(sentences)) < len(sentences) or len(set(runs)) < len(runs)
