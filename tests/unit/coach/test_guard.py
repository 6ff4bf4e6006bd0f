from __future__ import annotations

import pytest

from fias_desktop.coach.guard import check
from fias_desktop.domain.types import ExerciseSet
from tests.unit.coach.coach_sets import correct_set, facts, knees_in_set, repetition

FAULTY = facts(knees_in_set())
BETTER = facts(correct_set(previous=knees_in_set()))
WORSE = facts(knees_in_set(previous=correct_set()))
NEXT = " Next time, push your knees out over your toes."

GOOD = [
    "2 of 3 squats were correct. In repetition 2 your knees moved inward at the bottom: the knee spacing was 0.72, and"
    " at least 0.85 is expected." + NEXT,
    "Good work, two of the three squats were clean. Your knees moved inward in the second repetition. Push them out.",
    "You did 3 squats. Your knees caved in at the bottom of repetition 2. Your knee angle was fine at 90 degrees."
    + NEXT,
    "Nice set! Your knees drifted inward in 1 of 3. Do not let your knees move inward in the next set.",
    "You did 3 squats. Your knees moved inward, seen mostly around the left knee." + NEXT,
]


@pytest.mark.parametrize("text", GOOD)
def test_true_sentences_pass(text: str) -> None:
    assert check(text, FAULTY) == ()


BAD = [
    ("", "empty"),
    ("   \n", "empty"),
    ("Knees out.", "too short"),
    ("You did 3 squats. Your knees moved inward " + "and inward " * 60 + ".", "too long"),
    ("You did 3 squats. Your knees moved inward in repetition", "breaks off"),
    ("Your knees moved inward. Your knees moved inward." + NEXT, "repeats"),
    # numbers
    ("You did 4 squats. Your knees moved inward." + NEXT, "4 was not given"),
    ("You did 3 squats. Your knees moved inward in repetition 3." + NEXT, "repetition 3 was not given"),
    ("You did 3 squats. Your knees moved inward in the third repetition." + NEXT, "repetition 3 was not given"),
    ("You did five squats. Your knees moved inward." + NEXT, "five was not given"),
    ("3 of 3 squats were done. Your knees moved inward." + NEXT, "3 of 3 was not given"),
    ("1 of 3 squats were correct. Your knees moved inward." + NEXT, "not the number of correct"),
    ("Your knees moved inward: the knee spacing was 0.62 times the ankle spacing." + NEXT, "0.62"),
    ("Your knees moved inward: the knee spacing was 0.85, at least 0.72 is expected." + NEXT, "not the lower bound"),
    ("Your knees moved inward: the knee spacing was 0.85 at the bottom." + NEXT, "not what was measured"),
    ("Your knees moved inward: the knee spacing was 90 degrees." + NEXT, "90 degrees was not given"),
    ("Your knees moved inward by 72 degrees." + NEXT, "72 degrees was not given"),
    ("Your knees moved inward by 72 percent." + NEXT, "72 percent was not given"),
    ("Your knees moved inward: the knee spacing was 0.72 cm." + NEXT, "unit that was not measured"),
    ("Your knees moved inward for 90 seconds." + NEXT, "90 seconds was not given"),
    ("Your knees moved inward. Do 10 squats more." + NEXT, "10 was not given"),
    # parts, sides, moments
    ("You did 3 squats. Your knees moved inward and your elbow dropped." + NEXT, "elbow"),
    ("You did 3 squats. Your knees moved inward, above all the right toes." + NEXT, "wrong side"),
    ("You did 3 squats. In repetition 2 your knees moved inward at the end." + NEXT, "wrong moment"),
    # faults
    ("You did 3 squats. Your knees moved inward and your chest leaned forward." + NEXT, "fault that was not found"),
    ("You did 3 squats. Your knees did not move inward. Keep going.", "denies"),
    ("You did 3 squats. There was no sign of your knees moving inward." + NEXT, "denies"),
    ("Your knees moved inward. You went down too fast." + NEXT, "was not measured"),
    ("Your knees moved inward. Your heels lifted off the floor." + NEXT, "was not measured"),
    ("You did 3 squats and it went well. Keep it up next time.", "does not name the main fault"),
    ("A perfect set of 3 squats! Your knees moved inward." + NEXT, "praises too much"),
    ("All 3 squats were correct. Your knees moved inward." + NEXT, "praises too much"),
    # exercise
    ("You did 3 lunges. Your knees moved inward." + NEXT, "another exercise"),
    ("You did 3 squats. Your knees moved inward. Try a plank instead.", "another exercise"),
    # health, jargon, markup
    ("Your knees moved inward. That can injure your knees." + NEXT, "health"),
    ("Your knees moved inward. This may cause knee pain." + NEXT, "health"),
    ("Your knees moved inward, a weakness to treat." + NEXT, "health"),
    ("Your knees moved inward (knee valgus)." + NEXT, "technical"),
    ("The network saw that your knees moved inward." + NEXT, "technical"),
    ("**Form:** Your knees moved inward." + NEXT, "plain text"),
    ("Fault: knees moving inward. Your knees moved inward." + NEXT, "plain text"),
    ("Your knees moved inward. 膝盖向内." + NEXT, "unreadable"),
    # comparison, steadiness
    ("Your knees moved inward. That is better than last time." + NEXT, "set that is not known"),
    ("Your knees moved inward. Your movement was very consistent." + NEXT, "steady"),
]


