"""Data-set cards: what is in a data set, counted from the data itself, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from trainer.data.catalogue import DataSet
from trainer.data.sequence import FRAMES, NOBODY, SkeletonSequence

_COLUMNS = (
    "data set", "sequences", "frames", "minutes", "subjects", "views", "movements", "rate (Hz)", "licence", "use",
)  # fmt: skip
_MANY = 12


def overview(sets: Iterable[tuple[DataSet, Sequence[SkeletonSequence]]]) -> str:
    """One row a data set."""
    return _table(_COLUMNS, [_row(entry, sequences) for entry, sequences in sets])


def card(entry: DataSet, sequences: Sequence[SkeletonSequence]) -> str:
    """All about one data set."""
    facts = [
        *zip(_COLUMNS, _row(entry, sequences), strict=True),
        ("frames in a sequence", _span([len(sequence.labels) for sequence in sequences])),
        ("skeleton", _names(sequence.skeleton for sequence in sequences)),
        ("coordinates", "; ".join(FRAMES[frame] for frame in sorted({sequence.frame for sequence in sequences}))),
        ("missing joints", f"{100 * (1 - _known_share(sequences)):.1f} %"),
        ("official split", _counts(sequence.split for sequence in sequences) or "none"),
        ("form", _counts(_form(sequence) for sequence in sequences) or "not labelled"),
    ]
    movements = Counter(name for sequence in sequences for name in sequence.movement.split(", ") if name)
    lines = [entry.about, _table(("", entry.title), facts[1:])]
    if len(movements) > 1:
        lines.append(_table(("movement", "sequences"), [(name, f"{n:,}") for name, n in movements.most_common()]))
    return "\n\n".join(lines)


def _row(entry: DataSet, sequences: Sequence[SkeletonSequence]) -> tuple[str, ...]:
    stills = all(len(sequence.labels) == 1 for sequence in sequences)
    subjects = {sequence.subject for sequence in sequences} - {NOBODY}
    views = {sequence.view for sequence in sequences} - {""}
    movements = {name for sequence in sequences for name in sequence.movement.split(", ")} - {""}
    rate = _span(sorted({round(sequence.rate_hz, 2) for sequence in sequences}))
    return (
        entry.title,
        f"{len(sequences):,}",
        f"{sum(len(sequence.labels) for sequence in sequences):,}",
        "stills" if stills else f"{sum(len(s.labels) / s.rate_hz for s in sequences) / 60:.1f}",
        str(len(subjects)) if subjects else "not known",
        _names(views) if views else "3D" if sequences[0].frame == "world" else "not known",
        str(len(movements)) if movements else "mixed",
        "stills" if stills else rate if entry.stated_rate else f"{rate} (nominal)",
        entry.licence,
        entry.use,
    )


def _form(sequence: SkeletonSequence) -> str:
    return "" if sequence.correct is None else "correct" if sequence.correct else "wrong"


def _known_share(sequences: Sequence[SkeletonSequence]) -> float:
    known = sum(int(sequence.known.sum()) for sequence in sequences)
    return known / sum(sequence.known.size for sequence in sequences)


def _span(values: Sequence[float]) -> str:
    low, middle, high = (f"{value:g}" for value in (min(values), float(np.median(values)), max(values)))
    return low if low == high else f"{low} to {high} (median {middle})" if len(values) > 2 else f"{low} and {high}"


def _names(values: Iterable[str]) -> str:
    found = sorted(set(values))
    return ", ".join(found) if len(found) <= _MANY else str(len(found))


def _counts(values: Iterable[str]) -> str:
    return ", ".join(f"{n:,} {value}" for value, n in sorted(Counter(value for value in values if value).items()))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
