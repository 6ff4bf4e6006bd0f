"""Moments of the stream to look at again: the stills of repetitions and measurements."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from fias_desktop.domain.types import Advice, Evidence, Repetition
from fias_desktop.engine.view import LiveView
from fias_desktop.ui import names
from fias_desktop.ui.counter_panel import shown_moment
from fias_desktop.ui.frame_ring import MomentStore
from fias_desktop.ui.moment_card import MomentCard

_MAX_REPETITIONS = 200


class Recall:
    """Keeps what may be asked for, and shows it on the moment's card. `mirrored` says how the picture is shown now."""

    def __init__(self, card: MomentCard, mirrored: Callable[[], bool]) -> None:
        self._card, self._mirrored = card, mirrored
        self._moments = MomentStore()
        self._repetitions: list[Repetition] = []

    def clear(self) -> None:
        """Another source."""
        self._moments.clear()
        self._repetitions.clear()

    def add(self, view: LiveView) -> None:
        """Offer the newest picture."""
        self._moments.add(view)

    def note_repetition(self, rep: Repetition) -> None:
        """Keep the moments of a repetition, numbered as it is shown."""
        self._repetitions.append(rep)
        del self._repetitions[:-_MAX_REPETITIONS]
        for time_s in (rep.bottom_s, *(item.time_s for item in rep.evidence)):
            self._moments.pin(time_s)

    def note_advice(self, advice: Advice) -> None:
        """Keep the moments that advice rests on."""
        for evidence in advice.evidence:
            self._moments.pin(evidence.time_s)

    def repetition_at(self, time_s: float) -> int | None:
        """The number of the repetition at this time of the stream."""
        inside = (rep.index for rep in reversed(self._repetitions) if rep.start_s <= time_s <= rep.end_s)
        return next(inside, None)

    def show_evidence(self, evidence: Evidence) -> None:
        """The still of a measurement's moment."""
        number = self.repetition_at(evidence.time_s)
        title = names.moment(evidence.time_s)
        if number is not None:
            title = QCoreApplication.translate("MainWindow", "Repetition {0} · {1}").format(number, title)
        moment = self._moments.find(evidence.time_s)
        self._card.show_moment(title, names.measured(evidence), moment, evidence, self._mirrored())

    def show_repetition(self, rep: Repetition) -> None:
        """The still of a repetition's bottom."""
        title, caption, evidence = shown_moment(rep)
        moment = self._moments.find(rep.bottom_s if evidence is None else evidence.time_s)
        self._card.show_moment(title, caption, moment, evidence, self._mirrored())
