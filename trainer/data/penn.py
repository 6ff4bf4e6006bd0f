"""Penn Action (Zhang, Zhu, Derpanis, ICCV 2013): 2,326 clips of 15 actions, 13 joints marked by hand in pictures.

Terms not stated: benchmark only, never in shipped weights. Splits: the official train/test flag of each clip.

Traps: the file calls the person's right side left and the left side right (in front views "left" is at the left of the
picture, in back views at the right; squatters who face the left show their "right" side): here they are exchanged, so
that left is the person's own left. 22 % of the joints are not visible. Where they are at about (1, 1) they are
placeholders; the other hidden ones are the annotators' guesses. In one clip nothing is visible at all: every joint is
missing. The frame rate is not stated (30 is nominal).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fias_desktop.domain.skeleton import PENN13
from fias_desktop.domain.types import Bool, Float32
from trainer.data.archive import open_archive, pieces
from trainer.data.sequence import PIXELS, SkeletonSequence, bad_data, with_nan

FILE, NAME = "penn_action_13joints.npz", "Penn Action"
LICENCE = "not stated"
ACTIONS = (
    "baseball_pitch", "baseball_swing", "bench_press", "bowl", "clean_and_jerk", "golf_swing", "jump_rope",
    "jumping_jacks", "pullup", "pushup", "situp", "squat", "strum_guitar", "tennis_forehand", "tennis_serve",
)  # fmt: skip
RATE_HZ = 30.0
GUESS = 0.5  # score of a joint that is hidden and whose place was guessed
_PLACEHOLDER_PX = 2.5


def read(folder: Path, hidden: str = "drop") -> list[SkeletonSequence]:
    """Every clip, `PIXELS` of `PENN13`. Hidden joints are missing (`hidden="drop"`), or keep the annotators' guess with
    score `GUESS` (`"guess"`; placeholders are missing all the same)."""
    archive = open_archive(folder / FILE)
    exchanged = list(PENN13.mirror)
    xy = archive.array("xy", "f", (None, PENN13.num_joints, 2)).astype(np.float32)[:, exchanged]
    visible = archive.array("vis", "b", (len(xy), PENN13.num_joints))[:, exchanged]
    names = [str(name) for name in archive.array("name", "U", (None,))]
    actions = [str(action) for action in archive.array("action", "U", (len(names),))]
    views = [str(view) for view in archive.array("view", "U", (len(names),))]
    trains = archive.array("train", "b", (len(names),)).tolist()
    sizes = archive.array("wh", "iu", (len(names), 2)).tolist()
    sequences = []
    for i, piece in enumerate(pieces(archive, len(xy), names)):
        if actions[i] not in ACTIONS:
            raise bad_data(FILE, names[i], f"{actions[i]!r} is none of the {len(ACTIONS)} actions")
        if not np.isfinite(xy[piece]).all():
            raise bad_data(FILE, names[i], "a position is not a number")
        score = _score(xy[piece], visible[piece], hidden == "guess")
        sequences.append(
            SkeletonSequence(
                with_nan(xy[piece], score),
                np.full(len(score), ACTIONS.index(actions[i])),
                RATE_HZ,
                NAME,
                names[i],
                FILE,
                PENN13.name,
                PIXELS,
                score,
                ACTIONS,
                movement=actions[i],
                view=views[i],
                video=names[i],
                split="train" if trains[i] else "test",
                size=(sizes[i][0], sizes[i][1]),
            )
        )
    return sequences


def _score(xy: Float32, visible: Bool, guesses: bool) -> Float32:
    guessed = ~visible & (xy > _PLACEHOLDER_PX).any(axis=-1) & guesses
    return np.select([visible, guessed], [1.0, GUESS], 0.0).astype(np.float32)
