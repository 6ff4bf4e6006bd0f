from __future__ import annotations

import pytest

from fias_desktop.coach.evidence import Facts
from fias_desktop.coach.guard import check, links, split
from fias_desktop.coach.request import COUNT, FIRST, GOOD, PROGRESS, WHY, Request
from fias_desktop.domain.types import ExerciseSet
from tests.unit.coach.coach_sets import correct_set, facts, knees_in_set, repetition

FAULTY = facts(knees_in_set())
BETTER = facts(correct_set(previous=knees_in_set()))
WORSE = facts(knees_in_set(previous=correct_set()))
NEXT = " Next time, push your knees out over your toes."

TRUE = [
    "2 of 3 squats were correct. In repetition 2 your knees moved inward at the bottom: the knee spacing was 0.72, and"
    " at least 0.85 is expected." + NEXT,
    "Good work, two of the three squats were clean. Your knees moved inward in the second repetition. Push them out.",
    "You did 3 squats. Your knees caved in at the bottom of repetition 2. Your knee angle was fine at 90 degrees."
    + NEXT,
    "Nice set! Your knees drifted inward in 1 of 3. Do not let your knees move inward in the next set.",
    "You did 3 squats. Your knees moved inward, seen mostly around the left knee." + NEXT,
]


@pytest.mark.parametrize("text", TRUE)
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
    ("You did 4 squats. Your knees moved inward." + NEXT, "4 is not"),
    ("You did 3 squats. Your knees moved inward in repetition 3." + NEXT, "Repetition 3 is not"),
    ("You did 3 squats. Your knees moved inward in the third repetition." + NEXT, "Repetition 3 is not"),
    ("You did five squats. Your knees moved inward." + NEXT, "five is not"),
    ("3 of 3 squats were done. Your knees moved inward." + NEXT, "3 of 3 is not"),
    ("1 of 3 squats were correct. Your knees moved inward." + NEXT, "not the number of correct"),
    ("Your knees moved inward: the knee spacing was 0.62 times the ankle spacing." + NEXT, "0.62"),
    ("Your knees moved inward: the knee spacing was 0.85, at least 0.72 is expected." + NEXT, "not the lower bound"),
    ("Your knees moved inward: the knee spacing was 0.85 at the bottom." + NEXT, "not what was measured"),
    ("Your knees moved inward: the knee spacing was 90 degrees." + NEXT, "90 degrees was not measured"),
    ("Your knees moved inward by 72 degrees." + NEXT, "72 degrees was not measured"),
    ("Your knees moved inward by 72 percent." + NEXT, "72 percent is not"),
    ("Your knees moved inward: the knee spacing was 0.72 cm." + NEXT, "unit that was not measured"),
    ("Your knees moved inward for 90 seconds." + NEXT, "90 seconds was not measured"),
    ("Your knees moved inward. Do 10 squats more." + NEXT, "10 is not"),
    # parts, sides, moments
    ("You did 3 squats. Your knees moved inward and your elbow dropped." + NEXT, "elbow"),
    ("You did 3 squats. Your knees moved inward, above all at the right knee." + NEXT, "not where it showed"),
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
    ("Your knees moved inward. 膝盖向内." + NEXT, "not all in English"),
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
    assert "not how often this fault" in " ".join(check(first + "Your knees moved inward in 3 of 3.", found))
    swapped = "You did not go deep enough in repetition 2. Your knees moved inward in 1 of 3."
    assert "belongs to another fault" in " ".join(check(swapped, found))


SEEN = "Your knees moved inward in 1 of 3. "
MORE_BAD = [
    ("You did 3 squats. Your knees moved inward. In the next set, bend your elbows.", "not told"),
    ("You did 3 squats. Your knees moved inward. Push your toes out over your toes.", "wrong part"),
    ("You did 3 squats. Your knees moved inward. Your hip angle was fine.", "not measured: hip angle"),
    (
        "You did 3 squats. Your knees moved inward. Your right knee stood out, most at the bottom.",
        "not where it showed",
    ),
    ("2 of 3 squats were correct. " + SEEN + "Set your feet as wide as your shoulders.", "not found"),
    ("None of your 3 squats was correct. " + SEEN + NEXT, "no repetition was correct"),
    ("You did 3 squats. " + SEEN + "I found no fault.", "denies"),
    ("You did 2 squats, 2 of them correct. " + SEEN + NEXT, "not the number of repetitions"),
    ("You did 3 squats, 3 of them correct. " + SEEN + NEXT, "not the number of correct"),
    ("2 of 3 squats were correct. Your knees moved inward in 2 of 3." + NEXT, "not how often"),
    ("2 of 3 squats were correct. " + SEEN + "Another 2 did not count.", "did not count"),
    ("2 of 3 squats were correct. " + SEEN + "The knee spacing stayed within 0.72.", "differed"),
    ("2 of 3 squats were correct. " + SEEN + "Look at the moon tonight.", "not about this set"),
]
UNSAFE = [
    "push through the pain", "ignore the discomfort", "hold your breath on the way down",
    "lock your knees hard at the top", "go as heavy as you can", "there is no need to rest",
    "do not stop when you get tired", "go faster", "speed it up",
    "take creatine after the set", "you will lose weight", "round your back", "see a doctor", "bounce at the bottom",
    "train until you drop", "skip the warm-up", "keep your breath locked in", "grind through it",
    "use momentum to get up",
]  # fmt: skip
CARE = [
    "Rest before the next set.", "Move slowly and in control.", "Stop the set when the form slips.",
    "Rest until your breath is calm.", "Have a sip of water before you go on.", "Take fewer if you get tired.",
]  # fmt: skip


