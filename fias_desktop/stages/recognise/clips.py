"""The person's picture over the time of a window, for models that look at it.

A window shows the person in one square, so that what moves in it moves as in the room; the square is known only when
the window ends. So the ring keeps the wider surroundings of the person, made small, and the square is cut out of them
when a window is asked for. While no model asks for pictures nothing is cut and nothing is kept.
"""

from __future__ import annotations

import threading
from collections import deque
from functools import cache

import cv2
import numpy as np

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import mapping, skeleton
from fias_desktop.domain.types import Float32, Float64, Frame, Int64, PersonPicture, Pose, PoseTrack, UInt8

EVERY_S = 0.05  # pictures closer together are not kept: more than the steps between a clip's pictures need
SLACK_S = 0.5  # how much longer than a window pictures are kept
AROUND = 1.235  # side of a clip's square by the larger side of the joints' box: the mean of what models are trained on
REACH = 1.7  # the same for what is kept: the person may still go where the square will reach
FINER = 2.0  # what is kept has this many pixels for one of a clip
MAX_GAP_S = 0.3  # from the window's end to the newest picture
MIN_COVERED_S = 0.5  # of a window: what makes a window of joints makes a clip
COARSE = 4  # of a part so many times larger than wanted not every pixel is averaged: a quarter less time at 1920 x 1080
TAILS = (0.01, 0.99)  # of the joints' places: a slip of the estimator does not move the square
Box = tuple[Float64, Float64]  # top left (2,) and bottom right (2,), pixels


