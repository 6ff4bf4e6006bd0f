"""One recorded, captured or simulated movement: the type that every reader gives and everything else takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import IDLE, LABELS
from fias_desktop.domain.skeleton import COCO17_FEET, SKELETONS
from fias_desktop.domain.types import Bool, Float32, Float64, Int64, PoseTrack

UNLABELLED = -1
NOBODY = -1
IDLE_INDEX = LABELS.index(IDLE)
WORLD, CAMERA, PIXELS, PICTURE = "world", "camera", "pixels", "picture"
FRAMES: dict[str, str] = {
    WORLD: "metres, y up, the floor at y = 0",
    CAMERA: "metres from a depth camera, x to the camera's left, y up, z away from it",
    PIXELS: "pixels, origin top left, y down (a third value is depth in the same unit, away from the camera)",
    PICTURE: "shares of the picture's width and height, origin top left, y down (its size is not known)",
}


@dataclass(frozen=True, eq=False)
class SkeletonSequence:
    """F frames of one person. `points` float32 (F, V, 2 or 3) of the topology `skeleton`, in the coordinate frame
    `frame` (a key of `FRAMES`), and `score` float32 (F, V) in 0..1; a missing joint is NaN with score 0. `labels` int64
    (F,) are indices into `names` (`UNLABELLED`: not known). `rate_hz` is nominal where a data set does not state it.

    `source` names the data set, `name` the sequence in it and `file` where it was read, for messages. Where they are
    known: `movement`, what was performed, in the data set's words, and whether it was `correct`; `subject` (`NOBODY`:
    not), `view`, `video`, the official `split` (`train`, `test`), `size` (width, height) of the picture. `errors`
    float32 (F, E) are severities 0..1 of `ERROR_LABELS` (NaN: not known); `repetition` int64 (F,) counts within the
    sequence (-1 between them); `fault` bool (F, V) marks the joints that are not where they should be.

    FiasError with file and sequence when something does not fit.
    """

    points: Float32
    labels: Int64
    rate_hz: float
    source: str
    name: str = ""
    file: str = ""
    skeleton: str = COCO17_FEET.name
    frame: str = WORLD
    score: Float32 | None = None
    names: tuple[str, ...] = LABELS
    movement: str = ""
    correct: bool | None = None
    subject: int = NOBODY
    view: str = ""
    video: str = ""
    split: str = ""
    size: tuple[int, int] | None = None
    errors: Float32 | None = None
    repetition: Int64 | None = None
    fault: Bool | None = None

    def __post_init__(self) -> None:
        points = np.asarray(self.points, np.float32)
        score = np.ones(points.shape[:2], np.float32) if self.score is None else np.asarray(self.score, np.float32)
        for name, array in (("points", points), ("score", score), ("labels", np.asarray(self.labels, np.int64))):
            frozen = array.view()
            frozen.flags.writeable = False
            object.__setattr__(self, name, frozen)
        self._check_shapes()
        self._check_values()

    def _check_shapes(self) -> None:
        joints = SKELETONS[self.skeleton].num_joints if self.skeleton in SKELETONS else 0
        frames = len(self.points)
        if not joints or self.frame not in FRAMES:
            raise self.bad(f"unknown skeleton {self.skeleton!r} or coordinate frame {self.frame!r}")
        if self.points.ndim != 3 or self.points.shape[1] != joints or self.points.shape[2] not in (2, 3):
            raise self.bad(f"points of shape {self.points.shape}, expected (frames, {joints}, 2 or 3)")
        if not frames:
            raise self.bad("it is empty")
        beside = (("score", self.score), ("labels", self.labels), ("errors", self.errors))
        for what, array in (*beside, ("repetition", self.repetition), ("fault", self.fault)):
            if array is not None and len(array) != frames:
                raise self.bad(f"{len(array)} rows of {what} for {frames} frames")
        if self.known.shape != (frames, joints):
            raise self.bad(f"scores of shape {self.known.shape}, expected {(frames, joints)}")

    def _check_values(self) -> None:
        if not (np.isfinite(self.rate_hz) and self.rate_hz > 0):
            raise self.bad(f"a frame rate of {self.rate_hz}")
        if not ((self._score >= 0) & (self._score <= 1)).all():
            raise self.bad("a score outside 0..1")
        lost = self.known & ~np.isfinite(self.points).all(axis=-1)
        if lost.any():
            frame, joint = (int(i) for i in np.argwhere(lost)[0])
            raise self.bad(f"frame {frame}, {SKELETONS[self.skeleton].joints[joint]}: the position is not a number")
        if ((self.labels < UNLABELLED) | (self.labels >= len(self.names))).any():
            worst = self.labels[(self.labels < UNLABELLED) | (self.labels >= len(self.names))][0]
            raise self.bad(f"label {worst} is none of the {len(self.names)} classes")

    def bad(self, what: str) -> FiasError:
        """The error that says what is wrong with this sequence, and where it was read."""
        return bad_data(self.file or self.source, self.name, what)

    @property
    def _score(self) -> Float32:
        assert self.score is not None  # __post_init__ fills it in
        return self.score

    @property
    def known(self) -> Bool:
        """Which joints are known, bool (F, V)."""
        return np.asarray(self._score > 0)

    @property
    def action(self) -> int:
        """The commonest label of all frames that have one; `UNLABELLED` when none has."""
        labelled = self.labels[self.labels != UNLABELLED]
        return int(np.bincount(labelled).argmax()) if len(labelled) else UNLABELLED

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last frame."""
        return (len(self.labels) - 1) / self.rate_hz

    def part(self, rows: slice) -> SkeletonSequence:
        """The frames `rows` alone, with all that is known about them."""
        return replace(
            self,
            points=self.points[rows],
            labels=self.labels[rows],
            score=self._score[rows],
            errors=None if self.errors is None else self.errors[rows],
            repetition=None if self.repetition is None else self.repetition[rows],
            fault=None if self.fault is None else self.fault[rows],
        )

    def at(self, times_s: Float64) -> Float32:
        """Joints (T, V, 2 or 3) at `times_s` (T,), linearly between frames; NaN next to a missing one."""
        position = np.clip(times_s * self.rate_hz, 0, len(self.labels) - 1)
        low = np.floor(position).astype(np.int64)
        high = np.minimum(low + 1, len(self.labels) - 1)
        share = (position - low)[:, None, None]
        return np.asarray(self.points[low] * (1 - share) + self.points[high] * share, dtype=np.float32)

    def track(self) -> PoseTrack:
        """The same as `make_window` takes it; FiasError unless the points are pixels."""
        if self.frame != PIXELS:
            raise self.bad("its points are not in pixels")
        index = np.arange(len(self.labels))
        return PoseTrack(self.skeleton, index / self.rate_hz, index, self.points[..., :2], self._score)

    def in_pixels(self, size: tuple[int, int]) -> SkeletonSequence:
        """Points in shares of the picture as pixels of a picture of that (width, height)."""
        if self.frame != PICTURE:
            raise self.bad("its points are not in shares of the picture")
        scale = np.array([size[0], size[1], size[0]], np.float32)[: self.points.shape[2]]
        return replace(self, points=self.points * scale, frame=PIXELS, size=size)


