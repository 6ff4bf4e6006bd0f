"""The phrasebook's English."""

from __future__ import annotations

from fias_desktop.coach.phrasebook.phrases import Phrases

ENGLISH = Phrases(
    nothing_counted=(
        "No full {one} was counted in this set.",
        "This set has no counted {one} yet.",
    ),
    not_judged=(
        "You did {n} {name}, but the form could not be judged.",
        "I counted {n} {name}, but I could not see enough to judge the form.",
    ),
    all_correct=(
        "Well done: all {n} {name} were correct.",
        "All {n} {name} were correct, well done.",
        "Very nice work: {n} of {n} {name} were correct.",
    ),
    one_correct=("A good {one}, well done.", "Well done, that {one} was correct."),
    some_correct=(
        "You did {n} {name}, {c} of them correct.",
        "Good work: {c} of {n} {name} were correct.",
        "I counted {n} {name}, and {c} of {n} were correct.",
    ),
    none_correct=(
        "You did {n} {name}, none of them correct.",
        "Thank you for {n} {name}; one thing needs work.",
    ),
    fault=(
        "In repetition {rep} {said} {where}: the {quantity} was {amount}, where {limit} is expected.",
        "Look at repetition {rep}: {said} {where}, with a {quantity} of {amount} where {limit} is expected.",
        "Repetition {rep} showed it best: {said} {where}, and the {quantity} was {amount}, where {limit} is expected.",
    ),
    fault_seen=("{said} in {k} of {n} repetitions.", "In {k} of {n} repetitions {said}."),
    often=("{said} in {k} of {n} repetitions.", "That is what I saw in {k} of {n}: {said}."),
    good=(
        "The {quantity} was {amount} {where}, as it should be: {limit}.",
        "The {quantity} was {amount} {where}, where {limit} is expected, so that part is right.",
    ),
    measured=("The {quantity} was {amount} {where}, where {limit} is expected.",),
    nothing_good=("I have no clear plus from this set yet, but the next set is a new chance.",),
    next_step=(
        "In the next set, {tip}.",
        "Next time, {tip}.",
        "Try this next: {tip}.",
        "From the first repetition on, {tip}.",
    ),
    keep=(
        "Keep moving exactly like this in the next set.",
        "Take a short rest and do the next set the same way.",
        "Hold on to this form in the next set.",
    ),
    stay_in_picture=(
        "Keep your whole body in the picture.",
        "Step back so that your whole body is in the picture.",
    ),
    full_movement=(
        "Move slowly through the whole way down and up, with your whole body in the picture.",
        "Go all the way down and up at a calm pace, with your whole body in the picture.",
    ),
    before={
        "better": (
            "Last time {bc} of {bn} were correct, now {c} of {n}: a step forward.",
            "That is better than the last set with {bc} of {bn} correct.",
        ),
        "worse": (
            "Last time {bc} of {bn} were correct, now {c} of {n}: a small step back.",
            "In the last set {bc} of {bn} were correct, so this is a small step back.",
        ),
        "same": (
            "Last time {bc} of {bn} were correct, now {c} of {n}: about the same.",
            "That is about the same as the last set with {bc} of {bn} correct.",
        ),
    },
    main_before=("This fault was in {bk} of {bn} then, and is in {k} of {n} now.",),
    nothing_before=("There is no last set of {many} to compare with yet.",),
    stood_out=("Your {joint} stood out the most {where}.", "Most of it showed at your {joint} {where}."),
    steady=(
        "Your repetitions were steady: the {quantity} stayed within {spread}.",
        "The {quantity} was steady, within {spread}.",
    ),
    uneven=("The {quantity} varied by {spread} between repetitions.",),
    not_counted=("{r} more did not count.", "Another {r} did not count."),
    health=("I cannot judge pain or injuries. Please stop here, and ask a doctor or a physiotherapist.",),
    other=(
        "I can only speak about this workout: why a point matters, what to change first, what went well, how it"
        " compares with the last set, and how many you did.",
    ),
    space=" ",
    stop=".",
    cheer="!",
)
