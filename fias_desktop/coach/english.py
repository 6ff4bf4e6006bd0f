"""The coach's English."""

from __future__ import annotations

from fias_desktop.coach.words import ErrorWords, PromptWords, Words

_ERRORS: dict[tuple[str, str], ErrorWords] = {
    ("squat", "too_shallow"): ErrorWords(
        "not going deep enough",
        "you did not go deep enough",
        "sit down until your thighs are level with the floor",
        ("Go lower", "A little deeper", "Sit lower", "Hips down to your knees"),
        ("Good depth now", "That was deep enough"),
        ("hips", "knees", "thighs"),
    ),
    ("squat", "knees_inward"): ErrorWords(
        "knees moving inward",
        "your knees moved inward",
        "push your knees out over your toes",
        ("Knees out", "Knees over your toes", "Push the knees apart", "Spread the floor"),
        ("Knees are right now", "Yes, knees out"),
        ("knees", "toes"),
    ),
    ("squat", "feet_too_close"): ErrorWords(
        "feet too close together",
        "your feet were too close together",
        "set your feet as wide as your shoulders",
        ("Feet wider", "Feet under your shoulders", "A wider stance"),
        ("Good stance now", "Feet are right now"),
        ("feet", "shoulders", "ankles"),
    ),
    ("squat", "forward_lean"): ErrorWords(
        "upper body leaning too far forward",
        "your upper body leaned too far forward",
        "lift your chest and keep your back long",
        ("Chest up", "Lift your chest", "Stay taller", "Back long"),
        ("Chest is up now", "Good, tall chest"),
        ("upper body", "chest", "back", "shoulders", "hips"),
    ),
    ("squat", "knees_past_toes"): ErrorWords(
        "knees travelling far past the toes",
        "your knees travelled far past your toes",
        "sit back and keep your weight on your heels",
        ("Sit back", "Hips back first", "Weight on your heels"),
        ("Good, you sit back now", "Knees stay back now"),
        ("knees", "toes", "heels", "hips"),
    ),
    ("lunge", "too_high"): ErrorWords(
        "staying too high",
        "you stayed too high",
        "lower your back knee closer to the floor",
        ("Drop your back knee", "Lower", "Back knee down", "Sink deeper"),
        ("Good depth now", "That was low enough"),
        ("knees", "hips"),
    ),
    ("lunge", "knee_past_toe"): ErrorWords(
        "front knee travelling past the toes",
        "your front knee travelled past your toes",
        "take a longer step and keep your front shin upright",
        ("Longer step", "Front shin upright", "Knee over your ankle"),
        ("Good step now", "Front knee is right now"),
        ("knees", "toes", "shin", "ankles"),
    ),
    ("lunge", "trunk_lean"): ErrorWords(
        "upper body leaning over",
        "your upper body leaned over",
        "stay tall and keep your shoulders above your hips",
        ("Stay tall", "Chest up", "Shoulders over hips"),
        ("Good, you stay tall now", "Upper body is right now"),
        ("upper body", "shoulders", "hips"),
    ),
    ("push_up", "hips_sag"): ErrorWords(
        "hips sinking",
        "your hips sank",
        "tighten your belly and keep one straight line from shoulders to heels",
        ("Hips up, belly tight", "Belly tight", "One straight line", "Lift your hips"),
        ("Good line now", "Hips are level now"),
        ("hips", "belly", "shoulders", "heels", "back"),
    ),
    ("push_up", "hips_pike"): ErrorWords(
        "hips pushed up too high",
        "your hips were pushed up too high",
        "lower your hips into line with your shoulders and heels",
        ("Hips down", "Lower your hips", "One straight line"),
        ("Good line now", "Hips are level now"),
        ("hips", "shoulders", "heels"),
    ),
    ("push_up", "elbows_flared"): ErrorWords(
        "elbows flaring out",
        "your elbows flared out",
        "bring your elbows closer to your sides",
        ("Elbows in", "Elbows closer", "Tuck your elbows"),
        ("Elbows are right now", "Good, elbows in"),
        ("elbows", "shoulders", "sides", "arms"),
    ),
    ("push_up", "too_shallow"): ErrorWords(
        "not going low enough",
        "you did not go low enough",
        "lower your chest closer to the floor",
        ("Chest lower", "Go lower", "Bend your arms more"),
        ("Good depth now", "That was low enough"),
        ("chest", "elbows", "arms"),
    ),
}

