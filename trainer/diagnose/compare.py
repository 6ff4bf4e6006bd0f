"""A network and its refinement on the same test windows: every difference with its paired 95 % interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.exercises import group_of
from fias_desktop.domain.types import Bool, Float32, Float64, Int64
from trainer.judge.evaluate import per_repetition
from trainer.simulate.dataset import WindowSet
from trainer.tables.report import Cell
from trainer.tables.scores import athlete_interval

COLUMNS = ("of", "n", "run", "low", "high", "refined", "low ", "high ", "difference", "low  ", "high  ", "clear")


@dataclass(frozen=True, eq=False)
class Hits:
    """What two networks did with the same n things, `right` float64 (2, n) of the run and of its refinement, 0 or 1, or
    0 or a weight, and whose they are: `person` int64 (n,)."""

    name: str
    right: Float64
    person: Int64


def comparison(
    labels: tuple[str, ...], test: WindowSet, before: Float32, after: Float32
) -> tuple[tuple[Cell, ...], ...]:
    """Rows under `COLUMNS` from the probabilities (N, K) of either network for the test windows.

    Intervals are a bootstrap over people: all windows of one come or go together, for both networks at once. `clear`
    says `better` or `worse` where the interval of the difference leaves 0 out.
    """
    return tuple(_row(hits) for hits in _all_hits(labels, test, before, after))


def _all_hits(labels: tuple[str, ...], test: WindowSet, before: Float32, after: Float32) -> Iterator[Hits]:
    said = before.argmax(axis=1), after.argmax(axis=1)
    groups = np.array([group_of(label) for label in labels])
    right = _numbers([each == test.label for each in said])
    yield Hits("all windows", right, test.subject)
    yield Hits("all classes alike (mean recall)", right * _weights(test.label), test.subject)
    exercise = _numbers([groups[each] == groups[test.label] for each in said])
    yield Hits("all windows: the exercise", exercise, test.subject)
    found = [per_repetition(probs, test.label, test.repetition) for probs in (before, after)]
    if len(found[0].label):
        numbers, first = np.unique(test.repetition, return_index=True)
        people = test.subject[first[numbers >= 0]]
        yield Hits("all repetitions", _numbers([one.label == one.predicted for one in found]), people)
    for k, label in enumerate(labels):
        rows = np.flatnonzero(test.label == k)
        if len(rows):
            yield Hits(label, right[:, rows], test.subject[rows])


def _weights(label: Int64) -> Float64:
    """Weights (n,) under which the mean of hits is the mean recall of the classes that occur."""
    classes, number, count = np.unique(label, return_inverse=True, return_counts=True)
    return np.asarray(len(label) / (len(classes) * count[number]), np.float64)


def _numbers(right: list[Bool]) -> Float64:
    return np.asarray(right, np.float64)


def _row(hits: Hits) -> tuple[Cell, ...]:
    gained = hits.right[1] - hits.right[0]
    before, after = ((float(values.mean()), *athlete_interval(_single(values), hits.person)) for values in hits.right)
    low, high = athlete_interval(_single(gained), hits.person)
    clear = "better" if low > 0 else "worse" if high < 0 else ""
    return (hits.name, len(gained), *before, *after, float(gained.mean()), low, high, clear)


def _single(values: Float64) -> Float32:
    return np.asarray(values, np.float32)
