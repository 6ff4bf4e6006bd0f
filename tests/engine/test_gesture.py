from __future__ import annotations

from dataclasses import replace

import numpy as np

from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Pose
from fias_desktop.engine.gesture import ArmsRaised, arms_up
from tests.fakes import squatting_pose


def raised(time_s: float, sides: tuple[str, ...] = ("left", "right")) -> Pose:
    pose = squatting_pose(0.0)
    xy = np.array(pose.xy)
    shoulder, nose = xy[BLAZEPOSE33.index("left_shoulder"), 1], xy[BLAZEPOSE33.index("nose"), 1]
    for side in sides:
        xy[BLAZEPOSE33.index(f"{side}_elbow"), 1] = nose
        xy[BLAZEPOSE33.index(f"{side}_wrist"), 1] = nose - 1.2 * (shoulder - nose)
    return replace(pose, xy=xy, time_s=time_s)


def seen(gesture: ArmsRaised, poses: list[Pose | None], times: list[float]) -> list[float]:
    return [t for pose, t in zip(poses, times, strict=True) if gesture.update(pose, t)]


def test_one_second_of_both_arms_up_is_told_once() -> None:
    times = [i / 30 for i in range(90)]
    told = seen(ArmsRaised(), [raised(t) for t in times], times)
    assert len(told) == 1
    assert 1.0 <= told[0] < 1.1


def test_the_arms_must_come_down_before_the_next_time() -> None:
    times = [i / 30 for i in range(180)]
    poses = [squatting_pose(0.0) if 60 <= i < 90 else raised(t) for i, t in enumerate(times)]
    assert len(seen(ArmsRaised(), list(poses), times)) == 2


def test_a_short_loss_of_the_pose_does_not_break_it() -> None:
    times = [i / 30 for i in range(40)]
    poses: list[Pose | None] = [None if 10 <= i < 16 else raised(t) for i, t in enumerate(times)]
    assert len(seen(ArmsRaised(), poses, times)) == 1


def test_one_arm_or_a_quick_wave_is_no_gesture() -> None:
    times = [i / 30 for i in range(60)]
    assert seen(ArmsRaised(), [raised(t, ("left",)) for t in times], times) == []
    wave: list[Pose | None] = [raised(t) if t < 0.8 else squatting_pose(0.0) for t in times]
    assert seen(ArmsRaised(), wave, times) == []


def test_arms_that_are_not_clearly_seen_do_not_count() -> None:
    pose = raised(0.0)
    score = np.array(pose.score)
    score[BLAZEPOSE33.index("left_wrist")] = 0.2
    assert arms_up(pose)
    assert not arms_up(replace(pose, score=score))


def test_lying_with_the_arms_overhead_is_no_gesture() -> None:
    pose = raised(0.0)
    upside_down = np.array(pose.xy)
    upside_down[:, 1] = 360 - upside_down[:, 1]
    assert not arms_up(replace(pose, xy=upside_down))
