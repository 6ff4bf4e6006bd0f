"""Compares what a sentence mentions with what is true of the set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.words import Words
from trainer.coach.judge import numbers as kinds
from trainer.coach.judge.lexicon import Lexicon
from trainer.coach.judge.numbers import Number, Pattern, read
from trainer.coach.judge.reader import Read
from trainer.coach.judge.truth import FAULT, SPREAD, Amount, amounts, hot_places

_STOP = re.compile(r"[,;:，；：、.!。！]|\d")

# Behind the whole of which a part follows: "做5下就有3下".
_AMONG = re.compile(r"下(?:就|裡|中|共)")


@dataclass(frozen=True)
class Language:
    """How a language is read: its lexicon, and its patterns for numbers and for what stands around them."""

    lexicon: Lexicon
    numbers: tuple[Pattern, ...]
    exercise: re.Pattern[str]
    right_exercise: re.Pattern[str]
    correct: re.Pattern[str]
    wrong: re.Pattern[str]
    spread: re.Pattern[str]
    rejected: re.Pattern[str]
    faulty: re.Pattern[str]


class Checks:
    """The numbers, claims, joints and parts of the movement of sentences about one set."""

    def __init__(self, facts: Facts, words: Words, language: Language) -> None:
        self._facts, self._language = facts, language
        self._amounts = amounts(facts, words)
        self._places = hot_places(facts)
        self._total = facts.counted or facts.rejected

    def problems(self, sentence: Read) -> Iterator[str]:
        """What is not so in one sentence."""
        yield from sentence.wrong
        yield from self._claims(sentence)
        matched: list[Amount] = []
        for number in read(sentence.text, self._language.numbers):
            if not self._number(number, sentence, matched):
                whole = f" of {number.whole:g}" if number.kind == kinds.PAIR else ""
                yield f"number: {number.kind} {number.value:g}{whole}{number.unit and ' ' + number.unit}"
        yield from self._quantities(sentence)
        yield from self._joints(sentence)
        if not sentence.joints:
            yield from self._phases(sentence, matched)

    def _number(self, number: Number, sentence: Read, matched: list[Amount]) -> bool:
        if number.kind == kinds.REPETITION:
            return number.value in self._repetitions(sentence)
        if number.kind in (kinds.LOW, kinds.HIGH):
            return self._bound(number, sentence)
        if number.kind == kinds.AMOUNT:
            return self._amount(number, sentence, matched)
        last = self._is_last(number, sentence.text)
        if number.kind == kinds.PAIR:
            return (number.value, number.whole) in self._pairs(number, sentence, last)
        return number.value in self._counts(number, sentence, last)

    def _repetitions(self, sentence: Read) -> set[float]:
        rows = [row for row in self._amounts if row.role == FAULT]
        if sentence.faults:
            errors = {self._facts.findings[i].error for i in sentence.faults}
            rows = [row for row in rows if row.error in errors]
        return {float(row.repetition) for row in rows}

    def _named(self, sentence: Read) -> list[Amount]:
        named = {name.lower() for name in sentence.quantities}
        if not named:
            return list(self._amounts)
        return [row for row in self._amounts if named & {name.lower() for name in row.names}]

    def _bound(self, number: Number, sentence: Read) -> bool:
        low = number.kind == kinds.LOW
        return any(row.bound == number.value and row.low == low for row in self._named(sentence))

    def _amount(self, number: Number, sentence: Read, matched: list[Amount]) -> bool:
        if number.unit.strip() in ("percent", "%"):
            return number.value in {round(100 * row.share) for row in self._facts.hottest} and bool(sentence.joints)
        errors = {self._facts.findings[i].error for i in sentence.faults}
        rows = [
            row
            for row in self._named(sentence)
            if row.value == number.value
            and (not number.unit or _same_unit(number.unit, row.unit))
            and (row.role != FAULT or not errors or row.error in errors)
        ]
        spread = bool(self._language.spread.search(sentence.text[: number.start]))
        rows = [row for row in rows if (row.role == SPREAD) == spread]
        fine = self._language.lexicon.fine.search(sentence.text)
        if fine and not sentence.faults:
            rows = [row for row in rows if row.role != FAULT]
        matched += rows
        return bool(rows)

    def _is_last(self, number: Number, text: str) -> bool:
        """Whether a count is one of the last set: by the nearest mark in its own part of the sentence, else by the last
        one before it."""
        cuts = [0, *(m.end() for m in self._language.lexicon.segment.finditer(text)), len(text)]
        start = max(cut for cut in cuts if cut <= number.start)
        end = min(cut for cut in cuts if cut >= number.end)
        marks = [(m.start(), m.end(), m.group() == "⟦L⟧") for m in re.finditer("⟦[LN]⟧", text)]
        near = [mark for mark in marks if start <= mark[0] < end]
        if near:
            return min(near, key=lambda mark: max(mark[0] - number.end, number.start - mark[1]))[2]
        before = [mark for mark in marks if mark[0] < start]
        return before[-1][2] if before else False

    def _pairs(self, number: Number, sentence: Read, last: bool) -> set[tuple[float, float]]:
        facts, part = self._facts, self._part(number, sentence.text)
        if self._language.wrong.search(part):
            return {(facts.counted - facts.correct, facts.counted)} if not last else set()
        correct = bool(self._language.correct.search(part))
        faulty = bool(self._language.faulty.search(part)) and not correct
        if last:
            if facts.before is None:
                return set()
            was = facts.before
            right = {(was.correct, was.counted)} if not faulty else set()
            return right | ({(was.main_count, was.counted)} if not correct and facts.findings else set())
        numbered = {*sentence.faults} or {*range(len(facts.findings))}
        wrong = {(facts.findings[i].count, self._total) for i in numbered} if not correct else set()
        return wrong | ({(facts.correct, facts.counted)} if not faulty else set())

    def _counts(self, number: Number, sentence: Read, last: bool) -> set[int]:
        facts, text = self._facts, sentence.text
        part = self._part(number, text)
        if last:
            was = facts.before
            return {was.correct, was.counted, was.main_count} if was is not None else set()
        if self._language.rejected.search(part):
            return {facts.rejected} | ({facts.counted} if self._language.exercise.search(text[number.end :]) else set())
        if self._language.exercise.search(text[number.end :]):
            right = self._language.right_exercise.search(text[number.end :])
            return {facts.correct} if right else {facts.counted}
        if self._language.wrong.search(part):
            return {facts.counted - facts.correct}
        if self._language.correct.search(part):
            return {facts.correct}
        if fault := re.match(r"(?:下)?⟦F(.)⟧", text[number.end :]):
            return {facts.findings[ord(fault.group(1)) - ord("a")].count}
        if sentence.faults:
            often = {facts.findings[i].count for i in sentence.faults}
            return often | ({self._total} if _AMONG.match(text[number.end :]) else set())
        # Without a word of what was counted a zero says nothing that can be true.
        counts = {facts.counted, facts.correct, facts.rejected, self._total} - {0}
        return counts | {finding.count for finding in facts.findings}

    def _part(self, number: Number, text: str) -> str:
        """The part of the sentence around a number, up to other numbers and marks of punctuation."""
        before = re.split(_STOP, text[: number.start])[-1]
        after = re.split(_STOP, text[number.end :], maxsplit=1)[0]
        return before + after if before.strip() or after.strip() else text

    def _quantities(self, sentence: Read) -> Iterator[str]:
        known = {name.lower() for row in self._amounts for name in row.names}
        for name in sentence.quantities:
            if name.lower() not in known:
                yield f"quantity: {name}"

    def _joints(self, sentence: Read) -> Iterator[str]:
        hot = {joint for joint, _ in self._places}
        sides = {joint.split("_")[0] for joint in hot}
        for place, joint in enumerate(sentence.joints):
            if joint.split("_", 1)[1] in ("side", "側", "邊"):
                if {joint.split("_")[0]} != sides:
                    yield f"side: {joint}"
            elif not any(known == joint or known.startswith(f"{joint}_") for known in hot):
                yield f"joint: {joint}"
            elif len(sentence.joints) == len(sentence.phases) and (joint, sentence.phases[place]) not in self._places:
                yield f"phase: {joint} {sentence.phases[place]}"
            elif len(sentence.phases) == 1 and (joint, sentence.phases[0]) not in self._places:
                yield f"phase: {joint} {sentence.phases[0]}"

    def _phases(self, sentence: Read, matched: list[Amount]) -> Iterator[str]:
        if not sentence.phases:
            return
        allowed = {row.phase for row in matched if row.phase}
        if not allowed and sentence.faults:
            errors = {self._facts.findings[i].error for i in sentence.faults}
            allowed = {row.phase for row in self._amounts if row.error in errors}
        elif not allowed:
            allowed = {row.phase for row in self._named(sentence)} | {phase for _, phase in self._places}
        for phase in sentence.phases:
            if phase not in allowed:
                yield f"phase: {phase}"

    def _claims(self, sentence: Read) -> Iterator[str]:
        for name, pattern in self._language.lexicon.claims:
            if pattern.search(sentence.text) and not self._holds(name, sentence):
                yield f"claim: {name}"
        denied = any(name == "no last" and p.search(sentence.text) for name, p in self._language.lexicon.claims)
        if "⟦L⟧" in sentence.text and self._facts.before is None and not denied:
            yield "claim: a last set"

    def _holds(self, claim: str, sentence: Read) -> bool:
        facts, steady, before = self._facts, self._facts.steadiness, self._facts.before
        if claim in ("better", "same", "worse"):
            if "⟦L⟧" not in sentence.text and claim == "same":
                return True
            return before is not None and facts.judged and before.trend == claim
        truth = {
            "all": facts.counted > 0 and facts.correct == facts.counted,
            "none": facts.correct == 0 and facts.judged,
            "some wrong": facts.correct < facts.counted or facts.counted == 0,
            "nothing": facts.counted == 0,
            "open": not facts.judged or facts.counted == 0,
            "no fault": not facts.findings,
            "steady": steady is not None and steady.steady,
            "uneven": steady is not None and not steady.steady,
            "no last": before is None or not facts.judged,
        }
        return truth[claim]


def _same_unit(said: str, wanted: str) -> bool:
    said = said.strip().lower().rstrip("s")
    return said == wanted.lower().rstrip("s") or (said == "°" and wanted in ("degrees", "度"))
