"""The live engine with scripted stages: newest pictures only, nothing lost, no thread left."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.live import LiveEngine
from fias_desktop.engine.parts import Parts
from fias_desktop.engine.view import AdviceText, Event, LiveView, Problem, RepetitionDone, SetDone, SourceState
from fias_desktop.settings import Settings
from fias_desktop.stages.capture.source import Source
from fias_desktop.stages.recognise import Recogniser
from tests.fake_stages import (
    ScriptedEstimator,
    ScriptedRecogniser,
    ScriptedSource,
    ScriptedSpeaker,
    engine_threads,
    scripted_parts,
    wait_until,
)
from tests.fakes import REPETITION_S

SETTINGS = Settings(coach_enabled=False)


class Watcher:
    """Runs an engine and keeps every event and every view it was woken for."""

    def __init__(self, parts: Parts, settings: Settings = SETTINGS) -> None:
        self.events: list[Event] = []
        self.views: list[LiveView] = []
        self.lags_s: list[float] = []
        self.engine = LiveEngine(settings, self._wake, parts)

    def _wake(self) -> None:
        view = self.engine.latest()
        if view is not None and (not self.views or view is not self.views[-1]):
            self.views.append(view)
            self.lags_s.append(time.monotonic() - view.available_s)

    def of(self, kind: type) -> list[Event]:
        self.events += self.engine.take_events()
        return [event for event in self.events if isinstance(event, kind)]

    def states(self) -> list[str]:
        return [event.state for event in self.of(SourceState) if isinstance(event, SourceState)]


@contextmanager
def watching(parts: Parts, settings: Settings = SETTINGS, source: str = "camera:0") -> Iterator[Watcher]:
    watcher = Watcher(parts, settings)
    watcher.engine.start(source)
    try:
        yield watcher
    finally:
        assert watcher.engine.stop() == []
        assert engine_threads() == []


def test_a_recording_is_counted_set_by_set_and_ends_once() -> None:
    estimator, recogniser = ScriptedEstimator(), ScriptedRecogniser()
    source = ScriptedSource(int(4.2 * REPETITION_S * 30), live=True, gate=estimator, heard=recogniser)
    with watching(scripted_parts(source, estimator, recogniser)) as watcher:
        assert wait_until(lambda: "lost" in watcher.states())
        counted = [e for e in watcher.of(RepetitionDone) if isinstance(e, RepetitionDone) and e.repetition.counted]
    assert len(counted) == 4
    assert {event.repetition.exercise for event in counted} == {"squat"}


def test_the_end_of_a_file_closes_the_running_set() -> None:
    estimator = ScriptedEstimator()
    source = ScriptedSource(int(1.12 * REPETITION_S * 100), fps=100.0)
    with watching(scripted_parts(source, estimator), source="clip.mp4") as watcher:
        assert wait_until(lambda: "ended" in watcher.states())
        time.sleep(0.3)
        sets = watcher.of(SetDone)
        assert watcher.states().count("ended") == 1
        last = watcher.engine.latest()
    assert last is not None and (last.exercise, last.counted) == ("squat", 1), "decided only at the end"
    assert len(sets) == 1
    assert isinstance(sets[0], SetDone)
    assert len(sets[0].finished.counted) == 1
    assert sets[0].finished.label == "squat_correct"
    assert sets[0].finished.heat[0].joint in ("nose", "left_eye", "right_eye", "left_ear")


def test_pictures_are_the_newest_when_pose_is_slow() -> None:
    estimator = ScriptedEstimator(delay_s=0.08)
    source = ScriptedSource(10_000, fps=60.0, live=True)
    with watching(scripted_parts(source, estimator)) as watcher:
        assert wait_until(lambda: len(watcher.views) >= 12)
    indices = [view.frame.index for view in watcher.views]
    assert indices == sorted(set(indices)), "a picture came twice or out of order"
    assert indices[-1] > 2 * len(indices), "no frame was skipped although pose is slower than the source"
    assert max(watcher.lags_s[2:]) < 0.25, "the pictures grew old in a queue"


def test_frame_and_pose_of_a_view_are_of_the_same_moment() -> None:
    with watching(scripted_parts(ScriptedSource(10_000, live=True))) as watcher:
        assert wait_until(lambda: len(watcher.views) >= 20)
    for view in watcher.views:
        assert view.pose is not None
        assert view.pose.frame_index == view.frame.index


def test_every_pose_reaches_the_window_even_when_the_network_is_slow() -> None:
    estimator = ScriptedEstimator()
    recogniser = ScriptedRecogniser(delay_s=0.2)
    with watching(scripted_parts(ScriptedSource(10_000, live=True), estimator, recogniser)) as watcher:
        assert wait_until(lambda: len(watcher.views) >= 30)
        watch = watcher.engine._watch
        assert watch is not None
        track = watch.perceiver.buffer.track()
    steps = [b - a for a, b in zip(track.frame_index[:-1], track.frame_index[1:], strict=True)]
    assert len(track.frame_index) >= 29
    assert steps.count(1) >= len(steps) - 2, "poses were dropped because windows were late"


def test_trust_is_computed_at_most_twice_a_second_and_stays_in_view() -> None:
    recogniser = ScriptedRecogniser()
    source = ScriptedSource(10_000, live=True)
    started = time.monotonic()

    def drop_shown() -> bool:
        saliency = watcher.views[-1].saliency if watcher.views else None
        return saliency is not None and saliency.deletion_drop is not None

    with watching(scripted_parts(source, recogniser=recogniser)) as watcher:
        assert wait_until(drop_shown)
        time.sleep(1.2)
        assert drop_shown(), "the trust figure vanished between two measurements"
        lasted = time.monotonic() - started
    assert 1 <= len(recogniser.batches) <= 2 * lasted + 1


def test_a_lost_camera_comes_back_by_itself_and_time_goes_on() -> None:
    opened: list[ScriptedSource] = []

    def open_source(text: str) -> Source:
        if len(opened) == 1 and not refused:
            refused.append(text)
            raise FiasError("No camera was found.", "Plug it in.")
        opened.append(ScriptedSource(10_000, live=True, lost_after=15 if not opened else None))
        return opened[-1]

    refused: list[str] = []
    with watching(scripted_parts(open_source)) as watcher:
        assert wait_until(lambda: watcher.states().count("open") == 2 and len(watcher.views) > 30)
        states = watcher.states()
        problems = [e for e in watcher.of(Problem) if isinstance(e, Problem)]
    assert states[:3] == ["open", "lost", "open"]
    assert len(problems) == 1, "a lost camera is reported once, not at every new attempt"
    assert not problems[0].fatal
    assert "again" in problems[0].hint
    times = [view.frame.time_s for view in watcher.views]
    assert times == sorted(times)
    assert all(source.closed_by == source.opened_by == "fias-capture" for source in opened)


def test_a_camera_that_is_not_there_at_the_start_is_waited_for() -> None:
    attempts: list[str] = []

    def open_source(text: str) -> Source:
        attempts.append(text)
        if len(attempts) < 4:
            raise FiasError("No camera was found.", "Plug one in.")
        return ScriptedSource(10_000, live=True)

    with watching(scripted_parts(open_source)) as watcher:
        assert wait_until(lambda: len(watcher.views) > 3)
        assert len(watcher.of(Problem)) == 1


def test_a_damaged_file_is_one_fatal_problem() -> None:
    def open_source(_: str) -> Source:
        raise FiasError("clip.mp4 is not a video.", "Choose another file.")

    with watching(scripted_parts(open_source), source="clip.mp4") as watcher:
        assert wait_until(lambda: bool(watcher.of(Problem)))
        problem = watcher.of(Problem)[0]
        assert watcher.states() == ["lost"]
    assert isinstance(problem, Problem)
    assert problem.fatal
    assert problem.hint == "Choose another file."


def test_a_file_that_breaks_in_the_middle_keeps_what_was_counted() -> None:
    estimator = ScriptedEstimator()
    source = ScriptedSource(10_000, fps=100.0, lost_after=int(1.12 * REPETITION_S * 100))
    with watching(scripted_parts(source, estimator), source="clip.mp4") as watcher:
        assert wait_until(lambda: "ended" in watcher.states())
        assert len(watcher.of(SetDone)) == 1
        assert any(isinstance(e, Problem) and e.fatal for e in watcher.of(Problem))


def test_pausing_a_file_holds_the_picture_and_going_on_loses_none() -> None:
    source = ScriptedSource(60)
    with watching(scripted_parts(source), source="clip.mp4") as watcher:
        assert wait_until(lambda: len(watcher.views) > 5)
        watcher.engine.set_playing(False)
        time.sleep(0.15)
        held = watcher.views[-1]
        time.sleep(0.2)
        assert watcher.views[-1].frame.index == held.frame.index
        assert not watcher.views[-1].playing
        watcher.engine.set_playing(True)
        assert wait_until(lambda: "ended" in watcher.states())
    after = [view.frame.index for view in watcher.views if view.frame.index > held.frame.index]
    assert after[0] - held.frame.index <= 8, "pictures were skipped to catch up with the time of the pause"


def test_pausing_a_camera_closes_the_set_but_keeps_the_picture() -> None:
    estimator, recogniser = ScriptedEstimator(), ScriptedRecogniser()
    source = ScriptedSource(100_000, live=True, gate=estimator, heard=recogniser)
    with watching(scripted_parts(source, estimator, recogniser)) as watcher:
        assert wait_until(lambda: bool(watcher.views) and watcher.views[-1].counted >= 2)
        watcher.engine.set_playing(False)
        assert wait_until(lambda: bool(watcher.of(SetDone)))
        time.sleep(0.1)
        before, repetitions = watcher.views[-1].frame.index, len(watcher.of(RepetitionDone))
        assert wait_until(lambda: watcher.views[-1].frame.index > before + 200)
        assert len(watcher.of(RepetitionDone)) == repetitions, "something was counted during the pause"


def test_a_missing_model_is_a_banner_and_the_picture_goes_on() -> None:
    def load(settings: Settings) -> Recogniser:
        if settings.model_id == "gone":
            raise FiasError("The model 'gone' is not there.", "Choose another one.")
        return ScriptedRecogniser()

    parts = scripted_parts(ScriptedSource(10_000, live=True))
    parts = Parts(parts.open_source, parts.make_estimator, load, parts.rules, parts.make_speaker, parts.retry_s)
    gone = SETTINGS.model_copy(update={"model_id": "gone"})
    with watching(parts, gone) as watcher:
        assert wait_until(lambda: bool(watcher.of(Problem)) and len(watcher.views) > 5)
        assert watcher.views[-1].sample is None
        watcher.engine.apply(SETTINGS)
        assert wait_until(lambda: watcher.views[-1].recognition is not None)
        assert len(watcher.of(Problem)) == 1


def test_an_unexpected_error_reaches_the_excepthook(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[BaseException | None] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(args.exc_value))

    def make_estimator(_: Settings) -> ScriptedEstimator:
        raise ZeroDivisionError("a mistake of ours")

    parts = scripted_parts(ScriptedSource(10_000, live=True))
    parts = Parts(parts.open_source, make_estimator, parts.load_recogniser, parts.rules, parts.make_speaker)
    with watching(parts):
        assert wait_until(lambda: bool(seen))
    assert isinstance(seen[0], ZeroDivisionError)


def test_a_source_that_hangs_is_named_after_two_seconds() -> None:
    release = threading.Event()

    class Hanging(ScriptedSource):
        def close(self) -> None:
            release.wait(8.0)

    watcher = Watcher(scripted_parts(Hanging(10_000, live=True)))
    watcher.engine.start("camera:0")
    assert wait_until(lambda: bool(watcher.views))
    started = time.monotonic()
    assert watcher.engine.stop() == ["fias-capture"]
    assert 1.5 < time.monotonic() - started < 3.0
    release.set()
    assert wait_until(lambda: engine_threads() == [])


def test_a_frozen_source_is_reported_and_so_is_its_return(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fias_desktop.engine.perceive_loop.STALLED_AFTER_S", 0.3)
    release = threading.Event()

    class Freezing(ScriptedSource):
        def read(self):  # type: ignore[no-untyped-def]
            if self._index == 10:
                release.wait(5.0)
            return super().read()

    with watching(scripted_parts(Freezing(10_000, live=True))) as watcher:
        assert wait_until(lambda: "stalled" in watcher.states())
        release.set()
        assert wait_until(lambda: watcher.states()[-1] == "open")


def test_the_coach_speaks_after_the_set_when_switched_on() -> None:
    estimator, speaker = ScriptedEstimator(), ScriptedSpeaker()
    source = ScriptedSource(int(1.12 * REPETITION_S * 100), fps=100.0)
    parts = scripted_parts(source, estimator, speaker=speaker)
    with watching(parts, Settings(), source="clip.mp4") as watcher:
        assert wait_until(lambda: any(e.done for e in watcher.of(AdviceText) if isinstance(e, AdviceText)))
        texts = [e.text for e in watcher.of(AdviceText) if isinstance(e, AdviceText)]
    assert texts == [*speaker.words, speaker.words[-1]]
    assert speaker.closed


def test_asking_before_any_set_gives_a_next_step() -> None:
    with watching(scripted_parts(ScriptedSource(10_000, live=True)), Settings()) as watcher:
        watcher.engine.ask_coach()
        assert wait_until(lambda: bool(watcher.of(Problem)))
        problem = watcher.of(Problem)[0]
    assert isinstance(problem, Problem)
    assert problem.hint
    assert not problem.fatal


def test_another_source_can_be_started_without_stopping_first() -> None:
    sources: dict[str, ScriptedSource] = {}

    def open_source(text: str) -> Source:
        sources[text] = ScriptedSource(10_000, live=True)
        return sources[text]

    with watching(scripted_parts(open_source)) as watcher:
        assert wait_until(lambda: bool(watcher.views))
        watcher.engine.start("camera:1")
        assert sources["camera:0"].closed_by == "fias-capture"
        assert wait_until(lambda: watcher.engine.latest() is not None)
        assert set(sources) == {"camera:0", "camera:1"}


def test_history_covers_twenty_seconds_of_samples() -> None:
    estimator = ScriptedEstimator()
    source = ScriptedSource(100_000, fps=10.0, live=True, gate=estimator)
    with watching(scripted_parts(source, estimator)) as watcher:
        assert wait_until(lambda: bool(watcher.views) and watcher.views[-1].frame.time_s > 25)
        history = watcher.engine.history()
    assert 18.0 < history.samples[-1].time_s - history.samples[0].time_s <= 20.0
    assert len(history.class_probs) == len(history.samples) == len(history.heat)
    assert {len(row) for row in history.class_probs} == {len(history.labels)}
    assert {len(row) for row in history.heat} == {len(history.joints)}
