"""Models whose classes are no exercises, as what the hands hold: what they say of late, and how a person is told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fias_desktop.domain.exercises import IDLE
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Float32, Float64
from fias_desktop.stages.decide import RULES, Decided, DecisionRules, recall


class Namer:
    """Names the class with the highest mean probability of late; it stands for itself, in no group of exercises. Feed
    windows in the order of time, as a `Decider`."""

    def __init__(self, labels: Sequence[str], rules: DecisionRules = RULES) -> None:
        self._labels, self._rules = tuple(labels), rules
        self._last_s: float | None = None
        self._sum: Float64 = np.zeros(len(self._labels))

    def update(self, time_s: float, probs: Float32, known: bool) -> Decided:
        """Take one window's probabilities (K,) of the labels, and whether it was known; what is named at its end."""
        passed_s = self._passed_s(time_s)
        self._last_s = time_s
        self._sum = recall(self._sum, np.asarray(probs, np.float64), passed_s, self._rules)
        best = int(self._sum.argmax())
        return Decided(self._labels[best], self._labels[best], float(self._sum[best] / self._sum.sum()), known)

    def missed(self, time_s: float) -> Decided:
        """There is no window at this time: nothing is named."""
        self._passed_s(time_s)
        return Decided(IDLE, IDLE, 0.0, known=False)

    def forget(self) -> None:
        """What comes is another person or another scene."""
        self._sum = np.zeros(len(self._labels))

    def _passed_s(self, time_s: float) -> float:
        """How long ago the last window was; after a long gap or a jump back all is forgotten."""
        passed_s = 0.0 if self._last_s is None else time_s - self._last_s
        if not 0.0 <= passed_s <= self._rules.forget_s:
            self.forget()
        return max(passed_s, 0.0)


def what_it_names(spec: ModelSpec) -> tuple[str, str]:
    """What such a model names, and what that means for the rest of the program, as a message and its hint."""
    return (
        f"The model {spec.title} names {', '.join(spec.labels)}, and no exercise.",
        "Repetitions are counted and judged by the body's movement alone. Choose another model to have them named.",
    )
