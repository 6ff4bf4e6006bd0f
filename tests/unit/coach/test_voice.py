from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from fias_desktop.coach.voice import ADVICE_STALE_S, SAME_WORDS_S, Kind, VoiceQueue, kind_of
from fias_desktop.domain.types import Advice
from tests.fakes import knee_evidence


class FakeClock:
    """Time stands still until a test moves it."""

    def __init__(self) -> None:
        self.at_s = 100.0

    def now_s(self) -> float:
        return self.at_s


class FakeSpeaker:
    """Notes what is said; the words end when the test says so. Two at once is an error of the queue."""

    def __init__(self, locales: tuple[str, ...] = ("en_US", "zh_TW"), at_once: bool = False) -> None:
        self.finished: Callable[[], None] = lambda: None
        self.said: list[str] = []
        self.stops = 0
        self._locales, self._at_once, self._speaking = locales, at_once, False

    @property
    def speaking(self) -> bool:
        return self._speaking

    def voices(self, locale: str) -> tuple[str, ...]:
        return ("A voice",) if locale in self._locales else ()

    def say(self, text: str, locale: str) -> bool:
        assert not self._speaking, f"{text!r} said while {self.said[-1]!r} was spoken"
        if locale not in self._locales:
            return False
        self.said.append(text)
        self._speaking = True
        if self._at_once:
            self.end()
        return True

    def stop(self) -> None:
        self.stops += 1

    def end(self) -> None:
        """The words end, or what was stopped falls silent."""
        assert self._speaking
        self._speaking = False
        self.finished()


class Desk:
    """A queue with its fakes."""

    def __init__(self, speaker: FakeSpeaker | None = None) -> None:
        self.speaker, self.clock, self.ducked = speaker or FakeSpeaker(), FakeClock(), list[bool]()
        self.queue = VoiceQueue(self.speaker, self.clock, self.ducked.append)

    def put(self, text: str, kind: Kind = Kind.CORRECTION, locale: str = "en_US") -> None:
        self.queue.put(text, locale, kind)

    def wait(self, seconds: float) -> None:
        self.clock.at_s += seconds


def _advice(source: str, severity: int) -> Advice:
    return Advice("too_shallow", severity, "Go lower.", (knee_evidence(),), source)


def test_cues_with_severity_correct_the_others_praise() -> None:
    assert kind_of(_advice("cue", 2)) is Kind.CORRECTION
    assert kind_of(_advice("cue", 0)) is Kind.PRAISE
    assert kind_of(_advice("language model", 3)) is Kind.ADVICE
    assert kind_of(_advice("phrasebook", 0)) is Kind.ADVICE


def test_words_are_said_at_once_and_the_next_when_they_have_ended() -> None:
    desk = Desk()
    desk.put("Knees out")
    desk.put("Chest up")
    assert desk.speaker.said == ["Knees out"] and desk.speaker.stops == 0
    desk.wait(1.0)
    desk.speaker.end()
    assert desk.speaker.said == ["Knees out", "Chest up"]


@pytest.mark.parametrize("kind", [Kind.PRAISE, Kind.ADVICE])
def test_a_correction_cuts_off_praise_and_advice(kind: Kind) -> None:
    desk = Desk()
    desk.put("Your squats were even and deep, every one of them.", kind)
    desk.put("Knees out")
    assert desk.speaker.stops == 1 and len(desk.speaker.said) == 1  # not before the engine is silent
    desk.speaker.end()
    assert desk.speaker.said[-1] == "Knees out"
    desk.speaker.end()
    assert len(desk.speaker.said) == 2  # what was cut off is not said again


def test_an_engine_is_stopped_once_however_many_cues_come_meanwhile() -> None:
    desk = Desk()
    desk.put("A long piece of advice.", Kind.ADVICE)
    desk.put("Knees out")
    desk.put("Chest up")
    assert desk.speaker.stops == 1
    desk.speaker.end()
    assert desk.speaker.said[1:] == ["Chest up"]  # the newest of a kind


