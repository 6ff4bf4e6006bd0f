"""The person's pictures over the time of a window: kept only when asked for, cut where the joints are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fias_desktop.domain.model_card import bare_spec
from fias_desktop.domain.types import Frame, PersonPicture, Pose, PoseTrack
from fias_desktop.stages.recognise import PictureRing, clip_of
from fias_desktop.stages.recognise.clips import AROUND, EVERY_S, MAX_GAP_S, SLACK_S, square_of
from fias_desktop.stages.windowing import track_of
from tests.fakes import squatting_pose
from trainer.simulate.appearance.scene import MARGIN

SIZE = (640, 360)
JOINTS_ONLY = bare_spec("stgcnpp", "coco17feet", 16, 8.0)
SPEC = replace(JOINTS_ONLY, clip_frames=8, clip_pixels=32)


def _ramp(index: int, time_s: float) -> Frame:
    """Red says how far to the right a place is, green how far down, blue when the picture was taken."""
    image = np.empty((SIZE[1], SIZE[0], 3), np.uint8)
    image[..., 0] = np.linspace(0, 255, SIZE[0])[None]
    image[..., 1] = np.linspace(0, 255, SIZE[1])[:, None]
    image[..., 2] = round(time_s * 50) % 256
    return Frame(index, time_s, image)


def _watched(ring: PictureRing, until_s: float, fps: float = 30.0, at: float = 0.5) -> PoseTrack:
    """A squatting person seen for some seconds: the poses, and what the ring has kept."""
    poses: list[Pose] = []
    for index in range(round(until_s * fps) + 1):
        pose = squatting_pose(index / fps, SIZE, at, index)
        poses.append(pose)
        ring.add(_ramp(index, pose.time_s), pose)
    return replace(track_of(poses), pictures=ring.held())


def _ring() -> PictureRing:
    ring = PictureRing()
    ring.want(SPEC)
    return ring


def test_nothing_is_kept_for_a_model_of_joints_alone() -> None:
    ring = PictureRing()
    assert not ring.wanted
    assert _watched(ring, 0.5).pictures == ()
    ring.want(SPEC)
    assert len(_watched(ring, 0.5).pictures) > 5
    ring.want(JOINTS_ONLY)
    assert not ring.wanted
    assert _watched(ring, 0.5).pictures == ()


def test_only_the_last_seconds_are_kept_and_small() -> None:
    held = _watched(_ring(), 8.0).pictures
    times = np.array([picture.time_s for picture in held])
    assert np.diff(times).min() >= EVERY_S - 1e-9
    assert times[-1] >= 8.0 - EVERY_S
    assert times[0] >= 8.0 - SPEC.span_s - SLACK_S - EVERY_S
    assert sum(picture.image.nbytes for picture in held) < 2**20


def test_another_person_and_a_rewound_video_start_anew() -> None:
    ring = _ring()
    _watched(ring, 1.0)
    other = replace(squatting_pose(1.1, SIZE), track_id=7)
    ring.add(_ramp(0, 1.1), other)
    assert [picture.time_s for picture in ring.held()] == [1.1]
    ring.add(_ramp(0, 0.2), replace(other, time_s=0.2))
    assert [picture.time_s for picture in ring.held()] == [0.2]


def test_a_clip_shows_the_square_of_the_joints_at_the_times_of_the_window() -> None:
    track = _watched(_ring(), 3.0)
    clip = clip_of(track, SPEC, 3.0)
    assert clip is not None and clip.shape == (8, 32, 32, 3) and clip.dtype == np.uint8
    inside = track.time_s >= 3.0 - SPEC.span_s - MAX_GAP_S
    # One square for all pictures: red does not change from one to the next.
    assert np.abs(clip[1:, ..., 0].astype(int) - clip[0, ..., 0]).max() <= 2
    red, green = clip[0, 16, :, 0].astype(float), clip[0, :, 16, 1].astype(float)
    across_px, down_px = red * (SIZE[0] - 1) / 255, green * (SIZE[1] - 1) / 255
    head_px, feet_px = track.xy[inside][:, :, 1].min(), track.xy[inside][:, :, 1].max()
    side_px = (feet_px - head_px) * AROUND
    assert abs((across_px[-1] - across_px[0]) * 32 / 31 - side_px) < 0.04 * side_px
    assert abs((across_px[0] + across_px[-1]) / 2 - SIZE[0] / 2) < 4
    assert down_px[-1] <= SIZE[1]  # beyond the picture its edge goes on
    taken_s = clip[:, 5, 5, 2] / 50
    wanted_s = np.linspace(3.0 - SPEC.span_s, 3.0, 8)
    assert np.abs(taken_s - wanted_s).max() < 0.06


def test_a_person_at_the_edge_of_the_picture_is_shown_where_they_are() -> None:
    clip = clip_of(_watched(_ring(), 3.0, at=0.04), SPEC, 3.0)
    assert clip is not None
    assert (clip[:, :, 0, 0] <= 1).all()  # the picture's left edge, repeated
    red = clip[0, 16, :, 0].astype(float) * (SIZE[0] - 1) / 255
    assert abs(red[-1] - 0.04 * SIZE[0]) > 0.3 * SIZE[1]


def test_there_is_no_clip_while_too_little_was_seen() -> None:
    ring = _ring()
    assert clip_of(_watched(ring, 0.3), SPEC, 0.3) is None
    track = _watched(_ring(), 1.0)
    assert clip_of(track, SPEC, 1.0) is not None
    assert clip_of(track, SPEC, 1.0 + 2 * MAX_GAP_S) is None
    assert clip_of(replace(track, pictures=()), SPEC, 1.0) is None
    unknown = replace(track, xy=np.full_like(track.xy, np.nan), score=np.zeros_like(track.score))
    assert clip_of(unknown, SPEC, 1.0) is None


def test_the_square_leaves_out_a_slip_of_the_estimator() -> None:
    xy = np.random.default_rng(0).uniform((100, 50), (200, 250), (400, 2)).astype(np.float32)
    xy[0] = np.nan
    found = square_of(xy)
    xy[1] = (5000, 5000)
    slipped = square_of(xy)
    assert found is not None and slipped is not None
    assert abs(found[1] - 200 * AROUND) < 8
    assert abs(slipped[1] - found[1]) < 8
    assert square_of(np.full((3, 2), np.nan, np.float32)) is None


def test_the_square_is_that_of_the_clips_models_are_trained_on() -> None:
    assert pytest.approx(sum(MARGIN) / 2) == AROUND


def test_a_picture_is_read_only() -> None:
    picture = PersonPicture(0.0, (0.0, 0.0), 4.0, np.zeros((4, 4, 3), np.uint8))
    assert not picture.image.flags.writeable
