"""English: how the errors are spoken of, what helps against them, and what would make them worse."""

from __future__ import annotations

from fias_desktop.coach.guard.english_claims import CLAIMS, TURNED, clauses
from fias_desktop.coach.guard.lexicon import FaultWords, by_error

_DO = (
    r"\b(?:push|press|let|bring|move|pull|squeeze|turn|point|keep|drop|guide|draw|send|take|allow|force|bend"
    r"|set|start"
    r"|step|choose|give|put|place|stand|hold|drive|slide|shift|open|spread|close|tip|lean|make|roll)\b"
)
_LEAN = (
    r"\b(?:lean|lean(?:ed|t|ing)|tipp(?:ed|ing)|tilt(?:ed|ing)?|bent|fell|falling)\b[^.]{0,18}\b(?:forward|over"
    r"|far)\b"
    r"|\b(?:torso|chest|upper body|trunk|back)\b[^.]{0,28}\b(?:forward|lean(?:ed|t|ing)?|tipped|tilted)\b"
)
_SHALLOW = (
    r"\btoo shallow\b|\bnot\b[^.]{0,18}\b(?:deep|low|far)\b[^.]{0,5} enough|\black(?:ed|ing|s)?\b[^.]{0,10}depth"
    r"|\b(?:missing|more|little) depth\b|\bstopped? (?:too )?(?:high|early)|\bstay(?:ed|ing) (?:a (?:bit"
    r"|little) )?too high"
)
_PAST_TOES = r"\bknees?\b[^.]{0,45}\b(?:past|beyond|ahead of|in front of)\b[^.]{0,10}\b(?:toe|foot|feet)"

_SAID = {
    ("squat", "too_shallow"): _SHALLOW,
    ("squat", "knees_inward"): r"\bknees?\b[^.]{0,28}\b(?:inwards?|cav(?:ed?|ing)|collaps\w*|buckl\w*|together"
    r"|drift(?:ed|ing)? in|fell in|falling in|move[d]? in|toward each other)\b",
    ("squat", "feet_too_close"): r"\b(?:feet|foot|stance|stood)\b[^.]{0,24}\b(?:close|narrow)\b",
    ("squat", "forward_lean"): _LEAN,
    ("squat", "knees_past_toes"): _PAST_TOES,
    ("lunge", "too_high"): _SHALLOW + r"|\bback knee\b[^.]{0,25}\bhigh\b|\btoo high (?:up )?at the bottom",
    ("lunge", "knee_past_toe"): _PAST_TOES,
    ("lunge", "trunk_lean"): _LEAN,
    ("push_up", "hips_sag"): r"\bhips?\b[^.]{0,22}\b(?:sag\w*|sank|sink\w*|dropp\w+|dipp\w+)\b"
    r"|\bback\b[^.]{0,15}\b(?:arch\w*|sagg?\w*|hollow)\b|\barched back\b",
    ("push_up", "hips_pike"): r"\bhips?\b[^.]{0,24}\b(?:pik\w*|too high|high up|raised|in the air)\b",
    ("push_up", "elbows_flared"): r"\belbows?\b[^.]{0,26}\b(?:flar\w*|wide|out to the sides?|outwards?|away)\b",
    ("push_up", "too_shallow"): _SHALLOW + r"|\bchest\b[^.]{0,25}\btoo high\b",
}

