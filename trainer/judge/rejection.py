"""Telling the program's exercises from movements that are none of them: scores, and the movements to judge them by.

Every score (N,) is higher the less a window looks like one of the exercises. Naming an unknown movement idle is a right
refusal, so what counts is how little of the answer is left for the exercises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fias_desktop.domain.exercises import IDLE, group_of
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, Float64, Int64
from fias_desktop.stages.recognise import rejection_scores, softmax
from trainer.data import nucla, uiprmd, utdmhad
from trainer.data.sequence import SkeletonSequence
from trainer.judge.evaluate import Seen
from trainer.judge.views import GUESSED, body_joints, filmed, windows_at

UNKNOWN_UIPRMD = (5, 6, 7, 8, 9, 10)
WINDOWS_A_SEQUENCE = 2
NEIGHBOURS = 10
COMPONENTS = 24  # of the pooled features, kept by the density models
_RIDGE = 1e-3
_GUESSED = [COCO17_FEET.index(name) for name in GUESSED]


@dataclass(frozen=True, eq=False)
class Movements:
    """Windows of one data set: `joints` float32 (N, T, V, C), the `person` and the `sequence` of each, int64 (N,), and
    `guessed` (V,) joints that the data set does not have (all False where it has all)."""

    name: str
    joints: Float32
    person: Int64
    sequence: Int64
    guessed: tuple[int, ...] = ()

    def without_guesses(self) -> Float32:
        """The windows with the guessed joints missing, as if nothing stood for them."""
        joints = self.joints.copy()
        joints[:, :, list(self.guessed)] = 0.0
        return joints


def unknown_movements(folder: Path, spec: ModelSpec, seed: int = 0) -> list[Movements]:
    """Movements that are none of the exercises, of people nobody trained on: UTD-MHAD without squat and lunge, N-UCLA,
    UI-PRMD 5 to 10; each sequence seen by one random camera through the estimator's noise."""
    others = [s for s in utdmhad.read(folder) if s.movement not in utdmhad.EXERCISES]
    rng = np.random.default_rng(seed)
    return [
        movements(utdmhad.NAME, others, spec, rng),
        movements(nucla.NAME, nucla.read(folder, copies=False), spec, rng),
        movements(uiprmd.NAME, uiprmd.read(folder, UNKNOWN_UIPRMD), spec, rng),
    ]


def movements(name: str, sequences: list[SkeletonSequence], spec: ModelSpec, rng: np.random.Generator) -> Movements:
    """Windows of sequences, ending anywhere in their later half."""
    joints, person, number = [], [], []
    guessed = bool(sequences) and sequences[0].skeleton != COCO17_FEET.name
    for index, sequence in enumerate(sequences):
        if len(sequence.points) < 2:
            continue
        track, _ = filmed(body_joints(sequence), sequence.rate_hz, rng)
        ends = rng.uniform(0.5 * sequence.duration_s, sequence.duration_s, WINDOWS_A_SEQUENCE)
        for window in windows_at(track, spec, [float(end) for end in np.sort(ends)]):
            joints.append(window.joints)
            person.append(sequence.subject)
            number.append(index)
    ids = np.array(person, np.int64), np.array(number, np.int64)
    return Movements(name, np.stack(joints), *ids, tuple(_GUESSED) if guessed else ())


Score = Callable[[Seen], Float64]


def scores_of(spec: ModelSpec, taught: Seen, label: Int64) -> dict[str, Score]:
    """Every score by name; the density models are fitted on the windows `taught` with their classes (N,)."""
    exercise = np.array([group_of(name) != IDLE for name in spec.labels])
    space = _Space.of(taught.pooled)
    density = _Gaussians.of(space.put(taught.pooled), label, exercise)
    neighbours = _Neighbours(space.put(taught.pooled)[exercise[label]])

    def probs(seen: Seen) -> Float32:
        return softmax(seen.logits, spec.temperature)

    def left_over(seen: Seen) -> Float64:
        return np.asarray(-_log_odds(seen.logits / spec.temperature, exercise), np.float64)

    return {
        "present (named idle: 0)": lambda seen: rejection_scores(spec.labels, probs(seen)).astype(np.float64),
        "1 - P(any exercise), log odds": left_over,
        "1 - P(best exercise)": lambda seen: 1.0 - _best_exercise(spec, probs(seen)),
        "energy of the exercise logits": lambda seen: -_log_sum(seen.logits[:, exercise]),
        "Mahalanobis distance": lambda seen: density.distance(space.put(seen.pooled)),
        "distance to neighbours": lambda seen: neighbours.distance(space.put(seen.pooled)),
        "what the components leave": lambda seen: space.left_out(seen.pooled),
    }


