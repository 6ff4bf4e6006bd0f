"""English: the numbers of a sentence, and what each of them is said to be."""

from __future__ import annotations

import re
from dataclasses import replace

from fias_desktop.coach.guard import lexicon as kind
from fias_desktop.coach.guard.lexicon import Number, Numbers, Pair

_SMALL = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
 eighteen nineteen twenty"""
_WORDS = {word: i for i, word in enumerate(_SMALL.split(), start=2)} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
    "dozen": 12, "twice": 2,
}  # fmt: skip
_TENTH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ORDINALS = {word: i for i, word in enumerate(_TENTH.split(), start=1)}
_EXERCISE = r"(?:squats?|lunges?|push-?ups?|repetitions?|reps?)"
_ANY = rf"\d+|one|{'|'.join(_WORDS)}"
_NUMBER = re.compile(rf"(?<![\w.])(?:(?P<digits>\d+(?:[.,]\d+)?)|(?P<word>{'|'.join(_WORDS)})\b)", re.IGNORECASE)
_ORDINAL = re.compile(
    rf"\b(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<digits>\d+)(?:st|nd|rd|th))\s+{_EXERCISE}", re.IGNORECASE
)
# "from the first repetition on" and "a first full squat" are no numbers.
_FREE = re.compile(r"\b(?:from|since|until|with|a|that|need|get|for) (?:the |your |a |that )?$", re.IGNORECASE)
_WHOLE_NUMBER = rf"\d+|{'|'.join(_WORDS)}"
_PAIR = re.compile(
    rf"(?<![\w.])(?P<part>{_ANY}) (?:out )?of (?:your |the |those |these |all )?"
    rf"(?P<whole>{_WHOLE_NUMBER})(?![\w.]\d|\w)",
    re.IGNORECASE,
)
_RATIOS = {
    "times": ("knee_ankle_ratio",), "shoulder": ("foot_spread",), "torso": ("knees_past_toes", "knee_past_toe"),
}  # fmt: skip
_UNIT = re.compile(
    r"\s?(?P<ratio>(?P<measure>times|shoulder|torso)(?: the ankle spacing| widths?| lengths?))\b"
    r"|\s?-?(?P<deg>degrees?\b|deg\b|°)|\s?(?P<percent>%|percent\b|per cent\b)|\s?(?P<s>seconds?\b|secs?\b|s\b)"
    r"|\s?(?P<other>(?:centi|milli|kilo)?met(?:re|er)s?|cm|mm|km|m|inch(?:es)?|kg|kilos?|kilograms?|pounds?|lbs?"
    r"|minutes?|mins?|hours?|days?|weeks?|ms|milliseconds?|rad|radians?|calories|kcal|bpm|points?|sets)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:to|and|-|–)\s?\d+(?:[.,]\d+)?")
_REPETITION = re.compile(rf"\b{_EXERCISE}\s+(?:number\s+|no\.?\s+|#)?(?:\d+\s*(?:,|and|&|or|to)+\s*)*$", re.IGNORECASE)
_LOW = re.compile(
    r"\b(?:at least|no less than|not less than|(?:a )?minimum of|more than|above|over)\s+(?:about\s+)?$", re.I
)
_HIGH = re.compile(
    r"\b(?:at most|no more than|not more than|up to|(?:a )?maximum of|less than|below|under)\s+(?:about\s+)?$", re.I
)
_BOUND = re.compile(
    r"\b(?:aim (?:for|is)|target (?:is|of)|should be|expect(?:ed)?(?: range)?(?: of| is)?|between|goal (?:is|of)"
    r"|(?:between|from) [\d.]+(?: degrees)? (?:and|to)|want|need)\s+$",
    re.I,
)
_BOUND_AFTER = re.compile(
    r"^\s*(?:or (?:less|more)|(?:is|are|was) (?:expected|the (?:goal|aim|target|limit)|wanted)|expected)\b"
)
_SPREAD = re.compile(r"\b(?:within|by|spread (?:of|was))\s+(?:only |just |about )?$", re.I)

_CORRECT = re.compile(
    rf"^(?:\s+of (?:them|those|these|which))?(?:\s+{_EXERCISE})?(?:,)?(?:\s+(?:were|was|came out|looked|done"
    rf"|are|is|all))*"
    r"\s+(?:correct|clean|right|good|fine|met the mark|passed|pleased|went well|as they are|done right)\b",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(rf"^\s+(?:clean|correct|good|right|tidy|great)\s+{_EXERCISE}", re.IGNORECASE)
_CALLED = re.compile(r"\bcall(?:ed)?\s+$", re.IGNORECASE)
_COUNTED = re.compile(rf"^\s+(?:full |more )?(?:{_EXERCISE}\b|counted\b)", re.IGNORECASE)
_REJECTED = re.compile(
    rf"^(?:\s+(?:more|others?|of them|tries|attempts|{_EXERCISE}))*(?:\s+that)?\s+"
    r"(?:(?:was|were|are|is) (?:also )?not (?:counted|complete|full)|not (?:counted|complete|full)|did(?: not"
    r"|n't) count|left out)",
    re.IGNORECASE,
)
_REJECTED_BEFORE = re.compile(
    r"\b(?:another|besides,?|left out|plus|not counted:|tried|rejected|missed)\s+$", re.IGNORECASE
)
_OFTEN = re.compile(r"^\s+times\b", re.IGNORECASE)
_IN = re.compile(r"\bin\s+(?:only |just )?$", re.IGNORECASE)
_WHOLE = re.compile(r"\b(?:none|one|all|out) of (?:your |the |these |those )?$|\b(?:in )?all\s+$", re.IGNORECASE)
_NO_ONE = re.compile(r"\bnone of (?:your |the |these |those )?$", re.IGNORECASE)
_PAIR_CORRECT = re.compile(
    r"^[^.,;:]{0,32}\b(?:correct|clean|good|met the mark|well|pleased|right(?! (?:knee|hip|ankle|elbow|shoulder"
    r"|wrist|heel"
    r"|toe|foot|side|ear|eye|at)))\b",
    re.IGNORECASE,
)
_FAULTY = r"(?:wrong|incorrect|faulty|bad|poor|unclean|not (?:correct|clean|right|good)|failed|missed the mark)\b"
_WRONG = re.compile(
    rf"^(?:\s+of (?:them|those|these|which))?(?:\s+{_EXERCISE})?"
    rf"(?:\s+(?:were|was|are|is|came out|looked|all))*\s+{_FAULTY}",
    re.IGNORECASE,
)
_NOT = re.compile(r"\bnot\b|n't\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|previous) (?:set|time)\b|\bthen\b", re.IGNORECASE)
_LAST_BEFORE = re.compile(
    r"\blast (?:set|time)[,:]?(?: (?:was better|was the same|had(?: it)?|showed|it was|when|with|which had|in"
    r"|of|correct))*"
    r"[,:]? ?$|\bfrom $",
    re.IGNORECASE,
)
_LAST_AFTER = re.compile(
    r"^(?: correct)? (?:in|from) the last set|^ (?:correct )?last set|^ (?:with [\w ]{3,60} )?then\b", re.I
)
_NOW = re.compile(r"\bnow\b|\bthis (?:set|time|one)\b", re.IGNORECASE)
_CHUNK = re.compile(r"[,;:]| and | to ")


def numbers(sentence: str) -> Numbers:
    """The numbers of a sentence."""
    taken: list[tuple[int, int]] = []
    found: list[Number] = []
    for match in _ORDINAL.finditer(sentence):
        taken.append(match.span())
        value = int(match["digits"]) if match["digits"] else _ORDINALS[match["word"].lower()]
        if value > 1 or not _FREE.search(sentence[: match.start()]):
            found.append(Number(match[0], value, "repetition"))
    pairs = [match for match in _PAIR.finditer(sentence) if _is_pair(sentence, match)]
    taken += [match.span() for match in pairs]
    rest = (match for match in _NUMBER.finditer(sentence) if not any(a <= match.start() < b for a, b in taken))
    found += [replace(_single(sentence, match), at=match.start()) for match in rest]
    return Numbers(tuple(found), tuple(_pair(sentence, match, pairs) for match in pairs))


def _is_pair(sentence: str, match: re.Match[str]) -> bool:
    """ "every one of your 8" is no pair."""
    every = re.search(r"\b(?:every|each|any|no|single)\s+$", sentence[: match.start()], re.IGNORECASE)
    return not every and not _UNIT.match(sentence, match.end())


def _amount(word: str) -> int:
    return int(word) if word.isdigit() else {"one": 1, **_WORDS}[word.lower()]


def _single(sentence: str, match: re.Match[str]) -> Number:
    before, after, shown = sentence[: match.start()], sentence[match.end() :], match[0]
    value = float(shown.replace(",", ".")) if match["digits"] else float(_WORDS[shown.lower()])
    unit, quantities, rest = _unit_after(after)
    if unit in ("other", "percent"):
        return Number(shown, value, unit)
    if unit:
        return Number(shown, value, "measured", _measured_role(before, rest), unit, quantities)
    if _REPETITION.search(before):
        return Number(shown, value, "repetition")
    if "." in shown and (re.match(r"\s+of\b", after) or re.search(r"\bof $", before) or _COUNTED.match(after)):
        return Number(shown, value, "count", kind.COUNTED)
    role = _measured_role(before, rest)
    if role in (kind.LOW, kind.HIGH, kind.BOUND) or (not shown.isdigit() and match["digits"]):
        return Number(shown, value, "measured", role)
    return Number(shown, value, "count", _count_role(before, after))


def _unit_after(rest: str) -> tuple[str, tuple[str, ...], str]:
    """The unit after a number, the quantities that it belongs to, and what follows; a range's end speaks for its
    start."""
    span = _RANGE.match(rest)
    match = _UNIT.match(rest) or (_UNIT.match(rest[span.end() :]) if span else None)
    if match is None:
        return "", (), rest
    unit = next(name for name in ("ratio", "deg", "percent", "s", "other") if match[name])
    quantities = _RATIOS[match["measure"].lower()] if match["measure"] else ()
    return unit, quantities, rest[match.end() :]


def _measured_role(before: str, rest: str) -> str:
    if _LOW.search(before):
        return kind.LOW
    if _HIGH.search(before):
        return kind.HIGH
    if _BOUND.search(before) or _BOUND_AFTER.match(rest):
        return kind.BOUND
    return kind.SPREAD if _SPREAD.search(before) else kind.VALUE


def _count_role(before: str, after: str) -> str:
    if _WRONG.match(after) and not _NO_ONE.search(before):
        return kind.WRONG
    if _WHOLE.search(before):
        return kind.COUNTED
    if _REJECTED.match(after) or _REJECTED_BEFORE.search(before):
        return kind.REJECTED
    if _ADJECTIVE.match(after) or _CALLED.search(before) or _says_correct(_CORRECT, after):
        return kind.CORRECT
    if _OFTEN.match(after):
        return kind.OFTEN
    if _COUNTED.match(after):
        return kind.OFTEN if _IN.search(before) else kind.COUNTED
    return kind.ANY


def _says_correct(pattern: re.Pattern[str], after: str) -> bool:
    match = pattern.match(after)
    return match is not None and not _NOT.search(match[0])


def _pair(sentence: str, match: re.Match[str], pairs: list[re.Match[str]]) -> Pair:
    after = sentence[match.end() :]
    role = kind.CORRECT if _says_correct(_PAIR_CORRECT, after) else kind.WRONG if _WRONG.match(after) else kind.ANY
    return Pair(match[0], _amount(match["part"]), _amount(match["whole"]), role, _when(sentence, match, pairs))


def _when(sentence: str, match: re.Match[str], pairs: list[re.Match[str]]) -> str:
    """Whether a pair is said of the last set or of this one: of two pairs, the one in whose part the words stand."""
    if not _LAST.search(sentence):
        return ""
    if len(pairs) != 2:
        before = _LAST_BEFORE.search(sentence[: match.start()])
        return kind.LAST if before or _LAST_AFTER.match(sentence[match.end() :]) else ""
    border = _CHUNK.search(sentence, pairs[0].end())
    cut = border.start() if border and border.start() < pairs[1].start() else pairs[0].end()
    head = sentence[:cut]
    last, now = bool(_LAST.search(head)), bool(_NOW.search(head))
    if last == now:
        last = not _LAST.search(sentence[cut:])
    return kind.LAST if last == (match is pairs[0]) else kind.NOW
