"""The English grammar. The last sixth of every table is held out."""

from trainer.coach.grammar.english.ahead import AHEAD
from trainer.coach.grammar.english.answers import ANSWERS
from trainer.coach.grammar.english.fault import FAULT
from trainer.coach.grammar.english.more import MORE
from trainer.coach.grammar.english.opening import OPENING
from trainer.coach.grammar.english.praise import PRAISE
from trainer.coach.grammar.english.tips import TIPS
from trainer.coach.grammar.frames import Grammar

ENGLISH = Grammar(OPENING, FAULT, PRAISE, AHEAD, MORE, ANSWERS, TIPS, " ", 78)
