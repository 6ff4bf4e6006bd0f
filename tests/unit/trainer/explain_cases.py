"""Windows whose explanation is known, for the tests of explanations."""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, Int64
from trainer.simulate.dataset import SIMULATED, WindowSet

FRAMES, JOINTS = 40, 21
ERROR, GOOD = LABELS.index("squat_knees_inward"), LABELS.index("squat_correct")
KNEE, HIP = COCO17_FEET.index("left_knee"), COCO17_FEET.index("left_hip")


def joints_of(count: int = 3, seed: int = 0) -> Float32:
    """Random joints (N, T, V, C)."""
    return np.random.default_rng(seed).normal(size=(count, FRAMES, JOINTS, 3)).astype(np.float32)


def fault_of(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Both knees at fault from sample 10 to 29, (N, T, V)."""
    fault = np.zeros((count, FRAMES, JOINTS), np.bool_)
    fault[:, 10:30, COCO17_FEET.indices("left_knee", "right_knee")] = True
    return fault


def targets_of(count: int) -> Int64:
    """The same error N times."""
    return np.full(count, ERROR, np.int64)


def windows_of(count: int) -> WindowSet:
    """So many windows, six an athlete."""
    return WindowSet(
        joints=np.ones((count, FRAMES, JOINTS, 3), np.float32),
        label=targets_of(count),
        subject=np.arange(count) // 6,
        source=np.full(count, SIMULATED, np.uint8),
        errors=np.zeros((count, 12), np.float32),
        repetition=np.arange(count),
        azimuth_deg=np.zeros(count, np.float32),
        fault=fault_of(count),
    )
