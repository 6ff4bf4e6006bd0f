"""The coach: facts -> prompt -> language model -> guard (two tries) -> phrasebook."""

from __future__ import annotations

import threading
import zlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from fias_desktop.coach import guard, phrasebook
from fias_desktop.coach.evidence import Facts, gather
from fias_desktop.coach.llm.language_model import LanguageModelProtocol, OnText, Reply
from fias_desktop.coach.llm.number_grammar import number_grammar
from fias_desktop.coach.prompt import Prompt, build_prompt, numbers
from fias_desktop.coach.questions import HEALTH, OTHER, topic_of
from fias_desktop.coach.request import Request
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ExerciseRule
from fias_desktop.domain.types import Advice, ExerciseSet

SOURCE = "language model"
# So many earlier answers are not to be worded alike.
REMEMBERED = 10
# The second try is freer.
SECOND_TRY_HOTTER = 0.4
_SENTENCE_MARKS = ".!?。！？"


@dataclass(frozen=True)
class Attempt:
    """One answer of the model with the guard's objections (none: it was accepted)."""

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

    def __init__(
        self, model: LanguageModelProtocol | None, rules: Sequence[ExerciseRule] = (), temperature: float = 0.4
    ) -> None:
        self._model = model
        self._rules = tuple(rules)
        self._temperature = temperature
        self._cancelled = threading.Event()
        self._said: deque[str] = deque(maxlen=REMEMBERED)
        self.last: Consultation | None = None

    def prompt(self, finished: ExerciseSet, request: Request | None = None) -> str:
        """What the model is told about a set, as a person may read it."""
        return self._shown(build_prompt(gather(finished, self._rules), request))

    def advise(
        self, finished: ExerciseSet, on_text: OnText, time_s: float | None = None, request: Request | None = None
    ) -> Advice | None:
        """Advice on a set; None when nothing was measured in it (no advice without a measurement).

        `on_text` gets the text so far while the model writes, sentence by sentence and only as far as it holds, and the
        final text at the end. A cancelled request ends with the phrasebook's sentences. `last` tells the prompt, the
        answers and the objections afterwards.
        """
        self._cancelled.clear()
        facts = gather(finished, self._rules)
        if not facts.evidence:
            self.last = None
            return None
        when = finished.end_s if time_s is None else time_s
        self.last = self._consult(facts, request or Request(), on_text, when)
        self._said.append(self.last.advice.text)
        on_text(self.last.advice.text)
        return self.last.advice

    def answer(self, finished: ExerciseSet, request: Request, on_text: OnText) -> Advice | None:
        """The answer to `request.question` from the facts of a set alone; questions about health, and those that the
        facts cannot answer, get a fixed sentence. None when nothing was measured."""
        topic = topic_of(request.question)
        facts = gather(finished, self._rules)
        if topic in (HEALTH, OTHER) and facts.evidence:
            self.last = Consultation(phrasebook.declined(topic, facts, request, finished.end_s), "")
            on_text(self.last.advice.text)
            return self.last.advice
        asked = Request(topic, request.voice, request.language, request.question)
        return self.advise(finished, on_text, request=asked)

    def cancel(self) -> None:
        """Stop the model's answer at once."""
        self._cancelled.set()
        if self._model is not None:
            self._model.cancel()

    def _shown(self, prompt: Prompt) -> str:
        return prompt.shown(self._model.bundled) if self._model is not None else ""

    def _consult(self, facts: Facts, request: Request, on_text: OnText, time_s: float) -> Consultation:
        fallback = phrasebook.phrase(facts, request, time_s)
        if self._model is None:
            return Consultation(fallback, "")
        prompt = build_prompt(facts, request)
        attempts: list[Attempt] = []
        for number in range(2):
            try:
                reply = self._ask(self._model, prompt, _held(on_text, facts, request), number)
            except FiasError as problem:
                return Consultation(fallback, self._shown(prompt), tuple(attempts), problem)
            if reply.cancelled or self._cancelled.is_set():
                return Consultation(fallback, self._shown(prompt), tuple(attempts), cancelled=True)
            attempts.append(Attempt(reply, guard.check(reply.text, facts, request)))
            if not attempts[-1].objections:
                advice = _advice(reply.text, facts, request, time_s)
                return Consultation(advice, self._shown(prompt), tuple(attempts))
        return Consultation(fallback, self._shown(prompt), tuple(attempts))

    def _ask(self, model: LanguageModelProtocol, prompt: Prompt, on_text: OnText, attempt: int) -> Reply:
        temperature = self._temperature + (SECOND_TRY_HOTTER if attempt else 0.0)
        # Whatever it writes, of numbers only those it was told.
        grammar = number_grammar(numbers(prompt))
        seed = _seed(prompt, attempt)
        return model.ask(prompt, on_text, temperature=temperature, seed=seed, grammar=grammar, said=tuple(self._said))


def _held(on_text: OnText, facts: Facts, request: Request) -> OnText:
    """Passes on what holds of a text that grows, whenever another sentence may have ended."""
    ends, shown = 0, ""

    def take(text: str) -> None:
        nonlocal ends, shown
        if (now := sum(text.count(mark) for mark in _SENTENCE_MARKS)) == ends:
            return
        ends, holds = now, guard.so_far(text, facts, request)
        if len(holds) > len(shown):
            shown = holds
            on_text(holds)

    return take


def _advice(text: str, facts: Facts, request: Request, time_s: float) -> Advice:
    code, severity = phrasebook.code_of(facts), phrasebook.severity_of(facts)
    links = guard.links(text, facts, request)
    return Advice(code, severity, text, facts.evidence, SOURCE, time_s, links)


def _seed(prompt: Prompt, attempt: int) -> int:
    """The same set after the same answers gets the same words, the second try others."""
    return (zlib.crc32(prompt.text.encode()) + 7919 * attempt) % 2**31
