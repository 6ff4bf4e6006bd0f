"""What the engine hands to whoever shows it: one newest picture, and a list of events that are never dropped."""

from __future__ import annotations

from dataclasses import dataclass, field

from fias_desktop.domain.types import (
    Advice,
    ExerciseSet,
    Frame,
    Measurement,
    Pose,
    Recognition,
    Repetition,
    Saliency,
    TimelineSample,
)


@dataclass(frozen=True)
class Devices:
    """Which device each stage really uses, and why (`CPU`, `CUDA: ...`, `CPU (GPU delegate failed: ...)`)."""

    pose: str
    network: str
    language_model: str


@dataclass(frozen=True)
class Rates:
    """Measured speed: frames per second captured and seen by pose, overlay lag and the age of the heat."""

    source_fps: float = 0.0
    pose_fps: float = 0.0
    pose_ms: float = 0.0
    network_ms: float = 0.0
    lag_ms: float = 0.0
    heat_age_ms: float = 0.0


@dataclass(frozen=True)
class BodyCheck:
    """Is the whole body in the picture? `missing` names the parts outside (`feet`, `head`, `left arm`...), `advice`
    says what to do (`Step back`, `Turn sideways`...), empty when all is well."""

    ok: bool
    missing: tuple[str, ...] = ()
    advice: str = ""


@dataclass(frozen=True)
class Ghost:
    """Where the followed person is expected `ahead_s` after a picture: `pose`, in its pixels, or None while there is
    nothing to foresee from or too little trust in it. `error` is how far what was foreseen that far ahead was off in
    the last second, the mean distance of body joints in torso lengths; None while too little of it has been checked."""

    ahead_s: float
    pose: Pose | None
    error: float | None


@dataclass(frozen=True)
class LiveView:
    """The newest picture with everything that belongs on it.

    `frame` and `pose` are of the same moment; `saliency` and `joint_heat` are the newest there are (their age is in
    `rates`). `available_s` is the monotonic time at which the frame was available from the source. `ghost` is
    None while the settings ask for none."""

    frame: Frame
    pose: Pose | None
    others: tuple[Pose, ...]
    measurement: Measurement | None
    recognition: Recognition | None
    saliency: Saliency | None
    joint_heat: tuple[float, ...]
    sample: TimelineSample | None
    body: BodyCheck
    exercise: str
    counted: int
    last_repetition: Repetition | None
    devices: Devices
    rates: Rates
    available_s: float
    playing: bool
    ghost: Ghost | None = None


@dataclass(frozen=True)
class SourceState:
    """The source opened, stalled, was lost, came back or ended. `state`: open | stalled | lost | ended."""

    name: str
    state: str
    message: str = ""


@dataclass(frozen=True)
class Cue:
    """A deterministic cue or piece of advice to show at once."""

    advice: Advice


@dataclass(frozen=True)
class RepetitionDone:
    """One more row of the ledger."""

    repetition: Repetition


@dataclass(frozen=True)
class SetDone:
    """A set ended; the language model speaks next when it is switched on."""

    finished: ExerciseSet


@dataclass(frozen=True)
class AdviceText:
    """Streamed text of the coach. `text` is the whole text so far; `done` with the checked `advice` at the end.
    `question` is what it answers, empty for advice on a set; `objections` why the model's own words were not taken."""

    request: int
    text: str
    done: bool
    advice: Advice | None = None
    prompt: str = ""
    question: str = ""
    objections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A banner: what happened and what to do; `fatal` when the current source cannot go on."""

    message: str
    hint: str
    fatal: bool = False
    details: str = ""


@dataclass(frozen=True)
class GestureSeen:
    """Both arms were raised for a second: the athlete asks to start or pause."""

    time_s: float


Event = SourceState | Cue | RepetitionDone | SetDone | AdviceText | Problem | GestureSeen


@dataclass(frozen=True)
class History:
    """Strips for the plots: samples of the last 20 s, oldest first, and the heat per joint (one tuple a sample)."""

    samples: tuple[TimelineSample, ...] = ()
    class_probs: tuple[tuple[float, ...], ...] = ()
    heat_times_s: tuple[float, ...] = ()
    heat: tuple[tuple[float, ...], ...] = ()
    joints: tuple[str, ...] = field(default=())
    labels: tuple[str, ...] = field(default=())
