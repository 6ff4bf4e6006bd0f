"""`python -m trainer tables noise`: simulated estimator noise against the real estimator's, on rendered athletes and,
where the truth is not known, by what can be seen of it in windows of real push-ups."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Float32, Float64, PoseTrack
from fias_desktop.resources import DEFAULT_MODEL, model_dir, read_card
from fias_desktop.stages.pose import make_pose_estimator
from trainer.data import pushups
from trainer.judge.push_up_rules import watch
from trainer.judge.push_ups import simulated_clips
from trainer.judge.views import windows_at
from trainer.run import CACHE
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
_SEEN_COLUMNS = (
    "joints", "real jitter median", "simulated jitter median", "real jitter p90", "simulated jitter p90", "distance",
    "real score p10", "simulated score p10", "real score median", "simulated score median",
    "real not seen, %", "simulated not seen, %",
)  # fmt: skip
_SEEN_NOTES = (
    "Windows of 2.6 s of the 106 real push-up clips, through the program's own estimator and tracker, beside windows "
    "of as many simulated push-ups from the side; half of either are wrong. Nothing was fitted by this table.",
    "The truth of the real clips is not known. `jitter`: half the second difference of a joint's place at 15 Hz, in "
    "torso lengths, which holds little of a slow movement. `not seen`: samples in which a joint is not known. "
    "`distance`: Wasserstein-1 distance of the jitter.",
)
SIMULATED, SEED, EVERY_S = 106, 9, 1.0
_TRUNK_ROWS = [i for i in range(COCO17_FEET.num_joints) if i not in LIMB_ROWS]


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
    folder = os.environ.get("FIAS_DATA")
    if folder:
        _push_ups(Path(folder), command, given.out)
    return 0


def _push_ups(folder: Path, command: str, out: Path) -> None:
    """Real push-up clips beside simulated ones: docs/results/noise_pushups.md."""
    spec = read_card(model_dir(DEFAULT_MODEL))  # of the card only the shape of a window is used
    found = (watch(clip.path, CACHE / "pushups") for clip in pushups.clips(folder))
    real = seen_in([one.track() for one in found if one is not None], spec)
    simulated = seen_in([one.track() for *_, one in simulated_clips(SIMULATED, SEED)], spec)
    rows = [
        seen_row(name, real.of(list(joints)), simulated.of(list(joints)))
        for name, joints in {"head and trunk": _TRUNK_ROWS, "limbs": LIMB_ROWS}.items()
    ]
    title = "Estimator noise in windows of push-ups, simulated and real"
    write(Report("noise_pushups", title, command, _SEEN_NOTES, _SEEN_COLUMNS, tuple(rows)), out)


@dataclass(frozen=True, eq=False)
class SeenNoise:
    """What windows show of noise: `jitter` (F, V) torso lengths, NaN where not known, `score` (F, V) of known joints,
    NaN elsewhere, and `known` bool (F, V)."""

    jitter: Float64
    score: Float64
    known: Bool

    def of(self, joints: list[int]) -> SeenNoise:
        """That of some joints."""
        return SeenNoise(self.jitter[:, joints], self.score[:, joints], self.known[:, joints])


def seen_in(tracks: Sequence[PoseTrack], spec: ModelSpec) -> SeenNoise:
    """Noise as the recogniser's windows show it, one window a second of every track."""
    parts = []
    for track in tracks:
        first, last = float(track.time_s[0]), float(track.time_s[-1])
        ends = np.arange(min(first + spec.span_s, last), last + 1e-6, EVERY_S)
        parts += [_noise_of(window.joints, window.mask) for window in windows_at(track, spec, ends.tolist())]
    jitter, score, known = (np.concatenate(column) for column in zip(*parts, strict=True))
    return SeenNoise(jitter, score, known)


def _noise_of(joints: Float32, mask: Bool) -> tuple[Float64, Float64, Bool]:
    places = np.where(mask[..., None], joints[..., :2], np.nan).astype(np.float64)
    bends = np.linalg.norm(np.diff(places, n=2, axis=0), axis=-1) / 2
    seen = mask[mask.any(axis=1)]  # samples before the person came are no noise
    return bends, np.where(mask, joints[..., 2], np.nan)[mask.any(axis=1)].astype(np.float64), seen


def seen_row(name: str, real: SeenNoise, simulated: SeenNoise) -> tuple[str | float, ...]:
    """One row of the table: real and simulated, side by side."""
    both = (real, simulated)
    return (
        name,
        *(float(np.nanmedian(one.jitter)) for one in both),
        *(float(np.nanquantile(one.jitter, 0.9)) for one in both),
        distance(real.jitter.ravel(), simulated.jitter.ravel()),
        *(float(np.nanquantile(one.score, 0.1)) for one in both),
        *(float(np.nanmedian(one.score)) for one in both),
        *(100 * float((~one.known).mean()) for one in both),
    )


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
