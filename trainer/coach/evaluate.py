"""How good the bundled coach is: held-out sets, through the very child process and checker that serve the person."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from rich.progress import track

from fias_desktop.coach.coach import SOURCE, Coach, Consultation
from fias_desktop.coach.evidence import gather
from fias_desktop.coach.language_model import LanguageModel
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ExerciseRule
from fias_desktop.domain.types import ExerciseSet
from fias_desktop.resources import exercise_rules
from trainer.coach.random_sets import random_set

HELD_OUT_SEED = 77_000_001
_LOAD_LIMIT_S = 30.0


@dataclass(frozen=True)
class CoachFigures:
    """What was measured on `sets` held-out sets. Shares are 0..1, times as the window sees them with the model loaded.

    `first_try` and `two_tries` are the shares of sets whose first answer, or one of both answers, passed the checker;
    the phrasebook spoke for the rest. `whole_*_s` includes a second try. `different` is the share of texts that occur
    once. `objections` are the commonest reasons for refusing an answer.
    """

    sets: int
    first_try: float
    two_tries: float
    first_words_ms: float
    whole_median_s: float
    whole_p95_s: float
    tokens_per_s: float
    words: float
    different: float
    objections: tuple[tuple[str, int], ...]

    def rows(self) -> dict[str, float]:
        """Name and value of every number, for tables and the card."""
        return {
            "sets": self.sets,
            "first_answer_accepted": round(self.first_try, 3),
            "accepted_after_two_tries": round(self.two_tries, 3),
            "first_words_ms_median": round(self.first_words_ms, 1),
            "whole_advice_s_median": round(self.whole_median_s, 3),
            "whole_advice_s_p95": round(self.whole_p95_s, 3),
            "tokens_per_s_median": round(self.tokens_per_s, 1),
            "words_median": self.words,
            "texts_that_occur_once": round(self.different, 3),
        }


def held_out_sets(count: int, rules: Sequence[ExerciseRule], seed: int = HELD_OUT_SEED) -> list[ExerciseSet]:
    """Random sets from a seed that no recipe uses."""
    return list(islice(_sets(rules, seed), count))


def _sets(rules: Sequence[ExerciseRule], seed: int) -> Iterator[ExerciseSet]:
    rng = np.random.default_rng(seed)
    while True:
        finished = random_set(rng, rules)
        if gather(finished, rules).evidence:
            yield finished


def measure(path: Path, sets: int, threads: int = 1, seed: int = HELD_OUT_SEED) -> CoachFigures:
    """Let a GGUF file speak about `sets` held-out sets; FiasError when it cannot be loaded."""
    rules = exercise_rules()
    model = LanguageModel(path, threads)
    try:
        _load(model)
        told = [_consult(Coach(model, rules), one) for one in track(held_out_sets(sets, rules, seed), "Asking")]
    finally:
        model.close()
    return _figures(told)


def _load(model: LanguageModel) -> None:
    model.start()
    until = time.monotonic() + _LOAD_LIMIT_S
    while not model.ready:
        if time.monotonic() > until:
            raise FiasError(f"{model.path} did not load within {_LOAD_LIMIT_S:.0f} s.", "Choose another model.")
        time.sleep(0.01)


def _consult(coach: Coach, finished: ExerciseSet) -> tuple[Consultation, float]:
    started = time.perf_counter()
    coach.advise(finished, lambda _: None)
    taken_s = time.perf_counter() - started
    assert coach.last is not None
    if coach.last.problem is not None:
        raise coach.last.problem
    return coach.last, taken_s


def _figures(told: Sequence[tuple[Consultation, float]]) -> CoachFigures:
    replies = [attempt.reply for row, _ in told for attempt in row.attempts]
    texts = Counter(row.advice.text for row, _ in told)
    reasons = Counter(reason.split(":")[0] for row, _ in told for a in row.attempts for reason in a.objections)
    whole = [taken_s for _, taken_s in told]
    return CoachFigures(
        sets=len(told),
        first_try=float(np.mean([not row.attempts[0].objections for row, _ in told])),
        two_tries=float(np.mean([row.advice.source == SOURCE for row, _ in told])),
        first_words_ms=1000 * float(np.nanmedian([row.attempts[0].reply.first_words_s for row, _ in told])),
        whole_median_s=float(np.median(whole)),
        whole_p95_s=float(np.percentile(whole, 95)),
        tokens_per_s=float(np.nanmedian([r.tokens / max(r.total_s - r.first_words_s, 1e-3) for r in replies])),
        words=float(np.median([len(row.advice.text.split()) for row, _ in told])),
        different=sum(count == 1 for count in texts.values()) / len(told),
        objections=tuple(reasons.most_common(8)),
    )
