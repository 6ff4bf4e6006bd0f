"""The grammar of advice: from the facts of a set to one of many true texts about them.

A text is two to four sentences: the set as a whole, what was found (or good), what to do next, and sometimes the last
set, the steadiness or where the movement showed most. Every sentence has many forms; the grammar only ever fills in
what the facts hold, so that the checker accepts each of its texts (a test requires it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from fias_desktop.coach import words
from fias_desktop.coach.evidence import Facts, Finding
from trainer.coach.tips import TIPS

Rng = np.random.Generator
Chance = Callable[[Sequence[str]], str]


def write(facts: Facts, rng: Rng) -> str:
    """One text about the facts."""
    pick = _picker(rng)
    sentences = [_opening(facts, pick)]
    if facts.findings:
        sentences.append(_fault(facts, facts.findings[0], pick))
        sentences.append(_tip(facts, pick))
    else:
        sentences += [_good(facts, pick)] if facts.good else []
        sentences.append(_keep(facts, pick))
    extra = _extra(facts, pick, rng)
    if extra:
        # What to do next stays the last word, except for the look back.
        sentences.insert(len(sentences) - 1 if facts.findings and rng.random() < 0.5 else len(sentences), extra)
    return " ".join(_capital(sentence) for sentence in sentences)


def _picker(rng: Rng) -> Chance:
    def pick(options: Sequence[str]) -> str:
        return options[int(rng.integers(len(options)))]

    return pick


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _name(facts: Facts, number: int | None = None) -> str:
    return words.exercise_name(facts.exercise, facts.counted if number is None else number)


def _opening(facts: Facts, pick: Chance) -> str:
    number, name, one = facts.counted, _name(facts), _name(facts, 1)
    if number == 0:
        return pick(_NOTHING).format(one=one, many=_name(facts, 2))
    if not facts.judged:
        return pick(_UNJUDGED).format(n=number, name=name)
    if facts.correct == number:
        return pick(_ALL if number > 1 else _ONE_RIGHT).format(n=number, name=name, one=one)
    if facts.correct == 0:
        return pick(_NONE if number > 1 else _ONE_WRONG).format(n=number, name=name, one=one)
    return pick(_SOME).format(n=number, name=name, c=facts.correct, were="was" if facts.correct == 1 else "were")


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def _fault(facts: Facts, finding: Finding, pick: Chance) -> str:
    text = words.error_words(facts.exercise, finding.error)
    often = pick(_OFTEN).format(k=finding.count, n=facts.counted or facts.rejected)
    if finding.worst is None:
        return pick(_FAULT_SEEN).format(said=text.said, name=text.name, often=often)
    proof = words.spoken(finding.worst.evidence)
    return pick(_FAULT).format(
        said=text.said,
        name=text.name,
        often=often,
        rep=finding.worst.repetition,
        where=words.PHASES[finding.worst.phase],
        a=_article(proof.name),
        quantity=proof.name,
        value=proof.amount,
        limit=proof.limit,
    )


def _tip(facts: Facts, pick: Chance) -> str:
    tips = TIPS[facts.exercise, facts.findings[0].error]
    return pick(_NEXT).format(tip=pick(tips))


def _good(facts: Facts, pick: Chance) -> str:
    assert facts.good is not None
    proof = words.spoken(facts.good.evidence)
    forms = _GOOD if facts.correct else _MEASURED
    where = words.PHASES[facts.good.phase]
    return pick(forms).format(
        a=_article(proof.name), quantity=proof.name, value=proof.amount, limit=proof.limit, where=where
    )


def _keep(facts: Facts, pick: Chance) -> str:
    if facts.counted == 0:
        return pick(_TRY)
    return pick(_KEEP if facts.correct else _SHOW).format(many=_name(facts, 2))


def _extra(facts: Facts, pick: Chance, rng: Rng) -> str:
    """At most one more sentence; the last set first, as that is what people ask for."""
    if facts.before is not None and rng.random() < 0.85:
        before = facts.before
        form = pick(_BEFORE[before.trend])
        return form.format(bc=before.correct, bn=before.counted, c=facts.correct, n=facts.counted)
    options = [
        option
        for option in (_steady(facts, pick), _heat(facts, pick), _second(facts, pick), _right(facts, pick))
        if option
    ]
    return pick(options) if options and rng.random() < 0.6 else ""


def _steady(facts: Facts, pick: Chance) -> str:
    row = facts.steadiness
    if row is None:
        return ""
    spread = words.number(row.spread, row.unit) + words.unit_name(row.quantity, row.unit)
    return pick(_STEADY if row.steady else _UNEVEN).format(quantity=words.quantity_name(row.quantity), spread=spread)


def _heat(facts: Facts, pick: Chance) -> str:
    if not facts.hottest:
        return ""
    joint = words.joint_name(facts.hottest[0].joint)
    return pick(_HEAT).format(joint=joint, where=words.PHASES[facts.hottest_phase])


def _second(facts: Facts, pick: Chance) -> str:
    if len(facts.findings) < 2:
        return ""
    finding = facts.findings[1]
    text = words.error_words(facts.exercise, finding.error)
    return pick(_SECOND).format(name=text.name, k=finding.count, n=facts.counted or facts.rejected)


def _right(facts: Facts, pick: Chance) -> str:
    """What was good beside a fault."""
    if not facts.findings or facts.good is None or facts.counted == 0:
        return ""
    proof = words.spoken(facts.good.evidence)
    where = words.PHASES[facts.good.phase]
    return pick(_BESIDE).format(
        a=_article(proof.name), quantity=proof.name, value=proof.amount, limit=proof.limit, where=where
    )


_NOTHING = (
    "No full {one} was counted this time.",
    "I could not count a full {one} in this set.",
    "This set has no counted {one} yet.",
    "No {one} went through the whole movement this time.",
)
_UNJUDGED = (
    "You did {n} {name}, but I could not judge the form.",
    "I counted {n} {name}; the form could not be judged from here.",
    "That makes {n} {name}, and I could not see enough to judge them.",
    "{n} {name} counted, but the form stays open.",
)
_ALL = (
    "Well done: all {n} {name} were correct.",
    "Great set, all {n} {name} were clean!",
    "{n} {name}, and every one of them was correct.",
    "Very nice: {n} of {n} {name} were correct.",
    "Strong work, all {n} {name} were done right.",
    "You did {n} {name}, and every single one was clean.",
    "All {n} {name} were correct, great work!",
    "Excellent: {n} {name}, every one of them good.",
)
_ONE_RIGHT = (
    "Well done, your {one} was correct.",
    "A clean {one}, well done!",
    "Nice: one {one}, done right.",
    "Great start, that {one} was correct.",
)
_SOME = (
    "You did {n} {name}, and {c} of {n} {were} correct.",
    "Good work: {c} of {n} {name} {were} correct.",
    "{n} {name} done, {c} of them correct.",
    "I counted {n} {name}, and {c} of them {were} clean.",
    "Nice effort: {c} of your {n} {name} {were} correct.",
    "You finished {n} {name}; {c} of them {were} right.",
    "{c} of {n} {name} {were} clean, good effort!",
    "Good effort with {n} {name}, {c} of them correct.",
)
_NONE = (
    "You did {n} {name}, and there is one thing to work on.",
    "I counted {n} {name}, none of them clean yet.",
    "{n} {name} done; now let us mend one thing.",
    "Thanks for {n} {name}, here is what to change first.",
    "You finished {n} {name}, and the form needs some attention.",
    "That was hard work: {n} {name}, none of them correct yet.",
)
_ONE_WRONG = (
    "You did one {one}, and there is one thing to work on.",
    "One {one} done; here is what to change first.",
    "That was one {one}, not clean yet.",
    "I counted one {one}, and it needs some attention.",
)
_OFTEN = ("in {k} of {n}", "in {k} out of {n}", "{k} of {n} times")
_FAULT = (
    "In repetition {rep} {said} {where}: the {quantity} was {value}, where {limit} is expected.",
    "{said} {often}, most of all in repetition {rep}, where the {quantity} was {value} {where} and should be {limit}.",
    "{where}, {said}; in repetition {rep} the {quantity} was {value}, and {limit} is wanted.",
    "{said} {often}; the {quantity} in repetition {rep} was {value} {where}, while {limit} is expected.",
    "The clearest point was repetition {rep}: {said} {where}, with {a} {quantity} of {value} instead of {limit}.",
    "What I saw {often} was {name}; in repetition {rep} the {quantity} was {value} {where}, where {limit} is the goal.",
    "Look at repetition {rep}: {where} {said}, and the {quantity} was {value}; {limit} would be right.",
    "{said} {where}, {often}; repetition {rep} had {a} {quantity} of {value}, where {limit} is expected.",
    "Watch {name}: the {quantity} was {value} {where} in repetition {rep}, and it should be {limit}.",
    "I measured {a} {quantity} of {value} {where} in repetition {rep}, where {limit} is expected: {said}.",
)
_FAULT_SEEN = (
    "{said} {often}.",
    "What stood out {often} was {name}.",
    "{often} {said}.",
    "The main point is {name}, which I saw {often}.",
    "I saw {name} {often}.",
)
_NEXT = (
    "In the next set, {tip}.",
    "Next time, {tip}.",
    "Right from the start, {tip}.",
    "For the next set: {tip}.",
    "Try this next: {tip}.",
    "Your next step: {tip}.",
    "{tip} in the next set.",
    "Before the next set think of this: {tip}.",
    "To mend it, {tip}.",
)
_GOOD = (
    "The {quantity} was {value} {where}, as it should be: {limit}.",
    "{where}, the {quantity} was {value}, and {limit} is the goal.",
    "With {a} {quantity} of {value} {where} you met the goal of {limit}.",
    "I measured {a} {quantity} of {value} {where}, where {limit} is expected.",
    "The {quantity} {where} was {value}, and {limit} is right.",
    "Your {quantity} was {value} {where}, right where it should be: {limit}.",
)
_MEASURED = (
    "The {quantity} was {value} {where}, where {limit} is expected.",
    "I measured {a} {quantity} of {value} {where}, where {limit} is expected.",
    "{where}, the {quantity} was {value}, and {limit} is the goal.",
)
_BESIDE = (
    "One good thing: the {quantity} was {value} {where}, where {limit} is expected.",
    "What went well: {a} {quantity} of {value} {where}, with {limit} as the goal.",
    "The {quantity} was fine {where}: {value}, and {limit} is expected.",
)
_KEEP = (
    "Keep moving exactly like this in the next set.",
    "Keep it up, and take the same calm pace into the next set.",
    "Do the next set just like this one.",
    "Keep this form, and add a repetition when it feels easy.",
    "Stay with this form in the next set.",
    "Hold on to this form and keep the pace calm.",
    "Next time, do the {many} the same way.",
    "Take a short rest and repeat it just like that.",
)
_SHOW = (
    "Step back so that your whole body is in the picture, and do another set.",
    "Keep your whole body in the picture and move at a calm pace.",
    "Do the next set with your whole body in the picture.",
    "Turn a little to the camera and try another set.",
)
_TRY = (
    "Go all the way down and all the way up, with your whole body in the picture.",
    "Move calmly through the whole way and stay in the picture.",
    "Try again with a full movement, and keep your whole body in the picture.",
    "Begin in a clear starting position and use the whole way.",
)
_BEFORE = {
    "better": (
        "That is better than the last set, when {bc} of {bn} were correct.",
        "Last time {bc} of {bn} were correct, so this is a step forward.",
        "Compared with {bc} of {bn} in the last set, this is better.",
        "You improved: the last set had {bc} of {bn} correct.",
        "Nice progress from {bc} of {bn} correct in the last set.",
        "Last set {bc} of {bn}, now {c} of {n} correct: better!",
    ),
    "worse": (
        "That is a small step back from the last set, with {bc} of {bn} correct.",
        "Last time {bc} of {bn} were correct, so this is a small step back.",
        "In the last set {bc} of {bn} were correct, so take your time now.",
        "Last set {bc} of {bn}, now {c} of {n} correct: you can get back there.",
    ),
    "same": (
        "That is about the same as the last set, with {bc} of {bn} correct.",
        "The last set was the same, {bc} of {bn} correct.",
        "Last set {bc} of {bn}, now {c} of {n} correct: the same level.",
        "Just like the last set, when {bc} of {bn} were correct.",
    ),
}
_STEADY = (
    "Your repetitions were very steady: the {quantity} stayed within {spread}.",
    "From one repetition to the next the {quantity} was steady, within {spread}.",
    "You were nicely consistent: the {quantity} stayed within {spread}.",
)
_UNEVEN = (
    "The {quantity} varied by {spread} between repetitions, so aim for the same movement each time.",
    "Your repetitions were uneven: the {quantity} differed by {spread}.",
    "From one repetition to the next the {quantity} changed by {spread}; try to repeat the same way.",
)
_HEAT = (
    "Your {joint} stood out the most, above all {where}.",
    "Most of the attention was on your {joint} {where}.",
    "The {joint} told the most about this movement, most of all {where}.",
    "Pay attention to your {joint}, which stood out {where}.",
)
_SECOND = (
    "After that, watch {name}, seen in {k} of {n}.",
    "There was also {name}, in {k} of {n}.",
    "Then there is {name} in {k} of {n}.",
    "A second point is {name}, which I saw in {k} of {n}.",
)
