from __future__ import annotations

from dataclasses import fields, replace

import pytest
import torch

from fias_desktop.domain.skeleton import COCO17_FEET, KINECT20, PENN13, Skeleton
from trainer.learn.augment import (
    MIN_KNOWN_FRAMES,
    NOTHING,
    Augmentation,
    augment,
    blur,
    centred,
    drop_feet,
    known,
    mirror,
    rotate_vertical,
    start_late,
    turn,
    warp_time,
)


def _rng() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def _windows(count: int = 64) -> torch.Tensor:
    joints = torch.randn(count, 40, 21, 3, generator=_rng())
    joints[..., 2] = 0.9
    joints[:, :5, 3] = 0.0
    return joints


def test_unknown_joints_stay_unknown_through_every_change() -> None:
    joints = _windows()
    changed = augment(joints, COCO17_FEET, Augmentation(), _rng())
    assert changed.shape == joints.shape
    assert torch.isfinite(changed).all()
    quiet = blur(turn(joints, Augmentation(), _rng()), Augmentation(), _rng())
    assert torch.equal(known(quiet), known(joints))


def test_a_mirrored_window_exchanges_left_and_right() -> None:
    joints = _windows()
    mirrored = mirror(joints, COCO17_FEET, 0.5, _rng())
    left, right = COCO17_FEET.indices("left_knee", "right_knee")
    changed = (mirrored != joints).flatten(1).any(dim=1)
    assert 10 < int(changed.sum()) < 54
    assert torch.equal(mirrored[changed][:, :, left, 0], -joints[changed][:, :, right, 0])
    assert torch.equal(mirrored[changed][:, :, left, 1:], joints[changed][:, :, right, 1:])


def test_turning_keeps_lengths_where_it_only_rotates() -> None:
    joints = _windows()
    turned = turn(joints, Augmentation(scale=0.0, shear=0.0), _rng())
    assert torch.allclose(turned[..., :2].norm(dim=-1), joints[..., :2].norm(dim=-1), atol=1e-5)
    angle = torch.atan2(turned[:, 9, 0, 1], turned[:, 9, 0, 0]) - torch.atan2(joints[:, 9, 0, 1], joints[:, 9, 0, 0])
    angle = torch.remainder(angle + torch.pi, 2 * torch.pi) - torch.pi
    assert float(angle.abs().max()) <= 0.2 + 1e-5
    assert float(angle.abs().max()) > 0.15


def test_warping_time_keeps_both_ends_and_never_mixes_with_unknown() -> None:
    joints = _windows()
    warped = warp_time(joints, 2.0, _rng())
    assert torch.allclose(warped[:, [0, -1]], joints[:, [0, -1]], atol=1e-5)
    straight = torch.linspace(0, 1, 40)[None, :, None, None].expand(8, 40, 21, 3) + 1
    bent = warp_time(straight, 2.0, _rng())
    assert float((bent - straight).abs().max()) * 39 == pytest.approx(2.0, abs=0.5)
    assert set(torch.unique(warped[:, :, 3, 2]).tolist()) <= {0.0, joints[0, 9, 3, 2].item()}


def test_feet_can_leave_the_picture_but_the_rest_stays() -> None:
    changed = drop_feet(_windows(), COCO17_FEET, 1.0, _rng())
    assert not known(changed)[:, :, COCO17_FEET.index("left_heel")].any()
    assert known(changed)[:, :, COCO17_FEET.index("left_hip")].all()


def test_a_late_start_leaves_half_a_second_and_is_centred_on_it() -> None:
    started = start_late(_windows(), COCO17_FEET, 1.0, _rng())
    frames = known(started).any(dim=2)
    assert int(frames.sum(dim=1).min()) >= MIN_KNOWN_FRAMES
    assert not frames[:, 0].any()
    assert frames[:, -1].all()
    hips = COCO17_FEET.indices("left_hip", "right_hip")
    middle = started[0][frames[0]][:, hips, :2].mean(dim=1).median(dim=0).values
    assert torch.allclose(middle, torch.zeros(2), atol=1e-5)
    assert torch.allclose(centred(started, COCO17_FEET), started, atol=1e-5)


def test_each_change_can_be_left_out_and_does_something_by_itself() -> None:
    joints = _windows()
    assert torch.equal(augment(joints, COCO17_FEET, NOTHING, _rng()), joints)
    full = Augmentation()
    pairs = {"drop_share": "drop_joints", "drop_joints": "drop_share"}
    for field in fields(Augmentation):
        strengths = {name: getattr(full, name) for name in (field.name, pairs.get(field.name, field.name))}
        coordinates = 3 if field.name == "vertical_rad" else 2
        changed = augment(joints, COCO17_FEET, replace(NOTHING, **strengths), _rng(), coordinates)
        assert not torch.equal(changed, joints), field.name


def test_walking_round_a_person_keeps_heights_and_distances_from_the_vertical_axis() -> None:
    joints = torch.randn(64, 10, 20, 3, generator=_rng())
    turned = rotate_vertical(joints, 0.5, _rng())
    assert torch.equal(turned[..., 1], joints[..., 1])
    assert torch.allclose(turned[..., [0, 2]].norm(dim=-1), joints[..., [0, 2]].norm(dim=-1), atol=1e-5)
    angle = torch.atan2(turned[..., 2], turned[..., 0]) - torch.atan2(joints[..., 2], joints[..., 0])
    angle = torch.remainder(angle + torch.pi, 2 * torch.pi) - torch.pi
    assert 0.4 < float(angle.abs().max()) <= 0.5 + 1e-4
    assert float((angle - angle[:, :1, :1]).abs().max()) < 1e-3  # one angle a window


@pytest.mark.parametrize(("topology", "coordinates"), [(KINECT20, 3), (PENN13, 2)])
def test_data_without_a_score_is_changed_in_its_coordinates_only(topology: Skeleton, coordinates: int) -> None:
    joints = 3 * torch.randn(32, 24, topology.num_joints, coordinates, generator=_rng())
    joints[:, :4, 2] = 0.0
    changed = augment(joints, topology, replace(Augmentation(), late_start_share=1.0), _rng(), coordinates)
    assert changed.shape == joints.shape
    assert torch.isfinite(changed).all()
    assert float(changed[..., -1].min()) < -1.0  # a coordinate, not a score squeezed into 0..1
    hips = topology.indices("left_hip", "right_hip")
    shown = known(changed)[0][:, hips].all(dim=1)
    middle = changed[0][shown][:, hips].mean(dim=1).median(dim=0).values
    assert torch.allclose(middle, torch.zeros(coordinates), atol=1e-4)


def test_three_coordinates_and_a_score_keep_the_score_a_score() -> None:
    joints = torch.cat([torch.randn(32, 24, 20, 3, generator=_rng()), torch.full((32, 24, 20, 1), 0.7)], dim=-1)
    changed = augment(joints, KINECT20, Augmentation(), _rng(), coordinates=3)
    score = changed[..., 3][known(changed)]
    assert 0.05 <= float(score.min()) < 0.7 < float(score.max()) <= 1.0
