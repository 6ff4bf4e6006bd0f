"""The structured prompt: the same text for every model, readable for a person who asks what the model was told.

After FIAS (section 3.4, "structured prompt generation"): the class with its probability, the hottest joints without
those of the face, the peak and each part's hottest joint; to that the measured values with their expected ranges.
"""

from __future__ import annotations

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
    lines = [_counts(facts), f"Seen as: {seen_as(facts)}, {round(100 * facts.prob)} percent"]
    lines += [_fault(facts, finding) for finding in facts.findings]
    if not facts.findings:
        lines.append("Fault: none found" if facts.correct else "Fault: not judged")
    if facts.good is not None:
        lines.append(f"Good {_place(facts.good)}")
    lines += _heat(facts) + _steadiness(facts) + _before(facts)
    return Prompt("\n".join([*lines, END]))


def seen_as(facts: Facts) -> str:
    """The recognised fine class in words: an error's name, `correct form`, or `unknown form`."""
    if facts.label == IDLE or not facts.label:
        return "unknown form"
    form = form_of(facts.label)
    return "correct form" if form == words.PRAISE_CODE else words.error_words(facts.exercise, form).name


def _counts(facts: Facts) -> str:
    missed = f", {facts.rejected} not counted" if facts.rejected else ""
    if facts.counted == 0:
        return f"Set: no {words.exercise_name(facts.exercise)} counted{missed}"
    head = f"Set: {facts.counted} {words.exercise_name(facts.exercise, facts.counted)}"
    if not facts.judged:
        return f"{head}, form unknown{missed}"
    share = "all correct" if facts.correct == facts.counted else f"{facts.correct} of {facts.counted} correct"
    return f"{head}, {share if facts.correct else 'none correct'}{missed}"


def _fault(facts: Facts, finding: Finding) -> str:
    name = words.error_words(facts.exercise, finding.error).name
    head = f"Fault: {name} in {finding.count} of {facts.counted or facts.rejected}"
    if finding.worst is None:
        return head
    return f"{head}, worst in repetition {finding.worst.repetition} {_place(finding.worst)}"


def _place(measured: Measured) -> str:
    said = words.spoken(measured.evidence)
    return f"{words.PHASES[measured.phase]}: {said.name} {said.amount}, expected {said.limit}"


def _heat(facts: Facts) -> list[str]:
    if not facts.hottest or facts.thirds is None:
        return []
    joints = ", ".join(f"{words.joint_name(row.joint)} {round(100 * row.share)}" for row in facts.hottest)
    first, middle, last = (words.joint_name(joint) for joint in facts.thirds)
    peak = words.PHASES[facts.hottest_phase]
    return [f"Hottest: {joints} percent, most {peak}", f"Parts: beginning {first}, bottom {middle}, end {last}"]


def _steadiness(facts: Facts) -> list[str]:
    if facts.steadiness is None:
        return []
    row = facts.steadiness
    verdict = "steady" if row.steady else "uneven"
    spread = words.number(row.spread, row.unit) + words.unit_name(row.quantity, row.unit)
    return [f"Spread: {words.quantity_name(row.quantity)} within {spread}, {verdict}"]


def _before(facts: Facts) -> list[str]:
    if facts.before is None:
        return []
    return [f"Last set: {facts.before.correct} of {facts.before.counted} correct, now {facts.before.trend}"]
