"""A diagnosis as one Markdown page with its plots beside it, and its joints as a table for machines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fias_desktop.domain.exercises import IDLE
from fias_desktop.domain.types import Int64
from trainer.diagnose.decoded_windows import comparable, layers_shown
from trainer.diagnose.decoder import primitives
from trainer.diagnose.diagnosis import Diagnosis
from trainer.diagnose.filters import Responses, responses_of
from trainer.diagnose.joints import PAIRS, neglected
from trainer.diagnose.plots import neglect, responses, sequences, signatures
from trainer.tables.report import Cell, Report, rounded, save_plot, write

PAGE = "diagnosis.md"
SHOWN_PAIRS, SHOWN_FILTERS, SHOWN_WINDOWS, REFERENCE = 6, 6, 5, 400

_DECODED = (
    "Rows are the window and what its layers hold, decoded. Decoding is a transpose: one factor a layer and the average"
    " posture were set so that the spread over 400 validation windows is theirs; what differs between joints, times and"
    " windows is the network's."
)
_FILTERS = (
    "Each row is a filter, drawn as a movement around the mean skeleton, with its largest value one standard deviation."
)
_COMPACT = (
    " The first convolution has length 1, so its filters are postures; these are the first unit's filters multiplied"
    " with them (the ReLU between left out)."
)
_JOINTS = (
    "Green: how far two classes differ at a joint in the data (Cohen's d between athletes seen from the same side, less"
    " what shuffled classes give), as shares. Purple: the network's share of input x gradient of one logit less the"
    " other. A joint that is green and not purple is neglected: it is proposed, with its partner, for the attention"
    " stream (*). Effects are univariate: what only two joints together show is not found here."
)
_SIGNATURES = (
    "`told apart`: how differently the last layer's filters answer to the class and to the one it is taken for, in"
    " standard deviations. Where that is near 0 the network has no filter for the difference (article, figure 8)."
)
_VIEWS = (
    "Cosine of decoded sequences (positions only, counted from their average). `with its window`: how much of the"
    " window a decoded sequence still shows; where that is low it cannot be read as movement. Invariance to the view:"
    " `across`, the same moment of a repetition from two sides, stays well above `between`, two classes from the same"
    " side. Simulated athletes that no split shows. ± is the half-width of a 95 % interval."
)


def write_page(found: Diagnosis, out: Path, command: str) -> Path:
    """Write page, plots and `joints.csv` into the folder; the page's path."""
    out.mkdir(parents=True, exist_ok=True)
    last = responses_of(found.subject.network, found.windows.joints, 1 + len(found.subject.network.units))
    parts = [
        _head(found, command),
        _classes(found, last),
        _joints(found, out, command),
        _sequences(found, out),
        _filters(found, last, out),
        _views(found),
    ]
    path = out / PAGE
    part = path.with_name(PAGE + ".part")
    part.write_text("\n".join(parts), encoding="utf-8")
    part.replace(path)
    return path


def fix_command(found: Diagnosis) -> str:
    """The command that trains the refined network."""
    return f"python -m trainer fix {found.subject.run} --joints {','.join(found.proposed)}"


def _head(found: Diagnosis, command: str) -> str:
    windows, spec = found.windows, found.subject.spec
    right = float((found.predicted == windows.label).mean())
    return "\n".join([
        f"# Diagnosis of {spec.title} ({spec.id})", "",
        f"Made by `{command}` on {len(windows)} validation windows of {len(np.unique(windows.subject))} people, of"
        f" which {100 * right:.1f} % are named right. Test windows were not looked at.", "",
        f"Proposed for the attention stream: **{', '.join(found.proposed)}**. Next: `{fix_command(found)}`", "",
    ])  # fmt: skip


def _classes(found: Diagnosis, last: Responses) -> str:
    labels, label = found.subject.spec.labels, found.windows.label
    rows: list[Sequence[Cell]] = [
        (one.label, one.n, one.recall, one.low, one.high, one.taken_for,
         last.apart(label, labels.index(one.label), labels.index(one.taken_for)) if one.taken_for else None)
        for one in found.recalls
    ]  # fmt: skip
    columns = ("class", "windows", "recall", "low", "high", "taken for", "told apart")
    pairs: list[Sequence[Cell]] = [
        (one.first, one.second, one.lost, one.share) for one in found.pairs[:SHOWN_PAIRS] if one.lost
    ]
    names = ("class", "and", "windows lost", "share of both")
    return "\n".join(["## Weakest classes", "", _SIGNATURES, "", table(columns, rows), "",
                      "Most confused (idle left out):", "", table(names, pairs), ""])  # fmt: skip


