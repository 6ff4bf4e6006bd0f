"""The reason thread: window, recognition and explanation, on the newest moment only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fias_desktop.domain.errors import FiasError
from fias_desktop.engine.board import Board
from fias_desktop.engine.ghost import GhostMaker
from fias_desktop.engine.namer import what_it_names
from fias_desktop.engine.parts import settle_memory
from fias_desktop.engine.pipeline import PersonBuffer, Reasoned, Reasoner
from fias_desktop.engine.view import Problem
from fias_desktop.settings import Settings
from fias_desktop.stages.recognise import Recogniser

TRUST_EVERY_S = 0.5
_POLL_S = 0.2


class ReasonLoop:
    """Runs in a thread of its own; it owns the recogniser. Without one (a missing or damaged model) it says so once and
    waits for other settings, while pose and counting go on."""

    def __init__(
        self,
        board: Board,
        buffer: PersonBuffer,
        load: Callable[[Settings], Recogniser],
        on_device: Callable[[str], None],
        ghosts: GhostMaker,
    ) -> None:
        self._board = board
        self._buffer = buffer
        self._load = load
        self._on_device = on_device
        self._ghosts = ghosts
        self._reasoner: Reasoner | None = None
        self._wanted: tuple[str, str] | None = None
        self._trusted_at_s = float("-inf")
        self._trusted: Reasoned | None = None

    def run(self) -> None:
        """Until the engine stops: `ClosedError` leaves from the mailbox."""
        try:
            while True:
                self._follow_settings(self._board.settings)
                end_s = self._board.windows.take(_POLL_S)
                if end_s is not None:
                    self._ghosts.look(self._buffer, self._board.settings)
                if end_s is not None and self._reasoner is not None:
                    self._reason(self._reasoner, end_s)
        finally:
            self._ghosts.close()
            self._close()

    def _reason(self, reasoner: Reasoner, end_s: float) -> None:
        reasoned = self._with_last_trust(reasoner.reason(self._buffer.track(), end_s))
        self._board.reasoned.add(reasoned)
        self._board.add_to_strips(reasoned)
        now_s = self._board.clock.now_s()
        if reasoned.saliency is not None and now_s - self._trusted_at_s >= TRUST_EVERY_S:
            self._trusted_at_s = now_s
            self._trusted = reasoner.trusted(reasoned)

    def _with_last_trust(self, reasoned: Reasoned) -> Reasoned:
        """The newest trust figure stays beside the heat until there is another or another class is explained."""
        last = self._trusted.saliency if self._trusted else None
        if last is None or reasoned.saliency is None or last.target != reasoned.saliency.target:
            return reasoned
        drops = replace(reasoned.saliency, deletion_drop=last.deletion_drop, random_drop=last.random_drop)
        return replace(reasoned, saliency=drops)

    def _follow_settings(self, settings: Settings) -> None:
        wanted = (settings.model_id, settings.device)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._close()
        try:
            recogniser = self._load(settings)
        except FiasError as error:
            self._on_device("none")
            self._board.tell(Problem(error.user_message, error.hint))
            return
        self._reasoner, self._trusted = Reasoner(recogniser), None
        self._on_device(recogniser.device)
        self._buffer.pictures.want(recogniser.spec)
        if not recogniser.spec.names_exercises:
            self._board.tell(Problem(*what_it_names(recogniser.spec)))
        settle_memory()
        self._board.name_strips(self._reasoner.joints, recogniser.spec.labels)

    def _close(self) -> None:
        if self._reasoner is not None:
            self._reasoner.recogniser.close()
            self._reasoner = None
            self._buffer.pictures.want(None)
