"""Fakes of the stages: scripted sources, people without pictures, a recogniser that says what it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from fias_desktop.coach.request import Request
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import GROUPS, LABELS
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import (
    Advice,
    ExerciseSet,
    FeatureMap,
    Float32,
    Frame,
    Pose,
    Prediction,
    Recognition,
    Window,
)
from fias_desktop.engine.coach_service import Spoken
from fias_desktop.engine.parts import Parts
from fias_desktop.resources import exercise_rules
from fias_desktop.stages.capture.source import Source, SourceInfo
from tests.fakes import knee_evidence, probabilities, squatting_pose

SIZE = (320, 180)
SPEC = ModelSpec(
    id="scripted",
    title="A recogniser that says what it is told",
    network="none",
    labels=LABELS,
    groups=GROUPS,
    skeleton="coco17feet",
    frames=40,
    rate_hz=15.0,
    channels=3,
    normalisation="torso",
    rejection_threshold=1.0,
    temperature=1.0,
    licence="none",
    training_data=(),
    limits="none",
)


class ScriptedEstimator:
    """Finds the squatting athlete of `fakes.squatting_pose` in every frame; `absent` are times without anybody."""

    device = "scripted"

    def __init__(self, delay_s: float = 0.0, absent: Callable[[float], bool] = lambda _: False) -> None:
        self.seen = 0
        self.closed = False
        self._delay_s, self._absent = delay_s, absent
        self._more = threading.Condition()

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        time.sleep(self._delay_s)
        with self._more:
            self.seen += 1
            self._more.notify_all()
        return () if self._absent(frame.time_s) else (squatting_pose(frame.time_s, SIZE, index=frame.index),)

    def wait_for(self, count: int, timeout_s: float = 1.0) -> None:
        """Wait until so many frames were seen."""
        with self._more:
            self._more.wait_for(lambda: self.seen >= count, timeout_s)

    def reset(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class ScriptedSource:
    """Delivers `frames` pictures at 1/`fps` steps of its own time. With `gate` the next one comes only when the one
    before was seen (no waiting, nothing dropped), with `heard` the recogniser is given the time to keep up;
    without them a live source takes real time. `lost_after` frames it fails."""

    def __init__(
        self,
        frames: int,
        *,
        fps: float = 30.0,
        live: bool = False,
        gate: ScriptedEstimator | None = None,
        heard: ScriptedRecogniser | None = None,
        lost_after: int | None = None,
    ) -> None:
        self.info = SourceInfo("scripted", "camera" if live else "video", fps, SIZE, None if live else frames, live)
        self.closed_by = ""
        self.opened_by = threading.current_thread().name
        self._frames, self._gate, self._lost_after = frames, gate, lost_after
        self._heard = heard
        self._seen_before = gate.seen if gate is not None else 0
        self._image = np.zeros((SIZE[1], SIZE[0], 3), dtype=np.uint8)
        self._index = 0

    def read(self) -> Frame | None:
        if self._lost_after is not None and self._index >= self._lost_after:
            raise FiasError("The camera was unplugged.", "Plug it in again.")
        if self._index >= self._frames:
            return None
        if self._gate is not None:
            self._gate.wait_for(self._seen_before + self._index, timeout_s=10.0 if self._heard else 1.0)
        elif self.info.live:
            time.sleep(1 / self.info.fps)
        if self._heard is not None:
            self._heard.wait_for(self._index / self.info.fps - 0.3)
        frame = Frame(self._index, self._index / self.info.fps, self._image)
        self._index += 1
        return frame

    def close(self) -> None:
        self.closed_by = threading.current_thread().name


class ScriptedRecogniser:
    """Says the label that `say` gives for a window's end; the heat lies on the first four joints of its skeleton."""

    device = "scripted"
    spec = SPEC

    def __init__(self, say: Callable[[float], str] = lambda _: "squat_correct", delay_s: float = 0.0) -> None:
        self.closed = False
        self.batches: list[int] = []
        self._say, self._delay_s = say, delay_s
        self._newest_s = 0.0
        self._more = threading.Condition()

    def recognise(self, window: Window) -> Recognition:
        time.sleep(self._delay_s)
        end_s = float(window.time_s[-1])
        with self._more:
            self._newest_s = end_s
            self._more.notify_all()
        label = self._say(end_s)
        known = label != "unknown"
        probs = probabilities(label if known else "squat_correct")
        prediction = Prediction(SPEC.id, LABELS, probs, (float(window.time_s[0]), end_s), known)
        features = np.zeros((2, 10, 21), dtype=np.float32)
        features[0, :, :4] = 1.0
        return Recognition(prediction, (FeatureMap("last", features),), np.ones((len(LABELS), 2), np.float32), 40)

    def wait_for(self, end_s: float) -> None:
        """Give the recogniser time for a window that ends then, or later; the first second makes none, nor does a
        pause."""
        if end_s > 1.0:
            with self._more:
                self._more.wait_for(lambda: self._newest_s >= end_s, 0.05)

    def probs(self, windows: Sequence[Window]) -> Float32:
        self.batches.append(len(windows))
        return np.stack([probabilities(self._say(float(window.time_s[-1]))) for window in windows])

    def close(self) -> None:
        self.closed = True


@dataclass
class ScriptedSpeaker:
    """A coach who says these words, one piece at a time, and can be silenced between two of them."""

    words: tuple[str, ...] = ("Sit", "Sit a little", "Sit a little deeper.")
    pause_s: float = 0.0
    problem: FiasError | None = None
    device: str = "scripted coach"
    asked: list[ExerciseSet] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    closed: bool = False
    silenced: threading.Event = field(default_factory=threading.Event)

    def speak(self, finished: ExerciseSet, request: Request, on_text: Callable[[str], None]) -> Spoken:
        self.asked.append(finished)
        self.requests.append(request)
        self.silenced.clear()
        for text in self.words:
            if self.silenced.wait(self.pause_s):
                return Spoken(None, "the prompt")
            on_text(text)
        advice = Advice("too_shallow", 2, self.words[-1], (knee_evidence(),), "language model", finished.end_s)
        return Spoken(advice, "the prompt", self.problem)

    def cancel(self) -> None:
        self.silenced.set()

    def close(self) -> None:
        self.closed = True


def scripted_parts(
    source: Source | Callable[[str], Source],
    estimator: ScriptedEstimator | None = None,
    recogniser: ScriptedRecogniser | None = None,
    speaker: ScriptedSpeaker | None = None,
) -> Parts:
    """The engine's parts, all scripted except the rules, the tracker, measuring and counting."""
    open_source = source if callable(source) else lambda _: source
    chosen = estimator or ScriptedEstimator()
    return Parts(
        open_source=open_source,
        make_estimator=lambda _: chosen,
        load_recogniser=lambda _: recogniser or ScriptedRecogniser(),
        rules=exercise_rules,
        make_speaker=lambda _: speaker or ScriptedSpeaker(),
        retry_s=0.05,
    )


def engine_threads() -> list[str]:
    """The names of the engine's threads that are alive."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("fias-")]


def wait_until(condition: Callable[[], bool], timeout_s: float = 30.0) -> bool:
    """Wait until a condition holds; whether it did."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def frames_of(source: Source) -> Iterator[Frame]:
    """Every frame of a source."""
    while (frame := source.read()) is not None:
        yield frame
