"""Pictures of the last seconds, compressed: for the delayed view and for the moments that advice points at."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage

from fias_desktop.domain.types import Frame, Pose
from fias_desktop.engine.view import LiveView

_NO_PICTURE = np.zeros((1, 1, 3), dtype=np.uint8)
_QUALITY = 85


def to_image(frame: Frame) -> QImage:
    """A QImage on the frame's own pixels, without a copy; the frame must outlive it."""
    height, width, _ = frame.image.shape
    pixels = np.ascontiguousarray(frame.image)
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)


def compress(frame: Frame, long_side_px: int) -> bytes:
    """A JPEG of the frame, its longer side at most `long_side_px`."""
    image = to_image(frame)
    if max(image.width(), image.height()) > long_side_px:
        image = image.scaled(
            long_side_px,
            long_side_px,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.FastTransformation,
        )
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", _QUALITY)  # type: ignore[call-overload]  # the stub wants bytes, the call a str
    return bytes(data.data())


@dataclass(frozen=True)
class Moment:
    """One kept picture: the JPEG with its pose. `pose` and `view` are in the pixels of the original frame, whose size
    is `size` (width, height)."""

    time_s: float
    frame_index: int
    jpeg: bytes
    size: tuple[int, int]
    pose: Pose | None
    view: LiveView

    def image(self) -> QImage:
        """The decoded picture; smaller than `size` when the frame was large."""
        return QImage.fromData(self.jpeg)


def moment_of(view: LiveView, long_side_px: int) -> Moment:
    """Compress a view; its raw picture and its feature maps are not kept."""
    height, width, _ = view.frame.image.shape
    slim = replace(view, frame=replace(view.frame, image=_NO_PICTURE), recognition=None, saliency=None)
    jpeg = compress(view.frame, long_side_px)
    return Moment(view.frame.time_s, view.frame.index, jpeg, (width, height), view.pose, slim)


class FrameRing:
    """The newest moments of `span_s` seconds, at most one every `step_s`, never above `max_bytes` of JPEG."""

    def __init__(self, span_s: float, step_s: float, long_side_px: int, max_bytes: int) -> None:
        self._span_s, self._step_s = span_s, step_s
        self._long_side_px, self._max_bytes = long_side_px, max_bytes
        self._moments: deque[Moment] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._moments)

    @property
    def size_bytes(self) -> int:
        """Bytes of JPEG held now."""
        return self._bytes

    def clear(self) -> None:
        """Forget everything (another source has another clock)."""
        self._moments.clear()
        self._bytes = 0

    def add(self, view: LiveView) -> None:
        """Keep this picture, unless the last one is younger than `step_s`; a clock that jumps back starts anew."""
        now_s = view.frame.time_s
        if self._moments and now_s < self._moments[-1].time_s:
            self.clear()
        if self._moments and now_s - self._moments[-1].time_s < self._step_s:
            return
        moment = moment_of(view, self._long_side_px)
        self._moments.append(moment)
        self._bytes += len(moment.jpeg)
        while now_s - self._moments[0].time_s > self._span_s or (self._bytes > self._max_bytes and len(self) > 1):
            self._bytes -= len(self._moments.popleft().jpeg)

    def before(self, time_s: float) -> Moment | None:
        """The newest moment at or before this time."""
        for moment in reversed(self._moments):
            if moment.time_s <= time_s:
                return moment
        return None

    def nearest(self, time_s: float) -> Moment | None:
        """The moment closest to this time."""
        return min(self._moments, key=lambda moment: abs(moment.time_s - time_s), default=None)


class MomentStore:
    """Moments that repetitions and evidence point at: a running ring, and those pinned from it.

    Memory is bounded: the ring by 12 MiB, the pinned ones by their number (about 4 MiB).
    """

    TOLERANCE_S = 0.35
    MAX_PINNED = 80

    def __init__(self) -> None:
        self._ring = FrameRing(span_s=20.0, step_s=0.09, long_side_px=640, max_bytes=12 * 2**20)
        self._pinned: OrderedDict[float, Moment] = OrderedDict()

    @property
    def size_bytes(self) -> int:
        """Bytes of JPEG held now."""
        return self._ring.size_bytes + sum(len(moment.jpeg) for moment in self._pinned.values())

    def clear(self) -> None:
        """Forget everything."""
        self._ring.clear()
        self._pinned.clear()

    def add(self, view: LiveView) -> None:
        """Offer the newest picture to the ring."""
        self._ring.add(view)

    def pin(self, time_s: float) -> None:
        """Keep the picture of this moment for as long as there is room, when the ring still has it."""
        moment = self._ring.nearest(time_s)
        if moment is None or abs(moment.time_s - time_s) > self.TOLERANCE_S:
            return
        self._pinned[moment.time_s] = moment
        while len(self._pinned) > self.MAX_PINNED:
            self._pinned.popitem(last=False)

    def find(self, time_s: float) -> Moment | None:
        """The picture of this moment, None when it was not kept."""
        candidates = [*self._pinned.values()]
        recent = self._ring.nearest(time_s)
        if recent is not None:
            candidates.append(recent)
        best = min(candidates, key=lambda moment: abs(moment.time_s - time_s), default=None)
        return best if best is not None and abs(best.time_s - time_s) <= self.TOLERANCE_S else None
