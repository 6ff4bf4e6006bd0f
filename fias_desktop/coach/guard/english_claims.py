"""English: which words say of a part that it has an error, and which send it the wrong way against one.

`~` is any sign of the same clause, "`" one before another clause begins without a sign.
"""

from __future__ import annotations

from fias_desktop.coach.guard.lexicon import Key

_CLAUSE = "[^.,;:!?]"
_ALONE = rf"(?:(?! (?:as|while|when|before|after|until)\b){_CLAUSE})"
_V = (
    r"(?:\w+ed|went|came|shot|slid|ran|fell|drove|swung|stuck|spread|led|sank|rose|hung|bent|gave|left|stood"
    r"|stayed|got"
    r"|was|were|had|did|let|kept|held|sat|put|set|flew|crept|swept|shrank|made)"
)
_IN = (
    r"(?:in(?! line| the (?:next|last|first|set|same)| your| a | this| rep| each| every| \d| next| control| short"
    r"| all| set|\w)|inwards?|inside|together|(?:to|toward|towards|into) (?:each other|the (?:middle|centre"
    r"|center|inside))"
    r"|each other|one another)\b"
)
_TRUNK = r"\b(?:chest|torso|trunk|upper body|shoulders?|ribs)\b"
_HIPS = r"\b(?:hips?|pelvis|waist|butt|bum|backside|your bottom|rear(?! knee| foot| leg)|seat|tail)\b"
_MIDDLE = r"\b(?:hips?|belly|waist|(?:lower|your) back|core|(?:your|the) middle|midsection|pelvis|stomach|abs|body)\b"
_ARMS = r"\b(?:elbows?|arms?)\b"
_KNEES = r"\b(?:knees?|kneecaps?)\b"
_FEET = r"\b(?:feet|foot|stance|footing|base|set-?up|heels?|stood(?! out)|standing|ankles)\b"
_STEP = r"\b(?:steps?|strides?|split)\b(?! (?:back|forward|ahead|up|down|better)\b)"

