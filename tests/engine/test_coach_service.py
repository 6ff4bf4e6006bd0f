from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import ExerciseSet
from fias_desktop.engine.coach_service import CoachService
from fias_desktop.engine.mailbox import Inbox
from fias_desktop.engine.view import AdviceText, Event, Problem
from fias_desktop.settings import Settings
from tests.fake_stages import ScriptedSpeaker, wait_until
from tests.fakes import repetition

SET = ExerciseSet("squat", 0.0, 5.0, (repetition(1), repetition(2, "too_shallow")), "squat_correct", 0.9)


class Talk:
    def __init__(self, speaker: ScriptedSpeaker, settings: Settings) -> None:
        self._inbox: Inbox[Event] = Inbox()
        self.heard: list[Event] = []
        self.made = 0
        self.speaker = speaker
        self.service = CoachService(self._make, self._inbox.add, settings)

    def _make(self, _: Settings) -> ScriptedSpeaker:
        self.made += 1
        return self.speaker

    def events(self) -> list[Event]:
        self.heard += self._inbox.take_all()
        return self.heard

    def texts(self) -> list[AdviceText]:
        return [event for event in self.events() if isinstance(event, AdviceText)]

    def done(self) -> list[AdviceText]:
        return [event for event in self.texts() if event.done]


@contextmanager
def talking(speaker: ScriptedSpeaker, settings: Settings | None = None) -> Iterator[Talk]:
    talk = Talk(speaker, settings or Settings())
    talk.service.start()
    try:
        yield talk
    finally:
        talk.service.stop()
        talk.service.thread.join(2.0)
        assert not talk.service.thread.is_alive()


def test_the_text_grows_and_ends_with_the_checked_advice() -> None:
    with talking(ScriptedSpeaker()) as talk:
        talk.service.ask(SET)
        assert wait_until(lambda: len(talk.done()) == 1)
        texts = talk.texts()
    assert [event.text for event in texts] == ["Sit", "Sit a little", "Sit a little deeper.", "Sit a little deeper."]
    assert texts[-1].advice is not None
    assert texts[-1].advice.evidence
    assert texts[-1].prompt == "the prompt"
    assert talk.speaker.closed


def test_cancelling_silences_at_once() -> None:
    with talking(ScriptedSpeaker(tuple("abcdefgh" * 50), pause_s=0.05)) as talk:
        talk.service.ask(SET)
        assert wait_until(lambda: len(talk.texts()) >= 2)
        talk.service.cancel()
        assert wait_until(lambda: len(talk.done()) == 1, 0.5)
        count = len(talk.texts())
        assert talk.done()[0].advice is None
        assert not wait_until(lambda: len(talk.texts()) > count, 0.2)


def test_after_a_cancel_the_next_request_is_answered() -> None:
    with talking(ScriptedSpeaker(pause_s=0.05)) as talk:
        talk.service.ask(SET)
        assert wait_until(lambda: len(talk.texts()) >= 1)
        talk.service.cancel()
        talk.service.ask(SET)
        assert wait_until(lambda: any(event.advice is not None for event in talk.done()))


def test_switched_off_it_neither_loads_nor_speaks() -> None:
    with talking(ScriptedSpeaker(), Settings(coach_enabled=False)) as talk:
        talk.service.ask(SET)
        assert not wait_until(lambda: bool(talk.events()), 0.2)
        assert talk.made == 0
        assert talk.service.device == "off"


def test_switching_it_on_later_works() -> None:
    with talking(ScriptedSpeaker(), Settings(coach_enabled=False)) as talk:
        talk.service.apply(Settings())
        talk.service.ask(SET)
        assert wait_until(lambda: len(talk.done()) == 1)


def test_switching_it_off_silences_it() -> None:
    with talking(ScriptedSpeaker(tuple("abcdefgh" * 50), pause_s=0.05)) as talk:
        talk.service.ask(SET)
        assert wait_until(lambda: len(talk.texts()) >= 2)
        talk.service.apply(Settings(coach_enabled=False))
        assert wait_until(lambda: len(talk.done()) == 1, 0.5)
        talk.service.ask(SET)
        assert not wait_until(lambda: len(talk.done()) > 1, 0.2)


def test_a_model_that_cannot_be_used_is_reported_once_and_advice_still_comes() -> None:
    broken = FiasError("The language model is damaged.", "Choose another one.")
    with talking(ScriptedSpeaker(problem=broken)) as talk:
        talk.service.ask(SET)
        assert wait_until(lambda: len(talk.done()) == 1)
        talk.service.ask(SET)
        assert wait_until(lambda: len(talk.done()) == 2)
        problems = [event for event in talk.events() if isinstance(event, Problem)]
    assert len(problems) == 1
    assert "phrasebook" in problems[0].hint
    assert all(event.advice is not None for event in talk.done())


def test_another_model_in_the_settings_is_used_for_the_next_request() -> None:
    with talking(ScriptedSpeaker()) as talk:
        talk.service.ask(SET)
        assert wait_until(lambda: len(talk.done()) == 1)
        talk.service.apply(Settings(coach_model="/models/other.gguf"))
        talk.service.ask(SET)
        assert wait_until(lambda: len(talk.done()) == 2)
        assert talk.made == 2
