"""The guard and the judge on texts with one planted error, and on true ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.guard import check
from fias_desktop.coach.languages import LANGUAGES
from fias_desktop.coach.phrasebook import phrase
from fias_desktop.coach.request import Request
from fias_desktop.domain.exercises import ExerciseRule
from trainer.coach.corpus import random_request
from trainer.coach.evaluation.cases import SEED, held_out_sets
from trainer.coach.evaluation.figures import Share, share
from trainer.coach.grammar import write
from trainer.coach.judge import judge
from trainer.coach.planted import KINDS, plant

Guard = Callable[[str, Facts, Request], Sequence[str]]
GRAMMAR, PHRASEBOOK = "grammar, held-out frames", "phrasebook"


@dataclass(frozen=True)
class Planted:
    """One text: of which kind its planted error is ("" for a true text), where the text came from, whether the guard
    stopped it, whether the judge found it, and whether the judge did so reading every sentence mention by mention."""

    language: str
    kind: str
    source: str
    stopped: bool
    found: bool
    found_by_mention: bool
    text: str


def planted_texts(count: int, rules: Sequence[ExerciseRule], guard: Guard = check) -> list[Planted]:
    """So many texts in each language with one planted error, the kinds in turn: half of the grammar's held-out frames,
    half of the phrasebook. Only texts that the guard lets through before are used, so that what it stops is planted."""
    rng = np.random.default_rng(SEED + 3)
    return [row for language in LANGUAGES for row in islice(_planted(language, rng, rules, guard), count)]


def _planted(language: str, rng: np.random.Generator, rules: Sequence[ExerciseRule], guard: Guard) -> Iterator[Planted]:
    number = 0
    for _, facts in held_out_sets(rules, SEED + 4):
        request = random_request(rng, language)
        source = GRAMMAR if rng.random() < 0.5 else PHRASEBOOK
        text = _text(source, facts, request, rng)
        kind = KINDS[number % len(KINDS)]
        wrong = plant(kind, text, facts, request, rng)
        if wrong is not None and not guard(text, facts, request):
            number += 1
            yield _row(wrong, kind, source, facts, request, guard)


def true_texts(count: int, rules: Sequence[ExerciseRule], guard: Guard = check) -> list[Planted]:
    """So many true texts of each source in each language."""
    rng = np.random.default_rng(SEED + 5)
    return [
        _row(_text(source, facts, request, rng), "", source, facts, request, guard)
        for _, facts in islice(held_out_sets(rules, SEED + 6), count)
        for language in LANGUAGES
        for request in (random_request(rng, language),)
        for source in (GRAMMAR, PHRASEBOOK)
    ]


def _text(source: str, facts: Facts, request: Request, rng: np.random.Generator) -> str:
    return phrase(facts, request).text if source == PHRASEBOOK else write(facts, request, rng, held_out=True)


def _row(text: str, kind: str, source: str, facts: Facts, request: Request, guard: Guard) -> Planted:
    found = not judge(text, facts, request).faithful
    by_mention = not judge(text, facts, request, whole=False).faithful
    return Planted(request.language, kind, source, bool(guard(text, facts, request)), found, by_mention, text)


def shares(rows: Sequence[Planted]) -> tuple[Share, Share, Share]:
    """Stopped by the guard, found by the judge, found by the judge mention by mention."""
    return share(r.stopped for r in rows), share(r.found for r in rows), share(r.found_by_mention for r in rows)
