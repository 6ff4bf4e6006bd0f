"""What the engine says, in the language of the window."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from fias_desktop import resources
from fias_desktop.ui import engine_words
from fias_desktop.ui.engine_words import engine_text
from fias_desktop.ui.translation import Translation

CHECK = "Check its cable."


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    used = Translation(qapp)
    used.use("zh_TW")
    yield
    used.use("en")


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    used = Translation(qapp)
    used.use("de")
    yield
    used.use("en")


def test_english_stays_as_it_is(qapp: QApplication) -> None:
    for text in ("The camera A (4.2) was lost.", f"The camera A was lost. {CHECK}", "CPU (CUDA ran out of memory)", ""):
        assert engine_text(text) == text


def test_a_name_and_a_number_keep_their_places(chinese: None) -> None:
    assert engine_text("No camera was found.") == "找不到攝影機。"
    assert engine_text("The camera USB 2.0 Cam was lost.") == "攝影機 USB 2.0 Cam 中斷了。"
    assert engine_text("The file is cut off: about 4 of 12 seconds are there.") == "檔案不完整：12 秒中大約只有 4 秒。"


def test_the_sentence_with_the_most_words_of_its_own_is_taken(chinese: None) -> None:
    assert engine_text("The language model a.gguf is empty (0 bytes).") == "語言模型 a.gguf 是空的（0 位元組）。"
    assert engine_text("a.mp4 is empty (0 bytes).") == "a.mp4 是空的（0 位元組）。"


def test_several_sentences(chinese: None) -> None:
    hint = f"{CHECK} It is tried again every 2 seconds."
    assert engine_text(hint) == "請檢查線路。每 2 秒會再試一次。"
    damaged = "The language model a.b. gguf is damaged: it holds no weights. Start again."
    assert engine_text(damaged) == "語言模型 a.b. gguf 損壞了：it holds no weights。請重新開始。"


def test_several_sentences_in_german(german: None) -> None:
    assert (
        engine_text("Choose another file. Close other programs.")
        == "Wähle eine andere Datei. Schließe andere Programme."
    )


def test_reasons_inside_a_sentence(chinese: None) -> None:
    assert engine_text("Not counted: only one knee was bent.") == "沒有算：只彎了一邊膝蓋。"
    assert engine_text("Not counted: it took only 0.3 s.") == "沒有算：只花了 0.3 秒。"
    assert engine_text("Not counted: the recogniser takes it for push-up (80%).") == "沒有算：看起來是伏地挺身（80%）。"
    assert engine_text("a.mp4 could not be read: Permission denied.") == "無法讀取 a.mp4：沒有權限。"


def test_devices(chinese: None) -> None:
    assert engine_text("CPU") == "CPU" and engine_text("CUDA: NVIDIA H100") == "CUDA: NVIDIA H100"
    assert engine_text("CPU (no CUDA or MPS device)") == "CPU（沒有 CUDA 或 MPS 裝置）"
    assert engine_text("CPU, 4 threads, the GPU failed (a.gguf)") == "CPU，4 個執行緒，GPU 發生問題（a.gguf）"
    assert engine_text("loading") == "載入中" and engine_text("loading (coach.gguf)") == "載入中（coach.gguf）"


def test_what_is_not_known_is_shown_as_it_is(chinese: None) -> None:
    for text in ("Something new happened.", "Something new. Start again", "no {0} braces {1"):
        assert engine_text(text) == text


def test_every_reason_of_the_rules_is_known(chinese: None) -> None:
    reasons = [gate.reason for rule in resources.exercise_rules() for gate in rule.gates]
    assert len(reasons) > 10
    for reason in reasons:
        assert not re.search("[a-z]", engine_text(f"Not counted: {reason}.")), reason


def test_no_text_is_out_of_date() -> None:
    """What stands here is still said somewhere: in a string of the source, a file of resources or by the system."""
    said = "\n".join(_said())
    for text in engine_words._ALL:
        for part in re.split(r"\{\d\}", text):
            for sentence in re.split(r"(?<=[a-z])\. ", part):
                assert sentence.strip(" .:()") in said, text


def _said() -> Iterator[str]:
    package = Path(engine_words.__file__).parents[1]
    for path in package.rglob("*.py"):
        if path.name != "engine_words.py":
            yield from _strings(ast.parse(path.read_text(encoding="utf-8")))
    for pattern in ("*.toml", "coach/*.toml", "models/*/card.toml"):
        yield from (path.read_text(encoding="utf-8") for path in resources.root().glob(pattern))
    yield from (os.strerror(number) for number in range(1, 40))
    yield "squat lunge push-up idle"


def _strings(tree: ast.AST) -> Iterator[str]:
    return (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
