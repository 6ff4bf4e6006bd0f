from __future__ import annotations

import numpy as np
import pytest

from fias_desktop.domain.types import Repetition, Saliency, Window
from fias_desktop.engine.heat import HeatLog

JOINTS = ("hip", "knee", "foot")


def window(end_s: float, frames: int = 30) -> Window:
    times = end_s - np.arange(frames)[::-1] / 10
    joints = np.zeros((frames, 3, 2), dtype=np.float32)
    return Window(joints, np.ones((frames, 3), dtype=bool), times, np.arange(frames))


def log_of(heat_at: dict[int, tuple[float, float]]) -> HeatLog:
    """A log of one window 0..2.9 s; the heat of each joint (by index) lies between the two times."""
    log = HeatLog()
    values = np.zeros((30, 3), dtype=np.float32)
    seen = window(2.9)
    for joint, (start_s, end_s) in heat_at.items():
        values[(seen.time_s >= start_s - 1e-6) & (seen.time_s <= end_s + 1e-6), joint] = 1.0
    log.add(seen, Saliency(values, "squat_correct", "test"), JOINTS)
    return log


REP = Repetition("squat", 1, 0.0, 1.5, 2.9, True, "counted")


def test_the_share_of_joints_is_taken_inside_the_span_only() -> None:
    log = log_of({0: (0.0, 0.9), 1: (2.0, 2.9)})
    assert log.share_of(("hip",), 0.0, 0.95) == pytest.approx(1.0)
    assert log.share_of(("hip",), 0.0, 2.9) == pytest.approx(0.5)
    assert log.share_of(("knee", "foot"), 0.0, 2.9) == pytest.approx(0.5)
    assert log.share_of(("hip",), 10.0, 11.0) == 0.0


def test_heat_at_the_bottom_is_told_from_heat_at_the_ends() -> None:
    heats = {heat.joint: heat for heat in log_of({0: (0.0, 0.5), 1: (1.3, 1.7), 2: (2.7, 2.9)}).of_repetitions((REP,))}
    assert heats["hip"].beginning == pytest.approx(1.0)
    assert heats["knee"].bottom == pytest.approx(1.0)
    assert heats["foot"].end == pytest.approx(1.0)
    assert sum(heat.share for heat in heats.values()) == pytest.approx(1.0)


def test_the_hottest_joint_comes_first_and_windows_count_alike() -> None:
    log = HeatLog()
    for scale, joint in ((1000.0, 0), (0.001, 1), (0.001, 1)):
        values = np.zeros((30, 3), dtype=np.float32)
        values[:, joint] = scale
        log.add(window(2.9), Saliency(values, "squat_correct", "test"), JOINTS)
    heats = log.of_repetitions((REP,))
    assert [heat.joint for heat in heats[:2]] == ["knee", "hip"]
    assert heats[0].share == pytest.approx(2 / 3, abs=1e-6)


def test_without_heat_there_is_none_and_nothing_is_divided_by_zero() -> None:
    log = HeatLog()
    log.add(window(2.9), Saliency(np.zeros((30, 3), np.float32), "squat_correct", "test"), JOINTS)
    assert log.of_repetitions((REP,)) == ()
    assert log.share_of(("hip",), 0.0, 3.0) == 0.0


def test_old_windows_are_forgotten() -> None:
    log = log_of({0: (0.0, 2.9)})
    log.forget_before(5.0)
    assert not log.between(0.0, 3.0).any()


def test_another_skeleton_starts_anew() -> None:
    log = log_of({0: (0.0, 2.9)})
    times = window(2.9)
    wide = Window(np.zeros((30, 4, 2), np.float32), np.ones((30, 4), bool), times.time_s, times.frame_index)
    log.add(wide, Saliency(np.ones((30, 4), np.float32), "squat_correct", "test"), ("a", "b", "c", "d"))
    assert log.between(0.0, 3.0).shape == (4,)
