"""English: for every fault the directions that help, those that harm, and how its opposite is told.

`~` is any sign of the same clause. A "not" or "less" around a direction is read by the guard, not written here.
"""

from __future__ import annotations

from fias_desktop.coach.guard.lexicon import DirectionWords, Key, by_error, either

_CLAUSE = "[^.,;:!?]"
_HIPS = r"\b(?:hips?|pelvis|waist|butt|bum|backside|bottom(?= (?:up|down|high|low|out|back))|seat|tail)\b"
_KNEES = r"\b(?:knees?|kneecaps?)\b"
_FEET = r"\b(?:feet|foot|stance|heels|base|legs)\b"
_ELBOWS = r"\b(?:elbows?|(?:upper )?arms?)\b"
_TRUNK = r"\b(?:chest|shoulders?|upper body|torso|trunk|body)\b"
_BACK_KNEE = r"\b(?:(?:back|rear) )?knees?\b"
_STEP = r"\b(?:steps?|strides?|lunges?|stance)\b(?! (?:back|forward|ahead|up|down|better)\b)"
_MUCH = r"\b(?:too|so|that|much|more|less|a (?:bit|little)|very|quite|extra|further|even|any|as|all the way)\b"
_GO = (
    r"\b(?:go|goes|going|went|come|coming|came|sit|sitting|sat|sink|sinking|sank|drop|dropp\w+|squat|lung\w+|get|got"
    r"|getting|mov\w+|lower\w*|travel\w*|dip|dipp\w+|reach\w*|descend\w*|bend|bent|bending|take|taking|push|push\w+)\b"
)
_STAY = (
    r"\b(?:stay|stay\w+|stop|stopp\w+|keep|keeping|kept|remain\w*|finish\w*|end|ended|ending|hold|held|holding|turn"
    r"|turned|stand|stood|standing|hover\w*|rest|resting|go|going|went|sit|sat|sitting|be|were)\b"
)
_EARLY = r"\b(?:early|earlier|soon|sooner)\b"
_IN = (
    r"\b(?:in(?! line| the (?:next|last|first|set|same|middle of)| your| a | this| rep| each| every| \d| next| control"
    r"| short| all| set| front| place| mind|\w)|inwards?|inside(?! your)|inside your (?:feet|toes|ankles)|together"
    r"|narrow\w*"
    r"|touch\w*|closer|close|near\w*|tight\w*|to (?:each other|the (?:middle|centre|center|inside))"
    r"|toward (?:each other|the (?:middle|centre|center|inside)))\b"
)
# Not where a joint "stood out".
_AWAY = r"(?<!stood )(?<!stand )(?<!stands )out(?! of)"
_OUT = (
    rf"\b(?:{_AWAY}|outwards?|apart|wide|wider|open\w*|away from each other|to the (?:outside|sides?)|over (?:your"
    "|the) "
    r"(?:toes|feet)|in line with (?:your|the) (?:toes|feet))\b"
)
_DOWN = r"\b(?:down|downwards?|low|lower|deep|deeper|sink\w*|sank|drop\w*|further down|to(?:ward)? the floor)\b"
_UP = (
    r"\b(?:up|upwards?|high|higher|raised|rise|rising|rose|tall|taller|off the floor|(?:away|further) from the floor)\b"
)
_FORWARD = (
    r"\b(?:forwards?|ahead|in front|past|beyond|over (?:your|the) toes?)\b(?:(?: of)? (?:your |the )?(?:toes?"
    r"|foot|feet)\b)?"
)
_BACK = r"\b(?:back|backwards?|behind)\b(?! knee| leg| foot)"
_UPRIGHT = r"\b(?:up|upright|tall|taller|straight|straighter|high|higher|long|vertical|still|lifted)\b"
_BENT = (
    r"\b(?:forward|over(?! (?:your )?hips)|down|downwards?|low|lower|drop\w*|fall\w*|fell|bend\w*|bent|round\w*|fold\w*"
    r"|lean\w*|tip\w*|tilt\w*|sideways|to (?:the|one) side|hunch\w*|sink\w*|sank|dip\w*|in front(?! of you)|ahead)\b"
)
_TOO = r"\btoo (?:far |much |very |a bit )?"
_EXCESS = r"\b(?:too much|too far|more than|so much)\b"

