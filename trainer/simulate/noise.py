"""What a pose estimator makes of a projected body: jitter, bias, guesses where a joint is hidden, swaps, drop-outs.

The magnitudes were fitted to what the program's own estimator makes, after tracking and smoothing, of rendered athletes
whose joints are known (`python -m trainer tables noise` gives both and their distance), and the jitter to people who
stand still: 0.02 trunk lengths of constant bias on visible limbs and 0.04 on faces and feet, whose landmarks mean
slightly other points; several times that on hidden arms and legs, little on a hidden hip or shoulder; legs that point
away from the camera are mostly guessed.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Float32, Float64, PoseTrack
from trainer.simulate.occlusion import hidden_share

_JOINTS = COCO17_FEET.joints
_TRUNK_M = 0.49  # of an adult of 1.70 m


def _by_joint(rest: float, **values: float) -> Float64:
    """One number a joint: that of the first part its name contains, or `rest`."""
    return np.array([next((v for part, v in values.items() if part in joint), rest) for joint in _JOINTS])


# Standard deviations per axis in trunk lengths: of the constant bias, and of the guess for a hidden joint.
_BIAS = _by_joint(
    0.038, shoulder=0.022, hip=0.028, elbow=0.021, wrist=0.023, knee=0.019, ankle=0.016, heel=0.032, foot=0.03
)
_GUESS = _by_joint(0.03, shoulder=0.04, hip=0.035, elbow=0.1, wrist=0.14, knee=0.09, ankle=0.06, heel=0.07, foot=0.07)
_JITTER, _HIDDEN_JITTER, _WHOLE_JITTER = 0.007, 0.025, 0.003
# How strong a recording's jitter is: a few are rough throughout, above all those of bodies that lie across the picture.
_LEVEL_SPREAD, _ROUGH_LEVEL = 0.7, (0.9, 2.7)  # of the logarithm
_ROUGH_SHARE, _ROUGH_LYING_SHARE = 0.12, 0.38
# Moments in which the estimator loses a part of the body: how often, for how long, how far off (trunk lengths).
_LAPSES_S, _LAPSE_S, _LAPSE_SIZE = 0.14, (0.07, 0.5), 0.17
# A body seen end-on is found less exactly; with its head to the camera its legs are mostly guessed.
END_ON_FACTOR = 1.0
_LEGS = _by_joint(0.0, knee=0.7, ankle=1.0, heel=1.0, foot=1.0)
_LEG_GUESS = 0.4
# How often something in the hands or in the way hides a part of the body, and which parts.
OBJECT_SHARE = 0.15
_PARTS = [
    [i for i, joint in enumerate(_JOINTS) if any(part in joint for part in parts)]
    for parts in (("wrist",), ("wrist", "elbow"), ("wrist", "elbow", "shoulder"), ("left_knee", "left_ankle"),
                  ("ankle", "heel", "foot"), ("hip", "wrist"))
]  # fmt: skip
_MIRROR = np.array(COCO17_FEET.mirror)
_LAPSING = [
    [i for i, joint in enumerate(_JOINTS) if part in joint]
    for part in ("left_wrist", "right_wrist", "left_ankle", "right_ankle", "elbow", "knee", "hip", "left_", "right_")
]
_LAPSING.append(list(range(len(_JOINTS))))
# How strongly hiding lowers the estimator's visibility of a joint: it is always sure of trunk and face.
_DOUBT: Float64 = np.array(
    [1.0 if any(p in j for p in ("wrist", "elbow", "knee", "ankle", "heel", "foot")) else 0.02 for j in _JOINTS]
)
_UNSURE_SHARE = 0.3  # of the limbs of a recording: in full view, and yet not sure to be


def observe(
    xy: Float32, depth: Float32, times_s: Float64, size: tuple[int, int], rng: np.random.Generator
) -> PoseTrack:
    """A projected body (T, 21, 2) px with depth (T, 21) m as a pose estimator would report it, smoothed, as a track."""
    torso_px = _torso_px(xy)
    end_on = _end_on(xy, depth, torso_px)
    away = np.clip(end_on, 0.0, 1.0)[:, None] * _LEGS  # legs behind the body
    hidden = np.maximum(hidden_share(xy, depth, torso_px), _held_object(xy.shape[1], rng))
    hidden = np.maximum(hidden, away)
    level = _level(xy, rng)
    lapse, lost = _lapses(times_s, xy.shape[1], level, rng)
    error = _bias(xy, hidden, rng) + _jitter(times_s, hidden, level, rng) + lapse
    error *= (1.0 + END_ON_FACTOR * np.abs(end_on))[:, None, None]
    error += away[..., None] * rng.normal(0, _LEG_GUESS * rng.random(), (1, 1, 2))  # both legs go the same way
    seen = xy + error * torso_px
    score = _score(hidden, rng) * (1.0 - 0.6 * lost * _DOUBT)
    seen, score = _at_the_edge(seen, score, size, torso_px, rng)
    seen, score = _swapped(seen, score, xy, torso_px, times_s, rng)
    keep = _kept(len(times_s), times_s, rng)
    index = np.flatnonzero(keep)
    return PoseTrack(
        "coco17feet",
        times_s[keep],
        index.astype(np.int64),
        seen[keep].astype(np.float32),
        score[keep].astype(np.float32),
    )


def _held_object(joints: int, rng: np.random.Generator) -> Float64:
    """How much a plate, a barbell, a bottle or a bench hides each joint throughout (1, V): mostly nothing."""
    hidden = np.zeros((1, joints))
    if rng.random() < OBJECT_SHARE:
        hidden[0, _PARTS[int(rng.integers(len(_PARTS)))]] = rng.uniform(0.4, 1.0)
    return hidden


def _end_on(xy: Float32, depth: Float32, torso_px: float) -> Float64:
    """How much the trunk points at the camera (T,): 0 up to 40 degrees out of the picture's plane, 1 with the head
    straight to the camera, -1 with the feet to it."""
    ends = [COCO17_FEET.indices(f"left_{joint}", f"right_{joint}") for joint in ("shoulder", "hip")]
    across = np.linalg.norm(xy[:, ends[0]].mean(axis=1) - xy[:, ends[1]].mean(axis=1), axis=-1) / torso_px
    along = (depth[:, ends[1]].mean(axis=1) - depth[:, ends[0]].mean(axis=1)) / _TRUNK_M
    share = np.abs(along) / np.maximum(np.hypot(across, along), 1e-6)
    return np.asarray(np.sign(along) * np.clip((share - 0.64) / 0.36, 0.0, 1.0), np.float64)


def _torso_px(xy: Float32) -> float:
    """The picture's body size in pixels: a third of the largest extent of the body, robust to foreshortening."""
    height = np.percentile(xy[..., 1].max(axis=1) - xy[..., 1].min(axis=1), 80)
    width = np.percentile(xy[..., 0].max(axis=1) - xy[..., 0].min(axis=1), 80)
    return float(max(np.hypot(height, width) / 3.2, 5.0))


