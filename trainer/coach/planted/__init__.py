"""Plants exactly one thing that is not so into a true text: the texts that a guard must stop.

What is planted is wrong by construction: a joint that was not hot, a number other than the one that stood there, an
error that was not found. The wordings are those of neither the guard nor the judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.request import Request
from fias_desktop.coach.words import Words
from fias_desktop.domain.exercises import IDLE, form_of
from trainer.coach.grammar import GRAMMARS
from trainer.coach.judge import sentences_of
from trainer.coach.planted.chinese import CHINESE
from trainer.coach.planted.english import ENGLISH
from trainer.coach.planted.forms import Forms

JOINT, SIDE, NUMBER, ERROR, EXERCISE, DIRECTION, UNSAFE, PHASE = KINDS = (
    "joint", "side", "number", "error", "exercise", "direction", "unsafe", "phase",
)  # fmt: skip
_FORMS = {"en": ENGLISH, "zh_TW": CHINESE}
_BODY = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel")
_SENTENCE_SHARE = 0.25
# Before a claim: its opposite would deny it twice.
_NEGATIONS = ("不", "夠", "太")
_HANDS = ("wrists", "hands", "palms", "fingers", "手腕", "手掌", "手指")
_WRONG = ("were wrong", "下做錯")


@dataclass(frozen=True)
class _Plot:
    """Everything that a planter needs."""

    text: str
    facts: Facts
    words: Words
    forms: Forms
    rng: np.random.Generator

    def one_of(self, options: Iterable[str]) -> str | None:
        """Any of them; None of none."""
        rows = list(options)
        return rows[int(self.rng.integers(len(rows)))] if rows else None

    def chance(self, share: float) -> bool:
        """True in this share of the calls."""
        return bool(self.rng.random() < share)

    def insert(self, sentence: str) -> str:
        """The text with one more sentence at any place."""
        rows = sentences_of(self.text, self.words.language)
        rows.insert(int(self.rng.integers(len(rows) + 1)), sentence)
        return self.forms.blank.join(rows)

    def swap(self, start: int, end: int, new: str) -> str:
        """The text with other words from `start` to `end`, with the same first letter case."""
        old = self.text[start:end]
        cased = new[0].upper() + new[1:] if old[:1].isupper() else new
        return self.text[:start] + cased + self.text[end:]

    def places(self, word: str) -> list[tuple[int, int]]:
        """Where a word stands in the text."""
        return [m.span() for m in re.finditer(rf"(?<![A-Za-z]){re.escape(word)}(?![a-z])", self.text, re.IGNORECASE)]

    def hot(self) -> set[str]:
        """The names of the joints that stood out."""
        rows = [row.joint for row in self.facts.hottest] + list(self.facts.thirds or ())
        return {self.words.joint(joint) for joint in rows}


def plant(kind: str, text: str, facts: Facts, request: Request, rng: np.random.Generator) -> str | None:
    """The text with one planted error of a kind (see KINDS); None where the text has no place for it."""
    words = words_of(request.language)
    made = _PLANTERS[kind](_Plot(text, facts, words, _FORMS[words.language], rng))
    return made if made is None or made != text else None


def _joint(plot: _Plot) -> str | None:
    """Another joint in place of a hot one, a body part that nothing is about, or a sentence about one of these."""
    cold = [name for name in _sided_names(plot) if name not in plot.hot()]
    # A hand is a wrist to some readers.
    hands = any("wrist" in row.joint for row in plot.facts.hottest) or any(
        "wrist" in j for j in plot.facts.thirds or ()
    )
    strange = [name for name in plot.forms.strange if name not in plot.text and not (hands and name in _HANDS)]
    if plot.chance(_SENTENCE_SHARE):
        name = plot.one_of([*cold, *strange])
        return plot.insert(_sentence(plot, plot.forms.watched, name)) if name else None
    spans = [(span, cold) for name in plot.hot() for span in plot.places(name)]
    covered = {place for (start, end), _ in spans for place in range(start, end)}
    spans += [(m.span(), strange) for m in plot.forms.parts.finditer(plot.text) if m.start() not in covered]
    if not spans:
        return None
    (start, end), options = spans[int(plot.rng.integers(len(spans)))]
    new = plot.one_of(options)
    return plot.swap(start, end, new) if new else None


def _side(plot: _Plot) -> str | None:
    """The other side of a joint of the text, or a sentence with a side that did not stand out."""
    hot = plot.hot()
    wrong = [(name, other) for name, other in _mirrored(plot) if other not in hot]
    spans = [(span, other) for name, other in wrong for span in plot.places(name) if name in hot]
    if spans and not plot.chance(_SENTENCE_SHARE):
        (start, end), other = spans[int(plot.rng.integers(len(spans)))]
        return plot.swap(start, end, other)
    name = plot.one_of([other for name, other in wrong if name in hot] or [other for _, other in wrong])
    return plot.insert(_sentence(plot, plot.forms.sided, name)) if name else None


def _number(plot: _Plot) -> str | None:
    """Another number in place of one, in digits or in words, or a sentence with an invented one."""
    found = list(re.finditer(r"\d+(?:\.\d+)?", plot.text))
    if not found or plot.chance(0.15):
        known = {match.group() for match in found}
        value = plot.one_of(str(n) for n in range(2, 200) if str(n) not in known)
        return plot.insert(_sentence(plot, plot.forms.invented, value or "7"))
    if plot.chance(0.2) and (worded := _worded(plot)) is not None:
        return worded
    match = found[int(plot.rng.integers(len(found)))]
    value = plot.one_of({*_changed(match.group()), *(m.group() for m in found)} - {match.group()})
    return plot.swap(*match.span(), value) if value else None


def _worded(plot: _Plot) -> str | None:
    found = list(plot.forms.number_words.finditer(plot.text))
    if not found:
        return None
    match = found[int(plot.rng.integers(len(found)))]
    wrong = [word for n, word in enumerate(plot.forms.numbers) if n > 1 and n != int(match.group())]
    word = plot.one_of(wrong)
    return plot.swap(*match.span(), word) if word else None


def _changed(number: str) -> set[str]:
    """Numbers that are easily taken for this one."""
    value, digits = float(number), len(number.partition(".")[2])
    step = 10.0**-digits
    near = [value + step * move for move in (-10, -3, -2, -1, 1, 2, 3, 10)] + [value * 2, value * 10]
    return {f"{near_value:.{digits}f}" for near_value in near if near_value >= 0}


def _error(plot: _Plot) -> str | None:
    """Another error in place of the one that was found, or a sentence about one, in other words."""
    facts, words = plot.facts, plot.words
    seen = "" if facts.label in ("", IDLE) else form_of(facts.label)
    known = {finding.error for finding in facts.findings} | {seen}
    own = [key for key in words.errors if key[0] == facts.exercise and key[1] not in known]
    other = [key for key in words.errors if key[0] != facts.exercise and key[1] not in known]
    keys = own if own and plot.chance(0.7) else other or own
    key = keys[int(plot.rng.integers(len(keys)))]
    spans = []
    for finding in facts.findings:
        was, new = words.error(facts.exercise, finding.error), words.error(*key)
        spans += [(span, new.said) for span in plot.places(was.said)] + [
            (span, new.name) for span in plot.places(was.name)
        ]
    if spans and not plot.chance(0.4):
        (start, end), text = spans[int(plot.rng.integers(len(spans)))]
        return plot.swap(start, end, text)
    sentence = plot.one_of(plot.forms.errors[key])
    return plot.insert(sentence) if sentence else None


def _exercise(plot: _Plot) -> str | None:
    """Another exercise in place of the set's, or a sentence about one."""
    own = set(plot.words.exercises[plot.facts.exercise])
    others = {name: pair for name, pair in plot.words.exercises.items() if name != plot.facts.exercise}
    spans = sorted({(span, name) for name in own for span in plot.places(name)}, key=lambda row: row[0][0] - row[0][1])
    foreign = [*plot.forms.exercises, *(pair[0] for pair in others.values())]
    if not spans or plot.chance(_SENTENCE_SHARE):
        return plot.insert(_sentence(plot, plot.forms.did, plot.one_of(foreign) or foreign[0]))
    (start, end), name = spans[int(plot.rng.integers(len(spans)))]
    plural = name == plot.words.exercises[plot.facts.exercise][1] and plot.forms.blank
    new = plot.one_of([f"{one}s" if plural else one for one in foreign])
    return plot.swap(start, end, new) if new else None


