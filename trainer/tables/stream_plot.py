"""Timelines: what was so, what single windows said and what was decided, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from fias_desktop.domain.types import Int64
from fias_desktop.stages.decide import STATES
from trainer.judge.stream_scores import Names, Recording

_COLOURS = ("#e8e8e8", "#0072b2", "#e69f00", "#009e73", "#cc79a7")  # of STATES; told apart by colour-blind people, too
_ROWS = ("truth", "windows", "decided")


def timelines(shown: Sequence[tuple[str, Recording, Recording]]) -> Figure:
    """One strip for each (title, by windows alone, decided)."""
    figure = Figure(figsize=(9.0, 0.4 + 1.1 * len(shown)), layout="constrained")
    axes = figure.subplots(len(shown), squeeze=False)[:, 0]
    for axis, (title, alone, decided) in zip(axes, shown, strict=True):
        _strip(axis, title, alone, decided)
    axes[-1].set_xlabel("seconds")
    patches = [Patch(color=colour, label=name) for name, colour in zip(STATES, _COLOURS, strict=True)]
    figure.legend(handles=patches, loc="outside upper center", ncols=len(STATES), frameon=False)
    return figure


def _strip(axis: Axes, title: str, alone: Recording, decided: Recording) -> None:
    truth = np.full(len(decided.time_s), STATES[0], dtype="<U16")
    for stretch in decided.active:
        truth[decided.during([stretch])] = stretch.name if stretch.name in STATES else STATES[0]
    rows = np.stack([_codes(truth), _codes(alone.names), _codes(decided.names)])
    extent = (0.0, float(decided.time_s[-1]), len(_ROWS) - 0.5, -0.5)
    axis.imshow(rows, cmap=ListedColormap(_COLOURS), vmin=0, vmax=len(STATES) - 1, aspect="auto", extent=extent,
                interpolation="nearest")  # fmt: skip
    axis.set_yticks(range(len(_ROWS)), _ROWS)
    axis.set_title(title, fontsize="small", loc="left")


def _codes(names: Names) -> Int64:
    return np.array([STATES.index(name) for name in names.tolist()], np.int64)