def _joints(found: Diagnosis, out: Path, command: str) -> str:
    topology, each = found.subject.topology, found.evidence
    proposed = np.array([joint in found.proposed for joint in topology.joints])
    save_plot(neglect(each, topology, proposed), "joints", out)
    columns = ["joint", "proposed", "neglect"]
    for number, one in enumerate(each, 1):
        columns += [f"d {number}: {one.pair.first} / {one.pair.second}", f"network's share {number}"]
    total = neglected(each)
    rows: list[tuple[Cell, ...]] = []
    for v in np.argsort(-total):
        values = [value for one in each for value in (float(one.effect[v]), float(one.attention[v]))]
        rows.append((topology.joints[v], "yes" if proposed[v] else "", float(total[v]), *values))
    notes = (
        f"The {PAIRS} most confused pairs of classes; `neglect` over them is weighted by windows lost times largest d.",
    )
    write(Report("joints", "Joints the network neglects", command, notes, tuple(columns), tuple(rows)), out)
    return "\n".join(["## Neglected joints", "", _JOINTS, "", table(columns, rows), "", "![joints](joints.png)", ""])


def _sequences(found: Diagnosis, out: Path) -> str:
    lines = ["## Decoded sequences", "", _DECODED, ""]
    subject, windows = found.subject, found.windows
    strongest = next((one.label for one in reversed(found.recalls) if one.label != IDLE), found.recalls[-1].label)
    wanted = dict.fromkeys((found.pairs[0].first, found.pairs[0].second, strongest))
    for label in wanted:
        rows = np.flatnonzero(windows.label == subject.spec.labels.index(label))
        row = rows[np.argmax(windows.joints[rows].any(axis=-1).mean(axis=(1, 2)))]  # of which most is known
        each = [("window", windows.joints[row])]
        for layer in layers_shown(subject.network):
            shown = comparable(subject.network, windows.joints[[row]], windows.joints[:REFERENCE], layer)
            each.append((f"layer {layer}", shown[0]))
        said = subject.spec.labels[found.predicted[row]]
        title = f"{label}, named {said}, camera at {windows.azimuth_deg[row]:.0f} degrees"
        save_plot(sequences(each, subject.topology, title), f"decoded-{label}", out)
        lines += [f"![{title}](decoded-{label}.png)", ""]
    return "\n".join(lines)


def _filters(found: Diagnosis, last: Responses, out: Path) -> str:
    subject, label = found.subject, found.windows.label
    labels = [one.label for one in reversed(found.recalls)]
    first = responses_of(subject.network, found.windows.joints, 1)
    for answers in (first, last):
        z = np.stack([answers.of_class(label, subject.spec.labels.index(name)) for name in labels])
        title = f"Mean |X_{answers.layer}| of each class, strongest class first"
        save_plot(signatures(z, labels, title), f"responses-layer{answers.layer}", out)
    ends = [name for name in labels if name != IDLE]
    over_time = [
        (f"{name}, layer {answers.layer}", list(answers.values[_of_different_people(found, name)]))
        for answers in (first, last)
        for name in dict.fromkeys((ends[0], ends[-1]))
    ]
    save_plot(responses(over_time), "responses-over-time", out)
    moving = primitives(subject.network).numpy()
    order = np.argsort(-subject.network.entry.weight.detach().flatten(1).norm(dim=1).numpy())
    if subject.network.config.layout.entry == 1:
        order = np.arange(len(moving))
    rows = [(f"filter {number}", moving[number]) for number in order[:SHOWN_FILTERS]]
    save_plot(sequences(rows, subject.topology, "Filters as moving skeletons", moving.shape[1]), "filters", out)
    words = _FILTERS + (_COMPACT if subject.network.config.layout.entry == 1 else "")
    pictures = ("filters", "responses-layer1", f"responses-layer{last.layer}", "responses-over-time")
    return "\n".join(["## Filters", "", words, "", *(f"![{name}]({name}.png)\n" for name in pictures)])


def _of_different_people(found: Diagnosis, name: str) -> Int64:
    """One window of a class of each of some people, int64 (at most `SHOWN_WINDOWS`,)."""
    rows = np.flatnonzero(found.windows.label == found.subject.spec.labels.index(name))
    _, first = np.unique(found.windows.subject[rows], return_index=True)
    return np.asarray(rows[np.sort(first)[:SHOWN_WINDOWS]], np.int64)


def _views(found: Diagnosis) -> str:
    rows: list[Sequence[Cell]] = [
        ("window" if not one.layer else f"layer {one.layer}", one.window, one.across, one.across_half, one.between,
         one.between_half, one.across - one.between)
        for one in found.likeness
    ]  # fmt: skip
    columns = ("sequence of", "with its window", "across", "±", "between", "± ", "difference")
    return "\n".join(["## From several sides", "", _VIEWS, "", table(columns, rows), ""])


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    return "\n".join([*lines, *("| " + " | ".join(rounded(cell) for cell in row) + " |" for row in rows)])
