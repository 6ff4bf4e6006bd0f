"""Pictures of sequences: a contact sheet, or an animation of one. The left side of the body is blue, the right orange.

Three dimensions in `WORLD` are turned so that the person faces the viewer, a little to the side; a depth camera's
points are shown as it sees them, pictures' points as in the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.animation import PillowWriter
from matplotlib.figure import Figure

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.skeleton import LEFT, RIGHT, SKELETONS, Skeleton
from fias_desktop.domain.types import Float32
from trainer.data.sequence import CAMERA, NOBODY, WORLD, SkeletonSequence

COLOURS = {LEFT: "#1f77b4", RIGHT: "#ff7f0e", "": "#777777"}
SIDE_DEG = 30.0
_COLUMNS, _ROWS = 8, 6
_GAP = (np.nan, np.nan)  # parts one bone from the next
_GIF_HZ, _GIF_S = 12.0, 12.0


@dataclass(frozen=True)
class _Cell:
    """One drawn skeleton, and the words above it."""

    sequence: SkeletonSequence
    frame: int
    text: str


_Row = tuple[str, list[_Cell]]


def draw(sequences: Sequence[SkeletonSequence], path: Path, index: int | None = None) -> None:
    """Draw sequence `index`, or without one a few spread over all, into a `.png` or (one only) an animated `.gif`.

    FiasError for an index that does not exist, another kind of file, or a folder that cannot be written.
    """
    if path.suffix not in (".png", ".gif"):
        raise FiasError(f"{path.name} is neither a .png nor a .gif.", "Choose one of these endings.")
    if index is not None and not 0 <= index < len(sequences):
        raise FiasError(f"There is no sequence {index}.", f"The sequences are numbered 0 to {len(sequences) - 1}.")
    if not path.absolute().parent.is_dir():
        raise FiasError(f"{path} cannot be written (there is no such folder).", "Choose another folder.")
    chosen = _spread(sequences) if index is None else [sequences[index]]
    try:
        if path.suffix == ".gif":
            _animate(chosen[0], path)
        else:
            sheet(chosen).savefig(path, dpi=100)
    except OSError as error:
        raise FiasError(f"{path} cannot be written ({error.strerror}).", "Choose another folder.") from error


def sheet(sequences: Sequence[SkeletonSequence]) -> Figure:
    """One row of moments for each sequence, four rows of one alone, or stills side by side."""
    rows = _stills(sequences) if _all_stills(sequences) else _moments(sequences)
    height = 2.1 * len(rows)
    figure = Figure(figsize=(1.6 * _COLUMNS, height))
    margins = {"left": 0.01, "right": 0.99, "bottom": 0.05 / height, "top": 1 - 0.5 / height}
    panels = figure.subplots(len(rows), _COLUMNS, squeeze=False, gridspec_kw={**margins, "wspace": 0.05, "hspace": 0.3})
    for panel in panels.flat:
        panel.set_axis_off()
    for line, (caption, cells) in zip(panels, rows, strict=True):
        _caption(line[0], caption, cells[0].text.count("\n"))
        for panel, cell in zip(line, cells, strict=False):
            points = flat(cell.sequence)
            _skeleton(panel, points[cell.frame], SKELETONS[cell.sequence.skeleton], _limits(points))
            panel.set_title(f"\n{cell.text}", fontsize=7)
    return figure


def title(sequence: SkeletonSequence) -> str:
    """What, who, from where."""
    words = [f"{sequence.source} {sequence.name}".strip(), _words(sequence)]
    if sequence.subject != NOBODY:
        words.append(f"subject {sequence.subject}")
    if sequence.view:
        words.append(f"view {sequence.view}")
    if len(sequence.labels) > 1:
        words.append(f"{len(sequence.labels)} frames at {sequence.rate_hz:g} Hz")
    return ", ".join(word for word in words if word)


def flat(sequence: SkeletonSequence) -> Float32:
    """Points (F, V, 2) as they are drawn: x right, y up."""
    points = sequence.points
    if sequence.frame == WORLD and points.shape[2] == 3:
        points = _facing(points, SKELETONS[sequence.skeleton])
        return np.asarray(points[..., :2], np.float32)
    across, up = (-1.0, 1.0) if sequence.frame == CAMERA else (1.0, -1.0)
    return np.asarray(points[..., :2] * np.array([across, up], np.float32), np.float32)


def _facing(points: Float32, skeleton: Skeleton) -> Float32:
    """Turned about the vertical axis so that the median heading is `SIDE_DEG` to the side of the viewer."""
    left = np.nanmedian(points[:, skeleton.index("left_hip")] - points[:, skeleton.index("right_hip")], axis=0)
    angle = np.arctan2(left[2], left[0]) + np.radians(SIDE_DEG)
    turn = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]], np.float32)
    return np.asarray(points @ turn, np.float32)


def _words(sequence: SkeletonSequence) -> str:
    """The movement and its form."""
    shown = np.unique(sequence.labels[sequence.labels >= 0])
    movement = sequence.movement or ", ".join(sequence.names[label] for label in shown)
    form = "" if sequence.correct is None else " (correct)" if sequence.correct else " (wrong)"
    return movement + form


def _spread(sequences: Sequence[SkeletonSequence]) -> list[SkeletonSequence]:
    """A few sequences of different movements, the same every time."""
    places = _ROWS * _COLUMNS if _all_stills(sequences) else _ROWS
    first = {_kind(sequence, number): number for number, sequence in reversed(list(enumerate(sequences)))}
    numbers = sorted(first.values())
    if len(numbers) > places:
        return [sequences[numbers[place]] for place in _even(len(numbers), places)]
    others = (number for number in _even(len(sequences), places) if number not in numbers)
    return [sequences[number] for number in sorted([*numbers, *islice(others, places - len(numbers))])]


def _even(count: int, places: int) -> list[int]:
    """Up to `places` of the numbers 0 to `count` - 1, evenly."""
    return [int(number) for number in np.linspace(0, count - 1, min(places, count)).round()]


def _kind(sequence: SkeletonSequence, number: int) -> tuple[str, bool | None]:
    return (sequence.movement or str(number)), sequence.correct


def _all_stills(sequences: Sequence[SkeletonSequence]) -> bool:
    return all(len(sequence.labels) == 1 for sequence in sequences)


def _moments(sequences: Sequence[SkeletonSequence]) -> list[_Row]:
    lines = 4 if len(sequences) == 1 else 1
    rows: list[_Row] = []
    for sequence in sequences:
        frames = np.unique(np.linspace(0, len(sequence.labels) - 1, lines * _COLUMNS).round().astype(int)).tolist()
        cells = [_Cell(sequence, frame, f"{frame / sequence.rate_hz:.1f} s") for frame in frames]
        rows += [("" if i else title(sequence), cells[i : i + _COLUMNS]) for i in range(0, len(cells), _COLUMNS)]
    return rows


def _stills(sequences: Sequence[SkeletonSequence]) -> list[_Row]:
    cells = [_Cell(sequence, 0, f"{sequence.name[-24:]}\n{_words(sequence)}") for sequence in sequences]
    return [("" if i else sequences[0].source, cells[i : i + _COLUMNS]) for i in range(0, len(cells), _COLUMNS)]


def _limits(points: Float32) -> tuple[float, float, float]:
    """Centre and half the side of the square that shows all known points."""
    known = points[np.isfinite(points).all(axis=-1)]
    low, high = known.min(axis=0), known.max(axis=0)
    centre = (low + high) / 2
    return float(centre[0]), float(centre[1]), float(max(*(high - low), 1e-6)) * 0.55


def _skeleton(panel: Any, points: Float32, skeleton: Skeleton, limits: tuple[float, float, float]) -> None:
    x, y, half = limits
    panel.set(xlim=(x - half, x + half), ylim=(y - half, y + half), aspect="equal")
    for colour in COLOURS.values():
        bones = [bone for bone in skeleton.inward if _colour(skeleton.joints[bone[0]]) == colour]
        ends = np.array([[points[child], points[parent], _GAP] for child, parent in bones]).reshape(-1, 2)
        panel.plot(ends[:, 0], ends[:, 1], color=colour, linewidth=1.6)
        joints = points[[joint for joint, name in enumerate(skeleton.joints) if _colour(name) == colour]]
        panel.plot(joints[:, 0], joints[:, 1], "o", color=colour, markersize=2.0)


def _colour(joint: str) -> str:
    return next(colour for side, colour in COLOURS.items() if joint.startswith(side))


def _caption(panel: Any, text: str, more_lines: int) -> None:
    """Words above the panel's own title, which has left one line free."""
    place = {"xycoords": "axes fraction", "textcoords": "offset points", "annotation_clip": False}
    panel.annotate(text, (0, 1), (0, 16 + 9 * more_lines), fontsize=8, **place)


def _animate(sequence: SkeletonSequence, path: Path) -> None:
    points = flat(sequence)
    limits = _limits(points)
    step = max(round(sequence.rate_hz / _GIF_HZ), 1)
    figure = Figure(figsize=(4, 4.4))
    panel = figure.subplots()
    writer = PillowWriter(fps=max(round(sequence.rate_hz / step), 1))
    with writer.saving(figure, str(path), dpi=80):
        for frame in range(0, min(len(points), int(_GIF_S * sequence.rate_hz) + 1), step):
            panel.clear()
            panel.set_axis_off()
            _skeleton(panel, points[frame], SKELETONS[sequence.skeleton], limits)
            panel.set_title(f"{title(sequence)}\n{frame / sequence.rate_hz:.1f} s", fontsize=7)
            writer.grab_frame()
