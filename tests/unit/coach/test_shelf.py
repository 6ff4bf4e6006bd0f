from __future__ import annotations

import shutil
from pathlib import Path

import gguf
import numpy as np
import pytest

from fias_desktop import resources
from fias_desktop.coach.models import shelf as shelves
from fias_desktop.coach.models.shelf import Shelf
from fias_desktop.domain.errors import FiasError
from tests.unit.coach.tiny_gguf import write_tiny_gguf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf ü", resources.coach_model())


def bring(shelf: Shelf, path: Path) -> Path | None:
    return shelf.import_file(path, lambda done, total: None, lambda: False)


def write_odd_gguf(path: Path, architecture: str = "llama", parts: int = 0) -> Path:
    """A small whole file that is no model to talk to."""
    writer = gguf.GGUFWriter(str(path), architecture)
    writer.add_name("Odd")
    if parts:
        writer.add_uint16("split.count", parts)
    writer.add_tensor("a.weight", np.ones(8, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_the_bundled_model_is_there_before_any_folder_is(shelf: Shelf) -> None:
    (bundled,) = shelf.models()
    assert (bundled.place, bundled.name, bundled.licence) == ("bundled", "FIAS coach", "Apache-2.0")
    assert bundled.architecture == "llama" and bundled.problem == "" and bundled.quantisation
    assert bundled.size_bytes == resources.coach_model().stat().st_size
    assert not shelf.folder.exists()


def test_the_memory_grows_with_the_context_up_to_the_models_own(shelf: Shelf, tmp_path: Path) -> None:
    bring(shelf, write_tiny_gguf(tmp_path / "tiny.gguf", width=64, layers=2))  # knows 1024 tokens
    model = shelf.models()[1]
    assert model.size_bytes < model.memory_bytes(512) < model.memory_bytes(1024) == model.memory_bytes(8192)


def test_a_file_is_copied_whole_and_listed(shelf: Shelf, tmp_path: Path) -> None:
    source = write_tiny_gguf(tmp_path / "modèle ü.gguf")
    seen: list[tuple[int, int]] = []
    target = shelf.import_file(source, lambda done, total: seen.append((done, total)), lambda: False)
    assert target == shelf.folder / "modèle ü.gguf" and target.read_bytes() == source.read_bytes()
    size = source.stat().st_size
    assert seen[0] == (0, size) and seen[-1] == (size, size)
    model = shelf.models()[1]
    assert (model.path, model.place, model.name, model.size_bytes) == (target, "shelf", "modèle ü", size)
    assert [path.name for path in shelf.folder.iterdir()] == [target.name], "nothing is left beside it"


def test_an_import_can_be_cancelled(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "CHUNK_BYTES", 1000)
    source = write_tiny_gguf(tmp_path / "tiny.gguf")
    done = [0]

    def note(now: int, total: int) -> None:
        done[0] = now

    assert shelf.import_file(source, note, lambda: done[0] >= 5000) is None
    assert 5000 <= done[0] < source.stat().st_size and list(shelf.folder.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no model", b"GGUF" + b"\xff" * 100])
def test_what_is_no_model_does_not_come_in(shelf: Shelf, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    with pytest.raises(FiasError, match=r"bad\.gguf"):
        bring(shelf, path)
    assert not shelf.folder.exists()


def test_a_truncated_model_does_not_come_in(shelf: Shelf, tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "cut.gguf")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FiasError, match="end is missing"):
        bring(shelf, path)


def test_networks_that_do_not_talk_and_parts_do_not_come_in(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(FiasError, match="no language model"):
        bring(shelf, write_odd_gguf(tmp_path / "clip.gguf", architecture="clip"))
    with pytest.raises(FiasError, match="one of 3 parts"):
        bring(shelf, write_odd_gguf(tmp_path / "part.gguf", parts=3))


def test_the_same_model_is_refused_under_any_name(shelf: Shelf, tmp_path: Path) -> None:
    source = write_tiny_gguf(tmp_path / "tiny.gguf")
    target = bring(shelf, source)
    for path in (source, shutil.copy(source, tmp_path / "other name.gguf"), target, shelf.bundled):
        assert path is not None
        with pytest.raises(FiasError, match="there already") as caught:
            bring(shelf, Path(path))
        assert "Use" in caught.value.hint
    assert len(shelf.models()) == 2


def test_another_model_with_the_same_name_is_refused_kindly(shelf: Shelf, tmp_path: Path) -> None:
    bring(shelf, write_tiny_gguf(tmp_path / "tiny.gguf"))
    (tmp_path / "b").mkdir()
    with pytest.raises(FiasError, match="the name") as caught:
        bring(shelf, write_tiny_gguf(tmp_path / "b" / "tiny.gguf", layers=2))
    assert "Rename" in caught.value.hint


def test_too_little_space_is_noticed_before_copying(shelf: Shelf, tmp_path: Path) -> None:
    full = Shelf(shelf.folder, shelf.bundled, reserve_bytes=1 << 60)
    with pytest.raises(FiasError, match="free"):
        bring(full, write_tiny_gguf(tmp_path / "tiny.gguf"))
    assert list(full.folder.iterdir()) == []


def test_a_damaged_file_in_the_folder_is_listed_with_its_reason(shelf: Shelf) -> None:
    shelf.folder.mkdir()
    (shelf.folder / "broken.gguf").write_bytes(b"GGUF no")
    (shelf.folder / "half.gguf.part").write_bytes(b"x")
    (shelf.folder / "notes.txt").write_bytes(b"x")
    bundled, broken = shelf.models()
    assert broken.name == "broken" and "damaged" in broken.problem and broken.size_bytes == 7
    assert broken.memory_bytes(2048) == 7 and bundled.problem == ""


def test_a_file_that_was_replaced_is_looked_at_again(shelf: Shelf, tmp_path: Path) -> None:
    shelf.folder.mkdir()
    path = shelf.folder / "a.gguf"
    path.write_bytes(b"GGUF no")
    assert shelf.models()[1].problem
    write_tiny_gguf(path)
    assert shelf.models()[1].problem == ""


def test_a_model_from_elsewhere_is_listed_once_and_a_missing_one_with_its_reason(shelf: Shelf, tmp_path: Path) -> None:
    outside = write_tiny_gguf(tmp_path / "outside.gguf")
    gone = tmp_path / "gone.gguf"
    models = shelf.models(also=(outside, gone, shelf.bundled))
    assert [(model.place, bool(model.problem)) for model in models] == [
        ("bundled", False), ("elsewhere", False), ("elsewhere", True),
    ]  # fmt: skip


def test_a_model_of_the_folder_is_deleted(shelf: Shelf, tmp_path: Path) -> None:
    target = bring(shelf, write_tiny_gguf(tmp_path / "tiny.gguf"))
    assert target is not None
    shelf.delete(target)
    shelf.delete(target)
    assert len(shelf.models()) == 1 and (tmp_path / "tiny.gguf").exists()


def test_nothing_else_is_ever_deleted(shelf: Shelf, tmp_path: Path) -> None:
    shelf.folder.mkdir()
    outside = write_tiny_gguf(tmp_path / "outside.gguf")
    inside = shelf.folder / "catalogue.toml"
    inside.write_text("")
    for path in (outside, shelf.folder / ".." / "outside.gguf", inside, shelf.bundled):
        with pytest.raises(FiasError, match="not deleted"):
            shelf.delete(path)
    own = Shelf(shelf.bundled.parent, shelf.bundled)
    with pytest.raises(FiasError, match="not deleted"):
        own.delete(shelf.bundled)
    assert outside.exists() and inside.exists() and shelf.bundled.exists()


def test_a_link_is_removed_and_not_what_it_leads_to(shelf: Shelf, tmp_path: Path) -> None:
    shelf.folder.mkdir()
    outside = write_tiny_gguf(tmp_path / "outside.gguf")
    link = shelf.folder / "link.gguf"
    link.symlink_to(outside)
    shelf.delete(link)
    assert outside.exists() and not link.is_symlink()


def test_the_memory_guard_keeps_a_tenth_free() -> None:
    assert shelves.fits(900, 1000) and not shelves.fits(901, 1000)
    assert shelves.free_memory_bytes() > 1 << 20
