"""The demo: a rendered athlete who performs sets with and without errors, with exact ground truth."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete import (
    MOVEMENTS,
    Camera,
    Performance,
    SetPlan,
    average_body,
    demo_programme,
    make_performance,
    random_body,
)
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERRORS, EXERCISES
from fias_desktop.domain.types import Frame
from fias_desktop.stages.capture.mannequin import OUTFITS
from fias_desktop.stages.capture.render import Renderer
from fias_desktop.stages.capture.source import SourceInfo

Float = NDArray[np.floating[Any]]
_EXAMPLE = "Write for example: demo:squat,lunge?view=30&error=knees_inward&reps=5"
_FIELD_DEG = 56.0  # the horizontal field of view of a usual webcam
_FILL = 0.92  # the share of the picture the athlete may take
_AROUND_M = 0.12  # hair, hands and shoes reach beyond the joints
_DISTANCE_M = (1.8, 14.0)
_SEVERITY = 0.8
_REPETITIONS = 5
_REST = SetPlan("stand", repetitions=1)


@dataclass(frozen=True)
class DemoPlan:
    """What the demo shows. `view_deg` is the camera's direction seen from the athlete (0 from the front, 90 from the
    athlete's left, 180 from behind), `height_m` the camera's height; with `loop` it begins again and again."""

    sets: tuple[SetPlan, ...]
    view_deg: float = 30.0
    height_m: float = 1.1
    seed: int = 0
    size: tuple[int, int] = (640, 480)
    fps: float = 30.0
    loop: bool = False
    name: str = "Demo"


def parse_demo(text: str) -> DemoPlan:
    """A demo by its text; FiasError with an example when it does not fit.

    `demo` is a programme of all exercises, with and without errors, that loops. `demo:squat,lunge,push_up` performs one
    set of each and ends. Options follow a `?`, joined by `&`: `error` (codes; each exercise takes its own),
    `severity` 0..1, `reps`, `tempo` (seconds a repetition), `view` (degrees), `height` (metres), `seed`, `size`
    (`1280x720`), `fps`, `loop` (0 or 1).
    """
    match = re.fullmatch(r"demo(?::([^?]*))?(?:\?(.*))?", text.strip(), re.IGNORECASE | re.DOTALL)
    if match is None:
        raise FiasError(f"{text!r} is not a demo.", _EXAMPLE)
    options = _Options(dict(parse_qsl(match[2] or "", keep_blank_values=True)))
    exercises = tuple(part.strip().casefold() for part in (match[1] or "").split(",") if part.strip())
    seed = int(options.number("seed", 0, 0, 2**31 - 1))
    plan = DemoPlan(
        sets=_sets(exercises, options, seed),
        view_deg=options.number("view", 30.0, -360.0, 360.0),
        height_m=options.number("height", 1.1, 0.1, 3.0),
        seed=seed,
        size=options.size("size", (640, 480)),
        fps=options.number("fps", 30.0, 1.0, 120.0),
        loop=bool(options.number("loop", 0 if exercises else 1, 0, 1)),
        name="Demo: " + ", ".join(exercises).replace("_", "-") if exercises else "Demo",
    )
    options.nothing_left()
    return plan


class _Options:
    """Named options as text, taken one by one."""

    def __init__(self, given: dict[str, str]) -> None:
        self._given = given

    def text(self, name: str) -> str:
        return self._given.pop(name, "").strip()

    def number(self, name: str, default: float, low: float, high: float) -> float:
        text = self.text(name)
        if not text:
            return default
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise FiasError(f"The demo's {name}={text} is not a number from {low:g} to {high:g}.", _EXAMPLE)
        return value

    def size(self, name: str, default: tuple[int, int]) -> tuple[int, int]:
        text = self.text(name)
        match = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text or f"{default[0]}x{default[1]}")
        if match is None or not (64 <= int(match[1]) <= 3840 and 64 <= int(match[2]) <= 3840):
            raise FiasError(f"The demo's {name}={text} is not a size such as 1280x720.", _EXAMPLE)
        return int(match[1]), int(match[2])

    def nothing_left(self) -> None:
        if self._given:
            known = "error, severity, reps, tempo, view, height, seed, size, fps, loop"
            raise FiasError(f"The demo has no option {', '.join(self._given)}.", f"Options: {known}. {_EXAMPLE}")


def _sets(exercises: tuple[str, ...], options: _Options, seed: int) -> tuple[SetPlan, ...]:
    """The default programme, or a set of each exercise with a rest before and after."""
    errors = [part.strip() for part in options.text("error").split(",") if part.strip() not in ("", "none")]
    reps = int(options.number("reps", 0, 0, 1000))
    severity = options.number("severity", _SEVERITY, 0.0, 1.0)
    tempo_s = options.number("tempo", 0.0, 0.5, 20.0)
    if not exercises:
        if errors or reps or tempo_s:
            raise FiasError("The demo needs an exercise for its error, reps and tempo.", _EXAMPLE)
        return demo_programme(seed)
    _check_names(exercises, errors)
    sets = [_set(name, _error_of(name, errors), severity, reps or _REPETITIONS, tempo_s) for name in exercises]
    return (_REST, *(plan for one in sets for plan in (one, _REST)))


def _check_names(exercises: tuple[str, ...], errors: list[str]) -> None:
    known = (*EXERCISES, *sorted(MOVEMENTS))
    unknown = [name for name in exercises if name not in known]
    if unknown:
        raise FiasError(f"The demo does not know {', '.join(unknown)}.", f"It knows {', '.join(known)}. {_EXAMPLE}")
    homeless = [error for error in errors if all(_error_of(name, [error]) is None for name in exercises)]
    if homeless:
        table = "; ".join(f"{name}: {', '.join(ERRORS[name])}" for name in EXERCISES)
        raise FiasError(f"No exercise shown has the error {', '.join(homeless)}.", f"Known errors: {table}.")


def _set(name: str, error: str | None, severity: float, repetitions: int, tempo_s: float) -> SetPlan:
    plan = SetPlan(name, error=error, severity=severity if error else 0.0, repetitions=repetitions)
    # A push-up on a bench would need a bench to be painted.
    plan = replace(plan, variant="full") if name == "push_up" else plan
    return replace(plan, tempo_s=tempo_s) if tempo_s else plan


def _error_of(exercise: str, errors: list[str]) -> str | None:
    return next((error for error in errors if error in ERRORS.get(exercise, ())), None)


class DemoSource:
    """The rendered athlete. `performance` is the exact truth and `camera` how it is seen, so that every picture can be
    compared with what the program makes of it; with `loop` the time of the performance is the source's time modulo its
    duration. The same plan gives the same pictures, to the bit."""

    def __init__(self, plan: DemoPlan) -> None:
        """Make the performance and place the camera so that the whole athlete is always in the picture."""
        self._plan = plan
        body = average_body() if plan.seed == 0 else random_body(np.random.default_rng(plan.seed))
        self.performance: Performance = make_performance(plan.sets, body, plan.seed)
        self._times_s = np.arange(math.ceil(self.performance.duration_s * plan.fps)) / plan.fps
        self._joints = self.performance.joints(self._times_s)
        self.camera = frame_camera(self._joints[:: max(len(self._joints) // 400, 1)], plan)
        middle = (self._joints.min(axis=(0, 1)) + self._joints.max(axis=(0, 1))) / 2
        self.mat_at = float(middle[0]), float(middle[2])
        self._renderer = Renderer(self.camera, OUTFITS[plan.seed % len(OUTFITS)], self.mat_at)
        self._index = 0

    @property
    def info(self) -> SourceInfo:
        """Fixed: a demo is paced by whoever plays it."""
        frames = None if self._plan.loop else len(self._times_s)
        note = "This is a rendered athlete, not a person."
        return SourceInfo(self._plan.name, "demo", self._plan.fps, self._plan.size, frames, live=False, note=note)

    def read(self) -> Frame | None:
        """The next picture; None at the end of a performance that does not loop."""
        if not self._plan.loop and self._index >= len(self._times_s):
            return None
        frame = Frame(self._index, self._index / self._plan.fps, self._renderer.draw(self.joints(self._index)))
        self._index += 1
        return frame

    def close(self) -> None:
        """End the performance."""
        self._plan = replace(self._plan, loop=False)
        self._index = len(self._times_s)

    def joints(self, index: int) -> Float:
        """The true joints of a picture: float32 (21, 3) metres, coco17feet, world axes."""
        return np.asarray(self._joints[index % len(self._joints)])

    def pixels(self, index: int) -> Float:
        """The true joints of a picture as pixels (21, 2), origin top left, y down."""
        return np.asarray(self.camera.project(self.joints(index))[0])


def frame_camera(joints: Float, plan: DemoPlan) -> Camera:
    """The nearest camera in the plan's direction that keeps all `joints` (T, 21, 3) in the middle of the picture."""
    points = joints.reshape(-1, 3)
    target = (points.min(axis=0) + points.max(axis=0)) / 2
    camera = _nearest(target, points, plan)
    for _ in range(3):
        low, high = _extent(camera, points)
        distance_m = float(np.linalg.norm(target - camera.position))
        aside, down = ((low + high) / 2 - np.array(plan.size) / 2) * (distance_m / camera.focal_px)
        target = target + camera.rotation[0] * aside + camera.rotation[1] * down
        camera = _nearest(target, points, plan)
    return camera


