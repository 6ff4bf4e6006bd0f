"""The strips: a gap in time stays a gap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QApplication

from fias_desktop.engine.view import History
from fias_desktop.ui import theme
from fias_desktop.ui.strips import Strips, broken_at_gaps, heat_image
from tests.fakes import scripted_history


def _without(history: History, start_s: float, end_s: float) -> History:
    kept = [i for i, time_s in enumerate(history.heat_times_s) if not start_s < time_s < end_s]
    names = ("samples", "class_probs", "heat_times_s", "heat")
    return replace(history, **{name: tuple(getattr(history, name)[i] for i in kept) for name in names})


def test_no_line_is_drawn_over_a_gap() -> None:
    times, probs = broken_at_gaps(np.array([0.0, 0.1, 6.0, 6.1]), np.full((4, 2), 0.5, np.float32))
    assert np.isnan(times).tolist() == [False, False, True, False, False]
    assert np.isnan(probs).all(axis=1).tolist() == [False, False, True, False, False]


def test_heat_stands_at_its_own_time() -> None:
    whole = heat_image(scripted_history(20.0))
    broken = heat_image(_without(scripted_history(20.0), 5.0, 11.0))
    assert whole.shape == broken.shape and not np.isnan(whole).any()
    empty = np.isnan(broken).all(axis=1)
    assert not empty[:51].any() and empty[51:110].all() and not empty[110:].any()
    np.testing.assert_allclose(broken[110:], whole[110:])


def test_slow_samples_leave_no_holes() -> None:
    assert not np.isnan(heat_image(scripted_history(20.0, rate_hz=2.0))).any()


def test_both_strips_are_empty_after_another_source(qapp: QApplication) -> None:
    strips = Strips(theme.DARK)
    strips.show_history(_without(scripted_history(20.0), 5.0, 11.0))
    strips.show_history(History())
    curves = [curve.getData()[0] for curve in strips._curves.values()]
    assert all(times is None or len(times) == 0 for times in curves) and strips._image.image is None
    assert strips.legend.text() == "What the network sees"
