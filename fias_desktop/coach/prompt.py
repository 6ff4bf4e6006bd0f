"""The structured prompt: the same text for every model, readable for a person who asks what the model was told.

After FIAS (section 3.4, "structured prompt generation"): the class with its probability, the hottest joints without
those of the face, the peak and each part's hottest joint; to that the measured values with their expected ranges, what
is to be written, and the voice. It is in the language of the answer, from which words and numbers can be copied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fias_desktop.coach.evidence import Facts, Finding, Measured
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.request import SUMMARY, Request
from fias_desktop.coach.words import PRAISE_CODE, Words, spoken
from fias_desktop.domain.exercises import IDLE, form_of

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# How much to write, by language and whether it is a summary.
_LENGTH = {
    "en": {True: "two to four short sentences", False: "one to three short sentences"},
    "zh_TW": {True: "兩到四句短句", False: "一到三句短句"},
}


@dataclass(frozen=True)
class Prompt:
    """`text` is the facts, line by line, ending with `Advice:`; `instructions` goes before it for other models than
    the bundled one, which was trained to need none."""

    text: str
    instructions: str

    def shown(self, bundled: bool) -> str:
        """What the model was told, as a person may read it."""
        return self.text if bundled else f"{self.instructions}\n\n{self.text}"


def build_prompt(facts: Facts, request: Request | None = None) -> Prompt:
    """The prompt for a set's facts; without a request for a calm summary in English."""
    wanted = request or Request()
    words = words_of(wanted.language)
    text = words.prompt
    lines = [*fact_lines(facts, words), text.wanted.format(topic=words.topics[wanted.topic])]
    lines += [text.voice.format(voice=words.voices[wanted.voice]), text.end]
    return Prompt("\n".join(lines), _instructions(wanted, words))


def fact_lines(facts: Facts, words: Words) -> list[str]:
    """The facts alone, one in a line."""
    text = words.prompt
    lines = [_counts(facts, words)]
    lines.append(text.seen_as.format(form=seen_as(facts, words), percent=round(100 * facts.prob)))
    lines += [_fault(facts, finding, words) for finding in facts.findings]
    if not facts.findings:
        lines.append(text.no_fault if facts.correct else text.not_judged)
    if facts.good is not None:
        lines.append(text.good.format(**place(facts.good, words)))
    return lines + _heat(facts, words) + _steadiness(facts, words) + _before(facts, words)


def numbers(prompt: Prompt) -> tuple[str, ...]:
    """Every number that the prompt tells, as it is written there."""
    return tuple(dict.fromkeys(_NUMBER.findall(prompt.text)))


def seen_as(facts: Facts, words: Words) -> str:
    """The recognised fine class in words: an error's name, `correct form`, or `unknown form`."""
    if facts.label == IDLE or not facts.label:
        return words.prompt.unknown_form
    form = form_of(facts.label)
    return words.prompt.correct_form if form == PRAISE_CODE else words.error(facts.exercise, form).name


def _instructions(request: Request, words: Words) -> str:
    length = _LENGTH[words.language][request.topic == SUMMARY]
    topic, voice = words.topics[request.topic], words.voices[request.voice]
    base = words.instructions.format(sentences=length, topic=topic, voice=voice)
    return base + (words.asked.format(request.question) if request.question else "")


def _counts(facts: Facts, words: Words) -> str:
    text = words.prompt
    missed = text.missed.format(n=facts.rejected) if facts.rejected else ""
    name = words.exercise(facts.exercise, facts.counted or 1)
    if facts.counted == 0:
        return text.none_counted.format(name=name, missed=missed)
    return text.counted.format(n=facts.counted, name=name, share=_share(facts, words), missed=missed)


def _share(facts: Facts, words: Words) -> str:
    text = words.prompt
    if not facts.judged:
        return text.form_unknown
    if facts.correct in (0, facts.counted):
        return text.all_correct if facts.correct else text.none_correct
    return text.some_correct.format(c=facts.correct, n=facts.counted)


def _fault(facts: Facts, finding: Finding, words: Words) -> str:
    name = words.error(facts.exercise, finding.error).name
    head = words.prompt.fault.format(name=name, k=finding.count, n=facts.counted or facts.rejected)
    if finding.worst is None:
        return head
    return head + words.prompt.fault_place.format(rep=finding.worst.repetition, **place(finding.worst, words))


def place(measured: Measured, words: Words) -> dict[str, str]:
    """What is said of a measurement: `where`, `quantity`, `amount` and `limit`, for format strings."""
    said = spoken(measured.evidence)
    return {
        "where": words.phases[measured.phase],
        "quantity": words.name(said),
        "amount": words.amount(said),
        "limit": words.limit(said),
    }


def _heat(facts: Facts, words: Words) -> list[str]:
    if not facts.hottest or facts.thirds is None:
        return []
    text = words.prompt
    rows = (
        text.hottest_row.format(joint=words.joint(row.joint), percent=round(100 * row.share)) for row in facts.hottest
    )
    first, middle, last = (words.joint(joint) for joint in facts.thirds)
    peak = words.phases[facts.hottest_phase]
    return [
        text.hottest.format(joints=text.comma.join(rows), where=peak),
        text.parts.format(first=first, middle=middle, last=last),
    ]


def _steadiness(facts: Facts, words: Words) -> list[str]:
    row = facts.steadiness
    if row is None:
        return []
    verdict = words.prompt.steady if row.steady else words.prompt.uneven
    amount = words.valued(row.spread, row.quantity, row.unit)
    return [words.prompt.spread.format(quantity=words.quantity(row.quantity), amount=amount, verdict=verdict)]


def _before(facts: Facts, words: Words) -> list[str]:
    last = facts.before
    if last is None:
        return []
    text = words.prompt
    fault = text.last_fault.format(k=last.main_count) if facts.findings else ""
    return [text.last_set.format(c=last.correct, n=last.counted, fault=fault, trend=text.trends[last.trend])]
