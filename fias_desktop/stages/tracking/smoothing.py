"""One Euro filter: little jitter at rest, little lag in motion.

G. Casiez, N. Roussel, D. Vogel, 1 Euro Filter, CHI 2012, equations 1-6, with the time step of every sample (rates vary)
and speeds in body lengths, so that one pair of parameters serves every resolution and distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.types import Float32, Float64


@dataclass(frozen=True)
class OneEuroConfig:
    """`min_cutoff_hz` sets the jitter at rest; `speed_gain` (Hz per torso length per second) the lag in motion;
    `speed_cutoff_hz` smooths the speed itself. After `forget_s` without a sample the filter starts anew.

    The values were chosen on twelve real clips: they leave 0.36 of the jitter (acceleration of joints at rest) and lag
    19 ms behind joints faster than 0.4 torso lengths a second, 11 ms behind those faster than 1.
    """

    min_cutoff_hz: float = 1.0
    speed_gain: float = 6.0
    speed_cutoff_hz: float = 3.0
    forget_s: float = 0.3


class OneEuro:
    """The filter for any number of points at once. A point that was missing (NaN) starts anew when it is back."""

    def __init__(self, config: OneEuroConfig | None = None) -> None:
        self._config = config or OneEuroConfig()
        self._value: Float32 | None = None
        self._speed: Float32 | None = None
        self._time_s = 0.0

    def reset(self) -> None:
        """Forget the past."""
        self._value = self._speed = None

    def filter(self, points: Float32, time_s: float, unit: float | Float32) -> Float32:
        """Smoothed points (..., D), same shape and coordinates.

        `unit` > 0 is the torso's length in the same coordinates, one number or an array that broadcasts to the points.
        """
        dt = time_s - self._time_s
        self._time_s = time_s
        if self._value is None or self._speed is None or not 0 < dt <= self._config.forget_s:
            self._value, self._speed = points, np.zeros_like(points)
            return points
        step = (points - self._value) / (unit * dt)
        fresh = ~np.isfinite(step)
        step[fresh] = 0.0
        speed = self._speed + _alpha(self._config.speed_cutoff_hz, dt) * (step - self._speed)
        norm = np.linalg.norm(speed, axis=-1, keepdims=True)
        alpha = _alpha(self._config.min_cutoff_hz + self._config.speed_gain * norm, dt)
        value = self._value + alpha * (points - self._value)
        self._speed = speed.astype(np.float32)
        self._value = np.where(fresh, points, value).astype(np.float32)
        return self._value


def smooth(points: Float32, time_s: Float64, unit: float | Float32, config: OneEuroConfig | None = None) -> Float32:
    """A whole recording (F, ..., D) with its times (F,), filtered as it would have been live."""
    euro = OneEuro(config)
    return np.stack([euro.filter(frame, float(time), unit) for frame, time in zip(points, time_s, strict=True)])


def _alpha(cutoff_hz: float | Float32, dt: float) -> Float32:
    """Weight of the new sample, equation 3-4 of the paper."""
    rate = 2 * np.pi * cutoff_hz * dt
    return np.asarray(rate / (rate + 1), dtype=np.float32)
