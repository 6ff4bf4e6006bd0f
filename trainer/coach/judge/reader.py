"""Reads one sentence: product words become typed marks (`⟦Fa⟧` a fault, `⟦Qc⟧` a quantity, `⟦E⟧` the exercise, `⟦Jb⟧` a
joint with its side, `⟦Pa⟧` a part of the movement, `⟦L⟧` the last set, `⟦N⟧` this one, `⟦T⟧` what to do), by longest
match.

Marks are numbered by letters, so that no number of the text is mistaken for one of a mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.words import Words
from trainer.coach.grammar import GRAMMARS
from trainer.coach.judge.lexicon import Lexicon

Patterns = Callable[[tuple[str, str]], tuple[re.Pattern[str], ...]]
PHASES = ("beginning", "bottom", "end", "middle")


@dataclass(frozen=True)
class Read:
    """A sentence with its marks (`exact`: only those of the product's own wordings), and what they stand for."""

    exact: str
    text: str
    faults: tuple[int, ...]
    quantities: tuple[str, ...]
    joints: tuple[str, ...]
    phases: tuple[str, ...]
    wrong: tuple[str, ...]


def mark_of(number: int) -> str:
    """The letter that numbers a mark."""
    return chr(ord("a") + number)


def tips_of(words: Words, exercise: str, error: str) -> tuple[str, ...]:
    """Every wording of what to do about an error, but the short cues."""
    table = GRAMMARS[words.language].tips[exercise, error]
    return (words.error(exercise, error).tip, *table.training, *table.held_out)


class Reader:
    """Reads sentences about one set."""

    def __init__(self, facts: Facts, words: Words, lexicon: Lexicon) -> None:
        self._facts, self._words, self._lexicon = facts, words, lexicon
        self._quantities = (*words.quantities.values(), *words.below_zero.values())
        self._joints = tuple(words.joints.values())
        # Of several joints with one name (the toes) the first is meant.
        self._codes = {name: code for code, name in reversed(tuple(words.joints.items()))}

    def read(self, sentence: str) -> Read:
        """The sentence with its marks."""
        text = self._lexicon.idioms.sub(" ", sentence)
        faults: list[int] = []
        wrong: list[str] = []
        text = self._errors(text, faults, wrong, self._exact)
        text, quantities = _mark(text, self._quantities, "Q")
        exact = text
        text = self._cues(self._errors(text, faults, wrong, self._loose))
        text = self._exercises(text, wrong)
        text, named = _mark(text, self._joints, "J")
        joints = [self._codes[name] for name in named]
        text = self._sided(text, joints)
        phases: list[str] = []
        for number, phase in enumerate(PHASES):
            pattern = self._lexicon.phases[phase]
            phases += [phase] * len(pattern.findall(text))
            text = pattern.sub(f"⟦P{mark_of(number)}⟧", text)
        text = self._lexicon.last.sub("⟦L⟧", text)
        text = self._lexicon.now.sub("⟦N⟧", text)
        order = sorted(phases, key=lambda phase: text.find(f"⟦P{mark_of(PHASES.index(phase))}⟧"))
        return Read(exact, text, tuple(faults), tuple(quantities), tuple(joints), tuple(order), tuple(wrong))

    def _errors(self, text: str, faults: list[int], wrong: list[str], patterns: Patterns) -> str:
        """Marks the set's own faults first: words that several errors share are theirs."""
        mine = [(self._facts.exercise, finding.error) for finding in self._facts.findings]
        for number, key in enumerate(mine):
            text = _alternatives(tips_of(self._words, *key)).sub("⟦T⟧", text)
            for pattern in patterns(key):
                text, count = pattern.subn(f"⟦F{mark_of(number)}⟧", text)
                faults += [number] * bool(count)
        for key in (key for key in self._words.errors if key not in mine):
            for pattern in patterns(key):
                text, count = pattern.subn("⟦X⟧", text)
                wrong += [f"error: {key[0]} {key[1]}"] * bool(count)
        return text

    def _exact(self, key: tuple[str, str]) -> tuple[re.Pattern[str], ...]:
        mine = any(key == (self._facts.exercise, finding.error) for finding in self._facts.findings)
        return (_own(self._words, *key),) if mine else (_own(self._words, *key), _tips(self._words, *key))

    def _loose(self, key: tuple[str, str]) -> tuple[re.Pattern[str], ...]:
        return (self._lexicon.errors[key],)

    def _cues(self, text: str) -> str:
        known = [self._words.error(self._facts.exercise, finding.error) for finding in self._facts.findings]
        cues = tuple(cue for row in known for cue in row.cues)
        return _alternatives(cues).sub("⟦T⟧", text) if cues else text

    def _exercises(self, text: str, wrong: list[str]) -> str:
        text = _alternatives(self._words.exercises[self._facts.exercise]).sub("⟦E⟧", text)
        wrong += [f"exercise: {match.group()}" for match in self._lexicon.exercises.finditer(text)]
        return self._lexicon.exercises.sub("⟦X⟧", text)

    def _sided(self, text: str, joints: list[str]) -> str:
        for match in self._lexicon.sided.finditer(text):
            side = "left" if match.group(1).lower() in ("left", "左") else "right"
            part = self._lexicon.joints.get(match.group(2).lower(), match.group(2).lower())
            joints.append(f"{side}_{part}")
        return self._lexicon.sided.sub("⟦J⟧", text)


def _own(words: Words, exercise: str, error: str) -> re.Pattern[str]:
    known = words.error(exercise, error)
    return _alternatives((known.said, known.name))


def _tips(words: Words, exercise: str, error: str) -> re.Pattern[str]:
    """Whole tips alone: cues are so short that several errors share them."""
    return _alternatives(tips_of(words, exercise, error))


@lru_cache(maxsize=512)
def _alternatives(texts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_bounded(text) for text in _longest(set(texts))), re.IGNORECASE)


def _bounded(text: str) -> str:
    return rf"(?<![a-z]){re.escape(text)}(?![a-z])"


def _longest(texts: set[str]) -> list[str]:
    return sorted(texts, key=lambda text: (-len(text), text))


def _mark(text: str, names: tuple[str, ...], kind: str) -> tuple[str, list[str]]:
    """Replace every name by a mark with its place in the list of what was found."""
    lower = {name.lower(): name for name in names}
    found: list[str] = []

    def mark(match: re.Match[str]) -> str:
        found.append(lower[match.group().lower()])
        return f"⟦{kind}{mark_of(len(found) - 1)}⟧"

    return _alternatives(names).sub(mark, text), found