def _direction(plot: _Plot) -> str | None:
    """The opposite way in what was found or in what to do; the other bound, verdict or trend."""
    spans = [*_flipped(plot), *_reversed(plot)]
    if not spans:
        return None
    (start, end), new = spans[int(plot.rng.integers(len(spans)))]
    return plot.swap(start, end, new)


def _flipped(plot: _Plot) -> Iterator[tuple[tuple[int, int], str]]:
    """The first way that has an opposite in each place where the error or its tip stands."""
    for start, end in _told_spans(plot):
        for old, new in plot.forms.flips:
            places = [(a, b) for a, b in plot.places(old) if start <= a and b <= end]
            if places:
                yield places[0], new
                break


def _reversed(plot: _Plot) -> Iterator[tuple[tuple[int, int], str]]:
    """Claims of the text with their opposites, each part of it once; nothing that half a set makes true both ways."""
    taken: set[int] = set()
    facts, before = plot.facts, plot.facts.before
    half = 2 * facts.correct == facts.counted or (before is not None and 2 * before.correct == before.counted)
    for old, new in plot.forms.claims:
        for start, end in plot.places(old):
            free = not taken & {*range(start, end)} and plot.text[start - 1 : start] not in _NEGATIONS
            taken |= {*range(start, end)}
            if free and not (half and new in _WRONG):
                yield (start, end), new


