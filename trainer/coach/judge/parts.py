"""Body parts without a side, and the directions in which a text moves them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.words import Words
from trainer.coach.judge.lexicon import Lexicon
from trainer.coach.judge.reader import Read, tips_of

_MARK = re.compile(r"⟦[^⟧]*⟧")
_UNITS = re.compile(r"times the ankle spacing|shoulder widths?|torso lengths?|倍腳踝間距|個肩寬|個軀幹長")
# Parts that a hot joint stands for.
_OF_JOINT = {"foot_index": "toe", "big_toe": "toe", "small_toe": "toe"}

Pairs = set[tuple[str, str]]


class Parts:
    """What may be said of the body in sentences about one set: parts of its faults and of its hot joints."""

    def __init__(self, facts: Facts, words: Words, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        rows = [(words.error(facts.exercise, f.error), tips_of(words, facts.exercise, f.error)) for f in facts.findings]
        faults = [text for known, _ in rows for text in (known.name, known.said, *known.parts)]
        tips = [tip for _, some in rows for tip in some]
        self._allowed = {part for text in (*faults, *tips) for part in self._in(text)}
        joints = [row.joint for row in facts.hottest] + list(facts.thirds or ())
        plain = [joint.split("_", 1)[-1] for joint in joints]
        self._allowed |= {_OF_JOINT.get(part, part) for part in plain}
        texts = [known.name for known, _ in rows] + [text for text in (*faults, *tips) if _long(text)]
        self._altered = [_altered(text, lexicon.ways) for text in texts]
        self._orders: Pairs = {pair for tip in tips for pair in self._moves(tip)}
        self._seen: Pairs = {pair for text in faults for pair in self._moves(text)} | self._orders

    def problems(self, sentence: Read) -> Iterator[str]:
        """Parts and movements in what is left of a sentence after its marks, and known words turned around."""
        for pattern in self._altered:
            if pattern is not None and (found := pattern.search(sentence.exact)):
                yield f"direction: {found.group()}"
        text = _UNITS.sub(" ", _MARK.sub(" ", sentence.text))
        for part in self._in(text):
            if part not in self._allowed:
                yield f"part: {part}"
        ordered = bool(self._lexicon.orders.search(text))
        for pair in self._moves(text):
            if pair[0] in self._allowed and pair not in (self._orders if ordered else self._seen):
                yield f"direction: {pair[0]} {pair[1]}"

    def _in(self, text: str) -> set[str]:
        return {part for part, pattern in self._lexicon.parts.items() if pattern.search(text)}

    def _moves(self, text: str) -> Pairs:
        pairs: Pairs = set()
        for part, pattern in self._lexicon.parts.items():
            for match in pattern.finditer(text):
                near = text[max(match.start() - self._lexicon.reach, 0) : match.end() + self._lexicon.reach]
                pairs |= {(part, way) for way, moved in self._lexicon.directions.items() if moved.search(near)}
        return pairs


@lru_cache(maxsize=1024)
def _altered(text: str, ways: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds a known wording in which one way is another: `knees moved outward` for `knees moved inward`."""
    forms = []
    for way in sorted(ways, key=len, reverse=True):
        for match in re.finditer(_word(way), text, re.IGNORECASE):
            others = "|".join(re.escape(other) for other in ways if other != way and _alike(other, way))
            forms.append(f"{re.escape(text[: match.start()])}(?:{others}){re.escape(text[match.end() :])}")
    bounded = "|".join(forms)
    return re.compile(rf"(?<![a-z])(?:{bounded})(?![a-z])", re.IGNORECASE) if forms else None


def _long(text: str) -> bool:
    """Whether a wording is long enough to be known again with one word changed: cues are not."""
    return len(text.split()) > 2 if text.isascii() else len(text) > 4


def _alike(other: str, way: str) -> bool:
    """Whether one may stand for the other: a Chinese way by one as long, lest `下` be found at the front of `下去`."""
    return way.isascii() or len(other) == len(way)


def _word(text: str) -> str:
    return rf"(?<![a-z]){re.escape(text)}(?![a-z])"
