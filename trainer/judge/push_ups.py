"""Whole clips of push-ups, recorded or simulated: what a network and what a ruler say about each.

A clip is a track of poses of one person. Nothing here is fitted on real clips: what weighs how much is learnt from
simulated push-ups seen from the side, in `fit_on`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import nn

from fias_desktop.domain.athlete import SetPlan, make_performance, random_body
from fias_desktop.domain.exercises import ERRORS, ExerciseRule
from fias_desktop.domain.geometry import joint_angle_deg, line_deviation_deg, torso_scale
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET, mapping, skeleton
from fias_desktop.domain.types import Bool, Float32, Float64, PoseTrack
from fias_desktop.stages.recognise import softmax
from trainer.judge.evaluate import Seen, look
from trainer.judge.form_angles import Logistic, fit_logistic
from trainer.judge.push_up_rules import Seen33, in_33, rules_say, worst
from trainer.judge.views import filmed, windows_at

EVERY_S, FIRST_S = 0.25, 1.0
ACTIVE = 0.5  # of P(push-up): windows below it show something else
EXERCISE = "push_up"
CORRECT = "push_up_correct"
MEASURES = ("hips below the line", "hips above the line", "elbow at the bottom", "elbow at the top", "way down")
# From the side and up to a third of the way towards front or back, as one films a push-up.
SIDE_VIEWS_DEG = (-115.0, -90.0, -65.0, 65.0, 90.0, 115.0)
SEVERITY = (0.45, 1.0)
PENALTY = 0.01
_LEAST_SCORE = 0.05
_LOW = 0.25
_UP = np.array([0.0, -1.0])


@dataclass(frozen=True, eq=False)
class Clips:
    """N clips by name: `wrong` bool (N,), `network` float64 (N, 1 + E) (log odds of anything but correct, then the
    error heads of the push-up; NaN without such heads), `measured` float64 (N, 5) of `MEASURES`, and `rules` float64
    (N,): by how much the program's worst rule is broken."""

    names: tuple[str, ...]
    wrong: Bool
    network: Float64
    measured: Float64
    rules: Float64


Named = tuple[str, bool, Seen33]


def describe(named: list[Named], spec: ModelSpec, network: nn.Module, rule: ExerciseRule) -> Clips:
    """Show every clip (name, whether it is wrong, who is seen in it) to the network, measure it, ask the rules."""
    tracks = [seen.track() for *_, seen in named]
    return Clips(
        tuple(name for name, *_ in named),
        np.array([wrong for _, wrong, _ in named], np.bool_),
        np.stack([network_says(track, spec, network) for track in tracks]),
        np.stack([measure(track) for track in tracks]),
        np.array([worst(rules_say(seen, rule)) for *_, seen in named]),
    )


def network_says(track: PoseTrack, spec: ModelSpec, network: nn.Module) -> Float64:
    """The clip's mean over the windows named push-up (over all where none is): log odds against `push_up_correct`
    among push-ups, and the logits of the push-up's error heads."""
    ends = np.arange(float(track.time_s[0]) + FIRST_S, float(track.time_s[-1]) + 1e-6, EVERY_S)
    windows = windows_at(track, spec, [float(end) for end in (ends if len(ends) else track.time_s[-1:])])
    heads = [i for i, name in enumerate(spec.errors) if name.startswith(EXERCISE + "_")]
    if not windows:
        return np.full(1 + max(len(heads), 1), np.nan)
    seen = look(network, np.stack([window.joints for window in windows]))
    probs = softmax(seen.logits, spec.temperature)
    push_up = np.array([label.startswith(EXERCISE) for label in spec.labels])
    active = probs[:, push_up].sum(axis=1) >= ACTIVE
    rows = active if active.any() else ~active
    return np.concatenate([[_odds_against_correct(spec, seen, rows)], _heads(seen, heads, rows)])


def _odds_against_correct(spec: ModelSpec, seen: Seen, rows: Bool) -> float:
    columns = [i for i, label in enumerate(spec.labels) if label.startswith(EXERCISE)]
    probs = softmax(seen.logits[rows][:, columns], spec.temperature).mean(axis=0)
    correct = float(np.clip(probs[[spec.labels[i] for i in columns].index(CORRECT)], 1e-6, 1 - 1e-6))
    return float(np.log((1 - correct) / correct))


def _heads(seen: Seen, heads: list[int], rows: Bool) -> Float64:
    if seen.error_logits is None:
        return np.full(1, np.nan)
    return np.asarray(seen.error_logits[rows][:, heads].mean(axis=0), np.float64)


