"""From what single windows say to what the person is doing: a causal filter with a memory.

Windows overlap and err one by one; a person rests, exercises and rests again for seconds. The forward algorithm of a
hidden Markov model (L. R. Rabiner, Proc. IEEE 77(2), 1989, section III-A) weighs both, a step per window, and an
exercise is entered and left at different beliefs (hysteresis), so that the name neither flickers nor lags. numpy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fias_desktop.domain.exercises import EXERCISES, GROUPS, IDLE, group_of
from fias_desktop.domain.types import Bool, Float32, Float64, Int64

UNKNOWN = "unknown"
STATES: tuple[str, ...] = (*GROUPS, UNKNOWN)
STEP_S = 0.1  # between two windows: what the evidence of one is worth is stated for this
_EXERCISES = np.array([state in EXERCISES for state in STATES])
_IDLE = STATES.index(IDLE)
_TINY = 1e-12


@dataclass(frozen=True)
class DecisionRules:
    """How the filter believes and decides.

    `evidence` is the weight of one window (they share most of their pictures, so below 1) and `doubt` the share of its
    probability that is spread evenly: no window is ever quite sure. `idle_odds` multiplies what speaks for idle.
    `unknown` is how well an unknown movement explains a window that was rejected, `unknown_known` one that was not.
    `enter_per_s`, `leave_per_s` and `change_per_s` are how often exercises begin, end and follow on each other without
    a rest, `unknown_per_s` how often an unknown movement begins and turns into something else. An exercise is entered
    at the belief `enter` and left below `leave`; the form is the mean of the last `form_s`. After `forget_s` without a
    window all is forgotten.

    The values are those that `python -m trainer tables stream --tune --tries 1500` found on simulated streams with the
    program's own model, except those about unknown movement, which no simulated stream contains, and `forget_s`: a
    rejected window speaks for the unknown as twice a certain one speaks for its group, and a known one hardly.
    """

    evidence: float = 0.29
    doubt: float = 0.0035
    idle_odds: float = 2.8
    unknown: float = 2.0
    unknown_known: float = 0.1
    enter_per_s: float = 1.1
    leave_per_s: float = 1.1
    change_per_s: float = 0.001
    unknown_per_s: float = 0.2
    enter: float = 0.41
    leave: float = 0.12
    form_s: float = 1.0
    forget_s: float = 2.0


RULES = DecisionRules()


@dataclass(frozen=True)
class Decided:
    """The state of the moment: the fine `label` with its mean probability of late, the coarse `group`, and `known`,
    false during a movement that is none the model knows (the label is then its best guess)."""

    label: str
    group: str
    prob: float
    known: bool


class Decider:
    """Follows one person through time. Feed windows in the order of time."""

    def __init__(self, labels: Sequence[str], rules: DecisionRules = RULES) -> None:
        self.rules = rules
        self._labels = tuple(labels)
        self._group_of = np.array([GROUPS.index(group_of(label)) for label in labels])
        self._memory = _Memory(len(self._labels))

    def update(self, time_s: float, probs: Float32, known: bool) -> Decided:
        """Take one window's probabilities (K,) of the labels, and whether it was known; the state at its end."""
        memory, passed_s = self._memory_at(time_s)
        memory.last_s = time_s
        groups: Float64 = np.bincount(self._group_of, weights=probs, minlength=len(GROUPS)).astype(np.float64)
        memory.belief = believe(memory.belief, evidence(groups, known, self.rules), passed_s, self.rules)
        before, memory.state = memory.state, int(decide(np.array(memory.state), memory.belief, self.rules))
        if memory.state != before:
            memory.form = np.zeros(len(self._labels))  # the form of an exercise is told from its own windows
        memory.form = recall(memory.form, np.asarray(probs, np.float64), passed_s, self.rules)
        return self._decided(memory)

    def missed(self, time_s: float) -> Decided:
        """There is no window at this time (nobody in the picture): idle, and not known."""
        self._memory_at(time_s)
        return Decided(IDLE, IDLE, 0.0, known=False)

    def forget(self) -> None:
        """What comes is another person or another scene."""
        self._memory = _Memory(len(self._labels))

    def _memory_at(self, time_s: float) -> tuple[_Memory, float]:
        """The memory, empty after a long gap or a jump back, and how long ago its last window was."""
        last_s = self._memory.last_s
        if last_s is not None and 0.0 <= time_s - last_s <= self.rules.forget_s:
            return self._memory, time_s - last_s
        self.forget()
        return self._memory, STEP_S

    def _decided(self, memory: _Memory) -> Decided:
        known = STATES[memory.state] != UNKNOWN
        mine = self._group_of == memory.state if known else np.ones(len(self._labels), np.bool_)
        best = int(np.where(mine, memory.form, -1.0).argmax())
        prob = float(memory.form[best] / memory.form.sum())
        return Decided(self._labels[best], group_of(self._labels[best]), prob, known)


