"""A grammar (GBNF) under which a language model writes any words, but of numbers only those it was given.

The grammar is a small automaton over characters: `root` reads free text, `after` what follows a number. A digit is
possible only as part of a given number; none may follow one directly, nor behind a decimal point or comma, so that 12
and 5 allow neither 125 nor 12.5 nor .5. The given numbers are written as a tree of digits: each character then has few
ways on, which keeps the sampler as fast with thirty numbers as with three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# Decimal digits of other scripts, raised, lowered and circled ones and fractions are numbers too.
DIGITS = "0-9²³¹¼-¾٠-٩۰-۹०-९⁰⁴-⁹₀-₉⅐-↉①-⒛⓪-⓿❶-➓０-９"
POINTS = ".,．"


def number_grammar(numbers: Sequence[str]) -> str:
    """The grammar for these numbers, each digits with at most one decimal point (`12`, `3.5`); without any, no digit
    is possible. ValueError for a number that is none."""
    for number in numbers:
        if not _is_number(number):
            raise ValueError(f"not a number: {number!r}")
    words = f'[^{DIGITS}{POINTS}] root | [{POINTS}] after | ""'
    lines = [f"root ::= {words}" + (" | number after" if numbers else ""), f"after ::= {words}"]
    if numbers:
        lines += _tree("number", sorted(set(numbers)))
    return "\n".join(lines) + "\n"


def _is_number(text: str) -> bool:
    whole, _, rest = text.partition(".")
    return text.isascii() and whole.isdigit() and (rest.isdigit() or text == whole)


def _tree(name: str, tails: Sequence[str]) -> Iterator[str]:
    """The rule `name` for these texts, and the rules of what follows their first characters."""
    ways, below = [], []
    for first in sorted({tail[0] for tail in tails if tail}):
        rest = [tail[1:] for tail in tails if tail[:1] == first]
        if rest == [""]:
            ways.append(f'"{first}"')
        else:
            child = f"{name}-{'p' if first == '.' else first}"
            ways.append(f'"{first}" {child}')
            below += list(_tree(child, rest))
    if "" in tails:
        ways.append('""')
    yield f"{name} ::= {' | '.join(ways)}"
    yield from below
