"""The exercises by name, and the fine class that a set of them shows."""

from __future__ import annotations

import numpy as np

from fias_desktop.domain.athlete.body import Body
from fias_desktop.domain.athlete.lunge import lunge_steps
from fias_desktop.domain.athlete.push_up import push_up_maker
from fias_desktop.domain.athlete.squat import squat_maker
from fias_desktop.domain.athlete.steps import SetPlan, Step
from fias_desktop.domain.athlete.style import make_rhythm, simple_set
from fias_desktop.domain.exercises import CLASS_OF_ERROR, ERRORS


def exercise_steps(plan: SetPlan, body: Body, rng: np.random.Generator) -> list[Step]:
    """The steps of a set of squats, lunges or push-ups, beginning with the pose at the top (0 s)."""
    for error, _ in plan.errors:
        if error not in ERRORS[plan.exercise]:
            raise ValueError(f"{error!r} is no error of {plan.exercise}; known: {', '.join(ERRORS[plan.exercise])}")
    if plan.exercise == "lunge":
        return lunge_steps(plan, body, rng)
    maker = squat_maker if plan.exercise == "squat" else push_up_maker
    return simple_set(plan, maker(plan, body, rng), make_rhythm(plan, rng), rng)


def label_of(plan: SetPlan) -> str:
    """The fine class of a set's repetitions; an error without a class of its own leaves them `<exercise>_correct`."""
    return CLASS_OF_ERROR.get((plan.exercise, plan.error or ""), f"{plan.exercise}_correct")
