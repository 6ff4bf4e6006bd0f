"""The tables and the plot of `explain-eval`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fias_desktop.domain.exercises import LABELS
from fias_desktop.domain.types import Bool, Float64, Int64
from trainer.explain.figures import mean_interval
from trainer.explain.judge import Scores
from trainer.explain.methods import AS_BUILT, PLAIN, Method
from trainer.tables.report import Cell

COLUMNS = (
    "model", "method", "windows", "joint", "low", "high", "chance", "joint of the class's own error", "joint and time",
    "chance there", "energy on joints", "energy in joint and time", "checked", "deletion", "insertion", "random order",
    "deletion better", "better low", "better high", "insertion better", "stability", "streams agree", "ms",
)  # fmt: skip
ERROR_COLUMNS = (
    "model", "method", "class", "windows", "joint", "low", "high", "chance", "joint of the class's own error",
    "joint and time", "energy on joints", "checked", "deletion better",
)  # fmt: skip
POINTING_GOAL, ABOVE_PLAIN_GOAL, BETTER_GOAL = 0.80, 0.15, 0.95


@dataclass(frozen=True, eq=False)
class Judged:
    """A model on the windows it names right: `rows` int64 (n,) of them in the whole set, in the order of the figures,
    which `scores` has for each of the `methods`, as `ms` has its time."""

    name: str
    methods: tuple[Method, ...]
    rows: Int64
    scores: tuple[Scores, ...]
    ms: tuple[float, ...]

    def of(self, method: str) -> Scores:
        """The figures of one method, by its name."""
        return self.scores[[one.name for one in self.methods].index(method)]

    def has(self, method: str) -> bool:
        """Whether that method was run."""
        return any(one.name == method for one in self.methods)


@dataclass(frozen=True, eq=False)
class Truth:
    """What is known of all N windows: `subject` and `label` int64 (N,), `chance` and `chance_place` float64 (N,) of
    pointing at random, and bool (N,) those on which a method is chosen (`choosing`)."""

    subject: Int64
    label: Int64
    chance: Float64
    chance_place: Float64
    choosing: Bool


def rows_of(judged: Sequence[Judged], truth: Truth, wanted: Bool) -> tuple[tuple[Cell, ...], ...]:
    """One row for each method of each model, on the windows that are `wanted` bool (N,) and that it names right."""
    return tuple(
        (one.name, method.name, *_figures(scores.of(wanted[one.rows]), truth, one.rows[wanted[one.rows]]), ms)
        for one in judged
        for method, scores, ms in zip(one.methods, one.scores, one.ms, strict=True)
    )


def _figures(scores: Scores, truth: Truth, rows: Int64) -> Iterator[Cell]:
    run, checked, subject = ~np.isnan(scores.point), ~np.isnan(scores.deletion), truth.subject[rows]
    yield int((run).sum())
    yield from mean_interval(scores.point, subject)
    yield mean(truth.chance[rows][run])
    yield mean(scores.own)
    yield mean(scores.point_place)
    yield mean(truth.chance_place[rows][run])
    yield from (mean(scores.energy), mean(scores.energy_place))
    yield int(checked.sum())
    yield from (mean(scores.deletion), mean(scores.insertion), mean(scores.random))
    yield from mean_interval(better(scores), subject)
    shown = np.where(checked, scores.insertion > scores.random, np.nan)
    yield from (mean(shown), mean(scores.stability), mean(scores.agreement))


def better(scores: Scores) -> Float64:
    """1 where deletion costs the class more than random orders do, else 0; NaN where not checked."""
    return np.where(np.isnan(scores.deletion), np.nan, scores.deletion < scores.random)


def mean(values: Float64) -> float:
    """The mean of those that are not NaN; NaN without any."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")


def error_rows(judged: Sequence[Judged], truth: Truth, wanted: Bool) -> tuple[tuple[Cell, ...], ...]:
    """For each error class the methods that matter: as built, the one chosen, and plain Grad-CAM."""
    found: list[tuple[Cell, ...]] = []
    for one in judged:
        names = dict.fromkeys(name for name in (AS_BUILT, chosen(one, truth), PLAIN) if one.has(name))
        found += [row for name in names for row in _by_class(one, name, truth, wanted)]
    return tuple(found)


