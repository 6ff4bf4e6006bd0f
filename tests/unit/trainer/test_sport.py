"""The table of sport actions: what is known of a clip when only a part of it has been seen."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from fias_desktop.models.contract import Batch, Output
from trainer.learn.fit import Examples
from trainer.tables.public_common import FINAL
from trainer.tables.sport import ACTIONS, BENCHMARK, RATIOS, accuracies, fold, seen_frames


class _CountsFrames(nn.Module):
    """Names class 1 once it has seen at least half of 20 frames, class 0 before."""

    def __init__(self) -> None:
        super().__init__()
        self.lengths: list[int] = []

    def forward(self, batch: Batch) -> Output:
        frames = batch.joints.shape[1]
        self.lengths.append(frames)
        late = torch.full((len(batch.joints),), float(frames >= 10))
        logits = torch.stack([0.5 - late, late - 0.5], dim=1)
        return Output(logits, ())


def test_accuracy_rises_when_the_network_has_seen_enough() -> None:
    joints = torch.rand(4, 96, 13, 3, generator=torch.Generator().manual_seed(0)) + 1
    network = _CountsFrames()
    found = accuracies(network, Examples(joints, torch.tensor([1, 1, 1, 0])), 20)
    np.testing.assert_allclose(found, [0.25] * 4 + [0.75] * 6)
    assert network.lengths == [seen_frames(ratio, 20) for ratio in RATIOS] == list(range(2, 21, 2))


def test_what_comes_later_does_not_matter() -> None:
    """Cut off, then normalised: the rest of the clip has no way in."""

    @dataclass
    class Keeps:
        seen: list[Tensor] = field(default_factory=list)

        def __call__(self, batch: Batch) -> Output:
            self.seen.append(batch.joints)
            return Output(torch.zeros(len(batch.joints), 2), ())

    first, second = Keeps(), Keeps()
    joints = torch.rand(2, 96, 13, 3, generator=torch.Generator().manual_seed(1)) + 1
    other = joints.clone()
    other[:, 50:, :, :2] *= 7
    for network, given in ((first, joints), (second, other)):
        accuracies(network, Examples(given, torch.zeros(2, dtype=torch.int64)), 20)  # type: ignore[arg-type]
    torch.testing.assert_close(first.seen[4], second.seen[4])
    assert not torch.allclose(first.seen[9], second.seen[9])


@pytest.mark.skipif("FIAS_DATA" not in os.environ, reason="FIAS_DATA is not set")
def test_eight_of_the_fourteen_actions_are_there_and_no_video_is_on_both_sides() -> None:
    data = Path(os.environ["FIAS_DATA"])
    final = fold(data, FINAL)
    for side in (final.train, final.test):
        assert len({ACTIONS[one.action] for one in side}) == 8
    part = fold(data, BENCHMARK.validation[0])
    videos = {one.video for one in final.test}
    assert not videos & {one.video for one in (*part.train, *part.test)}
