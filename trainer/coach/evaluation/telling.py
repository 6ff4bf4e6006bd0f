"""What the coach says about cases: through the very path that serves the person."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fias_desktop.coach.coach import SOURCE, Coach, Consultation
from fias_desktop.coach.llm.language_model import LanguageModel
from fias_desktop.coach.llm.options import Options
from fias_desktop.coach.phrasebook import phrase
from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import exercise_rules
from trainer.coach.evaluation.cases import Case

_LOAD_LIMIT_S = 120.0
MAX_FAILURES = 3


@dataclass(frozen=True)
class Told:
    """The model's first answer and what was shown in the end, with the guard's objections to each answer and the times
    that the person waits (`first_words_s` of the first answer, `whole_s` until the advice is there)."""

    case: Case
    first: str
    shown: str
    by_model: bool
    objections: tuple[tuple[str, ...], ...]
    first_words_s: float
    whole_s: float

    @property
    def phrasebook(self) -> str:
        """What the phrasebook says of the case."""
        return phrase(self.case.facts, self.case.request).text


def tell(coach: Coach, cases: Iterable[Case]) -> Iterator[Told]:
    """Ask about every case. An answer that failed counts as no text; the third failure in a row is raised."""
    failures = 0
    for case in cases:
        started = time.perf_counter()
        coach.advise(case.finished, lambda _: None, request=case.request)
        taken_s = time.perf_counter() - started
        told = coach.last
        assert told is not None
        failures = failures + 1 if told.problem is not None else 0
        if told.problem is not None and failures == MAX_FAILURES:
            raise told.problem
        yield _told(case, told, taken_s)


def _told(case: Case, told: Consultation, taken_s: float) -> Told:
    objections = tuple(attempt.objections for attempt in told.attempts)
    if told.problem is not None:
        objections += (("the model failed",),)
    first = told.attempts[0].reply if told.attempts else None
    text, first_words_s = (first.text, first.first_words_s) if first is not None else ("", float("nan"))
    return Told(case, text, told.advice.text, told.advice.source == SOURCE, objections, first_words_s, taken_s)


@contextmanager
def served(path: Path, threads: int = 1) -> Iterator[Coach]:
    """A coach with a GGUF file, loaded; FiasError when it cannot be."""
    model = LanguageModel(path, Options(threads=threads))
    try:
        model.start()
        until = time.monotonic() + _LOAD_LIMIT_S
        while not model.ready:
            if time.monotonic() > until:
                raise FiasError(f"{path} did not load within {_LOAD_LIMIT_S:.0f} s.", "Choose another model.")
            time.sleep(0.01)
        yield Coach(model, exercise_rules())
    finally:
        model.close()
