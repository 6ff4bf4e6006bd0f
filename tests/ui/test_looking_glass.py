from __future__ import annotations

from tests.ui.conftest import Desk
from tests.ui.looking import click


def test_a_recording_is_shown_as_it_was_filmed_unless_asked(desk: Desk) -> None:
    window = desk.open()
    assert window.settings.mirror
    window.open_source("clip.mp4")
    assert not window.page.canvas.options.mirror and not window.page.rail.mirror.isChecked()
    click(window.page.rail.mirror)
    assert window.page.canvas.options.mirror and window.settings.mirror
    window.open_source("demo")
    assert window.page.canvas.options.mirror
