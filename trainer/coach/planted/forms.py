"""What a language needs to plant an error: words to exchange, and whole sentences that cannot be true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Key = tuple[str, str]


@dataclass(frozen=True)
class Forms:
    """`parts` finds a body part without a side (but no unit); `strange` are parts that no fault here is about;
    `errors` other wordings of every error as whole sentences; `flips` opposite ways, tried in this order;
    `invented`, `watched`, `sided` are sentences with a slot for a number, a joint and a joint of the wrong side."""

    blank: str
    parts: re.Pattern[str]
    strange: tuple[str, ...]
    watched: tuple[str, ...]
    sided: tuple[str, ...]
    invented: tuple[str, ...]
    numbers: tuple[str, ...]
    number_words: re.Pattern[str]
    errors: Mapping[Key, tuple[str, ...]]
    exercises: tuple[str, ...]
    did: tuple[str, ...]
    flips: tuple[tuple[str, str], ...]
    claims: tuple[tuple[str, str], ...]
    unsafe: tuple[str, ...]
