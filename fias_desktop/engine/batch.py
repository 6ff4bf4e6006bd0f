"""Recorded videos, every frame without a drop: the same pipeline as live, only without waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from fias_desktop.coach.request import Request
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import Advice, ExerciseSet, Frame, Repetition, TimelineSample
from fias_desktop.engine.coach_service import Speaker, request_of
from fias_desktop.engine.ledger import Ledger
from fias_desktop.engine.parts import Parts, one_thread_each
from fias_desktop.engine.pipeline import SAMPLE_EVERY_S, Perceived, Perceiver, Reasoned, Reasoner
from fias_desktop.engine.view import Cue, Event, SetDone
from fias_desktop.settings import Settings
from fias_desktop.stages.capture.source import Source, SourceInfo
from fias_desktop.stages.pose import PoseEstimator
from fias_desktop.stages.recognise import Recogniser
from fias_desktop.store.draw import Overlay, draw
from fias_desktop.store.schema import Analysis, ModelFacts, Performance, VideoFacts
from fias_desktop.store.video_writer import VideoWriter

POSE_MODEL = "mediapipe pose_landmark_full"
_EPS_S = 1e-6
_FILES = ("video", "images")


OnProgress = Callable[[int, int | None], None]  # frames done, of how many (None where nobody knows)


def _silent(_done: int, _total: int | None) -> None:
    pass


def analyse(
    source: str | Path,
    *,
    settings: Settings | None = None,
    parts: Parts | None = None,
    annotated: Path | None = None,
    coach: bool = True,
    on_progress: OnProgress = _silent,
) -> Analysis:
    """Analyse a whole recording: a video file, an image folder, or any source text that ends.

    With `annotated` a video with the skeleton, its heat, the label and the counter is written there. With `coach` every
    finished set gets its advice, from the language model where the settings allow it. Raises FiasError when the source
    cannot be opened or the models are missing; what goes wrong later is in `Analysis.problems`, with all that was
    found.
    """
    one_thread_each()
    settings, parts = settings or Settings(), parts or Parts()
    with ExitStack() as stack:
        reader = stack.enter_context(_Reader(parts.open_source, str(source)))
        if reader.info.live or (reader.info.frames is None and reader.info.kind == "demo"):
            raise FiasError(f"{reader.info.name} has no end.", "Name a video file, a folder of images, or demo:squat.")
        recogniser = parts.load_recogniser(settings)
        stack.callback(recogniser.close)
        estimator = parts.make_estimator(settings)
        stack.callback(estimator.close)
        speaker = parts.make_speaker(settings) if coach else None
        if speaker is not None:
            stack.callback(speaker.close)
        work = _Work(str(source), parts, estimator, recogniser, speaker, request_of(settings), reader)
        stack.callback(work.close)
        return work.run(annotated, on_progress)


class _Reader:
    """Reads one frame ahead in a thread of its own, which also opens and closes the source."""

    def __init__(self, open_source: Callable[[str], Source], text: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="fias-decode")
        try:
            self._source = self._pool.submit(open_source, text).result()
        except BaseException:
            self._pool.shutdown()
            raise
        self._next: Future[Frame | None] = self._pool.submit(self._source.read)

    @property
    def info(self) -> SourceInfo:
        return self._source.info

    def read(self) -> Frame | None:
        frame = self._next.result()
        if frame is not None:
            self._next = self._pool.submit(self._source.read)
        return frame

    def __enter__(self) -> _Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.submit(self._source.close).result()
        self._pool.shutdown()


class _Work:
    """One analysis under way. A window is reasoned about in a second thread while the next frame's pose is made;
    results are taken in a fixed order, so that the outcome does not depend on the machine's speed."""

    def __init__(
        self,
        name: str,
        parts: Parts,
        estimator: PoseEstimator,
        recogniser: Recogniser,
        speaker: Speaker | None,
        request: Request,
        reader: _Reader,
    ) -> None:
        self._name, self._reader, self._speaker, self._request = name, reader, speaker, request
        self._estimator, self._recogniser = estimator, recogniser
        rules = parts.rules()
        self._perceiver = Perceiver(rules, estimator)
        self._perceiver.buffer.pictures.want(recogniser.spec)
        self._reasoner = Reasoner(recogniser)
        self._ledger = Ledger(rules, request.language)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="fias-reason")
        self._pending: list[Future[Reasoned]] = []
        self._asked = 0
        self._newest: Reasoned | None = None
        self._timeline: list[TimelineSample] = []
        self._sets: list[ExerciseSet] = []
        self._advice: list[Advice] = []
        self._heat: list[tuple[float, tuple[float, ...]]] = []
        self._problems: list[FiasError] = []
        self._pose_ms: list[float] = []
        self._network_ms: list[float] = []
        self._times: list[float] = []
        self._people = 0
        self._coach_s = 0.0
        if speaker is not None and speaker.problem is not None:
            self._problems.append(speaker.problem)

    def close(self) -> None:
        """Stop the second thread."""
        self._pool.shutdown(cancel_futures=True)

    def run(self, annotated: Path | None, on_progress: OnProgress) -> Analysis:
        """Go through the whole source."""
        started = time.perf_counter()
        with _Annotator(annotated, self._reader.info) as annotator:
            while (frame := self._next_frame()) is not None:
                seen = self._perceiver.perceive(frame)
                self._take_results()
                self._count(seen)
                self._ask(frame.time_s)
                annotator.add(seen, self._newest, self._ledger)
                on_progress(len(self._times), self._reader.info.frames)
            self._take_results()
            self._handle(self._ledger.finish())
        self._problems += annotator.problems
        if self._reader.info.note and self._reader.info.kind in _FILES:
            self._problems.append(FiasError(self._reader.info.note, "What could be read was analysed."))
        if not self._times:
            raise FiasError(f"{self._reader.info.name} holds no picture.", "Choose another file.")
        return self._analysis(time.perf_counter() - started)

    def _next_frame(self) -> Frame | None:
        try:
            return self._reader.read()
        except FiasError as error:
            self._problems.append(error)
            return None

    def _count(self, seen: Perceived) -> None:
        self._times.append(seen.frame.time_s)
        self._pose_ms.append(seen.pose_ms)
        self._people += seen.pose is not None
        if seen.measurement is not None:
            self._handle(self._ledger.measured(seen.measurement))
        else:
            self._handle(self._ledger.passed(seen.frame.time_s))

    def _ask(self, time_s: float) -> None:
        """A window at every tenth of a second that has passed."""
        while self._asked * SAMPLE_EVERY_S <= time_s + _EPS_S:
            end_s = self._asked * SAMPLE_EVERY_S
            self._pending.append(self._pool.submit(self._reasoner.reason, self._perceiver.buffer.track(), end_s))
            self._asked += 1

    def _take_results(self) -> None:
        pending, self._pending = self._pending, []
        for future in pending:
            self._newest = reasoned = future.result()
            self._timeline.append(reasoned.sample)
            if reasoned.recognition is not None:
                self._network_ms.append(reasoned.network_ms)
            if reasoned.saliency is not None:
                self._heat.append((reasoned.sample.time_s, reasoned.joint_heat))
            self._handle(self._ledger.reasoned(reasoned))

    def _handle(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Cue):
                self._advice.append(event.advice)
            elif isinstance(event, SetDone):
                self._sets.append(event.finished)
                self._advise(event.finished)

    def _advise(self, finished: ExerciseSet) -> None:
        if self._speaker is None:
            return
        started = time.perf_counter()
        spoken = self._speaker.speak(finished, self._request, lambda _: None)
        self._coach_s += time.perf_counter() - started
        if spoken.problem is not None and str(spoken.problem) not in map(str, self._problems):
            self._problems.append(spoken.problem)
        if spoken.advice is not None:
            self._advice.append(replace(spoken.advice, time_s=finished.end_s))

    def _analysis(self, wall_s: float) -> Analysis:
        info = self._reader.info
        frames, seconds = len(self._times), self._times[-1] + 1 / max(info.fps, 1.0)
        pose_s, work_s = sum(self._pose_ms) / 1000, wall_s - self._coach_s
        return Analysis(
            source=VideoFacts(self._name, info.fps, frames, seconds),
            models=self._models(),
            timeline=tuple(self._timeline),
            repetitions=tuple(self._ledger.repetitions),
            sets=tuple(self._sets),
            joints=self._reasoner.joints,
            mean_heat=self._mean_heat(),
            advice=tuple(sorted(self._advice, key=lambda advice: advice.time_s)),
            performance=Performance(
                wall_s=wall_s,
                fps=frames / work_s,
                realtime=seconds / work_s,
                pose_ms=median(self._pose_ms),
                network_ms=median(self._network_ms) if self._network_ms else 0.0,
                ratio_to_pose=work_s / pose_s if pose_s > 0 else 0.0,
                person_share=self._people / frames,
                complete=not self._problems,
            ),
            problems=tuple(self._problems),
        )

    def _models(self) -> ModelFacts:
        spec = self._recogniser.spec
        return ModelFacts(
            recogniser=spec.id,
            recogniser_sha256=spec.hashes.get("weights.safetensors", ""),
            pose=POSE_MODEL,
            pose_device=self._estimator.device,
            network_device=self._recogniser.device,
            coach=self._speaker.device if self._speaker is not None else "off",
        )

    def _mean_heat(self) -> tuple[float, ...]:
        """Mean share of the heat per joint over the windows inside repetitions; zeros where there are none."""
        counted = [rep for rep in self._ledger.repetitions if rep.counted]
        rows = [heat for time_s, heat in self._heat if _inside(time_s, counted) and sum(heat) > 0]
        if not rows:
            return (0.0,) * len(self._reasoner.joints)
        shares = np.array([np.array(row) / sum(row) for row in rows])
        return tuple(float(value) for value in shares.mean(axis=0))