_SHALLOW = (
    r"\bhalf ?-?way\b|\bhalf (?:a )?(?:squat|rep|lunge|push|the (?:way|depth)|depth)|\bshallow|\bparallel\b"
    r"|\b(?:barely|hardly|scarcely|only just)\b(?! chang)|\btoo (?:early|soon)\b|\bshort of\b|\bcut~{0,16}\bshort"
    r"|\bdepth~{0,16}\b(?:not|missing|short|lack\w*|cut|gone|poor|low|small|limited|fell)|\b(?:lack\w*|lost"
    r"|missed|little|no|"
    r"not enough|poor|limited) (?:\w+ )?depth|\b(?:did not|didn't|never|could not|failed to|not)\b~{0,18}"
    r"\b(?:drop|sink|down|reach|near|low|deep|lower|level|all the way|sit|bend|far)\b|\bfar (?:away )?from the floor"
    r"|\bbefore you were\b|\byou~{0,10}\b(?:hovered|stayed|stopped|stood|kept|hung|finished|were|ended)\b~{0,10}"
    r"\b(?:high|tall|up|above|early|soon)\b|\b(?:small|short|tiny|cut) (?:range|movement|dip|bend)\b"
    r"|\brange~{0,12}\b(?:small|short|cut|little)|\bpart of the way\b|\bpartial\b|\bquarter\b|\b(?:almost"
    r"|nearly|close to) straight\b|\b(?:squats?|lunges?|push-?ups?|reps?|repetitions?"
    r"|you)\b~{0,14}\b(?:too high|float\w*|bailed)|\bonly~{0,16}\b(?:little|bit|part|some)\b"
    r"|\bbefore~{0,12}\b(?:bottom|floor|depth)|\bnot~{0,8}\bclose to the floor|\bjust a (?:little|small|bit)"
    r"|\b(?:rose|turned|came up|stopped|quit)~{0,8}\b(?:early|soon|before|high)\b|\bbottom~{0,8}\bmissed\b"
)
_LEAN = (
    rf"{_TRUNK}~{{0,16}}\b(?:dropp\w+|fell|bent|fold\w*|bow\w*|hunch\w*|tipp\w+|slump\w*|crooked|slant\w*"
    rf"|sway\w*|tilt\w*"
    r"|cav\w+|pointed|collaps\w*|round\w*|sideways|curl\w*|twist\w*|sagg\w+|sank|went (?:down|forward|over)"
    r"|dived?|dove"
    r"|came (?:down|forward)|too low|too far|(?:was|were) (?:low|down|bent)|not (?:\w+ )?(?:upright|tall|straight)"
    r"|off (?:centre|center)|in front|ahead of|pitched|swung|dipped|drooped|faced (?:the floor|down))"
    r"|\byou~{0,12}\b(?:bent (?:over|forward|down)|fold\w*|bow\w*|hunch\w*|crooked|tipped|stoop\w*|slouch\w*"
    r"|lean(?:ed|t)"
    r"|pitched|tilted|curled|swayed|slumped|collapsed)|\b(?:lost|not|losing)\b~{0,10}\b(?:tall|upright)\b"
    r"|\b(?:posture|body line)\b~{0,10}\b(?:crooked|bent|off|slant\w*|tilt\w*)|\byour back (?:was|went|got"
    r"|became|turned)\b|\b(?:bent|curved|rounded|hunched|crooked) (?:back|upper body|posture)"
    r"|\b(?:forward|side) (?:lean|tilt|bend)|\bbody (?:leaned|tipped|tilted|swayed|bent|fell)"
)
_PAST = (
    rf"{_KNEES}~{{0,12}}\b{_V}\b~{{0,20}}\b(?:forward|ahead|past|beyond|in front|front|over (?:your "
    rf"|the )?(?:toes|feet)"
    r"|(?:the|your) toes|the way|too far)\b|\bknees? (?:jutted|poked|bulged|passed|led|overshot|overtook"
    r"|crossed)|\bweight~{0,14}"
    r"(?:toes?|balls|front|forward)\b|\byou (?:rocked|tipped|rolled|stood|balanced|were|landed|rose|went|came"
    r"|shifted)~{0,16}"
    r"\b(?:toes|balls|forefoot)|\b(?:too far|high) (?:up )?on your toes|\bheels?~{0,14}\b(?:off|up|lift\w*|rose"
    r"|left|float\w*|in the air)\b|\bshins?~{0,14}\b"
    r"(?:tipp\w+|lean\w*|tilt\w*|slant\w*|forward|slop\w*|angled|not upright)|\bfront leg\b~{0,8}\b(?:lean|tip"
    r"|tilt)\w*"
    r"|\bfar (?:past|beyond|over|in front of) your (?:toe|foot|feet)|\bforward knees?\b"
)
_SHORT = (
    rf"{_STEP}~{{0,16}}\b(?:short|small|cramped|tight|tiny|close|little|narrow|not (?:\w+ )?(?:long|big|wide"
    rf"|far) enough)\b"
    rf"|\b(?:short|small|tiny|cramped|tight|little)(?:er)? {_STEP}|\b(?:stance|stepped"
    rf"|lunges?)\b~{{0,8}}\bshort\b|\bdid not step\b|\bfront foot~{{0,14}}\b(?:close|near)"
)

