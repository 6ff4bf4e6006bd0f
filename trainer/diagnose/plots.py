"""Plots of a diagnosis: moving skeletons, responses of filters, joints; each a figure of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fias_desktop.domain.skeleton import LEFT, RIGHT, Skeleton
from fias_desktop.domain.types import Bool, Float32, Float64
from trainer.diagnose.joints import JointEvidence

_COLOURS = {LEFT: "tab:orange", RIGHT: "tab:blue", "": "tab:gray"}
_STEP = 1.2  # from one posture to the next, in boxes


def sequences(rows: Sequence[tuple[str, Float32]], topology: Skeleton, title: str, shown: int = 7) -> Figure:
    """Moving skeletons below each other, each a name and float32 (T, V, C) with y up; `shown` samples of each, spread
    over its time. Joints that are 0 in every channel are not drawn. Left is orange, right is blue."""
    figure = Figure(figsize=(1.3 * shown + 1.0, 1.3 * len(rows) + 0.5), layout="constrained")
    axes = figure.subplots()  # one for all: dozens take seconds to lay out
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_title(title, fontsize=9)
    for down, (name, joints) in enumerate(rows):
        boxed = _in_a_box(joints)
        times = np.unique(np.linspace(0, len(joints) - 1, shown).round().astype(int))
        axes.text(-0.9, -_STEP * down + 0.5, name, fontsize=8, va="center")
        for right, time in enumerate(times):
            corner = np.array([_STEP * right, -_STEP * down])
            _skeleton(axes, boxed[time] + corner, joints[time].any(axis=-1), topology)
            axes.text(corner[0] + 0.5, corner[1] - 0.08, str(time), fontsize=6, ha="center")
    return figure


def _in_a_box(joints: Float32) -> Float64:
    """Positions (T, V, 2) of a sequence moved and scaled as a whole into the unit square, in its middle."""
    places = joints[..., :2].astype(np.float64)
    low, high = places.min(axis=(0, 1)), places.max(axis=(0, 1))
    scaled: Float64 = (places - (low + high) / 2) / max(float((high - low).max()), 1e-9) + 0.5
    return scaled


def _skeleton(axes: Axes, places: Float64, known: Bool, topology: Skeleton) -> None:
    """One posture (V, 2); bones with an end that is not known are left out."""
    for child, parent in topology.inward:
        if known[child] and known[parent]:
            side = next((side for side in (LEFT, RIGHT) if topology.joints[child].startswith(side)), "")
            axes.plot(places[[child, parent], 0], places[[child, parent], 1], color=_COLOURS[side], linewidth=1.2)


def signatures(z: Float64, labels: Sequence[str], title: str) -> Figure:
    """Which filters answer to which class: z-scores (classes, filters), filters ordered by the class they prefer."""
    order = np.lexsort((-z.max(axis=0), z.argmax(axis=0)))
    figure = Figure(figsize=(8.0, 0.28 * len(labels) + 1.2), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(z[:, order], cmap="RdBu_r", vmin=-1.5, vmax=1.5, aspect="auto")
    axes.set_yticks(np.arange(len(labels)), labels, fontsize=7)
    axes.set_xlabel("filters, by the class they prefer", fontsize=7)
    axes.set_title(title, fontsize=9)
    figure.colorbar(image, ax=axes, label="standard deviations")
    return figure


def responses(rows: Sequence[tuple[str, Sequence[Float64]]]) -> Figure:
    """Responses over time (article, figure 8): for each class a name and some windows, each (filters, T') z-scores."""
    count = max(len(windows) for _, windows in rows)
    figure = Figure(figsize=(2.0 * count, 2.2 * len(rows)), layout="constrained")
    grid = figure.subplots(len(rows), count, squeeze=False)
    for (name, windows), line in zip(rows, grid, strict=True):
        line[0].set_title(name, fontsize=7)
        for axes in line[len(windows) :]:
            axes.set_axis_off()
        for axes, window in zip(line, windows, strict=False):
            axes.plot(np.arange(window.shape[1]), window.T, linewidth=0.6)
            axes.set_ylim(-3.0, 6.0)
            axes.tick_params(labelsize=5)
        line[0].set_ylabel("standard deviations", fontsize=6)
    return figure


def neglect(evidence: Sequence[JointEvidence], topology: Skeleton, proposed: Bool) -> Figure:
    """For each pair of classes every joint's share in the data and in the network; proposed joints (V,) are marked."""
    figure = Figure(figsize=(9.0, 2.6 * len(evidence) + 0.8), layout="constrained")
    places = np.arange(topology.num_joints)
    each = figure.subplots(len(evidence), 1, sharex=True, squeeze=False)[:, 0]
    for one, axes in zip(evidence, each, strict=True):
        axes.bar(places - 0.2, one.separability, 0.4, label="share of the classes' difference", color="tab:green")
        axes.bar(places + 0.2, one.attention, 0.4, label="network's share", color="tab:purple")
        axes.set_title(f"{one.pair.first} against {one.pair.second} ({one.pair.lost} windows lost)", fontsize=8)
        axes.tick_params(labelsize=6)
    names = [f"{joint} *" if chosen else joint for joint, chosen in zip(topology.joints, proposed, strict=True)]
    each[-1].set_xticks(places, names, rotation=60, ha="right", fontsize=7)
    each[0].legend(fontsize=7)
    return figure