_DEEPER = (
    rf"{_GO}~{{0,16}}\b(?:down|low|lower|deep|deeper|far|further)\b|\b(?:lower|drop|sink|dip)\w* (?:\w+ )?(?:hips"
    "|thighs"
    r"|body|yourself|chest|knees?)\b|\b(?:more|full|enough|extra) depth\b|\bbend\w*~{0,16}\b(?:more|further|deeper"
    r"|deep)\b"
    r"|\b(?:down|lower|deeper) (?:further|more)\b|\b(?:so|as|less|that) (?:deep|low)\b(?! (?:as|down))"
    r"|\bclose(?:r)? to the floor\b"
)
_HIGHER = (
    rf"{_STAY}~{{0,16}}\b(?:high|higher|tall|taller|shallow\w*)\b|\b(?:stay|stay\w+|keep|hold"
    r"|remain)\b~{0,12}\bup\b|\b(?:stop|come|stand|push|get|rise|turn"
    rf"|go|finish)\w*\b~{{0,12}}{_EARLY}|\b(?:go|sit|squat|move|finish) (?:\w+ )?higher\b|\bshallower\b"
    r"|\bhalf ?-?way\b|\bonly\b~{0,24}\b(?:a little|a bit|slightly|part|half|quarter)\b"
    r"|\b(?:keep|make|cut)\b~{0,14}\b(?:short|shorter|small|smaller)\b"
)
_TOO_DEEP = (
    r"\btoo (?:deep|low)\b(?! for)|\btoo far down\b|\bdown too far\b|\btoo much (?:depth|bend)\b"
    r"|\bbent~{0,20}\b(?:too far"
    r"|too much)\b|\b(?:sank|sunk|dropped|came|went|lowered|sat)\b~{0,14}\b(?:too far|too much|too deep|too low)\b"
    r"|\bdeeper than\b|\blower than (?:you|needed|necessary|I)|\bnot~{0,6}\b(?:high|shallow) enough\b"
)

