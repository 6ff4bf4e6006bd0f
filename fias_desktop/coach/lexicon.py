"""What the checker listens for: patterns of body parts, faults, exercises, comparisons, unwanted words."""

from __future__ import annotations

import re

PARTS: tuple[str, ...] = (
    "ankle", "arm", "back", "belly", "body", "bottom", "calf", "chest", "chin", "core", "ear", "elbow", "eye", "face",
    "finger", "foot", "forearm", "glute", "hand", "head", "heel", "hip", "knee", "leg", "neck", "rib", "shin",
    "shoulder", "side", "spine", "stomach", "thigh", "toe", "torso", "trunk", "waist", "wrist",
)  # fmt: skip
_PLURALS = {"feet": "foot", "calves": "calf"}
# Words that name a part only in some places: "upper body" does, "whole body" and "body line" do not; "at the bottom"
# is a moment, "front side" no flank.
PART_PATTERN = re.compile(
    r"\b(?:(?P<side>left|right)\s+)?(?P<part>upper body|feet|calves|your sides|"
    + "|".join(p for p in PARTS if p not in ("body", "bottom", "side", "back", "face"))
    + r"|face(?! the)|(?<=your )back(?! knee| leg| foot)|(?:straight|long|flat|rounded|lower|upper) back)(?:s|es)?\b",
    re.IGNORECASE,
)


def part_name(match: re.Match[str]) -> str:
    """The singular body part of a match of `PART_PATTERN`."""
    word = match["part"].lower()
    if word.endswith("back"):
        return "back"
    return {"upper body": "trunk", "torso": "trunk", "your sides": "side", "stomach": "belly"}.get(
        word, _PLURALS.get(word, word)
    )


_LEAN = (
    r"\b(?:lean|lean(?:ed|t|ing)|tipp(?:ed|ing)|tilt(?:ed|ing)?|bent|fell|falling)\b[^.]{0,18}\b(?:forward|over|far)\b"
    r"|\b(?:torso|chest|upper body|trunk|back)\b[^.]{0,28}\b(?:forward|lean(?:ed|t|ing)?|tipped|tilted)\b"
)
_SHALLOW = (
    r"\btoo shallow\b|\bnot\b[^.]{0,18}\b(?:deep|low|far)\b[^.]{0,5} enough|\black(?:ed|ing|s)?\b[^.]{0,10}depth"
    r"|\b(?:missing|more|little) depth\b|\bstopped? (?:too )?(?:high|early)|\bstayed? (?:a (?:bit|little) )?too high"
)
_PAST_TOES = r"\bknees?\b[^.]{0,45}\b(?:past|beyond|ahead of|in front of)\b[^.]{0,10}\b(?:toe|foot|feet)"

FAULTS: dict[tuple[str, str], re.Pattern[str]] = {
    key: re.compile(pattern, re.IGNORECASE)
    for key, pattern in {
        ("squat", "too_shallow"): _SHALLOW,
        ("squat", "knees_inward"): r"\bknees?\b[^.]{0,28}\b(?:inwards?|cav(?:ed?|ing)|collaps\w*|buckl\w*|together"
        r"|drift(?:ed|ing)? in|fell in|falling in|move[d]? in|toward each other)\b",
        ("squat", "feet_too_close"): r"\b(?:feet|foot|stance|stood)\b[^.]{0,24}\b(?:close|narrow)\w*",
        ("squat", "forward_lean"): _LEAN,
        ("squat", "knees_past_toes"): _PAST_TOES,
        ("lunge", "too_high"): _SHALLOW + r"|\bback knee\b[^.]{0,25}\bhigh\b|\btoo high (?:up )?at the bottom",
        ("lunge", "knee_past_toe"): _PAST_TOES,
        ("lunge", "trunk_lean"): _LEAN,
        ("push_up", "hips_sag"): r"\bhips?\b[^.]{0,22}\b(?:sag\w*|sank|sink\w*|dropp?\w*|dipp?\w*)\b"
        r"|\bback\b[^.]{0,15}\b(?:arch\w*|sagg?\w*|hollow)\b|\barched back\b",
        ("push_up", "hips_pike"): r"\bhips?\b[^.]{0,24}\b(?:pik\w*|too high|high up|raised|in the air)\b",
        ("push_up", "elbows_flared"): r"\belbows?\b[^.]{0,26}\b(?:flar\w*|wide|out to the sides?|outwards?|away)\b",
        ("push_up", "too_shallow"): _SHALLOW + r"|\bchest\b[^.]{0,25}\btoo high\b",
    }.items()
}
# Faults nobody measured: a coach may not invent them.
UNMEASURED = re.compile(
    r"\btoo (?:fast|slow|quick|quickly|slowly|wide|heavy|jerky|far apart)\b|\brush(?:ed|ing)\b|\boff balance\b"
    r"|\bwobbl\w+|\bunstable\b|\bheels? (?:lift\w*|came|come|rise|rising|rose)|\bround(?:ed|ing)\b|\black of\b"
    r"|\blook(?:ed|ing) (?:down|up)\b|\block(?:ed|ing)\b|\basymmetr\w+|\bcompensat\w+|\btension\b|\bbreath\w*",
    re.IGNORECASE,
)
DENIED_BEFORE = re.compile(
    r"\b(?:no|never|without|no longer|none|neither|nor|nothing|free of|didn't|did not|were not|was not|weren't|wasn't"
    r"|not once)\b[^.]{0,30}$",
    re.IGNORECASE,
)
DENIED_INSIDE = re.compile(
    r"\b(?:did not|didn't|never|were not|weren't|was not|wasn't|no longer|not once)\b", re.IGNORECASE
)
# Inside these "not" belongs to the fault itself ("did not go deep enough").
NEGATIVE_FAULTS = ("too_shallow", "too_high")