def _inside(time_s: float, repetitions: list[Repetition]) -> bool:
    return any(rep.start_s <= time_s <= rep.end_s for rep in repetitions)


class _Annotator:
    """Writes the annotated video when one is wanted. A disk that refuses ends the video, not the analysis."""

    def __init__(self, path: Path | None, info: SourceInfo) -> None:
        self._writer = VideoWriter(path, info.fps, info.size) if path is not None else None
        self.problems: list[FiasError] = []

    def add(self, seen: Perceived, newest: Reasoned | None, ledger: Ledger) -> None:
        """One more frame, with what is known by now."""
        if self._writer is None:
            return
        try:
            self._writer.write(draw(seen.frame.image, overlay_of(seen, newest, ledger)), seen.frame.time_s)
        except FiasError as error:
            self._give_up(error)

    def __enter__(self) -> _Annotator:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._writer is None:
            return
        if kind is not None:
            self._writer.abandon()
            return
        try:
            self._writer.close()
        except FiasError as error:
            self._give_up(error)

    def _give_up(self, error: FiasError) -> None:
        self._writer = None
        self.problems.append(error)


def overlay_of(seen: Perceived, newest: Reasoned | None, ledger: Ledger) -> Overlay:
    """What to draw over a frame: its own skeleton with the newest heat, the label and the running count."""
    label = counter = ""
    joints: tuple[str, ...] = ()
    heat: tuple[float, ...] = ()
    if newest is not None and newest.recognition is not None:
        label = f"{newest.sample.label} {newest.sample.prob:.0%}" if newest.sample.known else "unknown movement"
        if newest.saliency is not None:
            joints, heat = newest.joints, newest.joint_heat
    if ledger.exercise:
        counter = f"{ledger.exercise.replace('_', '-')}: {ledger.counted}"
    return Overlay(seen.pose, joints, heat, label, counter)
