"""What to do next, in several wordings for every error: only body parts that the error is about."""

from __future__ import annotations

from trainer.coach.grammar.frames import Table, table

TIPS: dict[tuple[str, str], Table] = {
    ("squat", "too_shallow"): table(
        "sit down until your thighs are level with the floor",
        "let your hips sink until they are as low as your knees",
        "go down slowly until both thighs are level",
        "take your hips lower before you stand up again",
        "sink a little deeper with each squat",
        "bring your hips down to the height of your knees",
    ),
    ("squat", "knees_inward"): table(
        "push your knees out over your toes",
        "press your knees gently outward, in line with your toes",
        "let your knees follow your toes",
        "spread the floor, so that your knees point where your toes point",
        "guide both knees apart as you sit down",
        "open your knees toward your little toes",
    ),
    ("squat", "feet_too_close"): table(
        "set your feet as wide as your shoulders",
        "take your feet a little further apart",
        "start with your feet under your shoulders",
        "step out until your shoulders are right over your feet",
        "choose a wider stance before you sit down",
        "give your feet more room, about as wide as your shoulders",
    ),
    ("squat", "forward_lean"): table(
        "lift your chest and keep your back long",
        "keep your chest up while you sit down",
        "let your chest face the wall ahead and sit between your hips",
        "raise your chest and keep your shoulders above your hips",
        "show your chest to the wall in front of you",
        "stay tall in your upper body as you go down",
    ),
    ("squat", "knees_past_toes"): table(
        "sit back and keep your weight on your heels",
        "move your hips back first, as if you reach for a chair",
        "send your hips back and keep your heels on the floor",
        "begin with your hips and keep your weight over your heels",
        "reach back with your hips first of all",
        "feel your heels press into the floor as you sit back",
    ),
    ("lunge", "too_high"): table(
        "lower your back knee closer to the floor",
        "sink until your back knee is just above the floor",
        "take your hips straight down until both knees are well bent",
        "let your back knee sink lower",
        "drop your hips a bit deeper between your feet",
        "bend both knees more before you come up",
    ),
    ("lunge", "knee_past_toe"): table(
        "take a longer step and keep your front shin upright",
        "step out further, so that your front knee stays above your ankle",
        "sink straight down and keep your front knee over your ankle",
        "lengthen your step and keep the front shin upright",
        "let your front knee stop above the ankle",
        "make your step longer and drop the back knee straight down",
    ),
    ("lunge", "trunk_lean"): table(
        "stay tall and keep your shoulders above your hips",
        "grow tall before you go down",
        "keep your upper body upright over your hips",
        "let your hips drop straight down while you stay tall",
        "stack your shoulders over your hips and hold them there",
        "hold your upper body still and straight",
    ),
    ("push_up", "hips_sag"): table(
        "tighten your belly and keep one straight line from shoulders to heels",
        "hold your belly firm so that your hips stay in line with your shoulders",
        "squeeze your belly before you go down and keep your hips up",
        "lift your hips into one line with your shoulders and heels",
        "make your body as straight as a board, belly tight",
        "keep your hips from dropping by bracing your belly",
    ),
    ("push_up", "hips_pike"): table(
        "lower your hips into line with your shoulders and heels",
        "bring your hips down until you form one straight line",
        "let your hips come down in line with your shoulders",
        "make one straight line from shoulders to heels before you start",
        "flatten your body by letting the hips come down a little",
        "set your hips lower and keep them in line with your heels",
    ),
    ("push_up", "elbows_flared"): table(
        "bring your elbows closer to your sides",
        "point your elbows back",
        "tuck your elbows in a little on the way",
        "turn your arms so that your elbows stay near your sides",
        "keep your elbows close as you go down",
        "draw your elbows in toward your sides",
    ),
    ("push_up", "too_shallow"): table(
        "lower your chest closer to the floor",
        "bend your arms until your chest is just above the floor",
        "bend your elbows more before you push up again",
        "take your chest lower each time",
        "bring your chest down the whole way",
        "sink your chest toward the floor before you press up",
    ),
}
