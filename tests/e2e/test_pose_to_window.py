"""A rendered athlete through the real pose estimator, the tracker and the windows, against the exact truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import PoseTrack, Window
from fias_desktop.stages.capture import DemoSource
from fias_desktop.stages.capture.demo import parse_demo
from fias_desktop.stages.pose import make_pose_estimator
from fias_desktop.stages.tracking import Tracker
from fias_desktop.stages.windowing import PoseBuffer, make_window

_SPEC = ModelSpec(
    id="test", title="", network="", labels=(), groups=(), skeleton="coco17feet", frames=40, rate_hz=15.0, channels=3,
    normalisation="torso", rejection_threshold=0.0, temperature=1.0, licence="", training_data=(), limits="",
)  # fmt: skip
_BODY = [i for i, joint in enumerate(COCO17_FEET.joints) if "_" in joint and "eye" not in joint and "ear" not in joint]


@dataclass(frozen=True)
class _Seen:
    """What the program made of a demo, beside the truth, as windows ending at the same moment."""

    window: Window
    truth: Window
    frames: int
    found: int
    ids: frozenset[int]


def _see(text: str, seconds: float) -> _Seen:
    source, estimator = DemoSource(parse_demo(text)), make_pose_estimator()
    tracker, buffer = Tracker(), PoseBuffer()
    times, pixels, ids = [], [], set()
    found = 0
    while (frame := source.read()) is not None and frame.time_s <= seconds:
        tracked = tracker.update(estimator.estimate(frame), source.info.size, frame.time_s)
        times.append(frame.time_s)
        pixels.append(source.pixels(frame.index))
        if tracked.pose is not None:
            buffer.add(tracked.pose)
            ids.add(tracked.pose.track_id)
            found += 1
    estimator.close()
    xy = np.array(pixels, dtype=np.float32)
    true_track = PoseTrack("coco17feet", np.array(times), np.arange(len(times)), xy, np.ones(xy.shape[:2], np.float32))
    window, truth = make_window(buffer.track(), _SPEC, times[-1]), make_window(true_track, _SPEC, times[-1])
    assert window is not None and truth is not None
    return _Seen(window, truth, len(times), found, frozenset(ids))


def _errors(seen: _Seen) -> NDArray[np.float32]:
    """Distances to the truth in torso lengths (N,), joints of the body that are known in both."""
    both = (seen.window.mask & seen.truth.mask)[:, _BODY]
    apart = np.linalg.norm(seen.window.joints[:, _BODY, :2] - seen.truth.joints[:, _BODY, :2], axis=-1)
    return np.asarray(apart[both], dtype=np.float32)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("demo:squat?view=15&reps=1&fps=15", 4.0),
        ("demo:lunge?view=50&reps=1&fps=15", 4.0),
        ("demo:push_up?view=80&reps=1&fps=15", 6.0),
    ],
)
def test_the_window_is_close_to_the_truth(
    text: str, seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIAS_HOME", str(tmp_path))
    seen = _see(text, seconds)
    assert seen.found >= 0.95 * seen.frames
    assert len(seen.ids) == 1
    assert seen.window.mask.mean() > 0.85
    errors = _errors(seen)
    assert np.median(errors) < 0.12
    assert np.percentile(errors, 90) < 0.3


def test_left_stays_left_from_the_front_and_from_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIAS_HOME", str(tmp_path))
    mirror = np.array(COCO17_FEET.mirror)
    sides = COCO17_FEET.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_ankle", "right_ankle")
    for view in (10, 190):
        seen = _see(f"demo:squat?view={view}&reps=1&fps=10", 3.5)
        own = np.linalg.norm(seen.window.joints[..., :2] - seen.truth.joints[..., :2], axis=-1)
        other = np.linalg.norm(seen.window.joints[..., :2] - seen.truth.joints[:, mirror, :2], axis=-1)
        known = (seen.window.mask & seen.truth.mask)[:, sides]
        assert (own < other)[:, sides][known].mean() > 0.95