def _log_odds(logits: Float32, exercise: Float64 | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Float64:
    """log P(exercise) / P(idle) (N,): the same order as P(exercise), but not rounded to 1."""
    return _log_sum(logits[:, exercise]) - _log_sum(logits[:, ~np.asarray(exercise, np.bool_)])


def _log_sum(logits: Float32) -> Float64:
    values = logits.astype(np.float64)
    top = values.max(axis=1)
    return np.asarray(top + np.log(np.exp(values - top[:, None]).sum(axis=1)), np.float64)


def _best_exercise(spec: ModelSpec, probs: Float32) -> Float64:
    names = np.array([group_of(name) for name in spec.labels])
    groups = [probs[:, names == group].sum(axis=1) for group in sorted(set(names) - {IDLE})]
    return np.asarray(np.max(groups, axis=0), np.float64)


@dataclass(frozen=True, eq=False)
class _Space:
    """The leading principal components of pooled features, each of unit variance, and what they leave out."""

    mean: Float64
    axes: Float64
    spread: Float64

    @classmethod
    def of(cls, pooled: Float32) -> _Space:
        values = pooled.astype(np.float64)
        mean = values.mean(axis=0)
        _, sizes, axes = np.linalg.svd(values - mean, full_matrices=False)
        kept = min(COMPONENTS, len(sizes))
        return cls(mean, axes[:kept], np.maximum(sizes[:kept] / np.sqrt(len(values)), 1e-9))

    def put(self, pooled: Float32) -> Float64:
        """Features (N, C) in this space, (N, components)."""
        return np.asarray((pooled - self.mean) @ self.axes.T / self.spread)

    def left_out(self, pooled: Float32) -> Float64:
        """The length of what the components do not hold, (N,): an error of reconstruction."""
        centred = pooled - self.mean
        return np.asarray(np.linalg.norm(centred - (centred @ self.axes.T) @ self.axes, axis=1))


@dataclass(frozen=True, eq=False)
class _Gaussians:
    """One normal distribution a class with a common covariance (K. Lee et al., NeurIPS 2018)."""

    means: Float64
    precision: Float64

    @classmethod
    def of(cls, points: Float64, label: Int64, exercise: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> _Gaussians:
        there = [k for k in np.flatnonzero(exercise) if (label == k).any()]
        means = np.stack([points[label == k].mean(axis=0) for k in there])
        off = np.concatenate([points[label == k] - mean for k, mean in zip(there, means, strict=True)])
        covariance = off.T @ off / len(off) + _RIDGE * np.eye(points.shape[1])
        return cls(means, np.linalg.inv(covariance))

    def distance(self, points: Float64) -> Float64:
        """To the nearest exercise class, (N,)."""
        off = points[:, None] - self.means
        return np.asarray(np.sqrt(np.einsum("nkc,cd,nkd->nk", off, self.precision, off)).min(axis=1))


@dataclass(frozen=True, eq=False)
class _Neighbours:
    """Distance to the nearest windows of exercises (Y. Sun et al., ICML 2022)."""

    points: Float64

    def distance(self, points: Float64) -> Float64:
        """To the `NEIGHBOURS`-th nearest, (N,)."""
        squares = (self.points**2).sum(axis=1)
        found = [
            np.partition(squares - 2 * (part @ self.points.T), NEIGHBOURS - 1, axis=1)[:, NEIGHBOURS - 1]
            + (part**2).sum(axis=1)
            for part in np.array_split(points, max(len(points) // 500, 1))
        ]
        return np.asarray(np.sqrt(np.maximum(np.concatenate(found), 0.0)))
