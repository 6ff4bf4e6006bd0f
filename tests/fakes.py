"""Small classes and values that stand in for cameras, people and threads in the tests.

Fakes satisfy the program's own protocols; nothing is mocked. Add to this file, do not take away.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fias_desktop.domain.exercises import GROUPS, LABELS, group_of
from fias_desktop.domain.skeleton import BLAZEPOSE33, COCO17_FEET
from fias_desktop.domain.types import Advice, Evidence, Frame, Pose, Repetition, Saliency, TimelineSample
from fias_desktop.engine.view import BodyCheck, Devices, Event, History, LiveView, Rates
from fias_desktop.settings import Settings

REPETITION_S = 2.4


def squat_depth(time_s: float) -> float:
    """How deep the scripted athlete is, 0 standing to 1 at the bottom."""
    return 0.5 - 0.5 * float(np.cos(2 * np.pi * time_s / REPETITION_S))


def squatting_pose(time_s: float, size: tuple[int, int] = (640, 360), at: float = 0.5, index: int = 0) -> Pose:
    """A frontal stick person squatting, all 33 landmarks, in pixels of a picture of `size`; `at` is the share of its
    width where they stand."""
    depth = squat_depth(time_s)
    drop = 0.13 * depth
    half = {
        "eye_inner": (0.008, 0.125), "eye": (0.016, 0.122), "eye_outer": (0.022, 0.123), "ear": (0.034, 0.13),
        "mouth": (0.012, 0.155), "shoulder": (0.085, 0.24), "elbow": (0.13, 0.34), "wrist": (0.10, 0.42),
        "pinky": (0.10, 0.44), "index": (0.095, 0.445), "thumb": (0.09, 0.435), "hip": (0.055, 0.5),
        "knee": (0.06 + 0.03 * depth, 0.69), "ankle": (0.065, 0.88), "heel": (0.06, 0.905), "foot_index": (0.09, 0.92),
    }  # fmt: skip
    width, height = size
    xy = np.zeros((33, 2), dtype=np.float32)
    for i, joint in enumerate(BLAZEPOSE33.joints):
        side = {"left": 1.0, "right": -1.0}.get(joint.split("_")[0], 0.0)
        part = joint.removeprefix("left_").removeprefix("right_")
        x, y = half.get(part, (0.0, 0.14))
        lower = 0.0 if part in ("ankle", "heel", "foot_index") else drop * (0.45 if part == "knee" else 1.0)
        xy[i] = (at * width + side * x * height * 1.05, (y + lower) * height)
    return Pose(index, time_s, 1, xy, np.full(33, 0.95, dtype=np.float32), None, size)


def room(size: tuple[int, int] = (640, 360)) -> NDArray[np.uint8]:
    """A plain room: a wall that darkens and a floor, uint8 (H, W, 3)."""
    width, height = size
    wall = np.linspace(205, 150, height, dtype=np.float32)[:, None, None] * np.array([0.97, 1.0, 1.02])
    image = np.broadcast_to(wall, (height, width, 3)).copy()
    image[int(height * 0.86) :] = np.array([128, 112, 96])
    return np.clip(image, 0, 255).astype(np.uint8)


def knee_evidence(time_s: float = 1.2, value: float = 118.0) -> Evidence:
    """A knee angle that is not deep enough."""
    return Evidence(
        "squat_depth", "knee_angle", value, "deg", (60.0, 100.0), time_s, int(time_s * 30), ("left_knee",), 0.3
    )


def repetition(index: int = 1, form: str = "correct", counted: bool = True, exercise: str = "squat") -> Repetition:
    """A repetition of the scripted athlete, `REPETITION_S` long, with one measurement."""
    start_s = (index - 1) * REPETITION_S
    bottom_s = start_s + REPETITION_S / 2
    reason = "counted" if counted else "too short"
    evidence = (knee_evidence(bottom_s),)
    return Repetition(exercise, index, start_s, bottom_s, start_s + REPETITION_S, counted, reason, form, 86.0, evidence)


def advice(text: str = "Sit a little deeper.", source: str = "cue", code: str = "too_shallow") -> Advice:
    """A piece of advice that rests on one measurement."""
    return Advice(code, 2, text, (knee_evidence(),), source, 1.3)


def probabilities(label: str, prob: float = 0.82) -> NDArray[np.float32]:
    """Probabilities of the ten classes with one on top."""
    probs = np.full(len(LABELS), (1 - prob) / (len(LABELS) - 1), dtype=np.float32)
    probs[LABELS.index(label)] = prob
    return probs


def sample(time_s: float, label: str = "squat_correct", known: bool = True) -> TimelineSample:
    """What the recogniser says."""
    group_probs = tuple(0.91 if group == group_of(label) else 0.03 for group in GROUPS)
    return TimelineSample(time_s, label, group_of(label), 0.82, known, group_probs)


def squat_heat(time_s: float) -> tuple[float, ...]:
    """Heat of the 21 joints: the knees, most at the bottom."""
    depth = squat_depth(time_s)
    warm = {"left_knee": 1.0, "right_knee": 0.9, "left_hip": 0.5, "right_hip": 0.45, "left_ankle": 0.3}
    return tuple(warm.get(joint, 0.06) * (0.35 + 0.65 * depth) for joint in COCO17_FEET.joints)


def live_view(
    index: int = 0, *, time_s: float | None = None, size: tuple[int, int] = (640, 360), **changes: object
) -> LiveView:
    """A picture of the scripted athlete; `changes` replace single fields."""
    at_s = index / 30 if time_s is None else time_s
    fields: dict[str, object] = {
        "frame": Frame(index, at_s, room(size)),
        "pose": squatting_pose(at_s, size, index=index),
        "others": (),
        "measurement": None,
        "recognition": None,
        "saliency": Saliency(np.ones((4, 21), dtype=np.float32), "squat_correct", "Grad-CAM", 0.34, 0.05),
        "joint_heat": squat_heat(at_s),
        "sample": sample(at_s),
        "body": BodyCheck(True),
        "exercise": "squat",
        "counted": 3,
        "last_repetition": repetition(3),
        "devices": Devices("CPU", "CPU (no CUDA device)", "CPU, 1 thread"),
        "rates": Rates(30.0, 29.7, 21.0, 9.0, 45.0, 120.0),
        "available_s": time.monotonic(),
        "playing": True,
    }
    return LiveView(**(fields | changes))  # type: ignore[arg-type]


@dataclass(frozen=True)
class FakeCamera:
    """A camera to choose."""

    index: int
    name: str


class ScriptedEngine:
    """An engine that shows what a script says, from a thread of its own, and notes every command.

    `make_view` builds the picture with a number; `script` are events by that number. `show` and `tell` add single ones
    by hand (with `fps` 0 there is no thread at all).
    """

    def __init__(
        self,
        wake: Callable[[], None],
        fps: float = 0.0,
        make_view: Callable[[int], LiveView] = live_view,
        script: dict[int, list[Event]] | None = None,
    ) -> None:
        self.commands: list[tuple[object, ...]] = []
        self.strips = History()
        self._wake, self._fps, self._make_view, self._script = wake, fps, make_view, script or {}
        self._view: LiveView | None = None
        self._events: list[Event] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def show(self, view: LiveView) -> None:
        """Make this the newest picture."""
        self._view = view
        self._wake()

    def tell(self, *events: Event) -> None:
        """Add events."""
        with self._lock:
            self._events.extend(events)
        self._wake()

    def start(self, source: str) -> None:
        self.commands.append(("start", source))
        self._view = None
        if self._fps and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="scripted-engine")
            self._thread.start()

    def _run(self) -> None:
        index = 0
        while not self._stopping.wait(1 / self._fps):
            self.show(self._make_view(index))
            self.tell(*self._script.get(index, []))
            index += 1

    def stop(self) -> list[str]:
        self.commands.append(("stop",))
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(2.0)
        return []

    def set_playing(self, playing: bool) -> None:
        self.commands.append(("set_playing", playing))

    def apply(self, settings: Settings) -> None:
        self.commands.append(("apply", settings))

    def latest(self) -> LiveView | None:
        return self._view

    def history(self) -> History:
        return self.strips

    def take_events(self) -> list[Event]:
        with self._lock:
            taken, self._events = self._events, []
        return taken

    def choose_person(self, x_px: float, y_px: float) -> None:
        self.commands.append(("choose_person", x_px, y_px))

    def ask_coach(self, question: str = "") -> None:
        self.commands.append(("ask_coach", question))

    def cancel_coach(self) -> None:
        self.commands.append(("cancel_coach",))


def scripted_history(end_s: float, rate_hz: float = 10.0) -> History:
    """20 s of strips ending at `end_s`: squats, with knees inward now and then."""
    times = tuple(float(t) for t in np.arange(max(end_s - 20.0, 0.0), end_s, 1 / rate_hz))
    labels = ["squat_knees_inward" if int(t / REPETITION_S) % 3 == 2 else "squat_correct" for t in times]
    return History(
        samples=tuple(sample(t, label) for t, label in zip(times, labels, strict=True)),
        class_probs=tuple(
            tuple(float(p) for p in probabilities(label, 0.6 + 0.35 * squat_depth(t)))
            for t, label in zip(times, labels, strict=True)
        ),
        heat_times_s=times,
        heat=tuple(squat_heat(t) for t in times),
        joints=COCO17_FEET.joints,
        labels=LABELS,
    )
