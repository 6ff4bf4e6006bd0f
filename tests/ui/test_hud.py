"""The counter on the picture: what it says, and how large."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from fias_desktop.ui import hud
from tests.fakes import live_view, repetition, sample


def test_it_names_exercise_count_and_the_last_form() -> None:
    state = hud.state_of(live_view(1, last_repetition=repetition(3, "knees_inward")))
    assert state == hud.HudState("Squat", 3, "Knees inward", "warn")
    assert state.sentence == "Squat, 3, Knees inward"


def test_good_form_is_good() -> None:
    state = hud.state_of(live_view(1))
    assert state is not None and (state.form, state.level) == ("Good form", "good")


def test_an_unknown_movement_is_called_so() -> None:
    strange = live_view(1, sample=sample(1.0, known=False), exercise="", counted=0, last_repetition=None)
    assert hud.state_of(strange) == hud.HudState("Movement not known", None, "")
    meanwhile = hud.state_of(live_view(1, sample=sample(1.0, known=False)))
    assert meanwhile is not None and (meanwhile.title, meanwhile.form) == ("Squat", "Movement not known")


def test_nobody_and_idle_and_not_yet() -> None:
    nothing = live_view(1, pose=None, exercise="", counted=0, last_repetition=None, sample=None)
    idle = live_view(1, exercise="", counted=0, last_repetition=None, sample=sample(1.0, "idle"))
    assert hud.state_of(None) is None
    assert hud.state_of(nothing) == hud.HudState("Nobody in the picture", None, "")
    assert hud.state_of(idle) == hud.HudState("Ready", None, "")


def test_before_the_first_repetition_the_recognised_exercise_is_named() -> None:
    state = hud.state_of(
        live_view(1, exercise="", counted=0, last_repetition=None, sample=sample(1.0, "squat_correct"))
    )
    assert state == hud.HudState("Squat", 0, ""), "nothing was done yet that could be praised"
    wrong = live_view(1, exercise="", counted=0, last_repetition=None, sample=sample(1.0, "squat_knees_inward"))
    assert hud.state_of(wrong) == hud.HudState("Squat", 0, "Knees inward", "warn")


def test_without_a_network_the_last_form_is_still_told() -> None:
    assert hud.state_of(live_view(1, sample=None)) == hud.HudState("Squat", 3, "Good form", "good")


def test_a_repetition_of_another_exercise_says_nothing_of_this_one() -> None:
    view = live_view(1, last_repetition=repetition(3, exercise="lunge"), sample=sample(1.0, "squat_knees_inward"))
    state = hud.state_of(view)
    assert state is not None and state.form == "Knees inward"


def test_the_number_is_an_eighth_of_the_picture_high(qapp: QApplication) -> None:
    for width, height in ((896, 504), (896, 672), (640, 360)):
        image = QImage(width, height, QImage.Format.Format_Grayscale8)
        image.fill(0)
        painter = QPainter(image)
        plate = hud.paint(painter, QRectF(0, 0, width, height), hud.HudState("", 8, ""))
        painter.end()
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())[:, :width]
        rows = np.flatnonzero((pixels[:, int(plate.left()) + 30 : int(plate.right())] > 200).any(axis=1))
        assert rows[-1] - rows[0] + 1 >= height / 8


def test_beside_a_narrow_picture_the_counter_is_as_large_as_there_is_room(qapp: QApplication) -> None:
    image = QImage(960, 860, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    state = hud.HudState("Squat", 12, "Knees inward", "warn")
    alone = hud.paint(painter, QRectF(0, 0, 484, 860), state)
    beside = hud.paint(painter, QRectF(238, 0, 484, 860), state)
    painter.end()
    assert beside.left() >= 0 and beside.right() <= 238
    assert beside.height() > alone.height()


def test_the_plate_stays_in_its_corner_with_long_words(qapp: QApplication) -> None:
    image = QImage(896, 504, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    state = hud.HudState("Liegestütz mit erhöhten Füßen", 128, "Ellenbogen zu weit außen, Hüfte hängt durch", "warn")
    plate = hud.paint(painter, QRectF(0, 0, 896, 504), state)
    painter.end()
    assert plate.right() < 896 * 0.42 and plate.bottom() < 504 * 0.5