CLAIMS: dict[Key, str] = {
    ("squat", "too_shallow"): _SHALLOW + r"|\bhips?~{0,10}\b(?:stayed|were|kept|hung|remained|stopped|ended|finished)\b"
    r"~{0,10}\b(?:high|up|above)\b|\bthighs?~{0,12}\b(?:never|not|above|high)\b",
    (
        "squat",
        "knees_inward",
    ): rf"{_KNEES}~{{0,14}}\b{_V}\b~{{0,16}}\b{_IN}|\bknock-?kneed|{_KNEES}~{{0,18}}\b(?:cav\w+|buckl\w*|collaps\w*"
    r"|pinch\w*|kiss\w*|wobbl\w*|gave way|touch\w*|clos\w+ in|close|squeez\w*|narrow\w*|met\b|bump\w*)|\bknee collapse"
    rf"|\b(?:let|allowed|turned|brought|pulled)\b~{{0,8}}{_KNEES}~{{0,12}}\b{_IN}|\binward (?:knee|bend|drift|move)"
    r"|\b(?:gap|space|room|distance) between your knees",
    ("squat", "feet_too_close"): rf"{_FEET}~{{0,26}}\b(?:narrow\w*|tight|close|cramped|small|thin|touch\w*|bunched"
    r"|side by side|together|near|slim|crowd\w*|squeez\w*|packed|not (?:\w+ )?wide|huddled|glued|next to each other"
    r"|inside your shoulders|less than)\b|\b(?:narrow|tight|small|thin|cramped|close|slim)\w* (?:stance|base"
    r"|foot|feet)"
    r"|\b(?:room|space|gap|distance|inches)\b~{0,8}\bbetween your (?:feet|heels|ankles)"
    r"|\bnot (?:\w+ )?wide enough|\b(?:feet|stance|base)\b~{0,16}\bwidth\b"
    r"|\btoo narrow\b",
    ("squat", "forward_lean"): _LEAN,
    ("squat", "knees_past_toes"): _PAST,
    ("lunge", "too_high"): _SHALLOW + r"|\bhips?~{0,10}\b(?:stayed|were|kept|hung|remained)\b~{0,10}\b(?:high|up)\b"
    r"|\b(?:back|rear) knee~{0,16}\b(?:high|hover\w*|far|up|never|not|hung|float\w*|in the air|stopped)\b",
    ("lunge", "knee_past_toe"): _PAST + "|" + _SHORT,
    ("lunge", "trunk_lean"): _LEAN,
    (
        "push_up",
        "hips_sag",
    ): rf"{_MIDDLE}~{{0,18}}\b(?:sagg?\w*|sank|sunk|dropped|dipped|droop\w*|hung|hang\w*|fell|cav\w+"
    r"|arch\w+|slump\w+|gave way|too low|below|(?:was|were|got|stayed) (?:loose|soft|low|slack|weak)|bent down"
    r"|collaps\w+"
    r"|hollow\w*|swayed|banana|bow\w*|gave in|let go|slipp\w+|slid|heavy|(?:was|were|came"
    r"|got) (?:\w+ )?(?:close to|near|down)|lost|went (?:down|soft))\b|\b(?:saggy|sagging|hollow|arched)\b"
    r"|\bbanana|\blow (?:hips|belly|waist|middle)\b|\bbelly~{0,10}\b(?:touch\w*|first|down)\b|\bsway-?back",
    (
        "push_up",
        "hips_pike",
    ): rf"{_HIPS}~{{0,8}}\b{_V}\b~{{0,14}}\b(?:high|up|upwards?|air|above|over|too far|higher|sky)\b|\b(?:you"
    rf"|and) (?:pushed|lifted|raised|held|kept|took|brought|carried|moved)~{{0,8}}{_HIPS}~{{0,8}}\b(?:up|high"
    rf"|too|above)"
    rf"|{_HIPS}~{{0,16}}\b(?:rose|pok\w+|stuck|climb\w*|lifted|raised|pik\w+|too high|above|in the air)\b|\bpiked?\b"
    r"|\btent\b|\bbody~{0,10}\b(?:fold\w*|bent up|peak\w*|roof|like a V|triangle)|\b(?:mountain|upside-down V)\b",
    (
        "push_up",
        "elbows_flared",
    ): rf"{_ARMS}~{{0,18}}\b(?:(?<!stood )(?<!stand )(?<!stands )out|outwards?|wide|wing\w*|sideways|away"
    rf"|from your (?:body|sides)"
    r"|apart|open\w*|spread|swung|stuck|left your|flar\w*|flew|splay\w*|like a T|to the sides?)\b|\bchicken wing"
    r"|\bwinged\b|\bT shape",
    ("push_up", "too_shallow"): _SHALLOW
    + r"|\bchest~{0,14}\b(?:stayed|was|hung|kept|remained|stopped|never|not|hovered)\b"
    r"~{0,14}\b(?:high|up|far|above|down|near|floor|close)\b",
}

