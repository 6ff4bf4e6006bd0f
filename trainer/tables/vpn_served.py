"""A trained video-pose model on pictures that the program has cut itself, beside those it was trained on.

The rendered clips are seen by a camera that is turned to the person; the program has whole pictures and keeps a part of
them (`stages/recognise/clips.py`). Here every scene is painted into a larger picture, goes through that part of the
program with the joints of its poses, and is named by the exported graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Float32, Float64, Frame, Pose, PoseTrack, UInt8, Window
from fias_desktop.resources import read_card
from fias_desktop.stages.capture import mannequin
from fias_desktop.stages.recognise import PictureRing, clip_of, load_recogniser
from trainer.simulate.appearance import HELD, SPEC
from trainer.simulate.appearance.objects import solids
from trainer.simulate.appearance.painter import paint
from trainer.simulate.appearance.scene import Scene, random_scene
from trainer.tables.report import Cell, Report

NAME = "vpn_served"
COLUMNS = ("pictures", "clips", "accuracy", *(f"named {held}" for held in HELD), "same answer")
TRAINED, SERVED = "as in training", "cut by the program"
SIDE_PX, EDGE_PX = 336, 100  # of the painted square, and of the picture around it
SCENES = 100
_SALT = 1414


@dataclass(frozen=True, eq=False)
class Pairs:
    """The same clips twice: windows `trained` with the pictures of the training's camera, `served` with those of the
    program, in scenes of which each has every class in a row."""

    trained: tuple[Window, ...]
    served: tuple[Window, ...]


def pairs_of(spec: ModelSpec, scenes: int, seed: int = 0) -> Pairs:
    """So many scenes, which no training has seen, once for each class."""
    trained, served = [], []
    for number in range(scenes):
        rng = np.random.default_rng((_SALT, seed, number))
        scene = random_scene(rng, SPEC, spec.clip_frames, SIDE_PX)
        # The sensor's noise is stated for a pixel of the small clip.
        level = scene.noise * SIDE_PX / spec.clip_pixels
        noise = rng.normal(0.0, level, (spec.clip_frames, SIDE_PX, SIDE_PX, 3))
        for held in HELD:
            pictures = tuple(_pictures(scene, held, noise))
            size = (spec.clip_pixels, spec.clip_pixels)
            small = np.stack([cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in pictures])
            trained.append(replace(scene.window, clip=small))
            served.append(replace(scene.window, clip=_through_the_program(scene, pictures, spec)))
    return Pairs(tuple(trained), tuple(served))


def _pictures(scene: Scene, held: str, noise: Float64) -> Iterator[UInt8]:
    texture = mannequin.texture_of(scene.outfit)
    for joints, grain in zip(scene.joints.astype(np.float64), noise, strict=True):
        picture = scene.room.copy()
        body = mannequin.build(joints, scene.outfit, fingers=False)
        paint(picture, [*body, *scene.balls, *solids(scene.kit, held, joints)], scene.camera, texture)
        yield np.asarray(np.clip(picture * scene.gain + grain, 0, 255), np.uint8)


def _through_the_program(scene: Scene, pictures: tuple[UInt8, ...], spec: ModelSpec) -> UInt8 | None:
    """The clip that the program cuts out of larger pictures around these."""
    ring, score = PictureRing(), np.ones(COCO17_FEET.num_joints, np.float32)
    ring.want(spec)
    times: Float64 = np.linspace(0.0, spec.span_s, len(pictures))
    places: list[Float32] = []
    for index, (picture, joints) in enumerate(zip(pictures, scene.joints.astype(np.float64), strict=True)):
        whole = cv2.copyMakeBorder(picture, EDGE_PX, EDGE_PX, EDGE_PX, EDGE_PX, cv2.BORDER_REPLICATE)
        places.append(scene.camera.project(joints)[0].astype(np.float32) + EDGE_PX)
        frame = Frame(index, float(times[index]), np.asarray(whole, np.uint8))
        ring.add(frame, Pose(index, frame.time_s, 0, places[-1], score, None, (whole.shape[1], whole.shape[0])))
    scores = np.tile(score, (len(places), 1))
    track = PoseTrack(COCO17_FEET.name, times, np.arange(len(times)), np.stack(places), scores, ring.held())
    return clip_of(track, spec, float(times[-1]))


def report(folder: Path, scenes: int) -> Report:
    """The table of the model in a folder."""
    spec = read_card(folder)
    recogniser, pairs = load_recogniser(folder, spec, "cpu"), pairs_of(spec, scenes)
    label = np.arange(scenes * len(HELD)) % len(HELD)
    answers = {
        name: np.concatenate([recogniser.probs([window]).argmax(axis=1) for window in windows])
        for name, windows in ((TRAINED, pairs.trained), (SERVED, pairs.served))
    }
    rows: list[tuple[Cell, ...]] = []
    for name, said in answers.items():
        by_class = [float((said[label == k] == k).mean()) for k in range(len(HELD))]
        same = None if name == TRAINED else float((said == answers[TRAINED]).mean())
        rows.append((name, len(label), float((said == label).mean()), *by_class, same))
    notes = (
        f"`{spec.id}`, trained by its recipe (`python -m trainer train trainer/recipes/vpn_small.toml`), run by ONNX"
        f" Runtime; {scenes} scenes that no training has seen, each once for every class.",
        f"A scene is painted as a square of {SIDE_PX} pixels. *{TRAINED}*: made small; *{SERVED}*: in a picture with"
        f" {EDGE_PX} more pixels on every side (its edge repeated), through `PictureRing` and `clip_of`, with exact"
        " joints. Its squares are of one margin, those of training of many.",
    )
    title = "What the hands hold, in pictures that the program has cut"
    command = "python -m trainer tables vpn --served FOLDER" + ("" if scenes == SCENES else f" --scenes {scenes}")
    return Report(NAME, title, command, notes, COLUMNS, tuple(rows))
