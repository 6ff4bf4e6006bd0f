"""Following one person: nobody else takes over, and what is followed is smooth and in time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Pose
from fias_desktop.stages.tracking import OneEuro, OneEuroConfig, Tracked, Tracker, smooth
from fias_desktop.stages.tracking.swaps import MAX_HELD_S

_SIZE = (1280, 720)
_FPS = 30.0
_HEIGHTS = {
    "nose": 2.6, "eye": 2.7, "ear": 2.65, "mouth": 2.55, "shoulder": 2.3, "elbow": 1.75, "wrist": 1.3, "pinky": 1.2,
    "index": 1.2, "thumb": 1.25, "hip": 1.3, "knee": 0.65, "ankle": 0.1, "heel": 0.05, "foot_index": 0.0,
}  # fmt: skip
_HIPS = BLAZEPOSE33.indices("left_hip", "right_hip")
_KNEES = BLAZEPOSE33.indices("left_knee", "right_knee")


def _person(x: float, y: float = 600.0, torso_px: float = 120.0) -> NDArray[np.float32]:
    """Somebody standing with the feet at (x, y), facing the camera."""
    rows = []
    for joint in BLAZEPOSE33.joints:
        part = next(part for part in _HEIGHTS if part in joint.replace("left_", "").replace("right_", ""))
        side = 0.3 if joint.startswith("left_") else -0.3 if joint.startswith("right_") else 0.0
        rows.append((x + torso_px * side, y - torso_px * _HEIGHTS[part]))
    return np.array(rows, dtype=np.float32)


def _pose(frame: int, xy: NDArray[np.float32], score: float = 0.9, time_s: float | None = None) -> Pose:
    world = np.concatenate([xy / 240.0, np.zeros((33, 1), np.float32)], axis=1)
    at_s = frame / _FPS if time_s is None else time_s
    return Pose(frame, at_s, -1, xy, np.full(33, score, np.float32), world, _SIZE)


def _step(tracker: Tracker, frame: int, *people: NDArray[np.float32]) -> Tracked:
    return tracker.update([_pose(frame, xy) for xy in people], _SIZE, frame / _FPS)


def _hip_x(tracked: Tracked) -> float:
    assert tracked.pose is not None
    return float(tracked.pose.xy[_HIPS, 0].mean())


def test_nobody_is_a_state_and_not_an_error() -> None:
    assert Tracker().update([], _SIZE, 0.0) == Tracked(None, ())


def test_it_starts_with_the_largest_most_central_person() -> None:
    small, aside, athlete = _person(640, torso_px=50), _person(1200, torso_px=130), _person(620)
    tracked = _step(Tracker(), 0, small, aside, athlete)
    assert _hip_x(tracked) == pytest.approx(620)
    assert len(tracked.others) == 2
    assert len({pose.track_id for pose in tracked.others} | {tracked.pose.track_id if tracked.pose else 0}) == 3


def test_the_order_of_the_estimator_does_not_matter() -> None:
    tracker = Tracker()
    rng = np.random.default_rng(0)
    for frame in range(60):
        people = [_person(400), _person(900)]
        tracked = _step(tracker, frame, *(people if rng.random() < 0.5 else people[::-1]))
        assert _hip_x(tracked) == pytest.approx(400, abs=1)


def test_a_short_loss_keeps_the_id_and_a_bystander_does_not_take_over() -> None:
    tracker = Tracker()
    first = [_step(tracker, frame, _person(600), _person(1000)) for frame in range(30)][-1]
    for frame in range(30, 55):
        alone = _step(tracker, frame, _person(1000))
        assert alone.pose is None
        assert len(alone.others) == 1
    back = _step(tracker, 55, _person(1000), _person(610))
    assert _hip_x(back) == pytest.approx(610)
    assert first.pose is not None and back.pose is not None
    assert back.pose.track_id == first.pose.track_id


def test_a_bystander_takes_over_when_the_person_stays_away() -> None:
    tracker = Tracker()
    for frame in range(30):
        _step(tracker, frame, _person(600), _person(1000))
    followed = [_step(tracker, frame, _person(1000)).pose is not None for frame in range(30, 180)]
    assert not any(followed[:85])
    assert all(followed[95:])


def test_after_a_cut_the_only_person_is_followed_soon_under_a_new_id() -> None:
    tracker = Tracker()
    before = [_step(tracker, frame, _person(300)) for frame in range(30)][-1]
    after = [_step(tracker, frame, _person(900, torso_px=80)) for frame in range(30, 40)]
    assert [tracked.pose is not None for tracked in after][5:] == [True] * 5
    assert before.pose is not None and after[-1].pose is not None
    assert after[-1].pose.track_id != before.pose.track_id


def test_two_people_who_cross_keep_their_identity() -> None:
    tracker = Tracker()
    for frame in range(90):
        going, coming = _person(300 + 7 * frame), _person(930 - 7 * frame, torso_px=118)
        tracked = _step(tracker, frame, *((going, coming) if frame % 2 else (coming, going)))
        if frame == 0:
            tracker.choose(300, 500)
        elif frame > 1:
            assert _hip_x(tracked) == pytest.approx(300 + 7 * frame, abs=25)


def test_a_crossing_with_the_other_hidden_for_a_moment_keeps_the_identity() -> None:
    tracker = Tracker()
    for frame in range(80):
        athlete, passer = _person(640), _person(200 + 12 * frame)
        hidden = abs(200 + 12 * frame - 640) < 60
        tracked = _step(tracker, frame, *((athlete,) if hidden else (passer, athlete)))
        assert _hip_x(tracked) == pytest.approx(640, abs=5)


@pytest.mark.parametrize(("click", "expected"), [((900, 400), 900), ((1279, 10), 900), ((330, 550), 400)])
def test_a_click_chooses_the_person_under_or_nearest_to_it(click: tuple[float, float], expected: float) -> None:
    tracker = Tracker()
    _step(tracker, 0, _person(400), _person(900))
    tracker.choose(*click)
    chosen = [_step(tracker, frame, _person(400), _person(900)) for frame in range(1, 30)]
    assert all(_hip_x(tracked) == pytest.approx(expected, abs=1) for tracked in chosen)


def test_a_click_between_two_frames_without_anybody_waits_for_somebody() -> None:
    tracker = Tracker()
    tracker.choose(900, 400)
    assert _step(tracker, 0).pose is None
    assert _hip_x(_step(tracker, 1, _person(400), _person(900))) == pytest.approx(900)


def test_second_opinions_on_one_person_are_dropped() -> None:
    tracker = Tracker()
    athlete = _person(600)
    shrunk = athlete.mean(axis=0) + 0.3 * (athlete - athlete.mean(axis=0))
    for frame in range(10):
        tracked = _step(tracker, frame, shrunk, athlete + 3, athlete)
        assert tracked.others == ()
        assert _hip_x(tracked) == pytest.approx(600, abs=4)


def test_a_moment_of_a_shrunken_second_opinion_alone_is_not_taken_for_the_person() -> None:
    tracker = Tracker()
    athlete = _person(600)
    shrunk = athlete.mean(axis=0) + 0.25 * (athlete - athlete.mean(axis=0))
    for frame in range(60):
        tracked = _step(tracker, frame, shrunk if frame % 20 == 19 else athlete)
        if tracked.pose is not None:
            np.testing.assert_allclose(tracked.pose.xy, athlete, atol=2)


def test_it_starts_anew_when_rewound_or_resized() -> None:
    tracker = Tracker()
    first = [_step(tracker, frame, _person(300)) for frame in range(30)][-1]
    again = _step(tracker, 2, _person(900))
    assert _hip_x(again) == pytest.approx(900)
    small = tracker.update([replace(_pose(3, _person(100)), image_size=(640, 480))], (640, 480), 3 / _FPS)
    ids = {tracked.pose.track_id for tracked in (first, again, small) if tracked.pose}
    assert len(ids) == 3


def test_a_moving_camera_does_not_lose_the_person() -> None:
    tracker = Tracker()
    for frame in range(60):
        pan = 500 * np.sin(frame / 15)
        tracked = _step(tracker, frame, _person(640 + pan), _person(1000 + pan))
        assert tracked.pose is not None
        assert _hip_x(tracked) == pytest.approx(640 + pan, abs=25)


def test_scores_pass_unchanged_and_times_stay() -> None:
    tracker = Tracker()
    score = np.linspace(0, 1, 33, dtype=np.float32)
    for frame in range(5):
        pose = replace(_pose(frame, _person(600)), score=score)
        tracked = tracker.update([pose], _SIZE, frame / _FPS)
        assert tracked.pose is not None
        np.testing.assert_array_equal(tracked.pose.score, score)
        assert (tracked.pose.frame_index, tracked.pose.time_s) == (frame, pose.time_s)
        assert tracked.pose.world is not None and tracked.pose.world.shape == (33, 3)


def _legs_exchanged(xy: NDArray[np.float32]) -> NDArray[np.float32]:
    legs = [
        i for i, joint in enumerate(BLAZEPOSE33.joints) if any(p in joint for p in ("knee", "ankle", "heel", "foot"))
    ]
    out = xy.copy()
    out[legs] = xy[np.array(BLAZEPOSE33.mirror)[legs]]
    return out


def test_legs_exchanged_for_a_moment_are_put_back() -> None:
    tracker = Tracker()
    for frame in range(40):
        xy = _person(600)
        tracked = _step(tracker, frame, _legs_exchanged(xy) if frame in (10, 11, 25) else xy)
        assert tracked.pose is not None
        np.testing.assert_allclose(tracked.pose.xy[_KNEES], xy[_KNEES], atol=1)


def test_an_exchange_that_stays_is_believed() -> None:
    tracker = Tracker()
    until = int(MAX_HELD_S * _FPS) + 20
    xy = _person(600)
    for frame in range(until):
        tracked = _step(tracker, frame, _legs_exchanged(xy) if frame >= 5 else xy)
    assert tracked.pose is not None
    np.testing.assert_allclose(tracked.pose.xy[_KNEES], _legs_exchanged(xy)[_KNEES], atol=3)


def test_smoothing_removes_jitter_at_rest() -> None:
    rng = np.random.default_rng(1)
    raw = (100 + rng.normal(0, 1.0, (200, 33, 2))).astype(np.float32)
    smoothed = smooth(raw, np.arange(200) / _FPS, unit=100.0)
    assert smoothed[50:].std() < 0.55 * raw[50:].std()
    assert np.diff(smoothed[50:], 2, axis=0).std() < 0.4 * np.diff(raw[50:], 2, axis=0).std()


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_smoothing_hardly_lags_in_motion(fps: float) -> None:
    time_s = np.arange(0, 3, 1 / fps)
    speed = 2.0  # torso lengths per second: a brisk squat
    raw = np.repeat((100.0 * speed * time_s)[:, None, None], 2, axis=2).astype(np.float32)
    lag_s = (raw[-1, 0, 0] - smooth(raw, time_s, unit=100.0)[-1, 0, 0]) / (100.0 * speed)
    assert 0 <= lag_s < 0.02


def test_smoothing_does_not_depend_on_the_resolution() -> None:
    rng = np.random.default_rng(2)
    raw = rng.normal(0, 5.0, (60, 3, 2)).cumsum(axis=0).astype(np.float32)
    time_s = np.arange(60) / _FPS
    np.testing.assert_allclose(smooth(4 * raw, time_s, unit=400.0), 4 * smooth(raw, time_s, unit=100.0), rtol=1e-3)


def test_smoothing_starts_anew_after_a_gap_and_for_joints_that_were_missing() -> None:
    euro = OneEuro(OneEuroConfig(forget_s=0.3))
    first = np.zeros((2, 2), np.float32)
    euro.filter(first, 0.0, 100.0)
    missing = np.array([[np.nan, np.nan], [1.0, 1.0]], np.float32)
    assert np.isnan(euro.filter(missing, 0.03, 100.0)[0]).all()
    back = np.array([[50.0, 50.0], [1.0, 1.0]], np.float32)
    np.testing.assert_array_equal(euro.filter(back, 0.06, 100.0)[0], back[0])
    far = np.full((2, 2), 500.0, np.float32)
    np.testing.assert_array_equal(euro.filter(far, 1.0, 100.0), far)


# On real poses: the estimator's own output on the clips, made once a session.


def _clip(name: str) -> Path:
    folder = os.environ.get("FIAS_CLIPS")
    if not folder:
        pytest.skip("FIAS_CLIPS is not set: the annotated clips are not here")
    return Path(folder) / name


def _real_poses(path: Path, every: int, last: int) -> Iterator[tuple[list[Pose], tuple[int, int], float]]:
    from fias_desktop.domain.types import Frame
    from fias_desktop.stages.pose import make_pose_estimator
    from fias_desktop.stages.quiet_imports import kept_environment

    with kept_environment():
        import cv2
    video, estimator = cv2.VideoCapture(str(path)), make_pose_estimator()
    fps = video.get(cv2.CAP_PROP_FPS)
    for index in range(last):
        ok, image = video.read()
        if ok and index % every == 0:
            frame = Frame(index, index / fps, np.ascontiguousarray(image[..., ::-1]))
            yield list(estimator.estimate(frame)), (image.shape[1], image.shape[0]), frame.time_s
    estimator.close()
    video.release()


@pytest.mark.clips
def test_one_of_two_real_people_is_followed_without_a_jump() -> None:
    first, chosen = Tracker(), Tracker()
    chosen.choose(560.0, 200.0)
    hips: dict[Tracker, list[NDArray[np.float32]]] = {first: [], chosen: []}
    for poses, size, time_s in _real_poses(_clip("pushup_two_people_side_2reps_plus_cut.mp4"), every=2, last=150):
        for tracker, path in hips.items():
            pose = tracker.update(poses, size, time_s).pose
            if pose is not None:
                path.append(pose.xy[_HIPS].mean(axis=0))
    left, right = np.array(hips[first]), np.array(hips[chosen])
    assert len(left) == 75
    assert len(right) >= 60
    assert (left[:, 0] < 384).all()
    assert (right[:, 0] > 384).all()
    for hip in (left, right):
        assert np.hypot(*np.diff(hip, axis=0).T).max() < 60  # pixels; a torso is about 110 long, the people 340 apart
