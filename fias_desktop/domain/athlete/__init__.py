"""The simulated athlete: a body, a pose vocabulary, exercises, performances with exact truth, and a camera."""

from fias_desktop.domain.athlete.body import Body, average_body, random_body
from fias_desktop.domain.athlete.camera import Camera
from fias_desktop.domain.athlete.faults import JOINTS_AT_FAULT, at_fault
from fias_desktop.domain.athlete.movements import MOVEMENTS
from fias_desktop.domain.athlete.performance import Performance, Span, demo_programme, make_performance
from fias_desktop.domain.athlete.steps import SetPlan

__all__ = [
    "JOINTS_AT_FAULT",
    "MOVEMENTS",
    "Body",
    "Camera",
    "Performance",
    "SetPlan",
    "Span",
    "at_fault",
    "average_body",
    "demo_programme",
    "make_performance",
    "random_body",
]
