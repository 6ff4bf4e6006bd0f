"""The page of language models: what is on this machine, what can be had, how it runs, and a trial."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fias_desktop.coach.models import catalogue
from fias_desktop.coach.models.download import Downloader, Progress
from fias_desktop.coach.models.shelf import Shelf, ShelfModel, default_shelf, free_memory_bytes, make_folder
from fias_desktop.domain.errors import FiasError
from fias_desktop.settings import Settings
from fias_desktop.ui import theme
from fias_desktop.ui.engine_words import engine_text
from fias_desktop.ui.model_options import ModelOptions
from fias_desktop.ui.model_tile import OfferTile, ShelfTile, set_text
from fias_desktop.ui.model_trial import ModelTrial
from fias_desktop.ui.model_work import Tester, Work

LOOK_MS = 150
MEMORY_EVERY = 14  # looks, so every two seconds
PROBLEMS = 3  # of a catalogue, at once


@dataclass(frozen=True)
class ModelTools:
    """What the page works with; without a tester there is no trial."""

    shelf: Shelf
    downloader: Downloader
    tester: Tester | None = None
    free_memory_bytes: Callable[[], int] = free_memory_bytes


def default_tools(tester: Tester | None = None) -> ModelTools:
    """The folder in the user's data, and downloads into it through the proxy of the environment."""
    shelf = default_shelf()
    return ModelTools(shelf, Downloader(shelf.folder), tester)


