"""Everything that may be said about a set, as the guard's checks look it up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from fias_desktop.coach.evidence import Facts, Finding, Measured
from fias_desktop.coach.guard.chinese import LEXICON as CHINESE
from fias_desktop.coach.guard.english import LEXICON as ENGLISH
from fias_desktop.coach.guard.lexicon import HIGH, LOW, SPREAD, VALUE, Lexicon
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.request import Request
from fias_desktop.coach.words import Words, spoken

LEXICONS: dict[str, Lexicon] = {"en": ENGLISH, "zh_TW": CHINESE}


@dataclass(frozen=True)
class Told:
    """One number of a measurement: the value, one of its bounds, or the spread over the repetitions."""

    quantity: str
    name: str
    unit: str
    value: float
    role: str


@dataclass(frozen=True)
class Known:
    """A set's facts with the language they are told in."""

    facts: Facts
    request: Request
    words: Words
    lexicon: Lexicon

    @property
    def total(self) -> int:
        """How many repetitions the errors are counted over."""
        return self.facts.counted or self.facts.rejected

    @cached_property
    def measured(self) -> tuple[Measured, ...]:
        """The measurements that the prompt tells."""
        good = (self.facts.good,) if self.facts.good is not None else ()
        return tuple(finding.worst for finding in self.facts.findings if finding.worst is not None) + good

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """Every measured number that may be said."""
        rows: list[Told] = []
        for row in self.measured:
            proof = spoken(row.evidence)
            for value, role in ((proof.value, VALUE), (proof.low, LOW), (proof.high, HIGH)):
                rows.append(Told(proof.quantity, self.words.name(proof), proof.unit, value, role))
        steady = self.facts.steadiness
        if steady is not None:
            name = self.words.quantity(steady.quantity)
            rows.append(Told(steady.quantity, name, steady.unit, steady.spread, SPREAD))
        return tuple(rows)

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of the quantities that may be spoken of, with their codes."""
        return {row.name.lower(): row.quantity for row in self.told}

    def named(self, sentence: str) -> frozenset[str]:
        """The quantities that a sentence names; a name inside a longer one that is named does not count."""
        return frozenset(self.names[name] for _, name in self.names_in(sentence))

    def names_in(self, sentence: str) -> list[tuple[int, str]]:
        """The names of quantities that may be spoken of with their places in a sentence, the first of them first."""
        rest, found = sentence.lower(), []
        for name in sorted(self.names, key=len, reverse=True):
            while (start := rest.find(name)) >= 0:
                found.append((start, name))
                rest = rest[:start] + "#" * len(name) + rest[start + len(name) :]
        return sorted(found)

    @cached_property
    def unsaid(self) -> tuple[str, ...]:
        """The names of quantities that may not be spoken of."""
        every = (*self.words.quantities.values(), *self.words.below_zero.values())
        return tuple(name.lower() for name in every if name.lower() not in self.names)

    def without_names(self, text: str) -> str:
        """The text without the names of quantities and units, in which words of advice can be hidden."""
        names = sorted(self.names, key=len, reverse=True)
        return _blanked(self.lexicon.parts.idioms.sub(lambda match: "#" * len(match[0]), text), names)

    def without_faults(self, text: str) -> str:
        """The text without the found faults in the coach's own words, which could be read as orders."""
        own = [self.words.error(self.facts.exercise, finding.error) for finding in self.facts.findings]
        return _blanked(text, [name for error in own for name in (error.said.lower(), error.name.lower())])

    def error_name(self, error: str) -> str:
        """An error as a person who reads English knows it."""
        return words_of("en").error(self.facts.exercise, error).name

    def finding_of(self, quantity: str) -> Finding | None:
        """The finding that was measured by this quantity, if it is the only one."""
        rows = [f for f in self.facts.findings if f.worst is not None and f.worst.evidence.quantity == quantity]
        return rows[0] if len(rows) == 1 else None


def _blanked(text: str, names: list[str]) -> str:
    """As long as before, with `#` for every letter of the names."""
    lower = text.lower()
    for name in names:
        start = lower.find(name)
        while start >= 0:
            text = text[:start] + "#" * len(name) + text[start + len(name) :]
            lower = text.lower()
            start = lower.find(name)
    return text


@dataclass(frozen=True)
class Sentence:
    """One sentence: its text, the same without the names of quantities (which can sound like faults or advice), the
    findings that it speaks of, and the quantities that it names."""

    text: str
    plain: str
    findings: tuple[Finding, ...]
    quantities: frozenset[str]
    compares: bool


def known_of(facts: Facts, request: Request | None) -> Known:
    """The facts in the language of the request."""
    wanted = request or Request()
    words = words_of(wanted.language)
    return Known(facts, wanted, words, LEXICONS[words.language])
