"""Sentence frames: format strings whose slots are filled from the facts (see `slots.py` for the slots)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fias_desktop.coach.request import BRIEF, ENERGETIC

# The share of every table that no training text is made of.
HELD_OUT_SHARE = 6


@dataclass(frozen=True)
class Table:
    """Wordings of one thing; what is in `held_out` is never trained on."""

    training: tuple[str, ...]
    held_out: tuple[str, ...]

    def pick(self, rng: np.random.Generator, held_out: bool) -> str:
        """Any wording of the wanted kind; of the other kind where a short table has none."""
        options = self.held_out if held_out and self.held_out else self.training
        return options[int(rng.integers(len(options)))]


def table(*wordings: str) -> Table:
    """A table whose last sixth is held out: at least one wording, unless there are fewer than four."""
    kept = len(wordings) // HELD_OUT_SHARE or int(len(wordings) > 3)
    return Table(wordings[: len(wordings) - kept], wordings[len(wordings) - kept :])


@dataclass(frozen=True)
class Voiced:
    """The wordings of one thing in each voice."""

    calm: Table
    energetic: Table
    brief: Table

    def of(self, voice: str) -> Table:
        """The table of a voice."""
        return {ENERGETIC: self.energetic, BRIEF: self.brief}.get(voice, self.calm)


def voiced(calm: tuple[str, ...], energetic: tuple[str, ...] = (), brief: tuple[str, ...] = ()) -> Voiced:
    """Tables for the three voices; one without wordings of its own speaks calmly."""
    plain = table(*calm)
    return Voiced(plain, table(*energetic) if energetic else plain, table(*brief) if brief else plain)


@dataclass(frozen=True)
class Opening:
    """The set as a whole, by how it went; `one_right` and `one_wrong` are sets of one repetition."""

    nothing: Voiced
    unjudged: Voiced
    all_right: Voiced
    one_right: Voiced
    some: Voiced
    none: Voiced
    one_wrong: Voiced


@dataclass(frozen=True)
class Fault:
    """The main fault: with its measurement, with its place alone, or only how often; `second` is another fault, `lead`
    a whole set with its fault in one short sentence, `fix` the fault with what to do."""

    measured: Voiced
    place: Voiced
    often: Voiced
    second: Voiced
    lead: Voiced
    fix: Voiced


@dataclass(frozen=True)
class Praise:
    """What was good: in a set with correct repetitions, beside a fault, or in a set that was not judged."""

    good: Voiced
    beside: Voiced
    measured: Voiced


@dataclass(frozen=True)
class Ahead:
    """What to do next: with a fault, after a set all right, after one with doubts, unjudged, or without a count."""

    tip: Voiced
    keep: Voiced
    hold: Voiced
    show: Voiced
    retry: Voiced
    safety: Voiced


@dataclass(frozen=True)
class More:
    """What else is known: steadiness, where the movement showed most, the last set."""

    steady: Voiced
    uneven: Voiced
    heat: Voiced
    parts: Voiced
    trends: Mapping[str, Voiced]
    last_open: Voiced

    @property
    def claims(self) -> tuple[Voiced, ...]:
        """The tables whose every wording is a claim, also where no slot is filled."""
        return self.steady, self.uneven, self.last_open, *self.trends.values()


@dataclass(frozen=True)
class Answers:
    """Sentences that only answers need, by topic."""

    why: Voiced
    why_seen: Voiced
    why_fine: Voiced
    why_open: Voiced
    first: Voiced
    first_fine: Voiced
    first_open: Voiced
    good_count: Voiced
    good_none: Voiced
    main_count: Voiced
    no_last: Voiced
    count: Voiced
    count_open: Voiced
    rejected: Voiced
    not_counted: Voiced


@dataclass(frozen=True)
class Grammar:
    """A language: its tables, for every error what to do about it, what stands between sentences, and the length of
    the longest text (words; characters where nothing stands between sentences)."""

    opening: Opening
    fault: Fault
    praise: Praise
    ahead: Ahead
    more: More
    answers: Answers
    tips: Mapping[tuple[str, str], Table]
    blank: str
    longest: int
