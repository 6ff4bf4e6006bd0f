"""Advice from fixed sentences: what speaks when no language model is there, or when its answer did not hold."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from fias_desktop.coach.evidence import Facts, Finding
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.phrasebook.chinese import CHINESE
from fias_desktop.coach.phrasebook.english import ENGLISH
from fias_desktop.coach.phrasebook.phrases import Phrases, Wordings
from fias_desktop.coach.prompt import build_prompt, place
from fias_desktop.coach.request import BRIEF, COUNT, ENERGETIC, FIRST, GOOD, PROGRESS, WHY, Request
from fias_desktop.coach.words import PRAISE_CODE, UNKNOWN_CODE
from fias_desktop.domain.types import Advice

SOURCE = "phrasebook"
_PHRASES: dict[str, Phrases] = {"en": ENGLISH, "zh_TW": CHINESE}


def phrase(facts: Facts, request: Request | None = None, time_s: float = 0.0) -> Advice:
    """A few sentences about the set; ValueError when nothing was measured (no advice without evidence)."""
    wanted = request or Request()
    told = sentences(facts, wanted)
    text = _PHRASES[words_of(wanted.language).language].space.join(told)
    return Advice(code_of(facts), severity_of(facts), text, facts.evidence, SOURCE, time_s)


def declined(why: str, facts: Facts, request: Request, time_s: float = 0.0) -> Advice:
    """The answer to a question that is not the coach's: `why` is `health` or `other`."""
    phrases = _PHRASES[words_of(request.language).language]
    text = (phrases.health if why == "health" else phrases.other)[0]
    return Advice(UNKNOWN_CODE, 0, text, facts.evidence, SOURCE, time_s)


def code_of(facts: Facts) -> str:
    """The code of the heaviest error, `correct`, or `unknown` where the form was not judged."""
    if facts.findings:
        return facts.findings[0].error
    return PRAISE_CODE if facts.correct else UNKNOWN_CODE


def severity_of(facts: Facts) -> int:
    """The heaviest error's severity; 0 for praise."""
    return facts.findings[0].severity if facts.findings else 0


def sentences(facts: Facts, request: Request) -> list[str]:
    """The advice, sentence by sentence."""
    book = _Book(facts, request)
    told = {WHY: book.why, FIRST: book.first, GOOD: book.good, PROGRESS: book.progress, COUNT: book.count}
    return told.get(request.topic, book.summary)()