class ModelsPage(QDialog):
    """Chooses the language model and how it runs. `changed()` is what the person chose; nothing is saved here.

    Importing, listing and trying run beside the window's thread; a timer looks at them. Closing the page cancels an
    import and a trial, and pauses a download.
    """

    def __init__(self, settings: Settings, look: theme.Theme, tools: ModelTools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings, self._tools = settings, tools
        self.chosen = settings.coach_model
        self._listing: Work | None = None
        self._list_again = self._filled = False
        self._to_delete: deque[Path] = deque()
        self._free_bytes = tools.free_memory_bytes()
        self._models: tuple[ShelfModel, ...] = ()
        self._import: Work | None = None
        self._looks = 0
        self.tiles: list[ShelfTile] = []
        self.offers: list[OfferTile] = []
        self.setWindowTitle(self.tr("Language models"))
        self.setModal(True)
        self._build()
        room = self.screen().availableGeometry().size()
        self.resize(min(700, room.width() - 20), min(680, room.height() - 60))
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._list()

    def changed(self) -> Settings:
        """The settings as they stand on the page."""
        return self._settings.model_copy(update={"coach_model": self.chosen, **self.options.changes()})

    @property
    def listed(self) -> bool:
        """Whether the models on the page are those in the folder."""
        return self._listing is None

    @property
    def importing(self) -> bool:
        """Whether a file is being copied."""
        return self._import is not None

    def choose_file(self) -> None:
        """Ask for a GGUF file and import it; while one is being imported: stop that."""
        if self._import is not None:
            self._import.cancel()
            return
        start = str(Path.home())
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Import a language model"), start, "GGUF (*.gguf)")
        if path:
            self._begin_import(Path(path))

    def open_folder(self) -> None:
        """Show the folder of models in the desktop's own file manager."""
        try:
            make_folder(self._tools.shelf.folder)
        except FiasError as error:
            self._say(str(error), error=True)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._tools.shelf.folder)))

    def done(self, result: int) -> None:
        """Closing: nothing goes on behind the person's back."""
        self._timer.stop()
        self._tools.downloader.pause()
        if self._import is not None:
            self._import.cancel()
        if self.trial is not None:
            self.trial.stop()
        super().done(result)

    def _build(self) -> None:
        body = QWidget()
        body.setObjectName("ScrollBody")
        self._cards = QVBoxLayout(body)
        self._cards.setContentsMargins(20, 16, 20, 12)
        self._cards.setSpacing(10)
        self._build_notice()
        self.import_button = QPushButton(self.tr("Import file …"))
        self.import_button.setToolTip(self.tr("A model in the GGUF format is copied here. Only use files you trust."))
        self.import_button.clicked.connect(self.choose_file)
        self.folder_button = QPushButton(self.tr("Open folder"))
        self.folder_button.clicked.connect(self.open_folder)
        self._mine = self._section(self.tr("On this machine"), "", self.folder_button, self.import_button)
        self._offered = self._section(
            self.tr("To download"),
            self.tr(
                "Nothing is fetched before you press “Download”. What arrives is used only when its size and SHA-256"
                " are those listed here. A file named {0} in the folder of your models adds entries of your own; for"
                " any other model, fetch it with a browser and import it."
            ).format(catalogue.FILE_NAME),
        )
        self.options = ModelOptions(self._settings)
        self.options.context_changed.connect(self._refresh)
        self._section(self.tr("How it runs"), "").addWidget(self.options)
        self.trial: ModelTrial | None = None
        if self._tools.tester is not None:
            self.trial = ModelTrial(self._tools.tester, lambda: (self._path(), self.changed()))
            self._section(self.tr("Try it"), "").addWidget(self.trial)
        self._cards.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addLayout(self._news)
        layout.addLayout(self._buttons())

    def _build_notice(self) -> None:
        self.notice = QLabel()
        self.notice.setObjectName("ModelNotice")
        self.notice.setWordWrap(True)
        self.notice.setTextFormat(Qt.TextFormat.PlainText)
        self.notice.hide()
        self.import_bar = QProgressBar()
        self.import_bar.setAccessibleName(self.tr("Import"))
        self.import_bar.setTextVisible(False)
        self.import_bar.hide()
        self._news = QVBoxLayout()
        self._news.setContentsMargins(20, 8, 20, 0)
        self._news.setSpacing(6)
        self._news.addWidget(self.notice)
        self._news.addWidget(self.import_bar)

    def _section(self, title: str, note: str, *buttons: QPushButton) -> QVBoxLayout:
        heading, detail = QLabel(title), QLabel(note)
        heading.setObjectName("CardTitle")
        detail.setObjectName("Muted")
        detail.setWordWrap(True)
        detail.setVisible(bool(note))
        place = QVBoxLayout()
        place.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        for button in buttons:
            head.addWidget(button)
        self._cards.addLayout(head)
        self._cards.addWidget(detail)
        self._cards.addLayout(place)
        return place

    def _buttons(self) -> QHBoxLayout:
        self.save_button, self.cancel_button = QPushButton(self.tr("Save")), QPushButton(self.tr("Cancel"))
        self.save_button.setProperty("primary", True)
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 20, 14)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.save_button)
        return row

    def _path(self) -> Path:
        return Path(self.chosen) if self.chosen else self._tools.shelf.bundled

    def _list(self) -> None:
        """Read the folder anew; headers of large models take a moment."""
        if self._listing is not None:
            self._list_again = True
            return
        also = [Path(path) for path in dict.fromkeys((self._settings.coach_model, self.chosen)) if path]
        self._listing = Work("list", lambda work: self._read(also))

    def _read(self, also: list[Path]) -> None:
        while self._to_delete:
            self._tools.shelf.delete(self._to_delete.popleft())
        self._models = self._tools.shelf.models(also)

    def _fill(self) -> None:
        """Make the cards anew and keep the order of the Tab key as it is seen."""
        for tile in (*self.tiles, *self.offers):
            tile.setParent(None)
            tile.deleteLater()
        read = catalogue.read(self._tools.shelf.folder)
        there = {model.path.name for model in self._models}
        self.tiles = [self._tile(model) for model in self._models]
        self.offers = [self._offer(entry) for entry in read.entries if entry.file not in there]
        if read.problems:
            self._say("\n".join(read.problems[:PROBLEMS]), error=True)
        order: list[QWidget] = [self.folder_button, self.import_button]
        order += [w for tile in self.tiles for w in (tile.use, tile.delete) if w is not None]
        order += [w for offer in self.offers for w in (offer.fetch, offer.discard)]
        order += [*self.options.controls(), *((self.trial.button,) if self.trial is not None else ())]
        order += [self.cancel_button, self.save_button]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
        self._refresh()
        if not self._filled:
            self._filled = True
            next((tile.use for tile in self.tiles if tile.use.isEnabled()), self.save_button).setFocus()

    def _tile(self, model: ShelfModel) -> ShelfTile:
        tile = ShelfTile(model)
        tile.use.clicked.connect(lambda: self._choose(model))
        if tile.delete is not None:
            tile.delete.clicked.connect(lambda: self._delete(tile))
        self._mine.addWidget(tile)
        return tile

    def _offer(self, entry: catalogue.CatalogueEntry) -> OfferTile:
        tile = OfferTile(entry)
        tile.fetch.clicked.connect(lambda: self._fetch(tile))
        tile.discard.clicked.connect(lambda: self._discard(tile))
        self._offered.addWidget(tile)
        return tile

    def _choose(self, model: ShelfModel) -> None:
        self.chosen = "" if model.place == "bundled" else str(model.path)
        self._refresh()

    def _delete(self, tile: ShelfTile) -> None:
        if not tile.sure():
            return
        self._to_delete.append(tile.model.path)
        self._list()

    def _fetch(self, tile: OfferTile) -> None:
        if tile.running:
            self._tools.downloader.pause()
        else:
            try:
                self._tools.downloader.start(tile.entry)
                tile.running = True
            except FiasError as error:
                self._say(str(error), error=True)
        self._show_downloads()

    def _discard(self, tile: OfferTile) -> None:
        self._tools.downloader.cancel(tile.entry)
        self._show_downloads()

    def _begin_import(self, path: Path) -> None:
        self._say(self.tr("Importing {0} …").format(path.name))
        self.import_button.setText(self.tr("Cancel import"))
        self._import = Work("import", lambda work: self._bring(work, path))

    def _bring(self, work: Work, path: Path) -> None:
        target = self._tools.shelf.import_file(path, work.report, work.cancelled)
        work.say(target.name if target is not None else "")

    def _look(self) -> None:
        """What the threads have brought since the last look."""
        if self._listing is not None and self._listing.finished:
            if self._listing.error is not None:
                self._say(str(self._listing.error), error=True)
            self._listing = None
            self._fill()
            if self._list_again:
                self._list_again = False
                self._list()
        if self._import is not None:
            self._show_import(self._import)
        self._show_downloads()
        if self.trial is not None:
            self.trial.look()
        self._looks += 1
        if self._looks % MEMORY_EVERY == 0:
            self._refresh()

    def _show_import(self, work: Work) -> None:
        finished = work.finished
        self.import_bar.setVisible(not finished and work.total > 0)
        self.import_bar.setRange(0, 1000)
        self.import_bar.setValue(1000 * work.done // max(work.total, 1))
        if not finished:
            return
        self._import = None
        self.import_button.setText(self.tr("Import file …"))
        if work.error is not None:
            self._say(str(work.error), error=True)
        elif work.text:
            self._say(self.tr("{0} is on this machine now. Press “Use” to choose it.").format(work.text))
            self._list()
        else:
            self._say(self.tr("The import was cancelled."))

    def _show_downloads(self) -> None:
        downloader = self._tools.downloader
        asked, progress = downloader.entry, downloader.progress()
        for tile in self.offers:
            its_own = asked is not None and asked.id == tile.entry.id
            its_progress = progress if its_own and progress.state != "done" else Progress()
            if its_own and progress.state == "done" and tile.running:
                self._say(self.tr("{0} is on this machine now. Press “Use” to choose it.").format(tile.entry.name))
                self._list()
            part_bytes = downloader.part_bytes(tile.entry)
            tile.refresh(its_progress, part_bytes, progress.active and not its_own, self._free_bytes)

    def _refresh(self) -> None:
        """Which one is in use, and what fits into the memory now."""
        self._free_bytes, context = self._tools.free_memory_bytes(), self.options.context.value()
        kept = {self._settings.coach_model, self.chosen}
        for tile in self.tiles:
            path = "" if tile.model.place == "bundled" else str(tile.model.path)
            tile.refresh(path == self.chosen, path in kept, context, self._free_bytes)
        self._show_downloads()

    def _say(self, text: str, error: bool = False) -> None:
        self.notice.setProperty("level", "error" if error else "info")
        self.notice.style().unpolish(self.notice)
        self.notice.style().polish(self.notice)
        set_text(self.notice, engine_text(text))
