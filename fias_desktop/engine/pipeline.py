"""The two halves of the work, synchronous: `Perceiver` sees a frame, `Reasoner` understands the last seconds.

Live use, batch analysis and tests call exactly these; only the scheduling around them differs. Stages do not know each
other: what one needs of another is handed over here, as values.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from fias_desktop.domain.exercises import GROUPS, IDLE, ExerciseRule, group_probs
from fias_desktop.domain.skeleton import skeleton
from fias_desktop.domain.types import (
    Frame,
    Measurement,
    Pose,
    PoseTrack,
    Prediction,
    Recognition,
    Saliency,
    TimelineSample,
    Window,
)
from fias_desktop.engine.gesture import ArmsRaised
from fias_desktop.engine.namer import Namer
from fias_desktop.engine.view import BodyCheck
from fias_desktop.stages.decide import UNKNOWN, Decided, Decider
from fias_desktop.stages.explain import saliency_of, trust
from fias_desktop.stages.measure import Measurer, body_check
from fias_desktop.stages.pose import PoseEstimator
from fias_desktop.stages.recognise import PictureRing, Recogniser, clip_of
from fias_desktop.stages.tracking import Tracker
from fias_desktop.stages.windowing import PoseBuffer, make_window

SAMPLE_EVERY_S = 0.1
# The heat drawn on the person is that of the last second: what the label of the moment rests on.
HEAT_SPAN_S = 1.0
# Older than this and the person has left: nothing is recognised on a pose that is not there any more.
POSE_STALE_S = 0.5
_ALL_IDLE = tuple(float(group == IDLE) for group in GROUPS)


@dataclass(frozen=True)
class Perceived:
    """All that one frame says: the followed person's `pose` and `measurement`, the `others`, whether the whole body
    is in the picture, and whether both arms have just been raised for a second. `pose_ms` is the pose estimator's own
    time."""

    frame: Frame
    pose: Pose | None
    others: tuple[Pose, ...]
    measurement: Measurement | None
    body: BodyCheck
    gesture: bool
    pose_ms: float


@dataclass(frozen=True)
class Reasoned:
    """All that one window says. `window`, `recognition` and `saliency` are None while there is nothing to recognise;
    `saliency` is also None while idle or unknown. `joint_heat` (one value for each of `joints`, those of the model's
    skeleton; the hottest 1) is the mean of the window's last second. `network_ms` is recognition plus explanation."""

    sample: TimelineSample
    window: Window | None = None
    recognition: Recognition | None = None
    saliency: Saliency | None = None
    joint_heat: tuple[float, ...] = ()
    joints: tuple[str, ...] = ()
    network_ms: float = 0.0


