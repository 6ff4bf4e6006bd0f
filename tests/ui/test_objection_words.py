"""The guard's objections in the language of the window."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from fias_desktop.coach.guard import check
from fias_desktop.coach.languages import words_of
from fias_desktop.coach.request import PROGRESS, Request
from fias_desktop.domain.types import Advice
from fias_desktop.ui import theme, translation
from fias_desktop.ui.advice_entry import AdviceEntry
from fias_desktop.ui.engine_words import engine_text, model_title
from fias_desktop.ui.objection_words import _OBJECTIONS, objection_text
from tests.unit.coach import test_guard, test_guard_chinese
from tests.unit.coach.coach_sets import facts, knees_in_set


@pytest.fixture(params=["de", "zh_TW"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    used = translation.Translation(qapp)
    used.use(request.param)
    yield request.param
    used.use("en")


def _found() -> set[str]:
    """Real objections of every kind that the guard's own tests know."""
    faulty, asked = facts(knees_in_set()), Request(language="zh_TW")
    rows = [row for text, _ in test_guard.BAD for row in check(text, faulty)]
    rows += [row for text, _ in test_guard_chinese.BAD for row in check(text, faulty, asked)]
    rows += check("That is better than last time, when 3 of 3 were correct.", test_guard.WORSE, Request(PROGRESS))
    return set(rows)


def test_every_objection_is_translated(language: str) -> None:
    objections = _found()
    assert len(objections) > 80
    assert [row for row in objections if objection_text(row) == row] == []


def test_what_the_model_wrote_stays_and_the_fault_is_translated(language: str) -> None:
    text = objection_text("It says the opposite of what helps against knees moving inward: knees in.")
    assert "knees in" in text and "knees moving inward" not in text
    assert {"de": "Knie nach innen", "zh_TW": "膝蓋內扣"}[language] in text
    assert objection_text("Something else entirely.") == "Something else entirely."


def test_no_place_is_left_open(language: str) -> None:
    for sentence in _OBJECTIONS:
        told = re.sub(r"\{\d\}", "0.72", sentence)
        assert "{" not in objection_text(told) and objection_text(told) != told


def test_every_fault_is_translated(language: str) -> None:
    for row in words_of("en").errors.values():
        text = objection_text(f"It does not name the main fault: {row.name}.")
        assert row.name not in text and text.count(":") + text.count("：") == 1


def test_the_entry_shows_them(language: str, qapp: QApplication) -> None:
    entry = AdviceEntry(theme.LIGHT, lambda _: None)
    entry.finish(Advice("", 0, "Knees out.", facts(knees_in_set()).evidence, "phrasebook", 1.0), lambda _: None)
    entry.show_objections(("The answer is too short.", "4 is not the number of repetitions of this set."))
    shown = entry.badge.toolTip()
    assert "too short" not in shown and "4 " in shown and "repetitions" not in shown
    entry.deleteLater()


def test_titles_and_errors_of_models(language: str) -> None:
    assert model_title("ST-GCN++ compact") != "ST-GCN++ compact" and "ST-GCN++" in model_title("ST-GCN++ compact")
    assert model_title("My model") == "My model"
    assert "x.safetensors" in engine_text("The I3D weights in x.safetensors cannot be read: it is cut off.")
    assert engine_text("The demo has no option fast.") != "The demo has no option fast."
