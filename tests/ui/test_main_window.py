"""The window, with real widgets: every control, every event."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from fias_desktop import settings as stored
from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.types import ExerciseSet
from fias_desktop.engine.view import (
    BodyCheck,
    Cue,
    GestureSeen,
    Problem,
    RepetitionDone,
    SetDone,
    SourceState,
)
from fias_desktop.settings import Settings
from fias_desktop.ui.overlay import colour_table
from tests.fakes import advice, knee_evidence, live_view, repetition, scripted_history, squatting_pose
from tests.ui.conftest import Desk
from tests.ui.looking import click, nameless_controls, press


def test_the_picture_has_seventy_percent_of_the_width(desk: Desk) -> None:
    window = desk.open()
    for size in ((640, 360), (640, 480)):
        desk.show(live_view(1, size=size))
        for width, height in ((1280, 720), (1920, 1080), (1366, 768)):
            window.resize(width, height)
            assert window.width() == width
            picture = window.page.canvas.mapping().picture
            assert picture.width() / width >= 0.70 - 0.0005 * (size == (640, 480)), (size, width)
            assert picture.width() / picture.height() == pytest.approx(size[0] / size[1], rel=1e-6)


def test_heat_colours_the_knees_on_the_picture(desk: Desk) -> None:
    window = desk.open()
    view = live_view(36)
    desk.show(view)
    window.page.cue.clear()
    assert view.pose is not None
    at = window.page.canvas.mapping()
    mirrored_knee = at.to_widget(*(float(v) for v in view.pose.xy[25])).toPoint()
    shown = window.page.canvas.grab().toImage().pixelColor(mirrored_knee)
    hottest = colour_table()[255]
    assert np.abs(np.array([shown.red(), shown.green(), shown.blue()]) - hottest).max() < 12


def test_every_control_has_a_name(desk: Desk) -> None:
    window = desk.open()
    desk.show(live_view(1))
    desk.tell(RepetitionDone(repetition(1)), Cue(advice()), Problem("Lost.", "Look."))
    assert nameless_controls(window) == []


def test_the_play_button_and_space_start_and_pause(desk: Desk) -> None:
    window = desk.open()
    desk.show(live_view(1))
    click(window.page.rail.play)
    desk.wait_for("set_playing", False)
    press(window, Qt.Key.Key_Space)
    desk.wait_for("set_playing", True)


def test_both_arms_raised_pause_and_start(desk: Desk) -> None:
    window = desk.open()
    desk.tell(GestureSeen(1.0))
    desk.wait_for("set_playing", False)
    window.change(gesture_start=False)
    desk.tell(GestureSeen(2.0))
    desk.qtbot.wait(30)
    assert ("set_playing", True) not in desk.engine.commands


def test_an_ended_video_begins_anew_on_space(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open("squats.mp4")
    desk.tell(SourceState("squats.mp4", "ended"))
    press(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: desk.engine.commands.count(("start", "squats.mp4")) == 2)


def test_mirror_maps_a_click_to_the_pixels_of_the_camera(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open()
    desk.show(live_view(1))
    canvas = window.page.canvas
    picture = canvas.mapping().picture
    at = QPoint(round(picture.left() + picture.width() * 0.25), round(picture.center().y()))
    click(canvas, at)
    click(window.page.rail.mirror)
    assert not window.settings.mirror
    click(canvas, at)
    qtbot.waitUntil(lambda: len([c for c in desk.engine.commands if c[0] == "choose_person"]) == 2)
    mirrored, plain = [c[1:] for c in desk.engine.commands if c[0] == "choose_person"]
    assert mirrored == pytest.approx((480, 180), abs=2) and plain == pytest.approx((160, 180), abs=2)


def test_a_click_beside_the_picture_chooses_nobody(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open()
    desk.show(live_view(1, size=(360, 640)))
    click(window.page.canvas, QPoint(4, 300))
    qtbot.wait(30)
    assert not [c for c in desk.engine.commands if c[0] == "choose_person"]


def test_mirror_turns_the_picture_but_not_the_words(desk: Desk) -> None:
    window = desk.open()
    view = live_view(1)
    image = np.array(view.frame.image)
    image[:, :320] = (200, 30, 30)
    desk.show(replace(view, frame=replace(view.frame, image=image), pose=None, joint_heat=()))
    sides = {}
    words = {}
    for mirror in (True, False):
        window.change(mirror=mirror)
        grabbed = window.page.canvas.grab().toImage()
        sides[mirror] = grabbed.pixelColor(grabbed.width() - 40, grabbed.height() // 2).red() > 180
        plate = grabbed.copy(20, 20, 200, 120).convertToFormat(grabbed.Format.Format_Grayscale8)
        words[mirror] = np.frombuffer(plate.constBits(), np.uint8).reshape(plate.height(), -1)[:, :200] > 240
    assert sides == {True: True, False: False}
    assert words[True].any() and (words[True] == words[False]).mean() > 0.999


def test_heat_button_takes_heat_and_legend_away(desk: Desk) -> None:
    window = desk.open()
    desk.show(live_view(36))
    assert window.page.legend.isVisible() and window.page.canvas.options.heat
    click(window.page.rail.heat)
    desk.show(live_view(37))
    assert not window.page.legend.isVisible() and not window.page.canvas.options.heat


def test_the_panel_hides_and_the_picture_grows(desk: Desk) -> None:
    window = desk.open()
    desk.show(live_view(1))
    before = window.page.canvas.width()
    click(window.page.rail.panel)
    assert not window.page.side.isVisible() and window.page.canvas.width() > before
    press(window, Qt.Key.Key_P)
    assert window.page.side.isVisible() and window.page.canvas.width() == before


def test_full_screen_and_back(desk: Desk, qtbot: QtBot) -> None:
    window = desk.open()
    click(window.page.rail.fullscreen)
    qtbot.waitUntil(window.isFullScreen)
    assert not window.page.side.isVisible() and not window.status.isVisible()
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert window.page.side.isVisible() and window.status.isVisible()


def test_delayed_view_shows_an_older_picture_with_its_own_skeleton(desk: Desk) -> None:
    window = desk.open()
    window.page.rail.delay_menu.slider.setValue(2)
    assert window.settings.delay_s == 1.0
    for index in range(0, 60, 3):
        desk.show(live_view(index))
    delayed = window.page.canvas._delayed
    assert delayed is not None and delayed.time_s == pytest.approx(57 / 30 - 1.0, abs=0.11)
    assert delayed.pose is not None and delayed.pose.frame_index == delayed.frame_index
    assert not window.page.canvas.grab().isNull()
    window.page.rail.delay_menu.slider.setValue(0)
    assert window.page.canvas._delayed is None


def test_a_cue_is_on_the_picture_and_in_the_panel(desk: Desk) -> None:
    window = desk.open()
    desk.show(live_view(1))
    desk.tell(Cue(advice("Push your knees outward.")))
    assert window.page.cue.isVisible() and window.page.cue.text == "Push your knees outward."
    assert window.page.side.advice.entries[0].badge.text() == "Cue"
    picture = window.page.canvas.mapping().picture
    assert window.page.cue._pixels >= picture.height() / 16 - 1


def test_evidence_jumps_to_its_moment(desk: Desk) -> None:
    window = desk.open()
    for index in range(0, 90, 3):
        desk.show(live_view(index))
    desk.tell(RepetitionDone(repetition(1)), Cue(advice()))
    row = window.page.side.advice.entries[0].rows[0]
    click(row)
    card = window.page.moment
    assert card.isVisible() and card.title.text() == "Repetition 1 · 0:01.2"
    assert "118°" in card.caption.text() and card.picture.isVisible()
    press(window, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_a_repetition_mark_shows_its_bottom_long_after(desk: Desk) -> None:
    window = desk.open()
    for index in range(0, 90, 3):
        desk.show(live_view(index))
    desk.tell(RepetitionDone(repetition(1, "too_shallow")))
    for index in range(3000, 3800, 30):
        desk.show(live_view(index))
    click(window.page.side.counter.marks[0])
    assert window.page.moment.picture.isVisible()
    click(window.page.moment.close_button)
    assert not window.page.moment.isVisible()


def test_a_moment_that_is_not_kept_says_so(desk: Desk) -> None:
    window = desk.open()
    window.recall.show_evidence(knee_evidence(500.0))
    assert not window.page.moment.picture.isVisible() and "no longer kept" in window.page.moment.caption.text()


def test_a_finished_set_is_summed_up(desk: Desk) -> None:
    window = desk.open()
    reps = (repetition(1), repetition(2, "knees_inward"))
    desk.tell(*(RepetitionDone(rep) for rep in reps), SetDone(ExerciseSet("squat", 0, 5, reps, "squat_correct", 0.9)))
    assert window.page.side.counter.summary.text() == "Set done: 2 repetitions of Squat, 1 with good form"
    desk.tell(RepetitionDone(repetition(1)))
    assert len(window.page.side.counter.marks) == 1


def test_problems_become_banners_and_can_be_closed(desk: Desk) -> None:
    window = desk.open()
    desk.tell(Problem("The camera stopped.", "Check the cable."), Problem("The camera stopped.", "Check the cable."))
    area = window.page.banners
    assert area.isVisible() and len(area.banners) == 1 and area.banners[0].title.text().endswith("(2×)")
    assert area.banners[0].detail.text() == "Check the cable."
    click(area.banners[0].close_button)
    assert not area.isVisible() and area.banners == []


def test_a_source_that_cannot_be_opened_offers_another(desk: Desk) -> None:
    window = desk.open("/some/where/notes.mp4")
    desk.tell(
        SourceState("/some/where/notes.mp4", "lost", "No video."),
        Problem("No video.", "Choose another file.", fatal=True),
    )
    assert window.page.banners.banners[0].level == "error" and window.page.empty_button.isVisible()
    assert window.page.empty_button.menu() is window.picker.menu
    assert window.page.side.source_button.label.text() == "notes.mp4"


def test_a_source_that_breaks_off_can_be_opened_again(desk: Desk) -> None:
    window = desk.open("cut.mp4")
    desk.show(live_view(1))
    desk.tell(
        SourceState("cut.mp4", "lost", "Cut off."), Problem("The video is cut off.", "Copy it again.", fatal=True)
    )
    assert "cannot go on" in window.page.canvas._message and not window.page.empty_button.isVisible()
    press(window, Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: desk.engine.commands.count(("start", "cut.mp4")) == 2)


def test_no_camera_and_no_argument_says_that_this_is_the_demo(desk: Desk) -> None:
    desk.cameras = ()
    window = desk.open("")
    desk.tell(SourceState("Demo", "open"))
    assert "this is the demo" in window.page.banners.banners[0].message


def test_settings_that_cannot_be_saved_become_a_banner(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    window = desk.open()

    def refuse(settings: Settings) -> None:
        raise FiasError("settings.json could not be written: No space left on device.", "Free some space.")

    monkeypatch.setattr(stored, "save", refuse)
    window.change(show_face=True)
    desk.qtbot.waitUntil(lambda: bool(window.page.banners.banners))
    assert window.page.banners.banners[0].hint == "Free some space."
    assert window.settings.show_face


def test_changed_settings_reach_engine_and_disk(desk: Desk, fias_home: Path) -> None:
    window = desk.open()
    window.change(show_face=True, device="cpu")
    desk.wait_for("apply", window.settings)
    desk.qtbot.waitUntil(lambda: stored.load().show_face)
    assert stored.load().device == "cpu"


def test_a_camera_is_chosen_by_name_and_remembered(desk: Desk) -> None:
    window = desk.open()
    desk.qtbot.waitUntil(lambda: len(window.bridge.cameras) == 2)
    action = next(action for action in window.picker.menu.actions() if action.text() == "USB Camera")
    action.trigger()
    desk.wait_for("start", "camera:2")
    assert window.page.side.source_button.label.text() == "USB Camera" and window.settings.source == "camera:2"


def test_another_source_clears_what_belongs_to_the_last(desk: Desk) -> None:
    window = desk.open()
    desk.show(live_view(1))
    desk.tell(RepetitionDone(repetition(1)), Cue(advice()), Problem("Bad.", "Mend it."))
    window.open_source("other.mp4")
    side = window.page.side
    assert side.counter.marks == [] and side.advice.entries == [] and window.page.banners.banners == []
    assert window.page.canvas.view is None and not window.page.cue.isVisible()


def test_stand_here_goes_when_the_whole_body_was_seen(desk: Desk) -> None:
    window = desk.open("camera:0")
    before = replace(live_view(1), counted=0, last_repetition=None, exercise="", sample=None)
    desk.show(replace(before, body=BodyCheck(False, ("feet",), "Step back.")))
    assert window.page.canvas.stand_here and window.page.cue.text == "Not in the picture: feet. Step back."
    desk.show(replace(before, frame=live_view(2).frame))
    assert window.page.canvas.stand_here and "Start when you like" in window.page.cue.text
    desk.show(replace(before, frame=live_view(120).frame))
    assert not window.page.canvas.stand_here and not window.page.cue.isVisible()


def test_no_outline_over_a_recording(desk: Desk) -> None:
    window = desk.open("squats.mp4")
    desk.show(live_view(1, body=BodyCheck(False, ("feet",), "Step back."), counted=0, last_repetition=None))
    assert not window.page.canvas.stand_here


def test_the_status_bar_tells_speed_and_devices(desk: Desk) -> None:
    window = desk.open()
    desk.show(live_view(1))
    window._show_status()
    assert window.status.network.text() == "Network: CPU" and "no CUDA device" in window.status.network.toolTip()
    assert "lag" in window.status.speed.text() and window.status.medical.text() == "Not a medical device"


def test_strips_are_drawn(desk: Desk) -> None:
    window = desk.open()
    desk.show(live_view(1))
    desk.engine.strips = scripted_history(30.0)
    window._show_strips()
    assert "Squat" in window.page.strips.legend.text() and window.page.strips._image.image is not None


def test_bystanders_and_lost_joints_are_painted_without_complaint(desk: Desk) -> None:
    window = desk.open()
    pose = squatting_pose(0.4)
    xy, score = np.array(pose.xy), np.array(pose.score)
    xy[25:29], score[25:29], score[11] = np.nan, 0.0, 0.3
    desk.show(live_view(1, pose=replace(pose, xy=xy, score=score), others=(squatting_pose(0.2, at=0.8),)))
    assert not window.page.canvas.grab().isNull()


def test_only_the_light_theme_is_light(desk: Desk) -> None:
    window = desk.open()
    shades = {}
    for name in ("dark", "light"):
        window.change(theme=name)
        shades[name] = window.page.side.grab().toImage().pixelColor(3, 3).lightness()
    assert shades["dark"] < 60 and shades["light"] > 200


def test_closing_the_window_stops_the_engine_and_saves(desk: Desk) -> None:
    window = desk.open()
    window.change(mirror=False)
    window.close()
    assert desk.engine.commands[-1] == ("stop",) and not stored.load().mirror


def test_a_running_engine_shows_its_pictures_and_leaves_no_thread(desk: Desk) -> None:
    desk.fps = 60.0
    window = desk.open()
    desk.qtbot.waitUntil(lambda: window.page.canvas.meter.fps > 5)
    window.close()
