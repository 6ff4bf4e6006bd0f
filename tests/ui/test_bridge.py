"""The bridge: one wake-up at a time, the newest picture, every event exactly once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from types import TracebackType

import pytest
from pytestqt.qtbot import QtBot

from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.view import GestureSeen, Problem
from fias_desktop.ui.bridge import Bridge
from tests.fakes import FakeCamera, ScriptedEngine, live_view

Caught = tuple[type[BaseException], BaseException | None, TracebackType | None]


class Rig:
    """A bridge on a scripted engine, and what it delivered."""

    def __init__(self) -> None:
        self.engine = ScriptedEngine(lambda: None)
        self.bridge = Bridge(self._make, lambda: (FakeCamera(1, "Webcam"),))
        self.gestures: list[float] = []
        self.problems: list[Problem] = []
        self.pictures = 0
        self.bridge.listen(GestureSeen, lambda event: self.gestures.append(event.time_s))
        self.bridge.listen(Problem, self.problems.append)
        self.bridge.view_changed.connect(self._count)

    def _make(self, wake: Callable[[], None]) -> ScriptedEngine:
        self.engine = ScriptedEngine(wake)
        return self.engine

    def _count(self) -> None:
        self.pictures += 1


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    made = Rig()
    yield made
    made.bridge.close()


def _from_threads(count: int, call: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=call, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_events_told_while_the_window_is_blocked_all_arrive_in_order(qtbot: QtBot, rig: Rig) -> None:
    rig.bridge.open()
    qtbot.waitUntil(lambda: rig.bridge.idle)
    for number in range(500):
        rig.engine.tell(GestureSeen(float(number)))
    assert rig.gestures == []
    qtbot.waitUntil(lambda: len(rig.gestures) == 500)
    assert rig.gestures == sorted(rig.gestures)


def test_events_from_many_threads_arrive_once_each(qtbot: QtBot, rig: Rig) -> None:
    rig.bridge.open()

    def tell(start: int) -> None:
        for number in range(100):
            rig.engine.tell(GestureSeen(start * 100.0 + number))

    _from_threads(8, tell)
    qtbot.waitUntil(lambda: len(rig.gestures) == 800)
    assert len(set(rig.gestures)) == 800


def test_many_pictures_while_blocked_are_shown_as_the_newest_one(qtbot: QtBot, rig: Rig) -> None:
    rig.bridge.open()
    qtbot.waitUntil(lambda: rig.bridge.idle)
    for number in range(300):
        rig.engine.show(live_view(number))
    qtbot.waitUntil(lambda: rig.bridge.view is not None)
    qtbot.wait(30)
    assert rig.pictures == 1
    assert rig.bridge.view is not None and rig.bridge.view.frame.index == 299


def test_what_happens_before_the_window_is_kept_for_it(qtbot: QtBot, rig: Rig) -> None:
    rig.bridge.report(FiasError("The settings were damaged.", "They were reset."))
    qtbot.wait(30)
    assert rig.problems == []
    rig.bridge.open()
    qtbot.waitUntil(lambda: len(rig.problems) == 1)
    assert rig.problems[0].hint == "They were reset."


def test_an_error_of_a_command_becomes_a_problem(qtbot: QtBot) -> None:
    def refuse(wake: Callable[[], None]) -> ScriptedEngine:
        raise FiasError("The model is missing.", "Install FIAS again.")

    problems: list[Problem] = []
    bridge = Bridge(refuse, tuple)
    bridge.listen(Problem, problems.append)
    bridge.open()
    bridge.start("demo")
    qtbot.waitUntil(lambda: len(problems) == 2)
    assert problems[0].message == "The model is missing." and problems[0].fatal
    assert bridge.close() == []


def test_a_handler_that_fails_does_not_lose_the_events_behind_it(
    qtbot: QtBot, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught: list[Caught] = []
    monkeypatch.setattr(sys, "excepthook", lambda *args: caught.append(args))

    def fail_at_zero(event: GestureSeen) -> None:
        assert event.time_s > 0

    rig.bridge.listen(GestureSeen, fail_at_zero)
    rig.bridge.open()
    with qtbot.captureExceptions():
        rig.engine.tell(GestureSeen(0.0), GestureSeen(1.0), GestureSeen(2.0))
        qtbot.waitUntil(lambda: len(rig.gestures) == 3)
    assert rig.gestures == [0.0, 1.0, 2.0]


def test_cameras_are_listed_in_the_background(qtbot: QtBot, rig: Rig) -> None:
    rig.bridge.open()
    with qtbot.waitSignal(rig.bridge.cameras_changed):
        rig.bridge.refresh_cameras()
    assert [camera.name for camera in rig.bridge.cameras] == ["Webcam"]


def test_pictures_of_the_old_source_are_not_shown_as_the_new_one(qtbot: QtBot, rig: Rig) -> None:
    rig.bridge.open()
    qtbot.waitUntil(lambda: rig.bridge.idle)
    old = live_view(7)
    rig.engine.show(old)
    qtbot.waitUntil(lambda: rig.bridge.view is old)
    opening, may_go_on = threading.Event(), threading.Event()

    def slow_start(source: str) -> None:
        opening.set()
        may_go_on.wait(5)
        rig.engine._view = None

    rig.engine.start = slow_start  # type: ignore[method-assign]
    rig.bridge.start("other")
    assert opening.wait(2)
    rig.engine.show(live_view(8))
    qtbot.wait(50)
    assert rig.bridge.view is None
    may_go_on.set()
    qtbot.waitUntil(lambda: rig.bridge.starting == 0)


def test_closing_stops_the_engine_once_and_later_calls_do_nothing(qtbot: QtBot, rig: Rig) -> None:
    rig.bridge.open()
    rig.bridge.start("demo")
    assert rig.bridge.close() == [] and rig.bridge.close() == []
    rig.bridge.set_playing(False)
    rig.bridge.wake()
    assert rig.engine.commands == [("start", "demo"), ("stop",)]
