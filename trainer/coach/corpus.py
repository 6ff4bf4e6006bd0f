"""Training text without end: (prompt, advice) pairs made by the grammar over random sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fias_desktop.coach.evidence import Facts, gather
from fias_desktop.coach.prompt import build_prompt
from fias_desktop.domain.exercises import ExerciseRule
from trainer.coach.grammar import write
from trainer.coach.random_sets import random_set


@dataclass(frozen=True)
class Sample:
    """One pair, with the facts it was made from."""

    facts: Facts
    prompt: str
    advice: str


def samples(seed: int, rules: Sequence[ExerciseRule]) -> Iterator[Sample]:
    """An endless, reproducible stream; different seeds give different sets."""
    rng = np.random.default_rng(seed)
    while True:
        facts = gather(random_set(rng, rules), rules)
        if facts.evidence:
            yield Sample(facts, build_prompt(facts).text, write(facts, rng))
