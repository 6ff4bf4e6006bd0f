"""The ghost on the picture: dashed, where it is expected, named in the legend, and not there unless asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage

from fias_desktop.domain.skeleton import BLAZEPOSE33
from fias_desktop.domain.types import Pose
from fias_desktop.engine.view import Ghost, LiveView
from fias_desktop.ui import overlay
from fias_desktop.ui.heat_legend import HeatLegend
from fias_desktop.ui.main_window import MainWindow
from tests.fakes import live_view
from tests.ui.conftest import Desk
from tests.ui.looking import cut_texts

_KNEE = BLAZEPOSE33.index("left_knee")
_HIP = BLAZEPOSE33.index("left_hip")


def _beside(view: LiveView, by_px: float) -> Pose:
    assert view.pose is not None
    return replace(view.pose, xy=view.pose.xy + np.array([by_px, 0.0], np.float32), score=np.ones_like(view.pose.score))


def _pixels(window: MainWindow) -> NDArray[np.int16]:
    """The canvas as it is painted, (H, W, 3) RGB."""
    image = window.page.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(np.int16)


def _ghostly(pixels: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Which pixels have the ghost's hue."""
    ghost = overlay.GHOST
    colour = np.array([ghost.red(), ghost.green(), ghost.blue()], np.int16)
    return np.asarray(np.abs(pixels - colour).max(axis=-1) < 45)


def test_the_ghost_is_drawn_dashed_where_it_is_expected(desk: Desk) -> None:
    window = desk.open()
    window.change(mirror=False)
    view = live_view(20)
    desk.show(view)
    assert not _ghostly(_pixels(window)).any()
    ghost = _beside(view, 120.0)
    desk.show(replace(view, ghost=Ghost(0.2, ghost, 0.05)))
    seen = _ghostly(_pixels(window))
    mapping = window.page.canvas.mapping()
    ends = [mapping.to_widget(float(x), float(y)) for x, y in ghost.xy[[_HIP, _KNEE]]]
    along = [ends[0] + (ends[1] - ends[0]) * share for share in np.linspace(0.05, 0.95, 120)]
    painted = [_near(seen, point.toPoint()) for point in along]
    assert 0.3 < np.mean(painted) < 0.95  # lines and gaps


def _near(seen: NDArray[np.bool_], at: QPoint) -> bool:
    return bool(seen[at.y() - 1 : at.y() + 2, at.x() - 1 : at.x() + 2].any())


def test_the_legend_names_the_ghost_or_says_that_it_is_hidden(desk: Desk) -> None:
    window = desk.open()
    view = live_view(20)
    desk.show(view)
    legend = window.page.legend
    alone = legend.height()
    assert legend.ghost == ""
    desk.show(replace(view, ghost=Ghost(0.3, _beside(view, 20.0), 0.05)))
    assert legend.ghost == "Ghost: 0.3 s ahead" and legend.height() > alone
    assert "Dashed" in legend.toolTip() and "Dashed" in legend.accessibleDescription()
    desk.show(replace(view, ghost=Ghost(0.3, None, 0.6)))
    assert "hidden" in legend.ghost and cut_texts(window) == []
    desk.show(view)
    assert legend.ghost == "" and legend.height() == alone and "Dashed" not in legend.toolTip()


def test_without_heat_the_legend_is_there_for_the_ghost_alone(desk: Desk) -> None:
    window = desk.open()
    window.change(show_heat=False)
    view = live_view(20)
    desk.show(view)
    assert not window.page.legend.isVisible()
    desk.show(replace(view, ghost=Ghost(0.1, None, None)))
    legend = window.page.legend
    assert legend.isVisible() and legend.sizeHint().height() < 40
    assert window.page.canvas.rect().contains(legend.geometry())


@pytest.mark.parametrize("ghost", [None, Ghost(0.1, None, 0.3)])
def test_the_legend_says_only_when_its_place_changes(desk: Desk, ghost: Ghost | None) -> None:
    window = desk.open()
    legend = HeatLegend(window.page.canvas)
    legend.show_parts(True, ghost)
    assert not legend.show_parts(True, ghost)
    assert legend.show_parts(False, ghost)
