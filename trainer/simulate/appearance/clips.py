"""Clips whose class is what the hands hold, with the joints an estimator would report, and sets of them.

A scene is drawn before it is known what is held, and the estimator's noise does not know it either: the joints of all
classes are the same, number by number, and a network of joints alone can only guess.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from fias_desktop.domain.model_card import bare_spec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, Float64, Int64, UInt8
from fias_desktop.stages.capture import mannequin
from trainer.data.arrays import keep, kept
from trainer.simulate.appearance.objects import HELD, solids
from trainer.simulate.appearance.painter import paint
from trainer.simulate.appearance.scene import Scene, random_scene

VERSION = 1  # of the scenes; a cached set of another version is not used
SPLITS = ("train", "validation", "test")
OVER = 2  # pictures are painted this much larger and reduced: thin bands keep their share of a pixel
_SALT = 1313
SPEC = replace(bare_spec("vpn", COCO17_FEET.name, 16, 8.0), labels=HELD, groups=HELD)


@dataclass(frozen=True)
class Shape:
    """`frames` pictures of `pixels` x `pixels`, over the span of a window."""

    frames: int = 8
    pixels: int = 56


@dataclass(frozen=True, eq=False)
class Clip:
    """`pictures` uint8 (T', S, S, 3) RGB, the crop of the person, and `joints` float32 (T, V, 3), as `make_window`
    gives them (x, y, score; unknown joints 0)."""

    pictures: UInt8
    joints: Float32


@dataclass(frozen=True, eq=False)
class AppearanceSet:
    """N clips, those of one scene in a row: `clip` uint8 (N, T', S, S, 3), `joints` float32 (N, T, V, 3), `label`
    int64 (N,) indices of `HELD`."""

    clip: UInt8
    joints: Float32
    label: Int64

    def __len__(self) -> int:
        return len(self.label)


def make_clips(seed: int, split: str, number: int, shape: Shape = Shape()) -> tuple[Clip, ...]:
    """The `number`-th scene of a split once for each class of `HELD`; the same in all but what is in the hands."""
    rng = np.random.default_rng((_SALT, seed, SPLITS.index(split), number))
    scene = random_scene(rng, SPEC, shape.frames, shape.pixels * OVER)
    noise = rng.normal(0.0, scene.noise, (shape.frames, shape.pixels, shape.pixels, 3))
    return tuple(Clip(_pictures(scene, held, shape, noise), scene.window.joints) for held in HELD)


def make_set(scenes: int, seed: int, split: str, shape: Shape = Shape(), cache: Path | None = None) -> AppearanceSet:
    """Every scene of a split once for each class, the same for the same seed; kept under `cache`."""
    key = repr((VERSION, scenes, seed, split, shape, SPEC.frames, SPEC.rate_hz))
    path = cache / f"appearance-{split}-{hashlib.sha256(key.encode()).hexdigest()[:12]}.npz" if cache else None
    if path and path.is_file():
        return kept(path, AppearanceSet)
    clips = [clip for number in range(scenes) for clip in make_clips(seed, split, number, shape)]
    pictures, joints = np.stack([clip.pictures for clip in clips]), np.stack([clip.joints for clip in clips])
    label = np.arange(len(clips), dtype=np.int64) % len(HELD)
    result = AppearanceSet(pictures, joints, label)
    if path:
        keep(path, result)
    return result


def _pictures(scene: Scene, held: str, shape: Shape, noise: Float64) -> UInt8:
    texture = mannequin.texture_of(scene.outfit)
    frames = np.empty((shape.frames, shape.pixels, shape.pixels, 3), np.uint8)
    for i, joints in enumerate(scene.joints.astype(np.float64)):
        picture = scene.room.copy()
        body = mannequin.build(joints, scene.outfit, fingers=False)
        paint(picture, [*body, *scene.balls, *solids(scene.kit, held, joints)], scene.camera, texture)
        small = cv2.resize(picture, (shape.pixels, shape.pixels), interpolation=cv2.INTER_AREA)
        frames[i] = np.clip(small * scene.gain + noise[i], 0, 255)
    return frames
