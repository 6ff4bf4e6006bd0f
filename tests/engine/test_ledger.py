"""Sets, previous sets, labels and events of the ledger, on scripted squats."""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.types import Saliency, Window
from fias_desktop.engine.ledger import SET_ENDS_AFTER_S, Ledger
from fias_desktop.engine.pipeline import Reasoned
from fias_desktop.engine.view import Event, RepetitionDone, SetDone
from fias_desktop.resources import exercise_rules
from fias_desktop.stages.measure import Measurer
from tests.fakes import REPETITION_S, sample, squatting_pose

RULES = exercise_rules()


def perform(
    ledger: Ledger, start_s: float, repetitions: float, label: str = "squat_correct", rest_s: float = 0.0
) -> list[Event]:
    """The scripted athlete squats, then rests standing; every event of it."""
    measurer, events = Measurer(RULES), []
    active_s = repetitions * REPETITION_S
    for i in range(int((active_s + rest_s) * 30)):
        t = i / 30
        pose = squatting_pose(t if t < active_s else 0.0, (320, 180), index=i)
        moved = type(pose)(i, start_s + t, 1, pose.xy, pose.score, None, pose.image_size)
        events += ledger.measured(measurer.measure(moved))
        if i % 3 == 0:
            events += ledger.reasoned(Reasoned(sample(start_s + t, label if t < active_s else "idle")))
    return events


def counted(events: list[Event]) -> list[RepetitionDone]:
    return [event for event in events if isinstance(event, RepetitionDone) and event.repetition.counted]


def sets(events: list[Event]) -> list[SetDone]:
    return [event for event in events if isinstance(event, SetDone)]


def test_a_set_ends_four_seconds_after_its_last_repetition() -> None:
    ledger = Ledger(RULES)
    events = perform(ledger, 0.0, 3, rest_s=6.0)
    assert len(counted(events)) == 3
    (done,) = sets(events)
    assert done.finished.exercise == "squat"
    assert len(done.finished.counted) == 3
    assert ledger.exercise == ""
    assert ledger.counted == 0


def test_a_set_is_not_over_before_four_seconds() -> None:
    ledger = Ledger(RULES)
    events = perform(ledger, 0.0, 3, rest_s=SET_ENDS_AFTER_S - 1.0)
    assert sets(events) == []
    running = ledger.running_set()
    assert running is not None
    assert len(running.counted) == 3


def test_a_slow_repetition_does_not_split_its_set() -> None:
    ledger, measurer, events = Ledger(RULES), Measurer(RULES), list[Event]()
    rest_s, slow = 2.0, 3.0
    for i in range(int(30 * (REPETITION_S * (1 + slow) + rest_s + 1.0))):
        time_s = i / 30
        into_slow_s = max(time_s - REPETITION_S - rest_s, 0.0) / slow
        moment_s = time_s if time_s < REPETITION_S else min(into_slow_s, REPETITION_S)
        pose = squatting_pose(moment_s, (320, 180), index=i)
        events += ledger.measured(
            measurer.measure(type(pose)(i, time_s, 1, pose.xy, pose.score, None, pose.image_size))
        )
    events += ledger.finish()
    assert REPETITION_S * slow + rest_s > SET_ENDS_AFTER_S
    assert [len(done.finished.counted) for done in sets(events)] == [2]


def test_time_alone_ends_a_set_when_the_person_has_left() -> None:
    ledger = Ledger(RULES)
    perform(ledger, 0.0, 2, rest_s=1.0)
    assert sets(ledger.passed(7.0)) == []
    assert len(sets(ledger.passed(2 * REPETITION_S + SET_ENDS_AFTER_S + 0.5))) == 1


def test_finishing_decides_what_is_open_and_closes_the_set() -> None:
    ledger = Ledger(RULES)
    before = perform(ledger, 0.0, 2)
    events = before + ledger.finish()
    assert len(counted(events)) == 2
    assert len(sets(events)) == 1
    assert ledger.finish() == []


def test_the_second_set_knows_the_first_but_not_the_chain_behind_it() -> None:
    ledger = Ledger(RULES)
    first = sets(perform(ledger, 0.0, 2, rest_s=6.0))[0].finished
    second = sets(perform(ledger, 20.0, 3, rest_s=6.0))[0].finished
    third = sets(perform(ledger, 40.0, 1, rest_s=6.0))[0].finished
    assert first.previous is None
    assert second.previous is not None
    assert second.previous.start_s == first.start_s
    assert third.previous is not None
    assert third.previous.previous is None
    assert ledger.previous_set() == third


def test_the_label_is_the_commonest_class_of_the_exercise_inside_repetitions() -> None:
    ledger = Ledger(RULES)
    done = sets(perform(ledger, 0.0, 3, label="squat_knees_inward", rest_s=6.0))[0].finished
    assert done.label == "squat_knees_inward"
    assert 0.8 < done.prob < 0.85


def test_evidence_knows_its_share_of_the_heat() -> None:
    ledger = Ledger(RULES)
    joints = (*(f"joint_{i}" for i in range(20)), "left_knee")
    times = np.arange(40) / 15
    window = Window(np.zeros((40, 21, 3), np.float32), np.ones((40, 21), bool), times, np.arange(40))
    heat = np.zeros((40, 21), dtype=np.float32)
    heat[:, 20] = 1.0
    ledger.reasoned(Reasoned(sample(2.6), window, None, Saliency(heat, "squat_correct", "test"), (), joints))
    events = perform(ledger, 0.0, 2) + ledger.finish()
    judged = [e for event in counted(events) for e in event.repetition.evidence if "left_knee" in e.joints]
    assert judged, "no rule judged the knees"
    assert any(evidence.saliency_share == 1.0 for evidence in judged)


def test_every_row_of_the_ledger_is_told_exactly_once() -> None:
    ledger = Ledger(RULES)
    events = perform(ledger, 0.0, 4, rest_s=6.0) + ledger.finish()
    told = [event.repetition for event in events if isinstance(event, RepetitionDone)]
    assert told == ledger.repetitions
    assert all(rep.reason for rep in told)


def test_a_long_idle_time_does_not_fill_the_memory() -> None:
    ledger = Ledger(RULES)
    measurer = Measurer(RULES)
    pose = squatting_pose(0.0, (320, 180))
    for i in range(30 * 120):
        moved = type(pose)(i, i / 30, 1, pose.xy, pose.score, None, pose.image_size)
        ledger.measured(measurer.measure(moved))
        if i % 3 == 0:
            ledger.reasoned(Reasoned(sample(i / 30, "idle")))
    assert len(ledger._measurements) < 30 * 40
    assert len(ledger._samples) < 10 * 40
