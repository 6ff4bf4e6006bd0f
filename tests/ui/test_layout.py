"""Nothing cut and nothing overlapping: every size and language, and at 200 % (a window of half the logical size)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QSlider, QWidget

from fias_desktop import resources
from fias_desktop.coach.models.download import Downloader
from fias_desktop.coach.models.shelf import Shelf
from fias_desktop.domain.types import Advice
from fias_desktop.engine.view import AdviceText, Cue, Problem, RepetitionDone
from fias_desktop.ui import theme
from fias_desktop.ui.crash_dialog import CrashDialog
from fias_desktop.ui.live_view import PICTURE_SHARE, arrange
from fias_desktop.ui.main_window import MainWindow
from fias_desktop.ui.models_page import ModelsPage, ModelTools
from tests.fakes import advice, knee_evidence, live_view, repetition, scripted_history
from tests.ui.conftest import Desk
from tests.ui.looking import cut_texts, overlaps
from tests.ui.models_desk import FakeTester

SIZES = ((1280, 720), (1920, 1080), (960, 540), (640, 360))
ENGLISH = (
    "Your knees fell inward at the bottom of repetition three. Push them outward over your toes while you stand up, "
    "and keep the whole foot on the floor from the beginning to the end of the movement."
)
CHINESE = (
    "你的膝蓋在第3下最低點往內扣，角度是118度，應該最多100度。站起來的時候，把膝蓋往外推，對準腳尖，整個腳掌從動作開始到結束都要踩穩"
    "地面。這一組6下中有4下正確，比上一組進步，繼續保持。"
)

ADVISE = {"en": "Advise now", "de": "Jetzt beraten", "zh_TW": "立即建議"}


@pytest.fixture(params=["en", "de", "zh_TW"])
def language(request: pytest.FixtureRequest, desk: Desk) -> Iterator[str]:
    desk.settings = desk.settings.model_copy(update={"language": request.param})
    yield str(request.param)
    if desk.program is not None:
        desk.program.translation.use("en")


def _fill(desk: Desk, window: MainWindow) -> None:
    """A window with everything in it."""
    desk.show(live_view(36, size=(640, 480)))
    text = CHINESE if desk.settings.language == "zh_TW" else ENGLISH
    spoken = Advice("knees_inward", 2, text, (knee_evidence(), knee_evidence(3.6)), "language model", 8.0)
    reps = [RepetitionDone(repetition(i, "too_shallow" if i % 3 == 0 else "correct")) for i in range(1, 13)]
    desk.tell(*reps, Cue(advice()), AdviceText(1, text, True, spoken, "prompt"))
    desk.tell(Problem("The camera “Integrated Webcam” stopped sending pictures.", "Check the cable or the address."))
    desk.engine.strips = scripted_history(30.0)
    window._show_strips()
    window._show_status()


def _assert_whole(top: QWidget) -> None:
    """For widgets that are laid out when there is time for it."""
    assert cut_texts(top) == [], top.size()


def test_no_text_is_cut_at_any_size(desk: Desk, language: str, qapp: QApplication) -> None:
    window = desk.open()
    _fill(desk, window)
    page = window.page
    assert page.side.advice.advise_button.text() == ADVISE[language]
    for size in SIZES:
        window.resize(*size)
        desk.qtbot.wait(60)
        assert window.size() == QSize(*size), "the window must be able to be this small"
        assert cut_texts(window) == [], size
        assert overlaps(page.rail, page.banners, page.canvas, page.side, window.status) == [], size
        assert overlaps(page.rail, page.banners, page.canvas, page.strips, window.status) == [], size
        assert overlaps(page.legend, page.cue) == [], size


def test_the_drawer_of_a_small_window_cuts_nothing(desk: Desk, language: str) -> None:
    window = desk.open()
    _fill(desk, window)
    window.resize(640, 360)
    window.page.toggle_panel()
    desk.qtbot.wait(60)
    assert window.page.side.isVisible() and cut_texts(window.page.side) == []


def test_counter_and_legend_never_meet(desk: Desk, language: str) -> None:
    window = desk.open()
    for size in ((640, 360), (640, 480), (360, 640)):
        desk.show(live_view(36, size=size, last_repetition=repetition(3, "elbows_flared")))
        for width, height in SIZES:
            window.resize(width, height)
            canvas = window.page.canvas
            canvas.grab()
            legend = window.page.legend.geometry()
            assert not canvas.hud_rect.toRect().intersects(legend), (size, width)
            assert canvas.rect().contains(legend) and canvas.rect().contains(canvas.hud_rect.toRect())


def test_the_settings_page_cuts_nothing(desk: Desk, language: str) -> None:
    window = desk.open()
    window.open_settings()
    page = window.settings_page
    assert page is not None
    for size in ((620, 680), (480, 320)):
        page.resize(*size)
        desk.qtbot.wait(40)
        assert cut_texts(page) == [], size
    page.reject()


def test_the_page_of_models_cuts_nothing(desk: Desk, language: str, tmp_path: Path) -> None:
    window = desk.open()
    shelf = Shelf(tmp_path / "models", resources.coach_model())
    downloader = Downloader(shelf.folder, proxy="")
    page = ModelsPage(desk.settings, theme.DARK, ModelTools(shelf, downloader, FakeTester(), lambda: 1 << 30), window)
    page.show()
    desk.qtbot.waitUntil(lambda: page.listed and bool(page.tiles) and all(card.isVisible() for card in page.offers))
    for size in ((700, 680), (480, 320)):
        page.resize(*size)
        desk.qtbot.waitUntil(partial(_assert_whole, page), timeout=2000)
    page.reject()
    page.deleteLater()
    assert downloader.close()


def test_the_crash_dialog_cuts_nothing(desk: Desk, language: str) -> None:
    desk.open()
    dialog = CrashDialog("ValueError: something quite long that nobody has foreseen " * 3, "details", desk.window)
    dialog.show()
    desk.qtbot.wait(40)
    assert cut_texts(dialog) == []
    dialog.show_button.click()
    desk.qtbot.wait(40)
    assert dialog.text.isVisible() and cut_texts(dialog) == []
    dialog.accept()
    dialog.deleteLater()


@pytest.mark.parametrize("aspect", [16 / 9, 4 / 3, 1.0, 9 / 16])
@pytest.mark.parametrize("width", [880, 960, 1100, 1280, 1920, 2560])
def test_the_picture_column_keeps_its_share(width: int, aspect: float) -> None:
    plan = arrange(QSize(width, width * 9 // 16 - 28), aspect, True, lambda _: 0)
    assert plan.canvas.width() >= PICTURE_SHARE * width - 1 and not plan.drawer
    assert plan.canvas.right() + 1 == plan.side.left() and plan.rail.right() + 1 == plan.canvas.left()
    assert plan.strips.isEmpty() or plan.strips.top() == plan.canvas.bottom() + 1


def test_a_narrow_window_gets_the_panel_as_a_drawer() -> None:
    closed = arrange(QSize(640, 332), 4 / 3, False, lambda _: 0)
    opened = arrange(QSize(640, 332), 4 / 3, True, lambda _: 0)
    assert closed.side.isEmpty() and opened.drawer and opened.canvas == closed.canvas
    assert opened.side.width() == 320 and not opened.strips_in_side


def test_room_below_a_wide_picture_goes_to_the_strips() -> None:
    wide = arrange(QSize(1280, 692), 16 / 9, True, lambda _: 0)
    tall = arrange(QSize(1280, 692), 4 / 3, True, lambda _: 0)
    assert wide.strips.height() == 692 - 504 and tall.strips.isEmpty() and tall.strips_in_side


def test_banners_push_the_picture_down() -> None:
    plan = arrange(QSize(1280, 692), 16 / 9, True, lambda width: 60)
    assert plan.banners.height() == 60 and plan.canvas.top() == 60
    assert plan.canvas.height() + plan.strips.height() == 632


def test_no_knob_of_a_slider_is_cut(desk: Desk) -> None:
    window = desk.open()
    window.page.rail.delay_menu.popup(window.mapToGlobal(window.rect().center()))
    window.open_settings()
    desk.qtbot.wait(60)
    sliders = [slider for top in (window.page.rail.delay_menu, window) for slider in top.findChildren(QSlider)]
    assert len(sliders) >= 3
    assert all(slider.height() >= 18 for slider in sliders if slider.isVisible())
    window.page.rail.delay_menu.close()
