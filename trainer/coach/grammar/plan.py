"""Which sentences make a text: for a summary and for each question, whatever the language."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.request import BRIEF, COUNT, FIRST, GOOD, PROGRESS, WHY, Request
from trainer.coach.grammar.frames import Grammar, Voiced
from trainer.coach.grammar.marks import capitalised, mark, plain


@dataclass(frozen=True)
class Writer:
    """Fills frames from the slots of one set, in one voice."""

    grammar: Grammar
    facts: Facts
    request: Request
    slots: dict[str, str]
    rng: np.random.Generator
    held_out: bool

    def say(self, wordings: Voiced) -> str:
        """One sentence with a capital letter where the language has them; what the facts decide is marked."""
        slots = {name: mark(value) for name, value in self.slots.items()}
        if self.facts.findings:
            tips = self.grammar.tips[self.facts.exercise, self.facts.findings[0].error]
            slots = slots | {"tip": tips.pick(self.rng, self.held_out)}
        text = wordings.of(self.request.voice).pick(self.rng, self.held_out).format_map(slots)
        return capitalised(mark(text) if any(wordings is each for each in self.grammar.more.claims) else text)

    def fits(self, texts: list[str]) -> bool:
        """Whether the sentences together are short enough to be read at a glance."""
        text = plain(self.grammar.blank.join(texts))
        return len(text.split() if self.grammar.blank else text) <= self.grammar.longest

    def chance(self, share: float) -> bool:
        """True in this share of the calls."""
        return bool(self.rng.random() < share)

    def one_of(self, *options: Voiced) -> Voiced:
        """One table of several."""
        return options[int(self.rng.integers(len(options)))]


def sentences(w: Writer) -> list[str]:
    """The sentences of a text for the request's topic."""
    answers = {WHY: _why, FIRST: _first, GOOD: _good, PROGRESS: _progress, COUNT: _count}
    return answers.get(w.request.topic, _summary)(w)


def _summary(w: Writer) -> list[str]:
    if w.request.voice == BRIEF:
        return _brief_summary(w)
    out = [w.say(_opening(w))]
    if w.facts.findings:
        out += [w.say(_fault(w)), w.say(w.grammar.ahead.tip)]
    else:
        out += [w.say(_praise(w))] if w.facts.good is not None else []
        out.append(w.say(_ahead(w)))
    extra = _extra(w)
    if extra is not None:
        # The next step is the last word in half of the texts.
        longer = [*out]
        longer.insert(len(out) - int(w.chance(0.5)), w.say(extra))
        return longer if w.fits(longer) else out
    return out


def _brief_summary(w: Writer) -> list[str]:
    fault, ahead = w.grammar.fault, w.grammar.ahead
    if not w.facts.findings:
        second = _praise(w) if w.facts.good is not None and w.chance(0.6) else _ahead(w)
        return [w.say(_opening(w)), w.say(second)]
    if w.facts.counted == 0 or w.chance(0.4):
        return [w.say(_opening(w)), w.say(fault.fix)]
    if w.chance(0.5):
        return [w.say(fault.lead), w.say(ahead.tip)]
    return [w.say(_opening(w)), w.say(_fault(w))]


def _opening(w: Writer) -> Voiced:
    opening, facts = w.grammar.opening, w.facts
    if facts.counted == 0:
        return opening.nothing
    if not facts.judged:
        return opening.unjudged
    if facts.correct == facts.counted:
        return opening.all_right if facts.counted > 1 else opening.one_right
    if facts.correct:
        return opening.some
    return opening.none if facts.counted > 1 else opening.one_wrong


def _fault(w: Writer) -> Voiced:
    fault = w.grammar.fault
    if w.facts.findings[0].worst is None:
        return fault.often
    draw = w.rng.random()
    return fault.measured if draw < 0.74 else fault.place if draw < 0.87 else fault.often


def _praise(w: Writer) -> Voiced:
    praise = w.grammar.praise
    if w.facts.findings:
        return praise.beside
    return praise.good if w.facts.correct else praise.measured


def _ahead(w: Writer) -> Voiced:
    ahead, facts = w.grammar.ahead, w.facts
    if facts.counted == 0:
        return ahead.retry
    if not facts.judged:
        return ahead.show
    return ahead.keep if facts.correct == facts.counted else ahead.hold


