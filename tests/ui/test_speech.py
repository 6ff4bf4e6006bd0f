"""The Qt voice on Qt's own silent engine, and on a machine that has none."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fias_desktop.coach.voice import Speaker
from fias_desktop.settings import Settings
from fias_desktop.ui import theme
from fias_desktop.ui.coach_voice import CoachVoice
from fias_desktop.ui.mute_button import MuteButton
from fias_desktop.ui.speech import QtSpeaker, Readiness
from fias_desktop.ui.speech_engine import Opened, SpeechEngine, usable_engines
from fias_desktop.ui.speech_settings import SpeechSettings
from tests.fakes import advice
from tests.ui.looking import click, cut_texts, nameless_controls, press

ENGLISH = Settings(language="en")
CHINESE = Settings(language="zh_TW")
WORDS = "Push your knees out, and go down slowly."


class Room:
    """A speaker that notes when its words end."""

    def __init__(self, qtbot: QtBot, engines: Sequence[str]) -> None:
        self.qtbot, self.ends = qtbot, 0
        self.speaker = QtSpeaker(engines)
        self.speaker.finished = self._end

    def _end(self) -> None:
        self.ends += 1

    def load(self) -> QtSpeaker:
        self.speaker.load()
        self.qtbot.waitUntil(lambda: self.speaker.readiness is not Readiness.LOADING)
        return self.speaker

    def wait_for_end(self, number: int = 1) -> None:
        self.qtbot.waitUntil(lambda: self.ends >= number)


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    made = Room(qtbot, ("mock",))
    yield made
    made.speaker.close()


@pytest.fixture
def silent_room(qtbot: QtBot) -> Iterator[Room]:
    made = Room(qtbot, ())
    yield made
    made.speaker.close()


def test_it_speaks_and_says_when_it_has_ended(room: Room) -> None:
    speaker = room.load()
    like_the_protocol: Speaker = speaker
    assert like_the_protocol.say(WORDS, "en_US") and speaker.speaking
    assert speaker.state_text("en_US") == "" and room.ends == 0
    began = time.monotonic()
    room.wait_for_end()
    assert not speaker.speaking and room.ends == 1
    assert time.monotonic() - began > 0.3  # the silent engine takes a tenth of a second a word
    assert speaker.say(WORDS, "en_GB")
    room.wait_for_end(2)


def test_it_says_one_text_at_a_time(room: Room) -> None:
    speaker = room.load()
    assert speaker.say(WORDS, "en_US") and not speaker.say("Knees out", "en_US")
    room.wait_for_end()
    room.qtbot.wait(50)
    assert room.ends == 1


@pytest.mark.parametrize("after_ms", [0, 100])
def test_it_falls_silent_within_a_tenth_of_a_second(room: Room, after_ms: int) -> None:
    speaker = room.load()
    speaker.say(WORDS * 5, "en_US")
    room.qtbot.wait(after_ms)
    began = time.monotonic()
    speaker.stop()
    room.wait_for_end()
    assert time.monotonic() - began < 0.1
    assert speaker.say("Knees out", "en_US")
    room.wait_for_end(2)


def test_stopping_what_is_silent_changes_nothing(room: Room) -> None:
    room.load().stop()
    room.qtbot.wait(30)
    assert room.ends == 0


def test_nothing_is_loaded_before_it_is_asked_for(room: Room) -> None:
    assert room.speaker.readiness is Readiness.NOT_LOADED
    assert not room.speaker.say(WORDS, "en_US") and room.speaker.voices("en_US") == ()
    assert room.speaker.state_text("en_US") == "Looking for a voice …"


def test_voices_are_those_of_the_language_with_the_exact_place_first(room: Room) -> None:
    speaker = room.load()
    british, american = speaker.voices("en_GB"), speaker.voices("en_US")
    assert sorted(british) == sorted(american) and len(british) == 4 and british[:2] != american[:2]
    assert speaker.voices("de_DE") == () == speaker.voices("zh_TW")


def test_the_chosen_voice_rate_and_volume_reach_the_engine(room: Room) -> None:
    speaker = room.load()
    name = speaker.voices("en_US")[1]
    speaker.use(Settings(speech_voice=name, speech_rate=0.5, speech_volume=0.25))
    speaker.say(WORDS, "en_US")
    room.wait_for_end()
    engine = speaker.findChild(SpeechEngine)
    assert isinstance(engine, SpeechEngine)
    speech = engine.speech
    assert (speech.voice().name(), speech.rate(), speech.volume()) == (name, 0.5, 0.25)


@pytest.mark.parametrize(("locale", "language"), [("zh_TW", "Chinese"), ("de_DE", "German")])
def test_without_a_voice_for_the_language_it_is_silent_and_says_so(room: Room, locale: str, language: str) -> None:
    speaker = room.load()
    assert not speaker.say("膝蓋向外推", locale) and not speaker.speaking
    assert language in speaker.state_text(locale) and room.ends == 0


def test_without_an_engine_it_is_silent_and_says_so(silent_room: Room) -> None:
    speaker = silent_room.load()
    assert speaker.readiness is Readiness.ABSENT
    assert not speaker.say(WORDS, "en_US") and speaker.voices("en_US") == ()
    assert "no speech engine" in speaker.state_text("en_US")
    speaker.stop()


def test_the_engines_of_this_machine_are_found_without_a_word_in_the_log() -> None:
    assert "mock" not in usable_engines()


def test_an_engine_that_cannot_be_opened_is_followed_by_the_next(qtbot: QtBot) -> None:
    room = Room(qtbot, ("none", "mock"))
    assert room.load().readiness is Readiness.READY
    room.speaker.close()


def test_an_engine_that_fails_is_explained_and_tried_again_on_demand(qtbot: QtBot) -> None:
    room = Room(qtbot, ("none",))
    speaker = room.load()
    assert speaker.readiness is Readiness.FAILED
    assert "does not answer" in speaker.state_text("en_US") and not speaker.say(WORDS, "en_US")
    assert speaker.readiness is Readiness.FAILED  # not at every cue
    with qtbot.waitSignal(speaker.changed):
        speaker.load()
    speaker.close()


def test_words_that_fail_end(room: Room) -> None:
    speaker = room.load()
    speaker.say(WORDS, "en_US")
    engine = speaker.findChild(SpeechEngine)
    assert isinstance(engine, SpeechEngine)
    engine.failed.emit("the sound card is gone")
    assert room.ends == 1 and not speaker.speaking
    assert "the sound card is gone" in speaker.state_text("en_US")


@pytest.mark.parametrize("threaded", [False, True])
def test_an_engine_speaks_in_the_window_s_thread_and_in_its_own(qtbot: QtBot, threaded: bool) -> None:
    engine = SpeechEngine("mock", threaded=threaded)
    with qtbot.waitSignal(engine.opened) as answer:
        pass
    assert answer.args is not None
    opened = answer.args[0]
    assert isinstance(opened, Opened) and opened.problem == "" and len(opened.voices) == 4
    engine.tune(0.2, 0.5)
    with qtbot.waitSignals([engine.began, engine.ended], order="strict"):
        engine.say("Knees out", opened.voices[0], by_name=True)
    engine.close()


def test_opening_does_not_hold_the_window_up(qtbot: QtBot, room: Room) -> None:
    gaps: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        gaps.append(now - last[0])
        last[0] = now

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(10)
    qtbot.wait(50)
    room.load()
    qtbot.wait(50)
    assert max(gaps) < 0.25


# The queue, the settings and the button on it


@pytest.fixture
def voice(qtbot: QtBot) -> Iterator[CoachVoice]:
    made = CoachVoice(ENGLISH, QtSpeaker(("mock",)))
    yield made
    made.close()


def ready(qtbot: QtBot, voice: CoachVoice) -> None:
    voice.begin()
    qtbot.waitUntil(lambda: voice.voices() != ())


def test_a_cue_is_heard_and_other_sound_gives_way(qtbot: QtBot) -> None:
    ducked: list[bool] = []
    voice = CoachVoice(ENGLISH, QtSpeaker(("mock",)), ducked.append)
    ready(qtbot, voice)
    voice.say(advice("Knees out"))
    assert ducked == [True]
    qtbot.waitUntil(lambda: ducked == [True, False])
    voice.close()


def test_the_settings_mute_and_change_the_language(qtbot: QtBot, voice: CoachVoice) -> None:
    ready(qtbot, voice)
    assert voice.locale == "en_US" and voice.state_text() == ""
    voice.use(CHINESE)
    assert voice.locale == "zh_TW" and "Chinese" in voice.state_text() and voice.voices() == ()
    voice.use(ENGLISH.model_copy(update={"language": "de"}))
    assert voice.locale == "en_US"  # the coach speaks English or Chinese


def test_muting_stops_what_is_said(qtbot: QtBot) -> None:
    ducked: list[bool] = []
    voice = CoachVoice(ENGLISH, QtSpeaker(("mock",)), ducked.append)
    ready(qtbot, voice)
    voice.say(advice(WORDS * 5, source="phrasebook"))
    qtbot.wait(50)
    began = time.monotonic()
    voice.use(ENGLISH.model_copy(update={"speech_enabled": False}))
    qtbot.waitUntil(lambda: ducked == [True, False])
    assert time.monotonic() - began < 0.1
    voice.say(advice("Knees out"))
    assert ducked == [True, False]
    voice.close()


def shown(qtbot: QtBot, card: SpeechSettings) -> QWidget:
    window = QWidget()
    QVBoxLayout(window).addWidget(card)
    window.resize(560, 420)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def test_the_card_shows_and_changes_the_settings(qtbot: QtBot, voice: CoachVoice) -> None:
    ready(qtbot, voice)
    now = Settings(speech_rate=-0.3, speech_volume=0.65, speech_voice=voice.voices()[1])
    card = SpeechSettings(now, voice)
    window = shown(qtbot, card)
    assert now.model_copy(update=card.changed()) == now and not card.note.isVisible()
    assert nameless_controls(window) == [] and cut_texts(window) == []
    click(card.speak)
    card.rate.setValue(4)
    card.volume.setValue(20)
    card.voice.setCurrentIndex(card.voice.findData(voice.voices()[0]))
    assert card.changed() == {
        "speech_enabled": False,
        "speech_voice": voice.voices()[0],
        "speech_rate": 0.4,
        "speech_volume": 0.2,
    }


def test_the_card_keeps_a_voice_that_is_not_here(qtbot: QtBot, voice: CoachVoice) -> None:
    card = SpeechSettings(Settings(speech_voice="Hanhan"), voice)
    qtbot.addWidget(card)
    assert "not here" in card.voice.currentText() and card.changed()["speech_voice"] == "Hanhan"
    ready(qtbot, voice)
    assert card.voice.count() == 6 and card.changed()["speech_voice"] == "Hanhan"


def test_the_button_lets_the_voice_be_heard_even_while_muted(qtbot: QtBot) -> None:
    ducked: list[bool] = []
    voice = CoachVoice(Settings(language="en", speech_enabled=False), QtSpeaker(("mock",)), ducked.append)
    card = SpeechSettings(Settings(speech_enabled=False), voice)
    window = shown(qtbot, card)
    assert not card.speak.isChecked() and window.isVisible()
    ready(qtbot, voice)
    click(card.test)
    assert ducked == [True]
    voice.close()


def test_the_card_says_why_nothing_is_heard(qtbot: QtBot) -> None:
    voice = CoachVoice(ENGLISH, QtSpeaker(()))
    card = SpeechSettings(ENGLISH, voice)
    window = shown(qtbot, card)
    assert card.note.isVisible() and "no speech engine" in card.note.text() and cut_texts(window) == []
    click(card.test)
    voice.close()


def test_the_mute_button_is_pressed_by_its_key_and_has_a_name(qtbot: QtBot) -> None:
    window = QWidget()
    button = MuteButton(theme.DARK, "V", window)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    told: list[bool] = []
    button.muted_changed.connect(told.append)
    press(window, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: told == [True])
    assert button.isChecked() and "Let the coach speak (V)" in button.toolTip()
    click(button)
    assert told == [True, False] and "Mute" in button.toolTip() and nameless_controls(window) == []
    button.set_muted(True)
    assert told == [True, False]  # only a person's choice is told
    button.set_muted(False)
    button.set_note("There is no voice.")
    assert button.toolTip().endswith("There is no voice.")


def test_the_icon_shows_whether_anything_is_heard(qtbot: QtBot) -> None:
    button = MuteButton(theme.DARK, "V")
    qtbot.addWidget(button)

    def picture() -> object:
        return button.icon().pixmap(20, 20).toImage()

    heard = picture()
    button.set_muted(True)
    assert picture() != heard
    button.set_muted(False)
    assert picture() == heard
    button.set_note("There is no voice.")
    assert picture() != heard
    button.set_note("")
    button.set_theme(theme.LIGHT)
    assert picture() != heard
