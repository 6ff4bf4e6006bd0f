"""The field of a person's own pose model, and rows of settings in a narrow window."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from fias_desktop.settings import Settings
from fias_desktop.ui import theme
from fias_desktop.ui.cards import Row
from fias_desktop.ui.settings_page import SettingsPage
from tests.ui.conftest import Desk
from tests.ui.looking import click, cut_texts, nameless_controls


@pytest.fixture
def lite(tmp_path: Path) -> Path:
    """A file that looks like a pose model."""
    path = tmp_path / "pose_landmarker_lite_with_a_very_long_name.task"
    with zipfile.ZipFile(path, "w") as bundle:
        for name in ("pose_detector.tflite", "pose_landmarks_detector.tflite"):
            bundle.writestr(name, b"model")
    return path


def _page(desk: Desk) -> SettingsPage:
    window = desk.open()
    window.open_settings()
    page = window.settings_page
    assert page is not None
    return page


def test_a_file_is_chosen_and_taken_out_again(desk: Desk, lite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = _page(desk)
    assert page.changed().pose_model == "" and page.pose_model.button.text() == "Bundled"
    assert not page.pose_model.clear_button.isVisible()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(lite), ""))
    click(page.pose_model.button)
    assert page.changed().pose_model == str(lite)
    assert "…" in page.pose_model.button.text() and page.pose_model.button.toolTip() == str(lite)
    assert nameless_controls(page) == [] and cut_texts(page) == []
    click(page.pose_model.clear_button)
    assert page.changed().pose_model == ""
    page.reject()


def test_a_file_that_is_no_model_is_not_taken_and_why_is_said(desk: Desk, tmp_path: Path, lite: Path) -> None:
    page = _page(desk)
    page.pose_model.use(str(lite))
    notes = tmp_path / "notes.task"
    notes.write_text("not a model")
    page.pose_model.use(str(notes))
    assert "not a pose model" in page.pose_model.problem.text() and page.pose_model.problem.isVisible()
    assert page.changed().pose_model == str(lite)
    page.pose_model.use(str(lite))
    assert not page.pose_model.problem.isVisible()
    page.reject()


def test_a_chosen_file_that_is_gone_is_kept_and_said(desk: Desk, tmp_path: Path) -> None:
    window = desk.open()
    page = SettingsPage(Settings(pose_model=str(tmp_path / "gone.task")), theme.DARK, window.voice)
    assert page.changed().pose_model == str(tmp_path / "gone.task")
    assert "cannot be read" in page.pose_model.problem.text()
    page.deleteLater()


@pytest.mark.parametrize("language", ["en", "de", "zh_TW"])
def test_in_a_narrow_window_the_note_stands_below_its_control(desk: Desk, language: str) -> None:
    desk.settings = desk.settings.model_copy(update={"language": language})
    page = _page(desk)
    row = page.ghost.parentWidget()
    assert isinstance(row, Row)
    page.resize(620, 680)
    desk.qtbot.waitUntil(lambda: row.note.geometry().right() < row.control.geometry().left())
    page.resize(380, 600)
    desk.qtbot.waitUntil(lambda: row.name.y() < row.control.y() < row.note.y())
    desk.qtbot.waitUntil(lambda: cut_texts(page) == [])
    assert row.note.width() > 200
    switch = page.mirror.parentWidget()
    assert isinstance(switch, Row) and switch.note.geometry().right() < switch.control.geometry().left()
    page.reject()
    assert desk.program is not None
    desk.program.translation.use("en")