def _extra(w: Writer) -> Voiced | None:
    """At most one more sentence; the last set most of all, as that is what people ask for."""
    if w.facts.before is not None and w.chance(0.55):
        return _last_set(w)
    if not w.chance(0.7):
        return None
    options = [w.grammar.ahead.safety, *_known(w)]
    if len(w.facts.findings) > 1:
        options += 2 * [w.grammar.fault.second]
    if w.facts.findings and w.facts.good is not None and w.facts.counted:
        options.append(w.grammar.praise.beside)
    return w.one_of(*options)


def _known(w: Writer) -> list[Voiced]:
    """Steadiness and where the movement showed most, as far as known."""
    out = [_steadiness(w)] if w.facts.steadiness is not None else []
    return out + ([_heat(w)] if "joint" in w.slots else [])


def _steadiness(w: Writer) -> Voiced:
    assert w.facts.steadiness is not None
    return w.grammar.more.steady if w.facts.steadiness.steady else w.grammar.more.uneven


def _heat(w: Writer) -> Voiced:
    return w.grammar.more.parts if w.chance(0.25) else w.grammar.more.heat


def _last_set(w: Writer) -> Voiced:
    """A set whose form is unknown is neither better nor worse than another."""
    assert w.facts.before is not None
    return w.grammar.more.trends[w.facts.before.trend] if w.facts.judged else w.grammar.more.last_open


def _why(w: Writer) -> list[str]:
    answers, facts = w.grammar.answers, w.facts
    if not facts.findings:
        return _why_without_fault(w)
    out = [w.say(answers.why if facts.findings[0].worst is not None else answers.why_seen)]
    if "joint" in w.slots and w.chance(0.5):
        out.append(w.say(_heat(w)))
    elif len(facts.findings) > 1 and w.chance(0.4):
        out.append(w.say(w.grammar.fault.second))
    elif w.chance(0.4):
        out.append(w.say(w.grammar.ahead.tip))
    return out


def _why_without_fault(w: Writer) -> list[str]:
    answers, facts = w.grammar.answers, w.facts
    out = [w.say(answers.why_fine if facts.correct else answers.why_open)]
    out += [w.say(_praise(w))] if facts.good is not None else []
    if len(out) < 2 or w.chance(0.3):
        out.append(w.say(w.one_of(*_known(w), _ahead(w))))
    return out


def _first(w: Writer) -> list[str]:
    answers, facts = w.grammar.answers, w.facts
    if not facts.findings:
        return [w.say(answers.first_fine if facts.correct else answers.first_open), w.say(_ahead(w))]
    out = [w.say(answers.first)]
    if facts.findings[0].worst is not None and w.chance(0.45):
        out.append(w.say(w.grammar.fault.place))
    elif w.chance(0.3):
        out.append(w.say(w.grammar.ahead.safety))
    return out


def _good(w: Writer) -> list[str]:
    answers, facts = w.grammar.answers, w.facts
    out = [w.say(answers.good_count)] if facts.correct else []
    out += [w.say(_praise(w))] if facts.good is not None and (facts.counted or not facts.findings) else []
    if facts.steadiness is not None and facts.steadiness.steady and len(out) < 2:
        out.append(w.say(w.grammar.more.steady))
    if not out:
        return [w.say(answers.good_none), w.say(w.grammar.ahead.tip if facts.findings else _ahead(w))]
    if len(out) < 2 and w.request.voice != BRIEF:
        out.append(w.say(w.grammar.ahead.tip if facts.findings else _ahead(w)))
    return out


def _progress(w: Writer) -> list[str]:
    answers, facts = w.grammar.answers, w.facts
    if facts.before is None:
        return [w.say(answers.no_last), w.say(_opening(w))]
    out = [w.say(_last_set(w))]
    if facts.findings and w.chance(0.7):
        out.append(w.say(answers.main_count))
    if len(out) < 2 or (w.request.voice != BRIEF and w.chance(0.35)):
        out.append(w.say(w.grammar.ahead.tip if facts.findings else _ahead(w)))
    return out


def _count(w: Writer) -> list[str]:
    answers, facts = w.grammar.answers, w.facts
    if facts.counted == 0:
        out = [w.say(answers.not_counted)]
    else:
        out = [w.say(answers.count if facts.judged else answers.count_open)]
        out += [w.say(answers.rejected)] if facts.rejected else []
    if facts.steadiness is not None:
        out.append(w.say(_steadiness(w)))
    if len(out) < 2:
        out.append(w.say(w.one_of(w.grammar.ahead.safety, _ahead(w) if not facts.findings else w.grammar.ahead.tip)))
    return out