_HELP: dict[Key, str] = {
    ("squat", "too_shallow"): _DEEPER
    + rf"|{_HIPS}~{{0,14}}{_DOWN}|\bthighs\b~{{0,16}}\b(?:level|parallel|low\w*|down)\b",
    ("squat", "knees_inward"): rf"{_KNEES}~{{0,20}}{_OUT}|\b(?:spread|open|part|separate)\w*\b~{{0,10}}{_KNEES}"
    r"|\b(?:push|spread|press)\w* (?:the )?floor~{0,8}\bapart\b|\bspread the floor\b",
    (
        "squat",
        "feet_too_close",
    ): rf"{_FEET}~{{0,20}}\b(?:wide\w*|apart|{_AWAY}|open\w*|outwards?|under your shoulders)\b"
    rf"|\b(?:stand|step|go|stood)\w*\b~{{0,10}}\b(?:wide\w*|apart|{_AWAY})\b|\b(?:spread|open"
    rf"|widen)\w*\b~{{0,10}}{_FEET}"
    r"|\b(?:wide|wider|broad\w*) (?:stance|base)\b|\b(?:room|space)\b~{0,6}\bbetween your (?:feet|heels)\b",
    (
        "squat",
        "forward_lean",
    ): rf"{_TRUNK}~{{0,16}}{_UPRIGHT}|\b(?:lift|rais|show|open)\w*\b~{{0,8}}\b(?:chest|shoulders|upper"
    r" body)\b|\b(?:stay|stand|keep|remain|sit|grow)\w*\b~{0,10}\b(?:upright|tall|taller|straight)\b|\bback\b~{0,6}"
    r"\b(?:long|straight|flat)\b",
    (
        "squat",
        "knees_past_toes",
    ): rf"\b(?:sit|sat|sitting)\b~{{0,10}}\bback\b|{_HIPS}~{{0,14}}{_BACK}|{_KNEES}~{{0,14}}{_BACK}"
    r"|\b(?:weight|press\w*|balance)\b~{0,14}\bheels?\b|\bheels?\b~{0,12}\b(?:down|on the floor|into the floor)\b"
    r"|\breach\w*\b~{0,8}\bback\b|\b(?:start|begin)\w* with your hips\b",
    ("lunge", "too_high"): _DEEPER
    + rf"|{_BACK_KNEE}~{{0,16}}(?:{_DOWN}|\b(?:closer|close|near)\b)|{_HIPS}~{{0,14}}{_DOWN}"
    r"|\bdeeper\b",
    (
        "lunge",
        "knee_past_toe",
    ): rf"\b(?:long|big|large|wide)(?:er)? {_STEP}|{_STEP}~{{0,8}}\b(?:longer|bigger|wider|larger)\b"
    r"|\bstep\w*\b~{0,10}\b(?:further|longer|far|out)\b|\blengthen\w*\b|\bshins?\b~{0,10}\b(?:upright|vertical"
    r"|straight)\b"
    rf"|{_KNEES}~{{0,14}}\b(?:over|above|back|behind)\b(?! (?:your )?(?:toes?|feet|foot))"
    r"|\bfront foot\b~{0,10}\b(?:ahead"
    r"|forward|further)\b",
    ("lunge", "trunk_lean"): rf"{_TRUNK}~{{0,16}}{_UPRIGHT}|\bshoulders?\b~{{0,10}}\b(?:above|over) (?:your )?hips\b"
    r"|\b(?:stay|stand|keep|remain|grow)\w*\b~{0,10}\b(?:upright|tall|taller|straight)\b",
    (
        "push_up",
        "hips_sag",
    ): rf"{_HIPS}~{{0,14}}\b(?:up|higher|level|raised|in line)\b|\b(?:lift|rais)\w*\b~{{0,8}}{_HIPS}"
    r"|\b(?:tighten|brac|squeez|firm|engag|hold)\w*\b~{0,8}\b(?:belly|core|stomach|middle|abs)\b|\b(?:belly|core"
    "|stomach"
    r"|middle|abs)\b~{0,8}\b(?:tight|firm|in)\b|\bbracing\b|\bstraight line\b",
    ("push_up", "hips_pike"): rf"{_HIPS}~{{0,14}}{_DOWN}|\b(?:lower|drop|sink)\w*\b~{{0,8}}{_HIPS}|\bstraight line\b"
    r"|\bflatten\w*\b",
    (
        "push_up",
        "elbows_flared",
    ): rf"{_ELBOWS}~{{0,16}}\b(?:in|inwards?|close|closer|near\w*|tight|tucked|back|against|along)\b"
    rf"|\b(?:tuck|pull|squeez|draw|bring)\w*\b~{{0,8}}{_ELBOWS}~{{0,10}}(?:\b(?:in|close|closer|back)\b|$)"
    r"|\btuck\w* your elbows",
    ("push_up", "too_shallow"): _DEEPER
    + rf"|\bchest\b~{{0,16}}(?:{_DOWN}|\b(?:closer|close|near)\b)|{_ELBOWS}~{{0,8}}\bbend\b",
}
_HARM: dict[Key, str] = {
    ("squat", "too_shallow"): _HIGHER
    + rf"|{_HIPS}~{{0,14}}(?:{_UP}|\babove\b)|\bthighs\b~{{0,14}}\b(?:above|up|high\w*)\b",
    ("squat", "knees_inward"): rf"{_KNEES}~{{0,18}}{_IN}|\b(?:squeez|close|pinch|narrow)\w*\b~{{0,8}}{_KNEES}",
    ("squat", "feet_too_close"): rf"{_FEET}~{{0,20}}{_IN}|\b(?:stand|step|stood)\w*\b~{{0,10}}{_IN}"
    rf"|\b(?:close|narrow|tighten)\b~{{0,8}}{_FEET}|\b(?:narrow\w*|tight\w*|small\w*|close) (?:stance|base)\b"
    r"|\bfoot to the other\b",
    (
        "squat",
        "forward_lean",
    ): rf"{_TRUNK}~{{0,14}}{_BENT}|\b(?:lean|bend|tip|fold|bow|hunch|drop|fall)\w*\b~{{0,10}}\b(?:forward"
    r"|over|down|ahead)\b|\byour back\b~{0,8}\b(?:bend\w*|bent|round\w*|arch\w*|curv\w*|fold\w*)\b|\blean\b",
    (
        "squat",
        "knees_past_toes",
    ): rf"{_KNEES}~{{0,16}}(?:{_FORWARD}|\b(?:first|lead)\b)|\b(?:start|begin)\w*\b~{{0,14}}\bwith your knees\b"
    rf"|{_HIPS}~{{0,12}}\bforward\b|\bweight\b~{{0,12}}\b(?:toes?|balls|front|forward)\b|\bheels?\b~{{0,8}}\b(?:up"
    r"|off|rise|lift\w*"
    r"|high\w*|in the air)\b|\b(?:lift|rais)\w*\b~{0,6}\bheels?\b|\b(?:onto|on) (?:your )?(?:toes|tiptoes?)\b",
    ("lunge", "too_high"): _HIGHER + rf"|{_BACK_KNEE}~{{0,16}}{_UP}|{_HIPS}~{{0,12}}{_UP}|\blift\w*\b~{{0,8}}\bknees?\b"
    r"|\bstraighten\w*\b|\bfront knee\b~{0,12}\b(?:lower|down|closer|to the floor)\b",
    (
        "lunge",
        "knee_past_toe",
    ): rf"\b(?:short|small|tiny|little|tight)(?:er)? {_STEP}|{_STEP}~{{0,10}}\b(?:short|small|tight|close)"
    rf"(?:er)?\b|\bstep\w*\b~{{0,8}}\b(?:closer|shorter|in)\b|\bshorten\w*\b|\breduc\w*\b~{{0,8}}{_STEP}"
    r"|\b(?:back|rear) (?:shin|ankle)\b|\b(?:back|rear) knee\b~{0,12}\bankle\b"
    rf"|{_KNEES}~{{0,16}}\b(?:forward|past|beyond|over (?:your|the) toes?|ahead|in front)\b"
    r"|\bshins?\b~{0,10}\b(?:lean\w*|tilt\w*"
    r"|forward|slant\w*|tip\w*)\b|\b(?:feet|foot)\b~{0,12}\b(?:closer|close|together|near\w*|back)\b",
    (
        "lunge",
        "trunk_lean",
    ): rf"{_TRUNK}~{{0,14}}{_BENT}|\b(?:lean|bend|tip|fold|bow|hunch|fall)\w*\b~{{0,12}}\b(?:forward|over"
    r"|down|ahead|sideways|to (?:the|one) side)\b|\byour back\b~{0,8}\b(?:bend\w*|bent|round\w*)\b|\blean\b|\btilt\b"
    r"|\bhips?\b~{0,12}\b(?:up|rise|raise)\b",
    (
        "push_up",
        "hips_sag",
    ): rf"{_HIPS}~{{0,14}}(?:{_DOWN}|\b(?:below|under)\b)|\b(?:relax|loosen|soften|release|drop|lower"
    r"|sink)\w*\b~{0,8}\b(?:hips?|belly"
    r"|core|stomach|middle|abs)\b|\b(?:belly|core|stomach|middle|abs|back)\b~{0,10}\b(?:loose|soft|hang\w*|hung"
    r"|sag\w*|arch\w*"
    r"|relax\w*|drop\w*|down)\b|\bhips?\b~{0,8}\bsag\w*\b|\blet\b~{0,8}\bhips? go\b(?! (?:up|back))",
    (
        "push_up",
        "hips_pike",
    ): rf"{_HIPS}~{{0,14}}(?:{_UP}|\b(?:above|over|ceiling|{_AWAY})\b)|\b(?:lift|rais|pik|hik"
    rf"|stick)\w*\b~{{0,8}}{_HIPS}"
    r"|\bbend at the hips\b|\b(?:stick|push|lift) your bottom\b",
    (
        "push_up",
        "elbows_flared",
    ): rf"{_ELBOWS}~{{0,16}}\b(?:{_AWAY}|outwards?|wide\w*|apart|away|open\w*|flar\w*|to the sides?|far"
    rf"|off)\b|\b(?:open|spread|flar|widen)\w*\b~{{0,8}}{_ELBOWS}|\b(?:space|room"
    r"|gap)\b~{0,8}\bbetween your (?:elbows|arms)\b",
    ("push_up", "too_shallow"): _HIGHER
    + rf"|\bchest\b~{{0,14}}{_UP}|\b(?:lift|rais)\w*\b~{{0,6}}\bchest\b|{_ELBOWS}~{{0,10}}"
    r"\bstraight\w*\b|\bspace\b~{0,10}\bbetween your chest\b",
}
_MOTION = (
    "(?:moved|moving|went|drifted|came|fell|travell?ed|shot|slid|ran|opened|pointed|turned|stayed|were|was"
    "|rose|sank|pushed|flared|flew|stuck|bent)"
)
_TALL = (
    rf"{_TOO}(?:upright|tall|straight|high up|stiff)\b|\b(?:chest|shoulders)\b~{{0,10}}\btoo high\b|\b(?:lean|leaned"
    "|leant|leaning"
    r"|tipped|fell|bent)\b~{0,8}\b(?:too far back(?:wards?)?|backwards?|back|behind)\b|\bnot (?:\w+ )?(?:lean|bend"
    r"|bent)\w*~{0,10}\benough\b"
    r"|\b(?:lean|leaned|tipped)\b~{0,6}\b(?:too little|less than)\b|\btoo little lean\b|\bbackward lean\b(?! of)"
    r"|\btoo much (?:above|over) (?:your )?hips\b"
)
_OPPOSITE: dict[Key, str] = {
    ("squat", "too_shallow"): _TOO_DEEP + rf"|{_HIPS}~{{0,10}}\b(?:came|went|sank|dropped)\b~{{0,6}}\btoo far\b",
    (
        "squat",
        "knees_inward",
    ): rf"{_KNEES}~{{0,6}}\b{_MOTION}\b~{{0,14}}\b(?:out(?! over|wards? over)|outwards?(?! over)|apart|wide"
    r"|to the outside)\b"
    rf"|{_KNEES}~{{0,16}}{_TOO}(?:far )?(?:out|outwards?|apart|wide|open)\b"
    rf"|\bpushed\b~{{0,6}}{_KNEES}~{{0,12}}(?:{_EXCESS}|\bapart\b)"
    rf"|{_KNEES}~{{0,14}}\btoo far apart\b|{_KNEES}~{{0,10}}\bbow\w*\b",
    (
        "squat",
        "feet_too_close",
    ): rf"{_FEET}~{{0,14}}(?:{_TOO}|\btoo~{{0,4}})(?:wide|far apart|apart|open)\b|\b(?:stood|standing|stance)\b"
    r"~{0,10}\btoo (?:wide|far apart)\b|\btoo wide\b|\btoo much (?:room|space|width|distance)\b"
    r"|\bwider than (?:your )?shoulders\b"
    r"|\btoo far apart\b",
    ("squat", "forward_lean"): _TALL,
    (
        "squat",
        "knees_past_toes",
    ): rf"{_KNEES}~{{0,12}}\b(?:(?:too )?far (?:back|behind)|behind (?:your |the )?toes~{{0,6}}too|too (?:much )?"
    r"behind)\b|\b(?:sat|sitting|hips?|leaned)\b~{0,12}\btoo far back\b|\bheels?\b~{0,8}\btoo (?:much|far)\b"
    r"|\btoo (?:far|much) (?:weight )?on"
    rf" (?:your |the )?heels\b|{_KNEES}~{{0,14}}\bnot (?:\w+ )?(?:go|move|travel|come)\w*~{{0,10}}\benough\b",
    ("lunge", "too_high"): _TOO_DEEP
    + rf"|{_BACK_KNEE}~{{0,14}}\btoo (?:close|near|low)\b|\btoo (?:close|near) to the floor\b",
    (
        "lunge",
        "knee_past_toe",
    ): rf"{_STEP}~{{0,16}}{_TOO}(?:long|big|wide|large)\b|\btoo (?:long|big|wide|large) (?:a )?{_STEP}"
    rf"|\bstepped\b~{{0,8}}\btoo (?:far|wide|long)\b|{_KNEES}~{{0,12}}\b(?:too far back|behind (?:your "
    r"|the )?(?:ankle|toes?))\b"
    r"|\bshins?\b~{0,10}\b(?:back|backwards?)\b|\bshins?\b~{0,8}\btoo (?:upright|straight|vertical)\b|\b(?:foot"
    r"|feet)\b~{0,10}\btoo far (?:ahead|forward|apart|in front)\b",
    ("lunge", "trunk_lean"): _TALL,
    (
        "push_up",
        "hips_sag",
    ): rf"{_HIPS}~{{0,14}}\b(?:too high|too far up|up too (?:high|far)|rose|rising|stuck (?:up|out)|climbed|above the"
    r" line|in the air)\b|\bpushed\b~{0,6}\bhips\b~{0,6}\bup\b|\bbelly\b~{0,6}\btoo (?:tight|firm)\b",
    (
        "push_up",
        "hips_pike",
    ): rf"{_HIPS}~{{0,14}}\b(?:too low|too far down|down too (?:low|far)|sank|sagg\w*|dropped|hung|below the line"
    r"|fell)\b|\bbelly\b~{0,6}\b(?:sagg\w*|hung|dropped)\b",
    (
        "push_up",
        "elbows_flared",
    ): rf"{_ELBOWS}~{{0,14}}\btoo (?:close|near|tight|narrow|far in|much in)\b|{_ELBOWS}~{{0,8}}\b{_MOTION}\b"
    r"~{0,6}\b(?:in|inwards?)(?! line)\b|\btucked\b~{0,14}\btoo (?:much|far|close)\b"
    r"|\belbows?\b~{0,8}\btucked (?:in )?too\b"
    r"|\bnot (?:\w+ )?(?:wide|far out) enough\b",
    ("push_up", "too_shallow"): _TOO_DEEP
    + r"|\bchest\b~{0,14}\btoo (?:close|near|low)\b|\btoo (?:close|near) to the floor\b",
}