@pytest.mark.parametrize("cue", [Kind.PRAISE, Kind.CORRECTION])
def test_advice_waits_for_a_cue_and_praise_never_cuts_off(cue: Kind) -> None:
    desk = Desk()
    desk.put("Go lower", cue)
    desk.put("Sit down further next time.", Kind.ADVICE)
    assert desk.speaker.stops == 0 and desk.speaker.said == ["Go lower"]
    desk.speaker.end()
    assert desk.speaker.said == ["Go lower", "Sit down further next time."]
    desk.put("Good squat", Kind.PRAISE)
    assert desk.speaker.stops == 0


def test_a_cue_goes_before_waiting_advice() -> None:
    desk = Desk()
    desk.put("Go lower")
    desk.put("Sit down further next time.", Kind.ADVICE)
    desk.put("Good squat", Kind.PRAISE)
    desk.put("Chest up")
    for _ in range(4):
        desk.speaker.end()
    assert desk.speaker.said == ["Go lower", "Chest up", "Good squat", "Sit down further next time."]


@pytest.mark.parametrize(
    ("kind", "limit_s"), [(Kind.CORRECTION, 1.5), (Kind.PRAISE, 1.5), (Kind.ADVICE, ADVICE_STALE_S)]
)
def test_stale_words_are_dropped(kind: Kind, limit_s: float) -> None:
    for waited_s, said in ((limit_s, True), (limit_s + 0.01, False)):
        desk = Desk()
        desk.put("Go lower")
        desk.put("Late words", kind)
        desk.wait(waited_s)
        desk.speaker.end()
        assert ("Late words" in desk.speaker.said) is said


def test_a_stale_cue_does_not_cut_off_advice() -> None:
    desk = Desk()
    desk.put("Advice that is spoken.", Kind.ADVICE)
    desk.put("Good squat", Kind.PRAISE)
    desk.wait(2.0)
    desk.queue.turn()
    assert desk.speaker.stops == 0
    desk.speaker.end()
    assert desk.speaker.said == ["Advice that is spoken."]


def test_the_same_words_are_not_said_twice_within_seconds() -> None:
    desk = Desk()
    desk.put("Knees out")
    desk.put("knees out.")  # while they are spoken
    desk.wait(1.0)
    desk.speaker.end()
    desk.wait(SAME_WORDS_S - 0.01)
    desk.put("Knees out!")
    assert desk.speaker.said == ["Knees out"]
    desk.put("Chest up")
    desk.speaker.end()
    desk.wait(0.02)
    desk.put("Knees out")
    assert desk.speaker.said == ["Knees out", "Chest up", "Knees out"]


def test_words_that_repeat_do_not_push_others_out_of_the_queue() -> None:
    desk = Desk()
    desk.put("Knees out")
    desk.put("Chest up")
    desk.put("Knees out")
    desk.speaker.end()
    assert desk.speaker.said == ["Knees out", "Chest up"]


def test_muting_silences_at_once_and_forgets_what_waits() -> None:
    desk = Desk()
    desk.put("Knees out")
    desk.put("Some advice.", Kind.ADVICE)
    desk.queue.set_muted(True)
    assert desk.speaker.stops == 1 and desk.queue.muted
    desk.put("Chest up")
    desk.speaker.end()
    desk.queue.set_muted(False)
    desk.queue.turn()
    assert desk.speaker.said == ["Knees out"] and desk.ducked == [True, False]
    desk.put("Go lower")
    assert desk.speaker.said == ["Knees out", "Go lower"]


def test_a_sample_is_heard_whatever_happens() -> None:
    desk = Desk()
    desk.put("Knees out")
    desk.queue.set_paused(True)
    desk.queue.set_muted(True)
    desk.put("This is my voice.", Kind.SAMPLE)
    desk.speaker.end()
    desk.put("This is my voice.", Kind.SAMPLE)
    assert desk.speaker.stops == 2
    desk.speaker.end()
    assert desk.speaker.said == ["Knees out", "This is my voice.", "This is my voice."]


