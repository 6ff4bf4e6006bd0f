from __future__ import annotations

from pathlib import Path

import pytest

from fias_desktop import settings
from fias_desktop.domain.errors import FiasError
from fias_desktop.settings import Settings


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIAS_HOME", str(tmp_path / "Ünïcödé"))


def test_what_is_saved_is_loaded() -> None:
    settings.save(Settings(mirror=False, delay_s=3.5))
    assert settings.load() == Settings(mirror=False, delay_s=3.5)


def test_without_a_file_there_are_defaults() -> None:
    assert settings.load() == Settings()


def test_a_damaged_file_is_kept_aside() -> None:
    settings.settings_file().write_text("{not json")
    assert settings.load() == Settings()
    assert settings.settings_file().with_suffix(".damaged.json").read_text() == "{not json"


def test_a_value_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="delay_s"):
        Settings(delay_s=99)


def test_a_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    with pytest.raises(FiasError):
        settings.write_atomically(target, b"x")
    assert target.is_dir()
    assert list(tmp_path.glob("folder?*")) == []
