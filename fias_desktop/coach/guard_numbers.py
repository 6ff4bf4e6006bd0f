"""Checks of the numbers in a text: only the given ones, with the right unit and in the right part."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fias_desktop.coach import words
from fias_desktop.coach.evidence import Facts, Finding

_SMALL = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
 eighteen nineteen twenty"""
_WORDS = {word: i for i, word in enumerate(_SMALL.split(), start=2)}
_TENTH = "first second third fourth fifth sixth seventh eighth ninth tenth"
_ORDINALS = {word: i for i, word in enumerate(_TENTH.split(), start=1)}
_REP = r"(?:repetitions?|reps?|squats?|lunges?|push-?ups?)"
_NUMBER = re.compile(rf"(?<![\w.])(?:(?P<digits>\d+(?:[.,]\d+)?)|(?P<word>{'|'.join(_WORDS)})\b)", re.IGNORECASE)
_ORDINAL = re.compile(rf"\b(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<digits>\d+)(?:st|nd|rd|th))\s+{_REP}", re.IGNORECASE)
_UNIT = re.compile(
    r"\s?(?P<ratio>times the ankle spacing|shoulder widths?|torso lengths?)\b|\s?-?(?P<deg>degrees?\b|deg\b|°)"
    r"|\s?(?P<percent>%|percent\b|per cent\b)|\s?(?P<s>seconds?\b|secs?\b|s\b)"
    r"|\s?(?P<other>(?:centi|milli|kilo)?met(?:re|er)s?|cm|mm|km|m|inch(?:es)?|kg|kilos?|kilograms?|pounds?|lbs?"
    r"|minutes?|mins?|hours?|ms|milliseconds?|rad|radians?|calories|kcal|bpm|points?)\b"
)
_RANGE = re.compile(r"\s?(?:to|and|-|–)\s?\d+(?:[.,]\d+)?")
_REPETITION_BEFORE = re.compile(
    rf"\b{_REP}\s+(?:number\s+|no\.?\s+|#)?(?:\d+\s*(?:,|and|&|or|to)+\s*)*$", re.IGNORECASE
)
_LOW_BEFORE = re.compile(r"\b(?:at least|no less than|not less than|minimum of|more than|above)\s+(?:about\s+)?$", re.I)
_HIGH_BEFORE = re.compile(r"\b(?:at most|no more than|not more than|up to|maximum of|less than|below|under)\s+$", re.I)
_BOUND_BEFORE = re.compile(
    r"\b(?:aim for|target (?:is|of)|should be|expected(?: range)?(?: of| is)?|between)\s+$", re.I
)
_VALUE_BEFORE = re.compile(
    r"\b(?:was|were|reached|measured|showed|came to|got to)\s+(?:only |just |about |around )?$", re.I
)
_PAIR = re.compile(r"(?<![\w.])(\d+) (?:out )?of (?:your |the |those |these )?(\d+)(?!\w)", re.IGNORECASE)
_ONE_REPETITION = re.compile(r"\brepetition (\d+)", re.IGNORECASE)
_CORRECT = re.compile(r"^[^.,;:]{0,32}\b(?:correct|clean|right|good)\b", re.IGNORECASE)
_NOT = re.compile(r"\bnot\b|n't\b", re.IGNORECASE)


@dataclass(frozen=True)
class Given:
    """The numbers that may be said. Measured ones as (quantity in words, unit, number); `counts` are whole numbers,
    `pairs` are (part, whole), `correct` those pairs that count correct repetitions."""

    values: tuple[tuple[str, str, float], ...]
    lows: tuple[tuple[str, str, float], ...]
    highs: tuple[tuple[str, str, float], ...]
    percents: tuple[float, ...]
    counts: frozenset[int]
    repetitions: frozenset[int]
    pairs: frozenset[tuple[int, int]]
    correct: frozenset[tuple[int, int]]

    @property
    def measured(self) -> tuple[tuple[str, str, float], ...]:
        """Values and bounds together."""
        return self.values + self.lows + self.highs


def given(facts: Facts) -> Given:
    """Collect every number of the facts that the prompt tells."""
    told = [finding.worst for finding in facts.findings if finding.worst] + ([facts.good] if facts.good else [])
    spoken = [words.spoken(measured.evidence) for measured in told]
    values = [(proof.name, proof.unit, proof.value) for proof in spoken]
    if facts.steadiness is not None:
        row = facts.steadiness
        values.append((words.quantity_name(row.quantity), row.unit, row.spread))
    correct = {(facts.correct, facts.counted)}
    if facts.before is not None:
        correct.add((facts.before.correct, facts.before.counted))
    total = facts.counted or facts.rejected
    pairs = correct | {(finding.count, total) for finding in facts.findings}
    return Given(
        values=tuple(values),
        lows=tuple((proof.name, proof.unit, proof.low) for proof in spoken),
        highs=tuple((proof.name, proof.unit, proof.high) for proof in spoken),
        percents=(100 * facts.prob, *(100 * row.share for row in facts.hottest)),
        counts=frozenset({n for pair in pairs for n in pair} | {facts.rejected}),
        repetitions=frozenset(f.worst.repetition for f in facts.findings if f.worst),
        pairs=frozenset(pairs),
        correct=frozenset(correct),
    )


