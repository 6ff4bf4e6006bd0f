"""Who teaches and who judges: sequences divided by person, by camera, by video or by the data set's own flag. Windows
are cut afterwards, so that two windows of one sequence never stand on both sides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

from fias_desktop.domain.errors import FiasError
from trainer.data.sequence import NOBODY, SkeletonSequence, bad_data


@dataclass(frozen=True)
class Split:
    """The two sides, and the key (`subject`, `view`, `video` or `split`) that they do not share. `copies` says that the
    same points may stand on both under two names: a defect of the data set that its published protocol has."""

    key: str
    train: tuple[SkeletonSequence, ...]
    test: tuple[SkeletonSequence, ...]
    copies: bool = False

    def __post_init__(self) -> None:
        prove_disjoint(self.key, self.train, self.test, copies=self.copies)


def by_subject(sequences: Sequence[SkeletonSequence], test: Collection[int]) -> Split:
    """The people `test` judge, all others teach."""
    return _split("subject", sequences, test)


def leave_one_out(sequences: Sequence[SkeletonSequence]) -> list[Split]:
    """As many splits as there are people: each judges once."""
    return [by_subject(sequences, {person}) for person in sorted({int(sequence.subject) for sequence in sequences})]


def by_view(sequences: Sequence[SkeletonSequence], test: Collection[str], copies: bool = False) -> Split:
    """The cameras `test` judge, all others teach."""
    return _split("view", sequences, test, copies)


def by_video(sequences: Sequence[SkeletonSequence], test: Collection[str]) -> Split:
    """The videos `test` judge, all others teach."""
    return _split("video", sequences, test)


def official(sequences: Sequence[SkeletonSequence], copies: bool = False) -> Split:
    """The data set's own flag: `train` and `test`."""
    unknown = [sequence for sequence in sequences if sequence.split not in ("train", "test")]
    if unknown:
        raise unknown[0].bad("it belongs neither to the official training nor to the test set")
    return _split("split", sequences, {"test"}, copies)


def prove_disjoint(key: str, *sides: Iterable[SkeletonSequence], copies: bool = False) -> None:
    """FiasError when two sides share a value of `key`, when one is empty or lacks the value, or when the very same
    sequence, or (unless `copies`) the same points under another name, stand on two sides."""
    value = _KEYS[key]
    seen: dict[Hashable, int] = {}
    for number, side in enumerate(sides):
        members = list(side)
        if not members:
            raise FiasError(f"A side of the split by {key} is empty.", "Choose other values for the test side.")
        for sequence in members:
            if value(sequence) in _UNKNOWN:
                raise sequence.bad(f"its {key} is not known, so it cannot be split by it")
            marks: list[tuple[Hashable, ...]] = [(key, value(sequence)), ("name", sequence.file, sequence.name)]
            for mark in marks if copies else [*marks, _content(sequence)]:
                if seen.setdefault(mark, number) != number:
                    raise bad_data(sequence.file, sequence.name, f"its {mark[0]} stands on two sides of the split")


def _split(key: str, sequences: Sequence[SkeletonSequence], test: Collection[Hashable], copies: bool = False) -> Split:
    value = _KEYS[key]
    missing = set(test) - {value(sequence) for sequence in sequences}
    if missing:
        raise FiasError(f"No sequence has the {key} {sorted(map(str, missing))[0]}.", f"Choose a {key} that exists.")
    judges = [value(sequence) in test for sequence in sequences]
    return Split(
        key,
        tuple(sequence for sequence, judge in zip(sequences, judges, strict=True) if not judge),
        tuple(sequence for sequence, judge in zip(sequences, judges, strict=True) if judge),
        copies,
    )


def _content(sequence: SkeletonSequence) -> tuple[str, int]:
    return "content", hash((sequence.points.shape, sequence.points.tobytes()))


_KEYS: dict[str, Callable[[SkeletonSequence], Hashable]] = {
    "subject": lambda sequence: sequence.subject,
    "view": lambda sequence: sequence.view,
    "video": lambda sequence: sequence.video,
    "split": lambda sequence: sequence.split,
}
_UNKNOWN = ("", NOBODY)
