"""A trial of a language model: what it says about a sample set, in a child process of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from fias_desktop.coach.evidence import gather
from fias_desktop.coach.llm.language_model import LanguageModel
from fias_desktop.coach.llm.options import Options
from fias_desktop.coach.prompt import build_prompt
from fias_desktop.domain.types import Evidence, ExerciseSet, JointHeat, Repetition
from fias_desktop.engine.coach_service import request_of
from fias_desktop.resources import exercise_rules
from fias_desktop.settings import Settings


class CoachTrial:
    """One trial at a time; `cancel` may come from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: LanguageModel | None = None

    def run(self, path: Path, settings: Settings, on_text: Callable[[str], None]) -> None:
        """Load the model, let it speak about a set of squats, and unload it. FiasError when it cannot."""
        model = LanguageModel(path, Options.from_settings(settings))
        with self._lock:
            self._model = model
        try:
            model.start()
            model.ask(build_prompt(gather(sample_set(), exercise_rules()), request_of(settings)), on_text)
        finally:
            self.cancel()

    def cancel(self) -> None:
        """Stop the trial and unload its model."""
        with self._lock:
            model, self._model = self._model, None
        if model is not None:
            model.close()


def sample_set() -> ExerciseSet:
    """A set of three squats, one of them too shallow, to let the coach speak about."""
    reps = tuple(_sample_repetition(number) for number in range(3))
    heat = (JointHeat("left_knee", 0.3, 0.3, 0.4, 0.2), JointHeat("right_knee", 0.25, 0.2, 0.3, 0.2))
    return ExerciseSet("squat", 0.0, 9.0, reps, "squat_correct", 0.9, heat)


def _sample_repetition(number: int) -> Repetition:
    start_s = 3.0 * number
    shallow = number == 2
    angle_deg, expected, joints = 130.0 if shallow else 80.0, (20.0, 105.0), ("left_knee", "right_knee")
    evidence = Evidence("squat_too_shallow", "knee_angle", angle_deg, "deg", expected, start_s + 1.5, 45, joints)
    form, score = ("too_shallow", 40.0) if shallow else ("correct", 95.0)
    return Repetition("squat", number, start_s, start_s + 1.5, start_s + 3.0, True, "counted", form, score, (evidence,))