_LESS = (
    r"\bless\b(?! than| urgent)|\bhalf\b(?! of)|\bsmaller\b|\bshallow|\bsooner\b|\bearlier\b|\bbefore your\b"
    r"|\bhigher\b"
    r"|\b(?:only|just) a (?:little|bit)\b|\bonly (?:a )?part|\breduce\b|\bhigh up\b|\bhigh over\b"
    r"|\bnot (?:\w+ )?so (?:low|deep|far)\b|\b(?:low|deep) is (?:fine|enough)|\bcut (?:the|your) depth|\bstop early"
    r"|\bstay(?:ing)? (?:up|high|tall)\b|\bmore (?:space|room) (?:under|below)|\bdo not go (?:so|too|that|as)\b"
    r"|\bdon't go\b|\bstraighter\b|\bpart of the way\b|\bfurther up\b|\bbefore the (?:bottom|floor)\b"
    r"|\bmovement short|\bnot~{0,4}\b(?:bend|sink|lower|sit|drop)\b|\bfar (?:away )?from the floor|\bquarter\b"
    r"|\bjust (?:a bit|a little)\b|\bup (?:early|fast|soon)\b|\babove (?:parallel|your knees)\b|\bshorten\b"
)
_BEND = (
    r"\b(?:chest|shoulders?|upper body|torso|trunk)\b`{0,12}\b(?:drop|hang|fall|sink|forward|low|lower|down"
    r"|floor|ahead"
    r"|side|sideways|sway|roll|over(?! (?:your )?hips)|bend|tip)\b(?! your hips)|\b(?:drop|lower|tip|bend|hunch"
    r"|round|sway|hang|dip|roll|curl"
    r"|twist|tilt)\b~{0,10}\b(?:chest|shoulders?|upper body|torso|trunk|back)\b|\b(?:fold|bow|lean|hunch|slouch"
    r"|stoop|crouch)"
    r"\b|\bbend (?:at|over|forward|more at)|\bto (?:the|one) side\b|\bstay bent|\bmore lean|\btilt\b|\btip\b"
    r"|\blet\b~{0,8}\bback\b~{0,10}\b(?:bend|round|curl|sag|drop)\b"
)

