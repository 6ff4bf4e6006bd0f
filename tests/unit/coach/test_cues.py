from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from fias_desktop.coach.cues import PAUSE_S, REPEAT_S, CueTimer
from fias_desktop.coach.languages import LANGUAGES, words_of
from fias_desktop.coach.words import PRAISE_CODE, RECOGNISED
from fias_desktop.domain.exercises import ERRORS
from fias_desktop.domain.types import Advice, Repetition
from tests.unit.coach.coach_sets import repetition, rules

KNEES = {"squat_knees_inward": 0.6, "squat_too_shallow": 90.0}
BOTH = {"squat_knees_inward": 0.6, "squat_too_shallow": 130.0}
FINE = {"squat_knees_inward": 1.1, "squat_too_shallow": 90.0}
UNMEASURED = {"squat_too_shallow": 90.0}


def knees(number: int) -> Repetition:
    return repetition(number, "knees_inward", KNEES)


def correct(number: int) -> Repetition:
    return repetition(number, "correct", FINE)


def said(timer: CueTimer, *reps: Repetition) -> list[Advice | None]:
    return [timer.update(rep) for rep in reps]


def test_a_fault_gets_its_cue_at_the_end_of_the_repetition_with_its_measurement() -> None:
    cue = CueTimer(rules()).update(knees(1))
    assert cue is not None
    assert (cue.code, cue.text, cue.source, cue.severity) == ("knees_inward", "Knees out", "cue", 3)
    assert [row.rule_id for row in cue.evidence] == ["squat_knees_inward"]
    assert cue.time_s == 2.0


def test_the_gravest_fault_speaks_and_never_two_at_once() -> None:
    cue = CueTimer(rules()).update(repetition(1, "too_shallow", BOTH))
    assert cue is not None
    assert cue.code == "knees_inward"


def test_a_lesser_fault_speaks_while_the_gravest_waits() -> None:
    timer = CueTimer(rules())
    cues = said(timer, *(repetition(number, "too_shallow", BOTH) for number in (1, 3)))
    assert [cue and cue.code for cue in cues] == ["knees_inward", "too_shallow"]


def test_a_correction_later_than_a_second_and_a_half_after_the_fault_is_left_out() -> None:
    rep = knees(1)
    assert CueTimer(rules()).update(rep, now_s=rep.bottom_s + 1.6) is None
    assert CueTimer(rules()).update(rep, now_s=rep.bottom_s + 1.4) is not None


def test_there_is_a_pause_between_corrections() -> None:
    timer = CueTimer(rules())
    cues = said(timer, *(repetition(number, "too_shallow", BOTH) for number in range(1, 13)))
    times = [cue.time_s for cue in cues if cue is not None]
    assert len(times) >= 4
    assert all(later - earlier >= PAUSE_S for earlier, later in itertools.pairwise(times))


def test_the_same_cue_waits_two_repetitions() -> None:
    timer = CueTimer(rules())
    spoken = [number for number in range(1, 9) if timer.update(knees(number))]
    assert spoken == [1, 4, 7]


def test_or_a_while_where_repetitions_do_not_count() -> None:
    timer, shallow = CueTimer(rules()), repetition(1, "too_shallow", {"squat_too_shallow": 130.0})
    assert timer.early(shallow, ["too_shallow"], 1.2) is not None
    for later_s, spoken in ((REPEAT_S - 1.0, False), (REPEAT_S + 1.0, True)):
        again = replace(shallow, start_s=later_s, bottom_s=1.0 + later_s, end_s=2.0 + later_s)
        assert (timer.early(again, ["too_shallow"], 1.2 + later_s) is not None) == spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_never_come_twice_in_a_row_for_an_error(language: str) -> None:
    timer = CueTimer(rules(), language)
    texts = [cue.text for cue in said(timer, *map(knees, range(1, 20))) if cue is not None]
    assert len(texts) == 7
    assert all(before != after for before, after in itertools.pairwise(texts))
    assert set(texts) == set(words_of(language).error("squat", "knees_inward").cues)


def test_the_coach_speaks_chinese() -> None:
    timer = CueTimer(rules(), "zh_TW")
    cues = said(timer, knees(1), correct(2), *map(correct, range(4, 8)))
    assert [cue.text for cue in cues if cue is not None] == ["膝蓋往外", "膝蓋位置對了", "這下深蹲很好"]


