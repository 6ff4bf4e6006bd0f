"""The online decision: steady against single windows, quick to enter, slow to leave, honest about the unknown."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from fias_desktop.domain.exercises import LABELS, group_of
from fias_desktop.stages.decide import RULES, STATES, Decided, Decider, DecisionRules, believe, evidence, transitions

Said = tuple[str, float, bool]
IDLE: Said = ("idle", 0.97, True)
SQUAT: Said = ("squat_correct", 0.97, True)
LUNGE: Said = ("lunge_correct", 0.97, True)
NEVER_SEEN: Said = ("squat_correct", 0.6, False)


def probs(said: Said) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    label, prob, _ = said
    values = np.full(len(LABELS), (1.0 - prob) / (len(LABELS) - 1), np.float32)
    values[LABELS.index(label)] = prob
    return values


def follow(*spells: tuple[Said, int], step_s: float = 0.1, rules: DecisionRules = RULES) -> list[Decided]:
    """What is decided along spells of (what each window says, how many windows)."""
    decider, said = Decider(LABELS, rules), [each for each, count in spells for _ in range(count)]
    return [decider.update(step_s * i, probs(each), each[2]) for i, each in enumerate(said)]


def groups(decided: list[Decided]) -> list[str]:
    return [each.group if each.known else "unknown" for each in decided]


def test_rest_is_idle_and_an_exercise_is_entered_within_half_a_second() -> None:
    names = groups(follow((IDLE, 20), (SQUAT, 20)))
    assert set(names[:20]) == {"idle"}
    assert names[20:].index("squat") <= 4
    assert "idle" not in names[25:]


def test_at_the_very_beginning_the_first_windows_suffice() -> None:
    assert groups(follow((SQUAT, 3)))[-1] == "squat"


@pytest.mark.parametrize("odd", [IDLE, LUNGE, NEVER_SEEN])
def test_a_single_odd_window_changes_nothing(odd: Said) -> None:
    assert set(groups(follow((SQUAT, 15), (odd, 1), (SQUAT, 15)))[5:]) == {"squat"}


def test_a_single_window_of_exercise_does_not_end_the_rest() -> None:
    assert set(groups(follow((IDLE, 20), (SQUAT, 1), (IDLE, 20)))) == {"idle"}


def test_the_exercise_is_left_after_lasting_rest_but_not_at_once() -> None:
    names = groups(follow((SQUAT, 20), (IDLE, 25)))[20:]
    assert names[:2] == ["squat", "squat"]
    assert names.index("idle") <= 12
    assert set(names[12:]) == {"idle"}


def test_another_exercise_takes_over_when_it_lasts() -> None:
    names = groups(follow((SQUAT, 20), (LUNGE, 25)))
    assert names[20] == "squat"
    assert set(names[-10:]) == {"lunge"}


def test_a_doubtful_mixture_does_not_flicker() -> None:
    mixed = [(("squat_correct", 0.55, True), 1), (("lunge_correct", 0.55, True), 1)] * 15
    names = groups(follow((SQUAT, 10), *mixed))[10:]
    assert sum(now != before for before, now in pairwise(names)) <= 1


def test_a_movement_that_stays_unknown_is_called_unknown_and_left_again() -> None:
    decided = follow((IDLE, 10), (NEVER_SEEN, 30), (SQUAT, 30))
    names = groups(decided)
    assert names[35:40] == ["unknown"] * 5
    assert decided[39].label in LABELS
    assert names[-1] == "squat"


def test_the_form_is_that_of_the_last_while_not_of_one_window() -> None:
    inward = ("squat_knees_inward", 0.9, True)
    decided = follow((SQUAT, 20), (inward, 1), (SQUAT, 1), (inward, 60))
    assert {each.label for each in decided[18:22]} == {"squat_correct"}
    assert decided[-1].label == "squat_knees_inward"
    assert decided[-1].prob == pytest.approx(0.9, abs=0.05)


def test_the_label_always_belongs_to_the_group() -> None:
    rng = np.random.default_rng(0)
    decider = Decider(LABELS)
    for i in range(200):
        values = rng.dirichlet(np.full(len(LABELS), 0.3)).astype(np.float32)
        decided = decider.update(0.1 * i, values, bool(rng.random() < 0.8))
        assert group_of(decided.label) == decided.group
        assert 0.0 <= decided.prob <= 1.0


def test_nobody_in_the_picture_is_idle_and_not_known() -> None:
    decider = Decider(LABELS)
    for i in range(20):
        decider.update(0.1 * i, probs(SQUAT), True)
    gone = decider.missed(2.0)
    assert (gone.label, gone.known, gone.prob) == ("idle", False, 0.0)
    assert decider.update(2.3, probs(SQUAT), True).group == "squat"


@pytest.mark.parametrize("back_s", [30.0, 0.0])
def test_a_long_gap_or_a_jump_back_forgets(back_s: float) -> None:
    once, fresh = Decider(LABELS), Decider(LABELS)
    for i in range(30):
        once.update(10.0 + 0.1 * i, probs(SQUAT), True)
    assert once.update(back_s, probs(IDLE), True) == fresh.update(back_s, probs(IDLE), True)


def test_half_as_many_windows_weigh_twice() -> None:
    slow, fast = follow((IDLE, 10), (SQUAT, 10), step_s=0.2), follow((IDLE, 20), (SQUAT, 20))
    first_slow, first_fast = groups(slow).index("squat") * 0.2, groups(fast).index("squat") * 0.1
    assert first_slow == pytest.approx(first_fast, abs=0.25)


def test_belief_is_a_distribution_and_transitions_are_rows_of_one() -> None:
    assert transitions(0.1, RULES).sum(axis=1) == pytest.approx(np.ones(len(STATES)))
    assert transitions(0.0, RULES) == pytest.approx(np.eye(len(STATES)))
    said = evidence(np.array([[0.0, 0.0, 0.0, 1.0], [0.25, 0.25, 0.25, 0.25]]), np.array([True, False]), RULES)
    belief = believe(np.full((2, len(STATES)), 1 / len(STATES)), said, 0.1, RULES)
    assert belief.sum(axis=1) == pytest.approx(np.ones(2))
    assert belief[0].argmax() == STATES.index("squat")
    assert belief[1].argmax() == STATES.index("unknown")


def test_without_memory_every_window_decides_for_itself() -> None:
    free = replace(RULES, evidence=8.0, idle_odds=1.0, enter_per_s=50.0, leave_per_s=50.0, change_per_s=50.0, enter=0.0)
    assert groups(follow((IDLE, 1), (SQUAT, 1), (LUNGE, 1), (IDLE, 1), rules=free)) == [
        "idle",
        "squat",
        "lunge",
        "idle",
    ]
