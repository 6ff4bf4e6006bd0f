"""`python -m trainer tables classes [--model FOLDER]`: one model's classes, calibration, error heads and refusals.

Everything is on windows of people nobody trained on: held-out simulated bodies from all sides, UI-PRMD's subject 8.
Writes classes, classes_confusion, calibration, error_heads and rejection into docs/results.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Bool, Float32
from fias_desktop.resources import DEFAULT_MODEL, model_dir
from fias_desktop.stages.recognise import softmax
from trainer.judge.evaluate import Named, Seen, load_model, look, per_repetition, per_window
from trainer.judge.metrics import confusion, f1_per_class
from trainer.run import CACHE
from trainer.simulate.dataset import SIMULATED, UIPRMD, WindowSet, make_dataset
from trainer.tables.calibration import write_calibration, write_error_heads
from trainer.tables.report import RESULTS, Cell, Report, save_plot, share_interval, write
from trainer.tables.unknown import write_rejection

FRONT_TO_DEG, BACK_FROM_DEG = 60.0, 120.0
_COLUMNS = ("people", "unit", "class", "n", "precision", "recall", "F1", "recall low", "recall high")
_NOTES = (
    "Held out: simulated bodies that no training window shows, seen by cameras all around; UI-PRMD's subject 8 "
    "(optical motion capture) by virtual cameras; both through the estimator's noise. One simulated test set of one "
    "seed; intervals are Wilson's 95 %, over windows or repetitions as if they were independent.",
    f"From the front: the camera within {FRONT_TO_DEG:.0f} degrees of straight ahead; from the back: beyond "
    f"{BACK_FROM_DEG:.0f}; from the side: between them.",
    "A repetition is named after the mean of the log-probabilities of its windows from one camera.",
    "`all classes` gives the share named right as recall, and the mean F1 of the classes that occur.",
)


@dataclass(frozen=True, eq=False)
class People:
    """Some of the test windows, under a name for the table."""

    name: str
    rows: Bool


def main(argv: Sequence[str]) -> int:
    """Judge a model (default: the shipped one) and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m trainer tables classes", description=__doc__)
    parser.add_argument("--model", type=Path, help="folder of a model or of a finished run (default: the shipped one)")
    parser.add_argument("--windows", type=int, default=5000, help="of the held-out set")
    parser.add_argument("--seed", type=int, default=0, help="of the simulation")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--no-rejection", action="store_true", help="leave the unknown movements out")
    given = parser.parse_args(list(argv))
    spec, network = load_model(given.model or model_dir(DEFAULT_MODEL))
    command = f"python -m trainer tables classes --windows {given.windows} --seed {given.seed}"
    test = make_dataset(given.windows, given.seed, "test", spec, given.cache)
    seen = look(network, test.joints)
    write_classes(spec, test, seen, command, given.out)
    write_calibration(spec, test, seen, command, given.out)
    write_error_heads(spec, test, seen, command, given.out)
    if not given.no_rejection:
        validation = make_dataset(given.windows, given.seed, "validation", spec, given.cache)
        write_rejection(spec, network, validation, (test, seen), command, given.out)
    return 0


def people_of(test: WindowSet) -> list[People]:
    """The simulated windows of all sides and of each, and those of UI-PRMD (when there are any)."""
    simulated, turn = test.source == SIMULATED, np.abs(test.azimuth_deg)
    parts = [
        People("simulated, all sides", simulated),
        People("simulated, front", simulated & (turn <= FRONT_TO_DEG)),
        People("simulated, side", simulated & (turn > FRONT_TO_DEG) & (turn < BACK_FROM_DEG)),
        People("simulated, back", simulated & (turn >= BACK_FROM_DEG)),
        People("UI-PRMD, subject 8", test.source == UIPRMD),
    ]
    return [part for part in parts if part.rows.any()]


def write_classes(spec: ModelSpec, test: WindowSet, seen: Seen, command: str, out: Path) -> None:
    """Precision, recall and F1 of each class, and the confusion matrices."""
    probs = softmax(seen.logits, spec.temperature)
    found = [(people.name, unit, named) for people in people_of(test) for unit, named in _units(test, probs, people)]
    rows = [row for name, unit, named in found for row in _rows(spec, name, unit, named)]
    shown = [case for case in found if case[0] in ("simulated, all sides", "UI-PRMD, subject 8")]
    save_plot(_plot(spec, shown), "classes", out)
    notes = (f"Model `{spec.id}`.", *_NOTES)
    write(Report("classes", "Classes: precision, recall, F1", command, notes, _COLUMNS, tuple(rows)), out)
    matrices = [row for name, unit, named in found for row in _matrix_rows(spec, name, unit, named)]
    columns = ("people", "unit", "truly", *spec.labels)
    title = "Confusion: what is truly there (rows) and what it was named (columns)"
    write(Report("classes_confusion", title, command, notes[:1], columns, tuple(matrices)), out)


def _units(test: WindowSet, probs: Float32, people: People) -> list[tuple[str, Named]]:
    rows = people.rows
    return [
        ("window", per_window(probs[rows], test.label[rows])),
        ("repetition", per_repetition(probs[rows], test.label[rows], test.repetition[rows])),
    ]


def _rows(spec: ModelSpec, people: str, unit: str, named: Named) -> list[tuple[Cell, ...]]:
    """One row a class that occurs, and one for all."""
    each = f1_per_class(named.label, named.predicted, len(spec.labels))
    rows: list[tuple[Cell, ...]] = []
    for k in np.flatnonzero(each.support):
        n = int(each.support[k])
        low, high = share_interval(round(float(each.recall[k]) * n), n)[1:]
        values = (float(each.precision[k]), float(each.recall[k]), float(each.f1[k]))
        rows.append((people, unit, spec.labels[k], n, *values, low, high))
    right, total = int((named.label == named.predicted).sum()), len(named.label)
    share, low, high = share_interval(right, total)
    mean = float(np.nanmean(each.f1[each.support > 0])) if total else float("nan")
    return [*rows, (people, unit, "all classes", total, None, share, mean, low, high)]


def _matrix_rows(spec: ModelSpec, people: str, unit: str, named: Named) -> list[tuple[Cell, ...]]:
    matrix = confusion(named.label, named.predicted, len(spec.labels))
    return [(people, unit, spec.labels[k], *(int(n) for n in matrix[k])) for k in range(len(matrix)) if matrix[k].any()]


def _plot(spec: ModelSpec, shown: Sequence[tuple[str, str, Named]]) -> Figure:
    figure = Figure(figsize=(6.2 * 2, 5.6 * ((len(shown) + 1) // 2)), layout="constrained")
    for number, (people, unit, named) in enumerate(shown):
        axes = figure.add_subplot((len(shown) + 1) // 2, 2, number + 1)
        axes.set_title(f"{people}, per {unit} (n = {len(named.label)})")
        _draw(axes, spec, named)
    return figure


def _draw(axes: Axes, spec: ModelSpec, named: Named) -> None:
    matrix = confusion(named.label, named.predicted, len(spec.labels)).astype(np.float64)
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    ticks = np.arange(len(spec.labels))
    axes.set_xticks(ticks, spec.labels, rotation=60, ha="right", fontsize=7)
    axes.set_yticks(ticks, spec.labels, fontsize=7)
    axes.set_xlabel("named")
    axes.set_ylabel("truly")
    for row, column in np.argwhere(share >= 0.005):
        colour = "white" if share[row, column] > 0.5 else "black"
        place = (int(column), int(row))
        axes.annotate(f"{100 * share[row, column]:.0f}", place, ha="center", va="center", fontsize=7, color=colour)
