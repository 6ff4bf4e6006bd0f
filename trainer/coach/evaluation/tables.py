"""The tables of docs/results about the coach."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from fias_desktop.coach.languages import LANGUAGES
from trainer.coach.evaluation.cases import QUESTIONS
from trainer.coach.evaluation.figures import Figures, Texts, Variety, figures_of, share, variety_of
from trainer.coach.evaluation.planting import GRAMMAR, PHRASEBOOK, Planted, shares
from trainer.coach.evaluation.telling import Told
from trainer.coach.planted import KINDS
from trainer.tables.report import Cell, Report

_WHO = ("model, unguarded", "as shown (guard, two tries, phrasebook)", "phrasebook alone")
_COLUMNS = (
    "language", "who", "texts", "faithful, %", "main error named, %", "by the phrasebook, %", "verbatim in training, %",
    "free of jargon, %", "right language alone, %", "reading grade", "length", "first words, ms", "whole, s",
    "whole, 95th percentile, s",
)  # fmt: skip
_NAMES = {"en": "English", "zh_TW": "Chinese"}
_READ = (
    "Faithful: the second checker (trainer/coach/judge) finds nothing that the facts do not hold. In brackets 95 %"
    " Wilson intervals."
)


def of_language(told: Sequence[Told], language: str) -> list[Told]:
    """Those in one language."""
    return [row for row in told if row.case.request.language == language]


def summary_table(
    name: str, title: str, command: str, told: Sequence[Told], trained: Texts, notes: Sequence[str]
) -> Report:
    """Summaries: the model alone, what is shown, and the phrasebook."""
    rows = [row for language in LANGUAGES for row in _rows(of_language(told, language), trained)]
    return Report(name, title, command, (_READ, *notes), _COLUMNS, tuple(rows))


def _rows(told: Sequence[Told], trained: Texts) -> list[tuple[Cell, ...]]:
    cases = [row.case for row in told]
    texts = ([row.first for row in told], [row.shown for row in told], [row.phrasebook for row in told])
    first, shown, book = (figures_of(some, cases, trained) for some in texts)
    fallback = str(share(not row.by_model for row in told))
    first_ms = 1000 * float(np.nanmedian([row.first_words_s for row in told]))
    whole = [row.whole_s for row in told]
    times: tuple[Cell, ...] = (first_ms, float(np.median(whole)), float(np.percentile(whole, 95)))
    return [
        _row(_WHO[0], cases[0].request.language, first, "", (None, None, None)),
        _row(_WHO[1], cases[0].request.language, shown, fallback, times),
        _row(_WHO[2], cases[0].request.language, book, "", (None, None, None)),
    ]


def _row(who: str, language: str, f: Figures, fallback: str, times: tuple[Cell, ...]) -> tuple[Cell, ...]:
    shares = (str(f.faithful), str(f.main_named), fallback, str(f.verbatim), str(f.plain), str(f.pure))
    return (_NAMES[language], who, f.faithful.n, *shares, f.grade, f.length, *times)


def question_table(name: str, title: str, command: str, told: Sequence[Told], notes: Sequence[str]) -> Report:
    """Answers to questions, by topic."""
    columns = ("language", "topic", "texts", "faithful unguarded, %", "faithful as shown, %", "by the phrasebook, %",
               "phrasebook alone faithful, %")  # fmt: skip
    rows = []
    for language in LANGUAGES:
        for topic in (*QUESTIONS, "all"):
            some = [row for row in of_language(told, language) if topic in ("all", row.case.request.topic)]
            if some:
                rows.append((_NAMES[language], topic, *_answers(some)))
    return Report(name, title, command, (_READ, *notes), columns, tuple(rows))


def _answers(told: Sequence[Told]) -> tuple[Cell, ...]:
    cases, nothing = [row.case for row in told], Texts()
    first = figures_of([row.first for row in told], cases, nothing)
    shown = figures_of([row.shown for row in told], cases, nothing)
    book = figures_of([row.phrasebook for row in told], cases, nothing)
    fallback = share(not row.by_model for row in told)
    return len(told), str(first.faithful), str(shown.faithful), str(fallback), str(book.faithful)


def variety_table(
    name: str, title: str, command: str, groups: Sequence[Sequence[Told]], notes: Sequence[str]
) -> Report:
    """Ten sets of the same error, for several errors."""
    columns = ("language", "who", "errors", "distinct-2, mean", "distinct-2, lowest", "sentences said before, %")
    rows: list[tuple[Cell, ...]] = []
    for language in LANGUAGES:
        own = [group for group in groups if group[0].case.request.language == language]
        for who, texts in (
            (_WHO[1], [[row.shown for row in group] for group in own]),
            (_WHO[2], [[row.phrasebook for row in group] for group in own]),
        ):
            rows.append((_NAMES[language], who, *_varied([variety_of(some, language) for some in texts])))
    return Report(name, title, command, tuple(notes), columns, tuple(rows))


def _varied(found: Sequence[Variety]) -> tuple[Cell, ...]:
    distinct = [row.distinct for row in found]
    said = 100 * float(np.mean([row.repeated for row in found]))
    return len(found), float(np.mean(distinct)), float(min(distinct)), said


def objection_table(name: str, title: str, command: str, told: Sequence[Told]) -> Report:
    """Why the guard refused answers, and what the judge found in the model's first answers."""
    rows: list[tuple[Cell, ...]] = []
    for language in LANGUAGES:
        own = of_language(told, language)
        if not own:
            continue
        tries = [tried for row in own for tried in row.objections]
        refused = Counter(_kind(reason) for tried in tries for reason in {*map(_kind, tried)})
        rows += [(_NAMES[language], "guard", reason, n, 100 * n / len(tries)) for reason, n in refused.most_common(12)]
        found = figures_of([row.first for row in own], [row.case for row in own], Texts()).problems
        read = Counter(kind for problems in found for kind in {_kind(problem) for problem in problems})
        rows += [(_NAMES[language], "judge", kind, n, 100 * n / len(own)) for kind, n in read.most_common(12)]
    columns = ("language", "checker", "reason", "answers", "% of the answers")
    note = "The guard: of all answers, second tries too. The judge: of first answers."
    return Report(name, title, command, (note,), columns, tuple(rows))


def _kind(reason: str) -> str:
    """The reason without what it is about."""
    return re.sub(r"\d+(?:\.\d+)?", "N", reason.split(":")[0])


def planted_table(name: str, title: str, command: str, planted: Sequence[Planted], true: Sequence[Planted]) -> Report:
    """Texts with a planted error, by kind, and true ones."""
    columns = ("language", "text", "texts", "stopped by the guard, %", "found by the judge, %",
               "found by the judge without whole sentences, %")  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for language in LANGUAGES:
        own = [row for row in planted if row.language == language]
        for kind in (*KINDS, "any of these"):
            some = [row for row in own if kind in (row.kind, "any of these")]
            rows.append((_NAMES[language], f"planted: {kind}", len(some), *map(str, shares(some))))
    for language in LANGUAGES:
        for source in (GRAMMAR, PHRASEBOOK):
            some = [row for row in true if row.language == language and row.source == source]
            rows.append((_NAMES[language], f"true: {source}", len(some), *map(str, shares(some))))
    notes = (
        "Planted texts: half of the grammar's held-out frames, half of the phrasebook; only those that the guard lets"
        " through before anything is planted. On true texts what is stopped or found is a false alarm.",
        "The judge looks whole sentences up among all that the grammar can say of the facts and reads the others"
        " mention by mention; the last column is that reading alone.",
    )
    return Report(name, title, command, notes, columns, tuple(rows))
