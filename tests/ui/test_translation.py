"""The German and the Chinese texts: complete, with the same places to fill in, and really used."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import PySide6
import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from fias_desktop import resources
from fias_desktop.coach.guard.simplified import SIMPLIFIED
from fias_desktop.domain.exercises import ERRORS, EXERCISES, LABELS
from fias_desktop.engine.view import Problem
from fias_desktop.ui import names, translation
from tests.ui.conftest import Desk

FOLDER = resources.root() / "translations"
LANGUAGES = ("de", "zh_TW")
# Names, keys and units that a Chinese reader sees in Latin letters as well, and what is typed into a terminal.
LATIN = {
    "FIAS", "Desktop", "GGUF", "CPU", "GPU", "CUDA", "MPS", "SHA", "MJPEG", "RTSP", "JPEG", "PNG", "GB", "Esc", "M",
    "H", "P", "F", "Top-p", "mediapipe", "MediaPipe", "llama", "cpp", "Linux",
}  # fmt: skip
TYPED = re.compile(r"sudo [\w -]+|http://[\w:@.]+|`video`|FIAS_HOME|\.(?:srt|vtt|task)\b|\{\d\}")
HALF_WIDTH = re.compile(r"[㐀-鿿」）][,.:;!?()]|[,:;!?(][㐀-鿿「（]")


def _file(language: str) -> Path:
    return FOLDER / f"fias_{language}.ts"


def _messages(path: Path) -> list[tuple[str, str, str]]:
    """(context, English, translation) of every text."""
    tree = ElementTree.parse(path)
    return [
        (context.findtext("name", ""), m.findtext("source", ""), m.findtext("translation", ""))
        for context in tree.getroot().iter("context")
        for m in context.iter("message")
    ]


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[QApplication]:
    """The application speaks Chinese."""
    used = translation.Translation(qapp)
    used.use("zh_TW")
    yield qapp
    used.use("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    messages = _messages(_file(language))
    assert len(messages) > 450 and [source for _, source, text in messages if not text] == []
    unfinished = ElementTree.parse(_file(language)).getroot().iterfind(".//translation[@type]")
    assert [message.text for message in unfinished] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_source_is_missing(language: str, tmp_path: Path) -> None:
    lupdate = shutil.which("lupdate", path=str(Path(PySide6.__file__).parent))
    if lupdate is None:
        pytest.skip("this PySide6 has no lupdate")
    sources = sorted(str(path) for path in Path(translation.__file__).parent.glob("*.py"))
    fresh = tmp_path / f"fias_{language}.ts"
    subprocess.run([lupdate, *sources, "-ts", str(fresh), "-locations", "none"], check=True, capture_output=True)
    wanted = {row[:2] for row in _messages(fresh)}
    assert len(wanted) > 450
    assert wanted == {row[:2] for row in _messages(_file(language))}


def test_both_languages_have_the_same_texts() -> None:
    german, chinese = (sorted(row[:2] for row in _messages(_file(language))) for language in LANGUAGES)
    assert german == chinese


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_to_fill_in_are_the_same(language: str) -> None:
    for _, source, text in _messages(_file(language)):
        assert sorted(re.findall(r"\{\d\}", source)) == sorted(re.findall(r"\{\d\}", text)), source


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_as_new_as_its_source(language: str, qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(f"fias_{language}", str(FOLDER))
    for context, source, text in _messages(_file(language)):
        assert translator.translate(context, source) == text, source


def test_chinese_is_chinese() -> None:
    for _, source, text in _messages(_file("zh_TW")):
        plain = TYPED.sub("", text)
        assert set(re.findall(r"[A-Za-z]+(?:-[a-z]+)?", plain)) <= LATIN, source
        assert not SIMPLIFIED & set(text), source
        assert not HALF_WIDTH.search(plain), source


def test_chinese_uses_the_words_of_the_coach() -> None:
    words = {source: text for context, source, text in _messages(_file("zh_TW")) if context == "names"}
    assert (words["Squat"], words["Lunge"], words["Push-up"]) == ("深蹲", "弓箭步", "伏地挺身")
    assert words["Knees inward"] == "膝蓋內扣" and words["Knee angle"] == "膝蓋角度"


def test_a_language_is_used_and_another_is_english(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(QLocale("de_AT"), "fias", "_", str(FOLDER))
    qapp.installTranslator(translator)
    assert names.exercise("squat") == "Kniebeuge" and names.joint("left_knee") == "Knie links"
    qapp.removeTranslator(translator)
    assert names.exercise("squat") == "Squat"
    assert translation.locale_of("de").language() == QLocale.Language.German


@pytest.mark.parametrize("language", ["zh_TW", "zh_HK", "zh_Hant"])
def test_traditional_chinese_of_any_place(language: str, qapp: QApplication) -> None:
    used = translation.Translation(qapp)
    used.use(language)
    assert names.label("squat_knees_inward") == "深蹲：膝蓋內扣" and names.joint("left_knee") == "左膝"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    used.use("en")
    assert names.exercise("squat") == "Squat"


def test_chinese_without_a_chinese_font(qapp: QApplication) -> None:
    def no_font(system: QFontDatabase.WritingSystem) -> list[str]:
        return []

    def noto(system: QFontDatabase.WritingSystem) -> list[str]:
        return ["Noto Sans CJK TC"] if system == QFontDatabase.WritingSystem.TraditionalChinese else []

    assert not translation.can_show("zh_TW", no_font) and translation.can_show("de", no_font)
    assert "No Chinese font" in translation.font_note(no_font)
    assert translation.can_show("zh_TW", noto) and translation.font_note(noto) == ""


def test_a_language_that_cannot_be_shown_stays_english(qapp: QApplication) -> None:
    used = translation.Translation(qapp, families=lambda _: [])
    used.use("zh_TW")
    assert names.exercise("squat") == "Squat"
    used.use("de")
    assert names.exercise("squat") == "Kniebeuge"
    used.use("en")


def test_the_window_changes_its_language_at_once(desk: Desk) -> None:
    before = desk.open()
    assert before.page.side.advice.advise_button.text() == "Advise now"
    size = before.size()
    before.change(language="de")
    desk.qtbot.waitUntil(lambda: desk.window is not before)
    assert desk.window.page.side.advice.advise_button.text() == "Jetzt beraten"
    assert desk.window.isVisible() and desk.window.size() == size
    desk.qtbot.waitUntil(lambda: desk.engine.commands.count(("start", "demo")) == 2)
    desk.tell(Problem("The camera stopped.", "Check the cable."))
    assert len(desk.window.page.banners.banners) == 1
    desk.window.change(language="zh_TW")
    desk.qtbot.waitUntil(lambda: desk.window.page.side.advice.advise_button.text() == "立即建議")
    desk.window.change(language="en")
    desk.qtbot.waitUntil(lambda: desk.window.page.side.advice.advise_button.text() == "Advise now")


def test_every_code_has_a_name() -> None:
    codes = {error for errors in ERRORS.values() for error in errors} | {"correct", "unknown"}
    assert codes <= names._FORMS.keys() and {*EXERCISES, "idle"} <= names._EXERCISES.keys()
    assert names.label("squat_knees_inward") == "Squat: Knees inward" and len({names.label(x) for x in LABELS}) == 10


def test_parts_are_put_together_as_the_language_does(chinese: QApplication) -> None:
    assert (
        names.listed("頭", "手臂") == "頭、手臂"
        and names.in_sentences("不夠深", "膝蓋角度 118°") == "不夠深。膝蓋角度 118°"
    )
    assert names.judged("knee_angle", 118.4, "deg", (60.0, 100.0)) == "膝蓋角度 118°，應為 ≤ 100°"
    assert names.amount(1.24, "s") == "1.2 秒"
    assert (
        names.paragraph("找不到攝影機。", "", "請關閉其他程式。") == "找不到攝影機。請關閉其他程式。"
        and names.paragraph("") == ""
    )


def test_measurements_in_words() -> None:
    assert names.judged("knee_angle", 98.4, "deg", (60.0, 100.0)) == "Knee angle 98°, expected 60° – 100°"
    assert names.judged("knee_angle", 100.3, "deg", (60.0, 100.0)) == "Knee angle 100.3°, expected ≤ 100°"
    assert names.judged("knee_angle", 118.4, "deg", (60.0, 100.0)) == "Knee angle 118°, expected ≤ 100°"
    assert names.judged("hip_line", -25.0, "deg", (-12.0, 60.0)) == "Hip line -25°, expected ≥ -12°"
    assert names.judged("hip_line", 4.0, "deg", (-12.0, 60.0)) == "Hip line 4°, expected ≤ 60°"
    assert names.judged("trunk_lean", 51.0, "deg", (-30.0, 45.0)) == "Trunk lean 51°, expected ≤ 45°"
    assert names.judged("some_new_ratio", 0.5, "ratio", (0.8, 99.0)) == "Some new 0.50, expected ≥ 0.80"
    assert names.moment(72.44) == "1:12.4" and names.moment(-1.0) == "0:00.0"
    assert (
        names.listed("head", "arms") == "head, arms"
        and names.in_sentences("Too shallow", "Deep") == "Too shallow. Deep"
    )