def number_objections(sentence: str, facts: Facts) -> Iterator[str]:
    """Objections to the numbers of one sentence."""
    known = given(facts)
    taken = [match.span() for match in _ORDINAL.finditer(sentence)]
    for match in _ORDINAL.finditer(sentence):
        value = int(match["digits"]) if match["digits"] else _ORDINALS[match["word"].lower()]
        if value not in known.repetitions:
            yield f"repetition {value} was not given"
    for match in _NUMBER.finditer(sentence):
        if not any(start <= match.start() < end for start, end in taken):
            yield from _one(sentence, match, known)
    yield from _pair_objections(sentence, known)


def _one(sentence: str, match: re.Match[str], known: Given) -> Iterator[str]:
    before, shown = sentence[: match.start()], match[0]
    unit = _unit_after(sentence[match.end() :])
    value = float(shown.replace(",", ".")) if match["digits"] else float(_WORDS[shown.lower()])
    if unit == "other":
        yield f"{shown} has a unit that was not measured"
    elif unit == "percent":
        if not _among(shown, known.percents):
            yield f"{shown} percent was not given"
    elif unit in ("deg", "s", "ratio"):
        yield from _measured(sentence, before, shown, unit, known)
    elif _REPETITION_BEFORE.search(before):
        if value not in known.repetitions:
            yield f"repetition {shown} was not given"
    elif _bound_role(before):
        yield from _bare_bound(sentence, before, shown, known)
    elif (match["digits"] and not shown.isdigit()) or value not in known.counts:
        yield from _measured(sentence, before, shown, "ratio", known)


def _bound_role(before: str) -> bool:
    return any(pattern.search(before) for pattern in (_LOW_BEFORE, _HIGH_BEFORE, _BOUND_BEFORE))


def _bare_bound(sentence: str, before: str, shown: str, known: Given) -> Iterator[str]:
    """A bound without a unit ("at least 0.85") takes the unit of its quantity."""
    found = [list(_measured(sentence, before, shown, unit, known)) for unit in ("deg", "s", "ratio")]
    yield from min(found, key=lambda rows: (len(rows), any("given" in row for row in rows)))


def _unit_after(rest: str) -> str:
    """The unit after a number; that of a range's end counts for its start."""
    span = _RANGE.match(rest)
    match = _UNIT.match(rest) or (_UNIT.match(rest[span.end() :]) if span else None)
    return str(match.lastgroup) if match else ""


def _measured(sentence: str, before: str, shown: str, unit: str, known: Given) -> Iterator[str]:
    """A measured number must be given in this unit, belong to the named quantity, and play its own part."""
    named = _named_quantities(sentence, known)

    def among(rows: tuple[tuple[str, str, float], ...]) -> bool:
        fitting = [v for name, row_unit, v in rows if row_unit == unit and (not named or name in named)]
        return _among(shown, fitting)

    if not among(known.measured):
        yield f"{shown}{words.UNITS.get(unit, '')} was not given here"
    elif _LOW_BEFORE.search(before) and not among(known.lows):
        yield f"{shown} is not the lower bound"
    elif _HIGH_BEFORE.search(before) and not among(known.highs):
        yield f"{shown} is not the upper bound"
    elif _BOUND_BEFORE.search(before) and not among(known.lows + known.highs):
        yield f"{shown} is not an expected value"
    elif _VALUE_BEFORE.search(before) and not among(known.values):
        yield f"{shown} is not what was measured"


def _named_quantities(sentence: str, known: Given) -> frozenset[str]:
    """The given quantities that a sentence names; a name inside a longer one that is named does not count."""
    lower = sentence.lower()
    hits = {name for name, _, _ in known.measured if name.lower() in lower}
    return frozenset(hit for hit in hits if not any(hit != other and hit in other for other in hits))


def _among(shown: str, values: tuple[float, ...] | list[float]) -> bool:
    """Whether the shown digits are one of the values, rounded to as many decimals as are shown."""
    text = shown.replace(",", ".")
    shown_value = float(text) if text[0].isdigit() else float(_WORDS[text.lower()])
    decimals = len(text.split(".")[1]) if "." in text else 0
    step = 0.5 * 10**-decimals + 1e-9
    return any(math.isfinite(value) and abs(abs(value) - shown_value) <= step for value in values)


def _pair_objections(sentence: str, known: Given) -> Iterator[str]:
    for match in _PAIR.finditer(sentence):
        pair = (int(match[1]), int(match[2]))
        tail = _CORRECT.match(sentence[match.end() :])
        if pair not in known.pairs:
            yield f"{match[0]} was not given"
        elif tail and not _NOT.search(tail[0]) and pair not in known.correct:
            yield f"{match[0]} is not the number of correct repetitions"


def place_objections(sentence: str, finding: Finding, facts: Facts) -> Iterator[str]:
    """A sentence about one fault may tell only this fault's repetition and its own count."""
    known = given(facts)
    own = (finding.count, facts.counted or facts.rejected)
    for match in _PAIR.finditer(sentence):
        pair = (int(match[1]), int(match[2]))
        if pair in known.pairs - known.correct and pair != own:
            yield f"{match[0]} belongs to another fault"
    for match in _ONE_REPETITION.finditer(sentence):
        if finding.worst is None or int(match[1]) != finding.worst.repetition:
            yield f"{match[0].lower()} belongs to another fault"
