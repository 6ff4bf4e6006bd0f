"""Everyday movements and other exercises, as tables of key poses: what the program must not take for a repetition of
its own.

A cycle goes from one posture to another and back; `alternate` mirrors every other one. Values are parameters of the
pose vocabulary (see `pose`), ranges are drawn anew for each performance.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fias_desktop.domain.athlete.body import Body
from fias_desktop.domain.athlete.pose import STAND, Float, change, mirror
from fias_desktop.domain.athlete.push_up import push_up_maker
from fias_desktop.domain.athlete.steps import Ranges, SetPlan, Step, balanced, draw, shifted
from fias_desktop.domain.athlete.style import ARMS

_SIDES: Ranges = {"raise": (3, 15), "azimuth": (20, 100), "reach": (0.9, 0.99), "hang": (0.5, 1.0)}
_SIT: Ranges = {"py": (0.42, 0.56), "pz": (-0.6, -0.45), "lean": (-8, 18), "x": (0.1, 0.25), "raise": (20, 50),
                "azimuth": (-10, 30), "reach": (0.6, 0.85), "hang": 1.0}  # fmt: skip
_ON_BACK: Ranges = {"py": (0.07, 0.11), "pz": 0.0, "lean": (-92, -86), "nod": (0, 20), "raise": (5, 40),
                    "azimuth": (60, 100), "reach": (0.8, 0.98), "hang": 0.0, "z": (0.9, 0.97),
                    "pitch": (-85, -60), "knee_up": 1.0}  # fmt: skip
_KNEES_BENT: Ranges = {"z": (0.4, 0.6), "pitch": (-10, 0), "knee_up": 1.0}
_SIT_UP_ARMS: Ranges = {"raise": (100, 140), "azimuth": (-40, 60), "reach": (0.4, 0.6), "hang": 0.0}
_KNEEL: Ranges = {"py": (0.43, 0.5), "pz": 0.0, "z": (-0.62, -0.5), "pitch": 80.0, "lift": (0.0, 0.03), **_SIDES}
_FOURS: Ranges = {"py": (0.4, 0.5), "pz": 0.0, "lean": (78, 92), "z": (-0.62, -0.5), "pitch": 80.0,
                  "nod": (-40, 0), "plant": 1.0, "hx": (0.15, 0.25), "hy": 0.05, "hz": (0.5, 0.62)}  # fmt: skip
_HANG: Ranges = {"py": (1.15, 1.3), "plant": 1.0, "hx": (0.2, 0.45), "hy": 2.15, "hz": 0.0, "lift": (0.28, 0.4),
                 "pitch": (30, 50), "out": 1.0, "up": -0.5, "front": -0.2, "x": (0.05, 0.12)}  # fmt: skip
_BENCH: Ranges = {"py": (0.3, 0.4), "pz": -0.45, "lean": (-92, -86), "z": (-0.05, 0.1), "x": (0.2, 0.35),
                  "knee_up": 1.0, "hang": 0.0, "out": 1.0, "up": -0.2}  # fmt: skip
_CROUCHED: Ranges = {"py": (0.18, 0.35), "pitch": (0, 35), "x": (0.12, 0.3), "raise": (30, 80),
                     "azimuth": (-20, 20), "hang": 1.0}  # fmt: skip
_HALF_KNEEL: Ranges = {"py": (0.42, 0.5), "pz": 0.0, "l_z": (0.42, 0.52), "r_z": (-0.62, -0.55), "r_pitch": 75.0,
                       **_SIDES}  # fmt: skip
_HANDS_AND_TOES: Ranges = {"py": (0.22, 0.3), "pz": 0.96, "lean": (74, 82), "nod": (-50, 0), "x": (0.04, 0.2),
                           "z": -0.21, "pitch": 70.0, "knee_up": -1.0, "plant": 1.0, "hx": (0.2, 0.28),
                           "hy": 0.05, "hz": (1.48, 1.58), "foot": 0.0}  # fmt: skip
_FOREARMS: Ranges = {**_HANDS_AND_TOES, "py": (0.08, 0.14), "lean": (82, 90), "hx": (0.05, 0.2),
                     "hz": (1.75, 1.85), "out": 0.3, "up": -1.0, "front": 0.8}  # fmt: skip


@dataclass(frozen=True)
class Cycle:
    """Two postures as changes of standing, seconds of one cycle, and how long the second is held (share of a cycle)."""

    first: Ranges
    second: Ranges
    seconds: tuple[float, float]
    alternate: bool = False
    flow: bool = False
    hold: tuple[float, float] = (0.0, 0.4)
    in_balance: bool = True
    extra: Ranges = field(default_factory=dict)


CYCLES: dict[str, Cycle] = {
    "stand": Cycle(_SIDES, {**_SIDES, "px": (-0.06, 0.06), "twist": (-10, 10), "look": (-30, 30)}, (2.0, 6.0)),
    "stand_arms": Cycle(_SIDES, {"raise": (5, 90), "azimuth": (-70, 60), "reach": (0.4, 0.9), "hang": 0.5}, (2.0, 6.0)),
    "arms_front": Cycle(_SIDES, {"raise": (80, 175), "azimuth": (-5, 20), "reach": 0.98, "hang": 0.3}, (1.4, 4.0)),
    "arms_side": Cycle(_SIDES, {"raise": (80, 175), "azimuth": (80, 95), "reach": 0.98, "hang": 0.3}, (1.4, 4.0)),
    "press": Cycle({"raise": (95, 120), "azimuth": (40, 90), "reach": (0.4, 0.6), "up": -1.0},
                   {"raise": (165, 178), "azimuth": (40, 90), "reach": 0.98}, (1.5, 3.5)),
    "curl": Cycle(_SIDES, {"raise": (40, 60), "azimuth": (0, 20), "reach": (0.35, 0.5), "up": -1.0}, (1.5, 3.5)),
    "drink": Cycle(_SIDES, {"r_raise": (95, 115), "r_azimuth": (-45, -25), "r_reach": (0.4, 0.5), "r_up": -1.0,
                            "nod": (-25, 5)}, (1.6, 4.0), hold=(0.2, 0.8)),
    "wave": Cycle({"r_raise": (130, 150), "r_azimuth": (60, 90), "r_reach": 0.7},
                  {"r_raise": (130, 150), "r_azimuth": (90, 120), "r_reach": 0.8}, (0.5, 1.2)),
    "reach_far": Cycle(_SIDES, {"r_raise": (60, 160), "r_azimuth": (-20, 80), "r_reach": 0.98, "lean": (0, 35),
                                "twist": (0, 35)}, (1.5, 4.0)),
    "bend_down": Cycle(_SIDES, {"lean": (60, 100), "py": (0.75, 0.97), "raise": (0, 20), "hang": 1.0, "reach": 0.95,
                                "azimuth": (-10, 20), "nod": (-20, 20)}, (1.8, 4.5), hold=(0.0, 1.2)),
    "pick_up": Cycle(_SIDES, {"lean": (45, 75), "py": (0.45, 0.7), "r_raise": (0, 30), "hang": 1.0, "reach": 0.97,
                              "twist": (-25, 5)}, (1.8, 3.5)),
    "hinge": Cycle(_SIDES, {"lean": (45, 85), "py": (0.88, 0.96), "raise": (0, 10), "hang": 1.0, "reach": 0.98},
                   (2.0, 4.0)),
    "twist": Cycle({"twist": (-50, -25), "raise": (60, 90), "azimuth": (-40, 80), "reach": (0.5, 0.95)},
                   {"twist": (25, 50), "raise": (60, 90), "azimuth": (-40, 80), "reach": (0.5, 0.95)}, (1.0, 3.0)),
    "side_bend": Cycle(_SIDES, {"side": (18, 38), "r_raise": (8, 170), "r_azimuth": 90.0}, (1.6, 4.0), alternate=True),
    "knee_raise": Cycle(_SIDES, {"l_lift": (0.3, 0.55), "l_z": (0.15, 0.3), "l_pitch": (0, 25), "py": 0.99,
                                 "r_raise": (20, 60), "r_azimuth": 0.0}, (0.6, 1.8), alternate=True),
    "march": Cycle(_SIDES, {"l_lift": (0.1, 0.35), "l_z": (0.05, 0.2), "l_pitch": (10, 35), "r_raise": (10, 40),
                            "r_azimuth": 0.0}, (0.35, 0.8), alternate=True, flow=True),
    "heel_kick": Cycle(_SIDES, {"l_lift": (0.2, 0.5), "l_z": (-0.4, -0.2), "l_pitch": (40, 80)}, (0.4, 1.0),
        alternate=True),
    "leg_raise": Cycle(_SIDES, {"l_lift": (0.2, 0.4), "l_z": (0.4, 0.6), "raise": (10, 40)}, (1.4, 3.0),
        alternate=True),
    "side_step": Cycle(_SIDES, {"l_x": (0.4, 0.8), "px": (0.1, 0.3), "py": (0.93, 0.97)}, (0.8, 2.0), alternate=True),
    "calf_raise": Cycle(_SIDES, {"pitch": (25, 45), "py": (1.06, 1.12)}, (1.0, 2.5)),
    "step_stance": Cycle({**_SIDES, "l_z": (0.3, 0.7), "pz": (0.15, 0.3), "r_pitch": (5, 30)},
                         {**_SIDES, "l_z": (0.3, 0.7), "pz": (0.15, 0.3), "twist": (-15, 15)}, (1.5, 4.0),
                         in_balance=False),
    "jumping_jack": Cycle({"raise": (5, 20), "azimuth": 90.0, "x": (0.05, 0.12), "reach": 0.97},
                          {"raise": (140, 172), "azimuth": 90.0, "x": (0.32, 0.55), "py": (0.88, 0.94), "reach": 0.97},
                          (0.7, 1.4), extra={"lift": (0.03, 0.08), "py": (1.02, 1.08)}),
    "rope_jump": Cycle({"raise": (10, 25), "azimuth": (40, 90), "reach": (0.6, 0.8), "py": (0.9, 0.96), "x": 0.08},
                       {"raise": (10, 25), "azimuth": (40, 90), "reach": (0.6, 0.8), "py": (1.04, 1.12),
                        "lift": (0.04, 0.1), "pitch": (20, 45), "x": 0.08}, (0.35, 0.9), in_balance=False, hold=(0, 0)),
    "sit_to_stand": Cycle({**_SIDES, "pz": (-0.1, 0.0)}, _SIT, (2.2, 5.0), hold=(0.2, 1.5), in_balance=False),
    "sitting": Cycle(_SIT, {**_SIT, "twist": (-20, 20)}, (2.0, 6.0), in_balance=False),
    "kneeling": Cycle(_KNEEL, {**_KNEEL, "lean": (0, 30), "raise": (0, 120)}, (2.0, 5.0), in_balance=False),
    "all_fours": Cycle(_FOURS, {**_FOURS, "curl": (0.0, 0.12), "pz": (-0.2, 0.1)}, (1.5, 4.0), in_balance=False),
    "bird_dog": Cycle(_FOURS, {**_FOURS, "l_z": (-1.1, -0.9), "l_lift": (0.3, 0.5), "r_plant": 0.0, "r_raise": (150,
        175),
                               "r_azimuth": 0.0}, (1.5, 4.0), alternate=True, in_balance=False),
    "lying_back": Cycle(_ON_BACK, {**_ON_BACK, "look": (-30, 30)}, (2.0, 6.0), in_balance=False),
    "lying_front": Cycle({"py": (0.07, 0.1), "lean": (86, 91), "z": (-0.97, -0.9), "pitch": 80.0, "raise": (60, 150),
                          "azimuth": (60, 90), "reach": (0.5, 0.9), "nod": (-30, 0), "knee_up": -1.0},
                         {"py": (0.07, 0.1), "lean": (60, 88), "z": (-0.97, -0.9), "pitch": 80.0, "raise": (60, 150),
                          "azimuth": (60, 90), "reach": (0.5, 0.9), "knee_up": -1.0}, (2.0, 5.0), in_balance=False),
    "sit_up": Cycle({**_ON_BACK, **_KNEES_BENT, **_SIT_UP_ARMS},
                    {**_ON_BACK, **_KNEES_BENT, **_SIT_UP_ARMS, "lean": (-25, 25), "py": (0.1, 0.14), "curl": (0,
                    0.12)},
                    (1.2, 3.2), in_balance=False),
    "bridge": Cycle({**_ON_BACK, **_KNEES_BENT}, {**_ON_BACK, **_KNEES_BENT, "py": (0.35, 0.5), "lean": (-125, -108)},
                    (1.5, 3.5), in_balance=False),
    "bench_press": Cycle({**_BENCH, "raise": (85, 95), "azimuth": (5, 30), "reach": 0.98},
                         {**_BENCH, "raise": (75, 90), "azimuth": (40, 70), "reach": (0.4, 0.6)},
                         (1.4, 3.5), in_balance=False),
    "floor_press": Cycle({**_ON_BACK, **_KNEES_BENT, "raise": (85, 95), "azimuth": (5, 30), "reach": 0.98, "out": 1.0},
                         {**_ON_BACK, **_KNEES_BENT, "raise": (75, 90), "azimuth": (50, 70), "reach": (0.5, 0.65)},
                         (1.4, 3.5), in_balance=False),
    "pull_up": Cycle(_HANG, {**_HANG, "py": (1.5, 1.75), "lift": (0.6, 0.8)}, (1.6, 4.0), in_balance=False),
    "weight_shift": Cycle(_SIDES, {"px": (0.06, 0.16), "roll": (-8, 3), "side": (-4, 4), "r_pitch": (0, 15)},
                          (1.5, 5.0), alternate=True, in_balance=False),
    "crouch": Cycle({**_CROUCHED, "lean": (25, 45)}, {**_CROUCHED, "lean": (35, 60), "raise": (20, 60)}, (2.0, 6.0)),
    "tie_shoe": Cycle(_SIDES, {"py": (0.3, 0.6), "l_z": (0.2, 0.4), "r_z": (-0.4, -0.2), "r_pitch": (30, 60),
                               "lean": (40, 75), "raise": (15, 45), "azimuth": -10.0, "hang": 1.0, "nod": 20.0},
                      (3.0, 6.0), alternate=True, hold=(0.4, 1.2), in_balance=False),
    "half_kneel": Cycle({**_HALF_KNEEL, "lean": (0, 15)},
                        {**_HALF_KNEEL, "lean": (0, 35), "pz": (0.0, 0.15), "raise": (5, 90)},
                        (2.0, 6.0), in_balance=False),
    "deadlift": Cycle(_SIDES, {"lean": (45, 75), "py": (0.62, 0.8), "raise": (0, 10), "hang": 1.0, "reach": 0.98,
                               "nod": (-40, 0)}, (1.8, 5.0)),
    "side_lunge": Cycle(_SIDES, {"l_x": (0.6, 0.8), "px": (0.3, 0.45), "py": (0.55, 0.75), "lean": (15, 40),
                                 "raise": (20, 80), "azimuth": 0.0, "reach": 0.8}, (1.5, 4.0), alternate=True),
    "hop": Cycle({"py": (0.82, 0.92), "lean": (5, 25), "raise": (10, 40)},
                 {"py": (1.06, 1.2), "lift": (0.08, 0.2), "pitch": 35.0, "raise": (20, 120), "azimuth": 20.0},
                 (0.6, 1.3), in_balance=False, hold=(0, 0)),
    "knee_bounce": Cycle(_SIDES, {"py": (0.84, 0.94), "lean": (2, 12)}, (0.6, 2.0)),
    "forearm_plank": Cycle(_FOREARMS, {**_FOREARMS, "py": (0.12, 0.22), "roll": (-5, 5)}, (2.0, 6.0),
                           in_balance=False),
    "mountain_climber": Cycle(_HANDS_AND_TOES, {**_HANDS_AND_TOES, "l_z": (0.3, 0.6), "l_lift": (0.03, 0.08)},
                              (0.5, 1.5), alternate=True, flow=True, hold=(0, 0), in_balance=False),
    "down_dog": Cycle(_HANDS_AND_TOES,
                      {**_HANDS_AND_TOES, "py": (0.62, 0.78), "pz": (0.45, 0.6), "lean": (105, 125), "pitch": 30.0},
                      (2.5, 6.0), hold=(0.2, 1.0), in_balance=False),
    "crunch": Cycle({**_ON_BACK, **_KNEES_BENT, **_SIT_UP_ARMS},
                    {**_ON_BACK, **_KNEES_BENT, **_SIT_UP_ARMS, "lean": (-72, -55)}, (1.0, 3.0), in_balance=False),
    "floor_sit": Cycle({**_ON_BACK, "lean": (-25, 10)}, {**_ON_BACK, "lean": (-15, 45), "raise": (20, 90)}, (2.0, 6.0),
                       in_balance=False),
}  # fmt: skip
# Waiting with the arms as they are held in sets.
CYCLES |= {
    f"wait_{name}": Cycle(arms[0], {**arms[0], "px": (-0.06, 0.06), "twist": (-12, 12), "look": (-30, 30)}, (2.0, 6.0))
    for name, arms in ARMS.items()
}
FLOOR = frozenset({"forearm_plank", "mountain_climber", "down_dog", "crunch", "floor_sit", "all_fours", "bird_dog",
                   "lying_back", "lying_front", "sit_up", "bridge", "floor_press", "kneeling", "plank",
                   "push_up"})  # fmt: skip
MOVEMENTS: tuple[str, ...] = (*CYCLES, "walk", "plank")


def movement_steps(plan: SetPlan, body: Body, rng: np.random.Generator) -> list[Step]:
    """The steps of a spell of another movement, beginning with its first pose (0 s); ValueError for an unknown name."""
    if plan.exercise == "walk":
        return _walk(plan, rng)
    if plan.exercise == "plank":
        return _plank(plan, body, rng)
    if plan.exercise not in CYCLES:
        raise ValueError(f"unknown movement {plan.exercise!r}; known: {', '.join(MOVEMENTS)}")
    return _cycles(CYCLES[plan.exercise], plan, body, rng)


def _cycles(cycle: Cycle, plan: SetPlan, body: Body, rng: np.random.Generator) -> list[Step]:
    first, second = (_posture(values, cycle, body, rng) for values in (cycle.first, cycle.second))
    kept = draw(cycle.first, rng)
    second = change(second, {name: kept[name] for name in kept if name not in cycle.second})
    seconds = float(rng.uniform(*cycle.seconds))
    steps = [Step(first, 0.0)]
    for number in range(plan.repetitions):
        mirrored = cycle.alternate and number % 2 == 1
        there = mirror(second) if mirrored else second
        half = seconds / 2 * float(rng.normal(1, 0.06))
        if cycle.extra:
            between = change((first + there) / 2, draw(cycle.extra, rng))
            steps += [Step(between, half / 2, flow=True), Step(there, half / 2), Step(between, half / 2, flow=True)]
            steps.append(Step(first, half / 2))
        else:
            steps += [Step(there, half, flow=cycle.flow), Step(there, half * float(rng.uniform(*cycle.hold)))]
            steps += [Step(first, half, flow=cycle.flow), Step(first, half * float(rng.uniform(*cycle.hold)))]
    return steps


def _posture(values: Ranges, cycle: Cycle, body: Body, rng: np.random.Generator) -> Float:
    pose = change(STAND, draw(values, rng))
    return balanced(pose, body) if cycle.in_balance else pose


def _walk(plan: SetPlan, rng: np.random.Generator) -> list[Step]:
    """Straight walking, two steps a cycle; the double stance and the swing are key poses."""
    stride = float(rng.uniform(0.45, 0.85))
    seconds = float(rng.uniform(0.42, 0.7))
    swing = float(rng.uniform(10, 35))
    carried = change(STAND, draw({**_SIDES, "lean": (0, 8)}, rng))
    contact = change(carried, {"l_z": stride / 2, "r_z": -stride / 2, "r_pitch": 25.0, "py": 0.95, "l_azimuth": 180.0,
                               "r_azimuth": 0.0, "raise": swing, "hang": 0.5})  # fmt: skip
    passing = change(carried, {"r_lift": 0.1, "r_pitch": 30.0, "r_z": -0.05, "py": 0.99, "raise": 5.0})
    steps = [Step(carried, 0.0)]
    for number in range(2 * plan.repetitions):
        mirrored = number % 2 == 1
        for key, pose in enumerate((contact, passing)):
            ahead = (number + key / 2) * stride
            steps.append(Step(shifted(mirror(pose) if mirrored else pose, 0.0, ahead), seconds / 2, flow=True))
    return [*steps, Step(shifted(carried, 0.0, 2 * plan.repetitions * stride), seconds)]


def _plank(plan: SetPlan, body: Body, rng: np.random.Generator) -> list[Step]:
    """Holding the top (or a little below) of a push-up, shifting about, without a repetition."""
    make = push_up_maker(SetPlan("push_up"), body, rng)
    top = make(float(rng.uniform(0.0, 0.08)))
    steps = [Step(top, 0.0)]
    for _ in range(plan.repetitions):
        about = change(top, {"look": float(rng.uniform(-20, 20)), "roll": float(rng.normal(0, 3))})
        steps.append(Step(shifted(about, 0.0, 0.0), float(rng.uniform(0.8, 3.0))))
    return steps
