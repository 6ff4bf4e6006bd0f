"""Training text without end: (prompt, advice) pairs made by the grammar over random sets and requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fias_desktop.coach.evidence import Facts, gather
from fias_desktop.coach.languages import LANGUAGES
from fias_desktop.coach.prompt import build_prompt
from fias_desktop.coach.request import SUMMARY, TOPICS, VOICES, Request
from fias_desktop.domain.exercises import ExerciseRule
from trainer.coach.grammar import write_marked
from trainer.coach.held_out import held_out
from trainer.coach.random_sets import random_set

SUMMARY_SHARE = 0.55
# Samples made of each set's facts.
ANSWERS = 4


@dataclass(frozen=True)
class Sample:
    """One pair, with the facts and the request it was made from; `decisive` are the spans of the advice that say what
    the facts decide."""

    facts: Facts
    request: Request
    prompt: str
    advice: str
    decisive: tuple[tuple[int, int], ...] = ()


def samples(
    seed: int, rules: Sequence[ExerciseRule], left_out: float = 0.0, summary_share: float = SUMMARY_SHARE
) -> Iterator[Sample]:
    """An endless, reproducible stream without held-out combinations and frames; different seeds, different sets.

    Every set gives ANSWERS samples in one language, one after the other. Of sets without a last set to compare with
    the share `left_out` is left out; the share `summary_share` of the samples are summaries, the others answers.
    """
    rng = np.random.default_rng(seed)
    for facts in random_facts(rng, rules):
        if not held_out(facts) and (not left_out or facts.before is not None or rng.random() >= left_out):
            language = _any(rng, tuple(LANGUAGES))
            for request in (random_request(rng, language, summary_share) for _ in range(ANSWERS)):
                yield _sample(facts, request, rng)


def held_out_samples(seed: int, rules: Sequence[ExerciseRule]) -> Iterator[Sample]:
    """An endless, reproducible stream of held-out combinations in held-out frames, one sample a set."""
    rng = np.random.default_rng(seed)
    for facts in random_facts(rng, rules):
        if held_out(facts):
            request = random_request(rng, _any(rng, tuple(LANGUAGES)))
            yield _sample(facts, request, rng, in_held_out_frames=True)


def held_out_facts(seed: int, rules: Sequence[ExerciseRule]) -> Iterator[Facts]:
    """An endless, reproducible stream of held-out combinations."""
    return (facts for facts in random_facts(np.random.default_rng(seed), rules) if held_out(facts))


def random_facts(rng: np.random.Generator, rules: Sequence[ExerciseRule]) -> Iterator[Facts]:
    """The facts of random sets with something measured."""
    while True:
        facts = gather(random_set(rng, rules), rules)
        if facts.evidence:
            yield facts


def random_request(rng: np.random.Generator, language: str, summary_share: float = SUMMARY_SHARE) -> Request:
    """Voices in equal parts, and the topics a workout asks for."""
    others = [topic for topic in TOPICS if topic != SUMMARY]
    topic = SUMMARY if rng.random() < summary_share else _any(rng, others)
    return Request(topic, _any(rng, VOICES), language)


def _sample(facts: Facts, request: Request, rng: np.random.Generator, in_held_out_frames: bool = False) -> Sample:
    written = write_marked(facts, request, rng, in_held_out_frames)
    return Sample(facts, request, build_prompt(facts, request).text, written.text, written.decisive)


def _any(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]
