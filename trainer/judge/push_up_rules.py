"""What the program itself sees and measures in a clip: its poses, and how far its push-up rules are broken."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from fias_desktop.domain.exercises import ExerciseRule, Rule, camera_side
from fias_desktop.domain.skeleton import BLAZEPOSE33, skeleton
from fias_desktop.domain.types import Float32, Float64, Int64, Measurement, Pose, PoseTrack
from fias_desktop.stages.capture import open_source
from fias_desktop.stages.measure import Measurer
from fias_desktop.stages.pose import make_pose_estimator
from fias_desktop.stages.tracking import Tracker

_LOW = 0.25  # of the way down: measurements this near the lowest shoulders are the bottom
_LEAST_CONFIDENCE = 0.3
NOT_JUDGED = -0.5  # the middle of the expected range


@dataclass(frozen=True, eq=False)
class Seen33:
    """One person of a clip as the program's estimator and tracker saw them, F frames of blazepose33: `time_s` float64
    (F,), `xy` float32 (F, 33, 2) px, `score` (F, 33), `world` float32 (F, 33, 3) m (all NaN where there is none),
    `size` int64 (2,) of the picture."""

    time_s: Float64
    xy: Float32
    score: Float32
    world: Float32
    size: Int64

    def track(self) -> PoseTrack:
        """The same as windows are cut from."""
        return PoseTrack(BLAZEPOSE33.name, self.time_s, np.arange(len(self.time_s)), self.xy, self.score)

    def poses(self) -> list[Pose]:
        """The same as measurements are taken from."""
        size = (int(self.size[0]), int(self.size[1]))
        return [
            Pose(i, float(self.time_s[i]), 0, self.xy[i], self.score[i], None if np.isnan(world).all() else world, size)
            for i, world in enumerate(self.world)
        ]


def watch(path: Path, cache: Path | None = None) -> Seen33 | None:
    """The followed person of a video through the program's own reader, estimator and tracker; kept under `cache`. None
    when nobody is seen for a second."""
    kept = cache / f"poses-{path.stem}-{path.stat().st_size}.npz" if cache else None
    if kept and kept.is_file():
        with np.load(kept, allow_pickle=False) as data:
            found = Seen33(**{field.name: data[field.name] for field in fields(Seen33)})
    else:
        found = _stacked(_poses(path))
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.savez(kept, **{field.name: getattr(found, field.name) for field in fields(Seen33)})
    return found if len(found.time_s) and found.time_s[-1] - found.time_s[0] >= 1.0 else None


def in_33(track: PoseTrack, size: tuple[int, int] = (1280, 720)) -> Seen33:
    """A track of fewer joints as one of blazepose33: what it lacks is missing, and there is no depth."""
    source = skeleton(track.skeleton)
    frames, joints = len(track.time_s), BLAZEPOSE33.num_joints
    xy = np.full((frames, joints, 2), np.nan, np.float32)
    score = np.zeros((frames, joints), np.float32)
    places = [BLAZEPOSE33.index(name) for name in source.joints]
    xy[:, places], score[:, places] = track.xy, track.score
    world = np.full((frames, joints, 3), np.nan, np.float32)
    return Seen33(track.time_s, xy, score, world, np.array(size, np.int64))


def _poses(path: Path) -> list[Pose]:
    source, estimator, tracker = open_source(str(path)), make_pose_estimator(), Tracker()
    followed = []
    try:
        while (frame := source.read()) is not None:
            height, width = frame.image.shape[:2]
            pose = tracker.update(estimator.estimate(frame), (width, height), frame.time_s).pose
            if pose is not None:
                followed.append(pose)
    finally:
        estimator.close()
        source.close()
    return followed


def _stacked(poses: list[Pose]) -> Seen33:
    joints = BLAZEPOSE33.num_joints
    nothing = np.full((joints, 3), np.nan, np.float32)
    worlds = [nothing if pose.world is None else pose.world for pose in poses]
    return Seen33(
        np.array([pose.time_s for pose in poses], np.float64),
        np.array([pose.xy for pose in poses], np.float32).reshape(-1, joints, 2),
        np.array([pose.score for pose in poses], np.float32).reshape(-1, joints),
        np.array(worlds, np.float32).reshape(-1, joints, 3),
        np.array(poses[0].image_size if poses else (0, 0), np.int64),
    )


def rules_say(seen: Seen33, rule: ExerciseRule) -> Float64:
    """How far each rule of the exercise is broken at the bottom, in widths of its expected range: above 0 it is, -0.5
    in its middle; NaN where the camera does not show it. (rules,)"""
    measurer = Measurer((rule,))
    measured = [measurer.measure(pose) for pose in seen.poses()]
    height = np.array([m.quantities.get(rule.signal, np.nan) for m in measured])
    if not np.isfinite(height).any():
        return np.full(len(rule.rules), np.nan)
    lowest, highest = np.nanquantile(height, (0.05, 0.95))
    low = [m for m, value in zip(measured, height, strict=True) if value <= lowest + _LOW * (highest - lowest)]
    return np.array([_broken(row, low) for row in rule.rules])


def _broken(rule: Rule, low: list[Measurement]) -> float:
    usable = [m for m in low if _usable(rule, m)]
    if not usable:
        return float("nan")
    value = float(np.median([m.quantities[rule.quantity] for m in usable]))
    least, most = rule.expected
    return max(least - value, value - most) / (most - least)


def _usable(rule: Rule, measurement: Measurement) -> bool:
    value = measurement.quantities.get(rule.quantity, float("nan"))
    sure = measurement.confidence.get(rule.quantity, 1.0) >= _LEAST_CONFIDENCE
    return bool(np.isfinite(value)) and sure and camera_side(measurement.view_deg) in rule.views


def worst(broken: Float64) -> float:
    """The rule that is broken most; `NOT_JUDGED` when none could be judged."""
    return float(np.nanmax(broken)) if np.isfinite(broken).any() else NOT_JUDGED
