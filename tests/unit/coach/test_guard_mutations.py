"""True texts with one thing changed: the guard lets the text pass and refuses the change."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice

import pytest

from fias_desktop.coach.guard import check
from fias_desktop.coach.languages import words_of
from fias_desktop.resources import exercise_rules
from trainer.coach.corpus import Sample, samples

NUMBER = re.compile(r"\d+(?:\.\d+)?")
PAIR = {"en": re.compile(r"(\d+) of (\d+)"), "zh_TW": re.compile(r"(\d+)下中有?(\d+)下")}
ALL_RIGHT = {
    "en": ("All {n} {name} were correct.", "Every one of your {n} {name} was clean.", "{n} of {n} {name} correct."),
    "zh_TW": ("{n}下{name}全對。", "{n}下{name}，正確。", "{n}下{name}全數過關。", "不錯，{n}下{name}全部正確。"),
}
TRENDS = {
    "en": (("better", "improved", "a step forward"), ("worse", "a step back")),
    "zh_TW": (("進步", "更好"), ("退步", "變差")),
}
Change = Callable[[Sample, random.Random], str]


def _number(sample: Sample, rng: random.Random) -> str:
    """A number of the text becomes another one of the prompt."""
    told = sorted(set(NUMBER.findall(sample.prompt)))
    found = list(NUMBER.finditer(sample.advice))
    if not found:
        return ""
    match = rng.choice(found)
    others = [text for text in told if float(text) != float(match[0])]
    return _with(sample.advice, match, rng.choice(others)) if others else ""


def _quantity(sample: Sample, rng: random.Random) -> str:
    """A measurement is given to another quantity of the exercise."""
    words = words_of(sample.request.language)
    rules = next(row.rules for row in exercise_rules() if row.exercise == sample.facts.exercise)
    names = sorted({words.quantity(rule.quantity) for rule in rules}, key=len, reverse=True)
    every = (*names, *words.below_zero.values())
    said = next((name for name in sorted(every, key=len, reverse=True) if name in sample.advice), "")
    others = [name for name in names if name != said]
    return sample.advice.replace(said, rng.choice(others), 1) if said and others else ""


def _pair(sample: Sample, rng: random.Random) -> str:
    """Part and whole change places."""
    match = PAIR[sample.request.language].search(sample.advice)
    if match is None or match[1] == match[2]:
        return ""
    turned = match[0].replace(match[1], "#", 1).replace(match[2], match[1], 1).replace("#", match[2], 1)
    return _with(sample.advice, match, turned)


def _praise(sample: Sample, rng: random.Random) -> str:
    """A set with errors, or one that was not judged, is all correct."""
    facts, words = sample.facts, words_of(sample.request.language)
    if facts.counted and facts.correct == facts.counted:
        return ""
    number = facts.counted or facts.rejected
    form = rng.choice(ALL_RIGHT[words.language])
    return form.format(n=number, name=words.exercise(facts.exercise, number)) + " " + sample.advice


def _trend(sample: Sample, rng: random.Random) -> str:
    """Better becomes worse, worse becomes better."""
    up, down = TRENDS[sample.request.language]
    for these, others in ((up, down), (down, up)):
        said = next((word for word in these if word in sample.advice), "")
        if said and sample.facts.before is not None:
            return sample.advice.replace(said, rng.choice(others), 1)
    return ""


def _with(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]


CHANGES: dict[str, Change] = {
    "number": _number, "quantity": _quantity, "pair": _pair, "praise": _praise, "trend": _trend,
}  # fmt: skip


@cache
def _true() -> tuple[Sample, ...]:
    return tuple(islice(samples(20, exercise_rules()), 600))


def _changed(kind: str, language: str) -> Iterator[tuple[Sample, str]]:
    rng = random.Random(3)
    for sample in _true():
        if sample.request.language == language:
            text = CHANGES[kind](sample, rng)
            if text and text != sample.advice:
                yield sample, text


def test_true_texts_pass() -> None:
    assert [(s.advice, found) for s in _true() if (found := check(s.advice, s.facts, s.request))] == []


@pytest.mark.parametrize("language", ["en", "zh_TW"])
@pytest.mark.parametrize("kind", CHANGES)
def test_what_was_changed_is_refused(kind: str, language: str) -> None:
    rows = list(_changed(kind, language))
    passed = [text for sample, text in rows if not check(text, sample.facts, sample.request)]
    assert len(rows) >= 10
    # Of a hundred changes one can come out true by chance.
    assert len(passed) <= 0.01 * len(rows), passed