TURNED: dict[Key, str] = {
    ("squat", "too_shallow"): _LESS + r"|\bhips? (?:high|up)\b|\b(?:stay (?:high|tall|up)|stand tall)\b",
    (
        "squat",
        "knees_inward",
    ): rf"{_KNEES}~{{0,20}}\b(?:{_IN}|close|closer|near\w*|narrow\w*|tight|touch\w*|meet|cave)"
    rf"|\b(?:close|narrow|squeeze|pinch|tighten|hug)\b~{{0,14}}{_KNEES}|\bto the (?:middle|inside|centre|center)\b"
    r"|\beach other\b|\bgap between your knees",
    (
        "squat",
        "feet_too_close",
    ): r"\b(?:feet|foot|stance|heels)\b~{0,24}\b(?:in(?! line| the| your)|close|closer|small|smaller"
    r"|tight|tighter|together|touch|near|narrow\w*|thin|each other|side by side|less)\b|\b(?:small|smaller"
    r"|tight|tighter"
    r"|close|closer|narrow|narrower) (?:stance|base|feet)\b|\bless (?:room|space|wide|width)\b|\bnarrower\b",
    ("squat", "forward_lean"): _BEND,
    ("squat", "knees_past_toes"): rf"{_KNEES}~{{0,12}}\b(?:go|first|lead|ahead|forward|past|front|travel)\b"
    r"|\b(?:weight|body|hips?|sit|shift|rise|rock|lean|roll|move|up)\b~{0,10}\b(?:forward|front|toes|tiptoes?|balls)\b"
    r"|\bheels?\b~{0,8}\b(?:off|up|rise|light|free|leave|float)\b|\btiptoes?\b",
    ("lunge", "too_high"): _LESS + r"|\bknee~{0,10}\b(?:up|off|away|high|earlier|early)\b|\bhips?~{0,4}\b(?:up|high)\b"
    r"|\b(?:come|stand) (?:\w+ )?up (?:sooner|earlier|early|faster)\b|\bstraight(?:en)?\b~{0,8}\blegs?\b",
    (
        "lunge",
        "knee_past_toe",
    ): rf"\b(?:short|small|tight|tiny|little|close)(?:er)? {_STEP}|{_STEP}~{{0,12}}\b(?:short|small"
    r"|tight|close|near|less|tiny)(?:er)?\b|\b(?:feet|foot)\b~{0,16}\b(?:closer|close|together|near\w*|back|in)\b"
    rf"|{_KNEES}~{{0,14}}\b(?:forward|past|ahead|over your toes|beyond|front|travel|in front)\b"
    r"|\bshin\b~{0,10}\b(?:tip|lean|tilt|forward|slant)|\bstep (?:less|closer|in|short)|\bless far\b|\b(?:short"
    r"|small|tight)(?:er)? (?:lunge|stance)"
    r"|\b(?:tip|tilt|lean|slant)\b~{0,10}\bshin",
    ("lunge", "trunk_lean"): _BEND,
    (
        "push_up",
        "hips_sag",
    ): r"\b(?:belly|core|stomach|middle|waist|abs|hips?|back)\b~{0,12}\b(?:hang|soft\w*|loose\w*|low|down"
    r"|fall|drop|sag|sink|slack|rest|(?<!stood )(?<!stand )(?<!stands )out|floor|closer|near)\b|\b(?:relax|soften"
    "|loosen|release|let go of|drop"
    r"|lower|hollow|arch"
    r"|sink|dip)\b~{0,10}\b(?:belly|core|stomach|middle|waist|abs|hips?|back)\b|\bstop (?:holding|bracing"
    r"|squeezing)|\blet (?:everything|it all) hang",
    ("push_up", "hips_pike"): rf"{_HIPS}~{{0,14}}\b(?:up|high|higher|ceiling|rise|climb|above|away|sky|raised|lift)\b"
    rf"|\b(?:lift|raise|bend at|stick|pike|hike|fold)\b~{{0,10}}{_HIPS}|\btent\b|\b(?:ceiling|sky)\b|\bfold\b",
    (
        "push_up",
        "elbows_flared",
    ): rf"{_ARMS}~{{0,16}}\b(?:(?<!stood )(?<!stand )(?<!stands )out|wide|wider|away|sideways|apart|far|off"
    rf"|open|loose|drift|flare"
    r"|to the side)\b|\b(?:lift|take|open|spread|wing|flare|turn|swing|push)\b~{0,12}\b(?:elbows?|arms?)\b~{0,8}"
    r"\b(?:off|from|out|wide|away)\b|\b(?:spread|open|wing|flare)\b~{0,8}\b(?:elbows?|arms)\b|\bmore (?:room"
    r"|space|gap)"
    r"(?: \w+)? between\b|\b(?:off|from) your (?:sides?|body|ribs)\b",
    ("push_up", "too_shallow"): _LESS
    + r"|\bchest\b~{0,10}\b(?:up|high|away|off)\b|\b(?:lift|raise|hold)\b~{0,8}\bchest\b"
    r"|\barms?\b~{0,10}\bstraight|\bstraight arms|\bpush (?:back )?up (?:sooner|early|earlier)|\baway from the floor",
}


def clauses(table: dict[Key, str]) -> dict[Key, str]:
    """The patterns with the signs written out."""
    return {key: pattern.replace("~", _CLAUSE).replace("`", _ALONE) for key, pattern in table.items()}
