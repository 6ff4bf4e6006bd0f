"""What a model may write next, so that every number it writes is one of the given phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fias_desktop.coach.number_phrases import NumberPhrases

_SENTENCE_START = re.compile(r"[.!?]\s+")
DIGITS = frozenset("0123456789")


@dataclass(frozen=True)
class Allowed:
    """The next piece of text: one of `continuations` must be continued (empty: words are free), and a digit may only
    be one of `digits`."""

    continuations: tuple[str, ...]
    digits: frozenset[str]

    def permits(self, piece: str) -> bool:
        """Whether a token's text may come next."""
        if self.continuations:
            return any(rest.startswith(piece) or piece.startswith(rest) for rest in self.continuations)
        return piece in self.digits or DIGITS.isdisjoint(piece)


class NumberRule:
    """Follows a text as it grows."""

    def __init__(self, phrases: NumberPhrases) -> None:
        self._phrases = phrases

    def after(self, text: str) -> Allowed:
        """What may follow `text`, the answer so far."""
        sentence = _last_sentence(text)
        active = self._active(sentence)
        done = _written(sentence, (phrase for phrase, _ in active))
        rests: set[str] = set()
        begun: set[str] = set()
        for phrase, only_first in active:
            rests |= set(_rests(sentence, phrase, only_first, done))
            first = _first_digit(phrase)
            if _ends_with(sentence, phrase[:first], only_first):
                begun.add(phrase[first])
        if rests and "" not in rests:
            return Allowed(tuple(sorted(rests)), frozenset())
        return Allowed((), frozenset(begun | {rest[0] for rest in rests if rest and rest[0] in DIGITS}))

    def _active(self, sentence: str) -> list[tuple[str, bool]]:
        """The phrases open to this sentence: of the groups only the one that it has used already, if any."""
        groups = self._phrases.groups
        used = [group for group in groups if any(end < len(sentence) for _, end in _written(sentence, group))]
        anywhere = [*self._phrases.common, *(phrase for group in used[:1] or groups for phrase in group)]
        return [(phrase, False) for phrase in anywhere] + [(phrase, True) for phrase in self._phrases.opening]


def _written(sentence: str, phrases: Iterable[str]) -> list[tuple[int, int]]:
    """Where whole phrases stand in a sentence (start, end), their last number not going on."""
    found = [(match.start(), match.end()) for phrase in phrases for match in re.finditer(re.escape(phrase), sentence)]
    return [(start, end) for start, end in found if end == len(sentence) or sentence[end] not in DIGITS]


def _last_sentence(text: str) -> str:
    plain = text.lstrip()
    starts = [match.end() for match in _SENTENCE_START.finditer(plain)]
    return plain[starts[-1] :] if starts else plain


def _first_digit(phrase: str) -> int:
    return next(i for i, character in enumerate(phrase) if character in DIGITS)


def _rests(sentence: str, phrase: str, only_first: bool, done: Sequence[tuple[int, int]]) -> Sequence[str]:
    """What is left of a phrase of which at least a digit has been written, and not as the part of another phrase."""
    first = _first_digit(phrase)
    rests = []
    for i in range(first + 1, min(len(phrase), len(sentence)) + 1):
        start = len(sentence) - i
        taken = any(begin < start and begin <= start + first < end for begin, end in done)
        if not taken and _ends_with(sentence, phrase[:i], only_first):
            rests.append(phrase[i:])
    return rests


def _ends_with(sentence: str, part: str, only_first: bool) -> bool:
    """Whether the sentence ends with this part of a phrase, begun at a word's start (or at the sentence's)."""
    if not sentence.endswith(part):
        return False
    before = sentence[: len(sentence) - len(part)]
    if only_first or not before:
        return before == ""
    inside = before[-1].isalnum() or before[-1] == "."
    return not (inside and (part == "" or part[0].isalnum()))