class PictureRing:
    """The surroundings of one person over the last seconds. `want` may be called from another thread than `add`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spec: ModelSpec | None = None
        self._held: deque[tuple[PersonPicture, Box]] = deque()
        self._track_id = -1

    @property
    def wanted(self) -> bool:
        """Whether the chosen model looks at pictures."""
        return self._spec is not None

    def want(self, spec: ModelSpec | None) -> None:
        """Keep what this model needs from now on; nothing for one of joints alone, or without one."""
        with self._lock:
            self._spec = spec if spec is not None and spec.clip_frames else None
            self._held.clear()

    def add(self, frame: Frame, pose: Pose) -> None:
        """Take the picture that the pose came from; another person, or time that goes back, starts anew."""
        with self._lock:
            box = box_of(pose.xy) if self._spec is not None else None
            if self._spec is None or box is None:
                return
            newest_s = self._held[-1][0].time_s if self._held else -np.inf
            if pose.track_id != self._track_id or pose.time_s < newest_s:
                self._held.clear()
            elif pose.time_s - newest_s < EVERY_S:
                return
            self._track_id = pose.track_id
            boxes = [*(held for _, held in self._held), box]
            self._held.append((surroundings(frame, pose.time_s, boxes, kept_px(self._spec)), box))
            while self._held[0][0].time_s < pose.time_s - self._spec.span_s - SLACK_S:
                self._held.popleft()

    def held(self) -> tuple[PersonPicture, ...]:
        """What is kept, oldest first."""
        with self._lock:
            return tuple(picture for picture, _ in self._held)


def kept_px(spec: ModelSpec) -> int:
    """The side of a kept picture in pixels."""
    return round(spec.clip_pixels * FINER * REACH / AROUND)


def box_of(xy: Float32) -> Box | None:
    """The box of places (..., 2) in pixels, those that are NaN left out; None when none is known."""
    known = xy[np.isfinite(xy).all(axis=-1)].astype(np.float64)
    return (known.min(axis=0), known.max(axis=0)) if len(known) else None


def surroundings(frame: Frame, time_s: float, boxes: list[Box], pixels: int) -> PersonPicture:
    """The square around all boxes, `REACH` times as large, as `pixels` x `pixels`."""
    low, high = np.min([box[0] for box in boxes], axis=0), np.max([box[1] for box in boxes], axis=0)
    side = max(round(float((high - low).max()) * REACH), 2)
    left, top = np.round((low + high) / 2 - side / 2).astype(int).tolist()
    return PersonPicture(time_s, (left, top), side, _square(frame.image, left, top, side, pixels))


def clip_of(track: PoseTrack, spec: ModelSpec, end_s: float) -> UInt8 | None:
    """The clip of the window that ends at `end_s`, uint8 (T', S, S, 3) RGB: pictures evenly over its span, each the one
    nearest in time, all of the square that holds the joints of the span.

    None while the pictures cover too little of the window, or none of its joints is known.
    """
    times: Float64 = np.linspace(end_s - spec.span_s, end_s, spec.clip_frames)
    inside = (track.time_s >= times[0] - MAX_GAP_S) & (track.time_s <= end_s + MAX_GAP_S)
    found = square_of(track.xy[inside][:, _joints(track.skeleton, spec.skeleton)])
    taken_s = np.array([picture.time_s for picture in track.pictures])
    if found is None or not len(taken_s):
        return None
    newest_s = float(taken_s[taken_s <= end_s + MAX_GAP_S].max(initial=-np.inf))
    if end_s - newest_s > MAX_GAP_S or newest_s - max(float(taken_s[0]), times[0]) < MIN_COVERED_S:
        return None
    nearest = np.abs(taken_s[:, None] - times).argmin(axis=0)
    return np.stack([_cut(track.pictures[i], *found, spec.clip_pixels) for i in nearest])


@cache
def _joints(source: str, target: str) -> Int64:
    return mapping(skeleton(source), skeleton(target))


def square_of(xy: Float32) -> tuple[Float64, float] | None:
    """Middle (2,) and side in pixels of the square that shows the person whose joints are at (..., 2); NaN is not
    known. None when they have no extent."""
    points = xy[np.isfinite(xy).all(axis=-1)].astype(np.float64)
    if not len(points):
        return None
    low, high = np.quantile(points, TAILS, axis=0)
    side = float((high - low).max()) * AROUND
    return ((low + high) / 2, side) if side > 0 else None


def _cut(picture: PersonPicture, middle: Float64, side: float, pixels: int) -> UInt8:
    """The square of the frame out of what was kept of it."""
    scale = len(picture.image) / picture.side_px
    left, top = np.round((middle - side / 2 - picture.corner_px) * scale).astype(int).tolist()
    return _square(picture.image, left, top, max(round(side * scale), 2), pixels)


def _square(image: UInt8, left: int, top: int, side: int, pixels: int) -> UInt8:
    """A square of an image as `pixels` x `pixels`; what lies beyond the image repeats its edge."""
    height, width = image.shape[:2]
    rows = slice(min(max(top, 0), height - 1), min(max(top + side, 1), height))
    columns = slice(min(max(left, 0), width - 1), min(max(left + side, 1), width))
    step = max(side // (COARSE * pixels), 1)
    part = np.ascontiguousarray(image[rows, columns][::step, ::step])
    over = rows.start - top, top + side - rows.stop, columns.start - left, left + side - columns.stop
    if any(over):
        scale = pixels / side
        inner = (max(round((columns.stop - columns.start) * scale), 1), max(round((rows.stop - rows.start) * scale), 1))
        small = cv2.resize(part, inner, interpolation=cv2.INTER_AREA)
        before = round(max(over[0], 0) * scale), round(max(over[2], 0) * scale)
        return _bordered(small, before, pixels)
    return np.asarray(cv2.resize(part, (pixels, pixels), interpolation=cv2.INTER_AREA), np.uint8)


def _bordered(small: UInt8, before: tuple[int, int], pixels: int) -> UInt8:
    """A part of a square put where it belongs, its edge repeated around it."""
    top, left = (min(start, pixels - 1) for start in before)
    small = small[: pixels - top, : pixels - left]
    bottom, right = pixels - top - small.shape[0], pixels - left - small.shape[1]
    return np.asarray(cv2.copyMakeBorder(small, top, bottom, left, right, cv2.BORDER_REPLICATE), np.uint8)
