"""What to do next, in several wordings for every error: only body parts that the error is about."""

from __future__ import annotations

TIPS: dict[tuple[str, str], tuple[str, ...]] = {
    ("squat", "too_shallow"): (
        "sit down until your thighs are level with the floor",
        "let your hips sink until they are level with your knees",
        "go down slowly until your thighs are level with the floor",
        "take your hips lower before you stand up again",
    ),
    ("squat", "knees_inward"): (
        "push your knees out over your toes",
        "press your knees gently outward, in line with your toes",
        "let your knees follow the direction of your toes",
        "think of spreading the floor, so that your knees point where your toes point",
    ),
    ("squat", "feet_too_close"): (
        "set your feet as wide as your shoulders",
        "take your feet a little further apart, about as wide as your shoulders",
        "start with your feet under your shoulders",
        "step out until your feet stand below your shoulders",
    ),
    ("squat", "forward_lean"): (
        "lift your chest and keep your back long",
        "keep your chest up while you sit down",
        "let your chest point at the wall ahead and sit between your hips",
        "raise your chest and keep your shoulders above your hips",
    ),
    ("squat", "knees_past_toes"): (
        "sit back and keep your weight on your heels",
        "move your hips back first, as if you reach for a chair",
        "send your hips back and keep your heels on the floor",
        "begin with your hips and keep your weight over your heels",
    ),
    ("lunge", "too_high"): (
        "lower your back knee closer to the floor",
        "sink until your back knee is just above the floor",
        "take your hips straight down until both knees are well bent",
        "let your back knee travel further down",
    ),
    ("lunge", "knee_past_toe"): (
        "take a longer step and keep your front shin upright",
        "step out further, so that your front knee stays above your ankle",
        "sink straight down and keep your front knee over your ankle",
        "lengthen your step and keep the front shin upright",
    ),
    ("lunge", "trunk_lean"): (
        "stay tall and keep your shoulders above your hips",
        "grow tall before you go down and keep your shoulders over your hips",
        "keep your upper body upright, with your shoulders above your hips",
        "let your hips drop straight down while you stay tall",
    ),
    ("push_up", "hips_sag"): (
        "tighten your belly and keep one straight line from shoulders to heels",
        "hold your belly firm so that your hips stay level with your shoulders",
        "squeeze your belly before you go down and keep your hips up",
        "lift your hips into one line with your shoulders and heels",
    ),
    ("push_up", "hips_pike"): (
        "lower your hips into line with your shoulders and heels",
        "bring your hips down until you form one straight line from shoulders to heels",
        "let your hips come down level with your shoulders",
        "make one straight line from shoulders to heels before you start",
    ),
    ("push_up", "elbows_flared"): (
        "bring your elbows closer to your sides",
        "point your elbows back rather than out",
        "tuck your elbows in a little on the way",
        "turn your arms so that your elbows stay near your sides",
    ),
    ("push_up", "too_shallow"): (
        "lower your chest closer to the floor",
        "bend your arms until your chest is just above the floor",
        "let your elbows bend further before you push up again",
        "take your chest lower with every repetition",
    ),
}