def measure(track: PoseTrack) -> Float64:
    """`MEASURES` of a clip in the picture: degrees off the line from shoulders to ankles at the bottom, elbow angles,
    and how far the shoulders come down over the hands in torso lengths. NaN where the body is never seen."""
    places = mapping(skeleton(track.skeleton), COCO17_FEET)
    xy, score = track.xy[:, places].astype(np.float64), track.score[:, places]
    xy[score < _LEAST_SCORE] = np.nan
    point = {name: _weighted(xy, score, name) for name in ("shoulder", "hip", "ankle", "wrist")}
    elbow = _elbow_deg(xy, score)
    height = (point["wrist"] - point["shoulder"])[:, 1] / torso_scale(xy.astype(np.float32), COCO17_FEET)
    seen = (
        np.isfinite(height) & np.isfinite(elbow) & np.isfinite(point["ankle"][:, 0]) & np.isfinite(point["hip"][:, 0])
    )
    if seen.sum() < 5:
        return np.full(len(MEASURES), np.nan)
    lowest, highest = np.quantile(height[seen], (0.05, 0.95))
    low = seen & (height <= lowest + _LOW * (highest - lowest))
    line = float(np.median(line_deviation_deg(point["shoulder"], point["hip"], point["ankle"], _UP)[low]))
    bent, straight = float(np.median(elbow[low])), float(np.quantile(elbow[seen], 0.9))
    return np.array([max(-line, 0.0), max(line, 0.0), bent, straight, highest - lowest])


def _weighted(xy: Float64, score: Float32, name: str) -> Float64:
    """The joint of the side that is seen better, mostly: (F, 2)."""
    left, right = COCO17_FEET.indices(f"left_{name}", f"right_{name}")
    weights = [np.where(np.isfinite(xy[:, i, 0]), score[:, i], 0.0) ** 2 for i in (left, right)]
    total = np.maximum(weights[0] + weights[1], 1e-9)
    mixed = sum(np.nan_to_num(xy[:, i]) * w[:, None] for i, w in zip((left, right), weights, strict=True))
    return np.where((weights[0] + weights[1] > 0)[:, None], mixed / total[:, None], np.nan)


def _elbow_deg(xy: Float64, score: Float32) -> Float64:
    angles, weights = [], []
    for side in ("left", "right"):
        joints = COCO17_FEET.indices(*(f"{side}_{name}" for name in ("shoulder", "elbow", "wrist")))
        angles.append(joint_angle_deg(*(xy[:, i] for i in joints)))
        weights.append(np.where(np.isfinite(angles[-1]), score[:, joints].min(axis=1), 0.0) ** 2)
    total = weights[0] + weights[1]
    mixed = sum(np.nan_to_num(a) * w for a, w in zip(angles, weights, strict=True)) / np.maximum(total, 1e-9)
    return np.where(total > 0, mixed, np.nan)


def simulated_clips(count: int, seed: int) -> list[Named]:
    """Sets of one to four simulated push-ups from the side, half of them wrong in one way."""
    rng = np.random.default_rng((seed, 77))
    clips: list[Named] = []
    for number in range(count):
        error = str(rng.choice(ERRORS[EXERCISE])) if rng.random() < 0.5 else None
        plan = SetPlan(
            EXERCISE,
            error,
            float(rng.uniform(*SEVERITY)) if error else 0.0,
            repetitions=int(rng.integers(1, 5)),
            tempo_s=float(np.clip(rng.lognormal(np.log(2.2), 0.4), 0.8, 5.0)),
        )
        performance = make_performance([plan], random_body(rng), int(rng.integers(2**31)))
        first, last = performance.spans[0].start_s, performance.spans[-1].end_s
        times = np.arange(first - 0.2, last + 0.2, 1 / 30.0)
        track, _ = filmed(performance.joints(times), 30.0, rng, SIDE_VIEWS_DEG)
        clips.append((f"{error or 'correct'}-{number}", error is not None, in_33(track)))
    return clips


@dataclass(frozen=True, eq=False)
class Judge:
    """Log odds of a clip being wrong by the network, by the measures and by the rules, and the means of two of them."""

    by_network: Logistic
    by_measures: Logistic
    by_rules: Logistic
    usual: Float64

    @property
    def names(self) -> tuple[str, ...]:
        """What `scores` gives, in order."""
        return (
            "network, classes",
            "network, heaviest error head",
            "network, classes and heads",
            "measures",
            "network and measures",
            "the program's rules (worst one)",
            "network and rules",
        )

    def scores(self, clips: Clips) -> Float64:
        """(N, 7), higher is worse; a clip that nothing is known of gets the middle of the simulated ones."""
        measured = np.where(np.isfinite(clips.measured), clips.measured, self.usual)
        network = np.nan_to_num(clips.network)
        heads, ruler = self.by_network.score(network), self.by_measures.score(measured)
        heaviest = network[:, 1:].max(axis=1)
        rules = self.by_rules.score(clips.rules[:, None])
        both = (heads + ruler) / 2, clips.rules, (heads + rules) / 2
        return np.column_stack([network[:, 0], heaviest, heads, ruler, *both])


def fit_on(simulated: Clips) -> Judge:
    """Learn from simulated clips how much each answer weighs."""
    usual = np.nanmedian(simulated.measured, axis=0)
    measured = np.where(np.isfinite(simulated.measured), simulated.measured, usual)
    return Judge(
        fit_logistic(np.nan_to_num(simulated.network), simulated.wrong, PENALTY),
        fit_logistic(measured, simulated.wrong, PENALTY),
        fit_logistic(simulated.rules[:, None], simulated.wrong, PENALTY),
        usual,
    )