def _nearest(target: Float, points: Float, plan: DemoPlan) -> Camera:
    near, far = _DISTANCE_M
    for _ in range(14):
        middle = (near + far) / 2
        near, far = (near, middle) if _fits(_camera(target, middle, plan), points) else (middle, far)
    return _camera(target, far, plan)


def _camera(target: Float, distance_m: float, plan: DemoPlan) -> Camera:
    turn = math.radians(plan.view_deg)
    position = target + np.array([math.sin(turn), 0.0, math.cos(turn)]) * distance_m
    position[1] = plan.height_m
    # A camera that stands upright sees the wider side with its usual field.
    focal = max(plan.size) / 2 / math.tan(math.radians(_FIELD_DEG) / 2)
    return Camera.look_at(position, target, focal, plan.size)


def _extent(camera: Camera, points: Float) -> tuple[Float, Float]:
    """The corners (2,) of the box in pixels that holds `points` (N, 3) with hair, hands and shoes around them."""
    xy, depth = camera.project(points)
    margin = _AROUND_M * camera.focal_px / depth[..., None]
    return (xy - margin).min(axis=0), (xy + margin).max(axis=0)


def _fits(camera: Camera, points: Float) -> bool:
    low, high = _extent(camera, points)
    half = np.array(camera.size) / 2
    inside = bool((np.abs(low - half) <= half * _FILL).all() and (np.abs(high - half) <= half * _FILL).all())
    return inside and float(camera.project(points)[1].min()) > _DISTANCE_M[0] / 2
