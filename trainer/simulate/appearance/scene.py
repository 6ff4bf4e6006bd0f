"""Everything about a clip but what is held: body, movement, camera, estimator noise, room, clothes and things."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fias_desktop.domain.athlete import Camera, SetPlan, make_performance, random_body
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.types import Float32, Float64, PoseTrack, UInt8, Window
from fias_desktop.stages.capture.mannequin import OUTFITS, Colour, Outfit, Solid
from fias_desktop.stages.capture.room import paint_room
from fias_desktop.stages.windowing import make_window
from trainer.simulate.appearance.objects import COLOURS, Kit, ball, random_kit
from trainer.simulate.noise import observe
from trainer.simulate.view import random_view

ARMS = ("front", "swing", "sides", "goblet")  # of squats: hands that may hold something
AZIMUTHS_DEG = (-60.0, -30.0, 0.0, 30.0, 60.0)  # from behind the body hides what the hands hold
RATE_HZ = 24.0  # of the video whose joints are estimated
MARGIN = (1.15, 1.32)  # side of the square crop by the larger side of the estimated joints' box
SHIFT = 0.03  # of the crop, shares of its side


@dataclass(frozen=True, eq=False)
class Scene:
    """What is drawn before anybody picks something up: `window`, the estimated joints as the recogniser gets them, and
    `joints` float32 (T', 21, 3) metres, exact, at the times of the pictures; the `camera` of the square crop, the empty
    `room` uint8 (S, S, 3), clothes, things, and what the sensor does: `gain` (3,) and `noise` in levels."""

    window: Window
    joints: Float32
    camera: Camera
    room: UInt8
    outfit: Outfit
    kit: Kit
    balls: tuple[Solid, ...]
    gain: Float64
    noise: float


def random_scene(rng: np.random.Generator, spec: ModelSpec, frames: int, pixels: int) -> Scene:
    """A scene of `frames` pictures over the span of a window of `spec`, seen by a camera of `pixels` x `pixels`."""
    while True:
        body = random_body(rng)
        performance = make_performance([_movement(rng)], body, int(rng.integers(2**31)))
        end_s = float(rng.uniform(spec.span_s, max(performance.duration_s, spec.span_s + 0.1)))
        times = end_s - np.arange(int((spec.span_s + 0.3) * RATE_HZ), -1, -1) / RATE_HZ
        moving = performance.joints(times)
        camera = random_view(moving, rng, AZIMUTHS_DEG).camera
        xy, depth = camera.project(moving)
        track = observe(xy.astype(np.float32), depth.astype(np.float32), times, camera.size, rng)
        window = make_window(track, spec, end_s)
        if window is not None:  # hardly ever missing; never for a reason that has to do with what is held
            break
    pictures = performance.joints(np.linspace(end_s - spec.span_s, end_s, frames))
    crop = crop_camera(camera, track, pixels, rng)
    right, away = _horizontal(crop)
    middle = pictures.mean(axis=(0, 1)).astype(np.float64)
    kit = random_kit(right, away, middle, rng)
    gain, noise = rng.uniform(0.8, 1.15) * rng.uniform(0.95, 1.05, 3), float(rng.uniform(1.0, 4.0))
    return Scene(
        window, pictures, crop, _room(crop, rng), _outfit(rng), kit, _balls(right, away, middle, rng), gain, noise
    )


def _movement(rng: np.random.Generator) -> SetPlan:
    """Squats or curls at any tempo."""
    tempo_s = float(rng.uniform(1.4, 3.2))
    if rng.random() < 0.5:
        return SetPlan("curl", repetitions=2)
    return SetPlan("squat", repetitions=2, tempo_s=tempo_s, arms=str(rng.choice(ARMS)))


def crop_camera(camera: Camera, track: PoseTrack, pixels: int, rng: np.random.Generator) -> Camera:
    """The camera turned and zoomed to the square around the estimated joints: a person crop without resampling."""
    points = track.xy[np.isfinite(track.xy).all(axis=-1)].astype(np.float64)
    low, high = np.quantile(points, (0.01, 0.99), axis=0)  # a swap or a slip of the estimator does not count
    side = float((high - low).max() * rng.uniform(*MARGIN))
    centre = (low + high) / 2 + rng.uniform(-SHIFT, SHIFT, 2) * side
    ray = np.array([*((centre - np.array(camera.size) / 2) / camera.focal_px), 1.0])
    stretch = float(np.linalg.norm(ray))
    forward = camera.rotation.T @ (ray / stretch)
    across = camera.rotation[0] - forward * (camera.rotation[0] @ forward)
    across /= np.linalg.norm(across)
    rotation = np.stack([across, np.cross(forward, across), forward])
    return Camera(camera.position, rotation, camera.focal_px * stretch * pixels / side, (pixels, pixels))


def _horizontal(camera: Camera) -> tuple[Float64, Float64]:
    """Level unit vectors to the picture's right and away from the viewer."""
    right = camera.rotation[0] * np.array([1.0, 0.0, 1.0])
    right = np.asarray(right / np.linalg.norm(right), np.float64)
    return right, np.array([right[2], 0.0, -right[0]])


def _outfit(rng: np.random.Generator) -> Outfit:
    """Skin and hair of one of the demo's athletes, muted clothes."""
    person = OUTFITS[int(rng.integers(len(OUTFITS)))]
    shirt, shorts, socks, shoes = (_muted(rng) for _ in range(4))
    return Outfit(person.skin, person.hair, shirt, shorts, socks, shoes)


def _muted(rng: np.random.Generator) -> Colour:
    """A colour between black and white with a tinge."""
    red, green, blue = (int(value) for value in rng.uniform(30, 215) + rng.uniform(-20, 20, 3))
    return red, green, blue


def _balls(right: Float64, away: Float64, middle: Float64, rng: np.random.Generator) -> tuple[Solid, ...]:
    found = []
    for _ in range(int(rng.integers(0, 3))):
        radius = float(rng.uniform(0.06, 0.16))
        aside = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(0.4, 1.0))
        place = middle + right * aside + away * float(rng.uniform(-0.3, 0.8))
        place[1] = radius
        found.append(ball(place, radius, COLOURS[int(rng.integers(len(COLOURS)))]))
    return tuple(found)


def _room(camera: Camera, rng: np.random.Generator) -> UInt8:
    """The demo's room in other colours, with things in the colours of dumbbells and bands on the wall."""
    size = camera.size[0]
    picture = paint_room(camera, (float(rng.normal(0, 0.4)), float(rng.normal(0, 0.4))))
    for _ in range(int(rng.integers(0, 4))):
        corner, extent = rng.uniform(0, size, 2), rng.uniform(0.03, 0.3, 2) * size
        colour = COLOURS[int(rng.integers(len(COLOURS)))]
        if rng.random() < 0.4:  # cables and rods
            end = corner + rng.uniform(-0.6, 0.6, 2) * size
            cv2.line(picture, _pixel(corner), _pixel(end), colour, int(rng.integers(1, 4)), cv2.LINE_AA)
        else:
            cv2.rectangle(picture, _pixel(corner), _pixel(corner + extent), colour, -1)
    tint = rng.uniform(0.6, 1.05) * rng.uniform(0.88, 1.12, 3)
    return np.asarray(np.clip(picture * tint, 0, 255), np.uint8)


def _pixel(point: Float64) -> tuple[int, int]:
    return int(point[0]), int(point[1])