class _Book:
    """The sentences about one set. Which of several wordings is taken depends on the facts alone, so that the same set
    gets the same words and the next one others."""

    def __init__(self, facts: Facts, request: Request) -> None:
        self._facts, self._request = facts, request
        self._words = words_of(request.language)
        self._phrases = _PHRASES[self._words.language]
        self._seed = zlib.crc32(build_prompt(facts, request).text.encode())
        self._total = facts.counted or facts.rejected

    def summary(self) -> list[str]:
        """The set as a whole, what was found or good, what to do next, the last set."""
        brief, main = self._request.voice == BRIEF, self._main
        told = [*self._measured(), self._keep()] if main is None else [self._fault(main), self._next(main)]
        if brief:
            return told if len(told) > 1 else [self._opening(), *told]
        if len(told) > 2 and self._facts.before is not None and main is None:
            told.pop(0)
        told = [self._opening(), *told]
        return told + (self._before() if self._facts.before is not None and len(told) < 4 else [])

    def why(self) -> list[str]:
        """The main error with its measurement, how often, and where it showed."""
        if self._main is None:
            return self._measured() or [self._opening()]
        often = [self._finding(self._phrases.often, self._main)] if self._main.worst is not None else []
        return [self._fault(self._main), *(often or self._heat())]

    def first(self) -> list[str]:
        """The main error and what to do about it."""
        if self._main is None:
            return [self._opening(), self._keep()]
        return [self._finding(self._phrases.fault_seen, self._main), self._next(self._main)]

    def good(self) -> list[str]:
        """What went well."""
        told = [self._opening()] if self._facts.correct else []
        told += self._measured() if self._facts.correct or self._facts.good is not None else []
        steady = self._facts.steadiness
        told += self._steadiness() if steady is not None and steady.steady else []
        return told[:3] or [self._say(self._phrases.nothing_good)]

    def progress(self) -> list[str]:
        """This set against the last one."""
        if self._facts.before is None:
            many = self._words.exercise(self._facts.exercise, 2)
            return [self._say(self._phrases.nothing_before, {"many": many})]
        return self._before() + self._main_before()

    def count(self) -> list[str]:
        """How many, and how steady."""
        missed = self._facts.rejected
        more = [self._say(self._phrases.not_counted, {"r": missed})] if missed and self._facts.counted else []
        return [self._opening(), *more, *self._steadiness()]

    @property
    def _main(self) -> Finding | None:
        return self._facts.findings[0] if self._facts.findings else None

    def _say(self, wordings: Wordings, filled: Mapping[str, str | int] | None = None, lively: bool = False) -> str:
        """One of the wordings, filled in; `lively` ones end with an exclamation mark in the energetic voice."""
        chosen = wordings[zlib.crc32(wordings[0].encode(), self._seed) % len(wordings)].format_map(filled or {})
        text = chosen[0].upper() + chosen[1:]
        cheered = lively and self._request.voice == ENERGETIC and text.endswith(self._phrases.stop)
        return text[: -len(self._phrases.stop)] + self._phrases.cheer if cheered else text

    def _opening(self) -> str:
        facts, phrases = self._facts, self._phrases
        name, one = self._words.exercise(facts.exercise, facts.counted), self._words.exercise(facts.exercise)
        wordings = phrases.some_correct
        if facts.counted == 0:
            wordings = phrases.nothing_counted
        elif not facts.judged:
            wordings = phrases.not_judged
        elif facts.correct == facts.counted:
            wordings = phrases.all_correct if facts.counted > 1 else phrases.one_correct
        elif facts.correct == 0:
            wordings = phrases.none_correct
        return self._say(
            wordings, {"n": facts.counted, "c": facts.correct, "name": name, "one": one}, facts.correct > 0
        )

    def _fault(self, finding: Finding) -> str:
        phrases = self._phrases
        return self._finding(phrases.fault_seen if finding.worst is None else phrases.fault, finding)

    def _finding(self, wordings: Wordings, finding: Finding) -> str:
        said = self._words.error(self._facts.exercise, finding.error).said
        filled = place(finding.worst, self._words) if finding.worst else {}
        rep = finding.worst.repetition if finding.worst else 0
        return self._say(wordings, {"said": said, "k": finding.count, "n": self._total, "rep": rep, **filled})

    def _next(self, finding: Finding) -> str:
        tip = self._words.error(self._facts.exercise, finding.error).tip
        return self._say(self._phrases.next_step, {"tip": tip}, lively=True)

    def _measured(self) -> list[str]:
        if self._facts.good is None:
            return []
        wordings = self._phrases.good if self._facts.correct else self._phrases.measured
        return [self._say(wordings, place(self._facts.good, self._words))]

    def _keep(self) -> str:
        phrases = self._phrases
        if self._facts.counted == 0:
            return self._say(phrases.full_movement)
        return self._say(phrases.keep if self._facts.correct else phrases.stay_in_picture, lively=True)

    def _before(self) -> list[str]:
        last = self._facts.before
        if last is None:
            return []
        wordings = self._phrases.before[last.trend]
        counts = {"bc": last.correct, "bn": last.counted, "c": self._facts.correct, "n": self._facts.counted}
        return [self._say(wordings, counts, lively=last.trend == "better")]

    def _main_before(self) -> list[str]:
        last, main = self._facts.before, self._main
        if last is None or main is None:
            return []
        counts = {"bk": last.main_count, "bn": last.counted, "k": main.count, "n": self._total}
        return [self._say(self._phrases.main_before, counts)]

    def _heat(self) -> list[str]:
        if not self._facts.hottest:
            return []
        joint = self._words.joint(self._facts.hottest[0].joint)
        where = self._words.phases[self._facts.hottest_phase]
        return [self._say(self._phrases.stood_out, {"joint": joint, "where": where})]

    def _steadiness(self) -> list[str]:
        row = self._facts.steadiness
        if row is None:
            return []
        wordings = self._phrases.steady if row.steady else self._phrases.uneven
        spread = self._words.valued(row.spread, row.quantity, row.unit)
        quantity = self._words.quantity(row.quantity)
        return [self._say(wordings, {"quantity": quantity, "spread": spread})]
