"""Continuous simulated streams, their answers, and the search for the decision's rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.exercises import EXERCISES, LABELS
from fias_desktop.resources import DEFAULT_MODEL, model_dir
from fias_desktop.stages.decide import RULES, STATES, Decider
from tests.fake_stages import ScriptedRecogniser
from trainer.judge.stream_answers import Answers, answer_track, simulated_answers
from trainer.judge.tune_decision import batch_of, follow, judged, sensible, tune
from trainer.simulate.streams import Stream, make_stream

SEED = 5


@pytest.fixture(scope="module")
def stream() -> Stream:
    return make_stream(SEED, 0)


def made_up(seed: int, seconds: float = 40.0) -> Answers:
    """A recogniser that errs in every fifth window, on a stream of two sets."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0, seconds, 0.1)
    start_s, end_s = np.array([5.0, 20.0]), np.array([12.0, 30.0])
    label = np.array([LABELS.index("squat_correct"), LABELS.index("lunge_correct")])
    truth = np.full(len(time_s), LABELS.index("idle"))
    for first, last, name in zip(start_s, end_s, label, strict=True):
        truth[(time_s >= first + 0.2) & (time_s <= last + 0.2)] = name
    wrong = rng.random(len(time_s)) < 0.2
    said = np.where(wrong, rng.integers(len(LABELS), size=len(time_s)), truth)
    probs = np.full((len(time_s), len(LABELS)), 0.02, np.float32)
    probs[np.arange(len(time_s)), said] = 0.82
    everywhere = np.ones(len(time_s), np.bool_)
    return Answers(time_s, probs, everywhere, everywhere, start_s, end_s, label, 0.0)


def test_the_same_seed_gives_the_same_stream_and_another_number_another(stream: Stream) -> None:
    again, other = make_stream(SEED, 0), make_stream(SEED, 1)
    np.testing.assert_array_equal(again.track.xy, stream.track.xy)
    assert again.spans == stream.spans and other.spans != stream.spans


def test_a_stream_holds_rest_and_repetitions_in_order(stream: Stream) -> None:
    assert stream.seconds > 10.0 and stream.track.time_s[-1] <= stream.seconds
    assert all(
        before.end_s <= after.start_s + 1e-6 for before, after in zip(stream.spans, stream.spans[1:], strict=False)
    )
    active = sum(span.end_s - span.start_s for span in stream.spans)
    assert active < stream.seconds


def test_every_tenth_of_a_second_is_answered_where_there_is_a_window(stream: Stream) -> None:
    time_s, probs, known, seen = answer_track(ScriptedRecogniser(lambda end_s: "idle"), stream.track, 6.0)
    assert len(time_s) == 61 and np.allclose(np.diff(time_s), 0.1)
    assert not seen[:4].any() and seen[-1]
    assert (known == seen).all()
    assert (probs[seen].argmax(axis=1) == LABELS.index("idle")).all() and not probs[~seen].any()


def test_answers_are_kept(tmp_path: Path) -> None:
    first = simulated_answers(model_dir(DEFAULT_MODEL), SEED, 1, tmp_path, seconds=2.0)
    (kept,) = tmp_path.rglob("*.npz")
    written = kept.stat().st_mtime_ns
    again = simulated_answers(model_dir(DEFAULT_MODEL), SEED, 1, tmp_path, seconds=2.0)
    np.testing.assert_array_equal(first[0].probs, again[0].probs)
    assert kept.stat().st_mtime_ns == written and again[0].azimuth_deg == first[0].azimuth_deg


def test_following_all_streams_at_once_is_what_the_decider_does() -> None:
    streams = [made_up(0), made_up(1, seconds=33.0)]
    streams[0].seen[100:104] = False
    states = follow(batch_of(streams), RULES)
    for number, each in enumerate(streams):
        decider = Decider(LABELS)
        for row, time_s in enumerate(each.time_s):
            seen = bool(each.seen[row])
            decided = decider.update(float(time_s), each.probs[row], True) if seen else decider.missed(float(time_s))
            if seen and each.seen[max(row - 1, 0)]:
                assert STATES[states[row, number]] == decided.group


def test_the_search_beats_single_windows_and_is_repeatable() -> None:
    streams = [made_up(seed) for seed in range(3)]
    batch = batch_of(streams)
    free = replace(RULES, evidence=8.0, enter_per_s=50.0, leave_per_s=50.0, change_per_s=50.0, enter=0.0, leave=0.0)
    found = tune(streams, tries=30, seed=1)
    assert found.value > judged(batch, free).value
    assert found == tune(streams, tries=30, seed=1)
    assert sensible(found.rules) and not sensible(free)


def test_what_was_found_names_the_sets() -> None:
    found = judged(batch_of([made_up(3)]), RULES)
    assert found.miou > 0.6 and found.stability > 0.85 and found.response_s < 1.0
    assert set(STATES) >= set(EXERCISES)
