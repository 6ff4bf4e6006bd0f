"""The settings page: every control changes its setting and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fias_desktop import settings as stored
from fias_desktop.settings import Settings
from fias_desktop.ui import theme
from fias_desktop.ui.settings_page import SettingsPage
from tests.ui.conftest import Desk
from tests.ui.looking import click, nameless_controls

CHANGES: dict[str, Callable[[SettingsPage], None]] = {
    "pose_gpu": lambda page: click(page.pose_gpu),
    "coach_enabled": lambda page: click(page.coach),
    "mirror": lambda page: click(page.mirror),
    "show_heat": lambda page: click(page.heat),
    "show_face": lambda page: click(page.face),
    "show_silhouette": lambda page: click(page.silhouette),
    "ghost_ms": lambda page: page.ghost.setCurrentIndex(page.ghost.findData(200)),
    "gesture_start": lambda page: click(page.gesture),
    "coach_voice": lambda page: page.coach_voice.setCurrentIndex(page.coach_voice.findData("energetic")),
    "coach_threads": lambda page: page.threads.setValue(3),
    "device": lambda page: page.device.setCurrentIndex(page.device.findData("cpu")),
    "theme": lambda page: page.theme.setCurrentIndex(page.theme.findData("light")),
    "speech_enabled": lambda page: click(page.speech.speak),
    "speech_rate": lambda page: page.speech.rate.setValue(3),
    "speech_volume": lambda page: page.speech.volume.setValue(30),
    "language": lambda page: page.language.setCurrentIndex(page.language.findData("de")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_one_control_changes_one_setting(desk: Desk, name: str) -> None:
    window = desk.open()
    window.open_settings()
    page = window.settings_page
    assert page is not None and page.changed() == window.settings
    before = window.settings
    CHANGES[name](page)
    changed = {key for key, value in page.changed() if value != getattr(before, key)}
    assert changed == {name}
    page.reject()
    assert window.settings == before


def test_saving_uses_and_stores_the_settings(desk: Desk) -> None:
    window = desk.open()
    window.open_settings()
    page = window.settings_page
    assert page is not None and nameless_controls(page) == []
    click(page.face)
    click(page.save_button)
    assert window.settings.show_face and window.page.canvas.options.face
    desk.wait_for("apply", window.settings)
    desk.qtbot.waitUntil(lambda: stored.load().show_face)


def test_the_language_model_is_chosen_on_its_own_page(desk: Desk) -> None:
    window = desk.open()
    window.open_settings()
    page = window.settings_page
    assert page is not None
    click(page.models_button)
    models = page.models
    assert models is not None and models.isVisible()
    assert models.trial is not None
    models.options.context.setValue(4096)
    models.accept()
    page.coach_voice.setCurrentIndex(page.coach_voice.findData("brief"))
    assert (page.changed().coach_context, page.changed().coach_voice) == (4096, "brief")
    page.reject()
    assert window.settings.coach_context == 2048


def test_a_model_that_is_gone_is_shown_as_missing_and_kept(desk: Desk) -> None:
    window = desk.open()
    page = SettingsPage(Settings(model_id="my_old_model"), theme.DARK, window.voice)
    assert "missing" in page.model.currentText() and page.changed().model_id == "my_old_model"
    page.deleteLater()