EXERCISES: dict[str, re.Pattern[str]] = {
    "squat": re.compile(r"\bsquat\w*", re.IGNORECASE),
    "lunge": re.compile(r"\blung\w+", re.IGNORECASE),
    "push_up": re.compile(r"\b(?:push|press)[- ]?ups?\b", re.IGNORECASE),
    "another exercise": re.compile(
        r"\b(?:dead ?lift|plank|burpee|sit[- ]?up|crunch|pull[- ]?up|chin[- ]?up|jumping jack|bench press|step[- ]?up"
        r"|swing|bridge|curl|dips)s?\b",
        re.IGNORECASE,
    ),
}

FLAWLESS = re.compile(
    r"\bperfect\w*|\bflawless\w*|\b(?:all|every|each)\b(?! the| your| way)[^.,]{0,28}"
    r"\b(?:correct|clean|right|good|fine)\b"
    r"|\bno (?:faults?|errors?|mistakes?|problems?)\b|\bnothing to (?:fix|correct|change|improve)\b|\bclean set\b",
    re.IGNORECASE,
)
GOOD_FORM = re.compile(
    r"\b(?:good|great|clean|correct|excellent|nice|solid) (?:form|technique)\b|\bwell done\b", re.IGNORECASE
)
COMPARED = re.compile(
    r"\blast (?:time|set)\b|\b(?:previous|earlier) (?:set|time)\b|\bset before\b|\bthan before\b|\bimproved\b"
    r"|\bimprovement\b|\bprogress\b|\ba (?:small |little )?step (?:forward|back)\b",
    re.IGNORECASE,
)
TRENDS: dict[str, re.Pattern[str]] = {
    "better": re.compile(
        r"\bbetter\b|\bimprove\w*|\bprogress\b|\bstep forward\b|\bup from\b|\bgain\b|\bahead of\b"
        r"|\bmore (?:correct|clean)",
        re.IGNORECASE,
    ),
    "worse": re.compile(
        r"\bworse\b|\bstep back\b|\bdown from\b|\bslipp\w*|\bfewer\b|\bbelow\b|\bbehind\b", re.IGNORECASE
    ),
    "same": re.compile(r"\bsame\b|\bequal\w*|\bunchanged\b|\bjust like\b|\bno change\b|\blevel with\b", re.IGNORECASE),
}
STEADY = re.compile(
    r"\b(?:was|were|stayed|looked|remained|very|nicely)\b[^.]{0,25}\b(?:steady|consistent|alike|regular)\b",
    re.IGNORECASE,
)
UNEVEN = re.compile(r"\b(?:uneven|inconsistent|irregular|varied|differed|changed)\b", re.IGNORECASE)

PHASES: dict[str, re.Pattern[str]] = {
    "beginning": re.compile(r"\bat the (?:beginning|start|top)\b|\bon the way down\b|\bearly in\b", re.IGNORECASE),
    "bottom": re.compile(r"\bat the (?:bottom|lowest|deepest)\b|\b(?:lowest|deepest) point\b", re.IGNORECASE),
    "end": re.compile(r"\bat the end\b|\bon the way (?:back )?up\b|\bcoming (?:back )?up\b", re.IGNORECASE),
}

MEDICAL = re.compile(
    r"\b(?:injur\w+|pain\w*|hurt\w*|ach(?:e|es|ing)|sore\w*|treat\w*|therap\w*|doctors?|physicians?|diagnos\w*|medic\w*"
    r"|heal|healing|heals|rehab\w*|tendon\w*|ligament\w*|menisc\w*|arthrit\w*|discs?|strain\w*|sprain\w*|damag\w*"
    r"|inflam\w*|risks?|risky|danger\w*|surg\w*|pressure|wear and tear|unhealthy|weakness|disorder|condition)\b",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(?:salien\w+|grad-?cam|heat ?maps?|neural|networks?|classif\w*|class|probab\w*|logits?|confiden\w*|model|valgus"
    r"|varus|flexion|extension|kinematic\w*|kinetic|biomechan\w*|activat\w*|sagittal|lumbar|lordosis|abduction"
    r"|adduction|keypoints?|algorithm|dataset|prompt|json|ratio)\b",
    re.IGNORECASE,
)
MARKUP = re.compile(r"[<>{}\[\]|*#_`~\\@]|https?:|www\.|\n\s*[-•\d]+[.)]?\s|\b(?:Set|Fault|Good|Hottest|Seen as):")