def _clauses(table: dict[Key, str]) -> dict[Key, str]:
    return {key: pattern.replace("~", _CLAUSE) for key, pattern in table.items()}


DIRECTIONS = DirectionWords(
    help=by_error(_clauses(_HELP)),
    harm=by_error(_clauses(_HARM)),
    opposite=by_error(_clauses(_OPPOSITE)),
    clause=either(r"[.,;:!?]|\b(?:but|so that|because|while|before|until|after|as you|when)\b"),
    negation=either(
        r"\b(?:do not|don't|never|not|no need|avoid\w*|stop (?=\w+ing|your|the|both)|instead of|rather than|without"
        r"|no longer|nor|resist)\b",
        r"\bkeep\w* (?:\w+ ){1,3}from\b|\bprevent\w*\b|\bn't\b",
    ),
    less=either(r"\bless\b(?! than)|\b(?:not|isn't) (?:so|as|that|too) (?:much|far)\b"),
    excess=either(r"\btoo\b(?! (?:high|narrow|short|shallow|little))|\bthan (?:it|you|they|needed|necessary|I)\b"),
    past=either(
        r"\byou (?:spread|put|set|let)\b|\b(?:was|were|did|didn't|had|came|went|fell|sank|got|kept|held|stood|sat"
        "|shot|slid|ran|hung|rose|stuck|swung|bent"
        "|moved|stayed|stopped|dropped|leaned|leant|tipped|tilted|drifted|travell?ed|pointed|pushed|turned|opened"
        "|flared"
        "|sagged|dipped|lowered|lifted|raised|folded|collapsed|caved|buckled|looked|showed|seemed|landed|passed"
        r"|touched)\b"
    ),
    order=either(
        r"\b(?:keep|hold|let|push|press|bring|move|pull|squeeze|turn|point|drop|lower|lift|raise|guide|draw|send"
        "|take|bend|set"
        "|give|put|place|drive|open|spread|close|sink|tighten|tuck|brace|relax|lean|stack|stay|stand|sit|go|come"
        "|make|step"
        r"|stop|do not|don't|never|avoid|try|start|begin|reach|show|allow|leave|shift|tilt|tip|fold|narrow|help|get)\b"
    ),
)  # fmt: skip
