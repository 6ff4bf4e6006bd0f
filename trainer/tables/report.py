"""A table of results as Markdown for people and CSV for machines, with intervals and plots."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy import stats

RESULTS = Path("docs/results")
LEVEL = 0.95
_Z = float(stats.norm.ppf(0.5 + LEVEL / 2))
PLOT_DPI = 120

Cell = str | float | int | None


@dataclass(frozen=True)
class Report:
    """One table: `name` of its files, `title`, the `command` that makes it again, `notes` (what a reader must know:
    seeds, sizes, recipe, misses), the `columns` and the `rows`, each as long as the columns. None is an empty cell."""

    name: str
    title: str
    command: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.name}: a row of {len(row)} cells under {len(self.columns)} columns: {row}")


def write(report: Report, folder: Path = RESULTS) -> None:
    """Write `<name>.md` and `<name>.csv` into the folder, each whole or not at all. A plot `<name>.png` that is already
    there is shown in the Markdown; CSV cells keep six significant digits."""
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / f"{report.name}.md", _markdown(report, (folder / f"{report.name}.png").is_file()))
    part = folder / f"{report.name}.csv.part"
    with part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(report.columns)
        writer.writerows([["" if _empty(cell) else _exact(cell) for cell in row] for row in report.rows])
    part.replace(folder / f"{report.name}.csv")


def _replace(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _markdown(report: Report, plot: bool) -> str:
    right = [all(not isinstance(row[i], str) for row in report.rows) for i in range(len(report.columns))]
    rule = " | ".join("---:" if numeric else "---" for numeric in right)
    lines = [f"# {report.title}", "", f"Made by `{report.command}`.", ""]
    lines += ["| " + " | ".join(_escaped(column) for column in report.columns) + " |", f"| {rule} |"]
    lines += ["| " + " | ".join(_escaped(rounded(cell)) for cell in row) + " |" for row in report.rows]
    if plot:
        lines += ["", f"![{report.title}]({report.name}.png)"]
    if report.notes:
        lines += ["", *(f"- {note}" for note in report.notes)]
    return "\n".join(lines) + "\n"


def rounded(cell: Cell) -> str:
    """A cell as people read it: floats of less than 10 with three decimals, of less than 1000 with one, else none."""
    if _empty(cell):
        return ""
    if not isinstance(cell, float):
        return str(cell)
    size = abs(cell)
    return f"{cell:.{3 if size < 10 else 1 if size < 1000 else 0}f}"


def _exact(cell: Cell) -> Cell:
    return f"{cell:.6g}" if isinstance(cell, float) else cell


def _empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def share_interval(hits: int, n: int) -> tuple[float, float, float]:
    """The share hits / n with its Wilson 95 % interval (low, high); NaN, 0, 1 when n is 0.

    E. B. Wilson, J. Am. Stat. Assoc. 22 (1927).
    """
    if not n:
        return math.nan, 0.0, 1.0
    share, square = hits / n, _Z * _Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return share, max(middle - half, 0.0), min(middle + half, 1.0)


def seed_interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean of one value per seed with its 95 % interval (low, high) by Student's t; NaN bounds for a single seed."""
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, math.nan, math.nan
    spread = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    half = float(stats.t.ppf(0.5 + LEVEL / 2, len(values) - 1)) * spread
    return mean, mean - half, mean + half


def save_plot(figure: Figure, name: str, folder: Path = RESULTS) -> None:
    """Save a matplotlib figure as `<name>.png`. Make it as `Figure(layout="constrained")`: no display is needed and
    nothing is kept alive. Save before `write`, so that the Markdown shows it."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.part.png"
    figure.savefig(part, dpi=PLOT_DPI)
    part.replace(folder / f"{name}.png")
