"""A folder of models, a page on it, and what the page asks for."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fias_desktop import resources
from fias_desktop.coach.models import catalogue
from fias_desktop.coach.models.download import Downloader, Limits
from fias_desktop.coach.models.shelf import Cancelled, OnProgress, Shelf
from fias_desktop.domain.errors import FiasError
from fias_desktop.settings import Settings
from fias_desktop.ui import theme
from fias_desktop.ui.model_tile import OfferTile, ShelfTile
from fias_desktop.ui.models_page import ModelsPage, ModelTools
from tests.unit.coach.tiny_gguf import write_tiny_gguf

SETTINGS = Settings(language="en", theme="dark")
QUICK = Limits(timeout_s=5.0, tries=2, first_wait_s=0.01, reserve_bytes=0, chunk_bytes=1 << 12)
WORDS = "Push your knees outward over your toes, and keep the whole foot on the floor while you stand up."
GB = 1 << 30


class FakeTester:
    """Says the words at once and waits for more until it is stopped or let go."""

    def __init__(self, error: FiasError | None = None) -> None:
        self.asked: list[tuple[Path, Settings]] = []
        self.go = threading.Event()
        self._error = error

    def run(self, path: Path, settings: Settings, on_text: Callable[[str], None]) -> None:
        self.asked.append((path, settings))
        if self._error is not None:
            raise self._error
        on_text(WORDS[:20])
        self.go.wait(10)
        on_text(WORDS)

    def cancel(self) -> None:
        self.go.set()


class SlowShelf(Shelf):
    """Copies for as long as nobody stops it."""

    def import_file(self, source: Path, on_progress: OnProgress, cancelled: Cancelled) -> Path | None:
        on_progress(300, 1000)
        while not cancelled():
            threading.Event().wait(0.01)
        return None


class ModelsDesk:
    """A folder of models and a page on it."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.shelf = Shelf(folder, resources.coach_model())
        self.downloader = Downloader(folder, proxy="", limits=QUICK)
        self.tester = FakeTester()
        self.free_bytes = 8 * GB
        self.page: ModelsPage | None = None
        folder.mkdir()

    def add(self, name: str, width: int = 32) -> Path:
        """A model in the folder."""
        return write_tiny_gguf(self.folder / name, width=width)

    def offer(self, content: bytes, url: str) -> None:
        """An entry of the person's own in the catalogue, for this content."""
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / catalogue.FILE_NAME).write_text(
            f'[[model]]\nid = "mine"\nname = "My model"\nfile = "mine.gguf"\nurl = "{url}/mine.gguf"\n'
            f'size_bytes = {len(content)}\nmemory_bytes = {len(content)}\nlicence = "MIT"\nsha256 = "{digest}"\n'
        )

    def open(self, settings: Settings = SETTINGS, tester: bool = True, look: theme.Theme = theme.DARK) -> ModelsPage:
        """Show the page, and wait until it has listed the folder."""
        theme.apply(QApplication.instance(), look)  # type: ignore[arg-type]
        tools = ModelTools(self.shelf, self.downloader, self.tester if tester else None, lambda: self.free_bytes)
        self.page = ModelsPage(settings, look, tools)
        self.page.show()
        self.listed()
        return self.page

    def listed(self) -> ModelsPage:
        """The page, once it shows what is in the folder."""
        page = self.page
        assert page is not None
        self.qtbot.waitUntil(lambda: page.listed and bool(page.tiles))
        self.qtbot.waitUntil(lambda: all(card.isVisible() for card in (*page.tiles, *page.offers)))
        return page

    def tile(self, name: str) -> ShelfTile:
        """The card of a model on this machine."""
        assert self.page is not None
        return next(tile for tile in self.page.tiles if tile.model.path.name == name)

    def has(self, name: str) -> bool:
        """Whether there is a card for this file."""
        return self.page is not None and any(tile.model.path.name == name for tile in self.page.tiles)

    def mine(self) -> OfferTile:
        """The card of the person's own entry."""
        assert self.page is not None
        return next(offer for offer in self.page.offers if offer.entry.id == "mine")

    def close(self) -> None:
        """Close the page as the person would."""
        if self.page is not None:
            self.page.reject()
            self.tester.go.set()
            self.page.deleteLater()
        assert self.downloader.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
