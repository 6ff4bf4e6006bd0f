"""Steps of a programme, and the small tools that exercises and everyday movements are written with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete.body import Body
from fias_desktop.domain.athlete.kinematics import JOINT, centre_of_mass, joints_of
from fias_desktop.domain.athlete.pose import INDEX, STAND, Float, both_sides, change, place

Range = float | tuple[float, float]
Ranges = Mapping[str, Range]
Measure = Callable[[NDArray[np.floating[Any]]], NDArray[np.floating[Any]]]


@dataclass(frozen=True, eq=False)
class Step:
    """A local pose that is reached `seconds` after the one before.

    `mark` names an event of a repetition (`start`, `bottom`, `end`). With `flow` the movement does not stop here (gait,
    hops); otherwise it comes to rest, as in a minimum-jerk movement (Flash and Hogan 1985).
    """

    pose: Float
    seconds: float
    mark: str = ""
    flow: bool = False


@dataclass(frozen=True)
class SetPlan:
    """One set of an exercise, or a spell of another movement (a name of `movements.MOVEMENTS`), to be performed.

    `error` is an error code of the exercise with its `severity` 0..1 (`also`: further ones); `tempo_s` the seconds of
    one repetition without pauses. `variant` and `arms` choose a style by name, `depth` 0..1 how deep within what is
    still correct and `pause_s` the rest at the top; left out, the seed chooses them.
    """

    exercise: str
    error: str | None = None
    severity: float = 0.0
    repetitions: int = 5
    tempo_s: float = 2.2
    variant: str = ""
    arms: str = ""
    pause_s: float | None = None
    depth: float | None = None
    also: tuple[tuple[str, float], ...] = ()

    def wrong(self, error: str) -> float:
        """The severity of that error in this set (0 when it has others)."""
        return dict(self.errors).get(error, 0.0)

    @property
    def errors(self) -> tuple[tuple[str, float], ...]:
        """All errors of the set with their severities, the main one first."""
        return (((self.error, self.severity),) if self.error else ()) + self.also


def draw(values: Ranges, rng: np.random.Generator) -> dict[str, float]:
    """A change with every range (low, high) replaced by a number from it."""
    return {name: float(rng.uniform(*v)) if isinstance(v, tuple) else float(v) for name, v in values.items()}


def blend(a: Float, b: Float, share: float) -> Float:
    """The local pose between `a` (share 0) and `b` (share 1)."""
    return a + (b - a) * share


def shifted(pose: Float, dx: float, dz: float) -> Float:
    """The local pose moved to its left by `dx` and forward by `dz` leg lengths, feet and hands included."""
    result = pose.copy()
    for name, amount in (("px", dx), ("pz", dz), ("l_x", dx), ("r_x", -dx), ("l_z", dz), ("r_z", dz)):
        result[INDEX[name]] += amount
    for name, amount in (("l_hx", dx), ("r_hx", -dx), ("l_hz", dz), ("r_hz", dz)):
        result[INDEX[name]] += amount
    return result


def solve(pose: Float, body: Body, parameter: str, span: tuple[float, float], error: Measure) -> Float:
    """The pose with `parameter` (both sides where it has two) set, within `span`, to where `error` (of joints
    (T, 21, 3) -> (T,)) is nearest zero; nothing that `place` turns with the heading."""
    values = np.linspace(*span, 33)
    world = np.repeat(place(pose, body)[None], len(values), axis=0)
    for name in both_sides(parameter):
        scale, offset = (body.leg_m, body.ankle_m * (name == "py")) if name in ("px", "py", "pz") else (1.0, 0.0)
        world[:, INDEX[name]] = values * scale + offset
    misses = np.abs(error(joints_of(world, body)))
    return change(pose, {parameter: float(values[int(np.argmin(misses))])})


def balanced(pose: Float, body: Body, ahead: float = 0.4) -> Float:
    """The pose with its hips moved back or forward so that the centre of mass lies over the feet.

    `ahead` is where, as a share of the way from the ankles to the toes (0.3..0.5 in standing and squatting, Winter
    1995; beyond 0.6 the weight is on the toes).
    """

    def miss(joints: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        ankles = joints[:, [JOINT["left_ankle"], JOINT["right_ankle"]], 2].mean(axis=1)
        toes = joints[:, [JOINT["left_foot_index"], JOINT["right_foot_index"]], 2].mean(axis=1)
        return np.asarray(centre_of_mass(joints)[:, 2] - ankles - ahead * (toes - ankles))

    return solve(pose, body, "pz", (-0.75, 0.35), miss)


def posture(values: Ranges, rng: np.random.Generator, base: Float = STAND) -> Float:
    """A pose from a table's row."""
    return change(base, draw(values, rng))
