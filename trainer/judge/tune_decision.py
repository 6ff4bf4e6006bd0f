"""The rules of the online decision, found on simulated streams: a random search, then small steps from the best.

What counts is the category mIoU and half the stability, less half of every second of waiting beyond `WAIT_S` and a
little for every change of name: a name that flickers cannot be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import EXERCISES, GROUPS, IDLE, LABELS, group_of
from fias_desktop.domain.types import Bool, Float64, Int64
from fias_desktop.stages.decide import (
    RULES,
    STATES,
    STEP_S,
    UNKNOWN,
    Decider,
    DecisionRules,
    believe,
    decide,
    evidence,
    first_belief,
)
from trainer.judge.stream_answers import Answers
from trainer.judge.stream_scores import Recording, joined, score

WAIT_S = 0.5
WAIT_COST_A_S = 0.5
CHANGE_COST_A_MIN = 0.002
STABILITY_WEIGHT = 0.5
# What is searched: low, high and whether by ratio. The others are not to be learnt from simulation, which knows no
# movement that is unknown, or are no matter of taste.
_SPACE: dict[str, tuple[float, float, bool]] = {
    "evidence": (0.1, 1.5, True),
    "doubt": (0.003, 0.5, True),
    "idle_odds": (0.3, 3.0, True),
    "enter_per_s": (0.02, 2.0, True),
    "leave_per_s": (0.02, 2.0, True),
    "change_per_s": (0.001, 0.3, True),
    "enter": (0.2, 0.9, False),
    "leave": (0.05, 0.6, False),
}
FINE = tuple(label for label in LABELS if label != IDLE)
_FORM_S = (0.7, 1.0, 1.5, 2.5, 4.0, 7.0)
_KEEP = 5
_SURE, _GUESSED, _SETTLED = 0.999, 0.6, 40
_WITHIN = (
    ("idle", "squat", 0.3),
    ("squat", "idle", 0.8),
    ("squat", "lunge", 1.5),
    ("idle", UNKNOWN, 2.5),
    ("squat", UNKNOWN, 2.5),
    (UNKNOWN, "squat", 2.0),
)
_GROUP_OF = np.array([GROUPS.index(group_of(label)) for label in LABELS])


@dataclass(frozen=True, eq=False)
class Batch:
    """N streams side by side, T samples long: `groups` float64 (T, N, G), `known`, `seen`, `there` bool (T, N) (false
    beyond a stream's end), `truth` int64 (T, N) indices into `STATES`, and the `stretches` (stream, first, last sample,
    state, seconds from the true start to the first sample)."""

    groups: Float64
    known: Bool
    seen: Bool
    there: Bool
    truth: Int64
    stretches: tuple[tuple[int, int, int, int, float], ...]


@dataclass(frozen=True)
class Found:
    """Rules with what they achieve on the streams they were chosen on."""

    rules: DecisionRules
    value: float
    miou: float
    stability: float
    response_s: float
    changes_per_min: float


def tune(streams: Sequence[Answers], tries: int = 600, seed: int = 0, start: DecisionRules = RULES) -> Found:
    """The best rules of so many tries; the same for the same streams and seed."""
    rng = np.random.default_rng(seed)
    batch = batch_of(streams)
    best = [judged(batch, start)] if sensible(start) else []
    for number in range(tries):
        wide = number < tries // 2 or not best
        spread = 0.4 if number < 3 * tries // 4 else 0.15
        rules = _drawn(start, rng) if wide else _near(best[int(rng.integers(len(best)))].rules, rng, spread)
        if sensible(rules):
            best = sorted([*best, judged(batch, rules)], key=lambda found: -found.value)[:_KEEP]
    if not best:
        raise FiasError("No sensible rules were found.", "Search more: --tries.")
    return best[0]


def sensible(rules: DecisionRules) -> bool:
    """Whether the rules keep to what every choice must: one sure window changes no settled state, and lasting ones do
    within the times of `_WITHIN`."""
    return all(1 < windows_until(rules, before, after) <= round(limit_s / STEP_S) for before, after, limit_s in _WITHIN)


def windows_until(rules: DecisionRules, before: str, after: str) -> int:
    """After how many sure windows of one group, long after sure ones of another, the state has changed to it."""
    belief, state = first_belief(), np.array(STATES.index("idle"), np.int64)
    for _ in range(_SETTLED):
        belief = believe(belief, _said(before, rules), STEP_S, rules)
        state = decide(state, belief, rules)
    for count in range(1, _SETTLED):
        belief = believe(belief, _said(after, rules), STEP_S, rules)
        state = decide(state, belief, rules)
        if state == STATES.index(after):
            return count
    return _SETTLED


def _said(name: str, rules: DecisionRules) -> Float64:
    """The evidence (S,) of a window that is as good as certain, or was rejected with a guess."""
    guess, prob = ("squat", _GUESSED) if name == UNKNOWN else (name, _SURE)
    groups = np.where(np.array(GROUPS) == guess, prob, (1.0 - prob) / (len(GROUPS) - 1))
    return evidence(groups, name != UNKNOWN, rules)


def tune_form(streams: Sequence[Answers], rules: DecisionRules) -> DecisionRules:
    """The same rules with the memory of the form for which fine classes overlap best and are most stable."""
    judged_rules = {seconds: _fine_value(streams, replace(rules, form_s=seconds)) for seconds in _FORM_S}
    return replace(rules, form_s=max(judged_rules, key=lambda seconds: judged_rules[seconds]))


def _fine_value(streams: Sequence[Answers], rules: DecisionRules) -> float:
    found = score([fine_recording(each, decided_names(each, rules)) for each in streams], FINE)
    return found.miou + found.stability


def decided_names(answers: Answers, rules: DecisionRules = RULES) -> list[str]:
    """The fine class, or `unknown`, that the decision names at every sample."""
    decider, names = Decider(LABELS, rules), []
    for time_s, probs, known, seen in zip(answers.time_s, answers.probs, answers.known, answers.seen, strict=True):
        state = decider.update(float(time_s), probs, bool(known)) if seen else decider.missed(float(time_s))
        names.append(state.label if state.known else UNKNOWN)
    return names


def fine_recording(answers: Answers, names: Sequence[str]) -> Recording:
    """Names beside the fine classes of the true repetitions."""
    spans = zip(answers.start_s, answers.end_s, answers.label, strict=True)
    active = joined((float(start), float(end), LABELS[label]) for start, end, label in spans)
    return Recording(answers.time_s, np.array(names, np.str_), active)


def batch_of(streams: Sequence[Answers]) -> Batch:
    """Streams padded to the longest."""
    length, count = max(len(each.time_s) for each in streams), len(streams)
    shape = (length, count)
    batch = Batch(
        groups=np.full((*shape, len(GROUPS)), 1.0 / len(GROUPS)),
        known=np.zeros(shape, np.bool_),
        seen=np.zeros(shape, np.bool_),
        there=np.zeros(shape, np.bool_),
        truth=np.zeros(shape, np.int64),
        stretches=tuple(row for number, each in enumerate(streams) for row in _stretches(number, each)),
    )
    for number, each in enumerate(streams):
        rows = slice(0, len(each.time_s))
        for group in range(len(GROUPS)):
            batch.groups[rows, number, group] = each.probs[:, group == _GROUP_OF].sum(axis=1)
        batch.known[rows, number], batch.seen[rows, number], batch.there[rows, number] = each.known, each.seen, True
    for number, first, last, state, _ in batch.stretches:
        batch.truth[first : last + 1, number] = state
    return batch


def _stretches(number: int, answers: Answers) -> list[tuple[int, int, int, int, float]]:
    spans = zip(answers.start_s, answers.end_s, answers.label, strict=True)
    rows = []
    for each in joined((float(start), float(end), group_of(LABELS[label])) for start, end, label in spans):
        inside = np.flatnonzero((answers.time_s >= each.start_s) & (answers.time_s <= each.end_s))
        if len(inside):
            first, last = int(inside[0]), int(inside[-1])
            rows.append((number, first, last, STATES.index(each.name), float(answers.time_s[first]) - each.start_s))
    return rows


def follow(batch: Batch, rules: DecisionRules) -> Int64:
    """The state (T, N) decided at every sample: what `Decider` says, for all streams at once."""
    length, count = batch.known.shape
    belief = np.tile(first_belief(), (count, 1))
    state = np.full(count, STATES.index("idle"), np.int64)
    said = evidence(batch.groups, batch.known, rules)
    states = np.zeros((length, count), np.int64)
    for row in range(length):
        seen = batch.seen[row]
        belief = np.where(seen[:, None], believe(belief, said[row], STEP_S, rules), belief)
        state = np.where(seen, decide(state, belief, rules), state)
        states[row] = np.where(seen, state, STATES.index("idle"))
    return states


def judged(batch: Batch, rules: DecisionRules) -> Found:
    """What the rules achieve."""
    states = follow(batch, rules)
    miou, stability = _overlap(batch, states)
    response_s = _response_s(batch, states)
    changed = (states[1:] != states[:-1]) & batch.there[1:]
    changes = float(changed.sum() / batch.there.sum() * 60 / STEP_S)
    late = WAIT_COST_A_S * max(response_s - WAIT_S, 0.0)
    value = miou + STABILITY_WEIGHT * stability - late - CHANGE_COST_A_MIN * changes
    return Found(rules, value, miou, stability, response_s, changes)


def _overlap(batch: Batch, states: Int64) -> tuple[float, float]:
    ious: list[float] = []
    hits = active = 0
    for exercise in EXERCISES:
        truly = (batch.truth == STATES.index(exercise)) & batch.there
        said = (states == STATES.index(exercise)) & batch.there
        both = int((truly & said).sum())
        if truly.any():
            ious.append(both / int((truly | said).sum()))
        hits, active = hits + both, active + int(truly.sum())
    return float(np.mean(ious or [0.0])), hits / max(active, 1)


def _response_s(batch: Batch, states: Int64) -> float:
    """The median wait; a stretch that is never named waits for ever."""
    waits = []
    for number, first, last, state, late_s in batch.stretches:
        right = np.flatnonzero(states[first : last + 1, number] == state)
        waits.append(late_s + float(right[0]) * STEP_S if len(right) else float("inf"))
    return min(float(np.median(waits)), 10.0) if waits else 0.0


def _drawn(start: DecisionRules, rng: np.random.Generator) -> DecisionRules:
    values = {}
    for name, (low, high, by_ratio) in _SPACE.items():
        values[name] = _rounded(np.exp(rng.uniform(np.log(low), np.log(high))) if by_ratio else rng.uniform(low, high))
    return replace(start, **values)


def _near(rules: DecisionRules, rng: np.random.Generator, spread: float) -> DecisionRules:
    values = {}
    for name, (low, high, by_ratio) in _SPACE.items():
        value, step = float(getattr(rules, name)), float(rng.normal(0.0, spread))
        values[name] = _rounded(np.clip(value * np.exp(step) if by_ratio else value + 0.3 * step, low, high))
    return replace(rules, **values)


def _rounded(value: float) -> float:
    """Two digits: what is printed is what was judged."""
    return float(f"{value:.2g}")
