"""The real coach as the engine's speaker: the language model where it can be loaded, the phrasebook otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fias_desktop.coach.coach import Coach
from fias_desktop.coach.llm.language_model import LanguageModel
from fias_desktop.coach.llm.options import Options
from fias_desktop.coach.request import Request
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
        options = Options.from_settings(settings)
        self.problem: FiasError | None = None
        self._model: LanguageModel | None = LanguageModel(path, options)
        self._name = path.name
        try:
            self._model.start()
        except FiasError as error:
            self.problem, self._model = error, None
        self._coach = Coach(self._model, exercise_rules(), options.temperature)

    @property
    def device(self) -> str:
        """Where the model runs now, with its file's name; the phrasebook where there is none."""
        return f"{self._model.device} ({self._name})" if self._model is not None else PHRASEBOOK

    def speak(self, finished: ExerciseSet, request: Request, on_text: Callable[[str], None]) -> Spoken:
        """Advice about a set, or an answer; none when it was cancelled, or when nothing was measured in the set."""
        if request.question:
            advice = self._coach.answer(finished, request, on_text)
        else:
            advice = self._coach.advise(finished, on_text, request=request)
        told = self._coach.last
        if told is None or told.cancelled:
            return Spoken(None, told.prompt if told is not None else "")
        refused = tuple(dict.fromkeys(row for attempt in told.attempts for row in attempt.objections))
        return Spoken(advice, told.prompt, told.problem or self.problem, refused)

    def cancel(self) -> None:
        """Stop the words under way; from any thread."""
        self._coach.cancel()

    def close(self) -> None:
        """End the child process."""
        if self._model is not None:
            self._model.close()
