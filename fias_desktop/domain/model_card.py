"""The card that comes with every model: what it is, what it was trained on, and how well it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fias_desktop.domain.exercises import GROUPS, LABELS, is_exercise_class

GRAD_CAM, INPUT_X_GRADIENT = "grad_cam", "input_x_gradient"
EXPLANATIONS = {GRAD_CAM: "Grad-CAM", INPUT_X_GRADIENT: "input x gradient"}  # in words


@dataclass(frozen=True)
class TrainingData:
    """One data set a model was trained on, with the licence that lets us ship the weights."""

    name: str
    licence: str
    sequences: int


@dataclass(frozen=True)
class ModelSpec:
    """The contents of `card.toml` (docs/model-card.md).

    A window is `frames` samples at `rate_hz`; the first `coordinates` of its `channels` are a position (2: x, y; 3: x,
    y, z), a channel after them is the score; `normalisation` is `torso`. `streams` are what is made of the joints
    inside the network (`joint`, `bone`, `joint_motion`, `bone_motion`): several are one network each, fused.
    `rejection_threshold`: a window whose rejection score is above it is unknown. `errors` are the names of the
    multi-label heads (`ERROR_LABELS`), empty without. `explanation` is what its heat is: `grad_cam`, or, of a network
    without a map over joints, `input_x_gradient`. A network that looks at the person's picture too gets `clip_frames`
    pictures of `clip_pixels` x `clip_pixels` over the span of the window (0: joints alone). `params` are the network's
    own settings, handed to the registry. `figures` are measured values by name. `hashes` are SHA-256 by file name.
    """

    id: str
    title: str
    network: str
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    skeleton: str
    frames: int
    rate_hz: float
    channels: int
    normalisation: str
    rejection_threshold: float
    temperature: float
    licence: str
    training_data: tuple[TrainingData, ...]
    limits: str
    errors: tuple[str, ...] = ()
    streams: tuple[str, ...] = ("joint",)
    coordinates: int = 2
    explanation: str = GRAD_CAM
    clip_frames: int = 0
    clip_pixels: int = 0
    params: dict[str, int] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("labels", "groups", "errors", "streams"):  # lists, as a TOML file gives them
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def span_s(self) -> float:
        """Seconds from the first to the last sample of a window."""
        return (self.frames - 1) / self.rate_hz

    @property
    def names_exercises(self) -> bool:
        """Whether its classes are exercises, their errors and idle. What other classes say has no part in counting."""
        return all(is_exercise_class(label) for label in self.labels)


def bare_spec(
    network: str, skeleton: str, frames: int, rate_hz: float, params: Mapping[str, int] | None = None
) -> ModelSpec:
    """The card of a network that is not (yet) a model: only what its windows of x, y and score and its classes look
    like."""
    return ModelSpec(
        id=network,
        title=network,
        network=network,
        labels=LABELS,
        groups=GROUPS,
        skeleton=skeleton,
        frames=frames,
        rate_hz=rate_hz,
        channels=3,
        normalisation="torso",
        rejection_threshold=1.0,
        temperature=1.0,
        licence="",
        training_data=(),
        limits="",
        params=dict(params or {}),
    )
