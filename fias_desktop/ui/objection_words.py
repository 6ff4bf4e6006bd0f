"""The guard's objections to what a language model wrote, in the language of the window.

They stand in the context `engine`, as all that the engine says; what they quote of the model's text stays as it is.
"""

from __future__ import annotations

from fias_desktop.ui.engine_words import filled
from fias_desktop.ui.translation import QT_TRANSLATE_NOOP

_OBJECTIONS = (
    QT_TRANSLATE_NOOP("engine", "The answer is empty."),
    QT_TRANSLATE_NOOP("engine", "The answer is too short."),
    QT_TRANSLATE_NOOP("engine", "The answer is too long."),
    QT_TRANSLATE_NOOP("engine", "The answer breaks off."),
    QT_TRANSLATE_NOOP("engine", "The answer repeats itself."),
    QT_TRANSLATE_NOOP("engine", "It is not all in English."),
    QT_TRANSLATE_NOOP("engine", "It is not all in Chinese."),
    QT_TRANSLATE_NOOP("engine", "It has unreadable characters."),
    QT_TRANSLATE_NOOP("engine", "It has a simplified character: {0}."),
    QT_TRANSLATE_NOOP("engine", "It speaks of health: {0}."),
    QT_TRANSLATE_NOOP("engine", "It gives unsafe advice: {0}."),
    QT_TRANSLATE_NOOP("engine", "It uses a technical word: {0}."),
    QT_TRANSLATE_NOOP("engine", "It is not plain text: {0}."),
    QT_TRANSLATE_NOOP("engine", "It speaks of a fault that was not found: {0}."),
    QT_TRANSLATE_NOOP("engine", "It speaks of something that was not measured: {0}."),
    QT_TRANSLATE_NOOP("engine", "It denies a fault that was found: {0}."),
    QT_TRANSLATE_NOOP("engine", "It denies that there was a fault: {0}."),
    QT_TRANSLATE_NOOP("engine", "It tells the opposite of a fault that was found: {0}."),
    QT_TRANSLATE_NOOP("engine", "It does not name the main fault: {0}."),
    QT_TRANSLATE_NOOP("engine", "It says the opposite of what helps against {0}: {1}."),
    QT_TRANSLATE_NOOP("engine", "It leads astray from what helps against {0}: {1}."),
    QT_TRANSLATE_NOOP("engine", "It gives advice for something that was not found: {0}."),
    QT_TRANSLATE_NOOP("engine", "It names the wrong moment: {0}."),
    QT_TRANSLATE_NOOP("engine", "It names the wrong side: {0}."),
    QT_TRANSLATE_NOOP("engine", "It names a body part that was not told: {0}."),
    QT_TRANSLATE_NOOP("engine", "It moves the wrong part: {0}."),
    QT_TRANSLATE_NOOP("engine", "That is not where it showed most: {0}."),
    QT_TRANSLATE_NOOP("engine", "It names something that was not measured: {0}."),
    QT_TRANSLATE_NOOP("engine", "It proves a fault with the measurement of something else: {0}."),
    QT_TRANSLATE_NOOP("engine", "It names another exercise: {0}."),
    QT_TRANSLATE_NOOP("engine", "It says something that is not about this set: {0}."),
    QT_TRANSLATE_NOOP("engine", "It praises too much: {0}."),
    QT_TRANSLATE_NOOP("engine", "It calls a value good that shows a fault: {0}."),
    QT_TRANSLATE_NOOP("engine", "It praises without a correct repetition: {0}."),
    QT_TRANSLATE_NOOP("engine", "It says that no repetition was correct, which is not so: {0}."),
    QT_TRANSLATE_NOOP("engine", "It compares with a set that is not known."),
    QT_TRANSLATE_NOOP("engine", "It does not compare with the last set."),
    QT_TRANSLATE_NOOP("engine", "It does not say that there is no last set yet."),
    QT_TRANSLATE_NOOP("engine", "It says that there is no last set, but there is one: {0}."),
    QT_TRANSLATE_NOOP("engine", "It says that the last set was better, which is not so."),
    QT_TRANSLATE_NOOP("engine", "It says that the last set was worse, which is not so."),
    QT_TRANSLATE_NOOP("engine", "It says that this set was better than the last one, which is not so: {0}."),
    QT_TRANSLATE_NOOP("engine", "It says that this set was worse than the last one, which is not so: {0}."),
    QT_TRANSLATE_NOOP("engine", "It says that this set was the same as the last one, which is not so: {0}."),
    QT_TRANSLATE_NOOP("engine", "It calls the repetitions steady, which was not measured."),
    QT_TRANSLATE_NOOP("engine", "It calls the repetitions uneven, which was not measured."),
    QT_TRANSLATE_NOOP("engine", "It calls something else steady or uneven than was measured: {0}."),
    QT_TRANSLATE_NOOP("engine", "{0} is not the number of repetitions of this set."),
    QT_TRANSLATE_NOOP("engine", "{0} is not the number of correct repetitions of this set."),
    QT_TRANSLATE_NOOP("engine", "{0} is not the number of repetitions that did not count of this set."),
    QT_TRANSLATE_NOOP("engine", "{0} is not the number of wrong repetitions of this set."),
    QT_TRANSLATE_NOOP("engine", "{0} is not how often that was seen of this set."),
    QT_TRANSLATE_NOOP("engine", "{0} is not a number of this set."),
    QT_TRANSLATE_NOOP("engine", "{0} mixes up this set and the last one."),
    QT_TRANSLATE_NOOP("engine", "{0} is not the number of correct repetitions."),
    QT_TRANSLATE_NOOP("engine", "{0} is not the number of wrong repetitions."),
    QT_TRANSLATE_NOOP("engine", "{0} is not how often this fault was seen."),
    QT_TRANSLATE_NOOP("engine", "{0} has a unit that was not measured."),
    QT_TRANSLATE_NOOP("engine", "{0} percent is not a number of this set."),
    QT_TRANSLATE_NOOP("engine", "Repetition {0} is not one that was told ({1})."),
    QT_TRANSLATE_NOOP("engine", "Repetition {0} belongs to another fault ({1})."),
    QT_TRANSLATE_NOOP("engine", "{0} degrees was not measured here."),
    QT_TRANSLATE_NOOP("engine", "{0} seconds was not measured here."),
    QT_TRANSLATE_NOOP("engine", "{0} was not measured here."),
    QT_TRANSLATE_NOOP("engine", "{0} is not the lower bound."),
    QT_TRANSLATE_NOOP("engine", "{0} is not the upper bound."),
    QT_TRANSLATE_NOOP("engine", "{0} is not an expected value."),
    QT_TRANSLATE_NOOP("engine", "{0} is not how much the repetitions differed."),
    QT_TRANSLATE_NOOP("engine", "{0} is not what was measured."),
)
# The faults that an objection names.
_FAULTS = (
    QT_TRANSLATE_NOOP("engine", "not going deep enough"),
    QT_TRANSLATE_NOOP("engine", "knees moving inward"),
    QT_TRANSLATE_NOOP("engine", "feet too close together"),
    QT_TRANSLATE_NOOP("engine", "upper body leaning too far forward"),
    QT_TRANSLATE_NOOP("engine", "knees travelling far past the toes"),
    QT_TRANSLATE_NOOP("engine", "staying too high"),
    QT_TRANSLATE_NOOP("engine", "front knee travelling past the toes"),
    QT_TRANSLATE_NOOP("engine", "upper body leaning over"),
    QT_TRANSLATE_NOOP("engine", "hips sinking"),
    QT_TRANSLATE_NOOP("engine", "hips pushed up too high"),
    QT_TRANSLATE_NOOP("engine", "elbows flaring out"),
    QT_TRANSLATE_NOOP("engine", "not going low enough"),
)


def objection_text(text: str) -> str:
    """An objection in the language of the window; one that is not listed here is shown as it is."""
    return filled(text, _OBJECTIONS, _FAULTS) or text
