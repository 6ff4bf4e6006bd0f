from __future__ import annotations

import math

import pytest
import torch

from fias_desktop.models.ode import integrate


def _error(solver: str, steps: int) -> float:
    """Of z' = cos(t) z with z(0) = 1 at t = 1.6, which is exp(sin(1.6))."""
    size, start = 1.6 / steps, torch.ones(1, dtype=torch.float64)
    states = integrate(lambda t, z: size * math.cos(size * t) * z, start, steps, solver)
    return abs(float(states[-1]) - math.exp(math.sin(1.6)))


@pytest.mark.parametrize(("solver", "order"), [("euler", 1), ("rk4", 4), ("rk4_38", 4)])
def test_halving_the_step_shrinks_the_error_by_the_solvers_order(solver: str, order: int) -> None:
    assert math.log2(_error(solver, 32) / _error(solver, 64)) == pytest.approx(order, abs=0.25)


def test_the_classical_rule_and_the_three_eighths_rule_are_not_the_same() -> None:
    assert _error("rk4", 4) != pytest.approx(_error("rk4_38", 4), rel=0.05)


def test_it_gives_every_step_and_asks_for_slopes_at_the_rules_times() -> None:
    asked: list[float] = []

    def slope(time: float, state: torch.Tensor) -> torch.Tensor:
        asked.append(time)
        return torch.ones_like(state)

    assert [float(state) for state in integrate(slope, torch.zeros(1), 3, "euler")] == [1.0, 2.0, 3.0]
    integrate(slope, torch.zeros(1), 1, "rk4")
    integrate(slope, torch.zeros(1), 1, "rk4_38")
    assert asked == pytest.approx([0, 1, 2, 0, 1 / 2, 1 / 2, 1, 0, 1 / 3, 2 / 3, 1])
