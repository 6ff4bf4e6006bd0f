"""The ghost in the engine: it arrives in the picture's pixels, is hidden while wrong, and costs nothing when off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import bare_spec
from fias_desktop.domain.skeleton import BLAZEPOSE33, COCO17_FEET
from fias_desktop.domain.types import Float32, PoseTrack
from fias_desktop.engine.ghost import GhostMaker
from fias_desktop.engine.live import LiveEngine
from fias_desktop.engine.parts import GHOST_MODEL, real_predictor
from fias_desktop.engine.view import Event, LiveView, Problem
from fias_desktop.resources import model_ids
from fias_desktop.settings import Settings
from fias_desktop.stages.foresee import Predictor
from fias_desktop.stages.windowing import PoseBuffer
from tests.fake_stages import ScriptedEstimator, ScriptedSource, engine_threads, scripted_parts, wait_until
from tests.fakes import live_view, squatting_pose

SIZE = (320, 180)
OFF, ON = Settings(coach_enabled=False), Settings(coach_enabled=False, ghost_ms=200)
_ROWS = [BLAZEPOSE33.index(joint) for joint in COCO17_FEET.joints]


class Holding:
    """Says that everybody stays as they are, or `off` torso lengths beside it."""

    spec = bare_spec("fake", "coco17feet", 20, 20.0, {"seen": 12, "steps": 4, "stride": 2})

    def __init__(self, off: float = 0.0) -> None:
        self.asked = 0
        self._off = off

    def predict(self, joints: Float32) -> Float32:
        self.asked += 1
        return np.repeat(joints[-1:, :, :2] + np.float32(self._off), 4, axis=0)


class CountingBuffer(PoseBuffer):
    """A buffer that knows how often it was read."""

    read = 0

    def track(self) -> PoseTrack:
        self.read += 1
        return super().track()


def _standing(time_s: float) -> LiveView:
    """A picture of the athlete, who stands still at the top."""
    pose = replace(squatting_pose(0.0, SIZE), time_s=time_s)
    return live_view(time_s=time_s, size=SIZE, pose=pose)


def _watch(maker: GhostMaker, settings: Settings, seconds: float = 2.5, first_s: float = 0.0) -> LiveView:
    """Let the maker look at every tenth of a second of somebody who stands still; the last picture."""
    buffer = PoseBuffer()
    for number in range(int(seconds * 30)):
        view = _standing(first_s + number / 30)
        assert view.pose is not None
        buffer.add(view.pose)
        if number % 3 == 0:
            maker.look(buffer, settings)
    shown = maker.on(view)
    assert shown is not None
    return shown


def _maker(predictor: Predictor, told: list[Event] | None = None) -> GhostMaker:
    return GhostMaker(lambda: predictor, (told if told is not None else []).append)


def test_a_ghost_that_comes_true_lies_on_the_pixels() -> None:
    view = _watch(_maker(Holding()), ON)
    assert view.ghost is not None and view.ghost.pose is not None and view.pose is not None
    assert view.ghost.error == pytest.approx(0.0, abs=1e-3) and view.ghost.ahead_s == 0.2
    np.testing.assert_allclose(view.ghost.pose.xy[_ROWS], view.pose.xy[_ROWS], atol=0.05)
    others = np.setdiff1d(np.arange(BLAZEPOSE33.num_joints), _ROWS)
    assert np.isnan(view.ghost.pose.xy[others]).all() and not view.ghost.pose.score[others].any()


def test_a_ghost_that_was_wrong_is_hidden() -> None:
    view = _watch(_maker(Holding(off=0.5)), ON)
    assert view.ghost is not None and view.ghost.pose is None
    assert view.ghost.error == pytest.approx(0.5 * 2**0.5, rel=0.05)


def test_a_ghost_without_a_record_is_hidden() -> None:
    view = _watch(_maker(Holding()), ON, seconds=0.9)
    assert view.ghost is not None and view.ghost.pose is None and view.ghost.error is None


def test_off_nothing_is_loaded_read_or_changed() -> None:
    def never() -> Predictor:
        raise AssertionError("nobody asked for a ghost")

    told: list[Event] = []
    maker, buffer = GhostMaker(never, told.append), CountingBuffer()
    maker.look(buffer, OFF)
    view = live_view()
    assert buffer.read == 0 and maker.on(view) is view


def test_switching_off_takes_the_ghost_away() -> None:
    maker = _maker(Holding())
    _watch(maker, ON)
    maker.look(PoseBuffer(), OFF)
    assert maker.on(view := live_view()) is view


def test_the_same_picture_is_the_same_object() -> None:
    maker = _maker(Holding())
    view = _watch(maker, ON)
    first = maker.on(view)
    assert first is not view and maker.on(view) is first and maker.on(None) is None


def test_nobody_or_an_old_answer_has_no_ghost() -> None:
    maker = _maker(Holding())
    view = _watch(maker, ON)
    for other in (replace(view, pose=None), replace(view, frame=replace(view.frame, time_s=view.frame.time_s + 0.9))):
        shown = maker.on(other)
        assert shown is not None and shown.ghost is not None and shown.ghost.pose is None


def test_somebody_else_begins_without_a_record() -> None:
    maker = _maker(Holding())
    _watch(maker, ON)
    view = _watch(maker, ON, seconds=0.9, first_s=60.0)
    assert view.ghost is not None and view.ghost.error is None


def test_a_model_that_is_missing_is_told_once() -> None:
    def missing() -> Predictor:
        raise FiasError("The model is not there.", "Install FIAS Desktop again.")

    told: list[Event] = []
    maker = GhostMaker(missing, told.append)
    view = _watch(maker, ON)
    assert told == [Problem("The model is not there.", "Install FIAS Desktop again.")] and view.ghost is None


def test_the_model_that_ships_is_whole_and_is_no_recogniser() -> None:
    predictor = real_predictor()
    card = predictor.spec
    assert GHOST_MODEL not in model_ids() and card.id not in model_ids()
    assert card.licence == "Apache-2.0" and [row.name for row in card.training_data] == ["simulated"]
    for ms in (200, 300):
        network, *plain = (card.figures[f"simulated_{name}_{ms}ms"] for name in ("network", "hold", "velocity"))
        assert network < min(plain)
    view = _watch(_maker(predictor), ON)  # somebody who stands still goes on standing
    assert view.ghost is not None and view.ghost.pose is not None and view.pose is not None
    assert view.ghost.error is not None and view.ghost.error < 0.05


def test_the_ghost_arrives_through_the_live_engine() -> None:
    predictor, estimator = Holding(), ScriptedEstimator()
    parts = replace(scripted_parts(ScriptedSource(10_000, live=True), estimator), load_predictor=lambda: predictor)
    engine = LiveEngine(OFF, lambda: None, parts)
    engine.start("camera:0")

    def ghost() -> bool:
        view = engine.latest()
        return view is not None and view.ghost is not None and view.ghost.error is not None

    try:
        assert wait_until(lambda: engine.latest() is not None)
        assert not ghost() and predictor.asked == 0
        engine.apply(ON)
        assert wait_until(ghost) and predictor.asked > 0
    finally:
        assert engine.stop() == []
    assert engine_threads() == []
