"""Held-out sets with what is asked about them: neither their seed nor their combination is ever trained on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from fias_desktop.coach.evidence import Facts, gather
from fias_desktop.coach.languages import LANGUAGES
from fias_desktop.coach.request import SUMMARY, TOPICS, VOICES, Request
from fias_desktop.domain.exercises import ERRORS, ExerciseRule
from fias_desktop.domain.types import ExerciseSet
from trainer.coach.held_out import held_out
from trainer.coach.random_sets import random_set

SEED = 77_000_001
QUESTIONS = tuple(topic for topic in TOPICS if topic != SUMMARY)
SAME_ERROR_SETS = 10


@dataclass(frozen=True)
class Case:
    """A finished set, its facts, and what the coach is asked."""

    finished: ExerciseSet
    facts: Facts
    request: Request


def held_out_sets(rules: Sequence[ExerciseRule], seed: int = SEED) -> Iterator[tuple[ExerciseSet, Facts]]:
    """Random sets of held-out combinations, from a seed that no recipe uses."""
    rng = np.random.default_rng(seed)
    while True:
        finished = random_set(rng, rules)
        facts = gather(finished, rules)
        if facts.evidence and held_out(facts):
            yield finished, facts


def summaries(sets: int, rules: Sequence[ExerciseRule]) -> list[Case]:
    """A summary of every set in each language, the voices in turn."""
    return [
        Case(finished, facts, Request(SUMMARY, VOICES[i % len(VOICES)], language))
        for i, (finished, facts) in enumerate(islice(held_out_sets(rules), sets))
        for language in LANGUAGES
    ]


def questions(sets: int, rules: Sequence[ExerciseRule]) -> list[Case]:
    """One question about every set in each language, topics and voices in turn."""
    rows = enumerate(islice(held_out_sets(rules, SEED + 1), sets))
    return [
        Case(
            finished, facts, Request(QUESTIONS[i % len(QUESTIONS)], VOICES[i // len(QUESTIONS) % len(VOICES)], language)
        )
        for i, (finished, facts) in rows
        for language in LANGUAGES
    ]


def same_errors(errors: int, rules: Sequence[ExerciseRule]) -> list[list[Case]]:
    """For each of so many errors ten sets with it as the main one, in one voice and language: what one athlete with
    one habit hears."""
    wanted = [(exercise, error) for exercise, codes in ERRORS.items() for error in codes][:errors]
    found: dict[tuple[str, str], list[tuple[ExerciseSet, Facts]]] = defaultdict(list)
    for finished, facts in held_out_sets(rules, SEED + 2):
        key = (facts.exercise, facts.findings[0].error) if facts.findings else ("", "")
        if key in wanted and len(found[key]) < SAME_ERROR_SETS:
            found[key].append((finished, facts))
        if sum(map(len, found.values())) == SAME_ERROR_SETS * len(wanted):
            break
    return [
        [Case(finished, facts, Request(SUMMARY, VOICES[i % len(VOICES)], language)) for finished, facts in found[key]]
        for i, key in enumerate(wanted)
        for language in LANGUAGES
    ]
