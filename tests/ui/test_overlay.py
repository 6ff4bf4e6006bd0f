"""The heat: colours, scale, and what happens when there is none."""

from __future__ import annotations

import numpy as np
import pytest

from fias_desktop.domain.skeleton import COCO17, COCO17_FEET, FACE_JOINTS
from fias_desktop.domain.types import Saliency
from fias_desktop.ui import overlay
from fias_desktop.ui.heat_legend import is_stable
from fias_desktop.ui.strips import heat_image
from tests.fakes import scripted_history


def test_the_colour_map_grows_evenly_lighter() -> None:
    linear = (overlay.colour_table() / 255.0) ** 2.2
    lightness = (linear @ np.array([0.2126, 0.7152, 0.0722])) ** (1 / 3)
    steps = np.diff(lightness[::16])
    assert (steps > 0).all() and steps.max() < 3 * np.median(steps)


def test_heat_is_scaled_to_the_hottest_joint() -> None:
    heat = np.full(21, 0.005)
    heat[COCO17_FEET.index("left_knee")] = 0.04
    scaled = overlay.heat_by_joint(tuple(heat), face=False)
    assert scaled["left_knee"] == 1.0 and scaled["right_knee"] == pytest.approx(0.125)


def test_even_heat_is_not_shown_as_hot() -> None:
    scaled = overlay.heat_by_joint((0.3,) * 21, face=False)
    assert list(scaled.values()) == pytest.approx([1 / 3.5] * 16)


@pytest.mark.parametrize("value", [0.0, float("nan"), -1.0])
def test_no_heat_is_cold_and_not_divided_by_zero(value: float) -> None:
    scaled = overlay.heat_by_joint((value,) * 17, face=True)
    assert len(scaled) == 17 and not any(scaled.values())


def test_face_joints_neither_show_nor_set_the_scale_unless_asked() -> None:
    heat = [0.001] * 17
    heat[COCO17.index("left_knee")] = 0.1
    heat[COCO17.index("nose")] = 10.0
    without, with_face = (overlay.heat_by_joint(tuple(heat), face) for face in (False, True))
    assert not FACE_JOINTS & without.keys() and without["left_knee"] == 1.0
    assert with_face["nose"] == 1.0 and with_face["left_knee"] == pytest.approx(0.01)


def test_an_unknown_number_of_joints_has_no_heat() -> None:
    assert overlay.heat_by_joint((1.0,) * 5, face=False) == {}


def test_colours_reach_from_low_to_high() -> None:
    low, high = overlay.heat_colour(0.0), overlay.heat_colour(2.0)
    assert low.blue() > low.green() and high.green() > high.blue() and overlay.heat_colour(float("nan")) == low


def test_the_strip_has_one_row_a_body_joint() -> None:
    image = heat_image(scripted_history(20.0))
    assert image.shape[1] == 16 and image.max() == pytest.approx(1.0) and image.min() >= 0.0
    knees = image[:, 8:10].mean()
    assert knees > 3 * image[:, :6].mean()


@pytest.mark.parametrize(
    ("drop", "random", "stable"),
    [(0.34, 0.05, True), (0.06, 0.05, False), (0.04, 0.0, False), (-0.1, -0.3, False), (0.3, 0.2, False)],
)
def test_trust_must_clearly_beat_random_joints(drop: float, random: float, stable: bool) -> None:
    saliency = Saliency(np.zeros((2, 21), dtype=np.float32), "squat_correct", "Grad-CAM", drop, random)
    assert saliency.deletion_drop is not None and saliency.random_drop is not None
    assert is_stable(saliency.deletion_drop, saliency.random_drop) is stable