@pytest.mark.parametrize(("text", "objection"), MORE_BAD)
def test_every_claim_has_its_check(text: str, objection: str) -> None:
    found = check(text, FAULTY)
    assert any(objection in row for row in found), found


@pytest.mark.parametrize("order", UNSAFE)
def test_unsafe_words_are_refused(order: str) -> None:
    assert check("2 of 3 squats were correct. " + SEEN + order[0].upper() + order[1:] + ".", FAULTY) != ()


@pytest.mark.parametrize("care", CARE)
def test_general_care_is_allowed(care: str) -> None:
    assert check("2 of 3 squats were correct. " + SEEN + care, FAULTY) == ()


def test_objections_are_sentences() -> None:
    for text, _ in BAD + MORE_BAD:
        for row in check(text, FAULTY):
            assert row.endswith(".") and (row[0].isupper() or row[0].isdigit() or row[:3] in ("two", "fiv")), row


def test_answers_may_be_shorter_and_need_not_name_the_fault() -> None:
    assert check("You had 2 of 3 squats correct.", FAULTY, Request(GOOD)) == ()
    assert check("I counted 3 squats, 2 of them correct.", FAULTY, Request(COUNT)) == ()
    for topic in (WHY, FIRST):
        assert "main fault" in " ".join(check("You had 2 of 3 squats correct.", FAULTY, Request(topic)))
    assert check("You did 3 squats. Stay in control. Rest first. Keep it up.", FAULTY, Request(COUNT)) == (
        "The answer is too long.",
    )


def test_progress_needs_the_last_set_or_says_that_there_is_none() -> None:
    asked = Request(PROGRESS)
    assert check("There is no last set to compare with yet.", FAULTY, asked) == ()
    assert "no last set yet" in " ".join(check("You did 3 squats.", FAULTY, asked))
    assert "there is one" in " ".join(check("There is no last set to compare with yet.", WORSE, asked))
    assert "does not compare" in " ".join(check("2 of 3 squats were correct.", WORSE, asked))
    told = "Your knees moved inward in 1 of 3 now, and in 0 of 4 in the last set."
    assert check(told, WORSE, asked) == ()
    assert "mixes up" in " ".join(
        check(told.replace("1 of 3", "0 of 4").replace("in 0 of 4 in", "in 1 of 3 in"), WORSE)
    )
    assert "how often" in " ".join(check(told.replace("0 of 4", "4 of 4"), WORSE, asked))
    assert "mixes up" in " ".join(check("Last time 2 of 3 were correct, now 4 of 4: a small step back.", WORSE, asked))


def _only_seen() -> Facts:
    """The network saw the error in two squats; nothing was measured against it."""
    reps = tuple(repetition(i, "knees_inward" if i < 3 else "correct", {"squat_too_shallow": 90}) for i in (1, 2, 3))
    return facts(ExerciseSet("squat", 0.0, 9.0, reps, "squat_knees_inward", 0.9))


def test_an_error_that_was_only_seen() -> None:
    found = _only_seen()
    assert found.findings[0].worst is None
    text = "You did 3 squats, 1 of them correct. Your knees moved inward in 2 of 3. Push your knees out over your toes."
    assert check(text, found) == ()
    assert check(text.replace("in 2 of 3", "in repetition 2"), found) != ()
    assert [found.evidence[i].quantity for row in links(text, found) for i in row] == ["recognised", "recognised"]


def test_sets_without_a_judged_or_counted_repetition() -> None:
    rep = repetition(1, "unknown", {"squat_too_shallow": 90})
    unjudged = facts(ExerciseSet("squat", 0, 3, (rep,), "idle", 0.4))
    assert check("You did 1 squat, but I could not judge the form. Step back from the camera.", unjudged) == ()
    assert "praises" in " ".join(check("You did 1 squat. Well done, that was a good form.", unjudged))
    missed = facts(
        ExerciseSet("squat", 0, 3, (repetition(1, "unknown", {"squat_too_shallow": 90}, "squat", False),), "", 0.4)
    )
    assert check("No full squat was counted, and 1 was not complete. Use the whole way.", missed) == ()
    assert check("No full squat was counted, and 2 were not complete. Use the whole way.", missed) != ()


def test_each_sentence_links_to_its_measurements() -> None:
    text = "2 of 3 squats were correct. Your knees moved inward in repetition 2. The knee angle was 90 degrees." + NEXT
    rows = links(text, FAULTY)
    assert split(text)[3] == NEXT.strip()
    assert [tuple(FAULTY.evidence[i].rule_id for i in row) for row in rows] == [
        (), ("squat_knees_inward",), ("squat_too_shallow",), ("squat_knees_inward",),
    ]  # fmt: skip
    assert FAULTY.evidence[rows[1][0]].value == 0.72


def test_joints_stood_out_where_the_heat_says() -> None:
    base = "2 of 3 squats were correct. " + SEEN
    assert check(base + "Your left knee stood out, most at the bottom.", FAULTY) == ()
    assert check(base + "At the beginning your left hip stood out.", FAULTY) == ()
    assert check(base + "At the end your left hip stood out.", FAULTY) != ()
    assert check(base + "Your left ankle stood out.", FAULTY) != ()


def test_a_fault_is_not_proved_with_the_measurement_of_something_else() -> None:
    text = "You did 3 squats. Your knees moved inward: the knee angle was 90 degrees at the bottom." + NEXT
    assert "measurement of something else" in " ".join(check(text, FAULTY))


def test_the_same_again_is_a_comparison() -> None:
    praise = "All 4 squats were correct. "
    assert "same" in " ".join(check(praise + "Last set 2 of 3, now 4 of 4, the same again!", BETTER))
