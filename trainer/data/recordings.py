"""The project's own recordings: a folder of videos, each beside the analysis that `fias analyse VIDEO --json FILE`
wrote of it (docs/analysis-json.md). Whether they may be used for anything is up to the people in them.

The program keeps no poses, so the video is looked at again through the program's own estimator and tracker; that takes
about as long as the video. Classes and repetitions are what the program said, not truth: good for browsing, for
comparing versions and as a start for annotating, but never for training or for a figure.

Traps: an analysis names its video by the path of that day, so only a video of that name in the same folder is taken;
frames without a person are missing; a video of uneven rate is brought to its nominal one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import CLASS_OF_ERROR, IDLE, LABELS
from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Int64, Pose, PoseTrack
from trainer.data.sequence import PIXELS, UNLABELLED, SkeletonSequence, bad_data

NAME = "recordings"
MAX_BYTES = 2**26
JOIN_S = 1.0  # a shorter pause between two repetitions belongs to the set
_SCHEMA = 1


@dataclass(frozen=True)
class Seen:
    """The followed person of a video: poses, size (width, height) of the picture and nominal frames per second."""

    track: PoseTrack
    size: tuple[int, int]
    rate_hz: float


def see(video: Path) -> Seen:
    """Look at a video from beginning to end, as the program does."""
    from fias_desktop.stages.capture import open_source  # OpenCV and MediaPipe take a while to import
    from fias_desktop.stages.pose import make_pose_estimator
    from fias_desktop.stages.tracking import Tracker
    from fias_desktop.stages.windowing import track_of

    source, estimator, tracker = open_source(str(video)), make_pose_estimator(), Tracker()
    poses: list[Pose] = []
    try:
        while (frame := source.read()) is not None:
            size = (frame.image.shape[1], frame.image.shape[0])
            pose = tracker.update(estimator.estimate(frame), size, frame.time_s).pose
            poses += [] if pose is None else [pose]
    finally:
        estimator.close()
        source.close()
    return Seen(track_of(poses), source.info.size, source.info.fps)


def read(folder: Path, see: Callable[[Path], Seen] = see) -> list[SkeletonSequence]:
    """Every analysed video of a folder, `PIXELS` of `BLAZEPOSE33`; FiasError when there is none, or one is damaged."""
    found = [(path, analysis) for path in sorted(folder.glob("*.json")) for analysis in _analyses(path)]
    if not found:
        raise FiasError(f"There is no analysis in {folder}.", "Write some with `fias analyse VIDEO --json FOLDER`.")
    return [_sequence(path, analysis, see) for path, analysis in found]


def _sequence(path: Path, analysis: dict[str, Any], see: Callable[[Path], Seen]) -> SkeletonSequence:
    video = path.parent / _video_name(path, analysis)
    if not video.is_file():
        raise bad_data(path.name, video.name, "the video is not in the same folder")
    seen = see(video)
    place = np.rint(seen.track.time_s * seen.rate_hz).astype(np.int64)
    if len(place) < 2:
        raise bad_data(path.name, video.name, "nobody is seen in it")
    frames, joints = int(place.max()) + 1, BLAZEPOSE33.num_joints
    points = np.full((frames, joints, 2), np.nan, np.float32)
    score = np.zeros((frames, joints), np.float32)
    points[place], score[place] = seen.track.xy, np.clip(np.nan_to_num(seen.track.score), 0, 1)
    labels, repetition = _truth(path, video.name, analysis, frames, seen.rate_hz)
    return SkeletonSequence(
        points,
        labels,
        seen.rate_hz,
        NAME,
        video.name,
        path.name,
        BLAZEPOSE33.name,
        PIXELS,
        score,
        video=video.name,
        size=seen.size,
        repetition=repetition,
    )


def _truth(path: Path, name: str, analysis: dict[str, Any], frames: int, rate_hz: float) -> tuple[Int64, Int64]:
    """Class and repetition of every frame (F,), as the program said."""
    labels = np.full(frames, LABELS.index(IDLE), np.int64)
    numbers = np.full(frames, -1, np.int64)
    try:
        given = [(float(r["start_s"]), float(r["end_s"]), str(r["exercise"]), str(r["form"]))
                 for r in analysis["repetitions"] if r["counted"]]  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise bad_data(path.name, name, "a repetition lacks its times, exercise or form") from error
    previous_s = -np.inf
    for number, (start_s, end_s, exercise, form) in enumerate(sorted(given)):
        first_s = previous_s if start_s - previous_s < JOIN_S else start_s
        rows = slice(round(max(first_s, 0) * rate_hz), round(end_s * rate_hz) + 1)
        labels[rows], numbers[rows] = _label(path, name, exercise, form), number
        previous_s = end_s
    return labels, numbers


def _label(path: Path, name: str, exercise: str, form: str) -> int:
    if f"{exercise}_correct" not in LABELS:
        raise bad_data(path.name, name, f"{exercise!r} is none of the exercises")
    if form == "unknown":
        return UNLABELLED
    return LABELS.index(CLASS_OF_ERROR.get((exercise, form), f"{exercise}_correct"))


def _video_name(path: Path, analysis: dict[str, Any]) -> str:
    source = analysis.get("source")
    given = source.get("path") if isinstance(source, dict) else None
    name = given.replace("\\", "/").rpartition("/")[2] if isinstance(given, str) else ""
    if not name:
        raise bad_data(path.name, "", "it does not name its video")
    return name


def _analyses(path: Path) -> list[dict[str, Any]]:
    if path.stat().st_size > MAX_BYTES:
        raise bad_data(path.name, "", "it is too large")
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise bad_data(path.name, "", f"it is no JSON ({error})") from error
    analyses = content if isinstance(content, list) else [content]
    for analysis in analyses:
        if not isinstance(analysis, dict) or analysis.get("schema") != _SCHEMA:
            raise bad_data(path.name, "", f"it is no analysis of schema {_SCHEMA}")
    return analyses


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no number")
