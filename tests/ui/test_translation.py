"""The German texts: complete, with the same places to fill in, and really used."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from fias_desktop import resources
from fias_desktop.domain.exercises import ERRORS, EXERCISES, LABELS
from fias_desktop.ui import names, translation

FOLDER = resources.root() / "translations"


def _messages() -> list[tuple[str, str]]:
    tree = ElementTree.parse(FOLDER / "fias_de.ts")
    return [(m.findtext("source", ""), m.findtext("translation", "")) for m in tree.getroot().iter("message")]


def test_every_text_is_translated() -> None:
    messages = _messages()
    assert len(messages) > 150 and [source for source, german in messages if not german] == []


def test_places_to_fill_in_are_the_same() -> None:
    for source, german in _messages():
        assert sorted(re.findall(r"\{\d\}", source)) == sorted(re.findall(r"\{\d\}", german)), source


def test_the_compiled_file_is_as_new_as_its_source(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load("fias_de", str(FOLDER))
    tree = ElementTree.parse(FOLDER / "fias_de.ts")
    for context in tree.getroot().iter("context"):
        for message in context.iter("message"):
            name, source = context.findtext("name", ""), message.findtext("source", "")
            assert translator.translate(name, source) == message.findtext("translation"), source


def test_a_language_is_used_and_another_is_english(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(QLocale("de_AT"), "fias", "_", str(FOLDER))
    qapp.installTranslator(translator)
    assert names.exercise("squat") == "Kniebeuge" and names.joint("left_knee") == "Knie links"
    qapp.removeTranslator(translator)
    assert names.exercise("squat") == "Squat"
    assert translation.locale_of("de").language() == QLocale.Language.German


def test_every_code_has_a_name() -> None:
    codes = {error for errors in ERRORS.values() for error in errors} | {"correct", "unknown"}
    assert codes <= names._FORMS.keys() and {*EXERCISES, "idle"} <= names._EXERCISES.keys()
    assert names.label("squat_knees_inward") == "Squat: Knees inward" and len({names.label(x) for x in LABELS}) == 10


def test_measurements_in_words() -> None:
    assert names.judged("knee_angle", 98.4, "deg", (60.0, 100.0)) == "Knee angle 98°, expected 60° – 100°"
    assert names.judged("knee_angle", 118.4, "deg", (60.0, 100.0)) == "Knee angle 118°, expected ≤ 100°"
    assert names.judged("hip_line", -25.0, "deg", (-12.0, 60.0)) == "Hip line -25°, expected ≥ -12°"
    assert names.judged("hip_line", 4.0, "deg", (-12.0, 60.0)) == "Hip line 4°, expected ≤ 60°"
    assert names.judged("trunk_lean", 51.0, "deg", (-30.0, 45.0)) == "Trunk lean 51°, expected ≤ 45°"
    assert names.judged("some_new_ratio", 0.5, "ratio", (0.8, 99.0)) == "Some new 0.50, expected ≥ 0.80"
    assert names.moment(72.44) == "1:12.4" and names.moment(-1.0) == "0:00.0"
