"""Which sets no model is trained on: a tenth of all combinations of exercise, main error, hottest joint and number."""

from __future__ import annotations

import zlib

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.words import number, spoken

SHARE = 10


def held_out(facts: Facts) -> bool:
    """Whether this combination belongs to the tenth that is kept for the evaluation; the same on every machine."""
    return zlib.crc32("|".join(combination(facts)).encode()) % SHARE == 0


def combination(facts: Facts) -> tuple[str, str, str, str]:
    """Exercise, main error, hottest joint, and the main measurement as it is shown; empty where there is none."""
    error = facts.findings[0].error if facts.findings else ""
    joint = facts.hottest[0].joint if facts.hottest else ""
    return facts.exercise, error, joint, _shown(facts)


def _shown(facts: Facts) -> str:
    main = facts.findings[0].worst if facts.findings else facts.good
    if main is None:
        return f"{facts.correct}/{facts.counted}"
    said = spoken(main.evidence)
    return number(said.value, said.unit)
