"""Every sentence that the grammar can say of a set, true or not: the strictest reading there is.

A sentence is looked up whole. What a true table says of these facts holds by construction; a verdict of a table that
does not fit the facts ("all correct" of a set with a fault) is wrong, whatever its numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.languages import words_of
from trainer.coach.grammar import GRAMMARS
from trainer.coach.grammar.frames import Grammar, Table, Voiced
from trainer.coach.grammar.slots import slots

Holds = Callable[[Facts], bool]


@dataclass(frozen=True)
class Frames:
    """Whole sentences: `true` of the facts, and `verdicts` of tables that do not fit them, with the table's name."""

    true: frozenset[str]
    verdicts: dict[str, str]


def _judged(facts: Facts) -> bool:
    return facts.counted > 0 and facts.judged


def _trend(trend: str) -> Holds:
    return lambda facts: facts.before is not None and facts.judged and facts.before.trend == trend


# Where a table may be used; a table that is not named here only needs its slots to be filled.
_HOLDS: dict[str, Holds] = {
    "opening.nothing": lambda f: f.counted == 0,
    "opening.unjudged": lambda f: f.counted > 0 and not f.judged,
    "opening.all_right": lambda f: f.counted > 1 and f.correct == f.counted,
    "opening.one_right": lambda f: f.counted == 1 and f.correct == 1,
    "opening.none": lambda f: _judged(f) and f.correct == 0,
    "opening.one_wrong": lambda f: _judged(f) and f.counted == 1 and f.correct == 0,
    "ahead.keep": lambda f: not f.findings,
    "more.steady": lambda f: f.steadiness is not None and f.steadiness.steady,
    "more.uneven": lambda f: f.steadiness is not None and not f.steadiness.steady,
    "more.last_open": lambda f: f.before is not None and not f.judged,
    **{f"more.trends.{trend}": _trend(trend) for trend in ("better", "worse", "same")},
    "answers.why_fine": lambda f: not f.findings and f.correct > 0,
    "answers.why_open": lambda f: not f.judged,
    "answers.first_fine": lambda f: not f.findings and f.correct > 0,
    "answers.first_open": lambda f: not f.judged,
    "answers.good_none": lambda f: f.correct == 0 and (f.good is None or f.counted == 0),
    "answers.no_last": lambda f: f.before is None,
    "answers.count_open": lambda f: f.counted > 0 and not f.judged,
    "answers.not_counted": lambda f: f.counted == 0,
}


@lru_cache(maxsize=256)
def frames_of(facts: Facts, language: str) -> Frames:
    """The sentences of one set in one language."""
    grammar = GRAMMARS[language]
    filled = slots(facts, words_of(language))
    tips: tuple[str, ...] = ()
    if facts.findings:
        table = grammar.tips[facts.exercise, facts.findings[0].error]
        tips = table.training + table.held_out
    true: set[str] = set()
    verdicts: dict[str, str] = {}
    for name, frame in wordings(grammar):
        condition = _HOLDS.get(name)
        holds = condition is None or condition(facts)
        for sentence in _filled(frame, filled, tips):
            if holds:
                true.add(sentence)
            else:
                verdicts[sentence] = name
    return Frames(frozenset(true), {text: name for text, name in verdicts.items() if text not in true})


def wordings(grammar: Grammar) -> Iterator[tuple[str, str]]:
    """Every frame of a grammar with the name of its table (`opening.nothing`, `more.trends.better`), but the tips."""
    for part in ("opening", "fault", "praise", "ahead", "more", "answers"):
        yield from _walk(part, getattr(grammar, part))


def _walk(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Voiced):
        for table in dict.fromkeys((value.calm, value.energetic, value.brief)):
            yield from ((name, frame) for frame in _all(table))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _walk(f"{name}.{key}", one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _walk(f"{name}.{field.name}", getattr(value, field.name))


def _all(table: Table) -> tuple[str, ...]:
    return table.training + table.held_out


def _filled(frame: str, filled: dict[str, str], tips: tuple[str, ...]) -> Iterator[str]:
    for tip in tips if "{tip}" in frame else ("",):
        try:
            text = frame.format_map(filled | {"tip": tip})
        except KeyError:
            return
        yield text[0].upper() + text[1:]
