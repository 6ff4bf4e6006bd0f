from __future__ import annotations

from pathlib import Path

import pytest

from fias_desktop.coach.models import catalogue
from fias_desktop.coach.models.catalogue import CatalogueEntry

GOOD = """
[[model]]
id = "mine"
name = "My model"
file = "mine.gguf"
url = "https://models.example/mine.gguf"
size_bytes = 1000
memory_bytes = 2000
licence = "MIT"
sha256 = "{hash}"
languages = ["English"]
"""


def own(folder: Path, *rows: str) -> Path:
    (folder / catalogue.FILE_NAME).write_text("".join(rows), encoding="utf-8")
    return folder


def entry(**changes: str) -> str:
    """A good entry with lines of it changed."""
    lines = GOOD.format(hash="ab" * 32).splitlines()
    for key, value in changes.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in lines]
    return "\n".join(lines) + "\n"


def test_every_entry_of_ours_is_complete_open_and_pinned(tmp_path: Path) -> None:
    read = catalogue.read(tmp_path)
    assert read.problems == () and len(read.entries) >= 4
    for model in read.entries:
        assert model.origin == "bundled" and model.licence in ("Apache-2.0", "MIT")
        assert model.url.startswith("https://huggingface.co/") and model.url.endswith(f"/{model.file}")
        # A revision, not a branch: what lies there cannot change.
        assert len(model.url.split("/resolve/")[1].split("/")[0]) == 40
        assert model.size_bytes < model.memory_bytes < 2 * model.size_bytes
        assert len(set(model.sha256)) > 8, "a real hash"
    assert len({model.sha256 for model in read.entries}) == len(read.entries)


def test_a_person_may_add_entries(tmp_path: Path) -> None:
    read = catalogue.read(own(tmp_path, entry()))
    assert read.problems == ()
    mine = read.entries[-1]
    assert (mine.id, mine.origin, mine.host, mine.languages) == ("mine", "own", "models.example", ("English",))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sha256": '""'}, "sha256"),
        ({"sha256": '"' + "AB" * 32 + '"'}, "sha256"),
        ({"size_bytes": "0"}, "size_bytes"),
        ({"file": '"../mine.gguf"'}, "file"),
        ({"file": '"a/mine.gguf"'}, "file"),
        ({"file": '"mine.exe"'}, "file"),
        ({"url": '"ftp://models.example/mine.gguf"'}, "url"),
        ({"url": '"file:///etc/passwd"'}, "url"),
        ({"url": '"https://me:secret@models.example/mine.gguf"'}, "url"),
        ({"licence": '""'}, "licence"),
    ],
)
def test_an_entry_that_does_not_fit_is_left_out_and_named(tmp_path: Path, changes: dict[str, str], field: str) -> None:
    read = catalogue.read(own(tmp_path, entry(**changes), entry(id='"second"', file='"second.gguf"')))
    assert [model.id for model in read.entries if model.origin == "own"] == ["second"]
    assert len(read.problems) == 1 and "entry 1" in read.problems[0] and field in read.problems[0]


def test_without_a_hash_there_is_no_entry(tmp_path: Path) -> None:
    read = catalogue.read(own(tmp_path, "\n".join(line for line in entry().splitlines() if "sha256" not in line)))
    assert "sha256" in read.problems[0] and all(model.origin == "bundled" for model in read.entries)


def test_ours_cannot_be_replaced(tmp_path: Path) -> None:
    ours: CatalogueEntry = catalogue.read(tmp_path).entries[0]
    rows = [entry(id=f'"{ours.id}"'), entry(file=f'"{ours.file.removesuffix(".gguf").upper()}.gguf"')]
    read = catalogue.read(own(tmp_path, *rows))
    assert ours in read.entries and len(read.problems) == 2
    assert not [model for model in read.entries if model.origin == "own"]


def test_an_entry_cannot_call_itself_ours(tmp_path: Path) -> None:
    read = catalogue.read(own(tmp_path, entry(), 'origin = "bundled"\n'))
    assert read.entries[-1].origin == "own"


@pytest.mark.parametrize("text", ["not toml at all [", "model = 3", 'model = ["text"]', "\x00\x01"])
def test_a_damaged_file_is_a_message(tmp_path: Path, text: str) -> None:
    read = catalogue.read(own(tmp_path, text))
    assert len(read.problems) == 1 and "catalogue.toml" in read.problems[0]
    assert read.entries == catalogue.read(tmp_path / "none").entries


def test_an_endless_file_is_not_read(tmp_path: Path) -> None:
    read = catalogue.read(own(tmp_path, "# " + "x" * catalogue.MAX_FILE_BYTES))
    assert read.problems == ("catalogue.toml is too large.",)
