"""The pose estimator: its model file, its clock, its failures, and real pictures where there are some."""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Frame
from fias_desktop.stages.pose import NOT_FOLLOWED, MediaPipePose, make_pose_estimator
from fias_desktop.stages.pose.task import pose_task, wheel_models
from fias_desktop.stages.quiet_imports import kept_environment, quiet_native_log


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test; the built model lies in it."""
    monkeypatch.setenv("FIAS_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bundle, built once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIAS_HOME", str(tmp_path_factory.mktemp("home")))
        return pose_task()


@pytest.fixture
def estimator(task: bytes) -> Iterator[MediaPipePose]:
    """A running estimator on the CPU."""
    running = MediaPipePose(task)
    yield running
    running.close()


def _empty(index: int = 0, time_s: float = 0.0, size: tuple[int, int] = (320, 240)) -> Frame:
    rng = np.random.default_rng(index)
    return Frame(index, time_s, rng.integers(100, 130, (size[1], size[0], 3), dtype=np.uint8))


def test_the_bundle_is_built_once_and_found_again(home: Path) -> None:
    first = pose_task()
    (path,) = (home / "cache").glob("pose_full_*.task")
    written = path.stat().st_mtime_ns
    assert pose_task() == first
    assert path.stat().st_mtime_ns == written
    with zipfile.ZipFile(path) as bundle:
        assert bundle.testzip() is None
        assert {info.compress_type for info in bundle.infolist()} == {zipfile.ZIP_STORED}
        detector = (wheel_models() / "pose_detection/pose_detection.tflite").read_bytes()
        assert bundle.read("pose_detector.tflite") == detector


@pytest.mark.parametrize("damage", ["empty", "cut", "changed", "foreign"])
def test_a_damaged_bundle_is_built_again(home: Path, task: bytes, damage: str) -> None:
    pose_task()
    (path,) = (home / "cache").glob("pose_full_*.task")
    changed = bytearray(task)
    changed[len(task) // 2] ^= 0xFF
    path.write_bytes({"empty": b"", "cut": task[:1000], "changed": bytes(changed), "foreign": b"hello"}[damage])
    assert pose_task() == task
    assert path.read_bytes() == task


def test_a_full_disk_costs_only_the_cache(home: Path, task: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert pose_task() == task
    assert list((home / "cache").iterdir()) == []


def test_a_cache_that_cannot_be_made_is_done_without(home: Path, task: bytes) -> None:
    (home / "cache").write_text("a file is in the way")
    assert pose_task() == task


def test_a_persons_own_model_file_is_used_and_checked(tmp_path: Path, task: bytes) -> None:
    own = tmp_path / "modèle 姿势.task"
    own.write_bytes(task)
    estimator = make_pose_estimator(task=own)
    assert estimator.estimate(_empty()) == ()
    estimator.close()
    own.write_bytes(b"not a model")
    with pytest.raises(FiasError, match="not a pose model"):
        make_pose_estimator(task=own)
    with pytest.raises(FiasError, match="cannot be read"):
        make_pose_estimator(task=tmp_path / "missing.task")


def test_a_bundle_of_nonsense_is_refused_with_a_message(tmp_path: Path) -> None:
    path = tmp_path / "nonsense.task"
    with zipfile.ZipFile(path, "w") as bundle:
        for name in ("pose_detector.tflite", "pose_landmarks_detector.tflite"):
            bundle.writestr(name, b"nonsense")
    with pytest.raises(FiasError, match="cannot start"):
        make_pose_estimator(task=path)


def test_nobody_in_the_picture_is_an_empty_tuple(estimator: MediaPipePose) -> None:
    assert estimator.estimate(_empty()) == ()
    assert estimator.device == "CPU"


def test_times_may_repeat_go_back_and_sizes_may_change(estimator: MediaPipePose) -> None:
    for index, time_s in enumerate((0.0, 0.0, 0.0001, 0.033, 5.0, 1.0, 1.033)):
        assert estimator.estimate(_empty(index, time_s)) == ()
    assert estimator.estimate(_empty(8, 1.1, size=(200, 300))) == ()
    estimator.reset()
    assert estimator.estimate(_empty(9, 0.0)) == ()


def test_a_closed_estimator_fails_aloud(estimator: MediaPipePose) -> None:
    estimator.close()
    estimator.close()
    with pytest.raises(FiasError, match="failed"):
        estimator.estimate(_empty())


def test_the_gpu_is_used_or_its_failure_is_visible(task: bytes) -> None:
    estimator = MediaPipePose(task, gpu=True)
    assert estimator.estimate(_empty()) == ()
    assert estimator.device == "GPU" or estimator.device.startswith("CPU (GPU delegate failed: ")
    estimator.close()


def test_the_terminal_stays_quiet(task: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    estimator = MediaPipePose(task, gpu=True)
    estimator.estimate(_empty())
    estimator.close()
    assert capfd.readouterr().err == ""


def test_other_messages_are_only_held_back(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_native_log():
        os.write(2, b"W0000 00:00:1.0 1 x.cc:1] chatter\nE0000 00:00:1.0 1 x.cc:1] serious\nmine\n")
        assert capfd.readouterr().err == ""
    assert capfd.readouterr().err == "E0000 00:00:1.0 1 x.cc:1] serious\nmine\n"


def test_the_error_stream_comes_back_after_an_exception(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), quiet_native_log():
        raise RuntimeError
    os.write(2, b"still here\n")
    assert capfd.readouterr().err == "still here\n"


def test_the_environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_FONTDIR", "/mine")
    monkeypatch.delenv("QT_QPA_PLATFORM_PLUGIN_PATH", raising=False)
    with kept_environment():
        os.environ["QT_QPA_FONTDIR"] = os.environ["QT_QPA_PLATFORM_PLUGIN_PATH"] = "/theirs"
    assert os.environ["QT_QPA_FONTDIR"] == "/mine"
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ


@pytest.mark.clips
def test_a_real_person_is_human_shaped(estimator: MediaPipePose) -> None:
    folder = os.environ.get("FIAS_CLIPS")
    if not folder:
        pytest.skip("FIAS_CLIPS is not set: the annotated clips are not here")
    with kept_environment():
        import cv2
    video = cv2.VideoCapture(str(Path(folder) / "squat_front_9reps_plus_cut.mp4"))
    _, image = video.read()
    video.release()
    frame = Frame(7, 0.25, np.ascontiguousarray(image[..., ::-1]))
    (pose,) = estimator.estimate(frame)
    assert (pose.frame_index, pose.time_s, pose.track_id) == (7, 0.25, NOT_FOLLOWED)
    assert pose.image_size == (image.shape[1], image.shape[0])
    assert ((pose.score >= 0) & (pose.score <= 1)).all()
    nose, left_shoulder, right_shoulder, left_hip, left_knee, left_ankle = pose.xy[[0, 11, 12, 23, 25, 27]]
    assert nose[1] < left_shoulder[1] < left_hip[1] < left_knee[1] < left_ankle[1]
    assert left_shoulder[0] > right_shoulder[0]  # facing the camera: the left side is on the picture's right
    assert pose.world is not None
    assert 0.3 < np.linalg.norm(pose.world[11] - pose.world[23]) < 0.7  # metres
