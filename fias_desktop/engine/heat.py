"""The heat of many windows, summed where and when it lay."""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.types import Float32, Float64, JointHeat, Repetition, Saliency, Window

# A repetition's bottom phase reaches this far (share of the way) from the bottom towards its start and its end.
_BOTTOM_REACH = 0.4


class HeatLog:
    """Saliency by moment: what a set's `JointHeat` and an evidence's `saliency_share` are made from.

    Every window counts alike: its heat is scaled to sum to 1. Overlapping windows look at a moment many times, all
    moments equally often, so that shares are not affected.
    """

    def __init__(self) -> None:
        self.joints: tuple[str, ...] = ()
        self._times: list[Float64] = []
        self._values: list[Float32] = []

    def add(self, window: Window, saliency: Saliency, joints: tuple[str, ...]) -> None:
        """Take the heat of one window, values (T, V) at the window's own times; other joints than before start anew."""
        if joints != self.joints:
            self.clear()
            self.joints = joints
        total = float(saliency.values.sum())
        if total <= 0:
            return
        self._times.append(window.time_s)
        self._values.append(saliency.values / total)

    def forget_before(self, time_s: float) -> None:
        """Drop windows that end before `time_s`, so that a long idle time does not fill the memory."""
        while self._times and self._times[0][-1] < time_s:
            del self._times[0], self._values[0]

    def clear(self) -> None:
        """Forget everything."""
        self._times.clear()
        self._values.clear()

    def between(self, start_s: float, end_s: float) -> Float64:
        """Heat per joint (V,) summed over the samples inside [start_s, end_s]; zeros when there are none."""
        total = np.zeros(len(self.joints))
        for times, values in zip(self._times, self._values, strict=True):
            if times[-1] >= start_s and times[0] <= end_s:
                total += values[(times >= start_s) & (times <= end_s)].sum(axis=0)
        return total

    def share_of(self, joints: tuple[str, ...], start_s: float, end_s: float) -> float:
        """The share 0..1 of the heat inside [start_s, end_s] that lies on `joints`; 0 without heat."""
        heat = self.between(start_s, end_s)
        total = float(heat.sum())
        chosen = [self.joints.index(joint) for joint in joints if joint in self.joints]
        return float(heat[chosen].sum()) / total if total > 0 else 0.0

    def of_repetitions(self, repetitions: tuple[Repetition, ...]) -> tuple[JointHeat, ...]:
        """Heat per joint over repetitions, hottest first: `share`, and `beginning`, `bottom` and `end` within each of
        the three phases, sum to 1 over the joints. Empty without heat."""
        phases = np.zeros((3, len(self.joints)))
        for rep in repetitions:
            down, up = rep.bottom_s - rep.start_s, rep.end_s - rep.bottom_s
            edges = (rep.start_s, rep.bottom_s - _BOTTOM_REACH * down, rep.bottom_s + _BOTTOM_REACH * up, rep.end_s)
            for phase in range(3):
                phases[phase] += self.between(edges[phase], edges[phase + 1])
        if phases.sum() <= 0:
            return ()
        share = phases.sum(axis=0) / phases.sum()
        parts = phases / np.maximum(phases.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        heats = [
            JointHeat(name, float(share[i]), float(parts[0, i]), float(parts[1, i]), float(parts[2, i]))
            for i, name in enumerate(self.joints)
        ]
        return tuple(sorted(heats, key=lambda heat: -heat.share))
