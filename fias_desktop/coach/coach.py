"""The coach: facts -> prompt -> language model -> checker (two tries) -> phrasebook."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from fias_desktop.coach import phrasebook
from fias_desktop.coach.evidence import Facts, gather
from fias_desktop.coach.guard import check
from fias_desktop.coach.language_model import LanguageModelProtocol, OnText, Reply
from fias_desktop.coach.prompt import Prompt, build_prompt
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ExerciseRule
from fias_desktop.domain.types import Advice, ExerciseSet

SOURCE = "language model"
TEMPERATURES = (0.4, 0.8)


@dataclass(frozen=True)
class Attempt:
    """One answer of the model with the checker's objections (none: it was accepted)."""

    reply: Reply
    objections: tuple[str, ...]


@dataclass(frozen=True)
class Consultation:
    """Everything about one piece of advice: what the model was told, what it answered, why that was not taken.

    `prompt` is empty when no model was asked; `problem` is the failure that the model had, if any."""

    advice: Advice
    prompt: str
    attempts: tuple[Attempt, ...] = ()
    problem: FiasError | None = None
    cancelled: bool = False


class Coach:
    """Advises on finished sets. One request at a time; `cancel` may come from any thread."""

    def __init__(self, model: LanguageModelProtocol | None, rules: Sequence[ExerciseRule] = ()) -> None:
        self._model = model
        self._rules = tuple(rules)
        self._cancelled = threading.Event()
        self.last: Consultation | None = None

    def prompt(self, finished: ExerciseSet) -> str:
        """What the model is told about a set, as a person may read it."""
        return self._shown(build_prompt(gather(finished, self._rules)))

    def advise(self, finished: ExerciseSet, on_text: OnText, time_s: float | None = None) -> Advice | None:
        """Advice on a set; None when nothing was measured in it (no advice without a measurement).

        `on_text` gets the whole text so far while the model writes, and the final text at the end. A cancelled request
        ends with the phrasebook's sentences. `last` tells the prompt, the answers and the objections afterwards.
        """
        self._cancelled.clear()
        facts = gather(finished, self._rules)
        if not facts.evidence:
            self.last = None
            return None
        self.last = self._consult(facts, on_text, finished.end_s if time_s is None else time_s)
        on_text(self.last.advice.text)
        return self.last.advice

    def cancel(self) -> None:
        """Stop the model's answer at once."""
        self._cancelled.set()
        if self._model is not None:
            self._model.cancel()

    def _shown(self, prompt: Prompt) -> str:
        return prompt.shown(self._model.bundled) if self._model is not None else ""

    def _consult(self, facts: Facts, on_text: OnText, time_s: float) -> Consultation:
        fallback = phrasebook.phrase(facts, time_s)
        if self._model is None:
            return Consultation(fallback, "")
        prompt = build_prompt(facts)
        attempts: list[Attempt] = []
        for number, temperature in enumerate(TEMPERATURES):
            try:
                reply = self._model.ask(prompt, on_text, temperature=temperature, seed=_seed(prompt, number))
            except FiasError as problem:
                return Consultation(fallback, self._shown(prompt), tuple(attempts), problem)
            if reply.cancelled or self._cancelled.is_set():
                return Consultation(fallback, self._shown(prompt), tuple(attempts), cancelled=True)
            attempts.append(Attempt(reply, check(reply.text, facts)))
            if not attempts[-1].objections:
                code, severity = phrasebook.code_of(facts), phrasebook.severity_of(facts)
                advice = Advice(code, severity, reply.text, facts.evidence, SOURCE, time_s)
                return Consultation(advice, self._shown(prompt), tuple(attempts))
        return Consultation(fallback, self._shown(prompt), tuple(attempts))


def _seed(prompt: Prompt, attempt: int) -> int:
    """The same set gets the same words, the second try others."""
    return (zlib.crc32(prompt.text.encode()) + 7919 * attempt) % 2**31
