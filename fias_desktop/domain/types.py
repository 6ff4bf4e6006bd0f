"""The values that flow from the camera to the advice.

Every value is a frozen dataclass; its arrays are made read-only and their shapes are checked when it is built, so that
a mistake shows where it is made. Coordinates of a `Pose` are pixels with the origin at the top left and y down;
coordinates of a `Window` are torso lengths with the origin at the median hip and y up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]
UInt8 = NDArray[np.uint8]


def _freeze(owner: object, name: str, dtype: type, shape: tuple[int | None, ...]) -> None:
    """Replace an array field by a read-only array of `dtype`; raise ValueError when the shape does not fit."""
    array: NDArray[Any] = np.asarray(getattr(owner, name), dtype=dtype)
    fits = array.ndim == len(shape) and all(want in (None, have) for want, have in zip(shape, array.shape, strict=True))
    if not fits:
        raise ValueError(f"{type(owner).__name__}.{name} has shape {array.shape}, expected {shape}")
    if array.flags.writeable:
        array = array.view()
        array.flags.writeable = False
    object.__setattr__(owner, name, array)


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture: `image` uint8 (H, W, 3) RGB, `time_s` seconds since the source's start."""

    index: int
    time_s: float
    image: UInt8

    def __post_init__(self) -> None:
        _freeze(self, "image", np.uint8, (None, None, 3))


@dataclass(frozen=True, eq=False)
class Pose:
    """One person in one frame, with the 33 landmarks of BlazePose.

    `xy` float32 (V, 2) pixels, `score` float32 (V,) in 0..1, `world` float32 (V, 3) metres, hip-centred, x right, y
    down, z away from the camera, or None. A missing joint is NaN with score 0. `image_size` is (width, height).
    """

    frame_index: int
    time_s: float
    track_id: int
    xy: Float32
    score: Float32
    world: Float32 | None
    image_size: tuple[int, int]

    def __post_init__(self) -> None:
        _freeze(self, "xy", np.float32, (None, 2))
        _freeze(self, "score", np.float32, (len(self.xy),))
        if self.world is not None:
            _freeze(self, "world", np.float32, (len(self.xy), 3))


@dataclass(frozen=True, eq=False)
class PersonPicture:
    """The surroundings of a person in one frame, made small: `image` uint8 (S, S, 3) RGB shows the square of `side_px`
    pixels of the frame whose top left corner is `corner_px` (x, y); what lies beyond the frame repeats its edge."""

    time_s: float
    corner_px: tuple[float, float]
    side_px: float
    image: UInt8

    def __post_init__(self) -> None:
        _freeze(self, "image", np.uint8, (None, None, 3))


@dataclass(frozen=True, eq=False)
class PoseTrack:
    """One person over F frames, as arrays: what windows are cut from, live, in batch and in training alike.

    `skeleton` names the topology; `time_s` float64 (F,) ascending, `frame_index` int64 (F,), `xy` float32 (F, V, 2)
    pixels (origin top left, y down), `score` float32 (F, V) in 0..1. A missing joint is NaN with score 0. `pictures`
    of the person, ascending in time, are there only where the chosen model looks at them.
    """

    skeleton: str
    time_s: Float64
    frame_index: Int64
    xy: Float32
    score: Float32
    pictures: tuple[PersonPicture, ...] = ()

    def __post_init__(self) -> None:
        _freeze(self, "time_s", np.float64, (None,))
        frames = len(self.time_s)
        _freeze(self, "frame_index", np.int64, (frames,))
        _freeze(self, "xy", np.float32, (frames, None, 2))
        _freeze(self, "score", np.float32, (frames, self.xy.shape[1]))


@dataclass(frozen=True, eq=False)
class Window:
    """What a network sees: `joints` float32 (T, V, C), `mask` bool (T, V) true where a joint is known,
    `time_s` float64 (T,), `frame_index` int64 (T,) of the nearest frame, `clip` uint8 (T', S, S, 3) RGB, the person's
    picture over the same time, for models that look at it, or None.

    The first two channels are x and y in torso lengths (y up, origin the window's median hip centre); a third channel
    is the score.
    """

    joints: Float32
    mask: Bool
    time_s: Float64
    frame_index: Int64
    clip: UInt8 | None = None

    def __post_init__(self) -> None:
        _freeze(self, "joints", np.float32, (None, None, None))
        frames, joints = self.joints.shape[:2]
        _freeze(self, "mask", np.bool_, (frames, joints))
        _freeze(self, "time_s", np.float64, (frames,))
        _freeze(self, "frame_index", np.int64, (frames,))
        if self.clip is not None:
            _freeze(self, "clip", np.uint8, (None, None, None, 3))


@dataclass(frozen=True, eq=False)
class Prediction:
    """What the network says about one window: `probs` float32 (K,) summing to 1, in the order of `labels`.

    `known` is False when the rejection score says that the movement is nothing the model was trained on. `error_probs`
    float32 (E,) are those of form errors, each by itself, in the order of `error_labels`; None where there are none.
    """

    model_id: str
    labels: tuple[str, ...]
    probs: Float32
    span_s: tuple[float, float]
    known: bool
    rejection_score: float = 0.0
    error_probs: Float32 | None = None
    per_frame: Float32 | None = None
    error_labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _freeze(self, "probs", np.float32, (len(self.labels),))
        if self.error_probs is not None:
            _freeze(self, "error_probs", np.float32, (len(self.error_labels),))
        if abs(float(self.probs.sum()) - 1.0) > 1e-3:
            raise ValueError(f"probabilities sum to {float(self.probs.sum()):.4f}, not 1")

    @property
    def label(self) -> str:
        """The most probable fine class."""
        return self.labels[int(np.argmax(self.probs))]

    @property
    def prob(self) -> float:
        """The probability of `label`."""
        return float(self.probs.max())


