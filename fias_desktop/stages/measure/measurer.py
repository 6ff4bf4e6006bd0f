"""From a pose to a measurement."""

from __future__ import annotations

from fias_desktop.domain.exercises import ExerciseRule
from fias_desktop.domain.types import Measurement, Pose
from fias_desktop.stages.measure.body import BodyBuilder
from fias_desktop.stages.measure.framing import body_check
from fias_desktop.stages.measure.posture import PostureFilter, posture_of
from fias_desktop.stages.measure.quantities import measure_body


class Measurer:
    """Measures every pose of one person, in the order of time; a step back in time or a long gap starts afresh."""

    def __init__(self, rules: tuple[ExerciseRule, ...]) -> None:
        self.rules = rules
        self._builder = BodyBuilder()
        self._posture = PostureFilter()

    def measure(self, pose: Pose) -> Measurement:
        """Every quantity of this pose, NaN where this view does not show it."""
        body = self._builder.build(pose)
        values, trust = measure_body(body)
        posture = self._posture.update(posture_of(values), pose.time_s)
        whole, _, _ = body_check(pose, pose.image_size)
        return Measurement(pose.frame_index, pose.time_s, values, trust, body.view_deg, whole, posture)
