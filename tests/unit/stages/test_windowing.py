"""make_window: the same movement gives the same window, whatever the camera, the clock and the frame rate."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import BLAZEPOSE33, COCO17_FEET
from fias_desktop.domain.types import Pose, PoseTrack, Window
from fias_desktop.stages.windowing import PoseBuffer, joints_at, make_window, make_window_now, track_of, windows

_HEIGHTS = {
    "nose": 2.6, "eye": 2.7, "ear": 2.65, "mouth": 2.55, "shoulder": 2.3, "elbow": 1.75, "wrist": 1.3, "pinky": 1.2,
    "index": 1.2, "thumb": 1.25, "hip": 1.3, "knee": 0.65, "ankle": 0.1, "heel": 0.05, "foot_index": 0.0,
}  # fmt: skip
_JUMPING_HZ = 0.5


def _spec(channels: int = 3, skeleton: str = "coco17feet", frames: int = 40) -> ModelSpec:
    return ModelSpec(
        id="test", title="", network="", labels=(), groups=(), skeleton=skeleton, frames=frames, rate_hz=15.0,
        channels=channels, normalisation="torso", rejection_threshold=0.0, temperature=1.0, licence="",
        training_data=(), limits="",
    )  # fmt: skip


def _standing() -> NDArray[np.float64]:
    """A person of 100 px torso length facing the camera, feet at (0, 0), y down: the left side is at positive x."""
    rows = []
    for joint in BLAZEPOSE33.joints:
        part = next(part for part in _HEIGHTS if part in joint.replace("left_", "").replace("right_", ""))
        side = 30.0 if joint.startswith("left_") else -30.0 if joint.startswith("right_") else 0.0
        rows.append((side, -100.0 * _HEIGHTS[part]))
    return np.array(rows)


def _track(fps: float = 30.0, seconds: float = 4.0, start_s: float = 0.0, score: float = 0.9) -> PoseTrack:
    """Somebody who goes up and down by half a torso length, at 0.5 Hz."""
    time_s = start_s + np.arange(int(seconds * fps) + 1) / fps
    lift = 50.0 * np.sin(2 * np.pi * _JUMPING_HZ * (time_s - start_s))
    xy = np.array([320.0, 400.0]) + _standing() + np.stack([0 * lift, lift], axis=-1)[:, None]
    return _as_track(time_s, xy, np.full(xy.shape[:2], score))


def _as_track(time_s: NDArray[np.float64], xy: NDArray[Any], score: NDArray[Any]) -> PoseTrack:
    frames = np.arange(len(time_s))
    return PoseTrack("blazepose33", time_s, frames, xy.astype(np.float32), score.astype(np.float32))


def _window(track: PoseTrack, end_s: float | None = None, spec: ModelSpec | None = None) -> Window:
    window = make_window(track, spec or _spec(), end_s)
    assert window is not None
    return window


def _hidden(track: PoseTrack, joint: str, from_s: float, to_s: float) -> PoseTrack:
    """The same track with one joint missing strictly between the two times."""
    xy, score = track.xy.copy(), track.score.copy()
    gone = (track.time_s > from_s + 1e-6) & (track.time_s < to_s - 1e-6)
    xy[gone, BLAZEPOSE33.index(joint)], score[gone, BLAZEPOSE33.index(joint)] = np.nan, 0.0
    return _as_track(track.time_s, xy, score)


def test_shape_origin_scale_and_direction() -> None:
    window = _window(_track())
    assert window.joints.shape == (40, 21, 3)
    assert window.mask.all()
    np.testing.assert_allclose(np.diff(window.time_s), 1 / 15.0)
    assert window.time_s[-1] == pytest.approx(4.0)
    hips = window.joints[:, COCO17_FEET.indices("left_hip", "right_hip"), :2].mean(axis=1)
    np.testing.assert_allclose(np.median(hips, axis=0), 0.0, atol=1e-5)
    shoulders = window.joints[:, COCO17_FEET.indices("left_shoulder", "right_shoulder"), :2].mean(axis=1)
    np.testing.assert_allclose(shoulders - hips, np.tile([0.0, 1.0], (40, 1)), atol=0.01)  # up is positive
    assert np.ptp(hips[:, 1]) == pytest.approx(1.0, abs=0.02)  # the movement itself survives
    np.testing.assert_allclose(window.joints[..., 2], 0.9, atol=1e-5)


def test_a_model_may_leave_the_score_out() -> None:
    assert _window(_track(), spec=_spec(channels=2)).joints.shape == (40, 21, 2)


def test_translation_and_scale_do_not_matter() -> None:
    track = _track()
    moved = _as_track(track.time_s, 2.5 * track.xy + np.array([100.0, -40.0]), track.score)
    np.testing.assert_allclose(_window(moved).joints, _window(track).joints, atol=1e-4)


def test_a_shift_in_time_does_not_matter() -> None:
    early, late = _window(_track()), _window(_track(start_s=1000.0))
    np.testing.assert_allclose(late.joints, early.joints, atol=1e-4)
    np.testing.assert_allclose(late.time_s - early.time_s, 1000.0)


@pytest.mark.parametrize("fps", [24.0, 25.0, 60.0, 120.0])
def test_the_frame_rate_hardly_matters(fps: float) -> None:
    here, there = _window(_track(fps=fps), end_s=3.5), _window(_track(fps=30.0), end_s=3.5)
    np.testing.assert_allclose(here.joints, there.joints, atol=0.01)
    np.testing.assert_array_equal(here.mask, there.mask)


def test_jittered_times_give_the_movement_at_the_right_moments() -> None:
    rng = np.random.default_rng(3)
    even = _track(fps=60.0)
    keep = np.sort(rng.choice(len(even.time_s), size=len(even.time_s) // 2, replace=False))
    ragged = _as_track(even.time_s[keep], even.xy[keep], even.score[keep])
    np.testing.assert_allclose(_window(ragged, 3.5).joints[..., :2], _window(even, 3.5).joints[..., :2], atol=0.03)


def test_a_mirrored_picture_does_not_swap_left_and_right() -> None:
    track = _track()
    mirrored = _as_track(track.time_s, np.array([640.0, 0.0]) + track.xy * np.array([-1.0, 1.0]), track.score)
    expected = _window(track).joints * np.array([-1.0, 1.0, 1.0])
    np.testing.assert_allclose(_window(mirrored).joints, expected, atol=1e-5)


def test_a_short_gap_is_filled_with_less_confidence() -> None:
    knee = COCO17_FEET.index("left_knee")
    whole, gappy = _window(_track()), _window(_hidden(_track(), "left_knee", 3.0, 3.2))
    assert gappy.mask.all()
    np.testing.assert_allclose(gappy.joints[..., :2], whole.joints[..., :2], atol=0.03)
    inside = (gappy.time_s > 3.06) & (gappy.time_s < 3.14)
    assert (gappy.joints[inside, knee, 2] < 0.95 * 0.9).all()
    assert (gappy.joints[inside, knee, 2] >= 0.5 * 0.9).all()
    assert gappy.joints[0, knee, 2] == pytest.approx(0.9)


def test_a_long_gap_is_masked_and_zero_for_that_joint_alone() -> None:
    knee = COCO17_FEET.index("left_knee")
    window = _window(_hidden(_track(), "left_knee", 3.0, 3.5))
    inside = (window.time_s > 3.0 + 1e-6) & (window.time_s < 3.5 - 1e-6)
    np.testing.assert_array_equal(window.mask[:, knee], ~inside)
    assert not window.joints[inside, knee].any()
    assert window.mask[:, [j for j in range(21) if j != knee]].all()


def test_a_gap_of_the_whole_person_is_masked() -> None:
    track = _track()
    keep = (track.time_s <= 3.0) | (track.time_s >= 3.5)
    window = _window(_as_track(track.time_s[keep], track.xy[keep], track.score[keep]))
    inside = (window.time_s > 3.0 + 1e-6) & (window.time_s < 3.5 - 1e-6)
    assert not window.mask[inside].any()
    assert window.mask[~inside].all()


def test_samples_before_the_first_and_after_the_last_pose_are_masked() -> None:
    window = _window(_track(seconds=1.0), end_s=1.2)
    known = (window.time_s >= -1e-6) & (window.time_s <= 1.0 + 1e-6)
    np.testing.assert_array_equal(window.mask, np.repeat(known[:, None], 21, axis=1))
    assert not window.joints[~known].any()


def test_a_recording_gives_the_window_that_was_seen_live() -> None:
    track = _hidden(_track(), "right_wrist", 2.9, 3.15)
    seen = track.time_s <= 3.0 + 1e-6
    live = _window(_as_track(track.time_s[seen], track.xy[seen], track.score[seen]))
    recorded = _window(track, end_s=3.0)
    np.testing.assert_allclose(recorded.joints, live.joints, atol=1e-5)
    np.testing.assert_array_equal(recorded.mask, live.mask)


def test_unlikely_landmarks_count_as_missing() -> None:
    track = _track()
    score = track.score.copy()
    score[:, BLAZEPOSE33.index("left_ankle")] = 0.05
    window = _window(_as_track(track.time_s, track.xy, score))
    assert not window.mask[:, COCO17_FEET.index("left_ankle")].any()
    assert not window.joints[:, COCO17_FEET.index("left_ankle")].any()


def test_wild_values_are_clipped() -> None:
    track = _track()
    xy = track.xy.copy()
    xy[:, BLAZEPOSE33.index("left_wrist")] = [9000.0, -9000.0]
    window = _window(_as_track(track.time_s, xy, track.score))
    np.testing.assert_allclose(window.joints[:, COCO17_FEET.index("left_wrist"), :2], 4.0)


def test_too_little_gives_no_window() -> None:
    empty = _as_track(np.zeros(0), np.zeros((0, 33, 2)), np.zeros((0, 33)))
    assert make_window(empty, _spec()) is None
    assert make_window(_track(seconds=0.3), _spec()) is None
    assert make_window(_track(seconds=0.5), _spec()) is not None
    assert make_window(_track(), _spec(), end_s=99.0) is None
    assert make_window(_track(start_s=10.0), _spec(), end_s=5.0) is None
    assert make_window(_track(score=0.05), _spec()) is None


def test_a_body_that_cannot_be_measured_gives_no_window() -> None:
    track = _track()
    point = np.repeat(track.xy[:, :1], 33, axis=1)
    assert make_window(_as_track(track.time_s, point, track.score), _spec()) is None


def test_a_skeleton_without_the_joints_is_refused() -> None:
    track = _track()
    penn = PoseTrack("penn13", track.time_s, track.frame_index, track.xy[:, :13], track.score[:, :13])
    with pytest.raises(ValueError, match="penn13 has no"):
        make_window(penn, _spec())


def test_frame_indices_are_those_of_the_nearest_frames() -> None:
    window = _window(_track(fps=30.0))
    np.testing.assert_array_equal(window.frame_index, np.round(window.time_s * 30.0))


def test_arrays_are_read_only_and_the_track_is_untouched() -> None:
    track = _hidden(_track(), "left_knee", 3.0, 3.5)
    before = track.xy.copy()
    window = _window(track)
    for array in (window.joints, window.mask, window.time_s, window.frame_index):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    np.testing.assert_array_equal(track.xy, before)


def test_windows_in_a_row() -> None:
    track = _track()
    got = list(windows(track, _spec(), [0.1, 2.0, 4.0]))
    assert got[0] is None
    assert got[1] is not None and got[1].time_s[-1] == 2.0
    assert got[2] is not None
    np.testing.assert_array_equal(got[2].joints, _window(track).joints)


def test_random_holes_never_break_the_invariants() -> None:
    rng = np.random.default_rng(7)
    for share in (0.05, 0.3, 0.6, 0.9):
        track = _track()
        hole = rng.random(track.score.shape) < share
        xy, score = track.xy.copy(), track.score.copy()
        xy[hole], score[hole] = np.nan, 0.0
        window = make_window(_as_track(track.time_s, xy, score), _spec())
        if window is not None:
            assert np.isfinite(window.joints).all()
            assert (np.abs(window.joints[..., :2]) <= 4.0).all()
            assert not window.joints[~window.mask].any()
            assert (window.joints[..., 2][window.mask] > 0).all()


def test_it_is_fast_enough_to_train_with() -> None:
    track = _hidden(_track(), "left_knee", 3.0, 3.5)
    took = []
    for _ in range(50):
        start = time.perf_counter()
        make_window(track, _spec())
        took.append(time.perf_counter() - start)
    assert min(took) < 1e-3  # 0.15 ms on the machine it was written on


def _pose(index: int, time_s: float, track_id: int = 1) -> Pose:
    xy = np.full((33, 2), float(index), np.float32)
    return Pose(index, time_s, track_id, xy, np.ones(33, np.float32), None, (640, 480))


def test_the_buffer_keeps_the_last_seconds() -> None:
    buffer = PoseBuffer(span_s=2.0)
    for index in range(100):
        buffer.add(_pose(index, index / 10))
    track = buffer.track()
    assert track.skeleton == "blazepose33"
    assert track.frame_index.tolist() == list(range(79, 100))
    assert track.xy[0, 0, 0] == 79.0


def test_the_buffer_starts_anew_when_rewound_or_somebody_else_is_followed() -> None:
    buffer = PoseBuffer()
    buffer.add(_pose(0, 5.0))
    buffer.add(_pose(1, 1.0))
    assert buffer.track().frame_index.tolist() == [1]
    buffer.add(_pose(2, 1.1, track_id=2))
    assert buffer.track().frame_index.tolist() == [2]
    buffer.clear()
    assert len(buffer.track().time_s) == 0
    assert make_window(buffer.track(), _spec()) is None


def test_the_buffer_may_be_read_while_it_is_filled() -> None:
    buffer = PoseBuffer(span_s=1.0)

    def fill() -> None:
        for index in range(3000):
            buffer.add(_pose(index, index / 100))

    writer = threading.Thread(target=fill)
    writer.start()
    while writer.is_alive():
        track = buffer.track()
        assert (np.diff(track.time_s) > 0).all()
    writer.join()
    assert buffer.track().frame_index[-1] == 2999


def test_a_track_of_no_poses_is_empty() -> None:
    assert track_of(()).xy.shape == (0, 33, 2)


def test_a_window_of_now_lies_in_the_picture_where_its_joints_were_seen() -> None:
    track, spec = _track(seconds=2.2), _spec()
    made = make_window_now(track, spec)
    assert made is not None
    window, place = made
    rows = [BLAZEPOSE33.index(joint) for joint in COCO17_FEET.joints]
    np.testing.assert_allclose(place.to_px(window.joints[-1, :, :2]), track.xy[-1, rows], atol=1e-2)
    np.testing.assert_allclose(place.to_torsos(place.to_px(window.joints[..., :2])), window.joints[..., :2], atol=1e-5)
    hips = window.joints[-1, [COCO17_FEET.index("left_hip"), COCO17_FEET.index("right_hip")], :2]
    np.testing.assert_allclose(hips.mean(axis=0), 0.0, atol=1e-5)


def test_a_window_of_now_is_the_window_moved() -> None:
    track, spec = _track(), _spec()
    made = make_window_now(track, spec, 3.6)
    assert made is not None
    window, usual = made[0], _window(track, 3.6)
    moved = (window.joints - usual.joints)[window.mask]
    np.testing.assert_allclose(moved, np.broadcast_to(moved[0], moved.shape), atol=1e-5)
    assert abs(moved[0, 1]) > 0.1 and (window.mask == usual.mask).all() and (window.time_s == usual.time_s).all()


def test_the_origin_of_now_is_the_last_hip_that_was_seen() -> None:
    track = _track(seconds=2.2)
    score = np.array(track.score)
    score[-3:, BLAZEPOSE33.index("left_hip")] = 0.0
    made = make_window_now(PoseTrack(track.skeleton, track.time_s, track.frame_index, track.xy, score), _spec())
    assert made is not None
    hips = [BLAZEPOSE33.index(joint) for joint in ("left_hip", "right_hip")]
    assert np.linalg.norm(track.xy[-5:, hips].mean(axis=1) - made[1].origin_px, axis=-1).min() < 2.0
    score[:, hips] = 0.0
    assert make_window_now(PoseTrack(track.skeleton, track.time_s, track.frame_index, track.xy, score), _spec()) is None


def test_joints_are_found_between_pictures_and_nowhere_else() -> None:
    track = _track(fps=10.0, seconds=1.0)
    xy, known = joints_at(track, "coco17feet", np.array([0.05, 0.5, 1.0, 1.1]))
    rows = [BLAZEPOSE33.index(joint) for joint in COCO17_FEET.joints]
    assert known[:3].all() and not known[3].any()
    np.testing.assert_allclose(xy[0], track.xy[:2, rows].mean(axis=0), atol=1e-3)
    np.testing.assert_allclose(xy[2], track.xy[-1, rows], atol=1e-3)
    assert not joints_at(track, "coco17feet", np.array([9.0]))[1].any()
