"""Cues against known faults: which came in time, which were false, and the F-score by the rule of QEVD.

QEVD (S. Panchal et al., Live Fitness Coaching as a Testbed for Situated Interaction, NeurIPS 2024) matches what was
said with what should have been said one to one, each pair less than 1.5 s apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from fias_desktop.coach.cues import ON_TIME_S

_NOT_DUE, _NEVER = 10.0, 1e4


@dataclass(frozen=True)
class Fault:
    """One error of one true repetition: `time_s` of its worst moment, `due` where a cue was to be given."""

    exercise: str
    code: str
    time_s: float
    severity: float
    due: bool


@dataclass(frozen=True)
class Said:
    """One correction: when it was shown and its error code."""

    time_s: float
    code: str


def matched(said: Sequence[Said], faults: Sequence[Fault], within_s: float = ON_TIME_S) -> list[int]:
    """For every fault the number of its cue (of the same code, less than `within_s` apart), or -1. One to one: as many
    pairs as there can be, of these those at which a cue is due, of these the nearest in time."""
    result = [-1] * len(faults)
    if not said or not faults:
        return result
    cost = np.full((len(faults), len(said)), _NEVER)
    for row, fault in enumerate(faults):
        for column, cue in enumerate(said):
            apart_s = abs(cue.time_s - fault.time_s)
            if cue.code == fault.code and apart_s < within_s:
                cost[row, column] = apart_s + (0.0 if fault.due else _NOT_DUE)
    for row, column in zip(*linear_sum_assignment(cost), strict=True):
        if cost[row, column] < _NEVER:
            result[int(row)] = int(column)
    return result
