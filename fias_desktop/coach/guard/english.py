"""English: body parts, moments, praise, comparison, exercises, and words that a coach must not use."""

from __future__ import annotations

import re

from fias_desktop.coach.guard.english_directions import DIRECTIONS
from fias_desktop.coach.guard.english_faults import FAULTS
from fias_desktop.coach.guard.english_numbers import numbers
from fias_desktop.coach.guard.english_unsafe import BANNED
from fias_desktop.coach.guard.lexicon import Length, Lexicon, PartWords, either
from fias_desktop.coach.guard.plain_words import ENGLISH as PLAIN
from fias_desktop.coach.guard.plain_words import ENGLISH_BESIDE as BESIDE

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]?\s+")
_WORD = re.compile(r"[a-z][a-z'-]*")
_CALL = re.compile(r"^\w+\?$")

_SINGLE = """ankle arm belly bottom calf chest chin core ear elbow eye face finger foot forearm glute hand head heel hip
 jaw knee leg neck nose palm rib shin shoulder spine stomach thigh thumb toe torso trunk waist wrist"""
_PART = re.compile(
    r"\b(?:(?P<side>left|right)\s+(?:hand side\s+)?(?:small |big |little |front |back )?)?(?P<part>upper body"
    r"|feet|calves"
    r"|your sides|(?<=\bleft )(?:side|back)|(?<=\bright )(?:side|back)|"
    + "|".join(word for word in _SINGLE.split() if word not in ("bottom", "face"))
    + r"|face(?! the)(?! \w+ wall)|(?<=your )back(?! knee| leg| foot)(?! there)|(?:straight|long|flat|rounded"
    r"|lower|upper) back"
    r"|hamstring|quad|tailbone|lat)(?:s|es)?\b",
    re.IGNORECASE,
)
_NAMES = {
    "feet": "foot", "calves": "calf", "upper body": "trunk", "torso": "trunk", "your sides": "side",
    "stomach": "belly",
    "core": "belly", "straight back": "back", "long back": "back", "flat back": "back", "rounded back": "back",
    "lower back": "back", "upper back": "back",
}  # fmt: skip
PARTS = PartWords(
    pattern=_PART,
    names=_NAMES,
    sides={"left": "left", "right": "right"},
    idioms=either(
        r"\beyes on\b", r"\b(?:drew|draws|caught) (?:the|my) eye\b", r"\b(?:kept|keep) an eye on\b",
        r"\beye-catching\b",
        r"\bkeep your (?:head|chin) up(?=[,!])", r"\bhead to (?:foot|toe)\b", r"\bon the other hand\b",
        r"\bby heart\b",
        r"\btimes the ankle spacing\b", r"\bshoulder widths?\b", r"\btorso lengths?\b", r"\bhead start\b",
        r"\bback (?:on track|in the)\b", r"\bgive (?:yourself|you) a hand\b", r"\bhigh five\b", r"\bat hand\b",
        r"\bget back\b", r"\bface of it\b", r"\bheads? up:", r"\bstep by step\b",
    ),
    heat=either(
        r"\bstood out\b", r"\bstands? out\b", r"\bshow\w*\b", r"\bdrew\b", r"\battention\b", r"\btold me\b",
        r"\btells?\b", r"\blook\w*\b", r"\bmind on\b", r"\bwatch\b", r"\ball (?:in|about) your\b", r"\bseen?\b",
        r"\bsaw\b", r"\bmost\b", r"\bnotice\w*\b", r"\bat the (?:beginning|bottom|end)\b", r"\beye\b",
        r"\bfocus\w*\b",
        r"\bcame from\b", r"\bworked\b",
    ),
)  # fmt: skip

_EX_OTHER = (
    r"\b(?:dead ?lift|plank|burpee|sit[- ]?up|crunch|pull[- ]?up|chin[- ]?up|jumping jack|bench press"
    r"|step[- ]?up|swing"
    r"|bridge|curl|dip(?=s?\b(?!\s+(?:your|the)))|jump|leg press|shoulder press|row(?=s\b)|sprint|thruster"
    r"|clean and jerk"
    r"|snatch|mountain climber|hip thrust|calf raise|split jump|wall sit)(?:s|es|ed|ing)?\b"
)


def tidy(text: str) -> str:
    """The text without what only typography put in."""
    return text.strip().replace("’", "'").replace("‘", "'")


def split(text: str) -> list[str]:
    """The sentences; a call of one word ("Ready?") belongs to the one after it."""
    found: list[str] = []
    for part in _SENTENCE_END.split(tidy(text)):
        if found and _CALL.match(found[-1]):
            found[-1] += " " + part
        elif part:
            found.append(part)
    return found


def foreign(text: str) -> str:
    """What does not belong into an English text."""
    odd = next(
        (c for c in text if (not c.isprintable() and c != "\n") or 0x24F < ord(c) < 0x2010 or ord(c) > 0x2122), ""
    )
    if not odd:
        return ""
    east = 0x2E80 <= ord(odd) <= 0xFFEF
    return "it is not all in English" if east else "it has unreadable characters"