def _told_spans(plot: _Plot) -> list[tuple[int, int]]:
    """Where the main error and its tips stand."""
    spans: list[tuple[int, int]] = []
    for finding in plot.facts.findings:
        key = (plot.facts.exercise, finding.error)
        known, tips = plot.words.error(*key), GRAMMARS[plot.words.language].tips[key]
        for text in (known.said, known.name, known.tip, *tips.training, *tips.held_out):
            spans += plot.places(text)
    return spans


def _unsafe(plot: _Plot) -> str | None:
    """A sentence about pain, injury or treatment, or one that asks for what is not safe."""
    sentence = plot.one_of(plot.forms.unsafe)
    return plot.insert(sentence) if sentence else None


def _phase(plot: _Plot) -> str | None:
    """Another part of the movement than any that was measured or hot."""
    facts, names = plot.facts, plot.words.phases
    measured = [finding.worst for finding in facts.findings] + [facts.good]
    true = {row.phase for row in measured if row is not None} | ({facts.hottest_phase} if facts.hottest else set())
    wrong = [name for phase, name in names.items() if phase not in true]
    spans = [span for phase in true for span in plot.places(names[phase])]
    if not spans or not wrong or any(plot.places(joint) for joint in plot.hot()):
        return None
    start, end = spans[int(plot.rng.integers(len(spans)))]
    return plot.swap(start, end, plot.one_of(wrong) or wrong[0])


def _sentence(plot: _Plot, sentences: tuple[str, ...], filled: str) -> str:
    text = (plot.one_of(sentences) or sentences[0]).format(filled)
    return text[0].upper() + text[1:]


def _sided_names(plot: _Plot) -> list[str]:
    return [plot.words.joint(f"{side}_{part}") for side in ("left", "right") for part in _BODY]


def _mirrored(plot: _Plot) -> list[tuple[str, str]]:
    """Joints with those of the other side, both ways."""
    pairs = [tuple(plot.words.joint(f"{side}_{part}") for side in ("left", "right")) for part in (*_BODY, "foot_index")]
    return [(a, b) for a, b in pairs] + [(b, a) for a, b in pairs]


_PLANTERS: dict[str, Callable[[_Plot], str | None]] = {
    JOINT: _joint, SIDE: _side, NUMBER: _number, ERROR: _error, EXERCISE: _exercise, DIRECTION: _direction,
    UNSAFE: _unsafe, PHASE: _phase,
}  # fmt: skip
