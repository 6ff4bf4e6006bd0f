"""Measuring: from a pose to angles and ratios, and from a repetition's measurements to evidence.

Public: `Measurer`, `body_check`, `judge`, `view_advice`.
"""

from fias_desktop.stages.measure.framing import body_check
from fias_desktop.stages.measure.judging import judge, view_advice
from fias_desktop.stages.measure.measurer import Measurer

__all__ = ["Measurer", "body_check", "judge", "view_advice"]
