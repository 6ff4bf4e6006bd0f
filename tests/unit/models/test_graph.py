from __future__ import annotations

import torch

from fias_desktop.domain.skeleton import COCO17, SKELETONS
from fias_desktop.models.graph import spatial_graph


def test_inward_columns_sum_to_one_for_every_joint_but_the_root() -> None:
    for skeleton in SKELETONS.values():
        sums = spatial_graph(skeleton)[1].sum(dim=0)
        expected = torch.ones(skeleton.num_joints)
        expected[skeleton.root] = 0.0
        assert torch.equal(sums, expected), skeleton.name


def test_a_parent_receives_from_its_child_in_the_inward_graph() -> None:
    knee, ankle = COCO17.indices("left_knee", "left_ankle")
    identity, inward, outward = spatial_graph(COCO17)
    assert inward[knee, ankle] == 1.0
    assert inward[ankle, knee] == 0.0
    assert outward[ankle, knee] == 1.0
    assert torch.equal(identity, torch.eye(17))


def test_a_joint_with_several_children_shares_out_equally() -> None:
    nose = COCO17.index("nose")
    outward = spatial_graph(COCO17)[2]
    assert outward[COCO17.index("left_eye"), nose] == 0.25
