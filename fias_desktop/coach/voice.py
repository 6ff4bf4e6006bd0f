"""The queue behind the coach's voice: what is said, when, and what is never said.

One owner thread (the one that makes the queue) does everything but `put`, which any thread may call; the speaker calls
`finished` in the owner thread too. Words are dropped rather than said late: they stand on the screen anyway.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from fias_desktop.coach.cues import ON_TIME_S, SOURCE
from fias_desktop.domain.clock import Clock, SystemClock
from fias_desktop.domain.types import Advice

ADVICE_STALE_S = 8.0
SAME_WORDS_S = 5.0


class Kind(IntEnum):
    """What is said, the more urgent the higher. `SAMPLE` is asked by hand on the settings page."""

    ADVICE = 0
    PRAISE = 1
    CORRECTION = 2
    SAMPLE = 3


STALE_S = {Kind.ADVICE: ADVICE_STALE_S, Kind.PRAISE: ON_TIME_S, Kind.CORRECTION: ON_TIME_S}
# A sample begins anew at every press; other words are never cut off by their own kind.
_CUT_OFF_BY = {
    Kind.ADVICE: (Kind.CORRECTION, Kind.SAMPLE),
    Kind.PRAISE: (Kind.CORRECTION, Kind.SAMPLE),
    Kind.CORRECTION: (Kind.SAMPLE,),
    Kind.SAMPLE: (Kind.SAMPLE,),
}


def kind_of(advice: Advice) -> Kind:
    """A cue without severity is praise."""
    if advice.source != SOURCE:
        return Kind.ADVICE
    return Kind.CORRECTION if advice.severity > 0 else Kind.PRAISE


class Speaker(Protocol):
    """Says one text at a time. `finished` is set by the queue."""

    finished: Callable[[], None]

    @property
    def speaking(self) -> bool:
        """From a `say` that was taken until `finished` is called."""
        ...

    def voices(self, locale: str) -> tuple[str, ...]:
        """The names of the voices for the language of a locale (`en_US`, `zh_TW`); empty when there is none."""
        ...

    def say(self, text: str, locale: str) -> bool:
        """Begin to speak; False when this cannot be said here. Calls `finished` exactly once for every True, when the
        words have ended, failed or been stopped: during this call or later, in the same thread."""
        ...

    def stop(self) -> None:
        """Fall silent at once; `finished` follows when it is silent. Nothing happens when nothing is said."""
        ...


@dataclass(frozen=True)
class Words:
    """A text in the language of `locale`, wanted at `at_s` of the queue's clock."""

    text: str
    locale: str
    kind: Kind
    at_s: float


class VoiceQueue:
    """At most one text is spoken and at most one of each kind waits: the newest.

    A correction cuts off praise and advice (what is cut off is not said again); advice waits for a cue to end.
    `on_duck` hears True when speaking begins and False when all is said, so that other sound can give way. `wake` is
    called by `put` and must lead to a `turn` in the owner thread; by default it is `turn` itself, for puts from that
    thread alone.
    """

    def __init__(
        self,
        speaker: Speaker,
        clock: Clock | None = None,
        on_duck: Callable[[bool], None] | None = None,
        wake: Callable[[], None] | None = None,
    ) -> None:
        self._speaker = speaker
        self._clock = clock or SystemClock()
        self._on_duck = on_duck or (lambda ducked: None)
        self._wake = wake or self.turn
        self._owner = threading.get_ident()
        self._inbox: deque[Words] = deque()
        self._waiting: dict[Kind, Words] = {}
        self._current: Words | None = None
        self._stopping = self._ducked = False
        self._muted = self._paused = self._advice_in_pause = False
        self._said_s: dict[str, float] = {}
        speaker.finished = self._finished

    @property
    def muted(self) -> bool:
        """Nothing but samples is said."""
        return self._muted

    def put(self, text: str, locale: str, kind: Kind) -> None:
        """Have a text said, as soon as its turn comes; from any thread."""
        self._inbox.append(Words(" ".join(text.split()), locale, kind, self._clock.now_s()))
        self._wake()

    def turn(self) -> None:
        """Say what is due. Needed after a `put` only: the rest happens by itself."""
        if threading.get_ident() != self._owner:
            raise RuntimeError("the voice queue was used in a thread that is not its owner")
        self._take_inbox()
        best = self._best()
        if self._current is not None:
            if best is not None and best.kind in _CUT_OFF_BY[self._current.kind]:
                self._hush()
            return
        while best is not None:
            del self._waiting[best.kind]
            if self._say(best):
                return
            best = self._best()
        self._duck(False)

    def set_muted(self, muted: bool) -> None:
        """Silence at once, and forget what waits; or speak again from the next words on."""
        if muted and not self._muted:
            self.clear()
        self._muted = muted

    def set_paused(self, paused: bool, advice: bool = False) -> None:
        """While paused cues fall silent and wait until they are stale. With `advice` the coach may go on: a pause of a
        live source is what ends a set, and the moment to listen."""
        self._paused, self._advice_in_pause = paused, advice
        if self._current is not None and not self._allowed(self._current.kind):
            self._hush()
        self.turn()

    def clear(self) -> None:
        """Another source: silence at once, and forget what waits."""
        self._inbox.clear()
        self._waiting.clear()
        if self._current is not None:
            self._hush()

    def _take_inbox(self) -> None:
        while self._inbox:
            words = self._inbox.popleft()
            if words.text and (words.kind is Kind.SAMPLE or not self._muted) and self._worth_saying(words):
                self._waiting[words.kind] = words

    def _best(self) -> Words | None:
        """The most urgent of what waits; what is not worth saying any more is dropped."""
        self._waiting = {kind: words for kind, words in self._waiting.items() if self._worth_saying(words)}
        return max((w for w in self._waiting.values() if self._allowed(w.kind)), key=lambda w: w.kind, default=None)

    def _allowed(self, kind: Kind) -> bool:
        return kind is Kind.SAMPLE or not self._paused or (kind is Kind.ADVICE and self._advice_in_pause)

    def _worth_saying(self, words: Words) -> bool:
        if words.kind is Kind.SAMPLE:
            return True
        now = self._clock.now_s()
        if self._current is not None and _key(self._current.text) == _key(words.text):
            return False
        repeated = now - self._said_s.get(_key(words.text), -math.inf) < SAME_WORDS_S
        return not repeated and now - words.at_s <= STALE_S[words.kind]

    def _say(self, words: Words) -> bool:
        self._current, self._stopping = words, False
        taken = self._speaker.say(words.text, words.locale)
        # The speaker may have finished already, and the queue be at the next words.
        if not taken and self._current is words:
            self._current = None
        if taken and self._current is words:
            self._duck(True)
        return taken

    def _hush(self) -> None:
        if not self._stopping:
            self._stopping = True
            self._speaker.stop()

    def _finished(self) -> None:
        if self._current is None:
            return
        now = self._clock.now_s()
        self._said_s = {key: at_s for key, at_s in self._said_s.items() if now - at_s < SAME_WORDS_S}
        self._said_s[_key(self._current.text)] = now
        self._current, self._stopping = None, False
        self.turn()

    def _duck(self, ducked: bool) -> None:
        if ducked != self._ducked:
            self._ducked = ducked
            self._on_duck(ducked)


def _key(text: str) -> str:
    """The same words, whatever their case and final mark."""
    return text.casefold().rstrip(" .!?…。！？")