@dataclass(frozen=True, eq=False)
class FeatureMap:
    """A named feature map of one window: `values` float32 (C, T', V)."""

    name: str
    values: Float32

    def __post_init__(self) -> None:
        _freeze(self, "values", np.float32, (None, None, None))


@dataclass(frozen=True, eq=False)
class Recognition:
    """A prediction with what an explanation needs: the last feature map of each of the network's streams, by its name,
    and the weight float32 (K, C) of the linear head on their channels side by side.

    `frames` is the number of samples T of the window, to which heat is resized; 0 leaves it as long as the features.
    `explanation` is what the features are (`GRAD_CAM` or `INPUT_X_GRADIENT` of the model card): maps, or for each of K
    classes the gradient by the C channels of the input and after them the input itself, ((K + 1) C, T, V), of which
    the first `coordinates` channels are a position.
    """

    prediction: Prediction
    features: tuple[FeatureMap, ...]
    head_weight: Float32
    frames: int = 0
    explanation: str = "grad_cam"
    coordinates: int = 2

    def __post_init__(self) -> None:
        _freeze(self, "head_weight", np.float32, (len(self.prediction.labels), None))


@dataclass(frozen=True, eq=False)
class Saliency:
    """Heat per frame and joint: `values` float32 (T, V) >= 0, aligned with the window it explains.

    `target` is the fine class explained. `deletion_drop` is the fall of its probability when the hottest joints are
    hidden, `random_drop` the same for random joints; both None when not computed.
    """

    values: Float32
    target: str
    method: str
    deletion_drop: float | None = None
    random_drop: float | None = None

    def __post_init__(self) -> None:
        _freeze(self, "values", np.float32, (None, None))
        if not np.isfinite(self.values).all() or (self.values < 0).any():
            raise ValueError("saliency must be finite and not negative")


@dataclass(frozen=True)
class Evidence:
    """One measured fact: `value` of `quantity` in `unit` (deg, ratio, s) at one moment; `expected` is (low, high)."""

    rule_id: str
    quantity: str
    value: float
    unit: str
    expected: tuple[float, float]
    time_s: float
    frame_index: int
    joints: tuple[str, ...]
    saliency_share: float = 0.0
    confidence: float = 1.0
    error: str = ""

    @property
    def excess(self) -> float:
        """How far outside the expected range the value lies, in `unit`; 0 inside."""
        low, high = self.expected
        return max(low - self.value, self.value - high, 0.0)


@dataclass(frozen=True)
class Repetition:
    """One counted or rejected repetition, with its reason: the ledger's row.

    `form` is `correct`, `unknown` or one error code; `score` is 0..100 and never a probability.
    """

    exercise: str
    index: int
    start_s: float
    bottom_s: float
    end_s: float
    counted: bool
    reason: str
    form: str = "unknown"
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Advice:
    """One piece of advice. `evidence` is never empty: no advice without a measurement.

    `source` is `cue`, `language model` or `phrasebook`; `severity` 0 (praise) to 3 (stop and mend). `links` gives for
    each sentence of the text the indices of the evidence that it rests on; empty where the text is one cue.
    """

    code: str
    severity: int
    text: str
    evidence: tuple[Evidence, ...]
    source: str
    time_s: float = 0.0
    links: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError("advice needs at least one measurement as its evidence")


@dataclass(frozen=True)
class TimelineSample:
    """What the person does at one moment, as decided from all windows so far: the fine `label`, its coarse `group`, its
    mean probability of late, and whether it is a movement the model knows.

    What the window of this moment alone said is kept: `group_probs`, the probabilities of the coarse groups in the
    order of `exercises.GROUPS`, and `window_label`, its most probable fine class (`unknown` when it was rejected, empty
    without a window)."""

    time_s: float
    label: str
    group: str
    prob: float
    known: bool
    group_probs: tuple[float, ...] = ()
    window_label: str = ""


@dataclass(frozen=True)
class Measurement:
    """What was measured on one pose: named quantities (see resources/exercises.toml), NaN where the view does not allow
    them; `view_deg` is the person's heading against the camera (0 facing it, 90 side-on, 180 away)."""

    frame_index: int
    time_s: float
    quantities: dict[str, float]
    confidence: dict[str, float]
    view_deg: float
    whole_body: bool
    posture: str


@dataclass(frozen=True)
class JointHeat:
    """Mean heat of one joint over a set, and its share in the beginning, at the bottom and at the end."""

    joint: str
    share: float
    beginning: float
    bottom: float
    end: float


@dataclass(frozen=True)
class ExerciseSet:
    """A finished (or running) set: everything the coach may speak about.

    `label` is the commonest fine class of the set's windows with its mean probability; `heat` is hottest first.
    """

    exercise: str
    start_s: float
    end_s: float
    repetitions: tuple[Repetition, ...]
    label: str
    prob: float
    heat: tuple[JointHeat, ...] = ()
    previous: ExerciseSet | None = field(default=None, repr=False)

    @property
    def counted(self) -> tuple[Repetition, ...]:
        """The repetitions that count."""
        return tuple(rep for rep in self.repetitions if rep.counted)