def test_while_paused_nothing_is_said_and_what_is_still_fresh_follows() -> None:
    desk = Desk()
    desk.put("Some advice.", Kind.ADVICE)
    desk.queue.set_paused(True)
    assert desk.speaker.stops == 1
    desk.speaker.end()
    desk.put("Knees out")
    desk.put("More advice.", Kind.ADVICE)
    assert desk.speaker.said == ["Some advice."]
    desk.wait(2.0)
    desk.queue.set_paused(False)
    assert desk.speaker.said == ["Some advice.", "More advice."]  # the cue is stale by now


def test_advice_may_go_on_in_a_pause() -> None:
    desk = Desk()
    desk.put("Some advice.", Kind.ADVICE)
    desk.queue.set_paused(True, advice=True)
    desk.put("Knees out")
    assert desk.speaker.stops == 0  # a cue does not count while paused
    desk.speaker.end()
    desk.put("The set is over.", Kind.ADVICE)
    assert desk.speaker.said == ["Some advice.", "The set is over."]


def test_other_sound_gives_way_from_the_first_word_to_the_last() -> None:
    desk = Desk()
    desk.put("Good squat", Kind.PRAISE)
    desk.put("Knees out")
    desk.speaker.end()
    assert desk.ducked == [True]
    desk.speaker.end()
    assert desk.ducked == [True, False]


def test_where_no_voice_speaks_the_language_nothing_happens() -> None:
    desk = Desk(FakeSpeaker(locales=("en_US",)))
    desk.put("膝蓋向外推", locale="zh_TW")
    assert desk.speaker.said == [] and desk.ducked == []
    desk.put("Knees out")
    assert desk.speaker.said == ["Knees out"]


def test_a_speaker_that_ends_within_the_call_is_no_trouble() -> None:
    desk = Desk(FakeSpeaker(at_once=True))
    for text in ("Knees out", "Chest up", "Go lower"):
        desk.put(text)
    assert desk.speaker.said == ["Knees out", "Chest up", "Go lower"]
    assert not desk.speaker.speaking and desk.ducked == []


def test_another_source_is_silence() -> None:
    desk = Desk()
    desk.put("Knees out")
    desk.put("Some advice.", Kind.ADVICE)
    desk.queue.clear()
    desk.speaker.end()
    assert desk.speaker.said == ["Knees out"] and desk.speaker.stops == 1


def test_blank_words_are_none() -> None:
    desk = Desk()
    desk.put(" \n ")
    assert desk.speaker.said == []


def test_any_thread_may_put_but_only_the_owner_may_speak() -> None:
    speaker, clock, woken, failures = FakeSpeaker(), FakeClock(), threading.Event(), list[str]()
    queue = VoiceQueue(speaker, clock, wake=woken.set)

    def other() -> None:
        queue.put("Knees out", "en_US", Kind.CORRECTION)
        try:
            queue.turn()
        except RuntimeError as error:
            failures.append(str(error))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert woken.is_set() and len(failures) == 1 and speaker.said == []
    queue.turn()
    assert speaker.said == ["Knees out"]


def test_many_threads_put_at_once_and_nothing_is_torn() -> None:
    speaker, clock = FakeSpeaker(at_once=True), FakeClock()
    queue = VoiceQueue(speaker, clock, wake=lambda: None)
    texts = [f"Cue number {number}" for number in range(200)]

    def put(part: list[str]) -> None:
        for text in part:
            queue.put(text, "en_US", Kind.CORRECTION)

    threads = [threading.Thread(target=put, args=(texts[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        queue.turn()
    queue.turn()
    assert set(speaker.said) <= set(texts) and len(speaker.said) == len(set(speaker.said)) > 0