_ADVICE = {
    ("squat", "too_shallow"): r"\b(?:sit|sink|go|get|drop|squat)\b[^.,;!]{0,14}\b(?:lower|deeper)\b|\blower your hips"
    r"|\b(?:hips|thighs?)\b[^.,;!]{0,18}\b(?:lower|sink|deeper|flat|parallel|level|down to)\b"
    r"|\bsit down until\b|\bhips sink until\b",
    (
        "squat",
        "knees_inward",
    ): r"\bspread the floor\b|\bknees?\b[^.,;:!]{0,20}(?<!stood )(?<!stand )(?<!stands )\b(?:out|outwards?"
    r"|apart)\b(?! of)"
    r"|\bknees?\b[^.;!]{0,30}\b(?:over|follow\w*|point\w*|track\w*|toward your little)\b[^.;!]{0,12}\btoes?"
    r"|\bopen your knees",
    ("squat", "feet_too_close"): r"\b(?:feet|foot|stance)\b[^.,;:!]{0,30}\b(?:wide\w*|apart|under your shoulders"
    r"|below your shoulders|more room)\b|\bwider stance\b|\bstep out until\b",
    ("squat", "forward_lean"): r"\bchest\b[^.,;!]{0,20}\b(?:up|tall|face|lift\w*|wall)\b"
    r"|\b(?:lift|raise|show|open)\b[^.,;!]{0,6}\bchest|\bstay tall|\bback long|\blong back",
    ("squat", "knees_past_toes"): r"\bsit back|\bhips back|\bweight (?:on|over) your heels|\bheels? on the floor"
    r"|\bheels press|\breach back",
    ("lunge", "too_high"): r"\bback knee\b[^.;!]{0,24}\b(?:lower|closer|floor)|\blower your back knee"
    r"|\bhips\b[^.,;!]{0,14}\b(?:down until|deeper|lower)|\bbend both knees|\bsink until",
    ("lunge", "knee_past_toe"): r"\blonger step|\bstep (?:longer|out further|further)|\blengthen|\bshin (?:upright"
    r"|vertical|straight)|\bfront knee\b[^.;!]{0,20}\b(?:over|above)\b[^.;!]{0,8}ankle",
    ("lunge", "trunk_lean"): r"\bstay tall|\bgrow tall|\bupper body\b[^.;!]{0,8}\b(?:still|straight|upright)"
    r"|\bshoulders\b[^.;!]{0,12}\b(?:above|over)\b[^.;!]{0,6}\bhips",
    ("push_up", "hips_sag"): r"\bbelly (?:tight|firm)|\b(?:tighten|squeeze|brace|bracing|firm)\b[^.;!]{0,12}\bbelly"
    r"|\bhips (?:up|stay level)\b|\b(?:lift|raise) your hips|\bstraight as a|\bstraight line",
    ("push_up", "hips_pike"): r"\blower your hips|\bhips (?:come |\w+ )?(?:down|lower)\b|\bstraight line|\bflatten",
    ("push_up", "elbows_flared"): r"\belbows?\b[^.,;!]{0,18}\b(?:in|closer?|near|back|tuck\w*)\b|\btuck your elbows",
    ("push_up", "too_shallow"): r"\bchest\b[^.,;!]{0,20}\b(?:lower|floor|down)\b|\blower your chest"
    r"|\bbend\b[^.,;!]{0,14}\b(?:arms|elbows)\b|\belbows bend",
}

