"""A model whose classes are no exercises: it names them, and has no say in what is counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fias_desktop.domain.types import Frame, Pose, Prediction, Recognition, Window
from fias_desktop.engine.live import LiveEngine
from fias_desktop.engine.namer import Namer, what_it_names
from fias_desktop.engine.pipeline import Perceiver, Reasoner
from fias_desktop.engine.view import Event, LiveView, Problem
from fias_desktop.resources import exercise_rules
from fias_desktop.settings import Settings
from fias_desktop.stages.decide import RULES
from tests.fake_stages import (
    SIZE,
    SPEC,
    ScriptedEstimator,
    ScriptedRecogniser,
    ScriptedSource,
    frames_of,
    scripted_parts,
    wait_until,
)

LABELS = ("dumbbell", "band", "nothing")
HANDS = replace(SPEC, labels=LABELS, groups=LABELS, clip_frames=4, clip_pixels=16)


def _probs(best: int, prob: float = 0.8) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    probs = np.full(3, (1 - prob) / 2, np.float32)
    probs[best] = prob
    return probs


class HandsRecogniser(ScriptedRecogniser):
    """Says that the hands hold a band, and keeps the windows that it was shown."""

    spec = HANDS

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Window] = []

    def recognise(self, window: Window) -> Recognition:
        self.shown.append(window)
        said = super().recognise(window)
        prediction = Prediction("hands", LABELS, _probs(1), said.prediction.span_s, True)
        return replace(said, prediction=prediction, head_weight=np.ones((3, 2), np.float32))


def test_the_name_is_that_of_the_last_second() -> None:
    namer = Namer(LABELS)
    for i in range(10):
        decided = namer.update(i / 10, _probs(0), known=True)
    assert (decided.label, decided.group, decided.known) == ("dumbbell", "dumbbell", True)
    assert decided.prob == pytest.approx(0.8)
    assert namer.update(1.0, _probs(1), known=True).label == "dumbbell"  # one odd window
    for i in range(20):
        decided = namer.update(1.1 + i / 10, _probs(1), known=False)
    assert (decided.label, decided.known) == ("band", False)


def test_after_a_gap_and_without_a_window_nothing_is_remembered() -> None:
    namer = Namer(LABELS)
    for i in range(10):
        namer.update(i / 10, _probs(0), known=True)
    assert not namer.missed(1.0).known
    assert namer.update(1.0 + RULES.forget_s + 0.1, _probs(2), known=True).label == "nothing"
    namer.update(3.2, _probs(2), known=True)
    assert namer.update(0.0, _probs(1), known=True).label == "band"  # the video was rewound


def test_what_it_names_is_said_in_words() -> None:
    message, hint = what_it_names(HANDS)
    assert "dumbbell, band, nothing" in message and "no exercise" in message
    assert "movement alone" in hint
    assert not HANDS.names_exercises
    assert SPEC.names_exercises


def test_the_reasoner_hands_over_clips_and_leaves_counting_alone() -> None:
    perceiver, recogniser = Perceiver(exercise_rules(), ScriptedEstimator()), HandsRecogniser()
    perceiver.buffer.pictures.want(HANDS)
    for frame in frames_of(ScriptedSource(90)):
        perceiver.perceive(frame)
    reasoned = Reasoner(recogniser).reason(perceiver.buffer.track(), 2.9)
    assert recogniser.shown[0].clip is not None
    assert recogniser.shown[0].clip.shape == (4, 16, 16, 3)
    assert (reasoned.sample.label, reasoned.sample.group, reasoned.sample.known) == ("band", "band", True)
    assert reasoned.sample.window_label == "band"
    assert reasoned.sample.group_probs == ()  # nothing that a counter could take for a vote
    assert reasoned.saliency is not None and reasoned.saliency.target == "band"
    assert reasoned.saliency.values.shape == (40, 21)


def test_without_pictures_there_is_no_answer() -> None:
    perceiver, recogniser = Perceiver(exercise_rules(), ScriptedEstimator()), HandsRecogniser()
    for frame in frames_of(ScriptedSource(90)):
        perceiver.perceive(frame)
    assert perceiver.buffer.track().pictures == ()
    reasoned = Reasoner(recogniser).reason(perceiver.buffer.track(), 2.9)
    assert recogniser.shown == []
    assert reasoned.recognition is None and not reasoned.sample.known


def test_the_picture_is_the_one_that_the_pose_came_from() -> None:
    class Mark(ScriptedEstimator):
        def estimate(self, frame: Frame) -> tuple[Pose, ...]:
            assert frame.image.max() == frame.index
            return super().estimate(frame)

    perceiver = Perceiver(exercise_rules(), Mark())
    perceiver.buffer.pictures.want(HANDS)
    for index in range(60):
        perceiver.perceive(Frame(index, index / 30, np.full((SIZE[1], SIZE[0], 3), index, np.uint8)))
    pictures = perceiver.buffer.track().pictures
    assert len(pictures) > 20
    assert all(picture.image.max() == round(picture.time_s * 30) for picture in pictures)


def test_live_a_person_is_told_what_the_model_names() -> None:
    estimator, recogniser = ScriptedEstimator(), HandsRecogniser()
    source = ScriptedSource(10_000, live=True, gate=estimator)
    engine = LiveEngine(Settings(coach_enabled=False), lambda: None, scripted_parts(source, estimator, recogniser))
    events: list[Event] = []
    engine.start("camera:0")
    try:
        assert wait_until(lambda: _named(engine.latest()))
        events += engine.take_events()
    finally:
        assert engine.stop() == []
    told = [event for event in events if isinstance(event, Problem)]
    assert [event.message for event in told] == [what_it_names(HANDS)[0]]
    assert not told[0].fatal
    assert recogniser.shown and all(window.clip is not None for window in recogniser.shown)


def _named(view: LiveView | None) -> bool:
    return view is not None and view.sample is not None and view.sample.label == "band"
