"""The ghost: where the followed person is expected a moment after the picture. Made in the reason thread, put on the
pictures by whoever asks for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.skeleton import BLAZEPOSE33, mapping, skeleton
from fias_desktop.domain.types import Pose, PoseTrack
from fias_desktop.engine.view import Event, Ghost, LiveView, Problem
from fias_desktop.settings import Settings
from fias_desktop.stages.foresee import Foreseen, Predictor, Record, foresee, is_sure
from fias_desktop.stages.windowing import PoseBuffer, joints_at, make_window_now

STALE_S = 0.5  # older than this and the answer is of somebody who has left


class GhostMaker:
    """Foresees from the newest pose on, while the settings ask for it. `look` and `close` belong to one thread, `on` to
    any."""

    def __init__(self, load: Callable[[], Predictor], tell: Callable[[Event], None]) -> None:
        self._load = load
        self._tell = tell
        self._predictor: Predictor | None = None
        self._failed = False
        self._record: Record | None = None
        self._newest_pose_s = float("-inf")
        self._lock = threading.Lock()
        self._answer: tuple[Foreseen | None, Ghost] | None = None
        self._shown: tuple[LiveView, object, LiveView] | None = None

    def look(self, buffer: PoseBuffer, settings: Settings) -> None:
        """Foresee from the newest pose; nothing at all while the ghost is off. What cannot be loaded is told once."""
        if not settings.ghost_ms:
            self.close()
            return
        predictor = self._loaded()
        if predictor is None:
            return
        record = self._followed(predictor, settings.ghost_ms / 1000)
        track = buffer.track()
        if not len(track.time_s):
            self._say(None, record, self._newest_pose_s)
            return
        record = self._same_person(track, record)
        self._check(track, predictor, record)
        made = make_window_now(track, predictor.spec)
        foreseen = None
        if made is not None:
            window, place = made
            foreseen = foresee(predictor, window, place.to_px, place.scale_px)
            record.add(foreseen)
        self._say(foreseen, record, self._newest_pose_s)

    def on(self, view: LiveView | None) -> LiveView | None:
        """The view with its ghost, the same object for as long as neither changes; as it is while the ghost is off."""
        with self._lock:
            answer = self._answer
            if view is None or answer is None:
                return view
            if self._shown is None or self._shown[0] is not view or self._shown[1] is not answer:
                self._shown = (view, answer, replace(view, ghost=_ghost_on(view, *answer)))
            return self._shown[2]

    def close(self) -> None:
        """Forget everything, also the network."""
        if self._predictor is None and self._answer is None and not self._failed:
            return
        self._predictor, self._failed, self._record = None, False, None
        with self._lock:
            self._answer = self._shown = None

    def _loaded(self) -> Predictor | None:
        if self._predictor is None and not self._failed:
            try:
                self._predictor = self._load()
            except FiasError as error:
                self._failed = True
                self._tell(Problem(error.user_message, error.hint))
        return self._predictor

    def _followed(self, predictor: Predictor, ahead_s: float) -> Record:
        if self._record is None or self._record.ahead_s != ahead_s:
            self._record = Record(ahead_s, skeleton(predictor.spec.skeleton).joints)
        return self._record

    def _same_person(self, track: PoseTrack, record: Record) -> Record:
        """A track that goes on where none was is of another person, or of another time: it has no record yet."""
        first_s, last_s = float(track.time_s[0]), float(track.time_s[-1])
        if first_s > self._newest_pose_s or last_s < self._newest_pose_s:
            record = self._record = Record(record.ahead_s, record.joints)
        self._newest_pose_s = last_s
        return record

    def _check(self, track: PoseTrack, predictor: Predictor, record: Record) -> None:
        for foreseen in record.due(self._newest_pose_s):
            moment_s = np.array([foreseen.time_s + record.ahead_s])
            xy_px, seen = joints_at(track, predictor.spec.skeleton, moment_s)
            record.judge(foreseen, xy_px[0], seen[0])

    def _say(self, foreseen: Foreseen | None, record: Record, now_s: float) -> None:
        answer = (foreseen, Ghost(record.ahead_s, None, record.error(now_s)))
        with self._lock:
            self._answer = answer


def _ghost_on(view: LiveView, foreseen: Foreseen | None, ghost: Ghost) -> Ghost:
    """The ghost of this very picture: what was foreseen for its own time plus the lead; without a pose where nobody is
    seen, nothing fresh is there or the record forbids it."""
    pose, now_s = view.pose, view.frame.time_s
    if pose is None or foreseen is None or not is_sure(ghost.error) or abs(now_s - foreseen.time_s) > STALE_S:
        return ghost
    return replace(ghost, pose=_pose_of(foreseen, now_s + ghost.ahead_s, pose))


def _pose_of(foreseen: Foreseen, time_s: float, like: Pose) -> Pose:
    joints = BLAZEPOSE33.num_joints
    xy, score = np.full((joints, 2), np.nan, np.float32), np.zeros(joints, np.float32)
    rows = mapping(BLAZEPOSE33, skeleton("coco17feet"))[foreseen.known]
    xy[rows], score[rows] = foreseen.at(time_s)[foreseen.known], 1.0
    return Pose(like.frame_index, time_s, like.track_id, xy, score, None, like.image_size)