def strange(text: str) -> str:
    """The first word of a text that is none of the plain ones."""
    return next((word for word in _WORD.findall(text.lower()) if word not in PLAIN), "")


def strange_beside(text: str) -> str:
    """The same for what stands beside a fact, where a little more may be said."""
    return next((word for word in _WORD.findall(text.lower()) if word not in PLAIN and word not in BESIDE), "")


LEXICON = Lexicon(
    language="en",
    tidy=tidy,
    split=split,
    count_words=lambda text: len(text.split()),
    foreign=foreign,
    strange=strange,
    strange_beside=strange_beside,
    numbers=numbers,
    summary=Length((2, 4), (5, 100)),
    answer=Length((1, 3), (3, 90)),
    closed=(".", "!", "?"),
    faults=FAULTS,
    directions=DIRECTIONS,
    parts=PARTS,
    this_fault=either(
        r"\b(?:this|that|the same|the|one|main) (?:fault|error|mistake|point)\b", r"\bthis came back\b",
        r"\bit (?:was|came|happened|showed)"
        r" (?:up )?in\b",
    ),
    overall=either(r"\b(?:most(?: of (?:all|that|it))?|above all|mainly|especially|mostly),?\s*$"),
    subject=re.compile(
        r"\b(?:push|press|let|bring|move|pull|squeeze|turn|point|keep|guide|draw|send|take|bend|set|give|put"
        r"|place|hold|drive|open"
        r"|spread|close|drop|lower|lift|raise|sink|tighten|tuck|brace|feel|straighten|relax|lean"
        r"|stack)\s+(?:(?:both|the|your|each|all)\s+)*"
        r"(?=(?P<part>(?:front |back )?\w+(?: body)?))", re.IGNORECASE,
    ),
    denied_before=either(
        r"\b(?:no|never|without|no longer|none|neither|nor|nothing|free of|didn't|did not|were not|was not|weren't"
        r"|wasn't|not once)\b(?! (?:other|one|let|more than))[^.,:;]{0,30}$",
    ),
    denied_inside=either(r"\b(?:did not|didn't|never|were not|weren't|was not|wasn't|no longer|not once)\b"),
    tells=either(r"\b(?:was|were|fell|went|came|got|sank|did|\w+(?:ed|ing))\b"),
    warned=either(
        r"\b(?:do not|don't|never|not to|avoid|to stop|instead of|rather than|without|against|keep\w* from"
        r"|prevent|no longer"
        r"|must not|should not|shouldn't|nor|no)\b[^.,;:!]{0,30}$",
    ),
    caused=either(r"\b(?:let|make|allow|help|get)\s+(?:(?:both|your|the|of)\s+)*$"),
    undone=either(r"\b(?:do not|don't|never|(?<!knee )stop|no need to|avoid|instead of|rather than)\b (?!let)"),
    part_of_sentence=either(r"[^,;:]+"),
    turned=either(r"\b(?:rather than|instead of|not|never|from|when|as|because|since|that|which)\b|n't\b"),
    kept=either(r"\b(?:keep\w*|kept|hold|held|stay\w*|continue|still|good|well|same|like|fine|right)\b"),
    unmeasured=either(
        r"\btoo (?:fast|slow|quick|quickly|slowly|wide|heavy|jerky|far apart|hard|tense|loose|stiff)\b",
        r"\brush(?:ed|ing)\b", r"\boff balance\b", r"\bwobbl\w+", r"\bunstable\b", r"\blost (?:your )?balance\b",
        r"\bheels? (?:lift\w*|came|come|rise|rising|rose)", r"\bround(?:ed|ing)\b", r"\black of\b",
        r"\blook(?:ed|ing) (?:down|up)\b", r"\block(?:ed|ing)\b", r"\basymmetr\w+", r"\bcompensat\w+", r"\btension\b",
        r"\b(?:held|lost|holding|short of) (?:your )?breath", r"\bbreath(?:ed|ing) (?:was|too)\b", r"\blopsided\b",
        r"\bheart rate\b", r"\btwist(?:ed|ing)\b", r"\bbounc(?:ed|ing)\b", r"\bone side\b",
    ),
    measures=either(
        r"\b(?:ankle|arm|back|belly|hand|calf|chest|elbow|foot|hand|head|heel|hip|knee|leg|neck|shin|shoulder|thigh|toe"
        r"|torso|trunk"
        r"|wrist|spine|body|upper body)s? (?:angles?|spacing|travel(?! further| past| over| beyond| down)"
        r"|distance|rotation|width)\b",
    ),
    phases={
        "beginning": either(r"\bat the (?:very )?(?:beginning|start|top)\b", r"\bon the way down\b", r"\bearly in\b"),
        "bottom": either(r"\bat the (?:very )?(?:bottom|lowest|deepest)\b", r"\b(?:lowest|deepest) point\b"),
        "end": either(r"\bat the (?:very )?end\b", r"\bon the way (?:back )?up\b", r"\bcoming (?:back )?up\b"),
    },
    exercises={
        "squat": either(r"\bsquat\w*"),
        "lunge": either(r"\blung\w+"),
        "push_up": either(r"\b(?:push|press)[- ]?ups?\b"),
        "another exercise": either(_EX_OTHER),
    },
    flawless=either(
        r"\b(?:a|was|were|is|so|just|all|simply) perfect\w*|\bperfect (?:set|form|score|work|technique)|\bflawless\w*"
        r"|(?<!above )(?<!of )(?<!at )(?<!before )(?<!after )\b(?:all|every|each)\b(?! the| your| way| in"
        r"| about| of me)[^.,:;]{0,44}"
        r"\b(?:correct|clean|right(?! (?:knee|hip|ankle|elbow|shoulder|wrist|heel|toe|foot|ear|eye))|good|fine"
        r"|perfect)\b",
        r"\ban? (?:clean|correct|tidy|good) (?:squat|lunge|push-?up|repetition|rep)\b(?=\s*[,.!:;]|$| to start)",
        r"\bnothing (?:to (?:fix|correct|change|improve)|went wrong)\b", r"\bclean set\b", r"\ball correct\b",
        r"\bnot a single (?:fault|error|mistake)\b",
        r"\b(?:no|without (?:a|any|one)) (?:mistake|slip)s?\b", r"\b100 percent\b", r"\bnailed (?:all|every)\b",
    ),
    no_fault=either(r"\b(?:no|zero|without(?: any| a)?) (?:faults?|errors?|mistakes?"
        r"|problems?)\b(?! (?:was )?worse)"),
    none_correct=either(
        r"\bnone\b[^.,:;]{0,24}\b(?:correct|clean|right|good)\b", r"\bnot one\b[^.,:;]{0,24}\b(?:correct|clean"
        r"|right)\b",
        r"\bno (?:correct|clean|good) (?:repetition|rep|squat|lunge|push)",
    ),
    good_form=either(
        r"\b(?:good|great|clean|correct|excellent|nice|solid) (?:form|technique)\b", r"\bwell done\b",
    ),
    good_value=either(
        r"\b(?:great|fine|pleased|happy|glad|well done|just what|nice|proud|perfect)\b",
        r"\bgood\b(?! (?:squat|lunge|push))",
    ),
    compared=either(
        r"\blast (?:time|set)\b", r"\b(?:previous|earlier) (?:set|time)\b", r"\bset before\b", r"\bthan before\b",
        r"\bimproved\b", r"\bimprovement\b", r"\bprogress\b", r"\ba (?:small |little |big )?step (?:forward|back)\b",
    ),
    no_last=either(
        r"\b(?:no|not an?) (?:last|earlier|previous|prior|other|former) (?:set|one|time)\b",
        r"\bnothing (?:else )?to compare\b",
        r"\b(?:cannot|can't|can not|could not) compare\b", r"\bbefore (?:I|we) can compare\b", r"\bfirst set\b",
        r"\bno last\b", r"\bnot .{0,20}compare\b",
    ),
    last_better=either(
        r"\b(?:last|previous|earlier) (?:set|time|one) (?:was|went|looked) (?:a (?:bit|little) |much )?"
        r"(?:better|stronger|cleaner|ahead)\b",
    ),
    last_worse=either(
        r"\b(?:last|previous|earlier) (?:set|time|one) (?:was|went|looked|had) (?:a (?:bit|little) |much )?"
        r"(?:worse|weaker|behind|slipped|less|fewer|a (?:small |little )?step back|not (?:as|so) (?:good|clean))\b",
    ),
    trends={
        "better": either(
            r"\bbetter\b(?! view| look)", r"\bimprove(?:d|ment|s)?\b", r"\bprogress\b", r"\bstep forward\b",
            r"\bup from\b",
            r"\bgain\b", r"\bahead of\b", r"\bmore (?:correct|clean)", r"\bgoing up\b", r"\bwent up\b",
        ),
        "worse": either(
            r"\bworse\b", r"\bstep back\b", r"\bdown from\b", r"\bslipped\b", r"\bfewer\b", r"\bbelow\b",
            r"\bbehind\b",
            r"\bget back there\b", r"\bfight back\b", r"\bwent down\b", r"\bgoing down\b",
        ),
        "same": either(
            r"(?<!do )(?<!look )(?<!repeat )(?<!move )(?<!, )\bthe same\b(?! (?:way|movement|form|pace|calm"
            r"|again in|thing))", r"\bsame level\b", r"\bequal\w*",
            r"\bnow \d+ of \d+[,:;]?(?: correct[,:;]?)? the same\b",
            r"\bunchanged\b", r"\bjust like the last\b", r"\bno change\b", r"\blevel (?:with|of) the last\b",
        ),
    },
    steady=either(
        r"(?<!un)(?<!not )(?<!more )(?<!stay )(?<!keep )(?<!be )(?<!a )\b(?:steady|consistent|regular)\b"
        r"(?! (?:pace|rhythm|tempo|breath))",
        r"\bhardly changed\b", r"\b(?:were|was|looked) (?:all |much |very )?alike\b",
    ),
    uneven=either(r"\b(?:uneven|inconsistent|irregular|unsteady|varied|differed|changed by|not (?:very )?steady)\b"),
    banned=BANNED,
)  # fmt: skip
