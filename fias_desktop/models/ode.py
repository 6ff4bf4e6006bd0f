"""Explicit Runge-Kutta solvers of ordinary differential equations, for networks that are one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Tableau:
    """A rule: the `nodes` of its stages in steps, how each is made of the `stages` before it, and their `sums`."""

    nodes: tuple[float, ...]
    stages: tuple[tuple[float, ...], ...]
    sums: tuple[float, ...]


# Euler's, the classical rule and the 3/8 rule; the last is what the library torchdiffeq calls rk4.
SOLVERS = {
    "euler": Tableau((0.0,), ((),), (1.0,)),
    "rk4": Tableau(
        (0.0, 1 / 2, 1 / 2, 1.0), ((), (1 / 2,), (0.0, 1 / 2), (0.0, 0.0, 1.0)), (1 / 6, 1 / 3, 1 / 3, 1 / 6)
    ),
    "rk4_38": Tableau(
        (0.0, 1 / 3, 2 / 3, 1.0), ((), (1 / 3,), (-1 / 3, 1.0), (1.0, -1.0, 1.0)), (1 / 8, 3 / 8, 3 / 8, 1 / 8)
    ),
}


def integrate(slope: Callable[[float, Tensor], Tensor], start: Tensor, steps: int, solver: str) -> list[Tensor]:
    """The states after 1, ..., `steps` steps of length 1 of dz/dt = slope(t, z) from `start` at time 0."""
    rule, state, states = SOLVERS[solver], start, []
    for step in range(steps):
        slopes: list[Tensor] = []
        for node, weights in zip(rule.nodes, rule.stages, strict=True):
            slopes.append(slope(step + node, _moved(state, slopes, weights)))
        state = _moved(state, slopes, rule.sums)
        states.append(state)
    return states


def _moved(state: Tensor, slopes: list[Tensor], weights: tuple[float, ...]) -> Tensor:
    for slope, weight in zip(slopes, weights, strict=True):
        state = torch.add(state, slope, alpha=weight) if weight else state
    return state