class _Memory:
    """All that the past has left: the belief, the state decided, the fading sum of fine probabilities."""

    def __init__(self, labels: int) -> None:
        self.last_s: float | None = None
        self.belief = first_belief()
        self.state = _IDLE
        self.form: Float64 = np.zeros(labels)


def first_belief() -> Float64:
    """Before anything was seen, (S,): whoever comes into the picture may do anything."""
    return np.full(len(STATES), 1.0 / len(STATES))


def evidence(groups: Float64, known: bool | Bool, rules: DecisionRules) -> Float64:
    """How well each state explains a window (..., S), from its group probabilities (..., G) and whether it is known."""
    spread = (1.0 - rules.doubt) * groups + rules.doubt / len(GROUPS)
    spread[..., _IDLE] *= rules.idle_odds
    unknown = np.where(known, rules.unknown_known, rules.unknown)
    return np.concatenate([spread, np.asarray(unknown)[..., None]], axis=-1)


def believe(belief: Float64, said: Float64, passed_s: float, rules: DecisionRules) -> Float64:
    """The belief (..., S) after `passed_s` more seconds and the evidence (..., S) of one window."""
    weight = rules.evidence * min(passed_s / STEP_S, 3.0)
    after = belief @ transitions(passed_s, rules) * said**weight + _TINY
    return np.asarray(after / after.sum(axis=-1, keepdims=True))


@lru_cache(maxsize=64)
def transitions(passed_s: float, rules: DecisionRules) -> Float64:
    """Probability (S, S) of going from a state (row) to another (column) in that time."""
    rates = np.full((len(STATES), len(STATES)), rules.unknown_per_s)
    rates[np.ix_(_EXERCISES, _EXERCISES)] = rules.change_per_s
    rates[_IDLE, _EXERCISES], rates[_EXERCISES, _IDLE] = rules.enter_per_s, rules.leave_per_s
    np.fill_diagonal(rates, 0.0)
    leaving = rates.sum(axis=1, keepdims=True)
    gone = 1.0 - np.exp(-leaving * passed_s)
    result: Float64 = rates / np.maximum(leaving, _TINY) * gone + np.eye(len(STATES)) * (1.0 - gone)
    result.flags.writeable = False
    return result


def decide(state: Int64, belief: Float64, rules: DecisionRules) -> Int64:
    """The next states (...) from the present ones (...) and the beliefs (..., S)."""
    best = belief.argmax(axis=-1)
    own = np.take_along_axis(belief, state[..., None], axis=-1)[..., 0]
    stays = _EXERCISES[state] & (own >= rules.leave)
    enters = (best == _IDLE) | (belief.max(axis=-1) >= rules.enter) | _EXERCISES[state]
    return np.asarray(np.where(stays | ~enters, state, best), np.int64)


def recall(form: Float64, probs: Float64, passed_s: float, rules: DecisionRules) -> Float64:
    """The fading sum (K,) of fine probabilities with those of one more window; divided by its own sum it is a mean."""
    return np.asarray(form * np.exp(-passed_s / rules.form_s) + probs)
