"""From poses to what a network sees: the one normaliser, shared by the application and the trainer.

A window is cut from a `PoseTrack` by time, never by index, so that 25, 30 and 60 pictures a second give nearly the same
window. It has one origin and one scale, so that travel, jumps and depth survive. numpy only.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np

from fias_desktop.domain.geometry import torso_scale
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import BLAZEPOSE33, Skeleton, mapping, skeleton
from fias_desktop.domain.types import Bool, Float32, Float64, Int64, Pose, PoseTrack, Window

MIN_SCORE = 0.1  # below this a landmark is a guess of the estimator and counts as missing
MAX_GAP_S = 0.3  # longer gaps between known positions of a joint are masked, not bridged
FREE_DISTANCE_S = 0.05  # up to here from a known position the score is kept (pictures at 10 Hz and faster)
SCORE_AT_WORST = 0.5  # factor of the score in the middle of the longest bridged gap
LIMIT = 4.0  # torso lengths; wilder values are estimator errors
MIN_KNOWN_S = 0.5
MIN_KNOWN_SHARE = 1 / 3  # of the joints, for a sample to count as known
_EPS_S = 1e-6


def make_window(track: PoseTrack, spec: ModelSpec, end_s: float | None = None) -> Window | None:
    """Resample, centre and scale the end of a track: T samples at `spec.rate_hz`, the last one at `end_s`.

    `end_s` defaults to the track's last time. Between known positions (finite, score >= `MIN_SCORE`) a joint is
    interpolated linearly where they lie at most `MAX_GAP_S` apart; its score falls with the distance to the nearest of
    them. Everything else is masked and 0 in all channels. At most one picture after `end_s` is looked at, so a window
    of a recording equals the live one. None when less than `MIN_KNOWN_S` is known or the body cannot be measured;
    ValueError when the track's skeleton lacks a joint of the model's.
    """
    if not len(track.time_s):
        return None
    last_s = float(track.time_s[-1]) if end_s is None else end_s
    time_s = last_s - _ages_s(spec.frames, spec.rate_hz)
    part = _frames_needed(track.time_s, time_s)
    if part.stop - part.start < 1:
        return None
    joints = _joint_indices(track.skeleton, spec.skeleton)
    frame_time_s = track.time_s[part]
    xy, score, mask = _resample(frame_time_s, track.xy[part][:, joints], track.score[part][:, joints], time_s)
    values = _normalise(xy, score, mask, spec)
    if values is None:
        return None
    nearest = track.frame_index[part][_nearest(frame_time_s, time_s)]
    return Window(joints=values, mask=mask, time_s=time_s, frame_index=nearest)


def windows(track: PoseTrack, spec: ModelSpec, times: Iterable[float]) -> Iterator[Window | None]:
    """One window ending at each of the times (seconds), or None where too little is known."""
    for end_s in times:
        yield make_window(track, spec, float(end_s))


@cache
def _joint_indices(source: str, target: str) -> Int64:
    return mapping(skeleton(source), skeleton(target))


@cache
def _ages_s(frames: int, rate_hz: float) -> Float64:
    ages: Float64 = np.arange(frames - 1, -1, -1, dtype=np.float64) / rate_hz
    ages.flags.writeable = False
    return ages


def _frames_needed(frame_time_s: Float64, time_s: Float64) -> slice:
    """The frames that can matter: from one bridged gap before the first sample to the one at or after the last."""
    first = int(frame_time_s.searchsorted(time_s[0] - MAX_GAP_S - _EPS_S))
    last = int(frame_time_s.searchsorted(time_s[-1] - _EPS_S))
    return slice(first, min(last + 1, len(frame_time_s)))


def _nearest(frame_time_s: Float64, time_s: Float64) -> Int64:
    middles = (frame_time_s[1:] + frame_time_s[:-1]) / 2
    return np.asarray(middles.searchsorted(time_s), dtype=np.int64)


def _resample(frame_time_s: Float64, xy: Float32, score: Float32, time_s: Float64) -> tuple[Float32, Float32, Bool]:
    """Positions (F, V, 2) and scores (F, V) at the times (T,): (T, V, 2) with NaN where unknown, (T, V), mask."""
    frames, joints = score.shape
    known = (score >= MIN_SCORE) & np.isfinite(xy[..., 0]) & np.isfinite(xy[..., 1])
    before = np.clip(frame_time_s.searchsorted(time_s + _EPS_S, side="right") - 1, 0, frames - 1)
    after = np.minimum(frame_time_s.searchsorted(time_s - _EPS_S, side="left"), frames - 1)
    inside = (time_s >= frame_time_s[0] - _EPS_S) & (time_s <= frame_time_s[-1] + _EPS_S)
    earlier, later, found = _known_neighbours(known, before, after)
    earlier_s, later_s = frame_time_s[earlier], frame_time_s[later]
    gap_s = later_s - earlier_s
    past_s = time_s[:, None] - earlier_s
    mask = found & inside[:, None] & (gap_s <= MAX_GAP_S + _EPS_S)
    weight = np.clip(past_s / np.maximum(gap_s, _EPS_S), 0.0, 1.0).astype(np.float32)
    columns = np.arange(joints)
    start, stop = xy[earlier, columns], xy[later, columns]
    out = start + weight[..., None] * (stop - start)
    out[~mask] = np.nan
    low, high = score[earlier, columns], score[later, columns]
    confidence = (low + weight * (high - low)) * _trust(np.minimum(past_s, later_s - time_s[:, None]))
    return out, np.where(mask, confidence, np.float32(0)), mask


def _known_neighbours(known: Bool, before: Int64, after: Int64) -> tuple[Int64, Int64, Bool]:
    """Per sample and joint (T, V): the nearest known frame before (or at) and after (or at) it; whether both exist."""
    frames = len(known)
    order = np.arange(frames)[:, None]
    earlier = np.maximum.accumulate(np.where(known, order, -1), axis=0)[before]
    later = np.minimum.accumulate(np.where(known, order, frames)[::-1], axis=0)[::-1][after]
    found = (earlier >= 0) & (later < frames)
    return np.maximum(earlier, 0), np.minimum(later, frames - 1), found


def _trust(distance_s: Float64) -> Float32:
    """Factor of the score at this distance from the nearest known position: 1 up to 0.05 s, 0.5 at 0.15 s."""
    slope = (1.0 - SCORE_AT_WORST) / (MAX_GAP_S / 2 - FREE_DISTANCE_S)
    return np.minimum(1.0, 1.0 - slope * (distance_s - FREE_DISTANCE_S)).astype(np.float32)


def _normalise(xy: Float32, score: Float32, mask: Bool, spec: ModelSpec) -> Float32 | None:
    """Channels (T, V, C) in torso lengths, y up; None when too little is known or nothing can be measured."""
    known_samples = np.count_nonzero(mask.sum(axis=1) >= MIN_KNOWN_SHARE * mask.shape[1])
    if known_samples < MIN_KNOWN_S * spec.rate_hz:
        return None
    topology = skeleton(spec.skeleton)
    origin = _median_hip(xy, mask, topology)
    scale = torso_scale(xy, topology)
    if origin is None or not scale > 0:
        return None
    values = np.empty((*mask.shape, spec.channels), dtype=np.float32)
    flip = np.array([1.0 / scale, -1.0 / scale], dtype=np.float32)
    values[..., :2] = np.clip((xy - origin) * flip, -LIMIT, LIMIT)
    if spec.channels > 2:
        values[..., 2] = score
    values[~mask] = 0.0
    return values


def _median_hip(xy: Float32, mask: Bool, topology: Skeleton) -> Float32 | None:
    """The median middle of the hips (2,) over the samples that know both; of either hip when none knows both."""
    hips = topology.indices("left_hip", "right_hip")
    both = mask[:, hips].all(axis=1)
    points = xy[both][:, hips].mean(axis=1) if both.any() else xy[:, hips][mask[:, hips]]
    return np.median(points, axis=0) if len(points) else None


class PoseBuffer:
    """The last seconds of one person's poses. `add` and `track` may be called from different threads.

    It starts anew when time goes backwards (the source was rewound) or another person is followed, so that a window
    never mixes two movements.
    """

    def __init__(self, span_s: float = 10.0) -> None:
        self._span_s = span_s
        self._poses: deque[Pose] = deque()
        self._lock = threading.Lock()

    def add(self, pose: Pose) -> None:
        """Append a pose and forget those older than the span."""
        with self._lock:
            newest = self._poses[-1] if self._poses else pose
            if pose.time_s < newest.time_s or pose.track_id != newest.track_id:
                self._poses.clear()
            self._poses.append(pose)
            while self._poses[0].time_s < pose.time_s - self._span_s:
                self._poses.popleft()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._poses.clear()

    def track(self) -> PoseTrack:
        """The poses held, oldest first, in the estimator's skeleton; empty when there are none."""
        with self._lock:
            poses = tuple(self._poses)
        return track_of(poses)


def track_of(poses: Iterable[Pose]) -> PoseTrack:
    """Poses (33 landmarks, ascending in time) as one track of arrays."""
    held = tuple(poses)
    joints = BLAZEPOSE33.num_joints
    xy = np.array([pose.xy for pose in held], dtype=np.float32).reshape(len(held), joints, 2)
    score = np.array([pose.score for pose in held], dtype=np.float32).reshape(len(held), joints)
    time_s = np.array([pose.time_s for pose in held], dtype=np.float64)
    frame_index = np.array([pose.frame_index for pose in held], dtype=np.int64)
    return PoseTrack(BLAZEPOSE33.name, time_s, frame_index, xy, score)
