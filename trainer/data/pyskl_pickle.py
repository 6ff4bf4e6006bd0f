"""The pickles in which pyskl and mmaction2 keep skeletons: `{"split": {name: [frame_dir...]}, "annotations": [...]}`,
an annotation being `{frame_dir, label, img_shape (H, W), total_frames, keypoint (M, T, V, C), keypoint_score (M, T,
V)}` for M people in T frames. Licence and use are those of the data set inside; benchmark only where it says nothing.

Traps: a pickle is a program, so it is opened by `safe_pickle` only; absent people are padded with zeros (they become
missing joints, and people never seen are left out); scores of heat maps can lie a little outside 0..1; half precision;
3D annotations have no score; class names are not in the file; the frame rate is not stated (30 is nominal).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fias_desktop.domain.skeleton import SKELETONS
from fias_desktop.domain.types import Float32
from trainer.data.safe_pickle import Array, load
from trainer.data.sequence import CAMERA, PIXELS, SkeletonSequence, bad_data, with_nan

RATE_HZ = 30.0
MAX_BYTES = 2**33  # of all points together: one array may be named by any number of annotations
_OF_LENGTH = {skeleton.num_joints: skeleton.name for skeleton in SKELETONS.values()}


@dataclass(frozen=True)
class PickledSet:
    """What such a file holds: one sequence a person, and the names (`video`) that each split lists."""

    sequences: tuple[SkeletonSequence, ...]
    splits: dict[str, frozenset[str]]


def read(path: Path, split: str = "", names: tuple[str, ...] | None = None) -> list[SkeletonSequence]:
    """The sequences of one split (all without), with that split's name. `names` are the classes."""
    content = read_set(path, names)
    if not split:
        return list(content.sequences)
    if split not in content.splits:
        raise bad_data(path.name, "", f"it has no split {split!r}, only {', '.join(sorted(content.splits)) or 'none'}")
    listed = content.splits[split]
    return [replace(sequence, split=split) for sequence in content.sequences if sequence.video in listed]


def read_set(path: Path, names: tuple[str, ...] | None = None) -> PickledSet:
    """Everything in the file; without `names` the classes are numbered. FiasError naming file and sequence."""
    content = load(path)
    annotations = content.get("annotations") if isinstance(content, dict) else content
    if not isinstance(annotations, list) or not annotations:
        raise bad_data(path.name, "", "it has no list of annotations")
    rows = [_Annotation.of(path.name, number, given) for number, given in enumerate(annotations)]
    if sum(row.keypoint.size for row in rows) * 4 > MAX_BYTES:
        raise bad_data(path.name, "", f"its annotations would take more than {MAX_BYTES / 2**30:.0f} GiB")
    classes = names or tuple(str(label) for label in range(min(max(row.label for row in rows), len(rows) * 100) + 1))
    sequences = tuple(sequence for row in rows for sequence in row.people(classes))
    return PickledSet(sequences, _splits(path.name, content.get("split") if isinstance(content, dict) else None))


@dataclass(frozen=True)
class _Annotation:
    file: str
    name: str
    label: int
    keypoint: Float32
    score: Float32
    size: tuple[int, int] | None

    @classmethod
    def of(cls, file: str, number: int, given: object) -> _Annotation:
        """The annotation with every part checked."""
        if not isinstance(given, dict):
            raise bad_data(file, f"number {number}", "it is no annotation")
        name = given.get("frame_dir", given.get("filename"))
        if not isinstance(name, str):
            raise bad_data(file, f"number {number}", "it has no frame_dir")
        label = given.get("label")
        if type(label) is not int or label < 0:
            raise bad_data(file, name, "it has no label, or one that is no class")
        keypoint = _numbers(file, name, "keypoint", given.get("keypoint"), 4)
        if keypoint.shape[2] not in _OF_LENGTH or keypoint.shape[3] not in (2, 3):
            raise bad_data(
                file, name, f"{keypoint.shape[2]} joints of {keypoint.shape[3]} values fit no known skeleton"
            )
        if not keypoint.shape[0] or not keypoint.shape[1]:
            raise bad_data(file, name, "it is empty")
        score = _score(file, name, keypoint, given.get("keypoint_score"))
        frames = given.get("total_frames", keypoint.shape[1])
        if frames != keypoint.shape[1]:
            raise bad_data(file, name, f"it holds {keypoint.shape[1]} frames, not as many as it says")
        return cls(file, name, label, keypoint, score, _size(given.get("img_shape")))

    def people(self, classes: tuple[str, ...]) -> list[SkeletonSequence]:
        """One sequence for everybody who is seen at all."""
        seen = [person for person in range(len(self.keypoint)) if (self.score[person] > 0).any()]
        if not seen:
            raise bad_data(self.file, self.name, "nobody is seen in it")
        if self.keypoint.shape[1] < 2:
            raise bad_data(self.file, self.name, "it has 1 frame, fewer than 2")
        if self.label >= len(classes):
            raise bad_data(self.file, self.name, f"label {self.label} is none of the {len(classes)} classes")
        return [
            SkeletonSequence(
                with_nan(self.keypoint[person], self.score[person]),
                np.full(self.keypoint.shape[1], self.label),
                RATE_HZ,
                self.file,
                self.name if len(seen) == 1 else f"{self.name} (person {person})",
                self.file,
                _OF_LENGTH[self.keypoint.shape[2]],
                PIXELS if self.keypoint.shape[3] == 2 else CAMERA,
                self.score[person],
                classes,
                movement=classes[self.label],
                video=self.name,
                size=self.size,
            )
            for person in seen
        ]


def _numbers(file: str, name: str, what: str, given: object, dimensions: int) -> Float32:
    values = given.values if isinstance(given, Array) else None
    if values is None or values.ndim != dimensions or values.dtype.kind != "f":
        raise bad_data(file, name, f"its {what} is no array of {dimensions} dimensions")
    return values.astype(np.float32)


def _score(file: str, name: str, keypoint: Float32, given: object) -> Float32:
    """The scores in 0..1; without any, joints at exactly 0 are missing."""
    if given is None:
        return np.asarray((keypoint != 0).any(axis=-1), np.float32)
    score = _numbers(file, name, "keypoint_score", given, 3)
    if score.shape != keypoint.shape[:3] or not np.isfinite(score).all():
        raise bad_data(file, name, "its keypoint_score does not fit its keypoint, or is not a number")
    return np.asarray(np.clip(score, 0, 1), np.float32)


def _size(given: object) -> tuple[int, int] | None:
    if isinstance(given, (tuple, list)) and len(given) == 2 and all(type(side) is int for side in given):
        return int(given[1]), int(given[0])
    return None


def _splits(file: str, given: object) -> dict[str, frozenset[str]]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise bad_data(file, "", "its splits are no lists of names")
    splits = {}
    for split, names in given.items():
        texts = isinstance(split, str) and isinstance(names, list) and all(isinstance(name, str) for name in names)
        if not texts:
            raise bad_data(file, "", "its splits are no lists of names")
        splits[split] = frozenset(names)
    return splits