@pytest.mark.parametrize(("text", "objection"), BAD)
def test_what_is_not_true_or_not_plain_is_refused(text: str, objection: str) -> None:
    found = check(text, FAULTY)
    assert any(objection in row for row in found), found


def test_the_trend_must_be_the_right_way_round() -> None:
    praise = "All 4 squats were correct, well done. "
    assert check(praise + "That is better than last time, when 2 of 3 were correct.", BETTER) == ()
    assert "worse" in " ".join(check(praise + "That is worse than the last set.", BETTER))
    told = "2 of 3 squats were correct. Your knees moved inward. "
    assert check(told + "Last time 4 of 4 were correct, so this is a small step back.", WORSE) == ()
    assert "better" in " ".join(check(told + "You improved since the last set.", WORSE))


def test_a_correct_set_may_not_be_blamed() -> None:
    assert check("You did 4 squats. Your knees moved inward." + NEXT, BETTER) != ()
    assert check("All 4 squats were correct. Do the next set just like this one.", BETTER) == ()


def test_rounding_is_allowed_but_not_more() -> None:
    assert check("Your knees moved inward in repetition 2. The knee spacing was 0.7 only." + NEXT, FAULTY) == ()
    assert check("Your knees moved inward in repetition 2. The knee spacing was 0.8 only." + NEXT, FAULTY) != ()


def test_two_faults_keep_their_own_places_and_counts() -> None:
    reps = (
        repetition(1, "too_shallow", {"squat_too_shallow": 125, "squat_knees_inward": 1.0}),
        repetition(2, "too_shallow", {"squat_too_shallow": 130, "squat_knees_inward": 0.7}),
        repetition(3, "too_shallow", {"squat_too_shallow": 140, "squat_knees_inward": 1.0}),
    )
    found = facts(ExerciseSet("squat", 0.0, 9.0, reps, "squat_correct", 0.8))
    assert {finding.error: finding.count for finding in found.findings} == {"too_shallow": 3, "knees_inward": 1}
    first = "You did not go deep enough in repetition 3. "
    assert check(first + "Your knees moved inward in 1 of 3.", found) == ()
    assert "belongs to another fault" in " ".join(check(first + "Your knees moved inward in 3 of 3.", found))
    swapped = "You did not go deep enough in repetition 2. Your knees moved inward in 1 of 3."
    assert "belongs to another fault" in " ".join(check(swapped, found))
