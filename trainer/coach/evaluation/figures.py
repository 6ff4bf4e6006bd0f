"""Figures of texts: faithfulness, the main error, wording, and how much they repeat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from fias_desktop.coach.languages import words_of
from fias_desktop.domain.exercises import ExerciseRule
from trainer.coach.corpus import samples
from trainer.coach.evaluation.cases import Case
from trainer.coach.judge import Verdict, judge, lexicon_of, sentences_of
from trainer.coach.readability import distinct_2, grade
from trainer.tables.report import share_interval

Texts = frozenset[str]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Share:
    """Hits of n, in percent with a Wilson interval of 95 %."""

    hits: int
    n: int

    @property
    def percent(self) -> float:
        """100 hits / n; NaN when n is 0."""
        return 100 * share_interval(self.hits, self.n)[0]

    def __str__(self) -> str:
        if not self.n:
            return ""
        share, low, high = (100 * value for value in share_interval(self.hits, self.n))
        return f"{share:.1f} ({low:.1f} to {high:.1f})"


def share(hits: Iterable[bool]) -> Share:
    """The share of True."""
    rows = list(hits)
    return Share(sum(rows), len(rows))


@dataclass(frozen=True)
class Figures:
    """Of texts in one language: faithful, main error named (of the sets that have one), free of jargon, in the right
    language alone, verbatim among the training texts; mean reading grade (English) and median length (English words,
    Chinese characters). `problems` are what the judge found, text by text."""

    faithful: Share
    main_named: Share
    plain: Share
    pure: Share
    verbatim: Share
    grade: float | None
    length: float
    problems: tuple[tuple[str, ...], ...]


def figures_of(texts: Sequence[str], cases: Sequence[Case], trained: Texts) -> Figures:
    """The figures of texts, one for each case, all in one language."""
    language = cases[0].request.language
    verdicts = [judge(text, case.facts, case.request) for text, case in zip(texts, cases, strict=True)]
    with_error = [v.names_main for v, case in zip(verdicts, cases, strict=True) if case.facts.findings]
    lexicon = lexicon_of(language)
    return Figures(
        faithful=share(verdict.faithful for verdict in verdicts),
        main_named=share(with_error),
        plain=share(lexicon.jargon.search(text) is None for text in texts),
        pure=share(not _impure(verdict) for verdict in verdicts),
        verbatim=share(text in trained for text in texts) if trained else Share(0, 0),
        grade=reading_grade(texts) if words_of(language).language == "en" else None,
        length=float(np.median([length_of(text, language) for text in texts])),
        problems=tuple(verdict.problems for verdict in verdicts),
    )


def reading_grade(texts: Sequence[str]) -> float:
    """The mean Flesch-Kincaid grade of the texts that hold words."""
    return float(np.mean([grade(text) for text in texts if re.search("[A-Za-z]", text)] or [np.nan]))


def length_of(text: str, language: str) -> int:
    """English words or Chinese characters."""
    return len(text.split()) if language == "en" else len(text)


def _impure(verdict: Verdict) -> bool:
    return any(problem.startswith("language") for problem in verdict.problems)


def training_texts(count: int, seed: int, rules: Sequence[ExerciseRule]) -> Texts:
    """The first texts that a recipe with this seed trains on."""
    return frozenset(sample.advice for sample in islice(samples(seed, rules), count))


@dataclass(frozen=True)
class Variety:
    """Of ten texts about ten sets with the same error: different pairs of neighbours among all (words, or Chinese
    characters), and the share of sentences that were said before, whatever their numbers."""

    distinct: float
    repeated: float


def variety_of(texts: Sequence[str], language: str) -> Variety:
    """How different the texts are that one athlete hears one after the other; without any pair distinct-2 is 0."""
    try:
        distinct = distinct_2(texts, language)
    except ValueError:
        distinct = 0.0
    said = [_NUMBER.sub("0", sentence) for text in texts for sentence in sentences_of(text, language)]
    return Variety(distinct, 1 - len(set(said)) / len(said) if said else 1.0)
