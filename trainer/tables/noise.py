"""`python -m trainer tables noise`: simulated estimator noise against the real estimator's, on rendered athletes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fias_desktop.domain.types import Float64
from fias_desktop.stages.pose import make_pose_estimator
from trainer.simulate.residuals import (
    LIMB_ROWS,
    MOVEMENTS,
    VIEWS_DEG,
    Case,
    Residuals,
    cases,
    distance,
    real_residuals,
    simulated_residuals,
)
from trainer.tables.report import Report, write

_COLUMNS = (
    "movement", "view (deg)", "real median", "simulated median", "real p90", "simulated p90", "distance",
    "real jitter", "simulated jitter", "real score p10", "simulated score p10",
)  # fmt: skip
_NOTES = (
    "Residuals of the limbs (elbows, wrists, knees, ankles, feet) in trunk lengths, after tracking and smoothing, as "
    "the recogniser gets them. `jitter` is half the median change from picture to picture at 15 Hz. `distance` is the "
    "Wasserstein-1 distance of the magnitudes.",
    "Real: the program's pose estimator on rendered athletes whose joints are known; they are drawn, not filmed.",
)


def main(argv: Sequence[str]) -> int:
    """Measure and write docs/results/noise.md; `--seeds` athletes a movement and side."""
    parser = argparse.ArgumentParser(prog="python -m trainer tables noise", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    given = parser.parse_args(list(argv))
    pairs = _measured(given.seeds)
    rows = [
        _row(movement, view, [p for case, p in pairs if case.movement == movement and case.view_deg == view])
        for movement in MOVEMENTS
        for view in VIEWS_DEG
    ]
    rows.append(_row("all", "all", [pair for _, pair in pairs]))
    command = f"python -m trainer tables noise --seeds {given.seeds}"
    write(Report("noise", "Estimator noise, simulated and real", command, _NOTES, _COLUMNS, tuple(rows)), given.out)
    return 0


_Pair = tuple[Residuals, tuple[Residuals, ...]]


def _measured(seeds: int) -> list[tuple[Case, _Pair]]:
    pairs = []
    for case in cases(seeds):
        estimator = make_pose_estimator()
        try:
            pairs.append((case, (real_residuals(case, estimator), simulated_residuals(case))))
        finally:
            estimator.close()
    return pairs


def _row(movement: str, view: float | str, pairs: Sequence[_Pair]) -> tuple[str | float | int | None, ...]:
    real = [pair[0] for pair in pairs]
    simulated = [one for pair in pairs for one in pair[1]]
    sizes = [_limbs([one.size() for one in group]) for group in (real, simulated)]
    jitters = [_limbs([one.jitter() for one in group]) for group in (real, simulated)]
    scores = [_limbs([one.score for one in group]) for group in (real, simulated)]
    return (
        movement,
        view,
        *(float(np.nanmedian(values)) for values in sizes),
        *(float(np.nanquantile(values, 0.9)) for values in sizes),
        distance(*sizes),
        *(float(np.nanmedian(values)) for values in jitters),
        *(float(np.nanquantile(values, 0.1)) for values in scores),
    )


def _limbs(parts: Sequence[Float64]) -> Float64:
    return np.concatenate([part[:, LIMB_ROWS].ravel() for part in parts])