def _bias(xy: Float32, hidden: Float64, rng: np.random.Generator) -> Float64:
    """Constant per sequence, larger for the part of the time a joint is hidden (the guess is wrong in one
    direction)."""
    joints = xy.shape[1]
    constant = rng.normal(0, 1.0, (1, joints, 2)) * _BIAS[:, None]
    guess = rng.normal(0, 1.0, (1, joints, 2)) * _GUESS[:, None]
    return np.asarray(constant + guess * hidden[..., None])


def _jitter(times_s: Float64, hidden: Float64, level: float, rng: np.random.Generator) -> Float64:
    """Noise correlated over 0.05 to 0.3 s, as smoothing leaves it."""
    frames, joints = hidden.shape
    period_s = float(np.median(np.diff(times_s))) if frames > 1 else 1 / 30
    keep = np.exp(-period_s / rng.uniform(0.05, 0.3))
    each = _wandering(frames, (joints, 2), keep, rng) * (_JITTER + _HIDDEN_JITTER * hidden)[..., None]
    return np.asarray(level * (each + _WHOLE_JITTER * _wandering(frames, (1, 2), keep, rng)))


def _level(xy: Float32, rng: np.random.Generator) -> float:
    """How strong the jitter of a recording is, 1 in the median of those that are not rough."""
    extent = np.median(np.ptp(xy, axis=1), axis=0)
    rough = rng.random() < (_ROUGH_LYING_SHARE if extent[0] > extent[1] else _ROUGH_SHARE)
    return float(np.exp(rng.normal(-0.3, _LEVEL_SPREAD) + (rng.uniform(*_ROUGH_LEVEL) if rough else 0.0)))


