"""The grammar of Traditional Chinese as it is spoken in Taiwan. The last sixth of every table is held out."""

from trainer.coach.grammar.chinese.ahead import AHEAD
from trainer.coach.grammar.chinese.answers import ANSWERS
from trainer.coach.grammar.chinese.fault import FAULT
from trainer.coach.grammar.chinese.more import MORE
from trainer.coach.grammar.chinese.opening import OPENING
from trainer.coach.grammar.chinese.praise import PRAISE
from trainer.coach.grammar.chinese.tips import TIPS
from trainer.coach.grammar.frames import Grammar

CHINESE = Grammar(OPENING, FAULT, PRAISE, AHEAD, MORE, ANSWERS, TIPS, "", 116)
