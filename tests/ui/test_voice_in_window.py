"""The voice in the window: what is shown is also said, and one key silences it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from fias_desktop.engine.view import AdviceText, Cue
from fias_desktop.ui.main_window import MainWindow
from tests.fakes import advice, live_view
from tests.ui.conftest import Desk
from tests.ui.looking import press

LONG = "Your knees moved inward. Push your knees out over your toes, and go down slowly, all the way."


def opened(desk: Desk) -> MainWindow:
    desk.speech_engines = ("mock",)
    window = desk.open()
    assert window.voice.voices() == ()  # nothing is loaded before the first picture
    desk.show(live_view(0))
    desk.qtbot.waitUntil(lambda: window.voice.voices() != ())
    return window


def test_a_cue_is_shown_and_said(desk: Desk) -> None:
    window = opened(desk)
    desk.tell(Cue(advice("Knees out")))
    assert window.page.cue.text == "Knees out" and window.voice.speaking
    desk.qtbot.waitUntil(lambda: not window.voice.speaking)


def test_advice_is_said_when_it_is_checked_and_stops_with_cancel(desk: Desk) -> None:
    window = opened(desk)
    desk.tell(AdviceText(1, "Your knees", done=False))
    assert not window.voice.speaking
    desk.tell(AdviceText(1, LONG, True, advice(LONG, "phrasebook")))
    assert window.voice.speaking
    window.page.side.advice.cancel_asked.emit()
    desk.qtbot.waitUntil(lambda: not window.voice.speaking, timeout=500)


def test_a_key_silences_at_once_and_is_kept(desk: Desk) -> None:
    window = opened(desk)
    desk.tell(AdviceText(1, LONG, True, advice(LONG, "phrasebook")))
    press(window, Qt.Key.Key_V)
    desk.qtbot.waitUntil(lambda: not window.voice.speaking, timeout=500)
    assert not window.settings.speech_enabled and window.page.rail.mute.isChecked()
    desk.tell(Cue(advice("Knees out")))
    assert not window.voice.speaking


def test_another_source_and_a_pause_silence_cues(desk: Desk) -> None:
    window = opened(desk)
    desk.tell(AdviceText(1, LONG, True, advice(LONG, "phrasebook")))
    window.open_source("demo")
    desk.qtbot.waitUntil(lambda: not window.voice.speaking, timeout=500)
    window.toggle_playing()
    desk.tell(Cue(advice("Knees out")))
    assert not window.voice.speaking


def test_without_an_engine_the_button_says_so(desk: Desk) -> None:
    window = desk.open()
    desk.show(live_view(0))
    assert "no speech engine" in window.page.rail.mute.toolTip() and window.page.banners.isHidden()
