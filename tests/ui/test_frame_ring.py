"""Kept pictures: the right ones, and never too many."""

from __future__ import annotations

import numpy as np
import pytest

from fias_desktop.domain.types import Frame
from fias_desktop.engine.view import LiveView
from fias_desktop.ui.frame_ring import FrameRing, MomentStore, to_image
from fias_desktop.ui.main_window import DELAY_BYTES
from tests.fakes import live_view


def _noisy(index: int, size: tuple[int, int] = (640, 360)) -> LiveView:
    image = np.random.default_rng(index).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    return live_view(index, frame=Frame(index, index / 30, image))


def test_a_picture_is_painted_from_its_own_pixels_without_a_copy() -> None:
    pixels = np.zeros((4, 6, 3), dtype=np.uint8)
    image = to_image(Frame(0, 0.0, pixels))
    pixels[1, 2] = (10, 20, 30)
    assert image.pixelColor(2, 1).name() == "#0a141e"


def test_the_ring_keeps_its_span_and_its_rate() -> None:
    ring = FrameRing(span_s=1.0, step_s=0.09, long_side_px=320, max_bytes=2**24)
    for index in range(90):
        ring.add(live_view(index))
    oldest, newest = ring.nearest(0.0), ring.nearest(99.0)
    assert oldest is not None and newest is not None
    assert 0.85 <= newest.time_s - oldest.time_s <= 1.0 and 9 <= len(ring) <= 12


def test_the_ring_never_exceeds_its_bytes() -> None:
    ring = FrameRing(span_s=60.0, step_s=0.0, long_side_px=640, max_bytes=600_000)
    for index in range(20):
        ring.add(_noisy(index))
        assert ring.size_bytes <= 600_000
    assert len(ring) >= 1


def test_ten_seconds_of_delay_fit_into_the_bound() -> None:
    ring = FrameRing(span_s=11.0, step_s=1 / 31, long_side_px=960, max_bytes=DELAY_BYTES)
    ring.add(live_view(0, size=(1280, 720)))
    assert ring.size_bytes * 330 < DELAY_BYTES


def test_before_and_nearest() -> None:
    ring = FrameRing(10.0, 0.0, 320, 2**24)
    for index in (0, 30, 60):
        ring.add(live_view(index))
    before, nearest = ring.before(1.9), ring.nearest(1.9)
    assert before is not None and before.time_s == 1.0 and nearest is not None and nearest.time_s == 2.0
    assert ring.before(-0.1) is None


def test_a_clock_that_jumps_back_starts_anew() -> None:
    ring = FrameRing(10.0, 0.0, 320, 2**24)
    for index in (60, 90, 0):
        ring.add(live_view(index))
    assert len(ring) == 1


def test_a_moment_is_small_and_keeps_the_size_of_its_frame() -> None:
    ring = FrameRing(10.0, 0.0, 320, 2**24)
    ring.add(live_view(3, size=(1280, 720)))
    moment = ring.nearest(0.0)
    assert moment is not None and moment.size == (1280, 720) and moment.image().width() == 320
    assert moment.view.frame.image.size == 3 and moment.view.recognition is None


def test_pinned_moments_outlive_the_ring_and_are_bounded() -> None:
    store = MomentStore()
    for index in range(0, 9000, 15):
        store.add(live_view(index, size=(64, 36)))
        if index % 30 == 0:
            store.pin(index / 30)
    assert store.find(299.0) is not None and store.find(230.0) is not None
    assert store.find(5.0) is None, "only the newest pins are kept"
    assert len(store._pinned) <= MomentStore.MAX_PINNED and store.size_bytes < 16 * 2**20


@pytest.mark.parametrize(("asked_s", "found"), [(1.0, True), (1.3, True), (9.0, False)])
def test_a_moment_must_be_close(asked_s: float, found: bool) -> None:
    store = MomentStore()
    store.add(live_view(30))
    assert (store.find(asked_s) is not None) is found
