"""The card of the running set: its numbers are those that the coach uses."""

from __future__ import annotations

from fias_desktop.domain.types import ExerciseSet
from fias_desktop.engine.view import RepetitionDone, SetDone
from tests.fakes import repetition
from tests.ui.conftest import Desk


def test_repetitions_are_numbered_within_their_set(desk: Desk) -> None:
    window = desk.open()
    first = (repetition(1), repetition(2))
    desk.tell(*(RepetitionDone(rep) for rep in first), SetDone(ExerciseSet("squat", 0, 5, first, "squat_correct", 0.9)))
    third = repetition(3)
    desk.tell(RepetitionDone(third), RepetitionDone(repetition(0, counted=False)), RepetitionDone(repetition(4)))
    marks = window.page.side.counter.marks
    assert [mark.repetition.index for mark in marks] == [1, 0, 2]
    assert window.recall.repetition_at(third.bottom_s) == 1


def test_more_repetitions_than_marks_are_all_counted(desk: Desk) -> None:
    window = desk.open()
    desk.tell(*(RepetitionDone(repetition(index, "correct" if index > 2 else "too_shallow")) for index in range(1, 31)))
    counter = window.page.side.counter
    assert counter.summary.text() == "30 counted, 28 with good form"
    assert len(counter.marks) == 24 and counter.marks[-1].repetition.index == 30


def test_one_repetition_is_one(desk: Desk) -> None:
    window = desk.open()
    only = (repetition(1),)
    desk.tell(RepetitionDone(only[0]), SetDone(ExerciseSet("squat", 0, 2, only, "squat_correct", 0.9)))
    assert window.page.side.counter.summary.text() == "Set done: 1 repetition of Squat, 1 with good form"
