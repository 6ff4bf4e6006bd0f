from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QApplication

from fias_desktop.domain.types import TimelineSample
from fias_desktop.ui import names, theme
from fias_desktop.ui.hud import state_of
from fias_desktop.ui.strips import Strips
from tests.fakes import live_view, scripted_history


def test_a_class_that_is_no_exercise_is_named_as_it_is(qapp: QApplication) -> None:
    assert names.label("resistance_band") == "Resistance band"
    assert names.label("squat_knees_inward").startswith("Squat")


def test_the_head_up_display_tells_what_a_model_of_other_classes_names(qapp: QApplication) -> None:
    sample = TimelineSample(1.0, "resistance_band", "resistance_band", 0.8, True)
    state = state_of(live_view(sample=sample, exercise="", counted=0, last_repetition=None))
    assert state is not None
    assert state.title == "Resistance band"


def test_the_strips_show_other_classes(qapp: QApplication) -> None:
    history = scripted_history(10.0)
    rows = tuple((0.7, 0.2, 0.1) for _ in history.samples)
    strips = Strips(theme.DARK)
    strips.show_history(replace(history, labels=("dumbbell", "band", "nothing"), class_probs=rows))
    assert "Dumbbell" in strips.legend.text()
