"""What the simulated athletes are asked to do: sets of every class, errors without a class, and everything else in
life."""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.athlete import MOVEMENTS, SetPlan
from fias_desktop.domain.exercises import CLASS_OF_ERROR, ERRORS, EXERCISES

EXERCISE_SHARE = 0.8
# Of an exercise's sets. More than a third, so that an error that cannot be seen from somewhere (knees from the side) is
# not guessed there.
CORRECT_SHARE = 0.46
UNCLASSED_SHARE = 0.3  # of the `_correct` sets: errors that have no class of their own
SEVERITY = (0.45, 1.0)  # below it an error is neither clearly there nor clearly absent
TEMPO_S = {"squat": 2.2, "lunge": 2.2, "push_up": 1.7}  # of one repetition, in the median
SECOND_SHARE = 0.25  # of the sets with an error: a second one goes with it
# Errors that contradict each other: a body cannot show both.
_CONTRARY = (
    {"too_shallow", "knees_past_toes"}, {"forward_lean", "knees_past_toes"}, {"knees_inward", "feet_too_close"},
    {"too_high", "knee_past_toe"}, {"hips_sag", "hips_pike"},
)  # fmt: skip
# Movements that were most easily taken for an exercise, drawn more often.
_HARD = ("walk", "sit_to_stand", "bend_down", "pick_up", "hinge", "plank", "all_fours", "bench_press", "floor_press",
         "sit_up", "pull_up", "jumping_jack", "rope_jump", "step_stance", "stand", "stand_arms", "drink", "march",
         "half_kneel", "crouch", "tie_shoe", "deadlift", "down_dog", "forearm_plank", "crunch",
         "knee_bounce")  # fmt: skip


def random_script(rng: np.random.Generator) -> list[SetPlan]:
    """One athlete's spell before the camera."""
    if rng.random() < EXERCISE_SHARE:
        around = [[_movement(rng)] if rng.random() < 0.4 else [] for _ in range(2)]
        return [*around[0], _exercise_set(rng), *around[1]]
    return [_movement(rng) for _ in range(int(rng.integers(2, 5)))]


def _movement(rng: np.random.Generator) -> SetPlan:
    names = _HARD if rng.random() < 0.6 else MOVEMENTS
    return SetPlan(str(rng.choice(names)), repetitions=int(rng.integers(1, 5)))


def _exercise_set(rng: np.random.Generator) -> SetPlan:
    exercise = str(rng.choice(EXERCISES))
    classed = [code for (name, code) in CLASS_OF_ERROR if name == exercise]
    error = str(rng.choice(classed)) if rng.random() > CORRECT_SHARE else None
    if error is None and rng.random() < UNCLASSED_SHARE:
        error = str(rng.choice([e for e in ERRORS[exercise] if (exercise, e) not in CLASS_OF_ERROR]))
    return SetPlan(
        exercise,
        error,
        float(rng.uniform(*SEVERITY)) if error else 0.0,
        repetitions=int(rng.integers(2, 6)),
        tempo_s=float(np.clip(rng.lognormal(np.log(TEMPO_S[exercise]), 0.48), 0.65, 6.5)),
        also=_second(exercise, error, rng) if error and rng.random() < SECOND_SHARE else (),
    )


def _second(exercise: str, error: str, rng: np.random.Generator) -> tuple[tuple[str, float], ...]:
    """An error without a class of its own that can go with the first one."""
    others = [e for e in ERRORS[exercise] if e != error and (exercise, e) not in CLASS_OF_ERROR]
    others = [e for e in others if {e, error} not in _CONTRARY]
    return ((str(rng.choice(others)), float(rng.uniform(*SEVERITY))),) if others else ()
