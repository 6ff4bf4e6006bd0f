"""Pairs of prompt and advice for the bundled coach: true sentences about the very facts that the prompt tells."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fias_desktop.coach import words
from fias_desktop.coach.evidence import Facts, Finding, Measured, gather
from fias_desktop.coach.prompt import build_prompt
from fias_desktop.domain.exercises import ExerciseRule
from trainer.coach import sentences as s
from trainer.coach.sets import random_set

MAX_EXTRAS = 1


@dataclass(frozen=True)
class Example:
    """One prompt, as it is served, with several answers that are all right."""

    prompt: str
    answers: tuple[str, ...]


def random_facts(rng: random.Random, rules: Sequence[ExerciseRule]) -> Facts:
    """The facts of a random set in which something was measured."""
    while True:
        facts = gather(random_set(rng, rules), rules)
        if facts.evidence:
            return facts


def examples(seed: int, rules: Sequence[ExerciseRule], answers: int = 2) -> Iterator[Example]:
    """Examples without end; the same for the same seed."""
    rng = random.Random(seed)
    while True:
        facts = random_facts(rng, rules)
        yield Example(build_prompt(facts).text, tuple(advice(facts, rng) for _ in range(answers)))


def advice(facts: Facts, rng: random.Random) -> str:
    """Two to four sentences: how the set went, what was measured where and when, what to do next."""
    opening, extras = _opening(facts, rng), _extras(facts, rng)
    if not facts.findings:
        middle = [_good(facts.good, rng)] if facts.good and rng.random() < 0.9 else []
        return " ".join([opening, *middle, *extras, _closing(facts, rng)])
    main = facts.findings[0]
    told = [_fault(facts, main, rng)]
    if len(facts.findings) > 1 and rng.random() < 0.35:
        told.append(_filled(rng.choice(s.SECOND_FAULT), facts, facts.findings[1], rng))
        extras = []
    return " ".join([opening, *told, *_either_way(_next(facts, main, rng), extras, rng)])


def _either_way(closing: str, extras: list[str], rng: random.Random) -> list[str]:
    return [*extras, closing] if rng.random() < 0.6 else [closing, *extras]


def _opening(facts: Facts, rng: random.Random) -> str:
    if facts.counted == 0:
        patterns = s.NOT_COUNTED
    elif not facts.judged:
        patterns = s.UNKNOWN_FORM
    elif facts.correct == facts.counted:
        patterns = s.ALL_CORRECT if facts.counted > 1 else s.ONE_CORRECT
    else:
        patterns = s.SOME_CORRECT if facts.correct else s.NONE_CORRECT
    if patterns is s.NONE_CORRECT and facts.counted == 1:
        patterns = (s.NONE_CORRECT[0], s.NONE_CORRECT[1])
    return rng.choice(patterns).format(
        n=facts.counted,
        c=facts.correct,
        ex=words.exercise_name(facts.exercise, facts.counted),
        one=words.exercise_name(facts.exercise),
    )


def _fault(facts: Facts, finding: Finding, rng: random.Random) -> str:
    if finding.worst is not None and rng.random() < 0.92:
        return _filled(rng.choice(s.MEASURED_FAULT), facts, finding, rng)
    alone = (facts.counted or facts.rejected) == 1
    return _filled(rng.choice(s.SINGLE_FAULT if alone else s.PLAIN_FAULT), facts, finding, rng)


def _filled(pattern: str, facts: Facts, finding: Finding, rng: random.Random) -> str:
    key = (facts.exercise, finding.error)
    said = rng.choice((words.error_words(*key).said, *s.SAID.get(key, ())))
    values = {"said": said, "Said": _capital(said), "f": str(finding.count)}
    values["t"] = str(facts.counted or facts.rejected)
    if finding.worst is not None:
        values |= _place(finding.worst) | {"R": str(finding.worst.repetition)}
    return pattern.format_map(values)


def _place(measured: Measured) -> dict[str, str]:
    proof = words.spoken(measured.evidence)
    return {"M": proof.name, "A": proof.amount, "L": proof.limit, "P": words.PHASES[measured.phase]}


def _good(good: Measured, rng: random.Random) -> str:
    return rng.choice(s.GOOD).format_map(_place(good))


def _next(facts: Facts, finding: Finding, rng: random.Random) -> str:
    key = (facts.exercise, finding.error)
    tip = rng.choice((words.error_words(*key).tip, *s.TIPS.get(key, ())))
    return rng.choice(s.NEXT).format(tip=tip, Tip=_capital(tip))


def _closing(facts: Facts, rng: random.Random) -> str:
    if facts.counted == 0:
        return rng.choice(s.FULL)
    return rng.choice(s.KEEP if facts.correct else s.SHOW)


def _extras(facts: Facts, rng: random.Random) -> list[str]:
    """At most one more thing worth saying, two times out of three."""
    found: list[str] = []
    if facts.findings and facts.good is not None:
        found.append(_good(facts.good, rng))
    if facts.before is not None:
        trend = rng.choice(s.BEFORE[facts.before.trend])
        found.append(trend.format(b=facts.before.correct, a=facts.before.counted))
    if facts.steadiness is not None:
        row = facts.steadiness
        spread = words.number(row.spread, row.unit) + words.unit_name(row.quantity, row.unit)
        found.append(rng.choice(s.STEADY if row.steady else s.UNEVEN).format(S=spread))
    if facts.findings and facts.hottest and rng.random() < 0.4:
        found.append(rng.choice(s.WATCH).format(j=words.joint_name(facts.hottest[0].joint)))
    rng.shuffle(found)
    return found[:MAX_EXTRAS] if rng.random() < 0.67 else []


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
