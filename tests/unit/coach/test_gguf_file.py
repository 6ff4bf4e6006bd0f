from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from fias_desktop.coach.llm.gguf_file import check_memory, read_header
from fias_desktop.domain.errors import FiasError
from fias_desktop.resources import coach_model
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


def damaged(path: Path, old: bytes, new: bytes, shift: int = 0) -> Path:
    """Write `new` over a tiny model's bytes, `shift` behind the end of the first `old`."""
    content = bytearray(write_tiny_gguf(path).read_bytes())
    at = content.index(old) + len(old) + shift
    content[at : at + len(new)] = new
    path.write_bytes(content)
    return path


QUERY = b"blk.0.attn_q.weight"  # then: number of dimensions (4 bytes), two sizes (8 each), kind (4), place (8)
HEADER_DAMAGE = [
    (b"GGUF", 0, struct.pack("<I", 1), "version 1"),
    (b"GGUF", 0, struct.pack(">I", 3), "version 50331648"),
    (b"GGUF", 4, struct.pack("<Q", 0), "no weights"),
    (b"GGUF", 4, struct.pack("<Q", 2**63), "number of tensors is 9223372036854775808"),
    (b"GGUF", 12, struct.pack("<Q", 2**40), "number of entries is 1099511627776"),
    (b"tokenizer.ggml.tokens", 8, struct.pack("<Q", 2**61), "length of tokenizer.ggml.tokens is"),
    (b"tokenizer.ggml.tokens", 4, struct.pack("<I", 9), "list of an unknown kind"),
    (b"tokenizer.ggml.add_bos_token", 4, b"\x02", "value of a switch is 2"),
    (b"llama.block_count", 4, struct.pack("<I", 2**31), "llama.block_count is 2147483648"),
    (b"llama.attention.head_count", 4, struct.pack("<I", 0), "head_count is 0"),
    (b"llama.embedding_length", 0, struct.pack("<I", 6), "llama.embedding_length is"),
]
TENSOR_DAMAGE = [
    (0, struct.pack("<I", 0), "0 dimensions"),
    (0, struct.pack("<I", 200), "200 dimensions"),
    (4, struct.pack("<Q", 0), "impossible sizes"),
    (4, struct.pack("<QQ", 2**40, 2**40), "impossible sizes"),
    (4, struct.pack("<Q", 2**20), "the end is missing"),
    (20, struct.pack("<I", 77), "unknown kind"),
    (20, struct.pack("<I", 14), "no multiple of 256"),
    (24, struct.pack("<Q", 2**62), "the end is missing"),
    (24, struct.pack("<Q", 0), "lies across another one"),
    (24, struct.pack("<Q", 33), "multiple of 32"),
]


@pytest.mark.parametrize(("at", "shift", "new", "said"), HEADER_DAMAGE)
def test_a_header_that_lies_is_refused_with_what_is_wrong(
    tmp_path: Path, at: bytes, shift: int, new: bytes, said: str
) -> None:
    with pytest.raises(FiasError, match=said):
        read_header(damaged(tmp_path / "lies.gguf", at, new, shift))


@pytest.mark.parametrize(("shift", "new", "said"), TENSOR_DAMAGE)
def test_a_tensor_of_wrong_size_or_place_is_refused(tmp_path: Path, shift: int, new: bytes, said: str) -> None:
    with pytest.raises(FiasError, match=said):
        read_header(damaged(tmp_path / "lies.gguf", QUERY, new, shift))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"blk.0.attn_q.weight", b"blk.0.attn_k.weight", "the tensor blk.0.attn_k.weight is there twice"),
        (b"llama.context_length", b"tokenizer.ggml.model", "the entry 'tokenizer.ggml.model' is there twice"),
        (b"tokenizer.ggml.merges", b"tokenizer.ggml.scores", "257 tokens, but 1 values"),
    ],
)
def test_entries_that_contradict_each_other_are_refused(tmp_path: Path, old: bytes, new: bytes, said: str) -> None:
    path = write_tiny_gguf(tmp_path / "lies.gguf")
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(FiasError, match=said):
        read_header(path)


def test_random_damage_of_the_bundled_model_is_refused_or_leaves_a_header(tmp_path: Path) -> None:
    whole = coach_model().read_bytes()
    rng = random.Random(5)
    path = tmp_path / "fuzz.gguf"
    path.write_bytes(whole)
    ends = {"refused": 0, "accepted": 0}
    for _ in range(400):
        places = [rng.randrange(4, 31_000) for _ in range(rng.choice((1, 1, 4)))]
        with path.open("r+b") as file:
            for at in places:
                file.seek(at)
                file.write(bytes([rng.randrange(256)]))
        try:
            ends["accepted" if read_header(path).tensors else "refused"] += 1
        except FiasError as error:
            assert "damaged" in error.user_message or "GGUF" in error.user_message
            ends["refused"] += 1
        with path.open("r+b") as file:
            for at in places:
                file.seek(at)
                file.write(whole[at : at + 1])
    assert read_header(path).tensors > 0
    assert min(ends.values()) > 20


def test_cuts_of_the_bundled_model_are_refused(tmp_path: Path) -> None:
    whole = coach_model().read_bytes()
    rng = random.Random(6)
    path = tmp_path / "cut.gguf"
    for keep in [0, 3, 4, 8, 23, 24, *(rng.randrange(31_000) for _ in range(100)), len(whole) - 100]:
        path.write_bytes(whole[:keep])
        with pytest.raises(FiasError):
            read_header(path)
