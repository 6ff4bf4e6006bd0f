"""The demo: a rendered athlete who performs sets with and without errors, with exact ground truth."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.athlete import Camera, Performance, SetPlan, average_body, make_performance, random_body
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.exercises import ERRORS, EXERCISES
from fias_desktop.domain.types import Frame
from fias_desktop.stages.capture.mannequin import OUTFITS
from fias_desktop.stages.capture.render import Renderer
from fias_desktop.stages.capture.source import SourceInfo

Float = NDArray[np.floating[Any]]
_EXAMPLE = "Write for example: demo:squat,lunge?view=30&error=knees_inward&reps=5"
_FIELD_DEG = 56.0  # the horizontal field of view of a usual webcam
_FILL = 0.86  # the share of the picture the athlete may take
_SEVERITY = 0.8
# The default programme: exercise, error, repetitions.
_PROGRAMME: tuple[tuple[str, str | None, int], ...] = (
    ("squat", None, 4),
    ("squat", "knees_inward", 4),
    ("lunge", None, 4),
    ("lunge", "knee_past_toe", 4),
    ("push_up", None, 4),
    ("push_up", "hips_sag", 4),
    ("squat", "feet_too_close", 3),
    ("lunge", "too_high", 4),
    ("push_up", "elbows_flared", 3),
)


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
    plan = DemoPlan(
        sets=_sets(exercises, options),
        view_deg=options.number("view", 30.0, -360.0, 360.0),
        height_m=options.number("height", 1.1, 0.1, 3.0),
        seed=int(options.number("seed", 0, 0, 2**31 - 1)),
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
        try:
            value = float(text) if text else default
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


def _sets(exercises: tuple[str, ...], options: _Options) -> tuple[SetPlan, ...]:
    errors = [part.strip() for part in options.text("error").split(",") if part.strip() not in ("", "none")]
    reps = int(options.number("reps", 0, 0, 1000))
    severity = options.number("severity", _SEVERITY, 0.0, 1.0)
    tempo_s = options.number("tempo", 0.0, 0.0, 20.0)
    unknown = [name for name in exercises if name not in EXERCISES]
    if unknown:
        raise FiasError(f"The demo does not know {', '.join(unknown)}.", f"It knows {', '.join(EXERCISES)}. {_EXAMPLE}")
    rows = [(name, _error_of(name, errors), 5) for name in exercises] if exercises else list(_PROGRAMME)
    shown = {name for name, _, _ in rows}
    homeless = [error for error in errors if not any(error in ERRORS[name] for name in shown)]
    if homeless:
        known = "; ".join(f"{name}: {', '.join(ERRORS[name])}" for name in sorted(shown))
        raise FiasError(f"No exercise shown has the error {', '.join(homeless)}.", f"Known errors: {known}.")
    plans = [
        SetPlan(name, error=error, severity=severity if error else 0.0, repetitions=reps or count)
        for name, error, count in rows
    ]
    return tuple(replace(plan, tempo_s=tempo_s) if tempo_s else plan for plan in plans)


def _error_of(exercise: str, errors: list[str]) -> str | None:
    return next((error for error in errors if error in ERRORS[exercise]), None)


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
        self._renderer = Renderer(
            self.camera, OUTFITS[plan.seed % len(OUTFITS)], mat_at=(float(middle[0]), float(middle[2]))
        )
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
    """The nearest camera in the plan's direction that keeps all `joints` (T, 21, 3) well inside the picture."""
    low, high = joints.min(axis=(0, 1)), joints.max(axis=(0, 1))
    target = (low + high) / 2
    # Hair and stretched hands reach beyond the joints.
    target[1] = (min(float(low[1]), 0.0) + float(high[1]) + 0.12) / 2
    near, far = 1.8, 14.0
    for _ in range(14):
        middle = (near + far) / 2
        near, far = (near, middle) if _fits(_camera(target, middle, plan), joints) else (middle, far)
    return _camera(target, far, plan)


def _camera(target: Float, distance_m: float, plan: DemoPlan) -> Camera:
    turn = math.radians(plan.view_deg)
    position = target + np.array([math.sin(turn), 0.0, math.cos(turn)]) * distance_m
    position[1] = plan.height_m
    # A camera that stands upright sees the wider side with its usual field.
    focal = max(plan.size) / 2 / math.tan(math.radians(_FIELD_DEG) / 2)
    return Camera.look_at(position, target, focal, plan.size)


def _fits(camera: Camera, joints: Float) -> bool:
    xy, depth = camera.project(joints)
    margin = 0.10 * camera.focal_px / depth[..., None]
    half = np.array(camera.size) / 2
    return bool((depth > 1.0).all() and (np.abs(xy - half) + margin <= half * _FILL * 1.08).all())
