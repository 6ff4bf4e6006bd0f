"""What a question about the workout asks for: which of the coach's topics, or that the coach must not answer it."""

from __future__ import annotations

import re

from fias_desktop.coach.request import COUNT, FIRST, GOOD, PROGRESS, WHY

HEALTH, OTHER = "health", "other"

# The first that fits: what must not be answered stands before all others.
_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        HEALTH,
        r"\b(?:pain\w*|hurt\w*|injur\w*|ache\w*|aching|sore\w*|doctor|physio\w*|medic\w*|heal|disease|surgery"
        r"|pregnan\w*|dizz\w*|numb\w*|swollen|sprain\w*|faint\w*)\b"
        r"|痛|疼|受傷|傷到|痠|酸|醫|治療|復健|懷孕|頭暈|暈|麻|腫|扭到|拉傷",
    ),
    (
        PROGRESS,
        r"\b(?:last (?:set|time)|before|better|worse|progress|improv(?:ed|ing|ement)|did i improve|compare\w*"
        r"|previous)\b"
        r"|上一?組|上次|之前|進步|退步|比較|相比",
    ),
    (
        FIRST,
        r"\b(?:first|next|change|fix|mend|improve|work on|focus|tips?|(?:how|what) (?:do|can|could|should|would) i)\b"
        r"|先改|先做|改什麼|怎麼改|怎麼做|如何|接下來|下一步|注意什麼|該",
    ),
    (
        WHY,
        r"\b(?:why|how come|reason|explain|wrong|mistakes?|faults?|mean)\b"
        r"|為什麼|為何|原因|解釋|哪裡錯|錯|問題",
    ),
    (GOOD, r"\b(?:good|well|right|praise|like|strengths?|positive)\b|好的|做得好|哪裡好|優點|做對|對的"),
    (
        COUNT,
        r"\b(?:how many|how often|count\w*|number|reps?|repetitions?|steady|consistent|even)\b"
        r"|幾下|幾次|多少|穩定|次數",
    ),
)
_COMPILED = tuple((topic, re.compile(pattern, re.IGNORECASE)) for topic, pattern in _PATTERNS)


def topic_of(question: str) -> str:
    """The topic (`request.TOPICS`) that a question asks for; `health` or `other` where the coach has no answer."""
    for topic, pattern in _COMPILED:
        if pattern.search(question):
            return topic
    return OTHER
