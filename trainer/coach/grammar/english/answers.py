"""The English answers to questions about a set."""

from __future__ import annotations

from trainer.coach.grammar.frames import Answers, voiced

ANSWERS = Answers(
    why=voiced(
        (
            "This matters most because {said} in {k} of {total}: the {quantity} was {amount}, expected {limit}.",
            "I chose it because {said} in {k} of {total}, worst in repetition {rep} {where}.",
            "The reason is repetition {rep}: {said} {where}, with the {quantity} at {amount}, expected {limit}.",
            "Because {said} {where}, the {quantity} came to {amount}, and {limit} is the aim.",
            "It comes first since {said} in {k} of {total}, with the {quantity} at {amount} in repetition {rep}.",
            "You ask why: {said}, and the {quantity} was {amount} in repetition {rep}, not {limit}.",
            "I measured the {quantity} {where}, {amount} in repetition {rep}, so {said}.",
            "It is about {fault}, seen in {k} of {total}, and the {quantity} of {amount} should be {limit}.",
            "No other point showed as much: {said} in {k} of {total}, with the {quantity} at {amount}.",
        ),
        (
            "Because {said} in {k} of {total}, with the {quantity} at {amount}, expected {limit}!",
            "Simple: {said} {where}, {quantity} {amount}, and we want {limit}!",
            "Look at repetition {rep}, {said} and the {quantity} hit {amount}!",
            "It is the big one, {fault} in {k} of {total}, {quantity} {amount} at worst!",
            "Good question: {said} in {k} of {total}, worst in repetition {rep} {where}!",
        ),
        (
            "{fault} in {k} of {total}, worst in repetition {rep} {where}: {quantity} {amount}, expected {limit}.",
            "Because {said}: {quantity} {amount}, expected {limit}.",
            "{said} in {k} of {total}, {quantity} {amount} at worst.",
            "Why: {fault}, {quantity} {amount} in repetition {rep}, expected {limit}.",
        ),
    ),
    why_seen=voiced(
        (
            "This matters most because {said} in {k} of {total}.",
            "I chose it because {said} in {k} of {total} {reps}.",
            "It comes first, as {said} in {k} of {total}.",
            "The reason is simple: I saw {fault} in {k} of {total}.",
            "You ask why: in {k} of {total} {reps} {said}.",
            "No other point showed as much as {fault}, in {k} of {total}.",
        ),
        (
            "Because {said} in {k} of {total}!",
            "Simple: {fault} in {k} of {total}!",
            "Good question, {said} in {k} of {total}!",
            "It is the big one, {fault} in {k} of {total}!",
        ),
        (
            "Because {said} in {k} of {total}.",
            "{fault} in {k} of {total}.",
            "Why: {fault} in {k} of {total}.",
            "Reason: {said} in {k} of {total}.",
        ),
    ),
    why_fine=voiced(
        (
            "I found no fault in your {n} {name}, and {c} of {n} {were} correct.",
            "There is no fault to explain, since {c} of {n} {were} correct.",
            "Of {n} {name} I called {c} correct, and found no fault.",
            "My check of {n} {name} found no fault, with {c} of {n} correct.",
            "You ask why: {c} of {n} {name} {were} correct, and no fault was found.",
        ),
        (
            "No fault found, {c} of {n} {name} correct!",
            "Good question, but I found no fault in your {n} {name}!",
            "Simple: {c} of {n} correct and no fault found!",
            "I found no fault, {c} of {n} {name} {were} correct!",
        ),
        (
            "No fault found, {c} of {n} correct.",
            "{c} of {n} {name} correct, no fault found.",
            "{c} of {n} correct.",
            "No fault found in your {n} {name}.",
        ),
    ),
    why_open=voiced(
        (
            "I could not judge the form, so I have no fault to name.",
            "The form was not judged this time, so nothing is certain.",
            "I saw too little to judge your form.",
            "Without a clear view I cannot name a reason.",
            "Your form stays open, as I could not judge it.",
        ),
        (
            "I could not judge the form this time!",
            "I saw too little to say why, so show me more!",
            "The form stays open for now!",
            "No verdict yet, I need a better view!",
        ),
        ("Form not judged.", "No verdict on the form.", "The form is unknown.", "Not judged this time."),
    ),
    first=voiced(
        (
            "First of all, fix {fault}: {tip}.",
            "First comes {fault}, seen in {k} of {total}: {tip}.",
            "Because {said} in {k} of {total}, the first thing is to {tip}.",
            "Begin with one change: {said}, so {tip}.",
            "The first thing to change is {fault}, so {tip}.",
            "I would fix {fault} first; it showed in {k} of {total}, so {tip}.",
            "{said} in {k} of {total}; to change that, {tip}.",
            "On top of your list is {fault}, so {tip}.",
            "Since {said} in {k} of {total} {reps}, {tip} before all else.",
        ),
        (
            "First up, {fault}: {tip}!",
            "{said} in {k} of {total}, so {tip}!",
            "Start here: {fault} in {k} of {total}, now {tip}!",
            "One thing first, {tip}, because {said}!",
            "Let us beat {fault}, {tip}!",
        ),
        (
            "First {fault}: {tip}.",
            "{said}, so {tip}.",
            "{fault} in {k} of {total}: {tip}.",
            "First comes {fault}: {tip}.",
            "Change {fault} first: {tip}.",
        ),
    ),
    first_fine=voiced(
        (
            "There is no fault to change, since {c} of {n} {were} correct.",
            "I found no fault in your {n} {name}.",
            "With {c} of {n} correct and no fault found, I would change little.",
            "No fault was found in your {n} {name}, so first of all be glad.",
            "Your {n} {name} showed no fault that I would change first.",
        ),
        (
            "No fault found, {c} of {n} {name} correct!",
            "I found no fault in your {n} {name}, lovely!",
            "No fault to change, {c} of {n} {were} correct!",
            "Right now I have no fault for you, {c} of {n} correct!",
        ),
        (
            "No fault found in your {n} {name}.",
            "{c} of {n} correct, no fault to change.",
            "No fault found, {c} of {n} correct.",
            "No fault to change in your {n} {name}.",
        ),
    ),
    first_open=voiced(
        (
            "First I need to see more, as the form was not judged.",
            "I could not judge the form, so the view comes first.",
            "Before we change anything, let me see you better.",
            "The first thing to change is my view of you.",
        ),
        (
            "First let me see more of you!",
            "The form was not judged, so the view comes first!",
            "Show me more first, then we change things!",
            "Step one, a better view for me!",
        ),
        (
            "First a better view.",
            "Form not judged, so the view first.",
            "The view comes first.",
            "First: let me see you.",
        ),
    ),
    good_count=voiced(
        (
            "What went well: {c} of {n} {name} {were} correct.",
            "You had {c} of {n} {name} correct.",
            "Be glad of {c} of {n} {name} done right.",
            "The good part is that {c} of {n} {were} correct.",
            "I liked {c} of your {n} {name}.",
            "To your credit, {c} of {n} {name} {were} clean.",
            "I was glad to see {c} of {n} {name} correct.",
        ),
        (
            "{c} of {n} {name} correct, nice!",
            "Hey, {c} of {n} {name} {were} clean!",
            "Cheers to {c} of {n} {name} done right!",
            "You got {c} of {n} {name} correct!",
        ),
        (
            "{c} of {n} {name} correct.",
            "Good: {c} of {n} correct.",
            "{c} clean of {n} {name}.",
            "Went well: {c} of {n} {name}.",
        ),
    ),
    good_none=voiced(
        (
            "You showed up and worked, and that is worth a lot.",
            "I have no good value for you this time, but you gave it a go.",
            "I have nothing measured to praise yet, only your effort.",
            "The best part was that you tried.",
            "You did the work, and the praise can come with the next set.",
            "For now I can praise your effort alone.",
        ),
        (
            "You showed up, and that is a start!",
            "You gave it a go, love the effort!",
            "Big effort, and the rest will come!",
            "You are here and you are trying, that is a win!",
        ),
        ("Your effort was good.", "You tried, and that is a start.", "Good effort.", "You did the work."),
    ),
    main_count=voiced(
        (
            "{said} in {k} of {total} now, and in {bk} of {bn} in the last set.",
            "As to {fault}, the last set had it in {bk} of {bn}, this one in {k} of {total}.",
            "For {fault} the count was {bk} of {bn} in the last set and is {k} of {total} now.",
            "I saw {fault} in {bk} of {bn} in the last set and in {k} of {total} this time.",
            "In the last set it was {bk} of {bn} with {fault}, now {k} of {total}.",
        ),
        (
            "Last set {bk} of {bn} with {fault}, now {k} of {total}!",
            "{said} in {k} of {total} now and in {bk} of {bn} in the last set!",
            "For {fault}: {bk} of {bn} in the last set, {k} of {total} now!",
            "Look, {fault} in {bk} of {bn} in the last set, in {k} of {total} now!",
        ),
        (
            "{fault}: {bk} of {bn} in the last set, {k} of {total} now.",
            "{fault}: last time {bk} of {bn}, now {k} of {total}.",
            "{said} in {k} of {total}, last set in {bk} of {bn}.",
            "{fault} in {k} of {total}, {bk} of {bn} in the last set.",
        ),
    ),
    no_last=voiced(
        (
            "There is no earlier set of this exercise to compare with yet.",
            "I have no last set to look back on yet.",
            "This is the first set I can look at, so there is nothing to compare.",
            "Ask me again after the next set, as there is no last one yet.",
            "We need one more set before I can compare.",
            "For now I cannot compare, since no last set is known.",
        ),
        (
            "No last set yet, so this one sets the mark!",
            "Nothing to compare yet, do one more set!",
            "There is no last set yet, so let us make the next one!",
            "Ask me after one more set, there is no last one yet!",
        ),
        ("No last set yet.", "Nothing to compare yet.", "No earlier set to compare.", "There is no last set yet."),
    ),
    count=voiced(
        (
            "I counted {n} {name}, {share}.",
            "You did {n} {name}, {share}.",
            "The count is {n} {name}, {share}.",
            "In all there were {n} {name}, {share}.",
            "My list has {n} {name}, {share}.",
            "You made it to {n} {name}, {share}.",
            "That comes to {n} {name}, {share}.",
        ),
        (
            "{n} {name}, {share}!",
            "You did {n} {name}, {share}!",
            "The count says {n} {name}, {share}!",
            "That makes {n} {name}, {share}!",
        ),
        (
            "{n} {name}, {share}.",
            "Count: {n} {name}, {share}.",
            "Counted {n} {name}, {share}.",
            "Total: {n} {name}, {share}.",
        ),
    ),
    count_open=voiced(
        (
            "I counted {n} {name}, form unknown.",
            "You did {n} {name}, but I cannot say how many were correct.",
            "The count is {n} {name}, and the form was not judged.",
            "In all there were {n} {name}, with the form still open.",
        ),
        (
            "{n} {name} counted, form unknown!",
            "You did {n} {name}, the form stays open!",
            "The count says {n} {name}, form not judged!",
            "That makes {n} {name}, now show me the form!",
        ),
        (
            "{n} {name}, form unknown.",
            "Count: {n} {name}, form not judged.",
            "{n} counted, form open.",
            "{n} {name} counted, form unknown.",
        ),
    ),
    rejected=voiced(
        (
            "Another {r} did not count.",
            "Besides, {r} {r_were} not counted.",
            "I left out {r} that {r_were} not complete.",
            "On top of that, {r} {r_were} not full and did not count.",
        ),
        (
            "Another {r} did not count!",
            "And {r} {r_were} not counted, go the whole way!",
            "I left out {r} more, make them full!",
            "Plus {r} that did not count!",
        ),
        ("{r} not counted.", "Another {r} not counted.", "Not counted: {r}.", "{r} more did not count."),
    ),
    not_counted=voiced(
        (
            "No full {one} was counted, and {r} {r_were} not complete.",
            "I counted no {one} this time; {r} did not count.",
            "The count is none, as {r} {r_were} not full.",
            "You tried {r}, but no {one} was complete.",
            "None counted so far, with {r} left out.",
        ),
        (
            "No {one} counted yet, {r} did not count!",
            "None so far, {r} {r_were} not full, go again!",
            "You tried {r}, now make one {one} count!",
            "No full {one} yet and {r} not counted, come on!",
        ),
        (
            "No {one} counted, {r} not counted.",
            "Count: none, {r} not counted.",
            "None counted, {r} left out.",
            "{r} tried, no full {one}.",
        ),
    ),
)
