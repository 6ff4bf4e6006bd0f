"""The glossary's words measured along recordings: stability, temporal IoU, responsiveness, for groups and classes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.exercises import group_of
from fias_desktop.domain.types import Bool, Float64, Int64
from fias_desktop.stages.decide import UNKNOWN

JOIN_S = 1.0
_DRAWS = 1000
_TAILS = (0.025, 0.975)
_OPEN_S = 1e-9

Names = NDArray[np.str_]


@dataclass(frozen=True)
class Stretch:
    """From `start_s` to `end_s` the person truly does `name`."""

    start_s: float
    end_s: float
    name: str


@dataclass(frozen=True, eq=False)
class Recording:
    """What was said (`names` (T,) at `time_s` (T,)) and what was so: `active` stretches, rest between them."""

    time_s: Float64
    names: Names
    active: tuple[Stretch, ...]

    def during(self, stretches: Iterable[Stretch]) -> Bool:
        """Which samples (T,) lie within these stretches."""
        inside = np.zeros(len(self.time_s), np.bool_)
        for stretch in stretches:
            inside |= (self.time_s >= stretch.start_s) & (self.time_s <= stretch.end_s + _OPEN_S)
        return inside


@dataclass(frozen=True)
class ClassScore:
    """One class over all recordings: `iou` and `stability` of its pooled samples (NaN where it never occurs), the
    median wait `response_s` from the start of a stretch to the first right sample (one that is never named waits for
    ever; NaN when half are), the `missed` share of such stretches, and how many `stretches` there are."""

    name: str
    iou: float
    stability: float
    response_s: float
    missed: float
    stretches: int


@dataclass(frozen=True)
class StreamScore:
    """All classes together. `miou` is the mean over `classes` of their pooled IoU (the paper's category mIoU) with its
    interval, `mean_iou` the mean over recordings of the IoU of what they show; `stability` the share of all active
    samples named right, `mean_stability` its mean over recordings; `response_s` the median over all stretches.
    `rest_named` is the share of rest in which an exercise was named, `changes_per_min` how often the name changed."""

    classes: tuple[ClassScore, ...]
    miou: float
    miou_interval: tuple[float, float]
    mean_iou: float
    stability: float
    stability_interval: tuple[float, float]
    mean_stability: float
    response_s: float
    missed: float
    rest_named: float
    changes_per_min: float


def joined(spans: Iterable[tuple[float, float, str]]) -> tuple[Stretch, ...]:
    """Repetitions (start, end, name) as active stretches: those of one name joined over gaps below a second."""
    stretches: list[Stretch] = []
    for start_s, end_s, name in sorted(spans):
        last = stretches[-1] if stretches else None
        if last is not None and last.name == name and start_s - last.end_s < JOIN_S:
            stretches[-1] = Stretch(last.start_s, max(last.end_s, end_s), name)
        else:
            stretches.append(Stretch(start_s, end_s, name))
    return tuple(stretches)


def grouped(recording: Recording) -> Recording:
    """The same with fine classes as their groups, in what was said and in the truth."""
    coarse = {name: _group(name) for name in set(recording.names.tolist())}
    names = np.array([coarse[name] for name in recording.names.tolist()], np.str_)
    active = joined((each.start_s, each.end_s, _group(each.name)) for each in recording.active)
    return Recording(recording.time_s, names, active)


def _group(name: str) -> str:
    return name if name == UNKNOWN else group_of(name)


def score(recordings: Sequence[Recording], classes: Sequence[str], seed: int = 0) -> StreamScore:
    """Judge recordings by the classes given; intervals are 95 % bootstrap intervals over whole recordings."""
    counts = np.array([[_counts(recording, name) for name in classes] for recording in recordings])
    waits = {name: [wait for recording in recordings for wait in _waits(recording, name)] for name in classes}
    every = [wait for each in waits.values() for wait in each]
    shown = [row[row[:, 2] > 0] for row in counts if row[:, 2].any()]
    return StreamScore(
        classes=tuple(_class_score(name, counts[:, i], waits[name]) for i, name in enumerate(classes)),
        miou=_miou(counts),
        miou_interval=_interval(_miou, counts, seed),
        mean_iou=mean(float((row[:, 0] / row[:, 1]).mean()) for row in shown) if shown else math.nan,
        stability=_stability(counts),
        stability_interval=_interval(_stability, counts, seed),
        mean_stability=mean(_stability(row[None]) for row in shown) if shown else math.nan,
        response_s=_median(every),
        missed=_ratio(sum(wait is None for wait in every), len(every)),
        rest_named=_rest_named(recordings, classes),
        changes_per_min=_changes_per_min(recordings),
    )


def overlap(recording: Recording, name: str) -> tuple[int, int]:
    """Samples named so and active, and either."""
    return _counts(recording, name)[:2]


def _counts(recording: Recording, name: str) -> tuple[int, int, int]:
    """Samples named so and active, either, and active."""
    active = recording.during(stretch for stretch in recording.active if stretch.name == name)
    said = recording.names == name
    return int((active & said).sum()), int((active | said).sum()), int(active.sum())


def _waits(recording: Recording, name: str) -> list[float | None]:
    """Seconds from the start of each stretch of that name to the first sample named so; None where none is."""
    waits: list[float | None] = []
    for stretch in recording.active:
        if stretch.name == name and (inside := recording.during([stretch])).any():
            right = recording.time_s[inside & (recording.names == name)]
            waits.append(float(right[0]) - stretch.start_s if len(right) else None)
    return waits


def _class_score(name: str, counts: Int64, waits: Sequence[float | None]) -> ClassScore:
    both, either, active = (int(n) for n in counts.sum(axis=0))
    missed = _ratio(sum(wait is None for wait in waits), len(waits))
    iou = _ratio(both, either) if active else math.nan
    return ClassScore(name, iou, _ratio(both, active), _median(waits), missed, len(waits))


def _miou(counts: Int64) -> float:
    """Mean over the classes that occur of the IoU of their pooled samples, of counts (N, C, 3)."""
    both, either, active = counts.sum(axis=0).T
    return float((both / np.maximum(either, 1))[active > 0].mean()) if active.any() else math.nan


def _stability(counts: Int64) -> float:
    both, _, active = counts.sum(axis=(0, 1))
    return _ratio(int(both), int(active))


def _interval(figure: Callable[[Int64], float], counts: Int64, seed: int) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    drawn = [figure(counts[rng.integers(len(counts), size=len(counts))]) for _ in range(_DRAWS)]
    low, high = np.nanquantile(drawn, _TAILS) if not np.isnan(drawn).all() else (math.nan, math.nan)
    return float(low), float(high)


def _rest_named(recordings: Sequence[Recording], classes: Sequence[str]) -> float:
    rest = [(~recording.during(recording.active), np.isin(recording.names, classes)) for recording in recordings]
    return _ratio(sum(int((idle & named).sum()) for idle, named in rest), sum(int(idle.sum()) for idle, _ in rest))


def _changes_per_min(recordings: Sequence[Recording]) -> float:
    changes = sum(int((each.names[1:] != each.names[:-1]).sum()) for each in recordings)
    return _ratio(changes, sum(float(each.time_s[-1] - each.time_s[0]) / 60 for each in recordings if len(each.names)))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _median(waits: Sequence[float | None]) -> float:
    middle = median([math.inf if wait is None else wait for wait in waits]) if waits else math.nan
    return middle if math.isfinite(middle) else math.nan
