"""The coach package as the engine's speaker."""

from __future__ import annotations

from collections.abc import Callable

from fias_desktop.coach.evidence import gather
from fias_desktop.coach.phrasebook import phrase
from fias_desktop.domain.types import ExerciseSet
from fias_desktop.engine.coach_service import Spoken
from fias_desktop.resources import exercise_rules
from fias_desktop.settings import Settings


class CoachSpeaker:
    """Speaks from the phrasebook."""

    device = "phrasebook"

    def __init__(self, settings: Settings) -> None:
        self._rules = exercise_rules()

    def speak(self, finished: ExerciseSet, on_text: Callable[[str], None]) -> Spoken:
        facts = gather(finished, self._rules)
        if not facts.evidence:
            return Spoken(None)
        return Spoken(phrase(facts, finished.end_s))

    def cancel(self) -> None: ...

    def close(self) -> None: ...
