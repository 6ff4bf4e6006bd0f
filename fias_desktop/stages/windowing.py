"""From poses to what a network sees: the one normaliser, shared by the application and the trainer.

A window is cut from a `PoseTrack` by time, never by index, so that 25, 30 and 60 pictures a second give nearly the same
window. It has one origin and one scale, so that travel, jumps and depth survive. numpy only.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from fias_desktop.domain.geometry import torso_scale
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import BLAZEPOSE33, Skeleton, mapping, skeleton
from fias_desktop.domain.types import Bool, Float32, Float64, Int64, Pose, PoseTrack, Window

MIN_SCORE = 0.1  # below this a landmark is a guess of the estimator and counts as missing
MAX_GAP_S = 0.3  # longer gaps between known positions of a joint are masked, not bridged
AHEAD_S = 0.1  # a picture this little after the window's end may be looked at, so that its last sample is known
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
    them. Everything else is masked and 0 in all channels. At most one picture after `end_s` is looked at, and only
    within `AHEAD_S`, so a window of a recording equals the live one. None when less than `MIN_KNOWN_S` is known or the
    body cannot be measured; ValueError when the track's skeleton lacks a joint of the model's.
    """
    cut = _cut(track, spec, end_s)
    if cut is None:
        return None
    place = _place(cut.samples, spec)
    return None if place is None else _in_place(cut, place, spec)


@dataclass(frozen=True, eq=False)
class Place:
    """Where the coordinates of a window lie in the picture: `origin_px` float32 (2,), its origin in pixels (x right, y
    down), and `scale_px`, the pixels of one torso length."""

    origin_px: Float32
    scale_px: float

    def to_px(self, places: Float32) -> Float32:
        """Places (..., 2) in torso lengths, y up, as pixels (..., 2), y down."""
        signs = np.array([self.scale_px, -self.scale_px], np.float32)
        return np.asarray(places * signs + self.origin_px, np.float32)

    def to_torsos(self, xy_px: Float32) -> Float32:
        """Pixels (..., 2), y down, as places (..., 2) in torso lengths, y up."""
        signs = np.array([1 / self.scale_px, -1 / self.scale_px], np.float32)
        return np.asarray((xy_px - self.origin_px) * signs, np.float32)


def make_window_now(track: PoseTrack, spec: ModelSpec, end_s: float | None = None) -> tuple[Window, Place] | None:
    """The window of `make_window`, but with its origin at the middle of the hips of the last sample that knows them,
    and where it lies in the picture: what a network foresees in it can be drawn.

    The scale is that of `make_window`, one torso length over the window, which a trunk seen end-on does not shrink. The
    errors and None are those of `make_window`.
    """
    cut = _cut(track, spec, end_s)
    if cut is None:
        return None
    found = _place(cut.samples, spec)
    hips = None if found is None else _newest_hip(cut.samples, cut.mask, skeleton(spec.skeleton))
    if found is None or hips is None:
        return None
    place = Place(hips, found.scale_px)
    return _in_place(cut, place, spec), place


def joints_at(track: PoseTrack, target: str, time_s: Float64) -> tuple[Float32, Bool]:
    """The joints of the skeleton `target` at the times (S,), ascending: pixels float32 (S, V, 2), y down, and which are
    known, bool (S, V), by the rules of `make_window`. Nothing is known outside the track."""
    part = slice(
        int(track.time_s.searchsorted(time_s[0] - MAX_GAP_S - _EPS_S)),
        int(track.time_s.searchsorted(time_s[-1] + MAX_GAP_S + _EPS_S)),
    )
    if part.stop - part.start < 1:
        joints = skeleton(target).num_joints
        return np.full((len(time_s), joints, 2), np.nan, np.float32), np.zeros((len(time_s), joints), np.bool_)
    samples, mask = _resample(track.time_s[part], _frames(track, part, target), time_s)
    return np.ascontiguousarray(samples[..., :2]), mask


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
    ahead = last < len(frame_time_s) and frame_time_s[last] <= time_s[-1] + AHEAD_S
    return slice(first, last + 1 if ahead else last)


def _frames(track: PoseTrack, part: slice, target: str) -> Float32:
    """The frames needed in the target's joints, (F + 1, V, 3) of x, y, score, with a row of NaN as the last."""
    joints = _joint_indices(track.skeleton, target)
    out = np.full((part.stop - part.start + 1, len(joints), 3), np.nan, dtype=np.float32)
    out[:-1, :, :2] = track.xy[part].take(joints, axis=1)
    out[:-1, :, 2] = track.score[part].take(joints, axis=1)
    return out


def _nearest(frame_time_s: Float64, time_s: Float64) -> Int64:
    middles = (frame_time_s[1:] + frame_time_s[:-1]) / 2
    return np.asarray(middles.searchsorted(time_s), dtype=np.int64)


def _resample(frame_time_s: Float64, frames: Float32, time_s: Float64) -> tuple[Float32, Bool]:
    """Frames (F + 1, V, 3) of x, y, score, the last one a row of NaN, at the times (T,): (T, V, 3) and a mask (T, V).

    `frame_time_s` (F,) ascends. Where the mask is false the values mean nothing (they may be NaN).
    """
    joints = frames.shape[1]
    earlier, later = _known_neighbours(frame_time_s, frames, time_s)
    padded_s = np.append(frame_time_s, np.nan)
    earlier_s, later_s = padded_s.take(earlier), padded_s.take(later)
    gap_s, past_s = later_s - earlier_s, time_s[:, None] - earlier_s
    distance_s = np.minimum(past_s, gap_s - past_s)
    mask = (distance_s >= -_EPS_S) & (gap_s <= MAX_GAP_S + _EPS_S)
    weight = (past_s / np.maximum(gap_s, _EPS_S)).astype(np.float32)[..., None]
    rows, columns = frames.reshape(-1, 3), np.arange(joints)
    start = rows.take(earlier * joints + columns, axis=0)
    out: Float32 = start + weight * (rows.take(later * joints + columns, axis=0) - start)
    out[..., 2] *= _trust(distance_s)
    return out, mask


