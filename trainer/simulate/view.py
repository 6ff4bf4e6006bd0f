"""Virtual cameras all around: webcams on desks, phones on the floor, wall cameras; perspective, roll, slow pans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.athlete.camera import Camera
from fias_desktop.domain.types import Float32, Float64

SIZES: tuple[tuple[int, int], ...] = ((640, 480), (1280, 720), (720, 1280))
# Horizontal fields of view: phones' main cameras about 65 degrees, webcams 60 to 78, wide ones to 90.
FIELD_DEG = (48.0, 88.0)
TOO_CLOSE_SHARE = 0.12
# Where the cameras of the FIAS data set stood (section 3.1), here with some scatter.
FRONT_DEG, BACK_DEG = (-45.0, 0.0, 45.0), (-135.0, 135.0, 180.0)
AZIMUTH_SPREAD_DEG = 12.0


@dataclass(frozen=True, eq=False)
class View:
    """A camera with a slow drift: `camera`, `drift_px_s` (2,) by which the picture moves per second, and where it
    stands, `azimuth_deg` -180..180."""

    camera: Camera
    drift_px_s: Float64
    azimuth_deg: float

    def project(self, joints: Float32, times_s: Float64) -> tuple[Float32, Float32]:
        """Joints (T, V, 3) m -> pixels (T, V, 2), y down, and depth (T, V) m."""
        xy, depth = self.camera.project(joints)
        xy = xy + (times_s - times_s[0])[:, None, None] * self.drift_px_s
        return np.asarray(xy, np.float32), np.asarray(depth, np.float32)


def random_view(joints: Float32, rng: np.random.Generator, azimuths_deg: tuple[float, ...] = ()) -> View:
    """A camera that sees the person of these joints (T, V, 3), from a usual height and distance, and from any side or
    near one of `azimuths_deg` (0: in front of somebody heading 0; to their left is positive)."""
    middle = np.median(joints.reshape(-1, 3), axis=0).astype(np.float64)
    extent = np.percentile(joints.reshape(-1, 3), 98, axis=0) - np.percentile(joints.reshape(-1, 3), 2, axis=0)
    size = SIZES[int(rng.choice(len(SIZES), p=[0.4, 0.4, 0.2]))]
    focal_px = size[0] / 2 / np.tan(np.radians(rng.uniform(*FIELD_DEG)) / 2)
    # Of the picture that the person fills; more than all of it cuts the head or the feet off.
    share = rng.uniform(0.95, 1.25) if rng.random() < TOO_CLOSE_SHARE else rng.uniform(0.38, 0.95)
    needed = max(extent[1] * focal_px / size[1], float(np.hypot(extent[0], extent[2])) * focal_px / size[0]) / share
    distance_m = float(np.clip(needed + 0.3, 1.6, 7.0))
    azimuth = rng.uniform(0, 2 * np.pi)
    if azimuths_deg:
        azimuth = np.radians(rng.choice(azimuths_deg) + rng.uniform(-AZIMUTH_SPREAD_DEG, AZIMUTH_SPREAD_DEG))
    height_m = float(np.clip(rng.normal(0.95, 0.45), 0.1, 2.3))
    eye = middle + distance_m * np.array([np.sin(azimuth), 0.0, np.cos(azimuth)])
    eye[1] = height_m
    target = middle + rng.normal(0.0, [0.12, 0.1, 0.12])
    camera = Camera.look_at(eye, target, float(focal_px), size, float(rng.normal(0, 2.0)))
    moving = rng.random() < 0.15
    drift = rng.normal(0, 0.02 * size[1], 2) if moving else np.zeros(2)
    return View(camera, drift, float((np.degrees(azimuth) + 180.0) % 360.0 - 180.0))
