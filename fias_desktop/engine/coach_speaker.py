"""The real coach as the engine's speaker: the language model where it can be loaded, the phrasebook otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fias_desktop.coach.coach import Coach
from fias_desktop.coach.language_model import LanguageModel
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import ExerciseSet
from fias_desktop.engine.coach_service import Spoken
from fias_desktop.resources import coach_model, exercise_rules
from fias_desktop.settings import Settings

PHRASEBOOK = "phrasebook"


class CoachSpeaker:
    """Begins to load the model when it is made. `problem` says why the phrasebook speaks in its place, if it does."""

    def __init__(self, settings: Settings) -> None:
        path = Path(settings.coach_model) if settings.coach_model else coach_model()
        threads = settings.coach_threads
        self.problem: FiasError | None = None
        self._model: LanguageModel | None = LanguageModel(path, threads)
        self.device = f"CPU, {threads} thread{'s' if threads > 1 else ''} ({path.name})"
        try:
            self._model.start()
        except FiasError as error:
            self.problem, self._model, self.device = error, None, PHRASEBOOK
        self._coach = Coach(self._model, exercise_rules())

    def speak(self, finished: ExerciseSet, on_text: Callable[[str], None]) -> Spoken:
        """Advice about a set; none when it was cancelled, or when nothing was measured in the set."""
        advice = self._coach.advise(finished, on_text)
        told = self._coach.last
        if told is None or told.cancelled:
            return Spoken(None, told.prompt if told is not None else "")
        return Spoken(advice, told.prompt, told.problem or self.problem)

    def cancel(self) -> None:
        """Stop the words under way; from any thread."""
        self._coach.cancel()

    def close(self) -> None:
        """End the child process."""
        if self._model is not None:
            self._model.close()
