"""The structured prompt: the same text for every model, readable for a person who asks what the model was told.

After FIAS (section 3.4, "structured prompt generation"): the class with its probability, the hottest joints without
those of the face, the peak and each part's hottest joint; to that the measured values with their expected ranges.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fias_desktop.coach import words
from fias_desktop.coach.evidence import Facts, Finding, Measured
from fias_desktop.domain.exercises import IDLE, form_of

INSTRUCTIONS = (
    "You are a friendly fitness coach with a background in sports science. Write two to four short sentences to the"
    " athlete about the set below, in plain words without technical terms. Say what was measured, on which body part"
    " and when in the movement, and what to do next; praise what was correct. Use only the body parts, numbers and"
    " faults that are listed. Do not speak of pain, injury or treatment. No lists, no headings."
)
END = "Advice:"


@dataclass(frozen=True)
class Prompt:
    """`text` is the facts, line by line, ending with `Advice:`; `instructions` goes before it for other models than
    the bundled one, which was trained to need none."""

    text: str
    instructions: str = INSTRUCTIONS

    def shown(self, bundled: bool) -> str:
        """What the model was told, as a person may read it."""
        return self.text if bundled else f"{self.instructions}\n\n{self.text}"


def build_prompt(facts: Facts) -> Prompt:
    """The prompt for a set's facts."""
    lines = [f"Exercise: {words.exercise_name(facts.exercise)}", _seen(facts), _counts(facts)]
    lines += [_fault(facts, finding) for finding in facts.findings]
    if not facts.findings:
        lines.append("Fault: none found" if facts.correct else "Fault: not judged")
    if facts.good is not None:
        lines.append(f"Good: {_place(facts.good)}, expected {_expected(facts.good)}")
    lines += _heat(facts) + _steadiness(facts) + _before(facts)
    return Prompt("\n".join([*lines, END]))


def seen_as(facts: Facts) -> str:
    """The recognised fine class in words: an error's name, `correct form`, or `unknown form`."""
    if facts.label == IDLE or not facts.label:
        return "unknown form"
    form = form_of(facts.label)
    return "correct form" if form == words.PRAISE_CODE else words.error_words(facts.exercise, form).name


def _seen(facts: Facts) -> str:
    return f"Seen as: {seen_as(facts)}, {round(100 * facts.prob)} percent"


def _counts(facts: Facts) -> str:
    return f"Repetitions: {facts.counted} counted, {facts.correct} correct, {facts.rejected} not counted"


def _total(facts: Facts) -> int:
    return facts.counted or facts.rejected


def _fault(facts: Facts, finding: Finding) -> str:
    name = words.error_words(facts.exercise, finding.error).name
    head = f"Fault: {name} in {finding.count} of {_total(facts)}"
    if finding.worst is None:
        return head
    evidence = finding.worst.evidence
    side = "too low" if evidence.value < evidence.expected[0] else "too high"
    where = f"worst in repetition {finding.worst.repetition} {_place(finding.worst)}"
    return f"{head}, {where}, {side}, expected {_expected(finding.worst)}"


def _place(measured: Measured) -> str:
    evidence = measured.evidence
    value = words.amount(evidence.value, evidence.unit)
    return f"{words.PHASES[measured.phase]}: {words.quantity_name(evidence.quantity)} {value}"


def _expected(measured: Measured) -> str:
    evidence = measured.evidence
    low, high = evidence.expected
    if math.isinf(high):
        return f"at least {words.number(low, evidence.unit)}"
    if math.isinf(low):
        return f"at most {words.number(high, evidence.unit)}"
    return f"{words.number(low, evidence.unit)} to {words.number(high, evidence.unit)}"


def _heat(facts: Facts) -> list[str]:
    if not facts.hottest or facts.thirds is None:
        return []
    joints = ", ".join(f"{words.joint_name(row.joint)} {round(100 * row.share)}" for row in facts.hottest)
    first, middle, last = (words.joint_name(joint) for joint in facts.thirds)
    return [
        f"Hottest: {joints} percent, most {words.PHASES[facts.hottest_phase]}",
        f"Hottest part: beginning {first}, bottom {middle}, end {last}",
    ]


def _steadiness(facts: Facts) -> list[str]:
    if facts.steadiness is None:
        return []
    row = facts.steadiness
    verdict = "steady" if row.steady else "uneven"
    spread = words.amount(row.spread, row.unit)
    return [f"Between repetitions: {words.quantity_name(row.quantity)} within {spread}, {verdict}"]


def _before(facts: Facts) -> list[str]:
    if facts.before is None:
        return []
    return [f"Last set: {facts.before.counted} counted, {facts.before.correct} correct, now {facts.before.trend}"]
