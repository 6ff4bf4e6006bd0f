"""What the guard listens for in one language; the values are in `english*.py` and `chinese*.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Key = tuple[str, str]
Patterns = Mapping[str, re.Pattern[str]]
ByError = Mapping[Key, re.Pattern[str]]

VALUE, LOW, HIGH, BOUND, SPREAD = "value", "low", "high", "bound", "spread"
COUNTED, CORRECT, WRONG, REJECTED, OFTEN, ANY = "counted", "correct", "wrong", "rejected", "often", "any"
LAST, NOW = "last", "now"


@dataclass(frozen=True)
class Number:
    """One number of a sentence. `kind`: count, repetition, percent, measured or other (a unit nobody measures);
    `role`: what it is said to be (for counts COUNTED ... ANY, for measured ones VALUE ... SPREAD); `quantities`: those
    that its unit belongs to, all where empty; `when`: LAST or NOW where a count is said of the last set or this one;
    `at`: where it stands in the sentence."""

    text: str
    value: float
    kind: str
    role: str = ANY
    unit: str = ""
    quantities: tuple[str, ...] = ()
    when: str = ""
    at: int = 0


@dataclass(frozen=True)
class Pair:
    """`part` of `whole` repetitions; `role` CORRECT where it is said to count correct ones, `when` LAST or NOW where
    that is said."""

    text: str
    part: int
    whole: int
    role: str = ANY
    when: str = ""


@dataclass(frozen=True)
class Numbers:
    """All numbers of a sentence."""

    single: tuple[Number, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Length:
    """How long a text may be: least and most sentences and words (characters in Chinese)."""

    sentences: tuple[int, int]
    words: tuple[int, int]


@dataclass(frozen=True)
class FaultWords:
    """`said`: an error is spoken of; `advice`: what helps against it; `contrary`: what makes it worse, or the error the
    wrong way round; `astray`: words that no order against it needs; `claims`: parts with faults that only this error
    has; `turned`: parts with directions that no order against it has."""

    said: ByError
    advice: ByError
    contrary: ByError
    astray: ByError
    claims: ByError
    turned: ByError


@dataclass(frozen=True, eq=False)
class DirectionWords:
    """Directions by error: `help` are those that mend it, `harm` those that make it worse (and so what it is told by),
    `opposite` tells of its opposite as a fault. `clause` ends a clause; `negation` before a direction and `less` around
    it turn it over; a clause with `past` that does not begin as an `order` tells, every other one orders; a help told
    with `excess` is the opposite."""

    help: ByError
    harm: ByError
    opposite: ByError
    clause: re.Pattern[str]
    negation: re.Pattern[str]
    less: re.Pattern[str]
    excess: re.Pattern[str]
    past: re.Pattern[str]
    order: re.Pattern[str]


@dataclass(frozen=True)
class PartWords:
    """`pattern` has the groups `side` and `part`; `names` gives a part's common name, `idioms` are words that only
    sound like parts; `heat` is how one speaks of where the movement showed."""

    pattern: re.Pattern[str]
    names: Mapping[str, str]
    sides: Mapping[str, str]
    idioms: re.Pattern[str]
    heat: re.Pattern[str]


@dataclass(frozen=True)
class Lexicon:
    """A language's patterns; those of `banned` come with what is said against them."""

    language: str
    tidy: Callable[[str], str]
    split: Callable[[str], list[str]]
    count_words: Callable[[str], int]
    foreign: Callable[[str], str]
    strange: Callable[[str], str]
    strange_beside: Callable[[str], str]
    numbers: Callable[[str], Numbers]
    summary: Length
    answer: Length
    closed: tuple[str, ...]
    faults: FaultWords
    directions: DirectionWords
    parts: PartWords
    this_fault: re.Pattern[str]
    overall: re.Pattern[str]
    subject: re.Pattern[str]
    denied_before: re.Pattern[str]
    denied_inside: re.Pattern[str]
    tells: re.Pattern[str]
    warned: re.Pattern[str]
    caused: re.Pattern[str]
    undone: re.Pattern[str]
    part_of_sentence: re.Pattern[str]
    turned: re.Pattern[str]
    kept: re.Pattern[str]
    unmeasured: re.Pattern[str]
    measures: re.Pattern[str]
    phases: Patterns
    exercises: Patterns
    flawless: re.Pattern[str]
    no_fault: re.Pattern[str]
    none_correct: re.Pattern[str]
    good_form: re.Pattern[str]
    good_value: re.Pattern[str]
    compared: re.Pattern[str]
    no_last: re.Pattern[str]
    last_better: re.Pattern[str]
    last_worse: re.Pattern[str]
    trends: Patterns
    steady: re.Pattern[str]
    uneven: re.Pattern[str]
    banned: tuple[tuple[re.Pattern[str], str], ...]


def either(*patterns: str) -> re.Pattern[str]:
    """One pattern of several, whatever the letters' case."""
    return re.compile("|".join(patterns), re.IGNORECASE)


def by_error(table: Mapping[Key, str]) -> ByError:
    """Compiled patterns by (exercise, error)."""
    return {key: re.compile(pattern, re.IGNORECASE) for key, pattern in table.items()}
