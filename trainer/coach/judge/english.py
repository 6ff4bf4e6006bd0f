"""How English texts about a set are read."""

from __future__ import annotations

import re

from trainer.coach.judge.lexicon import Lexicon, any_of, ways
from trainer.coach.judge.numbers import AMOUNT, COUNT, HIGH, LOW, PAIR, REPETITION, Pattern

_N = r"(?P<a>\d+(?:\.\d+)?)"
_OF = r"(?: clean| full| good| correct)*"
NUMBERS: tuple[Pattern, ...] = (
    (REPETITION, re.compile(r"\brep(?:etition)?s?(?: number| no\.)? (?P<a>\d+)\b", re.IGNORECASE)),
    (REPETITION, re.compile(r"\b(?P<a>\d+)(?:st|nd|rd|th)\b")),
    (LOW, re.compile(rf"\b(?:at least|no less than|not less than|a minimum of|more than|above|over) {_N}", re.I)),
    (
        HIGH,
        re.compile(rf"\b(?:at most|no more than|not more than|a maximum of|up to|less than|below|under) {_N}", re.I),
    ),
    (PAIR, re.compile(r"\b(?P<a>\d+) (?:out )?of (?:your |these |those |the |all )*(?P<b>\d+)\b")),
    (
        AMOUNT,
        re.compile(
            rf"\b{_N}(?P<unit>°| ?%| degrees?\b| seconds?\b| percent\b| times the ankle spacing\b"
            r"| shoulder widths?\b| torso lengths?\b| centimet\w+| inch\w*| cm\b)"
        ),
    ),
    (AMOUNT, re.compile(r"\b(?P<a>\d+\.\d+)(?! ⟦E⟧)")),
    (AMOUNT, re.compile(r"⟦Q.⟧ (?:at |of |was |is |came to |hit |showed )?(?P<a>\d+)\b")),
    (COUNT, re.compile(r"\b(?P<a>\d+(?:\.\d+)?)\b")),
)

# What stands behind or around a count or a pair, and so says what was counted.
EXERCISE = re.compile(rf"^{_OF} ⟦E⟧", re.I)
RIGHT_EXERCISE = re.compile(
    r"^(?: clean| correct| good)+ ⟦E⟧|^ ⟦E⟧(?: were| was| are)?(?: correct| clean| right|"
    r" done right| good)",
    re.I,
)
CORRECT = re.compile(
    r"\b(?:correct|clean|right|well|good|met the mark|passed|pleased|as they are|kept|"
    r"keep|liked|nailed)\b",
    re.I,
)
WRONG = re.compile(r"\b(?:wrong|bad|faulty|incorrect|failed)\b", re.I)
SPREAD = re.compile(r"\b(?:within|by)(?: only)? $", re.I)
REJECTED = re.compile(r"not (?:be )?count|not counted|left out|not complete|not full|\btried\b|incomplete", re.I)
FAULTY = re.compile(r"⟦F.⟧|\bin $", re.I)

_NUMBER_WORDS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_ORDINALS = [
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_COUNTED = r"(?= (?:out )?of\b| squat| lunge| push| rep| degree| second| percent| times| shoulder w| torso l)"
_WORDS = "|".join(_NUMBER_WORDS)
_WORDED = re.compile(rf"\b({_WORDS})\b{_COUNTED}|(?<=\d of )({_WORDS})\b", re.I)
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)}) (?:rep(?:etition)?|squat|lunge|push-up)\b", re.I)


def digits(text: str) -> str:
    """Number words as digits, where something is counted or measured."""
    text = _WORDED.sub(lambda m: str(_NUMBER_WORDS.index(m.group().lower()) + 2), text)
    return _ORDINAL.sub(lambda m: f"repetition {_ORDINALS.index(m.group(1).lower()) + 2}", text)


_PART = (
    r"(shoulder|elbow|wrist|hip|knee|ankle|heel|toe|foot|feet|leg|arm|hand|thigh|calf|"
    r"shin|glute|side|eye|ear)"
    r"(?:s\b|\b)"
)

