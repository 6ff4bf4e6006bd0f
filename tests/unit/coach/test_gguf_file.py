from __future__ import annotations

import struct
from pathlib import Path

import pytest

from fias_desktop.coach.gguf_file import check_memory, read_header
from fias_desktop.domain.errors import FiasError
from tests.unit.coach.tiny_gguf import write_tiny_gguf


def test_a_good_file_tells_its_family_and_size(tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "modèle ü.gguf")
    header = read_header(path)
    assert header.architecture == "llama"
    assert header.size_bytes == path.stat().st_size
    assert not header.has_chat_template
    assert not header.bundled


def test_a_chat_template_is_seen(tmp_path: Path) -> None:
    assert read_header(write_tiny_gguf(tmp_path / "chat.gguf", chat=True)).has_chat_template


@pytest.mark.parametrize("content", [b"", b"This is a text file, no model.", b"GGUF", b"GGUF" + b"\xff" * 200])
def test_what_is_no_model_is_refused_with_a_next_step(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    with pytest.raises(FiasError) as caught:
        read_header(path)
    assert "bad.gguf" in caught.value.user_message
    assert "settings" in caught.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FiasError, match="cannot be read"):
        read_header(tmp_path / "none.gguf")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FiasError, match="cannot be read"):
        read_header(tmp_path)


def test_every_truncation_is_noticed(tmp_path: Path) -> None:
    whole = write_tiny_gguf(tmp_path / "whole.gguf").read_bytes()
    path = tmp_path / "cut.gguf"
    for keep in [*range(1, 400, 7), len(whole) // 2, len(whole) - 200]:
        path.write_bytes(whole[:keep])
        with pytest.raises(FiasError):
            read_header(path)


def test_random_damage_in_the_header_never_escapes_as_another_error(tmp_path: Path) -> None:
    whole = bytearray(write_tiny_gguf(tmp_path / "whole.gguf").read_bytes())
    path = tmp_path / "damaged.gguf"
    for at in range(4, 600, 5):
        damaged = bytearray(whole)
        damaged[at : at + 8] = struct.pack("<Q", 2**63 - at)
        path.write_bytes(damaged)
        try:
            read_header(path)
        except FiasError:
            continue


def test_a_model_larger_than_the_free_memory_is_refused(tmp_path: Path) -> None:
    header = read_header(write_tiny_gguf(tmp_path / "a.gguf"))
    check_memory(header, "a.gguf", 1024, available_bytes=1 << 30)
    with pytest.raises(FiasError, match="memory"):
        check_memory(header, "a.gguf", 1024, available_bytes=1 << 20)
