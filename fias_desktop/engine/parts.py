"""What the engine is made of. The defaults are the real stages; tests and tools hand in others."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fias_desktop.domain.exercises import ExerciseRule
from fias_desktop.engine.coach_service import Speaker
from fias_desktop.engine.coach_speaker import CoachSpeaker
from fias_desktop.resources import exercise_rules, model_dir, read_card
from fias_desktop.settings import Settings
from fias_desktop.stages.capture.opening import open_source
from fias_desktop.stages.capture.source import Source
from fias_desktop.stages.foresee import OnnxPredictor, Predictor
from fias_desktop.stages.pose import PoseEstimator, make_pose_estimator
from fias_desktop.stages.recognise import Recogniser, load_recogniser

# In a folder of its own: what lies beside it are recognisers, among which a person chooses.
GHOST_MODEL = "foresight/infogcnpp_ghost"


def real_estimator(settings: Settings) -> PoseEstimator:
    """The pose estimator that the settings ask for; FiasError when it cannot start."""
    task = Path(settings.pose_model) if settings.pose_model else None
    return make_pose_estimator(gpu=settings.pose_gpu, task=task)


def real_recogniser(settings: Settings) -> Recogniser:
    """The recogniser that the settings ask for; FiasError when it is missing or damaged."""
    folder = model_dir(settings.model_id)
    return load_recogniser(folder, read_card(folder), settings.device)


def real_predictor() -> Predictor:
    """The network behind the ghost; FiasError when it is missing or damaged."""
    folder = model_dir(GHOST_MODEL)
    return OnnxPredictor(folder, read_card(folder))


@dataclass(frozen=True)
class Parts:
    """Makers of everything that touches the outside: sources, networks, rules, the coach. A lost camera or stream is
    tried again every `retry_s` seconds."""

    open_source: Callable[[str], Source] = open_source
    make_estimator: Callable[[Settings], PoseEstimator] = real_estimator
    load_recogniser: Callable[[Settings], Recogniser] = real_recogniser
    rules: Callable[[], tuple[ExerciseRule, ...]] = exercise_rules
    make_speaker: Callable[[Settings], Speaker] = CoachSpeaker
    retry_s: float = 2.0
    load_predictor: Callable[[], Predictor] = real_predictor


def settle_memory() -> None:
    """After something large was loaded: let the garbage collector leave alone what stays for good.

    The libraries bring some hundred thousand objects; walking through them all would stop every thread, and with them
    the picture, for 60 ms again and again.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def one_thread_each() -> None:
    """Keep each numerical library to one thread: the stages already run beside each other, and two cores must do."""
    import cv2
    import torch

    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