def _by_class(one: Judged, method: str, truth: Truth, wanted: Bool) -> Iterator[tuple[Cell, ...]]:
    for k in np.unique(truth.label[one.rows]):
        here = wanted[one.rows] & (truth.label[one.rows] == k)
        scores, rows = one.of(method).of(here), one.rows[here]
        run = ~np.isnan(scores.point)
        yield (
            one.name, method, LABELS[k], int(run.sum()), *mean_interval(scores.point, truth.subject[rows]),
            mean(truth.chance[rows][run]), mean(scores.own), mean(scores.point_place), mean(scores.energy),
            int((~np.isnan(scores.deletion)).sum()), mean(better(scores)),
        )  # fmt: skip


def chosen(one: Judged, truth: Truth) -> str:
    """The method with the best pointing game over joints on the windows for choosing, of those quick enough for live
    use; the first of equal ones."""
    rows = truth.choosing[one.rows]
    pairs = zip(one.methods, one.scores, strict=True)
    found = [np.nan if method.costly else mean(scores.of(rows).point) for method, scores in pairs]
    return one.methods[int(np.argmax(np.nan_to_num(found, nan=-1.0)))].name


def choice_note(one: Judged, truth: Truth) -> str:
    """Which quick method is best on the choosing windows, and how it does on the others."""
    name = chosen(one, truth)
    scores, choosing = one.of(name), truth.choosing[one.rows]
    ran = int((~np.isnan(scores.of(choosing).point)).sum())
    told = mean(scores.of(choosing).point), ran, mean(scores.of(~choosing).point)
    return (
        f"Chosen for `{one.name}` among the quick methods: {name}. Pointing game over joints"
        f" {told[0]:.3f} on the {told[1]} windows for choosing, {told[2]:.3f} on those reported."
    )


def goal_note(one: Judged, method: str, bar: Judged | None, truth: Truth) -> str:
    """How one method of a model stands to the project's goals, on the windows reported."""
    here = ~truth.choosing[one.rows]
    scores, rows = one.of(method).of(here), one.rows[here]
    point, share = mean(scores.point), mean(better(scores))
    words = (
        f"{method} of `{one.name}`: pointing game {point:.3f} (goal {POINTING_GOAL:.2f}:"
        f" {_reached(point >= POINTING_GOAL)}), deletion better than random in {100 * share:.1f} % (goal"
        f" {100 * BETTER_GOAL:.0f} %: {_reached(share >= BETTER_GOAL)})"
    )
    if bar is None or not bar.has(PLAIN):
        return words + "."
    _, mine, its = np.intersect1d(rows, bar.rows, return_indices=True)
    gain = scores.point[mine] - bar.of(PLAIN).point[its]
    value, low, high = mean_interval(gain, truth.subject[rows[mine]])
    return (
        f"{words}, {value:.3f} ({low:.3f} to {high:.3f}) above plain Grad-CAM of `{bar.name}` on the {len(mine)}"
        f" windows that both name right (goal {ABOVE_PLAIN_GOAL:g}: {_reached(value >= ABOVE_PLAIN_GOAL)})."
    )


def _reached(yes: bool) -> str:
    return "reached" if yes else "missed"


def plot(judged: Sequence[Judged], truth: Truth, wanted: Bool) -> Figure:
    """Pointing game and energy over joints of every method, with chance as a line."""
    longest = max(len(one.methods) for one in judged)
    figure = Figure(figsize=(7.6 * len(judged), 0.34 * longest + 1.4), layout="constrained")
    for number, one in enumerate(judged):
        _draw(figure.add_subplot(1, len(judged), number + 1), one, truth, wanted)
    return figure


def _draw(axes: Axes, one: Judged, truth: Truth, wanted: Bool) -> None:
    here = wanted[one.rows]
    parts = [scores.of(here) for scores in one.scores]
    places = np.arange(len(parts))
    axes.barh(places - 0.2, [mean(part.point) for part in parts], 0.38, label="pointing game over joints")
    axes.barh(places + 0.2, [mean(part.energy) for part in parts], 0.38, label="energy on joints at fault")
    axes.axvline(mean(truth.chance[one.rows[here]]), color="black", linestyle="--", linewidth=1, label="chance")
    axes.axvline(POINTING_GOAL, color="tab:green", linestyle=":", linewidth=1, label="goal of the pointing game")
    axes.set_yticks(places, [method.name for method in one.methods], fontsize=7)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_title(f"{one.name} ({int(here.sum())} windows)")
    axes.legend(fontsize=7, loc="lower right")