_DEEP = (
    r"\bnot (?:\w+ )?so (?:deep|low)\b|\b(?:too|less|not (?:so|as|too)) (?:deep|low)\b"
    r"|\bnot\b[^.]{0,18}\b(?:high|shallow)\b[^.]{0,5} enough"
)
_TRUNK = r"(?:chest|upper body|shoulders|trunk|torso)"
_CONTRARY = {
    ("squat", "too_shallow"): _DEEP + r"|\b(?:stay|keep|stand|remain|sit|end|finish|stop)\b[^.,;!]{0,20}"
    r"\b(?:higher|high|shallow(?:er)?|early|earlier)\b|\b(?:sit|go|stand) up until\b|\b(?:sit|go) up\b"
    r"|\bhips\b[^.,;!]{0,12}\b(?:up|higher|high|rise|above)\b|\b(?:raise|lift) your (?:hips|thighs)"
    r"|\b(?:rise|raise)\b[^.,;!]{0,12}\b(?:higher|with each)|\bless depth|\bhalf (?:a )?squat|\bshallower\b"
    r"|\bbend your knees less|\bthighs?\b[^.,;!]{0,20}\babove\b",
    ("squat", "knees_inward"): r"\bknees?\s+(?:\w+\s+)?(?:moved|moving|drift\w*|fell|went|going|fall\w*|travel\w*)\b"
    r"[^.,;:!]{0,12}\b(?:out|outwards?|apart)\b|\bknees? (?:in|together)\b(?! line)|\bclose your knees"
    rf"|{_DO}[^.,;:!]{{0,5}}\b(?:both|your|the) knees?\b[^.,;:!]{{0,16}}\b(?:in(?! line)|inwards?|together|closer"
    r"|touch\w*|inside|behind)\b|\b(?:squeeze|pull) the floor|\bknees?\b[^.,;:!]{0,14}\binside your toes"
    r"|\bknees? (?:narrow|closer)",
    (
        "squat",
        "feet_too_close",
    ): r"\b(?:feet|foot|stance)\b[^.,;:!]{0,26}\b(?:closer|narrower|less room|touch\w*|too wide"
    r"|(?:too )?far apart|inside)\b|\bnarrow(?:er)? stance|\bstep in\b"
    rf"|{_DO}[^.,;:!]{{0,6}}\b(?:feet|foot|stance)\b[^.,;:!]{{0,16}}\b(?:close|narrow|together)\b"
    r"|\bfeet (?:together|narrow)\b",
    ("squat", "forward_lean"): r"\b(?:drop|lower|sink|dip|tuck) (?:\w+ )?(?:chest|shoulders|upper body)\b"
    rf"|{_DO}[^.,;:!]{{0,6}}\b(?:{_TRUNK}|back)\b[^.,;:!]{{0,14}}\b(?:down|lower|low|forward|fall|drop|sink|short"
    r"|round\w*|floor)\b|\blean (?:\w+ )?(?:forward|over)\b|\b(?:leaned|leaning|tipped)\b[^.,;:!]{0,12}"
    r"\b(?:back|backwards?)\b|\b(?:round|arch|bend|shorten) your back|\bback (?:short|round)\w*|\bchest (?:down|low)"
    r"|\bstay (?:low|small|short)\b|\bshoulders (?:below|under|in front of|behind|ahead of)\b"
    r"|\bshow your chest to the floor|\bchest face the floor|\bbend forward",
    ("squat", "knees_past_toes"): r"\b(?:sit|move|send|push|reach|shift|lean|go)\b[^.,;:!]{0,12}"
    r"\bforward(?! knee| travel)\b"
    rf"|{_DO}[^.,;:!]{{0,6}}\bknees?\b[^.,;:!]{{0,20}}\b(?:forward|past|beyond|ahead)\b"
    r"|\b(?:weight|press|lean)\b[^.,;:!]{0,8}\b(?:on|over|to|onto|into|in) (?:your |the )?(?:toes?|balls?|front)"
    r"|\b(?:lift|raise)\b[^.,;:!]{0,8}\bheels?|\bheels? (?:off|up|leave)|\btravel\w* (?:\w+ )?(?:behind|short of)\b"
    r"|\bhips forward|\bknees? first",
    ("lunge", "too_high"): _DEEP + r"|\b(?:raise|lift|keep|hold|bring|take|push)\b[^.,;:!]{0,8}\b(?:back knee|hips)\b"
    r"[^.,;:!]{0,16}\b(?:up|high(?:er)?|away|off|further from)\b|\b(?:raise|lift) your (?:back |front )?(?:knee|hips)"
    r"|\bstraighten (?:both|your)|\bstay (?:high|up)\b|\bstay\w* too low|\b(?:further|away|farther) from the floor"
    r"|\bknees less\b|\bless deep|\bshallower|\bhips (?:straight )?up\b|\brise until|\bback knee (?:up|high(?:er)?)\b"
    r"|\bback knee travel (?:further )?up\b|\bhips a bit higher",
    ("lunge", "knee_past_toe"): r"\bshort(?:er)? (?:step|stride)|\bstep\b[^.,;:!]{0,10}\b(?:shorter|closer|smaller"
    r"|less)\b|\bshorten|\bsmaller step|\bstep in\b|\bshin\b[^.,;:!]{0,14}\b(?:tilt\w*|forward|slop\w*|lean\w*"
    r"|angled)"
    rf"|{_DO}[^.,;:!]{{0,6}}\b(?:front )?knee\b[^.,;:!]{{0,16}}\b(?:forward|past|over your toes|beyond|ahead"
    rf"|in front)"
    r"|\btravel\w* (?:\w+ )?behind\b|\b(?:past|beyond|in front of|ahead of|behind) (?:your|the) ankle",
    ("lunge", "trunk_lean"): r"\blean (?:\w+ )?(?:forward|over|back|sideways|in|to the)\b"
    rf"|{_DO}[^.,;:!]{{0,6}}\b{_TRUNK}\b[^.,;:!]{{0,14}}\b(?:forward|down|lean|fall|lower|low|behind|ahead|in front"
    r"|below|under|sideways|bent|tilted)\b|\b(?:stay|grow) (?:small|short|low|bent)|\bbend (?:over|forward)\b"
    r"|\bshoulders (?:below|behind|in front of|ahead of|under)\b|\bchest (?:down|low)"
    r"|\bshoulders (?:above|over) (?:your|the) (?!hips?\b)",
    ("push_up", "hips_sag"): r"\b(?:lower|drop|sink|dip|relax|loosen|release|sag) (?:\w+ )?(?:hips?|belly|core)\b"
    rf"|{_DO}[^.,;:!]{{0,6}}\bhips?\b[^.,;:!]{{0,14}}\b(?:down|lower|sag|sink|drop|low|fall|hang|dip)\b"
    r"|\bbelly\b[^.,;:!]{0,8}\b(?:loose|soft|relaxed|out)\b|\bhips? (?:down|low|lower)\b|\barch your back"
    r"|\bhips? (?:rose|rising|climb\w*)",
    ("push_up", "hips_pike"): rf"{_DO}[^.,;:!]{{0,6}}\bhips?\b[^.,;:!]{{0,14}}\b(?:up|high(?:er)?|rise|raised)\b"
    r"|\b(?:lift|raise|pike) (?:\w+ )?hips|\bhips? (?:up|high|higher)\b|\bhips?\b[^.,;:!]{0,14}\b(?:pushed down"
    r"|too low|hung low)",
    (
        "push_up",
        "elbows_flared",
    ): r"\b(?:push|flare|point|bring|turn|let|keep|move|spread|take|open|send|hold|draw|tuck)"
    r"\b[^.,;:!]{0,6}\belbows?\b[^.,;:!]{0,20}\b(?:out|outwards?|away|wide\w*|apart|further|farther|far|forward)\b"
    r"|\belbows? (?:out|wide|apart)\b|\belbows? (?:flar\w+|moved|moving|went) (?:too )?(?:in|inwards?)\b",
    ("push_up", "too_shallow"): _DEEP + r"|\b(?:raise|lift|hold) (?:\w+ )?chest\b|\bchest (?:up|high(?:er)?)\b"
    rf"|{_DO}[^.,;:!]{{0,6}}\bchest\b[^.,;:!]{{0,12}}\b(?:up|higher|high|away|rise)\b|\bstraighten|\barms? straight"
    r"|\barms less|\bbend less|\bstay (?:high|up)\b|\b(?:further|away|farther) from the floor",
}

