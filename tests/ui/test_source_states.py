"""What a person sees while a source is opened, lost, back and at its end."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from fias_desktop.engine.view import Problem, SourceState
from fias_desktop.ui import theme
from tests.fakes import live_view
from tests.ui.conftest import Desk

LOST = SourceState("USB Camera", "lost", "The camera USB Camera was lost.")
PROBLEM = Problem("The camera USB Camera was lost.", "Check its cable. It is tried again every 2 seconds.")
BACK = SourceState("USB Camera", "open", "USB Camera is back.")


def test_opening_is_told_until_the_first_picture(desk: Desk) -> None:
    window = desk.open("camera:2")
    assert "Opening" in window.page.canvas._message
    desk.tell(SourceState("USB Camera", "open"))
    assert "Opening" in window.page.canvas._message, "the networks are still loading: nothing is to be seen yet"
    desk.show(live_view(1))
    assert window.page.canvas._message == ""


def test_a_camera_that_is_back_takes_its_warning_away(desk: Desk) -> None:
    window = desk.open("camera:2")
    desk.show(live_view(1))
    desk.tell(LOST, PROBLEM)
    assert "come back" in window.page.canvas._message
    desk.tell(Problem("The disk is full.", "Free some space."), BACK)
    assert [banner.message for banner in window.page.banners.banners] == ["USB Camera is back.", "The disk is full."]
    assert window.page.canvas._message == ""


def test_a_source_that_was_never_there_is_not_called_lost(desk: Desk) -> None:
    window = desk.open("http://192.0.2.7/video")
    desk.tell(SourceState("", "lost", "It does not answer."), Problem("It does not answer.", "Check the address."))
    assert window.page.canvas._message == "No picture yet. Waiting for the source …"


def test_the_same_message_with_something_to_do_replaces_the_one_without(desk: Desk) -> None:
    window = desk.open("cut.mp4")
    desk.tell(SourceState("cut.mp4", "open", "The file is cut off."))
    desk.tell(Problem("The file is cut off.", "What could be read was shown."))
    assert [(banner.level, banner.hint) for banner in window.page.banners.banners] == [
        ("warning", "What could be read was shown.")
    ]


def test_there_is_no_speed_without_pictures(desk: Desk) -> None:
    window = desk.open("clip.mp4")
    status = window.status
    desk.show(live_view(1))
    window._show_status()
    assert "fps" in status.speed.text() and status.speed.isVisible()
    desk.tell(SourceState("", "ended"))
    window._show_status()
    assert status.speed.text() == "" and not status.speed.isVisible() and status.pose.text() == "Pose: CPU"


def test_an_error_screen_names_no_speed_and_no_device(desk: Desk) -> None:
    window = desk.open("clip.mp4")
    desk.show(live_view(1))
    window._show_status()
    window.open_source("notes.mp4")
    desk.wait_for("start", "notes.mp4")
    desk.tell(SourceState("notes.mp4", "lost", "No video."), Problem("No video.", "Choose another file.", fatal=True))
    window._show_status()
    status = window.status
    assert [item.text() for item in (status.speed, status.pose, status.network, status.coach)] == [""] * 4
    assert window.page.canvas._message == "No picture"


def test_another_source_takes_away_what_was_said_of_the_last(desk: Desk) -> None:
    window = desk.open("demo")
    desk.tell(SourceState("Demo", "open", "This is a rendered athlete, not a person."))
    assert len(window.page.banners.banners) == 1
    window.open_source("clip.mp4")
    assert window.page.banners.banners == []


def test_another_source_forgets_what_the_model_was_told(desk: Desk) -> None:
    window = desk.open("clip.mp4")
    advice = window.page.side.advice
    advice._prompt = "what it was told"
    advice.prompt_button.setEnabled(True)
    window.open_source("other.mp4")
    assert not advice.prompt_button.isEnabled()


def test_the_first_window_leaves_room_for_its_frame(desk: Desk) -> None:
    room = QGuiApplication.primaryScreen().availableGeometry()
    size = theme.first_size()
    assert size.height() < room.height() and size.width() < room.width()
