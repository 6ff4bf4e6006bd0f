"""What was good, in English."""

from __future__ import annotations

from trainer.coach.grammar.frames import Praise, voiced

PRAISE = Praise(
    good=voiced(
        (
            "The {g_quantity} was {g_amount} {g_where}, as it should be: {g_limit}.",
            "{g_where}, the {g_quantity} was {g_amount}, and {g_limit} is the goal.",
            "With the {g_quantity} at {g_amount} {g_where}, you met the goal of {g_limit}.",
            "I measured the {g_quantity} {g_where}: {g_amount}, where {g_limit} is expected.",
            "I liked the {g_quantity} {g_where}: {g_amount}, expected {g_limit}.",
            "Your {g_quantity} came to {g_amount} {g_where}, right where we want it.",
            "What pleased me most was the {g_quantity} of {g_amount} {g_where}.",
            "A fine detail: {g_where} the {g_quantity} stood at {g_amount}, and {g_limit} is asked for.",
            "You can trust the {g_quantity}, since it was {g_amount} {g_where} and should be {g_limit}.",
            "For the {g_quantity} we expect {g_limit}, and you had {g_amount} {g_where}.",
            "It helped that the {g_quantity} showed {g_amount} {g_where}.",
            "One value to remember is {g_amount}, your {g_quantity} {g_where}.",
        ),
        (
            "The {g_quantity} was {g_amount} {g_where}, just what we want!",
            "Look at the {g_quantity}: {g_amount} {g_where}, expected {g_limit}!",
            "{g_where} the {g_quantity} hit {g_amount}, love it!",
            "You made it, the {g_quantity} was {g_amount}, where {g_limit} is the goal!",
            "That {g_quantity} of {g_amount} {g_where} is what I came to see!",
        ),
        (
            "{g_quantity} {g_amount} {g_where}, expected {g_limit}.",
            "Good {g_where}: {g_quantity} {g_amount}.",
            "{g_quantity} {g_where}: {g_amount}, goal met.",
            "Good: {g_quantity} {g_amount}, expected {g_limit}.",
        ),
    ),
    beside=voiced(
        (
            "One good thing: the {g_quantity} was {g_amount} {g_where}, where {g_limit} is expected.",
            "What went well was the {g_quantity}, {g_amount} {g_where}.",
            "The {g_quantity} was fine {g_where}: {g_amount}, expected {g_limit}.",
            "The good news: the {g_quantity} came to {g_amount} {g_where}.",
            "You can keep the {g_quantity} as it is, {g_amount} {g_where}.",
            "I was happy with the {g_quantity}: {g_amount} {g_where}, where {g_limit} is expected.",
            "Do not change the {g_quantity}: {g_amount} {g_where} is what we want.",
        ),
        (
            "The {g_quantity} was good, {g_amount} {g_where}!",
            "Keep that {g_quantity} of {g_amount} {g_where}!",
            "And hey, the {g_quantity} was great, {g_amount} {g_where}!",
            "The {g_quantity} at {g_amount} {g_where} was spot on!",
        ),
        (
            "Good {g_where}: {g_quantity} {g_amount}.",
            "Good: {g_quantity} {g_amount}, expected {g_limit}.",
            "Fine {g_where}: {g_quantity} {g_amount}.",
            "Keep the {g_quantity}: {g_amount} {g_where}.",
        ),
    ),
    measured=voiced(
        (
            "The {g_quantity} was {g_amount} {g_where}, where {g_limit} is expected.",
            "I could measure the {g_quantity} {g_where}: {g_amount}, expected {g_limit}.",
            "{g_where}, the {g_quantity} was {g_amount}, and {g_limit} is the goal.",
            "For the {g_quantity} I read {g_amount} {g_where}, expected {g_limit}.",
            "At least the {g_quantity} is known, {g_amount} {g_where}.",
            "One thing I did see: the {g_quantity} came to {g_amount} {g_where}.",
        ),
        (
            "I did catch the {g_quantity}, {g_amount} {g_where}!",
            "The {g_quantity} was {g_amount} {g_where}, expected {g_limit}!",
            "This much I saw: {g_quantity} {g_amount} {g_where}!",
            "{g_where} the {g_quantity} hit {g_amount}, expected {g_limit}!",
        ),
        (
            "{g_quantity} {g_amount} {g_where}, expected {g_limit}.",
            "Measured {g_where}: {g_quantity} {g_amount}.",
            "{g_where}: {g_quantity} {g_amount}.",
            "Seen {g_where}: {g_quantity} {g_amount}, expected {g_limit}.",
        ),
    ),
)
