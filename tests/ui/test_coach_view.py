"""The coach in the window: advice, questions, sentences and their measurements."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from fias_desktop.engine.view import AdviceText, Cue
from tests.fakes import advice, knee_evidence
from tests.ui.conftest import Desk
from tests.ui.looking import click


def test_advice_is_streamed_and_can_be_cancelled(desk: Desk) -> None:
    window = desk.open()
    panel = window.page.side.advice
    click(panel.advise_button)
    desk.wait_for("ask_coach", "")
    desk.tell(AdviceText(1, "Your kn", False), AdviceText(1, "Your knees fall", False))
    assert panel.entries[0].text.text() == "Your knees fall" and len(panel.entries) == 1
    click(panel.cancel_button)
    desk.wait_for("cancel_coach")
    desk.tell(AdviceText(1, "Your knees fall", True, None))
    assert panel.advise_button.isVisible() and not panel.cancel_button.isVisible()


def test_the_exact_prompt_is_shown(desk: Desk) -> None:
    window = desk.open()
    spoken = advice("Well done.", "language model")
    prompt = "System: coach\n<evidence>\tknee 118°"
    desk.tell(AdviceText(1, spoken.text, True, spoken, prompt))
    click(window.page.side.advice.prompt_button)
    dialog = window.coach.prompt_dialog
    assert dialog is not None and dialog.text.toPlainText() == prompt
    click(dialog.copy_button)
    assert QGuiApplication.clipboard().text() == prompt
    click(dialog.close_button)
    assert not dialog.isVisible()


def test_a_question_is_asked_by_hand_and_shown_with_its_answer(desk: Desk) -> None:
    box = desk.open().page.side.advice.question
    QTest.keyClicks(box.line, "  Why   so m h p? ")
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    desk.wait_for("ask_coach", "Why so m h p?")
    assert box.line.text() == ""
    spoken = advice("Your knees moved inward.", "language model")
    desk.tell(AdviceText(1, spoken.text, True, spoken, question="Why so m h p?"))
    entry = desk.window.page.side.advice.entries[0]
    assert entry.question.isVisibleTo(entry) and entry.question.text() == "You asked: Why so m h p?"


def test_questions_can_be_chosen_without_typing(desk: Desk) -> None:
    box = desk.open().page.side.advice.question
    box.line.setFocus()
    completer = box.line.completer()
    popup = completer.popup() if completer is not None else None
    assert completer is not None and popup is not None
    desk.qtbot.waitUntil(popup.isVisible)
    assert completer.completionCount() == len(box.questions()) >= 5
    click_at = popup.visualRect(popup.model().index(1, 0)).center()
    QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=click_at)
    desk.wait_for("ask_coach", "What should I change first?")


def test_nothing_is_asked_without_words(desk: Desk) -> None:
    box = desk.open().page.side.advice.question
    click(box.button)
    QTest.keyClicks(box.line, "   ")
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    assert not [command for command in desk.engine.commands if command[0] == "ask_coach"]
    QTest.keyClicks(box.line, "What?")
    QTest.keyClick(box.line, Qt.Key.Key_Escape)
    assert box.line.text() == "" and not box.line.hasFocus()


def test_sentences_lead_to_their_measurements(desk: Desk) -> None:
    window = desk.open()
    other, knee = replace(knee_evidence(0.4), quantity="trunk_lean"), knee_evidence(1.2)
    text = "You did 3 <b>squats</b>. Your knees bent too little. Go lower."
    spoken = replace(advice(text, "language model"), evidence=(other, knee), links=((), (1,), (1,)))
    desk.tell(AdviceText(1, text, True, spoken))
    entry = window.page.side.advice.entries[0]
    assert [row.evidence for row in entry.rows] == [knee]
    assert "&lt;b&gt;squats" in entry.text.text() and entry.text.text().count("<a ") == 2
    entry.text.linkHovered.emit("1")
    assert entry.rows[0].property("marked") is True
    entry.text.linkHovered.emit("")
    assert entry.rows[0].property("marked") is False
    entry.text.linkActivated.emit("1")
    assert window.page.moment.isVisible() and "Knee angle" in window.page.moment.caption.text()


def test_it_is_told_why_the_phrasebook_speaks(desk: Desk) -> None:
    window = desk.open()
    spoken = advice("Well done.", "phrasebook")
    desk.tell(AdviceText(1, spoken.text, True, spoken, objections=("9 was not given",)))
    assert "9 was not given" in window.page.side.advice.entries[0].badge.toolTip()


def test_what_was_said_can_be_saved_as_subtitles(desk: Desk, tmp_path: Path) -> None:
    window = desk.open()
    button = window.page.side.advice.captions_button
    assert not button.isEnabled()
    cue = replace(advice("Knees out", "cue"), time_s=3.0)
    spoken = replace(advice("Your knees moved inward.", "language model"), time_s=9.0)
    desk.tell(Cue(cue), AdviceText(1, "Your", False), AdviceText(1, spoken.text, True, spoken))
    assert button.isEnabled()
    window.coach.save_captions(tmp_path / "said.srt")
    written = (tmp_path / "said.srt").read_text(encoding="utf-8")
    assert "00:00:03,000 -->" in written and "Knees out" in written and "Your knees moved inward." in written
    assert str(tmp_path) in window.page.banners.banners[0].title.text()
    window.coach.save_captions(tmp_path / "nowhere" / "said.srt")
    assert any("could not be written" in banner.title.text() for banner in window.page.banners.banners)
    window.open_source("demo:squat")
    assert not button.isEnabled()