_ASTRAY = {
    (
        "squat",
        "too_shallow",
    ): r"\b(?:higher|raise|rise|shallow\w*|straighten|above(?! all)|less|narrow\w*|forward)\b|\bas high as\b",
    ("squat", "knees_inward"): r"\b(?:inwards?|inside|together|closer|narrow\w*|behind|below|under|relax\w*"
    r"|squeeze)\b"
    r"|\bin(?! line| the| your| a| this| repetition| each| every| \d| next| control| mind| short| all| set)\b",
    (
        "squat",
        "feet_too_close",
    ): r"\b(?:narrow\w*|closer|together|inside|less|touch\w*|behind|above(?! all))\b|\bstep in\b",
    (
        "squat",
        "forward_lean",
    ): r"\b(?:lower|low|drop|short|small|(?<!more )(?<!next )(?<!one )round\w*|below|under|behind|forward"
    r"|backward|bent|relax"
    r"|down (?:and|while))\b",
    (
        "squat",
        "knees_past_toes",
    ): r"(?<!behind your )(?<!left )(?<!right )\btoes?\b|\b(?:forward|lift|raise|ahead|front)\b",
    ("lunge", "too_high"): r"\b(?:higher|raise|lift|rise|straighten|less|away|further|shallow\w*|shorter|longer"
    r"|upright"
    r"|tall|forward|below)\b",
    (
        "lunge",
        "knee_past_toe",
    ): r"\b(?:shorter|shorten|smaller|tilted|forward|past|beyond|behind|below|under|closer|raise"
    r"|lift|bent|in front|straight up)\b|\bknee upright\b",
    ("lunge", "trunk_lean"): r"\b(?:lean|short|small|low|lower|tilted|bent|forward|backward|below|behind|under"
    r"|sideways"
    r"|relax|loose)\b",
    ("push_up", "hips_sag"): r"\b(?:relax|loosen|loose|soft|lower|drop|sink|sag|bent|down(?=\s*[.!,]))\b",
    ("push_up", "hips_pike"): r"\b(?:lift|raise|higher|rise|bent|above(?! all))\b"
    r"|(?<!-)(?<!came )(?<!comes )(?<!first )(?<!next )(?<!coming )\bup\b(?! to)",
    (
        "push_up",
        "elbows_flared",
    ): r"(?<!stood )\b(?:out|outwards?|away|wide\w*|apart|further|forward|straighten|spread|open)\b"
    r"(?! of)",
    (
        "push_up",
        "too_shallow",
    ): r"\b(?:higher|raise|lift|straighten|straight|less|away|further|rise|shallow\w*|below)\b",
}

FAULTS = FaultWords(
    by_error(_SAID),
    by_error(_ADVICE),
    by_error(_CONTRARY),
    by_error(_ASTRAY),
    by_error(clauses(CLAIMS)),
    by_error(clauses(TURNED)),
)
