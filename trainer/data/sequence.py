"""One movement in three dimensions with a class for every frame: what motion capture and simulation have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.types import Float32, Int64

UNLABELLED = -1


@dataclass(frozen=True, eq=False)
class MotionSequence:
    """`joints` float32 (F, 21, 3) of coco17feet in metres (y up, floor y = 0), `labels` int64 (F,) indices into
    `domain.exercises.LABELS` (`UNLABELLED` where the class is not known), at `rate_hz`. `subject` keeps people apart in
    splits, `source` names the data set."""

    joints: Float32
    labels: Int64
    rate_hz: float
    subject: int
    source: str

    def __post_init__(self) -> None:
        if self.joints.shape != (len(self.labels), 21, 3):
            raise ValueError(f"joints {self.joints.shape} do not fit {len(self.labels)} labels of 21 joints")

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last frame."""
        return (len(self.labels) - 1) / self.rate_hz

    def at(self, times_s: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Float32:
        """Joints (T, 21, 3) at `times_s` (T,), linearly between frames."""
        position = np.clip(times_s * self.rate_hz, 0, len(self.labels) - 1)
        low = np.floor(position).astype(np.int64)
        high = np.minimum(low + 1, len(self.labels) - 1)
        share = (position - low)[:, None, None]
        return np.asarray(self.joints[low] * (1 - share) + self.joints[high] * share, dtype=np.float32)


def joined(parts: list[MotionSequence], blend_s: float = 0.35) -> MotionSequence:
    """Several sequences of one subject as one, each moved to where the last ended, with a short blend between.

    The blend carries the class of the frame before it when both sides agree, otherwise no class.
    """
    first = parts[0]
    steps = max(int(blend_s * first.rate_hz), 1)
    joints, labels = [first.joints], [first.labels]
    for part in parts[1:]:
        last = joints[-1][-1]
        moved = part.joints + _floor_shift(last, part.joints[0])
        share = ((np.arange(steps) + 1) / (steps + 1))[:, None, None]
        joints += [np.asarray(last * (1 - share) + moved[0] * share, np.float32), moved.astype(np.float32)]
        label = labels[-1][-1] if labels[-1][-1] == part.labels[0] else UNLABELLED
        labels += [np.full(steps, label, np.int64), part.labels]
    return MotionSequence(np.concatenate(joints), np.concatenate(labels), first.rate_hz, first.subject, first.source)


def _floor_shift(last: Float32, first: Float32) -> Float32:
    shift = (last - first).mean(axis=0)
    shift[1] = 0.0
    return np.asarray(shift, dtype=np.float32)