_PROMPT = PromptWords(
    none_counted="Set: no {name} counted{missed}",
    counted="Set: {n} {name}, {share}{missed}",
    form_unknown="form unknown",
    all_correct="all correct",
    some_correct="{c} of {n} correct",
    none_correct="none correct",
    missed=", {n} not counted",
    seen_as="Seen as: {form}, {percent} percent",
    correct_form="correct form",
    unknown_form="unknown form",
    fault="Fault: {name} in {k} of {n}",
    fault_place=", worst in repetition {rep} {where}: {quantity} {amount}, expected {limit}",
    no_fault="Fault: none found",
    not_judged="Fault: not judged",
    good="Good {where}: {quantity} {amount}, expected {limit}",
    hottest="Hottest: {joints} percent, most {where}",
    hottest_row="{joint} {percent}",
    comma=", ",
    parts="Parts: beginning {first}, bottom {middle}, end {last}",
    spread="Spread: {quantity} within {amount}, {verdict}",
    steady="steady",
    uneven="uneven",
    last_set="Last set: {c} of {n} correct{fault}, now {trend}",
    last_fault=", this fault in {k}",
    trends={"better": "better", "worse": "worse", "same": "same"},
    wanted="Wanted: {topic}",
    voice="Voice: {voice}",
    end="Advice:",
)

ENGLISH = Words(
    language="en",
    errors=_ERRORS,
    other_error=ErrorWords(
        "", "there was a fault: {}", "slow down and watch this point", ("Watch your form",), ("Better now",), ()
    ),
    exercises={"squat": ("squat", "squats"), "lunge": ("lunge", "lunges"), "push_up": ("push-up", "push-ups")},
    joints={"left_foot_index": "left toes", "right_foot_index": "right toes"},
    quantities={
        "knee_angle": "knee angle",
        "front_knee_angle": "front knee angle",
        "hip_angle": "hip angle",
        "elbow_angle": "elbow angle",
        "trunk_lean": "lean of the upper body",
        "trunk_tilt": "sideways lean of the upper body",
        "knees_past_toes": "forward knee travel",
        "knee_past_toe": "forward travel of the front knee",
        "knee_ankle_ratio": "knee spacing",
        "foot_spread": "foot spacing",
        "hip_line": "height of the hips above the body line",
        "elbow_flare": "upper arm angle",
    },
    below_zero={
        "trunk_lean": "backward lean of the upper body",
        "hip_line": "depth of the hips below the body line",
    },
    units={"deg": " degrees", "s": " seconds", "ratio": "", "%": " percent"},
    measures={
        "knee_ankle_ratio": " times the ankle spacing",
        "foot_spread": " shoulder widths",
        "knees_past_toes": " torso lengths",
        "knee_past_toe": " torso lengths",
    },
    phases={"beginning": "at the beginning", "bottom": "at the bottom", "end": "at the end"},
    at_least="at least {}",
    at_most="at most {}",
    praise_cues={
        "squat": ("Good squat", "Clean squat", "Just like that"),
        "lunge": ("Good lunge", "Clean lunge", "Just like that"),
        "push_up": ("Good push-up", "Clean push-up", "Just like that"),
        "": ("Good, keep going", "Just like that"),
    },
    topics={
        "summary": "advice after the set",
        "why": "why this point matters most",
        "first": "what to change first",
        "good": "what went well",
        "progress": "how it compares with the last set",
        "count": "how many and how steady",
    },
    voices={"calm": "calm", "energetic": "energetic", "brief": "brief"},
    instructions=(
        "You are a friendly fitness coach with a background in sports science. Write {sentences} to the athlete about"
        " the set below, in plain words without technical terms. Write: {topic}. Speak in a {voice} voice. Say what was"
        " measured, on which body part and when in the movement, and what to do next; praise what was correct. Use only"
        " the body parts, numbers and faults that are listed. Do not speak of pain, injury or treatment. No lists, no"
        " headings. Answer in English."
    ),
    asked=" The athlete asks: “{}” Answer from the facts below alone.",
    prompt=_PROMPT,
)
