"""Steadiness, places and the last set, in English."""

from __future__ import annotations

from trainer.coach.grammar.frames import More, voiced

MORE = More(
    steady=voiced(
        (
            "Your movement was very steady: the {s_quantity} stayed within {spread}.",
            "From one {one} to the next the {s_quantity} was steady, within {spread}.",
            "You were steady, with the {s_quantity} within {spread}.",
            "How steady you were: the {s_quantity} stayed within {spread}.",
            "I like how steady you are, since the {s_quantity} kept within {spread}.",
            "The {s_quantity} hardly changed, it stayed within {spread}.",
        ),
        (
            "Super steady, the {s_quantity} stayed within {spread}!",
            "Rock steady: {s_quantity} within {spread}!",
            "Steady as can be, {s_quantity} within {spread}!",
            "So steady, with the {s_quantity} within {spread}!",
        ),
        (
            "Steady: {s_quantity} within {spread}.",
            "{s_quantity} within {spread}, steady.",
            "{s_quantity} steady, within {spread}.",
            "Steady work: {s_quantity} within {spread}.",
        ),
    ),
    uneven=voiced(
        (
            "The {s_quantity} changed by {spread}, so aim for the same way each time.",
            "Your movement was uneven: the {s_quantity} differed by {spread}.",
            "From one {one} to the next the {s_quantity} changed by {spread}.",
            "It was a bit uneven, with the {s_quantity} only within {spread}.",
            "The {s_quantity} was uneven, it moved within {spread}.",
            "Between the {many} the {s_quantity} varied by {spread}.",
        ),
        (
            "A bit uneven, the {s_quantity} changed by {spread}!",
            "Even it out, the {s_quantity} varied by {spread}!",
            "Uneven so far: {s_quantity} within {spread}, smooth it out!",
            "The {s_quantity} differed by {spread}, make them all alike!",
        ),
        (
            "Uneven: {s_quantity} within {spread}.",
            "{s_quantity} varied by {spread}.",
            "{s_quantity} uneven, within {spread}.",
            "Still uneven: {s_quantity} within {spread}.",
        ),
    ),
    heat=voiced(
        (
            "Your {joint} stood out the most, above all {peak}.",
            "It showed most in your {joint}, most of all {peak}.",
            "The {joint} drew the eye, most {peak}.",
            "Pay attention to your {joint}, above all {peak}.",
            "Of the whole body your {joint} told me most, mainly {peak}.",
            "I looked most at your {joint}, and most of that {peak}.",
            "Keep your mind on the {joint}, which stood out {peak}.",
        ),
        (
            "Your {joint} stood out, most {peak}!",
            "Watch your {joint}, above all {peak}!",
            "The {joint} drew my eye, most {peak}!",
            "Your {joint} caught my eye, most {peak}!",
        ),
        (
            "Watch your {joint}, most {peak}.",
            "Most seen: {joint}, {peak}.",
            "{joint} stood out, most {peak}.",
            "Look at your {joint}, most {peak}.",
        ),
    ),
    parts=voiced(
        (
            "At the beginning your {first} stood out, at the end your {last}.",
            "At the bottom I looked most at your {middle}.",
            "At the end it was your {last} that stood out.",
            "At the beginning the {first} told me most, at the bottom the {middle}.",
            "At the bottom your {middle} drew the eye.",
            "Your {first} stood out at the beginning.",
        ),
        (
            "At the bottom your {middle} stood out!",
            "Watch your {first} at the beginning and your {last} at the end!",
            "At the end your {last} caught my eye!",
            "At the beginning your {first} drew my eye!",
        ),
        (
            "At the bottom: {middle}.",
            "At the beginning {first}, at the end {last}.",
            "At the end watch your {last}.",
            "At the beginning watch your {first}.",
        ),
    ),
    trends={
        "better": voiced(
            (
                "That is better than the last set, when {bc} of {bn} {bwere} correct.",
                "Last time {bc} of {bn} {bwere} correct, so this is a step forward.",
                "Set beside {bc} of {bn} in the last set, this is better.",
                "You improved: the last set had {bc} of {bn} correct.",
                "Nice progress from {bc} of {bn} correct in the last set.",
                "Last set {bc} of {bn}, now {c} of {n} correct: better.",
                "It is going up, from {bc} of {bn} in the last set to {c} of {n} now.",
            ),
            (
                "Better than the last set with {bc} of {bn} correct!",
                "From {bc} of {bn} in the last set to {c} of {n}, you improved!",
                "Last set {bc} of {bn}, now {c} of {n}, that is progress!",
                "What a step forward from {bc} of {bn} in the last set!",
            ),
            (
                "Last set {bc} of {bn}, now {c} of {n}: better.",
                "Better than {bc} of {bn} in the last set.",
                "Last set {bc} of {bn} correct, now better.",
                "A step forward from {bc} of {bn} last set.",
            ),
        ),
        "worse": voiced(
            (
                "That is a small step back from the last set, with {bc} of {bn} correct.",
                "Last time {bc} of {bn} {bwere} correct, so this is a small step back.",
                "The last set was better, with {bc} of {bn} correct.",
                "Last set {bc} of {bn}, now {c} of {n} correct: you can get back there.",
                "You had {bc} of {bn} correct in the last set, so there is more in you.",
                "It went down a little from {bc} of {bn} in the last set to {c} of {n} now.",
            ),
            (
                "Last set {bc} of {bn} correct, so let us get back there!",
                "The last set was better with {bc} of {bn}, you can do that again!",
                "A small step back from {bc} of {bn} in the last set, come on!",
                "From {bc} of {bn} in the last set to {c} of {n}, now fight back!",
            ),
            (
                "Last set {bc} of {bn}, now {c} of {n}: a step back.",
                "The last set was better: {bc} of {bn} correct.",
                "Last set {bc} of {bn} correct, now worse.",
                "A step back from {bc} of {bn} last set.",
            ),
        ),
        "same": voiced(
            (
                "That is about the same as the last set, with {bc} of {bn} correct.",
                "The last set was the same, {bc} of {bn} correct.",
                "Last set {bc} of {bn}, now {c} of {n} correct: the same level.",
                "Just like the last set, when {bc} of {bn} {bwere} correct.",
                "You held the level of the last set, {bc} of {bn} correct.",
                "No change from the last set, which had {bc} of {bn} correct.",
            ),
            (
                "Same level as the last set, {bc} of {bn} correct!",
                "Last set {bc} of {bn}, now {c} of {n}, the same again!",
                "Just like the last set with {bc} of {bn} correct!",
                "You held the level of the last set, {bc} of {bn}!",
            ),
            (
                "Last set {bc} of {bn}, now {c} of {n}: the same.",
                "Same as the last set: {bc} of {bn} correct.",
                "Last set {bc} of {bn} correct, now the same.",
                "Level with the last set: {bc} of {bn}.",
            ),
        ),
    },
    last_open=voiced(
        (
            "In the last set {bc} of {bn} {bwere} correct; for this one I cannot say.",
            "The last set had {bc} of {bn} correct, but this one stays open.",
            "Your last set showed {bc} of {bn} correct, and this one could not be judged.",
            "I know of {bc} of {bn} correct in the last set, and cannot judge this one.",
        ),
        (
            "The last set had {bc} of {bn} correct, now let me see this one!",
            "Last set {bc} of {bn} correct, this one is still open!",
            "You had {bc} of {bn} correct in the last set, show me the next!",
            "In the last set {bc} of {bn} {bwere} correct, this one stays a secret!",
        ),
        (
            "Last set {bc} of {bn} correct, now open.",
            "Last set {bc} of {bn}, this one not judged.",
            "The last set had {bc} of {bn} correct.",
            "Last set {bc} of {bn} correct, now unknown.",
        ),
    ),
)
