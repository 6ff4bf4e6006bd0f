"""`python -m trainer tables nucla [--seeds N] [--minutes M] [--validate]`: N-UCLA across views.

Trained on cameras 1 and 2, judged by camera 3. For every choice one of the training cameras teaches and the other
judges; nothing was chosen by camera 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fias_desktop.domain.skeleton import KINECT20
from trainer.data import nucla, splits
from trainer.data.sequence import SkeletonSequence
from trainer.tables.public_common import FINAL, Benchmark, Fold
from trainer.tables.public_report import FUSED, Goal, Published, Story, run_command
from trainer.tables.public_windows import Space

SPACE = Space(KINECT20, coordinates=3, metric=True)
FOLDS = {"view 1 to 2": ("1", "2"), "view 2 to 1": ("2", "1")}
_MEMORY, _READ = "from memory of the paper", "read in the paper"
# In view 2 these performances carry each other's label: networks trained on view 1 exchange 11 of 11 (subject 4, whose
# head also rises in "sit down") and about 12 of 13 (subject 5). Found in the training data alone.
EXCHANGED = {4: ("sit down", "stand up"), 5: ("don", "doff")}
STORY = Story(
    title="N-UCLA, cross-view: trained on views 1 and 2, judged by view 3",
    goals=(
        Goal("one stream (joint motion, the best on validation)", "joint_motion", 93.5),
        Goal("four streams", FUSED, 97.0),
    ),
    published=(
        Published("VPN", "joints and video", 93.5, _READ),
        Published("CTR-GCN", "four streams", 96.5, _MEMORY),
        Published("InfoGCN", "several streams", 97.0, _MEMORY),
        Published("HD-GCN", "several streams", 97.2, _MEMORY),
        Published("MAFormer", "several streams", 97.2, _READ),
        Published("SkateFormer", "several streams", 98.3, _MEMORY),
    ),
    notes=(
        "95 of the 464 test sequences (all of `pick up with two hands` and `drop trash`) are exact copies of view 2 in "
        "this file, so the official figure partly tests on the training set. The columns without copies leave them out "
        "(369 sequences of eight of the ten classes): they are the honest ones. Whether the published figures were "
        "measured with the copies is not known.",
        "Without doubtful labels: 24 training sequences of view 2 carry each other's label (subject 4 `sit down` and "
        "`stand up`, subject 5 `don` and `doff`): networks trained on view 1 exchange nearly all of them. They do not "
        "teach; on validation this gains 2.7 points from view 2 to view 1, within noise from view 1 to view 2. The "
        "test labels are as the data set gives them.",
        "Streams: positions are centred on the mean of the window's joints and divided by 0.5 m, in the camera's axes; "
        "bones and motions are taken from these normalised joints, motion between the window's samples.",
    ),
    copies=True,
    own_notes=(
        "What was tried on the training views, with its gain, stands in nucla_validation.md. It stops at the CPU time "
        "of the reduced recipe: one seed, half the published width and six of ten blocks, a fifth of the epochs.",
    ),
)


def fold(data: Path, name: str) -> Fold:
    """A validation fold by view, or the official split with the copies marked."""
    if name == FINAL:
        split = splits.official(nucla.read(data), copies=True)
        unique = {sequence.name for sequence in nucla.read(data, views=(3,), copies=False)}
        own = np.array([sequence.name in unique for sequence in split.test])
        return Fold(split.train, split.test, own, doubtful(split.train))
    _, judge = FOLDS[name]
    split = splits.by_view(nucla.read(data, views=(1, 2)), {judge})
    return Fold(split.train, split.test, np.ones(len(split.test), np.bool_), doubtful(split.train))


def doubtful(train: Sequence[SkeletonSequence]) -> frozenset[str]:
    """The names of training sequences whose labels are exchanged."""
    view_2 = (one for one in train if one.view == "2")
    return frozenset(one.name for one in view_2 if one.movement in EXCHANGED.get(one.subject, ()))


BENCHMARK = Benchmark("nucla", nucla.ACTIONS, SPACE, tuple(FOLDS), fold)


def main(argv: Sequence[str]) -> int:
    """Train what is missing and write the tables."""
    return run_command(BENCHMARK, STORY, argv)
