"""Batch analysis with scripted stages: every frame, the same answer every time, nothing lost when something breaks."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import av
import pytest

from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.batch import analyse
from fias_desktop.engine.parts import Parts
from fias_desktop.settings import Settings
from fias_desktop.stages.capture.source import Source
from fias_desktop.store.schema import Analysis, json_text
from tests.fake_stages import (
    SIZE,
    ScriptedEstimator,
    ScriptedRecogniser,
    ScriptedSource,
    ScriptedSpeaker,
    engine_threads,
    scripted_parts,
)
from tests.fakes import REPETITION_S

FRAMES = int(3.2 * REPETITION_S * 30)


def run(parts: Parts | None = None, **options: object) -> Analysis:
    return analyse("clip.mp4", parts=parts or scripted_parts(ScriptedSource(FRAMES)), **options)  # type: ignore[arg-type]


def test_every_frame_is_seen_and_every_repetition_counted() -> None:
    estimator = ScriptedEstimator()
    analysis = run(scripted_parts(ScriptedSource(FRAMES), estimator), coach=False)
    assert estimator.seen == FRAMES == analysis.source.frames
    assert estimator.closed
    assert len(analysis.counted) == 3
    assert len(analysis.sets) == 1
    assert analysis.performance.complete
    assert analysis.performance.person_share == 1.0
    assert engine_threads() == []


def test_the_timeline_has_ten_samples_a_second_whatever_the_frame_rate() -> None:
    for fps in (12.0, 24.0, 29.97, 60.0):
        frames = int(4.0 * fps)
        analysis = run(scripted_parts(ScriptedSource(frames, fps=fps)), coach=False)
        times = [sample.time_s for sample in analysis.timeline]
        gaps = [b - a for a, b in pairwise(times)]
        assert max(gaps) < 0.1001
        assert len(times) >= 39


def test_nothing_is_known_before_half_a_second_of_poses() -> None:
    analysis = run(coach=False)
    assert not any(sample.known for sample in analysis.timeline if sample.time_s < 0.4)
    assert all(sample.known for sample in analysis.timeline if sample.time_s > 0.7)


def test_nobody_in_the_picture_is_an_unknown_idle_and_no_error() -> None:
    estimator = ScriptedEstimator(absent=lambda t: t > 2.0)
    analysis = run(scripted_parts(ScriptedSource(FRAMES), estimator), coach=False)
    late = [sample for sample in analysis.timeline if sample.time_s > 3.5]
    assert late
    assert all(sample.label == "idle" and not sample.known for sample in late)
    assert analysis.problems == ()


def test_the_same_video_gives_the_same_json_twice() -> None:
    recognisers = [ScriptedRecogniser(delay_s=delay) for delay in (0.0, 0.01)]
    texts = []
    for recogniser in recognisers:
        content = json.loads(json_text([run(scripted_parts(ScriptedSource(FRAMES), recogniser=recogniser))], False))
        del content["performance"]
        texts.append(json.dumps(content))
    assert texts[0] == texts[1], "the answer depends on the machine's speed"


def test_the_heat_lies_where_the_recogniser_put_it() -> None:
    analysis = run(coach=False)
    heat = dict(zip(analysis.joints, analysis.mean_heat, strict=True))
    assert sum(heat.values()) == pytest.approx(1.0)
    assert sum(sorted(heat.values())[-4:]) == pytest.approx(1.0)


def test_advice_follows_each_set() -> None:
    speaker = ScriptedSpeaker()
    analysis = run(scripted_parts(ScriptedSource(FRAMES), speaker=speaker))
    spoken = [advice for advice in analysis.advice if advice.source == "language model"]
    assert len(spoken) == 1
    assert spoken[0].time_s == analysis.sets[0].end_s
    assert analysis.models.coach == "scripted coach"
    assert speaker.closed


def test_a_source_lost_in_the_middle_keeps_what_was_found() -> None:
    opened: list[ScriptedSource] = []

    def open_source(_: str) -> Source:
        opened.append(ScriptedSource(FRAMES, lost_after=int(1.7 * REPETITION_S * 30)))
        return opened[0]

    analysis = run(scripted_parts(open_source), coach=False)
    assert len(analysis.counted) == 1
    assert [problem.user_message for problem in analysis.problems] == ["The camera was unplugged."]
    assert not analysis.performance.complete
    assert opened[0].closed_by == opened[0].opened_by


def test_a_source_that_does_not_open_raises_and_leaves_no_thread() -> None:
    def refuse(_: str) -> Source:
        raise FiasError("clip.mp4 is empty (0 bytes).", "Record it again.")

    with pytest.raises(FiasError, match="empty"):
        run(scripted_parts(refuse))
    assert engine_threads() == []


def test_a_missing_model_raises_before_any_frame_is_seen() -> None:
    estimator = ScriptedEstimator()

    def load(_: Settings) -> ScriptedRecogniser:
        raise FiasError("The model is not there.", "Choose another one.")

    parts = scripted_parts(ScriptedSource(FRAMES), estimator)
    parts = Parts(parts.open_source, parts.make_estimator, load, parts.rules, parts.make_speaker)
    with pytest.raises(FiasError, match="not there"):
        run(parts)
    assert estimator.seen == 0
    assert engine_threads() == []


def test_a_source_without_an_end_is_refused() -> None:
    with pytest.raises(FiasError, match="no end"):
        run(scripted_parts(ScriptedSource(FRAMES, live=True)))


def test_the_annotated_video_has_every_frame_and_appears_only_when_whole(tmp_path: Path) -> None:
    target = tmp_path / "größe ü.mp4"
    run(coach=False, annotated=target)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    with av.open(str(target)) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == FRAMES
    assert (frames[0].width, frames[0].height) == SIZE
    assert frames[-1].to_ndarray(format="rgb24").max() > 100, "nothing was drawn on the black picture"
    assert float(frames[-1].time) == pytest.approx((FRAMES - 1) / 30, abs=0.01)


def test_an_annotated_video_that_cannot_be_written_does_not_stop_the_analysis(tmp_path: Path) -> None:
    analysis = run(coach=False, annotated=tmp_path / "missing" / "out.mp4")
    assert len(analysis.counted) == 3
    assert "could not be written" in analysis.problems[0].user_message


def test_progress_counts_every_frame() -> None:
    calls: list[tuple[int, int | None]] = []
    run(coach=False, on_progress=lambda done, total: calls.append((done, total)))
    assert [done for done, _ in calls] == list(range(1, FRAMES + 1))
    assert {total for _, total in calls} == {FRAMES}
