"""Checks of counts: how many repetitions, correct ones, rejected ones, and how many had an error."""

from __future__ import annotations

from collections.abc import Iterator

from fias_desktop.coach.guard.known import Known, Sentence
from fias_desktop.coach.guard.lexicon import CORRECT, COUNTED, LAST, NOW, OFTEN, REJECTED, WRONG, Number, Numbers, Pair


def count_objections(found: Numbers, sentence: Sentence, known: Known) -> Iterator[str]:
    """Objections to the counts and the pairs of a sentence."""
    told = any(number.role == COUNTED for number in found.single)
    for number in found.single:
        if number.kind == "count" and number.value not in _allowed(number, told, sentence, known):
            yield f"{number.text} is not {_meaning(number.role)} of this set."
    for pair in found.pairs:
        yield from _pair(pair, sentence, known)


def _meaning(role: str) -> str:
    meanings = {
        COUNTED: "the number of repetitions",
        CORRECT: "the number of correct repetitions",
        WRONG: "the number of wrong repetitions",
        REJECTED: "the number of repetitions that did not count",
        OFTEN: "how often that was seen",
    }
    return meanings.get(role, "a number")


def _allowed(number: Number, told: bool, sentence: Sentence, known: Known) -> set[int]:
    """The counts that a number may be, by what it is said to be. `told`: the sentence tells the number of repetitions
    as well."""
    facts, last = known.facts, known.facts.before if sentence.compares else None
    if number.role in (COUNTED, CORRECT) and not known.lexicon.compared.search(sentence.text):
        last = None
    often = {finding.count for finding in sentence.findings or facts.findings}
    if number.role == COUNTED:
        return {facts.counted or facts.rejected} | ({last.counted} if last else set())
    if number.role == CORRECT:
        return {facts.correct} | ({last.correct} if last else set())
    if number.role == WRONG:
        return {facts.counted - facts.correct} | ({last.counted - last.correct} if last else set())
    if number.role == REJECTED:
        return {facts.rejected}
    if number.role == OFTEN:
        often |= set() if sentence.findings else {facts.counted, facts.correct}
        return often | ({last.main_count} if last else set())
    if sentence.findings and number.when:
        return often if number.when == NOW or last is None else {last.main_count}
    if last is not None:
        last_often = {last.main_count} if facts.findings else set()
        return {facts.counted, facts.correct, known.total, last.counted, last.correct} | last_often | often
    if sentence.findings:
        return often
    if known.lexicon.this_fault.search(sentence.text):
        return often | {known.total, facts.correct}
    return {facts.correct} if told else {facts.counted, facts.correct, facts.rejected} - {0} or {0}


def _pair(pair: Pair, sentence: Sentence, known: Known) -> Iterator[str]:
    if pair.role == WRONG:
        yield from _wrong_pair(pair, sentence, known)
        return
    facts, shown = known.facts, (pair.part, pair.whole)
    correct_now, often_now = (facts.correct, facts.counted), {(f.count, known.total) for f in facts.findings}
    correct_last, often_last = _last_pairs(sentence, known)
    now, last = {correct_now} | often_now, correct_last | often_last
    of_fault = bool(sentence.findings or known.lexicon.this_fault.search(sentence.text))
    if shown not in now | last:
        yield f"{pair.text} is not a number of this set."
    elif (pair.when == LAST and facts.before is not None and shown not in last) or (
        pair.when == NOW and shown not in now
    ):
        yield f"{pair.text} mixes up this set and the last one."
    elif (pair.role == CORRECT or not of_fault) and shown not in _correct_pairs(pair.when, correct_now, correct_last):
        yield f"{pair.text} is not the number of correct repetitions."
    elif pair.role != CORRECT and len(sentence.findings) == 1:
        own = {(sentence.findings[0].count, known.total)} if pair.when != LAST else set()
        if shown not in own | (often_last if pair.when != NOW else set()):
            yield f"{pair.text} is not how often this fault was seen."


def _wrong_pair(pair: Pair, sentence: Sentence, known: Known) -> Iterator[str]:
    facts, last = known.facts, known.facts.before if sentence.compares else None
    right = {(facts.counted - facts.correct, facts.counted)} if pair.when != LAST or last is None else set()
    if last is not None and pair.when != NOW:
        right |= {(last.counted - last.correct, last.counted)}
    if (pair.part, pair.whole) not in right:
        yield f"{pair.text} is not the number of wrong repetitions."


def _correct_pairs(when: str, now: tuple[int, int], last: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The pairs that may count correct repetitions, said of the last set, of this one or of either."""
    if when == LAST and last:
        return last
    return {now} if when == NOW else {now} | last


def _last_pairs(sentence: Sentence, known: Known) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Of the last set, where the sentence speaks of it: the correct repetitions, and those with the main fault."""
    last = known.facts.before
    if last is None or not sentence.compares:
        return set(), set()
    main = known.facts.findings[:1]
    # Of the last set only the main fault was counted.
    spoken = main and (not sentence.findings or main[0] in sentence.findings)
    return {(last.correct, last.counted)}, {(last.main_count, last.counted)} if spoken else set()