def bad_data(file: str, sequence: str | int, what: str) -> FiasError:
    """What is wrong in which sequence of which file."""
    where = f"{file}, sequence {sequence}" if sequence != "" else file
    return FiasError(f"{where}: {what}.", "Get the file anew, or leave this sequence out.")


def with_nan(points: NDArray[np.float32], score: NDArray[np.float32]) -> Float32:
    """The points with NaN where the score is 0."""
    return np.where((score > 0)[..., None], points, np.nan).astype(np.float32)


def joined(parts: list[SkeletonSequence], blend_s: float = 0.35) -> SkeletonSequence:
    """Several sequences of one subject as one, each moved to where the last ended, with a short blend between.

    The blend carries the class of the frame before it when both sides agree, otherwise no class.
    """
    first = parts[0]
    steps = max(int(blend_s * first.rate_hz), 1)
    joints, labels = [first.points], [first.labels]
    for part in parts[1:]:
        last = joints[-1][-1]
        moved = part.points + _floor_shift(last, part.points[0])
        share = ((np.arange(steps) + 1) / (steps + 1))[:, None, None]
        joints += [np.asarray(last * (1 - share) + moved[0] * share, np.float32), moved.astype(np.float32)]
        label = labels[-1][-1] if labels[-1][-1] == part.labels[0] else UNLABELLED
        labels += [np.full(steps, label, np.int64), part.labels]
    return replace(
        first,
        points=np.concatenate(joints),
        labels=np.concatenate(labels),
        name=f"{first.name} to {parts[-1].name}",
        score=None,
        errors=_joined_errors(parts, steps),
        repetition=_joined_repetitions(parts, steps),
        fault=None,
    )


def _joined_errors(parts: list[SkeletonSequence], steps: int) -> Float32 | None:
    """The errors of all parts; not known in the blends between them."""
    known = [part.errors for part in parts if part.errors is not None]
    if len(known) < len(parts):
        return None
    blend: Float32 = np.full((steps, known[0].shape[1]), np.nan, np.float32)
    blocks = [known[0], *(block for errors in known[1:] for block in (blend, errors))]
    return np.asarray(np.concatenate(blocks), np.float32)


def _joined_repetitions(parts: list[SkeletonSequence], steps: int) -> Int64:
    """Every part is one repetition where it is no idleness."""
    blocks = []
    for number, part in enumerate(parts):
        if number:
            blocks.append(np.full(steps, -1, np.int64))
        blocks.append(np.where(part.labels == IDLE_INDEX, -1, number).astype(np.int64))
    return np.concatenate(blocks)


def _floor_shift(last: Float32, first: Float32) -> Float32:
    shift = (last - first).mean(axis=0)
    shift[1] = 0.0
    return np.asarray(shift, dtype=np.float32)
