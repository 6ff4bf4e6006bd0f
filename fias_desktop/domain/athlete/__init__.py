"""The simulated athlete: a body, a pose vocabulary, exercises, performances with exact truth, and a camera."""

from fias_desktop.domain.athlete.body import Body, average_body, random_body
from fias_desktop.domain.athlete.camera import Camera
from fias_desktop.domain.athlete.movements import MOVEMENTS
from fias_desktop.domain.athlete.performance import Performance, demo_programme, make_performance
from fias_desktop.domain.athlete.steps import SetPlan

__all__ = [
    "MOVEMENTS",
    "Body",
    "Camera",
    "Performance",
    "SetPlan",
    "average_body",
    "demo_programme",
    "make_performance",
    "random_body",
]