def _known_neighbours(frame_time_s: Float64, frames: Float32, time_s: Float64) -> tuple[Int64, Int64]:
    """Per sample and joint (T, V): the last frame before (or at) it and the first after (or at) it that know the joint.

    -1 and F stand for none; both are the row of NaN.
    """
    count = len(frame_time_s)
    # A joint at NaN with a score would break the contract of PoseTrack; x stands for both coordinates.
    known = (frames[:-1, :, 2] >= MIN_SCORE) & np.isfinite(frames[:-1, :, 0])
    before = np.maximum(frame_time_s.searchsorted(time_s + _EPS_S, side="right") - 1, 0)
    after = np.minimum(frame_time_s.searchsorted(time_s - _EPS_S, side="left"), count - 1)
    if known.all():
        shape = (len(time_s), known.shape[1])
        return np.broadcast_to(before[:, None], shape), np.broadcast_to(after[:, None], shape)
    order = np.arange(count)[:, None]
    earlier = np.maximum.accumulate(np.where(known, order, -1), axis=0)
    later = np.minimum.accumulate(np.where(known, order, count)[::-1], axis=0)[::-1]
    return earlier.take(before, axis=0), later.take(after, axis=0)


def _trust(distance_s: Float64) -> Float32:
    """Factor of the score at this distance from the nearest known position: 1 up to 0.05 s, 0.5 at 0.15 s."""
    slope = (1.0 - SCORE_AT_WORST) / (MAX_GAP_S / 2 - FREE_DISTANCE_S)
    return np.minimum(1.0 + slope * FREE_DISTANCE_S - slope * distance_s, 1.0).astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Cut:
    """The samples of a window as they come from the track: `samples` (T, V, 3) of pixels and score, NaN where `mask`
    (T, V) is false; `time_s` (T,) and `frame_index` (T,)."""

    samples: Float32
    mask: Bool
    time_s: Float64
    frame_index: Int64


def _cut(track: PoseTrack, spec: ModelSpec, end_s: float | None) -> _Cut | None:
    """The samples of a window; None where too little is known of them."""
    if not len(track.time_s):
        return None
    last_s = float(track.time_s[-1]) if end_s is None else end_s
    time_s = last_s - _ages_s(spec.frames, spec.rate_hz)
    part = _frames_needed(track.time_s, time_s)
    if part.stop - part.start < 1:
        return None
    frame_time_s = track.time_s[part]
    samples, mask = _resample(frame_time_s, _frames(track, part, spec.skeleton), time_s)
    enough = MIN_KNOWN_SHARE * mask.shape[1]
    if np.count_nonzero(np.count_nonzero(mask, axis=1) >= enough) < MIN_KNOWN_S * spec.rate_hz:
        return None
    np.copyto(samples, np.nan, where=~mask[..., None])
    return _Cut(samples, mask, time_s, track.frame_index[part][_nearest(frame_time_s, time_s)])


def _place(samples: Float32, spec: ModelSpec) -> Place | None:
    """The median hip and the torso's length of samples (T, V, 3); None when the body cannot be measured."""
    topology, xy = skeleton(spec.skeleton), samples[..., :2]
    scale = torso_scale(xy, topology)
    if not scale > 0:
        return None
    origin = _median_hip(xy, topology)
    return None if origin is None else Place(origin, scale)


def _in_place(cut: _Cut, place: Place, spec: ModelSpec) -> Window:
    """The samples as channels (T, V, C) in torso lengths, y up, 0 where nothing is known; they are used up."""
    samples = cut.samples
    for axis, factor in (
        (0, 1.0 / place.scale_px),
        (1, -1.0 / place.scale_px),
    ):  # three times as fast as both at once
        plane = samples[..., axis]
        plane -= place.origin_px[axis]
        plane *= factor
        np.minimum(plane, LIMIT, out=plane)
        np.maximum(plane, -LIMIT, out=plane)
    np.copyto(samples, 0.0, where=~cut.mask[..., None])
    return Window(np.ascontiguousarray(samples[..., : spec.channels]), cut.mask, cut.time_s, cut.frame_index)


def _newest_hip(samples: Float32, mask: Bool, topology: Skeleton) -> Float32 | None:
    """The middle of the hips (2,) in the last sample that knows both; None when none does."""
    hips = topology.indices("left_hip", "right_hip")
    rows = np.flatnonzero(mask[:, hips].all(axis=1))
    return np.asarray(samples[rows[-1], hips, :2].mean(axis=0)) if len(rows) else None


def _median_hip(xy: Float32, topology: Skeleton) -> Float32 | None:
    """The median middle of the hips (2,) over the samples that know both; of either hip when none knows both."""
    left, right = xy[:, topology.index("left_hip")], xy[:, topology.index("right_hip")]
    middles = (left + right) / 2
    points = np.sort(middles[~np.isnan(middles[:, 0])], axis=0)
    if not len(points):
        either = np.concatenate([left, right])
        points = np.sort(either[~np.isnan(either[:, 0])], axis=0)
    if not len(points):
        return None
    half = len(points) // 2
    return np.asarray((points[half] + points[-half - 1]) / 2)


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
