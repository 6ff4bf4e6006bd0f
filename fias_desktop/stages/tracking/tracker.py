"""Follow one person through a source, and smooth what is followed.

Everybody in the picture gets a track. One track is followed: at first the most prominent, later whoever is chosen. A
bystander, somebody seen beside the followed person, does not take over just because the person is missing for a moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fias_desktop.domain.types import Float32, Pose
from fias_desktop.stages.tracking.matching import (
    body_size,
    click_distance,
    joint_distance,
    prominence,
    same_person,
    trunk,
)
from fias_desktop.stages.tracking.smoothing import OneEuro, OneEuroConfig
from fias_desktop.stages.tracking.swaps import SwapRepair

KEEP_S = 1.0  # a person who is away no longer than this keeps the id
BYSTANDER_WAIT_S = 3.0  # how long the place stays free for the person who was followed
NEWCOMER_S = 0.1  # a new person can be followed after this time, so that one wrong frame is not
ESTABLISHED_S = 0.3  # a person seen for less than this may be a second opinion on somebody else
_GATE, _GATE_PER_S, _GATE_MAX = 0.5, 3.0, 1.5  # allowed distance of the trunk to its prediction, in body sizes
_SIZE_GATE, _SIZE_GATE_PER_S = np.log(1.6), 2.5  # allowed change of size, as a logarithm
_SIZE_WEIGHT = 0.5
_FOLLOWED_FIRST = 0.7  # in doubt a pose is the followed person's
_PREDICT_S = 0.3  # no further: people turn round
_SPEED_S, _SIZE_S = 0.1, 1.0  # time constants of the trunk's speed and of the size
_METRE_TORSO = 0.5  # torso length in metres, the unit of world landmarks


@dataclass(frozen=True)
class Tracked:
    """One frame's outcome: the followed person's smoothed `pose` (None when not in this frame) and the `others`."""

    pose: Pose | None
    others: tuple[Pose, ...]


@dataclass
class _Track:
    """One person: last pose, trunk speed (2,) px/s, smoothed size px, and when first and last seen."""

    id: int
    pose: Pose
    speed: Float32
    size: float
    born_s: float
    seen_s: float
    bystander: bool = False

    @property
    def established(self) -> bool:
        """Seen for long enough to be a person of its own."""
        return self.seen_s - self.born_s >= ESTABLISHED_S

    def gone(self, time_s: float) -> bool:
        """Away for so long that it cannot be taken up again."""
        return time_s - self.seen_s > (KEEP_S if self.established else ESTABLISHED_S)

    def cost(self, pose: Pose, size: float, time_s: float) -> float:
        """Distance of a pose from where this person should be by now; infinite when it cannot be the same person."""
        away_s = time_s - self.seen_s
        change = abs(float(np.log(size / self.size)))
        predicted = self.pose.xy + self.speed * min(away_s, _PREDICT_S)
        apart = float(np.hypot(*(trunk(pose.xy) - trunk(predicted)))) / self.size
        gate = min(_GATE + _GATE_PER_S * away_s, _GATE_MAX)
        if not apart <= gate or change > _SIZE_GATE + _SIZE_GATE_PER_S * away_s:
            return float("inf")
        return joint_distance(pose.xy, predicted, self.size) + _SIZE_WEIGHT * change

    def update(self, pose: Pose, size: float, time_s: float) -> None:
        """Take over a new sighting."""
        dt = max(time_s - self.seen_s, 1e-3)
        moved = (trunk(pose.xy) - trunk(self.pose.xy)) / dt
        if np.isfinite(moved).all():
            self.speed = self.speed + (moved - self.speed) * min(1.0, dt / _SPEED_S)
        self.size += (size - self.size) * min(1.0, dt / _SIZE_S)
        self.pose, self.seen_s = pose, time_s


class Tracker:
    """Follows one person. Used by one thread; only `choose` may be called from another."""

    def __init__(self, smoothing: OneEuroConfig | None = None) -> None:
        self._picture, self._world = OneEuro(smoothing), OneEuro(smoothing)
        self._swaps = SwapRepair()
        self._click: tuple[float, float] | None = None
        self._next_id = 1
        self.reset()

    def reset(self) -> None:
        """Forget everybody: another source, or another place in it. Ids are never given twice."""
        self._tracks: list[_Track] = []
        self._followed: _Track | None = None
        self._click = None
        self._image_size: tuple[int, int] | None = None
        self._time_s = float("-inf")
        self._smoothed_id = 0

    def choose(self, x_px: float, y_px: float) -> None:
        """Follow the person under or nearest to this point of the picture, from the next frame with anybody in it."""
        self._click = (x_px, y_px)

    def update(self, poses: Sequence[Pose], image_size: tuple[int, int], time_s: float) -> Tracked:
        """Follow through one frame (all its poses, its (width, height) and time); frames come in order.

        When time goes backwards or the picture's size changes, everything starts anew.
        """
        if time_s < self._time_s or self._image_size not in (None, image_size):
            click = self._click
            self.reset()
            self._click = click
        self._time_s, self._image_size = time_s, image_size
        self._sort_out(poses, time_s)
        seen = [track for track in self._tracks if track.seen_s == time_s]
        self._decide(seen, time_s)
        followed = self._followed if self._followed in seen else None
        others = tuple(replace(track.pose, track_id=track.id) for track in seen if track is not followed)
        return Tracked(self._smooth(followed) if followed else None, others)

    def _sort_out(self, poses: Sequence[Pose], time_s: float) -> None:
        """Give every pose to a track, drop second opinions on the same person, open tracks for the rest."""
        sizes = [body_size(pose) for pose in poses]
        left = self._assign(poses, sizes, time_s)
        taken = [track.pose for track in self._tracks if track.seen_s == time_s]
        for index in sorted(left, key=lambda i: -sizes[i]):
            if not any(same_person(poses[index], pose) for pose in taken):
                taken.append(poses[index])
                still = np.zeros(2, np.float32)
                self._tracks.append(_Track(self._next_id, poses[index], still, sizes[index], time_s, time_s))
                self._next_id += 1
        self._tracks = [track for track in self._tracks if not track.gone(time_s) or track is self._followed]

    def _assign(self, poses: Sequence[Pose], sizes: list[float], time_s: float) -> set[int]:
        """Cheapest pairs of tracks and poses first; the indices of the poses that nobody took."""
        pairs = [
            (track.cost(pose, size, time_s) * (_FOLLOWED_FIRST if track is self._followed else 1.0), t, p)
            for t, track in enumerate(self._tracks)
            if time_s - track.seen_s <= KEEP_S
            for p, (pose, size) in enumerate(zip(poses, sizes, strict=True))
        ]
        free, left = set(range(len(self._tracks))), set(range(len(poses)))
        for cost, t, p in sorted(pairs):
            if np.isfinite(cost) and t in free and p in left:
                free.remove(t)
                left.remove(p)
                self._tracks[t].update(poses[p], sizes[p], time_s)
        return left

    def _decide(self, seen: list[_Track], time_s: float) -> None:
        """Whom to follow from this frame on."""
        if self._click and seen:
            point = np.array(self._click, dtype=np.float32)
            self._followed, self._click = min(seen, key=lambda track: click_distance(track.pose, point)), None
        elif self._followed is None:
            self._followed = max(seen, key=lambda track: prominence(track.pose), default=None)
        elif self._followed not in seen:
            heirs = self._heirs(seen, time_s - self._followed.seen_s, time_s)
            self._followed = max(heirs, key=lambda track: prominence(track.pose), default=self._followed)
        for track in seen:
            beside = self._followed in seen and track.established
            track.bystander = track is not self._followed and (track.bystander or beside)

    def _heirs(self, seen: list[_Track], away_s: float, time_s: float) -> list[_Track]:
        """Who may be followed instead of a person away for `away_s`: newcomers soon (a cut), bystanders late."""
        if away_s > BYSTANDER_WAIT_S:
            return seen
        return [track for track in seen if not track.bystander and time_s - track.born_s >= NEWCOMER_S]

    def _smooth(self, track: _Track) -> Pose:
        pose = track.pose
        if track.id != self._smoothed_id:
            self._smoothed_id = track.id
            for part in (self._picture, self._world, self._swaps):
                part.reset()
        pose = self._swaps.mend(pose, track.size)
        xy = self._picture.filter(pose.xy, pose.time_s, track.size)
        world = None if pose.world is None else self._world.filter(pose.world, pose.time_s, _METRE_TORSO)
        return replace(pose, track_id=track.id, xy=xy, world=world)
