"""UI-PRMD (Vakanski, Jun, Paul, Baker, Data 3(1):2, 2018): optical motion capture of ten rehabilitation movements by
subjects 1 to 8, correct and deliberately incorrect. Open Data Commons Public Domain Dedication and License 1.0, as the
article states: may train shipped weights.

Movements 1 (deep squat) and 3 (inline lunge) teach their exercises, movement 2 (hurdle step) is a movement that is
none of ours; 4 (side lunge) is left out of training as it is neither, and 5 to 10 stay unseen, to judge rejection.
Correct repetitions carry the `_correct` class. Incorrect squats with knees inward (rule tags) carry
`squat_knees_inward`; other incorrect repetitions show errors without a class of their own and have none (`UNLABELLED`).

Traps: 13 sequences have markers at exactly 0 (lost) and one has a single frame: these are left out. Subject 3 is absent
from movement 3. The tags come from rules on measured angles; they are a help, not ground truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fias_desktop.domain.exercises import ERROR_LABELS, LABELS
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, Int64
from trainer.data.archive import open_archive, pieces
from trainer.data.sequence import UNLABELLED, SkeletonSequence, bad_data, joined
from trainer.data.text import table

FILE, TAGS = "uiprmd_vicon_25hz.npz", "uiprmd_squat_lunge_rep_tags.csv"
NAME, LICENCE = "UI-PRMD", "public domain dedication (ODC PDDL 1.0)"
SPLITS: dict[str, tuple[int, ...]] = {"train": (1, 2, 3, 4, 5, 6), "validation": (7,), "test": (8,)}
MOVEMENTS = (
    "deep squat", "hurdle step", "inline lunge", "side lunge", "sit to stand", "standing active leg raise",
    "shoulder abduction", "shoulder extension", "shoulder rotation", "shoulder scaption",
)  # fmt: skip
SQUAT, HURDLE_STEP, LUNGE = 1, 2, 3
_ONE_FRAME = frozenset({"m10_s05_e09_incorrect"})
_ACTIVE_SHARE = 0.12
_HIPS = COCO17_FEET.indices("left_hip", "right_hip")


_KEYS, _TAGS = ("m", "s", "e", "correct"), ("shallow", "lean", "tilt", "valgus", "past_toe")
# The rule-made tags that say the same as one of our errors. They are a help, not ground truth.
_TAGGED = {
    (SQUAT, "shallow"): "squat_too_shallow",
    (SQUAT, "valgus"): "squat_knees_inward",
    (SQUAT, "lean"): "squat_forward_lean",
    (LUNGE, "lean"): "lunge_trunk_lean",
}


@dataclass(frozen=True)
class _Row:
    movement: int
    subject: int
    episode: int
    correct: bool

    @property
    def name(self) -> str:
        return f"m{self.movement:02d}_s{self.subject:02d}_e{self.episode:02d}_{'' if self.correct else 'in'}correct"


def read(
    folder: Path, movements: tuple[int, ...] = tuple(range(1, 11)), subjects: tuple[int, ...] = tuple(range(1, 9))
) -> list[SkeletonSequence]:
    """The repetitions of those movements and subjects, one sequence each (`WORLD`); without those with lost markers."""
    archive = open_archive(folder / FILE)
    xyz = archive.array("xyz_mm", "f", (None, COCO17_FEET.num_joints, 3))
    rows = [_Row(m, s, e, bool(correct)) for m, s, e, correct, _ in archive.array("meta", "iu", (None, 5)).tolist()]
    rate_hz = float(archive.array("fps", "f", ()))
    tags = _tags(folder / TAGS)
    sequences = []
    for row, piece in zip(rows, pieces(archive, len(xyz), [row.name for row in rows], short=_ONE_FRAME), strict=True):
        if not 1 <= row.movement <= len(MOVEMENTS):
            raise bad_data(FILE, row.name, f"movement {row.movement} is none of the {len(MOVEMENTS)} movements")
        points = xyz[piece]
        lost = bool((points == 0).all(axis=-1).any()) or len(points) == 1
        if row.movement in movements and row.subject in subjects and not lost:
            sequences.append(_sequence(points, row, tags.get(row, ()), rate_hz))
    return sequences


def _sequence(points: Float32, row: _Row, tags: tuple[str, ...], rate_hz: float) -> SkeletonSequence:
    if not np.isfinite(points).all():
        raise bad_data(FILE, row.name, "a position is not a number")
    joints = _y_up(points)
    labels = _labels(joints, row, "valgus" in tags)
    return SkeletonSequence(
        joints,
        labels,
        rate_hz,
        NAME,
        row.name,
        FILE,
        movement=MOVEMENTS[row.movement - 1],
        correct=row.correct,
        subject=row.subject,
        errors=np.repeat(_errors(row, tags)[None], len(labels), axis=0),
        repetition=np.zeros(len(labels), np.int64),
    )


def _errors(row: _Row, tags: tuple[str, ...]) -> Float32:
    """Severities (E,): none in a correct repetition; in an incorrect one those that were tagged, the others unknown."""
    if row.correct:
        return np.zeros(len(ERROR_LABELS), np.float32)
    errors = np.full(len(ERROR_LABELS), np.nan, np.float32)
    for tag in tags:
        if (row.movement, tag) in _TAGGED:
            errors[ERROR_LABELS.index(_TAGGED[row.movement, tag])] = 1.0
    return errors


def training_sets(folder: Path, split: str) -> list[SkeletonSequence]:
    """The repetitions of a split joined into sets of up to five by subject and movement."""
    sets = []
    for movement in (SQUAT, HURDLE_STEP, LUNGE):
        for subject in SPLITS[split]:
            sequences = read(folder, (movement,), (subject,))
            sets += [joined(sequences[i : i + 5]) for i in range(0, len(sequences), 5)]
    return sets


def _y_up(points_mm: Float32) -> Float32:
    """Global millimetres with z up -> metres with y up, standing on the floor."""
    joints = np.stack([points_mm[..., 0], points_mm[..., 2], -points_mm[..., 1]], axis=-1) / 1000.0
    joints[..., 1] -= np.percentile(joints[..., 1], 0.5)
    return np.asarray(joints, dtype=np.float32)


def _labels(joints: Float32, row: _Row, knees_inward: bool) -> Int64:
    """The class of each frame: that of the repetition while the hips are lowered, idle before and after."""
    idle = LABELS.index("idle")
    labels = np.full(len(joints), idle, np.int64)
    if row.movement == HURDLE_STEP:
        return labels
    height = joints[:, _HIPS, 1].mean(axis=1)
    drop = height.max() - height
    active = np.flatnonzero(drop > _ACTIVE_SHARE * drop.max())
    labels[active[0] : active[-1] + 1] = _class(row, knees_inward)
    return labels


def _class(row: _Row, knees_inward: bool) -> int:
    if row.correct:
        return LABELS.index("squat_correct" if row.movement == SQUAT else "lunge_correct")
    return LABELS.index("squat_knees_inward") if row.movement == SQUAT and knees_inward else UNLABELLED


def _tags(path: Path) -> dict[_Row, tuple[str, ...]]:
    """The tags of each repetition that has a row."""
    header, *rows = table(path)
    missing = [column for column in (*_KEYS, *_TAGS) if column not in header]
    if missing:
        raise bad_data(TAGS, "", f"it has no column {', '.join(missing)}")
    tags = {}
    for number, cells in enumerate(rows, start=2):
        cell = dict(zip(header, cells, strict=True))
        if any(not cell[key].isdecimal() for key in _KEYS) or any(cell[tag] not in ("True", "False") for tag in _TAGS):
            raise bad_data(
                TAGS, f"row {number}", "it does not say which repetition, or a tag is neither True nor False"
            )
        row = _Row(int(cell["m"]), int(cell["s"]), int(cell["e"]), cell["correct"] == "1")
        tags[row] = tuple(tag for tag in _TAGS if cell[tag] == "True")
    return tags
