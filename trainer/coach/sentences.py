"""The bundled coach's language: clauses per error and sentence patterns, beyond the fixed ones of the phrasebook.

`{names}` are filled by grammar.py: M quantity, A amount, L limit, R repetition, P place in the movement, c and n
counts, ex and one the exercise in plural and singular, said a clause about the past, tip an order. Every sentence
must be true of any set it is used for, and name only body parts that belong to its error.
"""

from __future__ import annotations

# Clauses about the past, beside ErrorWords.said.
SAID: dict[tuple[str, str], tuple[str, ...]] = {
    ("squat", "too_shallow"): ("you stopped too high", "the squat was too shallow"),
    ("squat", "knees_inward"): ("your knees drifted inward", "your knees fell in"),
    ("squat", "feet_too_close"): ("your stance was too narrow", "you stood with your feet too close together"),
    ("squat", "forward_lean"): ("your chest tipped too far forward", "you leaned too far forward"),
    ("squat", "knees_past_toes"): (
        "your knees went far beyond your toes",
        "your knees moved far ahead of your toes",
    ),
    ("lunge", "too_high"): ("you did not go low enough", "you stopped too high"),
    ("lunge", "knee_past_toe"): (
        "your front knee went beyond your toes",
        "your front knee moved ahead of your toes",
    ),
    ("lunge", "trunk_lean"): ("your upper body tipped over", "you leaned over"),
    ("push_up", "hips_sag"): ("your hips dropped", "your hips sagged"),
    ("push_up", "hips_pike"): ("your hips were too high", "your hips went up too high"),
    ("push_up", "elbows_flared"): ("your elbows pointed outward", "your elbows went wide"),
    ("push_up", "too_shallow"): ("you stopped too high", "the push-up was too shallow"),
}

# Orders, beside ErrorWords.tip.
TIPS: dict[tuple[str, str], tuple[str, ...]] = {
    ("squat", "too_shallow"): ("push your hips back and sit lower", "go a little lower each time"),
    ("squat", "knees_inward"): ("keep your knees in line with your toes", "spread your knees as you sit down"),
    ("squat", "feet_too_close"): ("stand a little wider", "take a wider stance before you start"),
    ("squat", "forward_lean"): ("keep your chest up", "stay tall through your back as you sit down"),
    ("squat", "knees_past_toes"): ("move your hips back first", "start the movement with your hips and sit back"),
    ("lunge", "too_high"): ("sink lower until both knees are well bent", "go down a little further"),
    ("lunge", "knee_past_toe"): (
        "step out further so that your shin stays upright",
        "keep your front knee above your ankle",
    ),
    ("lunge", "trunk_lean"): ("keep your upper body upright", "hold your shoulders right above your hips"),
    ("push_up", "hips_sag"): ("tighten your belly before you go down", "keep your hips level with your shoulders"),
    ("push_up", "hips_pike"): ("let your hips come down into one straight line", "make one line down to your heels"),
    ("push_up", "elbows_flared"): ("point your elbows further back", "keep your upper arms near your sides"),
    ("push_up", "too_shallow"): ("bend your elbows further", "go down until your chest is near the floor"),
}

ALL_CORRECT = (
    "Well done: all {n} {ex} were correct.",
    "Great set: all {n} {ex} were clean.",
    "All {n} {ex} were correct, very nice work.",
    "You did {n} {ex}, and all of them were correct.",
)
ONE_CORRECT = ("A good {one}, well done.", "That {one} was correct, nice work.", "One {one}, and a correct one.")
SOME_CORRECT = (
    "{c} of {n} {ex} were correct.",
    "Good work: {c} of {n} {ex} were correct.",
    "You did {n} {ex}, and {c} of {n} were correct.",
    "Nice effort, {c} of {n} {ex} were correct.",
)
NONE_CORRECT = (
    "You did {n} {ex}, and there is one clear thing to work on.",
    "Thank you for the {n} {ex}; one thing needs your care.",
    "None of the {n} {ex} was correct yet, but that can change.",
    "I counted {n} {ex}, none of them correct yet.",
)
UNKNOWN_FORM = (
    "You did {n} {ex}, but the form could not be judged.",
    "I counted {n} {ex}, but I could not judge the form.",
    "{n} {ex} counted, though the form stayed unknown.",
)
NOT_COUNTED = (
    "No full {one} was counted in this set.",
    "I did not see a full {one} this time.",
    "None of the movements was a full {one}.",
)

# The main fault with its measurement.
MEASURED_FAULT = (
    "In repetition {R} {said} {P}: the {M} was {A}, and {L} is expected.",
    "In repetition {R} {said}: the {M} was {A} {P}, where {L} is expected.",
    "{Said} {P}, most of all in repetition {R}: the {M} was {A}, expected {L}.",
    "{Said} in {f} of {t} repetitions; in repetition {R} the {M} was {A} {P}, expected {L}.",
    "{Said}: the {M} was {A} {P} in repetition {R}, and it should be {L}.",
    "In {f} of {t} repetitions {said}, worst in repetition {R} with {A} {P} instead of {L}.",
)
PLAIN_FAULT = (
    "{Said} in {f} of {t} repetitions.",
    "In {f} of {t} repetitions {said}.",
    "One thing to change: {said} in {f} of {t} repetitions.",
)
SINGLE_FAULT = ("This time {said}.", "One thing to change: {said}.")
SECOND_FAULT = ("Also, {said} in {f} of {t}.", "Besides that, {said} in {f} of {t} repetitions.")

GOOD = (
    "The {M} was good {P}: {A}, expected {L}.",
    "What went well: the {M} was {A} {P}, and {L} is expected.",
    "The {M} was {A} {P}, as it should be: {L}.",
    "Keep the {M} as it was: {A} {P}, expected {L}.",
)
NEXT = (
    "In the next set, {tip}.",
    "Next time, {tip}.",
    "For the next set: {tip}.",
    "Now {tip}, and try again.",
    "Try this: {tip}.",
    "{Tip}.",
)
KEEP = (
    "Keep moving exactly like this in the next set.",
    "Do the next set in just this way.",
    "Carry on like this.",
    "You may add a repetition next time.",
)
SHOW = (
    "Keep your whole body in the picture.",
    "Stand where I can see your whole body.",
    "Turn a little, so that I can see the whole movement.",
)
FULL = (
    "Move slowly through the whole way down and up, with your whole body in the picture.",
    "Go all the way down and all the way up, and stay in the picture.",
)

STEADY = ("Your repetitions were steady, within {S}.", "You stayed nicely steady, within {S} over the set.")
UNEVEN = ("Your repetitions were uneven, with {S} between them.", "The repetitions differed by {S}, so take your time.")
BEFORE: dict[str, tuple[str, ...]] = {
    "better": (
        "The last set had {b} of {a} correct, so this is a step forward.",
        "That is better than the last set with {b} of {a} correct.",
    ),
    "worse": (
        "The last set had {b} of {a} correct, so this was a small step back.",
        "That is a little below the last set with {b} of {a} correct.",
    ),
    "same": (
        "The last set had {b} of {a} correct, so the level is unchanged.",
        "That is about the same as the last set with {b} of {a} correct.",
    ),
}
WATCH = ("Keep an eye on your {j}.", "Watch your {j} most of all.")
