"""`python -m trainer tables penn [--seeds N] [--minutes M] [--validate]`: Penn Action, official split.

For every choice every fifth training video of each action judges the others; nothing was chosen by the test videos.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fias_desktop.domain.skeleton import PENN13
from trainer.data import penn, splits
from trainer.data.sequence import SkeletonSequence
from trainer.tables.public_common import FINAL, Benchmark, Fold
from trainer.tables.public_report import FUSED, Goal, Published, Story, run_command
from trainer.tables.public_windows import Space

SPACE = Space(PENN13, coordinates=2, metric=False)
EVERY = 5
STORY = Story(
    title="Penn Action: official split, 15 classes, 13 joints in the picture",
    goals=(Goal("four streams", FUSED, 96.0),),
    published=(
        Published("UNIK, pre-trained", "joints", 97.9, "read in the paper"),
        Published("UNIK", "joints", 94.0, "from memory of the paper"),
    ),
    notes=(
        "Joints that are not visible are masked: unknown to the network, never guessed.",
        "Streams: positions of a window are centred on the mean of its known joints and divided by their root mean "
        "square distance from it; bones and motions are taken from these normalised joints, motion between samples.",
        "The joints were marked by hand; which of them the published networks were given is not known here, so the "
        "comparison is one of protocol (split and classes), not of input.",
        "The network sees joints only: neither the picture's size nor the annotated view.",
    ),
)


def fold(data: Path, name: str) -> Fold:
    """The validation fold by video, or the official split."""
    split = splits.official(penn.read(data))
    if name != FINAL:
        split = splits.by_video(split.train, judges(split.train))
    return Fold(split.train, split.test, np.ones(len(split.test), np.bool_))


def judges(train: Sequence[SkeletonSequence]) -> set[str]:
    """Every fifth video of each action."""
    actions = {sequence.movement for sequence in train}
    return {
        sequence.video
        for action in actions
        for sequence in [one for one in train if one.movement == action][EVERY - 1 :: EVERY]
    }


BENCHMARK = Benchmark("penn", penn.ACTIONS, SPACE, ("every fifth video",), fold)


def main(argv: Sequence[str]) -> int:
    """Train what is missing and write the tables."""
    return run_command(BENCHMARK, STORY, argv)
