"""Cues while a repetition is still under way: from the body alone, and with the network's error heads."""

from __future__ import annotations

import numpy as np
import pytest

from fias_desktop.coach.words import RECOGNISED
from fias_desktop.domain.exercises import ERROR_LABELS, LABELS
from fias_desktop.domain.types import Advice, Prediction, Recognition
from fias_desktop.engine.ledger import Ledger
from fias_desktop.engine.pipeline import Reasoned
from fias_desktop.engine.view import Cue, Event, RepetitionDone
from fias_desktop.resources import exercise_rules
from fias_desktop.stages.measure import Measurer
from tests.fakes import REPETITION_S, probabilities, sample, squatting_pose

RULES = exercise_rules()


def reasoned(time_s: float, error: str = "", prob: float = 0.95) -> Reasoned:
    """A window in which a squat is seen, and whose heads are sure of one error."""
    heads = np.zeros(len(ERROR_LABELS), np.float32)
    if error:
        heads[ERROR_LABELS.index(f"squat_{error}")] = prob
    probs = probabilities("squat_correct")
    prediction = Prediction("m", LABELS, probs, (0.0, time_s), True, 0.0, heads, error_labels=ERROR_LABELS)
    recognition = Recognition(prediction, (), np.zeros((len(LABELS), 0), np.float32))
    return Reasoned(sample(time_s), recognition=recognition)


def perform(ledger: Ledger, repetitions: int, error: str = "", slower: float = 1.0) -> list[tuple[float, Event]]:
    """The scripted athlete squats; every event with the time of the picture after which it came."""
    measurer, events = Measurer(RULES), list[tuple[float, Event]]()
    for i in range(int(repetitions * REPETITION_S * slower * 30)):
        time_s = i / 30
        pose = squatting_pose(time_s / slower, (320, 180), index=i)
        moved = type(pose)(i, time_s, 1, pose.xy, pose.score, None, pose.image_size)
        events += ((time_s, event) for event in ledger.measured(measurer.measure(moved)))
        if i % 3 == 0:
            events += ((time_s, event) for event in ledger.reasoned(reasoned(time_s, error)))
    return events


def cues(events: list[tuple[float, Event]]) -> list[tuple[float, Advice]]:
    return [(time_s, event.advice) for time_s, event in events if isinstance(event, Cue)]


@pytest.mark.parametrize("slower", [1.0, 2.5])
def test_a_fault_is_called_out_within_a_second_and_a_half_of_the_bottom(slower: float) -> None:
    events = perform(Ledger(RULES), 2, "forward_lean", slower)
    time_s, advice = cues(events)[0]
    bottom_s, end_s = slower * REPETITION_S / 2, slower * REPETITION_S
    assert advice.code == "forward_lean"
    assert bottom_s < time_s < bottom_s + 1.0
    assert time_s < end_s
    assert advice.time_s == time_s


def test_a_repetition_gets_one_correction() -> None:
    events = perform(Ledger(RULES), 1, "forward_lean", 2.0)
    assert [advice.code for _, advice in cues(events)] == ["forward_lean"]


def test_what_only_the_network_saw_rests_on_its_word() -> None:
    _, advice = cues(perform(Ledger(RULES), 1, "forward_lean"))[0]
    assert [row.quantity for row in advice.evidence] == [RECOGNISED]


def test_correct_repetitions_get_no_correction() -> None:
    assert [advice for _, advice in cues(perform(Ledger(RULES), 3)) if advice.severity > 0] == []


def test_the_ledger_speaks_the_language_of_the_coach() -> None:
    _, advice = cues(perform(Ledger(RULES, "zh_TW"), 1, "forward_lean"))[0]
    assert advice.text == "挺胸"


def test_looking_ahead_leaves_the_count_as_it_is() -> None:
    done = [event for _, event in perform(Ledger(RULES), 3, "forward_lean") if isinstance(event, RepetitionDone)]
    assert [event.repetition.index for event in done if event.repetition.counted] == [1, 2, 3]
