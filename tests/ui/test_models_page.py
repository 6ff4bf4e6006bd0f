"""The page of language models: choosing, importing, deleting, trying."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QWheelEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fias_desktop import resources
from fias_desktop.coach.models import catalogue
from fias_desktop.domain.errors import FiasError
from fias_desktop.settings import Settings
from fias_desktop.ui import theme
from fias_desktop.ui.model_tile import size_text
from fias_desktop.ui.models_page import ModelsPage, default_tools
from tests.ui.looking import click, cut_texts, nameless_controls, press
from tests.ui.models_desk import GB, SETTINGS, WORDS, FakeTester, ModelsDesk, SlowShelf
from tests.unit.coach.tiny_gguf import write_tiny_gguf


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[ModelsDesk]:
    made = ModelsDesk(qtbot, tmp_path / "models")
    yield made
    made.close()


def test_the_bundled_model_comes_first_and_is_in_use(desk: ModelsDesk) -> None:
    desk.add("Another.gguf")
    page = desk.open()
    first, second = page.tiles
    assert first.model.place == "bundled" and first.badge.text() == "Bundled" and first.delete is None
    assert first.use.text() == "In use" and not first.use.isEnabled()
    assert second.use.text() == "Use" and second.use.isEnabled()
    assert "licence not stated" in second.details.text() and "llama" in second.details.text()
    assert len(page.offers) >= 4 and all(offer.fetch.text() == "Download" for offer in page.offers)
    assert nameless_controls(page) == []


def test_without_a_change_the_settings_stay_to_the_last_digit(desk: ModelsDesk) -> None:
    odd = SETTINGS.model_copy(update={"coach_temperature": 0.333, "coach_top_p": 0.951, "coach_idle_minutes": 2.25})
    assert desk.open(odd).changed() == odd


def test_a_model_is_chosen_and_given_up(desk: ModelsDesk) -> None:
    path = desk.add("mine.gguf")
    page = desk.open()
    click(desk.tile("mine.gguf").use)
    assert page.changed() == SETTINGS.model_copy(update={"coach_model": str(path)})
    assert desk.tile("mine.gguf").use.text() == "In use" and page.tiles[0].use.isEnabled()
    click(page.tiles[0].use)
    assert page.changed() == SETTINGS
    click(page.save_button)
    assert page.result() == QDialog.DialogCode.Accepted


CHANGES: dict[str, Callable[[ModelsPage], None]] = {
    "coach_device": lambda page: page.options.device.setCurrentIndex(2),
    "coach_gpu_layers": lambda page: page.options.layers.setValue(12),
    "coach_context": lambda page: page.options.context.setValue(4096),
    "coach_temperature": lambda page: page.options.temperature.setValue(0.9),
    "coach_top_p": lambda page: page.options.top_p.setValue(0.5),
    "coach_idle_minutes": lambda page: page.options.idle.setValue(0),
}


@pytest.mark.parametrize("name", CHANGES)
def test_one_control_changes_one_setting(desk: ModelsDesk, name: str) -> None:
    page = desk.open()
    CHANGES[name](page)
    changed = {key for key, value in page.changed() if value != getattr(SETTINGS, key)}
    assert changed == {name}
    assert Settings.model_validate(page.changed().model_dump()) == page.changed()


def test_without_a_graphics_card_there_are_no_layers(desk: ModelsDesk) -> None:
    options = desk.open().options
    assert options.layers.isEnabled() and options.layers.text() == "All"
    options.device.setCurrentIndex(options.device.findData("cpu"))
    assert not options.layers.isEnabled()


def test_scrolling_over_a_setting_does_not_turn_it(desk: ModelsDesk) -> None:
    page = desk.open()
    for control in page.options.controls():
        page.save_button.setFocus()
        middle = QPointF(control.rect().center())
        none, no_button = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
        phase = Qt.ScrollPhase.NoScrollPhase
        wheel = QWheelEvent(middle, middle, QPoint(), QPoint(0, -120), no_button, none, phase, False)
        QApplication.sendEvent(control, wheel)
    assert page.changed() == SETTINGS


def test_a_model_too_large_for_the_free_memory_cannot_be_used(desk: ModelsDesk) -> None:
    desk.add("large.gguf", width=512)
    desk.free_bytes = 70 << 20
    page = desk.open()
    tile = desk.tile("large.gguf")
    needed = size_text(tile.model.memory_bytes(2048))
    assert (
        tile.warning.text() == f"Needs {needed} of memory and some to spare, 70 MB free." and tile.warning.isVisible()
    )
    assert not tile.use.isEnabled() and "free" in tile.use.toolTip()
    assert not page.tiles[0].warning.isVisible(), "the one in use has its memory already"
    desk.free_bytes = 8 * GB
    desk.qtbot.waitUntil(tile.use.isEnabled)  # the page looks again by itself
    assert not tile.warning.isVisible() and f"about {needed}" in tile.memory.text()


def test_more_context_needs_more_memory(desk: ModelsDesk) -> None:
    page = desk.open()
    before = page.tiles[0].memory.text()
    page.options.context.setValue(4096)
    assert page.tiles[0].memory.text() == before, "the bundled one knows fewer tokens than that"
    page.options.context.setValue(512)
    desk.add("tiny.gguf", width=512)
    page._list()
    desk.qtbot.waitUntil(lambda: desk.has("tiny.gguf"))
    small = desk.tile("tiny.gguf").memory.text()
    page.options.context.setValue(2048)
    assert desk.tile("tiny.gguf").memory.text() != small


def test_a_damaged_model_shows_its_reason_and_can_be_deleted(desk: ModelsDesk) -> None:
    (desk.folder / "broken.gguf").write_bytes(b"GGUF no")
    desk.open()
    tile = desk.tile("broken.gguf")
    assert "damaged" in tile.problem.text() and not tile.use.isEnabled() and tile.delete is not None
    click(tile.delete)
    assert (desk.folder / "broken.gguf").exists() and tile.delete.text() == "Really delete?"
    click(tile.delete)
    desk.qtbot.waitUntil(lambda: not desk.has("broken.gguf"))
    assert not (desk.folder / "broken.gguf").exists()


def test_the_model_in_use_is_not_deleted(desk: ModelsDesk) -> None:
    path = desk.add("mine.gguf")
    page = desk.open(SETTINGS.model_copy(update={"coach_model": str(path)}))
    delete = desk.tile("mine.gguf").delete
    assert delete is not None and not delete.isEnabled() and "Use another" in delete.toolTip()
    click(page.tiles[0].use)
    assert not delete.isEnabled(), "the saved settings still name it"


def test_a_model_chosen_elsewhere_is_listed_with_its_place(desk: ModelsDesk, tmp_path: Path) -> None:
    outside = write_tiny_gguf(tmp_path / "outside.gguf")
    desk.open(SETTINGS.model_copy(update={"coach_model": str(outside)}))
    tile = desk.tile("outside.gguf")
    assert tile.badge.text() == "Another folder" and str(outside) in tile.details.text() and tile.delete is None
    assert tile.use.text() == "In use"


def test_a_model_that_is_gone_is_shown_and_kept(desk: ModelsDesk, tmp_path: Path) -> None:
    gone = SETTINGS.model_copy(update={"coach_model": str(tmp_path / "gone.gguf")})
    page = desk.open(gone)
    assert "cannot be read" in desk.tile("gone.gguf").problem.text() and page.changed() == gone


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(path), ""))


def test_a_file_is_imported_beside_the_window(
    desk: ModelsDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    choose(monkeypatch, write_tiny_gguf(tmp_path / "größe Ü.gguf"))
    page = desk.open()
    click(page.import_button)
    assert page.import_button.text() == "Cancel import"
    desk.qtbot.waitUntil(lambda: desk.has("größe Ü.gguf"))
    assert (desk.folder / "größe Ü.gguf").is_file() and page.import_button.text() == "Import file …"
    assert "on this machine now" in page.notice.text() and page.changed() == SETTINGS


def test_what_is_no_model_is_refused_with_words(
    desk: ModelsDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "letter.gguf").write_text("Dear model")
    choose(monkeypatch, tmp_path / "letter.gguf")
    page = desk.open()
    click(page.import_button)
    desk.qtbot.waitUntil(lambda: not page.importing)
    assert "not a GGUF file" in page.notice.text() and page.notice.property("level") == "error"
    assert page.notice.isVisible() and len(page.tiles) == 1


def test_an_import_shows_its_progress_and_can_be_stopped(
    desk: ModelsDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.shelf = SlowShelf(desk.folder, resources.coach_model())
    choose(monkeypatch, tmp_path / "endless.gguf")
    page = desk.open()
    click(page.import_button)
    desk.qtbot.waitUntil(page.import_bar.isVisible)
    desk.qtbot.waitUntil(lambda: page.import_bar.value() == 300)
    click(page.import_button)
    desk.qtbot.waitUntil(lambda: not page.importing)
    assert "cancelled" in page.notice.text() and not page.import_bar.isVisible()


def test_closing_the_page_stops_an_import(desk: ModelsDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    desk.shelf = SlowShelf(desk.folder, resources.coach_model())
    choose(monkeypatch, tmp_path / "endless.gguf")
    page = desk.open()
    click(page.import_button)
    page.reject()
    desk.qtbot.waitUntil(lambda: not [t for t in threading.enumerate() if t.name.startswith("fias-models")])


def test_the_folder_is_made_and_shown(desk: ModelsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    page = desk.open()
    shutil.rmtree(desk.folder)
    click(page.folder_button)
    assert [url.toLocalFile() for url in shown] == [str(desk.folder)] and desk.folder.is_dir()


def test_a_damaged_catalogue_is_named_and_ours_stays(desk: ModelsDesk) -> None:
    (desk.folder / catalogue.FILE_NAME).write_text("[[model]]\nid = 3\n")
    page = desk.open()
    assert "catalogue.toml, entry 1" in page.notice.text() and len(page.offers) >= 4


def test_the_trial_shows_words_as_they_come_and_how_soon(desk: ModelsDesk) -> None:
    path = desk.add("mine.gguf")
    page = desk.open()
    trial = page.trial
    assert trial is not None
    click(desk.tile("mine.gguf").use)
    page.options.temperature.setValue(0.9)
    click(trial.button)
    desk.qtbot.waitUntil(lambda: trial.text.text() == WORDS[:20])
    assert trial.running and trial.button.text() == "Stop" and "First words after" in trial.state.text()
    desk.tester.go.set()
    desk.qtbot.waitUntil(lambda: not trial.running)
    assert trial.text.text() == WORDS and "all of it after" in trial.state.text() and trial.button.text() == "Test"
    asked, settings = desk.tester.asked[0]
    assert asked == path and settings.coach_temperature == 0.9


def test_the_trial_can_be_stopped(desk: ModelsDesk) -> None:
    trial = desk.open().trial
    assert trial is not None
    click(trial.button)
    desk.qtbot.waitUntil(trial.text.isVisible)
    click(trial.button)
    desk.qtbot.waitUntil(lambda: not trial.running)
    assert trial.state.text() == "Stopped." and desk.tester.asked[0][0] == resources.coach_model()


def test_a_trial_that_fails_says_why(desk: ModelsDesk) -> None:
    desk.tester = FakeTester(FiasError("The language model stopped unexpectedly.", "Choose another one."))
    trial = desk.open().trial
    assert trial is not None
    click(trial.button)
    desk.qtbot.waitUntil(trial.problem.isVisible)
    assert "unexpectedly" in trial.problem.text() and not trial.running


def test_without_a_tester_there_is_no_trial(desk: ModelsDesk) -> None:
    page = desk.open(tester=False)
    assert page.trial is None and not [b for b in page.findChildren(QPushButton) if b.text() == "Test"]


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT], ids=lambda look: look.name)
def test_nothing_is_cut_at_any_size(desk: ModelsDesk, look: theme.Theme, tmp_path: Path) -> None:
    desk.add("a model with quite a long name that somebody gave it.gguf", width=512)
    (desk.folder / "broken.gguf").write_bytes(b"GGUF no")
    (desk.folder / "Phi-3.5-mini-instruct-Q4_K_M.gguf.part").write_bytes(b"x" * 1000)
    desk.free_bytes = 100 << 20
    page = desk.open(look=look)
    assert page.trial is not None
    click(page.trial.button)
    desk.tester.go.set()
    desk.qtbot.waitUntil(lambda: not page.trial.running)  # type: ignore[union-attr]
    page._say("The disk has 0.4 GB free, but 1.3 GB are needed. Free some space and try again.", error=True)
    for size in ((700, 660), (940, 480), (620, 300), (480, 270)):
        page.resize(*size)
        desk.qtbot.wait(60)
        assert (page.width(), page.height()) == size, "the page must be able to be this small"
        assert cut_texts(page) == [], size
        shown = [button for button in page.findChildren(QPushButton) if button.isVisible()]
        leaving = [button for button in shown if button.mapTo(page, button.rect().topRight()).x() > page.width()]
        assert leaving == [], size


def test_the_keyboard_reaches_everything_from_top_to_bottom(desk: ModelsDesk) -> None:
    desk.add("mine.gguf")
    page = desk.open()
    assert page.trial is not None
    mine = desk.tile("mine.gguf")
    assert mine.delete is not None
    wanted: list[QWidget] = [page.folder_button, page.import_button, page.tiles[0].use, mine.use, mine.delete]
    wanted += [*(offer.fetch for offer in page.offers), *page.options.controls(), page.trial.button]
    wanted += [page.cancel_button, page.save_button]
    found: list[QWidget] = []
    widget = page.folder_button
    for _ in range(1000):
        if widget in wanted and widget not in found:
            found.append(widget)
        widget = widget.nextInFocusChain()  # type: ignore[assignment]
    assert found == wanted
    press(mine.use, Qt.Key.Key_Space)
    assert page.changed().coach_model.endswith("mine.gguf")
    press(page, Qt.Key.Key_Escape)
    assert page.result() == QDialog.DialogCode.Rejected and not page.isVisible()


def test_the_default_folder_is_in_the_users_data(fias_home: Path) -> None:
    tools = default_tools()
    assert tools.shelf.folder == tools.downloader.folder == fias_home / "data" / "models-coach"
    assert not tools.shelf.folder.exists() and tools.downloader.progress().state == "idle"
