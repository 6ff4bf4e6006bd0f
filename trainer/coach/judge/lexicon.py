"""What a language's reader must know beyond the product's own words: regular expressions for kinds of mentions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Lexicon:
    """`errors` are other wordings of the errors; `parts` body parts by their plain name; `sided` a side with what it
    is of (groups 1 and 2); `claims` statements about the whole set, by the name of what must then be true; `ways`
    words that tell a way; `orders` verbs that tell what to do; `idioms` are taken out first, as their words mean
    nothing here."""

    errors: Mapping[tuple[str, str], re.Pattern[str]]
    exercises: re.Pattern[str]
    parts: Mapping[str, re.Pattern[str]]
    joints: Mapping[str, str]
    sided: re.Pattern[str]
    phases: Mapping[str, re.Pattern[str]]
    directions: Mapping[str, re.Pattern[str]]
    ways: tuple[str, ...]
    orders: re.Pattern[str]
    reach: int
    claims: tuple[tuple[str, re.Pattern[str]], ...]
    fine: re.Pattern[str]
    last: re.Pattern[str]
    now: re.Pattern[str]
    unsafe: re.Pattern[str]
    jargon: re.Pattern[str]
    foreign: re.Pattern[str]
    idioms: re.Pattern[str]
    sentence: re.Pattern[str]
    segment: re.Pattern[str]


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern for several, whatever the case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def ways(text: str) -> tuple[str, ...]:
    """Words between blanks; after the first comma phrases between commas."""
    words, _, phrases = text.partition(", ")
    return tuple(words.split()) + tuple(phrase for phrase in phrases.split(", ") if phrase)
