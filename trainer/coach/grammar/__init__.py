"""The grammar of advice: from the facts of a set and what is asked to one of very many true texts.

Every sentence has many frames; their slots only ever hold what the facts hold, as the prompt writes it. About a sixth
of the frames is held out: texts made of those show whether a model has learned to speak or to repeat.
"""

from __future__ import annotations

import numpy as np

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.request import Request
from trainer.coach.grammar.chinese import CHINESE
from trainer.coach.grammar.english import ENGLISH
from trainer.coach.grammar.frames import Grammar
from trainer.coach.grammar.marks import Marked, unmarked
from trainer.coach.grammar.plan import Writer, sentences
from trainer.coach.grammar.slots import slots

GRAMMARS: dict[str, Grammar] = {"en": ENGLISH, "zh_TW": CHINESE}


def write(facts: Facts, request: Request, rng: np.random.Generator, held_out: bool = False) -> str:
    """One text about the facts; with `held_out` made of the held-out frames wherever there are any."""
    return write_marked(facts, request, rng, held_out).text


def write_marked(facts: Facts, request: Request, rng: np.random.Generator, held_out: bool = False) -> Marked:
    """The same with the spans of what the facts decide: every filled slot, and sentences that are themselves a
    claim."""
    words = words_of(request.language)
    grammar, filled = GRAMMARS[words.language], slots(facts, words)
    return unmarked(grammar.blank.join(sentences(Writer(grammar, facts, request, filled, rng, held_out))))