ENGLISH = Lexicon(
    errors={
        ("squat", "too_shallow"): any_of(
            r"(?:not|n[o’']t|never|without) (?:\w+ ){0,2}(?:deep|low) enough",
            r"too shallow|shallow squat",
            r"lack\w* (?:of )?depth",
            r"cut(?:ting)? (?:\w+ ){0,3}(?:short|depth)",
            r"stopp\w+ (?:\w+ ){0,2}(?:too )?(?:high|early|short)",
        ),
        ("squat", "knees_inward"): any_of(
            r"knees? (?:\w+ ){0,2}(?:cav|fall|fell|mov|went|drift|roll|collaps|dropp|turn|"
            r"point)\w* (?:\w+ )?(?:in|inwards?|together)\b",
            r"knock.?knee|valgus|toward each other",
        ),
        ("squat", "feet_too_close"): any_of(
            r"feet (?:\w+ ){0,3}(?:too )?(?:close|near|narrow)",
            r"(?:narrow|tight) (?:stance|feet)|stance (?:\w+ ){0,2}narrow",
        ),
        ("squat", "forward_lean"): any_of(
            r"(?:upper body|torso|chest|trunk|body) (?:\w+ ){0,3}(?:lean|tip|tipp|fell|fall|bent|"
            r"bend|dropp|hung)\w* (?:\w+ ){0,2}(?:forward|over|down)",
            r"lean\w* (?:\w+ ){0,2}forward",
            r"bent over",
        ),
        ("squat", "knees_past_toes"): any_of(
            r"knees (?:\w+ ){0,4}(?:past|beyond|ahead of|in front of|over) (?:the |your )?toes",
        ),
        ("lunge", "too_high"): any_of(
            r"stay\w* (?:\w+ )?(?:too )?high",
            r"(?:not|n[o’']t|never) (?:\w+ ){0,2}low enough",
            r"too high",
        ),
        ("lunge", "knee_past_toe"): any_of(
            r"front knee (?:\w+ ){0,4}(?:past|beyond|ahead of|in front of|over) (?:the |your )?toes?",
            r"step (?:\w+ ){0,2}too short",
        ),
        ("lunge", "trunk_lean"): any_of(
            r"(?:upper body|torso|chest|trunk) (?:\w+ ){0,3}(?:lean|tip|tilt|fell|fall|"
            r"sway)\w*(?: (?:over|sideways|to the side))?",
            r"lean\w* (?:over|sideways|to (?:one|the) side)",
        ),
        ("push_up", "hips_sag"): any_of(
            r"hips? (?:\w+ ){0,2}(?:sag|sank|sink|dropp|drop|fell|fall|hung|hang)\w*",
            r"(?:lower )?back (?:\w+ )?(?:arch|sagg)\w*",
            r"sagging",
        ),
        ("push_up", "hips_pike"): any_of(
            r"hips? (?:\w+ ){0,3}(?:too high|in the air|up too|stuck up|pik\w+)",
            r"(?:piked|piking)",
            r"hips rose",
        ),
        ("push_up", "elbows_flared"): any_of(
            r"elbows? (?:\w+ ){0,2}(?:flar|wing|point|stuck|stick|went|spread|"
            r"drift)\w* (?:\w+ ){0,2}(?:out|wide|sideways|apart)",
        ),
        ("push_up", "too_shallow"): any_of(
            r"(?:not|n[o’']t|never) (?:\w+ ){0,2}(?:low|deep) enough",
            r"too shallow",
            r"half (?:push-up|rep)s?",
            r"arms (?:\w+ ){0,2}(?:bent|bend) too little",
            r"stopp\w+ (?:\w+ ){0,2}(?:too )?(?:high|early|short)",
        ),
    },
    exercises=any_of(
        r"\bsquat(?:s|ting|ted)?\b",
        r"\blunge(?:s|d)?\b|\blunging\b",
        r"\b(?:push|press)[- ]?ups?\b",
        r"\bdead ?lifts?\b|\bbench ?press\w*|\bpull[- ]?ups?\b|\bchin[- ]?ups?\b|"
        r"\bsit[- ]?ups?\b|\bcrunch\w*|\bplanks?\b|\bburpees?\b"
        r"|\bcurls?\b|\brows?\b|\bdips?\b|\bjumping jacks?\b|\bstep[- ]ups?\b|"
        r"\bhip thrusts?\b|\bkettlebell\w*|\bbridges?\b"
        r"|\bmountain climbers?\b|\bcalf raises?\b|\bshoulder press\w*|\bsnatch\w*|\bwall sits?\b",
    ),
    parts={
        "knee": any_of(r"\bknees?\b"),
        "toe": any_of(r"\btoes?\b"),
        "heel": any_of(r"\bheels?\b"),
        "ankle": any_of(r"\bankles?\b"),
        "foot": any_of(r"\bfoot\b|\bfeet\b"),
        "hip": any_of(r"\bhips?\b"),
        "thigh": any_of(r"\bthighs?\b"),
        "shin": any_of(r"\bshins?\b"),
        "chest": any_of(r"\bchest\b"),
        "back": any_of(r"\b(?:your|the|lower|upper) back\b(?! knee| leg| foot)|\bspine\b"),
        "upper body": any_of(r"\bupper body\b|\btorso\b|\btrunk\b"),
        "shoulder": any_of(r"\bshoulders?\b"),
        "belly": any_of(r"\bbelly\b|\bcore\b|\babs\b|\bstomach\b"),
        "elbow": any_of(r"\belbows?\b"),
        "arm": any_of(r"\barms?\b|\bforearms?\b"),
        "wrist": any_of(r"\bwrists?\b"),
        "hand": any_of(r"\bhands?\b|\bpalms?\b|\bfingers?\b"),
        "head": any_of(r"\bhead\b|\bchin\b|\bface\b"),
        "neck": any_of(r"\bneck\b"),
        "sides": any_of(r"\byour sides\b|\bribs?\b"),
        "leg": any_of(r"\blegs?\b|\bcalf\b|\bcalves\b|\bhamstrings?\b|\bquads?\b"),
        "glute": any_of(r"\bglutes?\b|\bbuttocks\b"),
    },
    joints={
        "shoulder": "shoulder",
        "elbow": "elbow",
        "wrist": "wrist",
        "hip": "hip",
        "knee": "knee",
        "ankle": "ankle",
        "heel": "heel",
        "toe": "foot_index",
        "foot": "foot",
        "feet": "foot",
        "hand": "wrist",
    },
    sided=re.compile(rf"\b(left|right)(?:[- ]hand)? {_PART}", re.IGNORECASE),
    phases={
        "beginning": any_of(r"\bat the (?:beginning|start|top)\b|\bon the way down\b|\bas you start\b"),
        "bottom": any_of(r"\bat the (?:bottom|lowest point)\b|\bat your lowest\b"),
        "end": any_of(r"\bat the (?:end|finish)\b|\bon the way (?:back )?up\b|\bas you finish\b"),
        "middle": any_of(r"\bin the middle\b|\bhalf ?way\b"),
    },
    directions={
        "out": any_of(r"\bout\b(?! of)|\boutwards?\b|\bapart\b|\bwider?\b|\bspread\b"),
        "in": any_of(
            r"\binwards?\b|\btogether\b|\bcloser?\b|\bnarrow(?:er)?\b|\bin(?= over|\.|!|,|$|"
            r" toward| a bit| a little)"
        ),
        "up": any_of(r"\bup\b|\bhigher\b|\blift\b|\braise\b|\bupwards?\b|\btall\b"),
        "down": any_of(r"\bdown\b|\blower\b|\bdrop\b|\bsink\b|\bdeeper\b|\bdownwards?\b"),
        "forward": any_of(r"\bforwards?\b|\bahead\b"),
        "back": any_of(r"\bback(?:wards?)?\b(?! knee)"),
    },
    ways=ways(
        "in out inward outward inwards outwards together apart up down high low higher lower "
        "deep deeper shallow far close closer further near wide wider"
        " narrow narrower long longer short shorter tall small above below over under past "
        "behind beyond before forward backward back lift drop raise lower"
        " sank rose sinking rising flaring closing flared closed tighten loosen firm loose "
        "upright slanted straight bent sit stand push pull open close spread squeeze"
        ", flaring out, closing in, flared out, closed in, closer to, further from, close "
        "to, far from"
    ),
    orders=any_of(
        r"\b(?:push|press|let|guide|open|spread|set|take|start|step|choose|give|lift|keep|"
        r"raise|show|stay|sit|move|send|begin|reach"
        r"|feel|lower|sink|drop|bend|lengthen|make|grow|stack|hold|tighten|squeeze|bring|"
        r"flatten|point|tuck|turn|draw|pull|lean)\b"
    ),
    reach=28,
    claims=(
        (
            "all",
            any_of(
                r"(?<!not )\ball (?:of (?:them|your|the|these) )?(?:your |these |"
                r"the )?(?:\d+ )?(?:⟦E⟧ )?(?:were |was |are |looked |met |done )*"
                r"(?:correct|clean|right|good|perfect|the mark)",
                r"\bevery (?:single )?(?:one|⟦E⟧|rep\w*)\b(?! counts)",
                r"nothing went wrong",
                r"nailed all",
                r"through all \d",
                r"flawless|perfect set|without (?:a|any) (?:fault|mistake)|clean from first",
                r"\b(?:that|your|this|single) ⟦E⟧ was (?:correct|clean|right|just right|spot on)",
                r"clean set",
            ),
        ),
        (
            "none",
            any_of(
                r"\bnone (?:of|were|was|correct|clean|met|right)\b",
                r"\bnot (?:one|a single) (?:\w+ )?(?:was |is )?(?:correct|clean|right)",
                r"\bno (?:correct|clean) ",
                r"none of (?:them|these)",
            ),
        ),
        ("some wrong", any_of(r"\bnot (?:yet )?(?:correct|clean)\b", r"\bincorrect\b")),
        (
            "nothing",
            any_of(
                r"\bno (?:full |complete |counted |first )*⟦E⟧",
                r"\bnone (?:so far|counted)|count is none|count: none|nothing (?:was )?counted",
                r"could not count|no full",
            ),
        ),
        (
            "open",
            any_of(
                r"(?:could|can)(?: ?not|n[’']t) (?:be )?(?:judge|say how|see (?:enough|your form))",
                r"\bform (?:is |was |stays |still )*(?:unknown|open|not judged|hidden)",
                r"\bnot judged\b|no verdict|stays open|too little to judge",
            ),
        ),
        ("no fault", any_of(r"\bno (?:fault|mistake|error|problem|issue)s?\b(?! as)")),
        ("steady", any_of(r"(?<!not )(?<!un)(?<!less )\bsteady\b", r"hardly changed", r"\bconsistent\b|\bvery even\b")),
        (
            "uneven",
            any_of(
                r"\buneven\b|\bunsteady\b|\binconsistent\b|not steady|less steady|all over the place",
                r"\b(?:varied|differed|changed) by\b",
            ),
        ),
        (
            "worse",
            any_of(
                r"(?:small )?step back from|small step back|\bworse\b|⟦L⟧ was better|went down|"
                r"get back there|fight back|declin\w+"
            ),
        ),
        (
            "better",
            any_of(
                r"\bbetter than\b|\b(?:this|that|it|now)(?: is)? better\b|: better\b|\bimproved\b|\bimprovement\b|"
                r"\bprogress\b|step forward|going up"
            ),
        ),
        (
            "same",
            any_of(
                r"\bsame (?:as|level)|about the same|held the level|no change from|just like ⟦L⟧|"
                r"level with|(?:now|:) the same|the same again"
            ),
        ),
        (
            "no last",
            any_of(
                r"\bno (?:⟦L⟧|last|earlier)|nothing to compare|cannot compare|\bfirst set\b|"
                r"before i can compare|no last one|not .{0,20}to compare"
            ),
        ),
    ),
    fine=any_of(
        r"as it should be|what we want|goal met|where we want it|well inside|spot on|is great|"
        r"love it|fine detail|met the goal|inside the expected"
    ),
    last=any_of(r"\b(?:the |your |my )?(?:last|previous|earlier|prior) (?:set|time|one|session)\b", r"(?<=\d )then\b"),
    now=any_of(r"\bnow\b|\bthis time\b|\bthis one\b|\bthis set\b|\btoday\b|\bto(?= \d)"),
    unsafe=any_of(
        r"\bpain\w*|\bhurt\w*|\binjur\w*|\bach(?:e|es|ing)\b|\bsore\w*|\bdoctor\b|\bphysi(?:o|"
        r"cian)\w*|\bmedic\w*|\bheal(?:s|ing)?\b|\bdiseas\w*|\bsurger\w*"
        r"|\bdiagnos\w*|\bcartilage|\bligament\w*|\btendon\w*|\bmeniscus|\bslipped disc|"
        r"\barthrit\w*|\binflam\w*|\bstrain(?:ed|s)?\b|\bsprain\w*|\btherap\w*"
        r"|\btreat(?:ment)?\b|\bdizz\w*|\bfaint\w*|\bnumb(?:ness)?\b|\bswell\w*|\bswollen|"
        r"\bburning\b|\btear(?:s|ing)?\b|\btorn\b|\bdamag\w*|\bwear and tear|\bcure\w*"
        r"|\bprevent\w* (?:\w+ )?(?:problem|damage)|\bcramp\w*|\bpills?\b|\bice (?:it|your)|"
        r"\bbleed\w*",
        r"(?:push|work|train|go|power|fight) (?:\w+ ){0,2}through (?:the|any|it)|\bignore\b|"
        r"\bhold(?:ing)? your breath|\bas (?:fast|hard|heavy) as (?:you|possible)"
        r"|\b(?:until|to|till) (?:failure|exhaustion|you (?:drop|collapse|cannot))|"
        r"\bno matter (?:what|how)|\bheav(?:y|ier)\b|\badd (?:\w+ )?(?:weight|plates?)|"
        r"\bdouble the"
        r"|\block (?:out )?your (?:knee|elbow|joint)|\bbounce\b|\bjerk\b|\bskip (?:the|"
        r"your) (?:warm|rest)|\bwithout (?:a )?(?:rest|warm|break)|\bnever (?:rest|stop)"
        r"|\bdo not (?:rest|stop|breathe)|\bdon[’']t (?:rest|stop|breathe)|"
        r"\bmax(?:imum)? (?:weight|effort)|\btoughen up|\bforce (?:it|your|the)|\blose weight|"
        r"\bburn fat|\bcalori\w*",
    ),
    jargon=any_of(
        r"salienc\w*|\bnetworks?\b|probabilit\w*|\bpercent|\bheat\b|\bhottest\b|\bmodel\b|"
        r"keypoint|\bclassif\w*|\bconfidence\b|\balgorithm|\bdata\b|\bmetric"
        r"|\bthreshold|\bsensor|\bneural|\brecogni[sz]\w*|\bvalgus|\bkinematic|\bflexion|"
        r"\bextension|\bbiomechan\w*|\bsagittal|\bfrontal plane|\bpronat\w*|\bratio\b"
    ),
    foreign=re.compile(r"[\u3000-\u9fff\uff00-\uffef]"),
    idioms=any_of(
        r"keep your head up|from head to foot|head to toe|eyes? on\b|drew (?:the|my) eye|"
        r"\bin mind\b|on the bright side|in the bag|to work with you|rock (?=steady)"
        r"|(?<!small )\bstep back(?= so| from the camera|,)|hold(?:ing)? back|held you back|"
        r"came back|look back|take your time|face the wall"
        r"|what held|at hand|at heart|hand in hand|good to go|feet on the ground|one step at a time"
    ),
    sentence=re.compile(r"(?<=[.!?])\s+|\n+"),
    segment=re.compile(r"[,;:]"),
)
