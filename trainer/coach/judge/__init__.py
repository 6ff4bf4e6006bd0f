"""The second checker: is a text true of its set? Written from the grammar and the facts alone, it shares nothing with
the guard that serves the person, so that each can be measured by the other.

A sentence is looked up among all that the grammar can say of the set (`frames.py`); what is not found there is read
mention by mention (`reader.py`) and every mention is compared with the facts (`checks.py`, `parts.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.request import Request
from trainer.coach.judge import chinese, english
from trainer.coach.judge.checks import Checks, Language
from trainer.coach.judge.frames import Frames, frames_of
from trainer.coach.judge.lexicon import Lexicon
from trainer.coach.judge.parts import Parts
from trainer.coach.judge.reader import Reader


def _language_of(module: ModuleType, lexicon: Lexicon) -> Language:
    m = module
    return Language(
        lexicon, m.NUMBERS, m.EXERCISE, m.RIGHT_EXERCISE, m.CORRECT, m.WRONG, m.SPREAD, m.REJECTED, m.FAULTY
    )


_LANGUAGES = {
    "en": (_language_of(english, english.ENGLISH), english.digits),
    "zh_TW": (_language_of(chinese, chinese.CHINESE), chinese.digits),
}


@dataclass(frozen=True)
class Verdict:
    """`problems` in a few words each, with their kind before a colon; `names_main`: the main error is spoken of, or
    there is none."""

    faithful: bool
    problems: tuple[str, ...]
    names_main: bool


def judge(text: str, facts: Facts, request: Request, whole: bool = True) -> Verdict:
    """Whether a text is true of a set; with `whole` false no sentence is looked up, and every one is read."""
    language, digits = _LANGUAGES[words_of(request.language).language]
    words = words_of(request.language)
    frames = frames_of(facts, words.language) if whole else Frames(frozenset(), {})
    reader, checks = Reader(facts, words, language.lexicon), Checks(facts, words, language)
    parts = Parts(facts, words, language.lexicon)
    problems = [*_language(text, language.lexicon)]
    named = False
    for sentence in _unknown(text, frames, language.lexicon):
        if sentence in frames.verdicts:
            problems.append(f"claim: {frames.verdicts[sentence]}")
        read = reader.read(digits(sentence))
        problems += [*checks.problems(read), *parts.problems(read)]
        unsafe = language.lexicon.unsafe.search(sentence)
        problems += [f"unsafe: {unsafe.group()}"] if unsafe else []
    if facts.findings:
        named = 0 in reader.read(text).faults
    return Verdict(not problems, tuple(dict.fromkeys(problems)), named or not facts.findings)


def lexicon_of(language: str) -> Lexicon:
    """The lexicon of a language."""
    return _LANGUAGES[words_of(language).language][0].lexicon


def sentences_of(text: str, language: str) -> list[str]:
    """The sentences of a text."""
    return [part.strip() for part in lexicon_of(language).sentence.split(text) if part.strip()]


def _language(text: str, lexicon: Lexicon) -> Iterator[str]:
    if found := lexicon.foreign.search(text):
        yield f"language: {found.group()}"
    if not text.strip():
        yield "language: no text"


def _unknown(text: str, frames: Frames, lexicon: Lexicon) -> Iterator[str]:
    """The sentences that are not among the true ones; a frame may be of two sentences."""
    rest = [part.strip() for part in lexicon.sentence.split(text) if part.strip()]
    while rest:
        if rest[0] in frames.true:
            rest = rest[1:]
        elif len(rest) > 1 and (f"{rest[0]} {rest[1]}" in frames.true or rest[0] + rest[1] in frames.true):
            rest = rest[2:]
        else:
            yield rest.pop(0)