class PersonBuffer(PoseBuffer):
    """The poses of the last seconds and, where the chosen model looks at them, pictures of the person."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = PictureRing()

    def track(self) -> PoseTrack:
        """The poses held, oldest first, and the pictures where they are wanted."""
        track = super().track()
        return replace(track, pictures=self.pictures.held()) if self.pictures.wanted else track


class Perceiver:
    """Pose, tracking, measuring and the gesture, for one person followed through one source."""

    def __init__(self, rules: tuple[ExerciseRule, ...], estimator: PoseEstimator | None = None) -> None:
        self.buffer = PersonBuffer()
        self.tracker = Tracker()
        self._estimator = estimator
        self._measurer = Measurer(rules)
        self._arms = ArmsRaised()

    @property
    def device(self) -> str:
        """Which device sees the poses, in words."""
        return self._estimator.device if self._estimator is not None else "loading"

    def use(self, estimator: PoseEstimator) -> None:
        """See through this estimator from the next frame on; who made it closes it."""
        self._estimator = estimator

    def perceive(self, frame: Frame) -> Perceived:
        """Everything one frame says; the followed pose also goes into `buffer`. Raises what the estimator raises, and
        ValueError without one."""
        if self._estimator is None:
            raise ValueError("no pose estimator was given")
        started = time.perf_counter()
        poses = self._estimator.estimate(frame)
        pose_ms = (time.perf_counter() - started) * 1000
        height, width = frame.image.shape[:2]
        tracked = self.tracker.update(poses, (width, height), frame.time_s)
        pose = tracked.pose
        if pose is not None:
            self.buffer.add(pose)
            if self.buffer.pictures.wanted:
                self.buffer.pictures.add(frame, pose)
        return Perceived(
            frame=frame,
            pose=pose,
            others=tracked.others,
            measurement=None if pose is None else self._measurer.measure(pose),
            body=BodyCheck(*body_check(pose, (width, height))),
            gesture=self._arms.update(pose, frame.time_s),
            pose_ms=pose_ms,
        )


class Reasoner:
    """Windowing, recognition, decision and explanation of the last seconds of a pose track.

    It follows one source in the order of time, since the decision remembers what was seen before.
    """

    def __init__(self, recogniser: Recogniser, seed: int = 0) -> None:
        self.recogniser = recogniser
        self.joints = skeleton(recogniser.spec.skeleton).joints
        spec = recogniser.spec
        self._decider = Decider(spec.labels) if spec.names_exercises else Namer(spec.labels)
        self._newest_pose_s = float("-inf")
        self._rng = np.random.default_rng(seed)

    def reason(self, track: PoseTrack | None, end_s: float) -> Reasoned:
        """What the window ending at `end_s` says; an unknown idle sample while nobody has been seen for long enough."""
        started = time.perf_counter()
        self._follow(track)
        window = self._window(track, end_s)
        if window is None:
            return Reasoned(self._sample(self._decider.missed(end_s), None, end_s))
        recognition = self.recogniser.recognise(window)
        prediction = recognition.prediction
        decided = self._decider.update(end_s, prediction.probs, prediction.known)
        saliency = _explain(recognition, decided)
        return Reasoned(
            sample=self._sample(decided, recognition, end_s),
            window=window,
            recognition=recognition,
            saliency=saliency,
            joint_heat=joint_heat(saliency, window, HEAT_SPAN_S),
            joints=self.joints,
            network_ms=(time.perf_counter() - started) * 1000,
        )

    def trusted(self, reasoned: Reasoned) -> Reasoned:
        """The same with the trust figure (`deletion_drop` and its random control); unchanged where there is no heat."""
        if reasoned.saliency is None or reasoned.window is None:
            return reasoned
        target = self.recogniser.spec.labels.index(reasoned.saliency.target)
        checked = trust(self.recogniser.probs, reasoned.window, reasoned.saliency, self._rng, target)
        return replace(reasoned, saliency=checked)

    def _follow(self, track: PoseTrack | None) -> None:
        """A track of which nothing was seen before is of another person: what was decided of the last one is over."""
        if track is None or not len(track.time_s):
            return
        if float(track.time_s[0]) > self._newest_pose_s:
            self._decider.forget()
        self._newest_pose_s = float(track.time_s[-1])

    def _window(self, track: PoseTrack | None, end_s: float) -> Window | None:
        if track is None or not len(track.time_s) or end_s - float(track.time_s[-1]) > POSE_STALE_S:
            return None
        spec = self.recogniser.spec
        window = make_window(track, spec, end_s)
        if window is None or not spec.clip_frames:
            return window
        clip = clip_of(track, spec, end_s)
        return None if clip is None else replace(window, clip=clip)

    def _sample(self, decided: Decided, recognition: Recognition | None, time_s: float) -> TimelineSample:
        """The row of the timeline; a model of other classes than exercises has no say in what is counted."""
        if self.recogniser.spec.names_exercises:
            return timeline_sample(decided, recognition, time_s)
        said = _window_label(recognition.prediction) if recognition is not None else ""
        return TimelineSample(time_s, decided.label, decided.group, decided.prob, decided.known, (), said)


def _explain(recognition: Recognition, decided: Decided) -> Saliency | None:
    return None if decided.label == IDLE or not decided.known else saliency_of(recognition, decided.label)


def timeline_sample(decided: Decided, recognition: Recognition | None, time_s: float) -> TimelineSample:
    """The row of the timeline: what was decided, beside what the window alone said (None: there was none)."""
    sample = TimelineSample(time_s, decided.label, decided.group, decided.prob, decided.known, _ALL_IDLE)
    if recognition is None:
        return sample
    prediction = recognition.prediction
    return replace(
        sample,
        group_probs=group_probs(prediction.labels, prediction.probs),
        window_label=_window_label(prediction),
    )


def _window_label(prediction: Prediction) -> str:
    return prediction.label if prediction.known else UNKNOWN


def joint_heat(saliency: Saliency | None, window: Window, span_s: float) -> tuple[float, ...]:
    """Mean heat per joint over the window's last `span_s`, scaled so that the hottest joint is 1; all 0 without
    heat."""
    if saliency is None:
        return (0.0,) * window.joints.shape[1]
    recent = window.time_s >= window.time_s[-1] - span_s
    mean = saliency.values[recent].mean(axis=0)
    peak = float(mean.max())
    return tuple(float(v) for v in (mean / peak if peak > 0 else np.zeros_like(mean)))
