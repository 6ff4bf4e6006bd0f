"""A person's own pose model in the live engine: taken while it runs, and done without where it cannot be used."""

from __future__ import annotations

import threading
from dataclasses import replace

from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.live import LiveEngine
from fias_desktop.engine.view import Event, Problem
from fias_desktop.settings import Settings
from fias_desktop.stages.pose import PoseEstimator
from tests.fake_stages import ScriptedEstimator, ScriptedSource, scripted_parts, wait_until

OWN = Settings(coach_enabled=False, pose_model="/some/where/lite.task")
BUNDLED = Settings(coach_enabled=False)


class Makers:
    """Makes estimators and notes for which file; `broken` files are refused."""

    def __init__(self, broken: str = "") -> None:
        self.asked: list[str] = []
        self.made: list[ScriptedEstimator] = []
        self._broken = broken

    def make(self, settings: Settings) -> PoseEstimator:
        self.asked.append(settings.pose_model)
        if settings.pose_model and settings.pose_model == self._broken:
            raise FiasError(f"The pose model {settings.pose_model} cannot be read.", "Choose another .task file.")
        self.made.append(ScriptedEstimator())
        return self.made[-1]


def _problems(events: list[Event]) -> list[Problem]:
    return [event for event in events if isinstance(event, Problem)]


def _engine(makers: Makers, settings: Settings) -> LiveEngine:
    parts = replace(scripted_parts(ScriptedSource(10_000, live=True)), make_estimator=makers.make)
    return LiveEngine(settings, threading.Event().set, parts)


def test_a_file_that_cannot_be_used_is_said_and_the_bundled_one_taken() -> None:
    makers = Makers(broken=OWN.pose_model)
    engine = _engine(makers, OWN)
    engine.start("camera:0")
    assert wait_until(lambda: engine.latest() is not None)
    (problem,) = _problems(engine.take_events())
    assert engine.stop() == []
    assert not problem.fatal and problem.hint.endswith("Until then the bundled pose model is used.")
    assert makers.asked == [OWN.pose_model, ""]


def test_another_file_is_used_at_once() -> None:
    makers = Makers()
    engine = _engine(makers, BUNDLED)
    engine.start("camera:0")
    assert wait_until(lambda: engine.latest() is not None)
    engine.apply(OWN)
    assert wait_until(lambda: len(makers.made) == 2 and makers.made[1].seen > 0)
    assert makers.made[0].closed
    assert engine.stop() == []
    assert makers.asked == ["", OWN.pose_model] and _problems(engine.take_events()) == []
