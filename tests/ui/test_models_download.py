"""Downloading on the page of language models: only by a press, paused, continued, cancelled, and used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fias_desktop.coach.models.download import Downloader
from tests.ui.looking import click
from tests.ui.models_desk import QUICK, SETTINGS, ModelsDesk
from tests.unit.coach.model_server import Manners, serve
from tests.unit.coach.tiny_gguf import write_tiny_gguf


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[ModelsDesk]:
    made = ModelsDesk(qtbot, tmp_path / "models")
    yield made
    made.close()


def test_a_model_is_downloaded_paused_continued_and_used(desk: ModelsDesk, tmp_path: Path) -> None:
    content = write_tiny_gguf(tmp_path / "source.gguf", width=256).read_bytes()
    manners = Manners(content, bytes_s=300_000.0)
    with serve(manners) as url:
        desk.offer(content, url)
        page = desk.open()
        desk.qtbot.wait(300)
        assert manners.asked == [], "nothing is fetched before the press"
        tile = desk.mine()
        assert tile.badge.text() == "Your entry" and not tile.bar.isVisible() and not tile.discard.isVisible()
        click(tile.fetch)
        desk.qtbot.waitUntil(lambda: tile.bar.value() > 50)
        assert tile.fetch.text() == "Pause" and tile.discard.text() == "Cancel" and "left" in tile.state.text()
        others = [offer for offer in page.offers if offer is not tile]
        assert not any(offer.fetch.isEnabled() for offer in others), "one at a time"
        click(tile.fetch)
        desk.qtbot.waitUntil(lambda: tile.fetch.text() == "Continue")
        assert "paused" in tile.state.text() and tile.discard.text() == "Discard"
        assert all(offer.fetch.isEnabled() for offer in others)
        manners.bytes_s = 0.0
        click(tile.fetch)
        desk.qtbot.waitUntil(lambda: desk.has("mine.gguf"))
    assert [asked[1] != "" for asked in manners.asked] == [False, True]
    assert page.changed() == SETTINGS and "on this machine now" in page.notice.text()
    assert not [offer for offer in page.offers if offer.entry.id == "mine"]
    click(desk.tile("mine.gguf").use)
    assert page.changed().coach_model == str(desk.folder / "mine.gguf")


def test_a_download_is_offered_again_once_its_file_is_deleted(desk: ModelsDesk, tmp_path: Path) -> None:
    content = write_tiny_gguf(tmp_path / "source.gguf").read_bytes()
    manners = Manners(content)
    with serve(manners) as url:
        desk.offer(content, url)
        desk.open()
        click(desk.mine().fetch)
        desk.qtbot.waitUntil(lambda: desk.has("mine.gguf"))
        for _ in range(2):
            delete = desk.tile("mine.gguf").delete
            assert delete is not None
            click(delete)
        desk.qtbot.waitUntil(lambda: not desk.has("mine.gguf"))
        desk.qtbot.wait(400)  # a few looks of the page
        tile = desk.mine()
        assert tile.fetch.text() == "Download" and not tile.bar.isVisible() and len(manners.asked) == 1
        click(tile.fetch)
        desk.qtbot.waitUntil(lambda: desk.has("mine.gguf"))


def test_a_download_that_fails_says_why_and_can_be_tried_again(desk: ModelsDesk, tmp_path: Path) -> None:
    content = write_tiny_gguf(tmp_path / "source.gguf").read_bytes()
    with serve(Manners(content, errors=[404])) as url:
        desk.offer(content, url)
        desk.open()
        tile = desk.mine()
        click(tile.fetch)
        desk.qtbot.waitUntil(tile.problem.isVisible)
        assert "404" in tile.problem.text() and tile.fetch.isEnabled() and tile.fetch.text() == "Download"
        click(tile.fetch)
        desk.qtbot.waitUntil(lambda: desk.has("mine.gguf"))


def test_a_download_can_be_cancelled(desk: ModelsDesk, tmp_path: Path) -> None:
    content = write_tiny_gguf(tmp_path / "source.gguf", width=256).read_bytes()
    with serve(Manners(content, bytes_s=300_000.0)) as url:
        desk.offer(content, url)
        desk.open()
        tile = desk.mine()
        click(tile.fetch)
        desk.qtbot.waitUntil(lambda: tile.bar.value() > 20)
        click(tile.discard)
        desk.qtbot.waitUntil(lambda: tile.fetch.text() == "Download")
        assert not tile.bar.isVisible()
        desk.qtbot.waitUntil(lambda: not list(desk.folder.glob("*.part*")))


def test_closing_the_page_pauses_a_download_and_the_next_page_goes_on(desk: ModelsDesk, tmp_path: Path) -> None:
    content = write_tiny_gguf(tmp_path / "source.gguf", width=256).read_bytes()
    manners = Manners(content, bytes_s=300_000.0)
    with serve(manners) as url:
        desk.offer(content, url)
        page = desk.open()
        tile = desk.mine()
        click(tile.fetch)
        desk.qtbot.waitUntil(lambda: tile.bar.value() > 20)
        page.reject()
        assert desk.downloader.progress().state == "paused"
        assert desk.downloader.close() and list(desk.folder.glob("*.part"))
        page.deleteLater()
        manners.bytes_s = 0.0
        desk.downloader = Downloader(desk.folder, proxy="", limits=QUICK)  # as after a restart
        desk.open()
        assert desk.mine().fetch.text() == "Continue" and desk.mine().bar.isVisible()
        assert len(manners.asked) == 1
        click(desk.mine().fetch)
        desk.qtbot.waitUntil(lambda: desk.has("mine.gguf"))
    assert manners.asked[1][1].startswith("bytes=")