def test_a_fault_is_told_while_the_repetition_is_under_way_and_not_again_at_its_end() -> None:
    timer, rep = CueTimer(rules()), knees(1)
    under_way = replace(rep, end_s=1.4, index=0)
    cue = timer.early(under_way, ["knees_inward"], 1.4)
    assert cue is not None
    assert (cue.code, cue.time_s) == ("knees_inward", 1.4)
    assert timer.early(replace(under_way, end_s=1.5), ["knees_inward", "too_shallow"], 1.5) is None
    assert timer.update(rep) is None


def test_early_cues_keep_to_pause_and_repetition() -> None:
    timer = CueTimer(rules())
    spoken = []
    for number in range(1, 9):
        rep = knees(number)
        if timer.early(replace(rep, end_s=rep.bottom_s + 0.3), ["knees_inward"], rep.bottom_s + 0.3):
            spoken.append(number)
        timer.update(rep)
    assert spoken == [1, 4, 7]


def test_what_is_not_sure_is_not_told() -> None:
    timer, rep = CueTimer(rules()), knees(1)
    assert timer.early(replace(rep, end_s=1.3), [], 1.3) is None
    assert timer.update(rep, errors=[]) is None


def test_an_error_that_only_the_network_saw_rests_on_its_word() -> None:
    cue = CueTimer(rules()).update(repetition(1, "knees_inward", UNMEASURED))
    assert cue is not None
    assert [(row.quantity, row.error, row.value) for row in cue.evidence] == [(RECOGNISED, "knees_inward", 1)]


def test_a_fault_that_was_measured_and_is_gone_is_praised_by_its_name_once() -> None:
    timer = CueTimer(rules())
    cues = said(timer, knees(1), correct(2), correct(3))
    assert [cue and cue.text for cue in cues] == ["Knees out", "Knees are right now", None]
    praise = cues[1]
    assert praise is not None
    assert (praise.code, praise.severity) == (PRAISE_CODE, 0)
    assert [row.rule_id for row in praise.evidence] == ["squat_knees_inward"]


def test_a_fault_that_cannot_be_measured_is_mended_after_two_repetitions_without_it() -> None:
    timer = CueTimer(rules())
    good = (repetition(number, "correct", UNMEASURED) for number in (2, 3, 4))
    cues = said(timer, repetition(1, "knees_inward", UNMEASURED), *good)
    assert [cue and cue.text for cue in cues] == ["Knees out", None, "Knees are right now", None]


def test_nothing_is_mended_while_the_fault_is_there() -> None:
    timer = CueTimer(rules())
    cues = said(timer, knees(1), knees(2), knees(3))
    assert [cue and cue.severity for cue in cues] == [3, None, None]


def test_a_fault_that_was_never_told_is_not_praised_as_mended() -> None:
    timer = CueTimer(rules())
    assert timer.update(knees(1), errors=[]) is None
    assert timer.update(correct(2)) is None


def test_praise_comes_now_and_then_in_other_words() -> None:
    timer = CueTimer(rules())
    cues = {number: timer.update(correct(number)) for number in range(1, 7)}
    texts = {number: cue.text for number, cue in cues.items() if cue is not None}
    assert texts == {3: "Good squat", 6: "Clean squat"}


def test_praise_that_is_late_is_left_out() -> None:
    timer = CueTimer(rules())
    said(timer, correct(1), correct(2))
    assert timer.update(correct(3), now_s=correct(3).end_s + 1.6) is None


def test_no_cue_without_a_measurement() -> None:
    assert CueTimer(rules()).update(repetition(1, "knees_inward", {})) is None


def test_rejected_repetitions_are_not_praised() -> None:
    timer = CueTimer(rules())
    assert not any(timer.update(repetition(n, "correct", FINE, counted=False)) for n in range(1, 8))


def test_a_stream_that_begins_again_is_heard_afresh() -> None:
    timer = CueTimer(rules())
    assert timer.update(knees(30)) is not None
    assert timer.update(knees(1)) is not None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("exercise", "error"), [(name, code) for name, codes in ERRORS.items() for code in codes])
def test_every_error_has_several_short_cues(exercise: str, error: str, language: str) -> None:
    words = words_of(language).errors[exercise, error]
    assert len(set(words.cues)) >= 3
    assert len(set(words.mended)) >= 2
    assert all(1 <= len(cue.split()) <= 6 and len(cue) <= 30 for cue in words.cues)


def test_an_error_without_words_still_gets_a_cue() -> None:
    cue = CueTimer(rules()).update(repetition(1, "new_error", FINE))
    assert cue is not None
    assert cue.text == "Watch your form"