def _lapses(times_s: Float64, joints: int, level: float, rng: np.random.Generator) -> tuple[Float64, Float64]:
    """Short moments in which a part of the body is seen elsewhere: an offset (T, V, 2) in trunk lengths, and how lost
    each joint is (T, V), 0..1."""
    offset, lost = np.zeros((len(times_s), joints, 2)), np.zeros((len(times_s), joints))
    expected = _LAPSES_S * level * float(times_s[-1] - times_s[0])
    for _ in range(int(rng.poisson(min(expected, 60.0)))):
        part = np.array(_LAPSING[int(rng.integers(len(_LAPSING)))])
        middle, length = rng.uniform(times_s[0], times_s[-1]), rng.uniform(*_LAPSE_S)
        rows = np.flatnonzero(np.abs(times_s - middle) < length / 2)
        share = np.cos((times_s[rows] - middle) / length * np.pi)[:, None]
        common, own = rng.normal(0, _LAPSE_SIZE, (1, 2)), rng.normal(0, _LAPSE_SIZE / 3, (len(part), 2))
        offset[np.ix_(rows, part)] += share[..., None] * (common + own)
        lost[np.ix_(rows, part)] = np.maximum(lost[np.ix_(rows, part)], share)
    return offset, lost


def _wandering(frames: int, shape: tuple[int, ...], keep: float, rng: np.random.Generator) -> Float64:
    """Noise (F, *shape) of variance 1 that forgets all but `keep` of itself from one frame to the next."""
    white = rng.normal(0, 1, (frames, *shape))
    white[1:] *= np.sqrt(1 - keep**2)
    return np.asarray(lfilter([1.0], [1.0, -keep], white, axis=0))


def _score(hidden: Float64, rng: np.random.Generator) -> Float64:
    frames, joints = hidden.shape
    floor = np.clip(rng.uniform(-0.12, 0.45, (1, joints)), 0.01, None)
    unsure = (rng.random((1, joints)) < _UNSURE_SHARE) & (_DOUBT == 1.0)
    visible = np.where(unsure, rng.beta(5, 1.6, (1, joints)), rng.beta(60, 0.4, (1, joints)))
    wobble = rng.normal(0, 0.015, (frames, joints))
    drop = hidden * _DOUBT * (visible - floor)
    return np.asarray(np.clip(visible - drop + wobble * (0.2 + hidden), 0.0, 1.0))


def _at_the_edge(
    seen: Float64, score: Float64, size: tuple[int, int], torso_px: float, rng: np.random.Generator
) -> tuple[Float64, Float64]:
    """Joints outside the picture: guessed further in, moving less, with a low score."""
    limit = np.array(size, dtype=np.float64)
    inside = np.clip(seen, 0.0, limit)
    beyond = np.linalg.norm(seen - inside, axis=-1) / torso_px
    pull = rng.uniform(0.0, 0.5)
    guessed = seen + (inside - seen) * pull * (beyond > 0)[..., None]
    factor = np.clip(1 - beyond * rng.uniform(2.0, 6.0), 0.02, 1.0)
    return np.asarray(guessed), np.asarray(score * factor)


def _swapped(
    seen: Float64, score: Float64, truth: Float32, torso_px: float, times_s: Float64, rng: np.random.Generator
) -> tuple[Float64, Float64]:
    """Left and right exchanged for a moment (or throughout) where the body is side-on or seen from behind."""
    shoulders = COCO17_FEET.indices("left_shoulder", "right_shoulder")
    narrow = np.abs(truth[:, shoulders[0], 0] - truth[:, shoulders[1], 0]).mean() < 0.35 * torso_px
    if rng.random() > (0.3 if narrow else 0.06):
        return seen, score
    legs_only = rng.random() < 0.6
    pairs = _MIRROR.copy()
    if legs_only:
        keep = [i for i, joint in enumerate(_JOINTS) if not any(p in joint for p in ("knee", "ankle", "heel", "foot"))]
        pairs[keep] = keep
    start = rng.uniform(times_s[0], times_s[-1])
    length = rng.choice([0.1, 0.3, 1.0, 30.0], p=[0.35, 0.35, 0.2, 0.1])
    during = (times_s >= start) & (times_s < start + length)
    result, result_score = seen.copy(), score.copy()
    result[during], result_score[during] = seen[during][:, pairs], score[during][:, pairs]
    return result, result_score


def _kept(frames: int, times_s: Float64, rng: np.random.Generator) -> Bool:
    """Frames in which the person was found at all."""
    keep = np.ones(frames, np.bool_)
    if rng.random() < 0.12:
        start, length = rng.uniform(times_s[0], times_s[-1]), rng.exponential(0.4)
        keep &= ~((times_s >= start) & (times_s < start + length))
    keep[0] = keep[-1] = True
    return keep
