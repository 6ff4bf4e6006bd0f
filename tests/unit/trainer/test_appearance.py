"""Rendered clips whose class is what the hands hold: the same for the same seed, and nothing else tells the class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fias_desktop.domain.athlete import Camera
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, Float64
from fias_desktop.stages.capture.mannequin import Limb
from trainer.simulate.appearance import BAND, DUMBBELL, HELD, NOTHING, SPEC, Clip, Shape, make_clips, make_set
from trainer.simulate.appearance.objects import Kit, Thing, random_kit, solids
from trainer.simulate.appearance.scene import Scene, random_scene

SHAPE = Shape(frames=4, pixels=40)
MADE = 6  # scenes that several tests look at


@pytest.fixture(scope="module")
def scenes() -> list[tuple[Clip, ...]]:
    return [make_clips(5, "train", number, SHAPE) for number in range(MADE)]


def _kit(seed: int = 0) -> Kit:
    right, away, middle = np.eye(3)[0], -np.eye(3)[2], np.array([0.0, 0.9, 0.0])
    return random_kit(right, away, middle, np.random.default_rng(seed))


def _scene(seed: int = 0) -> Scene:
    return random_scene(np.random.default_rng(seed), SPEC, 4, 80)


def _joint(joints: Float32, name: str) -> Float32:
    return np.asarray(joints[..., COCO17_FEET.index(name), :])


def test_clips_have_the_contracts_form(scenes: list[tuple[Clip, ...]]) -> None:
    for clips in scenes:
        assert len(clips) == len(HELD)
        for clip in clips:
            assert clip.pictures.shape == (4, 40, 40, 3)
            assert clip.pictures.dtype == np.uint8
            assert clip.joints.shape == (SPEC.frames, 21, SPEC.channels)
            assert np.isfinite(clip.joints).all()


def test_the_same_seed_gives_the_same_clips_and_another_one_others(scenes: list[tuple[Clip, ...]]) -> None:
    again = make_clips(5, "train", 0, SHAPE)
    for first, second in zip(scenes[0], again, strict=True):
        assert np.array_equal(first.pictures, second.pictures)
        assert np.array_equal(first.joints, second.joints)
    for seed, split, number in ((6, "train", 0), (5, "test", 0), (5, "train", 1)):
        assert not np.array_equal(make_clips(seed, split, number, SHAPE)[0].pictures, again[0].pictures)


def test_joints_are_the_same_numbers_whatever_is_held(scenes: list[tuple[Clip, ...]]) -> None:
    """So that nothing can tell the classes apart by the joints."""
    for clips in scenes:
        assert all(np.array_equal(clip.joints, clips[0].joints) for clip in clips)


def test_pictures_of_a_scene_differ_only_around_the_things(scenes: list[tuple[Clip, ...]]) -> None:
    for clips in scenes:
        for clip in clips[1:]:
            differs = (clip.pictures != clips[0].pictures).any(axis=-1).mean()
            assert 0.0 < differs < 0.4


def test_every_class_shows_the_same_things_in_other_places() -> None:
    joints = _scene().joints[0].astype(np.float64)
    for seed in range(20):
        kit = _kit(seed)
        looks = []
        for held in HELD:
            limbs = [part for part in solids(kit, held, joints) if isinstance(part, Limb)]
            things = [limb for limb in limbs if limb.colour in {t.colour for t in (*kit.dumbbells, *kit.bands)}]
            looks.append(sorted((limb.colour, limb.flat_a) for limb in things))
        assert looks[0] == looks[1] == looks[2]


def _reach_m(kit: Kit, held: str, joints: Float64, kind: str) -> float:
    """How far the nearest thing of a kind is from the right hand."""
    colour = (kit.dumbbells if kind == DUMBBELL else kit.bands)[0].colour
    ends = [(part.a, part.b) for part in solids(kit, held, joints) if isinstance(part, Limb) and part.colour == colour]
    wrist = joints[COCO17_FEET.index("right_wrist")]
    return min(float(np.linalg.norm(end - wrist)) for pair in ends for end in pair)


def test_what_is_held_is_in_the_hand_and_nothing_else_is() -> None:
    joints = _scene().joints[0].astype(np.float64)
    # Things lie well aside of this person, so that only what is held can be near.
    aside = np.array([3.0, 0.0, 0.0])
    dumbbell, band = (
        Thing(kind, colour, 1.0, 0.0, aside, np.eye(3)[0])
        for kind, colour in ((DUMBBELL, (250, 0, 0)), (BAND, (0, 0, 250)))
    )
    kit = Kit(("right",), (dumbbell,), (band,), ())
    assert _reach_m(kit, DUMBBELL, joints, DUMBBELL) < 0.25
    assert _reach_m(kit, BAND, joints, BAND) < 0.25
    assert _reach_m(kit, DUMBBELL, joints, BAND) > 1.0
    assert _reach_m(kit, NOTHING, joints, DUMBBELL) > 1.0


def test_the_crop_shows_the_person() -> None:
    for seed in range(8):
        scene = _scene(seed)
        camera: Camera = scene.camera
        xy, depth = camera.project(scene.joints)
        assert (depth > 0).all()
        assert ((xy > 0) & (xy < 80)).all(axis=-1).mean() > 0.9
        extent = (xy.max(axis=(0, 1)) - xy.min(axis=(0, 1))).max()
        assert 0.55 < extent / 80 < 1.1


def test_movements_are_squats_and_curls() -> None:
    depth, reach = [], []
    for seed in range(12):
        joints = _scene(seed).joints
        hips = (_joint(joints, "left_hip") + _joint(joints, "right_hip"))[:, 1] / 2
        depth.append(float(hips.max() - hips.min()))
        wrist = _joint(joints, "right_wrist") - _joint(joints, "right_shoulder")
        reach.append(float(np.ptp(np.linalg.norm(wrist, axis=-1))))
    assert sum(value > 0.15 for value in depth) >= 2
    assert sum(value < 0.05 and bend > 0.1 for value, bend in zip(depth, reach, strict=True)) >= 2


def test_sets_hold_every_scene_with_every_class_and_are_kept(tmp_path: Path) -> None:
    made = make_set(2, 5, "train", SHAPE, tmp_path)
    assert made.label.tolist() == [0, 1, 2] * 2
    assert made.clip.shape == (6, 4, 40, 40, 3)
    kept = make_set(2, 5, "train", SHAPE, tmp_path)
    assert np.array_equal(made.clip, kept.clip)
    assert len(list(tmp_path.glob("appearance-train-*.npz"))) == 1
    assert np.array_equal(made.clip[0], make_clips(5, "train", 0, SHAPE)[0].pictures)
