"""Everything that is no exercise: everyday movements and other sports, as rows of key poses.

A row names the posture it starts from, the keys (changes of that posture; ranges are drawn once per spell) with the share of
the cycle each takes, the seconds of one cycle, and whether every second cycle is mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.athlete.pose import STAND, Float, change, mirror
from fias_desktop.domain.athlete.steps import Ranges, Step, draw

ARMS_DOWN: Ranges = {"raise": (3, 15), "azimuth": (30, 100), "reach": (0.92, 0.99), "hang": (0.5, 1.0)}
SEATED: Ranges = {"py": (0.47, 0.56), "pz": (-0.5, -0.36), "lean": (-8, 12), "x": (0.1, 0.3), "z": (-0.1, 0.1), "raise": (20, 50),
                  "azimuth": (-20, 20), "reach": (0.6, 0.95), "hang": 1.0}  # fmt: skip
ALL_FOURS: Ranges = {"py": (0.46, 0.5), "pz": 0.0, "lean": (78, 94), "nod": (-50, 0), "x": (0.1, 0.2), "z": (-0.62, -0.58), "lift": 0.0,
                     "pitch": 80, "knee_up": -1, "plant": 1, "hx": (0.16, 0.26), "hy": 0.0, "hz": (0.5, 0.64), "foot": 0}  # fmt: skip
SUPINE: Ranges = {"py": (-0.02, 0.04), "lean": (-90, -84), "nod": (0, 15), "z": (0.85, 0.97), "pitch": (-75, -50), "knee_up": 1.0, "raise": (5, 40),
                  "azimuth": (80, 100), "hang": 0.0}  # fmt: skip

# Postures: changes of standing upright.
POSTURES: dict[str, Ranges] = {
    "stand": {**ARMS_DOWN, "x": (0.08, 0.28), "foot": (0, 25), "lean": (-2, 5)},
    "sit": SEATED,
    "all_fours": ALL_FOURS,
    "hands_down": {"py": (0.45, 0.62), "pz": (-0.2, -0.05), "lean": (65, 85), "nod": (-50, 0), "plant": 1, "hx": (0.15, 0.3), "hy": 0.02,
                   "hz": (0.45, 0.7), "pitch": (0, 30)},
    "crouch": {"py": (0.2, 0.35), "pz": -0.15, "lean": (30, 60), "pitch": (0, 40), "raise": (30, 80), "azimuth": (-20, 20), "hang": 1.0},
    "kneel": {"py": (0.42, 0.5), "pz": 0.0, "lean": (-3, 15), "x": (0.1, 0.2), "z": (-0.62, -0.58), "pitch": 80, "knee_up": -1, "foot": 0},
    "half_kneel": {"py": (0.42, 0.5), "pz": 0.0, "lean": (0, 25), "x": (0.1, 0.2), "l_z": (0.42, 0.52), "r_z": (-0.62, -0.55), "r_pitch": 75},
    "plank": {"py": 0.26, "pz": 0.86, "lean": (73, 82), "nod": (-50, 0), "x": (0.04, 0.2), "z": -0.21, "pitch": 70, "knee_up": -1, "plant": 1,
              "hx": (0.2, 0.28), "hy": 0.0, "hz": (1.4, 1.5), "foot": 0},
    "forearm_plank": {"py": 0.1, "pz": 0.88, "lean": (82, 90), "nod": (-50, 0), "x": (0.04, 0.2), "z": -0.21, "pitch": 70, "knee_up": -1,
                      "plant": 1, "hx": (0.05, 0.2), "hy": 0.0, "hz": (1.7, 1.8), "foot": 0, "out": 0.3, "up": -1, "front": 0.8},
    "supine": SUPINE,
    "supine_bent": {**SUPINE, "z": (0.4, 0.6), "pitch": 0, "foot": (0, 15)},
    "prone": {"py": (-0.02, 0.03), "lean": (85, 90), "z": -1.1, "pitch": (70, 85), "knee_up": -1, "raise": (40, 150), "azimuth": (80, 100),
              "reach": (0.5, 0.95), "foot": 0, "nod": (-40, 0)},
    "floor_sit": {"py": 0.05, "lean": (-25, 15), "z": (0.5, 0.95), "knee_up": 1.0, "pitch": (-50, 0), "raise": (20, 50), "azimuth": (-20, 100)},
    "hang": {"py": (1.25, 1.35), "x": (0.05, 0.15), "z": (-0.25, 0.05), "lift": (0.2, 0.28), "pitch": (20, 50), "plant": 1, "hx": (0.25, 0.45),
             "hy": (2.45, 2.6), "hz": 0.0, "out": 0.9, "up": -0.6, "front": 0.3},
    "bench": {"py": (0.46, 0.52), "pz": -0.45, "lean": (-92, -86), "x": (0.2, 0.35), "foot": (5, 20), "knee_up": 0.3, "raise": 90, "azimuth": 0,
              "hang": 0, "reach": 0.97, "out": 1, "up": -0.7, "front": -0.3},
}  # fmt: skip


@dataclass(frozen=True)
class Movement:
    """One row: keys are (changes, share of the cycle); `flow` movements do not stop at their keys."""

    posture: str
    keys: tuple[tuple[Ranges, float], ...]
    seconds: tuple[float, float]
    alternate: bool = False
    flow: bool = False


BACK: Ranges = {}
STILL = ((BACK, 1.0),)
_BEND: Ranges = {"lean": (50, 100), "py": (0.8, 0.98), "pz": (-0.3, -0.1), "raise": (5, 40), "azimuth": (0, 20), "hang": 1.0, "nod": (-20, 20)}
_UP: Ranges = {"raise": (120, 178), "azimuth": (20, 90), "reach": (0.9, 0.99)}

MOVEMENTS: dict[str, Movement] = {
    "stand": Movement("stand", STILL, (1.0, 4.0)),
    "weight_shift": Movement("stand", (({"px": (0.05, 0.16), "roll": (-8, 3), "side": (-4, 4), "r_pitch": (0, 15)}, 0.5), (BACK, 0.5)), (1.5, 5.0), True),
    "arms_hips": Movement("stand", (({"raise": 12, "azimuth": 60, "reach": 0.76, "hang": 0, "out": 1, "up": 0}, 0.3), ({"raise": 12, "azimuth": 60, "reach": 0.76, "hang": 0, "out": 1, "up": 0}, 0.5), (BACK, 0.2)), (2.0, 6.0)),
    "arms_crossed": Movement("stand", (({"raise": 72, "azimuth": -58, "reach": 0.5, "hang": 0, "up": -1}, 0.3), ({"raise": 72, "azimuth": -58, "reach": 0.5, "hang": 0, "up": -1}, 0.5), (BACK, 0.2)), (2.0, 6.0)),
    "reach": Movement("stand", (({"l_raise": (60, 160), "l_azimuth": (-20, 80), "lean": (0, 30), "side": (-15, 5)}, 0.5), (BACK, 0.5)), (1.2, 4.0), True),
    "drink": Movement("stand", (({"l_raise": (70, 100), "l_azimuth": (-35, -10), "l_reach": (0.35, 0.5), "l_up": -1, "l_out": 0.6}, 0.3), ({"l_raise": (85, 110), "l_azimuth": (-35, -15), "l_reach": (0.3, 0.42), "l_up": -1, "l_out": 0.6, "nod": -15}, 0.4), (BACK, 0.3)), (2.0, 5.0)),
    "wave": Movement("stand", (({"l_raise": (120, 150), "l_azimuth": 95, "l_reach": 0.75}, 0.25), ({"l_raise": (120, 150), "l_azimuth": 60, "l_reach": 0.75}, 0.25)), (0.8, 2.0), False, True),
    "both_arms_up": Movement("stand", ((_UP, 0.4), (_UP, 0.2), (BACK, 0.4)), (1.2, 4.0)),
    "arm_raise_side": Movement("stand", (({"raise": (75, 175), "azimuth": 90, "hang": 0}, 0.5), (BACK, 0.5)), (1.2, 4.0)),
    "arm_raise_front": Movement("stand", (({"raise": (75, 175), "azimuth": (-5, 10), "hang": 0}, 0.5), (BACK, 0.5)), (1.2, 4.0)),
    "arm_curl": Movement("stand", (({"raise": (25, 60), "azimuth": (0, 20), "reach": (0.35, 0.5), "out": 0.1, "up": -1}, 0.5), (BACK, 0.5)), (1.2, 4.0)),
    "one_curl": Movement("stand", (({"l_raise": (25, 60), "l_azimuth": (0, 20), "l_reach": (0.35, 0.5), "l_out": 0.1, "l_up": -1}, 0.5), (BACK, 0.5)), (1.2, 4.0), True),
    "shoulder_press": Movement("stand", (({"raise": (90, 130), "azimuth": (70, 100), "reach": (0.4, 0.55), "up": -1, "out": 0.4}, 0.3), ({"raise": 172, "azimuth": 80, "reach": 0.98, "hang": 0}, 0.35), ({"raise": (90, 130), "azimuth": (70, 100), "reach": (0.4, 0.55), "up": -1, "out": 0.4}, 0.35)), (1.5, 4.0)),
    "stretch_side": Movement("stand", (({"side": (15, 35), "r_raise": (150, 175), "r_azimuth": 90, "px": (-0.12, 0.0)}, 0.5), (BACK, 0.5)), (2.0, 6.0), True),
    "trunk_twist": Movement("stand", (({"twist": (25, 60), "yaw": (5, 20), "raise": (60, 85), "azimuth": (-40, 60), "reach": (0.5, 0.95)}, 0.5), (BACK, 0.5)), (1.0, 3.0), True, True),
    "bend": Movement("stand", ((_BEND, 0.5), (BACK, 0.5)), (1.5, 5.0)),
    "tie_shoe": Movement("stand", (({"py": (0.35, 0.6), "l_z": 0.3, "r_z": -0.3, "r_pitch": 40, "lean": (40, 70), "raise": (20, 50), "azimuth": -10, "hang": 1.0, "nod": 20}, 0.25), ({"py": (0.35, 0.6), "l_z": 0.3, "r_z": -0.3, "r_pitch": 40, "lean": (40, 70), "raise": (20, 50), "azimuth": -10, "hang": 1.0, "nod": 20}, 0.5), (BACK, 0.25)), (4.0, 9.0), True),
    "hinge": Movement("stand", (({"lean": (45, 85), "py": (0.82, 0.95), "pz": (-0.35, -0.2), "raise": (2, 12), "azimuth": 10, "hang": 1.0, "nod": (-40, 0)}, 0.5), (BACK, 0.5)), (1.5, 4.5)),
    "deadlift": Movement("stand", (({"lean": (45, 75), "py": (0.62, 0.78), "pz": (-0.32, -0.2), "raise": (2, 12), "azimuth": 10, "hang": 1.0, "nod": (-40, 0)}, 0.5), (BACK, 0.5)), (1.8, 5.0)),
    "knee_raise": Movement("stand", (({"l_lift": (0.3, 0.55), "l_z": (0.15, 0.35), "l_pitch": 25, "r_raise": (20, 80), "r_azimuth": 0, "r_reach": 0.6}, 0.5), (BACK, 0.5)), (0.7, 2.5), True, True),
    "leg_swing": Movement("stand", (({"l_lift": (0.1, 0.35), "l_z": (0.3, 0.75), "lean": -4}, 0.5), ({"l_lift": (0.1, 0.3), "l_z": (-0.6, -0.3), "l_pitch": 50, "lean": 12}, 0.5)), (1.0, 3.0), True, True),
    "side_leg": Movement("stand", (({"l_lift": (0.1, 0.3), "l_x": (0.5, 0.75), "side": (-12, 0)}, 0.5), (BACK, 0.5)), (1.0, 3.0), True),
    "butt_kick": Movement("stand", (({"l_lift": (0.3, 0.5), "l_z": (-0.45, -0.3), "l_pitch": 80}, 0.5), (BACK, 0.5)), (0.6, 1.5), True, True),
    "side_step": Movement("stand", (({"l_x": (0.4, 0.8), "px": (0.1, 0.35), "py": (0.85, 0.96)}, 0.5), (BACK, 0.5)), (0.8, 2.5), True),
    "side_lunge": Movement("stand", (({"l_x": (0.7, 0.95), "r_x": 0.25, "px": (0.45, 0.6), "py": (0.55, 0.72), "lean": (15, 40), "pz": -0.2, "raise": (20, 80), "azimuth": 0, "reach": 0.8}, 0.5), (BACK, 0.5)), (1.5, 4.0), True),
    "jumping_jack": Movement("stand", (({"x": (0.35, 0.6), "raise": (150, 178), "azimuth": 90, "hang": 0, "py": 0.97}, 0.5), ({"x": (0.06, 0.15)}, 0.5)), (0.8, 1.8), False, True),
    "rope_jump": Movement("stand", (({"py": (1.03, 1.12), "lift": (0.06, 0.14), "pitch": (20, 40), "raise": (15, 30), "azimuth": 70, "reach": (0.7, 0.85)}, 0.5), ({"py": (0.93, 0.97), "raise": (15, 30), "azimuth": 70, "reach": (0.7, 0.85)}, 0.5)), (0.4, 1.1), False, True),
    "hop": Movement("stand", (({"py": (0.78, 0.9), "lean": (5, 25), "pz": -0.06}, 0.45), ({"py": (1.06, 1.25), "lift": (0.08, 0.26), "pitch": 35}, 0.3), ({"py": (0.85, 0.95), "lean": (5, 15), "pz": -0.05}, 0.25)), (0.7, 1.6), False, True),
    "knee_bounce": Movement("stand", (({"py": (0.86, 0.95), "lean": (2, 10), "pz": -0.03}, 0.5), (BACK, 0.5)), (0.6, 2.0)),
    "sit_down": Movement("stand", (({"py": (0.8, 0.9), "pz": -0.2, "lean": (15, 40)}, 0.2), ({**SEATED, "z": 0.0}, 0.2), ({**SEATED, "z": 0.0}, 0.3), ({"py": (0.5, 0.6), "pz": -0.25, "lean": (35, 55)}, 0.15), (BACK, 0.15)), (4.0, 9.0)),
    "sit": Movement("sit", (({"lean": (-5, 25), "l_raise": (20, 80), "twist": (-15, 15)}, 0.5), (BACK, 0.5)), (2.0, 6.0), True),
    "sit_drink": Movement("sit", (({"l_raise": (75, 100), "l_azimuth": (-35, -10), "l_reach": (0.33, 0.45), "l_up": -1}, 0.5), (BACK, 0.5)), (2.0, 5.0)),
    "crouch": Movement("crouch", (({"lean": (40, 70), "raise": (20, 60)}, 0.5), (BACK, 0.5)), (2.0, 6.0)),
    "kneel": Movement("kneel", (({"lean": (0, 30), "raise": (20, 90), "azimuth": 0}, 0.5), (BACK, 0.5)), (2.0, 5.0)),
    "half_kneel": Movement("half_kneel", (({"lean": (5, 35), "py": (0.45, 0.6), "pz": 0.1}, 0.5), (BACK, 0.5)), (2.0, 6.0)),
    "all_fours": Movement("all_fours", (({"curl": (0.0, 0.08), "nod": (-60, 30), "pz": (-0.12, 0.05)}, 0.5), (BACK, 0.5)), (1.5, 5.0)),
    "bird_dog": Movement("all_fours", (({"l_plant": 0, "l_raise": 165, "l_azimuth": 10, "l_reach": 0.97, "r_lift": 0.4, "r_z": -0.95}, 0.5), (BACK, 0.5)), (2.0, 5.0), True),
    "plank": Movement("plank", (({"pz": (0.82, 0.88)}, 0.5), (BACK, 0.5)), (2.0, 6.0)),
    "forearm_plank": Movement("forearm_plank", (({"py": (0.06, 0.16)}, 0.5), (BACK, 0.5)), (2.0, 6.0)),
    "mountain_climber": Movement("plank", (({"l_z": (0.5, 0.8), "l_lift": 0.05, "py": 0.3}, 0.5), (BACK, 0.5)), (0.5, 1.4), True, True),
    "down_dog": Movement("plank", (({"py": (0.62, 0.78), "pz": (0.45, 0.6), "lean": (105, 125), "pitch": 30}, 0.4), ({"py": (0.62, 0.78), "pz": (0.45, 0.6), "lean": (105, 125), "pitch": 30}, 0.2), (BACK, 0.4)), (2.5, 7.0)),
    "lie_back": Movement("supine", (({"l_raise": (10, 120), "look": (-30, 30)}, 0.5), (BACK, 0.5)), (2.0, 6.0)),
    "lie_front": Movement("prone", (({"nod": (-60, 0), "lean": (75, 88)}, 0.5), (BACK, 0.5)), (2.0, 6.0)),
    "sit_up": Movement("supine_bent", (({"lean": (-35, 15), "curl": (0, 0.15), "raise": (30, 120), "azimuth": (-20, 60), "reach": (0.4, 0.9)}, 0.45), (BACK, 0.55)), (1.5, 4.5)),
    "crunch": Movement("supine_bent", (({"lean": (-70, -55), "curl": (0, 0.1), "raise": (40, 150), "azimuth": (-30, 60), "reach": (0.4, 0.9)}, 0.45), (BACK, 0.55)), (1.0, 3.0)),
    "leg_raise": Movement("supine", (({"z": (0.1, 0.6), "lift": (0.55, 0.9)}, 0.5), (BACK, 0.5)), (1.5, 4.0)),
    "bridge": Movement("supine_bent", (({"py": (0.25, 0.38), "pz": (0.0, 0.1), "lean": (-115, -105)}, 0.5), (BACK, 0.5)), (1.5, 4.0)),
    "bench_press": Movement("bench", (({"raise": (70, 95), "azimuth": (50, 80), "reach": (0.4, 0.6)}, 0.5), (BACK, 0.5)), (1.5, 4.5)),
    "floor_press": Movement("supine_bent", (({"raise": 90, "azimuth": 5, "reach": 0.97, "out": 1, "up": -0.6}, 0.5), ({"raise": (75, 95), "azimuth": (50, 75), "reach": (0.4, 0.6), "out": 1, "up": -0.6}, 0.5)), (1.5, 4.5)),
    "floor_sit": Movement("floor_sit", (({"lean": (-20, 40), "raise": (30, 80)}, 0.5), (BACK, 0.5)), (2.0, 6.0)),
    "hang": Movement("hang", (({"z": (-0.1, 0.15), "lean": (-6, 6)}, 0.5), (BACK, 0.5)), (2.0, 4.0)),
    "pull_up": Movement("hang", (({"py": (1.75, 1.9), "lift": (0.65, 0.82), "lean": (-20, 5)}, 0.5), (BACK, 0.5)), (1.5, 4.5)),
    "get_down": Movement("stand", (({**_BEND, "py": 0.6}, 0.2), (POSTURES["hands_down"], 0.2), (POSTURES["plank"], 0.2), (POSTURES["hands_down"], 0.2), (BACK, 0.2)), (4.0, 8.0)),
    "kneel_down": Movement("stand", ((POSTURES["half_kneel"], 0.2), (POSTURES["kneel"], 0.2), (ALL_FOURS, 0.2), (POSTURES["half_kneel"], 0.2), (BACK, 0.2)), (4.0, 8.0)),
    "burpee": Movement("stand", ((POSTURES["hands_down"], 0.25), (POSTURES["plank"], 0.2), (POSTURES["hands_down"], 0.2), ({"py": 1.15, "lift": 0.18, "pitch": 35, "raise": 165, "azimuth": 60}, 0.2), (BACK, 0.15)), (2.0, 4.5)),
}  # fmt: skip


def movement_steps(name: str, cycles: int, rng: np.random.Generator) -> list[Step]:
    """The steps of a spell of another movement, beginning and ending in its posture."""
    movement = MOVEMENTS[name]
    base = posture_pose(movement.posture, rng)
    keys = [(change(base, draw(values, rng)), share) for values, share in movement.keys]
    seconds = float(rng.uniform(*movement.seconds))
    flip = bool(rng.random() < 0.5)
    steps = [Step(mirror(base) if flip else base, 0.0)]
    for number in range(cycles):
        mirrored = flip != (movement.alternate and number % 2 == 1)
        hold = float(rng.choice([0.0, 0.2, 0.8])) if not movement.flow else 0.0
        steps.append(Step(steps[-1].pose, hold))
        for pose, share in keys:
            lasts = seconds * share * float(rng.uniform(0.85, 1.15))
            steps.append(Step(mirror(pose) if mirrored else pose, lasts, flow=movement.flow))
    return steps


def posture_pose(name: str, rng: np.random.Generator) -> Float:
    """A posture of the table, drawn once."""
    return change(STAND, draw(POSTURES[name], rng))
