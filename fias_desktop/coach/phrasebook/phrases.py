"""What the phrasebook holds in each language: several wordings for everything it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Wordings = tuple[str, ...]


@dataclass(frozen=True)
class Phrases:
    """Sentences as format strings, by what they say; see `phrasebook.sentences` for what goes in."""

    nothing_counted: Wordings
    not_judged: Wordings
    all_correct: Wordings
    one_correct: Wordings
    some_correct: Wordings
    none_correct: Wordings
    fault: Wordings
    fault_seen: Wordings
    often: Wordings
    good: Wordings
    measured: Wordings
    nothing_good: Wordings
    next_step: Wordings
    keep: Wordings
    stay_in_picture: Wordings
    full_movement: Wordings
    before: Mapping[str, Wordings]
    main_before: Wordings
    nothing_before: Wordings
    stood_out: Wordings
    steady: Wordings
    uneven: Wordings
    not_counted: Wordings
    health: Wordings
    other: Wordings
    space: str
    stop: str
    cheer: str
