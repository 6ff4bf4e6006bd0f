"""How good a model is, in few figures for its card: summaries of held-out sets through the path that serves the person.

`python -m trainer coach-eval` makes the whole tables; this is its short form after an export.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track

from fias_desktop.coach.languages import LANGUAGES
from fias_desktop.resources import exercise_rules
from trainer.coach.evaluation.cases import summaries
from trainer.coach.evaluation.figures import Figures, Texts, figures_of
from trainer.coach.evaluation.tables import of_language
from trainer.coach.evaluation.telling import Told, served, tell


@dataclass(frozen=True)
class CoachFigures:
    """What was measured on `sets` held-out sets in both languages. Shares are 0..1, times as the window sees them with
    the model loaded; `faithful` by the second checker, before the guard and as shown; `fallback`: by the phrasebook."""

    sets: int
    faithful: dict[str, float]
    faithful_shown: float
    main_named: float
    fallback: float
    grade: float
    first_words_ms: float
    whole_median_s: float
    whole_p95_s: float

    def rows(self) -> dict[str, float]:
        """Name and value of every number, for tables and the card."""
        return {
            "sets": self.sets,
            **{f"faithful_unguarded_{language}": round(value, 3) for language, value in self.faithful.items()},
            "faithful_as_shown": round(self.faithful_shown, 3),
            "main_error_named": round(self.main_named, 3),
            "by_the_phrasebook": round(self.fallback, 3),
            "reading_grade_english": round(self.grade, 1),
            "first_words_ms_median": round(self.first_words_ms, 1),
            "whole_advice_s_median": round(self.whole_median_s, 3),
            "whole_advice_s_p95": round(self.whole_p95_s, 3),
        }


def measure(path: Path, sets: int, threads: int = 1) -> CoachFigures:
    """Let a GGUF file speak about `sets` held-out sets; FiasError when it cannot be loaded."""
    with served(path, threads) as coach:
        return figures(list(tell(coach, track(summaries(sets, exercise_rules()), "Asking"))), sets)


def figures(told: Sequence[Told], sets: int) -> CoachFigures:
    """The figures of what was told, in both languages."""
    by_language = {language: of_language(told, language) for language in LANGUAGES}
    first = {lang: _of([r.first for r in rows], rows) for lang, rows in by_language.items()}
    shown = {lang: _of([r.shown for r in rows], rows) for lang, rows in by_language.items()}
    named = [figure.main_named for figure in shown.values()]
    whole = [row.whole_s for row in told]
    grade = first["en"].grade
    return CoachFigures(
        sets=sets,
        faithful={lang: figure.faithful.percent / 100 for lang, figure in first.items()},
        faithful_shown=sum(f.faithful.hits for f in shown.values()) / len(told),
        main_named=sum(s.hits for s in named) / max(sum(s.n for s in named), 1),
        fallback=float(np.mean([not row.by_model for row in told])),
        grade=float("nan") if grade is None else grade,
        first_words_ms=1000 * float(np.nanmedian([row.first_words_s for row in told])),
        whole_median_s=float(np.median(whole)),
        whole_p95_s=float(np.percentile(whole, 95)),
    )


def _of(texts: Sequence[str], told: Sequence[Told]) -> Figures:
    return figures_of(texts, [row.case for row in told], Texts())
