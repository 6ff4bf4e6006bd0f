from __future__ import annotations

import pytest
import torch
from torch import Tensor

from fias_desktop.domain.skeleton import COCO17_FEET, KINECT20, SKELETONS, Skeleton
from fias_desktop.models.streams import STREAMS, bone_parents, to_stream

PARENTS = bone_parents(COCO17_FEET)
KNEE, ANKLE, HEEL = COCO17_FEET.indices("left_knee", "left_ankle", "left_heel")


def _joints(channels: int = 3, skeleton: Skeleton = COCO17_FEET) -> Tensor:
    """Two windows of five samples, every joint known; the score, where there is one, falls from joint to joint."""
    joints = torch.randn(2, 5, skeleton.num_joints, channels, generator=torch.Generator().manual_seed(0))
    joints[..., 2:] = torch.linspace(0.9, 0.5, skeleton.num_joints)[:, None]
    return joints


def test_every_joint_but_the_root_has_the_parent_of_its_bone() -> None:
    for skeleton in SKELETONS.values():
        parents = bone_parents(skeleton)
        assert {(child, parent) for child, parent in enumerate(parents) if child != parent} == set(skeleton.inward)
        assert parents[skeleton.root] == skeleton.root


def test_joints_stay_as_they_are_and_no_two_streams_are_the_same() -> None:
    joints = _joints()
    streams = [to_stream(joints, kind, PARENTS) for kind in STREAMS]
    assert torch.equal(streams[0], joints)
    assert all(stream.shape == joints.shape for stream in streams)
    assert not any(torch.allclose(streams[i], streams[j]) for i in range(4) for j in range(i))


def test_a_bone_is_the_joint_less_its_parent_with_the_smaller_score_and_the_root_has_none() -> None:
    joints = _joints()
    bones = to_stream(joints, "bone", PARENTS)
    assert torch.equal(bones[:, :, ANKLE, :2], joints[:, :, ANKLE, :2] - joints[:, :, KNEE, :2])
    assert torch.equal(bones[:, :, ANKLE, 2], joints[:, :, ANKLE, 2])
    assert not bones[:, :, COCO17_FEET.root].any()


def test_bones_add_up_to_the_way_from_the_root() -> None:
    joints = _joints(2)
    bones = to_stream(joints, "bone", PARENTS)
    joint, way = HEEL, torch.zeros(2, 5, 2)
    while joint != COCO17_FEET.root:
        way, joint = way + bones[:, :, joint], PARENTS[joint]
    assert torch.allclose(way, joints[:, :, HEEL] - joints[:, :, joint], atol=1e-5)


def test_a_motion_leads_to_the_next_sample_and_ends_in_nothing() -> None:
    joints = _joints()
    for still, moving in (("joint", "joint_motion"), ("bone", "bone_motion")):
        values, motion = to_stream(joints, still, PARENTS), to_stream(joints, moving, PARENTS)
        assert torch.equal(motion[:, :-1, :, :2], values[:, 1:, :, :2] - values[:, :-1, :, :2])
        assert torch.equal(motion[:, 0, :, 2], values[:, 0, :, 2])
        assert not motion[:, -1].any()


def test_what_touches_an_unknown_joint_is_nothing_in_every_channel() -> None:
    joints = _joints()
    joints[:, 2, ANKLE] = 0.0
    known = {kind: to_stream(joints, kind, PARENTS).any(dim=-1)[0] for kind in STREAMS}
    expected = {"joint": [2], "bone": [2], "joint_motion": [1, 2, 4], "bone_motion": [1, 2, 4]}
    for kind, samples in expected.items():
        assert torch.nonzero(~known[kind][:, ANKLE]).flatten().tolist() == samples, kind
        of_child = [] if kind.startswith("joint") else samples
        of_child = of_child or ([4] if "motion" in kind else [])
        assert torch.nonzero(~known[kind][:, HEEL]).flatten().tolist() == of_child, kind


def test_a_third_channel_is_a_score_only_where_it_is_said_to_be() -> None:
    parents, hand = bone_parents(KINECT20), KINECT20.index("left_hand")
    joints = torch.randn(1, 5, 20, 3, generator=torch.Generator().manual_seed(0))
    bones = to_stream(joints, "bone", parents, coordinates=3)
    assert torch.equal(bones[:, :, hand], joints[:, :, hand] - joints[:, :, parents[hand]])
    scored = torch.cat([joints, torch.full((1, 5, 20, 1), 0.7)], dim=-1)
    assert torch.equal(to_stream(scored, "bone", parents, coordinates=3)[..., :3], bones)


def test_an_unknown_stream_is_named() -> None:
    with pytest.raises(ValueError, match=r"'velocity'.*bone_motion"):
        to_stream(_joints(), "velocity", PARENTS)
