"""Checks of body parts and sides: only those that were told, and each where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fias_desktop.coach.guard.known import Known, Sentence
from fias_desktop.coach.guard.lexicon import PartWords

# What belongs to an error beside the parts in its own words: advice against it may well name these.
_NEAR: dict[tuple[str, str], tuple[str, ...]] = {
    ("squat", "too_shallow"): ("hip", "knee", "thigh", "leg"),
    ("squat", "knees_inward"): ("knee", "toe", "foot"),
    ("squat", "feet_too_close"): ("foot", "shoulder"),
    ("squat", "forward_lean"): ("trunk", "chest", "back", "shoulder", "hip"),
    ("squat", "knees_past_toes"): ("knee", "toe", "heel", "hip"),
    ("lunge", "too_high"): ("knee", "hip", "foot"),
    ("lunge", "knee_past_toe"): ("knee", "toe", "shin", "ankle"),
    ("lunge", "trunk_lean"): ("trunk", "shoulder", "hip", "chest"),
    ("push_up", "hips_sag"): ("hip", "belly", "shoulder", "heel", "back"),
    ("push_up", "hips_pike"): ("hip", "shoulder", "heel", "belly"),
    ("push_up", "elbows_flared"): ("elbow", "shoulder", "side", "arm"),
    ("push_up", "too_shallow"): ("chest", "elbow", "arm"),
}
# Which of them an order may move.
_MOVED: dict[tuple[str, str], tuple[str, ...]] = {
    ("squat", "too_shallow"): ("hip", "thigh", "knee", "leg"),
    ("squat", "knees_inward"): ("knee",),
    ("squat", "feet_too_close"): ("foot",),
    ("squat", "forward_lean"): ("trunk", "chest", "back", "shoulder"),
    ("squat", "knees_past_toes"): ("hip", "heel", "knee"),
    ("lunge", "too_high"): ("knee", "hip"),
    ("lunge", "knee_past_toe"): ("knee", "shin"),
    ("lunge", "trunk_lean"): ("trunk", "shoulder", "chest", "hip"),
    ("push_up", "hips_sag"): ("hip", "belly", "shoulder"),
    ("push_up", "hips_pike"): ("hip", "shoulder"),
    ("push_up", "elbows_flared"): ("elbow", "arm"),
    ("push_up", "too_shallow"): ("chest", "elbow", "arm"),
}
_JOINTS = {"foot_index": "toe", "big_toe": "toe", "small_toe": "toe"}


def part_objections(sentence: Sentence, known: Known) -> Iterator[str]:
    """Parts that were not told, wrong sides, and joints that did not stand out where that is said."""
    words = known.lexicon.parts
    text = words.idioms.sub(lambda match: " " * len(match[0]), sentence.plain)
    own, heat = _own(sentence, known), bool(words.heat.search(text))
    hot = {_part_of(joint)[1] for joint in _hot(known)}
    sided: list[re.Match[str]] = []
    for match in words.pattern.finditer(text):
        if match["side"]:
            sided.append(match)
        elif name_of(match, words) not in own | (hot if heat and not sentence.findings else set()):
            yield f"It names a body part that was not told: {match[0].lower()}."
    yield from _moved(text, known)
    yield from _sides(sided, text, known)


def _moved(text: str, known: Known) -> Iterator[str]:
    """An order that moves a part which does not help against the main fault."""
    main = (known.facts.exercise, known.facts.findings[0].error) if known.facts.findings else ("", "")
    if main not in _MOVED:
        return
    words = known.lexicon.parts
    for order in known.lexicon.subject.finditer(known.without_faults(text)):
        match = words.pattern.match(order.string, order.start("part"))
        if match and not match["side"] and name_of(match, words) not in _MOVED[main]:
            yield f"It moves the wrong part: {order[0].lower()}{match[0].lower()}."


def name_of(match: re.Match[str], words: PartWords) -> str:
    """The common name of a part, in English and singular."""
    found = match["part"].lower()
    return words.names.get(found, found)


def parts_in(text: str, words: PartWords) -> set[str]:
    """The names of all parts in a text."""
    return {name_of(match, words) for match in words.pattern.finditer(words.idioms.sub(" ", text))}


def _own(sentence: Sentence, known: Known) -> set[str]:
    """The parts of the main fault, and of those that the sentence speaks of."""
    found = known.facts.findings[:1] + sentence.findings
    return {part for error in dict.fromkeys(finding.error for finding in found) for part in _parts_of(error, known)}


def _parts_of(error: str, known: Known) -> set[str]:
    near = _NEAR.get((known.facts.exercise, error))
    own = known.words.error(known.facts.exercise, error)
    texts = " ".join((own.name, own.said, own.tip, *own.parts))
    return set(near) if near is not None else parts_in(texts, known.lexicon.parts)


def _hot(known: Known) -> set[str]:
    return {row.joint for row in known.facts.hottest} | set(known.facts.thirds or ())


def _part_of(joint: str) -> tuple[str, str]:
    side, _, part = joint.partition("_")
    return side, _JOINTS.get(part, part)


def _sides(matches: list[re.Match[str]], text: str, known: Known) -> Iterator[str]:
    """A joint with its side stood out over all, or in the part of the movement that is named with it."""
    hot = {_part_of(joint) for joint in _hot(known)}
    words, moments = known.lexicon.parts, _moments(text, known)
    for number, match in enumerate(matches):
        joint = (words.sides[match["side"].lower()], name_of(match, words))
        if joint not in hot:
            other = {part for _, part in hot}
            kind = "the wrong side" if joint[1] in other else "a body part that was not told"
            yield f"It names {kind}: {match[0].lower()}."
        elif joint not in _there(
            _moment_for(match, number, len(matches), moments), known, text if len(matches) == 1 else ""
        ):
            yield f"That is not where it showed most: {match[0].lower()}."


def _moments(text: str, known: Known) -> list[tuple[int, str]]:
    found = [(m.start(), phase) for phase, pattern in known.lexicon.phases.items() for m in pattern.finditer(text)]
    return sorted(found)


def _moment_for(match: re.Match[str], number: int, joints: int, moments: list[tuple[int, str]]) -> tuple[int, str]:
    """The moment that is said of a joint: the one in the same place of the row, else the nearest; "" for none."""
    if not moments:
        return 0, ""
    if len(moments) == joints:
        return moments[number]
    return min(moments, key=lambda row: abs(row[0] - match.start()))


def _there(moment: tuple[int, str], known: Known, text: str) -> set[tuple[str, str]]:
    """The joints that stood out at a moment; the hottest of all where "most of all" goes before it in `text`."""
    facts, (place, phase) = known.facts, moment
    found = {facts.hottest[0].joint} if facts.hottest and phase in ("", facts.hottest_phase) else set()
    overall = place > 0 and known.lexicon.overall.search(text[:place])
    if phase and facts.thirds is not None and not overall:
        found.add(facts.thirds[("beginning", "bottom", "end").index(phase)])
    return {_part_of(joint) for joint in found}
