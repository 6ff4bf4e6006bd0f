from __future__ import annotations

from pathlib import Path

import pytest

from fias_desktop import resources
from fias_desktop.domain.errors import FiasError


def test_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(FiasError) as caught:
        resources.model_dir("no_such_model")
    assert "Known models" in caught.value.hint


def test_an_incomplete_card_is_refused(tmp_path: Path) -> None:
    (tmp_path / "card.toml").write_text('id = "x"\nlabels = []\ngroups = []\n')
    with pytest.raises(FiasError, match="not complete"):
        resources.read_card(tmp_path)


def test_a_damaged_card_is_refused(tmp_path: Path) -> None:
    (tmp_path / "card.toml").write_text("id = ")
    with pytest.raises(FiasError, match="damaged"):
        resources.read_card(tmp_path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("FIAS_HOME", str(blocker))
    with pytest.raises(FiasError, match="cannot be made"):
        resources.cache_dir()


def test_sha256(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert resources.sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
