from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from fias_desktop.coach import words
from fias_desktop.coach.cues import PAUSE_S, CueTimer
from fias_desktop.domain.exercises import ERRORS
from tests.unit.coach.coach_sets import repetition, rules

KNEES = {"squat_knees_inward": 0.6, "squat_too_shallow": 90.0}
BOTH = {"squat_knees_inward": 0.6, "squat_too_shallow": 130.0}
FINE = {"squat_knees_inward": 1.1, "squat_too_shallow": 90.0}


def test_a_fault_gets_its_cue_at_the_end_of_the_repetition_with_its_measurement() -> None:
    cue = CueTimer(rules()).update(repetition(1, "knees_inward", KNEES))
    assert cue is not None
    assert (cue.code, cue.text, cue.source, cue.severity) == ("knees_inward", "Knees out", "cue", 3)
    assert [row.rule_id for row in cue.evidence] == ["squat_knees_inward"]
    assert cue.time_s == 2.0


def test_the_gravest_fault_speaks_and_never_two_at_once() -> None:
    cue = CueTimer(rules()).update(repetition(1, "too_shallow", BOTH))
    assert cue is not None
    assert cue.code == "knees_inward"


def test_too_late_is_silent() -> None:
    rep = repetition(1, "knees_inward", KNEES)
    assert CueTimer(rules()).update(rep, now_s=rep.end_s + 1.6) is None
    assert CueTimer(rules()).update(rep, now_s=rep.end_s + 1.4) is not None


def test_there_is_a_pause_between_cues() -> None:
    timer = CueTimer(rules())
    cues = [timer.update(repetition(number, "too_shallow", BOTH)) for number in range(1, 13)]
    times = [cue.time_s for cue in cues if cue is not None]
    assert len(times) >= 4
    assert all(later - earlier >= PAUSE_S for earlier, later in itertools.pairwise(times))


def test_the_same_cue_waits_two_repetitions() -> None:
    timer = CueTimer(rules())
    spoken = [number for number in range(1, 9) if timer.update(repetition(number, "knees_inward", KNEES))]
    assert spoken == [1, 4, 7]


def test_praise_comes_now_and_then() -> None:
    timer = CueTimer(rules())
    cues = {number: timer.update(repetition(number, "correct", FINE)) for number in range(1, 7)}
    said = {number: cue.text for number, cue in cues.items() if cue is not None}
    assert said == {3: "Good squat", 6: "Good squat"}


def test_no_cue_without_a_measurement() -> None:
    assert CueTimer(rules()).update(repetition(1, "knees_inward", {})) is None


def test_rejected_repetitions_are_not_praised() -> None:
    timer = CueTimer(rules())
    assert not any(timer.update(repetition(n, "correct", FINE, counted=False)) for n in range(1, 8))


def test_a_stream_that_begins_again_is_heard_afresh() -> None:
    timer = CueTimer(rules())
    late = repetition(30, "knees_inward", KNEES)
    assert timer.update(late) is not None
    assert timer.update(repetition(1, "knees_inward", KNEES)) is not None


@pytest.mark.parametrize(("exercise", "error"), [(name, code) for name, codes in ERRORS.items() for code in codes])
def test_every_error_has_a_short_cue(exercise: str, error: str) -> None:
    assert (exercise, error) in words.ERRORS
    assert 1 <= len(words.error_words(exercise, error).cue.split()) <= 6


def test_an_error_without_words_still_gets_a_cue() -> None:
    rep = replace(repetition(1, "new_error", FINE))
    cue = CueTimer(rules()).update(rep)
    assert cue is not None
    assert cue.text == "Watch your form"
