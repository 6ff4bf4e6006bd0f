"""What the slots of the frames hold: words and numbers exactly as the prompt writes them."""

from __future__ import annotations

from fias_desktop.coach.evidence import Facts, Measured
from fias_desktop.coach.words import Words, spoken


def slots(facts: Facts, words: Words) -> dict[str, str]:
    """Every slot that the facts can fill.

    n, name, one, many, c, were, share, r, r_were, total, reps: the counts. fault, said, k: the main fault; rep, where,
    quantity, amount, limit, unit: its worst measurement. fault2, said2, k2: the second fault. g_where ... g_unit: the
    good measurement. joint, peak, first, middle, last: where the movement showed. s_quantity, spread: steadiness. bc,
    bn, bk, bwere: the last set.
    """
    return _counts(facts, words) | _faults(facts, words) | _good(facts, words) | _rest(facts, words)


def _counts(facts: Facts, words: Words) -> dict[str, str]:
    total = facts.counted or facts.rejected
    return {
        "n": str(facts.counted),
        "name": words.exercise(facts.exercise, facts.counted or 2),
        "one": words.exercise(facts.exercise),
        "many": words.exercise(facts.exercise, 2),
        "c": str(facts.correct),
        "share": _share(facts, words),
        "were": _were(facts.correct),
        "r": str(facts.rejected),
        "r_were": _were(facts.rejected),
        "total": str(total),
        "reps": "repetition" if total == 1 else "repetitions",
    }


def _share(facts: Facts, words: Words) -> str:
    """How many were correct, as the prompt says it: `all correct`, `none correct`, `3 of 5 correct`."""
    text = words.prompt
    if facts.correct in (0, facts.counted):
        return text.all_correct if facts.correct else text.none_correct
    return text.some_correct.format(c=facts.correct, n=facts.counted)


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _faults(facts: Facts, words: Words) -> dict[str, str]:
    found: dict[str, str] = {}
    for finding, mark in zip(facts.findings, ("", "2"), strict=False):
        text = words.error(facts.exercise, finding.error)
        found |= {f"fault{mark}": text.name, f"said{mark}": text.said, f"k{mark}": str(finding.count)}
    if facts.findings and facts.findings[0].worst is not None:
        worst = facts.findings[0].worst
        found |= {"rep": str(worst.repetition), **_place(worst, words)}
    return found


def _place(measured: Measured, words: Words, mark: str = "") -> dict[str, str]:
    said = spoken(measured.evidence)
    return {
        f"{mark}where": words.phases[measured.phase],
        f"{mark}quantity": words.name(said),
        f"{mark}amount": words.amount(said),
        f"{mark}limit": words.limit(said),
        f"{mark}unit": words.unit(said.quantity, said.unit),
    }


def _good(facts: Facts, words: Words) -> dict[str, str]:
    return _place(facts.good, words, "g_") if facts.good is not None else {}


def _rest(facts: Facts, words: Words) -> dict[str, str]:
    found: dict[str, str] = {}
    if facts.hottest and facts.thirds is not None:
        first, middle, last = (words.joint(joint) for joint in facts.thirds)
        found |= {"joint": words.joint(facts.hottest[0].joint), "peak": words.phases[facts.hottest_phase]}
        found |= {"first": first, "middle": middle, "last": last}
    if facts.steadiness is not None:
        row = facts.steadiness
        found |= {
            "s_quantity": words.quantity(row.quantity),
            "spread": words.valued(row.spread, row.quantity, row.unit),
        }
    if facts.before is not None:
        last_set = facts.before
        found |= {"bc": str(last_set.correct), "bn": str(last_set.counted), "bk": str(last_set.main_count)}
        found["bwere"] = _were(last_set.correct)
    return found
