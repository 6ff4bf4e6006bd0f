"""How honest a model's probabilities are, and how well its error heads know which error is there and how strong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fias_desktop.domain.exercises import group_of
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Bool, Float32
from fias_desktop.stages.recognise import softmax
from trainer.judge.evaluate import Seen
from trainer.judge.metrics import auroc_interval, ece, rank_correlation, reliability
from trainer.simulate.dataset import SIMULATED, UIPRMD, WindowSet
from trainer.tables.report import Cell, Report, save_plot, write

ECE_GOAL = 0.05
_CALIBRATION = ("people", "windows", "ECE before", "ECE after", "mean confidence after", "accuracy", "goal reached")
_HEADS = (
    "error", "windows without", "windows with", "AUROC", "low", "high", "repetitions", "AUROC per repetition",
    "rank correlation with severity", "of those with the error",
)  # fmt: skip


def write_calibration(spec: ModelSpec, test: WindowSet, seen: Seen, command: str, out: Path) -> None:
    """Expected calibration error before and after the card's temperature, with a reliability plot."""
    before, after = softmax(seen.logits), softmax(seen.logits, spec.temperature)
    simulated, recorded = test.source == SIMULATED, test.source == UIPRMD
    parts = [("held-out simulation", simulated), ("UI-PRMD, subject 8", recorded), ("both", simulated | recorded)]
    parts = [(name, rows) for name, rows in parts if rows.any()]
    rows = tuple(_calibration_row(name, before[part], after[part], test.label[part]) for name, part in parts)
    figure = Figure(figsize=(5.2 * len(parts), 4.6), layout="constrained")
    for number, (name, part) in enumerate(parts):
        axes = figure.add_subplot(1, len(parts), number + 1)
        axes.set_title(name)
        for probs, colour, words in ((before, "tab:orange", "before"), (after, "tab:blue", "after")):
            _draw(axes, probs[part], test.label[part], colour, words)
        axes.legend()
    save_plot(figure, "calibration", out)
    notes = (
        f"Model `{spec.id}`: one temperature, {spec.temperature:g}, chosen on the validation windows (C. Guo et al., "
        "ICML 2017), never on these. Fifteen bins of the largest probability, ten classes.",
        f"Goal: at most {ECE_GOAL:g} after, on each.",
    )
    write(Report("calibration", "Calibration of the class probabilities", command, notes, _CALIBRATION, rows), out)


def _calibration_row(
    name: str, before: Float32, after: Float32, label: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[Cell, ...]:
    found = ece(after, label)
    right = float((after.argmax(axis=1) == label).mean())
    reached = "yes" if found <= ECE_GOAL else "no"
    return name, len(label), ece(before, label), found, float(after.max(axis=1).mean()), right, reached


def _draw(
    axes: Axes, probs: Float32, label: np.ndarray[tuple[int], np.dtype[np.int64]], colour: str, words: str
) -> None:
    sure, right, count = reliability(probs, label)
    there = count > 0
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    axes.plot(sure[there], right[there], marker="o", color=colour, label=f"{words}: ECE {ece(probs, label):.3f}")
    axes.scatter(sure[there], right[there], s=400 * count[there] / count.sum(), color=colour, alpha=0.25)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share named right")


def write_error_heads(spec: ModelSpec, test: WindowSet, seen: Seen, command: str, out: Path) -> None:
    """Each error head against the simulated severity of its error; nothing without error heads."""
    if seen.error_logits is None:
        return
    rows = tuple(_head_row(spec, number, test, seen.error_logits) for number in range(len(spec.errors)))
    notes = (
        f"Model `{spec.id}`, held-out simulated windows that show the exercise; the truth is exact. Windows with the "
        "error are those in which its severity is above 0; both may show other errors. Bootstrap over bodies.",
        "Rank correlation (Spearman) of the head's answer with the severity, over all windows of the exercise (0 where "
        "the error is absent), and among those that show the error. Severities are drawn from 0.45 to 1.",
    )
    write(Report("error_heads", "Error heads against simulated severity", command, notes, _HEADS, rows), out)


def _head_row(spec: ModelSpec, number: int, test: WindowSet, logits: Float32) -> tuple[Cell, ...]:
    name = spec.errors[number]
    shown = _shows(spec, name, test)
    severity, answer = test.errors[shown, number], logits[shown, number]
    there = severity > 0
    value, low, high = auroc_interval(answer, there, groups=test.subject[shown], draws=300)
    repetition = test.repetition[shown]
    sums, strengths = _means(answer, repetition), _means(severity, repetition)
    return (
        name, int((~there).sum()), int(there.sum()), value, low, high, len(sums),
        auroc_interval(sums, strengths > 0, draws=1)[0],
        rank_correlation(answer, severity), rank_correlation(answer[there], severity[there]),
    )  # fmt: skip


def _shows(spec: ModelSpec, error: str, test: WindowSet) -> Bool:
    """The simulated windows of the error's exercise with a known severity."""
    exercise = next(group for group in spec.groups if error.startswith(group + "_"))
    group = np.array([group_of(label) == exercise for label in spec.labels])
    column = spec.errors.index(error)
    return np.asarray((test.source == SIMULATED) & group[test.label] & np.isfinite(test.errors[:, column]), np.bool_)


def _means(values: Float32, repetition: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Float32:
    """The mean of each repetition's windows."""
    _, place = np.unique(repetition, return_inverse=True)
    return np.asarray(np.bincount(place, values) / np.bincount(place), np.float32)
